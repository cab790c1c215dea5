#ifndef NRDI_GAP_PRIVATE_H
#define NRDI_GAP_PRIVATE_H

#include <stdbool.h>

#include <nrd/assess.h>

#include "decimal_private.h"

/* A level as it stands, and in units of its item. */
typedef struct {
    double limit; /* NaN where nobody knows it or nothing is asked */
    nrdi_int128 units;
} nrdi_gap_level;

/* One item as whole numbers in units of 10^-scale, below 2^95 in size. What is met or not
 * is a value of 1 or 0 against the level 1. */
typedef struct {
    const nrd_criteria *set;
    const nrd_measurements *in;
    const nrd_item *about;
    const int8_t *decisions;
    const double *values; /* NULL where nothing is measured: what is unmet is 0 */
    int32_t scale;
    double largest; /* of the values and levels in size, and its row */
    size_t largest_row;
    nrdi_gap_level *levels; /* by day and place, the place -1 first */
    int32_t *scales;        /* of every item */
} nrdi_gap_item;

/* Check all that is given, decisions of all items included, and find their scales. What is
 * held is released by nrdi_gap_close, also after a failure. */
NRD_NODISCARD nrd_status nrdi_gap_open(const nrd_criteria *set, const nrd_measurements *in,
    const int8_t *decisions, nrdi_gap_item *out, nrd_error *err);

void nrdi_gap_close(nrdi_gap_item *item);

/* Turn to item j; `decisions` are those of all items. */
NRD_NODISCARD nrd_status nrdi_gap_read(
    nrdi_gap_item *item, size_t j, const int8_t *decisions, nrd_error *err);

static inline bool
nrdi_gap_is_unmet(int8_t decision)
{
    return decision == NRD_DECISION_UNMET || decision == NRD_DECISION_NEAR;
}

/* Index of the level of a row among those of n_places places and the place -1. */
static inline size_t
nrdi_gap_place(const nrd_measurements *in, size_t n_places, size_t row)
{
    return (size_t) in->when[row] * (n_places + 1) + (size_t) (in->place[row] + 1);
}

/* Distance of an unmet row, in units, 0 or more. */
nrdi_int128 nrdi_gap_distance(const nrdi_gap_item *item, size_t row, nrdi_int128 level);

#endif
