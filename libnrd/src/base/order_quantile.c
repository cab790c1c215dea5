/* Positions of quantiles, exactly, and quantiles with frequencies. order_select.c has those
 * of values, order_weighted.c those with real weights, order_groups.c those of groups. */

#include "order_private.h"

#include <inttypes.h>
#include <math.h>

#include "decimal_private.h"
#include "status_private.h"

nrd_status
nrdi_quantile_check(const void *values, const void *weights, size_t n,
    const nrd_quantile_options *options, const double *out, nrd_error *err)
{
    if (values == NULL || weights == NULL || options == NULL ||
        (options->count > 0 && (options->p == NULL || out == NULL))) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "an array or the options are NULL");
    }
    if (n == 0) {
        return nrdi_fail(
            err, NRD_E_SIZE, NRD_NO_ROW, "there are no values, expected at least 1");
    }
    NRDI_TRY(nrdi_order_check_size(n, err));
    NRDI_TRY(nrdi_order_check_size(options->count, err));
    if (options->type < 1 || options->type > 9) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW, "the type is %d, expected 1 to 9",
            (int) options->type);
    }
    for (size_t i = 0; i < options->count; i++) {
        if (!(options->p[i] >= 0.0 && options->p[i] <= 1.0)) {
            return nrdi_fail(err, NRD_E_DOMAIN, i,
                "the probability is %g, expected a number in [0, 1]", options->p[i]);
        }
    }
    return NRD_OK;
}

/* The step is taken from the neighbour nearer to 0: both terms then have one sign where the
 * neighbours have, and nothing cancels. It is monotone in the shares. So is the whole: the
 * middle, where the sum is rounded once, takes in all shares that either is rounded to a
 * half for, and a step by a share one bit off a half is off by more than its rounding. */
double
nrdi_quantile_between(double low, double high, double below, double above)
{
    const double step = high - low;
    double value;

    if (above == 0.0 || low == high) {
        return low;
    }
    if (isinf(low) || isinf(high)) {
        return low + high;
    }
    if (isinf(step)) {
        return 2.0 * nrdi_quantile_between(low / 2.0, high / 2.0, below, above);
    }
    if (above == 0.5 || below == 0.5) {
        value = low + high;
        return isinf(value) ? low / 2.0 + high / 2.0 : value / 2.0;
    }
    value = fabs(low) <= fabs(high) ? fma(above, step, low) : fma(-below, step, high);
    return fmin(fmax(value, low), high);
}

/* Position h = whole + rest / unit among n values, whole counted from 1. */
static nrdi_position
position_of(nrdi_uint128 whole, nrdi_uint128 rest, nrdi_uint128 unit, uint64_t n, int type)
{
    const uint64_t low = whole < 1 ? 0 : whole > n ? n - 1 : (uint64_t) whole - 1;
    const uint64_t high = whole < n ? (uint64_t) whole : n - 1;
    const nrdi_position at_low = {low, low, 1.0, 0.0};
    const nrdi_position at_high = {high, high, 1.0, 0.0};
    nrdi_position between = {low, high, 0.5, 0.5};

    switch (type) {
    case 1: return rest == 0 ? at_low : at_high;
    case 2: return rest == 0 ? between : at_high;
    case 3: return rest == 0 && whole % 2 == 0 ? at_low : at_high;
    default: break;
    }
    if (rest == 0) {
        return at_low;
    }
    between.below = nrdi_ratio_to_double((nrdi_int128) (unit - rest), (nrdi_int128) unit);
    between.above = nrdi_ratio_to_double((nrdi_int128) rest, (nrdi_int128) unit);
    return between;
}

/* h = (start + p * (scale * n + extra)) / scale in integers, p = mantissa / 2^bits. Whole
 * where p is the double nearest to such a p. */
nrdi_position
nrdi_quantile_locate(double p, uint64_t n, int type)
{
    static const struct {
        int scale, start, extra;
    } rules[10] = {{0, 0, 0}, {1, 0, 0}, {1, 0, 0}, {2, -1, 0}, {1, 0, 0}, {2, 1, 0},
        {1, 0, 1}, {1, 1, -1}, {3, 1, 1}, {8, 3, 2}};
    const nrdi_int128 scale = rules[type].scale, start = rules[type].start;
    const nrdi_int128 slope = scale * (nrdi_int128) n + rules[type].extra;
    const nrdi_position first = {0, 0, 1.0, 0.0};
    nrdi_int128 above, unit, whole, rest;
    int exponent, bits;

    const nrdi_int128 mantissa = (nrdi_int128) ldexp(frexp(p, &exponent), 53);

    bits = 53 - exponent;
    if (bits > 120) { /* p * slope < 2^-4: below x_1, but for the type that starts there */
        nrdi_position near = {0, n > 1, 1.0, p * (double) (n - 1)};

        near.below -= near.above;
        return type == 7 ? near : first;
    }
    unit = scale << bits;
    above = start * ((nrdi_int128) 1 << bits) + mantissa * slope;
    if (above < 0) {
        return first;
    }
    whole = above / unit;
    rest = above % unit;
    if (rest > 0) {
        const nrdi_int128 nearest = whole + (2 * rest > unit);

        if (nrdi_ratio_to_double(scale * nearest - start, slope) == p) {
            whole = nearest;
            rest = 0;
        }
    }
    return position_of(
        (nrdi_uint128) whole, (nrdi_uint128) rest, (nrdi_uint128) unit, n, type);
}

/* Positions of quantiles must hold the sum of the frequencies. */
static nrd_status
check_frequencies(const uint64_t *frequencies, size_t n, nrd_error *err)
{
    uint64_t total = 0;

    for (size_t i = 0; i < n; i++) {
        if (frequencies[i] > NRDI_MOST_REPEATED - total) {
            return nrdi_fail(err, NRD_E_OVERFLOW, i,
                "the frequency is %" PRIu64 ", expected that all add up to less than 2^52",
                frequencies[i]);
        }
        total += frequencies[i];
    }
    if (total == 0) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "all frequencies are 0, expected a positive one");
    }
    return NRD_OK;
}

/* The value with this rank among the repeated ones; the items count them up to each entry.
 */
static double
repeated_value(const nrdi_entry *entries, size_t n, uint64_t rank)
{
    size_t low = 0, high = n - 1;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (entries[middle].item > rank) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return nrdi_order_value(entries[low].key);
}

void
nrdi_quantile_repeated(
    nrdi_entry *entries, size_t n, const nrd_quantile_options *options, double *out)
{
    uint64_t up_to = 0;

    for (size_t i = 0; i < n; i++) {
        up_to += entries[i].item;
        entries[i].item = up_to;
    }
    for (size_t i = 0; i < options->count; i++) {
        const nrdi_position at = nrdi_quantile_locate(options->p[i], up_to, options->type);

        out[i] = nrdi_quantile_between(repeated_value(entries, n, at.low),
            repeated_value(entries, n, at.high), at.below, at.above);
    }
}

nrd_status
nrd_order_quantile_frequency(const double *values, const uint64_t *frequencies, size_t n,
    const nrd_quantile_options *options, double *out, nrd_error *err)
{
    nrdi_entry *entries;

    NRDI_TRY(nrdi_quantile_check(values, frequencies, n, options, out, err));
    NRDI_TRY(nrdi_order_check_values(values, n, err));
    NRDI_TRY(check_frequencies(frequencies, n, err));
    NRDI_TRY(nrdi_order_sorted(values, frequencies, n, &entries, err));
    nrdi_quantile_repeated(entries, n, options, out);
    nrdi_free(entries);
    return NRD_OK;
}
