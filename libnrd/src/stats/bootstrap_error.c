/* Standard errors of a resample's own statistic, by the nonparametric delta method. */

#include "bootstrap_private.h"

#include <math.h>

/* What the influence of a row on a statistic is made of: it is linear in its deviations
 * from the mean, or of second degree, in the scaled columns. */
typedef struct {
    double rows[2];   /* of each sample, or of all */
    double mean[2];   /* of each sample, or of x and y */
    double spread[2]; /* standard deviations of x and y */
    double value;     /* r, or the scaled slope */
    double unit;      /* what the scaled statistic is multiplied by */
} fit;

static fit
fit_of(const nrd_bootstrap *of, const nrdi_twofold *total, size_t c)
{
    fit out = {.unit = ldexp(1.0, of->exponent[c])};
    double covariance;

    out.rows[0] = out.rows[1] = total[0].high;
    out.mean[0] = total[1 + c].high / total[0].high;
    if (of->statistic == NRD_STATISTIC_MEAN) {
        return out;
    }
    if (of->statistic == NRD_STATISTIC_MEAN_DIFFERENCE) {
        out.rows[1] = total[2].high;
        out.mean[1] = total[3].high / total[2].high;
        return out;
    }
    out.mean[1] = total[2].high / total[0].high;
    for (size_t k = 0; k < 2; k++) {
        out.spread[k] = sqrt(
            fmax(0.0, total[3 + 2 * k].high / out.rows[0] - out.mean[k] * out.mean[k]));
    }
    covariance = total[4].high / out.rows[0] - out.mean[0] * out.mean[1];
    out.value = of->statistic == NRD_STATISTIC_PEARSON
                    ? covariance / (out.spread[0] * out.spread[1])
                    : covariance / (out.spread[0] * out.spread[0]);
    out.unit = of->statistic == NRD_STATISTIC_PEARSON
                   ? 1.0
                   : ldexp(1.0, of->exponent[1] - of->exponent[0]);
    return out;
}

/* Empirical influence of a row, divided by the number of rows (Davison and Hinkley, table
 * 2.1 and problem 2.15). */
static double
influence(const nrd_bootstrap *of, const fit *by, size_t c, size_t i)
{
    const int sample = of->sample != NULL && of->sample[i] != 0;
    double x = of->column[c][i] - by->mean[sample], y;

    if (of->statistic == NRD_STATISTIC_MEAN ||
        of->statistic == NRD_STATISTIC_MEAN_DIFFERENCE) {
        return (sample ? -x : x) / by->rows[sample];
    }
    y = of->column[1][i] - by->mean[1];
    if (of->statistic == NRD_STATISTIC_PEARSON) {
        x /= by->spread[0];
        y /= by->spread[1];
        return (x * y - by->value * (x * x + y * y) / 2.0) / by->rows[0];
    }
    return x * (y - by->value * x) / (by->spread[0] * by->spread[0]) / by->rows[0];
}

/* Variance from the units of a stratum: their number is fixed, so that what they have in
 * common adds nothing. Poisson numbers of units are not. */
static nrdi_twofold
stratum_variance(
    const nrd_bootstrap *of, const fit *by, size_t c, size_t h, const double *weight)
{
    const size_t end = (size_t) of->stratum_units[h + 1];
    const size_t start = (size_t) of->stratum_units[h];
    nrdi_twofold sum = {0.0, 0.0}, squares = {0.0, 0.0};

    for (size_t u = start; u < end; u++) {
        const double times = weight[nrdi_unit_start(of, u)];
        double total = 0.0;

        for (size_t i = nrdi_unit_start(of, u); i < nrdi_unit_start(of, u + 1); i++) {
            total += influence(of, by, c, i);
        }
        sum = nrdi_twofold_add(sum, (nrdi_twofold){times * total, 0.0});
        squares = nrdi_twofold_add(squares, (nrdi_twofold){times * total * total, 0.0});
    }
    if (of->scheme == NRD_SCHEME_POISSON) {
        return squares;
    }
    return nrdi_twofold_subtract(
        squares, nrdi_twofold_divide(nrdi_twofold_multiply(sum, sum),
                     (nrdi_twofold){(double) (end - start), 0.0}));
}

void
nrdi_sums_error(const nrd_bootstrap *of, nrdi_resample *own, double *out)
{
    for (size_t c = 0; c < of->width; c++) {
        const fit by = fit_of(of, own->total, c);
        nrdi_twofold variance = {0.0, 0.0};

        for (size_t h = 0; h < of->strata; h++) {
            variance =
                nrdi_twofold_add(variance, stratum_variance(of, &by, c, h, own->weight));
        }
        out[c] = by.unit * sqrt(fmax(0.0, variance.high));
    }
}
