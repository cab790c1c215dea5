/* Quantiles by exact positions; order_weighted.c has those with real weights. */

#include "order_private.h"

#include <inttypes.h>
#include <math.h>

#include "decimal_private.h"
#include "status_private.h"

/* Values are cut into up to 2^16 parts, so that few of many are left to be sorted. */
#define MOST_PART_BITS 16

/* Most values that frequencies may stand for: no double is then the nearest to two p with
 * a whole position. */
#define MOST_REPEATED (((uint64_t) 1 << 52) - 1)

/* The part holds no neighbour of a position. */
#define NOT_KEPT SIZE_MAX

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

/* Where p lies among n values: h = (start + p * (scale * n + extra)) / scale in integers,
 * p = mantissa / 2^bits. Exact, and whole where p is the double nearest to such a p. */
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

/* Values in parts of equal width by their keys; only parts that are asked for are kept. */
typedef struct {
    uint64_t least;
    int shift;
    size_t count;
    size_t *starts; /* values in the parts before; one more than there are parts */
    size_t *places; /* kept values in the parts before, or NOT_KEPT */
    size_t kept;
    nrdi_entry *entries; /* the kept values, sorted */
} parts;

static size_t
part_of(const parts *in, uint64_t key)
{
    return (size_t) ((key - in->least) >> in->shift);
}

/* The part that holds the value with this rank, counted from 0. */
static size_t
part_at(const parts *in, size_t rank)
{
    size_t low = 0, high = in->count;

    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;

        if (in->starts[middle] <= rank) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

/* At most as many parts as values: what is done for each part is never the greater work. */
static void
choose_parts(const double *values, size_t n, parts *out)
{
    uint64_t least = UINT64_MAX, greatest = 0;
    int bits = 0, width = 0;

    for (size_t i = 0; i < n; i++) {
        const uint64_t key = nrdi_order_key(values[i]);

        least = key < least ? key : least;
        greatest = key > greatest ? key : greatest;
    }
    while (bits < MOST_PART_BITS && n >> (bits + 1) > 0) {
        bits++;
    }
    if (greatest > least) {
        width = 64 - __builtin_clzll(greatest - least);
    }
    out->least = least;
    out->shift = width > bits ? width - bits : 0;
    out->count = (size_t) 1 << bits;
}

static void
count_parts(const double *values, size_t n, parts *in)
{
    for (size_t i = 0; i < n; i++) {
        in->starts[part_of(in, nrdi_order_key(values[i])) + 1]++;
    }
    for (size_t k = 0; k < in->count; k++) {
        in->starts[k + 1] += in->starts[k];
    }
}

static void
choose_kept(const nrdi_position *positions, size_t n_positions, parts *in)
{
    for (size_t k = 0; k < in->count; k++) {
        in->places[k] = NOT_KEPT;
    }
    for (size_t i = 0; i < n_positions; i++) {
        in->places[part_at(in, (size_t) positions[i].low)] = 0;
        in->places[part_at(in, (size_t) positions[i].high)] = 0;
    }
    for (size_t k = 0; k < in->count; k++) {
        if (in->places[k] != NOT_KEPT) {
            in->places[k] = in->kept;
            in->kept += in->starts[k + 1] - in->starts[k];
        }
    }
}

static void
sort_kept(const double *values, size_t n, parts *in)
{
    size_t at = 0;

    for (size_t i = 0; i < n; i++) {
        const uint64_t key = nrdi_order_key(values[i]);

        if (in->places[part_of(in, key)] != NOT_KEPT) {
            in->entries[at++] = (nrdi_entry){key, i};
        }
    }
    nrdi_order_entries(in->entries, in->entries + in->kept, in->kept);
}

static double
value_at(const parts *in, uint64_t rank)
{
    const size_t part = part_at(in, (size_t) rank);

    return nrdi_order_value(
        in->entries[in->places[part] + ((size_t) rank - in->starts[part])].key);
}

nrd_status
nrd_order_quantile(const double *values, size_t n, const nrd_quantile_options *options,
    double *out, nrd_error *err)
{
    parts in = {0};
    nrdi_position *positions = NULL;
    nrd_status status = NRD_E_MEMORY;

    NRDI_TRY(nrdi_quantile_check(values, values, n, options, out, err));
    NRDI_TRY(nrdi_order_check_values(values, n, err));
    choose_parts(values, n, &in);
    positions = nrdi_malloc(options->count, sizeof *positions);
    in.starts = nrdi_malloc(in.count + 1, sizeof *in.starts);
    in.places = nrdi_malloc(in.count, sizeof *in.places);
    if (positions == NULL || in.starts == NULL || in.places == NULL) {
        goto done;
    }
    for (size_t i = 0; i < options->count; i++) {
        positions[i] = nrdi_quantile_locate(options->p[i], n, options->type);
    }
    count_parts(values, n, &in);
    choose_kept(positions, options->count, &in);
    in.entries = nrdi_malloc(in.kept, 2 * sizeof *in.entries);
    if (in.entries == NULL) {
        goto done;
    }
    sort_kept(values, n, &in);
    for (size_t i = 0; i < options->count; i++) {
        out[i] = nrdi_quantile_between(value_at(&in, positions[i].low),
            value_at(&in, positions[i].high), positions[i].below, positions[i].above);
    }
    status = NRD_OK;
done:
    nrdi_free(positions);
    nrdi_free(in.starts);
    nrdi_free(in.places);
    nrdi_free(in.entries);
    return status == NRD_OK
               ? NRD_OK
               : nrdi_fail(err, status, NRD_NO_ROW,
                     "no memory for %zu quantiles of %zu values", options->count, n);
}

/* The sum of the frequencies, which the positions of quantiles must hold. */
static nrd_status
add_frequencies(const uint64_t *frequencies, size_t n, uint64_t *out, nrd_error *err)
{
    uint64_t total = 0;

    for (size_t i = 0; i < n; i++) {
        if (frequencies[i] > MOST_REPEATED - total) {
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
    *out = total;
    return NRD_OK;
}

/* The value with this rank among the repeated ones; up_to counts them up to each entry. */
static double
repeated_value(const nrdi_entry *entries, const uint64_t *up_to, size_t n, uint64_t rank)
{
    size_t low = 0, high = n - 1;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (up_to[middle] > rank) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return nrdi_order_value(entries[low].key);
}

nrd_status
nrd_order_quantile_frequency(const double *values, const uint64_t *frequencies, size_t n,
    const nrd_quantile_options *options, double *out, nrd_error *err)
{
    nrdi_entry *entries = NULL;
    uint64_t *up_to = NULL;
    uint64_t total = 0, so_far = 0;

    NRDI_TRY(nrdi_quantile_check(values, frequencies, n, options, out, err));
    NRDI_TRY(nrdi_order_check_values(values, n, err));
    NRDI_TRY(add_frequencies(frequencies, n, &total, err));
    NRDI_TRY(nrdi_order_sorted(values, frequencies, n, &entries, err));
    up_to = nrdi_malloc(n, sizeof *up_to);
    if (up_to == NULL) {
        nrdi_free(entries);
        return nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW, "no memory to count %zu values", n);
    }
    for (size_t i = 0; i < n; i++) {
        so_far += entries[i].item;
        up_to[i] = so_far;
    }
    for (size_t i = 0; i < options->count; i++) {
        const nrdi_position at = nrdi_quantile_locate(options->p[i], total, options->type);

        out[i] = nrdi_quantile_between(repeated_value(entries, up_to, n, at.low),
            repeated_value(entries, up_to, n, at.high), at.below, at.above);
    }
    nrdi_free(entries);
    nrdi_free(up_to);
    return NRD_OK;
}
