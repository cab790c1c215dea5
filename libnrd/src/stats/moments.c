/* States of exact sums: making, widening, merging. moments_update.c adds rows,
 * moments_final.c makes results, moments_bytes.c writes and reads. */

#include "moments_power_private.h"

#include "status_private.h"

static size_t
count_sums(size_t columns, nrd_weights weights, nrd_moments_level level)
{
    const size_t products = level == NRD_MOMENTS_MEANS       ? 0
                            : level == NRD_MOMENTS_VARIANCES ? columns
                                                             : columns * (columns + 1) / 2;

    return (weights != NRD_WEIGHTS_NONE) + columns + products;
}

size_t
nrdi_moments_product(const nrd_moments *state, size_t i, size_t j)
{
    const size_t first = nrdi_moments_column(state, state->columns);
    /* Rows of the upper triangle: row k has columns - k entries. */
    const size_t before = i * state->columns - i * (i + 1) / 2;

    return first + (state->level == NRD_MOMENTS_VARIANCES ? i : before + j);
}

/* The words of a record where the windows are as they are; sets where each begins. */
static size_t
lay_out(nrdi_window *windows, size_t sums)
{
    size_t at = NRDI_HEADER;

    for (size_t k = 0; k < sums; k++) {
        windows[k].at = at;
        at += windows[k].count;
    }
    return at;
}

static nrd_status
check_kind(size_t columns, size_t groups, nrd_weights weights, nrd_moments_level level,
    const int32_t *decimals, nrd_error *err)
{
    if (columns == 0 || groups == 0 || columns > UINT32_MAX || groups > UINT32_MAX) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "there are %zu columns and %zu groups, expected 1 to 2^32 - 1", columns,
            groups);
    }
    if (weights < NRD_WEIGHTS_NONE || weights > NRD_WEIGHTS_PRECISION ||
        level < NRD_MOMENTS_MEANS || level > NRD_MOMENTS_COVARIANCES) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "the weights are %d and the level is %d, expected 0 to 3 and 1 to 3",
            (int) weights, (int) level);
    }
    for (size_t i = 0; decimals != NULL && i < columns; i++) {
        if (decimals[i] < -1 || decimals[i] > NRD_DECIMAL_MAX_SCALE) {
            return nrdi_fail(err, NRD_E_DOMAIN, i, "the decimals are %d, expected -1 to %d",
                (int) decimals[i], NRD_DECIMAL_MAX_SCALE);
        }
    }
    return NRD_OK;
}

static int
allocate(nrd_moments *state, const int32_t *decimals)
{
    state->decimals = nrdi_malloc(state->columns, sizeof *state->decimals);
    state->windows = nrdi_malloc(state->sums, sizeof *state->windows);
    if (state->decimals == NULL || state->windows == NULL) {
        return 0;
    }
    for (size_t i = 0; i < state->columns; i++) {
        state->decimals[i] = decimals != NULL ? decimals[i] : -1;
    }
    for (size_t k = 0; k < state->sums; k++) {
        state->windows[k] = nrdi_moments_first_window(state);
    }
    state->stride = lay_out(state->windows, state->sums);
    if (state->stride > SIZE_MAX / state->groups) {
        return 0;
    }
    state->records = nrdi_malloc(state->groups * state->stride, sizeof *state->records);
    return state->records != NULL;
}

nrd_status
nrd_moments_new(size_t columns, size_t groups, nrd_weights weights, nrd_moments_level level,
    const int32_t *decimals, nrd_moments **out, nrd_error *err)
{
    nrd_moments *state;

    if (out == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "the output is NULL");
    }
    NRDI_TRY(check_kind(columns, groups, weights, level, decimals, err));
    state = nrdi_malloc(1, sizeof *state);
    if (state != NULL) {
        state->columns = columns;
        state->groups = groups;
        state->weights = weights;
        state->level = level;
        state->sums = count_sums(columns, weights, level);
    }
    if (state == NULL || !allocate(state, decimals)) {
        nrd_moments_free(state);
        return nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW,
            "no memory for %zu columns x %zu groups", columns, groups);
    }
    *out = state;
    return NRD_OK;
}

void
nrd_moments_free(nrd_moments *state)
{
    if (state == NULL) {
        return;
    }
    nrdi_moments_free_powers(state);
    nrdi_free(state->decimals);
    nrdi_free(state->windows);
    nrdi_free(state->records);
    nrdi_free(state);
}

size_t
nrd_moments_groups(const nrd_moments *state)
{
    return state->groups;
}

nrd_moments *
nrdi_moments_like(const nrd_moments *state)
{
    nrd_moments *copy = nrdi_malloc(1, sizeof *copy);

    if (copy == NULL) {
        return NULL;
    }
    *copy = *state;
    copy->dropped = 0;
    copy->powers = NULL;
    copy->decimals = nrdi_malloc(state->columns, sizeof *copy->decimals);
    copy->windows = nrdi_malloc(state->sums, sizeof *copy->windows);
    copy->records = nrdi_malloc(state->groups * state->stride, sizeof *copy->records);
    if (copy->decimals == NULL || copy->windows == NULL || copy->records == NULL ||
        !nrdi_moments_copy_powers(copy, state)) {
        nrd_moments_free(copy);
        return NULL;
    }
    memcpy(copy->decimals, state->decimals, state->columns * sizeof *copy->decimals);
    memcpy(copy->windows, state->windows, state->sums * sizeof *copy->windows);
    return copy;
}

void
nrdi_moments_carry(const nrd_moments *state, int64_t *record)
{
    for (size_t k = 0; k < state->sums; k++) {
        nrdi_digits_carry(record + state->windows[k].at, state->windows[k].count);
    }
}

/* The digits of the source may wait for their carries: beside a carried digit there is room
 * for them. Its last digit may be negative and need not be the last of the target. */
void
nrdi_moments_add_record(nrd_moments *into, size_t to, const nrd_moments *other, size_t from)
{
    const int64_t *source = nrdi_moments_record(other, from);
    int64_t *target = nrdi_moments_record(into, to);

    if (source[NRDI_ROWS] == 0) {
        return;
    }
    nrdi_moments_carry(into, target);
    for (size_t k = 0; k < into->sums; k++) {
        const nrdi_window own = into->windows[k], theirs = other->windows[k];

        for (size_t i = 0; i < theirs.count; i++) {
            const int64_t digit = source[theirs.at + i];

            if (digit != 0) { /* what is 0 may lie outside the narrower window */
                target[own.at + (size_t) (theirs.first - own.first + (int) i)] += digit;
            }
        }
    }
    nrdi_moments_carry(into, target);
    target[NRDI_ROWS] += source[NRDI_ROWS];
    target[NRDI_WEIGHTED] += source[NRDI_WEIGHTED];
}

nrd_status
nrdi_moments_move(nrd_moments *state, nrdi_window *windows, size_t groups, nrd_error *err)
{
    nrd_moments next = *state;

    next.windows = windows;
    next.stride = lay_out(windows, state->sums);
    next.groups = groups;
    next.records = next.stride <= SIZE_MAX / groups
                       ? nrdi_malloc(groups * next.stride, sizeof *next.records)
                       : NULL;
    if (next.records == NULL) {
        return nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for %zu groups", groups);
    }
    for (size_t g = 0; g < state->groups; g++) {
        nrdi_moments_add_record(&next, g, state, g);
    }
    nrdi_free(state->records);
    nrdi_free(state->windows);
    *state = next;
    return NRD_OK;
}

static nrdi_window *
copy_windows(const nrd_moments *state)
{
    nrdi_window *windows = nrdi_malloc(state->sums, sizeof *windows);

    if (windows != NULL) {
        memcpy(windows, state->windows, state->sums * sizeof *windows);
    }
    return windows;
}

nrd_status
nrdi_moments_widen(nrd_moments *state, const int *first, const int *end, nrd_error *err)
{
    nrdi_window *windows = copy_windows(state);
    nrd_status status;
    int wider = 0;

    if (windows == NULL) {
        return nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for the sums");
    }
    for (size_t k = 0; k < state->sums; k++) {
        const int old_end = windows[k].first + (int) windows[k].count;
        const int new_end = end[k] > old_end ? end[k] : old_end;

        wider |= first[k] < windows[k].first || new_end > old_end;
        windows[k].first = first[k] < windows[k].first ? first[k] : windows[k].first;
        windows[k].count = (size_t) (new_end - windows[k].first);
    }
    status = wider ? nrdi_moments_move(state, windows, state->groups, err) : NRD_OK;
    if (!wider || status != NRD_OK) {
        nrdi_free(windows);
    }
    return status;
}

nrd_status
nrd_moments_grow(nrd_moments *state, size_t groups, nrd_error *err)
{
    nrdi_window *windows;
    nrd_status status;

    if (state == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "the state is NULL");
    }
    if (groups < state->groups || groups > UINT32_MAX) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "asked for %zu groups, expected at least the %zu there are", groups,
            state->groups);
    }
    windows = copy_windows(state);
    if (windows == NULL) {
        return nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for %zu groups", groups);
    }
    status = nrdi_moments_move(state, windows, groups, err);
    if (status != NRD_OK) {
        nrdi_free(windows);
    }
    return status;
}

static int
same_kind(const nrd_moments *a, const nrd_moments *b)
{
    return a->columns == b->columns && a->weights == b->weights && a->level == b->level &&
           memcmp(a->decimals, b->decimals, a->columns * sizeof *a->decimals) == 0 &&
           nrdi_moments_same_powers(a, b);
}

/* First and last digit of each sum that any record of a state uses, the last one followed
 * by one more for the sign: the windows that another state needs to take them in. */
static void
used_windows(const nrd_moments *state, int *first, int *end)
{
    for (size_t k = 0; k < state->sums; k++) {
        const nrdi_window window = state->windows[k];

        first[k] = window.first + (int) window.count;
        end[k] = window.first;
        for (size_t g = 0; g < state->groups; g++) {
            const int64_t *digit = nrdi_moments_record(state, g) + window.at;

            for (int i = 0; i < (int) window.count; i++) {
                if (digit[i] != 0) {
                    first[k] = window.first + i < first[k] ? window.first + i : first[k];
                    end[k] = window.first + i + 3 > end[k] ? window.first + i + 3 : end[k];
                }
            }
        }
        first[k] = first[k] < end[k] ? first[k] : NRDI_EXACT_OFFSET / 32;
        end[k] = end[k] > first[k] ? end[k] : first[k] + 1;
        end[k] = end[k] < NRDI_EXACT_DIGITS ? end[k] : NRDI_EXACT_DIGITS;
    }
}

/* Groups of other may fall together, so that each must have room for all of its rows. */
static nrd_status
check_groups(
    const nrd_moments *into, const nrd_moments *other, const int64_t *map, nrd_error *err)
{
    uint64_t added = 0;

    for (size_t g = 0; g < other->groups; g++) {
        const uint64_t rows = (uint64_t) nrdi_moments_record(other, g)[NRDI_ROWS];

        added = rows < INT64_MAX - added ? added + rows : INT64_MAX;
    }
    for (size_t g = 0; g < other->groups; g++) {
        const int64_t to = map != NULL ? map[g] : (int64_t) g;

        if (to < 0 || (size_t) to >= into->groups) {
            return nrdi_fail(err, NRD_E_UNKNOWN, g,
                "there is no group %lld among the %zu of the other state", (long long) to,
                into->groups);
        }
        if (nrdi_moments_record(into, (size_t) to)[NRDI_ROWS] >
            INT64_MAX - (int64_t) added) {
            return nrdi_fail(
                err, NRD_E_OVERFLOW, g, "the rows of the group do not fit 63 bits");
        }
    }
    return NRD_OK;
}

static nrd_status
widen_to(nrd_moments *into, const nrd_moments *other, nrd_error *err)
{
    int *ends = nrdi_malloc(2 * other->sums, sizeof *ends);
    nrd_status status;

    if (ends == NULL) {
        return nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for the sums");
    }
    used_windows(other, ends, ends + other->sums);
    status = nrdi_moments_widen(into, ends, ends + other->sums, err);
    nrdi_free(ends);
    return status;
}

nrd_status
nrd_moments_merge(
    nrd_moments *into, const nrd_moments *other, const int64_t *map, nrd_error *err)
{
    if (into == NULL || other == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "a state is NULL");
    }
    if (!same_kind(into, other)) {
        return nrdi_fail(err, NRD_E_CONFLICT, NRD_NO_ROW,
            "the states have other columns, weights, levels, decimals or powers");
    }
    NRDI_TRY(check_groups(into, other, map, err));
    NRDI_TRY(widen_to(into, other, err));
    for (size_t g = 0; g < other->groups; g++) {
        nrdi_moments_add_record(into, map != NULL ? (size_t) map[g] : g, other, g);
    }
    into->dropped += other->dropped;
    return NRD_OK;
}

void
nrd_moments_rows(const nrd_moments *state, uint64_t *out)
{
    for (size_t g = 0; g < state->groups; g++) {
        out[g] = (uint64_t) nrdi_moments_record(state, g)[NRDI_ROWS];
    }
}

uint64_t
nrd_moments_dropped(const nrd_moments *state)
{
    return state->dropped;
}
