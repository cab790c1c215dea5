/* One-way analysis of variance from grouped sums. */

#include <nrd/anova.h>

#include "moments_private.h"

#include <math.h>

#include "double2_private.h"
#include "status_private.h"

/* a + b where both are sums of terms that are not negative: about 100 bits stay. Squares
 * may leave the range of doubles, and differ by more than it, so that each has an exponent
 * of its own. */
static nrdi_double2
add2(nrdi_double2 a, nrdi_double2 b)
{
    const nrdi_double2 large = a.exponent >= b.exponent ? a : b;
    const nrdi_double2 small = a.exponent >= b.exponent ? b : a;
    const int shift = small.exponent - large.exponent;
    const double other = ldexp(small.high, shift);
    const double high = large.high + other, part = high - large.high;
    const double low =
        (large.high - (high - part)) + (other - part) + large.low + ldexp(small.low, shift);

    if (a.high == 0.0 || b.high == 0.0) { /* what is 0 has any exponent */
        return a.high == 0.0 ? b : a;
    }
    return nrdi_double2_settle(high, low, large.exponent);
}

static nrdi_double2
quotient(const nrdi_big *a, const nrdi_big *b)
{
    return nrdi_double2_divide(nrdi_big_leading(a), nrdi_big_leading(b));
}

/* What a group adds to the sum of squares within: (n Sxx - Sx^2) / n. */
static nrdi_double2
within(const nrd_moments *state, size_t group, size_t column, uint64_t rows)
{
    nrdi_big count, a, product, square, sum;

    nrdi_big_from_count(rows, &count);
    nrdi_moments_big(state, group, nrdi_moments_product(state, column, column), &a);
    nrdi_big_multiply(&count, &a, &product);
    nrdi_moments_big(state, group, nrdi_moments_column(state, column), &a);
    nrdi_big_multiply(&a, &a, &square);
    nrdi_big_subtract(&product, &square, &sum);
    return quotient(&sum, &count);
}

/* What a group adds between: n (mean - grand mean)^2 = (N Sx - n S)^2 / (N^2 n). */
static nrdi_double2
between(const nrd_moments *state, size_t group, size_t column, uint64_t rows,
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
    return quotient(&a, &sum);
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

static double
value_of(nrdi_double2 a)
{
    return ldexp(a.high, a.exponent);
}

static nrdi_double2
over(nrdi_double2 a, double divisor)
{
    return nrdi_double2_divide(a, nrdi_double2_of(divisor));
}

static void
set_results(int32_t decimals, nrdi_double2 outside, nrdi_double2 inside, nrd_anova *out)
{
    const double unit = (double) nrdi_power_of_ten(decimals > 0 ? 2 * decimals : 0);
    const nrdi_double2 between_mean = over(outside, (double) (out->groups - 1));
    const nrdi_double2 within_mean = over(inside, (double) (out->rows - out->groups));

    out->f = inside.high > 0.0 ? value_of(nrdi_double2_divide(between_mean, within_mean))
                               : (double) INFINITY;
    out->r_squared = value_of(nrdi_double2_divide(outside, add2(outside, inside)));
    out->between = value_of(over(outside, unit));
    out->within = value_of(over(inside, unit));
    out->mean_between = value_of(over(between_mean, unit));
    out->mean_within = value_of(over(within_mean, unit));
    out->residual_sd = value_of(nrdi_double2_root(over(within_mean, unit)));
}

nrd_status
nrd_moments_anova(const nrd_moments *state, size_t column, nrd_anova *out, nrd_error *err)
{
    nrd_anova found = {0};
    nrdi_double2 inside = {0}, outside = {0};
    nrdi_big all, grand;

    if (state == NULL || out == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "the state or the output is NULL");
    }
    for (size_t g = 0; g < state->groups; g++) {
        const int64_t rows = nrdi_moments_record(state, g)[NRDI_ROWS];

        found.groups += rows > 0;
        found.rows += (uint64_t) rows;
    }
    NRDI_TRY(check_anova(state, column, &found, err));
    nrdi_big_from_count(found.rows, &all);
    grand_sum(state, column, &grand);
    for (size_t g = 0; g < state->groups; g++) {
        const uint64_t rows = (uint64_t) nrdi_moments_record(state, g)[NRDI_ROWS];

        if (rows > 0) {
            inside = add2(inside, within(state, g, column, rows));
            outside = add2(outside, between(state, g, column, rows, &all, &grand));
        }
    }
    if (!(outside.high + inside.high > 0.0)) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW, "all values are the same");
    }
    set_results(state->decimals[column], outside, inside, &found);
    *out = found;
    return NRD_OK;
}
