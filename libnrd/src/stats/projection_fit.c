/* The line of a series, one level for each standard, and Student's t about it. */

#include "projection_private.h"

#include <float.h>
#include <math.h>
#include <nrd/dist.h>

#include "sandwich_private.h"

double
nrdi_projection_to(const nrd_projection_rows *rows, double figure)
{
    switch (rows->scale) {
    case NRD_PROJECTION_LOG: return log(figure);
    case NRD_PROJECTION_LOGIT: return log(figure / (rows->full - figure));
    default: return figure;
    }
}

double
nrdi_projection_back(const nrd_projection_rows *rows, double value)
{
    switch (rows->scale) {
    case NRD_PROJECTION_LOG: return exp(value);
    case NRD_PROJECTION_LOGIT: return rows->full / (1.0 + exp(-value));
    default: return value;
    }
}

int
nrdi_projection_has(const nrd_projection_rows *rows, double figure)
{
    return rows->scale == NRD_PROJECTION_LINEAR ||
           (figure > 0.0 && (rows->scale == NRD_PROJECTION_LOG || figure < rows->full));
}

static nrd_projection_state
look_at(const nrdi_projected *own, const double *figure)
{
    nrd_projection_state state = NRD_PROJECTION_MADE;

    for (size_t i = 0; i < own->n; i++) {
        if (!isfinite(figure[i])) {
            return NRD_PROJECTION_NOT_FINITE;
        }
        if (!nrdi_projection_has(own->rows, figure[i])) {
            state = NRD_PROJECTION_OUTSIDE;
        }
    }
    return state;
}

/* What is left of values when the mean of them is taken away; the mean. */
static double
centre(double *values, size_t n, double *ones)
{
    double mean;

    for (size_t i = 0; i < n; i++) {
        ones[i] = 1.0;
    }
    mean = nrdi_sum_products(values, ones, NULL, n) / (double) n;
    for (size_t i = 0; i < n; i++) {
        values[i] -= mean;
    }
    return mean;
}

static void
centre_standards(nrdi_projected *own, nrd_projection *out)
{
    for (size_t begin = 0, end; begin < own->n; begin = end) {
        end = begin + nrdi_projection_rows_of(own, begin);
        out->centre = centre(own->from + begin, end - begin, own->error);
        out->mean = centre(own->value + begin, end - begin, own->error);
        own->last = begin;
        out->standards++;
    }
}

/* Residuals, and the standard deviation about the line; whether there is scatter beyond
 * the rounding of n values of the size of the greatest. */
static int
scatter(nrdi_projected *own, const nrd_projection *out, double *sigma)
{
    const double *figure = own->rows->value + own->begin;
    double size = 0.0, sum;

    for (size_t i = 0; i < own->n; i++) {
        own->error[i] = fma(-out->slope, own->from[i], own->value[i]);
        size = fmax(size, fabs(nrdi_projection_to(own->rows, figure[i])));
    }
    sum = nrdi_sum_products(own->error, own->error, NULL, own->n);
    *sigma = sqrt(sum / out->df);
    return sqrt(sum) > 4.0 * (double) own->n * DBL_EPSILON * size;
}

static int
all_equal(const double *values, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        if (values[i] != values[0]) {
            return 0;
        }
    }
    return 1;
}

static nrd_projection_state
reached(const nrdi_projected *own, const nrd_projection *out)
{
    const nrd_projection_options *options = own->options;
    const double target = options->target[own->series];

    if (options->by != NULL && options->by[own->series] <= out->last_time) {
        return NRD_PROJECTION_PAST;
    }
    if (options->at_least ? out->last_value >= target : out->last_value <= target) {
        return NRD_PROJECTION_MET;
    }
    return NRD_PROJECTION_MADE;
}

/* Paces in figures a unit of time. */
static void
set_paces(const nrdi_projected *own, nrd_projection *out)
{
    const nrd_projection_options *options = own->options;
    const double first = own->rows->time[own->begin];
    const double by = options->by != NULL ? options->by[own->series] : (double) NAN;
    const double from = nrdi_projection_back(own->rows, nrdi_projection_line(out, first));
    const double to =
        nrdi_projection_back(own->rows, nrdi_projection_line(out, out->last_time));

    out->past = (to - from) / (out->last_time - first);
    if (by > out->last_time) {
        out->needed =
            (options->target[own->series] - out->last_value) / (by - out->last_time);
    }
}

void
nrdi_projection_fit(nrdi_projected *own, nrd_projection *out)
{
    const double *figure = own->rows->value + own->begin;
    int scatters;

    if (own->n > 0) {
        out->last_time = own->rows->time[own->begin + own->n - 1];
        out->last_value = figure[own->n - 1];
    }
    out->state = look_at(own, figure);
    if (out->state != NRD_PROJECTION_MADE) {
        return;
    }
    for (size_t i = 0; i < own->n; i++) {
        own->from[i] = own->rows->time[own->begin + i];
        own->value[i] = nrdi_projection_to(own->rows, figure[i]);
    }
    centre_standards(own, out);
    out->df = (double) own->n - (double) out->standards - 1.0;
    if (out->df < 1.0) {
        out->state = NRD_PROJECTION_FEW;
        return;
    }
    out->spread = nrdi_sum_products(own->from, own->from, NULL, own->n);
    if (!(out->spread > 0.0)) {
        out->state = NRD_PROJECTION_TIMES;
        return;
    }
    if (all_equal(figure, own->n)) {
        out->state = NRD_PROJECTION_FLAT;
        return;
    }
    out->slope = nrdi_sum_products(own->from, own->value, NULL, own->n) / out->spread;
    scatters = scatter(own, out, &out->sigma);
    set_paces(own, out);
    out->state = scatters ? reached(own, out) : NRD_PROJECTION_EXACT;
}

/* Share of the figures of a time that are expected at the target or beyond it. */
static double
share(const nrdi_projected *own, const nrd_projection *out, double time, double error)
{
    const double line = nrdi_projection_line(out, time);
    const double distance = (own->target - line) / error;
    double p = (double) NAN;

    if (!isnan(distance)) {
        (void) !nrd_dist_t_cdf(
            own->options->at_least ? -distance : distance, out->df, &p, NULL);
    }
    return p;
}

/* Standard error of a figure about what is expected of it. */
static double
error_of(const nrdi_projected *own, const nrd_projection *out, double time)
{
    const double from = time - out->centre;

    return out->sigma *
           sqrt(1.0 + 1.0 / (double) (own->n - own->last) + from * from / out->spread);
}

/* The roots of a x^2 - 2 h x + c, the smaller one first; whether there are any. */
static int
roots(double a, double h, double c, double out[2])
{
    const double inside = h * h - a * c;
    double far;

    if (!(inside >= 0.0)) {
        return 0;
    }
    far = h + copysign(sqrt(inside), h);
    out[0] = far != 0.0 ? c / far : 0.0;
    out[1] = a != 0.0 ? far / a : out[0];
    if (out[0] > out[1]) {
        const double larger = out[0];

        out[0] = out[1];
        out[1] = larger;
    }
    return 1;
}

/* First time, not before the last figure, when the distance from the line to the target
 * in standard errors is at least t. */
static double
time_of(const nrdi_projected *own, const nrd_projection *out, double t)
{
    const double sign = own->options->at_least ? -1.0 : 1.0;
    const double d = sign * (own->target - out->mean), b = sign * out->slope;
    const double begin = out->last_time - out->centre;
    const double error = error_of(own, out, out->last_time);
    const double s2 = t * t * out->sigma * out->sigma;
    const double apart = 1.0 + 1.0 / (double) (own->n - own->last);
    double at[2];

    if (d - b * begin >= t * error) {
        return out->last_time;
    }
    if (t == 0.0) {
        return b < 0.0 ? out->centre + d / b : (double) INFINITY;
    }
    if (!roots(b * b - s2 / out->spread, d * b, d * d - s2 * apart, at)) {
        return (double) INFINITY;
    }
    for (int i = 0; i < 2; i++) {
        const double side = (d - b * at[i]) * t;

        if (at[i] > begin && isfinite(at[i]) && side > 0.0) {
            return out->centre + at[i];
        }
    }
    return (double) INFINITY;
}

void
nrdi_projection_student(
    nrdi_projected *own, nrd_projection_point *points, nrd_projection *out)
{
    const nrd_projection_options *options = own->options;
    double t;

    if (own->df != out->df) {
        own->df = out->df;
        (void) !nrd_dist_t_isf((1.0 - options->level) / 2.0, out->df, &own->t, NULL);
    }
    t = own->t;
    for (size_t j = 0; j < options->times; j++) {
        const double line = nrdi_projection_line(out, options->time[j]);
        const double error = error_of(own, out, options->time[j]);

        points[j].low = nrdi_projection_back(own->rows, line - t * error);
        points[j].high = nrdi_projection_back(own->rows, line + t * error);
        points[j].probability = share(own, out, options->time[j], error);
    }
    if (isnan(own->target)) {
        return;
    }
    out->reach = time_of(own, out, 0.0);
    out->reach_low = time_of(own, out, -t);
    out->reach_high = time_of(own, out, t);
    if (options->by != NULL && options->by[own->series] > out->last_time) {
        const double by = options->by[own->series];

        out->probability = share(own, out, by, error_of(own, out, by));
    }
}
