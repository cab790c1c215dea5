#ifndef NRDI_EXACT_BLOCK_PRIVATE_H
#define NRDI_EXACT_BLOCK_PRIVATE_H

#include <limits.h>

#include "exact_private.h"

/* Memory that will be read soon, a page of 4 kB ahead: processors fetch ahead on their own
 * only within a page. What lies beyond the end of the values is left alone. */
static inline void
nrdi_fetch_ahead(const void *memory)
{
    __builtin_prefetch((const void *) ((uintptr_t) memory + 4096));
}

/* The vector kernels; see exact_kernel.h. */

/* Values a kernel takes at once: they stay in the first-level cache. */
#define NRDI_BLOCK 2048

/* A kernel takes so many values at a time. */
#define NRDI_LANES 8

/* A value of at most 2^exponent has at most 2^NRDI_LEVEL units of the first level and 2^51
 * of the second, whose units are NRDI_LOWER bits below it: a block has at most 2^62. */
#define NRDI_LEVEL 50
#define NRDI_LOWER 101

/* Exponents for which the constants of both levels are normal numbers. */
#define NRDI_LEAST_EXPONENT (-800)
#define NRDI_GREATEST_EXPONENT 960

/* What two levels of extraction leave: units of 2^(exponent - NRDI_LEVEL) and of
 * 2^(exponent - NRDI_LOWER). */
typedef struct {
    int64_t first;
    int64_t second;
    int too_large; /* a value exceeds the bound: the sums mean nothing */
    int rest;      /* something remains below the second level */
} nrdi_extracted;

/* Add units of both levels to digits that begin with digit `from` of an exact sum. Each
 * changes by less than 2^32, and those that the units do not reach may be outside. */
static inline void
nrdi_digits_add_units(int64_t *digit, int from, int64_t first, int64_t second, int exponent)
{
    const nrdi_int128 ratio = (nrdi_int128) 1 << (NRDI_LOWER - NRDI_LEVEL);
    const nrdi_int128 units = first * ratio + second;
    const int position = exponent - NRDI_LOWER + NRDI_EXACT_OFFSET - 32 * from;
    const int64_t sign = units < 0 ? -1 : 0; /* at random: no branch */
    nrdi_uint128 size = (nrdi_uint128) ((units ^ sign) - sign);
    int shift = position & 31;

    for (int i = position >> 5; size != 0; i++) {
        const int64_t piece = (int64_t) ((uint64_t) size << shift & UINT32_MAX);

        if (piece != 0) {
            digit[i] += (piece ^ sign) - sign;
        }
        size >>= 32 - shift;
        shift = 0;
    }
}

/* Split n values (a multiple of NRDI_LANES, NRDI_BLOCK at most), each below 2^exponent,
 * into two levels. */
typedef void nrdi_extract(const double *x, size_t n, int exponent, nrdi_extracted *out);

/* The same, and leave what remains of each value in `rest`. */
typedef void nrdi_extract_rest(
    const double *x, size_t n, int exponent, double *rest, nrdi_extracted *out);

/* Split the products x[i] * y[i], n of them (likewise), each at most 2^exponent and none
 * with a part that underflows, into two levels of their upper halves and two of their lower
 * halves, 53 bits below. */
typedef void nrdi_extract_products(const double *x, const double *y, size_t n, int exponent,
    nrdi_extracted *upper, nrdi_extracted *lower);

/* The units of each of n values (likewise); 1 where a value exceeds 2^exponent or is not
 * finite, or something is left of it: the units mean nothing. */
typedef int nrdi_split(
    const double *x, size_t n, int exponent, int64_t *first_out, int64_t *second_out);

/* Whether n codes lie between `first` and `last` after it, which is below 2^63. */
typedef int nrdi_within(const int64_t *codes, size_t n, int64_t first, uint64_t last);

/* Least and greatest of n whole numbers, at least one. */
typedef void nrdi_ends(const int64_t *x, size_t n, int64_t *low_out, int64_t *high_out);

/* Greatest |x|; not finite where any x is not. */
typedef double nrdi_greatest(const double *x, size_t n);

/* Least |x| that is not 0; 0 where there is none. */
typedef double nrdi_least(const double *x, size_t n);

/* Arrays that a kernel multiplies one by at a time. */
#define NRDI_DOTS 8

/* Sums of x[i] * y[k * stride + i], n of them (a multiple of NRDI_LANES), for each k: whole
 * numbers of units, few and small enough that no product and no sum is rounded, in any
 * order. */
typedef void nrdi_dots(
    const double *x, const double *y, size_t stride, size_t n, double out[NRDI_DOTS]);

/* Blocks of Philox4x64-10 as nrdi_random_block makes them, from one number on: sixteen, so
 * many times. */
typedef void nrdi_random_blocks(uint64_t number, const uint64_t counter[4],
    const uint64_t key[2], size_t sixteens, uint64_t *out);

/* Whether each of n values (likewise) that is no NaN is the double nearest to a whole
 * number of 1 / unit, as far as that lies below 2^51; the least and greatest value so far
 * in *least and *greatest. */
typedef int nrdi_look_at(
    const double *x, size_t n, double unit, double *least, double *greatest);

/* Add to n sums (likewise) the whole numbers nearest to rows[k][i] * unit, below 2^51, of
 * `count` rows. */
typedef void nrdi_add_units(
    double *sum, const double *const *rows, size_t count, size_t n, double unit);

/* Divide n values, of any number, by one. */
typedef void nrdi_divide_by(double *x, size_t n, double unit);

typedef struct {
    const char *name;
    nrdi_extract *extract;
    nrdi_extract_rest *extract_rest;
    nrdi_extract_products *extract_products;
    nrdi_split *split;
    nrdi_within *within;
    nrdi_ends *ends;
    nrdi_greatest *greatest;
    nrdi_least *least;
    nrdi_dots *dots;
    nrdi_look_at *look_at;
    nrdi_add_units *add_units;
    nrdi_divide_by *divide_by;
    nrdi_random_blocks *random_blocks; /* NULL where one by one they are as fast */
} nrdi_kernels;

nrdi_random_blocks nrdi_random_blocks_avx512;

/* The kernels in use: the best the processor has, or those that were forced. */
const nrdi_kernels *nrdi_kernels_in_use(void);

/* For tests and benchmarks: use the kernels of a name ("avx512", "avx2", "plain"), or the
 * best for NULL. 0 where the processor has them not. */
int nrdi_kernels_force(const char *name);

/* No block has shown an exponent yet. */
#define NRDI_NO_EXPONENT INT_MIN

/* Add at most NRDI_BLOCK values. *exponent is that of the block before, tried first, and
 * becomes this block's own where it did not fit. 0, and nothing is added, where a value is
 * not finite. */
int nrdi_exact_add_block(nrd_exact *sum, const double *x, size_t n, int *exponent);

/* Greatest and least sizes in a block, for the bounds of its products. */
typedef struct {
    double greatest;
    double least;
} nrdi_range;

nrdi_range nrdi_block_range(const double *x, size_t n);

/* Add the products of at most NRDI_BLOCK pairs of finite values. */
void nrdi_exact_add_product_block(nrd_exact *sum, const double *x, const double *y,
    size_t n, nrdi_range range_x, nrdi_range range_y);

#endif
