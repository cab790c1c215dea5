/* Permutation tests of all pairs together: the step-down maximum. */

#include "correlation_hold_private.h"

#include <math.h>
#include <string.h>

#include "order_private.h"
#include "parallel_private.h"
#include "random_private.h"
#include "status_private.h"

/* Arrangements that a thread takes at a time. */
#define TAKEN 16

/* What all threads share. */
typedef struct {
    const nrdi_arranging *of;
    size_t n, pairs, columns;
    int is_tau;
    nrdi_held held;        /* r, rho: covariates and weights */
    double **base;         /* each column in strata, as it is exchanged, */
    double **unit;         /* and held: a vector of length 1 */
    nrdi_ordered *ordered; /* tau: each column in the order of the strata */
    double *memory, *room;
    double *least; /* by rank: sizes from here on are as extreme as the pair */
    uint32_t
        *rank; /* pairs, the largest first; those without a coefficient are not there */
    size_t ranked;
    uint64_t *extreme, *joint; /* by rank */
} joint;

/* What one has for itself. */
typedef struct {
    double **unit; /* columns in an arrangement; those of block 0 as they are */
    double *memory, *room;
    nrdi_ordered *ordered;
    uint32_t *source, *levels, *inverse;
    double *size; /* by rank */
    uint64_t *extreme, *joint;
} worker;

/* Values in the order of the strata. */
static void
gather(const joint *all, const double *values, double *out)
{
    for (size_t i = 0; i < all->n; i++) {
        out[i] = values[all->of->rows[i]];
    }
}

/* A column as the method wants it, in the order of the strata. */
static nrd_status
take_column(const joint *all, const double *values, double *out)
{
    gather(all, values, out);
    if (all->held.is_ranked) {
        return nrdi_held_levels(out, all->n);
    }
    return all->of->all->options->method == NRD_CORRELATION_SPEARMAN
               ? nrdi_held_ranks(out, all->n, all->room)
               : NRD_OK;
}

/* What is exchanged, and what the data say of it. */
static nrd_status
set_column(joint *all, size_t c)
{
    const nrdi_arranging *of = all->of;
    nrdi_ordered *column = &all->ordered[c];
    double *own = all->memory + c * all->n;
    const double *values = of->all->ordered[c].value;

    all->unit[c] = all->base[c] = own;
    if (all->is_tau) {
        gather(all, values, own);
        column->value = own;
        return nrdi_ordered_make(column, all->n);
    }
    NRDI_TRY(take_column(all, values, own));
    if (!all->held.is_ranked) {
        nrdi_held_centre(&all->held, own);
    }
    if (all->held.root == NULL) {
        nrdi_hold(&all->held, own, all->room);
        return NRD_OK;
    }
    all->unit[c] = all->memory + (all->columns + c) * all->n;
    memcpy(all->unit[c], own, all->n * sizeof *own);
    nrdi_hold(&all->held, all->unit[c], all->room);
    return NRD_OK;
}

/* How extreme a pair is, of columns as they stand: r, or tau over its error. */
static double
size_of(const joint *all, double *const *unit, const nrdi_ordered *ordered, nrd_pair pair)
{
    const nrd_alternative alternative = all->of->how->alternative;
    double size, error;

    if (!all->is_tau) {
        size = nrdi_held_size(&all->held, unit[pair.x], unit[pair.y]);
    } else if (nrdi_tau_of(&ordered[pair.x], &ordered[pair.y], all->n, &size, &error) ==
               NRD_OK) {
        size /= error;
    } else {
        return (double) NAN;
    }
    return nrdi_held_far(size, alternative);
}

static int
has_spread(const joint *all, size_t c)
{
    double sum = 0.0;

    if (all->is_tau) {
        return all->ordered[c].levels > 1;
    }
    for (size_t i = 0; i < all->n; i++) {
        sum = fmax(sum, fabs(all->unit[c][i]));
    }
    return sum > 0.0;
}

/* Sizes of the data, and the pairs by them. */
static nrd_status
rank_pairs(joint *all)
{
    const nrd_pair *pairs = all->of->all->pairs;
    nrdi_entry *entries = nrdi_malloc(all->pairs + 1, 2 * sizeof *entries);

    if (entries == NULL) {
        return NRD_E_MEMORY;
    }
    for (size_t k = 0; k < all->pairs; k++) {
        if (has_spread(all, pairs[k].x) && has_spread(all, pairs[k].y)) {
            const double size = size_of(all, all->unit, all->ordered, pairs[k]);

            entries[all->ranked++] = (nrdi_entry){nrdi_order_key(-size), k};
        }
    }
    nrdi_order_entries(entries, entries + all->pairs, all->ranked);
    for (size_t r = 0; r < all->ranked; r++) {
        all->rank[r] = (uint32_t) entries[r].item;
        all->least[r] = nrdi_held_least(-nrdi_order_value(entries[r].key));
    }
    nrdi_free(entries);
    return NRD_OK;
}

static void
arrange_tau(const joint *all, worker *own, size_t c)
{
    const nrdi_ordered *from = &all->ordered[c];
    nrdi_ordered *to = &own->ordered[c];

    for (size_t i = 0; i < all->n; i++) {
        to->level[i] = from->level[own->source[i]];
        own->inverse[own->source[i]] = (uint32_t) i;
    }
    for (size_t i = 0; i < all->n; i++) {
        to->order[i] = own->inverse[from->order[i]];
    }
}

/* Bring the columns into an arrangement. */
static void
arrange(const joint *all, worker *own, uint64_t number)
{
    const nrdi_arranging *of = all->of;

    for (size_t c = 0; c < all->columns; c++) {
        const uint32_t block = of->how->block[c];
        nrd_random rng;

        if (block == 0 || all->of->all->ordered[c].value == NULL) {
            continue;
        }
        nrd_random_start(&rng, of->how->seed, number, block);
        if (all->is_tau) {
            nrdi_arrange_rows(&rng, of->start, of->strata, own->source);
            arrange_tau(all, own, c);
            continue;
        }
        memcpy(own->unit[c], all->base[c], all->n * sizeof(double));
        for (size_t s = 0; s < of->strata; s++) {
            nrdi_random_shuffle(
                &rng, of->start[s + 1] - of->start[s], own->unit[c] + of->start[s]);
        }
        nrdi_hold(&all->held, own->unit[c], own->room);
    }
}

/* Count the pairs that an arrangement reaches, and whose rank its largest below reach. */
static void
count(const joint *all, worker *own)
{
    double largest = -(double) INFINITY;

    for (size_t r = all->ranked; r-- > 0;) {
        const double size =
            size_of(all, own->unit, own->ordered, all->of->all->pairs[all->rank[r]]);
        const double least = all->least[r];

        largest = fmax(largest, size);
        own->extreme[r] += size >= least;
        own->joint[r] += largest >= least;
    }
}

static nrd_status
worker_make(const joint *all, worker *own)
{
    const size_t n = all->n + 1;

    own->unit = nrdi_malloc(all->columns, sizeof *own->unit);
    own->ordered = nrdi_malloc(all->columns, sizeof *own->ordered);
    own->memory = nrdi_malloc(n, all->columns * sizeof *own->memory);
    own->room = nrdi_malloc(n, 2 * sizeof *own->room);
    own->levels = nrdi_malloc(n, 2 * all->columns * sizeof *own->levels);
    own->source = nrdi_malloc(n, 2 * sizeof *own->source);
    own->extreme = nrdi_malloc(all->pairs + 1, 2 * sizeof *own->extreme);
    if (own->unit == NULL || own->ordered == NULL || own->memory == NULL ||
        own->room == NULL || own->levels == NULL || own->source == NULL ||
        own->extreme == NULL) {
        return NRD_E_MEMORY;
    }
    own->inverse = own->source + n;
    own->joint = own->extreme + all->pairs + 1;
    for (size_t c = 0; c < all->columns; c++) {
        const int stays = all->of->how->block[c] == 0;

        own->unit[c] = stays ? all->unit[c] : own->memory + c * n;
        own->ordered[c] = all->ordered[c];
        if (!stays) {
            own->ordered[c].level = own->levels + 2 * c * n;
            own->ordered[c].order = own->levels + (2 * c + 1) * n;
        }
    }
    return NRD_OK;
}

static void
worker_free(worker *own)
{
    nrdi_free(own->unit);
    nrdi_free(own->ordered);
    nrdi_free(own->memory);
    nrdi_free(own->room);
    nrdi_free(own->levels);
    nrdi_free(own->source);
    nrdi_free(own->extreme);
}

static void
work(void *shared, int number)
{
    joint *all = shared;
    nrdi_correlation_plan *plan = all->of->all;
    const uint64_t resamples = all->of->how->resamples;
    worker own = {0};
    nrd_status status = worker_make(all, &own);
    size_t task;

    (void) number;
    while (status == NRD_OK &&
           (task = nrdi_correlation_task(plan, SIZE_MAX)) < resamples / TAKEN + 1) {
        for (uint64_t b = task * TAKEN; b < (task + 1) * TAKEN && b < resamples; b++) {
            arrange(all, &own, b);
            count(all, &own);
            nrdi_count_arranged(all->of, all->pairs);
        }
    }
    for (size_t r = 0; r < all->ranked && status == NRD_OK; r++) {
        (void) __atomic_fetch_add(&all->extreme[r], own.extreme[r], __ATOMIC_RELAXED);
        (void) __atomic_fetch_add(&all->joint[r], own.joint[r], __ATOMIC_RELAXED);
    }
    if (status != NRD_OK) {
        nrdi_correlation_fail(plan, status);
    }
    worker_free(&own);
}

static void
write(const joint *all, nrd_correlation_arranged *out)
{
    const uint64_t used = all->of->how->resamples;
    double before = 0.0;

    for (size_t r = 0; r < all->ranked; r++) {
        nrd_correlation_arranged *own = &out[all->rank[r]];

        own->extreme = all->extreme[r];
        own->used = used;
        own->p = (double) (own->extreme + 1) / ((double) used + 1.0);
        before = fmax(before, (double) (all->joint[r] + 1) / ((double) used + 1.0));
        own->adjusted = before;
        own->smallest = 1.0 / ((double) used + 1.0);
    }
}

/* Covariates and weights, in the order of the strata. */
static nrd_status
make_held(joint *all)
{
    const nrdi_correlation_plan *plan = all->of->all;
    double *weight = all->room;

    all->held =
        (nrdi_held){.n = all->n, .strata = all->of->strata, .start = all->of->start};
    if (plan->weight != NULL) {
        gather(all, plan->weight, weight);
    }
    NRDI_TRY(
        nrdi_held_make(&all->held, plan->covariates, plan->weight != NULL ? weight : NULL));
    for (size_t k = 0; k < plan->covariates; k++) {
        NRDI_TRY(take_column(all, plan->ordered[plan->covariate[k]].value, all->memory));
        nrdi_held_add(&all->held, all->memory);
    }
    all->held.is_ranked =
        plan->weight != NULL && plan->options->method == NRD_CORRELATION_SPEARMAN;
    return NRD_OK;
}

static nrd_status
make(joint *all)
{
    const size_t columns = all->columns + 1;

    all->base = nrdi_malloc(columns, sizeof *all->base);
    all->unit = nrdi_malloc(columns, sizeof *all->unit);
    all->ordered = nrdi_malloc(columns, sizeof *all->ordered);
    all->memory = nrdi_malloc(all->n + 1, 2 * columns * sizeof *all->memory);
    all->room = nrdi_malloc(all->n + 1, 2 * sizeof *all->room);
    all->least = nrdi_malloc(all->pairs + 1, sizeof *all->least);
    all->rank = nrdi_malloc(all->pairs + 1, sizeof *all->rank);
    all->extreme = nrdi_malloc(all->pairs + 1, 2 * sizeof *all->extreme);
    if (all->base == NULL || all->unit == NULL || all->ordered == NULL ||
        all->memory == NULL || all->room == NULL || all->least == NULL ||
        all->rank == NULL || all->extreme == NULL) {
        return NRD_E_MEMORY;
    }
    all->joint = all->extreme + all->pairs + 1;
    return all->n > 2 ? make_held(all) : NRD_OK;
}

nrd_status
nrdi_arrange_together(nrdi_arranging *of, int threads)
{
    const nrdi_correlation_plan *plan = of->all;
    joint all = {.of = of,
        .n = plan->n,
        .pairs = plan->n_pairs,
        .columns = plan->n_columns,
        .is_tau = plan->options->method == NRD_CORRELATION_KENDALL};
    nrd_status status = make(&all);

    for (size_t c = 0; c < all.columns && status == NRD_OK; c++) {
        if (plan->ordered[c].value != NULL && all.n > 2) {
            status = set_column(&all, c);
        }
    }
    if (status == NRD_OK && all.n > 2) {
        status = rank_pairs(&all);
    }
    if (status == NRD_OK && all.ranked > 0) {
        nrdi_parallel_run(threads, work, &all);
        status = plan->status;
        write(&all, of->out);
    }
    for (size_t c = 0; c < all.columns && all.ordered != NULL; c++) {
        nrdi_ordered_free(&all.ordered[c]);
    }
    nrdi_held_free(&all.held);
    nrdi_free(all.base);
    nrdi_free(all.unit);
    nrdi_free(all.ordered);
    nrdi_free(all.memory);
    nrdi_free(all.room);
    nrdi_free(all.least);
    nrdi_free(all.rank);
    nrdi_free(all.extreme);
    return status;
}
