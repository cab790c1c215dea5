#ifndef NRD_POWERS_H
#define NRD_POWERS_H

#include <nrd/moments.h>
#include <nrd/status.h>

/* cffi: begin */

/**
 * Let a state keep sums of powers, too, for regressions on polynomials: of each column up
 * to twice its degree, and of the products of powers of two columns up to their degrees.
 *
 * The powers are whole numbers times powers of 2 or 10 and are formed without error. Rows
 * whose powers would leave the range of an exact sum are refused by nrd_moments_update with
 * NRD_E_OVERFLOW.
 *
 * @param[in,out] state   a state without rows that keeps covariances
 * @param[in]     degrees for each column its highest power, 1 to 20
 * @param[in]     n       number of columns, for the check
 * @param[out]    err     reason of a failure, or NULL
 *
 * @retval NRD_E_NULL     a pointer is NULL
 * @retval NRD_E_SIZE     another number of columns
 * @retval NRD_E_DOMAIN   a degree out of range (the row is its column), or no covariances
 * @retval NRD_E_CONFLICT the state has rows, or keeps powers already
 * @retval NRD_E_MEMORY   no memory left; the state is as it was
 */
NRD_API NRD_NODISCARD nrd_status nrd_moments_keep_powers(
    nrd_moments *state, const int32_t *degrees, size_t n, nrd_error *err);

/* cffi: end */

#endif
