/* Permutation tests: what is asked for is checked, results are read. */

#include "permutation_private.h"

#include <inttypes.h>
#include <math.h>

#include "status_private.h"

/* Ranks and tau stay whole numbers of 53 bits. */
#define MOST_ROWS ((size_t) 1 << 26)

static int
has_samples(nrd_statistic statistic)
{
    return statistic == NRD_STATISTIC_MEAN_DIFFERENCE ||
           statistic == NRD_STATISTIC_QUANTILE;
}

static int
has_x(nrd_statistic statistic)
{
    return statistic != NRD_STATISTIC_MEAN && !has_samples(statistic);
}

static nrd_status
check_pointers(const nrd_permutation_design *design, nrd_error *err)
{
    int missing =
        design->columns == NULL || (has_x(design->statistic) && design->x == NULL);

    missing |= has_samples(design->statistic) && design->sample == NULL;
    for (size_t j = 0; !missing && j < design->n_columns; j++) {
        missing = design->columns[j] == NULL;
    }
    return missing ? nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW,
                         "a pointer that the statistic needs is NULL")
                   : NRD_OK;
}

static nrd_status
check_options(const nrd_permutation_design *design, const nrd_permutation_options *options,
    nrd_error *err)
{
    const int quantile = design->statistic == NRD_STATISTIC_QUANTILE;

    if ((int) options->alternative < 0 || options->alternative > NRD_ALTERNATIVE_ABSOLUTE) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "the alternative is %d, expected 0 to 3", (int) options->alternative);
    }
    if (options->resamples == 0) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW, "there are no resamples");
    }
    if (options->joint != 0 && (quantile || options->enough > 0)) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW, "joint p-values are asked for %s",
            quantile ? "of quantiles, which have no common scale"
                     : "where columns stop at different times");
    }
    if (quantile &&
        (!(design->p >= 0.0 && design->p <= 1.0) || design->type < 1 || design->type > 9)) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "p is %g and the type %d, expected a number in [0, 1] and 1 to 9", design->p,
            (int) design->type);
    }
    return NRD_OK;
}

static nrd_status
check_finite(const double *values, size_t n, nrd_error *err)
{
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(values[i])) {
            return nrdi_fail(
                err, NRD_E_DOMAIN, i, "the value is %g, expected a number", values[i]);
        }
    }
    return NRD_OK;
}

static nrd_status
check_samples(const nrd_permutation_design *design, nrd_error *err)
{
    size_t ones = 0;

    for (size_t i = 0; i < design->n; i++) {
        if (design->sample[i] > 1) {
            return nrdi_fail(err, NRD_E_DOMAIN, i, "the sample is %d, expected 0 or 1",
                (int) design->sample[i]);
        }
        ones += design->sample[i];
    }
    if (ones == 0 || ones == design->n) {
        return nrdi_fail(
            err, NRD_E_SIZE, NRD_NO_ROW, "sample %d is empty", ones == 0 ? 1 : 0);
    }
    return NRD_OK;
}

/* Numbers before each part have to ascend from 0 to all. */
static nrd_status
check_parts(
    const uint64_t *before, size_t parts, size_t all, const char *name, nrd_error *err)
{
    if (parts == 0 || before[0] != 0 || before[parts] != all) {
        return nrdi_fail(
            err, NRD_E_DOMAIN, NRD_NO_ROW, "the %s do not go from 0 to %zu", name, all);
    }
    for (size_t i = 0; i < parts; i++) {
        if (before[i + 1] <= before[i]) {
            return nrdi_fail(err, NRD_E_DOMAIN, i,
                "the %s go from %" PRIu64 " to %" PRIu64 ", expected more", name, before[i],
                before[i + 1]);
        }
    }
    return NRD_OK;
}

static nrd_status
check_rows(const nrd_permutation_design *design, nrd_error *err)
{
    const size_t units = design->unit_rows != NULL ? design->units : design->n;

    if (has_x(design->statistic)) {
        NRDI_TRY(check_finite(design->x, design->n, err));
    }
    if (has_samples(design->statistic)) {
        NRDI_TRY(check_samples(design, err));
    }
    for (size_t j = 0; j < design->n_columns; j++) {
        NRDI_TRY(check_finite(design->columns[j], design->n, err));
    }
    if (design->unit_rows != NULL) {
        NRDI_TRY(check_parts(design->unit_rows, units, design->n, "rows of units", err));
    }
    return design->stratum_units == NULL
               ? NRD_OK
               : check_parts(
                     design->stratum_units, design->strata, units, "units of strata", err);
}

static nrd_status
check(const nrd_permutation_design *design, const nrd_permutation_options *options,
    nrd_permutation **out, nrd_error *err)
{
    if (design == NULL || options == NULL || out == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "a pointer is NULL");
    }
    if (design->statistic < NRD_STATISTIC_MEAN || design->statistic > NRD_STATISTIC_SLOPE) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "the statistic is %d, expected 1 to 7", (int) design->statistic);
    }
    NRDI_TRY(check_pointers(design, err));
    if (design->n == 0 || design->n > MOST_ROWS || design->n_columns == 0 ||
        design->n_columns > UINT32_MAX) {
        return nrdi_fail(err, NRD_E_SIZE, NRD_NO_ROW,
            "there are %zu rows in %zu columns, expected 1 to %zu rows and a column",
            design->n, design->n_columns, MOST_ROWS);
    }
    NRDI_TRY(check_options(design, options, err));
    return check_rows(design, err);
}

static nrd_status
allocate_sides(nrd_permutation *test, nrd_error *err)
{
    const nrd_alternative alternative = test->options.alternative;

    test->sides = alternative == NRD_ALTERNATIVE_TWO_SIDED ? 2 : 1;
    for (size_t s = 0; s < test->sides; s++) {
        nrdi_side *side = &test->side[s];

        side->side = test->sides == 1 ? alternative
                     : s == 0         ? NRD_ALTERNATIVE_GREATER
                                      : NRD_ALTERNATIVE_LESS;
        side->extreme = nrdi_malloc(test->columns, sizeof *side->extreme);
        side->used = nrdi_malloc(test->columns, sizeof *side->used);
        side->joint = nrdi_malloc(test->columns, sizeof *side->joint);
        side->rank = nrdi_malloc(test->columns, sizeof *side->rank);
        side->data = nrdi_malloc(test->columns, sizeof *side->data);
        if (side->extreme == NULL || side->used == NULL || side->joint == NULL ||
            side->rank == NULL || side->data == NULL) {
            return nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for counts");
        }
    }
    test->open = (uint64_t) test->sides * test->columns;
    return NRD_OK;
}

/* Columns by how extreme the data are, the most extreme first. */
static nrd_status
rank_columns(nrd_permutation *test, nrd_error *err)
{
    for (size_t s = 0; s < test->sides && test->options.joint != 0; s++) {
        nrdi_side *side = &test->side[s];
        nrdi_entry *entries = nrdi_malloc(test->columns, 2 * sizeof *entries);

        if (entries == NULL) {
            return nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW, "no memory to sort columns");
        }
        for (size_t j = 0; j < test->columns; j++) {
            const nrdi_permuted *column = &test->column[j];

            side->data[j] =
                nrdi_permutation_extremeness(column, column->estimate, side->side);
            entries[j] = (nrdi_entry){nrdi_order_key(-side->data[j]), j};
        }
        nrdi_order_entries(entries, entries + test->columns, test->columns);
        for (size_t i = 0; i < test->columns; i++) {
            side->rank[i] = (uint32_t) entries[i].item;
            side->data[i] = -nrdi_order_value(entries[i].key);
        }
        nrdi_free(entries);
    }
    return NRD_OK;
}

nrd_status
nrd_permutation_new(const nrd_permutation_design *design,
    const nrd_permutation_options *options, nrd_permutation **out, nrd_error *err)
{
    nrd_permutation *test;
    nrd_status status;

    NRDI_TRY(check(design, options, out, err));
    test = nrdi_malloc(1, sizeof *test);
    if (test == NULL) {
        return nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for a test");
    }
    test->statistic = design->statistic;
    test->options = *options;
    test->n = design->n;
    test->room = (design->n + NRDI_ROOM - 1) / NRDI_ROOM * NRDI_ROOM;
    test->columns = design->n_columns;
    test->column = nrdi_malloc(test->columns, sizeof *test->column);
    status = test->column != NULL
                 ? allocate_sides(test, err)
                 : nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for the columns");
    if (status == NRD_OK) {
        status = nrdi_permutation_prepare(test, design, err);
    }
    if (status == NRD_OK) {
        status = rank_columns(test, err);
    }
    if (status != NRD_OK) {
        nrd_permutation_free(test);
        return status;
    }
    test->total = options->resamples;
    if (nrd_permutation_is_exact(test)) {
        test->total = test->units.arrangements;
        test->options.enough = 0; /* they come in no random order, and are few */
    }
    *out = test;
    return NRD_OK;
}

void
nrd_permutation_free(nrd_permutation *test)
{
    if (test == NULL) {
        return;
    }
    for (size_t j = 0; test->column != NULL && j < test->columns; j++) {
        nrdi_free(test->column[j].sum);
        nrdi_free(test->column[j].order);
        nrdi_free(test->column[j].level);
    }
    for (size_t s = 0; s < NRDI_SIDES; s++) {
        nrdi_free(test->side[s].extreme);
        nrdi_free(test->side[s].used);
        nrdi_free(test->side[s].joint);
        nrdi_free(test->side[s].rank);
        nrdi_free(test->side[s].data);
    }
    nrdi_exchanges_free(&test->units);
    nrdi_free(test->x);
    nrdi_free(test->ranks);
    nrdi_free(test->centred.value);
    nrdi_free(test->y);
    nrdi_free(test->level);
    nrdi_free(test->column);
    nrdi_free(test);
}

uint64_t
nrd_permutation_arrangements(const nrd_permutation *test)
{
    return test->units.arrangements;
}

int
nrd_permutation_is_exact(const nrd_permutation *test)
{
    return test->units.arrangements <= test->options.resamples &&
           test->units.arrangements < UINT64_MAX;
}

uint64_t
nrd_permutation_left(const nrd_permutation *test)
{
    return test->open > 0 ? test->total - test->done : 0;
}

void
nrd_permutation_observed(const nrd_permutation *test, double *out)
{
    for (size_t j = 0; j < test->columns; j++) {
        out[j] = test->column[j].observed;
    }
}

/* Extreme ones over all; with the data themselves where arrangements were drawn, but not
 * where drawing ended with an extreme one. */
static double
p_of(const nrd_permutation *test, uint64_t extreme, uint64_t used)
{
    const uint64_t enough = test->options.enough;
    const int data = !nrd_permutation_is_exact(test) && (enough == 0 || extreme < enough);

    return ((double) extreme + data) / ((double) used + data);
}

/* The side that counts: that with the smaller p. */
static size_t
side_of(const nrd_permutation *test, size_t j)
{
    const nrdi_side *side = test->side;

    return test->sides == 2 && p_of(test, side[1].extreme[j], side[1].used[j]) <
                                   p_of(test, side[0].extreme[j], side[0].used[j]);
}

void
nrd_permutation_p(const nrd_permutation *test, double *out)
{
    for (size_t j = 0; j < test->columns; j++) {
        const nrdi_side *side = &test->side[side_of(test, j)];
        const double p = p_of(test, side->extreme[j], side->used[j]);

        out[j] = fmin((double) test->sides * p, 1.0);
    }
}

void
nrd_permutation_counts(const nrd_permutation *test, nrd_permutation_count *out)
{
    for (size_t j = 0; j < test->columns; j++) {
        const nrdi_side *side = &test->side[side_of(test, j)];

        out[j] = (nrd_permutation_count){side->extreme[j], side->used[j]};
    }
}

void
nrd_permutation_adjusted(const nrd_permutation *test, double *out)
{
    for (size_t j = 0; j < test->columns; j++) {
        out[j] = test->options.joint != 0 ? INFINITY : (double) NAN;
    }
    for (size_t s = 0; s < test->sides && test->options.joint != 0; s++) {
        const nrdi_side *side = &test->side[s];
        double p = 0.0;

        for (size_t i = 0; i < test->columns; i++) {
            const size_t j = side->rank[i];

            p = fmax(p, p_of(test, side->joint[j], side->used[j]));
            out[j] = fmin(out[j], fmin((double) test->sides * p, 1.0));
        }
    }
}
