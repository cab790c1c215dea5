#ifndef NRD_ASSESS_H
#define NRD_ASSESS_H

#include <nrd/level.h>

/* cffi: begin */

/** What measured values say about a unit. A criterion or a whole set is never near. */
typedef enum {
    NRD_DECISION_UNKNOWN = -1, /* no value, or no level that anybody has verified */
    NRD_DECISION_UNMET = 0,
    NRD_DECISION_MET = 1,
    NRD_DECISION_NEAR = 2,     /* unmet, by no more than the tolerance */
    NRD_DECISION_NOT_ASKED = 3 /* nothing is asked there and then, or it does not apply */
} nrd_decision;

/**
 * Measured values of units at times, one row each; nothing is owned.
 *
 * A value is taken as the decimal of 15 digits nearest to it, the digits that a double is
 * sure to hold: 0.1 + 0.2 is 0.3, and 59.9 never reaches 60. NaN is missing, infinity says
 * that an optional item does not apply. What is met or not is 1 or 0.
 */
typedef struct {
    size_t rows;
    const int32_t *place; /* index of the place of each row; -1 for general levels */
    const int32_t *when;  /* index of the day of each row */
    const int32_t *days;  /* days as in nrd_criteria_level_on */
    size_t n_days;
    const double *const *values; /* a column of rows values for each item, or NULL */
    const double *tolerance;     /* for each item, in its unit; NULL for 0 */
} nrd_measurements;

/**
 * Check the values of one item: what its unit of measure allows.
 *
 * @param[in]  set    the set
 * @param[in]  item   index of the item
 * @param[in]  values rows values
 * @param[in]  rows   number of values, may be 0
 * @param[out] err    reason of a failure, or NULL
 *
 * @retval NRD_E_NULL    set or values is NULL
 * @retval NRD_E_UNKNOWN no such item
 * @retval NRD_E_DOMAIN  a value is not possible: 120 %, 1.5 pieces, a state other than 0 or
 *                       1, or an item that must apply does not
 */
NRD_API NRD_NODISCARD nrd_status nrd_assess_check(const nrd_criteria *set, size_t item,
    const double *values, size_t rows, nrd_error *err);

/**
 * Decide for each row which items, which criteria and whether the whole set is met.
 *
 * An item is met if its value reaches the level; unknown where one of the two is. A
 * criterion is unmet if one of its items is, else unknown if one is or if the set does not
 * list all its indicators, else met. The set likewise, over criteria and conditions. An
 * item that refers to the criteria of this set takes their result; its values are not read.
 *
 * @param[in]  set          the set
 * @param[in]  in           the values
 * @param[out] items_out    an nrd_decision for each item and row, item after item; written
 *                          only on success, as are the next two
 * @param[out] criteria_out likewise for each criterion and row, criterion after criterion
 * @param[out] units_out    likewise for each row
 * @param[out] err          reason of a failure, or NULL; its row is the row of the values
 *
 * @retval NRD_E_NULL    a pointer is NULL
 * @retval NRD_E_UNKNOWN a place or the index of a day is out of range
 * @retval NRD_E_DOMAIN  a day outside the period, a tolerance below 0, or a value that is
 *                       not possible
 * @retval NRD_E_CONFLICT of parts of which one applies, a row has two or says of all that
 *                       they do not
 * @retval NRD_E_MEMORY  no memory left
 */
NRD_API NRD_NODISCARD nrd_status nrd_assess(const nrd_criteria *set,
    const nrd_measurements *in, int8_t *items_out, int8_t *criteria_out, int8_t *units_out,
    nrd_error *err);

/* cffi: end */

#endif
