/* Lines by least squares, with twice the digits. */

#include "trend_private.h"

#include <math.h>
#include <string.h>

#include "parallel_private.h"
#include "status_private.h"

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

static twice
add(twice a, twice b)
{
    const twice sum = sum_of(a.high, b.high), rest = sum_of(a.low, b.low);
    const twice out = settled(sum.high, sum.low + rest.high);

    return settled(out.high, out.low + rest.low);
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
    twice weight = none, time = none, value = none, xx = none, xy = none, rss = none;
    twice slope, variance;

    for (size_t i = 0; i < in->n; i++) {
        weight = add(weight, weighted(in, i, (twice){1.0, 0.0}));
        time = add(time, weighted(in, i, time_at(in, i)));
        value = add(value, weighted(in, i, (twice){in->value[i], 0.0}));
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

static void
line_of(const nrd_series *series, size_t k, nrd_line *out)
{
    const size_t first = series->offset[k], n = series->offset[k + 1] - first;
    const rows in = {series->time + first, series->value + first,
        series->weight != NULL ? series->weight + first : NULL, n};

    *out = (nrd_line){.n = n, .slope = (double) NAN, .intercept = (double) NAN};
    out->se = out->se_intercept = out->covariance = (double) NAN;
    out->rss = out->df = (double) NAN;
    if (n >= 2) {
        set_line(&in, out);
    }
}

#define AT_ONCE 256

static void
work(void *shared, int w)
{
    nrdi_trends *in = shared;
    size_t first;

    (void) w;
    while ((first = __atomic_fetch_add(&in->next, AT_ONCE, __ATOMIC_RELAXED)) <
           in->series->count) {
        for (size_t k = first; k < in->series->count && k < first + AT_ONCE; k++) {
            line_of(in->series, k, &in->lines[k]);
        }
    }
}

nrd_status
nrd_trend_line(const nrd_series *series, int threads, nrd_line *out, nrd_error *err)
{
    nrdi_trends in = {.series = series, .lines = out};
    const size_t most = series != NULL ? series->count / AT_ONCE + 1 : 1;
    const int workers = nrd_thread_count(threads);

    if (out == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "a pointer is NULL");
    }
    NRDI_TRY(nrdi_series_check(series, err));
    nrdi_parallel_run((size_t) workers > most ? (int) most : workers, work, &in);
    return NRD_OK;
}
