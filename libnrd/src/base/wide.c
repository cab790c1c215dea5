/* Whole numbers of many words, none negative: what sums of weights are held in. */

#include "wide_private.h"

#include <math.h>
#include <string.h>

#include "decimal_private.h"

void
nrdi_wide_add(nrdi_wide *sum, uint64_t number, unsigned shift)
{
    nrdi_uint128 carry = (nrdi_uint128) number << (shift % 64);

    for (size_t i = shift / 64; carry != 0; i++) {
        carry += sum->word[i];
        sum->word[i] = (uint64_t) carry;
        carry >>= 64;
    }
}

void
nrdi_wide_copy(nrdi_wide *out, const nrdi_wide *a, size_t words)
{
    memcpy(out->word, a->word, words * sizeof *a->word);
}

void
nrdi_wide_sum(nrdi_wide *out, const nrdi_wide *a, const nrdi_wide *b, size_t words)
{
    nrdi_uint128 carry = 0;

    for (size_t i = 0; i < words; i++) {
        carry += (nrdi_uint128) a->word[i] + b->word[i];
        out->word[i] = (uint64_t) carry;
        carry >>= 64;
    }
}

void
nrdi_wide_difference(nrdi_wide *out, const nrdi_wide *a, const nrdi_wide *b, size_t words)
{
    uint64_t borrow = 0;

    for (size_t i = 0; i < words; i++) {
        const nrdi_uint128 taken = (nrdi_uint128) b->word[i] + borrow;

        borrow = a->word[i] < taken;
        out->word[i] = (uint64_t) (a->word[i] - taken);
    }
}

void
nrdi_wide_product(
    nrdi_wide *out, const nrdi_wide *a, uint64_t factor, unsigned shift, size_t words)
{
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < words; i++) {
        const nrdi_uint128 product = (nrdi_uint128) a->word[i] * factor;
        const unsigned at = shift + 64 * (unsigned) i;

        nrdi_wide_add(out, (uint64_t) product, at);
        nrdi_wide_add(out, (uint64_t) (product >> 64), at + 64);
    }
}

int
nrdi_wide_compare(const nrdi_wide *a, const nrdi_wide *b, size_t words)
{
    for (size_t i = words; i-- > 0;) {
        if (a->word[i] != b->word[i]) {
            return a->word[i] > b->word[i] ? 1 : -1;
        }
    }
    return 0;
}

/* A positive number as a double times 2^exponent: 64 bits, the last of them sticky, so that
 * it is rounded once. */
static double
leading_bits(const nrdi_wide *number, size_t words, int *exponent_out)
{
    size_t top = words - 1;
    uint64_t bits;
    int missing;

    while (top > 0 && number->word[top] == 0) {
        top--;
    }
    missing = __builtin_clzll(number->word[top]);
    bits = number->word[top] << missing;
    if (top > 0) {
        const nrdi_uint128 below = (nrdi_uint128) number->word[top - 1] << missing;

        bits |= (uint64_t) (below >> 64) | ((uint64_t) below != 0);
    }
    for (size_t i = 0; i + 1 < top; i++) {
        bits |= number->word[i] != 0;
    }
    *exponent_out = 64 * (int) top - missing;
    return (double) bits;
}

double
nrdi_wide_ratio(const nrdi_wide *a, const nrdi_wide *b, size_t words)
{
    int high, low;
    const double above = leading_bits(a, words, &high);
    const double below = leading_bits(b, words, &low);

    return ldexp(above / below, high - low);
}
