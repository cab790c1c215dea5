#ifndef NRDI_TREND_PRIVATE_H
#define NRDI_TREND_PRIVATE_H

#include <nrd/trend.h>

#include "kendall_private.h"

/* Series of so many rows have all of their slopes looked at. */
#define NRDI_TREND_SHORT 512

/* So many numbers are sorted; of more, single ones are looked for. */
#define NRDI_FEW 80

/* Distributions that a thread keeps. Thousands of areas share a few patterns of ties. */
#define NRDI_NULLS_KEPT 256

/* The distribution of a pattern of ties. */
typedef struct {
    uint64_t pattern; /* 0: none yet */
    size_t d;         /* pairs that are not tied */
    size_t rank;      /* of the lowest slope in the interval; 0 where it is infinite */
    double confidence;
    double at_most[NRD_KENDALL_COUNTS];
} nrdi_null;

/* What a thread works with. */
typedef struct {
    nrdi_null *nulls;
    double *slopes; /* of the pairs of a short series */
    double *sorted; /* its values */
    double *medians;
    nrd_status status;
    nrd_error err;
} nrdi_trend_worker;

/* One call. */
typedef struct {
    const nrd_series *series;
    const nrd_trend_options *options;
    nrd_trend *out;
    uint64_t *pattern; /* of the ties of each series */
    double z;          /* normal quantile of the level */
    size_t longest;    /* rows of the longest short series */
    size_t next;       /* series that the next thread takes */
    const int *stop;
    nrdi_trend_worker *worker;
} nrdi_trends;

/* The checks of series and their rows; where `ties` times may be equal, but not all. */
nrd_status nrdi_series_check(const nrd_series *series, int ties, nrd_error *err);

/* Chance that |t| is as large or larger. */
double nrdi_t_two_sided(double t, double df);

/* Test and slope of series k. */
nrd_status nrdi_trend_of(const nrdi_trends *in, nrdi_trend_worker *own, size_t k);

/* Values in their order, by insertion: for few. */
void nrdi_sort_few(double *values, size_t n);

/* The median of n values, which change places, and are sorted where n is at most NRDI_FEW;
 * a median of two is their mean. */
double nrdi_median(double *values, size_t n);
double nrdi_mean_of_two(double low, double high);

#endif
