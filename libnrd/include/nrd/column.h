#ifndef NRD_COLUMN_H
#define NRD_COLUMN_H

#include <nrd/status.h>

/* cffi: begin */

/** Type of the values of a column. */
typedef enum {
    NRD_TYPE_INT8 = 1,
    NRD_TYPE_INT32 = 2,
    NRD_TYPE_INT64 = 3,
    NRD_TYPE_FLOAT64 = 4
} nrd_type;

/**
 * A column of the caller's: values and an optional validity bitmap, laid out as in Arrow.
 *
 * Row i has the value values[offset + i]. It is missing where bit offset + i of `validity`
 * is 0, the least significant bit of a byte first; validity may be NULL: nothing is
 * missing. Nothing is copied or owned.
 */
typedef struct {
    nrd_type type;
    size_t length;
    size_t offset;
    const void *values;
    const uint8_t *validity;
} nrd_column;

/**
 * Check that a column can be read as values of one type.
 *
 * @param[in]  column the column
 * @param[in]  type   the type expected
 * @param[in]  length the number of rows expected
 * @param[in]  name   what the column holds, for the message; may be NULL
 * @param[out] err    reason of a failure, or NULL
 *
 * @retval NRD_E_NULL column is NULL, or has rows but no values
 * @retval NRD_E_TYPE it holds another type
 * @retval NRD_E_SIZE it has another number of rows
 */
NRD_API NRD_NODISCARD nrd_status nrd_column_check(const nrd_column *column, nrd_type type,
    size_t length, const char *name, nrd_error *err);

/** 1 where the row holds a value, 0 where it is missing. A NaN is a value here. */
NRD_API int nrd_column_is_valid(const nrd_column *column, size_t row);

/**
 * Count the rows that hold a value.
 *
 * @param[in] column         the column
 * @param[in] nan_is_missing 1 to count a NaN of a float column as missing
 */
NRD_API size_t nrd_column_count_valid(const nrd_column *column, int nan_is_missing);

/**
 * Printed decimals of a float64 column: the least d from 0 to 9 for which every value that
 * is not missing is the double nearest to k / 10^d for a whole k below 2^51, so that any of
 * 15 digits is; -1 where there is none.
 */
NRD_API int32_t nrd_column_decimals(const nrd_column *column);

/**
 * Least and greatest number of an int32 or int64 column, read once.
 *
 * @param[in]  column   the column, with rows and without a bitmap
 * @param[in]  threads  as in nrd_thread_count
 * @param[out] low_out  the least; written only on success
 * @param[out] high_out the greatest, likewise
 * @param[out] err      reason of a failure, or NULL
 *
 * @retval NRD_E_NULL   a pointer is NULL
 * @retval NRD_E_TYPE   it holds no whole numbers of 32 or 64 bits
 * @retval NRD_E_DOMAIN it has no rows, or a bitmap
 */
NRD_API NRD_NODISCARD nrd_status nrd_column_range(const nrd_column *column, int threads,
    int64_t *low_out, int64_t *high_out, nrd_error *err);

/**
 * Number the distinct values of an int64 column in the order of their first rows.
 *
 * @param[in]  column    the column, without a bitmap; fewer than 2^31 distinct values
 * @param[out] codes_out for each row the number of its value; written only on success
 * @param[out] keys_out  the distinct values, with room for one each row; likewise
 * @param[out] count_out how many they are; likewise
 * @param[out] err       reason of a failure, or NULL
 *
 * @retval NRD_E_NULL     a pointer is NULL
 * @retval NRD_E_TYPE     it holds another type
 * @retval NRD_E_DOMAIN   it has a bitmap
 * @retval NRD_E_OVERFLOW there are 2^31 distinct values or more
 * @retval NRD_E_MEMORY   no memory left
 */
NRD_API NRD_NODISCARD nrd_status nrd_column_encode(const nrd_column *column,
    int32_t *codes_out, int64_t *keys_out, size_t *count_out, nrd_error *err);

/* cffi: end */

#endif
