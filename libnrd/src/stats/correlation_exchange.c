/* Pairs with covariates or weights, whose x is exchanged. */

#include "correlation_hold_private.h"

#include <string.h>

#include "permutation_private.h"
#include "status_private.h"

#include <nrd/order.h>

nrd_status
nrdi_held_ranks(double *values, size_t n, double *room)
{
    NRDI_TRY(nrd_order_rank(values, n, NRD_TIES_AVERAGE, room, NULL));
    memcpy(values, room, n * sizeof *values);
    return NRD_OK;
}

nrd_status
nrdi_held_levels(double *values, size_t n)
{
    uint32_t *order = nrdi_malloc(n + 1, 2 * sizeof *order);
    uint32_t *level = order + n + 1;
    size_t levels;
    nrd_status status = order == NULL ? NRD_E_MEMORY : NRD_OK;

    if (status == NRD_OK && n > 0) {
        status = nrdi_permutation_levels(values, n, 1, order, level, &levels);
    }
    for (size_t i = 0; i < n && status == NRD_OK; i++) {
        values[i] = level[i];
    }
    nrdi_free(order);
    return status;
}

/* A pair of which r is taken. */
typedef struct {
    nrdi_exchanged base;
    nrdi_held held;
    nrd_alternative alternative;
    double *from; /* x, before it is exchanged and held */
    double *x, *y;
    double *room;
    double least; /* sizes from here on are as extreme as that of the data */
} exchange_r;

static void
free_exchange(nrdi_exchanged *base)
{
    exchange_r *own = (exchange_r *) base;

    nrdi_held_free(&own->held);
    nrdi_free(own->from);
    nrdi_free(own);
}

static double
size_of(const exchange_r *own)
{
    return nrdi_held_far(nrdi_held_size(&own->held, own->x, own->y), own->alternative);
}

static int
is_extreme(nrdi_exchanged *base, const uint32_t *source)
{
    exchange_r *own = (exchange_r *) base;

    for (size_t i = 0; i < own->held.n; i++) {
        own->x[i] = own->from[source[i]];
    }
    nrdi_hold(&own->held, own->x, own->room);
    return size_of(own) >= own->least;
}

/* A column as the method wants it: ranks, winsorized values, or as it is. */
static nrd_status
take(const nrdi_held_pair *pair, size_t column, double *out, double *room)
{
    const double *values = pair->value + column * pair->n;

    if (pair->options->method == NRD_CORRELATION_WINSORIZED) {
        return nrdi_winsorize(values, pair->n, pair->options->share, out);
    }
    memcpy(out, values, pair->n * sizeof *out);
    if (pair->options->method != NRD_CORRELATION_SPEARMAN) {
        return NRD_OK;
    }
    return pair->weight != NULL ? nrdi_held_levels(out, pair->n)
                                : nrdi_held_ranks(out, pair->n, room);
}

/* x as it is exchanged, y as it stays. */
static nrd_status
set_columns(const nrdi_held_pair *pair, exchange_r *own)
{
    const int ranked = pair->options->method == NRD_CORRELATION_SPEARMAN;

    own->held.is_ranked = ranked && pair->weight != NULL;
    for (size_t k = 2; k < pair->covariates + 2; k++) {
        NRDI_TRY(take(pair, k, own->x, own->room));
        nrdi_held_add(&own->held, own->x);
    }
    NRDI_TRY(take(pair, 0, own->from, own->room));
    NRDI_TRY(take(pair, 1, own->y, own->room));
    if (!own->held.is_ranked) {
        nrdi_held_centre(&own->held, own->from);
        nrdi_held_centre(&own->held, own->y);
    }
    nrdi_hold(&own->held, own->y, own->room);
    if (pair->weight == NULL) { /* residuals are exchanged */
        nrdi_hold(&own->held, own->from, own->room);
    }
    memcpy(own->x, own->from, pair->n * sizeof *own->x);
    nrdi_hold(&own->held, own->x, own->room);
    return NRD_OK;
}

nrd_status
nrdi_held_begin(const nrdi_held_pair *pair, nrdi_exchanged **out)
{
    exchange_r *own = nrdi_malloc(1, sizeof *own);
    nrd_status status;

    if (own == NULL) {
        return NRD_E_MEMORY;
    }
    *own = (exchange_r){.base = {is_extreme, free_exchange},
        .held = {.n = pair->n, .strata = pair->strata, .start = pair->start},
        .alternative = pair->alternative};
    own->from = nrdi_malloc(pair->n + 1, 5 * sizeof *own->from);
    status = own->from == NULL ? NRD_E_MEMORY
                               : nrdi_held_make(&own->held, pair->covariates, pair->weight);
    if (status == NRD_OK) {
        own->x = own->from + pair->n + 1;
        own->y = own->x + pair->n;
        own->room = own->y + pair->n;
        status = set_columns(pair, own);
    }
    if (status == NRD_OK && nrdi_held_dot(own->x, own->x, pair->n) > 0.5 &&
        nrdi_held_dot(own->y, own->y, pair->n) > 0.5) {
        own->least = nrdi_held_least(size_of(own));
        *out = &own->base;
        return NRD_OK;
    }
    free_exchange(&own->base);
    return status;
}

/* A pair of which tau with weights is taken. */
typedef struct {
    nrdi_exchanged base;
    nrd_alternative alternative;
    nrdi_ordered from, x, y; /* x before it is exchanged, and in an arrangement */
    const nrdi_ordered *column[2];
    nrdi_pair pair;
    uint32_t *memory;
    double least;
} exchange_tau;

static void
free_tau(nrdi_exchanged *base)
{
    exchange_tau *own = (exchange_tau *) base;

    nrdi_ordered_free(&own->from);
    nrdi_ordered_free(&own->y);
    nrdi_free(own->memory);
    nrdi_free(own);
}

static nrd_status
size_of_tau(const exchange_tau *own, double *out)
{
    nrd_correlation found = {.effective_n = 1.0};

    NRDI_TRY(nrdi_correlate_tau(&own->pair, &found));
    *out = nrdi_held_far(found.estimate, own->alternative);
    return NRD_OK;
}

static int
is_extreme_tau(nrdi_exchanged *base, const uint32_t *source)
{
    exchange_tau *own = (exchange_tau *) base;
    const size_t n = own->pair.n;
    uint32_t *inverse = own->memory + 2 * n;
    double size;

    for (size_t i = 0; i < n; i++) {
        own->x.level[i] = own->from.level[source[i]];
        inverse[source[i]] = (uint32_t) i;
    }
    for (size_t i = 0; i < n; i++) {
        own->x.order[i] = inverse[own->from.order[i]];
    }
    return size_of_tau(own, &size) == NRD_OK ? size >= own->least : -1;
}

nrd_status
nrdi_weighted_tau_begin(const nrdi_held_pair *pair, nrdi_exchanged **out)
{
    exchange_tau *own = nrdi_malloc(1, sizeof *own);
    nrd_status status = NRD_E_MEMORY;

    if (own == NULL) {
        return status;
    }
    *own = (exchange_tau){.base = {is_extreme_tau, free_tau},
        .alternative = pair->alternative,
        .from = {.value = pair->value},
        .y = {.value = pair->value + pair->n},
        .pair = {.options = pair->options, .n = pair->n, .weight = pair->weight}};
    own->memory = nrdi_malloc(pair->n + 1, 3 * sizeof *own->memory);
    own->column[0] = &own->from;
    own->column[1] = &own->y;
    own->pair.column = own->column;
    if (own->memory != NULL && nrdi_ordered_make(&own->from, pair->n) == NRD_OK) {
        status = nrdi_ordered_make(&own->y, pair->n);
    }
    if (status == NRD_OK && own->from.levels > 1 && own->y.levels > 1) {
        status = size_of_tau(own, &own->least);
        own->least = nrdi_held_least(own->least);
        own->x = own->from;
        own->x.level = own->memory;
        own->x.order = own->memory + pair->n;
        own->column[0] = &own->x;
        *out = &own->base;
    }
    if (status != NRD_OK || *out == NULL) {
        *out = NULL;
        free_tau(&own->base);
    }
    return status;
}
