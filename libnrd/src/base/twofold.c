#include "twofold_private.h"

#include <stddef.h>

#include <gsl/gsl_math.h>

/* The first terms of the series of a logarithm carry all digits; what follows is so much
 * smaller that a double does. */
#define WIDE_TERMS 8
#define ALL_TERMS 19

static const nrdi_twofold LOG_2 = {0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56};
static const nrdi_twofold HALF_LOG_2_PI = {0x1.d67f1c864beb5p-1, -0x1.65b5a1b7ff5dfp-55};

/* log m = 2 atanh z with z = (m - 1) / (m + 1), m within a factor of sqrt(2) around 1. */
nrdi_twofold
nrdi_twofold_log(nrdi_twofold x)
{
    const nrdi_twofold one = {1.0, 0.0};
    int exponent;
    nrdi_twofold m, z, square, sum = {0.0, 0.0};
    double rest = 0.0;

    if (frexp(x.high, &exponent) < M_SQRT1_2) {
        exponent--;
    }
    m = (nrdi_twofold){ldexp(x.high, -exponent), ldexp(x.low, -exponent)};
    z = nrdi_twofold_divide(nrdi_twofold_subtract(m, one), nrdi_twofold_add(m, one));
    square = nrdi_twofold_multiply(z, z);
    for (int k = ALL_TERMS - 1; k >= WIDE_TERMS; k--) {
        rest = rest * square.high + 1.0 / (2 * k + 1);
    }
    sum.high = rest;
    for (int k = WIDE_TERMS - 1; k >= 0; k--) {
        const nrdi_twofold odd = {2 * k + 1, 0.0};

        sum = nrdi_twofold_add(
            nrdi_twofold_multiply(sum, square), nrdi_twofold_divide(one, odd));
    }
    return nrdi_twofold_add(nrdi_twofold_times(LOG_2, exponent),
        nrdi_twofold_times(nrdi_twofold_multiply(z, sum), 2.0));
}

/* Stirling's series after its first term, B(2k) / (2k (2k - 1) x^(2k - 1)) from k = 2, for
 * x of at least 16, where ten terms are more than a double needs. */
static double
stirling_rest(double x)
{
    static const double terms[] = {-1.0 / 360.0, 1.0 / 1260.0, -1.0 / 1680.0, 1.0 / 1188.0,
        -691.0 / 360360.0, 1.0 / 156.0, -3617.0 / 122400.0, 43867.0 / 244188.0,
        -174611.0 / 125400.0};
    const double square = 1.0 / x / x;
    double sum = 0.0;

    for (size_t k = sizeof terms / sizeof *terms; k > 0; k--) {
        sum = sum * square + terms[k - 1];
    }
    return sum * square / x;
}

nrdi_twofold
nrdi_twofold_log_gamma(nrdi_twofold x)
{
    const nrdi_twofold one = {1.0, 0.0};
    nrdi_twofold product = one, sum;
    int shifted = 0;

    for (; x.high < 16.0; shifted = 1) {
        product = nrdi_twofold_multiply(product, x);
        x = nrdi_twofold_add(x, one);
    }
    sum = nrdi_twofold_multiply(
        nrdi_twofold_subtract(x, (nrdi_twofold){0.5, 0.0}), nrdi_twofold_log(x));
    sum = nrdi_twofold_add(nrdi_twofold_subtract(sum, x), HALF_LOG_2_PI);
    sum = nrdi_twofold_add(sum, nrdi_twofold_divide(one, nrdi_twofold_times(x, 12.0)));
    sum = nrdi_twofold_add(sum, (nrdi_twofold){stirling_rest(x.high), 0.0});
    return shifted ? nrdi_twofold_subtract(sum, nrdi_twofold_log(product)) : sum;
}

double
nrdi_twofold_exp_times(nrdi_twofold exponent, double factor)
{
    const double root = exp(exponent.high / 2.0);

    return root * (factor + factor * exponent.low) * root;
}
