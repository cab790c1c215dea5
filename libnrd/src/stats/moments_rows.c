/* Adding rows with groups or weights. A thread goes through its rows in stretches that stay
 * in the cache: first the range of magnitudes in a stretch, for which the records are made
 * wide enough, then its sums. One column alone has a quicker way, moments_tally.c. */

#include "moments_read_private.h"

#include <math.h>

#include "moments_power_private.h"
#include "status_private.h"

/* Rows read twice, the second time from the second-level cache. */
#define STRETCH ((size_t) 32 * NRDI_BLOCK)

int
nrdi_update_prepare_rows(const nrdi_update *u, nrdi_worker *own)
{
    const size_t p = u->state->columns;

    own->low = nrdi_malloc(2 * (p + 1), sizeof *own->low);
    if (own->low == NULL) {
        return 0;
    }
    own->high = own->low + p + 1;
    for (size_t i = 0; i <= p; i++) {
        own->low[i] = INT_MAX;
        own->high[i] = INT_MIN;
    }
    if (u->group == NULL || u->state->sums > 1) {
        return 1;
    }
    return nrdi_update_prepare_tallies(u, own);
}

void
nrdi_update_release_rows(nrdi_worker *own)
{
    nrd_moments_free(own->state);
    nrdi_free(own->low);
    nrdi_free(own->tallies);
    nrdi_free(own->units);
}

/* Where a block of the stretch was read row by row, this one may be that one. */
static int
take_block(nrdi_worker *own, const nrdi_rows_block *block)
{
    for (size_t i = 0; i < own->kind->columns && own->ragged; i++) {
        if (!isfinite(nrdi_kernels_in_use()->greatest(block->columns[i], block->rows))) {
            return 0;
        }
    }
    nrdi_moments_add_rows(own->state, block);
    return 1;
}

int
nrdi_update_take_range(nrdi_worker *own, const nrdi_rows_block *block)
{
    const size_t p = own->kind->columns;

    for (size_t i = 0; i < p + (block->weight != NULL); i++) {
        const nrdi_range range =
            nrdi_block_range(i < p ? block->columns[i] : block->weight, block->rows);
        int low, high;

        if (!isfinite(range.greatest)) {
            return 0;
        }
        if (range.greatest > 0.0) {
            (void) frexp(range.least, &low);
            (void) frexp(range.greatest, &high);
            own->wider |= low < own->low[i] || high > own->high[i];
            own->low[i] = low < own->low[i] ? low : own->low[i];
            own->high[i] = high > own->high[i] ? high : own->high[i];
        }
    }
    return 1;
}

/* Bits that a sum can reach: from the least bit of what goes into it, less the 53 bits that
 * a part of a product may be written with, to 2^64 times the largest. */
static void
set_window(int low, int high, int factors, int *first, int *end)
{
    const int bottom = low - 53 * factors - (factors > 1 ? 53 : 0);

    *first = bottom > -NRDI_EXACT_OFFSET ? (bottom + NRDI_EXACT_OFFSET) / 32 : 0;
    *end = (high + 64 + NRDI_EXACT_OFFSET) / 32 + 2;
}

/* The windows that the ranges of a thread need. */
static void
set_windows(const nrdi_worker *own, int *first, int *end)
{
    const nrd_moments *kind = own->kind;
    const size_t p = kind->columns;
    const int weighted = kind->weights != NRD_WEIGHTS_NONE,
              all = kind->level == NRD_MOMENTS_COVARIANCES, wl = weighted ? own->low[p] : 0,
              wh = weighted ? own->high[p] : 0;

    if (weighted) {
        set_window(wl, wh, 1, &first[0], &end[0]);
    }
    for (size_t i = 0; i < p; i++) {
        const size_t k = nrdi_moments_column(kind, i);

        set_window(wl + own->low[i], wh + own->high[i], 1 + weighted, &first[k], &end[k]);
        for (size_t j = all ? 0 : i; j <= i && kind->level != NRD_MOMENTS_MEANS; j++) {
            const size_t ij = nrdi_moments_product(kind, j, i);

            set_window(wl + own->low[i] + own->low[j], wh + own->high[i] + own->high[j],
                2 + weighted, &first[ij], &end[ij]);
        }
    }
}

nrd_status
nrdi_update_widen(nrdi_worker *own, nrd_error *err)
{
    const size_t p = own->kind->columns;
    int *first = nrdi_malloc(2 * own->kind->sums, sizeof *first);
    nrd_status status;

    if (first == NULL) {
        return nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for the sums");
    }
    /* Nothing but zeros, or no rows: any narrow window will do. */
    for (size_t i = 0; i <= p; i++) {
        own->low[i] = own->high[i] == INT_MIN ? 0 : own->low[i];
        own->high[i] = own->high[i] == INT_MIN ? 0 : own->high[i];
    }
    set_windows(own, first, first + own->kind->sums);
    status = nrdi_moments_power_windows(
        own->kind, own->low, own->high, first, first + own->kind->sums, err);
    if (status != NRD_OK) {
        nrdi_free(first);
        return status;
    }
    if (own->state == NULL) {
        own->state = nrdi_moments_like(own->kind, first, first + own->kind->sums);
        status = own->state != NULL ? NRD_OK
                                    : nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW,
                                          "no memory for %zu groups", own->kind->groups);
    } else {
        status = nrdi_moments_widen(own->state, first, first + own->kind->sums, err);
    }
    nrdi_free(first);
    return status;
}

nrd_status
nrdi_update_by_rows(const nrdi_update *u, nrdi_worker *own, size_t start, size_t end)
{
    if (own->tallies != NULL) {
        return nrdi_update_each_block(u, own, start, end, nrdi_update_take_tallied);
    }
    for (; start < end; start += STRETCH) {
        const size_t next = end - start < STRETCH ? end : start + STRETCH;
        const uint64_t dropped = own->dropped;

        own->ragged = 0;
        NRDI_TRY(nrdi_update_each_block(u, own, start, next, nrdi_update_take_range));
        if (own->wider || own->state == NULL) {
            NRDI_TRY(nrdi_update_widen(own, &own->err));
            own->wider = 0;
        }
        own->dropped = dropped;
        NRDI_TRY(nrdi_update_each_block(u, own, start, next, take_block));
    }
    return NRD_OK;
}

/* Widen the first thread's ranges to those of all. */
static void
join_ranges(const nrdi_update *u)
{
    nrdi_worker *first = &u->worker[0];

    for (int w = 1; w < u->workers; w++) {
        for (size_t i = 0; i <= first->kind->columns; i++) {
            const int low = u->worker[w].low[i], high = u->worker[w].high[i];

            first->low[i] = low < first->low[i] ? low : first->low[i];
            first->high[i] = high > first->high[i] ? high : first->high[i];
        }
    }
}

/* All goes into the state of the first thread, which then takes the place of the caller's.
 */
nrd_status
nrdi_update_finish_rows(nrdi_update *u, nrd_moments *state, nrd_error *err)
{
    nrdi_worker *first = &u->worker[0];
    nrd_moments old = *state, *into;

    join_ranges(u);
    NRDI_TRY(nrdi_update_widen(first, err));
    into = first->state;
    for (int w = 0; w < u->workers; w++) {
        nrdi_worker *own = &u->worker[w];
        const nrd_moments *found = w == 0 ? state : own->state;

        for (size_t g = 0; g < state->groups && found != NULL; g++) {
            nrdi_moments_add_record(into, g, found, g);
        }
        if (own->tallies != NULL) {
            nrdi_update_add_tallies(own, into);
        }
    }
    state->windows = into->windows;
    state->stride = into->stride;
    state->records = into->records;
    into->windows = old.windows;
    into->records = old.records;
    return NRD_OK;
}
