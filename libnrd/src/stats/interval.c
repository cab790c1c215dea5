#include <nrd/interval.h>

#include <inttypes.h>
#include <math.h>

#include <gsl/gsl_cdf.h>

#include "dist_private.h"
#include "status_private.h"

static nrd_status
check_call(int complete, double level, nrd_error *err)
{
    if (!complete) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "an array is NULL");
    }
    if (!(level > 0.0 && level < 1.0)) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "level is %g, expected a number in (0, 1)", level);
    }
    return NRD_OK;
}

static nrd_status
check_met(uint64_t met, uint64_t known, size_t row, nrd_error *err)
{
    if (met > known) {
        return nrdi_fail(err, NRD_E_DOMAIN, row,
            "met is %" PRIu64 ", expected at most known = %" PRIu64, met, known);
    }
    return NRD_OK;
}

static nrd_status
check_count(const char *name, uint64_t count, size_t row, nrd_error *err)
{
    if (count > NRDI_COUNT_MAX) {
        return nrdi_fail(err, NRD_E_DOMAIN, row, "%s is %" PRIu64 ", expected at most %g",
            name, count, (double) NRDI_COUNT_MAX);
    }
    return NRD_OK;
}

static nrd_status
check_shares(const uint64_t *met, const uint64_t *known, size_t n, double level,
    const double *low_out, const double *high_out, nrd_error *err)
{
    NRDI_TRY(check_call(
        met != NULL && known != NULL && low_out != NULL && high_out != NULL, level, err));
    for (size_t i = 0; i < n; i++) {
        NRDI_TRY(check_met(met[i], known[i], i, err));
    }
    return NRD_OK;
}

static nrd_status
check_known(const uint64_t *known, size_t n, nrd_error *err)
{
    for (size_t i = 0; i < n; i++) {
        NRDI_TRY(check_count("known", known[i], i, err));
    }
    return NRD_OK;
}

static nrd_status
check_means(const nrd_mean_rows *rows, double level, const double *low_out,
    const double *high_out, nrd_error *err)
{
    NRDI_TRY(check_call(rows != NULL && rows->mean != NULL && rows->variance != NULL &&
                            rows->count != NULL && low_out != NULL && high_out != NULL,
        level, err));
    for (size_t i = 0; i < rows->n; i++) {
        NRDI_TRY(check_count("count", rows->count[i], i, err));
        if (rows->count[i] >= 2 && !isfinite(rows->mean[i])) {
            return nrdi_fail(err, NRD_E_DOMAIN, i,
                "the mean is %g, expected a finite number", rows->mean[i]);
        }
        if (rows->count[i] >= 2 &&
            !(rows->variance[i] >= 0.0 && isfinite(rows->variance[i]))) {
            return nrdi_fail(err, NRD_E_DOMAIN, i,
                "the variance is %g, expected a finite number of at least 0",
                rows->variance[i]);
        }
    }
    return NRD_OK;
}

nrd_status
nrd_interval_mean(const nrd_mean_rows *rows, double level, double *low_out,
    double *high_out, nrd_error *err)
{
    NRDI_TRY(check_means(rows, level, low_out, high_out, err));
    for (size_t i = 0; i < rows->n; i++) {
        const double count = (double) rows->count[i];
        double half = INFINITY;

        if (rows->count[i] < 2) {
            low_out[i] = -half;
            high_out[i] = half;
            continue;
        }
        half = nrdi_t_above((1.0 - level) / 2.0, count - 1.0) *
               sqrt(rows->variance[i] / count);
        low_out[i] = rows->mean[i] - half;
        high_out[i] = rows->mean[i] + half;
    }
    return NRD_OK;
}

/* The lower bound comes from the product of the two roots: centre minus
 * half-width would lose its digits where few units meet the criterion. */
static void
wilson_bounds(double met, double known, double z2, double *low, double *high)
{
    const double root = sqrt(z2 * (z2 + 4.0 * met * (known - met) / known));
    const double upper = (2.0 * met + z2 + root) / (2.0 * (known + z2));

    *low = met > 0.0 ? met * met / (known * (known + z2) * upper) : 0.0;
    *high = met < known ? fmin(upper, 1.0) : 1.0;
}

nrd_status
nrd_interval_wilson(const uint64_t *met, const uint64_t *known, size_t n, double level,
    double *low_out, double *high_out, nrd_error *err)
{
    double z;

    NRDI_TRY(check_shares(met, known, n, level, low_out, high_out, err));
    z = gsl_cdf_ugaussian_Qinv((1.0 - level) / 2.0);
    for (size_t i = 0; i < n; i++) {
        low_out[i] = 0.0;
        high_out[i] = 1.0;
        if (known[i] > 0) {
            wilson_bounds(
                (double) met[i], (double) known[i], z * z, &low_out[i], &high_out[i]);
        }
    }
    return NRD_OK;
}

/* Equal tails of beta distributions. A bound takes `near` more of the units on its side and
 * 1 - near more of the others: 0 for Clopper and Pearson, a half for Jeffreys. */
static void
beta_interval(const uint64_t *met, const uint64_t *known, size_t n, double level,
    double near, double *low_out, double *high_out)
{
    const double tail = (1.0 - level) / 2.0, far = 1.0 - near;

    for (size_t i = 0; i < n; i++) {
        const double hits = (double) met[i], misses = (double) (known[i] - met[i]);

        low_out[i] = hits > 0.0
                         ? nrdi_beta_between(hits + near, misses + far, tail, 1.0 - tail)
                         : 0.0;
        high_out[i] = misses > 0.0
                          ? nrdi_beta_between(hits + far, misses + near, 1.0 - tail, tail)
                          : 1.0;
    }
}

nrd_status
nrd_interval_clopper_pearson(const uint64_t *met, const uint64_t *known, size_t n,
    double level, double *low_out, double *high_out, nrd_error *err)
{
    NRDI_TRY(check_shares(met, known, n, level, low_out, high_out, err));
    NRDI_TRY(check_known(known, n, err));
    beta_interval(met, known, n, level, 0.0, low_out, high_out);
    return NRD_OK;
}

nrd_status
nrd_interval_jeffreys(const uint64_t *met, const uint64_t *known, size_t n, double level,
    double *low_out, double *high_out, nrd_error *err)
{
    NRDI_TRY(check_shares(met, known, n, level, low_out, high_out, err));
    NRDI_TRY(check_known(known, n, err));
    beta_interval(met, known, n, level, 0.5, low_out, high_out);
    return NRD_OK;
}

static nrd_status
check_samples(const nrd_sample_rows *rows, double level, const uint64_t *low_out,
    const uint64_t *high_out, nrd_error *err)
{
    NRDI_TRY(check_call(rows != NULL && rows->met != NULL && rows->known != NULL &&
                            rows->population != NULL && low_out != NULL && high_out != NULL,
        level, err));
    for (size_t i = 0; i < rows->n; i++) {
        NRDI_TRY(check_met(rows->met[i], rows->known[i], i, err));
        if (rows->known[i] > rows->population[i]) {
            return nrdi_fail(err, NRD_E_DOMAIN, i,
                "known is %" PRIu64 ", expected at most population = %" PRIu64,
                rows->known[i], rows->population[i]);
        }
        NRDI_TRY(check_count("population", rows->population[i], i, err));
    }
    return NRD_OK;
}

/* The smallest number of units that meet the criterion under which at least `met` of the
 * `known` have a chance above tail. It grows with the number, and is 1 where no more units
 * can fail than have been seen to. */
static uint64_t
fewest_units(uint64_t met, uint64_t known, uint64_t population, double tail)
{
    uint64_t low = met, high = population - (known - met);

    while (met > 0 && low < high) {
        const uint64_t middle = low + (high - low) / 2;
        double fewer, as_many;

        nrdi_hypergeometric_shares(met - 1, population, middle, known, &fewer, &as_many);
        if (as_many > tail * (1.0 + NRDI_ROUNDING)) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

nrd_status
nrd_interval_finite(const nrd_sample_rows *rows, double level, uint64_t *low_out,
    uint64_t *high_out, nrd_error *err)
{
    const double tail = (1.0 - level) / 2.0;

    NRDI_TRY(check_samples(rows, level, low_out, high_out, err));
    for (size_t i = 0; i < rows->n; i++) {
        const uint64_t met = rows->met[i], known = rows->known[i];
        const uint64_t population = rows->population[i];

        /* The most units that meet it leave the fewest that do not. */
        low_out[i] = fewest_units(met, known, population, tail);
        high_out[i] = population - fewest_units(known - met, known, population, tail);
    }
    return NRD_OK;
}

static nrd_status
check_pairs(const nrd_pair_rows *rows, double level, const double *low_out,
    const double *high_out, nrd_error *err)
{
    NRDI_TRY(check_call(rows != NULL && rows->met_a != NULL && rows->known_a != NULL &&
                            rows->met_b != NULL && rows->known_b != NULL &&
                            low_out != NULL && high_out != NULL,
        level, err));
    for (size_t i = 0; i < rows->n; i++) {
        NRDI_TRY(check_met(rows->met_a[i], rows->known_a[i], i, err));
        NRDI_TRY(check_met(rows->met_b[i], rows->known_b[i], i, err));
    }
    return NRD_OK;
}

/* The upper bound of a - b; the lower one is the upper one of b - a, turned. */
static double
difference_bound(const double *a, const double *b, double z2)
{
    const double share_a = a[0] / a[1], share_b = b[0] / b[1];
    double low_a, high_a, low_b, high_b;

    wilson_bounds(a[0], a[1], z2, &low_a, &high_a);
    wilson_bounds(b[0], b[1], z2, &low_b, &high_b);
    return fmin(share_a - share_b + hypot(high_a - share_a, share_b - low_b), 1.0);
}

nrd_status
nrd_interval_difference(const nrd_pair_rows *rows, double level, double *low_out,
    double *high_out, nrd_error *err)
{
    double z;

    NRDI_TRY(check_pairs(rows, level, low_out, high_out, err));
    z = gsl_cdf_ugaussian_Qinv((1.0 - level) / 2.0);
    for (size_t i = 0; i < rows->n; i++) {
        const double a[] = {(double) rows->met_a[i], (double) rows->known_a[i]};
        const double b[] = {(double) rows->met_b[i], (double) rows->known_b[i]};

        low_out[i] = -1.0;
        high_out[i] = 1.0;
        if (rows->known_a[i] > 0 && rows->known_b[i] > 0) {
            low_out[i] = 0.0 - difference_bound(b, a, z * z); /* 0 for 0, not -0 */
            high_out[i] = difference_bound(a, b, z * z);
        }
    }
    return NRD_OK;
}
