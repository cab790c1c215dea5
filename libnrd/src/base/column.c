#include <nrd/column.h>

#include <inttypes.h>
#include <math.h>

#include "status_private.h"

static const char *
type_name(nrd_type type)
{
    switch (type) {
    case NRD_TYPE_INT8: return "int8";
    case NRD_TYPE_INT32: return "int32";
    case NRD_TYPE_INT64: return "int64";
    case NRD_TYPE_FLOAT64: return "float64";
    }
    return "an unknown type";
}

nrd_status
nrd_column_check(const nrd_column *column, nrd_type type, size_t length, const char *name,
    nrd_error *err)
{
    const char *label = name != NULL ? name : "the column";

    if (column == NULL || (column->length > 0 && column->values == NULL)) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "%s has no values", label);
    }
    if (column->type != type) {
        return nrdi_fail(err, NRD_E_TYPE, NRD_NO_ROW, "%s is of type %s, expected %s",
            label, type_name(column->type), type_name(type));
    }
    if (column->length != length) {
        return nrdi_fail(err, NRD_E_SIZE, NRD_NO_ROW, "%s has %zu rows, expected %zu",
            label, column->length, length);
    }
    return NRD_OK;
}

int
nrd_column_is_valid(const nrd_column *column, size_t row)
{
    const size_t bit = column->offset + row;

    return column->validity == NULL || ((column->validity[bit / 8] >> (bit % 8)) & 1) != 0;
}

size_t
nrd_column_count_valid(const nrd_column *column, int nan_is_missing)
{
    const int look_for_nan = column->type == NRD_TYPE_FLOAT64 && nan_is_missing;
    const double *numbers;
    size_t count = 0;

    if (column->length == 0 || (column->validity == NULL && !look_for_nan)) {
        return column->length;
    }
    numbers = look_for_nan ? (const double *) column->values + column->offset : NULL;
    for (size_t i = 0; i < column->length; i++) {
        count += nrd_column_is_valid(column, i) && (numbers == NULL || !isnan(numbers[i]));
    }
    return count;
}
