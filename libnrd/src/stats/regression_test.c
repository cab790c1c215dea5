/* Tests of coefficients and their intervals. */

#include <nrd/dist.h>
#include <nrd/regression.h>

#include <math.h>

#include "status_private.h"

static nrd_status
check(const double *se, const double *df, size_t n, double level, nrd_error *err)
{
    if (!(level > 0.0 && level < 1.0)) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "level is %g, expected a number in (0, 1)", level);
    }
    for (size_t i = 0; i < n; i++) {
        if (se[i] < 0.0) {
            return nrdi_fail(err, NRD_E_DOMAIN, i,
                "the standard error is %g, expected 0 or more", se[i]);
        }
        if (!isnan(se[i]) && !(df[i] >= 1e-6 && df[i] <= 1e10)) {
            return nrdi_fail(err, NRD_E_DOMAIN, i,
                "the degrees of freedom are %g, expected 1e-6 to 1e10", df[i]);
        }
    }
    return NRD_OK;
}

/* A share of either tail, so that a small one keeps its digits. */
static double
two_sided(double t, double df)
{
    double share = (double) NAN;

    if (!isnan(t) && nrd_dist_t_sf(fabs(t), df, &share, NULL) == NRD_OK) {
        share = fmin(2.0 * share, 1.0);
    }
    return share;
}

static void
write(const nrd_regression_tests *out, size_t i, double t, double p, double estimate,
    double margin)
{
    out->t[i] = t;
    if (out->p != NULL) {
        out->p[i] = p;
    }
    out->low[i] = estimate - margin;
    out->high[i] = estimate + margin;
}

nrd_status
nrd_regression_test(const double *estimate, const double *se, const double *df, size_t n,
    double level, const nrd_regression_tests *out, nrd_error *err)
{
    double quantile = 0.0, df_before = (double) NAN;

    if (estimate == NULL || se == NULL || df == NULL || out == NULL || out->t == NULL ||
        out->low == NULL || out->high == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "an array is NULL");
    }
    NRDI_TRY(check(se, df, n, level, err));
    for (size_t i = 0; i < n; i++) {
        double t, p;

        if (isnan(se[i])) {
            write(out, i, (double) NAN, (double) NAN, estimate[i], (double) NAN);
            continue;
        }
        if (df[i] != df_before) { /* most come in runs */
            df_before = df[i];
            if (nrd_dist_t_isf((1.0 - level) / 2.0, df[i], &quantile, NULL) != NRD_OK) {
                quantile = (double) INFINITY;
            }
        }
        t = estimate[i] / se[i];
        p = out->p != NULL ? two_sided(t, df[i]) : 0.0;
        write(out, i, t, p, estimate[i], quantile * se[i]);
    }
    return NRD_OK;
}
