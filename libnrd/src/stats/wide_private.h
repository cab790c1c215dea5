#ifndef NRDI_WIDE_PRIVATE_H
#define NRDI_WIDE_PRIVATE_H

#include <math.h>

/* A number of about 32 digits: the unevaluated sum of a double and a much smaller one.
 * Exponents are computed so, since exp turns their absolute error into a relative one. */
typedef struct {
    double high;
    double low;
} nrdi_wide;

static inline nrdi_wide
nrdi_wide_sum(double a, double b)
{
    const double sum = a + b;
    const double part = sum - a;

    return (nrdi_wide){sum, (a - (sum - part)) + (b - part)};
}

static inline nrdi_wide
nrdi_wide_product(double a, double b)
{
    const double product = a * b;

    return (nrdi_wide){product, fma(a, b, -product)};
}

/* The same value with its two parts apart again. */
static inline nrdi_wide
nrdi_wide_settle(double high, double low)
{
    const double sum = high + low;

    return (nrdi_wide){sum, low - (sum - high)};
}

static inline nrdi_wide
nrdi_wide_add(nrdi_wide a, nrdi_wide b)
{
    const nrdi_wide high = nrdi_wide_sum(a.high, b.high);
    const nrdi_wide low = nrdi_wide_sum(a.low, b.low);
    const nrdi_wide sum = nrdi_wide_settle(high.high, high.low + low.high);

    return nrdi_wide_settle(sum.high, sum.low + low.low);
}

static inline nrdi_wide
nrdi_wide_subtract(nrdi_wide a, nrdi_wide b)
{
    return nrdi_wide_add(a, (nrdi_wide){-b.high, -b.low});
}

static inline nrdi_wide
nrdi_wide_multiply(nrdi_wide a, nrdi_wide b)
{
    const nrdi_wide high = nrdi_wide_product(a.high, b.high);

    return nrdi_wide_settle(high.high, high.low + (a.high * b.low + a.low * b.high));
}

static inline nrdi_wide
nrdi_wide_times(nrdi_wide a, double factor)
{
    return nrdi_wide_multiply(a, (nrdi_wide){factor, 0.0});
}

static inline nrdi_wide
nrdi_wide_divide(nrdi_wide a, nrdi_wide b)
{
    const double first = a.high / b.high;
    const nrdi_wide rest = nrdi_wide_subtract(a, nrdi_wide_times(b, first));

    return nrdi_wide_settle(first, rest.high / b.high);
}

/* Natural logarithm of a positive number. */
nrdi_wide nrdi_wide_log(nrdi_wide x);

/* Natural logarithm of the gamma function of a positive number. */
nrdi_wide nrdi_wide_log_gamma(nrdi_wide x);

/* exp(exponent) * factor; only the result can underflow. */
double nrdi_wide_exp_times(nrdi_wide exponent, double factor);

#endif
