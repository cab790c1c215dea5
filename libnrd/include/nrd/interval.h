#ifndef NRD_INTERVAL_H
#define NRD_INTERVAL_H

#include <nrd/status.h>

/* cffi: begin */

/** Samples of numbers, one row each; the arrays are the caller's. */
typedef struct {
    const double *mean;
    const double *variance; /* with the divisor count - 1 */
    const uint64_t *count;
    size_t n; /* number of rows, may be 0 */
} nrd_mean_rows;

/** Samples drawn without replacement from populations of known size, one row each. */
typedef struct {
    const uint64_t *met;   /* units in the sample that meet a criterion */
    const uint64_t *known; /* units in the sample */
    const uint64_t *population;
    size_t n; /* number of rows, may be 0 */
} nrd_sample_rows;

/** Pairs of independent samples, a and b, one pair a row. */
typedef struct {
    const uint64_t *met_a;   /* units of sample a that meet a criterion */
    const uint64_t *known_a; /* units of sample a */
    const uint64_t *met_b;
    const uint64_t *known_b;
    size_t n; /* number of rows, may be 0 */
} nrd_pair_rows;

/**
 * Student's interval for the mean of a population.
 *
 * A row of fewer than two numbers says nothing of their spread: it gets -infinity and
 * infinity, and its mean and variance are not looked at.
 *
 * @param[in]  rows     the samples
 * @param[in]  level    confidence level, in (0, 1)
 * @param[out] low_out  rows->n lower bounds, in the unit of the mean; written only on
 *                      success
 * @param[out] high_out rows->n upper bounds, likewise
 * @param[out] err      reason of a failure, or NULL
 *
 * @retval NRD_E_NULL   rows or an array is NULL
 * @retval NRD_E_DOMAIN level is outside (0, 1), or in a row count exceeds 1e9, the mean is
 *                      not finite, or the variance is negative or not finite
 *
 * Source: Student, Biometrika 6 (1908) 1-25.
 */
NRD_API NRD_NODISCARD nrd_status nrd_interval_mean(const nrd_mean_rows *rows, double level,
    double *low_out, double *high_out, nrd_error *err);

/**
 * Wilson's interval for the share of units that meet a criterion.
 *
 * A row that nobody knows anything about (known = 0) gets 0 and 1.
 *
 * @param[in]  met      units that meet it, n counts, each at most known
 * @param[in]  known    units whose state is known, n counts
 * @param[in]  n        number of rows, may be 0
 * @param[in]  level    confidence level, in (0, 1)
 * @param[out] low_out  n lower bounds, shares in [0, 1]; written only on success
 * @param[out] high_out n upper bounds, likewise
 * @param[out] err      reason of a failure, or NULL
 *
 * @retval NRD_E_NULL   an array is NULL
 * @retval NRD_E_DOMAIN level is outside (0, 1), or met exceeds known in a row
 *
 * Source: E. B. Wilson, J. Amer. Statist. Assoc. 22 (1927) 209-212.
 */
NRD_API NRD_NODISCARD nrd_status nrd_interval_wilson(const uint64_t *met,
    const uint64_t *known, size_t n, double level, double *low_out, double *high_out,
    nrd_error *err);

/**
 * Interval of Clopper and Pearson for a share: it covers with at least the level.
 *
 * Parameters, rows that nobody knows anything about and failures as for
 * nrd_interval_wilson; known may also not exceed 1e9 (NRD_E_DOMAIN).
 *
 * Source: C. J. Clopper, E. S. Pearson, Biometrika 26 (1934) 404-413.
 */
NRD_API NRD_NODISCARD nrd_status nrd_interval_clopper_pearson(const uint64_t *met,
    const uint64_t *known, size_t n, double level, double *low_out, double *high_out,
    nrd_error *err);

/**
 * Jeffreys' interval for a share: equal tails of a beta distribution, but from 0 where
 * nothing meets the criterion, and to 1 where everything does.
 *
 * Parameters, rows that nobody knows anything about and failures as for
 * nrd_interval_wilson; known may also not exceed 1e9 (NRD_E_DOMAIN).
 *
 * Source: L. D. Brown, T. T. Cai, A. DasGupta, Statist. Sci. 16 (2001) 101-133.
 */
NRD_API NRD_NODISCARD nrd_status nrd_interval_jeffreys(const uint64_t *met,
    const uint64_t *known, size_t n, double level, double *low_out, double *high_out,
    nrd_error *err);

/**
 * Exact interval for the number of units of a finite population that meet a criterion,
 * by the hypergeometric distribution: it covers with at least the level.
 *
 * It holds every number under which neither as many as met nor as few have a chance of
 * (1 - level) / 2 or less; a chance within a relative 1e-13 of that counts as equal to it.
 * A whole population (known = population) gets met twice, and no sample (known = 0) gets 0
 * and population. The time of a row grows with the standard deviation of met.
 *
 * @param[in]  rows     the samples
 * @param[in]  level    confidence level, in (0, 1)
 * @param[out] low_out  rows->n lower bounds, in units; written only on success
 * @param[out] high_out rows->n upper bounds, likewise
 * @param[out] err      reason of a failure, or NULL
 *
 * @retval NRD_E_NULL   rows or an array is NULL
 * @retval NRD_E_DOMAIN level is outside (0, 1), or in a row met exceeds known, known
 *                      exceeds population, or population exceeds 1e9
 *
 * Source: J. P. Buonaccorsi, Amer. Statist. 41 (1987) 215-218.
 */
NRD_API NRD_NODISCARD nrd_status nrd_interval_finite(const nrd_sample_rows *rows,
    double level, uint64_t *low_out, uint64_t *high_out, nrd_error *err);

/**
 * Newcombe's interval for the share in sample a less the share in sample b: his method 10,
 * from Wilson's interval for each.
 *
 * A row with an empty sample gets -1 and 1.
 *
 * @param[in]  rows     the pairs of samples
 * @param[in]  level    confidence level, in (0, 1)
 * @param[out] low_out  rows->n lower bounds, in [-1, 1]; written only on success
 * @param[out] high_out rows->n upper bounds, likewise
 * @param[out] err      reason of a failure, or NULL
 *
 * @retval NRD_E_NULL   rows or an array is NULL
 * @retval NRD_E_DOMAIN level is outside (0, 1), or met exceeds known in a sample of a row
 *
 * Source: R. G. Newcombe, Stat. Med. 17 (1998) 873-890.
 */
NRD_API NRD_NODISCARD nrd_status nrd_interval_difference(const nrd_pair_rows *rows,
    double level, double *low_out, double *high_out, nrd_error *err);

/* cffi: end */

#endif
