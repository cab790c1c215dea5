#ifndef NRDI_CORRELATION_HOLD_PRIVATE_H
#define NRDI_CORRELATION_HOLD_PRIVATE_H

#include "correlation_private.h"

#include <math.h>

/* Sizes within this of each other count as equal: well above what rounding makes of sums of
 * up to 2^26 products of unit vectors that are 1 in all. */
#define NRDI_HELD_NEAR 0x1p-36

/* What is held while rows are exchanged within strata: the means of these, covariates and
 * weights. Columns are in the order of the strata. */
typedef struct {
    size_t n, strata;
    const size_t *start; /* rows before each stratum, and all */
    double *basis;       /* what covariates add to each other and the means: unit vectors */
    size_t width;        /* number of these */
    double *root;        /* roots of the weights, the greatest 1; NULL: none */
    int is_ranked;       /* with weights: columns are numbers of different values */
} nrdi_held;

/* Room for so many covariates, and roots of weights where there are some. */
nrd_status nrdi_held_make(nrdi_held *out, size_t covariates, const double *weight);
void nrdi_held_free(nrdi_held *of);

/* A covariate; one that the means and those before explain adds nothing. */
void nrdi_held_add(nrdi_held *of, double *values);

/* Deviations from the means of strata, of length 1; zeros where nothing varies. */
void nrdi_held_centre(const nrdi_held *of, double *values);

/* What covariates leave of a column that was centred, or means with weights of its roots of
 * weights times it (or times its ranks), of length 1. room has 2 n numbers with ranks. */
void nrdi_hold(const nrdi_held *of, double *column, double *room);

/* Average ranks of complete values, in place. */
nrd_status nrdi_held_ranks(double *values, size_t n, double *room);

/* Numbers of different values, in place. */
nrd_status nrdi_held_levels(double *values, size_t n);

/* One pair whose x is exchanged; out is NULL where nothing is left to exchange. */
typedef struct {
    const nrd_correlation_options *options;
    nrd_alternative alternative;
    size_t n, strata;
    const size_t *start;
    const double *value; /* x, y and the covariates, n numbers each */
    size_t covariates;
    const double *weight; /* NULL: none */
} nrdi_held_pair;

nrd_status nrdi_held_begin(const nrdi_held_pair *pair, nrdi_exchanged **out);
nrd_status nrdi_weighted_tau_begin(const nrdi_held_pair *pair, nrdi_exchanged **out);

/* Sums of products in one order, whatever the processor. */
static inline double
nrdi_held_dot(const double *x, const double *y, size_t n)
{
    double sum[4] = {0.0, 0.0, 0.0, 0.0};
    size_t i = 0;

    for (; i + 4 <= n; i += 4) {
        for (size_t k = 0; k < 4; k++) {
            sum[k] += x[i + k] * y[i + k];
        }
    }
    for (; i < n; i++) {
        sum[0] += x[i] * y[i];
    }
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

/* r of two columns that were held; with weights over its error, by the rows themselves. */
double nrdi_held_size(const nrdi_held *of, const double *x, const double *y);

/* Sizes from here on are as extreme as one, of which rounding may have left nothing. */
static inline double
nrdi_held_least(double size)
{
    return size - NRDI_HELD_NEAR * fmax(fabs(size), 1.0);
}

/* How extreme a size is. */
static inline double
nrdi_held_far(double size, nrd_alternative alternative)
{
    return alternative == NRD_ALTERNATIVE_GREATER ? size
           : alternative == NRD_ALTERNATIVE_LESS  ? -size
                                                  : fabs(size);
}

#endif
