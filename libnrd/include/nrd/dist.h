#ifndef NRD_DIST_H
#define NRD_DIST_H

#include <nrd/status.h>

/* cffi: begin */

/*
 * Distribution functions. Each distribution has the same four, known from SciPy:
 *
 *   cdf       the share of the distribution at or below a point
 *   sf        the share above it, small shares with all their digits
 *   quantile  the point whose cdf is p (SciPy: ppf)
 *   isf       the point whose sf is q, for small q with all its digits
 *
 * A point may lie outside the support or be infinite; the share is then 0 or 1. The
 * quantile of 0 and of 1 is the end of the support, which may be infinite. Degrees of
 * freedom and shapes lie in [1e-6, 1e10].
 *
 * All write *out on success only, take err or NULL, and return:
 *
 * NRD_E_NULL     out is NULL
 *
 * NRD_E_DOMAIN   a point is NaN, a p or q is outside [0, 1], or a parameter outside its
 * range
 *
 * NRD_E_OVERFLOW a quantile other than of 0 or 1 is too large for a double (t and F only)
 *
 * A point or share too small for a double becomes 0, or loses digits below 1e-300.
 *
 * Source: A. R. DiDonato, A. H. Morris, ACM Trans. Math. Software 18 (1992) 360-373, and
 * NIST Digital Library of Mathematical Functions 8.9, 8.17; normal distribution: GSL.
 */

/** Standard normal distribution. */
NRD_API NRD_NODISCARD nrd_status nrd_dist_normal_cdf(double z, double *out, nrd_error *err);
NRD_API NRD_NODISCARD nrd_status nrd_dist_normal_sf(double z, double *out, nrd_error *err);
NRD_API NRD_NODISCARD nrd_status nrd_dist_normal_quantile(
    double p, double *out, nrd_error *err);
NRD_API NRD_NODISCARD nrd_status nrd_dist_normal_isf(double q, double *out, nrd_error *err);

/** Student's t with df degrees of freedom. */
NRD_API NRD_NODISCARD nrd_status nrd_dist_t_cdf(
    double t, double df, double *out, nrd_error *err);
NRD_API NRD_NODISCARD nrd_status nrd_dist_t_sf(
    double t, double df, double *out, nrd_error *err);
NRD_API NRD_NODISCARD nrd_status nrd_dist_t_quantile(
    double p, double df, double *out, nrd_error *err);
NRD_API NRD_NODISCARD nrd_status nrd_dist_t_isf(
    double q, double df, double *out, nrd_error *err);

/** F with df1 degrees of freedom above the bar and df2 below. */
NRD_API NRD_NODISCARD nrd_status nrd_dist_f_cdf(
    double f, double df1, double df2, double *out, nrd_error *err);
NRD_API NRD_NODISCARD nrd_status nrd_dist_f_sf(
    double f, double df1, double df2, double *out, nrd_error *err);
NRD_API NRD_NODISCARD nrd_status nrd_dist_f_quantile(
    double p, double df1, double df2, double *out, nrd_error *err);
NRD_API NRD_NODISCARD nrd_status nrd_dist_f_isf(
    double q, double df1, double df2, double *out, nrd_error *err);

/** Chi squared with df degrees of freedom. */
NRD_API NRD_NODISCARD nrd_status nrd_dist_chi2_cdf(
    double x, double df, double *out, nrd_error *err);
NRD_API NRD_NODISCARD nrd_status nrd_dist_chi2_sf(
    double x, double df, double *out, nrd_error *err);
NRD_API NRD_NODISCARD nrd_status nrd_dist_chi2_quantile(
    double p, double df, double *out, nrd_error *err);
NRD_API NRD_NODISCARD nrd_status nrd_dist_chi2_isf(
    double q, double df, double *out, nrd_error *err);

/** Beta on [0, 1], with density in proportion to x^(a - 1) (1 - x)^(b - 1). */
NRD_API NRD_NODISCARD nrd_status nrd_dist_beta_cdf(
    double x, double a, double b, double *out, nrd_error *err);
NRD_API NRD_NODISCARD nrd_status nrd_dist_beta_sf(
    double x, double a, double b, double *out, nrd_error *err);
NRD_API NRD_NODISCARD nrd_status nrd_dist_beta_quantile(
    double p, double a, double b, double *out, nrd_error *err);
NRD_API NRD_NODISCARD nrd_status nrd_dist_beta_isf(
    double q, double a, double b, double *out, nrd_error *err);

/**
 * Binomial: successes among n trials with chance p each. The quantile is the smallest
 * count whose cdf is at least `share`, the isf the smallest whose sf is at most that; one
 * within the rounding of either counts as equal.
 *
 * A parameter is outside its range where n is above 1e9 or p outside [0, 1].
 */
NRD_API NRD_NODISCARD nrd_status nrd_dist_binomial_cdf(
    uint64_t k, uint64_t n, double p, double *out, nrd_error *err);
NRD_API NRD_NODISCARD nrd_status nrd_dist_binomial_sf(
    uint64_t k, uint64_t n, double p, double *out, nrd_error *err);
NRD_API NRD_NODISCARD nrd_status nrd_dist_binomial_quantile(
    double share, uint64_t n, double p, uint64_t *out, nrd_error *err);
NRD_API NRD_NODISCARD nrd_status nrd_dist_binomial_isf(
    double share, uint64_t n, double p, uint64_t *out, nrd_error *err);

/**
 * Hypergeometric: successes among n units drawn without replacement from a population
 * that has the given number of successes. Quantile and isf are as for the binomial.
 *
 * A parameter is outside its range where population is above 1e9, or successes or n above
 * population. The time grows with the standard deviation of the count.
 */
NRD_API NRD_NODISCARD nrd_status nrd_dist_hypergeometric_cdf(uint64_t k,
    uint64_t population, uint64_t successes, uint64_t n, double *out, nrd_error *err);
NRD_API NRD_NODISCARD nrd_status nrd_dist_hypergeometric_sf(uint64_t k, uint64_t population,
    uint64_t successes, uint64_t n, double *out, nrd_error *err);
NRD_API NRD_NODISCARD nrd_status nrd_dist_hypergeometric_quantile(double share,
    uint64_t population, uint64_t successes, uint64_t n, uint64_t *out, nrd_error *err);
NRD_API NRD_NODISCARD nrd_status nrd_dist_hypergeometric_isf(double share,
    uint64_t population, uint64_t successes, uint64_t n, uint64_t *out, nrd_error *err);

/* cffi: end */

#endif
