#ifndef NRD_GAP_INDEX_H
#define NRD_GAP_INDEX_H

#include <nrd/assess.h>

/* cffi: begin */

/** What the rows of nrd_measurements are summed by; nothing is owned. */
typedef struct {
    const int32_t *cell; /* cell of each row; the rows of a cell share place and day */
    size_t n_cells;
    const uint64_t *weight; /* weight of each row, people for example; NULL for 1 each */
    int32_t is_capped;      /* 1: a distance above the level counts as the level */
} nrd_gap_cells;

/**
 * Exact sums of one item over the rows of a cell. Numbers of several words have the least
 * word first. Distances are counted in units of the last decimal of the item, as is the
 * level, so that depth / level and severity / level^2 need no other unit.
 */
typedef struct {
    uint64_t asked;       /* weight of the rows that are asked */
    uint64_t known;       /* of those that are met or unmet */
    uint64_t unmet;       /* of those that are unmet */
    uint64_t depth[3];    /* sum of weight * distance */
    uint64_t severity[4]; /* sum of weight * distance^2 */
    uint64_t level[2];    /* the level; 1 where distances are not divided by one */
} nrd_gap_sum;

/**
 * Sums from which gap indices follow exactly, for each item and cell.
 *
 * With a distance d and a level z, the index of order a over rows with weights w is
 * sum(w (d / z)^a) / sum(w): the share that is unmet for a = 0, the mean gap for 1, the
 * mean squared gap for 2. Distances are those of nrd_gap_distances, without rounding. An
 * item that is met or not, and with is_capped one whose level is not above 0, has distance
 * and level 1.
 *
 * @param[in]  set       the set
 * @param[in]  in        the values, as nrd_assess had them
 * @param[in]  decisions what nrd_assess decided, item after item
 * @param[in]  cells     the cells
 * @param[out] out       a sum for each item and cell, item after item; written only on
 *                       success
 * @param[out] err       reason of a failure, or NULL; its row is the row of the values
 *
 * @retval NRD_E_NULL     a pointer is NULL
 * @retval NRD_E_UNKNOWN  as in nrd_assess, or a cell is out of range
 * @retval NRD_E_DOMAIN   as in nrd_gap_distances, or without is_capped a level that
 *                        something is short of is not above 0
 * @retval NRD_E_CONFLICT as in nrd_gap_distances, or rows of a cell differ in place or day
 * @retval NRD_E_OVERFLOW as in nrd_gap_distances, or the weights add up to 2^63 or more
 * @retval NRD_E_MEMORY   no memory left
 *
 * Source: J. Foster, J. Greer, E. Thorbecke, Econometrica 52 (1984) 761-766.
 */
NRD_API NRD_NODISCARD nrd_status nrd_gap_sums(const nrd_criteria *set,
    const nrd_measurements *in, const int8_t *decisions, const nrd_gap_cells *cells,
    nrd_gap_sum *out, nrd_error *err);

/* cffi: end */

#endif
