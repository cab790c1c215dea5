/* The sums of a regression as whole numbers: those of a group, or of the units of a
 * regression, each around its own means. */

#include "regression_private.h"

#include <math.h>
#include <stdlib.h>

/* Two digits of 32 bits make a limb; what is 0 at the lower end is left out. */
static int
pack(const uint32_t *digit, size_t n, nrdi_whole *out)
{
    size_t zeros = 0, limbs;

    while (n > 0 && digit[n - 1] == 0) {
        n--;
    }
    while (zeros < n && digit[zeros] == 0) {
        zeros++;
    }
    limbs = (n - zeros + 1) / 2;
    for (size_t i = 0; i < limbs; i++) {
        const size_t at = zeros + 2 * i;

        out->limb[i] = digit[at] | (uint64_t) (at + 1 < n ? digit[at + 1] : 0) << 32;
    }
    out->size = (long) limbs;
    return 32 * (int) zeros;
}

static void
read_count(uint64_t count, nrdi_whole *out, int *exponent)
{
    out->limb[0] = count;
    out->size = count != 0;
    *exponent = 0;
}

static void
read_sum(const nrd_moments *state, size_t group, size_t sum, nrdi_whole *out, int *exponent)
{
    const int64_t *record = nrdi_moments_record(state, group);
    int64_t digit[NRDI_EXACT_DIGITS];
    uint32_t magnitude[NRDI_EXACT_DIGITS];
    nrdi_window window;
    int sign;

    if (sum == NRDI_COUNT) {
        read_count((uint64_t) record[NRDI_ROWS], out, exponent);
        return;
    }
    window = state->windows[sum];
    memcpy(digit, record + window.at, window.count * sizeof *digit);
    sign = nrdi_digits_magnitude(digit, window.count, magnitude);
    *exponent = 32 * window.first - NRDI_EXACT_OFFSET;
    *exponent += pack(magnitude, window.count, out);
    out->size = sign < 0 ? -out->size : out->size;
}

/* Rows for the degrees of freedom: with frequencies as many as they stand for. */
static double
count_rows(const nrd_moments *state, size_t group)
{
    nrdi_big weight, one;

    if (state->weights != NRD_WEIGHTS_FREQUENCY) {
        return (double) nrdi_moments_weighted(state, group);
    }
    nrdi_big_from_count(1, &one);
    nrdi_moments_big(state, group, 0, &weight);
    return nrdi_big_ratio(&weight, &one);
}

void
nrdi_regression_read(
    const nrdi_regression *plan, nrdi_regression_worker *own, size_t r, nrd_fit *fit)
{
    const nrd_moments *state = plan->state;

    fit->rows = (uint64_t) nrdi_moments_record(state, r)[NRDI_ROWS];
    fit->df = count_rows(state, r) - (double) plan->k;
    fit->status = nrdi_moments_weighted(state, r) == 0 ? NRD_FIT_EMPTY
                  : fit->df < 0.0                      ? NRD_FIT_FEW_ROWS
                                                       : NRD_FIT_OK;
    for (size_t e = 0; e < plan->entries && fit->status == NRD_FIT_OK; e++) {
        read_sum(state, r, plan->sum[e], &own->sum[e], &own->exponent[e]);
    }
}
