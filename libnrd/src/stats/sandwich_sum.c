/* Sums of products that no order of the terms changes, cheaper for few terms than states of
 * exact sums. */

#include "sandwich_private.h"

#include <math.h>

#include <nrd/exact.h>

/* So many terms, each of a product and its rounding error, take 2^12 units of 40 bits. */
#define FEW 2048
#define LEVELS 3
#define BITS 40

static double
greatest_product(const double *x, const double *y, const double *weight, size_t n)
{
    double greatest = 0.0;

    for (size_t i = 0; i < n; i++) {
        const double size = fabs(x[i] * (weight != NULL ? weight[i] : 1.0) * y[i]);

        greatest = size > greatest ? size : greatest;
    }
    return greatest;
}

/* Take whole units off a value, level by level: sums of whole units have no error. */
static inline void
split(double value, const double *round, double *sum)
{
    for (int level = 0; level < LEVELS; level++) {
        const double whole = (value + round[level]) - round[level];

        sum[level] += whole;
        value -= whole;
    }
}

static double
sum_of_few(const double *x, const double *y, const double *weight, size_t n, int exponent)
{
    double round[LEVELS], sum[LEVELS] = {0.0};
    nrdi_twofold all;

    for (int level = 0; level < LEVELS; level++) {
        round[level] = ldexp(1.5, exponent + 52 - (level + 1) * BITS);
    }
    for (size_t i = 0; i < n; i++) {
        const nrdi_twofold product =
            nrdi_twofold_product(weight != NULL ? x[i] * weight[i] : x[i], y[i]);

        split(product.high, round, sum);
        split(product.low, round, sum);
    }
    all = nrdi_twofold_sum(sum[0], sum[1]);
    return all.high + (all.low + sum[2]);
}

double
nrdi_sum_products(const double *x, const double *y, const double *weight, size_t n)
{
    nrd_exact sum;
    int exponent = 0;

    if (n <= FEW) {
        const double greatest = greatest_product(x, y, weight, n);

        (void) frexp(greatest, &exponent);
        /* What is out of this range may overflow or underflow on the way, or be no number.
         */
        if (greatest == 0.0 || (greatest > 0x1p-800 && greatest < 0x1p+900)) {
            return sum_of_few(x, y, weight, n, exponent);
        }
    }
    nrd_exact_init(&sum);
    if (weight == NULL) {
        (void) !nrd_exact_add_products(&sum, x, y, n, NULL);
    } else {
        for (size_t i = 0; i < n; i++) {
            nrd_exact_add_product(&sum, x[i] * weight[i], y[i]);
        }
    }
    return nrd_exact_round(&sum);
}

void
nrdi_cross_products(
    const nrdi_fitted *own, const double *columns, size_t n, double factor, double *out)
{
    const size_t k = own->k;

    for (size_t i = 0; i < k; i++) {
        for (size_t j = 0; j <= i && !nrdi_rows_stopped(own->rows); j++) {
            out[i * k + j] = out[j * k + i] =
                factor * nrdi_sum_products(columns + i * n, columns + j * n, NULL, n);
        }
    }
}
