#ifndef NRDI_TWOFOLD_PRIVATE_H
#define NRDI_TWOFOLD_PRIVATE_H

#include <math.h>

/* A number of about 32 digits: the unevaluated sum of a double and a much smaller one.
 * Exponents are computed so, since exp turns their absolute error into a relative one. */
typedef struct {
    double high;
    double low;
} nrdi_twofold;

static inline nrdi_twofold
nrdi_twofold_sum(double a, double b)
{
    const double sum = a + b;
    const double part = sum - a;

    return (nrdi_twofold){sum, (a - (sum - part)) + (b - part)};
}

static inline nrdi_twofold
nrdi_twofold_product(double a, double b)
{
    const double product = a * b;

    return (nrdi_twofold){product, fma(a, b, -product)};
}

/* The same value with its two parts apart again. */
static inline nrdi_twofold
nrdi_twofold_settle(double high, double low)
{
    const double sum = high + low;

    return (nrdi_twofold){sum, low - (sum - high)};
}

static inline nrdi_twofold
nrdi_twofold_add(nrdi_twofold a, nrdi_twofold b)
{
    const nrdi_twofold high = nrdi_twofold_sum(a.high, b.high);
    const nrdi_twofold low = nrdi_twofold_sum(a.low, b.low);
    const nrdi_twofold sum = nrdi_twofold_settle(high.high, high.low + low.high);

    return nrdi_twofold_settle(sum.high, sum.low + low.low);
}

static inline nrdi_twofold
nrdi_twofold_subtract(nrdi_twofold a, nrdi_twofold b)
{
    return nrdi_twofold_add(a, (nrdi_twofold){-b.high, -b.low});
}

static inline nrdi_twofold
nrdi_twofold_multiply(nrdi_twofold a, nrdi_twofold b)
{
    const nrdi_twofold high = nrdi_twofold_product(a.high, b.high);

    return nrdi_twofold_settle(high.high, high.low + (a.high * b.low + a.low * b.high));
}

static inline nrdi_twofold
nrdi_twofold_times(nrdi_twofold a, double factor)
{
    return nrdi_twofold_multiply(a, (nrdi_twofold){factor, 0.0});
}

static inline nrdi_twofold
nrdi_twofold_divide(nrdi_twofold a, nrdi_twofold b)
{
    const double first = a.high / b.high;
    const nrdi_twofold rest = nrdi_twofold_subtract(a, nrdi_twofold_times(b, first));

    return nrdi_twofold_settle(first, rest.high / b.high);
}

/* Natural logarithm of a positive number. */
nrdi_twofold nrdi_twofold_log(nrdi_twofold x);

/* Natural logarithm of the gamma function of a positive number. */
nrdi_twofold nrdi_twofold_log_gamma(nrdi_twofold x);

/* exp(exponent) * factor; only the result can underflow. */
double nrdi_twofold_exp_times(nrdi_twofold exponent, double factor);

#endif
