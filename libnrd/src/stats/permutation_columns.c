/* What stays the same in all arrangements of a column: its order, bounds of rounding, the
 * middle, the statistic of the data. */

#include "permutation_private.h"

#include <math.h>

#include "status_private.h"

nrd_status
nrdi_permutation_levels(const double *values, size_t n, int by_row, uint32_t *order_out,
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

double
nrdi_permutation_pairs(const uint32_t *level, size_t n)
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

/* What brings a spread to 1. Next to nothing is what rounding leaves of a column that does
 * not vary within exchanges: no arrangement changes its sum, and it is as it is in all. */
static double
scale_of(double square, const nrdi_permuted *own)
{
    return square > 0x1p-44 * own->from.norm * own->from.norm ? 1.0 / sqrt(square) : 0.0;
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
        own->scale = scale_of(nrd_exact_round(&spread), own);
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
    own->scale = scale_of(nrd_exact_round(&squares), own);
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
        nrdi_permutation_levels(
            column->y, test->n, 0, column->order, column->level, &levels) != NRD_OK) {
        return nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for column %zu", j);
    }
    untied = nrdi_permutation_pairs(column->level, test->n);
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
        nrdi_permutation_levels(
            column->y, test->n, 0, column->order, own->source, &levels) != NRD_OK) {
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

nrd_status
nrdi_permutation_column(nrd_permutation *test, size_t j, nrdi_arranged *own, nrd_error *err)
{
    switch ((int) test->statistic) {
    case NRD_STATISTIC_KENDALL: return prepare_tau(test, j, own, err);
    case NRD_STATISTIC_QUANTILE: return prepare_quantile(test, j, own, err);
    default: return prepare_product(test, j, own, err);
    }
}
