#ifndef NRD_MOMENTS_H
#define NRD_MOMENTS_H

#include <nrd/column.h>
#include <nrd/status.h>

/* cffi: begin */

/** What the weight of a row means. */
typedef enum {
    NRD_WEIGHTS_NONE = 0,
    NRD_WEIGHTS_FREQUENCY = 1,   /* the row stands for so many equal rows: whole numbers */
    NRD_WEIGHTS_PROBABILITY = 2, /* the inverse of the chance of the row to be drawn */
    NRD_WEIGHTS_PRECISION = 3 /* the inverse of the variance of the row, up to a factor */
} nrd_weights;

/** Which sums are kept. */
typedef enum {
    NRD_MOMENTS_MEANS = 1,      /* of each column */
    NRD_MOMENTS_VARIANCES = 2,  /* and of its squares */
    NRD_MOMENTS_COVARIANCES = 3 /* and of the products of each two columns */
} nrd_moments_level;

/**
 * Exact sums of columns and of their products, by group.
 *
 * Rows are added to a state, and states of other rows merged into it. No order of rows,
 * size of chunks, number of threads or way of merging changes a bit of any result, nor does
 * how the caller's thread rounds, or whether it flushes subnormals to 0.
 */
typedef struct nrd_moments nrd_moments;

/**
 * Make a state without rows.
 *
 * @param[in]  columns  number of columns, at least 1
 * @param[in]  groups   number of groups, at least 1; 1 where rows are not grouped
 * @param[in]  weights  what the weights mean
 * @param[in]  level    which sums are kept
 * @param[in]  decimals for each column the printed decimals, 0 to 9: values are taken as
 * k / 10^decimals for a whole k below 2^51; or -1: as doubles. NULL for -1 everywhere
 * @param[out] out      the state, released with nrd_moments_free; written only on success
 * @param[out] err      reason of a failure, or NULL
 *
 * @retval NRD_E_NULL   out is NULL
 * @retval NRD_E_DOMAIN no columns or groups, or weights, level or decimals out of range
 * @retval NRD_E_MEMORY no memory left
 */
NRD_API NRD_NODISCARD nrd_status nrd_moments_new(size_t columns, size_t groups,
    nrd_weights weights, nrd_moments_level level, const int32_t *decimals,
    nrd_moments **out, nrd_error *err);

/** Release a state; NULL allowed. */
NRD_API void nrd_moments_free(nrd_moments *state);

/** Number of groups. */
NRD_API size_t nrd_moments_groups(const nrd_moments *state);

/**
 * Give a state more groups; those that are there keep their rows.
 *
 * @retval NRD_E_NULL   state is NULL
 * @retval NRD_E_DOMAIN groups is less than there are
 * @retval NRD_E_MEMORY no memory left; the state is as it was
 */
NRD_API NRD_NODISCARD nrd_status nrd_moments_grow(
    nrd_moments *state, size_t groups, nrd_error *err);

/**
 * Add rows. A row with a missing value (or NaN), weight or group is left out and counted; a
 * failure changes nothing.
 *
 * @param[in,out] state   the state
 * @param[in]     columns the columns, float64, of one length
 * @param[in]     n       number of columns, for the check
 * @param[in]     group   int32 or int64, the group of each row plus first_group; NULL where
 *                        rows are not grouped
 * @param[in]     first_group number of the first group
 * @param[in]     weight  float64, not negative; NULL for a state without weights
 * @param[in]     threads as in nrd_thread_count
 * @param[in]     stop    where it is not NULL and becomes other than 0 the call ends soon
 * @param[out]    err     reason of a failure, or NULL
 *
 * @retval NRD_E_NULL      a pointer is NULL, or weights are there and not wanted, or wanted
 *                         and not there
 * @retval NRD_E_SIZE      another number of columns, or columns of different lengths
 * @retval NRD_E_TYPE      a column of another type
 * @retval NRD_E_DOMAIN    an infinity; a weight below 0, infinite, or a frequency that is
 * not whole; a value that is not a decimal of the decimals stated
 * @retval NRD_E_UNKNOWN   a group out of range
 * @retval NRD_E_MEMORY    no memory left
 * @retval NRD_E_CANCELLED *stop became other than 0
 */
NRD_API NRD_NODISCARD nrd_status nrd_moments_update(nrd_moments *state,
    const nrd_column *columns, size_t n, const nrd_column *group, int64_t first_group,
    const nrd_column *weight, int threads, const int *stop, nrd_error *err);

/**
 * Merge the rows of another state of the same kind.
 *
 * @param[in,out] into  the state
 * @param[in]     other another state, not `into`
 * @param[in]     map   for each group of `other` the group of `into` it goes to; NULL where
 *                      they are the same
 * @param[out]    err   reason of a failure, or NULL; its row is the group of `other`
 *
 * @retval NRD_E_NULL     a pointer is NULL
 * @retval NRD_E_CONFLICT other columns, weights, level or decimals
 * @retval NRD_E_UNKNOWN  a group that `into` does not have
 * @retval NRD_E_OVERFLOW a group would get 2^63 rows or more
 * @retval NRD_E_MEMORY   no memory left
 */
NRD_API NRD_NODISCARD nrd_status nrd_moments_merge(
    nrd_moments *into, const nrd_moments *other, const int64_t *map, nrd_error *err);

/** Rows used, one number for each group. */
NRD_API void nrd_moments_rows(const nrd_moments *state, uint64_t *out);

/** Rows left out because something was missing, over all groups. */
NRD_API uint64_t nrd_moments_dropped(const nrd_moments *state);

/** Sums of the weights, one for each group, rounded once; the rows where there are none. */
NRD_API void nrd_moments_total_weight(const nrd_moments *state, double *out);

/** Sum of each column, weighted, rounded once; groups x columns numbers, group by group. */
NRD_API void nrd_moments_sum(const nrd_moments *state, double *out);

/**
 * Mean of each column, rounded once.
 *
 * @param[in]  state       the state
 * @param[out] out         groups x columns numbers, group by group; NaN where undefined
 * @param[out] defined_out likewise, 1 where there is a row with a weight above 0, else 0
 */
NRD_API void nrd_moments_mean(const nrd_moments *state, double *out, uint8_t *defined_out);

/**
 * Covariance matrices, each number rounded once; groups x columns x columns numbers, or
 * only the variances, groups x columns, where the level keeps no products of two columns.
 *
 * Without weights the divisor is n - ddof; with frequencies it is their sum less ddof; with
 * probability or precision weights the weighted mean square is multiplied by n / (n -
 * ddof), n being the number of rows with a weight above 0.
 *
 * @param[in]  state       a state that keeps at least variances
 * @param[in]  ddof        0 or 1
 * @param[out] out         the covariances; NaN where undefined
 * @param[out] defined_out 1 where the divisor is above 0, else 0
 * @param[out] err         reason of a failure, or NULL
 *
 * @retval NRD_E_NULL   a pointer is NULL
 * @retval NRD_E_DOMAIN ddof is neither 0 nor 1, or the state keeps means only
 */
NRD_API NRD_NODISCARD nrd_status nrd_moments_covariance(
    const nrd_moments *state, int ddof, double *out, uint8_t *defined_out, nrd_error *err);

/**
 * Pearson correlations, groups x columns x columns numbers, each within 1 ulp, in [-1, 1],
 * and 1 or -1 only where the rows lie on a line exactly.
 *
 * @param[in]  state       a state that keeps covariances
 * @param[out] out         the correlations; NaN where undefined
 * @param[out] defined_out 1 where both columns vary, else 0
 * @param[out] err         reason of a failure, or NULL
 *
 * @retval NRD_E_NULL   a pointer is NULL
 * @retval NRD_E_DOMAIN the state keeps no covariances
 */
NRD_API NRD_NODISCARD nrd_status nrd_moments_correlation(
    const nrd_moments *state, double *out, uint8_t *defined_out, nrd_error *err);

/** Number of bytes that nrd_moments_to_bytes writes. */
NRD_API size_t nrd_moments_bytes(const nrd_moments *state);

/**
 * Canonical bytes of a state: the same rows give the same bytes, whatever the road.
 *
 * @param[in]  state    the state
 * @param[out] out      capacity bytes; written only on success
 * @param[in]  capacity at least nrd_moments_bytes(state)
 * @param[out] err      reason of a failure, or NULL
 *
 * @retval NRD_E_NULL a pointer is NULL
 * @retval NRD_E_SIZE capacity is too small
 */
NRD_API NRD_NODISCARD nrd_status nrd_moments_to_bytes(
    const nrd_moments *state, uint8_t *out, size_t capacity, nrd_error *err);

/**
 * Read a state from its bytes.
 * @retval NRD_E_NULL   a pointer is NULL
 * @retval NRD_E_PARSE  the bytes are damaged, cut, or of another version
 * @retval NRD_E_MEMORY no memory left
 */
NRD_API NRD_NODISCARD nrd_status nrd_moments_from_bytes(
    const uint8_t *bytes, size_t length, nrd_moments **out, nrd_error *err);

/* cffi: end */

#endif
