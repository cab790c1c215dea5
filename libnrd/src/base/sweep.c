/* Elimination in whole numbers. Every entry of a swept matrix is a minor of the matrix at
 * the beginning over another minor, the common denominator: no division leaves a rest. */

#include "sweep_private.h"

#include <stdlib.h>

#include "status_private.h"
#include "double2_private.h"

_Static_assert(GMP_NUMB_BITS == 64, "limbs of 64 bits");

/* Products have twice the limbs of an entry, a difference of two of them one more; where
 * numbers are cut one of them is moved up to the other. */
static size_t
part_room(const nrdi_sweep *m)
{
    const size_t exact = 2 * m->room + 2, cut = 6 * (size_t) m->cut + 4;

    return exact > cut ? exact : cut;
}

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
nrdi_sweep_begin(nrdi_sweep *m, size_t order, size_t bits, long cut)
{
    const size_t entries = order * (order + 1) / 2;
    const size_t least = cut > 0 ? (size_t) cut + 2 : NRDI_SMALL_LIMBS;
    const size_t room = bits / 64 + 2 > least ? bits / 64 + 2 : least;
    mp_limb_t *at;

    m->order = order;
    m->room = room;
    m->cut = cut;
    if (!reserve(m, entries, (entries + 3) * room + 3 * part_room(m))) {
        return 0;
    }
    at = m->limbs;
    for (size_t k = 0; k < entries; k++, at += room) {
        m->entry[k] = (nrdi_whole){at, 0, 0};
    }
    m->below = (nrdi_whole){at, 1, 0};
    m->below.limb[0] = 1;
    for (int k = 0; k < 2; k++) {
        m->kept[k] = (nrdi_whole){at += room, 0, 0};
    }
    at += room;
    for (int k = 0; k < 3; k++, at += part_room(m)) {
        m->part[k] = (nrdi_whole){at, 0, 0};
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
    out->exponent = a.exponent;
    for (long i = 0; i < labs(a.size); i++) { /* few, mostly */
        out->limb[i] = a.limb[i];
    }
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
    out->exponent = a.exponent + b.exponent;
    if (n == 0 || k == 0) {
        return;
    }
    if (k == 1) { /* as mostly in small regressions: GMP says where it pays */
        out->limb[n] = mpn_mul_1(out->limb, a.limb, n, b.limb[0]);
    } else if (n >= k) {
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

/* Drop the lowest limbs of a number that has too many. */
static void
cut_number(nrdi_whole *a, long most)
{
    const long n = labs(a->size);

    if (most > 0 && n > most) {
        memmove(a->limb, a->limb + (n - most), (size_t) most * sizeof *a->limb);
        a->exponent += n - most;
        a->size = a->size < 0 ? -most : most;
    }
}

void
nrdi_sweep_cut(nrdi_sweep *m)
{
    for (size_t k = 0; m->cut > 0 && k < m->order * (m->order + 1) / 2; k++) {
        cut_number(&m->entry[k], m->cut);
    }
}

/* Move the number of the larger exponent up to that of the other; where its limbs are all
 * above those that the other is known by, the other is nothing beside it. */
static void
align(nrdi_whole *high, nrdi_whole *low, long cut)
{
    const long n = labs(high->size), k = labs(low->size);
    const long up = high->exponent - low->exponent;

    if (n + up - k > cut + 1) {
        low->size = 0;
        low->exponent = high->exponent;
        return;
    }
    memmove(high->limb + up, high->limb, (size_t) n * sizeof *high->limb);
    memset(high->limb, 0, (size_t) up * sizeof *high->limb);
    high->size = high->size < 0 ? -(n + up) : n + up;
    high->exponent = low->exponent;
}

/* a - b of one exponent, in the memory of the larger; returns where it is. */
static nrdi_whole
subtract_aligned(nrdi_whole a, nrdi_whole b)
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

/* a - b; where numbers are cut what no limb is known of is 0. */
static nrdi_whole
subtract(const nrdi_sweep *m, nrdi_whole a, nrdi_whole b)
{
    nrdi_whole out;
    long most;

    if (a.size != 0 && b.size != 0 && a.exponent != b.exponent) {
        if (a.exponent > b.exponent) {
            align(&a, &b, m->cut);
        } else {
            align(&b, &a, m->cut);
        }
    }
    most = labs(a.size) > labs(b.size) ? labs(a.size) : labs(b.size);
    out = subtract_aligned(a, b);
    if (m->cut > 0 && labs(out.size) <= most - (m->cut - 1)) {
        out.size = 0;
    }
    return out;
}

/* Where numbers are cut: give a dividend as many limbs as leaves a quotient of `cut`. */
static void
lengthen(nrdi_whole *a, long cut, long divisor)
{
    const long n = labs(a->size), up = cut + divisor - n;

    if (up > 0) {
        memmove(a->limb + up, a->limb, (size_t) n * sizeof *a->limb);
        memset(a->limb, 0, (size_t) up * sizeof *a->limb);
        a->size = a->size < 0 ? -(n + up) : n + up;
        a->exponent -= up;
    }
}

/* *out = a / below, which leaves no rest, or one that is cut: its quotient may be longer
 * than an entry at first. */
static void
divide(nrdi_sweep *m, nrdi_whole *out, nrdi_whole a)
{
    mp_limb_t *quotient = m->cut > 0 ? m->part[2].limb : out->limb;
    const long k = m->below.size;
    long n;

    out->size = 0;
    if (a.size == 0) {
        return;
    }
    if (m->cut > 0) {
        lengthen(&a, m->cut, k);
    } else if (nrdi_sweep_is_over_one(m)) {
        nrdi_whole_copy(out, a);
        return;
    }
    n = labs(a.size);
    if (k == 1 && m->cut == 0) {
        (void) mpn_divexact_1(quotient, a.limb, n, m->below.limb[0]);
    } else {
        /* The rest goes where the number is: nobody needs it any more. */
        mpn_tdiv_qr(quotient, a.limb, 0, a.limb, n, m->below.limb, k);
    }
    n = without_zeros(quotient, n - k + 1);
    a = (nrdi_whole){quotient, a.size < 0 ? -n : n, a.exponent - m->below.exponent};
    if (m->cut > 0) {
        cut_number(&a, m->cut);
        nrdi_whole_copy(out, a);
    } else {
        *out = a;
    }
}

void
nrdi_sweep_pivot(nrdi_sweep *m, size_t k)
{
    const nrdi_whole pivot = *nrdi_sweep_at(m, k, k);
    nrdi_small_column column;
    const int small = nrdi_small_begin(m, k, &column);

    for (size_t i = 0; i < m->order; i++) {
        for (size_t j = 0; j <= i && i != k; j++) {
            nrdi_whole *entry = nrdi_sweep_at(m, i, j);

            if (j == k || (small && nrdi_small_sweep(entry, &column, i, j))) {
                continue;
            }
            multiply(&m->part[0], *entry, pivot);
            multiply(&m->part[1], *nrdi_sweep_at(m, i, k), *nrdi_sweep_at(m, j, k));
            divide(m, entry, subtract(m, m->part[0], m->part[1]));
        }
    }
    /* The denominator and the pivot change places; the pivot becomes negative. */
    *nrdi_sweep_at(m, k, k) =
        (nrdi_whole){m->below.limb, -m->below.size, m->below.exponent};
    m->below = pivot;
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
    above = nrdi_whole_leading(subtract(m, m->part[0], m->part[1]));
    return nrdi_double2_divide(
        above, nrdi_double2_multiply(nrdi_whole_leading(b), nrdi_whole_leading(d)));
}
