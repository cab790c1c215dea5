/* Long runs into an exact sum: blocks go through vector kernels, whatever they cannot take
 * through the digits one by one. */

#include "exact_block_private.h"

#include <math.h>
#include <stdatomic.h>

#include "arithmetic_private.h"
#include "status_private.h"

/* Rounds of two levels before the digits take what remains. */
#define ROUNDS 3

extern const nrdi_kernels nrdi_kernels_plain;

#ifdef NRDI_X86
extern const nrdi_kernels nrdi_kernels_avx2;
extern const nrdi_kernels nrdi_kernels_avx512;
#endif

static const nrdi_kernels *_Atomic forced;

static const nrdi_kernels *
find_kernels(const char *name)
{
#ifdef NRDI_X86
    if (name == NULL || strcmp(name, "avx512") == 0) {
        if (__builtin_cpu_supports("avx512f")) {
            return &nrdi_kernels_avx512;
        }
    }
    if (name == NULL || strcmp(name, "avx2") == 0) {
        if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
            return &nrdi_kernels_avx2;
        }
    }
#endif
    return name == NULL || strcmp(name, "plain") == 0 ? &nrdi_kernels_plain : NULL;
}

const nrdi_kernels *
nrdi_kernels_in_use(void)
{
    const nrdi_kernels *kernels = atomic_load_explicit(&forced, memory_order_relaxed);

    if (kernels == NULL) {
        kernels = find_kernels(NULL);
        atomic_store_explicit(&forced, kernels, memory_order_relaxed);
    }
    return kernels;
}

int
nrdi_kernels_force(const char *name)
{
    const nrdi_kernels *kernels = find_kernels(name);

    if (kernels == NULL) {
        return 0;
    }
    atomic_store_explicit(&forced, kernels, memory_order_relaxed);
    return 1;
}

static void
add_one_by_one(nrd_exact *sum, const double *x, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        nrd_exact_add(sum, x[i]);
    }
}

static void
add_levels(nrd_exact *sum, const nrdi_extracted *levels, int exponent)
{
    nrdi_exact_reserve(sum, 1);
    nrdi_digits_add_units(sum->digit, 0, levels->first, levels->second, exponent);
}

/* Least exponent with |x| <= 2^exponent for a greatest |x| above 0. */
static int
exponent_of(double greatest)
{
    int exponent;

    (void) frexp(greatest, &exponent);
    return exponent;
}

/* A block that the last exponent does not fit: find its own, and go down as many levels as
 * its range of magnitudes needs. 0, and nothing is added, where a value is not finite. */
static int
add_carefully(
    nrd_exact *sum, const nrdi_kernels *kernels, const double *x, size_t n, int *exponent)
{
    double rest[NRDI_BLOCK];
    const double *from = x;

    for (int round = 0; round < ROUNDS; round++) {
        const double greatest = kernels->greatest(from, n);
        nrdi_extracted levels;
        int own;

        if (greatest == 0.0) {
            return 1;
        }
        if (!isfinite(greatest)) {
            return 0;
        }
        own = exponent_of(greatest);
        if (own < NRDI_LEAST_EXPONENT || own > NRDI_GREATEST_EXPONENT) {
            break;
        }
        kernels->extract_rest(from, n, own, rest, &levels);
        add_levels(sum, &levels, own);
        *exponent = round == 0 ? own : *exponent;
        if (!levels.rest) {
            return 1;
        }
        from = rest;
    }
    add_one_by_one(sum, from, n);
    return 1;
}

int
nrdi_exact_add_block(nrd_exact *sum, const double *x, size_t n, int *exponent)
{
    const nrdi_kernels *kernels = nrdi_kernels_in_use();
    const size_t even = n - n % NRDI_LANES;
    nrdi_extracted levels;

    if (even < n && !isfinite(kernels->greatest(x + even, n - even))) {
        return 0;
    }
    if (even > 0 && *exponent != NRDI_NO_EXPONENT) {
        kernels->extract(x, even, *exponent, &levels);
    } else {
        levels.too_large = 1;
    }
    if (even > 0 && !levels.too_large && !levels.rest) {
        add_levels(sum, &levels, *exponent);
    } else if (even > 0 && !add_carefully(sum, kernels, x, even, exponent)) {
        return 0;
    }
    add_one_by_one(sum, x + even, n - even);
    return 1;
}

/* Values that may not be finite are counted one by one. */
static void
add_any_block(nrd_exact *sum, const double *x, size_t n, int *exponent)
{
    if (!nrdi_exact_add_block(sum, x, n, exponent)) {
        add_one_by_one(sum, x, n);
    }
}

static void
add_array(nrd_exact *sum, const double *values, size_t n, ptrdiff_t stride)
{
    int exponent = NRDI_NO_EXPONENT;
    double block[NRDI_BLOCK];

    for (size_t i = 0; i < n; i += NRDI_BLOCK) {
        const size_t length = n - i < NRDI_BLOCK ? n - i : NRDI_BLOCK;

        if (stride == 1) {
            add_any_block(sum, values + i, length, &exponent);
            continue;
        }
        for (size_t k = 0; k < length; k++) {
            block[k] = values[(ptrdiff_t) (i + k) * stride];
        }
        add_any_block(sum, block, length, &exponent);
    }
}

nrd_status
nrd_exact_add_array(
    nrd_exact *sum, const double *values, size_t n, ptrdiff_t stride, nrd_error *err)
{
    fenv_t kept;

    if (sum == NULL || (n > 0 && values == NULL)) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "the sum or the values are NULL");
    }
    nrdi_arithmetic_begin(&kept);
    add_array(sum, values, n, stride);
    nrdi_arithmetic_end(&kept);
    return NRD_OK;
}

nrdi_range
nrdi_block_range(const double *x, size_t n)
{
    const nrdi_kernels *kernels = nrdi_kernels_in_use();

    return (nrdi_range){kernels->greatest(x, n), kernels->least(x, n)};
}

/* Exponent that bounds all products, where no part of any of them can leave the range of
 * the kernels; NRDI_NO_EXPONENT where it can. */
static int
product_exponent(nrdi_range x, nrdi_range y)
{
    int exponent;

    if (!isfinite(x.greatest) || !isfinite(y.greatest) || x.least == 0.0 ||
        y.least == 0.0 ||
        exponent_of(x.least) + exponent_of(y.least) < NRDI_LEAST_EXPONENT) {
        return NRDI_NO_EXPONENT;
    }
    exponent = exponent_of(x.greatest) + exponent_of(y.greatest);
    return exponent <= NRDI_GREATEST_EXPONENT && exponent >= NRDI_LEAST_EXPONENT
               ? exponent
               : NRDI_NO_EXPONENT;
}

static void
add_products_one_by_one(nrd_exact *sum, const double *x, const double *y, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        nrd_exact_add_product(sum, x[i], y[i]);
    }
}

/* A half whose levels did not take everything goes through the digits, product by product.
 */
static void
add_halves(nrd_exact *sum, const double *x, const double *y, size_t n, int upper)
{
    for (size_t i = 0; i < n; i++) {
        const double high = x[i] * y[i];

        nrd_exact_add(sum, upper ? high : fma(x[i], y[i], -high));
    }
}

void
nrdi_exact_add_product_block(nrd_exact *sum, const double *x, const double *y, size_t n,
    nrdi_range range_x, nrdi_range range_y)
{
    const int exponent = product_exponent(range_x, range_y);
    const size_t even = exponent == NRDI_NO_EXPONENT ? 0 : n - n % NRDI_LANES;
    nrdi_extracted upper, lower;

    if (isfinite(range_x.greatest * range_y.greatest) &&
        (range_x.greatest == 0.0 || range_y.greatest == 0.0)) {
        return;
    }
    if (even > 0) {
        nrdi_kernels_in_use()->extract_products(x, y, even, exponent, &upper, &lower);
        if (upper.rest) {
            add_halves(sum, x, y, even, 1);
        } else {
            add_levels(sum, &upper, exponent);
        }
        if (lower.rest) {
            add_halves(sum, x, y, even, 0);
        } else {
            add_levels(sum, &lower, exponent - 53);
        }
    }
    add_products_one_by_one(sum, x + even, y + even, n - even);
}

nrd_status
nrd_exact_add_products(
    nrd_exact *sum, const double *x, const double *y, size_t n, nrd_error *err)
{
    fenv_t kept;

    if (sum == NULL || (n > 0 && (x == NULL || y == NULL))) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "the sum or an array is NULL");
    }
    nrdi_arithmetic_begin(&kept);
    for (size_t i = 0; i < n; i += NRDI_BLOCK) {
        const size_t length = n - i < NRDI_BLOCK ? n - i : NRDI_BLOCK;

        nrdi_exact_add_product_block(sum, x + i, y + i, length,
            nrdi_block_range(x + i, length), nrdi_block_range(y + i, length));
    }
    nrdi_arithmetic_end(&kept);
    return NRD_OK;
}
