/* The kernels of exact sums, written once for vectors of NRDI_WIDTH doubles. Each file that
 * includes this defines NRDI_WIDTH, NRDI_NAME and the code its compiler may use. */

#include "exact_private.h"

#include <math.h>

typedef double vector __attribute__((vector_size(8 * NRDI_WIDTH), aligned(8)));
typedef int64_t mask __attribute__((vector_size(8 * NRDI_WIDTH), aligned(8)));

/* Sums kept apart hide the latency of an addition. */
#define SUMS 4

static vector
all(double x)
{
    vector out;

    for (int i = 0; i < NRDI_WIDTH; i++) {
        out[i] = x;
    }
    return out;
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
 * what is left. A unit is so large that 2^8 rounded values of one lane still add up in 53
 * bits, and so small that a level takes NRDI_LEVEL bits. */
static void
extract(const double *x, size_t n, int exponent, double *rest, nrdi_extracted *out)
{
    const vector first = all(ldexp(1.5, exponent - NRDI_LEVEL + 52));
    const vector second = all(ldexp(1.5, exponent - 2 * NRDI_LEVEL + 52));
    const vector bound = all(ldexp(1.0, exponent));
    const mask magnitude = (mask){0} + INT64_MAX;
    vector a[SUMS], b[SUMS];
    mask too_large = {0}, left = {0};

    for (int k = 0; k < SUMS; k++) {
        a[k] = b[k] = all(0.0);
    }
    for (size_t i = 0; i < n; i += SUMS * NRDI_WIDTH) {
        for (int k = 0; k < SUMS; k++) {
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
    memset(out, 0, sizeof *out);
    memcpy(out->first, a, sizeof a);
    memcpy(out->second, b, sizeof b);
    out->too_large = any(too_large) != 0;
    out->rest = (any(left) & INT64_MAX) != 0;
}

static void
multiply(const double *x, const double *y, size_t n, double *high, double *low)
{
    for (size_t i = 0; i < n; i++) {
        high[i] = x[i] * y[i];
        low[i] = fma(x[i], y[i], -high[i]);
    }
}

static double
greatest(const double *x, size_t n)
{
    uint64_t most = 0;
    double out;

    for (size_t i = 0; i < n; i++) {
        uint64_t bits;

        memcpy(&bits, &x[i], sizeof bits);
        bits &= INT64_MAX;
        most = bits > most ? bits : most;
    }
    memcpy(&out, &most, sizeof out);
    return out;
}

const nrdi_kernels NRDI_KERNELS = {NRDI_NAME, extract, multiply, greatest};
