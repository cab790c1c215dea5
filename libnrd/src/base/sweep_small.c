/* Elimination in whole numbers of few bits, as mostly in small regressions: modulo 2^128 or
 * 2^192, where numbers below zero are as in any two's complement. A quotient that leaves no
 * rest is found from its lowest limb up (T. Jebelean, J. Symb. Comput. 15 (1993) 169-180).
 */

#include "sweep_private.h"

#include "decimal_private.h"

/* Called with a constant number of limbs, loops have a known length only then. */
#define INLINE inline __attribute__((always_inline))

static INLINE nrdi_small
negated(nrdi_small a, uint64_t negative, size_t limbs)
{
    uint64_t carry = negative & 1;

#pragma GCC unroll 3
    for (size_t i = 0; i < limbs; i++) {
        const uint64_t turned = a.limb[i] ^ negative;

        a.limb[i] = turned + carry;
        carry = a.limb[i] < carry;
    }
    return a;
}

static INLINE nrdi_small
read(nrdi_whole a, size_t limbs)
{
    const size_t n = (size_t) labs(a.size);
    nrdi_small out = {{0}};

#pragma GCC unroll 3
    for (size_t i = 0; i < limbs; i++) {
        out.limb[i] = i < n ? a.limb[i] : 0;
    }
    return negated(out, a.size < 0 ? UINT64_MAX : 0, limbs);
}

static INLINE void
write(nrdi_whole *out, nrdi_small a, size_t limbs)
{
    const uint64_t negative = 0 - (a.limb[limbs - 1] >> 63);
    long n = 0;

    a = negated(a, negative, limbs);
#pragma GCC unroll 3
    for (size_t i = 0; i < limbs; i++) {
        out->limb[i] = a.limb[i];
        n = a.limb[i] != 0 ? (long) i + 1 : n;
    }
    out->size = negative != 0 ? -n : n;
}

static INLINE nrdi_small
multiply(nrdi_small a, nrdi_small b, size_t limbs)
{
    nrdi_small out = {{0}};

#pragma GCC unroll 3
    for (size_t i = 0; i < limbs; i++) {
        uint64_t carry = 0;

#pragma GCC unroll 3
        for (size_t j = 0; j < limbs - i; j++) {
            const nrdi_uint128 sum =
                (nrdi_uint128) a.limb[i] * b.limb[j] + out.limb[i + j] + carry;

            out.limb[i + j] = (uint64_t) sum;
            carry = (uint64_t) (sum >> 64);
        }
    }
    return out;
}

static INLINE nrdi_small
subtract(nrdi_small a, nrdi_small b, size_t limbs)
{
    uint64_t borrow = 0;

#pragma GCC unroll 3
    for (size_t i = 0; i < limbs; i++) {
        const nrdi_uint128 rest = (nrdi_uint128) a.limb[i] - b.limb[i] - borrow;

        a.limb[i] = (uint64_t) rest;
        borrow = (uint64_t) (rest >> 64) & 1;
    }
    return a;
}

/* a / 2^bits for bits below 64, without what is below 1. */
static INLINE nrdi_small
shift_down(nrdi_small a, unsigned bits, size_t limbs)
{
    const uint64_t sign = 0 - (a.limb[limbs - 1] >> 63);

#pragma GCC unroll 3
    for (size_t i = 0; i < limbs; i++) {
        const uint64_t above = i + 1 < limbs ? a.limb[i + 1] : sign;

        a.limb[i] = a.limb[i] >> bits | above << 1 << (63 - bits);
    }
    return a;
}

/* Limb by limb from the lowest: each is what makes the rest above it a multiple of 2^64.
 * The dividend over the zeros of the divisor has no more bits than the dividend, so that
 * none is lost. */
static INLINE nrdi_small
divide(nrdi_small a, const nrdi_small_column *by, size_t limbs)
{
    nrdi_small out = {{0}};

    a = shift_down(a, by->zeros, limbs);
#pragma GCC unroll 3
    for (size_t i = 0; i < limbs; i++) {
        uint64_t carry = 0;

        out.limb[i] = a.limb[i] * by->inverse;
#pragma GCC unroll 3
        for (size_t j = 0; j < limbs - i; j++) {
            const nrdi_uint128 product =
                (nrdi_uint128) out.limb[i] * by->odd.limb[j] + carry;
            const uint64_t low = (uint64_t) product;

            carry = (uint64_t) (product >> 64) + (a.limb[i + j] < low);
            a.limb[i + j] -= low;
        }
    }
    return out;
}

static INLINE void
sweep(nrdi_whole *entry, const nrdi_small_column *by, size_t i, size_t j, size_t limbs)
{
    const nrdi_small own = multiply(read(*entry, limbs), by->value[by->pivot], limbs);
    const nrdi_small other = multiply(by->value[i], by->value[j], limbs);
    const nrdi_small above = subtract(own, other, limbs);

    write(entry, by->over_one ? above : divide(above, by, limbs), limbs);
}

int
nrdi_small_begin(const nrdi_sweep *m, size_t k, nrdi_small_column *out)
{
    const uint64_t lowest = m->below.limb[0];

    if (m->cut != 0 || m->order > NRDI_SMALL_ORDER || lowest == 0 ||
        m->below.size > NRDI_SMALL_LIMBS) {
        return 0;
    }
    out->pivot = k;
    for (size_t i = 0; i < m->order; i++) {
        const nrdi_whole value = *nrdi_sweep_at(m, i, k);

        out->bits[i] = nrdi_whole_bits(value);
        out->value[i] = read(value, NRDI_SMALL_LIMBS);
    }
    out->over_one = nrdi_sweep_is_over_one(m);
    if (out->over_one) {
        return 1;
    }
    out->zeros = (unsigned) __builtin_ctzll(lowest);
    out->odd = shift_down(read(m->below, NRDI_SMALL_LIMBS), out->zeros, NRDI_SMALL_LIMBS);
    out->inverse = 3 * out->odd.limb[0] ^ 2;
    for (int bits = 5; bits < 64; bits *= 2) { /* each step doubles those that are right */
        out->inverse *= 2 - out->odd.limb[0] * out->inverse;
    }
    return 1;
}

int
nrdi_small_sweep(nrdi_whole *entry, const nrdi_small_column *by, size_t i, size_t j)
{
    const size_t own = nrdi_whole_bits(*entry) + by->bits[by->pivot];
    const size_t other = by->bits[i] + by->bits[j];
    const size_t bits = 2 + (own > other ? own : other); /* one for the sign */

    if (bits <= 64 * 2) {
        sweep(entry, by, i, j, 2);
        return 1;
    }
    if (bits <= 64 * 3) {
        sweep(entry, by, i, j, 3);
        return 1;
    }
    return 0;
}
