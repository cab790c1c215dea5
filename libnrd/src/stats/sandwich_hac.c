/* Covariances of coefficients whose errors are correlated in time. */

#include "sandwich_private.h"

#include <math.h>

#include <gsl/gsl_math.h>
#include <gsl/gsl_sf_bessel.h>

#include "sandwich_hac_private.h"
#include "status_private.h"

/* The quadratic spectral kernel is 3 j1(a) / a, j1 being a spherical Bessel function: this
 * form does not cancel at small lags. */
static double
quadratic_spectral(double z)
{
    const double a = 1.2 * M_PI * z;

    return a > 0.0 ? 3.0 * gsl_sf_bessel_j1(a) / a : 1.0;
}

static double
kernel_at(nrd_kernel kernel, double z)
{
    switch (kernel) {
    case NRD_KERNEL_BARTLETT: return z < 1.0 ? 1.0 - z : 0.0;
    case NRD_KERNEL_PARZEN:
        return z >= 1.0  ? 0.0
               : z > 0.5 ? 2.0 * (1.0 - z) * (1.0 - z) * (1.0 - z)
                         : 1.0 - 6.0 * z * z * (1.0 - z);
    case NRD_KERNEL_QUADRATIC_SPECTRAL: return quadratic_spectral(z);
    case NRD_KERNEL_TUKEY_HANNING: return z < 1.0 ? 0.5 + 0.5 * cos(M_PI * z) : 0.0;
    case NRD_KERNEL_TRUNCATED: break;
    }
    return z <= 1.0 ? 1.0 : 0.0;
}

/* Weights of the lags from 1 on, at most `most`; their number is returned. */
static size_t
set_lags(nrd_kernel kernel, double bandwidth, size_t most, double *lag)
{
    const int endless = kernel == NRD_KERNEL_QUADRATIC_SPECTRAL;
    size_t lags = 0;

    while (lags < most && (endless || (double) (lags + 1) <= bandwidth)) {
        lags++;
        lag[lags] = kernel_at(kernel, (double) lags / bandwidth);
    }
    return lags;
}

/* out[t] = self * x[t] + sum of lag[l] * x[t + l]: few terms each, in the order of lags. */
static void
look_ahead(
    const double *x, size_t n, double self, const double *lag, size_t lags, double *out)
{
    for (size_t t = 0; t < n; t++) {
        out[t] = self * x[t];
    }
    for (size_t l = 1; l <= lags; l++) {
        for (size_t t = 0; t + l < n; t++) {
            out[t] += lag[l] * x[t + l];
        }
    }
}

/* Each influence, times all that come with it or after it, both ways round. */
static void
sum_in_time(const nrdi_fitted *own, size_t n, const double *lag, size_t lags, double *out)
{
    const double *x = own->influence;
    double *ahead = own->spare + own->n;

    for (size_t j = 0; j < own->k; j++) {
        look_ahead(x + j * own->n, n, 0.5, lag, lags, ahead + j * own->n);
    }
    for (size_t i = 0; i < own->k; i++) {
        for (size_t j = 0; j <= i; j++) {
            nrdi_twofold sum = {0.0, 0.0};

            for (size_t t = 0; t < n; t++) {
                nrdi_twofold_add_product(&sum, x[i * own->n + t], ahead[j * own->n + t]);
                if (j < i) {
                    nrdi_twofold_add_product(
                        &sum, x[j * own->n + t], ahead[i * own->n + t]);
                }
            }
            out[i * own->k + j] = out[j * own->k + i] =
                (sum.high + sum.low) * (j < i ? 1.0 : 2.0);
        }
    }
}

/* Scores of the parts, divided by the roots of the pivots, are of one size and nearly
 * uncorrelated: what is fitted to them keeps its digits. */
static void
set_scores(nrdi_fitted *own)
{
    for (size_t j = 0; j < own->k; j++) {
        const double root = sqrt(nrdi_fitted_pivot(own)[j]);

        for (size_t i = 0; i < own->n; i++) {
            own->part[j * own->n + i] *= nrdi_weight_of(own, i) * own->residual[i] / root;
        }
    }
}

static nrd_status
check_bandwidth(const nrd_hac_options *options, const nrdi_fitted *own, nrd_error *err)
{
    if (options->bandwidth > (double) own->n) {
        return nrdi_fail(err, NRD_E_DOMAIN, own->first,
            "the bandwidth is %g, expected at most the %zu rows of the regression",
            options->bandwidth, own->n);
    }
    return NRD_OK;
}

/* Replace the influences by those times weighted residuals, prewhitened where asked for;
 * the bandwidth is known afterwards. */
static nrd_status
set_influences(const nrd_hac_options *options, nrdi_fitted *own, size_t *n,
    double *bandwidth, nrd_error *err)
{
    if (options->prewhiten || isnan(*bandwidth)) {
        set_scores(own);
    }
    for (size_t j = 0; j < own->k && !options->prewhiten; j++) {
        for (size_t i = 0; i < own->n; i++) {
            own->influence[j * own->n + i] *= nrdi_weight_of(own, i) * own->residual[i];
        }
    }
    if (options->prewhiten) {
        NRDI_TRY(nrdi_hac_prewhiten(own, err));
        *n = own->n - 1;
    }
    if (isnan(*bandwidth)) {
        *bandwidth = nrdi_hac_bandwidth(own, options->kernel, *n);
    }
    return NRD_OK;
}

/* Multiply the covariance by what the options say; `factor` is that of each variance. */
static void
adjust(const nrdi_fitted *own, nrd_hac_adjust kind, const double *factor, double *out)
{
    const size_t k = own->k;

    for (size_t i = 0; i < k; i++) {
        for (size_t j = 0; j < k; j++) {
            out[i * k + j] *= kind == NRD_HAC_ROWS       ? own->counted / own->df
                              : kind == NRD_HAC_UNBIASED ? sqrt(factor[i] * factor[j])
                                                         : 1.0;
        }
    }
}

static nrd_status
work(const nrdi_each *each, nrdi_fitted *own, nrd_error *err)
{
    const nrd_hac_options *options = each->options;
    const size_t k = own->k;
    double *lag = own->spare, *out = each->covariance + own->group * k * k;
    double *df = each->df + own->group * k, *factor = nrdi_hac_matrices(own);
    double bandwidth = options->bandwidth;
    size_t n = own->n, lags;

    NRDI_TRY(check_bandwidth(options, own, err));
    nrdi_fitted_fill(own);
    if (options->df == NRD_DF_SATTERTHWAITE || options->adjust == NRD_HAC_UNBIASED) {
        lags = set_lags(options->kernel, bandwidth, n - 1, lag);
        nrdi_hac_small(own, lag, lags, df, factor);
    }
    for (size_t j = 0; j < k && options->df == NRD_DF_RESIDUAL; j++) {
        df[j] = own->df;
    }
    NRDI_TRY(set_influences(options, own, &n, &bandwidth, err));
    lags = set_lags(options->kernel, bandwidth, n - 1, lag);
    sum_in_time(own, n, lag, lags, out);
    adjust(own, options->adjust, factor, out);
    each->other[own->group] = bandwidth;
    return NRD_OK;
}

static nrd_status
check_small(const nrd_regression_rows *rows, const nrd_hac_options *options, nrd_error *err)
{
    if (options->prewhiten != 0 && options->prewhiten != 1) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW, "prewhiten is %d, expected 0 or 1",
            options->prewhiten);
    }
    if ((int) options->adjust < 0 || options->adjust > NRD_HAC_UNBIASED ||
        (int) options->df < 0 || options->df > NRD_DF_SATTERTHWAITE) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "adjust is %d and df %d, expected 0 to 2 and 0 to 1", (int) options->adjust,
            (int) options->df);
    }
    if ((options->adjust == NRD_HAC_UNBIASED || options->df == NRD_DF_SATTERTHWAITE) &&
        (options->prewhiten || isnan(options->bandwidth) || rows->absorbed != NULL)) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "corrections for independent errors need a bandwidth that is given, no "
            "prewhitening, and no intercepts that were taken out");
    }
    return NRD_OK;
}

static nrd_status
check_options(
    const nrd_regression_rows *rows, const nrd_hac_options *options, nrd_error *err)
{
    const int rule = isnan(options->bandwidth);

    if (rows->weights == NRD_WEIGHTS_FREQUENCY) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "weights are frequencies, but rows that stand for many have no order in time");
    }
    if ((int) options->kernel < 0 || options->kernel > NRD_KERNEL_TRUNCATED) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW, "the kernel is %d, expected 0 to 4",
            (int) options->kernel);
    }
    if (!rule && !(options->bandwidth > 0.0)) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "the bandwidth is %g, expected more than 0", options->bandwidth);
    }
    if (rule && options->kernel > NRD_KERNEL_QUADRATIC_SPECTRAL) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "the kernel has no rule for its bandwidth, expected a number");
    }
    return check_small(rows, options, err);
}

nrd_status
nrd_sandwich_hac(const nrd_regression_rows *rows, const nrd_hac_options *options,
    int threads, double *out, double *df_out, double *bandwidth_out, nrd_error *err)
{
    nrdi_each each = {.rows = rows, .options = options, .work = work};

    NRDI_TRY(nrdi_rows_check(rows, err));
    if (options == NULL || out == NULL || df_out == NULL || bandwidth_out == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "the options or an output is NULL");
    }
    NRDI_TRY(check_options(rows, options, err));
    each.spare_of_row = 3 + rows->coefficients;
    each.spare = 3 * rows->coefficients * rows->coefficients;
    return nrdi_each_run(&each, threads, out, df_out, bandwidth_out, err);
}
