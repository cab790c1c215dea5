#ifndef NRD_TEST_PERMUTATION_TOY_H
#define NRD_TEST_PERMUTATION_TOY_H

/* Designs of permutation tests: those of the reference, and one that is made. */

#include "support.h"

#include <nrd/permutation.h>

#define TOY_ROWS 96
#define TOY_COLUMNS 11

typedef struct {
    double x[TOY_ROWS];
    double y[TOY_COLUMNS][TOY_ROWS];
    const double *columns[TOY_COLUMNS];
    uint8_t sample[TOY_ROWS];
    uint64_t unit_rows[TOY_ROWS];
    uint64_t stratum_units[TOY_ROWS];
    nrd_permutation_design design;
} toy;

static inline uint64_t
toy_counts(const cJSON *item, const char *key, uint64_t *out)
{
    return ref_counts(item, key, out, TOY_ROWS);
}

/* Read a case of permutation_all.json. */
static inline void
toy_read(const cJSON *item, toy *out)
{
    const size_t n = (size_t) ref_at(item, "n", 0);
    uint64_t samples[TOY_ROWS];
    size_t units, strata;

    (void) toy_counts(item, "sample", samples);
    units = toy_counts(item, "unit_rows", out->unit_rows);
    strata = toy_counts(item, "stratum_units", out->stratum_units);
    for (size_t i = 0; i < n; i++) {
        out->x[i] = ref_at(item, "x", i);
        out->sample[i] = (uint8_t) samples[i];
        for (size_t j = 0; j < 3; j++) {
            const cJSON *column = cJSON_GetArrayItem(ref_get(item, "columns"), (int) j);

            out->y[j][i] = cJSON_GetArrayItem(column, (int) i)->valuedouble;
            out->columns[j] = out->y[j];
        }
    }
    out->design = (nrd_permutation_design){
        .statistic = (nrd_statistic) ref_at(item, "statistic", 0),
        .x = out->x,
        .sample = out->sample,
        .columns = out->columns,
        .n_columns = 3,
        .n = n,
        .unit_rows = units > 0 ? out->unit_rows : NULL,
        .units = units > 0 ? units - 1 : 0,
        .stratum_units = strata > 0 ? out->stratum_units : NULL,
        .strata = strata > 0 ? strata - 1 : 0,
        .p = ref_at(item, "p", 0),
        .type = 7,
    };
}

/* Many rows of numbers that are no whole ones, unless they are rounded. */
static inline void
toy_make(nrd_statistic statistic, int rounded, toy *out)
{
    for (size_t i = 0; i < TOY_ROWS; i++) {
        const double turn = (double) ((i * 29) % TOY_ROWS);

        out->x[i] = rounded ? turn : sin(turn + 0.385) * 2.385;
        out->sample[i] = (uint8_t) (i * 7 % 5 < 2);
        for (size_t j = 0; j < TOY_COLUMNS; j++) {
            const double y = cos(turn * (1.1 + 0.3 * (double) j)) + 0.004 * turn;

            out->y[j][i] = rounded ? rint(4.0 * y) : y;
        }
    }
    for (size_t j = 0; j < TOY_COLUMNS; j++) {
        out->columns[j] = out->y[j];
    }
    out->design = (nrd_permutation_design){
        .statistic = statistic,
        .x = out->x,
        .sample = out->sample,
        .columns = out->columns,
        .n_columns = TOY_COLUMNS,
        .n = TOY_ROWS,
        .p = 0.5,
        .type = 7,
    };
}

#endif
