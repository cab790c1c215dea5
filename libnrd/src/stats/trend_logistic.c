/* Logistic regressions of shares on time, by reweighted least squares. */

#include "trend_private.h"

#include <math.h>

#include "parallel_private.h"
#include "status_private.h"

/* Newton's method doubles its digits; the limit is for what has no maximum. */
#define MOST_ROUNDS 60
#define ROUNDING 1e-13

/* Odds beyond e^30 are 0 or 1 in all digits but the last ones: the rows are separated. */
#define FAR 30.0

#define AT_ONCE 64

typedef struct {
    const nrd_series *series;
    nrd_logistic *out;
    size_t next;
} call;

/* One step of Newton: the score against the information, both around the mean time. */
typedef struct {
    double weight, time, score, moment, xx;
} sums;

static sums
sums_at(const double *time, const double *value, const double *trials, size_t n, double a,
    double b)
{
    sums out = {0};

    for (size_t i = 0; i < n; i++) {
        const double p = 1.0 / (1.0 + exp(-(a + b * (time[i] - time[0]))));
        const double w = trials[i] * p * (1.0 - p);

        out.weight += w;
        out.time += w * (time[i] - time[0]);
    }
    out.time /= out.weight;
    for (size_t i = 0; i < n; i++) {
        const double since = time[i] - time[0], x = since - out.time;
        const double p = 1.0 / (1.0 + exp(-(a + b * since)));
        const double left = trials[i] * (value[i] - p);

        out.score += left;
        out.moment += left * x;
        out.xx += trials[i] * p * (1.0 - p) * x * x;
    }
    return out;
}

/* Whether a time parts the shares of 0 from those of 1, but for one share at that time:
 * then no finite slope is the best. */
static int
is_separated(const double *value, size_t n)
{
    size_t before = 0, after;

    while (
        before < n && value[before] == value[0] && (value[0] == 0.0 || value[0] == 1.0)) {
        before++;
    }
    after = before < n && value[before] > 0.0 && value[before] < 1.0 ? before + 1 : before;
    for (size_t i = after; i < n; i++) {
        const int alike = value[i] == value[n - 1] && (value[i] == 0.0 || value[i] == 1.0);

        if (!alike || (before > 0 && value[i] == value[0])) {
            return 0;
        }
    }
    return 1;
}

static void
set_spread(const double *time, const double *value, const double *trials, size_t n,
    nrd_logistic *out)
{
    double pearson = 0.0;

    for (size_t i = 0; i < n; i++) {
        const double line = out->intercept + out->slope * (time[i] - time[0]);
        const double p = 1.0 / (1.0 + exp(-line)), left = value[i] - p;

        pearson += trials[i] * left * left / (p * (1.0 - p));
    }
    out->pearson = pearson;
    out->df = (double) n - 2.0;
}

static void
fit(const double *time, const double *value, const double *trials, size_t n,
    nrd_logistic *out)
{
    double a = 0.0, b = 0.0, all = 0.0, met = 0.0;
    sums now;

    for (size_t i = 0; i < n; i++) {
        all += trials[i];
        met += trials[i] * value[i];
    }
    out->separated = met <= 0.0 || met >= all || is_separated(value, n);
    if (out->separated) {
        return;
    }
    a = log(met) - log(all - met);
    for (int round = 0; round < MOST_ROUNDS; round++) {
        double step, shift;

        now = sums_at(time, value, trials, n, a, b);
        step = now.moment / now.xx;
        shift = now.score / now.weight - step * now.time;
        a += shift;
        b += step;
        if (!(fabs(a) < FAR * FAR) || !(now.xx > 0.0)) {
            break;
        }
        if (fabs(step) * (time[n - 1] - time[0]) <= ROUNDING * (1.0 + fabs(a)) &&
            fabs(shift) <= ROUNDING * (1.0 + fabs(a))) {
            now = sums_at(time, value, trials, n, a, b);
            out->slope = b;
            out->intercept = a;
            out->se = 1.0 / sqrt(now.xx);
            set_spread(time, value, trials, n, out);
            return;
        }
    }
    out->separated = 1;
}

static void
work(void *shared, int w)
{
    call *in = shared;
    const nrd_series *series = in->series;
    size_t first;

    (void) w;
    while ((first = __atomic_fetch_add(&in->next, AT_ONCE, __ATOMIC_RELAXED)) <
           series->count) {
        for (size_t k = first; k < series->count && k < first + AT_ONCE; k++) {
            const size_t from = series->offset[k], n = series->offset[k + 1] - from;
            nrd_logistic *out = &in->out[k];

            *out = (nrd_logistic){.n = n, .slope = (double) NAN};
            out->intercept = out->se = out->pearson = out->df = (double) NAN;
            if (n >= 2) {
                fit(series->time + from, series->value + from, series->weight + from, n,
                    out);
            }
        }
    }
}

nrd_status
nrd_trend_logistic(const nrd_series *series, int threads, nrd_logistic *out, nrd_error *err)
{
    call in = {.series = series, .out = out};
    const size_t most = series != NULL ? series->count / AT_ONCE + 1 : 1;
    const int workers = nrd_thread_count(threads);

    if (out == NULL || series == NULL || series->weight == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "a pointer is NULL");
    }
    NRDI_TRY(nrdi_series_check(series, 0, err));
    for (size_t i = 0; series->count > 0 && i < series->offset[series->count]; i++) {
        if (!(series->value[i] >= 0.0 && series->value[i] <= 1.0)) {
            return nrdi_fail(
                err, NRD_E_DOMAIN, i, "the share is %g, expected 0 to 1", series->value[i]);
        }
    }
    nrdi_parallel_run((size_t) workers > most ? (int) most : workers, work, &in);
    return NRD_OK;
}
