#ifndef NRDI_EXACT_PRIVATE_H
#define NRDI_EXACT_PRIVATE_H

#include <nrd/exact.h>

#include <limits.h>
#include <string.h>

#include "decimal_private.h"

/* Digit i counts 2^(32 i - NRDI_EXACT_OFFSET); the offset leaves room for the least bit of
 * a product of three subnormals, 2^-3222. */
#define NRDI_EXACT_DIGITS 202
#define NRDI_EXACT_OFFSET 3232

/* An addition changes a digit by less than 2^53, so that 2^9 of them leave room for more.
 */
#define NRDI_EXACT_PENDING 512

/* The parts of a finite double: |x| = mantissa * 2^(position - NRDI_EXACT_OFFSET). */
typedef struct {
    uint64_t mantissa;
    int position;
    int negative;
    int finite;
} nrdi_parts;

static inline nrdi_parts
nrdi_split(double x)
{
    uint64_t bits;
    nrdi_parts out;
    int exponent;

    memcpy(&bits, &x, sizeof bits);
    exponent = (int) (bits >> 52 & 2047);
    out.mantissa = bits & ((UINT64_C(1) << 52) - 1);
    if (exponent != 0) {
        out.mantissa |= UINT64_C(1) << 52;
    } else {
        exponent = 1;
    }
    out.position = exponent - 1075 + NRDI_EXACT_OFFSET;
    out.negative = (int) (bits >> 63);
    out.finite = exponent != 2047;
    return out;
}

/* Add a finite double to digits, without a look at carries. */
static inline void
nrdi_digits_add(int64_t *digit, double x)
{
    const nrdi_parts parts = nrdi_split(x);
    const int shift = parts.position & 31;
    const int64_t low = (int64_t) (parts.mantissa << shift & UINT32_MAX);
    const int64_t high = (int64_t) (parts.mantissa >> (32 - shift));
    const int64_t sign = parts.negative ? -1 : 1;

    digit[parts.position >> 5] += sign * low;
    digit[(parts.position >> 5) + 1] += sign * high;
}

/* Bring every digit but the last into 0 .. 2^32 - 1. */
void nrdi_digits_carry(int64_t *digit, size_t n);

/* Bring the digits of a sum into order, and forget how many additions wait. */
void nrdi_exact_carry(nrd_exact *sum);

/* Add w * x * y of the parts of three finite doubles to digits, whatever its size. */
void nrdi_digits_add_product(int64_t *digit, nrdi_parts w, nrdi_parts x, nrdi_parts y);

/* Make room for `additions` more before the next carry. */
static inline void
nrdi_exact_reserve(nrd_exact *sum, uint32_t additions)
{
    if (sum->pending + additions > NRDI_EXACT_PENDING) {
        nrdi_exact_carry(sum);
    }
    sum->pending += additions;
}

/* Magnitude of digits, each below 2^32; the result is the sign. The digits are changed. */
int nrdi_digits_magnitude(int64_t *digit, size_t n, uint32_t *out);

/* Magnitude of a finite sum. */
int nrdi_exact_magnitude(const nrd_exact *sum, uint32_t *digit);

/* +-digits / count * 2^exponent, where digit 0 counts 1, to the nearest double. */
double nrdi_divide(
    const uint32_t *digit, size_t n, int exponent, uint64_t count, int negative);

/* +-(bits + something below one bit where sticky) * 2^exponent, to the nearest double, ties
 * to even; gradual underflow and overflow to infinity included. */
double nrdi_round_bits(nrdi_uint128 bits, int exponent, int sticky, int negative);

/* What infinities and NaN make of a sum: 1 where *out is the answer. */
int nrdi_exact_special(const nrd_exact *sum, double *out);

/* The vector kernels; see exact_kernel.h. */

/* Values a kernel takes at once: they stay in the first-level cache. */
#define NRDI_BLOCK 2048

/* A kernel takes so many values at a time. */
#define NRDI_LANES 32

/* Partial sums that a kernel leaves of each level, of 2^9 values at most. */
#define NRDI_SUMS 4

/* Bits that one level of extraction takes. */
#define NRDI_LEVEL 44

/* What two levels of extraction leave: both kinds of partial sums are exact. */
typedef struct {
    double first[NRDI_SUMS];
    double second[NRDI_SUMS];
    int too_large; /* a value exceeds the bound: the sums mean nothing */
    int rest;      /* something remains below the second level */
} nrdi_extracted;

/* Split n values (a multiple of NRDI_LANES), each at most 2^exponent, into two levels, and
 * leave what remains in `rest` where that is not NULL. */
typedef void nrdi_extract(
    const double *x, size_t n, int exponent, double *rest, nrdi_extracted *out);

/* Split the products x[i] * y[i], n of them (a multiple of NRDI_LANES), each at most
 * 2^exponent and none with a part that underflows, into two levels of their upper halves
 * and two of their lower halves. */
typedef void nrdi_extract_products(const double *x, const double *y, size_t n, int exponent,
    nrdi_extracted *upper, nrdi_extracted *lower);

/* Greatest |x|; not finite where any x is not. */
typedef double nrdi_greatest(const double *x, size_t n);

/* Least |x| that is not 0; 0 where there is none. */
typedef double nrdi_least(const double *x, size_t n);

/* Arrays that a kernel multiplies one by at a time, a multiple of NRDI_SUMS. */
#define NRDI_DOTS 8

/* Sums of x[i] * y[k * stride + i], n of them (a multiple of NRDI_LANES), for each k: whole
 * numbers of units, few and small enough that no product and no sum is rounded, in any
 * order. */
typedef void nrdi_dots(
    const double *x, const double *y, size_t stride, size_t n, double out[NRDI_DOTS]);

typedef struct {
    const char *name;
    nrdi_extract *extract;
    nrdi_extract_products *extract_products;
    nrdi_greatest *greatest;
    nrdi_least *least;
    nrdi_dots *dots;
} nrdi_kernels;

/* The kernels in use: the best the processor has, or those that were forced. */
const nrdi_kernels *nrdi_kernels_in_use(void);

/* For tests and benchmarks: use the kernels of a name ("avx512", "avx2", "plain"), or the
 * best for NULL. 0 where the processor has them not. */
int nrdi_kernels_force(const char *name);

/* No block has shown an exponent yet. */
#define NRDI_NO_EXPONENT INT_MIN

/* Add at most NRDI_BLOCK values. *exponent is that of the block before, tried first, and
 * becomes this block's own where it did not fit. */
void nrdi_exact_add_block(nrd_exact *sum, const double *x, size_t n, int *exponent);

/* Greatest and least sizes in a block, for the bounds of its products. */
typedef struct {
    double greatest;
    double least;
} nrdi_range;

nrdi_range nrdi_block_range(const double *x, size_t n);

/* Add the products of at most NRDI_BLOCK pairs of finite values. */
void nrdi_exact_add_product_block(nrd_exact *sum, const double *x, const double *y,
    size_t n, nrdi_range range_x, nrdi_range range_y);

#endif
