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

/* What one class holds, and what it would cost to hold more: how many units could be in it
 * only if they met so many criteria more than their least number (raise), or so many fewer
 * than their greatest (cut). A class is the range of counts from `from` to `to`. */
typedef struct {
    uint64_t from;
    uint64_t to;
    uint64_t surely;
    uint64_t possibly;
    uint64_t *raise; /* criteria + 1 numbers of units */
    uint64_t *cut;   /* likewise */
} class_tally;

static void
tally_unit(class_tally *tally, uint64_t low, uint64_t high)
{
    if (high < tally->from || low > tally->to) {
        return;
    }
    tally->possibly++;
    tally->surely += low >= tally->from && high <= tally->to;
    tally->raise[tally->from > low ? tally->from - low : 0]++;
    tally->cut[high > tally->to ? high - tally->to : 0]++;
}

/* Most units that can be paid for, the cheapest first; costs[c] units cost c each. */
static uint64_t
affordable(const uint64_t *costs, size_t n, uint64_t budget)
{
    uint64_t count = costs[0];

    for (size_t cost = 1; cost < n; cost++) {
        const uint64_t most = budget / cost;
        const uint64_t taken = costs[cost] < most ? costs[cost] : most;

        count += taken;
        budget -= taken * cost;
        if (taken < costs[cost]) {
            break;
        }
    }
    return count;
}

/* Room that the totals leave: criteria that can be met beyond the least numbers of all
 * units, and criteria that can be missed below the greatest. */
typedef struct {
    uint64_t to_raise;
    uint64_t to_cut;
} slack;

static slack
slack_of(const nrd_attainment *matrix)
{
    slack out = {0, 0};

    for (size_t c = 0; c < matrix->criteria; c++) {
        const uint64_t met = matrix->met_cells[c];
        const uint64_t unknown = matrix->units - matrix->known_cells[c];
        uint64_t low, high;

        nrdi_attainment_count_criterion(matrix, c, &low, &high);
        if (!nrdi_get_bit(matrix->closed_met, c) &&
            !nrdi_get_bit(matrix->closed_unmet, c)) {
            out.to_raise += high - met;
            out.to_cut += met + unknown - low;
        }
    }
    return out;
}

static void
tally_units(const nrd_attainment *matrix, class_tally *tallies, size_t n)
{
    for (size_t u = 0; u < matrix->units; u++) {
        uint64_t low, high;

        count_unit(matrix, u, matrix->all, &low, &high);
        for (size_t k = 0; k < n; k++) {
            tally_unit(&tallies[k], low, high);
        }
    }
}

static nrd_status
check_cuts(const uint64_t *cuts, size_t n_cuts, nrd_error *err)
{
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
    return NRD_OK;
}

/* Class k from its cut up to the one above; the last has no cut. A cut of 0 leaves it
 * empty. */
static void
set_ranges(class_tally *tallies, const uint64_t *cuts, size_t n_cuts, uint64_t *costs,
    size_t n_costs)
{
    for (size_t k = 0; k <= n_cuts; k++) {
        tallies[k].from = k < n_cuts ? cuts[k] : 0;
        tallies[k].to = k == 0 ? UINT64_MAX : cuts[k - 1] - 1;
        tallies[k].raise = costs + 2 * k * n_costs;
        tallies[k].cut = costs + (2 * k + 1) * n_costs;
    }
}

nrd_status
nrd_attainment_classes(const nrd_attainment *matrix, const uint64_t *cuts, size_t n_cuts,
    uint64_t *low_out, uint64_t *high_out, nrd_error *err)
{
    const size_t n_costs = matrix != NULL ? matrix->criteria + 1 : 0;
    class_tally *tallies = NULL;
    uint64_t *costs = NULL;
    nrd_status status = NRD_OK;
    slack room;

    if (matrix == NULL || cuts == NULL || low_out == NULL || high_out == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "the matrix or an array is NULL");
    }
    NRDI_TRY(check_cuts(cuts, n_cuts, err));
    tallies = nrdi_malloc(n_cuts + 1, sizeof *tallies);
    costs = nrdi_malloc(2 * (n_cuts + 1) * n_costs, sizeof *costs);
    if (tallies == NULL || costs == NULL) {
        status = nrdi_fail(
            err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for %zu classes", n_cuts + 1);
        goto done;
    }
    set_ranges(tallies, cuts, n_cuts, costs, n_costs);
    tally_units(matrix, tallies, n_cuts + (cuts[n_cuts - 1] > 0));
    room = slack_of(matrix);
    for (size_t k = 0; k <= n_cuts; k++) {
        const uint64_t raised = affordable(tallies[k].raise, n_costs, room.to_raise);
        const uint64_t cut = affordable(tallies[k].cut, n_costs, room.to_cut);

        low_out[k] = tallies[k].surely;
        high_out[k] = raised < cut ? raised : cut;
    }
done:
    nrdi_free(costs);
    nrdi_free(tallies);
    return status;
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
