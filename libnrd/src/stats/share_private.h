#ifndef NRDI_SHARE_PRIVATE_H
#define NRDI_SHARE_PRIVATE_H

#include "twofold_private.h"

/* A share x of a whole and the rest y = 1 - x, none of them the difference of the other. */
typedef struct {
    nrdi_twofold x;
    nrdi_twofold y;
    nrdi_twofold log_x;
    nrdi_twofold log_y;
} nrdi_portion;

/* What a distribution has on both sides of a point, and its density there times the point:
 * the slope of lower over the logarithm of the point. */
typedef struct {
    double lower;
    double upper;
    double slope;
} nrdi_shares;

/* Split a whole in the ratio of two positive numbers. */
nrdi_portion nrdi_portion_of(nrdi_twofold part, nrdi_twofold rest);

/* Beta distribution at a split, shapes in [1e-7, 1e10]; the point is x / y. */
nrdi_shares nrdi_beta_shares(double a, double b, const nrdi_portion *at);

/* Gamma distribution at x > 0, shape in [1e-7, 1e10], scale 1. */
nrdi_shares nrdi_gamma_shares(double a, double x);

#endif
