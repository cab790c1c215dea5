/* Results of a state: integers of exact sums, divided once. */

#include "moments_private.h"

#include <math.h>
#include <stdlib.h>

#include "status_private.h"

void
nrdi_moments_big(const nrd_moments *state, size_t group, size_t sum, nrdi_big *out)
{
    const nrdi_window window = state->windows[sum];

    nrdi_big_from_digits(
        nrdi_moments_record(state, group) + window.at, window.count, window.first, out);
}

/* The total weight of a group: the rows where there are no weights. */
static void
total_weight(const nrd_moments *state, size_t group, nrdi_big *out)
{
    if (state->weights == NRD_WEIGHTS_NONE) {
        nrdi_big_from_count((uint64_t) nrdi_moments_record(state, group)[NRDI_ROWS], out);
    } else {
        nrdi_moments_big(state, group, 0, out);
    }
}

/* 10 to the decimals of a column, 1 where it has none: what its values were multiplied by.
 */
static uint64_t
unit_of(const nrd_moments *state, size_t column)
{
    const int32_t decimals = state->decimals[column];

    return (uint64_t) nrdi_power_of_ten(decimals > 0 ? decimals : 0);
}

/* a / (b * factor), rounded once. */
static double
divide(const nrdi_big *a, const nrdi_big *b, uint64_t factor)
{
    nrdi_big count, product;

    if (factor == 1) {
        return nrdi_big_ratio(a, b);
    }
    nrdi_big_from_count(factor, &count);
    nrdi_big_multiply(b, &count, &product);
    return nrdi_big_ratio(a, &product);
}

void
nrd_moments_total_weight(const nrd_moments *state, double *out)
{
    nrdi_big weight, one;

    nrdi_big_from_count(1, &one);
    for (size_t g = 0; g < state->groups; g++) {
        total_weight(state, g, &weight);
        out[g] = nrdi_big_ratio(&weight, &one);
    }
}

void
nrd_moments_sum(const nrd_moments *state, double *out)
{
    nrdi_big sum, one;

    nrdi_big_from_count(1, &one);
    for (size_t g = 0; g < state->groups; g++) {
        for (size_t i = 0; i < state->columns; i++) {
            nrdi_moments_big(state, g, nrdi_moments_column(state, i), &sum);
            out[g * state->columns + i] = divide(&sum, &one, unit_of(state, i));
        }
    }
}

static double
mean_of(const nrd_moments *state, size_t group, size_t column, const nrdi_big *weight)
{
    nrdi_big sum;

    nrdi_moments_big(state, group, nrdi_moments_column(state, column), &sum);
    return divide(&sum, weight, unit_of(state, column));
}

/* A sum whose digits stand close together, as most do, is a whole number of 128 bits times
 * 2^(32 place); 0 where it is not. Digits may wait for their carries. */
static int
short_sum(const int64_t *digit, size_t n, nrdi_int128 *out, int *place)
{
    size_t first = 0;

    while (n > 0 && digit[n - 1] == 0) {
        n--;
    }
    while (first < n && digit[first] == 0) {
        first++;
    }
    if (n - first > 4 || (n - first == 4 && llabs(digit[n - 1]) >> 30 != 0)) {
        return 0;
    }
    *place = (int) first;
    *out = 0;
    while (n > first) {
        *out = *out * ((nrdi_int128) 1 << 32) + digit[--n];
    }
    return 1;
}

/* Without weights a mean is the quotient of few digits and a count: long division, unless
 * so many rows were merged that the count in the units of the column leaves 64 bits. */
static double
plain_mean(const nrd_moments *state, size_t group, size_t column)
{
    const nrdi_window window = state->windows[nrdi_moments_column(state, column)];
    const int64_t *record = nrdi_moments_record(state, group);
    const uint64_t rows = (uint64_t) record[NRDI_ROWS], unit = unit_of(state, column);
    const uint64_t count = rows * unit;
    uint32_t magnitude[NRDI_EXACT_DIGITS];
    nrdi_int128 sum;
    int sign, place;

    if (count <= UINT32_MAX && rows <= UINT32_MAX &&
        short_sum(record + window.at, window.count, &sum, &place)) {
        return nrdi_divide_short(
            sum, 32 * (window.first + place) - NRDI_EXACT_OFFSET, (uint32_t) count);
    }
    if (rows > UINT64_MAX / unit) {
        nrdi_big weight;

        nrdi_big_from_count(rows, &weight);
        return mean_of(state, group, column, &weight);
    }
    sign = nrdi_digits_magnitude(record + window.at, window.count, magnitude);
    return sign == 0 ? 0.0
                     : nrdi_divide(magnitude, window.count,
                           32 * window.first - NRDI_EXACT_OFFSET, count, sign < 0);
}

void
nrd_moments_mean(const nrd_moments *state, double *out, uint8_t *defined_out)
{
    const int plain = state->weights == NRD_WEIGHTS_NONE;
    nrdi_big weight;

    for (size_t g = 0; g < state->groups; g++) {
        const int defined = nrdi_moments_weighted(state, g) > 0;

        if (!plain && defined) {
            total_weight(state, g, &weight);
        }
        for (size_t i = 0; i < state->columns; i++) {
            const size_t at = g * state->columns + i;

            defined_out[at] = (uint8_t) defined;
            out[at] = !defined ? (double) NAN
                      : plain  ? plain_mean(state, g, i)
                               : mean_of(state, g, i, &weight);
        }
    }
}

/* W * Sxy - Sx * Sy: the centred sum of products times the total weight, exactly. */
static void
centred(const nrd_moments *state, size_t group, size_t i, size_t j, const nrdi_big *weight,
    nrdi_big *out)
{
    nrdi_big a, b, product, square;

    nrdi_moments_big(state, group, nrdi_moments_product(state, i, j), &a);
    nrdi_big_multiply(weight, &a, &product);
    nrdi_moments_big(state, group, nrdi_moments_column(state, i), &a);
    nrdi_moments_big(state, group, nrdi_moments_column(state, j), &b);
    nrdi_big_multiply(&a, &b, &square);
    nrdi_big_subtract(&product, &square, out);
}

/* What the centred sum is divided by, and multiplied by, to be a covariance; 0 where there
 * is none. Frequencies count rows: W (W - ddof). Other weights: W^2 (n - ddof) / n. */
static int
set_divisor(const nrd_moments *state, size_t group, int ddof, const nrdi_big *weight,
    nrdi_big *divisor, uint64_t *factor)
{
    const uint64_t n = nrdi_moments_weighted(state, group);
    nrdi_big less, rest;

    *factor = 1;
    nrdi_big_from_count((uint64_t) ddof, &less);
    if (state->weights == NRD_WEIGHTS_NONE || state->weights == NRD_WEIGHTS_FREQUENCY) {
        nrdi_big_subtract(weight, &less, &rest);
        nrdi_big_multiply(weight, &rest, divisor);
        return rest.sign > 0 && weight->sign > 0;
    }
    if (n <= (uint64_t) ddof) {
        return 0;
    }
    *factor = n;
    nrdi_big_from_count(n - (uint64_t) ddof, &less);
    nrdi_big_multiply(weight, weight, &rest);
    nrdi_big_multiply(&rest, &less, divisor);
    return 1;
}

static nrd_status
check_level(const nrd_moments *state, nrd_moments_level level, nrd_error *err)
{
    if (state->level < level) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "the state keeps sums of level %d, expected at least %d", (int) state->level,
            (int) level);
    }
    return NRD_OK;
}

static double
one_covariance(const nrd_moments *state, size_t group, size_t i, size_t j,
    const nrdi_big *weight, const nrdi_big *divisor, uint64_t factor)
{
    nrdi_big sum, count, product;

    centred(state, group, i, j, weight, &sum);
    if (factor != 1) {
        nrdi_big_from_count(factor, &count);
        nrdi_big_multiply(&sum, &count, &product);
        sum = product;
    }
    return divide(&sum, divisor, unit_of(state, i) * unit_of(state, j));
}

nrd_status
nrd_moments_covariance(
    const nrd_moments *state, int ddof, double *out, uint8_t *defined_out, nrd_error *err)
{
    nrdi_big weight, divisor;

    if (state == NULL || out == NULL || defined_out == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "the state or an output is NULL");
    }
    NRDI_TRY(check_level(state, NRD_MOMENTS_VARIANCES, err));
    if (ddof != 0 && ddof != 1) {
        return nrdi_fail(
            err, NRD_E_DOMAIN, NRD_NO_ROW, "ddof is %d, expected 0 or 1", ddof);
    }
    for (size_t g = 0; g < state->groups; g++) {
        const int all = state->level == NRD_MOMENTS_COVARIANCES;
        const size_t p = state->columns, width = all ? p : 1;
        uint64_t factor;
        int defined;

        total_weight(state, g, &weight);
        defined = set_divisor(state, g, ddof, &weight, &divisor, &factor);
        for (size_t i = 0; i < p; i++) {
            for (size_t j = all ? 0 : i; j <= i; j++) {
                const double value =
                    defined ? one_covariance(state, g, j, i, &weight, &divisor, factor)
                            : (double) NAN;
                const size_t at = (g * p + i) * width + (all ? j : 0);
                const size_t mirror = (g * p + (all ? j : i)) * width + (all ? i : 0);

                out[at] = out[mirror] = value;
                defined_out[at] = defined_out[mirror] = (uint8_t) defined;
            }
        }
    }
    return NRD_OK;
}

static nrdi_double2
multiply2(nrdi_double2 a, nrdi_double2 b)
{
    const double high = a.high * b.high;
    const double low = fma(a.high, b.high, -high) + (a.high * b.low + a.low * b.high);

    return (nrdi_double2){high + low, low - ((high + low) - high), a.exponent + b.exponent};
}

/* Square root, by one step from that of the leading part. */
static nrdi_double2
root2(nrdi_double2 a)
{
    nrdi_double2 out;

    if (a.exponent % 2 != 0) {
        a.high *= 2.0;
        a.low *= 2.0;
        a.exponent--;
    }
    out.high = sqrt(a.high);
    out.low = (fma(-out.high, out.high, a.high) + a.low) / (2.0 * out.high);
    out.exponent = a.exponent / 2;
    return out;
}

static double
divide2(nrdi_double2 a, nrdi_double2 b)
{
    const double high = a.high / b.high;
    const double rest = fma(-high, b.high, a.high) + (a.low - high * b.low);

    return ldexp(high + rest / b.high, a.exponent - b.exponent);
}

/* r = Cxy / sqrt(Cxx Cyy) in 106 bits. It is 1 in size only if Cxy^2 = Cxx Cyy exactly. */
static double
one_correlation(const nrdi_big *xy, const nrdi_big *xx, const nrdi_big *yy)
{
    const nrdi_double2 product = multiply2(nrdi_big_leading(xx), nrdi_big_leading(yy));
    double r = divide2(nrdi_big_leading(xy), root2(product));
    nrdi_big left, right;

    if (fabs(r) > 1.0 - 0x1p-50) {
        nrdi_big_multiply(xy, xy, &left);
        nrdi_big_multiply(xx, yy, &right);
        if (nrdi_big_compare(&left, &right) == 0) {
            return r > 0.0 ? 1.0 : -1.0;
        }
        r = r > 0.0 ? fmin(r, 1.0 - 0x1p-53) : fmax(r, 0x1p-53 - 1.0);
    }
    return r;
}

nrd_status
nrd_moments_correlation(
    const nrd_moments *state, double *out, uint8_t *defined_out, nrd_error *err)
{
    nrdi_big weight, xx, yy, xy;

    if (state == NULL || out == NULL || defined_out == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "the state or an output is NULL");
    }
    NRDI_TRY(check_level(state, NRD_MOMENTS_COVARIANCES, err));
    for (size_t g = 0; g < state->groups; g++) {
        const size_t p = state->columns;

        total_weight(state, g, &weight);
        for (size_t i = 0; i < p; i++) {
            centred(state, g, i, i, &weight, &xx);
            for (size_t j = 0; j <= i; j++) {
                const size_t at = (g * p + i) * p + j, mirror = (g * p + j) * p + i;
                int defined;

                centred(state, g, j, j, &weight, &yy);
                defined = xx.sign > 0 && yy.sign > 0;
                out[at] = (double) NAN;
                if (defined) {
                    centred(state, g, j, i, &weight, &xy);
                    out[at] = one_correlation(&xy, &xx, &yy);
                }
                out[mirror] = out[at];
                defined_out[at] = defined_out[mirror] = (uint8_t) defined;
            }
        }
    }
    return NRD_OK;
}
