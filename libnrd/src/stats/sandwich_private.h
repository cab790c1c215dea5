#ifndef NRDI_SANDWICH_PRIVATE_H
#define NRDI_SANDWICH_PRIVATE_H

#include <nrd/sandwich.h>

#include "twofold_private.h"

/* What is left of 1 and is below this is rounding, or has no digits: of the leverage of a
 * row or cluster, and of a column of a matrix. */
#define NRDI_NO_ROOM 0x1p-40

/* Add a * b to a sum of twice the digits. */
static inline void
nrdi_twofold_add_product(nrdi_twofold *sum, double a, double b)
{
    const nrdi_twofold product = nrdi_twofold_product(a, b);
    const nrdi_twofold high = nrdi_twofold_sum(sum->high, product.high);

    sum->high = high.high;
    sum->low += high.low + product.low;
}

/* One regression: its rows, and room for what is computed of them. Columns of n values are
 * behind each other. */
typedef struct {
    const nrd_regression_rows *rows;
    size_t group;
    size_t first;
    size_t n;
    size_t k;
    double counted;    /* rows with a weight above 0, or the sum of frequencies */
    double df;         /* what coefficients and absorbed intercepts leave of them */
    double *residual;  /* n */
    double *part;      /* k x n, what a column has beyond those before it: L x */
    double *influence; /* k x n, (X' W X)^-1 x: what a coefficient gains if y grows by 1 */
    double *spare;     /* as much as was asked for */
} nrdi_fitted;

/* What is computed for each regression, and with which options. */
typedef struct nrdi_each nrdi_each;
typedef nrd_status nrdi_each_work(
    const nrdi_each *each, nrdi_fitted *regression, nrd_error *err);

struct nrdi_each {
    const nrd_regression_rows *rows;
    const void *options;
    nrdi_each_work *work;
    size_t spare_of_row; /* doubles of `spare` for each row of a regression, and besides */
    size_t spare;
    double *covariance; /* groups x k x k */
    double *df;         /* groups x k */
    double *other;      /* groups */
};

nrd_status nrdi_rows_check(const nrd_regression_rows *rows, nrd_error *err);

/* Do the work for each regression, in threads; what it leaves in covariance, df and other
 * goes to the outputs where all succeed, otherwise the first failure is returned. Where
 * there is no result all three are NaN. */
nrd_status nrdi_each_run(nrdi_each *each, int threads, double *out, double *df_out,
    double *other_out, nrd_error *err);

/* Whether the caller asked to stop: what is computed then is thrown away. */
static inline int
nrdi_rows_stopped(const nrd_regression_rows *rows)
{
    return rows->stop != NULL && __atomic_load_n(rows->stop, __ATOMIC_RELAXED) != 0;
}

/* 1 for a weight that rows do not have. */
static inline double
nrdi_weight_of(const nrdi_fitted *own, size_t i)
{
    return own->rows->weight != NULL ? own->rows->weight[own->first + i] : 1.0;
}

/* Set up a regression of `rows` in space of (1 + 2 k) n doubles, n the rows of the largest;
 * behind these is what is spare. 0 where there is no result. */
int nrdi_fitted_open(
    const nrd_regression_rows *rows, size_t group, double *space, nrdi_fitted *out);

/* Rows of the largest regression. */
size_t nrdi_rows_most(const nrd_regression_rows *rows);

/* The kernels: the best the processor has, or those that were forced for exact sums. */
typedef struct {
    void (*fill)(nrdi_fitted *own);

    /* Each influence times all that come with it or after it, both ways round: n of them in
     * the order of time, out k x k; `ahead` is room as for the influences. */
    void (*sum_in_time)(const nrdi_fitted *own, size_t n, const double *lag, size_t lags,
        double *ahead, double *out);
} nrdi_fitted_kernels;

extern const nrdi_fitted_kernels nrdi_fitted_plain, nrdi_fitted_fma;

const nrdi_fitted_kernels *nrdi_fitted_kernels_in_use(void);

/* Residuals, parts and influences of all rows. */
void nrdi_fitted_fill(nrdi_fitted *own);

/* The factor and pivots of the regression. */
const double *nrdi_fitted_factor(const nrdi_fitted *own);
const double *nrdi_fitted_pivot(const nrdi_fitted *own);

/* What parts divided by the roots of the pivots add to the coefficients, k x k:
 * (X' W X)^-1 = effect * effect'. */
void nrdi_fitted_effect(const nrdi_fitted *own, double *out);

/* 1 - leverage of a row in the regression with its weight. */
double nrdi_fitted_room(const nrdi_fitted *own, size_t i);

/* Sum of x * y, or of (x * weight) * y where weight is not NULL, which no order of the n
 * terms changes: its error is below n * 2^-120 of the greatest term, before it is rounded.
 */
double nrdi_sum_products(const double *x, const double *y, const double *weight, size_t n);

/* Such sums for each two of the k columns of n values of a regression, times a factor. */
void nrdi_cross_products(
    const nrdi_fitted *own, const double *columns, size_t n, double factor, double *out);

/* Check the clusters of all rows; the most that a regression has go to most_out. */
nrd_status nrdi_clusters_check(const nrd_regression_rows *rows, const int32_t *cluster,
    size_t *most_out, nrd_error *err);

/* Number of clusters of a regression; 0 after a failure, where there are not two. */
size_t nrdi_clusters_count(const nrdi_fitted *own, const int32_t *cluster, nrd_error *err);

/* The rows of a cluster of the regression end before the one returned. */
size_t nrdi_cluster_end(const nrdi_fitted *own, const int32_t *cluster, size_t begin);

/* Sum of x * y * weight over rows of a regression. */
double nrdi_cluster_sum(
    const nrdi_fitted *own, const double *x, const double *y, size_t begin, size_t end);

/* What variances of `clusters` clusters are multiplied by. */
double nrdi_cluster_factor(const nrdi_fitted *own, nrd_cr kind, size_t clusters);

/* Solve X M = B for the k x k matrix M, which is lost: the rows B become X. 0 where M is
 * singular. */
int nrdi_solve(double *matrix, double *rows, size_t k);

/* A symmetric matrix k x k, which is lost: eigenvalues, and eigenvectors as rows. */
void nrdi_eigen(double *matrix, size_t k, double *values_out, double *vectors_out);

#endif
