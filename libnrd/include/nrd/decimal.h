#ifndef NRD_DECIMAL_H
#define NRD_DECIMAL_H

#include <nrd/status.h>

/* Most decimals a nrd_decimal may have; bounded so that ratios fit 128 bits. */
#define NRD_DECIMAL_MAX_SCALE 9

/* cffi: begin */

/**
 * A printed decimal number, exactly: unscaled / 10^scale, scale from 0 to 9.
 *
 * The scale is what was printed: 3,733.15 is {373315, 2} and 550.0 is {5500, 1}.
 */
typedef struct {
    int64_t unscaled;
    int32_t scale;
} nrd_decimal;

/**
 * Read decimal numbers as printed.
 *
 * Accepted: an optional sign, digits, at most one decimal mark followed by digits. Digits
 * before it may be grouped by threes with the declared group mark. Nothing is guessed: a
 * mark that was not declared is an error.
 *
 * @param[in]  texts        n texts, each terminated
 * @param[in]  n            number of texts, may be 0
 * @param[in]  decimal_mark '.' or ','
 * @param[in]  group_mark   '.', ',', ' ' or 0 for none; not the decimal mark
 * @param[out] out          n numbers; written only on success
 * @param[out] err          reason of a failure, or NULL
 *
 * @retval NRD_E_NULL     an array or a text is NULL
 * @retval NRD_E_DOMAIN   a mark is not in its list, or both are the same
 * @retval NRD_E_PARSE    a text is not such a number
 * @retval NRD_E_OVERFLOW a number has more than 9 decimals or does not fit 63 bits
 */
NRD_API NRD_NODISCARD nrd_status nrd_decimal_parse(const char *const *texts, size_t n,
    char decimal_mark, char group_mark, nrd_decimal *out, nrd_error *err);

/**
 * Sum decimal numbers exactly, in the largest scale among them; the sum of none is 0.
 *
 * @param[in]  values n numbers
 * @param[in]  n      number of numbers, may be 0
 * @param[out] out    the sum; written only on success
 * @param[out] err    reason of a failure, or NULL
 *
 * @retval NRD_E_NULL     values or out is NULL
 * @retval NRD_E_DOMAIN   a scale is outside 0 to 9
 * @retval NRD_E_OVERFLOW the sum does not fit 63 bits in its scale
 */
NRD_API NRD_NODISCARD nrd_status nrd_decimal_sum(
    const nrd_decimal *values, size_t n, nrd_decimal *out, nrd_error *err);

/**
 * Exact order of two numbers: -1, 0 or 1 as a is less than, equal to or greater than b.
 * The scales must lie in 0 to 9.
 */
NRD_API int nrd_decimal_compare(nrd_decimal a, nrd_decimal b);

/** The double nearest to a number, ties to even. The scale must lie in 0 to 9. */
NRD_API double nrd_decimal_to_double(nrd_decimal value);

/**
 * factor * numerator / denominator as the nearest double, ties to even.
 *
 * @param[in]  numerator   the number divided
 * @param[in]  denominator what it is divided by
 * @param[in]  factor      1 for a ratio, 100 for percent
 * @param[out] out         the quotient; written only on success
 * @param[out] err         reason of a failure, or NULL
 *
 * @retval NRD_E_NULL   out is NULL
 * @retval NRD_E_DOMAIN denominator is 0, a scale is outside 0 to 9, or factor is not 1 to
 * 1000
 */
NRD_API NRD_NODISCARD nrd_status nrd_decimal_ratio(nrd_decimal numerator,
    nrd_decimal denominator, int32_t factor, double *out, nrd_error *err);

/* cffi: end */

#endif
