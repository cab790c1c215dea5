/* Sums of one column by group, in units of a size that fits most values; the others are
 * added row by row. */

#include "moments_read_private.h"

#include "status_private.h"

/* Both sums of so many rows, at least NRDI_BLOCK, stay below 2^63. */
#define TALLY_ROWS 4096

int
nrdi_update_prepare_tallies(const nrdi_update *u, nrdi_worker *own)
{
    own->tallies = nrdi_malloc(u->state->groups, sizeof *own->tallies);
    own->units = nrdi_malloc(1, sizeof *own->units);
    own->exponent = NRDI_NO_EXPONENT;
    return own->tallies != NULL && own->units != NULL;
}

/* Add a tally to the record of its group, and empty it. A record waits for a carry
 * NRDI_CARRY_ROWS times at most, also of one row each. */
static void
add_tally(nrd_moments *state, size_t group, nrdi_tally *tally, int exponent)
{
    const nrdi_window window = state->windows[0];
    int64_t *record = nrdi_moments_record(state, group);
    const int64_t rows = record[NRDI_ROWS] + tally->rows;

    nrdi_digits_add_units(
        record + window.at, window.first, tally->first, tally->second, exponent);
    if (rows / NRDI_CARRY_ROWS != record[NRDI_ROWS] / NRDI_CARRY_ROWS) {
        nrdi_moments_carry(state, record);
    }
    record[NRDI_ROWS] = rows;
    *tally = (nrdi_tally){0, 0, 0};
}

void
nrdi_update_add_tallies(nrdi_worker *own, nrd_moments *into)
{
    for (size_t g = 0; g < into->groups; g++) {
        if (own->tallies[g].rows > 0) {
            add_tally(into, g, &own->tallies[g], own->exponent);
        }
    }
}

/* Make units coarse enough for the largest value, and for some larger ones that may follow,
 * and the records wide enough for all that units can hold. Until a value other than 0 was
 * seen, and where values are too large, there are no units. */
static nrd_status
set_units(nrdi_worker *own)
{
    int wanted = own->exponent, lowest;

    if (own->high[0] > own->exponent && own->high[0] + 2 <= NRDI_GREATEST_EXPONENT) {
        wanted = own->high[0] + 2;
        wanted = wanted > NRDI_LEAST_EXPONENT ? wanted : NRDI_LEAST_EXPONENT;
        lowest = wanted - NRDI_LOWER + 53; /* of values whose last bit is a unit */
        own->high[0] = wanted;
        own->low[0] = lowest < own->low[0] ? lowest : own->low[0];
        own->wider = 1;
    }
    if (own->wider || own->state == NULL) {
        NRDI_TRY(nrdi_update_widen(own, &own->err));
        own->wider = 0;
    }
    if (wanted != own->exponent) {
        nrdi_update_add_tallies(own, own->state);
        own->exponent = wanted;
    }
    return NRD_OK;
}

/* Units of a block, the rows beyond the last whole vectors filled up with 0; 0 where there
 * are none, or they do not hold all values. */
static int
split(const nrdi_worker *own, const nrdi_rows_block *block)
{
    const nrdi_kernels *kernels = nrdi_kernels_in_use();
    const size_t even = block->rows - block->rows % NRDI_LANES;
    double end[NRDI_LANES] = {0.0};

    if (own->exponent == NRDI_NO_EXPONENT) {
        return 0;
    }
    memcpy(end, block->columns[0] + even, (block->rows - even) * sizeof *end);
    return !kernels->split(block->columns[0], even, own->exponent, own->units->first,
               own->units->second) &&
           (even == block->rows ||
               !kernels->split(end, NRDI_LANES, own->exponent, own->units->first + even,
                   own->units->second + even));
}

static nrdi_tally *
tally_of(const nrdi_worker *own, const nrdi_rows_block *block, size_t row)
{
    return own->tallies + ((uint64_t) block->group[row] - (uint64_t) block->first_group);
}

static void
tally_rows(nrdi_worker *own, const nrdi_rows_block *block)
{
    const int64_t *first = own->units->first, *second = own->units->second;

    for (size_t row = 0; row < block->rows; row++) {
        nrdi_tally *tally = tally_of(own, block, row);

        tally->first += first[row];
        tally->second += second[row];
        if (++tally->rows == TALLY_ROWS) {
            add_tally(own->state, (size_t) (tally - own->tallies), tally, own->exponent);
        }
    }
}

/* Rows of a group one after another, as in a table in order, wait for each other in memory:
 * they are added up before. */
static void
tally_runs(nrdi_worker *own, const nrdi_rows_block *block)
{
    const int64_t *group = block->group;

    for (size_t row = 0, next = 0; row < block->rows; row = next) {
        nrdi_tally *tally = tally_of(own, block, row);
        int64_t first = 0, second = 0;

        for (; next < block->rows && group[next] == group[row]; next++) {
            first += own->units->first[next];
            second += own->units->second[next];
        }
        if (tally->rows + (int64_t) (next - row) >= TALLY_ROWS) {
            add_tally(own->state, (size_t) (tally - own->tallies), tally, own->exponent);
        }
        tally->first += first;
        tally->second += second;
        tally->rows += (int64_t) (next - row);
    }
}

static int
is_in_runs(const nrdi_rows_block *block)
{
    const size_t most = block->rows / 4;
    size_t runs = 1;

    for (size_t row = 1; row < block->rows && runs <= most; row++) {
        runs += block->group[row] != block->group[row - 1];
    }
    return runs <= most;
}

int
nrdi_update_take_tallied(nrdi_worker *own, const nrdi_rows_block *block)
{
    if (!split(own, block)) {
        if (!nrdi_update_take_range(own, block)) {
            return 0;
        }
        own->status = set_units(own);
        if (own->status != NRD_OK) {
            return 1;
        }
        if (!split(own, block)) {
            nrdi_moments_add_rows(own->state, block);
            return 1;
        }
    }
    if (is_in_runs(block)) {
        tally_runs(own, block);
    } else {
        tally_rows(own, block);
    }
    return 1;
}
