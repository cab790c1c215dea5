/* The kernels of exact sums, written once for vectors of NRDI_WIDTH doubles. Each file that
 * includes this defines NRDI_WIDTH, NRDI_NAME, NRDI_KERNELS, NRDI_FMA, its own fused
 * multiply-add of vectors, and NRDI_EXACT_FMA, the fastest one where nothing is rounded
 * anyway, and is compiled for its own processors. */

#include "exact_private.h"

#include <math.h>

typedef double vector __attribute__((vector_size(8 * NRDI_WIDTH), aligned(8), may_alias));
typedef int64_t mask __attribute__((vector_size(8 * NRDI_WIDTH), aligned(8), may_alias));

static vector
all(double x)
{
    vector out;

    for (int i = 0; i < NRDI_WIDTH; i++) {
        out[i] = x;
    }
    return out;
}

/* The sum of each vector: all its values are in the same units, few enough to be exact. */
static void
fold(const vector *sums, double *out)
{
    for (int k = 0; k < NRDI_SUMS; k++) {
        out[k] = 0.0;
        for (int i = 0; i < NRDI_WIDTH; i++) {
            out[k] += sums[k][i];
        }
    }
}

static int64_t
any(mask m)
{
    int64_t out = 0;

    for (int i = 0; i < NRDI_WIDTH; i++) {
        out |= m[i];
    }
    return out;
}

/* Adding and taking away 1.5 * 2^52 units rounds a value to whole units, without error in
 * what is left. A value has at most 2^NRDI_LEVEL units, so that 2^9 of them, a quarter of a
 * block, add up to 2^53 units at most: exactly, in any order. */
static void
extract(const double *x, size_t n, int exponent, double *rest, nrdi_extracted *out)
{
    const vector first = all(ldexp(1.5, exponent - NRDI_LEVEL + 52));
    const vector second = all(ldexp(1.5, exponent - 2 * NRDI_LEVEL + 52));
    const vector bound = all(ldexp(1.0, exponent));
    const mask magnitude = (mask){0} + INT64_MAX;
    vector a[NRDI_SUMS], b[NRDI_SUMS];
    mask too_large = {0}, left = {0};

    for (int k = 0; k < NRDI_SUMS; k++) {
        a[k] = b[k] = all(0.0);
    }
    for (size_t i = 0; i < n; i += NRDI_SUMS * NRDI_WIDTH) {
#pragma GCC unroll 4
        for (int k = 0; k < NRDI_SUMS; k++) {
            const size_t at = i + (size_t) k * NRDI_WIDTH;
            const vector value = *(const vector *) (const void *) (x + at);
            const vector p = (value + first) - first;
            const vector q = value - p;
            const vector r = (q + second) - second;
            const vector s = q - r;

            /* A NaN is beyond the bound too: its bits, as an integer, are. */
            too_large |= ((mask) value & magnitude) > (mask) bound;
            a[k] += p;
            b[k] += r;
            left |= (mask) s;
            if (rest != NULL) {
                *(vector *) (void *) (rest + at) = s;
            }
        }
    }
    fold(a, out->first);
    fold(b, out->second);
    out->too_large = any(too_large) != 0;
    out->rest = (any(left) & INT64_MAX) != 0;
}

/* high + low = x * y without error: the fused product takes the rounded one away. */
static vector
low_half(vector x, vector y, vector high)
{
    return NRDI_FMA(x, y, -high);
}

/* As `extract`, for the products of two arrays: both halves of each product, the lower one
 * 53 bits below the upper. The bound is the caller's: nothing is looked at. */
static void
extract_products(const double *x, const double *y, size_t n, int exponent,
    nrdi_extracted *upper, nrdi_extracted *lower)
{
    const vector first = all(ldexp(1.5, exponent - NRDI_LEVEL + 52));
    const vector second = all(ldexp(1.5, exponent - 2 * NRDI_LEVEL + 52));
    const vector third = all(ldexp(1.5, exponent - 53 - NRDI_LEVEL + 52));
    const vector fourth = all(ldexp(1.5, exponent - 53 - 2 * NRDI_LEVEL + 52));
    vector a[NRDI_SUMS], b[NRDI_SUMS], c[NRDI_SUMS], d[NRDI_SUMS];
    mask left_high = {0}, left_low = {0};

    for (int k = 0; k < NRDI_SUMS; k++) {
        a[k] = b[k] = c[k] = d[k] = all(0.0);
    }
    for (size_t i = 0; i < n; i += NRDI_SUMS * NRDI_WIDTH) {
#pragma GCC unroll 4
        for (int k = 0; k < NRDI_SUMS; k++) {
            const size_t at = i + (size_t) k * NRDI_WIDTH;
            const vector u = *(const vector *) (const void *) (x + at);
            const vector v = *(const vector *) (const void *) (y + at);
            const vector high = u * v;
            const vector low = low_half(u, v, high);
            const vector p = (high + first) - first, q = high - p;
            const vector r = (q + second) - second;
            const vector s = (low + third) - third, t = low - s;
            const vector w = (t + fourth) - fourth;

            a[k] += p;
            b[k] += r;
            c[k] += s;
            d[k] += w;
            left_high |= (mask) (q - r);
            left_low |= (mask) (t - w);
        }
    }
    fold(a, upper->first);
    fold(b, upper->second);
    fold(c, lower->first);
    fold(d, lower->second);
    upper->too_large = lower->too_large = 0;
    upper->rest = (any(left_high) & INT64_MAX) != 0;
    lower->rest = (any(left_low) & INT64_MAX) != 0;
}

static mask
larger(mask a, mask b)
{
    const mask first = a > b;

    return (a & first) | (b & ~first);
}

/* Sizes of doubles are in the order of their bits. */
static double
greatest(const double *x, size_t n)
{
    const size_t even = n - n % NRDI_WIDTH;
    mask most = {0};
    int64_t bits, top = 0;
    double out;

    for (size_t i = 0; i < even; i += NRDI_WIDTH) {
        most = larger(most, *(const mask *) (const void *) (x + i) & INT64_MAX);
    }
    for (size_t i = 0; i < NRDI_WIDTH; i++) {
        top = most[i] > top ? most[i] : top;
    }
    for (size_t i = even; i < n; i++) {
        memcpy(&bits, &x[i], sizeof bits);
        top = (bits & INT64_MAX) > top ? bits & INT64_MAX : top;
    }
    memcpy(&out, &top, sizeof out);
    return out;
}

/* INT64_MAX less the bits, so that the least size is the largest; 0 becomes -1. */
static double
least(const double *x, size_t n)
{
    const size_t even = n - n % NRDI_WIDTH;
    mask most = {0};
    int64_t bits, top = 0;
    double out;

    for (size_t i = 0; i < even; i += NRDI_WIDTH) {
        const mask size = *(const mask *) (const void *) (x + i) & INT64_MAX;

        most = larger(most, (INT64_MAX - size) | (size == 0));
    }
    for (size_t i = 0; i < NRDI_WIDTH; i++) {
        top = most[i] > top ? most[i] : top;
    }
    for (size_t i = even; i < n; i++) {
        memcpy(&bits, &x[i], sizeof bits);
        bits &= INT64_MAX;
        top = bits != 0 && INT64_MAX - bits > top ? INT64_MAX - bits : top;
    }
    top = top != 0 ? INT64_MAX - top : 0;
    memcpy(&out, &top, sizeof out);
    return out;
}

static void
dots(const double *x, const double *y, size_t stride, size_t n, double out[NRDI_DOTS])
{
    vector sums[NRDI_DOTS];

    for (int k = 0; k < NRDI_DOTS; k++) {
        sums[k] = all(0.0);
    }
    for (size_t i = 0; i < n; i += NRDI_WIDTH) {
        const vector value = *(const vector *) (const void *) (x + i);

#pragma GCC unroll 8
        for (size_t k = 0; k < NRDI_DOTS; k++) {
            sums[k] = NRDI_EXACT_FMA(
                value, *(const vector *) (const void *) (y + k * stride + i), sums[k]);
        }
    }
    for (int k = 0; k < NRDI_DOTS; k += NRDI_SUMS) {
        fold(sums + k, out + k);
    }
}

const nrdi_kernels NRDI_KERNELS = {
    NRDI_NAME, extract, extract_products, greatest, least, dots};
