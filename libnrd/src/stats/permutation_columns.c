/* What stays the same in all arrangements: ranks, centres, bounds of rounding, the
 * statistic of the data. */

#include "permutation_private.h"

#include <math.h>

#include "status_private.h"

/* Rows in the order of values, and the place of each among the different values: for each
 * row where by_row, else for each place in the order. Their number is returned. */
static nrd_status
set_levels(const double *values, size_t n, int by_row, uint32_t *order_out,
    uint32_t *level_out, size_t *levels_out)
{
    nrdi_entry *entries = NULL;
    uint32_t level = 0;

    NRDI_TRY(nrdi_order_sorted(values, NULL, n, &entries, NULL));
    for (size_t i = 0; i < n; i++) {
        level += i > 0 && entries[i].key != entries[i - 1].key;
        level_out[by_row ? entries[i].item : i] = level;
        if (order_out != NULL) {
            order_out[i] = (uint32_t) entries[i].item;
        }
    }
    *levels_out = (size_t) level + 1;
    nrdi_free(entries);
    return NRD_OK;
}

/* Pairs of different values. */
static double
pairs(const uint32_t *level, size_t n)
{
    double out = (double) n * (double) (n - 1) / 2.0;

    for (size_t i = 0, first = 0; i < n; i++) {
        first = i > 0 && level[i] == level[i - 1] ? first : i;
        out -= (double) (i - first); /* exact: n is at most 2^26 */
    }
    return out;
}

/* Exact sum of row k of all units of an exchange, rounded. */
static double
sum_of_rows(
    const nrdi_exchanges *units, const nrdi_exchange *among, size_t k, const double *values)
{
    nrd_exact sum;

    nrd_exact_init(&sum);
    for (size_t i = among->first; i < among->first + among->count; i++) {
        nrd_exact_add(&sum, values[units->start[units->member[i]] + k]);
    }
    return nrd_exact_round(&sum);
}

/* Over all arrangements the mean of the sum of products, and the size of its terms; what is
 * left of the sum of squares of y where the means of exchanges are taken out. */
static void
set_middle(const nrd_permutation *test, nrdi_permuted *own, double *size_out)
{
    const nrdi_exchanges *units = &test->units;
    nrd_exact middle, size, spread;

    nrd_exact_init(&middle);
    nrd_exact_init(&size);
    nrd_exact_init(&spread);
    for (size_t e = 0; e < units->exchanges; e++) {
        const nrdi_exchange *among = &units->exchange[e];

        for (size_t k = 0; k < among->rows; k++) {
            const double x = sum_of_rows(units, among, k, test->centred.value);
            const double y = sum_of_rows(units, among, k, own->from.value);
            const double mean = y / (double) among->count;

            nrd_exact_add(&middle, x * mean);
            nrd_exact_add(&size, fabs(x * mean));
            nrd_exact_add_product(&spread, -y, mean);
        }
    }
    own->middle = nrd_exact_round(&middle);
    *size_out = nrd_exact_round(&size);
    if (nrd_exact_add_products(&spread, own->from.value, own->from.value, test->n, NULL) ==
        NRD_OK) {
        const double square = nrd_exact_round(&spread);

        own->scale = square > 0.0 ? 1.0 / sqrt(square) : 0.0;
    }
}

/* Turning signs: the middle is 0, and the spread that of the sums of units. */
static void
set_spread_of_units(const nrd_permutation *test, nrdi_permuted *own)
{
    const nrdi_exchanges *units = &test->units;
    nrd_exact squares, sum;
    double square;

    nrd_exact_init(&squares);
    for (size_t u = 0; u < units->units; u++) {
        nrd_exact_init(&sum);
        for (size_t i = units->start[u]; i < units->start[u + 1]; i++) {
            nrd_exact_add(&sum, own->from.value[i]);
        }
        square = nrd_exact_round(&sum);
        nrd_exact_add_product(&squares, square, square);
    }
    square = nrd_exact_round(&squares);
    own->scale = square > 0.0 ? 1.0 / sqrt(square) : 0.0;
}

/* From estimates to the statistic. */
static void
set_unit(const nrd_permutation *test, nrdi_permuted *own)
{
    const double n = (double) test->n;
    double x = 0.0, y = 0.0, xx, yy;
    nrd_exact sum;

    if (test->statistic == NRD_STATISTIC_MEAN) {
        own->unit = own->from.unit / n;
        return;
    }
    nrd_exact_init(&sum);
    if (nrd_exact_add_array(&sum, test->centred.value, test->n, 1, NULL) == NRD_OK) {
        x = nrd_exact_round(&sum);
    }
    nrd_exact_init(&sum);
    if (nrd_exact_add_array(&sum, own->from.value, test->n, 1, NULL) == NRD_OK) {
        y = nrd_exact_round(&sum);
    }
    xx = test->centred.norm * test->centred.norm - x * x / n;
    yy = own->from.norm * own->from.norm - y * y / n;
    own->origin = x * y / n;
    own->unit = own->from.unit / (test->centred.unit * xx);
    if (test->statistic == NRD_STATISTIC_PEARSON ||
        test->statistic == NRD_STATISTIC_SPEARMAN) {
        own->unit = 1.0 / sqrt(xx * yy);
    }
}

/* A sum of n products is off by at most n 2^-53 times the product of the norms, and by 3
 * more for the centring of both values and their product; not at all where it has no more
 * bits than a double. */
static nrd_status
set_bound(nrd_permutation *test, nrdi_permuted *own, nrd_error *err)
{
    const nrdi_centred *x = &test->centred, *y = &own->from;
    int length = 0;

    while (test->n >> length > 0) {
        length++;
    }
    if (x->bits >= 0 && y->bits >= 0 && x->bits + y->bits + length <= 53) {
        own->bound = 0.0;
        return NRD_OK;
    }
    own->bound = ((double) test->n + 4.0) * 0x1p-53 * x->norm * y->norm;
    own->sum = nrdi_malloc(1, sizeof *own->sum);
    if (own->sum == NULL) {
        return nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for an exact sum");
    }
    nrd_exact_init(own->sum);
    return test->x == NULL
               ? nrd_exact_add_array(own->sum, own->y, test->n, 1, err)
               : nrd_exact_add_products(own->sum, test->x, own->y, test->n, err);
}

static nrd_status
prepare_product(nrd_permutation *test, size_t j, nrdi_arranged *own, nrd_error *err)
{
    nrdi_permuted *column = &test->column[j];
    const int signs = test->statistic == NRD_STATISTIC_MEAN;
    double size = 0.0;

    column->from.value = test->y + j * test->room;
    NRDI_TRY(nrdi_centre(column->y, test->n, signs, &column->from, j, err));
    NRDI_TRY(set_bound(test, column, err));
    if (signs) {
        set_spread_of_units(test, column);
    } else {
        set_middle(test, column, &size);
    }
    set_unit(test, column);
    NRDI_TRY(nrdi_permutation_observe(test, j, err));
    column->estimate = nrdi_permutation_estimate_one(test, own, j);
    column->other_side = 2.0 * column->middle - column->estimate;
    column->other_bound = 2.0 * column->bound;
    if (!signs) {
        column->other_bound += 0x1p-50 * (size + fabs(column->estimate));
    }
    column->joint_bound =
        (2.0 * column->bound + 0x1p-48 * (test->centred.norm * column->from.norm + size)) *
        column->scale;
    return NRD_OK;
}

static nrd_status
prepare_tau(nrd_permutation *test, size_t j, nrdi_arranged *own, nrd_error *err)
{
    nrdi_permuted *column = &test->column[j];
    size_t levels;
    double untied;

    column->order = nrdi_malloc(test->n, sizeof *column->order);
    column->level = nrdi_malloc(test->n, sizeof *column->level);
    if (column->order == NULL || column->level == NULL ||
        set_levels(column->y, test->n, 0, column->order, column->level, &levels) !=
            NRD_OK) {
        return nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for column %zu", j);
    }
    untied = pairs(column->level, test->n);
    if (levels < 2) {
        return nrdi_fail(err, NRD_E_CONFLICT, j, "the column does not vary");
    }
    column->unit = 1.0 / sqrt(test->untied * untied);
    column->scale = 1.0 / sqrt(untied);
    column->estimate = nrdi_permutation_estimate_one(test, own, j);
    column->observed = column->estimate / sqrt(test->untied * untied);
    column->other_side = -column->estimate;
    column->joint_bound = 0x1p-48 * sqrt(test->untied);
    return NRD_OK;
}

static nrd_status
prepare_quantile(nrd_permutation *test, size_t j, nrdi_arranged *own, nrd_error *err)
{
    nrdi_permuted *column = &test->column[j];
    double greatest = 0.0;
    size_t levels;

    column->order = nrdi_malloc(test->n, sizeof *column->order);
    column->sum = nrdi_malloc(1, sizeof *column->sum);
    if (column->order == NULL || column->sum == NULL ||
        set_levels(column->y, test->n, 0, column->order, own->source, &levels) != NRD_OK) {
        return nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for column %zu", j);
    }
    for (size_t i = 0; i < test->n; i++) {
        own->source[i] = (uint32_t) i;
        greatest = fmax(greatest, fabs(column->y[i]));
    }
    column->unit = 1.0;
    column->estimate = nrdi_permutation_estimate_one(test, own, j);
    column->bound = 0x1p-49 * greatest;
    nrd_exact_init(column->sum);
    nrdi_permutation_add_picked(test, own->picked, column->sum);
    column->observed = nrd_exact_round(column->sum);
    column->other_side = -column->estimate;
    column->other_bound = 2.0 * column->bound;
    return NRD_OK;
}

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

static nrd_status
prepare_x(nrd_permutation *test, const nrd_permutation_design *design, nrd_error *err)
{
    uint32_t *sorted = NULL;
    nrd_status status = NRD_OK;
    size_t samples[2] = {0};

    switch ((int) test->statistic) {
    case NRD_STATISTIC_KENDALL:
        test->level = nrdi_malloc(test->n, sizeof *test->level);
        sorted = nrdi_malloc(test->n, sizeof *sorted);
        if (test->level == NULL || sorted == NULL ||
            set_levels(test->x, test->n, 1, NULL, test->level, &test->levels) != NRD_OK ||
            set_levels(test->x, test->n, 0, NULL, sorted, &test->levels) != NRD_OK) {
            status = nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for x");
        } else {
            test->untied = pairs(sorted, test->n);
        }
        nrdi_free(sorted);
        return status;
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
        switch ((int) test->statistic) {
        case NRD_STATISTIC_KENDALL: NRDI_TRY(prepare_tau(test, j, own, err)); break;
        case NRD_STATISTIC_QUANTILE: NRDI_TRY(prepare_quantile(test, j, own, err)); break;
        default: NRDI_TRY(prepare_product(test, j, own, err)); break;
        }
        test->joint_bound = fmax(test->joint_bound, 2.0 * test->column[j].joint_bound);
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
