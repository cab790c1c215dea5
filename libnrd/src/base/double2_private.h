#ifndef NRDI_DOUBLE2_PRIVATE_H
#define NRDI_DOUBLE2_PRIVATE_H

#include <math.h>

#include "big_private.h"

/* Arithmetic of about 100 bits whose range is that of an int: quotients and roots of what
 * is exact, before the one rounding to a double. */

/* The sum of the two parts, apart again. */
static inline nrdi_double2
nrdi_double2_settle(double high, double low, int exponent)
{
    const double sum = high + low;

    return (nrdi_double2){sum, low - (sum - high), exponent};
}

static inline nrdi_double2
nrdi_double2_multiply(nrdi_double2 a, nrdi_double2 b)
{
    const double high = a.high * b.high;
    const double low = fma(a.high, b.high, -high) + (a.high * b.low + a.low * b.high);

    return nrdi_double2_settle(high, low, a.exponent + b.exponent);
}

static inline nrdi_double2
nrdi_double2_divide(nrdi_double2 a, nrdi_double2 b)
{
    const double high = a.high / b.high;
    const double rest = fma(-high, b.high, a.high) + (a.low - high * b.low);

    return nrdi_double2_settle(high, rest / b.high, a.exponent - b.exponent);
}

/* Square root, by one step from that of the leading part; a is not negative. */
static inline nrdi_double2
nrdi_double2_root(nrdi_double2 a)
{
    double high;

    if (a.high == 0.0) {
        return a;
    }
    if (a.exponent % 2 != 0) {
        a.high *= 2.0;
        a.low *= 2.0;
        a.exponent--;
    }
    high = sqrt(a.high);
    return nrdi_double2_settle(
        high, (fma(-high, high, a.high) + a.low) / (2.0 * high), a.exponent / 2);
}

/* The same value with an exponent that leaves the high part near 1. */
static inline nrdi_double2
nrdi_double2_of(double value)
{
    nrdi_double2 out = {0.0, 0.0, 0};

    out.high = frexp(value, &out.exponent);
    return out;
}

/* 10^n for n from 0 on. */
static inline nrdi_double2
nrdi_double2_power_of_ten(int n)
{
    const nrdi_double2 ten = nrdi_double2_of(10.0);
    nrdi_double2 out = nrdi_double2_of(1.0);

    for (int i = 0; i < n; i++) {
        out = nrdi_double2_multiply(out, ten);
    }
    return out;
}

/* x * 2^exponent: a product where that is without error, which is most often. */
static inline double
nrdi_double2_ldexp(double x, int exponent)
{
    const uint64_t bits = (uint64_t) (exponent + 1023) << 52;
    double power;

    if (exponent < -900 || exponent > 900 || fabs(x) > 0x1p60 || fabs(x) < 0x1p-120) {
        return ldexp(x, exponent);
    }
    memcpy(&power, &bits, sizeof power);
    return x * power;
}

static inline double
nrdi_double2_round(nrdi_double2 a)
{
    return nrdi_double2_ldexp(a.high, a.exponent);
}

/* What the rounding leaves; nothing of a number too large for a double. */
static inline double
nrdi_double2_rest(nrdi_double2 a)
{
    const double rounded = nrdi_double2_round(a);

    return isfinite(rounded)
               ? nrdi_double2_ldexp(
                     (a.high - nrdi_double2_ldexp(rounded, -a.exponent)) + a.low,
                     a.exponent)
               : 0.0;
}

#endif
