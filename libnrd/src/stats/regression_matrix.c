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

    return sum.size == 0 ? INT_MAX : own->exponent[entry] + (int) mpn_scan1(sum.limb, 0);
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

/* entry = sum * 2^bits, where that is whole. */
static void
place_shifted(nrdi_whole *entry, nrdi_whole sum, int bits)
{
    const long n = labs(sum.size), whole = labs(bits) / 64;
    const unsigned rest = (unsigned) (labs(bits) % 64);
    long size = 0;

    if (n > 0 && bits >= 0) {
        memset(entry->limb, 0, (size_t) whole * sizeof *entry->limb);
        memcpy(entry->limb + whole, sum.limb, (size_t) n * sizeof *sum.limb);
        entry->limb[whole + n] = 0;
        if (rest > 0) {
            (void) mpn_lshift(entry->limb + whole, entry->limb + whole, n + 1, rest);
        }
        size = whole + n + 1;
    } else if (n > 0) {
        memcpy(entry->limb, sum.limb + whole, (size_t) (n - whole) * sizeof *sum.limb);
        if (rest > 0) {
            (void) mpn_rshift(entry->limb, entry->limb, n - whole, rest);
        }
        size = n - whole;
    }
    while (size > 0 && entry->limb[size - 1] == 0) {
        size--;
    }
    entry->size = sum.size < 0 ? -size : size;
}

/* A minor of a matrix of sums of squares is at most the product of its diagonal. */
nrd_status
nrdi_regression_fill(const nrdi_regression *plan, nrdi_regression_worker *own, size_t r)
{
    size_t bits = 0;

    choose_shifts(plan, own);
    for (size_t i = 0; i < plan->order; i++) {
        const size_t e = nrdi_place_of(i, i);
        const int moved = own->exponent[e] - 2 * own->shift[i];

        bits += own->sum[e].size == 0
                    ? 1
                    : (size_t) ((int) nrdi_whole_bits(own->sum[e]) + moved) + 1;
    }
    if (bits > NRDI_SWEEP_BITS) {
        return nrdi_fail(&own->err, NRD_E_OVERFLOW, r,
            "the determinants have up to %zu bits, expected at most %d", bits,
            NRDI_SWEEP_BITS);
    }
    if (!nrdi_sweep_begin(&own->matrix, plan->order, bits)) {
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
    return NRD_OK;
}
