#ifndef NRDI_SPATIAL_PRIVATE_H
#define NRDI_SPATIAL_PRIVATE_H

#include <nrd/exact.h>
#include <nrd/spatial.h>

nrd_status nrdi_spatial_check(const nrd_neighbours *of, const double *x, const double *y,
    const void *out, nrd_error *err);

/* Deviations of x from its mean over the rows that miss neither x nor y, NaN for others;
 * the result is the number of rows. */
size_t nrdi_spatial_deviations(const double *x, const double *y, size_t n, double *out);

/* Whether x varies among these rows. */
int nrdi_spatial_varies(const double *x, const double *y, size_t n);

#endif
