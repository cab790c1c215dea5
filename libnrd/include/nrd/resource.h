#ifndef NRD_RESOURCE_H
#define NRD_RESOURCE_H

#include <nrd/decimal.h>
#include <nrd/status.h>

/* cffi: begin */

/**
 * Margins of a table of amounts by content (row) and source (column), summed exactly.
 *
 * Each amount stands in one cell; a cell that is not given was not printed and adds
 * nothing. All margins come in the largest scale among the amounts.
 *
 * @param[in]  content    index of the content of each amount, n indices
 * @param[in]  source     index of its source, n indices
 * @param[in]  amount     the amounts, n numbers
 * @param[in]  n          number of amounts, may be 0
 * @param[in]  contents   number of contents
 * @param[in]  sources    number of sources
 * @param[out] content_out one sum for each content; written only on success
 * @param[out] source_out one sum for each source, likewise
 * @param[out] total_out  sum of all, likewise
 * @param[out] err        reason of a failure, or NULL
 *
 * @retval NRD_E_NULL      a pointer is NULL
 * @retval NRD_E_UNKNOWN   an index is out of range
 * @retval NRD_E_DOMAIN    a scale is outside 0 to 9
 * @retval NRD_E_DUPLICATE a cell is given twice
 * @retval NRD_E_OVERFLOW  a sum does not fit
 * @retval NRD_E_MEMORY    no memory left
 */
NRD_API NRD_NODISCARD nrd_status nrd_resource_margins(const int32_t *content,
    const int32_t *source, const nrd_decimal *amount, size_t n, size_t contents,
    size_t sources, nrd_decimal *content_out, nrd_decimal *source_out,
    nrd_decimal *total_out, nrd_error *err);

/** How a stated number and the one computed from its parts go together. */
typedef enum {
    NRD_VERDICT_EQUAL = 0,     /* the same number */
    NRD_VERDICT_ROUNDED = 1,   /* the same after rounding half up to the printed decimals */
    NRD_VERDICT_TRUNCATED = 2, /* the same after cutting off at the printed decimals */
    NRD_VERDICT_DIFFERENT = 3
} nrd_verdict;

/** A stated number beside the computed one; doubles are the nearest to the exact values. */
typedef struct {
    nrd_verdict verdict;
    double stated;
    double computed;
    double difference; /* stated less computed */
} nrd_check;

/**
 * Hold a stated total against the exact sum of its parts.
 *
 * @param[in]  stated the total as printed; its scale says to how many decimals
 * @param[in]  parts  n parts as printed
 * @param[in]  n      number of parts, at least 1
 * @param[out] out    the outcome; written only on success
 * @param[out] err    reason of a failure, or NULL
 *
 * @retval NRD_E_NULL     parts or out is NULL
 * @retval NRD_E_SIZE     n is 0
 * @retval NRD_E_DOMAIN   a scale is outside 0 to 9
 * @retval NRD_E_OVERFLOW the sum does not fit, or has too many digits to be compared
 */
NRD_API NRD_NODISCARD nrd_status nrd_reconcile_sum(
    nrd_decimal stated, const nrd_decimal *parts, size_t n, nrd_check *out, nrd_error *err);

/**
 * Hold a stated ratio against factor * numerator / denominator, exactly.
 *
 * @param[in]  stated      the ratio as printed; its scale says to how many decimals
 * @param[in]  numerator   the number divided
 * @param[in]  denominator what it is divided by
 * @param[in]  factor      1 for a ratio, 100 for percent
 * @param[out] out         the outcome; written only on success
 * @param[out] err         reason of a failure, or NULL
 *
 * @retval NRD_E_NULL     out is NULL
 * @retval NRD_E_DOMAIN   denominator is not positive, a scale is outside 0 to 9, or factor
 *                        is not 1 to 1000
 * @retval NRD_E_OVERFLOW the numbers have too many digits to be compared in 128 bits
 */
NRD_API NRD_NODISCARD nrd_status nrd_reconcile_ratio(nrd_decimal stated,
    nrd_decimal numerator, nrd_decimal denominator, int32_t factor, nrd_check *out,
    nrd_error *err);

/* cffi: end */

#endif
