#ifndef NRD_SPREAD_H
#define NRD_SPREAD_H

#include <nrd/status.h>

/* cffi: begin */

/**
 * A column of keys as codes; nothing is owned.
 *
 * Codes are those of a categorical column, or small whole numbers as they stand. What a
 * code means is said once: code c stands for the index at c + 1, and -1 for what is not
 * wanted. A missing key has the code -1, whose index is the first one.
 */
typedef struct {
    const int32_t *codes; /* one for each row, from -1 to n_codes - 1 */
    const int32_t *index; /* n_codes + 1 indices, from -1 to n - 1 */
    size_t n_codes;
    size_t n;
} nrd_key;

/** A table with one value a row, of a unit at a time, for an item; nothing is owned. */
typedef struct {
    size_t rows;
    nrd_key unit;
    nrd_key when;
    nrd_key item;
    nrd_key place;           /* where the unit is at that time; no codes: not said */
    const double *values;    /* NaN is missing */
    int32_t allows_infinite; /* 0 where an infinite value is refused */
} nrd_long;

/** The rows of a wide table, one for each unit and time that occurs, in that order. */
typedef struct nrd_spread nrd_spread;

/**
 * Find where the codes of a column begin.
 *
 * @param[in]  codes     rows codes, from -1 to n_codes - 1
 * @param[in]  rows      number of rows, may be 0
 * @param[in]  n_codes   number of codes, may be 0
 * @param[out] first_out n_codes + 1 rows, the first with code c at c + 1; `rows` where
 *                       there is none; written only on success
 * @param[out] err       reason of a failure, or NULL
 *
 * @retval NRD_E_NULL    first_out, or codes of rows, is NULL
 * @retval NRD_E_UNKNOWN a code is out of range
 */
NRD_API NRD_NODISCARD nrd_status nrd_key_first(
    const int32_t *codes, size_t rows, size_t n_codes, uint64_t *first_out, nrd_error *err);

/**
 * Read a long table: check every row and find the rows of the wide one.
 *
 * @param[in]  in  the table; it must outlive what is made of it
 * @param[out] out released with nrd_spread_free; written only on success
 * @param[out] err reason of a failure, or NULL
 *
 * @retval NRD_E_NULL      in, out, or an array of a table with rows is NULL
 * @retval NRD_E_SIZE      more units, times and items than can be counted
 * @retval NRD_E_UNKNOWN   a code or an index is out of range, or a row has a key that is
 *                         missing or not wanted
 * @retval NRD_E_CONFLICT  a unit is in another place than in an earlier row of that time
 * @retval NRD_E_DUPLICATE a value of a unit, time and item is given twice; the later row
 * @retval NRD_E_DOMAIN    a value is infinite where none may be
 * @retval NRD_E_MEMORY    no memory left
 */
NRD_API NRD_NODISCARD nrd_status nrd_spread_new(
    const nrd_long *in, nrd_spread **out, nrd_error *err);

/** Release what nrd_spread_new made; NULL allowed. */
NRD_API void nrd_spread_free(nrd_spread *spread);

/** Number of rows of the wide table. */
NRD_API size_t nrd_spread_rows(const nrd_spread *spread);

/**
 * Write the wide table.
 *
 * @param[in]  spread     what nrd_spread_new found
 * @param[out] first_out  for each row of the wide table the first row of the long one
 * @param[out] values_out a column of values for each item, one after another; NaN where
 *                        the long table has none
 */
NRD_API void nrd_spread_fill(
    const nrd_spread *spread, uint64_t *first_out, double *values_out);

/* cffi: end */

#endif
