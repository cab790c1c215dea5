/* Designs: checked, copied and prepared. */

#include "bootstrap_private.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "status_private.h"

/* So many rows can be numbered in 32 bits, whatever is added. */
#define ROWS_MOST 2147483647U

/* The greatest Poisson number of mean 1 that is drawn. */
#define POISSON_MOST 22.0

/* Weights add up to less, so that sums of slices and products of ranks fit. */
#define SUMS_MOST 0x1p40
#define RANKS_MOST 0x1p31

static int
is_relation(nrd_statistic statistic)
{
    return statistic == NRD_STATISTIC_PEARSON || statistic == NRD_STATISTIC_SPEARMAN ||
           statistic == NRD_STATISTIC_KENDALL || statistic == NRD_STATISTIC_SLOPE;
}

static nrd_status
check_columns(const nrd_bootstrap_design *design, nrd_error *err)
{
    const size_t expected = design->statistic == NRD_STATISTIC_NONE ? 0
                            : is_relation(design->statistic)        ? 2
                                                                    : 1;

    if (design->n < 1 || design->n > ROWS_MOST) {
        return nrdi_fail(err, NRD_E_SIZE, NRD_NO_ROW,
            "there are %zu rows, expected 1 to 2147483647", design->n);
    }
    if (design->n_columns != expected &&
        !(design->statistic == NRD_STATISTIC_MEAN && design->n_columns > 0 &&
            design->n_columns < SIZE_MAX / 64)) {
        return nrdi_fail(err, NRD_E_SIZE, NRD_NO_ROW,
            "there are %zu columns, expected %s%zu", design->n_columns,
            design->statistic == NRD_STATISTIC_MEAN ? "at least " : "", expected);
    }
    for (size_t c = 0; c < design->n_columns; c++) {
        for (size_t i = 0; i < design->n; i++) {
            if (!isfinite(design->columns[c][i])) {
                return nrdi_fail(err, NRD_E_DOMAIN, i,
                    "column %zu is %g, expected a finite number", c, design->columns[c][i]);
            }
        }
    }
    return NRD_OK;
}

static nrd_status
check_samples(const nrd_bootstrap_design *design, nrd_error *err)
{
    size_t rows[2] = {0, 0};

    if (design->statistic != NRD_STATISTIC_MEAN_DIFFERENCE) {
        return NRD_OK;
    }
    for (size_t i = 0; i < design->n; i++) {
        if (design->sample[i] > 1) {
            return nrdi_fail(err, NRD_E_DOMAIN, i, "the sample is %u, expected 0 or 1",
                (unsigned) design->sample[i]);
        }
        rows[design->sample[i]]++;
    }
    return rows[0] > 0 && rows[1] > 0 ? NRD_OK
                                      : nrdi_fail(err, NRD_E_SIZE, NRD_NO_ROW,
                                            "sample %d has no rows", rows[0] > 0);
}

static nrd_status
check_options(const nrd_bootstrap_design *design, nrd_error *err)
{
    const int grouped = design->unit_rows != NULL || design->stratum_units != NULL;

    if (design->statistic == NRD_STATISTIC_QUANTILE) {
        if (!(design->p >= 0.0 && design->p <= 1.0)) {
            return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
                "p is %g, expected a number in [0, 1]", design->p);
        }
        if (design->type < 1 || design->type > 9) {
            return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
                "the type is %d, expected 1 to 9", (int) design->type);
        }
    }
    if (nrdi_is_block(design->scheme) && (design->block < 1 || design->block > design->n)) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "the blocks have %zu rows, expected 1 to %zu", design->block, design->n);
    }
    if (nrdi_is_block(design->scheme) && grouped) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "there are clusters or strata, expected none with blocks");
    }
    if (design->scheme == NRD_SCHEME_POISSON && design->stratum_units != NULL) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "there are strata, expected none with Poisson numbers");
    }
    return NRD_OK;
}

/* Offsets start at 0 and ascend to the end; a stratum has two units or more. */
static nrd_status
check_offsets(
    const uint64_t *before, size_t parts, uint64_t end, const char *what, nrd_error *err)
{
    const uint64_t least = what[0] == 's' ? 2 : 1;

    if (parts < 1 || parts > end || before[0] != 0 || before[parts] != end) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "%zu %s do not go from 0 to %" PRIu64, parts, what, end);
    }
    for (size_t k = 0; k < parts; k++) {
        if (before[k + 1] <= before[k] || before[k + 1] > end) {
            return nrdi_fail(err, NRD_E_DOMAIN, k,
                "%s end at %" PRIu64 " after %" PRIu64 ", expected more", what,
                before[k + 1], before[k]);
        }
        if (before[k + 1] - before[k] < least) {
            return nrdi_fail(err, NRD_E_SIZE, k,
                "the stratum has one unit, expected at least 2: all replicates would have "
                "it once");
        }
    }
    return NRD_OK;
}

static nrd_status
check_parts(const nrd_bootstrap_design *design, nrd_error *err)
{
    size_t units = design->n;

    if (design->unit_rows != NULL) {
        units = design->units;
        NRDI_TRY(check_offsets(design->unit_rows, units, design->n, "clusters", err));
    }
    if (units < 2 && design->scheme != NRD_SCHEME_POISSON) {
        return nrdi_fail(err, NRD_E_SIZE, NRD_NO_ROW,
            "there is one %s, expected at least 2",
            design->unit_rows != NULL ? "cluster" : "row");
    }
    if (design->stratum_units != NULL) {
        NRDI_TRY(
            check_offsets(design->stratum_units, design->strata, units, "strata", err));
    }
    return NRD_OK;
}

static nrd_status
check(const nrd_bootstrap_design *design, nrd_bootstrap **out, nrd_error *err)
{
    if (design == NULL || out == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "the design or out is NULL");
    }
    if ((int) design->statistic < NRD_STATISTIC_NONE ||
        design->statistic > NRD_STATISTIC_SLOPE) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "the statistic is %d, expected 0 to 7", (int) design->statistic);
    }
    if ((int) design->scheme < NRD_SCHEME_MULTINOMIAL ||
        design->scheme > NRD_SCHEME_CIRCULAR) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW, "the scheme is %d, expected 0 to 3",
            (int) design->scheme);
    }
    for (size_t c = 0; c < design->n_columns; c++) {
        if (design->columns == NULL || design->columns[c] == NULL) {
            return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "column %zu is NULL", c);
        }
    }
    if (design->statistic == NRD_STATISTIC_MEAN_DIFFERENCE && design->sample == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "the samples are NULL");
    }
    NRDI_TRY(check_columns(design, err));
    NRDI_TRY(check_samples(design, err));
    NRDI_TRY(check_options(design, err));
    return check_parts(design, err);
}

/* A copy of an array, or NULL of NULL; *failed is set where there is no memory. */
static void *
copy(const void *array, size_t count, size_t size, int *failed)
{
    void *own = array != NULL ? nrdi_malloc(count, size) : NULL;

    if (own != NULL) {
        memcpy(own, array, count * size);
    }
    *failed |= own == NULL && array != NULL;
    return own;
}

/* What the weights of the rows add up to at most: each stratum's draws all hit the largest
 * unit. */
static double
most_weight(const nrd_bootstrap *of)
{
    double most = 0.0;

    if (of->unit_rows == NULL || of->scheme == NRD_SCHEME_POISSON) {
        return of->scheme == NRD_SCHEME_POISSON ? POISSON_MOST * (double) of->n
                                                : (double) of->n;
    }
    for (size_t h = 0; h < of->strata; h++) {
        uint64_t largest = 0;

        for (uint64_t u = of->stratum_units[h]; u < of->stratum_units[h + 1]; u++) {
            const uint64_t rows = of->unit_rows[u + 1] - of->unit_rows[u];

            largest = rows > largest ? rows : largest;
        }
        most +=
            (double) largest * (double) (of->stratum_units[h + 1] - of->stratum_units[h]);
    }
    return most;
}

/* The parts of a design that belong to its scheme; 0 where there is no memory. */
static int
copy_design(nrd_bootstrap *of, const nrd_bootstrap_design *design)
{
    const uint64_t all[2] = {
        0, design->unit_rows != NULL ? (uint64_t) design->units : (uint64_t) design->n};
    const int one = design->stratum_units == NULL;
    int failed = 0;

    of->statistic = design->statistic;
    of->scheme = design->scheme;
    of->n = design->n;
    of->n_columns = design->n_columns;
    of->units = (size_t) all[1];
    of->strata = one ? 1 : design->strata;
    of->p = design->p;
    of->type = design->type;
    of->width = of->statistic == NRD_STATISTIC_MEAN ? of->n_columns
                                                    : of->statistic != NRD_STATISTIC_NONE;
    if (nrdi_is_block(of->scheme)) {
        of->block = design->block;
        of->units = of->n - (of->scheme == NRD_SCHEME_MOVING ? of->block - 1 : 0);
    }
    of->unit_rows = copy(design->unit_rows, of->units + 1, sizeof *of->unit_rows, &failed);
    of->stratum_units = copy(one ? all : design->stratum_units, of->strata + 1,
        sizeof *of->stratum_units, &failed);
    of->key = copy(design->key, of->units, sizeof *of->key, &failed);
    of->sample = of->statistic == NRD_STATISTIC_MEAN_DIFFERENCE
                     ? copy(design->sample, of->n, sizeof *of->sample, &failed)
                     : NULL;
    return !failed;
}

nrd_status
nrd_bootstrap_new(const nrd_bootstrap_design *design, nrd_bootstrap **out, nrd_error *err)
{
    nrd_status status = NRD_E_MEMORY;
    nrd_bootstrap *of = NULL;
    double limit;

    NRDI_TRY(check(design, out, err));
    of = nrdi_malloc(1, sizeof *of);
    if (of == NULL || !copy_design(of, design)) {
        goto done;
    }
    of->most = most_weight(of);
    limit = nrdi_is_sums(of) ? SUMS_MOST : RANKS_MOST;
    if (of->most >= limit) {
        status = nrdi_fail(err, NRD_E_SIZE, NRD_NO_ROW,
            "a resample may have %.0f rows, expected fewer than %.0f", of->most, limit);
        nrd_bootstrap_free(of);
        return status;
    }
    status = of->statistic == NRD_STATISTIC_NONE ? NRD_OK
             : nrdi_is_sums(of)                  ? nrdi_sums_prepare(of, design)
                                                 : nrdi_ranks_prepare(of, design);
done:
    if (status != NRD_OK) {
        nrd_bootstrap_free(of);
        return nrdi_fail(
            err, status, NRD_NO_ROW, "no memory for a bootstrap of %zu rows", design->n);
    }
    *out = of;
    return NRD_OK;
}

void
nrd_bootstrap_free(nrd_bootstrap *bootstrap)
{
    if (bootstrap == NULL) {
        return;
    }
    for (size_t c = 0; bootstrap->column != NULL && c < bootstrap->n_columns; c++) {
        nrdi_free(bootstrap->column[c]);
    }
    nrdi_free((void *) bootstrap->column);
    nrdi_free(bootstrap->unit_rows);
    nrdi_free(bootstrap->stratum_units);
    nrdi_free(bootstrap->key);
    nrdi_free(bootstrap->sample);
    nrdi_free(bootstrap->centre);
    nrdi_free(bootstrap->exponent);
    nrdi_free(bootstrap->sliced);
    nrdi_free(bootstrap->order);
    nrdi_free(bootstrap->group[0]);
    nrdi_free(bootstrap->group[1]);
    nrdi_free(bootstrap->sorted);
    nrdi_slices_free(&bootstrap->slices);
    nrdi_slices_free(&bootstrap->units_sliced);
    nrdi_free(bootstrap);
}

size_t
nrd_bootstrap_width(const nrd_bootstrap *bootstrap)
{
    return bootstrap->width;
}

size_t
nrd_bootstrap_units(const nrd_bootstrap *bootstrap)
{
    return bootstrap->units;
}
