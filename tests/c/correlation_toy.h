#ifndef NRD_TEST_CORRELATION_TOY_H
#define NRD_TEST_CORRELATION_TOY_H

/* Cases of the references, and their coefficients. */

#include "support.h"

#include <nrd/correlation_test.h>

#define ROWS 64
#define COLUMNS 4
#define SHARE 0.2

/* Columns x, y, z and whole numbers of units of a case. */
typedef struct {
    double value[COLUMNS][ROWS];
    int64_t unit[ROWS];
    const double *column[COLUMNS];
    size_t covariate;
    nrd_correlation_data data;
} toy;

static inline void
fill(const cJSON *ref, const char *const *names, size_t count, toy *out)
{
    memset(out, 0, sizeof *out);
    out->data.n = (size_t) cJSON_GetArraySize(ref_get(ref, "x"));
    assert_in_range(out->data.n, 3, ROWS);
    for (size_t c = 0; c < count; c++) {
        for (size_t i = 0; i < out->data.n; i++) {
            out->value[c][i] = ref_at(ref, names[c], i);
        }
        out->column[c] = out->value[c];
    }
    for (size_t i = 0; i < out->data.n && count == COLUMNS; i++) {
        out->unit[i] = (int64_t) out->value[3][i];
    }
    out->data.columns = out->column;
    out->data.n_columns = count;
    out->covariate = 2;
}

static inline nrd_correlation
correlate(const toy *own, nrd_correlation_options options)
{
    const nrd_pair pair = {0, 1};
    nrd_correlation out;

    assert_int_equal(
        nrd_correlation_pairs(&own->data, &pair, 1, &options, 1, NULL, &out, NULL), NRD_OK);
    return out;
}

static inline nrd_correlation_tested
test(nrd_correlation found, nrd_correlation_method method)
{
    const nrd_correlation_testing options = {.method = method, .level = 0.95, .power = 0.8};
    nrd_correlation_tested out;

    assert_int_equal(nrd_correlation_test(&found, 1, &options, &out, NULL), NRD_OK);
    return out;
}

#endif
