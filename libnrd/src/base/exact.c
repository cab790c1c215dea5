/* The exact sum: adding, merging, rounding. exact_array.c adds long runs. */

#include "exact_private.h"

#include <math.h>

#include "status_private.h"

void
nrd_exact_init(nrd_exact *sum)
{
    memset(sum, 0, sizeof *sum);
}

void
nrdi_digits_carry(int64_t *digit, size_t n)
{
    int64_t carry = 0;

    for (size_t i = 0; i + 1 < n; i++) {
        const int64_t value = digit[i] + carry;

        carry = value >> 32;
        digit[i] = value & UINT32_MAX;
    }
    digit[n - 1] += carry;
}

void
nrdi_exact_carry(nrd_exact *sum)
{
    nrdi_digits_carry(sum->digit, NRDI_EXACT_DIGITS);
    sum->pending = 1;
}

/* Count what is not finite: times is 1 to add, -1 to take back. */
static void
count_special(nrd_exact *sum, double value, int64_t times)
{
    if (isnan(value)) {
        sum->not_numbers += times;
    } else if (value > 0.0) {
        sum->positive_infinities += times;
    } else {
        sum->negative_infinities += times;
    }
}

void
nrd_exact_add(nrd_exact *sum, double value)
{
    if (!isfinite(value)) {
        count_special(sum, value, 1);
        return;
    }
    nrdi_exact_reserve(sum, 1);
    nrdi_digits_add(sum->digit, value);
}

void
nrd_exact_subtract(nrd_exact *sum, double value)
{
    if (!isfinite(value)) {
        count_special(sum, value, -1);
        return;
    }
    nrdi_exact_reserve(sum, 1);
    nrdi_digits_add(sum->digit, -value);
}

/* The product of the mantissas is an integer of 159 bits at most: no rounding, no range. */
void
nrdi_digits_add_product(int64_t *digit, nrdi_parts w, nrdi_parts x, nrdi_parts y)
{
    const nrdi_uint128 wx = (nrdi_uint128) w.mantissa * x.mantissa;
    const int position = w.position + x.position + y.position - 2 * NRDI_EXACT_OFFSET;
    const int negative = w.negative ^ x.negative ^ y.negative;

    nrdi_digits_add_wide(
        digit, (nrdi_uint128) (uint64_t) wx * y.mantissa, position, negative);
    nrdi_digits_add_wide(digit, (wx >> 64) * y.mantissa, position + 64, negative);
}

void
nrd_exact_add_product(nrd_exact *sum, double x, double y)
{
    nrd_exact_add_product3(sum, 1.0, x, y);
}

static int
is_infinite(nrdi_parts x)
{
    return !x.finite && x.mantissa == UINT64_C(1) << 52;
}

/* A product with an infinity or NaN: w * x alone might underflow, which makes NaN of an
 * infinite y, or a subnormal be flushed to 0. */
static double
product_of_special(nrdi_parts w, nrdi_parts x, nrdi_parts y)
{
    const int negative = w.negative ^ x.negative ^ y.negative;

    if ((w.mantissa == 0 || x.mantissa == 0 || y.mantissa == 0) ||
        !(w.finite || is_infinite(w)) || !(x.finite || is_infinite(x)) ||
        !(y.finite || is_infinite(y))) {
        return (double) NAN;
    }
    return negative ? -(double) INFINITY : (double) INFINITY;
}

void
nrd_exact_add_product3(nrd_exact *sum, double w, double x, double y)
{
    const nrdi_parts a = nrdi_parts_of(w), b = nrdi_parts_of(x), c = nrdi_parts_of(y);

    if (!a.finite || !b.finite || !c.finite) {
        count_special(sum, product_of_special(a, b, c), 1);
        return;
    }
    nrdi_exact_reserve(sum, 2);
    nrdi_digits_add_product(sum->digit, a, b, c);
}

static void
add_digits(nrd_exact *into, const nrd_exact *other, int64_t times)
{
    nrd_exact carried = *other;

    nrdi_exact_carry(&carried);
    nrdi_exact_carry(into);
    for (size_t i = 0; i < NRDI_EXACT_DIGITS; i++) {
        into->digit[i] += times * carried.digit[i];
    }
    into->positive_infinities += times * other->positive_infinities;
    into->negative_infinities += times * other->negative_infinities;
    into->not_numbers += times * other->not_numbers;
}

void
nrd_exact_merge(nrd_exact *into, const nrd_exact *other)
{
    add_digits(into, other, 1);
}

void
nrd_exact_unmerge(nrd_exact *from, const nrd_exact *other)
{
    add_digits(from, other, -1);
}

/* Signs and digits to be rounded come at random: no branch depends on them, here and below.
 */
int
nrdi_digits_magnitude(const int64_t *digit, size_t n, uint32_t *out)
{
    int64_t carry = 0;
    uint32_t any = 0, flip;
    uint64_t one;

    for (size_t i = 0; i < n; i++) {
        const int64_t value = digit[i] + carry;

        out[i] = (uint32_t) value;
        any |= out[i];
        carry = value >> 32;
    }
    /* Minus a number is its complement and 1. */
    flip = (uint32_t) (carry >> 63);
    one = flip & 1;
    for (size_t i = 0; i < n; i++) {
        one += out[i] ^ flip;
        out[i] = (uint32_t) one;
        one >>= 32;
    }
    return carry < 0 ? -1 : any != 0;
}

int
nrdi_exact_magnitude(const nrd_exact *sum, uint32_t *digit)
{
    return nrdi_digits_magnitude(sum->digit, NRDI_EXACT_DIGITS, digit);
}

int
nrd_exact_sign(const nrd_exact *sum)
{
    uint32_t digit[NRDI_EXACT_DIGITS];

    return nrdi_exact_magnitude(sum, digit);
}

double
nrdi_round_bits(nrdi_uint128 bits, int exponent, int sticky, int negative)
{
    const uint64_t high = (uint64_t) (bits >> 64);
    const int length = high != 0              ? 128 - __builtin_clzll(high)
                       : (uint64_t) bits != 0 ? 64 - __builtin_clzll((uint64_t) bits)
                                              : 0;
    /* A double has 53 bits, and none below 2^-1074: what its last bit counts. */
    const int by_length = exponent + length - 53;
    const int last = by_length > -1074 ? by_length : -1074, drop = last - exponent;
    uint64_t kept = 0, out;

    if (drop > 0 && drop <= length) {
        const nrdi_uint128 half = (nrdi_uint128) 1 << (drop - 1);
        const nrdi_uint128 rest = bits & (2 * half - 1);

        kept = drop < 128 ? (uint64_t) (bits >> drop) : 0;
        kept += (rest > half) | ((rest == half) & ((sticky | (int) (kept & 1)) != 0));
    } else if (drop <= 0 && length > 0) {
        kept = (uint64_t) bits << -drop;
    }
    /* The leading bit of what is kept adds 1 to the exponent of a normal number. */
    out = ((uint64_t) (kept != 0 ? last + 1074 : 0) << 52) + kept;
    if (last > 971 && length > 0) {
        out = UINT64_C(2047) << 52; /* infinity */
    }
    return nrdi_from_bits(out | (uint64_t) (negative != 0) << 63);
}

int
nrdi_exact_special(const nrd_exact *sum, double *out)
{
    const int64_t up = sum->positive_infinities, down = sum->negative_infinities;

    if (sum->not_numbers == 0 && up == 0 && down == 0) {
        return 0;
    }
    *out = (double) NAN;
    if (sum->not_numbers == 0 && (up == 0) != (down == 0) && up >= 0 && down >= 0) {
        *out = up > 0 ? (double) INFINITY : -(double) INFINITY;
    }
    return 1;
}

/* The four digits from `top` down as bits, and whether anything is below them. */
static nrdi_uint128
leading_bits(const uint32_t *digit, size_t top, int *sticky)
{
    nrdi_uint128 bits = 0;

    *sticky = 0;
    for (size_t k = 0; k < 4; k++) {
        bits = bits << 32 | (top >= k ? digit[top - k] : 0);
    }
    for (size_t i = 0; i + 4 <= top; i++) {
        *sticky |= digit[i] != 0;
    }
    return bits;
}

double
nrd_exact_round(const nrd_exact *sum)
{
    uint32_t digit[NRDI_EXACT_DIGITS];
    size_t top = NRDI_EXACT_DIGITS - 1;
    nrdi_uint128 bits;
    double special;
    int sign, sticky;

    if (nrdi_exact_special(sum, &special)) {
        return special;
    }
    sign = nrdi_exact_magnitude(sum, digit);
    if (sign == 0) {
        return 0.0;
    }
    while (digit[top] == 0) {
        top--;
    }
    bits = leading_bits(digit, top, &sticky);
    return nrdi_round_bits(
        bits, 32 * ((int) top - 3) - NRDI_EXACT_OFFSET, sticky, sign < 0);
}

/* Long division, digit by digit from the top, until four digits of the quotient are there:
 * more bits than a double has, and what is left only breaks ties. Below the lowest digit
 * the division goes on with zeros. */
static double
divide_slowly(const uint32_t *digit, size_t n, int exponent, uint64_t count, int negative)
{
    nrdi_uint128 rest = 0, bits = 0;
    int taken = 0, sticky, below = 0;
    size_t i = n;

    while (taken < 4 && (i > 0 || rest != 0)) {
        rest = rest << 32 | (i > 0 ? digit[i - 1] : 0);
        bits = bits << 32 | rest / count;
        rest %= count;
        taken += taken > 0 || bits != 0;
        below += i == 0;
        i -= i > 0;
    }
    sticky = rest != 0;
    for (size_t k = 0; k < i; k++) {
        sticky |= digit[k] != 0;
    }
    return nrdi_round_bits(bits, exponent + 32 * ((int) i - below), sticky, negative);
}

/* The four leading digits have 97 bits or more: a count below 2^32 leaves enough of them.
 */
double
nrdi_divide(const uint32_t *digit, size_t n, int exponent, uint64_t count, int negative)
{
    size_t top = n;
    nrdi_uint128 bits, quotient;
    int sticky;

    while (top > 1 && digit[top - 1] == 0) {
        top--;
    }
    if (count > UINT32_MAX) {
        return divide_slowly(digit, top, exponent, count, negative);
    }
    bits = leading_bits(digit, top - 1, &sticky);
    quotient = bits / count;
    return nrdi_round_bits(quotient, exponent + 32 * ((int) top - 4),
        sticky | (bits != quotient * count), negative);
}

/* The numerator is moved up to 128 bits, of which a count leaves 96 or more. */
double
nrdi_divide_short(nrdi_int128 sum, int exponent, uint32_t count)
{
    const nrdi_uint128 size = (nrdi_uint128) (sum < 0 ? -sum : sum);
    const uint64_t high = (uint64_t) (size >> 64), low = (uint64_t) size;
    const int shift = high != 0  ? __builtin_clzll(high)
                      : low != 0 ? 64 + __builtin_clzll(low)
                                 : 0;
    const nrdi_uint128 moved = size << shift, quotient = moved / count;

    return nrdi_round_bits(quotient, exponent - shift, moved != quotient * count, sum < 0);
}

nrd_status
nrd_exact_mean(const nrd_exact *sum, uint64_t count, double *out, nrd_error *err)
{
    uint32_t digit[NRDI_EXACT_DIGITS];
    int sign;

    if (sum == NULL || out == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "the sum or the output is NULL");
    }
    if (count == 0) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW, "the count is 0, expected more");
    }
    if (nrdi_exact_special(sum, out)) {
        return NRD_OK;
    }
    sign = nrdi_exact_magnitude(sum, digit);
    *out = sign == 0
               ? 0.0
               : nrdi_divide(digit, NRDI_EXACT_DIGITS, -NRDI_EXACT_OFFSET, count, sign < 0);
    return NRD_OK;
}
