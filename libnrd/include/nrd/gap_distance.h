#ifndef NRD_GAP_DISTANCE_H
#define NRD_GAP_DISTANCE_H

#include <nrd/assess.h>

/* cffi: begin */

/**
 * How far each item of each row is from what is asked of it.
 *
 * The distance of an unmet item is level - value where the rule is at least, value - level
 * where it is at most, in the unit of the item: the double nearest to the difference of
 * the two printed decimals. It is 0 for a value at a level that it must pass. Divided by
 * the level it is the relative distance, infinite where the level is not above 0. What is
 * met or not is 1 away in both ways. The distance of a met item is 0, and NaN where the
 * decision is unknown or nothing is asked.
 *
 * @param[in]  set          the set
 * @param[in]  in           the values, as nrd_assess had them
 * @param[in]  decisions    what nrd_assess decided, item after item
 * @param[out] distance_out a distance for each item and row, item after item; written only
 *                          on success
 * @param[out] relative_out likewise, divided by the level
 * @param[out] err          reason of a failure, or NULL; its row is the row of the values
 *
 * @retval NRD_E_NULL     a pointer is NULL
 * @retval NRD_E_UNKNOWN  as in nrd_assess
 * @retval NRD_E_DOMAIN   as in nrd_assess, or a decision is none
 * @retval NRD_E_CONFLICT an item is unmet without a value or a level
 * @retval NRD_E_OVERFLOW a value has more than 18 decimals, or more than 28 digits in the
 *                        smallest of the decimals of its item
 * @retval NRD_E_MEMORY   no memory left
 */
NRD_API NRD_NODISCARD nrd_status nrd_gap_distances(const nrd_criteria *set,
    const nrd_measurements *in, const int8_t *decisions, double *distance_out,
    double *relative_out, nrd_error *err);

/* cffi: end */

#endif
