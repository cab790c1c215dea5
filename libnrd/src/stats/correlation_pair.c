/* One pair of columns: what is undefined, and which method is meant. */

#include "correlation_private.h"

#include <math.h>

#include "order_private.h"
#include "status_private.h"

static int
varies(const double *values, size_t n)
{
    size_t i = 1;

    while (i < n && values[i] == values[0]) {
        i++;
    }
    return i < n;
}

nrd_status
nrdi_correlate_moments(
    const nrdi_pair *pair, const double *x, const double *y, nrd_correlation *out)
{
    const nrd_column columns[2] = {
        {.type = NRD_TYPE_FLOAT64, .length = pair->n, .values = x},
        {.type = NRD_TYPE_FLOAT64, .length = pair->n, .values = y}};
    const nrd_column weight = {
        .type = NRD_TYPE_FLOAT64, .length = pair->n, .values = pair->weight};
    const int weighted = pair->weight != NULL;
    nrd_moments *state = NULL;
    double r[4];
    uint8_t defined[4];
    nrd_status status;

    if (pair->known != NULL && x == pair->column[0]->value) {
        out->estimate = *pair->known;
        return NRD_OK;
    }
    status = nrd_moments_new(2, 1, weighted ? NRD_WEIGHTS_PROBABILITY : NRD_WEIGHTS_NONE,
        NRD_MOMENTS_COVARIANCES, NULL, &state, NULL);
    if (status == NRD_OK) {
        status = nrd_moments_update(
            state, columns, 2, NULL, 0, weighted ? &weight : NULL, 1, NULL, NULL);
    }
    if (status == NRD_OK) {
        status = nrd_moments_correlation(state, r, defined, NULL);
    }
    if (status == NRD_OK) {
        out->estimate = r[1];
        out->status = defined[1] != 0 ? NRD_PAIR_OK : NRD_PAIR_NO_SPREAD;
    }
    nrd_moments_free(state);
    return status;
}

/* Rows of each unit, and the means of its x and y; units without rows are left out. */
static nrd_status
set_means(const nrdi_pair *pair, double *x, double *y, double *rows, size_t *units_out)
{
    const nrd_column columns[2] = {
        {.type = NRD_TYPE_FLOAT64, .length = pair->n, .values = pair->column[0]->value},
        {.type = NRD_TYPE_FLOAT64, .length = pair->n, .values = pair->column[1]->value}};
    const nrd_column group = {
        .type = NRD_TYPE_INT64, .length = pair->n, .values = pair->unit};
    nrd_moments *state = NULL;
    double *means = nrdi_malloc(pair->units, 2 * sizeof *means);
    uint64_t *counts = nrdi_malloc(pair->units, sizeof *counts);
    uint8_t *defined = nrdi_malloc(pair->units, 2);
    nrd_status status = NRD_E_MEMORY;
    size_t units = 0;

    if (means != NULL && counts != NULL && defined != NULL) {
        status = nrd_moments_new(
            2, pair->units, NRD_WEIGHTS_NONE, NRD_MOMENTS_MEANS, NULL, &state, NULL);
    }
    if (status == NRD_OK) {
        status = nrd_moments_update(state, columns, 2, &group, 0, NULL, 1, NULL, NULL);
    }
    if (status == NRD_OK) {
        nrd_moments_mean(state, means, defined);
        nrd_moments_rows(state, counts);
        for (size_t u = 0; u < pair->units; u++) {
            x[units] = means[2 * u];
            y[units] = means[2 * u + 1];
            rows[units] = (double) counts[u];
            units += counts[u] > 0;
        }
        *units_out = units;
    }
    nrd_moments_free(state);
    nrdi_free(means);
    nrdi_free(counts);
    nrdi_free(defined);
    return status;
}

static nrd_status
correlate_between(const nrdi_pair *pair, nrd_correlation *out)
{
    double *memory = nrdi_malloc(pair->units + 1, 3 * sizeof *memory);
    nrd_correlation_options options = *pair->options;
    nrdi_ordered mean[2] = {0};
    const nrdi_ordered *pointer[2] = {&mean[0], &mean[1]};
    nrdi_pair means = {.options = &options, .column = pointer};
    nrd_status status = NRD_E_MEMORY;
    double *x = memory, *y, *rows;

    if (memory == NULL) {
        return status;
    }
    y = memory + pair->units + 1;
    rows = y + pair->units + 1;
    status = set_means(pair, x, y, rows, &means.n);
    options.relation = NRD_RELATION_ROWS;
    mean[0].value = x;
    mean[1].value = y;
    means.weight = rows;
    for (int c = 0; c < 2 && status == NRD_OK && nrdi_correlation_is_ordered(&options);
         c++) {
        status = nrdi_ordered_make(&mean[c], means.n);
    }
    if (status == NRD_OK) {
        out->units = means.n;
        out->effective_n = (double) means.n;
        status = nrdi_correlation_of(&means, out);
    }
    nrdi_ordered_free(&mean[0]);
    nrdi_ordered_free(&mean[1]);
    nrdi_free(memory);
    return status;
}

static nrd_status
by_method(const nrdi_pair *pair, nrd_correlation *out)
{
    switch (pair->options->method) {
    case NRD_CORRELATION_PEARSON:
        return nrdi_correlate_moments(
            pair, pair->column[0]->value, pair->column[1]->value, out);
    case NRD_CORRELATION_SPEARMAN: return nrdi_correlate_ranks(pair, out);
    case NRD_CORRELATION_KENDALL: return nrdi_correlate_tau(pair, out);
    case NRD_CORRELATION_DISTANCE:
    case NRD_CORRELATION_DISTANCE_CENTRED: return nrdi_correlate_distance(pair, out);
    case NRD_CORRELATION_XI: return nrdi_correlate_xi(pair, out);
    case NRD_CORRELATION_WINSORIZED:
    case NRD_CORRELATION_PERCENTAGE_BEND:
    default: return nrdi_correlate_robust(pair, out);
    }
}

nrd_status
nrdi_correlation_of(const nrdi_pair *pair, nrd_correlation *out)
{
    const nrd_relation relation = pair->options->relation;

    if (pair->n < 3) {
        out->status = NRD_PAIR_FEW_ROWS;
    } else if (relation == NRD_RELATION_BETWEEN) {
        return correlate_between(pair, out);
    } else if (!varies(pair->column[0]->value, pair->n)) {
        out->status = NRD_PAIR_CONSTANT_X;
    } else if (!varies(pair->column[1]->value, pair->n)) {
        out->status = NRD_PAIR_CONSTANT_Y;
    } else if (relation == NRD_RELATION_WITHIN || pair->covariates > 0) {
        return pair->options->method == NRD_CORRELATION_KENDALL
                   ? nrdi_correlate_partial_tau(pair, out)
                   : nrdi_correlate_partial(pair, out);
    } else {
        out->df = out->effective_n - 2.0;
        NRDI_TRY(by_method(pair, out));
    }
    return NRD_OK;
}
