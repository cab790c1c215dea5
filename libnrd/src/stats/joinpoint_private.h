#ifndef NRDI_JOINPOINT_PRIVATE_H
#define NRDI_JOINPOINT_PRIVATE_H

#include <nrd/joinpoint.h>

#include <math.h>

#define NRDI_JOINTS 3
#define NRDI_TERMS (2 + NRDI_JOINTS)

/* Ratios that differ relatively by less count as equal: their rounding is below it. */
#define NRDI_JOINPOINT_ROUNDING 0x1p-36

/* A series in memory of a worker, which has room for the longest one. All values are times
 * the root of the weight of their row. */
typedef struct {
    const nrd_joinpoint_options *options;
    uint64_t number; /* of its random numbers */
    size_t n;
    const double *time;
    double *root;    /* n roots of the weights */
    double *value;   /* n values */
    double *line;    /* 2 n: a base of all lines */
    double *term;    /* what a fit or a search needs: 8 n */
    double *many;    /* n rows of values, one column a permutation */
    double *sum;     /* least sums of squares, two of each permutation */
    uint32_t *order; /* n numbers */
} nrdi_joined;

/* Where joints are: 2 i stands for the time of row i, 2 i + 1 for between it and the next
 * one. */
typedef struct {
    size_t place[NRDI_JOINTS];
} nrdi_places;

/* A fit with joints at given times. */
typedef struct {
    double rss;
    double coefficient[NRDI_TERMS]; /* at the first time; first slope; changes of slope */
    double slope[NRDI_JOINTS + 1];
    double factor[NRDI_JOINTS + 1]; /* variance of the slope over that of a value */
} nrdi_lines;

/* The product of two columns: one order of rows, one result. */
static inline double
nrdi_joined_product(const double *x, const double *y, size_t n)
{
    double sum = 0.0;

    for (size_t i = 0; i < n; i++) {
        sum = fma(x[i], y[i], sum);
    }
    return sum;
}

/* The base of all lines and what a series is times the roots of the weights. */
void nrdi_joined_open(nrdi_joined *own, const double *value, const double *weight);

/* How many joints the rows allow, up to `most`. */
int nrdi_joined_most(const nrdi_joined *own, int most);

/* The first places of k joints, and the next ones; 0 where there are no more. */
int nrdi_places_first(const nrdi_joined *own, int k, nrdi_places *out);
int nrdi_places_next(const nrdi_joined *own, int k, nrdi_places *out);

/* The least sum of squares with k joints of each of `count` columns of values, one row of
 * them a row of the series, without a part that is a line; and for the first column where
 * the joints are. NRD_E_CANCELLED. */
nrd_status nrdi_joined_search(const nrdi_joined *own, int k, const double *columns,
    size_t count, double *least, double *joint);

/* Take the part that is a line off the columns. */
void nrdi_joined_level(const nrdi_joined *own, double *columns, size_t count);

/* The fit with k joints at these times. Residuals to `rest`, n numbers, unless NULL. */
void nrdi_joined_fit(
    const nrdi_joined *own, int k, const double *joint, nrdi_lines *out, double *rest);

/* The best places of k joints and the fit there. */
nrd_status nrdi_joined_best(const nrdi_joined *own, int k, double *joint, nrdi_lines *out);

/* How many joints, by the rule; also the p-values and criteria. */
nrd_status nrdi_joined_choose(const nrdi_joined *own, nrd_joinpoint *out);

/* Intervals of joints and slopes. */
nrd_status nrdi_joined_bounds(
    const nrdi_joined *own, const nrdi_lines *fit, nrd_joinpoint *out);

#endif
