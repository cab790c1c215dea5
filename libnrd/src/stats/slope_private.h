#ifndef NRDI_SLOPE_PRIVATE_H
#define NRDI_SLOPE_PRIVATE_H

#include <nrd/slope.h>

#include "order_private.h"

/* Points and memory of a selection: about 100 bytes a point. A line is called by its place
 * in the order of x and then y, in which the lines y - b x stand for b = -infinity. */
typedef struct {
    size_t n;
    double *x, *y; /* in that order */
    int twins;     /* some points are equal */
    nrdi_entry *entries, *spare;
    uint32_t *orders;
    uint32_t *low, *high, *between; /* orders of the lines at bounds, within these */
    uint32_t *place, *other;
    double *found; /* slopes, room of them */
    size_t room;
    const int *stop;
} nrdi_slopes;

/* Memory and order; released with nrdi_slopes_close also after a failure. */
nrd_status nrdi_slopes_open(
    nrdi_slopes *own, const double *x, const double *y, size_t n, nrd_error *err);
void nrdi_slopes_close(nrdi_slopes *own);

/* Pairs of points with different x. */
uint64_t nrdi_slopes_pairs(const nrdi_slopes *own);

/* The order of the lines y - bound x; lines that meet there have changed places. The bound
 * may be infinite. Returns the number of slopes up to it. */
uint64_t nrdi_slopes_order(nrdi_slopes *own, double bound, uint32_t *out);

/* Put slopes between the bounds of the orders low and high, `pairs` of them, into found:
 * all where count is 0, else so many at random, one out of each of as many equal stretches.
 * Their number is returned. */
size_t nrdi_slopes_between(nrdi_slopes *own, uint64_t pairs, size_t count, uint64_t round);

/* The value of rank k, counted from 0, of n values, which change places. */
double nrdi_select(double *values, size_t n, size_t k);

#endif
