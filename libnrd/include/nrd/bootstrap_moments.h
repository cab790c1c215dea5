#ifndef NRD_BOOTSTRAP_MOMENTS_H
#define NRD_BOOTSTRAP_MOMENTS_H

#include <nrd/bootstrap.h>
#include <nrd/moments.h>

/* cffi: begin */

/**
 * Add the sums of resamples to a state of exact sums, one group for each replicate.
 *
 * With Poisson numbers, and keys that are those of all data, parts of the data can be added
 * one by one, in any order, and states be merged: every group then holds the exact sums of
 * its resample of all data.
 *
 * @param[in]     bootstrap a design of means, or of r or slope
 * @param[in]     run       which replicates
 * @param[in,out] state     without weights and decimals, of as many columns, and at least
 *                          run->count groups; its level is that of means, or covariances
 * for r and slope
 * @param[out]    err       reason of a failure, which changes nothing, or NULL
 *
 * @retval NRD_E_NULL      a pointer is NULL
 * @retval NRD_E_DOMAIN    the design is of another statistic; or a value is below 2^-400 of
 *                         the greatest of its column, which no exact sum of slices holds
 * @retval NRD_E_CONFLICT  the state is of another kind
 * @retval NRD_E_MEMORY    no memory left
 * @retval NRD_E_CANCELLED *run->stop became other than 0
 */
NRD_API NRD_NODISCARD nrd_status nrd_bootstrap_moments(const nrd_bootstrap *bootstrap,
    const nrd_bootstrap_run *run, nrd_moments *state, nrd_error *err);

/* cffi: end */

#endif
