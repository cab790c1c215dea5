#ifndef NRDI_MOMENTS_POWER_PRIVATE_H
#define NRDI_MOMENTS_POWER_PRIVATE_H

#include <nrd/powers.h>

#include "moments_private.h"

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
