#include "slices_private.h"

#include <math.h>
#include <string.h>

#include "exact_block_private.h"
#include "status_private.h"

/* Rows whose weights lie in the cache while all slices of them are summed. */
#define BLOCK 512

nrdi_slices
nrdi_slices_of(size_t n, double most)
{
    const size_t runs = n / NRDI_LANES + (n % NRDI_LANES != 0);

    return (nrdi_slices){.rows = runs * NRDI_LANES, .most = most};
}

void
nrdi_slices_free(nrdi_slices *slices)
{
    nrdi_free(slices->memory);
    *slices = (nrdi_slices){0};
}

/* The next slice, all zeros, or NULL. */
static double *
new_slice(nrdi_slices *slices)
{
    if (slices->count == slices->room) {
        const size_t room = 2 * slices->room + 4;
        double *memory = slices->rows > SIZE_MAX / 16 / room
                             ? NULL
                             : nrdi_malloc(room * slices->rows + NRDI_LINE, sizeof *memory);

        if (memory == NULL) {
            return NULL;
        }
        if (slices->count > 0) {
            memcpy(nrdi_on_a_line(memory), slices->slice,
                slices->count * slices->rows * sizeof *memory);
        }
        nrdi_free(slices->memory);
        slices->memory = memory;
        slices->slice = nrdi_on_a_line(memory);
        slices->room = room;
    }
    return slices->slice + slices->count++ * slices->rows;
}

/* Take the whole multiples of a unit out of high + low. Adding and taking away 1.5 * 2^52
 * units rounds to them; what is left is exact, and put in order again. */
static void
cut(double *high, double *low, size_t n, double unit, double *slice)
{
    const double shift = 1.5 * 0x1p52 * unit;

    for (size_t i = 0; i < n; i++) {
        slice[i] = (high[i] + shift) - shift;
        high[i] -= slice[i];
        if (low != NULL) {
            const nrdi_twofold rest = nrdi_twofold_sum(high[i], low[i]);

            high[i] = rest.high;
            low[i] = rest.low;
        }
    }
}

nrd_status
nrdi_slices_add(nrdi_slices *slices, double *high, double *low, size_t n, nrdi_sliced *out)
{
    const nrdi_kernels *kernels = nrdi_kernels_in_use();
    nrdi_sliced column = {slices->count, 0};
    double greatest = kernels->greatest(high, n);
    int bits, exponent;

    /* Weights times values below 2^(52 - bits) units stay below 2^52 units. */
    (void) frexp(slices->most, &bits);
    while (greatest > 0.0) {
        double *slice = new_slice(slices);

        if (slice == NULL) {
            return NRD_E_MEMORY;
        }
        (void) frexp(greatest, &exponent);
        exponent -= 52 - bits;
        cut(high, low, n, ldexp(1.0, exponent), slice);
        column.count++;
        greatest = kernels->greatest(high, n);
    }
    *out = column;
    return NRD_OK;
}

nrd_status
nrdi_slices_group(
    const nrdi_slices *from, const uint64_t *start, size_t groups, nrdi_slices *out)
{
    *out = nrdi_slices_of(groups, from->most);
    for (size_t s = 0; s < from->count; s++) {
        const double *rows = from->slice + s * from->rows;
        double *slice = new_slice(out);

        if (slice == NULL) {
            return NRD_E_MEMORY;
        }
        for (size_t g = 0; g < groups; g++) {
            for (size_t i = (size_t) start[g]; i < (size_t) start[g + 1]; i++) {
                slice[g] += rows[i]; /* whole multiples of one unit */
            }
        }
    }
    return NRD_OK;
}

void
nrdi_slices_weigh(const nrdi_slices *slices, const double *weight, double *sums)
{
    nrdi_dots *dots = nrdi_kernels_in_use()->dots;
    double part[NRDI_DOTS];

    memset(sums, 0, NRDI_DOTS * slices->count * sizeof *sums);
    for (size_t i = 0; i < slices->rows; i += BLOCK) {
        const size_t rows = slices->rows - i < BLOCK ? slices->rows - i : BLOCK;

        for (size_t s = 0; s < slices->count; s++) {
            dots(
                slices->slice + s * slices->rows + i, weight + i, slices->rows, rows, part);
            for (size_t k = 0; k < NRDI_DOTS; k++) {
                sums[k * slices->count + s] += part[k];
            }
        }
    }
}

nrdi_twofold
nrdi_slices_total(nrdi_sliced column, const double *sums)
{
    nrdi_twofold total = {0.0, 0.0};

    for (size_t k = column.count; k > 0; k--) {
        total = nrdi_twofold_add(total, (nrdi_twofold){sums[column.first + k - 1], 0.0});
    }
    return total;
}
