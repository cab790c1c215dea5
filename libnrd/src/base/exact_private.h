#ifndef NRDI_EXACT_PRIVATE_H
#define NRDI_EXACT_PRIVATE_H

#include <nrd/exact.h>

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
nrdi_parts_of(double x)
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

static inline double
nrdi_from_bits(uint64_t bits)
{
    double out;

    memcpy(&out, &bits, sizeof out);
    return out;
}

/* 2^exponent for an exponent of a normal double. */
static inline double
nrdi_power_of_two(int exponent)
{
    return nrdi_from_bits((uint64_t) (exponent + 1023) << 52);
}

/* Add a finite double to digits, without a look at carries. */
static inline void
nrdi_digits_add(int64_t *digit, double x)
{
    const nrdi_parts parts = nrdi_parts_of(x);
    const int shift = parts.position & 31;
    const int64_t low = (int64_t) (parts.mantissa << shift & UINT32_MAX);
    const int64_t high = (int64_t) (parts.mantissa >> (32 - shift));
    const int64_t sign = parts.negative ? -1 : 1;

    digit[parts.position >> 5] += sign * low;
    digit[(parts.position >> 5) + 1] += sign * high;
}

/* Add an integer of 128 bits times 2^position, in pieces of 32 bits. */
static inline void
nrdi_digits_add_wide(int64_t *digits, nrdi_uint128 value, int position, int negative)
{
    const int64_t sign = -(int64_t) (negative != 0);
    const int shift = position & 31;
    int64_t *digit = &digits[position >> 5];

    if (value == 0) { /* what is not there may lie outside the digits */
        return;
    }
    *digit += ((int64_t) (uint32_t) (value << shift) ^ sign) - sign;
    for (value >>= 32 - shift; value != 0; value >>= 32) {
        *++digit += ((int64_t) (uint32_t) value ^ sign) - sign;
    }
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

/* Magnitude of digits, of which the last has room for all carries; the result is the sign.
 */
int nrdi_digits_magnitude(const int64_t *digit, size_t n, uint32_t *out);

/* Magnitude of a finite sum. */
int nrdi_exact_magnitude(const nrd_exact *sum, uint32_t *digit);

/* +-digits / count * 2^exponent, where digit 0 counts 1, to the nearest double. */
double nrdi_divide(
    const uint32_t *digit, size_t n, int exponent, uint64_t count, int negative);

/* sum / count * 2^exponent, to the nearest double; the count is not 0. */
double nrdi_divide_short(nrdi_int128 sum, int exponent, uint32_t count);

/* +-(bits + something below one bit where sticky) * 2^exponent, to the nearest double, ties
 * to even; gradual underflow and overflow to infinity included. */
double nrdi_round_bits(nrdi_uint128 bits, int exponent, int sticky, int negative);

/* What infinities and NaN make of a sum: 1 where *out is the answer. */
int nrdi_exact_special(const nrd_exact *sum, double *out);

#endif
