#ifndef NRD_ORDER_GROUPS_H
#define NRD_ORDER_GROUPS_H

#include <nrd/column.h>
#include <nrd/order.h>
#include <nrd/status.h>

/* cffi: begin */

/** Rows of one column, by group. A row without a value, weight or group is left out. */
typedef struct {
    const nrd_column *values; /* float64; a NaN is missing */
    const nrd_column *weight; /* float64, not negative, a NaN is missing; NULL: none */
    int32_t frequencies;      /* 1 where the row is there `weight` times, else 0 */
    const nrd_column *group;  /* int32 or int64, the group of each row plus first_group;
                                 NULL: all rows are of the first group */
    int64_t first_group;
    size_t groups; /* number of groups, at least 1 */
} nrd_group_rows;

/**
 * Quantiles of each group: what nrd_order_quantile gives for its values, bit for bit, or
 * with weights nrd_order_quantile_frequency or nrd_order_quantile_weighted.
 *
 * Neither the order of the rows nor the number of threads changes a bit of them.
 *
 * @param[in]  rows     the rows
 * @param[in]  options  the type and the probabilities
 * @param[in]  threads  as in nrd_thread_count
 * @param[in]  stop     where it is not NULL and becomes other than 0 the call ends soon
 * @param[out] out      groups x probabilities numbers, group by group; NaN for a group
 * without rows, or with weights of 0 only; written only on success
 * @param[out] rows_out rows used, one number for each group; likewise
 * @param[out] err      reason of a failure, or NULL
 *
 * @retval NRD_E_NULL      a pointer is NULL
 * @retval NRD_E_TYPE      a column of another type
 * @retval NRD_E_SIZE      columns of different lengths, or more rows or results than memory
 *                         can hold
 * @retval NRD_E_DOMAIN    no groups; a type or probability as for the function of one
 * group; a weight that is negative, infinite or, of frequencies, not whole or above 2^53
 * @retval NRD_E_UNKNOWN   a group out of range
 * @retval NRD_E_OVERFLOW  the frequencies of a group add up to 2^52 or more
 * @retval NRD_E_MEMORY    no memory left
 * @retval NRD_E_CANCELLED *stop became other than 0
 */
NRD_API NRD_NODISCARD nrd_status nrd_order_quantile_groups(const nrd_group_rows *rows,
    const nrd_quantile_options *options, int threads, const int *stop, double *out,
    uint64_t *rows_out, nrd_error *err);

/* cffi: end */

#endif
