#ifndef NRD_INEQUALITY_H
#define NRD_INEQUALITY_H

#include <nrd/status.h>

/* cffi: begin */

/** How unequal the values of a group are. Shares are those of its total. */
typedef struct {
    uint64_t rows;     /* rows with a weight above 0 */
    double weight;     /* sum of the weights; the number of rows without weights */
    double total;      /* sum of weight * value */
    double gini;       /* 0: all alike; up to 1 - 1 / rows without weights */
    double theil;      /* Theil's T, sum of share * log(value / mean); 0: all alike */
    double herfindahl; /* sum of squared shares; 1 / rows: all alike, 1: one has all */
    double largest;    /* the largest share */
} nrd_inequality;

/**
 * Inequality of the values of each group: Gini, Theil, Herfindahl.
 *
 * With weights a row stands for `weight` persons with `value` each, and its share is that
 * of weight * value. Sums are exact and rounded once, so that no order of the rows changes
 * a bit. Total and weight are the nearest doubles; Gini is within 2 units in the last
 * place, Herfindahl and the largest share within 4, Theil within 1e-14 of itself or 2^-100.
 * A group whose total is 0, or that has no rows, has no indices: they are NaN.
 *
 * @param[in]  values  values of all groups, group by group, each finite and 0 or more
 * @param[in]  weights weights of the rows, each finite and 0 or more; or NULL
 * @param[in]  starts  groups + 1 places: group g is the rows from starts[g] up to the next
 * @param[in]  groups  number of groups, may be 0
 * @param[in]  stop    where it is not NULL and becomes other than 0 the call ends soon
 * @param[out] out     one result for each group; written only on success
 * @param[out] err     reason of a failure, or NULL
 *
 * @retval NRD_E_NULL      a pointer other than weights and stop is NULL
 * @retval NRD_E_SIZE      the starts do not ascend from 0
 * @retval NRD_E_DOMAIN    a value or weight is negative or not finite
 * @retval NRD_E_OVERFLOW  the total of a group is too large
 * @retval NRD_E_MEMORY    no memory left
 * @retval NRD_E_CANCELLED *stop became other than 0
 *
 * Source: F. A. Cowell, Measuring Inequality, 3rd ed. (2011), chapters 2, 3 and appendix A.
 */
NRD_API NRD_NODISCARD nrd_status nrd_inequality_groups(const double *values,
    const double *weights, const size_t *starts, size_t groups, const int *stop,
    nrd_inequality *out, nrd_error *err);

/**
 * Lorenz curve: the share of the total that the rows with the least values have.
 *
 * Each point comes from exact sums, so that the curve never bends upwards by rounding more
 * than one unit in the last place, and ends at 1 exactly.
 *
 * @param[in]  values     n values, each finite and 0 or more
 * @param[in]  weights    n weights, each finite and 0 or more; or NULL
 * @param[in]  n          number of rows
 * @param[out] weight_out n + 1 shares of the weight, from 0 to 1, ascending; rows without
 *                        weight add nothing; written only on success
 * @param[out] value_out  n + 1 shares of the total, likewise
 * @param[out] err        reason of a failure, or NULL
 *
 * @retval NRD_E_NULL   a pointer other than weights is NULL
 * @retval NRD_E_SIZE   n is larger than SIZE_MAX / 16
 * @retval NRD_E_DOMAIN a value or weight is negative or not finite, or the total is 0
 * @retval NRD_E_MEMORY no memory left
 *
 * Source: M. O. Lorenz, Publ. Amer. Statist. Assoc. 9 (1905) 209-219.
 */
NRD_API NRD_NODISCARD nrd_status nrd_inequality_lorenz(const double *values,
    const double *weights, size_t n, double *weight_out, double *value_out, nrd_error *err);

/* cffi: end */

#endif
