#ifndef NRDI_MOMENTS_POWER_PRIVATE_H
#define NRDI_MOMENTS_POWER_PRIVATE_H

#include <gmp.h>
#include <nrd/powers.h>

#include "moments_private.h"

/* A sum: column i to the power a, times column j to the power b where b is not 0. */
typedef struct {
    size_t i;
    size_t j;
    int a;
    int b;
} nrdi_power;

/* A value as mantissa * 2^exponent, the mantissa odd. */
typedef struct {
    uint64_t mantissa;
    int exponent;
    int negative;
} nrdi_factor;

struct nrdi_powers {
    int32_t *degree; /* of each column */
    nrdi_power *sum;
    size_t count;
    size_t first; /* place of the first among the sums of the state */
    /* For the row that is added: the columns, the weight, and powers of their mantissas,
     * power a of column i at table + (start[i] + a - 1) * room. */
    nrdi_factor *factor;
    size_t *start;
    size_t end; /* of the powers; beyond it there is room for a product */
    mp_limb_t *table;
    mp_size_t *size;
    size_t room;
};

/* Highest power of a column of a degree, of which a sum is kept. */
static inline int
nrdi_highest_power(int degree)
{
    return degree > 1 ? 2 * degree : 1;
}

/* Place of the sum of column i to the power a times column j to the power b, of any that
 * the state keeps. */
size_t nrdi_moments_power(const nrd_moments *state, size_t i, int a, size_t j, int b);

/* Highest power of each column, of those that a regression may ask for; NULL where all are
 * 1. */
const int32_t *nrdi_moments_degrees(const nrd_moments *state);

/* Whether both keep the same powers. */
int nrdi_moments_same_powers(const nrd_moments *a, const nrd_moments *b);

/* Give a copy of a state powers of its own; 0 without memory. */
int nrdi_moments_copy_powers(nrd_moments *copy, const nrd_moments *state);

void nrdi_moments_free_powers(nrd_moments *state);

/* Add the powers of a row to the record of its group. */
void nrdi_moments_add_powers(
    nrd_moments *state, int64_t *record, const nrdi_rows_block *block, size_t row);

/* Windows of the sums of powers, where the sizes of column i lie between 2^low[i] and
 * 2^high[i], those of the weights at low[columns] and high[columns]. */
nrd_status nrdi_moments_power_windows(const nrd_moments *state, const int *low,
    const int *high, int *first, int *end, nrd_error *err);

#endif
