#include "share_private.h"

#include <float.h>

nrdi_portion
nrdi_portion_of(nrdi_twofold part, nrdi_twofold rest)
{
    const nrdi_twofold whole = nrdi_twofold_add(part, rest);
    const nrdi_twofold log_whole = nrdi_twofold_log(whole);

    return (nrdi_portion){nrdi_twofold_divide(part, whole),
        nrdi_twofold_divide(rest, whole),
        nrdi_twofold_subtract(nrdi_twofold_log(part), log_whole),
        nrdi_twofold_subtract(nrdi_twofold_log(rest), log_whole)};
}

/* x^a y^b / B(a, b) is exp of this. */
static nrdi_twofold
beta_exponent(double a, double b, const nrdi_portion *at)
{
    const nrdi_twofold power = nrdi_twofold_add(
        nrdi_twofold_times(at->log_x, a), nrdi_twofold_times(at->log_y, b));
    const nrdi_twofold gammas =
        nrdi_twofold_add(nrdi_twofold_log_gamma((nrdi_twofold){a, 0.0}),
            nrdi_twofold_log_gamma((nrdi_twofold){b, 0.0}));

    return nrdi_twofold_add(nrdi_twofold_subtract(power, gammas),
        nrdi_twofold_log_gamma(nrdi_twofold_sum(a, b)));
}

/* A continued fraction alpha_1 / (beta_1 + alpha_2 / (beta_2 + ...)), read from its front:
 * the last two numerators and denominators, scaled to a last denominator of 1. */
typedef struct {
    double value;
    double before;
    double below_before;
} fraction;

/* Take one more term in; 0 when it no longer changes the value. */
static int
fraction_step(fraction *f, double alpha, double beta)
{
    const double below = beta + alpha * f->below_before;
    const double value = (beta * f->value + alpha * f->before) / below;
    const double change = value - f->value;

    f->before = f->value / below;
    f->below_before = 1.0 / below;
    f->value = value;
    return fabs(change) > 2.0 * DBL_EPSILON * fabs(value);
}

/* The share below over the slope, by the continued fraction of DiDonato and Morris, whose
 * terms do not cancel below the mean. */
static double
beta_fraction(double a, double b, const nrdi_portion *at)
{
    const double x = at->x.high, y = at->y.high;
    const double distance =
        nrdi_twofold_subtract(nrdi_twofold_times(at->y, a), nrdi_twofold_times(at->x, b))
            .high;
    const double first = a / (a + 1.0) * (distance + 1.0);
    fraction f = {1.0 / first, 0.0, 1.0 / first};
    double n = 0.0, odd, alpha, beta;

    do {
        n++;
        odd = a + 2.0 * n - 1.0;
        alpha = (a + n - 1.0) / odd * ((a + b + n - 1.0) / odd) * n * (b - n) * x * x;
        beta = n + n * (b - n) * x / odd +
               (a + n) / (odd + 2.0) * (distance + 1.0 + n * (1.0 + y));
    } while (fraction_step(&f, alpha, beta));
    return f.value;
}

/* With a shape below 1 the share below may be nearly all, and the share above is no more
 * than its distance from 1. Both come from the logarithm of the share below. */
static nrdi_shares
shares_of_log(nrdi_twofold exponent, double correction, double slope)
{
    const double lower = exponent.high + (exponent.low + log1p(correction));

    return (nrdi_shares){
        nrdi_twofold_exp_times(exponent, 1.0 + correction), -expm1(lower), slope};
}

/* x^a / (a B(a, b)) times 1 + a * sum of (1 - b)_n x^n / (n! (a + n)), n from 1. */
static nrdi_shares
beta_series(double a, double b, const nrdi_portion *at, nrdi_twofold exponent, double slope)
{
    const nrdi_twofold first = nrdi_twofold_subtract(
        nrdi_twofold_subtract(exponent, nrdi_twofold_times(at->log_y, b)),
        nrdi_twofold_log((nrdi_twofold){a, 0.0}));
    double term = a, sum = 0.0, added = 1.0;

    for (double n = 1.0; fabs(added) > DBL_EPSILON / 2.0 * fabs(sum); n++) {
        term *= (n - b) / n * at->x.high;
        added = term / (a + n);
        sum += added;
    }
    return shares_of_log(first, sum, slope);
}

static nrdi_shares
beta_below(double a, double b, const nrdi_portion *at)
{
    const nrdi_twofold exponent = beta_exponent(a, b, at);
    const double slope = nrdi_twofold_exp_times(exponent, 1.0);
    double lower;

    if (a < 1.0) {
        return beta_series(a, b, at, exponent, slope);
    }
    lower = nrdi_twofold_exp_times(exponent, beta_fraction(a, b, at));
    return (nrdi_shares){lower, 1.0 - lower, slope};
}

nrdi_shares
nrdi_beta_shares(double a, double b, const nrdi_portion *at)
{
    const nrdi_portion turned = {at->y, at->x, at->log_y, at->log_x};
    nrdi_shares shares;

    if (at->x.high * (a + b + 2.0) < a + 1.0) {
        return beta_below(a, b, at);
    }
    shares = beta_below(b, a, &turned);
    return (nrdi_shares){shares.upper, shares.lower, shares.slope};
}

/* The share below over the slope: the fraction of the beta distribution as b goes to
 * infinity and b x to the x here. */
static double
gamma_fraction_below(double a, double x)
{
    const double first = a / (a + 1.0) * (a - x + 1.0);
    fraction f = {1.0 / first, 0.0, 1.0 / first};
    double n = 0.0, odd, alpha, beta;

    do {
        n++;
        odd = a + 2.0 * n - 1.0;
        alpha = (a + n - 1.0) / odd * n * (x / odd) * x;
        beta = n + n * x / odd + (a + n) / (odd + 2.0) * (a - x + 1.0 + 2.0 * n);
    } while (fraction_step(&f, alpha, beta));
    return f.value;
}

/* The share above over the slope, by Legendre's fraction. */
static double
gamma_fraction_above(double a, double x)
{
    const double first = x - a + 1.0;
    fraction f = {1.0 / first, 0.0, 1.0 / first};
    double n = 0.0;

    do {
        n++;
    } while (fraction_step(&f, n * (a - n), first + 2.0 * n));
    return f.value;
}

/* x^a / (a Gamma(a)) times 1 + a * sum of (-x)^n / (n! (a + n)), n from 1. */
static nrdi_shares
gamma_small(double a, double x, nrdi_twofold exponent, double slope)
{
    const nrdi_twofold first =
        nrdi_twofold_subtract(nrdi_twofold_add(exponent, (nrdi_twofold){x, 0.0}),
            nrdi_twofold_log((nrdi_twofold){a, 0.0}));
    double term = a, sum = 0.0, added = 1.0;

    for (double n = 1.0; fabs(added) > DBL_EPSILON / 2.0 * fabs(sum); n++) {
        term *= -x / n;
        added = term / (a + n);
        sum += added;
    }
    return shares_of_log(first, sum, slope);
}

nrdi_shares
nrdi_gamma_shares(double a, double x)
{
    const nrdi_twofold power =
        nrdi_twofold_times(nrdi_twofold_log((nrdi_twofold){x, 0.0}), a);
    const nrdi_twofold exponent =
        nrdi_twofold_subtract(nrdi_twofold_subtract(power, (nrdi_twofold){x, 0.0}),
            nrdi_twofold_log_gamma((nrdi_twofold){a, 0.0}));
    const double slope = nrdi_twofold_exp_times(exponent, 1.0);
    double share;

    if (x >= a + 1.0) {
        share = nrdi_twofold_exp_times(exponent, gamma_fraction_above(a, x));
        return (nrdi_shares){1.0 - share, share, slope};
    }
    if (a < 1.0) {
        return gamma_small(a, x, exponent, slope);
    }
    share = nrdi_twofold_exp_times(exponent, gamma_fraction_below(a, x));
    return (nrdi_shares){share, 1.0 - share, slope};
}
