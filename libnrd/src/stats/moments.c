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

/* Zeros for all groups; NULL without memory. */
static int64_t *
allocate_records(const nrd_moments *state)
{
    return state->stride <= SIZE_MAX / state->groups
               ? nrdi_malloc(state->groups * state->stride, sizeof *state->records)
               : NULL;
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
    state->records = allocate_records(state);
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

static nrdi_window *
copy_windows(const nrd_moments *state)
{
    nrdi_window *windows = nrdi_malloc(state->sums, sizeof *windows);

    if (windows != NULL) {
        memcpy(windows, state->windows, state->sums * sizeof *windows);
    }
    return windows;
}

/* Make every window reach from digit first[k] to before end[k], and those that reach
 * further stay; 1 where any changes. */
static int
stretch(nrdi_window *windows, size_t n, const int *first, const int *end)
{
    int wider = 0;

    for (size_t k = 0; k < n; k++) {
        const int old_end = windows[k].first + (int) windows[k].count;
        const int new_end = end[k] > old_end ? end[k] : old_end;

        wider |= first[k] < windows[k].first || new_end > old_end;
        windows[k].first = first[k] < windows[k].first ? first[k] : windows[k].first;
        windows[k].count = (size_t) (new_end - windows[k].first);
    }
    return wider;
}

nrd_moments *
nrdi_moments_like(const nrd_moments *state, const int *first, const int *end)
{
    nrd_moments *copy = nrdi_malloc(1, sizeof *copy);

    if (copy == NULL) {
        return NULL;
    }
    *copy = *state;
    copy->dropped = 0;
    copy->powers = NULL;
    copy->decimals = nrdi_malloc(state->columns, sizeof *copy->decimals);
    copy->windows = copy_windows(state);
    copy->records = NULL;
    if (copy->windows != NULL) {
        (void) stretch(copy->windows, state->sums, first, end);
        copy->stride = lay_out(copy->windows, state->sums);
        copy->records = allocate_records(copy);
    }
    if (copy->decimals == NULL || copy->records == NULL ||
        !nrdi_moments_copy_powers(copy, state)) {
        nrd_moments_free(copy);
        return NULL;
    }
    memcpy(copy->decimals, state->decimals, state->columns * sizeof *copy->decimals);
    return copy;
}

void
nrdi_moments_carry(const nrd_moments *state, int64_t *record)
{
    for (size_t k = 0; k < state->sums; k++) {
        nrdi_digits_carry(record + state->windows[k].at, state->windows[k].count);
    }
}

nrd_status
nrdi_moments_move(nrd_moments *state, nrdi_window *windows, size_t groups, nrd_error *err)
{
    nrd_moments next = *state;

    next.windows = windows;
    next.stride = lay_out(windows, state->sums);
    next.groups = groups;
    next.records = allocate_records(&next);
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

nrd_status
nrdi_moments_widen(nrd_moments *state, const int *first, const int *end, nrd_error *err)
{
    nrdi_window *windows = copy_windows(state);
    nrd_status status;
    int wider;

    if (windows == NULL) {
        return nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for the sums");
    }
    wider = stretch(windows, state->sums, first, end);
    status = wider ? nrdi_moments_move(state, windows, state->groups, err) : NRD_OK;
    if (!wider || status != NRD_OK) {
        nrdi_free(windows);
    }
    return status;
}

/* Windows as wide as the records need. */
static nrdi_window *
narrow_windows(const nrd_moments *state)
{
    nrdi_window *windows = copy_windows(state);

    for (size_t k = 0; k < state->sums && windows != NULL; k++) {
        int end;

        nrdi_moments_used(state, k, &windows[k].first, &end);
        windows[k].count = (size_t) (end - windows[k].first);
    }
    return windows;
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
    /* A single group has windows for any value: more groups need not have them. */
    windows = state->groups == 1 ? narrow_windows(state) : copy_windows(state);
    if (windows == NULL) {
        return nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for %zu groups", groups);
    }
    status = nrdi_moments_move(state, windows, groups, err);
    if (status != NRD_OK) {
        nrdi_free(windows);
    }
    return status;
}
