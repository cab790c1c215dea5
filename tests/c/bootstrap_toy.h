#ifndef NRD_TEST_BOOTSTRAP_TOY_H
#define NRD_TEST_BOOTSTRAP_TOY_H

/* Small designs, those of the reference bootstrap_enumeration and others. */

#include "support.h"

#include <nrd/bootstrap.h>

#define TOY_ROWS 8

typedef struct {
    double column[2][TOY_ROWS];
    const double *columns[2];
    uint8_t sample[TOY_ROWS];
    uint64_t unit_rows[TOY_ROWS + 1];
    uint64_t stratum_units[TOY_ROWS + 1];
    nrd_bootstrap_design design;
} toy;

static inline nrd_statistic
toy_statistic(const char *name)
{
    static const char *const names[] = {"none", "mean", "mean_difference", "quantile",
        "pearson", "spearman", "kendall", "slope"};

    for (int i = 0; i < 8; i++) {
        if (strcmp(names[i], name) == 0) {
            return (nrd_statistic) i;
        }
    }
    fail_msg("there is no statistic %s", name);
    return NRD_STATISTIC_NONE;
}

/* The design of a case; it points into itself. */
static inline void
toy_read(const cJSON *of, toy *out)
{
    const cJSON *columns = ref_get(of, "columns");
    uint64_t sample[TOY_ROWS];

    memset(out, 0, sizeof *out);
    out->design.statistic = toy_statistic(ref_get(of, "statistic")->valuestring);
    out->design.n_columns = (size_t) cJSON_GetArraySize(columns);
    for (size_t c = 0; c < out->design.n_columns; c++) {
        const cJSON *column = cJSON_GetArrayItem(columns, (int) c);

        out->design.n = (size_t) cJSON_GetArraySize(column);
        assert_in_range(out->design.n, 1, TOY_ROWS);
        for (size_t i = 0; i < out->design.n; i++) {
            out->column[c][i] = cJSON_GetArrayItem(column, (int) i)->valuedouble;
        }
        out->columns[c] = out->column[c];
    }
    out->design.columns = out->columns;
    out->design.type = 7;
    if (cJSON_HasObjectItem(of, "p")) {
        out->design.p = ref_get(of, "p")->valuedouble;
    }
    if (cJSON_HasObjectItem(of, "sample")) {
        for (size_t i = 0; i < ref_counts(of, "sample", sample, TOY_ROWS); i++) {
            out->sample[i] = (uint8_t) sample[i];
        }
        out->design.sample = out->sample;
    }
    if (cJSON_HasObjectItem(of, "unit_rows")) {
        out->design.units = ref_counts(of, "unit_rows", out->unit_rows, TOY_ROWS + 1) - 1;
        out->design.unit_rows = out->unit_rows;
    }
    if (cJSON_HasObjectItem(of, "stratum_units")) {
        out->design.strata =
            ref_counts(of, "stratum_units", out->stratum_units, TOY_ROWS + 1) - 1;
        out->design.stratum_units = out->stratum_units;
    }
}

static inline nrd_bootstrap *
toy_new(const nrd_bootstrap_design *design)
{
    nrd_bootstrap *out = NULL;
    nrd_error err = {0};

    if (nrd_bootstrap_new(design, &out, &err) != NRD_OK) {
        fail_msg("%s", err.message);
    }
    return out;
}

#endif
