/* Permutation tests of all pairs together: the step-down maximum. */

#include "correlation_private.h"

#include <math.h>
#include <string.h>

#include "order_private.h"
#include "parallel_private.h"
#include "random_private.h"
#include "status_private.h"

/* Sizes within this of each other count as equal: well above what rounding makes of sums of
 * up to 2^26 products of unit vectors that are 1 in all. */
#define NEAR 0x1p-36

/* Arrangements that a thread takes at a time. */
#define TAKEN 16

/* What all threads share. */
typedef struct {
    const nrdi_arranging *of;
    size_t n, pairs, columns;
    int is_tau;
    double **unit;         /* r, rho: each column as a vector of length 1, in strata */
    nrdi_ordered *ordered; /* tau: each column in the order of the strata */
    double *memory;
    double *observed;
    uint32_t
        *rank; /* pairs, the largest first; those without a coefficient are not there */
    size_t ranked;
    uint64_t *extreme, *joint; /* by rank */
} joint;

/* What one has for itself. */
typedef struct {
    double **unit; /* columns in an arrangement; those of block 0 as they are */
    double *memory;
    nrdi_ordered *ordered;
    uint32_t *source, *levels, *inverse;
    double *size; /* by rank */
    uint64_t *extreme, *joint;
} worker;

/* Sums of products in one order, whatever the processor. */
static double
dot(const double *x, const double *y, size_t n)
{
    double sum[4] = {0.0, 0.0, 0.0, 0.0};
    size_t i = 0;

    for (; i + 4 <= n; i += 4) {
        for (size_t k = 0; k < 4; k++) {
            sum[k] += x[i + k] * y[i + k];
        }
    }
    for (; i < n; i++) {
        sum[0] += x[i] * y[i];
    }
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

/* Deviations from the means of strata, of length 1; zeros where nothing varies. */
static void
set_unit(const joint *all, const double *values, double *out)
{
    const nrdi_arranging *of = all->of;
    double most = 0.0;
    nrd_exact sum;

    for (size_t s = 0; s < of->strata; s++) {
        const size_t first = of->start[s], rows = of->start[s + 1] - first;
        double mean, low = (double) INFINITY, high = -(double) INFINITY;

        nrd_exact_init(&sum);
        for (size_t i = first; i < first + rows; i++) {
            const double value = values[of->rows[i]];

            nrd_exact_add(&sum, value);
            low = fmin(low, value);
            high = fmax(high, value);
        }
        mean = nrd_exact_round(&sum) / (double) rows;
        for (size_t i = first; i < first + rows; i++) {
            out[i] = low < high ? values[of->rows[i]] - mean : 0.0;
            most = fmax(most, fabs(out[i]));
        }
    }
    for (size_t i = 0; i < all->n && most > 0.0; i++) {
        out[i] /= most;
    }
    most = sqrt(dot(out, out, all->n));
    for (size_t i = 0; i < all->n && most > 0.0; i++) {
        out[i] /= most;
    }
}

static nrd_status
set_column(joint *all, size_t c)
{
    const nrdi_arranging *of = all->of;
    nrdi_ordered *column = &all->ordered[c];
    double *own = all->memory + c * all->n;
    const double *values = of->all->ordered[c].value;

    all->unit[c] = own;
    if (all->is_tau) {
        for (size_t i = 0; i < all->n; i++) {
            own[i] = values[of->rows[i]];
        }
        column->value = own;
        return nrdi_ordered_make(column, all->n);
    }
    if (of->all->options->method == NRD_CORRELATION_SPEARMAN) {
        double *ranks = nrdi_malloc(all->n + 1, sizeof *ranks);

        if (ranks == NULL ||
            nrd_order_rank(values, all->n, NRD_TIES_AVERAGE, ranks, NULL) != NRD_OK) {
            nrdi_free(ranks);
            return NRD_E_MEMORY;
        }
        set_unit(all, ranks, own);
        nrdi_free(ranks);
        return NRD_OK;
    }
    set_unit(all, values, own);
    return NRD_OK;
}

/* How extreme a pair is, of columns as they stand: r, or tau over its error. */
static double
size_of(const joint *all, double *const *unit, const nrdi_ordered *ordered, nrd_pair pair)
{
    const nrd_alternative alternative = all->of->how->alternative;
    double size, error;

    if (!all->is_tau) {
        size = dot(unit[pair.x], unit[pair.y], all->n);
    } else if (nrdi_tau_of(&ordered[pair.x], &ordered[pair.y], all->n, &size, &error) ==
               NRD_OK) {
        size /= error;
    } else {
        return (double) NAN;
    }
    return alternative == NRD_ALTERNATIVE_GREATER ? size
           : alternative == NRD_ALTERNATIVE_LESS  ? -size
                                                  : fabs(size);
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
        all->observed[r] = -nrdi_order_value(entries[r].key);
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
        memcpy(own->unit[c], all->unit[c], all->n * sizeof(double));
        for (size_t s = 0; s < of->strata; s++) {
            nrdi_random_shuffle(
                &rng, of->start[s + 1] - of->start[s], own->unit[c] + of->start[s]);
        }
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
        const double least = all->observed[r] - NEAR * fabs(all->observed[r]);

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
    own->levels = nrdi_malloc(n, 2 * all->columns * sizeof *own->levels);
    own->source = nrdi_malloc(n, 2 * sizeof *own->source);
    own->extreme = nrdi_malloc(all->pairs + 1, 2 * sizeof *own->extreme);
    if (own->unit == NULL || own->ordered == NULL || own->memory == NULL ||
        own->levels == NULL || own->source == NULL || own->extreme == NULL) {
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

nrd_status
nrdi_arrange_together(nrdi_arranging *of, int threads)
{
    const nrdi_correlation_plan *plan = of->all;
    joint all = {.of = of,
        .n = plan->n,
        .pairs = plan->n_pairs,
        .columns = plan->n_columns,
        .is_tau = plan->options->method == NRD_CORRELATION_KENDALL};
    nrd_status status = NRD_E_MEMORY;

    all.unit = nrdi_malloc(all.columns + 1, sizeof *all.unit);
    all.ordered = nrdi_malloc(all.columns + 1, sizeof *all.ordered);
    all.memory = nrdi_malloc(all.n + 1, (all.columns + 1) * sizeof *all.memory);
    all.observed = nrdi_malloc(all.pairs + 1, sizeof *all.observed);
    all.rank = nrdi_malloc(all.pairs + 1, sizeof *all.rank);
    all.extreme = nrdi_malloc(all.pairs + 1, 2 * sizeof *all.extreme);
    if (all.unit != NULL && all.ordered != NULL && all.memory != NULL &&
        all.observed != NULL && all.rank != NULL && all.extreme != NULL) {
        all.joint = all.extreme + all.pairs + 1;
        status = NRD_OK;
    }
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
    nrdi_free(all.unit);
    nrdi_free(all.ordered);
    nrdi_free(all.memory);
    nrdi_free(all.observed);
    nrdi_free(all.rank);
    nrdi_free(all.extreme);
    return status;
}
