/* One-way analysis of variance from grouped sums. */

#include <nrd/anova.h>

#include "moments_private.h"

#include <math.h>

#include "status_private.h"

/* a + b where both are sums of terms that are not negative: 106 bits stay. */
static nrdi_double2
add2(nrdi_double2 a, nrdi_double2 b)
{
    const double high = a.high + b.high, part = high - a.high;
    const double low = (a.high - (high - part)) + (b.high - part) + a.low + b.low;

    return (nrdi_double2){high + low, low - ((high + low) - high), 0};
}

/* Squares may leave the range of doubles, so that they are counted in units of 2^(32 *
 * scale), which the largest sum of squares is near to. */
static int
scale_of(const nrd_moments *state, size_t column)
{
    const size_t product = nrdi_moments_product(state, column, column);
    int scale = INT_MIN;

    for (size_t g = 0; g < state->groups; g++) {
        nrdi_big sum;

        nrdi_moments_big(state, g, product, &sum);
        if (sum.sign != 0 && sum.exponent + (int) sum.n > scale) {
            scale = sum.exponent + (int) sum.n;
        }
    }
    return scale == INT_MIN ? 0 : scale;
}

/* What a group adds to the sum of squares within: (n Sxx - Sx^2) / n. */
static nrdi_double2
within(const nrd_moments *state, size_t group, size_t column, uint64_t rows, int scale)
{
    nrdi_big count, a, product, square, sum;

    nrdi_big_from_count(rows, &count);
    nrdi_moments_big(state, group, nrdi_moments_product(state, column, column), &a);
    nrdi_big_multiply(&count, &a, &product);
    nrdi_moments_big(state, group, nrdi_moments_column(state, column), &a);
    nrdi_big_multiply(&a, &a, &square);
    nrdi_big_subtract(&product, &square, &sum);
    sum.exponent -= scale;
    return nrdi_big_ratio2(&sum, &count);
}

/* What a group adds between: n (mean - grand mean)^2 = (N Sx - n S)^2 / (N^2 n). */
static nrdi_double2
between(const nrd_moments *state, size_t group, size_t column, uint64_t rows, int scale,
    const nrdi_big *all, const nrdi_big *grand)
{
    nrdi_big count, sum, a, b, difference;

    nrdi_big_from_count(rows, &count);
    nrdi_moments_big(state, group, nrdi_moments_column(state, column), &sum);
    nrdi_big_multiply(all, &sum, &a);
    nrdi_big_multiply(&count, grand, &b);
    nrdi_big_subtract(&a, &b, &difference);
    nrdi_big_multiply(&difference, &difference, &a);
    nrdi_big_multiply(all, all, &b);
    nrdi_big_multiply(&b, &count, &sum);
    a.exponent -= scale;
    return nrdi_big_ratio2(&a, &sum);
}

/* The sum of a column over all groups. */
static void
grand_sum(const nrd_moments *state, size_t column, nrdi_big *out)
{
    const nrdi_window window = state->windows[nrdi_moments_column(state, column)];
    int64_t digit[NRDI_EXACT_DIGITS] = {0};

    for (size_t g = 0; g < state->groups; g++) {
        const int64_t *from = nrdi_moments_record(state, g) + window.at;

        nrdi_digits_carry(digit, NRDI_EXACT_DIGITS);
        for (size_t i = 0; i < window.count; i++) {
            digit[(size_t) window.first + i] += from[i];
        }
    }
    nrdi_big_from_digits(digit, NRDI_EXACT_DIGITS, 0, out);
}

static nrd_status
check_anova(const nrd_moments *state, size_t column, const nrd_anova *found, nrd_error *err)
{
    if (column >= state->columns) {
        return nrdi_fail(err, NRD_E_UNKNOWN, NRD_NO_ROW,
            "there is no column %zu among the %zu", column, state->columns);
    }
    if (state->weights != NRD_WEIGHTS_NONE || state->level == NRD_MOMENTS_MEANS) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "the state has weights or keeps means only, expected variances without "
            "weights");
    }
    if (found->groups < 2 || found->rows <= found->groups) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "there are %llu rows in %llu groups, expected 2 groups or more, and more rows",
            (unsigned long long) found->rows, (unsigned long long) found->groups);
    }
    return NRD_OK;
}

static void
set_results(int32_t decimals, int scale, double outside, double inside, nrd_anova *out)
{
    const double unit = (double) nrdi_power_of_ten(decimals > 0 ? 2 * decimals : 0);
    const double df_between = (double) (out->groups - 1);
    const double df_within = (double) (out->rows - out->groups);

    out->f = (outside / df_between) / (inside / df_within);
    out->r_squared = outside / (outside + inside);
    outside /= unit;
    inside /= unit;
    out->between = ldexp(outside, 32 * scale);
    out->within = ldexp(inside, 32 * scale);
    out->mean_between = ldexp(outside / df_between, 32 * scale);
    out->mean_within = ldexp(inside / df_within, 32 * scale);
    out->residual_sd = ldexp(sqrt(inside / df_within), 16 * scale);
}

nrd_status
nrd_moments_anova(const nrd_moments *state, size_t column, nrd_anova *out, nrd_error *err)
{
    nrd_anova found = {0};
    nrdi_double2 inside = {0}, outside = {0};
    nrdi_big all, grand;
    int scale;

    if (state == NULL || out == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "the state or the output is NULL");
    }
    for (size_t g = 0; g < state->groups; g++) {
        const int64_t rows = nrdi_moments_record(state, g)[NRDI_ROWS];

        found.groups += rows > 0;
        found.rows += (uint64_t) rows;
    }
    NRDI_TRY(check_anova(state, column, &found, err));
    scale = scale_of(state, column);
    nrdi_big_from_count(found.rows, &all);
    grand_sum(state, column, &grand);
    for (size_t g = 0; g < state->groups; g++) {
        const uint64_t rows = (uint64_t) nrdi_moments_record(state, g)[NRDI_ROWS];

        if (rows > 0) {
            inside = add2(inside, within(state, g, column, rows, scale));
            outside = add2(outside, between(state, g, column, rows, scale, &all, &grand));
        }
    }
    if (!(outside.high + inside.high > 0.0)) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW, "all values are the same");
    }
    set_results(state->decimals[column], scale, outside.high, inside.high, &found);
    *out = found;
    return NRD_OK;
}
