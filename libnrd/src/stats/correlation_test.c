/* Tests and intervals of coefficients by their distributions. */

#include <nrd/correlation_test.h>
#include <nrd/dist.h>

#include <math.h>

#include "status_private.h"

/* Variance of Fisher's z of tau times n - 4. */
#define TAU_VARIANCE 0.437

/* Steps of the fixed point for rho: each divides the error by 5 or more. */
#define STEPS 30

static double
normal_isf(double q)
{
    double z = (double) NAN;

    return nrd_dist_normal_isf(q, &z, NULL) == NRD_OK ? z : (double) NAN;
}

/* The share beyond a point on the side of the alternative. */
static double
p_of(double above, double below, nrd_alternative alternative)
{
    return alternative == NRD_ALTERNATIVE_GREATER ? above
           : alternative == NRD_ALTERNATIVE_LESS  ? below
                                                  : fmin(1.0, 2.0 * fmin(above, below));
}

static double
p_of_t(double t, double df, nrd_alternative alternative)
{
    double above = (double) NAN, below = (double) NAN;

    if (nrd_dist_t_sf(t, df, &above, NULL) != NRD_OK ||
        nrd_dist_t_sf(-t, df, &below, NULL) != NRD_OK) {
        return (double) NAN;
    }
    return p_of(above, below, alternative);
}

static double
p_of_z(double z, nrd_alternative alternative)
{
    double above = (double) NAN, below = (double) NAN;

    if (nrd_dist_normal_sf(z, &above, NULL) != NRD_OK ||
        nrd_dist_normal_sf(-z, &below, NULL) != NRD_OK) {
        return (double) NAN;
    }
    return p_of(above, below, alternative);
}

/* Standard deviation of Fisher's z; not finite where there are too few rows for one, NaN
 * where the method has none. */
static double
z_error(nrd_correlation_method method, double r, double df)
{
    const double m = method == NRD_CORRELATION_KENDALL ? df - 2.0 : df - 1.0;
    const double one = method == NRD_CORRELATION_SPEARMAN  ? 1.0 + r * r / 2.0
                       : method == NRD_CORRELATION_KENDALL ? TAU_VARIANCE
                       : method == NRD_CORRELATION_PEARSON ? 1.0
                                                           : (double) NAN;

    return m > 0.0 ? sqrt(one / m) : one * (double) INFINITY;
}

static void
set_interval(double r, double df, const nrd_correlation_testing *options,
    nrd_correlation_tested *out)
{
    const int sides = options->alternative == NRD_ALTERNATIVE_GREATER ||
                              options->alternative == NRD_ALTERNATIVE_LESS
                          ? 1
                          : 2;
    const double error = z_error(options->method, r, df);
    const double half = normal_isf((1.0 - options->level) / sides) * error;

    if (isnan(error)) {
        return;
    }
    out->low = out->high = r;
    if (fabs(r) < 1.0 || !isfinite(half)) {
        out->low = isfinite(half) ? tanh(atanh(r) - half) : -1.0;
        out->high = isfinite(half) ? tanh(atanh(r) + half) : 1.0;
    }
    out->high = options->alternative == NRD_ALTERNATIVE_GREATER ? 1.0 : out->high;
    out->low = options->alternative == NRD_ALTERNATIVE_LESS ? -1.0 : out->low;
}

static double
detectable(double df, const nrd_correlation_testing *options)
{
    const int sides = options->alternative == NRD_ALTERNATIVE_GREATER ||
                              options->alternative == NRD_ALTERNATIVE_LESS
                          ? 1
                          : 2;
    const double both =
        normal_isf((1.0 - options->level) / sides) + normal_isf(1.0 - options->power);
    const nrd_correlation_method method =
        options->method == NRD_CORRELATION_WINSORIZED ||
                options->method == NRD_CORRELATION_PERCENTAGE_BEND
            ? NRD_CORRELATION_PEARSON
            : options->method;
    double r = 0.0;

    for (int i = 0; i < STEPS; i++) {
        r = tanh(fmax(both, 0.0) * z_error(method, r, df));
    }
    return r;
}

static void
test_one(const nrd_correlation *found, const nrd_correlation_testing *options,
    nrd_correlation_tested *out)
{
    const double r = found->estimate;

    switch (options->method) {
    case NRD_CORRELATION_KENDALL:
        out->statistic = r / found->null_se;
        out->p = p_of_z(out->statistic, options->alternative);
        break;
    case NRD_CORRELATION_XI:
        out->statistic = r / found->null_se;
        out->p = p_of_z(out->statistic, NRD_ALTERNATIVE_GREATER);
        break;
    case NRD_CORRELATION_DISTANCE:
    case NRD_CORRELATION_DISTANCE_CENTRED:
        out->statistic = found->effective_n * found->centred + 1.0;
        if (isnan(out->statistic) ||
            nrd_dist_chi2_sf(out->statistic, 1.0, &out->p, NULL) != NRD_OK) {
            out->p = (double) NAN;
        }
        break;
    case NRD_CORRELATION_PEARSON:
    case NRD_CORRELATION_SPEARMAN:
    case NRD_CORRELATION_WINSORIZED:
    case NRD_CORRELATION_PERCENTAGE_BEND:
    default:
        /* 1 - r^2 would lose what r has near 1. */
        out->statistic = r * sqrt(found->df / ((1.0 - r) * (1.0 + r)));
        out->p = p_of_t(out->statistic, found->df, options->alternative);
        break;
    }
    set_interval(r, found->df, options, out);
    out->detectable = detectable(found->df, options);
}

nrd_status
nrd_correlation_test(const nrd_correlation *found, size_t n,
    const nrd_correlation_testing *options, nrd_correlation_tested *out, nrd_error *err)
{
    const double nan = (double) NAN;

    if (options == NULL || (n > 0 && (found == NULL || out == NULL))) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "a pointer is NULL");
    }
    if ((int) options->method < 0 || options->method > NRD_CORRELATION_PERCENTAGE_BEND ||
        (int) options->alternative < 0 || options->alternative > NRD_ALTERNATIVE_ABSOLUTE) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "the method is %d and the alternative %d, expected 0 to 7 and 0 to 3",
            (int) options->method, (int) options->alternative);
    }
    if (!(options->level > 0.0 && options->level < 1.0) ||
        !(options->power > 0.0 && options->power < 1.0)) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "the level is %g and the power %g, expected numbers in (0, 1)", options->level,
            options->power);
    }
    for (size_t i = 0; i < n; i++) {
        out[i] = (nrd_correlation_tested){nan, nan, nan, nan, nan};
        if (found[i].status == NRD_PAIR_OK && !isnan(found[i].estimate)) {
            test_one(&found[i], options, &out[i]);
        }
    }
    return NRD_OK;
}
