#ifndef NRD_TEST_SANDWICH_TOY_H
#define NRD_TEST_SANDWICH_TOY_H

/* Regressions of the reference sandwich_cases, as the C functions take them. */

#include <nrd/sandwich.h>

#include "support.h"

#define TOY_ROWS 24
#define TOY_K 3
#define TOY_GROUPS 32

typedef struct {
    nrd_regression_rows rows;
    size_t n;
    size_t k;
    uint64_t offset[TOY_GROUPS + 1];
    const double *columns[TOY_K];
    double x[TOY_K * TOY_ROWS];
    double y[TOY_ROWS];
    double weight[TOY_ROWS];
    int32_t cluster[TOY_ROWS];
    double coefficient[TOY_K];
    double coefficient_low[TOY_K];
    double factor[TOY_K * TOY_K];
    double factor_low[TOY_K * TOY_K];
    double pivot[TOY_K];
} toy_regression;

/* Copy the list key to out, and return its length, at most capacity. */
static inline size_t
toy_numbers(const cJSON *ref, const char *key, double *out, size_t capacity)
{
    const size_t n = (size_t) cJSON_GetArraySize(ref_get(ref, key));

    assert_in_range(n, 0, capacity);
    for (size_t i = 0; i < n; i++) {
        out[i] = ref_at(ref, key, i);
    }
    return n;
}

/* Point the rows to the arrays beside them; the first column is one of ones, if any is. */
static inline void
toy_point(toy_regression *toy)
{
    for (size_t j = 0; j < toy->k; j++) {
        toy->columns[j] = toy->x + j * toy->n;
    }
    if (toy->k > 1) {
        toy->columns[0] = NULL;
    }
    toy->rows.groups = 1;
    toy->rows.coefficients = toy->k;
    toy->rows.offset = toy->offset;
    toy->rows.x = toy->columns;
    toy->rows.y = toy->y;
    toy->rows.weight = toy->rows.weights == NRD_WEIGHTS_NONE ? NULL : toy->weight;
    toy->rows.coefficient = toy->coefficient;
    toy->rows.coefficient_low = toy->coefficient_low;
    toy->rows.factor = toy->factor;
    toy->rows.factor_low = toy->factor_low;
    toy->rows.pivot = toy->pivot;
}

static inline void
toy_read(const cJSON *item, toy_regression *toy)
{
    double codes[TOY_ROWS];

    memset(toy, 0, sizeof *toy);
    toy->n = toy_numbers(item, "y", toy->y, TOY_ROWS);
    toy->k = (size_t) ref_at(item, "k", 0);
    toy->offset[1] = toy->n;
    toy->rows.weights = (nrd_weights) ref_at(item, "weights", 0);
    (void) toy_numbers(item, "x", toy->x, TOY_K * TOY_ROWS);
    (void) toy_numbers(item, "weight", toy->weight, TOY_ROWS);
    (void) toy_numbers(item, "cluster", codes, TOY_ROWS);
    for (size_t i = 0; i < toy->n; i++) {
        toy->cluster[i] = (int32_t) codes[i];
    }
    (void) toy_numbers(item, "coefficient", toy->coefficient, TOY_K);
    (void) toy_numbers(item, "coefficient_low", toy->coefficient_low, TOY_K);
    (void) toy_numbers(item, "factor", toy->factor, TOY_K * TOY_K);
    (void) toy_numbers(item, "factor_low", toy->factor_low, TOY_K * TOY_K);
    (void) toy_numbers(item, "pivot", toy->pivot, TOY_K);
    toy_point(toy);
}

/* The case of a name. */
static inline void
toy_case(const char *name, toy_regression *toy)
{
    cJSON *ref = ref_open("sandwich_cases");
    const cJSON *item;

    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        if (strcmp(ref_get(item, "name")->valuestring, name) == 0) {
            toy_read(item, toy);
            cJSON_Delete(ref);
            return;
        }
    }
    fail_msg("there is no case %s", name);
}

/* A covariance is close where each number is, relative to the variances beside it. */
static inline void
assert_covariance(
    const double *actual, const cJSON *ref, const char *key, size_t k, double tolerance)
{
    for (size_t i = 0; i < k; i++) {
        for (size_t j = 0; j < k; j++) {
            const double size = sqrt(fabs(ref_at(ref, key, i * (k + 1)))) *
                                sqrt(fabs(ref_at(ref, key, j * (k + 1))));
            const double expected = ref_at(ref, key, i * k + j);

            if (!(fabs(actual[i * k + j] - expected) <= tolerance * size)) {
                fail_msg("%s of %s: %zu, %zu: %.17g is not %.17g", key,
                    cJSON_GetStringValue(cJSON_GetObjectItem(ref, "name")), i, j,
                    actual[i * k + j], expected);
            }
        }
    }
}

#endif
