#ifndef NRD_BOOTSTRAP_INTERVAL_H
#define NRD_BOOTSTRAP_INTERVAL_H

#include <nrd/status.h>

/* cffi: begin */

/** Bootstrap intervals. */
typedef enum {
    NRD_BOOTSTRAP_PERCENTILE = 0, /* quantiles of the replicates */
    NRD_BOOTSTRAP_BASIC = 1,      /* these, mirrored at the estimate */
    NRD_BOOTSTRAP_BCA = 2,        /* percentile, corrected for bias and acceleration */
    NRD_BOOTSTRAP_STUDENTIZED = 3 /* the estimate less quantiles of t times its error */
} nrd_bootstrap_method;

/** What an interval is made from. */
typedef struct {
    nrd_bootstrap_method method;
    double level;             /* confidence level, in (0, 1) */
    int32_t side;             /* 0: two-sided; -1: up to a bound; 1: from a bound on */
    const double *replicates; /* count statistics of resamples; NaN is left out */
    const double *errors;     /* their standard errors, for the studentised interval */
    size_t count;             /* number of replicates */
    double estimate;          /* the statistic of the data */
    double error;             /* its standard error, for the studentised interval */
    double acceleration;      /* for BCa */
} nrd_bootstrap_evidence;

/** An interval, and what stands behind it. */
typedef struct {
    double low, high;     /* -inf and inf where there is no bound */
    double p_low, p_high; /* shares of the replicates, or of t, that lie below the bounds */
    size_t used;          /* replicates that entered */
} nrd_bootstrap_bounds;

/**
 * An interval from replicates.
 *
 * Bounds are quantiles of type 7 of the replicates, as in SciPy's bootstrap; R's boot
 * interpolates on the normal scale instead. The bias of BCa is the share of replicates
 * below the estimate and half of those equal to it.
 *
 * @param[in]  evidence what the interval is made from
 * @param[out] out      the interval; written only on success
 * @param[out] err      reason of a failure, or NULL
 *
 * @retval NRD_E_NULL   a pointer that the method needs is NULL
 * @retval NRD_E_DOMAIN the method is none of these, level is outside (0, 1), side is not
 * -1, 0 or 1; the estimate, its error or the acceleration is not finite; no replicate is
 * defined; or for BCa all lie on one side of the estimate
 * @retval NRD_E_MEMORY no memory left
 *
 * Source: Davison and Hinkley (1997), sections 5.2 and 5.3; BCa: B. Efron, J. Amer.
 * Statist. Assoc. 82 (1987) 171-185.
 */
NRD_API NRD_NODISCARD nrd_status nrd_bootstrap_interval(
    const nrd_bootstrap_evidence *evidence, nrd_bootstrap_bounds *out, nrd_error *err);

/**
 * The acceleration of BCa from jackknife values, by stratum, 0 where none of them differ.
 *
 * @param[in]  jackknife     the statistic without each unit
 * @param[in]  stratum_units units before each stratum, strata + 1 numbers
 * @param[in]  strata        number of strata
 * @param[out] out           the acceleration; written only on success
 * @param[out] err           reason of a failure, or NULL
 *
 * @retval NRD_E_NULL   a pointer is NULL
 * @retval NRD_E_DOMAIN a jackknife value is not finite; the row is that of the unit
 *
 * Source: as above; strata as in SciPy's bootstrap of several samples.
 */
NRD_API NRD_NODISCARD nrd_status nrd_bootstrap_acceleration(const double *jackknife,
    const uint64_t *stratum_units, size_t strata, double *out, nrd_error *err);

/* cffi: end */

#endif
