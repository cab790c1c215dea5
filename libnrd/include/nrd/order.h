#ifndef NRD_ORDER_H
#define NRD_ORDER_H

#include <nrd/status.h>

/* cffi: begin */

/**
 * Sort: the rows from the least value to the greatest, rows with equal values as they come.
 *
 * The order goes from -inf to +inf, and -0.0 equals +0.0. A NaN has no place in it, so
 * missing values are left out before. As in all functions of this header, the workspace is
 * allocated inside, and n is at most SIZE_MAX / 16.
 *
 * @param[in]  values n values
 * @param[in]  n      number of values, may be 0
 * @param[out] out    n rows: the values of rows out[0], out[1] ... ascend; written only on
 * success
 * @param[out] err    reason of a failure, or NULL
 *
 * @retval NRD_E_NULL   an array is NULL
 * @retval NRD_E_SIZE   n is larger than that
 * @retval NRD_E_DOMAIN a value is NaN
 * @retval NRD_E_MEMORY no memory left
 *
 * Source: radix sort, most significant digit first; D. E. Knuth, The Art of Computer
 * Programming 3, 2nd ed. (1998), section 5.2.5.
 */
NRD_API NRD_NODISCARD nrd_status nrd_order_sort(
    const double *values, size_t n, size_t *out, nrd_error *err);

/** Ranks of equal values; the names are those of SciPy's rankdata. */
typedef enum {
    NRD_TIES_AVERAGE = 0, /* the mean of the ranks that they share; R: "average" */
    NRD_TIES_MIN = 1,     /* the least of them; R: "min" */
    NRD_TIES_MAX = 2,     /* the greatest of them; R: "max" */
    NRD_TIES_DENSE = 3,   /* as the least, but the next value gets the next rank */
    NRD_TIES_ORDINAL = 4  /* all different, in the order of the rows; R: "first" */
} nrd_ties;

/**
 * Ranks from 1 on, in the order of nrd_order_sort.
 *
 * All but the ordinal ranks belong to the values, whatever the order of the rows.
 *
 * @param[in]  values n values
 * @param[in]  n      number of values, may be 0
 * @param[in]  ties   what equal values get
 * @param[out] out    n ranks, exact; written only on success
 * @param[out] err    reason of a failure, or NULL
 *
 * @retval NRD_E_NULL   an array is NULL
 * @retval NRD_E_SIZE   n is too large
 * @retval NRD_E_DOMAIN ties is not one of its values, or a value is NaN
 * @retval NRD_E_MEMORY no memory left
 */
NRD_API NRD_NODISCARD nrd_status nrd_order_rank(
    const double *values, size_t n, nrd_ties ties, double *out, nrd_error *err);

/**
 * Which quantiles: a definition, and the probabilities.
 *
 * The types are the nine of Hyndman and Fan, numbered as by them and in R. For the sorted
 * values x_1 ... x_n and the position h below, j is h rounded down and g = h - j:
 *
 *   1  h = n p          x_j where g = 0, else x_j+1           NumPy: inverted_cdf
 *   2  h = n p          their mean where g = 0, else x_j+1    averaged_inverted_cdf
 *   3  h = n p - 1/2    x_j where g = 0 and j even, else x_j+1 closest_observation
 *   4  h = n p                  x_j + g (x_j+1 - x_j)         interpolated_inverted_cdf
 *   5  h = n p + 1/2            likewise                      hazen
 *   6  h = (n + 1) p            likewise                      weibull
 *   7  h = (n - 1) p + 1        likewise                      linear
 *   8  h = (n + 1/3) p + 1/3    likewise                      median_unbiased
 *   9  h = (n + 1/4) p + 3/8    likewise                      normal_unbiased
 *
 * with x_1 for indices below 1 and x_n for those above n. Positions are exact. A
 * probability that is the nearest double to one with a whole h has this h: p = 0.07 is
 * the position 7 among 100, although 100 * 0.07 is not 7 in doubles.
 */
typedef struct {
    int32_t type;    /* 1 to 9 */
    const double *p; /* count probabilities, each in [0, 1] */
    size_t count;    /* number of probabilities, may be 0 */
} nrd_quantile_options;

/**
 * Quantiles of values.
 *
 * They depend on the values only, bit for bit, and not on the order of the rows. Each lies
 * between its two neighbours, ascends with p, and is off by at most 3 * 2^-53 of itself
 * (of 2^-1022, if that is more) where the neighbours have one sign, else by 5 * 2^-53 of
 * the larger one. A mean of two is rounded once. Between -inf and +inf there is no number:
 * NaN.
 *
 * @param[in]  values  n values
 * @param[in]  n       number of values, at least 1
 * @param[in]  options the type and the probabilities
 * @param[out] out     one quantile for each probability; written only on success
 * @param[out] err     reason of a failure, or NULL; its row is that of the value, or of the
 * probability
 *
 * @retval NRD_E_NULL   a pointer is NULL
 * @retval NRD_E_SIZE   n is 0 or too large
 * @retval NRD_E_DOMAIN the type is not 1 to 9, a probability is outside [0, 1], or a value
 *                      is NaN
 * @retval NRD_E_MEMORY no memory left
 *
 * Source: R. J. Hyndman and Y. Fan, Amer. Statist. 50 (1996) 361-365.
 */
NRD_API NRD_NODISCARD nrd_status nrd_order_quantile(const double *values, size_t n,
    const nrd_quantile_options *options, double *out, nrd_error *err);

/**
 * Quantiles of values that occur several times: what nrd_order_quantile gives, bit for
 * bit, when each row is repeated as often as its frequency says.
 *
 * @param[in]  values      n values
 * @param[in]  frequencies how often each occurs, n counts
 * @param[in]  n           number of rows, at least 1
 * @param[in]  options     the type and the probabilities
 * @param[out] out         one quantile for each probability; written only on success
 * @param[out] err         reason of a failure, or NULL; its row is that of the value, or of
 * the probability
 *
 * @retval NRD_E_NULL     a pointer is NULL
 * @retval NRD_E_SIZE     n is 0 or too large
 * @retval NRD_E_DOMAIN   as for nrd_order_quantile, or all frequencies are 0
 * @retval NRD_E_OVERFLOW the frequencies add up to 2^52 or more
 * @retval NRD_E_MEMORY   no memory left
 */
NRD_API NRD_NODISCARD nrd_status nrd_order_quantile_frequency(const double *values,
    const uint64_t *frequencies, size_t n, const nrd_quantile_options *options, double *out,
    nrd_error *err);

/**
 * Quantiles of values with real weights (sampling weights, precisions), by the weighted
 * cumulative distribution F(x) = weight of the values up to x / weight of all.
 *
 *   1  the least x with F(x) >= p
 *   2  the same, but the mean of x and the next value where F(x) = p
 *   4  linear between the points (F(x), x)
 *   5  linear between the points (middle of the jump of F at x, x)
 *
 * and beyond the first and the last point the value there. The other types count rows,
 * which a weight does not, and are refused. Rows with equal values are pooled: a row can be
 * split, or rows be joined, and nothing changes. With equal weights, types 1 and 2 are
 * those of nrd_order_quantile; so are 4 and 5, but for rounding, where no two values are
 * equal.
 *
 * Weights are summed, and compared with p, exactly: the result does not depend on the order
 * of the rows, bit for bit. As there, a p in (0, 1) that is the nearest double to an F(x),
 * or to a middle, is equal to it. Rows of weight 0 count for nothing. The errors of types 4
 * and 5 are at most 5 and 9 instead of 3 and 5 times 2^-53.
 *
 * @param[in]  values  n values
 * @param[in]  weights n weights, finite, none negative
 * @param[in]  n       number of rows, at least 1
 * @param[in]  options the type, 1, 2, 4 or 5, and the probabilities
 * @param[out] out     one quantile for each probability; written only on success
 * @param[out] err     reason of a failure, or NULL; its row is that of the value, or of the
 * probability
 *
 * @retval NRD_E_NULL   a pointer is NULL
 * @retval NRD_E_SIZE   n is 0 or too large
 * @retval NRD_E_DOMAIN the type is none of these, a probability is outside [0, 1], a value
 *                      is NaN, a weight is negative, infinite or NaN, or all are 0
 * @retval NRD_E_MEMORY no memory left
 *
 * Source: Hyndman and Fan, definitions 1, 2, 4 and 5 with F for the share of the rows; for
 * weights T. Lumley, Estimating quantiles, vignette of the R package survey (2023).
 */
NRD_API NRD_NODISCARD nrd_status nrd_order_quantile_weighted(const double *values,
    const double *weights, size_t n, const nrd_quantile_options *options, double *out,
    nrd_error *err);

/* cffi: end */

#endif
