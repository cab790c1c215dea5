#ifndef NRDI_SWEEP_PRIVATE_H
#define NRDI_SWEEP_PRIVATE_H

#include <gmp.h>
#include <stdlib.h>

#include "big_private.h"

/* Most bits of a determinant. Up to these GMP takes its scratch from the stack, so that it
 * has no memory to ask for and to abort without. */
#define NRDI_SWEEP_BITS 65536

/* Limbs of numbers that are swept without GMP, which every entry has room for, and the most
 * columns of their matrix. */
#define NRDI_SMALL_LIMBS 3
#define NRDI_SMALL_ORDER 8

/* A whole number in the memory of another: limbs in use, negative for a negative number,
 * times 2^(64 exponent). */
typedef struct {
    mp_limb_t *limb;
    long size;
    long exponent;
} nrdi_whole;

/* A symmetric matrix of whole numbers over one denominator, swept without error; or where
 * `cut` is not 0 with that many limbs of each number, and exponents other than 0. Zeroed
 * before the first use. */
typedef struct {
    size_t order;
    long cut;
    size_t room;          /* limbs of an entry */
    nrdi_whole *entry;    /* lower triangle, row by row */
    nrdi_whole below;     /* the denominator, above 0 */
    nrdi_whole kept[2];   /* for the user: copies that outlive a sweep */
    nrdi_whole part[3];   /* products on their way */
    mp_limb_t *limbs;     /* of all of them */
    size_t limb_capacity; /* of limbs */
    size_t capacity;      /* of entry */
} nrdi_sweep;

/* Set up a matrix of zeros over 1 with room for determinants of so many bits, or where
 * numbers are cut for entries of so many; 0 without memory. What is there already is used
 * again. */
int nrdi_sweep_begin(nrdi_sweep *m, size_t order, size_t bits, long cut);

/* Cut the entries as they are. */
void nrdi_sweep_cut(nrdi_sweep *m);

void nrdi_sweep_free(nrdi_sweep *m);

/* Entry i, j of the symmetric matrix. */
static inline nrdi_whole *
nrdi_sweep_at(const nrdi_sweep *m, size_t i, size_t j)
{
    return &m->entry[i >= j ? i * (i + 1) / 2 + j : j * (j + 1) / 2 + i];
}

/* Whether the denominator is 1, as it is at first. */
static inline int
nrdi_sweep_is_over_one(const nrdi_sweep *m)
{
    return m->below.size == 1 && m->below.limb[0] == 1 && m->below.exponent == 0;
}

/* Sweep column k, whose diagonal must be above 0. Afterwards the swept columns hold
 * -(inverse) among them, and coefficients and what they leave besides, all over m->below.
 */
void nrdi_sweep_pivot(nrdi_sweep *m, size_t k);

/* A whole number modulo 2^192; below 0 as in any two's complement. */
typedef struct {
    uint64_t limb[NRDI_SMALL_LIMBS];
} nrdi_small;

/* The column that is swept, and the denominator: odd * 2^zeros, with the inverse of the
 * lowest limb of `odd` modulo 2^64. */
typedef struct {
    size_t pivot;
    size_t bits[NRDI_SMALL_ORDER];
    nrdi_small value[NRDI_SMALL_ORDER];
    int over_one;
    unsigned zeros;
    nrdi_small odd;
    uint64_t inverse;
} nrdi_small_column;

/* Make ready to sweep column k; 0 where the matrix is not for small numbers. */
int nrdi_small_begin(const nrdi_sweep *m, size_t k, nrdi_small_column *out);

/* Sweep entry i, j of that matrix; 0, and nothing is done, where its products are long. */
int nrdi_small_sweep(nrdi_whole *entry, const nrdi_small_column *by, size_t i, size_t j);

void nrdi_whole_copy(nrdi_whole *out, nrdi_whole a);

/* a / b and a / b - c / d to 106 bits, for entries or copies of them; b and d > 0. */
nrdi_double2 nrdi_whole_ratio(nrdi_whole a, nrdi_whole b);
nrdi_double2 nrdi_whole_difference(
    nrdi_sweep *m, nrdi_whole a, nrdi_whole b, nrdi_whole c, nrdi_whole d);

/* Limb i from the top of n limbs, 0 below the lowest. */
static inline uint64_t
nrdi_limb_at(nrdi_whole a, long n, long i)
{
    return i <= n ? a.limb[n - i] : 0;
}

/* The leading 106 bits, with high in [1/2, 1) or 0. */
static inline nrdi_double2
nrdi_whole_leading(nrdi_whole a)
{
    const long n = labs(a.size);
    uint64_t first, second;
    double sign;
    int zeros;

    if (n == 0) {
        return (nrdi_double2){0.0, 0.0, 0};
    }
    first = a.limb[n - 1];
    second = nrdi_limb_at(a, n, 2);
    zeros = __builtin_clzl(first);
    if (zeros > 0) {
        first = first << zeros | second >> (64 - zeros);
        second = second << zeros | nrdi_limb_at(a, n, 3) >> (64 - zeros);
    }
    sign = a.size < 0 ? -1.0 : 1.0;
    /* 53 bits, and 53 more. */
    return (nrdi_double2){sign * 0x1p-53 * (double) (first >> 11),
        sign * 0x1p-106 * (double) ((first & 0x7ff) << 42 | second >> 22),
        (int) (64 * (n + a.exponent) - zeros)};
}

/* Number of bits; 0 for 0. */
static inline size_t
nrdi_whole_bits(nrdi_whole a)
{
    const size_t n = (size_t) (a.size < 0 ? -a.size : a.size);

    return n == 0 ? 0 : 64 * n - (size_t) __builtin_clzl(a.limb[n - 1]);
}

#endif
