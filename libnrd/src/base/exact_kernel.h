/* The kernels of exact sums, written once for vectors of NRDI_WIDTH doubles. Each file that
 * includes this defines NRDI_WIDTH, NRDI_NAME, NRDI_KERNELS, NRDI_FMA, its own fused
 * multiply-add of vectors, NRDI_EXACT_FMA, the fastest one where nothing is rounded anyway,
 * NRDI_LESS and NRDI_MORE, which give the second vector where the first is NaN, and
 * NRDI_RANDOM_BLOCKS, and is compiled for its own processors. */

#include "exact_block_private.h"

typedef double vector __attribute__((vector_size(8 * NRDI_WIDTH), aligned(8), may_alias));
typedef uint64_t words __attribute__((vector_size(8 * NRDI_WIDTH), aligned(8), may_alias));
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

static uint64_t
total(words sums)
{
    uint64_t out = 0;

    for (int i = 0; i < NRDI_WIDTH; i++) {
        out += sums[i];
    }
    return out;
}

static uint64_t
any(words m)
{
    uint64_t out = 0;

    for (int i = 0; i < NRDI_WIDTH; i++) {
        out |= m[i];
    }
    return out;
}

/* A constant that rounds what it is added to to whole units of 2^exponent. */
static vector
rounder(int exponent)
{
    return all(1.5 * nrdi_power_of_two(exponent + 52));
}

/* Whole units in the sums of n values, each rounded by the constant: its own bits go. */
static int64_t
units(words sums, size_t n, vector constant)
{
    return (int64_t) (total(sums) - n * ((words) constant)[0]);
}

/* Adding 1.5 * 2^52 units rounds a value to whole units, and the bits of the sum are those
 * of the constant plus the units, as integers: those are added up, and nothing is lost,
 * while the units of a block stay below 2^63. What is left of the value has no error. */
static inline vector
round_off(vector value, vector constant, words *sum)
{
    const vector rounded = value + constant;

    *sum += (words) rounded;
    return value - (rounded - constant);
}

/* Inlined into each of its two callers, with `rest` and without. */
static inline void
extract_into(const double *x, size_t n, int exponent, double *rest, nrdi_extracted *out)
{
    const vector first = rounder(exponent - NRDI_LEVEL);
    const vector second = rounder(exponent - NRDI_LOWER);
    words a = {0}, b = {0}, beyond = {0}, left = {0};

#pragma GCC unroll 4
    for (size_t i = 0; i < n; i += NRDI_WIDTH) {
        const vector value = *(const vector *) (const void *) (x + i);
        const vector q = round_off(value, first, &a);
        const vector s = round_off(q, second, &b);

        nrdi_fetch_ahead(x + i);
        /* Too many units, an infinity or NaN change the exponent of the constant. */
        beyond |= (words) (value + first) ^ (words) first;
        left |= (words) s;
        if (rest != NULL) {
            *(vector *) (void *) (rest + i) = s;
        }
    }
    out->first = units(a, n, first);
    out->second = units(b, n, second);
    out->too_large = any(beyond) >> 52 != 0;
    out->rest = any(left) << 1 != 0;
}

static void
extract(const double *x, size_t n, int exponent, nrdi_extracted *out)
{
    extract_into(x, n, exponent, NULL, out);
}

static void
extract_rest(const double *x, size_t n, int exponent, double *rest, nrdi_extracted *out)
{
    extract_into(x, n, exponent, rest, out);
}

static int
split(const double *x, size_t n, int exponent, int64_t *first_out, int64_t *second_out)
{
    const vector first = rounder(exponent - NRDI_LEVEL);
    const vector second = rounder(exponent - NRDI_LOWER);
    words beyond = {0}, left = {0};

#pragma GCC unroll 4
    for (size_t i = 0; i < n; i += NRDI_WIDTH) {
        const vector value = *(const vector *) (const void *) (x + i);
        words a = -(words) first, b = -(words) second;
        const vector q = round_off(value, first, &a);

        nrdi_fetch_ahead(x + i);
        beyond |= (words) (value + first) ^ (words) first;
        left |= (words) round_off(q, second, &b);
        *(words *) (void *) (first_out + i) = a;
        *(words *) (void *) (second_out + i) = b;
    }
    return any(beyond) >> 52 != 0 || any(left) << 1 != 0;
}

/* A code that is out of range is before the first or beyond the last: its distance from
 * one of them has the highest bit. */
static int
within(const int64_t *codes, size_t n, int64_t first, uint64_t last)
{
    const size_t even = n - n % NRDI_WIDTH;
    words beyond = {0};
    uint64_t end = 0;

#pragma GCC unroll 4
    for (size_t i = 0; i < even; i += NRDI_WIDTH) {
        const words place = *(const words *) (const void *) (codes + i) - (uint64_t) first;

        nrdi_fetch_ahead(codes + i);
        beyond |= place | (last - place);
    }
    for (size_t i = even; i < n; i++) {
        const uint64_t place = (uint64_t) codes[i] - (uint64_t) first;

        end |= place | (last - place);
    }
    return (any(beyond) | end) >> 63 == 0;
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
    const vector first = rounder(exponent - NRDI_LEVEL);
    const vector second = rounder(exponent - NRDI_LOWER);
    const vector third = rounder(exponent - 53 - NRDI_LEVEL);
    const vector fourth = rounder(exponent - 53 - NRDI_LOWER);
    words a = {0}, b = {0}, c = {0}, d = {0}, left_high = {0}, left_low = {0};

#pragma GCC unroll 4
    for (size_t i = 0; i < n; i += NRDI_WIDTH) {
        const vector u = *(const vector *) (const void *) (x + i);
        const vector v = *(const vector *) (const void *) (y + i);
        const vector high = u * v;
        const vector low = low_half(u, v, high);
        const vector q = round_off(high, first, &a);
        const vector t = round_off(low, third, &c);

        left_high |= (words) round_off(q, second, &b);
        left_low |= (words) round_off(t, fourth, &d);
    }
    *upper = (nrdi_extracted){
        units(a, n, first), units(b, n, second), 0, any(left_high) << 1 != 0};
    *lower = (nrdi_extracted){
        units(c, n, third), units(d, n, fourth), 0, any(left_low) << 1 != 0};
}

static mask
larger(mask a, mask b)
{
    const mask first = a > b;

    return (a & first) | (b & ~first);
}

/* A maximum waits for the one before: four take turns. */
#define AT_ONCE 4

/* Largest value of each place in four vectors, and of all places. */
static int64_t
largest(const mask *most)
{
    int64_t out = INT64_MIN;

    for (int k = 0; k < AT_ONCE; k++) {
        for (int i = 0; i < NRDI_WIDTH; i++) {
            out = most[k][i] > out ? most[k][i] : out;
        }
    }
    return out;
}

/* All numbers turned upside down, the least is the largest. */
static void
ends(const int64_t *x, size_t n, int64_t *low_out, int64_t *high_out)
{
    const size_t even = n - n % (AT_ONCE * NRDI_WIDTH);
    mask high[AT_ONCE], low[AT_ONCE];

    for (int k = 0; k < AT_ONCE; k++) {
        high[k] = (mask){0} + x[0];
        low[k] = ~high[k];
    }
    for (size_t i = 0; i < even; i += AT_ONCE * NRDI_WIDTH) {
#pragma GCC unroll 4
        for (int k = 0; k < AT_ONCE; k++) {
            const int64_t *at = x + i + (size_t) k * NRDI_WIDTH;
            const mask value = *(const mask *) (const void *) at;

            nrdi_fetch_ahead(at);
            high[k] = larger(high[k], value);
            low[k] = larger(low[k], ~value);
        }
    }
    *high_out = largest(high);
    *low_out = ~largest(low);
    for (size_t i = even; i < n; i++) {
        *high_out = x[i] > *high_out ? x[i] : *high_out;
        *low_out = x[i] < *low_out ? x[i] : *low_out;
    }
}

/* Sizes of doubles are in the order of their bits. Turned upside down, 0 wraps around to
 * the lowest of all, so that the largest is the least size but 0. */
static inline mask
size_of(const double *x, int upside_down)
{
    mask size = *(const mask *) (const void *) x & INT64_MAX;

    if (upside_down) {
        size = (size - 1) ^ INT64_MAX;
    }
    return size;
}

static inline int64_t
largest_size(const double *x, size_t n, int upside_down)
{
    const size_t even = n - n % (AT_ONCE * NRDI_WIDTH);
    double end[AT_ONCE * NRDI_WIDTH] = {0};
    mask most[AT_ONCE];

    /* The rows beyond the last whole vectors, filled up with 0. */
    memcpy(end, x + even, (n - even) * sizeof *x);
    for (int k = 0; k < AT_ONCE; k++) {
        most[k] = size_of(end + k * NRDI_WIDTH, upside_down);
    }
    for (size_t i = 0; i < even; i += AT_ONCE * NRDI_WIDTH) {
#pragma GCC unroll 4
        for (int k = 0; k < AT_ONCE; k++) {
            const double *at = x + i + (size_t) k * NRDI_WIDTH;

            nrdi_fetch_ahead(at);
            most[k] = larger(most[k], size_of(at, upside_down));
        }
    }
    return largest(most);
}

static double
greatest(const double *x, size_t n)
{
    return nrdi_from_bits((uint64_t) largest_size(x, n, 0));
}

static double
least(const double *x, size_t n)
{
    return nrdi_from_bits((uint64_t) (largest_size(x, n, 1) ^ INT64_MAX) + 1);
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
    for (int k = 0; k < NRDI_DOTS; k++) {
        out[k] = 0.0;
        for (int i = 0; i < NRDI_WIDTH; i++) {
            out[k] += sums[k][i];
        }
    }
}

#include "column_kernel.h"

const nrdi_kernels NRDI_KERNELS = {NRDI_NAME, extract, extract_rest, extract_products,
    split, within, ends, greatest, least, dots, look_at, add_units, divide_by,
    NRDI_RANDOM_BLOCKS};
