/* Permutation tests of pairs one by one. */

#include "correlation_hold_private.h"

#include <math.h>
#include <string.h>

#include "bootstrap_private.h"
#include "parallel_private.h"
#include "permutation_private.h"
#include "status_private.h"

/* Statistics of arrangements within this of the most extreme count as that. */
#define NEAR 0x1p-44

/* Parts of a test after which it says so. */
#define PARTS 50

/* What a thread holds: a pair without the rows that miss x or y, stratum by stratum. */
typedef struct {
    double *value; /* x, y and the covariates */
    double *weight;
    double *other; /* what a robust method makes of it */
    size_t *start;
    uint64_t *unit_start;
    uint32_t *source;
    size_t n, strata;
} room;

static nrdi_exchanged_rows
rows_of(const room *own)
{
    return (nrdi_exchanged_rows){own->start, own->strata, own->source, own->n};
}

static void
room_free(room *own)
{
    nrdi_free(own->value);
    nrdi_free(own->weight);
    nrdi_free(own->other);
    nrdi_free(own->start);
    nrdi_free(own->unit_start);
    nrdi_free(own->source);
}

static nrd_status
room_make(const nrdi_arranging *of, room *own)
{
    const size_t n = of->all->n + 1;

    own->value = nrdi_malloc(n, (2 + of->all->covariates) * sizeof *own->value);
    own->weight = nrdi_malloc(n, sizeof *own->weight);
    own->other = nrdi_malloc(n, 2 * sizeof *own->other);
    own->start = nrdi_malloc(of->strata + 2, sizeof *own->start);
    own->unit_start = nrdi_malloc(of->strata + 2, sizeof *own->unit_start);
    own->source = nrdi_malloc(n, sizeof *own->source);
    return own->value == NULL || own->weight == NULL || own->other == NULL ||
                   own->start == NULL || own->unit_start == NULL || own->source == NULL
               ? NRD_E_MEMORY
               : NRD_OK;
}

static const double *
column_of(const nrdi_correlation_plan *all, nrd_pair pair, size_t k)
{
    return all->ordered[k == 0 ? pair.x : k == 1 ? pair.y : all->covariate[k - 2]].value;
}

static void
fill(const nrdi_arranging *of, room *own, nrd_pair pair)
{
    const nrdi_correlation_plan *all = of->all;
    const double *x = column_of(all, pair, 0), *y = column_of(all, pair, 1);
    const size_t width = 2 + all->covariates;

    own->n = own->strata = 0;
    for (size_t s = 0; s < of->strata; s++) {
        const size_t before = own->n;

        for (size_t i = of->start[s]; i < of->start[s + 1]; i++) {
            const uint32_t row = of->rows[i];

            for (size_t k = 0; k < width; k++) {
                own->value[k * all->n + own->n] = column_of(all, pair, k)[row];
            }
            own->weight[own->n] = all->weight != NULL ? all->weight[row] : 1.0;
            own->n += !isnan(x[row]) && !isnan(y[row]);
        }
        if (own->n > before) {
            own->start[own->strata] = before;
            own->unit_start[own->strata++] = before;
        }
    }
    own->start[own->strata] = own->n;
    own->unit_start[own->strata] = own->n;
    for (size_t k = 1; k < width; k++) {
        memmove(
            own->value + k * own->n, own->value + k * all->n, own->n * sizeof *own->value);
    }
}

/* The least p of a list of all statistics: the share of those as extreme as any. */
static double
smallest_of(const double *values, size_t n, nrd_alternative alternative, int is_tau)
{
    double middle = 0.0, most = -(double) INFINITY;
    size_t count = 0;
    nrd_exact sum;

    nrd_exact_init(&sum);
    if (!is_tau && nrd_exact_add_array(&sum, values, n, 1, NULL) == NRD_OK) {
        middle = nrd_exact_round(&sum) / (double) n;
    }
    for (int look = 0; look < 2; look++) {
        for (size_t i = 0; i < n; i++) {
            const double z = values[i] - middle;
            const double size = alternative == NRD_ALTERNATIVE_GREATER ? z
                                : alternative == NRD_ALTERNATIVE_LESS  ? -z
                                                                       : fabs(z);

            count += look == 1 && size >= most - NEAR * fabs(most);
            most = look == 0 ? fmax(most, size) : most;
        }
    }
    return (double) count / (double) n;
}

/* All arrangements of a test, in parts where somebody wants to know how far it is. */
static nrd_status
go_through(const nrdi_arranging *of, nrd_permutation *test, uint64_t all, double *values)
{
    const uint64_t part = of->how->done != NULL ? all / PARTS + 1 : all;

    for (uint64_t first = 0; first < all; first += part) {
        const uint64_t count = part < all - first ? part : all - first;

        NRDI_TRY(nrd_permutation_update(test, count, of->inner, of->all->stop,
            values != NULL ? values + first : NULL, NULL));
        nrdi_count_arranged(of, count);
    }
    return NRD_OK;
}

/* A statistic that nrd_permutation_new knows, of values that count. */
static nrd_status
arrange_known(const nrdi_arranging *of, const room *own, const double *x, const double *y,
    nrd_statistic statistic, nrd_correlation_arranged *out)
{
    const nrd_permutation_design design = {.statistic = statistic,
        .x = x,
        .columns = &y,
        .n_columns = 1,
        .n = own->n,
        .stratum_units = own->unit_start,
        .strata = own->strata};
    const nrd_alternative alternative = of->how->alternative == NRD_ALTERNATIVE_TWO_SIDED
                                            ? NRD_ALTERNATIVE_ABSOLUTE
                                            : of->how->alternative;
    const nrd_permutation_options options = {
        .alternative = alternative, .resamples = of->how->resamples, .seed = of->how->seed};
    nrd_permutation *test = NULL;
    nrd_permutation_count count;
    double *values = NULL;
    uint64_t all;
    nrd_status status = nrd_permutation_new(&design, &options, &test, NULL);

    if (status == NRD_E_CONFLICT) {
        return NRD_OK; /* nothing can be exchanged: there is no p */
    }
    NRDI_TRY(status);
    all = nrd_permutation_left(test);
    out->exact = nrd_permutation_is_exact(test);
    if (out->exact) {
        values = nrdi_malloc((size_t) all, sizeof *values);
        status = values == NULL ? NRD_E_MEMORY : NRD_OK;
    }
    if (status == NRD_OK) {
        status = go_through(of, test, all, values);
    }
    if (status == NRD_OK) {
        nrd_permutation_p(test, &out->p);
        nrd_permutation_counts(test, &count);
        out->extreme = count.extreme;
        out->used = count.used;
        out->smallest = values != NULL ? smallest_of(values, (size_t) all, alternative,
                                             statistic == NRD_STATISTIC_KENDALL)
                                       : 1.0 / ((double) all + 1.0);
    }
    nrd_permutation_free(test);
    nrdi_free(values);
    return status;
}

static nrd_status
begin_ordered(const void *of, nrdi_exchanged **out)
{
    const nrdi_pair *pair = of;

    return pair->options->method == NRD_CORRELATION_XI ? nrdi_xi_begin(pair, out)
                                                       : nrdi_distance_begin(pair, out);
}

static nrd_status
arrange_ordered(const nrdi_arranging *of, room *own, nrd_correlation_arranged *out)
{
    nrdi_ordered column[2] = {{.value = own->value}, {.value = own->value + own->n}};
    const nrdi_ordered *pointer[2] = {&column[0], &column[1]};
    const nrdi_pair pair = {.options = of->all->options, .n = own->n, .column = pointer};
    nrd_status status = nrdi_ordered_make(&column[0], own->n);

    if (status == NRD_OK) {
        status = nrdi_ordered_make(&column[1], own->n);
    }
    if (status == NRD_OK && column[0].levels > 1 && column[1].levels > 1) {
        status = nrdi_arrange_own(
            of, rows_of(own), (nrdi_exchange_source){begin_ordered, &pair}, out);
    }
    nrdi_ordered_free(&column[0]);
    nrdi_ordered_free(&column[1]);
    return status;
}

static nrd_status
begin_held(const void *of, nrdi_exchanged **out)
{
    const nrdi_held_pair *pair = of;

    return pair->options->method == NRD_CORRELATION_KENDALL
               ? nrdi_weighted_tau_begin(pair, out)
               : nrdi_held_begin(pair, out);
}

/* A pair with covariates or weights. */
static nrd_status
arrange_held(const nrdi_arranging *of, room *own, nrd_correlation_arranged *out)
{
    const nrdi_correlation_plan *all = of->all;
    const nrdi_held_pair pair = {.options = all->options,
        .alternative = of->how->alternative,
        .n = own->n,
        .strata = own->strata,
        .start = own->start,
        .value = own->value,
        .covariates = all->covariates,
        .weight = all->weight != NULL ? own->weight : NULL};

    return nrdi_arrange_own(
        of, rows_of(own), (nrdi_exchange_source){begin_held, &pair}, out);
}

static nrd_status
arrange_pair(const nrdi_arranging *of, room *own, nrd_correlation_arranged *out)
{
    const nrd_correlation_options *options = of->all->options;
    const double *x = own->value, *y = own->value + own->n;
    int varies[2] = {1, 1};

    if (of->all->covariates > 0 || of->all->weight != NULL) {
        return arrange_held(of, own, out);
    }
    switch (options->method) {
    case NRD_CORRELATION_PEARSON:
        return arrange_known(of, own, x, y, NRD_STATISTIC_PEARSON, out);
    case NRD_CORRELATION_SPEARMAN:
        return arrange_known(of, own, x, y, NRD_STATISTIC_SPEARMAN, out);
    case NRD_CORRELATION_KENDALL:
        return arrange_known(of, own, x, y, NRD_STATISTIC_KENDALL, out);
    case NRD_CORRELATION_WINSORIZED:
        NRDI_TRY(nrdi_winsorize(x, own->n, options->share, own->other));
        NRDI_TRY(nrdi_winsorize(y, own->n, options->share, own->other + own->n));
        break;
    case NRD_CORRELATION_PERCENTAGE_BEND:
        NRDI_TRY(nrdi_bend(x, own->n, options->share, own->other, &varies[0]));
        NRDI_TRY(nrdi_bend(y, own->n, options->share, own->other + own->n, &varies[1]));
        break;
    case NRD_CORRELATION_DISTANCE:
    case NRD_CORRELATION_DISTANCE_CENTRED:
    case NRD_CORRELATION_XI:
    default: return arrange_ordered(of, own, out);
    }
    return varies[0] && varies[1] ? arrange_known(of, own, own->other, own->other + own->n,
                                        NRD_STATISTIC_PEARSON, out)
                                  : NRD_OK;
}

void
nrdi_arrange_pairs(void *shared, int worker)
{
    nrdi_arranging *of = shared;
    nrdi_correlation_plan *all = of->all;
    room own = {0};
    nrd_status status = room_make(of, &own);
    size_t task;

    (void) worker;
    while (status == NRD_OK &&
           (task = nrdi_correlation_task(all, all->n_pairs)) < all->n_pairs) {
        fill(of, &own, all->pairs[task]);
        if (own.n >= 3) {
            status = arrange_pair(of, &own, &of->out[task]);
        }
        /* A pair counts for as many arrangements as were asked for, looked at or not. */
        nrdi_count_arranged(of, of->how->resamples - of->out[task].used);
    }
    if (status != NRD_OK) {
        nrdi_correlation_fail(all, status);
    }
    room_free(&own);
}
