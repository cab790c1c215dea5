/* Sums of distances to levels and of their squares, in whole numbers. */

#include <nrd/gap_index.h>

#include <inttypes.h>
#include <string.h>

#include "criteria_private.h"
#include "gap_private.h"
#include "status_private.h"

#define WEIGHTS_END (UINT64_C(1) << 63)

/* Words of distances and of squares are summed apart: weights below 2^63 together, times at
 * most two words of 64 bits, stay below 2^128, and carries wait for the end. */
typedef struct {
    uint64_t asked;
    uint64_t known;
    uint64_t unmet;
    nrdi_uint128 depth[2];
    nrdi_uint128 severity[3];
} running;

/* The cells of a call, and sums of the item at hand. */
typedef struct {
    const nrd_gap_cells *cells;
    size_t *place; /* index of the level of each cell */
    running *sums;
} gap_work;

static nrd_status
check_weights(const nrd_gap_cells *cells, size_t rows, nrd_error *err)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < rows; i++) {
        const uint64_t weight = cells->weight != NULL ? cells->weight[i] : 1;

        if (weight >= WEIGHTS_END - sum) {
            return nrdi_fail(err, NRD_E_OVERFLOW, i,
                "the weights add up to 2^63 or more, expected less");
        }
        sum += weight;
    }
    return NRD_OK;
}

/* Find the level of each cell; a cell without rows keeps the first. */
static nrd_status
check_cells(const nrdi_gap_item *item, gap_work *work, nrd_error *err)
{
    const nrd_gap_cells *cells = work->cells;
    const size_t nowhere = SIZE_MAX;

    memset(work->place, 0xff, cells->n_cells * sizeof *work->place);
    for (size_t i = 0; i < item->in->rows; i++) {
        const size_t place = nrdi_gap_place(item->in, item->set->place_count, i);
        size_t *held;

        if (cells->cell[i] < 0 || (size_t) cells->cell[i] >= cells->n_cells) {
            return nrdi_fail(err, NRD_E_UNKNOWN, i,
                "found cell %" PRId32 ", expected one below %zu", cells->cell[i],
                cells->n_cells);
        }
        held = &work->place[cells->cell[i]];
        if (*held != nowhere && *held != place) {
            return nrdi_fail(err, NRD_E_CONFLICT, i,
                "place or day differs from that of other rows of cell %" PRId32,
                cells->cell[i]);
        }
        *held = place;
    }
    return NRD_OK;
}

/* Level of a cell, and whether unmet rows are simply a whole level away from it. */
static nrdi_int128
level_of(const nrdi_gap_item *item, const gap_work *work, size_t cell, bool *is_whole)
{
    const size_t place = work->place[cell];
    const nrdi_int128 level = place != SIZE_MAX ? item->levels[place].units : 0;

    *is_whole = item->values == NULL || item->about->rule == NRD_RULE_MET ||
                (work->cells->is_capped != 0 && level <= 0);
    return *is_whole || level <= 0 ? 1 : level;
}

static void
add_distance(running *sum, uint64_t weight, nrdi_uint128 distance)
{
    const uint64_t low = (uint64_t) distance;
    const uint64_t high = (uint64_t) (distance >> 64);
    const nrdi_uint128 square = (nrdi_uint128) low * low;

    sum->depth[0] += (nrdi_uint128) low * weight;
    sum->severity[0] += (nrdi_uint128) (uint64_t) square * weight;
    sum->severity[1] += (nrdi_uint128) (uint64_t) (square >> 64) * weight;
    if (high != 0) {
        /* high < 2^31, so that twice the product of both is below 2^96. */
        const nrdi_uint128 mixed = (nrdi_uint128) low * high * 2;

        sum->depth[1] += (nrdi_uint128) high * weight;
        sum->severity[1] += (nrdi_uint128) (uint64_t) mixed * weight;
        sum->severity[2] += (nrdi_uint128) (uint64_t) (mixed >> 64) * weight;
        sum->severity[2] += (nrdi_uint128) (high * high) * weight;
    }
}

static void
add_unmet(const nrdi_gap_item *item, const gap_work *work, size_t row, uint64_t weight)
{
    const size_t cell = (size_t) work->cells->cell[row];
    bool is_whole;
    const nrdi_int128 level = level_of(item, work, cell, &is_whole);
    nrdi_int128 distance = is_whole ? 1 : nrdi_gap_distance(item, row, level);

    if (work->cells->is_capped != 0 && distance > level) {
        distance = level;
    }
    work->sums[cell].unmet += weight;
    add_distance(&work->sums[cell], weight, (nrdi_uint128) distance);
}

static void
add_rows(const nrdi_gap_item *item, const gap_work *work)
{
    const nrd_gap_cells *cells = work->cells;

    for (size_t i = 0; i < item->in->rows; i++) {
        const int8_t decision = item->decisions[i];
        const uint64_t weight = cells->weight != NULL ? cells->weight[i] : 1;
        const bool is_unmet = nrdi_gap_is_unmet(decision);
        running *sum = &work->sums[cells->cell[i]];

        sum->asked += decision != NRD_DECISION_NOT_ASKED ? weight : 0;
        sum->known += is_unmet || decision == NRD_DECISION_MET ? weight : 0;
        if (is_unmet) {
            add_unmet(item, work, i, weight);
        }
    }
}

/* Words of 64 bits from sums of words, with their carries. */
static void
carry(const nrdi_uint128 *sums, size_t n, uint64_t *out)
{
    nrdi_uint128 rest = 0;

    for (size_t k = 0; k < n; k++) {
        rest += (uint64_t) sums[k];
        out[k] = (uint64_t) rest;
        rest = (rest >> 64) + (uint64_t) (sums[k] >> 64);
    }
    out[n] = (uint64_t) rest;
}

static void
write_sums(const nrdi_gap_item *item, const gap_work *work, nrd_gap_sum *out)
{
    for (size_t c = 0; c < work->cells->n_cells; c++) {
        const running *sum = &work->sums[c];
        bool is_whole;
        const nrdi_uint128 level = (nrdi_uint128) level_of(item, work, c, &is_whole);

        out[c].asked = sum->asked;
        out[c].known = sum->known;
        out[c].unmet = sum->unmet;
        carry(sum->depth, 2, out[c].depth);
        carry(sum->severity, 3, out[c].severity);
        out[c].level[0] = (uint64_t) level;
        out[c].level[1] = (uint64_t) (level >> 64);
    }
}

/* Without a cap distances are divided by levels above 0 alone. */
static nrd_status
check_levels(const nrdi_gap_item *item, const gap_work *work, nrd_error *err)
{
    if (item->values == NULL || work->cells->is_capped != 0) {
        return NRD_OK;
    }
    for (size_t i = 0; i < item->in->rows; i++) {
        const nrdi_gap_level *level = &item->levels[work->place[work->cells->cell[i]]];

        if (nrdi_gap_is_unmet(item->decisions[i]) && level->units <= 0) {
            return nrdi_fail(err, NRD_E_DOMAIN, i,
                "the level of indicator %s is %.15g, expected one above 0 to divide "
                "distances by",
                item->about->indicator, level->limit);
        }
    }
    return NRD_OK;
}

static nrd_status
open_work(nrdi_gap_item *item, gap_work *work, const int8_t *decisions, nrd_error *err)
{
    const size_t n = work->cells->n_cells;

    work->place = nrdi_malloc(n, sizeof *work->place);
    work->sums = nrdi_malloc(n, sizeof *work->sums);
    if (work->place == NULL || work->sums == NULL) {
        return nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW, "no memory left for the sums");
    }
    NRDI_TRY(check_weights(work->cells, item->in->rows, err));
    NRDI_TRY(check_cells(item, work, err));
    for (size_t j = 0; j < item->set->item_count && !work->cells->is_capped; j++) {
        NRDI_TRY(nrdi_gap_read(item, j, decisions, err));
        NRDI_TRY(check_levels(item, work, err));
    }
    return NRD_OK;
}

nrd_status
nrd_gap_sums(const nrd_criteria *set, const nrd_measurements *in, const int8_t *decisions,
    const nrd_gap_cells *cells, nrd_gap_sum *out, nrd_error *err)
{
    nrdi_gap_item item = {0};
    gap_work work = {cells, NULL, NULL};
    nrd_status status;

    if (set == NULL || in == NULL || decisions == NULL || cells == NULL || out == NULL ||
        cells->cell == NULL || in->place == NULL || in->when == NULL || in->days == NULL ||
        in->values == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "an argument or array is NULL");
    }
    status = nrdi_gap_open(set, in, decisions, &item, err);
    if (status == NRD_OK) {
        status = open_work(&item, &work, decisions, err);
    }
    for (size_t j = 0; status == NRD_OK && j < set->item_count; j++) {
        status = nrdi_gap_read(&item, j, decisions, err);
        if (status == NRD_OK) {
            memset(work.sums, 0, cells->n_cells * sizeof *work.sums);
            add_rows(&item, &work);
            write_sums(&item, &work, out + j * cells->n_cells);
        }
    }
    nrdi_free(work.sums);
    nrdi_free(work.place);
    nrdi_gap_close(&item);
    return status;
}
