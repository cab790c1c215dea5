#ifndef NRD_EXACT_H
#define NRD_EXACT_H

#include <nrd/status.h>

/* Bytes that nrd_exact_to_bytes writes at most. */
#define NRD_EXACT_BYTES 864

/* cffi: begin */

/**
 * An exact sum of doubles, and of products of two or three doubles.
 *
 * The sum is held as digits of 32 bits, from 2^-3232 to 2^3232, in 64-bit words, so that
 * carries wait: no addition makes an error. The same values give the same sum in any order,
 * chunking or merging. Made by nrd_exact_init, copied with `=`, never released: it owns
 * nothing. The fields are private.
 *
 * How the caller's thread rounds, and whether it flushes subnormals to 0, changes nothing.
 */
typedef struct {
    int64_t digit[202];
    int64_t positive_infinities;
    int64_t negative_infinities;
    int64_t not_numbers;
    uint32_t pending;
} nrd_exact;

/** Set a sum to nothing. */
NRD_API void nrd_exact_init(nrd_exact *sum);

/** Add a double; infinities and NaN are counted, and decide the rounded sum. */
NRD_API void nrd_exact_add(nrd_exact *sum, double value);

/** Take back a double that was added: afterwards the state is as if it never had been. */
NRD_API void nrd_exact_subtract(nrd_exact *sum, double value);

/** Add x * y without rounding, whatever the size of the product. */
NRD_API void nrd_exact_add_product(nrd_exact *sum, double x, double y);

/** Add w * x * y without rounding, whatever the size of the product. */
NRD_API void nrd_exact_add_product3(nrd_exact *sum, double w, double x, double y);

/**
 * Add n doubles, `stride` elements apart.
 *
 * Long runs go through vector instructions chosen when the library is loaded; the sum is
 * the same, being exact.
 *
 * @param[in,out] sum    the sum
 * @param[in]     values n values; may be NULL where n is 0
 * @param[in]     n      number of values
 * @param[in]     stride distance in elements from one value to the next; 1 for an array
 * @param[out]    err    reason of a failure, or NULL
 *
 * @retval NRD_E_NULL sum is NULL, or values is NULL and n is not 0
 *
 * Source: error-free extraction: S. M. Rump, T. Ogita, S. Oishi, SIAM J. Sci. Comput. 31
 * (2008) 189-224; carry-save digits: R. M. Neal, arXiv 1505.05571 (2015).
 */
NRD_API NRD_NODISCARD nrd_status nrd_exact_add_array(
    nrd_exact *sum, const double *values, size_t n, ptrdiff_t stride, nrd_error *err);

/**
 * Add the products x[i] * y[i] of two arrays.
 *
 * @param[in,out] sum the sum
 * @param[in]     x   n values; may be NULL where n is 0
 * @param[in]     y   n values; may be x
 * @param[in]     n   number of values
 * @param[out]    err reason of a failure, or NULL
 *
 * @retval NRD_E_NULL sum is NULL, or an array is NULL and n is not 0
 */
NRD_API NRD_NODISCARD nrd_status nrd_exact_add_products(
    nrd_exact *sum, const double *x, const double *y, size_t n, nrd_error *err);

/** Add another sum: `into` becomes the sum of all that went into both. */
NRD_API void nrd_exact_merge(nrd_exact *into, const nrd_exact *other);

/** Take another sum back: the inverse of nrd_exact_merge. */
NRD_API void nrd_exact_unmerge(nrd_exact *from, const nrd_exact *other);

/**
 * The double nearest to the sum, ties to even; an infinity where the exact sum is too large
 * for a double. The empty sum, and any sum of exactly nothing, is +0. One infinity decides
 * the result; a NaN, or infinities of both signs, give NaN.
 */
NRD_API double nrd_exact_round(const nrd_exact *sum);

/**
 * The double nearest to the sum divided by a count, ties to even: an exact mean.
 *
 * @param[in]  sum   the sum
 * @param[in]  count what to divide by, more than 0
 * @param[out] out   the quotient, as nrd_exact_round for what is not finite; written only
 *                   on success
 * @param[out] err   reason of a failure, or NULL
 *
 * @retval NRD_E_NULL   sum or out is NULL
 * @retval NRD_E_DOMAIN count is 0
 */
NRD_API NRD_NODISCARD nrd_status nrd_exact_mean(
    const nrd_exact *sum, uint64_t count, double *out, nrd_error *err);

/** -1, 0 or 1: the sign of a finite sum. */
NRD_API int nrd_exact_sign(const nrd_exact *sum);

/**
 * Canonical bytes of a sum: the same content gives the same bytes on every machine.
 *
 * @param[in]  sum        the sum
 * @param[out] out        capacity bytes; written only on success
 * @param[in]  capacity   at least 864 (NRD_EXACT_BYTES)
 * @param[out] length_out bytes written
 * @param[out] err        reason of a failure, or NULL
 *
 * @retval NRD_E_NULL a pointer is NULL
 * @retval NRD_E_SIZE capacity is too small
 */
NRD_API NRD_NODISCARD nrd_status nrd_exact_to_bytes(const nrd_exact *sum, uint8_t *out,
    size_t capacity, size_t *length_out, nrd_error *err);

/**
 * Read a sum from its bytes.
 *
 * @param[in]  bytes  length bytes that nrd_exact_to_bytes wrote
 * @param[in]  length number of bytes
 * @param[out] out    the sum; written only on success
 * @param[out] err    reason of a failure, or NULL
 *
 * @retval NRD_E_NULL  a pointer is NULL
 * @retval NRD_E_PARSE the bytes are damaged, cut, or of another version, or count more than
 *                     2^53 infinities or NaN
 */
NRD_API NRD_NODISCARD nrd_status nrd_exact_from_bytes(
    const uint8_t *bytes, size_t length, nrd_exact *out, nrd_error *err);

/* cffi: end */

#endif
