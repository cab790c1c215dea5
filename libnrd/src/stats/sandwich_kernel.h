/* What robust covariances do for each row, written once. Each file that includes this
 * defines NRDI_KERNELS, and is compiled for its own processors: they do the same operations
 * in the same order, and so leave the same bits. */

#include "sandwich_private.h"

#include <math.h>
#include <string.h>

/* Add factor times a column of the design, of ones where it is NULL, to sums of two
 * doubles. */
static void
add_column(const nrdi_fitted *own, size_t column, nrdi_twofold factor,
    double *restrict high, double *restrict low)
{
    const nrd_regression_rows *rows = own->rows;
    const double *x = rows->x[column];
    const double *x_low = rows->x_low != NULL ? rows->x_low[column] : NULL;

    if (nrdi_rows_stopped(rows)) {
        return;
    }
    if (x == NULL) {
        for (size_t i = 0; i < own->n; i++) {
            const nrdi_twofold sum = nrdi_twofold_sum(high[i], factor.high);

            high[i] = sum.high;
            low[i] = (low[i] + sum.low) + factor.low;
        }
        return;
    }
    for (size_t i = 0; i < own->n; i++) {
        const nrdi_twofold product = nrdi_twofold_product(x[own->first + i], factor.high);
        const nrdi_twofold sum = nrdi_twofold_sum(high[i], product.high);

        high[i] = sum.high;
        low[i] = (low[i] + (sum.low + product.low)) + x[own->first + i] * factor.low;
    }
    for (size_t i = 0; i < own->n && x_low != NULL; i++) {
        low[i] += x_low[own->first + i] * factor.high;
    }
}

static void
round_sums(double *restrict high, const double *restrict low, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        high[i] += low[i];
    }
}

/* The influences are not there yet: their room holds what sums leave. */
static void
fill_residuals(nrdi_fitted *own)
{
    const nrd_regression_rows *rows = own->rows;
    const double *b = rows->coefficient + own->group * own->k;
    const double *b_low = rows->coefficient_low + own->group * own->k;

    memcpy(own->residual, rows->y + own->first, own->n * sizeof *own->residual);
    memset(own->influence, 0, own->n * sizeof *own->influence);
    for (size_t j = 0; j < own->k; j++) {
        add_column(own, j, (nrdi_twofold){-b[j], -b_low[j]}, own->residual, own->influence);
    }
    round_sums(own->residual, own->influence, own->n);
}

static void
fill_part(nrdi_fitted *own, size_t j)
{
    const nrd_regression_rows *rows = own->rows;
    const size_t at = (own->group * own->k + j) * own->k;
    double *part = own->part + j * own->n;

    memset(part, 0, own->n * sizeof *part);
    memset(own->influence, 0, own->n * sizeof *own->influence);
    for (size_t m = j + 1; m-- > 0;) {
        add_column(own, m, (nrdi_twofold){rows->factor[at + m], rows->factor_low[at + m]},
            part, own->influence);
    }
    round_sums(part, own->influence, own->n);
}

/* The parts are orthogonal, so that few digits cancel here: L' D part. */
static void
fill_influence(nrdi_fitted *own, size_t j)
{
    const double *factor = nrdi_fitted_factor(own);
    const double *pivot = nrdi_fitted_pivot(own);
    const double *restrict part = own->part;
    double *restrict influence = own->influence + j * own->n;

    for (size_t i = 0; i < own->n; i++) {
        influence[i] = part[j * own->n + i] / pivot[j];
    }
    for (size_t m = j + 1; m < own->k; m++) {
        const double share = factor[m * own->k + j] / pivot[m];

        for (size_t i = 0; i < own->n; i++) {
            influence[i] = fma(share, part[m * own->n + i], influence[i]);
        }
    }
}

static void
fill(nrdi_fitted *own)
{
    fill_residuals(own);
    for (size_t j = 0; j < own->k && !nrdi_rows_stopped(own->rows); j++) {
        fill_part(own, j);
    }
    for (size_t j = 0; j < own->k && !nrdi_rows_stopped(own->rows); j++) {
        fill_influence(own, j);
    }
}

/* out[t] = x[t] / 2 + sum of lag[l] * x[t + l]: few terms each, in the order of lags. */
static void
look_ahead(const nrdi_fitted *own, const double *restrict x, size_t n, const double *lag,
    size_t lags, double *restrict out)
{
    for (size_t t = 0; t < n; t++) {
        out[t] = 0.5 * x[t];
    }
    for (size_t l = 1; l <= lags && !nrdi_rows_stopped(own->rows); l++) {
        for (size_t t = 0; t + l < n; t++) {
            out[t] = fma(lag[l], x[t + l], out[t]);
        }
    }
}

/* Sums of x * y and of u * v, side by side: neither waits for the other. */
static double
sum_of_both(const double *x, const double *y, const double *u, const double *v, size_t n)
{
    nrdi_twofold first = {0.0, 0.0}, second = {0.0, 0.0};

    for (size_t t = 0; t < n; t++) {
        nrdi_twofold_add_product(&first, x[t], y[t]);
        nrdi_twofold_add_product(&second, u[t], v[t]);
    }
    return (first.high + first.low) + (second.high + second.low);
}

static double
sum_of_products(const double *x, const double *y, size_t n)
{
    nrdi_twofold sum = {0.0, 0.0};

    for (size_t t = 0; t < n; t++) {
        nrdi_twofold_add_product(&sum, x[t], y[t]);
    }
    return sum.high + sum.low;
}

static void
sum_in_time(const nrdi_fitted *own, size_t n, const double *lag, size_t lags, double *ahead,
    double *out)
{
    const size_t k = own->k, row = own->n;
    const double *x = own->influence;

    for (size_t j = 0; j < k; j++) {
        look_ahead(own, x + j * row, n, lag, lags, ahead + j * row);
    }
    for (size_t i = 0; i < k; i++) {
        out[i * k + i] = 2.0 * sum_of_products(x + i * row, ahead + i * row, n);
        for (size_t j = 0; j < i && !nrdi_rows_stopped(own->rows); j++) {
            out[i * k + j] = out[j * k + i] =
                sum_of_both(x + i * row, ahead + j * row, x + j * row, ahead + i * row, n);
        }
    }
}

const nrdi_fitted_kernels NRDI_KERNELS = {fill, sum_in_time};
