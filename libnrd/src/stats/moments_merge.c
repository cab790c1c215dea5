/* Adding the records of one state to those of another. */

#include "moments_power_private.h"

#include "status_private.h"

static int
is_within(nrdi_window inner, nrdi_window outer)
{
    return inner.first >= outer.first &&
           inner.first + (int) inner.count <= outer.first + (int) outer.count;
}

/* The digits of the source may wait for their carries: beside a carried digit there is room
 * for them. Its last digit may be negative and need not be the last of the target. Where
 * the target is narrower, a negative sum must not fill all places above it. */
static void
add_sum(int64_t *target, nrdi_window own, const int64_t *source, nrdi_window theirs)
{
    int64_t *to = target + own.at;
    const int shift = theirs.first - own.first;
    uint32_t size[NRDI_EXACT_DIGITS];
    int64_t sign;

    if (is_within(theirs, own)) {
        for (size_t i = 0; i < theirs.count; i++) {
            to[shift + (int) i] += source[theirs.at + i];
        }
        return;
    }
    sign = nrdi_digits_magnitude(source + theirs.at, theirs.count, size);
    for (size_t i = 0; i < theirs.count; i++) {
        if (size[i] != 0) { /* what is 0 may lie outside */
            to[shift + (int) i] += sign * size[i];
        }
    }
}

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
        add_sum(target, into->windows[k], source, other->windows[k]);
    }
    nrdi_moments_carry(into, target);
    target[NRDI_ROWS] += source[NRDI_ROWS];
    target[NRDI_WEIGHTED] += source[NRDI_WEIGHTED];
}

void
nrdi_moments_used(const nrd_moments *state, size_t sum, int *first, int *end)
{
    const nrdi_window window = state->windows[sum];
    uint32_t digit[NRDI_EXACT_DIGITS];

    *first = NRDI_EXACT_DIGITS;
    *end = 0;
    for (size_t g = 0; g < state->groups; g++) {
        (void) nrdi_digits_magnitude(
            nrdi_moments_record(state, g) + window.at, window.count, digit);
        for (int i = 0; i < (int) window.count; i++) {
            if (digit[i] != 0) {
                *first = window.first + i < *first ? window.first + i : *first;
                *end = window.first + i + 3 > *end ? window.first + i + 3 : *end;
            }
        }
    }
    *first = *first < *end ? *first : NRDI_EXACT_OFFSET / 32;
    *end = *end > *first ? *end : *first + 1;
    *end = *end < NRDI_EXACT_DIGITS ? *end : NRDI_EXACT_DIGITS;
}

static int
same_kind(const nrd_moments *a, const nrd_moments *b)
{
    return a->columns == b->columns && a->weights == b->weights && a->level == b->level &&
           memcmp(a->decimals, b->decimals, a->columns * sizeof *a->decimals) == 0 &&
           nrdi_moments_same_powers(a, b);
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
    for (size_t k = 0; k < other->sums; k++) {
        nrdi_moments_used(other, k, &ends[k], &ends[other->sums + k]);
    }
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
