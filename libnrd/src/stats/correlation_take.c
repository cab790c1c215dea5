/* Rows of a call of correlations: those that miss neither weight, unit nor covariate. */

#include "correlation_private.h"

#include <math.h>

#include "status_private.h"

/* Columns that a row must have: covariates, and with listwise those of all pairs. */
static void
mark_columns(const nrdi_correlation_plan *all, const nrd_correlation_data *data,
    uint8_t *wanted, uint8_t *needed)
{
    for (size_t k = 0; k < all->n_pairs; k++) {
        wanted[all->pairs[k].x] = wanted[all->pairs[k].y] = 1;
    }
    for (size_t k = 0; k < all->covariates; k++) {
        wanted[data->covariates[k]] = needed[data->covariates[k]] = 1;
    }
    for (size_t c = 0; c < all->n_columns && all->options->listwise != 0; c++) {
        needed[c] |= wanted[c];
    }
}

static size_t
list_rows(
    nrdi_correlation_plan *all, const nrd_correlation_data *data, const uint8_t *needed)
{
    size_t n = 0;

    for (size_t i = 0; i < data->n; i++) {
        int held = data->weight == NULL || data->weight[i] > 0.0;

        all->rows -= data->weight != NULL && data->weight[i] == 0.0;
        held &= data->unit == NULL || data->unit[i] >= 0;
        for (size_t c = 0; held && c < data->n_columns; c++) {
            held = !needed[c] || !isnan(data->columns[c][i]);
        }
        all->row[n] = (uint32_t) i;
        n += (size_t) held;
    }
    return n;
}

static nrd_status
take_columns(
    nrdi_correlation_plan *all, const nrd_correlation_data *data, const uint8_t *wanted)
{
    size_t taken = 0, at = 0;

    for (size_t c = 0; c < all->n_columns; c++) {
        taken += wanted[c];
    }
    all->memory = nrdi_malloc(all->n + 1, (taken + 1) * sizeof *all->memory);
    if (all->memory == NULL) {
        return NRD_E_MEMORY;
    }
    for (size_t c = 0; c < all->n_columns; c++) {
        if (wanted[c]) {
            nrdi_take(data->columns[c], all->row, all->n, all->memory + at);
            all->ordered[c].value = all->memory + at;
            all->complete[c] = 1;
            at += all->n;
            for (size_t i = 0; i < all->n; i++) {
                all->complete[c] =
                    (uint8_t) (all->complete[c] && !isnan(all->ordered[c].value[i]));
            }
        }
    }
    return NRD_OK;
}

static nrd_status
take_labels(nrdi_correlation_plan *all, const nrd_correlation_data *data)
{
    if (data->weight != NULL) {
        all->weight = nrdi_malloc(all->n + 1, sizeof *all->weight);
        if (all->weight == NULL) {
            return NRD_E_MEMORY;
        }
        nrdi_take(data->weight, all->row, all->n, all->weight);
    }
    if (data->unit != NULL) {
        all->unit = nrdi_malloc(all->n + 1, sizeof *all->unit);
        if (all->unit == NULL) {
            return NRD_E_MEMORY;
        }
        for (size_t i = 0; i < all->n; i++) {
            all->unit[i] = data->unit[all->row[i]];
        }
    }
    return NRD_OK;
}

nrd_status
nrdi_correlation_take(nrdi_correlation_plan *all, const nrd_correlation_data *data)
{
    uint8_t *marks = nrdi_malloc(2 * all->n_columns + 1, sizeof *marks);
    nrd_status status = NRD_E_MEMORY;

    all->row = nrdi_malloc(data->n + 1, sizeof *all->row);
    all->complete = nrdi_malloc(all->n_columns + 1, sizeof *all->complete);
    all->ordered = nrdi_malloc(all->n_columns + 1, sizeof *all->ordered);
    if (marks != NULL && all->row != NULL && all->complete != NULL &&
        all->ordered != NULL) {
        mark_columns(all, data, marks, marks + all->n_columns);
        all->n = list_rows(all, data, marks + all->n_columns);
        all->most = all->most > all->n ? all->most : all->n;
        status = take_columns(all, data, marks);
    }
    if (status == NRD_OK) {
        status = take_labels(all, data);
    }
    nrdi_free(marks);
    return status;
}

void
nrdi_correlation_release(nrdi_correlation_plan *all)
{
    for (size_t c = 0; c < all->n_columns && all->ordered != NULL; c++) {
        nrdi_ordered_free(&all->ordered[c]);
    }
    nrdi_free(all->row);
    nrdi_free(all->place);
    nrdi_free(all->moments);
    nrdi_free(all->memory);
    nrdi_free(all->complete);
    nrdi_free(all->ordered);
    nrdi_free(all->weight);
    nrdi_free(all->unit);
}
