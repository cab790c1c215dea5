/* Rows that follow each other in one group: as whole numbers of one unit their sums, and
 * those of their products, stay in registers until the rows end. */

#include "moments_private.h"

#include <limits.h>

#include "decimal_private.h"
#include "exact_private.h"

/* Rows and columns that are taken together at most; fewer rows do not pay. */
#define MOST_ROWS 64
#define MOST_COLUMNS 8
#define FEW_ROWS 4

__extension__ typedef __int128 int128;

/* The rows of a column: whole * 2^position, of so many bits. */
typedef struct {
    int64_t whole[MOST_ROWS];
    int position;
    int bits;
} run_column;

/* 0 where the values are too far apart for whole numbers of 63 bits. */
static int
read_column(const double *values, size_t rows, run_column *out)
{
    int least = INT_MAX, most = 0;

    for (size_t i = 0; i < rows; i++) {
        const int position = nrdi_parts_of(values[i]).position;

        if (values[i] != 0.0) {
            least = position < least ? position : least;
            most = position > most ? position : most;
        }
    }
    out->bits = least == INT_MAX ? 0 : 53 + (most - least);
    out->position = least == INT_MAX ? 0 : least;
    if (out->bits > 63) {
        return 0;
    }
    for (size_t i = 0; i < rows; i++) {
        const nrdi_parts parts = nrdi_parts_of(values[i]);
        const int64_t mantissa = (int64_t) parts.mantissa;
        const int up = mantissa != 0 ? parts.position - out->position : 0;

        out->whole[i] = (parts.negative ? -mantissa : mantissa) * (INT64_C(1) << up);
    }
    return 1;
}

static void
add_wide(const nrd_moments *state, int64_t *record, size_t sum, int128 value, int position)
{
    const nrdi_window window = state->windows[sum];
    const nrdi_uint128 size = value < 0 ? -(nrdi_uint128) value : (nrdi_uint128) value;

    nrdi_digits_add_wide(record + window.at, size, position - 32 * window.first, value < 0);
}

static void
add_sum(
    const nrd_moments *state, int64_t *record, size_t sum, const run_column *x, size_t rows)
{
    int128 total = 0;

    for (size_t i = 0; i < rows; i++) {
        total += x->whole[i];
    }
    add_wide(state, record, sum, total, x->position);
}

static void
add_products(const nrd_moments *state, int64_t *record, size_t sum, const run_column *x,
    const run_column *y, size_t rows)
{
    int128 total = 0;

    for (size_t i = 0; i < rows; i++) {
        total += (int128) x->whole[i] * y->whole[i];
    }
    add_wide(state, record, sum, total, x->position + y->position - NRDI_EXACT_OFFSET);
}

size_t
nrdi_moments_run(const nrd_moments *state, const nrdi_rows_block *block, size_t first)
{
    size_t rows = 1;

    if (block->group == NULL || block->weight != NULL || state->powers != NULL ||
        state->columns > MOST_COLUMNS) {
        return 1;
    }
    while (first + rows < block->rows && rows < MOST_ROWS &&
           block->group[first + rows] == block->group[first]) {
        rows++;
    }
    return rows;
}

int
nrdi_moments_add_run(const nrd_moments *state, int64_t *record,
    const nrdi_rows_block *block, size_t first, size_t rows)
{
    const size_t p = state->columns;
    const int all = state->level == NRD_MOMENTS_COVARIANCES;
    const int bits_of_rows = 64 - __builtin_clzll(rows);
    run_column column[MOST_COLUMNS];

    if (rows < FEW_ROWS) {
        return 0;
    }
    for (size_t i = 0; i < p; i++) {
        if (!read_column(block->columns[i] + first, rows, &column[i]) ||
            2 * column[i].bits + bits_of_rows > 127) {
            return 0;
        }
    }
    for (size_t i = 0; i < p; i++) {
        add_sum(state, record, nrdi_moments_column(state, i), &column[i], rows);
        for (size_t j = all ? 0 : i; j <= i && state->level != NRD_MOMENTS_MEANS; j++) {
            add_products(state, record, nrdi_moments_product(state, j, i), &column[i],
                &column[j], rows);
        }
    }
    return 1;
}
