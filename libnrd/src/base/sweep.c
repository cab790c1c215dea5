/* Elimination in whole numbers. Every entry of a swept matrix is a minor of the matrix at
 * the beginning over another minor, the common denominator: no division leaves a rest. */

#include "sweep_private.h"

#include <stdlib.h>

#include "status_private.h"
#include "double2_private.h"

_Static_assert(GMP_NUMB_BITS == 64, "limbs of 64 bits");

/* Products have twice the limbs of an entry; a difference of two of them one more. */
#define PART_ROOM(room) (2 * (room) + 2)

static int
reserve(nrdi_sweep *m, size_t entries, size_t limbs)
{
    if (entries > m->capacity) {
        nrdi_free(m->entry);
        m->entry = nrdi_malloc(entries, sizeof *m->entry);
        m->capacity = m->entry != NULL ? entries : 0;
    }
    if (limbs > m->limb_capacity) {
        nrdi_free(m->limbs);
        m->limbs = nrdi_malloc(limbs, sizeof *m->limbs);
        m->limb_capacity = m->limbs != NULL ? limbs : 0;
    }
    return entries <= m->capacity && limbs <= m->limb_capacity;
}

int
nrdi_sweep_begin(nrdi_sweep *m, size_t order, size_t bits)
{
    const size_t entries = order * (order + 1) / 2, room = bits / 64 + 2;
    mp_limb_t *at;

    if (!reserve(m, entries, (entries + 3) * room + 3 * PART_ROOM(room))) {
        return 0;
    }
    m->order = order;
    m->room = room;
    at = m->limbs;
    for (size_t k = 0; k < entries; k++, at += room) {
        m->entry[k] = (nrdi_whole){at, 0};
    }
    m->below = (nrdi_whole){at, 1};
    m->below.limb[0] = 1;
    for (int k = 0; k < 2; k++) {
        m->kept[k] = (nrdi_whole){at += room, 0};
    }
    at += room;
    for (int k = 0; k < 3; k++, at += PART_ROOM(room)) {
        m->part[k] = (nrdi_whole){at, 0};
    }
    return 1;
}

void
nrdi_sweep_free(nrdi_sweep *m)
{
    nrdi_free(m->entry);
    nrdi_free(m->limbs);
}

void
nrdi_whole_copy(nrdi_whole *out, nrdi_whole a)
{
    out->size = a.size;
    memcpy(out->limb, a.limb, (size_t) labs(a.size) * sizeof *a.limb);
}

static long
without_zeros(const mp_limb_t *limb, long n)
{
    while (n > 0 && limb[n - 1] == 0) {
        n--;
    }
    return n;
}

static void
multiply(nrdi_whole *out, nrdi_whole a, nrdi_whole b)
{
    const long n = labs(a.size), k = labs(b.size);

    out->size = 0;
    if (n == 0 || k == 0) {
        return;
    }
    if (n >= k) {
        (void) mpn_mul(out->limb, a.limb, n, b.limb, k);
    } else {
        (void) mpn_mul(out->limb, b.limb, k, a.limb, n);
    }
    out->size = without_zeros(out->limb, n + k);
    out->size = (a.size < 0) != (b.size < 0) ? -out->size : out->size;
}

/* |a| - |b| for |a| >= |b|, or |a| + |b|, in place of a; |a| has as many limbs or more. */
static long
combine(nrdi_whole *a, nrdi_whole b, int add)
{
    const long n = labs(a->size), k = labs(b.size);

    if (add) {
        a->limb[n] = mpn_add(a->limb, a->limb, n, b.limb, k);
        return without_zeros(a->limb, n + 1);
    }
    (void) mpn_sub(a->limb, a->limb, n, b.limb, k);
    return without_zeros(a->limb, n);
}

/* a - b, in the memory of the larger; returns where it is. */
static nrdi_whole
subtract(nrdi_whole a, nrdi_whole b)
{
    const long n = labs(a.size), k = labs(b.size);
    const int larger = n != k ? n > k : n > 0 && mpn_cmp(a.limb, b.limb, n) >= 0;
    const int add = (a.size < 0) != (b.size < 0);
    const int negative = larger ? a.size < 0 : b.size > 0;
    nrdi_whole out = larger ? a : b;

    if (n == 0 || k == 0) {
        out.size = n == 0 ? -b.size : a.size;
        out.limb = n == 0 ? b.limb : a.limb;
        return out;
    }
    out.size = combine(&out, larger ? b : a, add);
    out.size = negative ? -out.size : out.size;
    return out;
}

/* *out = a / below, which leaves no rest. */
static void
divide(nrdi_sweep *m, nrdi_whole *out, nrdi_whole a, mp_limb_t *quotient)
{
    const long n = labs(a.size), k = m->below.size;

    if (k == 1 && m->below.limb[0] == 1) {
        nrdi_whole_copy(out, a);
        return;
    }
    out->size = 0;
    if (n == 0) {
        return;
    }
    if (k == 1) {
        (void) mpn_divexact_1(quotient, a.limb, n, m->below.limb[0]);
    } else {
        /* The rest goes where the number is: nobody needs it any more. */
        mpn_tdiv_qr(quotient, a.limb, 0, a.limb, n, m->below.limb, k);
    }
    out->size = without_zeros(quotient, n - k + 1);
    memcpy(out->limb, quotient, (size_t) out->size * sizeof *quotient);
    out->size = a.size < 0 ? -out->size : out->size;
}

void
nrdi_sweep_pivot(nrdi_sweep *m, size_t k)
{
    const nrdi_whole pivot = *nrdi_sweep_at(m, k, k);

    for (size_t i = 0; i < m->order; i++) {
        for (size_t j = 0; j <= i && i != k; j++) {
            nrdi_whole *entry = nrdi_sweep_at(m, i, j);

            if (j == k) {
                continue;
            }
            multiply(&m->part[0], *entry, pivot);
            multiply(&m->part[1], *nrdi_sweep_at(m, i, k), *nrdi_sweep_at(m, j, k));
            divide(m, entry, subtract(m->part[0], m->part[1]), m->part[2].limb);
        }
    }
    /* The denominator and the pivot change places; the pivot becomes negative. */
    *nrdi_sweep_at(m, k, k) = (nrdi_whole){m->below.limb, -m->below.size};
    m->below = pivot;
}

/* The 53 bits from bit `at` on, which may lie below the number, as a double. */
static double
bits_from(nrdi_whole a, long at)
{
    const long n = labs(a.size), shift = at & 63, limb = (at - shift) / 64;
    const uint64_t low = limb >= 0 && limb < n ? a.limb[limb] : 0;
    const uint64_t high = limb + 1 >= 0 && limb + 1 < n ? a.limb[limb + 1] : 0;
    const uint64_t bits = shift == 0 ? low : low >> shift | high << (64 - shift);

    return (double) (bits & UINT64_MAX >> 11);
}

nrdi_double2
nrdi_whole_leading(nrdi_whole a)
{
    const double sign = a.size < 0 ? -1.0 : 1.0;
    nrdi_double2 out = {0.0, 0.0, 0};

    if (a.size != 0) {
        const long bits = (long) nrdi_whole_bits(a);

        out.high = sign * 0x1p-53 * bits_from(a, bits - 53);
        out.low = sign * 0x1p-106 * bits_from(a, bits - 106);
        out.exponent = (int) bits;
    }
    return out;
}

nrdi_double2
nrdi_whole_ratio(nrdi_whole a, nrdi_whole b)
{
    return nrdi_double2_divide(nrdi_whole_leading(a), nrdi_whole_leading(b));
}

nrdi_double2
nrdi_whole_difference(nrdi_sweep *m, nrdi_whole a, nrdi_whole b, nrdi_whole c, nrdi_whole d)
{
    nrdi_double2 above;

    multiply(&m->part[0], a, d);
    multiply(&m->part[1], c, b);
    above = nrdi_whole_leading(subtract(m->part[0], m->part[1]));
    return nrdi_double2_divide(
        above, nrdi_double2_multiply(nrdi_whole_leading(b), nrdi_whole_leading(d)));
}
