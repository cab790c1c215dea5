/* Statistics of a resample that follow from sums: means, r and slope. */

#include "bootstrap_private.h"

#include <math.h>

#include <nrd/exact.h>

#include "exact_block_private.h"
#include "status_private.h"

/* Values of a smaller share of the greatest are 0: products keep their last bit. */
#define LEAST_SHARE 0x1p-400

/* A difference of two numbers of about 100 bits, below this share of them, may be nothing.
 */
#define IN_DOUBT 0x1p-80

/* Places of the sums of two samples: number of rows and sum of each. */
enum { ROWS_0, SUM_0, ROWS_1, SUM_1 };

int
nrdi_is_sums(const nrd_bootstrap *of)
{
    return of->statistic == NRD_STATISTIC_MEAN || of->statistic == NRD_STATISTIC_SLOPE ||
           of->statistic == NRD_STATISTIC_MEAN_DIFFERENCE ||
           of->statistic == NRD_STATISTIC_PEARSON;
}

static int
is_relation(const nrd_bootstrap *of)
{
    return of->statistic == NRD_STATISTIC_PEARSON || of->statistic == NRD_STATISTIC_SLOPE;
}

/* A value from which all others are taken without rounding: where the greatest is at most
 * twice the least, their mean, else 0, since then little cancels (P. H. Sterbenz). */
static double
centre_of(const double *values, size_t n)
{
    double least = values[0], greatest = values[0], mean = 0.0;
    nrd_exact sum;

    for (size_t i = 1; i < n; i++) {
        least = values[i] < least ? values[i] : least;
        greatest = values[i] > greatest ? values[i] : greatest;
    }
    if (!((least > 0.0 && greatest / 2.0 <= least) ||
            (greatest < 0.0 && least / 2.0 >= greatest))) {
        return 0.0;
    }
    nrd_exact_init(&sum);
    if (nrd_exact_add_array(&sum, values, n, 1, NULL) != NRD_OK ||
        nrd_exact_mean(&sum, n, &mean, NULL) != NRD_OK) {
        return 0.0;
    }
    return mean;
}

static nrd_status
prepare_column(nrd_bootstrap *of, size_t c, const double *values)
{
    double *own = nrdi_malloc(of->slices.rows, sizeof *own);

    if (own == NULL) {
        return NRD_E_MEMORY;
    }
    of->column[c] = own;
    of->centre[c] = centre_of(values, of->n);
    for (size_t i = 0; i < of->n; i++) {
        own[i] = values[i] - of->centre[c];
    }
    (void) frexp(nrdi_kernels_in_use()->greatest(own, of->n), &of->exponent[c]);
    for (size_t i = 0; i < of->n; i++) {
        const double scaled = ldexp(own[i], -of->exponent[c]);

        of->flushed |= own[i] != 0.0 && fabs(scaled) < LEAST_SHARE;
        own[i] = fabs(scaled) < LEAST_SHARE ? 0.0 : scaled;
    }
    return NRD_OK;
}

/* Cut ones, a column or a product of two into slices, for all rows or for one sample. */
static nrd_status
add_sum(nrd_bootstrap *of, const double *x, const double *y, int sample)
{
    double *high = nrdi_malloc(2 * of->n, sizeof *high), *low;
    nrd_status status;

    if (high == NULL) {
        return NRD_E_MEMORY;
    }
    low = high + of->n;
    for (size_t i = 0; i < of->n; i++) {
        const int in = sample < 0 || of->sample[i] == sample;
        const nrdi_twofold value =
            nrdi_twofold_product(x != NULL ? x[i] : 1.0, y != NULL ? y[i] : 1.0);

        high[i] = in ? value.high : 0.0;
        low[i] = in ? value.low : 0.0;
    }
    status = nrdi_slices_add(
        &of->slices, high, y != NULL ? low : NULL, of->n, &of->sliced[of->n_sliced]);
    of->n_sliced += status == NRD_OK;
    nrdi_free(high);
    return status;
}

static nrd_status
add_sums(nrd_bootstrap *of, const nrd_bootstrap_design *design)
{
    double **x;

    of->slices = nrdi_slices_of(of->n, of->most);
    of->column = nrdi_malloc(of->n_columns, sizeof *of->column);
    of->centre = nrdi_malloc(of->n_columns, sizeof *of->centre);
    of->exponent = nrdi_malloc(of->n_columns, sizeof *of->exponent);
    of->sliced = nrdi_malloc(of->n_columns + 5, sizeof *of->sliced);
    if (of->column == NULL || of->centre == NULL || of->exponent == NULL ||
        of->sliced == NULL) {
        return NRD_E_MEMORY;
    }
    x = of->column;
    for (size_t c = 0; c < of->n_columns; c++) {
        NRDI_TRY(prepare_column(of, c, design->columns[c]));
    }
    if (of->statistic == NRD_STATISTIC_MEAN_DIFFERENCE) {
        NRDI_TRY(add_sum(of, NULL, NULL, 0));
        NRDI_TRY(add_sum(of, x[0], NULL, 0));
        NRDI_TRY(add_sum(of, NULL, NULL, 1));
        return add_sum(of, x[0], NULL, 1);
    }
    NRDI_TRY(add_sum(of, NULL, NULL, -1));
    for (size_t c = 0; c < of->n_columns; c++) {
        NRDI_TRY(add_sum(of, x[c], NULL, -1));
    }
    if (is_relation(of)) {
        NRDI_TRY(add_sum(of, x[0], x[0], -1));
        NRDI_TRY(add_sum(of, x[0], x[1], -1));
        NRDI_TRY(add_sum(of, x[1], x[1], -1));
    }
    return NRD_OK;
}

nrd_status
nrdi_sums_prepare(nrd_bootstrap *of, const nrd_bootstrap_design *design)
{
    NRDI_TRY(add_sums(of, design));
    return of->unit_rows == NULL ? NRD_OK
                                 : nrdi_slices_group(&of->slices, of->unit_rows, of->units,
                                       &of->units_sliced);
}

static nrdi_twofold
root(nrdi_twofold x)
{
    const double first = sqrt(x.high);
    const nrdi_twofold rest = nrdi_twofold_subtract(x, nrdi_twofold_product(first, first));

    return nrdi_twofold_settle(first, rest.high / (2.0 * first));
}

double
nrdi_over_root(nrdi_twofold above, nrdi_twofold first, nrdi_twofold second)
{
    nrdi_twofold ratio;

    if (!(first.high > 0.0 && second.high > 0.0)) {
        return (double) NAN;
    }
    ratio = nrdi_twofold_divide(above, nrdi_twofold_multiply(root(first), root(second)));
    return fmax(-1.0, fmin(1.0, ratio.high));
}

/* The mean of a column, in its own units. */
static nrdi_twofold
mean_of(const nrd_bootstrap *of, size_t column, nrdi_twofold rows, nrdi_twofold sum)
{
    const nrdi_twofold mean = nrdi_twofold_divide(sum, rows);
    const int exponent = of->exponent[column];

    return nrdi_twofold_add((nrdi_twofold){of->centre[column], 0.0},
        (nrdi_twofold){ldexp(mean.high, exponent), ldexp(mean.low, exponent)});
}

/* The same as below from the sums of the slices, without rounding: their number of products
 * is small. */
static double
exact_spread(const nrd_bootstrap *of, const double *sums, int x, int y, int xy)
{
    const double *own_x = sums + of->sliced[x].first, *own_y = sums + of->sliced[y].first;
    const double *own_xy = sums + of->sliced[xy].first;
    const double rows = sums[of->sliced[NRDI_SUM_ROWS].first];
    nrd_exact out;

    nrd_exact_init(&out);
    for (size_t k = 0; k < of->sliced[xy].count; k++) {
        nrd_exact_add_product(&out, rows, own_xy[k]);
    }
    for (size_t i = 0; i < of->sliced[x].count; i++) {
        for (size_t j = 0; j < of->sliced[y].count; j++) {
            nrd_exact_add_product(&out, -own_x[i], own_y[j]);
        }
    }
    return nrd_exact_round(&out);
}

/* n sum xy - sum x sum y, which n^2 divides to make it a covariance. Where so much cancels
 * that nothing may be left, it is found exactly: 0 is then nothing else. */
static nrdi_twofold
spread(const nrd_bootstrap *of, const nrdi_resample *own, int x, int y, int xy)
{
    const nrdi_twofold *total = own->total;
    const nrdi_twofold whole = nrdi_twofold_multiply(total[NRDI_SUM_ROWS], total[xy]);
    const nrdi_twofold found =
        nrdi_twofold_subtract(whole, nrdi_twofold_multiply(total[x], total[y]));

    if (fabs(found.high) <= IN_DOUBT * fabs(whole.high)) {
        return (nrdi_twofold){exact_spread(of, own->sums_in_hand, x, y, xy), 0.0};
    }
    return found;
}

/* The statistic of the sums in hand. */
static void
finish(const nrd_bootstrap *of, nrdi_resample *own, double *out)
{
    nrdi_twofold *total = own->total, x, xy;

    for (size_t s = 0; s < of->n_sliced; s++) {
        total[s] = nrdi_slices_total(of->sliced[s], own->sums_in_hand);
    }
    if (!(total[NRDI_SUM_ROWS].high > 0.0) ||
        (of->statistic == NRD_STATISTIC_MEAN_DIFFERENCE && !(total[ROWS_1].high > 0.0))) {
        for (size_t c = 0; c < of->width; c++) {
            out[c] = (double) NAN;
        }
        return;
    }
    if (of->statistic == NRD_STATISTIC_MEAN_DIFFERENCE) {
        *out = nrdi_twofold_subtract(mean_of(of, 0, total[ROWS_0], total[SUM_0]),
            mean_of(of, 0, total[ROWS_1], total[SUM_1]))
                   .high;
        return;
    }
    if (of->statistic == NRD_STATISTIC_MEAN) {
        for (size_t c = 0; c < of->width; c++) {
            out[c] = mean_of(of, c, total[NRDI_SUM_ROWS], total[NRDI_SUM_X + c]).high;
        }
        return;
    }
    x = spread(of, own, NRDI_SUM_X, NRDI_SUM_X, NRDI_SUM_XX);
    xy = spread(of, own, NRDI_SUM_X, NRDI_SUM_Y, NRDI_SUM_XY);
    if (of->statistic == NRD_STATISTIC_PEARSON) {
        *out = nrdi_over_root(xy, x, spread(of, own, NRDI_SUM_Y, NRDI_SUM_Y, NRDI_SUM_YY));
    } else {
        *out = x.high > 0.0 ? ldexp(nrdi_twofold_divide(xy, x).high,
                                  of->exponent[1] - of->exponent[0])
                            : (double) NAN;
    }
}

void
nrdi_sums_weigh(const nrd_bootstrap *of, nrdi_resample *own)
{
    nrdi_slices_weigh(
        own->by_unit ? &of->units_sliced : &of->slices, own->weights, own->sums);
}

void
nrdi_sums_evaluate(const nrd_bootstrap *of, nrdi_resample *own, size_t k, double *out)
{
    own->sums_in_hand = own->sums + k * of->slices.count;
    finish(of, own, out);
}

void
nrdi_sums_without(const nrd_bootstrap *of, nrdi_resample *own, size_t unit, double *out)
{
    double *rest = own->sums + of->slices.count;
    const size_t end = nrdi_unit_start(of, unit + 1);

    /* Whole units of a slice, as the sums are: nothing is rounded. */
    for (size_t s = 0; s < of->slices.count; s++) {
        rest[s] = own->sums[s];
        for (size_t i = nrdi_unit_start(of, unit); i < end; i++) {
            rest[s] -= of->slices.slice[s * of->slices.rows + i];
        }
    }
    own->sums_in_hand = rest;
    finish(of, own, out);
}
