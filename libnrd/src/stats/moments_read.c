/* Reading rows for a state: missing ones left out, the others checked. */

#include "moments_read_private.h"

#include <inttypes.h>
#include <math.h>

#include "status_private.h"

static double
value_at(const nrd_column *column, size_t row)
{
    return ((const double *) column->values)[column->offset + row];
}

static int
is_missing(const nrd_column *column, size_t row)
{
    return !nrd_column_is_valid(column, row) || isnan(value_at(column, row));
}

static nrd_status
read_group(const nrdi_update *u, nrdi_worker *own, size_t row, int64_t *out)
{
    const nrd_column *group = u->group;
    const int64_t code = group->type == NRD_TYPE_INT32
                             ? ((const int32_t *) group->values)[group->offset + row]
                             : ((const int64_t *) group->values)[group->offset + row];

    if ((uint64_t) code - (uint64_t) u->first_group >= u->state->groups) {
        return nrdi_fail(&own->err, NRD_E_UNKNOWN, row,
            "the group is %" PRId64 ", expected %" PRId64 " and the %zu after it", code,
            u->first_group, u->state->groups - 1);
    }
    *out = code;
    return NRD_OK;
}

static nrd_status
read_weight(const nrdi_update *u, nrdi_worker *own, size_t row, double *out)
{
    const double w = value_at(u->weight, row);

    if (!(w >= 0.0 && w <= 0x1p1000) ||
        (u->state->weights == NRD_WEIGHTS_FREQUENCY && (w != floor(w) || w > 0x1p53))) {
        return nrdi_fail(&own->err, NRD_E_DOMAIN, row, "the weight is %.17g, expected %s",
            w,
            u->state->weights == NRD_WEIGHTS_FREQUENCY ? "a whole number, 0 or more"
                                                       : "a number, 0 or more");
    }
    *out = w;
    return NRD_OK;
}

static nrd_status
read_value(const nrdi_update *u, nrdi_worker *own, size_t column, size_t row, double *out)
{
    const int32_t decimals = u->state->decimals[column];

    *out = value_at(&u->columns[column], row);
    if (isinf(*out)) {
        return nrdi_fail(&own->err, NRD_E_DOMAIN, row, "column %zu is infinite", column);
    }
    if (decimals >= 0) {
        const double value = *out;

        *out = nrdi_in_decimals(value, decimals);
        if (isnan(*out)) {
            return nrdi_fail(&own->err, NRD_E_DOMAIN, row,
                "column %zu is %.17g, expected a decimal number with %d decimals, of at "
                "most 15 digits in all",
                column, value, (int) decimals);
        }
    }
    return NRD_OK;
}

/* Read one row into place `to` of the buffers; 0 in *complete where something is missing.
 */
static nrd_status
read_row(const nrdi_update *u, nrdi_worker *own, size_t row, size_t to, int *complete)
{
    const size_t p = u->state->columns;

    *complete = (u->weight == NULL || !is_missing(u->weight, row)) &&
                (u->group == NULL || nrd_column_is_valid(u->group, row));
    for (size_t i = 0; i < p && *complete; i++) {
        *complete = !is_missing(&u->columns[i], row);
    }
    if (!*complete) {
        return NRD_OK;
    }
    if (u->group != NULL) {
        NRDI_TRY(read_group(u, own, row, &own->group[to]));
    }
    if (u->weight != NULL) {
        NRDI_TRY(read_weight(u, own, row, &own->buffer[p * NRDI_BLOCK + to]));
    }
    for (size_t i = 0; i < p; i++) {
        NRDI_TRY(read_value(u, own, i, row, &own->buffer[i * NRDI_BLOCK + to]));
    }
    return NRD_OK;
}

/* The dense readers take a whole block where everything is as it must be; else they return
 * 0, and the rows are read one by one, to leave out or to complain. */

static int
dense_column(const nrdi_update *u, nrdi_worker *own, size_t i, size_t start, size_t n)
{
    const nrd_column *column = &u->columns[i];
    const double *values = (const double *) column->values + column->offset + start;
    const int32_t decimals = u->state->decimals[i];
    double *out = own->buffer + i * NRDI_BLOCK;
    int fits = 1;

    if (column->validity != NULL) {
        return 0;
    }
    own->dense[i] = decimals >= 0 ? out : values;
    for (size_t k = 0; k < n && decimals >= 0; k++) {
        out[k] = nrdi_in_decimals(values[k], decimals);
        fits &= !isnan(out[k]);
    }
    return fits;
}

static int
dense_weights(const nrdi_update *u, size_t start, size_t n, const double **out)
{
    const int whole = u->state->weights == NRD_WEIGHTS_FREQUENCY;
    const double *w = NULL;
    int fits = 1;

    if (u->weight != NULL) {
        w = (const double *) u->weight->values + u->weight->offset + start;
        fits = u->weight->validity == NULL;
        for (size_t k = 0; k < n && fits; k++) {
            fits = w[k] >= 0.0 && w[k] <= 0x1p1000 &&
                   (!whole || (w[k] <= 0x1p53 && w[k] == floor(w[k])));
        }
    }
    *out = w;
    return fits;
}

/* Codes of 64 bits stay where they are. */
static int
dense_groups(
    const nrdi_update *u, nrdi_worker *own, size_t start, size_t n, const int64_t **out)
{
    const nrd_column *group = u->group;
    const int64_t *codes = own->group;

    *out = group != NULL ? codes : NULL;
    if (group == NULL || group->validity != NULL) {
        return group == NULL;
    }
    if (group->type == NRD_TYPE_INT64) {
        *out = codes = (const int64_t *) group->values + group->offset + start;
    } else {
        for (size_t k = 0; k < n; k++) {
            own->group[k] = ((const int32_t *) group->values)[group->offset + start + k];
        }
    }
    return nrdi_kernels_in_use()->within(codes, n, u->first_group, u->state->groups - 1);
}

int
nrdi_read_dense(
    const nrdi_update *u, nrdi_worker *own, size_t start, size_t n, nrdi_rows_block *out)
{
    int fits = dense_groups(u, own, start, n, &out->group) &&
               dense_weights(u, start, n, &out->weight);

    for (size_t i = 0; i < u->state->columns && fits; i++) {
        fits = dense_column(u, own, i, start, n);
    }
    out->rows = n;
    out->columns = own->dense;
    out->first_group = u->first_group;
    return fits;
}

nrd_status
nrdi_read_rows(
    const nrdi_update *u, nrdi_worker *own, size_t start, size_t n, nrdi_rows_block *out)
{
    const size_t p = u->state->columns;

    out->rows = 0;
    out->columns = own->dense;
    out->group = u->group != NULL ? own->group : NULL;
    out->first_group = u->first_group;
    out->weight = u->weight != NULL ? own->buffer + p * NRDI_BLOCK : NULL;
    for (size_t i = 0; i < p; i++) {
        own->dense[i] = own->buffer + i * NRDI_BLOCK;
    }
    for (size_t k = 0; k < n; k++) {
        int complete;

        NRDI_TRY(read_row(u, own, start + k, out->rows, &complete));
        out->rows += complete != 0;
        own->dropped += !complete;
    }
    return NRD_OK;
}
