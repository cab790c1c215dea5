/* A test before its first arrangement: x, who is exchanged, the columns. */

#include "permutation_private.h"

#include <math.h>

#include "status_private.h"

static int
varies(const double *values, size_t n)
{
    size_t i = 1;

    while (i < n && values[i] == values[0]) {
        i++;
    }
    return i < n;
}

/* What counts of x: its values, ranks, or the sample as a number. */
static nrd_status
set_x(nrd_permutation *test, const nrd_permutation_design *design, nrd_error *err)
{
    const int ranked = design->statistic == NRD_STATISTIC_SPEARMAN;
    const int samples = design->statistic == NRD_STATISTIC_MEAN_DIFFERENCE ||
                        design->statistic == NRD_STATISTIC_QUANTILE;

    if (design->statistic == NRD_STATISTIC_MEAN) {
        return NRD_OK;
    }
    if (!samples && !varies(design->x, test->n)) {
        return nrdi_fail(err, NRD_E_CONFLICT, NRD_NO_ROW, "x does not vary");
    }
    test->x = nrdi_malloc(test->n, sizeof *test->x);
    if (test->x == NULL) {
        return nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for x");
    }
    for (size_t i = 0; i < test->n && !ranked; i++) {
        test->x[i] = samples ? 1.0 - design->sample[i] : design->x[i];
    }
    return ranked ? nrd_order_rank(design->x, test->n, NRD_TIES_AVERAGE, test->x, err)
                  : NRD_OK;
}

/* Place of each x among the different ones, and pairs of different x. */
static nrd_status
prepare_levels(nrd_permutation *test, nrd_error *err)
{
    uint32_t *sorted = nrdi_malloc(test->n, sizeof *sorted);
    nrd_status status = NRD_E_MEMORY;

    test->level = nrdi_malloc(test->n, sizeof *test->level);
    if (test->level != NULL && sorted != NULL) {
        status =
            nrdi_permutation_levels(test->x, test->n, 1, NULL, test->level, &test->levels);
    }
    if (status == NRD_OK) {
        status = nrdi_permutation_levels(test->x, test->n, 0, NULL, sorted, &test->levels);
    }
    if (status == NRD_OK) {
        test->untied = nrdi_permutation_pairs(sorted, test->n);
    } else {
        (void) nrdi_fail(err, status, NRD_NO_ROW, "no memory for x");
    }
    nrdi_free(sorted);
    return status;
}

static nrd_status
prepare_x(nrd_permutation *test, const nrd_permutation_design *design, nrd_error *err)
{
    size_t samples[2] = {0};

    switch ((int) test->statistic) {
    case NRD_STATISTIC_KENDALL: return prepare_levels(test, err);
    case NRD_STATISTIC_QUANTILE:
        for (size_t i = 0; i < test->n; i++) {
            samples[design->sample[i]]++;
        }
        for (size_t s = 0; s < 2; s++) {
            test->at[s] = nrdi_quantile_locate(design->p, samples[s], design->type);
        }
        return NRD_OK;
    case NRD_STATISTIC_MEAN:
        /* 1 and -1: their norm, and no bit below 1. */
        test->centred.norm = sqrt((double) test->n) * (1.0 + 0x1p-50);
        return NRD_OK;
    default: break;
    }
    test->centred.value = nrdi_malloc(test->room, sizeof *test->centred.value);
    if (test->centred.value == NULL) {
        return nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for x");
    }
    return nrdi_centre(test->x, test->n, 0, &test->centred, NRD_NO_ROW, err);
}

/* The columns, or where ranks count their ranks. */
static nrd_status
set_columns(nrd_permutation *test, const nrd_permutation_design *design, nrd_error *err)
{
    if (design->statistic == NRD_STATISTIC_SPEARMAN) {
        test->ranks = nrdi_malloc(test->n, test->columns * sizeof *test->ranks);
        if (test->ranks == NULL) {
            return nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for ranks");
        }
    }
    for (size_t j = 0; j < test->columns; j++) {
        test->column[j].y = design->columns[j];
        if (test->ranks != NULL) {
            double *ranks = test->ranks + j * test->n;

            NRDI_TRY(
                nrd_order_rank(design->columns[j], test->n, NRD_TIES_AVERAGE, ranks, err));
            test->column[j].y = ranks;
        }
    }
    return NRD_OK;
}

static nrd_status
prepare_columns(nrd_permutation *test, nrdi_arranged *own, nrd_error *err)
{
    if (test->statistic != NRD_STATISTIC_KENDALL &&
        test->statistic != NRD_STATISTIC_QUANTILE) {
        test->y = nrdi_malloc(test->room, test->columns * sizeof *test->y);
        if (test->y == NULL) {
            return nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for the columns");
        }
    }
    for (size_t i = 0; i < test->n; i++) {
        own->source[i] = (uint32_t) i;
        own->x[i] = 1.0; /* for signs; else it is made from the source */
    }
    for (size_t j = 0; j < test->columns; j++) {
        NRDI_TRY(nrdi_permutation_column(test, j, own, err));
    }
    return NRD_OK;
}

nrd_status
nrdi_permutation_prepare(
    nrd_permutation *test, const nrd_permutation_design *design, nrd_error *err)
{
    nrdi_arranged own = {0};
    nrd_status status;

    NRDI_TRY(set_x(test, design, err));
    NRDI_TRY(prepare_x(test, design, err));
    if (nrdi_exchanges_make(design, test->x, &test->units) != NRD_OK) {
        return nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for the units");
    }
    nrdi_exchanges_count(&test->units, test->x == NULL);
    if (test->units.arrangements < 2) {
        return nrdi_fail(err, NRD_E_CONFLICT, NRD_NO_ROW,
            "nothing can be exchanged: no stratum has two units of one size that differ");
    }
    NRDI_TRY(set_columns(test, design, err));
    status = nrdi_arranged_new(test, &own);
    if (status == NRD_OK) {
        status = prepare_columns(test, &own, err);
    } else {
        (void) nrdi_fail(err, status, NRD_NO_ROW, "no memory for an arrangement");
    }
    nrdi_arranged_free(&own);
    return status;
}
