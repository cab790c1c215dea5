#include <nrd/dist.h>

#include <inttypes.h>

#include "dist_private.h"
#include "status_private.h"

/* Whether the share at or below a count is as large as the one asked for. Above 1/2 the
 * share above it decides, but what the cdf rounds to is also enough. */
static int
reaches(double lower, double upper, double share)
{
    if (share <= 0.5) {
        return lower >= share * (1.0 - NRDI_ROUNDING);
    }
    return lower >= share || upper <= (1.0 - share) * (1.0 + NRDI_ROUNDING);
}

/* Whether the share above a count is as small as the one asked for: the same, turned. */
static int
leaves(double lower, double upper, double share)
{
    if (share <= 0.5) {
        return upper <= share * (1.0 + NRDI_ROUNDING);
    }
    return upper <= share || lower >= (1.0 - share) * (1.0 - NRDI_ROUNDING);
}

/* What a count is looked for by. */
typedef int is_enough(double lower, double upper, double share);

static nrd_status
binomial_check(uint64_t n, double p, const void *out, nrd_error *err)
{
    if (out == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "the output is NULL");
    }
    if (n > NRDI_COUNT_MAX) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "n is %" PRIu64 ", expected at most %g", n, (double) NRDI_COUNT_MAX);
    }
    if (!(p >= 0.0 && p <= 1.0)) {
        return nrdi_fail(
            err, NRD_E_DOMAIN, NRD_NO_ROW, "p is %g, expected a number in [0, 1]", p);
    }
    return NRD_OK;
}

/* More than k successes have the share of a beta variable at or below p. */
static nrdi_shares
binomial_shares(uint64_t k, uint64_t n, double p)
{
    nrdi_portion split;
    nrdi_shares beta;

    if (k >= n || p <= 0.0) {
        return (nrdi_shares){1.0, 0.0, 0.0};
    }
    if (p >= 1.0) {
        return (nrdi_shares){0.0, 1.0, 0.0};
    }
    split = nrdi_portion_of((nrdi_twofold){p, 0.0}, nrdi_twofold_sum(1.0, -p));
    beta = nrdi_beta_shares((double) k + 1.0, (double) (n - k), &split);
    return (nrdi_shares){beta.upper, beta.lower, beta.slope};
}

nrd_status
nrd_dist_binomial_cdf(uint64_t k, uint64_t n, double p, double *out, nrd_error *err)
{
    NRDI_TRY(binomial_check(n, p, out, err));
    *out = binomial_shares(k, n, p).lower;
    return NRD_OK;
}

nrd_status
nrd_dist_binomial_sf(uint64_t k, uint64_t n, double p, double *out, nrd_error *err)
{
    NRDI_TRY(binomial_check(n, p, out, err));
    *out = binomial_shares(k, n, p).upper;
    return NRD_OK;
}

/* The smallest count that is enough. */
static nrd_status
binomial_count(
    double share, uint64_t n, double p, is_enough *enough, uint64_t *out, nrd_error *err)
{
    uint64_t low = p < 1.0 ? 0 : n, high = n;

    NRDI_TRY(binomial_check(n, p, out, err));
    NRDI_TRY(nrdi_dist_check_share(share, err));
    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        const nrdi_shares shares = binomial_shares(middle, n, p);

        if (enough(shares.lower, shares.upper, share)) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    *out = low;
    return NRD_OK;
}

nrd_status
nrd_dist_binomial_quantile(
    double share, uint64_t n, double p, uint64_t *out, nrd_error *err)
{
    return binomial_count(share, n, p, reaches, out, err);
}

nrd_status
nrd_dist_binomial_isf(double share, uint64_t n, double p, uint64_t *out, nrd_error *err)
{
    return binomial_count(share, n, p, leaves, out, err);
}

static nrd_status
hypergeometric_check(
    uint64_t population, uint64_t successes, uint64_t n, const void *out, nrd_error *err)
{
    if (out == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "the output is NULL");
    }
    if (population > NRDI_COUNT_MAX) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "population is %" PRIu64 ", expected at most %g", population,
            (double) NRDI_COUNT_MAX);
    }
    if (successes > population || n > population) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "%s is %" PRIu64 ", expected at most population = %" PRIu64,
            successes > population ? "successes" : "n",
            successes > population ? successes : n, population);
    }
    return NRD_OK;
}

/* log (n choose k) */
static nrdi_twofold
log_choices(double n, double k)
{
    const nrdi_twofold all = nrdi_twofold_log_gamma((nrdi_twofold){n + 1.0, 0.0});
    const nrdi_twofold in = nrdi_twofold_log_gamma((nrdi_twofold){k + 1.0, 0.0});
    const nrdi_twofold out = nrdi_twofold_log_gamma((nrdi_twofold){n - k + 1.0, 0.0});

    return nrdi_twofold_subtract(all, nrdi_twofold_add(in, out));
}

/* The share of k successes or fewer among n drawn, by adding from k downward: below the
 * mode the terms only shrink. Both k successes and n - k failures can be drawn. */
static double
sum_downward(double k, double successes, double failures, double n)
{
    const nrdi_twofold drawn =
        nrdi_twofold_add(log_choices(successes, k), log_choices(failures, n - k));
    const nrdi_twofold exponent =
        nrdi_twofold_subtract(drawn, log_choices(successes + failures, n));
    nrdi_twofold term = {1.0, 0.0}, sum = term;

    for (; term.high > 0x1p-70 * sum.high; k--) {
        const nrdi_twofold above = nrdi_twofold_product(k, failures - n + k);
        const nrdi_twofold below = nrdi_twofold_product(successes - k + 1.0, n - k + 1.0);

        term = nrdi_twofold_divide(nrdi_twofold_multiply(term, above), below);
        sum = nrdi_twofold_add(sum, term);
    }
    return nrdi_twofold_exp_times(exponent, sum.high);
}

/* Successes that must be drawn as the failures do not suffice. */
static uint64_t
fewest_drawn(uint64_t population, uint64_t successes, uint64_t n)
{
    const uint64_t failures = population - successes;

    return n > failures ? n - failures : 0;
}

void
nrdi_hypergeometric_shares(uint64_t k, uint64_t population, uint64_t successes, uint64_t n,
    double *lower, double *upper)
{
    const uint64_t failures = population - successes;
    const uint64_t first = fewest_drawn(population, successes, n);
    const uint64_t last = n < successes ? n : successes;
    const double mode =
        ((double) n + 1.0) * ((double) successes + 1.0) / ((double) population + 2.0);

    if (k < first || k >= last) {
        *lower = k < first ? 0.0 : 1.0;
        *upper = k < first ? 1.0 : 0.0;
    } else if ((double) k < mode) {
        *lower =
            sum_downward((double) k, (double) successes, (double) failures, (double) n);
        *upper = 1.0 - *lower;
    } else { /* what is above are the draws with few failures */
        *upper = sum_downward(
            (double) (n - k - 1), (double) failures, (double) successes, (double) n);
        *lower = 1.0 - *upper;
    }
}

nrd_status
nrd_dist_hypergeometric_cdf(uint64_t k, uint64_t population, uint64_t successes, uint64_t n,
    double *out, nrd_error *err)
{
    double upper;

    NRDI_TRY(hypergeometric_check(population, successes, n, out, err));
    nrdi_hypergeometric_shares(k, population, successes, n, out, &upper);
    return NRD_OK;
}

nrd_status
nrd_dist_hypergeometric_sf(uint64_t k, uint64_t population, uint64_t successes, uint64_t n,
    double *out, nrd_error *err)
{
    double lower;

    NRDI_TRY(hypergeometric_check(population, successes, n, out, err));
    nrdi_hypergeometric_shares(k, population, successes, n, &lower, out);
    return NRD_OK;
}

static nrd_status
hypergeometric_count(double share, uint64_t population, uint64_t successes, uint64_t n,
    is_enough *enough, uint64_t *out, nrd_error *err)
{
    uint64_t low, high;

    NRDI_TRY(hypergeometric_check(population, successes, n, out, err));
    NRDI_TRY(nrdi_dist_check_share(share, err));
    low = fewest_drawn(population, successes, n);
    high = n < successes ? n : successes;
    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        double lower, upper;

        nrdi_hypergeometric_shares(middle, population, successes, n, &lower, &upper);
        if (enough(lower, upper, share)) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    *out = low;
    return NRD_OK;
}

nrd_status
nrd_dist_hypergeometric_quantile(double share, uint64_t population, uint64_t successes,
    uint64_t n, uint64_t *out, nrd_error *err)
{
    return hypergeometric_count(share, population, successes, n, reaches, out, err);
}

nrd_status
nrd_dist_hypergeometric_isf(double share, uint64_t population, uint64_t successes,
    uint64_t n, uint64_t *out, nrd_error *err)
{
    return hypergeometric_count(share, population, successes, n, leaves, out, err);
}
