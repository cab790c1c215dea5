/* Lines by least squares, with twice the digits. */

#include "trend_private.h"

#include <math.h>

#include <gsl/gsl_math.h>
#include <nrd/dist.h>

#include "parallel_private.h"
#include "status_private.h"

/* Series that a thread takes at a time. */
#define AT_ONCE 256

/* Whole degrees of freedom up to here have sums for Student's t that are soon done; a tail
 * above the second is 1 less the rest without a loss that matters. */
#define MOST_WHOLE 60
#define SMALL_TAIL 1e-2

/* One call. */
typedef struct {
    const nrd_series *series;
    nrd_line *out;
    double level;
    size_t next;
} lines;

/* A number in two parts, whose sum it is. */
typedef struct {
    double high, low;
} twice;

static twice
sum_of(double a, double b)
{
    const double sum = a + b, part = sum - a;

    return (twice){sum, (a - (sum - part)) + (b - part)};
}

static twice
settled(double high, double low)
{
    const double sum = high + low;

    return (twice){sum, low - (sum - high)};
}

/* Off by 2^-104 of the larger number: sums of deviations need no more. */
static twice
add(twice a, twice b)
{
    const twice sum = sum_of(a.high, b.high);

    return settled(sum.high, sum.low + (a.low + b.low));
}

static twice
negative(twice a)
{
    return (twice){-a.high, -a.low};
}

static twice
product(twice a, twice b)
{
    const double high = a.high * b.high;

    return settled(high, fma(a.high, b.high, -high) + (a.high * b.low + a.low * b.high));
}

static twice
quotient(twice a, twice b)
{
    const double high = a.high / b.high;
    const twice rest = add(a, negative(product((twice){high, 0.0}, b)));
    const double low = rest.high / b.high;
    const twice last = add(rest, negative(product((twice){low, 0.0}, b)));

    return add(sum_of(high, low), (twice){last.high / b.high, 0.0});
}

/* The rows of a series: time since the first one, value, weight. */
typedef struct {
    const double *time, *value, *weight;
    size_t n;
} rows;

static twice
time_at(const rows *in, size_t i)
{
    return sum_of(in->time[i], -in->time[0]);
}

static twice
weighted(const rows *in, size_t i, twice a)
{
    return in->weight != NULL ? product((twice){in->weight[i], 0.0}, a) : a;
}

static void
set_line(const rows *in, nrd_line *out)
{
    const twice none = {0.0, 0.0};
    twice weight = {(double) in->n, 0.0}, time = none, value = none, xx = none, xy = none,
          rss = none;
    twice slope, variance;

    for (size_t i = 0; i < in->n; i++) {
        time = add(time, weighted(in, i, time_at(in, i)));
        value = add(value, weighted(in, i, (twice){in->value[i], 0.0}));
    }
    if (in->weight != NULL) {
        weight = none;
        for (size_t i = 0; i < in->n; i++) {
            weight = add(weight, (twice){in->weight[i], 0.0});
        }
    }
    time = quotient(time, weight);
    value = quotient(value, weight);
    for (size_t i = 0; i < in->n; i++) {
        const twice x = add(time_at(in, i), negative(time));
        const twice y = add((twice){in->value[i], 0.0}, negative(value));

        xx = add(xx, weighted(in, i, product(x, x)));
        xy = add(xy, weighted(in, i, product(x, y)));
    }
    slope = quotient(xy, xx);
    for (size_t i = 0; i < in->n; i++) {
        const twice x = add(time_at(in, i), negative(time));
        const twice y = add((twice){in->value[i], 0.0}, negative(value));
        const twice left = add(y, negative(product(slope, x)));

        rss = add(rss, weighted(in, i, product(left, left)));
    }
    out->slope = slope.high;
    out->intercept = add(value, negative(product(slope, time))).high;
    out->rss = rss.high;
    out->df = (double) in->n - 2.0;
    if (in->n > 2) {
        variance = quotient(rss, (twice){out->df, 0.0});
        out->se = sqrt(quotient(variance, xx).high);
        out->covariance = -product(quotient(variance, xx), time).high;
        out->se_intercept = sqrt(add(quotient(variance, weight),
            product(quotient(variance, xx), product(time, time)))
                                     .high);
    }
}

/* Twice the tail as a series of positive terms, which keeps the digits of a small one; or
 * as 1 less the sum of the terms before, which is finite: with x = df / (df + t^2) these
 * are the powers of the sine that Abramowitz and Stegun 26.7.3 and 26.7.4 add. Both are for
 * whole degrees of freedom. */
static double
whole_tail(double t, unsigned df)
{
    const double square = t * t, all = df + square;
    const double x = df / all, sine = fabs(t) / sqrt(all);
    const unsigned odd = df % 2, last = df / 2;
    double term = 1.0, sum = 0.0, scale = sine, out;
    unsigned k = 0;

    if (odd) {
        scale *= sqrt(x) * 2.0 / M_PI;
    }
    for (; k < last; k++) {
        sum += term;
        term *= x * (2 * k + 1 + odd) / (2 * k + 2 + odd);
    }
    out = 1.0 - scale * sum - (odd ? 2.0 / M_PI * atan2(sine, sqrt(x)) : 0.0);
    if (out > SMALL_TAIL) {
        return out;
    }
    for (sum = 0.0; term > sum * 1e-17; k++) {
        sum += term;
        term *= x * (2 * k + 1 + odd) / (2 * k + 2 + odd);
    }
    return scale * sum;
}

double
nrdi_t_two_sided(double t, double df)
{
    double share = (double) NAN;

    if (df <= MOST_WHOLE && df == floor(df) && isfinite(t)) {
        return whole_tail(t, (unsigned) df);
    }
    if (!isnan(t) && nrd_dist_t_sf(fabs(t), df, &share, NULL) == NRD_OK) {
        share = fmin(2.0 * share, 1.0);
    }
    return share;
}

/* Test and interval of the slope; degrees of freedom most often come in runs. */
static void
set_test(nrd_line *out, double level, double *df_before, double *quantile)
{
    if (out->n <= 2) {
        return;
    }
    if (out->df != *df_before) {
        *df_before = out->df;
        if (nrd_dist_t_isf((1.0 - level) / 2.0, out->df, quantile, NULL) != NRD_OK) {
            *quantile = (double) INFINITY;
        }
    }
    out->p = out->slope == 0.0 && out->se == 0.0
                 ? 1.0
                 : nrdi_t_two_sided(out->slope / out->se, out->df);
    out->low = out->slope - *quantile * out->se;
    out->high = out->slope + *quantile * out->se;
}

static void
line_of(const nrd_series *series, size_t k, nrd_line *out)
{
    const size_t first = series->offset[k], n = series->offset[k + 1] - first;
    const rows in = {series->time + first, series->value + first,
        series->weight != NULL ? series->weight + first : NULL, n};

    *out = (nrd_line){.n = n, .slope = (double) NAN, .intercept = (double) NAN};
    out->se = out->se_intercept = out->covariance = (double) NAN;
    out->rss = out->df = out->p = out->low = out->high = (double) NAN;
    if (n >= 2) {
        set_line(&in, out);
    }
}

static void
work(void *shared, int w)
{
    lines *in = shared;
    double df = (double) NAN, quantile = 0.0;
    size_t first;

    (void) w;
    while ((first = __atomic_fetch_add(&in->next, AT_ONCE, __ATOMIC_RELAXED)) <
           in->series->count) {
        for (size_t k = first; k < in->series->count && k < first + AT_ONCE; k++) {
            line_of(in->series, k, &in->out[k]);
            set_test(&in->out[k], in->level, &df, &quantile);
        }
    }
}

nrd_status
nrd_trend_line(
    const nrd_series *series, double level, int threads, nrd_line *out, nrd_error *err)
{
    lines in = {.series = series, .out = out, .level = level};
    const size_t most = series != NULL ? series->count / AT_ONCE + 1 : 1;
    const int workers = nrd_thread_count(threads);

    if (out == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "a pointer is NULL");
    }
    if (!(level > 0.0 && level < 1.0)) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "level is %g, expected a number in (0, 1)", level);
    }
    NRDI_TRY(nrdi_series_check(series, 1, err));
    nrdi_parallel_run((size_t) workers > most ? (int) most : workers, work, &in);
    return NRD_OK;
}
