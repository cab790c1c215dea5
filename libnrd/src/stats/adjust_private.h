#ifndef NRDI_ADJUST_PRIVATE_H
#define NRDI_ADJUST_PRIVATE_H

#include <nrd/adjust.h>

/* A family of tests: their p-values, ascending, and their rows. */
typedef struct {
    const double *p;
    const size_t *row;
    size_t m; /* at least 1 */
} nrdi_family;

/* p * m / k, rounded once (or in rare cases to the neighbour). */
double nrdi_adjust_scaled(double p, double m, double k);

/* Let values ascend: each at least the one before, or at most the one behind. */
void nrdi_adjust_from_below(double *values, size_t m);
void nrdi_adjust_from_above(double *values, size_t m);

/* Hommel's method; spare has room for m + 1. */
void nrdi_adjust_hommel(const nrdi_family *family, double *spare, double *out);

/* NULL, order and range of the lists, and each p in its own. */
nrd_status nrdi_adjust_check_supports(
    const double *p, size_t n, const nrd_adjust_options *options, nrd_error *err);

/* The attainable p-value that stands for p; -1 where there is none. */
double nrdi_adjust_attainable(const nrd_supports *supports, uint64_t list, double p);

/* The discrete methods. */
nrd_status nrdi_adjust_discrete(const nrdi_family *family,
    const nrd_adjust_options *options, double *out, nrd_error *err);

#endif
