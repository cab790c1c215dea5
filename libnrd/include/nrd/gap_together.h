#ifndef NRD_GAP_TOGETHER_H
#define NRD_GAP_TOGETHER_H

#include <nrd/attainment.h>

/* cffi: begin */

/**
 * Units that miss all criteria of a set at once, for many sets.
 *
 * A criterion is surely missing where no completion of the matrix has it met, possibly
 * where some has it unmet. Totals enter by the cells that they close.
 *
 * @param[in]  matrix   the matrix
 * @param[in]  members  size criteria for each set, set after set
 * @param[in]  size     criteria of a set, at least 1
 * @param[in]  n_sets   number of sets, may be 0
 * @param[out] low_out  units that surely miss all of a set; written only on success
 * @param[out] high_out units that possibly do, likewise
 * @param[out] err      reason of a failure, or NULL; its row is the set
 *
 * @retval NRD_E_NULL    a pointer is NULL
 * @retval NRD_E_SIZE    size is 0
 * @retval NRD_E_UNKNOWN a criterion is out of range
 * @retval NRD_E_MEMORY  no memory left
 */
NRD_API NRD_NODISCARD nrd_status nrd_gap_together(const nrd_attainment *matrix,
    const int32_t *members, size_t size, size_t n_sets, uint64_t *low_out,
    uint64_t *high_out, nrd_error *err);

/**
 * Units that miss a criterion and no other.
 *
 * @param[in]  matrix   the matrix
 * @param[out] low_out  units of which that is sure, one count for each criterion; written
 *                      only on success
 * @param[out] high_out units of which it is possible, likewise
 * @param[in]  n        number of criteria, for the check
 * @param[out] err      reason of a failure, or NULL
 *
 * @retval NRD_E_NULL   a pointer is NULL
 * @retval NRD_E_SIZE   n is not the number of criteria
 */
NRD_API NRD_NODISCARD nrd_status nrd_gap_alone(const nrd_attainment *matrix,
    uint64_t *low_out, uint64_t *high_out, size_t n, nrd_error *err);

/* cffi: end */

#endif
