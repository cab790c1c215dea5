#ifndef NRD_TEST_TREND_TOY_H
#define NRD_TEST_TREND_TOY_H

/* Series for the tests of trends. */

#include "support.h"

#include <nrd/trend.h>

#define MOST_ROWS 20000
#define MOST_SERIES 4000

typedef struct {
    uint64_t offset[MOST_SERIES + 1];
    double time[MOST_ROWS], value[MOST_ROWS], weight[MOST_ROWS];
    nrd_series series;
} toy;

static inline void
toy_start(toy *out)
{
    out->offset[0] = 0;
    out->series = (nrd_series){0, out->offset, out->time, out->value, NULL};
}

static inline void
toy_add(toy *out, const double *time, const double *value, size_t n)
{
    const size_t first = out->offset[out->series.count];

    assert_true(first + n <= MOST_ROWS && out->series.count < MOST_SERIES);
    memcpy(out->time + first, time, n * sizeof *time);
    memcpy(out->value + first, value, n * sizeof *value);
    out->offset[++out->series.count] = first + n;
}

/* A case of a reference file with lists time, value and weight. */
static inline void
toy_add_case(toy *out, const cJSON *item)
{
    const size_t n = (size_t) cJSON_GetArraySize(ref_get(item, "time"));
    const size_t first = out->offset[out->series.count];
    double time[256], value[256];

    assert_true(n <= 256);
    for (size_t i = 0; i < n; i++) {
        time[i] = ref_at(item, "time", i);
        value[i] = ref_at(item, "value", i);
        out->weight[first + i] = ref_at(item, "weight", i);
    }
    toy_add(out, time, value, n);
}

/* Numbers that look random, the same at every run. */
static inline double
toy_number(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double) (*state >> 33) / 2147483648.0;
}

#endif
