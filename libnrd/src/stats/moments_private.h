#ifndef NRDI_MOMENTS_PRIVATE_H
#define NRDI_MOMENTS_PRIVATE_H

#include <nrd/moments.h>

#include "big_private.h"
#include "column_private.h"
#include "exact_block_private.h"

/* Where the digits of one sum stand in the record of a group: `count` words from word `at`,
 * the first being digit `first` of an exact sum. */
typedef struct {
    size_t at;
    size_t count;
    int first;
} nrdi_window;

/* A record holds: rows, rows with a weight above 0 where there are weights, and the digits
 * of each sum in the order total weight, columns, products. Sums of all the rows of a state
 * have windows of the same size, wide enough for what came so far; a state without groups
 * has the widest from the start. Digits are carried each time the rows have grown by
 * NRDI_CARRY_ROWS. */
enum { NRDI_ROWS, NRDI_WEIGHTED, NRDI_HEADER };

/* A row adds to a digit at most six times; see NRDI_EXACT_PENDING. */
#define NRDI_CARRY_ROWS 64

struct nrd_moments {
    size_t columns;
    size_t groups;
    size_t sums;
    size_t stride; /* words of a record */
    nrd_weights weights;
    nrd_moments_level level;
    uint64_t dropped;
    int32_t *decimals;
    struct nrdi_powers *powers; /* NULL where no column has any but the first */
    nrdi_window *windows;
    int64_t *records;
};

/* Index of a sum: the total weight, a column, the product of two columns (i <= j; only i =
 * j where the level keeps no others). */
size_t nrdi_moments_product(const nrd_moments *state, size_t i, size_t j);

static inline size_t
nrdi_moments_column(const nrd_moments *state, size_t i)
{
    return i + (state->weights != NRD_WEIGHTS_NONE);
}

static inline int64_t *
nrdi_moments_record(const nrd_moments *state, size_t group)
{
    return state->records + group * state->stride;
}

/* Rows with a weight above 0: all where there are no weights, which are not counted apart.
 */
static inline uint64_t
nrdi_moments_weighted(const nrd_moments *state, size_t group)
{
    const int64_t *record = nrdi_moments_record(state, group);

    return (
        uint64_t) record[state->weights == NRD_WEIGHTS_NONE ? NRDI_ROWS : NRDI_WEIGHTED];
}

/* A state of the same kind without rows, whose windows reach from digit first[k] to before
 * end[k], and as far as those of the first; NULL without memory. */
nrd_moments *nrdi_moments_like(const nrd_moments *state, const int *first, const int *end);

/* Make every window of a state reach from digit first[k] to before end[k], and those that
 * reach further stay. NRD_E_MEMORY changes nothing. */
nrd_status nrdi_moments_widen(
    nrd_moments *state, const int *first, const int *end, nrd_error *err);

/* Where a sum without rows stands: one group takes any value, many start with the digit of
 * 2^0. */
static inline nrdi_window
nrdi_moments_first_window(const nrd_moments *state)
{
    return state->groups == 1 ? (nrdi_window){0, NRDI_EXACT_DIGITS, 0}
                              : (nrdi_window){0, 1, NRDI_EXACT_OFFSET / 32};
}

/* Copy all records into a layout with other windows, which the state then owns, and groups.
 * NRD_E_MEMORY changes nothing. */
nrd_status nrdi_moments_move(
    nrd_moments *state, nrdi_window *windows, size_t groups, nrd_error *err);

/* Add the record of a group of another state of the same kind, whose digits other than 0
 * lie within the windows of the first. */
void nrdi_moments_add_record(
    nrd_moments *into, size_t to, const nrd_moments *other, size_t from);

/* First digit of a sum that any record uses, and the end of a window with room for it. */
void nrdi_moments_used(const nrd_moments *state, size_t sum, int *first, int *end);

/* Carry all digits of a record. */
void nrdi_moments_carry(const nrd_moments *state, int64_t *record);

/* A sum of a group as an integer. */
void nrdi_moments_big(const nrd_moments *state, size_t group, size_t sum, nrdi_big *out);

/* A block of complete rows: dense columns, at most NRDI_BLOCK rows, all finite. */
typedef struct {
    size_t rows;
    const double **columns;
    const double *weight; /* NULL without weights */
    const int64_t *group; /* NULL without groups */
    int64_t first_group;
} nrdi_rows_block;

/* Add a block without weights to exact sums, one for each of the state, through the vector
 * kernels. exponents holds one number for each column: that of the block before; ranges has
 * room for one each. 0, and nothing is added, where a value is not finite. */
int nrdi_moments_add_block(const nrd_moments *kind, nrd_exact *sums, int *exponents,
    nrdi_range *ranges, const nrdi_rows_block *block);

/* Add a block row by row, to any group, with weights or without. */
void nrdi_moments_add_rows(nrd_moments *state, const nrdi_rows_block *block);

/* Number of rows from `first` on, at most 64, that may be added together: those of one
 * group, where there are no weights or powers and few columns. */
size_t nrdi_moments_run(
    const nrd_moments *state, const nrdi_rows_block *block, size_t first);

/* Add so many rows to their record; 0, and nothing is added, where they are few, or their
 * values are of too different sizes. */
int nrdi_moments_add_run(const nrd_moments *state, int64_t *record,
    const nrdi_rows_block *block, size_t first, size_t rows);

/* Add an exact sum to a record whose digits were carried, and which lies within its window;
 * the digits have to be carried afterwards. */
void nrdi_moments_add_sum(
    const nrd_moments *state, int64_t *record, size_t sum, const nrd_exact *exact);

/* Add exact sums of so many rows to the record of the first group. */
void nrdi_moments_add_sums(nrd_moments *state, const nrd_exact *sums, uint64_t rows);

#endif
