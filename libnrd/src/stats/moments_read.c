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
read_group(const nrdi_update *u, nrdi_worker *own, size_t row, size_t *out)
{
    const nrd_column *group = u->group;
    const int64_t code = group->type == NRD_TYPE_INT32
                             ? ((const int32_t *) group->values)[group->offset + row]
                             : ((const int64_t *) group->values)[group->offset + row];
    const uint64_t index = (uint64_t) code - (uint64_t) u->first_group;

    if (index >= u->state->groups) {
        return nrdi_fail(&own->err, NRD_E_UNKNOWN, row,
            "the group is %" PRId64 ", expected %" PRId64 " and the %zu after it", code,
            u->first_group, u->state->groups - 1);
    }
    *out = (size_t) index;
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
                "column %zu is %.17g, expected a decimal number with %d decimals", column,
                value, (int) decimals);
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

/* Whether a block can be read where it lies: nothing missing, nothing infinite. */
static int
is_dense(const nrdi_update *u, size_t start, size_t n)
{
    if (!nrdi_update_is_plain(u)) {
        return 0;
    }
    for (size_t i = 0; i < u->state->columns; i++) {
        const nrd_column *column = &u->columns[i];

        if (column->validity != NULL || u->state->decimals[i] >= 0 ||
            !isfinite(nrdi_kernels_in_use()->greatest(
                (const double *) column->values + column->offset + start, n))) {
            return 0;
        }
    }
    return 1;
}

nrd_status
nrdi_read_block(
    const nrdi_update *u, nrdi_worker *own, size_t start, size_t n, nrdi_rows_block *out)
{
    const size_t p = u->state->columns;
    const int dense = is_dense(u, start, n);

    out->rows = dense ? n : 0;
    out->columns = own->dense;
    out->weight = u->weight != NULL ? own->buffer + p * NRDI_BLOCK : NULL;
    out->group = u->group != NULL ? own->group : NULL;
    for (size_t i = 0; i < p; i++) {
        own->dense[i] =
            dense ? (const double *) u->columns[i].values + u->columns[i].offset + start
                  : own->buffer + i * NRDI_BLOCK;
    }
    for (size_t k = 0; k < n && !dense; k++) {
        int complete;

        NRDI_TRY(read_row(u, own, start + k, out->rows, &complete));
        out->rows += complete != 0;
        own->dropped += !complete;
    }
    return NRD_OK;
}
