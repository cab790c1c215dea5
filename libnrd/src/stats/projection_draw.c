/* Figures to come by resampling residuals, studentised: with few rows the percentiles of
 * errors alone are much too narrow. */

#include "projection_private.h"

#include <float.h>
#include <math.h>
#include <nrd/random.h>
#include <stdint.h>

#include "order_private.h"
#include "parallel_private.h"
#include "sandwich_private.h"
#include "status_private.h"

/* Replicates between two looks at the stop flag. */
#define REPLICATES_AT_ONCE 4096

/* Residuals of equal variance, with mean 0. A row whose line must go through it has none:
 * its residual says nothing. Their number. */
static size_t
spread_out(const nrdi_projected *own, const nrd_projection *out, double *pool)
{
    size_t count = 0;
    double mean;

    for (size_t begin = 0, rows; begin < own->n; begin += rows) {
        rows = nrdi_projection_rows_of(own, begin);
        for (size_t i = begin; i < begin + rows; i++) {
            const double leverage =
                1.0 / (double) rows + own->from[i] * own->from[i] / out->spread;

            if (rows > 1 && leverage < 1.0) {
                pool[count++] = own->error[i] / sqrt(1.0 - leverage);
            }
        }
    }
    for (size_t i = 0; i < own->n; i++) {
        own->drawn[i] = 1.0;
    }
    mean = nrdi_sum_products(pool, own->drawn, NULL, count) / (double) count;
    for (size_t i = 0; i < count; i++) {
        pool[i] -= mean;
    }
    return count;
}

/* Errors of the rows of a replicate: their tilt and the mean of those of the last standard;
 * the sum of squares about a line through them. */
static double
fit_errors(const nrdi_projected *own, const nrd_projection *out, const double *error,
    double *tilt, double *last)
{
    double all = 0.0, sum = 0.0, along = 0.0, mean = 0.0, rest;

    for (size_t begin = 0, rows; begin < own->n; begin += rows) {
        double of_standard = 0.0;

        rows = nrdi_projection_rows_of(own, begin);
        for (size_t i = begin; i < begin + rows; i++) {
            of_standard += error[i];
            along = fma(own->from[i], error[i], along);
            all = fma(error[i], error[i], all);
        }
        mean = of_standard / (double) rows;
        sum = fma(mean, of_standard, sum);
    }
    *tilt = along / out->spread;
    *last = mean;
    rest = all - sum - *tilt * along;
    /* What is left of errors that lie on a line is rounding. */
    return rest > 4.0 * (double) own->n * DBL_EPSILON * all ? rest : 0.0;
}

/* Where the figures to come of a replicate lie: the error of a new figure about a line
 * fitted to errors, in the standard deviations found there, taken as one in those of the
 * series. */
static void
replicate(const nrdi_projected *own, const nrd_projection *out, const double *pool,
    size_t count, uint64_t number)
{
    const nrd_projection_options *options = own->options;
    double *error = own->error, tilt, last, sigma, ahead;
    nrd_random rng;

    nrd_random_start(&rng, options->seed, number, options->first + own->series);
    for (size_t i = 0; i < own->n; i++) {
        error[i] = pool[nrd_random_below(&rng, count)];
    }
    sigma = sqrt(fit_errors(own, out, error, &tilt, &last) / out->df);
    ahead = pool[nrd_random_below(&rng, count)] - last;
    if (sigma > 0.0) {
        own->slope[number] = out->slope - tilt / sigma * out->sigma;
        own->intercept[number] = out->mean + ahead / sigma * out->sigma;
    } else {
        own->slope[number] = out->slope;
        own->intercept[number] = out->mean;
        if (fabs(ahead) > 4.0 * (double) own->n * DBL_EPSILON * fabs(last)) {
            own->intercept[number] = copysign((double) INFINITY, ahead);
        }
    }
}

static double
share_at(const nrdi_projected *own, uint64_t replicates)
{
    const int at_least = own->options->at_least;
    uint64_t at_target = 0;

    for (uint64_t r = 0; r < replicates; r++) {
        at_target += at_least ? own->drawn[r] >= own->target : own->drawn[r] <= own->target;
    }
    return isnan(own->target) ? (double) NAN : (double) at_target / (double) replicates;
}

/* Figures of a time, one a replicate. */
static void
draw_at(const nrdi_projected *own, double from, uint64_t replicates)
{
    for (uint64_t r = 0; r < replicates; r++) {
        own->drawn[r] = own->intercept[r] + own->slope[r] * from;
    }
}

/* When each replicate is at the target: not before the last figure, or never. */
static void
draw_times(const nrdi_projected *own, const nrd_projection *out, uint64_t replicates)
{
    const double sign = own->options->at_least ? -1.0 : 1.0;
    const double begin = out->last_time - out->centre;

    for (uint64_t r = 0; r < replicates; r++) {
        const double d = sign * (own->target - own->intercept[r]);
        const double b = sign * own->slope[r];

        own->drawn[r] = (double) INFINITY;
        if (d >= b * begin) {
            own->drawn[r] = out->last_time;
        } else if (b < 0.0) {
            own->drawn[r] = out->centre + d / b;
        }
    }
}

static nrd_status
set_times(const nrdi_projected *own, nrd_projection *out, nrd_error *err)
{
    const nrd_projection_options *options = own->options;
    const double tail = (1.0 - options->level) / 2.0;
    const double p[3] = {tail, 0.5, 1.0 - tail};
    /* Times at which so many replicates have come: an observed one, as they may be
     * infinite. */
    const nrd_quantile_options wanted = {.type = 1, .p = p, .count = 3};
    double at[3];

    draw_times(own, out, options->replicates);
    NRDI_TRY(nrdi_quantile_select(
        own->drawn, (size_t) options->replicates, &wanted, options->stop, at, err));
    out->reach_low = at[0];
    out->reach = at[1];
    out->reach_high = at[2];
    if (options->by != NULL && options->by[own->series] > out->last_time) {
        draw_at(own, options->by[own->series] - out->centre, options->replicates);
        out->probability = share_at(own, options->replicates);
    }
    return NRD_OK;
}

nrd_status
nrdi_projection_draw(const nrdi_projected *own, nrd_projection_point *points,
    nrd_projection *out, nrd_error *err)
{
    const nrd_projection_options *options = own->options;
    const double tail = (1.0 - options->level) / 2.0;
    const double p[2] = {tail, 1.0 - tail};
    const nrd_quantile_options wanted = {.type = 7, .p = p, .count = 2};
    double *pool = own->value;
    const size_t count = spread_out(own, out, pool);

    for (uint64_t r = 0; r < options->replicates; r++) {
        if (r % REPLICATES_AT_ONCE == 0 && nrdi_is_stopped(options->stop)) {
            return nrdi_fail(err, NRD_E_CANCELLED, NRD_NO_ROW, "the call was stopped");
        }
        replicate(own, out, pool, count, r);
    }
    for (size_t j = 0; j < options->times; j++) {
        double bounds[2];

        draw_at(own, options->time[j] - out->centre, options->replicates);
        NRDI_TRY(nrdi_quantile_select(
            own->drawn, (size_t) options->replicates, &wanted, options->stop, bounds, err));
        points[j].low = nrdi_projection_back(own->rows, bounds[0]);
        points[j].high = nrdi_projection_back(own->rows, bounds[1]);
        points[j].probability = share_at(own, options->replicates);
    }
    return isnan(own->target) ? NRD_OK : set_times(own, out, err);
}
