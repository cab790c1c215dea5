/* Statistics of a resample that follow from sums: means, r and slope. */

#include "bootstrap_private.h"

#include <math.h>

#include <nrd/exact.h>

#include "exact_private.h"
#include "status_private.h"

/* Values of a smaller share of the greatest are 0: products keep their last bit. */
#define LEAST_SHARE 0x1p-400

/* A difference of two numbers of about 100 bits, below this share of them, may be nothing.
 */
#define IN_DOUBT 0x1p-80

/* Places of the sums: number of rows and sum of sample 0, and of sample 1; or number of
 * rows, sums of x and y, and of their products. */
enum { ROWS_0, SUM_0, ROWS_1, SUM_1 };
enum { ROWS, X, Y, XX, XY, YY };

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
        own[i] = ldexp(own[i], -of->exponent[c]);
        own[i] = fabs(own[i]) < LEAST_SHARE ? 0.0 : own[i];
    }
    return NRD_OK;
}

/* Cut ones, a column or a product of two into slices, for all rows or for one sample. */
static nrd_status
add_sum(nrd_bootstrap *of, const double *x, const double *y, int sample)
{
    double *high = nrdi_malloc(2 * of->n, sizeof *high), *low = high + of->n;
    nrd_status status;

    if (high == NULL) {
        return NRD_E_MEMORY;
    }
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

nrd_status
nrdi_sums_prepare(nrd_bootstrap *of, const nrd_bootstrap_design *design)
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

/* Whether rows of positive weight differ in a column. */
static int
varies(const double *column, const double *weight, size_t n)
{
    size_t first = 0;

    while (first < n && weight[first] == 0.0) {
        first++;
    }
    for (size_t i = first; i < n; i++) {
        if (weight[i] > 0.0 && column[i] != column[first]) {
            return 1;
        }
    }
    return 0;
}

/* n sum xy - sum x sum y, which n^2 divides to make it a covariance. */
static nrdi_twofold
spread(const nrdi_twofold *total, int x, int y, int xy)
{
    return nrdi_twofold_subtract(nrdi_twofold_multiply(total[ROWS], total[xy]),
        nrdi_twofold_multiply(total[x], total[y]));
}

/* The spread of a column, exactly 0 where it does not vary. */
static nrdi_twofold
own_spread(const nrd_bootstrap *of, const nrdi_twofold *total, int x, const double *weight)
{
    const int xx = x == X ? XX : YY;
    const nrdi_twofold found = spread(total, x, x, xx);

    if (fabs(found.high) <= IN_DOUBT * total[ROWS].high * total[xx].high &&
        (weight == NULL || !varies(of->column[x - X], weight, of->n))) {
        return (nrdi_twofold){0.0, 0.0};
    }
    return found;
}

/* The statistic of totals; the weights are looked at where a spread may be nothing. */
static void
finish(
    const nrd_bootstrap *of, const nrdi_twofold *total, const double *weight, double *out)
{
    nrdi_twofold x, y, xy;

    if (!(total[ROWS].high > 0.0) ||
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
            out[c] = mean_of(of, c, total[ROWS], total[X + c]).high;
        }
        return;
    }
    x = own_spread(of, total, X, weight);
    xy = spread(total, X, Y, XY);
    if (of->statistic == NRD_STATISTIC_PEARSON) {
        y = own_spread(of, total, Y, weight);
        *out = nrdi_over_root(xy, x, y);
    } else {
        *out = x.high > 0.0 ? ldexp(nrdi_twofold_divide(xy, x).high,
                                  of->exponent[1] - of->exponent[0])
                            : (double) NAN;
    }
}

void
nrdi_sums_weigh(const nrd_bootstrap *of, nrdi_resample *own)
{
    nrdi_slices_weigh(&of->slices, own->weights, own->sums);
}

void
nrdi_sums_evaluate(const nrd_bootstrap *of, nrdi_resample *own, size_t k, double *out)
{
    for (size_t s = 0; s < of->n_sliced; s++) {
        own->total[s] = nrdi_slices_total(of->sliced[s], own->sums + k * of->slices.count);
    }
    finish(of, own->total, own->weight, out);
}

void
nrdi_sums_without(
    const nrd_bootstrap *of, const nrdi_resample *own, size_t unit, double *out)
{
    nrdi_twofold *rest = own->total + of->n_sliced;

    for (size_t k = 0; k < of->n_sliced; k++) {
        rest[k] = own->total[k];
        for (size_t i = nrdi_unit_start(of, unit); i < nrdi_unit_start(of, unit + 1); i++) {
            rest[k] = nrdi_twofold_subtract(
                rest[k], nrdi_slices_row(&of->slices, of->sliced[k], i));
        }
    }
    finish(of, rest, NULL, out);
}
