/* Tests for a trend where errors are correlated from step to step. */

#include "trend_private.h"

#include <math.h>
#include <string.h>

#include <gsl/gsl_cdf.h>
#include <nrd/order.h>
#include <nrd/trend_serial.h>

#include "status_private.h"

#define LEAST 4
#define MOST 65536

/* Steps that differ relatively by less are equal: decimal years are rounded. */
#define NEARLY 1e-9

enum { FEW_ROWS = 1, UNEQUAL_STEPS = 2, ALL_EQUAL = 3, NO_VARIANCE = 4 };

/* One call: what is known of the series as they are, and memory. */
typedef struct {
    const nrd_series *series;
    nrd_serial kind;
    double alpha;
    nrd_trend *plain, *white;
    double *left;         /* rows of a series without its trend, or ranks of them */
    double *time, *value; /* pre-whitened rows; else room for ranks */
    uint64_t *offset;
    nrd_serial_test *out;
} work;

static int
has_equal_steps(const double *time, size_t n)
{
    const double step = (time[n - 1] - time[0]) / (double) (n - 1);

    for (size_t i = 1; i < n; i++) {
        if (!(fabs(time[i] - time[i - 1] - step) <= NEARLY * step)) {
            return 0;
        }
    }
    return 1;
}

/* Take the mean away; the sum of squares is returned. */
static double
centre(double *values, size_t n)
{
    double sum = 0.0, squares = 0.0;

    for (size_t i = 0; i < n; i++) {
        sum += values[i];
    }
    for (size_t i = 0; i < n; i++) {
        values[i] -= sum / (double) n;
        squares += values[i] * values[i];
    }
    return squares;
}

static double
autocorrelation(const double *centred, size_t n, size_t lag, double squares)
{
    double sum = 0.0;

    for (size_t i = lag; i < n; i++) {
        sum += centred[i] * centred[i - lag];
    }
    return squares > 0.0 ? sum / squares : 0.0;
}

/* What the variance is multiplied by; see the header. */
static double
variance_factor(const work *in, const double *centred, size_t n, double squares)
{
    const double m = (double) n;
    const double bound = gsl_cdf_ugaussian_Qinv(in->alpha / 2.0) / sqrt(m);
    double sum = 0.0;

    for (size_t lag = 1; lag < n; lag++) {
        const double r = autocorrelation(centred, n, lag, squares), k = (double) lag;

        if (in->kind == NRD_SERIAL_YUE_WANG) {
            sum += 2.0 * (1.0 - k / m) * r;
        } else if (!(fabs(r) <= bound)) {
            sum += 2.0 * (m - k) * (m - k - 1.0) * (m - k - 2.0) * r /
                   (m * (m - 1.0) * (m - 2.0));
        }
    }
    return 1.0 + sum;
}

/* Residuals from a slope that are equal but for rounding are equal: at least one pair is.
 */
static void
set_left(const work *in, size_t first, size_t n, double slope)
{
    const double *time = in->series->time + first, *value = in->series->value + first;
    double size = 0.0;

    for (size_t i = 0; i < n; i++) {
        in->left[i] = value[i] - slope * (time[i] - time[0]);
        size = fmax(size, fabs(value[i]));
    }
    for (size_t i = 1; i < n; i++) {
        for (size_t k = 0; k < i && n <= NRDI_TREND_SHORT; k++) {
            if (fabs(in->left[i] - in->left[k]) <= 1e-13 * size) {
                in->left[i] = in->left[k];
            }
        }
    }
}

static nrd_status
correct_variance(const work *in, size_t k, size_t first, size_t n, nrd_error *err)
{
    nrd_serial_test *out = &in->out[k];
    nrd_kendall test = {.s = in->plain[k].s, .continuity = 1};
    double squares;

    set_left(in, first, n, in->plain[k].slope);
    if (in->kind == NRD_SERIAL_HAMED_RAO) {
        NRDI_TRY(nrd_order_rank(in->left, n, NRD_TIES_AVERAGE, in->value, err));
        memcpy(in->left, in->value, n * sizeof *in->left);
    }
    squares = centre(in->left, n);
    out->lag1 = autocorrelation(in->left, n, 1, squares);
    out->factor = variance_factor(in, in->left, n, squares);
    out->s = test.s;
    out->variance = test.variance = in->plain[k].variance * out->factor;
    out->smallest_p = in->plain[k].smallest_p;
    if (!(out->variance > 0.0)) {
        out->reason = NO_VARIANCE;
        return NRD_OK;
    }
    nrdi_kendall_normal(&test);
    out->p = test.p;
    out->p_rising = test.p_greater;
    out->p_falling = test.p_less;
    return NRD_OK;
}

/* Put the pre-whitened rows of a series where they will be tested. */
static void
whiten(const work *in, size_t k, size_t first, size_t n)
{
    const double *time = in->series->time + first, *value = in->series->value + first;
    const double slope = in->kind == NRD_SERIAL_TREND_FREE ? in->plain[k].slope : 0.0;
    double *to = in->value + in->offset[k];
    double squares, r;

    for (size_t i = 0; i < n; i++) {
        in->left[i] = value[i] - slope * (time[i] - time[0]);
    }
    squares = centre(in->left, n);
    r = autocorrelation(in->left, n, 1, squares);
    in->out[k].lag1 = r;
    in->out[k].factor = 1.0;
    for (size_t i = 1; i < n; i++) {
        to[i - 1] = in->left[i] - r * in->left[i - 1] + slope * (time[i] - time[0]);
        in->time[in->offset[k] + i - 1] = time[i];
    }
}

static int
reason_of(const work *in, size_t first, size_t n)
{
    const double *value = in->series->value + first;
    size_t same = 1;

    while (same < n && value[same] == value[0]) {
        same++;
    }
    return n < LEAST                                       ? FEW_ROWS
           : !has_equal_steps(in->series->time + first, n) ? UNEQUAL_STEPS
           : same == n                                     ? ALL_EQUAL
                                                           : 0;
}

static nrd_status
look_at_each(work *in, const int *stop, nrd_error *err)
{
    const int whitens = in->kind >= NRD_SERIAL_PRE_WHITEN;

    for (size_t k = 0; k < in->series->count; k++) {
        const size_t first = in->series->offset[k];
        const size_t n = in->series->offset[k + 1] - first;
        nrd_serial_test *out = &in->out[k];

        if (stop != NULL && __atomic_load_n(stop, __ATOMIC_RELAXED) != 0) {
            return nrdi_fail(err, NRD_E_CANCELLED, NRD_NO_ROW, "the caller asked to stop");
        }
        *out = (nrd_serial_test){.n = n, .variance = (double) NAN};
        out->factor = out->lag1 = out->p = out->p_rising = (double) NAN;
        out->p_falling = out->smallest_p = (double) NAN;
        out->reason = reason_of(in, first, n);
        in->offset[k + 1] = in->offset[k];
        if (out->reason == 0 && whitens) {
            whiten(in, k, first, n);
            in->offset[k + 1] += n - 1;
        } else if (out->reason == 0) {
            NRDI_TRY(correct_variance(in, k, first, n, err));
        }
    }
    return NRD_OK;
}

static nrd_status
test_white(work *in, const nrd_trend_options *options, int threads, const int *stop,
    nrd_error *err)
{
    const nrd_series white = {in->series->count, in->offset, in->time, in->value, NULL};

    NRDI_TRY(nrd_trend_test(&white, options, threads, stop, in->white, err));
    for (size_t k = 0; k < in->series->count; k++) {
        nrd_serial_test *out = &in->out[k];
        const nrd_trend *found = &in->white[k];

        if (out->reason == 0) {
            out->n = found->n;
            out->s = found->s;
            out->variance = found->variance;
            out->p = found->p;
            out->p_rising = found->p_rising;
            out->p_falling = found->p_falling;
            out->smallest_p = found->smallest_p;
            out->exact = found->exact;
        }
    }
    return NRD_OK;
}

static nrd_status
check(const nrd_series *series, nrd_serial kind, double alpha, const void *out,
    size_t *longest_out, nrd_error *err)
{
    NRDI_TRY(nrdi_series_check(series, 0, err));
    if (out == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "a pointer is NULL");
    }
    if ((int) kind < 0 || kind > NRD_SERIAL_TREND_FREE || !(alpha > 0.0 && alpha < 1.0)) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "the kind is %d and alpha %g, expected 0 to 3 and a number in (0, 1)",
            (int) kind, alpha);
    }
    for (size_t k = 0; k < series->count; k++) {
        const size_t n = series->offset[k + 1] - series->offset[k];

        if (n > MOST) {
            return nrdi_fail(err, NRD_E_SIZE, k,
                "the series has %zu rows, expected at most %d", n, MOST);
        }
        *longest_out = n > *longest_out ? n : *longest_out;
    }
    return NRD_OK;
}

nrd_status
nrd_trend_serial(const nrd_series *series, nrd_serial kind, double alpha, int threads,
    const int *stop, nrd_serial_test *out, nrd_error *err)
{
    const nrd_trend_options options = {NRD_SLOPE_THEIL_SEN, 0.95};
    work in = {.series = series, .kind = kind, .alpha = alpha};
    size_t longest = 0, rows;
    nrd_status status;

    NRDI_TRY(check(series, kind, alpha, out, &longest, err));
    rows = series->count > 0 ? series->offset[series->count] : 0;
    in.plain = nrdi_malloc(series->count, 2 * sizeof *in.plain);
    in.left = nrdi_malloc(longest + 2 * rows, sizeof *in.left);
    in.offset = nrdi_malloc(series->count + 1, sizeof *in.offset);
    in.out = nrdi_malloc(series->count, sizeof *in.out);
    if (in.plain == NULL || in.left == NULL || in.offset == NULL || in.out == NULL) {
        status = nrdi_fail(
            err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for %zu series", series->count);
        goto done;
    }
    in.white = in.plain + series->count;
    in.time = in.left + longest;
    in.value = in.time + rows;
    status = nrd_trend_test(series, &options, threads, stop, in.plain, err);
    status = status == NRD_OK ? look_at_each(&in, stop, err) : status;
    if (status == NRD_OK && kind >= NRD_SERIAL_PRE_WHITEN) {
        status = test_white(&in, &options, threads, stop, err);
    }
    if (status == NRD_OK && series->count > 0) {
        memcpy(out, in.out, series->count * sizeof *out);
    }

done:
    nrdi_free(in.plain);
    nrdi_free(in.left);
    nrdi_free(in.offset);
    nrdi_free(in.out);
    return status;
}
