#ifndef NRD_GAP_H
#define NRD_GAP_H

#include <nrd/attainment.h>
#include <nrd/status.h>

/* cffi: begin */

/** How far one criterion is from its target share; low and high over all completions. */
typedef struct {
    uint64_t short_low;  /* units that do not meet it, at least */
    uint64_t short_high; /* at most */
    uint64_t
        need_low; /* more units needed to reach the target, at least; 0 where reached */
    uint64_t need_high; /* at most */
    double points_low;  /* target less share, in percentage points; 0 where reached */
    double points_high;
} nrd_gap;

/**
 * Gap of each criterion to a target share of the units, numerator / denominator.
 *
 * The need is the smallest number of further units with which the share is at least the
 * target. Points are 100 * (target - share), rounded once from the exact difference.
 *
 * @param[in]  matrix      the matrix, with at least one unit
 * @param[in]  numerator   target of each criterion: numerator, at most the denominator
 * @param[in]  denominator its denominator, from 1 to 10^9
 * @param[out] out         one gap for each criterion; written only on success
 * @param[in]  n           number of criteria, for the check
 * @param[out] err         reason of a failure, or NULL; its row is the criterion
 *
 * @retval NRD_E_NULL   a pointer is NULL
 * @retval NRD_E_SIZE   n is not the number of criteria
 * @retval NRD_E_DOMAIN there are no units, or a target is not a share from 0 to 1
 */
NRD_API NRD_NODISCARD nrd_status nrd_gap_criteria(const nrd_attainment *matrix,
    const uint64_t *numerator, const uint64_t *denominator, nrd_gap *out, size_t n,
    nrd_error *err);

/* cffi: end */

#endif
