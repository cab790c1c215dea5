/* What can be counted in a matrix: states, bounds per unit and criterion, classes, mean. */

#include "attainment_private.h"

#include <inttypes.h>
#include <string.h>

#include "decimal_private.h"
#include "status_private.h"

static uint64_t
popcount(uint64_t word)
{
    return (uint64_t) __builtin_popcountll(word);
}

nrd_status
nrd_attainment_states(const nrd_attainment *matrix, int8_t *out, size_t n, nrd_error *err)
{
    NRDI_TRY(nrdi_attainment_check(
        matrix, out, out, n, matrix != NULL ? matrix->units * matrix->criteria : 0, err));
    for (size_t u = 0; u < matrix->units; u++) {
        const uint64_t *met = matrix->met + u * matrix->words;
        const uint64_t *known = matrix->known + u * matrix->words;

        for (size_t c = 0; c < matrix->criteria; c++) {
            int8_t *cell = &out[u * matrix->criteria + c];

            if (nrdi_get_bit(known, c)) {
                *cell = nrdi_get_bit(met, c) ? NRD_STATE_MET : NRD_STATE_UNMET;
            } else if (nrdi_get_bit(matrix->closed_met, c)) {
                *cell = NRD_STATE_MET;
            } else {
                *cell = nrdi_get_bit(matrix->closed_unmet, c) ? NRD_STATE_UNMET
                                                              : NRD_STATE_UNKNOWN;
            }
        }
    }
    return NRD_OK;
}

/* Least and greatest number of criteria one unit meets, among those in `chosen`. An unknown
 * cell can be met unless its column is closed as unmet, and can be unmet unless closed as
 * met; no other total ties the cells of one unit together. */
static void
count_unit(const nrd_attainment *matrix, size_t u, const uint64_t *chosen, uint64_t *low,
    uint64_t *high)
{
    const uint64_t *met = matrix->met + u * matrix->words;
    const uint64_t *known = matrix->known + u * matrix->words;

    *low = 0;
    *high = 0;
    for (size_t w = 0; w < matrix->words; w++) {
        const uint64_t unknown = ~known[w] & matrix->all[w];

        *low += popcount((met[w] | (unknown & matrix->closed_met[w])) & chosen[w]);
        *high += popcount((met[w] | (unknown & ~matrix->closed_unmet[w])) & chosen[w]);
    }
}

nrd_status
nrd_attainment_unit_counts(const nrd_attainment *matrix, const uint8_t *subset,
    uint64_t *low_out, uint64_t *high_out, size_t n, nrd_error *err)
{
    uint64_t *chosen;

    NRDI_TRY(nrdi_attainment_check(
        matrix, low_out, high_out, n, matrix != NULL ? matrix->units : 0, err));
    chosen = nrdi_malloc(matrix->words, sizeof *chosen);
    if (chosen == NULL) {
        return nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for the subset");
    }
    for (size_t c = 0; c < matrix->criteria; c++) {
        if (subset == NULL || subset[c] != 0) {
            nrdi_set_bit(chosen, c);
        }
    }
    for (size_t u = 0; u < n; u++) {
        count_unit(matrix, u, chosen, &low_out[u], &high_out[u]);
    }
    nrdi_free(chosen);
    return NRD_OK;
}

/* What the cells allow, cut to what the total allows. */
void
nrdi_attainment_count_criterion(
    const nrd_attainment *matrix, size_t c, uint64_t *low, uint64_t *high)
{
    const uint64_t met = matrix->met_cells[c];
    const uint64_t possible = matrix->units - (matrix->known_cells[c] - met);

    *low = met > matrix->total_low[c] ? met : matrix->total_low[c];
    *high = possible < matrix->total_high[c] ? possible : matrix->total_high[c];
}

nrd_status
nrd_attainment_criterion_counts(const nrd_attainment *matrix, uint64_t *low_out,
    uint64_t *high_out, size_t n, nrd_error *err)
{
    NRDI_TRY(nrdi_attainment_check(
        matrix, low_out, high_out, n, matrix != NULL ? matrix->criteria : 0, err));
    for (size_t c = 0; c < n; c++) {
        nrdi_attainment_count_criterion(matrix, c, &low_out[c], &high_out[c]);
    }
    return NRD_OK;
}

/* The class of a count: the first whose cut it reaches. */
static size_t
class_of(uint64_t count, const uint64_t *cuts, size_t n_cuts)
{
    size_t k = 0;

    while (k < n_cuts && count < cuts[k]) {
        k++;
    }
    return k;
}

nrd_status
nrd_attainment_classes(const nrd_attainment *matrix, const uint64_t *cuts, size_t n_cuts,
    uint64_t *low_out, uint64_t *high_out, nrd_error *err)
{
    if (matrix == NULL || cuts == NULL || low_out == NULL || high_out == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "the matrix or an array is NULL");
    }
    if (n_cuts == 0) {
        return nrdi_fail(
            err, NRD_E_SIZE, NRD_NO_ROW, "there are no cuts, expected one or more");
    }
    for (size_t k = 1; k < n_cuts; k++) {
        if (cuts[k] >= cuts[k - 1]) {
            return nrdi_fail(err, NRD_E_DOMAIN, k,
                "the cut is %" PRIu64 ", expected less than %" PRIu64 " before it", cuts[k],
                cuts[k - 1]);
        }
    }
    memset(low_out, 0, (n_cuts + 1) * sizeof *low_out);
    memset(high_out, 0, (n_cuts + 1) * sizeof *high_out);
    for (size_t u = 0; u < matrix->units; u++) {
        uint64_t low, high;
        size_t best, worst;

        count_unit(matrix, u, matrix->all, &low, &high);
        best = class_of(high, cuts, n_cuts);
        worst = class_of(low, cuts, n_cuts);
        low_out[best] += best == worst;
        for (size_t k = best; k <= worst; k++) {
            high_out[k]++;
        }
    }
    return NRD_OK;
}

nrd_status
nrd_attainment_mean(const nrd_attainment *matrix, const uint8_t *subset, double *low_out,
    double *high_out, nrd_error *err)
{
    /* 128 bits: units x criteria may pass 64. */
    nrdi_int128 low_sum = 0, high_sum = 0;

    if (matrix == NULL || low_out == NULL || high_out == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "the matrix or an output is NULL");
    }
    if (matrix->units == 0) {
        return nrdi_fail(
            err, NRD_E_DOMAIN, NRD_NO_ROW, "there are no units, expected one or more");
    }
    for (size_t c = 0; c < matrix->criteria; c++) {
        uint64_t low, high;

        if (subset == NULL || subset[c] != 0) {
            nrdi_attainment_count_criterion(matrix, c, &low, &high);
            low_sum += (nrdi_int128) low;
            high_sum += (nrdi_int128) high;
        }
    }
    *low_out = nrdi_ratio_to_double(low_sum, (nrdi_int128) matrix->units);
    *high_out = nrdi_ratio_to_double(high_sum, (nrdi_int128) matrix->units);
    return NRD_OK;
}
