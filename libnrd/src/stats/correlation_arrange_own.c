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

/* Arrangements of one pair, which threads may share where they are drawn. */
typedef struct {
    const nrdi_arranging *of;
    const nrdi_exchanged_rows *rows;
    nrdi_exchange_source from;
    uint64_t all;
    int exact;
    uint64_t next, extreme;
    nrd_status status;
} arrangements;

/* The next of them, as many as are looked at in a go. */
static nrd_status
look_at(const arrangements *own, nrdi_exchanged *exchanged, const nrdi_exchanged_rows *rows,
    uint64_t first, uint64_t *extreme)
{
    const uint64_t left = own->all - first, count = left < LOOK ? left : LOOK;

    for (uint64_t b = first; b < first + count; b++) {
        int found;

        if (nrdi_is_stopped(own->of->all->stop)) {
            return NRD_E_CANCELLED;
        }
        arrange_next(own->of, rows, b, own->exact);
        found = exchanged->is_extreme(exchanged, rows->source);
        if (found < 0) {
            return NRD_E_MEMORY;
        }
        *extreme += (uint64_t) found;
    }
    nrdi_count_arranged(own->of, count);
    return NRD_OK;
}

static nrd_status
look(arrangements *own, nrdi_exchanged *exchanged, const nrdi_exchanged_rows *rows)
{
    uint64_t extreme = 0, first;
    nrd_status status = NRD_OK;

    for (size_t i = 0; i < rows->n; i++) {
        rows->source[i] = (uint32_t) i;
    }
    while (status == NRD_OK && __atomic_load_n(&own->status, __ATOMIC_RELAXED) == NRD_OK &&
           (first = __atomic_fetch_add(&own->next, LOOK, __ATOMIC_RELAXED)) < own->all) {
        status = look_at(own, exchanged, rows, first, &extreme);
    }
    (void) __atomic_fetch_add(&own->extreme, extreme, __ATOMIC_RELAXED);
    return status;
}

/* A thread of several: with an exchange and rows of its own. */
static void
work(void *shared, int number)
{
    arrangements *own = shared;
    nrdi_exchanged_rows rows = *own->rows;
    nrdi_exchanged *exchanged = NULL;
    nrd_status status = own->from.begin(own->from.pair, &exchanged), none = NRD_OK;

    (void) number;
    rows.source = nrdi_malloc(rows.n + 1, sizeof *rows.source);
    if (status == NRD_OK && rows.source == NULL) {
        status = NRD_E_MEMORY;
    } else if (status == NRD_OK && exchanged != NULL) {
        status = look(own, exchanged, &rows);
    }
    if (status != NRD_OK) {
        (void) __atomic_compare_exchange_n(
            &own->status, &none, status, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
    }
    if (exchanged != NULL) {
        exchanged->end(exchanged);
    }
    nrdi_free(rows.source);
}

nrd_status
nrdi_arrange_own(const nrdi_arranging *of, nrdi_exchanged_rows rows,
    nrdi_exchange_source from, nrd_correlation_arranged *out)
{
    const uint64_t orders = orders_within(&rows);
    arrangements own = {.of = of,
        .rows = &rows,
        .from = from,
        .exact = orders <= of->how->resamples,
        .all = orders <= of->how->resamples ? orders : of->how->resamples};
    nrdi_exchanged *exchanged = NULL;

    NRDI_TRY(from.begin(from.pair, &exchanged));
    if (exchanged == NULL) {
        return NRD_OK; /* nothing can be exchanged: there is no p */
    }
    if (own.exact || of->inner == 1) {
        own.status = look(&own, exchanged, &rows);
    }
    exchanged->end(exchanged);
    if (!own.exact && of->inner > 1) {
        nrdi_parallel_run(of->inner, work, &own);
    }
    NRDI_TRY(own.status);
    out->exact = own.exact;
    out->used = own.all;
    out->extreme = own.extreme;
    out->p = (double) (own.extreme + !own.exact) / (double) (own.all + !own.exact);
    out->smallest = 1.0 / (double) (own.all + !own.exact);
    return NRD_OK;
}
