/* Integers of many digits, for what follows from exact sums: products and differences
 * without error, quotients rounded once. */

#include "big_private.h"

#include <math.h>

static void
trim(nrdi_big *a)
{
    size_t zeros = 0;

    while (a->n > 0 && a->digit[a->n - 1] == 0) {
        a->n--;
    }
    while (zeros < a->n && a->digit[zeros] == 0) {
        zeros++;
    }
    if (zeros > 0) {
        memmove(a->digit, a->digit + zeros, (a->n - zeros) * sizeof *a->digit);
        a->n -= zeros;
        a->exponent += (int) zeros;
    }
    if (a->n == 0) {
        a->sign = 0;
        a->exponent = 0;
    }
}

void
nrdi_big_from_digits(const int64_t *digit, size_t n, int first, nrdi_big *out)
{
    out->sign = nrdi_digits_magnitude(digit, n, out->digit);
    out->n = n;
    out->exponent = first - NRDI_EXACT_OFFSET / 32;
    trim(out);
}

void
nrdi_big_from_count(uint64_t count, nrdi_big *out)
{
    out->sign = 1;
    out->exponent = 0;
    out->n = 2;
    out->digit[0] = (uint32_t) count;
    out->digit[1] = (uint32_t) (count >> 32);
    trim(out);
}

void
nrdi_big_from_double(double value, nrdi_big *out)
{
    int64_t digit[NRDI_EXACT_DIGITS] = {0};

    nrdi_digits_add(digit, value);
    nrdi_big_from_digits(digit, NRDI_EXACT_DIGITS, 0, out);
}

void
nrdi_big_multiply(const nrdi_big *a, const nrdi_big *b, nrdi_big *out)
{
    out->sign = a->sign * b->sign;
    out->exponent = a->exponent + b->exponent;
    out->n = a->n + b->n;
    memset(out->digit, 0, out->n * sizeof *out->digit);
    for (size_t i = 0; i < a->n; i++) {
        uint64_t carry = 0;

        for (size_t k = 0; k < b->n; k++) {
            carry += (uint64_t) a->digit[i] * b->digit[k] + out->digit[i + k];
            out->digit[i + k] = (uint32_t) carry;
            carry >>= 32;
        }
        out->digit[i + b->n] = (uint32_t) carry;
    }
    trim(out);
}

/* Digit at a place of value 2^(32 * place). */
static uint32_t
digit_at(const nrdi_big *a, int place)
{
    const int i = place - a->exponent;

    return i >= 0 && i < (int) a->n ? a->digit[i] : 0;
}

static int
top_of(const nrdi_big *a)
{
    return a->exponent + (int) a->n;
}

int
nrdi_big_compare(const nrdi_big *a, const nrdi_big *b)
{
    int top, bottom;

    if (a->sign == 0 || b->sign == 0) {
        return (a->sign != 0) - (b->sign != 0);
    }
    top = top_of(a) > top_of(b) ? top_of(a) : top_of(b);
    bottom = a->exponent < b->exponent ? a->exponent : b->exponent;
    for (int place = top - 1; place >= bottom; place--) {
        const uint32_t x = digit_at(a, place), y = digit_at(b, place);

        if (x != y) {
            return x > y ? 1 : -1;
        }
    }
    return 0;
}

/* |a| + |b|, or |a| - |b| for |a| >= |b|: `sign` of b is 1 or -1. Neither is 0. */
static void
combine(const nrdi_big *a, const nrdi_big *b, int sign, nrdi_big *out)
{
    const int top = top_of(a) > top_of(b) ? top_of(a) : top_of(b);
    const int bottom = a->exponent < b->exponent ? a->exponent : b->exponent;
    int64_t carry = 0;

    out->exponent = bottom;
    out->n = (size_t) (top - bottom) + 1;
    for (size_t i = 0; i < out->n; i++) {
        carry += (int64_t) digit_at(a, bottom + (int) i) +
                 sign * (int64_t) digit_at(b, bottom + (int) i);
        out->digit[i] = (uint32_t) (carry & UINT32_MAX);
        carry >>= 32;
    }
    trim(out);
}

void
nrdi_big_subtract(const nrdi_big *a, const nrdi_big *b, nrdi_big *out)
{
    const int order = nrdi_big_compare(a, b);

    if (b->sign == 0) {
        *out = *a;
    } else if (a->sign == 0) {
        *out = *b;
        out->sign = -b->sign;
    } else if (a->sign != b->sign) {
        out->sign = a->sign;
        combine(a, b, 1, out);
    } else if (order == 0) {
        out->n = 0;
        trim(out);
    } else {
        out->sign = order > 0 ? a->sign : -a->sign;
        combine(order > 0 ? a : b, order > 0 ? b : a, -1, out);
    }
}

static int
bit_length(const nrdi_big *a)
{
    return 32 * (int) a->n - __builtin_clz(a->digit[a->n - 1]);
}

/* The `bits` leading bits of a, at most 128, the first of them a 1. */
static nrdi_uint128
leading_bits(const nrdi_big *a, int bits)
{
    const int shift = __builtin_clz(a->digit[a->n - 1]);
    nrdi_uint128 out = 0;

    for (int place = top_of(a) - 1; place >= top_of(a) - 4; place--) {
        out = out << 32 | digit_at(a, place);
    }
    if (shift > 0) {
        out = out << shift | digit_at(a, top_of(a) - 5) >> (32 - shift);
    }
    return out >> (128 - bits);
}

/* |a| times 2^bits as an integer of the same exponent. */
static void
shift_left(const nrdi_big *a, int bits, nrdi_big *out)
{
    const size_t whole = (size_t) bits / 32;
    const int rest = bits % 32;

    out->sign = 1;
    out->exponent = 0;
    out->n = a->n + whole + 1;
    memset(out->digit, 0, out->n * sizeof *out->digit);
    for (size_t i = 0; i < a->n; i++) {
        const uint64_t moved = (uint64_t) a->digit[i] << rest;

        out->digit[i + whole] |= (uint32_t) moved;
        out->digit[i + whole + 1] = (uint32_t) (moved >> 32);
    }
    trim(out);
}

/* Shift one of the two so that the whole quotient has 64 or 65 bits, guess it from the
 * leading bits, and mend the guess, off by a few, with the exact remainder. */
double
nrdi_big_ratio(const nrdi_big *a, const nrdi_big *b)
{
    nrdi_big above, below, product, rest, quotient;
    nrdi_uint128 guess;
    int shift;

    if (a->sign == 0) {
        return 0.0;
    }
    shift = 64 + bit_length(b) - bit_length(a);
    shift_left(a, shift > 0 ? shift : 0, &above);
    shift_left(b, shift < 0 ? -shift : 0, &below);
    guess = leading_bits(a, 128) / (uint64_t) leading_bits(b, 64);
    quotient.sign = 1;
    quotient.exponent = 0;
    quotient.n = 3;
    for (size_t i = 0; i < 3; i++) {
        quotient.digit[i] = (uint32_t) (guess >> (32 * i));
    }
    trim(&quotient);
    nrdi_big_multiply(&quotient, &below, &product);
    nrdi_big_subtract(&above, &product, &rest);
    while (rest.sign < 0) {
        product = rest;
        product.sign = 1;
        nrdi_big_subtract(&below, &product, &rest); /* -(|rest| - below) */
        guess--;
    }
    while (nrdi_big_compare(&rest, &below) >= 0) {
        product = rest;
        nrdi_big_subtract(&product, &below, &rest);
        guess++;
    }
    return nrdi_round_bits(guess, 32 * (a->exponent - b->exponent) - shift, rest.sign != 0,
        a->sign != b->sign);
}

nrdi_double2
nrdi_big_leading(const nrdi_big *a)
{
    nrdi_double2 out = {0.0, 0.0, 0};
    nrdi_uint128 bits;

    if (a->sign != 0) {
        bits = leading_bits(a, 106);
        out.high = a->sign * ldexp((double) (uint64_t) (bits >> 53), -53);
        out.low =
            a->sign * ldexp((double) (uint64_t) (bits & ((UINT64_C(1) << 53) - 1)), -106);
        out.exponent = bit_length(a) + 32 * a->exponent;
    }
    return out;
}
