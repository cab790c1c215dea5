#ifndef NRD_ATTAINMENT_H
#define NRD_ATTAINMENT_H

#include <nrd/column.h>
#include <nrd/status.h>

/* cffi: begin */

/**
 * Units x criteria, each cell met, unmet or unknown, with known totals beside it.
 *
 * Two bit masks a unit (met, known), 64 criteria a word, so that counting is a popcount and
 * an unknown cell costs nothing. A total says how many units meet a criterion without
 * naming them; it closes a column where only one completion is left.
 */
typedef struct nrd_attainment nrd_attainment;

/** State of a cell. */
typedef enum { NRD_STATE_UNKNOWN = -1, NRD_STATE_UNMET = 0, NRD_STATE_MET = 1 } nrd_state;

/**
 * Make a matrix in which every cell is unknown.
 *
 * @param[in]  units    number of units, may be 0
 * @param[in]  criteria number of criteria, may be 0
 * @param[out] out      the matrix, released with nrd_attainment_free; written only on
 * success
 * @param[out] err      reason of a failure, or NULL
 *
 * @retval NRD_E_NULL   out is NULL
 * @retval NRD_E_MEMORY no memory left
 */
NRD_API NRD_NODISCARD nrd_status nrd_attainment_new(
    size_t units, size_t criteria, nrd_attainment **out, nrd_error *err);

/** Release a matrix; NULL allowed. */
NRD_API void nrd_attainment_free(nrd_attainment *matrix);

/** Number of units. */
NRD_API size_t nrd_attainment_units(const nrd_attainment *matrix);

/** Number of criteria. */
NRD_API size_t nrd_attainment_criteria(const nrd_attainment *matrix);

/**
 * Fill cells from rows (unit, criterion, state); nothing is changed on failure.
 *
 * A missing state, or -1, says that the row is there and nobody knows.
 *
 * @param[in,out] matrix    the matrix; no totals may have been set yet
 * @param[in]     unit      index of the unit, int32, n rows, no missing
 * @param[in]     criterion index of the criterion, int32, n rows, no missing
 * @param[in]     state     nrd_state, int8, n rows
 * @param[out]    err       reason of a failure, or NULL
 *
 * @retval NRD_E_NULL      a pointer is NULL
 * @retval NRD_E_TYPE      a column has another type
 * @retval NRD_E_SIZE      columns of different lengths
 * @retval NRD_E_UNKNOWN   an index is missing or out of range
 * @retval NRD_E_DOMAIN    a state is not -1, 0 or 1
 * @retval NRD_E_DUPLICATE a cell is given twice in this call, or is known from an earlier
 * one
 * @retval NRD_E_CONFLICT  totals are set already
 * @retval NRD_E_MEMORY    no memory left
 */
NRD_API NRD_NODISCARD nrd_status nrd_attainment_fill(nrd_attainment *matrix,
    const nrd_column *unit, const nrd_column *criterion, const nrd_column *state,
    nrd_error *err);

/**
 * State for every criterion that between low and high units meet it; a stated total has
 * low = high. A criterion without a statement has 0 and the number of units. Replaces the
 * totals set before; nothing is changed on failure.
 *
 * @param[in,out] matrix the matrix
 * @param[in]     low    least number of units that meet it, one for each criterion
 * @param[in]     high   greatest number, one for each criterion
 * @param[in]     n      number of criteria, for the check
 * @param[out]    err    reason of a failure, or NULL; its row is the criterion
 *
 * @retval NRD_E_NULL     a pointer is NULL
 * @retval NRD_E_SIZE     n is not the number of criteria
 * @retval NRD_E_DOMAIN   low exceeds high, or high exceeds the number of units
 * @retval NRD_E_CONFLICT more cells are known to be met than high allows, or too few cells
 *                        are left to reach low
 */
NRD_API NRD_NODISCARD nrd_status nrd_attainment_set_totals(nrd_attainment *matrix,
    const uint64_t *low, const uint64_t *high, size_t n, nrd_error *err);

/**
 * Every cell, with what the totals leave open: a cell is met or unmet if it is in all
 * completions of the matrix, else unknown.
 *
 * @param[in]  matrix the matrix
 * @param[out] out    units x criteria states, row by row; written only on success
 * @param[in]  n      length of out, for the check
 * @param[out] err    reason of a failure, or NULL
 *
 * @retval NRD_E_NULL a pointer is NULL
 * @retval NRD_E_SIZE n is not units x criteria
 */
NRD_API NRD_NODISCARD nrd_status nrd_attainment_states(
    const nrd_attainment *matrix, int8_t *out, size_t n, nrd_error *err);

/**
 * Criteria met per unit: the least and the greatest number over all completions of the
 * matrix. Tight: each bound is reached by some completion, since criteria are independent.
 *
 * @param[in]  matrix   the matrix
 * @param[in]  subset   1 for each criterion that counts, else 0, one byte a criterion; NULL
 *                      for all
 * @param[out] low_out  least number met, one for each unit; written only on success
 * @param[out] high_out greatest number met, likewise
 * @param[in]  n        number of units, for the check
 * @param[out] err      reason of a failure, or NULL
 *
 * @retval NRD_E_NULL   matrix, low_out or high_out is NULL
 * @retval NRD_E_SIZE   n is not the number of units
 * @retval NRD_E_MEMORY no memory left
 */
NRD_API NRD_NODISCARD nrd_status nrd_attainment_unit_counts(const nrd_attainment *matrix,
    const uint8_t *subset, uint64_t *low_out, uint64_t *high_out, size_t n, nrd_error *err);

/**
 * Units per criterion: the least and the greatest number over all completions. Tight.
 *
 * @param[in]  matrix   the matrix
 * @param[out] low_out  least number of units that meet it, one for each criterion; written
 *                      only on success
 * @param[out] high_out greatest number, likewise
 * @param[in]  n        number of criteria, for the check
 * @param[out] err      reason of a failure, or NULL
 *
 * @retval NRD_E_NULL a pointer is NULL
 * @retval NRD_E_SIZE n is not the number of criteria
 */
NRD_API NRD_NODISCARD nrd_status nrd_attainment_criterion_counts(
    const nrd_attainment *matrix, uint64_t *low_out, uint64_t *high_out, size_t n,
    nrd_error *err);

/**
 * Units in classes of the number of criteria met: bounds for each class.
 *
 * Class c holds the units with at least cuts[c] and fewer than cuts[c - 1] criteria; class
 * 0 has no upper end, and a last class below the last cut is added. low counts the units
 * that lie in the class in every completion. high counts those that do in some completion,
 * cut to as many as the sum of all totals allows to be there at once; more cannot be, but
 * so many need not be reached.
 *
 * @param[in]  matrix   the matrix
 * @param[in]  cuts     least number of criteria of each class, strictly decreasing
 * @param[in]  n_cuts   number of cuts, at least 1
 * @param[out] low_out  n_cuts + 1 counts; written only on success
 * @param[out] high_out n_cuts + 1 counts, likewise
 * @param[out] err      reason of a failure, or NULL
 *
 * @retval NRD_E_NULL   a pointer is NULL
 * @retval NRD_E_SIZE   n_cuts is 0
 * @retval NRD_E_DOMAIN cuts do not decrease
 * @retval NRD_E_MEMORY no memory left
 */
NRD_API NRD_NODISCARD nrd_status nrd_attainment_classes(const nrd_attainment *matrix,
    const uint64_t *cuts, size_t n_cuts, uint64_t *low_out, uint64_t *high_out,
    nrd_error *err);

/**
 * Mean number of criteria met per unit, from the counts of units per criterion: the least
 * and the greatest over all completions, each the double nearest to the exact quotient.
 *
 * @param[in]  matrix   the matrix, with at least one unit
 * @param[in]  subset   as in nrd_attainment_unit_counts
 * @param[out] low_out  least mean; written only on success
 * @param[out] high_out greatest mean, likewise
 * @param[out] err      reason of a failure, or NULL
 *
 * @retval NRD_E_NULL   matrix, low_out or high_out is NULL
 * @retval NRD_E_DOMAIN there are no units
 */
NRD_API NRD_NODISCARD nrd_status nrd_attainment_mean(const nrd_attainment *matrix,
    const uint8_t *subset, double *low_out, double *high_out, nrd_error *err);

/* cffi: end */

#endif
