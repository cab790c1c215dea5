/* From the sums of a regression to its matrix of whole numbers. */

#include "regression_private.h"

#include <limits.h>
#include <stdlib.h>

#include "status_private.h"

/* Power of two that a sum is a multiple of; one that is 0 of any. */
static int
unit_of(const nrdi_regression_worker *own, size_t entry)
{
    const nrdi_whole sum = own->sum[entry];
    int zeros = 0;

    if (sum.size == 0) {
        return INT_MAX;
    }
    while (sum.limb[zeros] == 0) {
        zeros++;
    }
    return own->exponent[entry] + 64 * zeros + __builtin_ctzl(sum.limb[zeros]);
}

static int
floor_half(int x)
{
    return (x - (x & 1)) / 2;
}

/* Units of the columns, powers of two as large as leaves every sum of products whole: the
 * smaller the numbers, the faster. */
static void
choose_shifts(const nrdi_regression *plan, nrdi_regression_worker *own)
{
    for (size_t i = 0; i < plan->order; i++) {
        const int square = unit_of(own, nrdi_place_of(i, i));
        int shift = square == INT_MAX ? 0 : floor_half(square);

        for (size_t j = 0; j < i; j++) {
            const int unit = unit_of(own, nrdi_place_of(i, j));

            if (unit != INT_MAX && unit - own->shift[j] < shift) {
                shift = unit - own->shift[j];
            }
        }
        own->shift[i] = shift;
    }
}

/* entry = sum * 2^bits, where that is whole. Its highest limb may be 0. */
static long
place_up(nrdi_whole *entry, nrdi_whole sum, int bits)
{
    const long n = labs(sum.size), whole = bits / 64;
    const unsigned rest = (unsigned) (bits % 64);
    uint64_t below = 0;

    memset(entry->limb, 0, (size_t) whole * sizeof *entry->limb);
    for (long i = 0; i < n; i++) {
        entry->limb[whole + i] = sum.limb[i] << rest | below >> 1 >> (63 - rest);
        below = sum.limb[i];
    }
    entry->limb[whole + n] = below >> 1 >> (63 - rest);
    return whole + n + 1;
}

static long
place_down(nrdi_whole *entry, nrdi_whole sum, int bits)
{
    const long whole = bits / 64, n = labs(sum.size) - whole;
    const unsigned rest = (unsigned) (bits % 64);

    for (long i = 0; i < n; i++) {
        const uint64_t above = i + 1 < n ? sum.limb[whole + i + 1] : 0;

        entry->limb[i] = sum.limb[whole + i] >> rest | above << 1 << (63 - rest);
    }
    return n;
}

static void
place_shifted(nrdi_whole *entry, nrdi_whole sum, int bits)
{
    long size = 0;

    if (sum.size != 0) {
        size = bits >= 0 ? place_up(entry, sum, bits) : place_down(entry, sum, -bits);
        size -= entry->limb[size - 1] == 0;
    }
    entry->size = sum.size < 0 ? -size : size;
}

/* Bits of the diagonal: all of them, which no minor of a matrix of sums of squares exceeds,
 * or the most of an entry. */
static size_t
count_bits(const nrdi_regression *plan, const nrdi_regression_worker *own, int all)
{
    size_t sum = 0, most = 0;

    for (size_t i = 0; i < plan->order; i++) {
        const size_t e = nrdi_place_of(i, i);
        const int moved = own->exponent[e] - 2 * own->shift[i];
        const size_t bits = own->sum[e].size == 0
                                ? 1
                                : (size_t) ((int) nrdi_whole_bits(own->sum[e]) + moved) + 1;

        sum += bits;
        most = bits > most ? bits : most;
    }
    return all ? sum : most;
}

nrd_status
nrdi_regression_fill(
    const nrdi_regression *plan, nrdi_regression_worker *own, size_t r, long cut)
{
    size_t bits;

    choose_shifts(plan, own);
    bits = count_bits(plan, own, cut == 0);
    if (cut == 0 && bits > NRDI_SWEEP_BITS) {
        return nrdi_fail(&own->err, NRD_E_OVERFLOW, r,
            "the determinants have up to %zu bits, expected at most %d", bits,
            NRDI_SWEEP_BITS);
    }
    if (!nrdi_sweep_begin(&own->matrix, plan->order, bits, cut)) {
        return nrdi_fail(&own->err, NRD_E_MEMORY, r,
            "no memory for a matrix of %zu columns", plan->order);
    }
    for (size_t i = 0; i < plan->order; i++) {
        for (size_t j = 0; j <= i; j++) {
            const size_t e = nrdi_place_of(i, j);

            place_shifted(nrdi_sweep_at(&own->matrix, i, j), own->sum[e],
                own->exponent[e] - own->shift[i] - own->shift[j]);
        }
    }
    nrdi_sweep_cut(&own->matrix);
    return NRD_OK;
}
