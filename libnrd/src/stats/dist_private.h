#ifndef NRDI_DIST_PRIVATE_H
#define NRDI_DIST_PRIVATE_H

#include <nrd/dist.h>

#include "share_private.h"

/* Range of degrees of freedom and shapes; the greatest count, whose shapes lie in it. */
#define NRDI_SHAPE_MIN 1e-6
#define NRDI_SHAPE_MAX 1e10
#define NRDI_COUNT_MAX 1000000000

/* Shares that differ relatively by less count as equal: their rounding is far below it. */
#define NRDI_ROUNDING 1e-13

/* A continuous distribution on 0 to end, with at most two parameters. */
typedef struct {
    const char *names[2]; /* of the parameters; NULL where there is none */
    double end;
    nrdi_shares (*at)(double point, const double *shapes);
} nrdi_family;

extern const nrdi_family nrdi_family_t; /* the absolute value of t */
extern const nrdi_family nrdi_family_f;
extern const nrdi_family nrdi_family_chi2;
extern const nrdi_family nrdi_family_odds;   /* x / (1 - x) of a beta variable x */
extern const nrdi_family nrdi_family_normal; /* for its lack of parameters only */

/* NRD_E_NULL and NRD_E_DOMAIN of the parameters of a family. */
nrd_status nrdi_dist_check(
    const nrdi_family *family, const double *shapes, const void *out, nrd_error *err);

/* NRD_E_DOMAIN where a share is outside [0, 1]. */
nrd_status nrdi_dist_check_share(double share, nrd_error *err);

/* The t with a share of q, at most 1/2, above it; infinite where it is too large. */
double nrdi_t_above(double q, double df);

/* The beta variable with the given shares on both sides, of which only the smaller one
 * need be exact. */
double nrdi_beta_between(double a, double b, double lower, double upper);

/* Hypergeometric shares at or below a count and above it; the counts are checked. */
void nrdi_hypergeometric_shares(uint64_t k, uint64_t population, uint64_t successes,
    uint64_t n, double *lower, double *upper);

#endif
