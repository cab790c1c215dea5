#ifndef NRDI_REGRESSION_PRIVATE_H
#define NRDI_REGRESSION_PRIVATE_H

#include <nrd/regression.h>

#include "double2_private.h"
#include "moments_private.h"
#include "sweep_private.h"

/* Limbs of a sum as it is read: all that an exact sum can have, and what the division by
 * the weight of a unit adds. */
#define NRDI_SUM_LIMBS 256

/* Bits below the least that a unit can add to a sum of squares, if it adds anything, at
 * which that division is cut. What is above this unit by less than NRDI_GUARD_NOISE bits
 * is but an error of the cut. */
#define NRDI_GUARD_BITS 320
#define NRDI_GUARD_NOISE 160

/* Limbs of a product of two sums, shifted to the unit of the division. */
#define NRDI_SCRATCH_LIMBS 512

/* The sum of no two columns, but the number of rows. */
#define NRDI_COUNT SIZE_MAX

/* From so many coefficients on whole numbers become long: they are first cut to 384 bits,
 * and then to 512. Where the errors of the first do not show, those of the second are 2^128
 * times smaller. */
#define NRDI_MANY 16
#define NRDI_SHORT_CUT 6
#define NRDI_LONG_CUT 8

/* What all regressions of a call have in common. The columns of the matrix are those of
 * the coefficients, and then y. */
typedef struct {
    const nrd_moments *state;
    const nrd_regression_model *model;
    size_t k;           /* coefficients */
    size_t order;       /* k + 1 */
    size_t entries;     /* of the lower triangle */
    size_t *sum;        /* for each entry its place among the sums of the state */
    size_t *single;     /* for each column the place of its own sum */
    nrdi_double2 *unit; /* for each column what its values were multiplied by */
    int plain;          /* by 1, all of them */
    size_t *first;      /* with units: those of regression r are member[first[r]] .. */
    size_t *member;
    const int *stop;
    nrd_regression_results *out;
    int workers;
    struct nrdi_regression_worker *worker;
} nrdi_regression;

/* What one thread holds: the sums of a regression, and the matrix that they become. Sum i
 * is sum[i] * 2^exponent[i]; column i of the matrix counts 2^shift[i]. */
typedef struct nrdi_regression_worker {
    nrdi_sweep matrix;
    nrdi_double2 over; /* 1 / the denominator of its entries */
    mp_limb_t *limbs;
    nrdi_whole *sum;
    int *exponent;
    int *shift;
    double *before;     /* with many columns, results to compare with */
    mp_limb_t *scratch; /* with units, for the division by their weights */
    nrd_status status;
    nrd_error err;
} nrdi_regression_worker;

static inline int
nrdi_regression_is_stopped(const nrdi_regression *plan)
{
    return plan->stop != NULL && __atomic_load_n(plan->stop, __ATOMIC_RELAXED) != 0;
}

/* Place of entry i, j of a symmetric matrix, or of j, i, in its lower triangle. */
static inline size_t
nrdi_place_of(size_t i, size_t j)
{
    return i >= j ? i * (i + 1) / 2 + j : j * (j + 1) / 2 + i;
}

/* Read the sums of a regression; its rows, units and degrees of freedom go into *fit. */
void nrdi_regression_read(
    const nrdi_regression *plan, nrdi_regression_worker *own, size_t r, nrd_fit *fit);

/* Make the matrix of what was read, of numbers of `cut` limbs where that is not 0. */
nrd_status nrdi_regression_fill(
    const nrdi_regression *plan, nrdi_regression_worker *own, size_t r, long cut);

/* Solve what was read and write the results of regression r. */
nrd_status nrdi_regression_solve(
    const nrdi_regression *plan, nrdi_regression_worker *own, size_t r, nrd_fit *fit);

#endif
