#ifndef NRDI_SLICES_PRIVATE_H
#define NRDI_SLICES_PRIVATE_H

#include <nrd/status.h>

#include "twofold_private.h"

/* Columns cut into slices, so that weighted sums of them are exact.
 *
 * A slice holds whole multiples of one unit, so few that the sum of its values times
 * weights, whole numbers themselves that add up to `most` at most, needs no more than 53
 * bits: no addition rounds, in any order, with any instructions. A column of numbers with
 * few digits is one slice; one of any doubles of like size two, their products three. */
typedef struct {
    size_t rows;   /* with rows of zeros behind them, a multiple of NRDI_LANES */
    size_t count;  /* slices of all columns */
    size_t room;   /* slices that there is memory for */
    double most;   /* what weights add up to at most */
    double *slice; /* one after another, the first of them on a cache line */
    double *memory;
} nrdi_slices;

/* What a column is made of: the slices from `first` on. */
typedef struct {
    size_t first;
    size_t count;
} nrdi_sliced;

/* Doubles to allocate beyond those needed, and where the first whole cache line begins: a
 * vector that lies across two lines takes twice as long to load. */
#define NRDI_LINE 8

static inline double *
nrdi_on_a_line(double *memory)
{
    return memory +
           (NRDI_LINE - (uintptr_t) memory / sizeof *memory % NRDI_LINE) % NRDI_LINE;
}

/* An empty set for n rows; `most` is at least 1 and at most 2^40. */
nrdi_slices nrdi_slices_of(size_t n, double most);

void nrdi_slices_free(nrdi_slices *slices);

/* Cut the column high[i] + low[i], of which low is at most half a unit in the last place of
 * high, or high alone where low is NULL; both are overwritten with what is left, which is
 * nothing. The values are 0 or of a size from 2^-920 to 2^900. NRD_E_MEMORY is the only
 * failure. */
nrd_status nrdi_slices_add(
    nrdi_slices *slices, double *high, double *low, size_t n, nrdi_sliced *out);

/* The same slices, of groups of rows that have one weight: group g is the sum of the rows
 * from start[g] to before start[g + 1], as exact as they are. NRD_E_MEMORY is the only
 * failure. */
nrd_status nrdi_slices_group(
    const nrdi_slices *from, const uint64_t *start, size_t groups, nrdi_slices *out);

/* Sums of all slices times each of NRDI_DOTS weights, `rows` of them for each, into `sums`:
 * `count` for the first weights, and so on. */
void nrdi_slices_weigh(const nrdi_slices *slices, const double *weight, double *sums);

/* The sum of a column as two doubles, from the sums of the slices. */
nrdi_twofold nrdi_slices_total(nrdi_sliced column, const double *sums);

#endif
