#ifndef NRD_SLOPE_H
#define NRD_SLOPE_H

#include <nrd/status.h>

/* cffi: begin */

/**
 * Slopes of all pairs of points with different x, of given ranks.
 *
 * Expected time O(n log n), memory O(n), for each rank that lies far from the others. The
 * slopes below a bound are counted as inversions between two orders of y - bound * x; the
 * bounds come from random slopes between the bounds before, until few enough are left to
 * look at each. The random numbers are always the same ones, and the result does not depend
 * on them. Lines are ordered with twice the digits, and the slopes that are left computed
 * as (y_j - y_i) / (x_j - x_i): the result is the one among all pairs. Only where more than
 * 4 n slopes lie within a few units in the last place of it, it may be another one of
 * these.
 *
 * @param[in]  x     n finite numbers
 * @param[in]  y     n finite numbers
 * @param[in]  n     number of points, at least 2, below 2^32
 * @param[in]  ranks count ranks, rising, from 1 to the number of pairs with different x
 * @param[in]  count number of ranks
 * @param[in]  stop  where it is not NULL and becomes other than 0 the call ends soon
 * @param[out] out   a slope for each rank; written only on success
 * @param[out] err   reason of a failure, or NULL
 *
 * @retval NRD_E_NULL      a pointer is NULL
 * @retval NRD_E_SIZE      n is less than 2 or too large
 * @retval NRD_E_DOMAIN    a number is not finite; a rank is 0, too large or does not rise
 * @retval NRD_E_OVERFLOW  a slope times an x may reach 1e300
 * @retval NRD_E_MEMORY    no memory left
 * @retval NRD_E_CANCELLED *stop became other than 0
 *
 * Source: M. B. Dillencourt, D. M. Mount, N. S. Netanyahu, Int. J. Comput. Geom. Appl. 2
 * (1992) 1-27; J. Matousek, Inf. Process. Lett. 39 (1991) 183-187.
 */
NRD_API NRD_NODISCARD nrd_status nrd_slope_select(const double *x, const double *y,
    size_t n, const uint64_t *ranks, size_t count, const int *stop, double *out,
    nrd_error *err);

/* cffi: end */

#endif
