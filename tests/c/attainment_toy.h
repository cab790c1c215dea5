#ifndef ATTAINMENT_TOY_H
#define ATTAINMENT_TOY_H

#include <nrd/attainment.h>

#include "support.h"

/* Fill cells from plain arrays. */
static inline nrd_status
fill_rows(nrd_attainment *matrix, const int32_t *unit, const int32_t *criterion,
    const int8_t *cells, size_t n, nrd_error *err)
{
    const nrd_column unit_column = {NRD_TYPE_INT32, n, 0, unit, NULL};
    const nrd_column criterion_column = {NRD_TYPE_INT32, n, 0, criterion, NULL};
    const nrd_column state_column = {NRD_TYPE_INT8, n, 0, cells, NULL};

    return nrd_attainment_fill(matrix, &unit_column, &criterion_column, &state_column, err);
}

/* An empty matrix, released with nrd_attainment_free. */
static inline nrd_attainment *
matrix_new(size_t units, size_t criteria)
{
    nrd_attainment *matrix = NULL;

    assert_int_equal(nrd_attainment_new(units, criteria, &matrix, NULL), NRD_OK);
    assert_non_null(matrix);
    assert_int_equal(nrd_attainment_units(matrix), units);
    assert_int_equal(nrd_attainment_criteria(matrix), criteria);
    return matrix;
}

#endif
