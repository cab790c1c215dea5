/* Elimination in whole numbers of few bits, as mostly in small regressions: modulo 2^192,
 * where numbers below zero are as in any two's complement. A quotient that leaves no rest
 * is found from its lowest limb up (T. Jebelean, J. Symb. Comput. 15 (1993) 169-180). */

#include "sweep_private.h"

#include "decimal_private.h"

#define LIMBS NRDI_SMALL_LIMBS

/* Columns that are swept this way at most. */
#define MOST_COLUMNS 8

typedef struct {
    uint64_t limb[LIMBS];
} small;

static inline small
negated(small a, uint64_t negative)
{
    uint64_t carry = negative & 1;

#pragma GCC unroll 4
    for (size_t i = 0; i < LIMBS; i++) {
        const uint64_t turned = a.limb[i] ^ negative;

        a.limb[i] = turned + carry;
        carry = a.limb[i] < carry;
    }
    return a;
}

static inline small
read(nrdi_whole a)
{
    const long n = labs(a.size);
    small out;

#pragma GCC unroll 4
    for (long i = 0; i < LIMBS; i++) {
        out.limb[i] = i < n ? a.limb[i] : 0;
    }
    return negated(out, a.size < 0 ? UINT64_MAX : 0);
}

static inline void
write(nrdi_whole *out, small a)
{
    const uint64_t negative = 0 - (a.limb[LIMBS - 1] >> 63);
    long n = 0;

    a = negated(a, negative);
#pragma GCC unroll 4
    for (long i = 0; i < LIMBS; i++) {
        out->limb[i] = a.limb[i];
        n = a.limb[i] != 0 ? i + 1 : n;
    }
    out->size = negative != 0 ? -n : n;
}

static inline small
multiply(small a, small b)
{
    small out = {{0}};

#pragma GCC unroll 4
    for (size_t i = 0; i < LIMBS; i++) {
        uint64_t carry = 0;

#pragma GCC unroll 4
        for (size_t j = 0; j < LIMBS - i; j++) {
            const nrdi_uint128 sum =
                (nrdi_uint128) a.limb[i] * b.limb[j] + out.limb[i + j] + carry;

            out.limb[i + j] = (uint64_t) sum;
            carry = (uint64_t) (sum >> 64);
        }
    }
    return out;
}

static inline small
subtract(small a, small b)
{
    uint64_t borrow = 0;

#pragma GCC unroll 4
    for (size_t i = 0; i < LIMBS; i++) {
        const nrdi_uint128 rest = (nrdi_uint128) a.limb[i] - b.limb[i] - borrow;

        a.limb[i] = (uint64_t) rest;
        borrow = (uint64_t) (rest >> 64) & 1;
    }
    return a;
}

/* a / 2^bits for bits below 64, without what is below 1. */
static inline small
shift_down(small a, unsigned bits)
{
#pragma GCC unroll 4
    for (size_t i = 0; i < LIMBS; i++) {
        const uint64_t above =
            i + 1 < LIMBS ? a.limb[i + 1] : 0 - (a.limb[LIMBS - 1] >> 63);

        a.limb[i] = a.limb[i] >> bits | above << 1 << (63 - bits);
    }
    return a;
}

static inline small
shift_up(small a, unsigned bits)
{
#pragma GCC unroll 4
    for (size_t i = LIMBS; i-- > 0;) {
        a.limb[i] = a.limb[i] << bits | (i > 0 ? a.limb[i - 1] >> 1 >> (63 - bits) : 0);
    }
    return a;
}

/* What all entries are divided by: 2^zeros and an odd number, whose lowest limb has an
 * inverse modulo 2^64. */
typedef struct {
    int one;
    unsigned zeros;
    small odd;
    uint64_t inverse;
} divisor;

/* What is left of a quotient once the zeros of its divisor are shifted out has to have
 * room: the highest bits are not known then. */
static int
set_divisor(const nrdi_sweep *m, divisor *out)
{
    const uint64_t lowest = m->below.limb[0];

    out->one = nrdi_sweep_is_over_one(m);
    if (lowest == 0) {
        return 0;
    }
    out->zeros = (unsigned) __builtin_ctzll(lowest);
    if (m->bits + out->zeros >= 64 * LIMBS) {
        return 0;
    }
    out->odd = shift_down(read(m->below), out->zeros);
    out->inverse = 3 * out->odd.limb[0] ^ 2;
    for (int bits = 5; bits < 64; bits *= 2) { /* each step doubles those that are right */
        out->inverse *= 2 - out->odd.limb[0] * out->inverse;
    }
    return 1;
}

/* Limb by limb from the lowest: each is what makes the rest above it a multiple of 2^64. */
static inline small
divide(small a, const divisor *by)
{
    small out;

    a = shift_down(a, by->zeros);
#pragma GCC unroll 4
    for (size_t i = 0; i < LIMBS; i++) {
        uint64_t carry = 0;

        out.limb[i] = a.limb[i] * by->inverse;
#pragma GCC unroll 4
        for (size_t j = 0; j < LIMBS - i; j++) {
            const nrdi_uint128 product =
                (nrdi_uint128) out.limb[i] * by->odd.limb[j] + carry;
            const uint64_t low = (uint64_t) product;

            carry = (uint64_t) (product >> 64) + (a.limb[i + j] < low);
            a.limb[i + j] -= low;
        }
    }
    return shift_down(shift_up(out, by->zeros), by->zeros);
}

int
nrdi_sweep_small(nrdi_sweep *m, size_t k)
{
    small column[MOST_COLUMNS], pivot;
    divisor by;

    if (m->cut != 0 || m->order > MOST_COLUMNS || m->bits >= 64 * LIMBS ||
        !set_divisor(m, &by)) {
        return 0;
    }
    for (size_t i = 0; i < m->order; i++) {
        column[i] = read(*nrdi_sweep_at(m, i, k));
    }
    pivot = column[k];
    for (size_t i = 0; i < m->order; i++) {
        for (size_t j = 0; j <= i && i != k; j++) {
            nrdi_whole *entry = nrdi_sweep_at(m, i, j);
            small value;

            if (j == k) {
                continue;
            }
            value = subtract(multiply(read(*entry), pivot), multiply(column[i], column[j]));
            write(entry, by.one ? value : divide(value, &by));
        }
    }
    return 1;
}
