#include <nrd/dist.h>

#include <float.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_math.h>

#include "dist_private.h"
#include "status_private.h"

/* Newton's steps double the digits: past a relative step as small as this the next one
 * would be lost in rounding. */
#define LAST_STEP 0x1p-36

/* The point with the given shares on both sides; 0 or infinity where it is none of the
 * doubles. Only the smaller share need be exact.
 *
 * The logarithms of both shares are concave over the logarithm of the point. So Newton's
 * method on the logarithm of the smaller share overshoots at most once and then climbs to
 * the root from one side; where it leaves the bracket, or a share underflows, the bracket
 * is cut in the middle of its logarithms. */
static double
point_of(const nrdi_family *family, const double *shapes, double start, double lower,
    double upper)
{
    double low = 0.0, high = INFINITY, point = start;

    if (!(lower > 0.0 && upper > 0.0)) {
        return lower > 0.0 ? INFINITY : 0.0;
    }
    for (;;) {
        const nrdi_shares shares = family->at(point, shapes);
        const int below = lower < upper;
        const double share = below ? shares.lower : shares.upper;
        const double excess = below ? log(share / lower) : -log(share / upper);
        const double step = excess * share / shares.slope;
        double next = fmin(fmax(point * exp(-step), DBL_MIN), DBL_MAX);

        if (excess > 0.0) {
            high = point;
        } else {
            low = point;
        }
        if (high <= DBL_MIN || low >= DBL_MAX) {
            return high <= DBL_MIN ? 0.0 : INFINITY;
        }
        if (fabs(step) < LAST_STEP) {
            return next;
        }
        if (!(next > low && next < high)) {
            next = sqrt(fmax(low, DBL_MIN)) * sqrt(fmin(high, DBL_MAX));
        }
        if (!(next > low && next < high)) {
            return next;
        }
        point = next;
    }
}

nrd_status
nrdi_dist_check_share(double share, nrd_error *err)
{
    if (!(share >= 0.0 && share <= 1.0)) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "the share is %g, expected a number in [0, 1]", share);
    }
    return NRD_OK;
}

/* A point is infinite rightly where there is nothing above it, and by overflow elsewhere.
 */
static nrd_status
check_size(double point, double upper, nrd_error *err)
{
    if (isinf(point) && upper > 0.0) {
        return nrdi_fail(err, NRD_E_OVERFLOW, NRD_NO_ROW,
            "the point with a share of %g beyond it is too large for a double", upper);
    }
    return NRD_OK;
}

static nrd_status
quantile_of(const nrdi_family *family, double p, const double *shapes, double start,
    double *out, nrd_error *err)
{
    double point;

    NRDI_TRY(nrdi_dist_check(family, shapes, out, err));
    NRDI_TRY(nrdi_dist_check_share(p, err));
    point = point_of(family, shapes, start, p, 1.0 - p);
    NRDI_TRY(check_size(point, 1.0 - p, err));
    *out = point;
    return NRD_OK;
}

static nrd_status
isf_of(const nrdi_family *family, double q, const double *shapes, double start, double *out,
    nrd_error *err)
{
    double point;

    NRDI_TRY(nrdi_dist_check(family, shapes, out, err));
    NRDI_TRY(nrdi_dist_check_share(q, err));
    point = point_of(family, shapes, start, 1.0 - q, q);
    NRDI_TRY(check_size(point, q, err));
    *out = point;
    return NRD_OK;
}

/* The start is right for df without end. Near 1/2 the share between -t and t is the smaller
 * one, and 1 - 2 q is exact. */
double
nrdi_t_above(double q, double df)
{
    if (df == 1.0) {
        return q < 0.25 ? 1.0 / tan(M_PI * q) : tan(M_PI * (0.5 - q));
    }
    if (df == 2.0) {
        return (1.0 - 2.0 * q) / sqrt(2.0 * q) / sqrt(1.0 - q);
    }
    return point_of(&nrdi_family_t, &df, gsl_cdf_ugaussian_Qinv(q), 1.0 - 2.0 * q, 2.0 * q);
}

nrd_status
nrd_dist_t_isf(double q, double df, double *out, nrd_error *err)
{
    double tail, point;

    NRDI_TRY(nrdi_dist_check(&nrdi_family_t, &df, out, err));
    NRDI_TRY(nrdi_dist_check_share(q, err));
    tail = q > 0.5 ? 1.0 - q : q;
    point = nrdi_t_above(tail, df);
    NRDI_TRY(check_size(point, tail, err));
    *out = q > 0.5 ? -point : point;
    return NRD_OK;
}

nrd_status
nrd_dist_t_quantile(double p, double df, double *out, nrd_error *err)
{
    double point;

    NRDI_TRY(nrdi_dist_check(&nrdi_family_t, &df, out, err));
    NRDI_TRY(nrd_dist_t_isf(p, df, &point, err));
    *out = 0.0 - point; /* 0 for 0, not -0 */
    return NRD_OK;
}

nrd_status
nrd_dist_f_quantile(double p, double df1, double df2, double *out, nrd_error *err)
{
    return quantile_of(&nrdi_family_f, p, (const double[]){df1, df2}, 1.0, out, err);
}

nrd_status
nrd_dist_f_isf(double q, double df1, double df2, double *out, nrd_error *err)
{
    return isf_of(&nrdi_family_f, q, (const double[]){df1, df2}, 1.0, out, err);
}

nrd_status
nrd_dist_chi2_quantile(double p, double df, double *out, nrd_error *err)
{
    return quantile_of(&nrdi_family_chi2, p, &df, df, out, err);
}

nrd_status
nrd_dist_chi2_isf(double q, double df, double *out, nrd_error *err)
{
    return isf_of(&nrdi_family_chi2, q, &df, df, out, err);
}

/* The start is right for log-normal odds. Odds too large for a double are those of 1. */
double
nrdi_beta_between(double a, double b, double lower, double upper)
{
    const double shapes[] = {a, b};
    const double z =
        lower < upper ? gsl_cdf_ugaussian_Pinv(lower) : gsl_cdf_ugaussian_Qinv(upper);
    const double spread = z * sqrt(1.0 / a + 1.0 / b);
    const double start = a / b * exp(fmax(fmin(spread, 100.0), -100.0));
    const double odds = point_of(&nrdi_family_odds, shapes, start, lower, upper);

    return isinf(odds) ? 1.0 : odds / (1.0 + odds);
}

nrd_status
nrd_dist_beta_quantile(double p, double a, double b, double *out, nrd_error *err)
{
    NRDI_TRY(nrdi_dist_check(&nrdi_family_odds, (const double[]){a, b}, out, err));
    NRDI_TRY(nrdi_dist_check_share(p, err));
    *out = nrdi_beta_between(a, b, p, 1.0 - p);
    return NRD_OK;
}

nrd_status
nrd_dist_beta_isf(double q, double a, double b, double *out, nrd_error *err)
{
    NRDI_TRY(nrdi_dist_check(&nrdi_family_odds, (const double[]){a, b}, out, err));
    NRDI_TRY(nrdi_dist_check_share(q, err));
    *out = nrdi_beta_between(a, b, 1.0 - q, q);
    return NRD_OK;
}

nrd_status
nrd_dist_normal_quantile(double p, double *out, nrd_error *err)
{
    NRDI_TRY(nrdi_dist_check(&nrdi_family_normal, NULL, out, err));
    NRDI_TRY(nrdi_dist_check_share(p, err));
    *out = gsl_cdf_ugaussian_Pinv(p);
    return NRD_OK;
}

nrd_status
nrd_dist_normal_isf(double q, double *out, nrd_error *err)
{
    NRDI_TRY(nrdi_dist_check(&nrdi_family_normal, NULL, out, err));
    NRDI_TRY(nrdi_dist_check_share(q, err));
    *out = gsl_cdf_ugaussian_Qinv(q);
    return NRD_OK;
}
