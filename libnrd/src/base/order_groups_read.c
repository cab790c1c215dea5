/* Rows of groups: checked, counted, and put group by group. */

#include "order_groups_private.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "parallel_private.h"
#include "status_private.h"

/* Rows that are read between two looks at stop. */
#define ROWS_AT_ONCE 65536

/* One row as it is read. */
typedef struct {
    size_t group;
    double value;
    uint64_t item;
} row_read;

static double
number_at(const nrd_column *column, size_t row)
{
    return nrd_column_is_valid(column, row)
               ? ((const double *) column->values)[column->offset + row]
               : (double) NAN;
}

static nrd_status
read_weight(const nrd_group_rows *rows, size_t row, double w, uint64_t *out, nrd_error *err)
{
    if (!(w >= 0.0 && isfinite(w)) ||
        (rows->frequencies != 0 && (w != floor(w) || w > 0x1p53))) {
        return nrdi_fail(err, NRD_E_DOMAIN, row, "the weight is %.17g, expected %s", w,
            rows->frequencies != 0 ? "a whole number, 0 or more" : "a number, 0 or more");
    }
    if (rows->frequencies != 0) {
        *out = (uint64_t) w;
    } else {
        memcpy(out, &w, sizeof *out);
    }
    return NRD_OK;
}

static nrd_status
read_group(const nrd_group_rows *rows, size_t row, size_t *out, nrd_error *err)
{
    const nrd_column *group = rows->group;
    const int64_t code = group->type == NRD_TYPE_INT32
                             ? ((const int32_t *) group->values)[group->offset + row]
                             : ((const int64_t *) group->values)[group->offset + row];
    const uint64_t index = (uint64_t) code - (uint64_t) rows->first_group;

    if (index >= rows->groups) {
        return nrdi_fail(err, NRD_E_UNKNOWN, row,
            "the group is %" PRId64 ", expected %" PRId64 " and the %zu after it", code,
            rows->first_group, rows->groups - 1);
    }
    *out = (size_t) index;
    return NRD_OK;
}

/* Read a row; 0 in *complete where something is missing. What is there is checked all the
 * same. */
static nrd_status
read_row(
    const nrd_group_rows *rows, size_t row, row_read *out, int *complete, nrd_error *err)
{
    out->group = 0;
    out->item = 0;
    out->value = number_at(rows->values, row);
    *complete = !isnan(out->value);
    if (rows->weight != NULL) {
        const double w = number_at(rows->weight, row);

        if (isnan(w)) {
            *complete = 0;
        } else {
            NRDI_TRY(read_weight(rows, row, w, &out->item, err));
        }
    }
    if (rows->group != NULL) {
        if (!nrd_column_is_valid(rows->group, row)) {
            *complete = 0;
        } else {
            NRDI_TRY(read_group(rows, row, &out->group, err));
        }
    }
    return NRD_OK;
}

static nrd_status
check_stop(const nrdi_grouping *in, size_t row, nrd_error *err)
{
    return row % ROWS_AT_ONCE == 0 && nrdi_is_stopped(in->stop)
               ? nrdi_fail(err, NRD_E_CANCELLED, NRD_NO_ROW, "the caller asked to stop")
               : NRD_OK;
}

static int
is_plain(const nrd_group_rows *rows)
{
    return rows->group == NULL && rows->weight == NULL && rows->values->validity == NULL;
}

static nrd_status
count_plain(nrdi_grouping *in, nrd_error *err)
{
    const nrd_column *column = in->rows->values;
    const double *values = (const double *) column->values + column->offset;

    for (size_t start = 0; start < column->length; start += ROWS_AT_ONCE) {
        const size_t left = column->length - start;
        const size_t end = start + (left < ROWS_AT_ONCE ? left : ROWS_AT_ONCE);

        NRDI_TRY(check_stop(in, start, err));
        for (size_t i = start; i < end; i++) {
            in->ends[0] += (size_t) !isnan(values[i]);
        }
    }
    return NRD_OK;
}

nrd_status
nrdi_groups_count(nrdi_grouping *in, nrd_error *err)
{
    const nrd_group_rows *rows = in->rows;

    if (is_plain(rows) && rows->values->length > 0) {
        return count_plain(in, err);
    }

    for (size_t i = 0; i < rows->values->length; i++) {
        row_read row;
        int complete;

        NRDI_TRY(check_stop(in, i, err));
        NRDI_TRY(read_row(rows, i, &row, &complete, err));
        if (!complete) {
            continue;
        }
        in->ends[row.group]++;
        if (rows->weight != NULL && rows->frequencies == 0) {
            in->weights[row.group] += row.item << 1 != 0;
        } else if (row.item > NRDI_MOST_REPEATED - in->weights[row.group]) {
            return nrdi_fail(err, NRD_E_OVERFLOW, i,
                "the frequency is %" PRIu64
                ", expected that those of a group add up to less than 2^52",
                row.item);
        } else {
            in->weights[row.group] += row.item;
        }
    }
    return NRD_OK;
}

int
nrdi_groups_lie_right(nrdi_grouping *in)
{
    const nrd_column *column = in->rows->values;

    if (!is_plain(in->rows) || column->length == 0 || in->ends[0] != column->length) {
        return 0;
    }
    for (size_t g = 1; g < in->rows->groups; g++) {
        in->ends[g] = in->ends[0];
    }
    in->values = (const double *) column->values + column->offset;
    return 1;
}

nrd_status
nrdi_groups_place(nrdi_grouping *in, nrd_error *err)
{
    size_t start = 0;

    for (size_t g = 0; g < in->rows->groups; g++) {
        const size_t count = in->ends[g];

        in->ends[g] = start;
        start += count;
    }
    for (size_t i = 0; i < in->rows->values->length; i++) {
        row_read row;
        int complete;

        NRDI_TRY(check_stop(in, i, err));
        NRDI_TRY(read_row(in->rows, i, &row, &complete, err));
        if (complete) {
            const size_t at = in->ends[row.group]++;

            in->moved[at] = row.value;
            if (in->items != NULL) {
                in->items[at] = row.item;
            }
        }
    }
    in->values = in->moved;
    return NRD_OK;
}
