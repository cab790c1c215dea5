/* Quantiles with real weights: one walk along the weighted distribution, in exact sums. */

#include "order_private.h"

#include <float.h>
#include <limits.h>
#include <string.h>

#include "double2_private.h"
#include "status_private.h"
#include "sweep_private.h"

/* Exponent of the last bit of the least doubles. */
#define LEAST_EXPONENT (-1074)

/* Room for any sum of fewer than 2^60 doubles times any double up to 2, in units of the
 * lowest bit that occurs: 3236 bits. */
#define WORDS 51

/* A whole number that is not negative, the least significant word first. */
typedef struct {
    mp_limb_t word[WORDS];
} wide;

/* The walk: where it is, and what is looked for. The points of the distribution are held
 * twice as large, so that the middle of a jump is a sum, and in units so small that
 * every p times the total is a whole number of them. */
typedef struct {
    const nrdi_entry *entries; /* values of positive weight, and the bits of the weight */
    size_t n;
    int type;

    int lowest;      /* exponent of the lowest bit of a weight */
    int depth;       /* the unit is 2^(lowest - depth) */
    mp_size_t words; /* that are in use: with weights of like size 3 or 4 */
    wide total;      /* twice, in units of 2^lowest */

    size_t next; /* the first entry behind the value */
    double value, value_before;
    wide sum; /* weight up to the value, once */
    wide point, point_before;

    wide target; /* p, and the ends of the interval that is rounded to p */
    wide target_low, target_high;
    int ends_belong; /* ends are rounded to p, whose last bit is 0 */
} walk;

/* The bits of a double that is not negative; -0.0 is 0. */
static uint64_t
bits_of(double number)
{
    uint64_t bits;

    memcpy(&bits, &number, sizeof bits);
    return number > 0.0 ? bits : 0;
}

/* The double with these bits as a whole number, and the exponent of its last bit. */
static uint64_t
whole_number(uint64_t bits, int *exponent_out)
{
    const uint64_t hidden = (uint64_t) 1 << 52;
    const int field = (int) (bits >> 52);

    *exponent_out = field > 0 ? field - 1 + LEAST_EXPONENT : LEAST_EXPONENT;
    return field > 0 ? (bits & (hidden - 1)) | hidden : bits;
}

/* Add number * 2^shift. */
static void
add(wide *sum, uint64_t number, unsigned shift)
{
    nrdi_uint128 carry = (nrdi_uint128) number << (shift % 64);

    for (size_t i = shift / 64; carry != 0; i++) {
        carry += sum->word[i];
        sum->word[i] = (mp_limb_t) carry;
        carry >>= 64;
    }
}

/* a * factor * 2^shift, which has no more words than there are. */
static void
multiply(wide *out, const wide *a, uint64_t factor, unsigned shift, mp_size_t words)
{
    const mp_size_t whole = shift / 64, rest = words - whole;
    mp_limb_t *to = out->word + whole;

    memset(out->word, 0, (size_t) whole * sizeof *out->word);
    (void) mpn_mul_1(to, a->word, rest, factor);
    if (shift % 64 != 0) {
        (void) mpn_lshift(to, to, rest, shift % 64);
    }
}

/* a - b over c, rounded once; a >= b and c > 0. */
static double
share_of(const wide *a, const wide *b, wide *c, mp_size_t words)
{
    wide rest;
    nrdi_whole above = {rest.word, words, 0}, below = {c->word, words, 0};

    (void) mpn_sub_n(rest.word, a->word, b->word, words);
    while (above.size > 0 && rest.word[above.size - 1] == 0) {
        above.size--;
    }
    while (c->word[below.size - 1] == 0) {
        below.size--;
    }
    return nrdi_double2_round(nrdi_whole_ratio(above, below));
}

/* Unit, number of words and total: they depend on the weights and the p, not on their
 * order. */
static void
measure(walk *w, const nrd_quantile_options *options)
{
    int exponent, highest = INT_MIN, size;

    w->lowest = INT_MAX;
    for (size_t i = 0; i < w->n; i++) {
        (void) whole_number(w->entries[i].item, &exponent);
        w->lowest = exponent < w->lowest ? exponent : w->lowest;
        highest = exponent > highest ? exponent : highest;
    }
    for (size_t i = 0; i < w->n; i++) {
        const uint64_t number = whole_number(w->entries[i].item, &exponent);

        add(&w->total, number, (unsigned) (exponent - w->lowest) + 1);
    }
    for (size_t i = 0; i < options->count; i++) {
        (void) whole_number(bits_of(options->p[i]), &exponent);
        if (options->p[i] > 0.0 && 2 - exponent > w->depth) {
            w->depth = 2 - exponent;
        }
    }
    size = 54 + highest - w->lowest + w->depth; /* of twice the largest weight, in bits */
    for (size_t left = w->n; left > 0; left /= 2) {
        size++;
    }
    w->words = size / 64 + 1;
}

/* Step to the next value and pool its rows. */
static void
step(walk *w)
{
    const uint64_t key = w->entries[w->next].key;
    const double value = nrdi_order_value(key);

    w->value_before = w->next > 0 ? w->value : value;
    w->value = value;
    mpn_copyi(w->point_before.word, w->point.word, w->words);
    mpn_copyi(w->point.word, w->sum.word, w->words);
    for (; w->next < w->n && w->entries[w->next].key == key; w->next++) {
        int exponent;
        const uint64_t number = whole_number(w->entries[w->next].item, &exponent);

        add(&w->sum, number, (unsigned) (exponent - w->lowest + w->depth));
    }
    (void) mpn_add_n(
        w->point.word, w->type == 5 ? w->point.word : w->sum.word, w->sum.word, w->words);
}

/* The interval that is rounded to p reaches half a unit in its last place to both sides,
 * below a power of two a quarter. To 0 and 1 nothing is rounded, so that they stay the
 * least and the greatest value. */
static void
aim(walk *w, double p)
{
    int exponent;
    const uint64_t number = whole_number(bits_of(p), &exponent);
    const unsigned shift = number > 0 ? (unsigned) (w->depth + exponent - 2) : 0;
    const int exact = p == 0.0 || p == 1.0;
    const int power = number == (uint64_t) 1 << 52 && exponent > LEAST_EXPONENT;
    const uint64_t below = exact ? 0 : power ? 1 : 2;
    const uint64_t above = exact ? 0 : 2;

    multiply(&w->target, &w->total, 4 * number, shift, w->words);
    multiply(&w->target_low, &w->total, 4 * number - below, shift, w->words);
    multiply(&w->target_high, &w->total, 4 * number + above, shift, w->words);
    w->ends_belong = number % 2 == 0;
}

/* -1, 0 or 1 as the point is less than, equal to or greater than p. */
static int
compare_point(const walk *w)
{
    const int low = mpn_cmp(w->point.word, w->target_low.word, w->words);
    const int high = mpn_cmp(w->point.word, w->target_high.word, w->words);

    if (low < 0 || (low == 0 && !w->ends_belong)) {
        return -1;
    }
    return high > 0 || (high == 0 && !w->ends_belong);
}

/* Between the points before and behind p. */
static double
interpolated(const walk *w)
{
    wide between;

    (void) mpn_sub_n(between.word, w->point.word, w->point_before.word, w->words);
    return nrdi_quantile_between(w->value_before, w->value,
        share_of(&w->point, &w->target, &between, w->words),
        share_of(&w->target, &w->point_before, &between, w->words));
}

/* The quantile for a p that is not less than the one before. */
static double
walk_to(walk *w, double p)
{
    int side;

    aim(w, p);
    side = compare_point(w);
    while (side < 0 && w->next < w->n) {
        step(w);
        side = compare_point(w);
    }
    if (side == 0 && w->type == 2 && w->next < w->n) {
        const double behind = nrdi_order_value(w->entries[w->next].key);

        return nrdi_quantile_between(w->value, behind, 0.5, 0.5);
    }
    if (side > 0 && w->type > 2 && w->value_before < w->value) {
        return interpolated(w);
    }
    return w->value;
}

nrd_status
nrdi_quantile_check_weighted(const nrd_quantile_options *options, nrd_error *err)
{
    if (options->type == 3 || options->type > 5) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "the type is %d, expected 1, 2, 4 or 5: the others count rows",
            (int) options->type);
    }
    return NRD_OK;
}

static nrd_status
check_weights(const double *weights, size_t n, nrd_error *err)
{
    int positive = 0;

    for (size_t i = 0; i < n; i++) {
        if (!(weights[i] >= 0.0 && weights[i] <= DBL_MAX)) {
            return nrdi_fail(err, NRD_E_DOMAIN, i,
                "the weight is %g, expected a finite number, at least 0", weights[i]);
        }
        positive |= weights[i] > 0.0;
    }
    if (!positive) {
        return nrdi_fail(
            err, NRD_E_DOMAIN, NRD_NO_ROW, "all weights are 0, expected a positive one");
    }
    return NRD_OK;
}

/* The number of entries that are left. */
static size_t
drop_zero_weights(nrdi_entry *entries, size_t n)
{
    size_t kept = 0;

    for (size_t i = 0; i < n; i++) {
        if (entries[i].item << 1 != 0) { /* neither 0.0 nor -0.0 */
            entries[kept++] = entries[i];
        }
    }
    return kept;
}

void
nrdi_quantile_weighted(nrdi_entry *entries, size_t n, const nrd_quantile_options *options,
    const nrdi_entry *by_p, double *out)
{
    walk w = {.entries = entries, .type = options->type};

    w.n = drop_zero_weights(entries, n);
    measure(&w, options);
    step(&w);
    for (size_t i = 0; i < options->count; i++) {
        out[by_p[i].item] = walk_to(&w, options->p[by_p[i].item]);
    }
}

nrd_status
nrd_order_quantile_weighted(const double *values, const double *weights, size_t n,
    const nrd_quantile_options *options, double *out, nrd_error *err)
{
    nrdi_entry *entries = NULL, *by_p = NULL;
    nrd_status status;

    NRDI_TRY(nrdi_quantile_check(values, weights, n, options, out, err));
    NRDI_TRY(nrdi_order_check_values(values, n, err));
    NRDI_TRY(nrdi_quantile_check_weighted(options, err));
    NRDI_TRY(check_weights(weights, n, err));
    status = nrdi_order_sorted(values, weights, n, &entries, err);
    if (status != NRD_OK) {
        goto done;
    }
    status = nrdi_order_sorted(options->p, NULL, options->count, &by_p, err);
    if (status != NRD_OK) {
        goto done;
    }
    nrdi_quantile_weighted(entries, n, options, by_p, out);
done:
    nrdi_free(entries);
    nrdi_free(by_p);
    return status;
}
