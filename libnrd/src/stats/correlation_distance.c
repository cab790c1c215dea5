/* Distance correlation: whole numbers from the columns on, so that nothing cancels. */

#include "correlation_private.h"

#include <math.h>
#include <string.h>

#include "double2_private.h"
#include "status_private.h"

/* Bits of a value, so that four sums of products of so many rows stay below 2^127. */
#define LONG_BITS 50
#define SHORT_BITS 48
#define LONG_ROWS ((size_t) 1 << 20)

/* low + 2^64 high: both sums of many terms. */
typedef struct {
    nrdi_uint128 low;
    nrdi_int128 high;
} wide;

/* A row, in the order of x, on its way into that of y. */
typedef struct {
    int64_t x, y;
    uint32_t level; /* of y */
} row;

/* A column: values in the order of the rows, distances of each row from all. */
typedef struct {
    int64_t *value;
    nrdi_int128 *distance;
    nrdi_int128 sum, squares; /* of the values */
    nrdi_int128 all;          /* sum of the distances */
} spread;

static void
wide_add(wide *sum, nrdi_int128 term)
{
    sum->low += (uint64_t) term;
    sum->high += term >> 64;
}

/* a * b of two numbers that are not negative, below 2^80. */
static void
wide_add_product(wide *sum, nrdi_int128 a, nrdi_int128 b)
{
    const uint64_t a0 = (uint64_t) a, b0 = (uint64_t) b;
    const nrdi_int128 a1 = a >> 64, b1 = b >> 64;

    wide_add(sum, (nrdi_int128) ((nrdi_uint128) a0 * b0 & UINT64_MAX));
    sum->high += (nrdi_int128) ((nrdi_uint128) a0 * b0 >> 64);
    sum->high += a1 * b0 + b1 * a0 + (a1 * b1 << 64);
}

static void
big_of_wide(const wide *sum, nrdi_big *out)
{
    nrdi_uint128 low = sum->low;
    nrdi_int128 high = sum->high;
    int64_t digit[8] = {0};

    for (int i = 0; i < 4; i++) {
        digit[i] += (int64_t) (low & UINT32_MAX);
        low >>= 32;
    }
    for (int i = 2; i < 5; i++) {
        digit[i] += (int64_t) (high & UINT32_MAX);
        high >>= 32;
    }
    digit[5] += (int64_t) high;
    nrdi_digits_carry(digit, 8);
    nrdi_big_from_digits(digit, 8, NRDI_EXACT_OFFSET / 32, out);
}

static void
big_of(nrdi_int128 value, nrdi_big *out)
{
    wide sum = {0};

    wide_add(&sum, value);
    big_of_wide(&sum, out);
}

/* Values as whole multiples of a power of 2. */
static void
set_values(const nrdi_ordered *column, size_t n, int64_t *out)
{
    const double low = column->value[column->order[0]];
    const double high = column->value[column->order[n - 1]];
    const double middle = low / 2.0 + high / 2.0;
    const double most = fmax(high - middle, middle - low);
    int exponent;

    (void) frexp(most, &exponent);
    exponent = (n > LONG_ROWS ? SHORT_BITS : LONG_BITS) - exponent;
    for (size_t i = 0; i < n; i++) {
        out[i] = (int64_t) llrint(ldexp(column->value[i] - middle, exponent));
    }
}

static void
set_distances(const nrdi_ordered *column, size_t n, spread *out)
{
    nrdi_int128 before = 0;

    out->sum = out->squares = out->all = 0;
    for (size_t i = 0; i < n; i++) {
        out->sum += out->value[i];
        out->squares += (nrdi_int128) out->value[i] * out->value[i];
    }
    for (size_t i = 0; i < n; i++) {
        const nrdi_int128 value = out->value[column->order[i]];
        const nrdi_int128 below = 2 * (nrdi_int128) i - (nrdi_int128) n;

        out->distance[column->order[i]] = value * below + out->sum - 2 * before;
        before += value;
        out->all += out->distance[column->order[i]];
    }
}

/* Merge two runs by y: each row of the later one with those of the former below it, sum of
 * (x - x')(y - y'). */
static void
merge(const row *from, size_t left, size_t both, row *out, wide *sum)
{
    nrdi_int128 x = 0, y = 0, xy = 0;
    size_t i = 0, k = left, at = 0;

    while (i < left && k < both) {
        if (from[k].level < from[i].level) {
            const nrdi_int128 own = (nrdi_int128) from[k].x * from[k].y;

            wide_add(sum, own * (nrdi_int128) i - y * from[k].x - x * from[k].y + xy);
            out[at++] = from[k++];
        } else {
            x += from[i].x;
            y += from[i].y;
            xy += (nrdi_int128) from[i].x * from[i].y;
            out[at++] = from[i++];
        }
    }
    for (; k < both; k++) {
        const nrdi_int128 own = (nrdi_int128) from[k].x * from[k].y;

        wide_add(sum, own * (nrdi_int128) i - y * from[k].x - x * from[k].y + xy);
        out[at++] = from[k];
    }
    memcpy(out + at, from + i, (left - i) * sizeof *out);
}

/* Sum of |x - x'| |y - y'| over all pairs of rows, each twice. */
static void
sum_products(const nrdi_ordered *x, const nrdi_ordered *y, size_t n, const spread *of,
    row *rows, nrdi_big *out)
{
    wide upward = {0}, all = {0};
    nrdi_int128 products = 0;
    nrdi_big a, b, c, count;
    row *spare = rows + n;

    for (size_t i = 0; i < n; i++) {
        const uint32_t at = x->order[i];

        rows[i] = (row){of[0].value[at], of[1].value[at], y->level[at]};
        products += (nrdi_int128) rows[i].x * rows[i].y;
    }
    for (size_t width = 1; width < n; width *= 2) {
        row *swap = rows;

        for (size_t i = 0; i < n; i += 2 * width) {
            const size_t both = n - i < 2 * width ? n - i : 2 * width;

            merge(rows + i, width < both ? width : both, both, spare + i, &upward);
        }
        rows = spare;
        spare = swap;
    }
    /* 2 (2 upward - (n sum xy - sum x sum y)) */
    all = (wide){4 * upward.low, 4 * upward.high};
    big_of(2 * (nrdi_int128) n, &count);
    big_of(products, &a);
    nrdi_big_multiply(&count, &a, &b);
    big_of_wide(&all, &a);
    nrdi_big_subtract(&a, &b, &c);
    big_of(-2 * of[0].sum, &a);
    big_of(of[1].sum, &b);
    nrdi_big_multiply(&a, &b, &count);
    nrdi_big_subtract(&c, &count, out);
}

/* first * products - second * sums + all: dCov^2, times a number that is the same for all
 * pairs. */
static void
combine(const nrdi_big *products, const wide *sums, nrdi_int128 all_x, nrdi_int128 all_y,
    size_t n, int centred, nrdi_big *out)
{
    const nrdi_int128 rows = (nrdi_int128) n;
    nrdi_big a, b, c, d;

    big_of(centred ? (rows - 1) * (rows - 2) : rows * rows, &a);
    nrdi_big_multiply(&a, products, &b);
    big_of_wide(sums, &a);
    big_of(2 * (centred ? rows - 1 : rows), &c);
    nrdi_big_multiply(&a, &c, &d);
    nrdi_big_subtract(&b, &d, &a);
    big_of(-all_x, &b);
    big_of(all_y, &c);
    nrdi_big_multiply(&b, &c, &d);
    nrdi_big_subtract(&a, &d, out);
}

/* Sum of (x - x')^2 over all pairs, each twice. */
static void
sum_squares(const spread *of, size_t n, nrdi_big *out)
{
    nrdi_big a, b, c;

    big_of(2 * (nrdi_int128) n, &a);
    big_of(of->squares, &b);
    nrdi_big_multiply(&a, &b, &c);
    big_of(2 * of->sum, &a);
    big_of(of->sum, &b);
    {
        nrdi_big square;

        nrdi_big_multiply(&a, &b, &square);
        nrdi_big_subtract(&c, &square, out);
    }
}

/* dCov^2 / sqrt(dVar^2 dVar^2); NaN where there is no variance. */
static double
ratio_of(const nrdi_big *products, const nrdi_big *squares, const spread *of, size_t n,
    int centred)
{
    wide sums[3] = {{0}};
    nrdi_big xy, xx, yy;
    nrdi_double2 root;

    for (size_t i = 0; i < n; i++) {
        wide_add_product(&sums[0], of[0].distance[i], of[1].distance[i]);
        wide_add_product(&sums[1], of[0].distance[i], of[0].distance[i]);
        wide_add_product(&sums[2], of[1].distance[i], of[1].distance[i]);
    }
    combine(products, &sums[0], of[0].all, of[1].all, n, centred, &xy);
    combine(&squares[0], &sums[1], of[0].all, of[0].all, n, centred, &xx);
    combine(&squares[1], &sums[2], of[1].all, of[1].all, n, centred, &yy);
    if (xx.sign <= 0 || yy.sign <= 0) {
        return (double) NAN;
    }
    if (xy.sign == 0) {
        return 0.0;
    }
    root = nrdi_double2_root(
        nrdi_double2_multiply(nrdi_big_leading(&xx), nrdi_big_leading(&yy)));
    return fmax(-1.0,
        fmin(1.0, nrdi_double2_round(nrdi_double2_divide(nrdi_big_leading(&xy), root))));
}

static void
correlate(const nrdi_pair *pair, spread *of, row *rows, nrd_correlation *out)
{
    const size_t n = pair->n;
    nrdi_big products, squares[2];
    double plain;

    for (int c = 0; c < 2; c++) {
        set_values(pair->column[c], n, of[c].value);
        set_distances(pair->column[c], n, &of[c]);
        sum_squares(&of[c], n, &squares[c]);
    }
    sum_products(pair->column[0], pair->column[1], n, of, rows, &products);
    plain = ratio_of(&products, squares, of, n, 0);
    out->centred = n > 3 ? ratio_of(&products, squares, of, n, 1) : (double) NAN;
    out->estimate = pair->options->method == NRD_CORRELATION_DISTANCE
                        ? sqrt(fmax(plain, 0.0))
                        : out->centred;
    if (isnan(out->estimate)) {
        out->status = n > 3 ? NRD_PAIR_NO_SPREAD : NRD_PAIR_FEW_ROWS;
    }
}

nrd_status
nrdi_correlate_distance(const nrdi_pair *pair, nrd_correlation *out)
{
    int64_t *values = nrdi_malloc(pair->n, 2 * sizeof *values);
    nrdi_int128 *distances = nrdi_malloc(pair->n, 2 * sizeof *distances);
    row *rows = nrdi_malloc(pair->n, 2 * sizeof *rows);
    nrd_status status = NRD_E_MEMORY;

    if (values != NULL && distances != NULL && rows != NULL) {
        spread of[2] = {{.value = values, .distance = distances},
            {.value = values + pair->n, .distance = distances + pair->n}};

        correlate(pair, of, rows, out);
        status = NRD_OK;
    }
    nrdi_free(values);
    nrdi_free(distances);
    nrdi_free(rows);
    return status;
}

/* What exchanging y needs. */
typedef struct {
    nrdi_exchanged base;
    const nrdi_pair *pair;
    spread of[2];
    int64_t *memory;
    nrdi_int128 *distances;
    row *rows;
    nrdi_ordered y; /* as it is in an arrangement, and its values and distances */
    spread arranged[2];
    nrdi_big observed;
} exchange;

static void
free_exchange(nrdi_exchanged *base)
{
    exchange *own = (exchange *) base;

    nrdi_free(own->memory);
    nrdi_free(own->distances);
    nrdi_free(own->rows);
    nrdi_free(own->y.level);
    nrdi_free(own);
}

/* dCov^2 of x and what is in own->arranged. */
static void
measure(exchange *own, nrdi_big *out)
{
    const size_t n = own->pair->n;
    nrdi_big products;
    wide sums = {0};

    sum_products(own->pair->column[0], &own->y, n, own->arranged, own->rows, &products);
    for (size_t i = 0; i < n; i++) {
        wide_add_product(&sums, own->arranged[0].distance[i], own->arranged[1].distance[i]);
    }
    combine(&products, &sums, own->of[0].all, own->of[1].all, n,
        own->pair->options->method == NRD_CORRELATION_DISTANCE_CENTRED, out);
}

static int
is_extreme(nrdi_exchanged *base, const uint32_t *source)
{
    exchange *own = (exchange *) base;
    nrdi_big found, difference;

    for (size_t i = 0; i < own->pair->n; i++) {
        own->arranged[1].value[i] = own->of[1].value[source[i]];
        own->arranged[1].distance[i] = own->of[1].distance[source[i]];
        own->y.level[i] = own->pair->column[1]->level[source[i]];
    }
    measure(own, &found);
    nrdi_big_subtract(&found, &own->observed, &difference);
    return difference.sign >= 0;
}

nrd_status
nrdi_distance_begin(const nrdi_pair *pair, nrdi_exchanged **out)
{
    const size_t n = pair->n;
    exchange *own = nrdi_malloc(1, sizeof *own);

    if (own == NULL) {
        return NRD_E_MEMORY;
    }
    own->base = (nrdi_exchanged){is_extreme, free_exchange};
    own->pair = pair;
    own->memory = nrdi_malloc(n, 3 * sizeof *own->memory);
    own->distances = nrdi_malloc(n, 3 * sizeof *own->distances);
    own->rows = nrdi_malloc(n, 2 * sizeof *own->rows);
    own->y.level = nrdi_malloc(n, sizeof *own->y.level);
    if (own->memory == NULL || own->distances == NULL || own->rows == NULL ||
        own->y.level == NULL) {
        free_exchange(&own->base);
        return NRD_E_MEMORY;
    }
    for (size_t c = 0; c < 2; c++) {
        own->of[c].value = own->memory + c * n;
        own->of[c].distance = own->distances + c * n;
        set_values(pair->column[c], n, own->of[c].value);
        set_distances(pair->column[c], n, &own->of[c]);
        own->arranged[c] = own->of[c];
    }
    memcpy(own->y.level, pair->column[1]->level, n * sizeof *own->y.level);
    measure(own, &own->observed);
    own->arranged[1].value = own->memory + 2 * n;
    own->arranged[1].distance = own->distances + 2 * n;
    *out = &own->base;
    return NRD_OK;
}
