/* The trend of one series: pairs that rise and fall, and the slopes between them. */

#include "trend_private.h"

#include <math.h>
#include <string.h>

#include <nrd/slope.h>

#include "order_private.h"
#include "parallel_private.h"
#include "slope_private.h"
#include "status_private.h"

/* Chances that differ relatively by less are equal: alpha is 1 - level, and rounded. */
#define ROUNDING 1e-12

/* Sizes of the groups of equal values among n sorted ones, themselves sorted: a pattern,
 * and its hash (FNV-1a), which is never 0. */
static uint64_t
pattern_of(const double *sorted, size_t n, uint32_t *ties, size_t *groups_out)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    size_t groups = 0, first = 0;

    for (size_t i = 1; i <= n; i++) {
        if (i == n || sorted[i] != sorted[first]) {
            const uint32_t size = (uint32_t) (i - first);
            size_t k = groups++;

            for (; k > 0 && ties[k - 1] > size; k--) {
                ties[k] = ties[k - 1];
            }
            ties[k] = size;
            first = i;
        }
    }
    for (size_t g = 0; g < groups; g++) {
        hash = (hash ^ ties[g]) * UINT64_C(1099511628211);
    }
    *groups_out = groups;
    return hash | 1;
}

/* The rank of the lowest slope of the interval; 0 where it reaches to infinity. `least` is
 * the smallest |S| that is rejected. */
static size_t
rank_of(uint64_t pairs, double least)
{
    const double left = ((double) pairs - least) / 2.0;

    return left >= 0.0 ? (size_t) left + 1 : 0;
}

static void
fill_null(const nrdi_trends *in, nrdi_null *null, uint64_t pattern, const uint32_t *ties,
    size_t groups, uint64_t pairs)
{
    const double alpha = (1.0 - in->options->level) * (1.0 + ROUNDING);
    size_t outside = 0;

    null->pattern = pattern;
    null->d = nrdi_kendall_count(ties, groups, null->at_most);
    while (2 * outside < null->d && 2.0 * null->at_most[outside] <= alpha) {
        outside++;
    }
    null->rank = 0;
    null->confidence = 1.0;
    if (outside > 0) {
        null->rank = rank_of(pairs, (double) null->d - 2.0 * (double) (outside - 1));
        null->confidence = 1.0 - 2.0 * null->at_most[outside - 1];
    }
}

static nrdi_null *
null_of(const nrdi_trends *in, nrdi_trend_worker *own, uint64_t pattern,
    const uint32_t *ties, size_t groups, uint64_t pairs)
{
    nrdi_null *null = &own->nulls[(pattern >> 1) % NRDI_NULLS_KEPT];

    if (null->pattern != pattern) {
        fill_null(in, null, pattern, ties, groups, pairs);
    }
    return null;
}

/* Ties as Kendall's variance takes them, as whole numbers: n is at most 2^9. */
static void
set_normal(nrd_kendall *test, const uint32_t *ties, size_t groups, size_t n)
{
    uint64_t spread = (uint64_t) n * (n - 1) * (2 * n + 5);

    for (size_t g = 0; g < groups; g++) {
        const uint64_t t = ties[g];

        spread -= t * (t - 1) * (2 * t + 5);
    }
    test->variance = (double) spread / 18.0;
    test->continuity = 1;
}

static double
smallest_p(const uint32_t *ties, size_t groups, size_t n)
{
    double orders = nrdi_log_factorial(n);

    for (size_t g = 0; g < groups; g++) {
        orders -= ties[g] > 1 ? nrdi_log_factorial(ties[g]) : 0.0;
    }
    return fmin(1.0, 2.0 * exp(-orders));
}

static void
copy_test(const nrd_kendall *test, nrd_trend *out)
{
    out->s = test->s;
    out->tau = test->tau_b;
    out->variance = test->variance;
    out->p = test->p;
    out->p_rising = test->p_greater;
    out->p_falling = test->p_less;
    out->smallest_p = test->smallest_p;
    out->exact = test->exact;
}

/* Pairs that rise less pairs that fall; the slopes of all, by the way. */
static int64_t
compare_pairs(const double *time, const double *value, size_t n, double *slopes)
{
    int64_t s = 0;
    size_t made = 0;

    for (size_t i = 1; i < n; i++) {
        for (size_t k = 0; k < i; k++) {
            s += (value[i] > value[k]) - (value[i] < value[k]);
            slopes[made++] = (value[i] - value[k]) / (time[i] - time[k]);
        }
    }
    return s;
}

static uint64_t
untied_pairs(const uint32_t *ties, size_t groups, uint64_t pairs)
{
    for (size_t g = 0; g < groups; g++) {
        pairs -= (uint64_t) ties[g] * (ties[g] - 1) / 2;
    }
    return pairs;
}

/* The rank of the interval of a normal test, and its level. */
static size_t
normal_rank(const nrdi_trends *in, const nrd_kendall *test, uint64_t pairs, nrd_trend *out)
{
    const size_t rank = rank_of(pairs, 1.0 + in->z * sqrt(test->variance));

    out->confidence = rank > 0 && test->variance > 0.0 ? in->options->level : 1.0;
    return test->variance > 0.0 ? rank : 0;
}

/* Median and ends of the interval among the slopes. */
static void
set_slopes(double *slopes, size_t pairs, size_t rank, nrd_trend *out)
{
    const int ends = rank > 0 && 2 * rank <= pairs + 1;

    out->slope = nrdi_median(slopes, pairs);
    if (ends && pairs <= NRDI_FEW) { /* they are sorted */
        out->low = slopes[rank - 1];
        out->high = slopes[pairs - rank];
    } else if (ends) {
        out->low = nrdi_select(slopes, pairs, rank - 1);
        out->high = nrdi_select(slopes, pairs, pairs - rank);
    } else {
        out->low = (double) -INFINITY;
        out->high = (double) INFINITY;
        out->confidence = 1.0;
    }
}

/* The median over rows of the median slope to all others; a row's own pairs lie in the
 * triangle that compare_pairs has filled. */
static double
repeated_median(const double *slopes, size_t n, double *room, double *medians)
{
    for (size_t i = 0; i < n; i++) {
        size_t made = 0;

        for (size_t k = 0; k < i; k++) {
            room[made++] = slopes[i * (i - 1) / 2 + k];
        }
        for (size_t k = i + 1; k < n; k++) {
            room[made++] = slopes[k * (k - 1) / 2 + i];
        }
        medians[i] = nrdi_median(room, made);
    }
    return nrdi_median(medians, n);
}

static void
set_intercept(
    const double *time, const double *value, size_t n, double *room, nrd_trend *out)
{
    for (size_t i = 0; i < n; i++) {
        room[i] = value[i] - out->slope * (time[i] - time[0]);
    }
    out->intercept = nrdi_median(room, n);
}

static void
trend_of_short(const nrdi_trends *in, nrdi_trend_worker *own, const double *time,
    const double *value, size_t n, nrd_trend *out)
{
    const uint64_t pairs = (uint64_t) n * (n - 1) / 2;
    uint32_t ties[NRDI_TREND_SHORT];
    nrd_kendall test = {.s = 0};
    size_t groups, rank;
    double untied;

    memcpy(own->sorted, value, n * sizeof *value);
    nrdi_sort_few(own->sorted, n);
    in->pattern[out - in->out] = pattern_of(own->sorted, n, ties, &groups);
    test.s = compare_pairs(time, value, n, own->slopes);
    untied = (double) untied_pairs(ties, groups, pairs);
    test.tau_b =
        untied > 0.0 ? (double) test.s / sqrt(untied * (double) pairs) : (double) NAN;
    set_normal(&test, ties, groups, n);
    if (n <= NRD_KENDALL_EXACT) {
        const nrdi_null *null =
            null_of(in, own, in->pattern[out - in->out], ties, groups, pairs);

        nrdi_kendall_exact(&test, null->at_most, null->d);
        rank = null->rank;
        out->confidence = null->confidence;
    } else {
        nrdi_kendall_normal(&test);
        test.smallest_p = smallest_p(ties, groups, n);
        rank = normal_rank(in, &test, pairs, out);
    }
    copy_test(&test, out);
    if (in->options->slope == NRD_SLOPE_SIEGEL) {
        out->slope = repeated_median(own->slopes, n, own->sorted, own->medians);
        out->low = out->high = out->confidence = (double) NAN;
    } else {
        set_slopes(own->slopes, pairs, rank, out);
    }
    set_intercept(time, value, n, own->sorted, out);
}

static nrd_status
long_slopes(const nrdi_trends *in, const double *time, const double *value, size_t n,
    size_t rank, nrd_trend *out, nrd_error *err)
{
    const uint64_t pairs = (uint64_t) n * (n - 1) / 2;
    const uint64_t low = (pairs + 1) / 2, high = pairs / 2 + 1;
    const int ends = rank > 0 && rank < low;
    uint64_t ranks[4];
    size_t count = 0;
    double found[4];

    if (ends) {
        ranks[count++] = rank;
    }
    ranks[count++] = low;
    if (high > low) {
        ranks[count++] = high;
    }
    if (ends) {
        ranks[count++] = pairs + 1 - rank;
    }
    NRDI_TRY(nrd_slope_select(time, value, n, ranks, count, in->stop, found, err));
    out->slope = nrdi_mean_of_two(found[ends], found[ends + (high > low)]);
    out->low = ends ? found[0] : (double) -INFINITY;
    out->high = ends ? found[count - 1] : (double) INFINITY;
    out->confidence = ends ? out->confidence : 1.0;
    return NRD_OK;
}

static nrd_status
long_medians(const nrdi_trends *in, const double *time, const double *value, size_t n,
    double *room, nrd_trend *out, nrd_error *err)
{
    double *medians = room + n;

    for (size_t i = 0; i < n; i++) {
        size_t made = 0;

        if (nrdi_is_stopped(in->stop)) {
            return nrdi_fail(err, NRD_E_CANCELLED, NRD_NO_ROW, "the caller asked to stop");
        }
        for (size_t k = 0; k < n; k++) {
            if (k != i) {
                room[made++] = (value[k] - value[i]) / (time[k] - time[i]);
            }
        }
        medians[i] = nrdi_median(room, made);
    }
    out->slope = nrdi_median(medians, n);
    out->low = out->high = out->confidence = (double) NAN;
    return NRD_OK;
}

/* A long series has memory of its own, and the one that reads it is one thread. */
static nrd_status
trend_of_long(const nrdi_trends *in, const double *time, const double *value, size_t n,
    nrd_trend *out, nrd_error *err)
{
    double *room = nrdi_malloc(n, 2 * sizeof *room);
    nrd_kendall test = {.s = 0};
    nrd_status status;

    if (room == NULL) {
        return nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for %zu rows", n);
    }
    in->pattern[out - in->out] = (uint64_t) (out - in->out) << 1 | UINT64_C(1) << 63;
    status = nrd_kendall_test(time, value, n, 1, &test, err);
    if (status == NRD_OK) {
        const size_t rank = normal_rank(in, &test, test.pairs, out);

        copy_test(&test, out);
        status = in->options->slope == NRD_SLOPE_SIEGEL
                     ? long_medians(in, time, value, n, room, out, err)
                     : long_slopes(in, time, value, n, rank, out, err);
    }
    if (status == NRD_OK) {
        set_intercept(time, value, n, room, out);
    }
    nrdi_free(room);
    return status;
}

nrd_status
nrdi_trend_of(const nrdi_trends *in, nrdi_trend_worker *own, size_t k)
{
    const size_t first = in->series->offset[k], n = in->series->offset[k + 1] - first;
    const double *time = in->series->time + first, *value = in->series->value + first;
    nrd_trend *out = &in->out[k];
    nrd_status status = NRD_OK;

    *out = (nrd_trend){.n = n};
    if (n < 2) {
        in->pattern[k] = n;
        out->tau = out->variance = out->p = out->p_rising = (double) NAN;
        out->p_falling = out->smallest_p = out->slope = out->intercept = (double) NAN;
        out->low = out->high = out->confidence = (double) NAN;
    } else if (n <= NRDI_TREND_SHORT) {
        trend_of_short(in, own, time, value, n, out);
    } else {
        status = trend_of_long(in, time, value, n, out, &own->err);
        own->err.row = own->err.row == NRD_NO_ROW ? NRD_NO_ROW : k;
    }
    return status;
}
