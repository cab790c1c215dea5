/* Permutation tests of statistics that have a loop of their own. */

#include "correlation_private.h"

#include "parallel_private.h"
#include "status_private.h"

/* Arrangements after which a loop says how far it is. */
#define LOOK 64

void
nrdi_arrange_rows(nrd_random *rng, const size_t *start, size_t strata, uint32_t *out)
{
    for (size_t s = 0; s < strata; s++) {
        nrd_random_permutation(rng, start[s + 1] - start[s], out + start[s]);
        for (size_t i = start[s]; i < start[s + 1]; i++) {
            out[i] += (uint32_t) start[s];
        }
    }
}

/* n!, or 2^64 - 1 where it is more. */
static uint64_t
orders_of(size_t n)
{
    uint64_t out = 1;

    for (uint64_t i = 2; i <= n; i++) {
        if (__builtin_mul_overflow(out, i, &out)) {
            return UINT64_MAX;
        }
    }
    return out;
}

/* The next order in that of a dictionary; the first, and 0, after the last. */
static int
next_order(uint32_t *order, size_t n)
{
    size_t at = n - 1, with = n - 1, end = n - 1;
    int more;

    while (at > 0 && order[at - 1] > order[at]) {
        at--;
    }
    more = at > 0;
    if (more) {
        while (order[with] < order[at - 1]) {
            with--;
        }
        const uint32_t swap = order[at - 1];

        order[at - 1] = order[with];
        order[with] = swap;
    }
    for (; at < end; at++, end--) {
        const uint32_t swap = order[at];

        order[at] = order[end];
        order[end] = swap;
    }
    return more;
}

/* Orders of all strata, or 2^64 - 1 where they are more. */
static uint64_t
orders_within(const nrdi_exchanged_rows *own)
{
    uint64_t out = 1;

    for (size_t s = 0; s < own->strata; s++) {
        if (__builtin_mul_overflow(
                out, orders_of(own->start[s + 1] - own->start[s]), &out)) {
            return UINT64_MAX;
        }
    }
    return out;
}

static void
arrange_next(
    const nrdi_arranging *of, const nrdi_exchanged_rows *own, uint64_t number, int exact)
{
    nrd_random rng;

    if (!exact) {
        nrd_random_start(&rng, of->how->seed, number, 0);
        nrdi_arrange_rows(&rng, own->start, own->strata, own->source);
    }
    for (size_t s = 0; exact && number > 0 && s < own->strata; s++) {
        if (next_order(own->source + own->start[s], own->start[s + 1] - own->start[s])) {
            break;
        }
    }
}

/* A statistic with a loop of its own. */
nrd_status
nrdi_arrange_own(const nrdi_arranging *of, nrdi_exchanged_rows rows,
    nrdi_exchanged *exchanged, nrd_correlation_arranged *out)
{
    const uint64_t orders = orders_within(&rows);

    out->exact = orders <= of->how->resamples;
    out->used = out->exact ? orders : of->how->resamples;
    for (size_t i = 0; i < rows.n; i++) {
        rows.source[i] = (uint32_t) i;
    }
    for (uint64_t b = 0; b < out->used; b++) {
        int extreme;

        if (nrdi_is_stopped(of->all->stop)) {
            return NRD_E_CANCELLED;
        }
        arrange_next(of, &rows, b, out->exact);
        extreme = exchanged->is_extreme(exchanged, rows.source);
        if (extreme < 0) {
            return NRD_E_MEMORY;
        }
        out->extreme += (uint64_t) extreme;
        if (b % LOOK == LOOK - 1) {
            nrdi_count_arranged(of, LOOK);
        }
    }
    nrdi_count_arranged(of, out->used % LOOK);
    out->p = (double) (out->extreme + !out->exact) / (double) (out->used + !out->exact);
    out->smallest = 1.0 / (double) (out->used + !out->exact);
    return NRD_OK;
}
