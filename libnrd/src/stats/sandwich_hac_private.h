#ifndef NRDI_SANDWICH_HAC_PRIVATE_H
#define NRDI_SANDWICH_HAC_PRIVATE_H

#include "sandwich_private.h"

/* Room for three matrices, in what is spare behind lags and k + 2 columns. */
double *nrdi_hac_matrices(const nrdi_fitted *own);

/* The next two read `part` as scores: parts times weighted residuals, divided by the roots
 * of the pivots. */

/* Fit a vector autoregression of order 1 to the scores. They become its n - 1 residuals,
 * and the influences what these add up to in the long run. */
nrd_status nrdi_hac_prewhiten(nrdi_fitted *own, nrd_error *err);

/* The bandwidth by the rule of Newey and West, from n scores. */
double nrdi_hac_bandwidth(const nrdi_fitted *own, nrd_kernel kernel, size_t n);

/* Degrees of freedom of each coefficient by Satterthwaite, and what makes its variance
 * right on average if errors were independent; before there are scores. */
void nrdi_hac_small(const nrdi_fitted *own, const double *lag, size_t lags, double *df_out,
    double *factor_out);

#endif
