/* The common trend of the areas of a group. */

#include "trend_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <nrd/random.h>
#include <nrd/trend_serial.h>

#include "order_private.h"
#include "parallel_private.h"
#include "status_private.h"

#define MOST_TIMES 512

/* So many times have few enough orders to look at each: 9! are 362,880. */
#define FEW_TIMES 9

/* One call. */
typedef struct {
    const nrd_series *series;
    const nrd_regional_options *options;
    const nrd_trend *plain;
    size_t *start;  /* places of the series of each group in `member` */
    size_t *member; /* series, group by group */
    size_t groups, next;
    nrd_regional *out;
    const int *stop;
    nrd_status *status; /* of each worker */
    nrd_error *errors;
} call;

/* Different times of a group, and for each two of them the areas whose value rises from the
 * first to the second less those whose value falls. */
typedef struct {
    double *time;
    size_t n;
    int32_t *signs; /* n x n */
} years;

static int
compare(const void *a, const void *b)
{
    const double one = *(const double *) a, other = *(const double *) b;

    return (one > other) - (one < other);
}

static size_t
rows_of(const call *in, size_t group)
{
    size_t rows = 0;

    for (size_t i = in->start[group]; i < in->start[group + 1]; i++) {
        const size_t k = in->member[i];

        rows += in->series->offset[k + 1] - in->series->offset[k];
    }
    return rows;
}

static nrd_status
find_times(const call *in, size_t group, years *out, nrd_error *err)
{
    size_t rows = 0;

    out->time = nrdi_malloc(rows_of(in, group) + 1, sizeof *out->time);
    if (out->time == NULL) {
        return nrdi_fail(
            err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for the times of group %zu", group);
    }
    for (size_t i = in->start[group]; i < in->start[group + 1]; i++) {
        const size_t k = in->member[i], first = in->series->offset[k];
        const size_t n = in->series->offset[k + 1] - first;

        memcpy(out->time + rows, in->series->time + first, n * sizeof *out->time);
        rows += n;
    }
    qsort(out->time, rows, sizeof *out->time, compare);
    for (size_t i = 0; i < rows; i++) {
        if (out->n == 0 || out->time[i] != out->time[out->n - 1]) {
            out->time[out->n++] = out->time[i];
        }
    }
    if (out->n > MOST_TIMES) {
        return nrdi_fail(err, NRD_E_SIZE, group,
            "the group has %zu different times, expected at most %d", out->n, MOST_TIMES);
    }
    return NRD_OK;
}

static size_t
place_of(const years *in, double time)
{
    const double *found = bsearch(&time, in->time, in->n, sizeof time, compare);

    return (size_t) (found - in->time);
}

static nrd_status
add_signs(const call *in, size_t group, years *out, nrd_error *err)
{
    size_t place[MOST_TIMES];

    out->signs = nrdi_malloc(out->n * out->n + 1, sizeof *out->signs);
    if (out->signs == NULL) {
        return nrdi_fail(
            err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for the times of group %zu", group);
    }
    for (size_t g = in->start[group]; g < in->start[group + 1]; g++) {
        const size_t k = in->member[g], first = in->series->offset[k];
        const size_t n = in->series->offset[k + 1] - first;
        const double *value = in->series->value + first;

        for (size_t j = 0; j < n; j++) {
            place[j] = place_of(out, in->series->time[first + j]);
            for (size_t i = 0; i < j; i++) {
                const int sign = (value[j] > value[i]) - (value[j] < value[i]);

                out->signs[place[i] * out->n + place[j]] += sign;
                out->signs[place[j] * out->n + place[i]] -= sign;
            }
        }
    }
    return NRD_OK;
}

static int64_t
sum_in_order(const years *in, const uint32_t *order)
{
    int64_t sum = 0;

    for (size_t i = 0; i < in->n; i++) {
        const int32_t *row = in->signs + order[i] * in->n;

        for (size_t j = i + 1; j < in->n; j++) {
            sum += row[order[j]];
        }
    }
    return sum;
}

/* The next order, as in a dictionary; 0 after the last. */
static int
next_order(uint32_t *order, size_t n)
{
    size_t i = n - 1, k = n - 1;
    uint32_t kept;

    while (i > 0 && order[i - 1] > order[i]) {
        i--;
    }
    if (i == 0) {
        return 0;
    }
    while (order[k] < order[i - 1]) {
        k--;
    }
    kept = order[i - 1];
    order[i - 1] = order[k];
    order[k] = kept;
    for (size_t low = i, high = n - 1; low < high; low++, high--) {
        kept = order[low];
        order[low] = order[high];
        order[high] = kept;
    }
    return 1;
}

typedef struct {
    uint64_t greater, less, all;
} counts;

static void
count(counts *out, int64_t found, int64_t s)
{
    out->greater += found >= s;
    out->less += found <= s;
    out->all++;
}

static nrd_status
exchange(const call *in, size_t group, const years *held, nrd_regional *out, nrd_error *err)
{
    uint32_t order[MOST_TIMES];
    counts found = {0};
    nrd_random rng;

    for (size_t i = 0; i < held->n; i++) {
        order[i] = (uint32_t) i;
    }
    out->exact = held->n <= FEW_TIMES;
    if (out->exact) {
        do {
            count(&found, sum_in_order(held, order), out->s);
        } while (next_order(order, held->n));
    }
    for (uint64_t b = 0; b < in->options->resamples && !out->exact; b++) {
        if (nrdi_is_stopped(in->stop)) {
            return nrdi_fail(err, NRD_E_CANCELLED, NRD_NO_ROW, "the caller asked to stop");
        }
        nrd_random_start(&rng, in->options->seed, b, group);
        nrd_random_permutation(&rng, held->n, order);
        count(&found, sum_in_order(held, order), out->s);
    }
    out->arrangements = found.all;
    if (!out->exact) {
        found.greater++;
        found.less++;
        found.all++;
    }
    out->p_joint =
        fmin(1.0, 2.0 * (double) (found.greater < found.less ? found.greater : found.less) /
                      (double) found.all);
    return NRD_OK;
}

/* Sums over the areas, which are taken as independent. */
static void
add_up(const call *in, size_t group, nrd_regional *out)
{
    nrd_kendall test = {.continuity = 1};

    for (size_t i = in->start[group]; i < in->start[group + 1]; i++) {
        const nrd_trend *found = &in->plain[in->member[i]];

        if (found->n > 1) {
            out->series++;
            test.s += found->s;
            test.variance += found->variance;
        }
    }
    out->s = test.s;
    out->variance = test.variance;
    out->slope = out->p = out->p_joint = (double) NAN;
    if (out->series > 0) {
        nrdi_kendall_normal(&test);
        out->p = test.p;
    }
}

/* The regional slope: all pairs within series count alike. */
static nrd_status
set_slope(const call *in, size_t group, nrd_regional *out, nrd_error *err)
{
    size_t pairs = 0, made = 0;
    double *slopes;

    for (size_t i = in->start[group]; i < in->start[group + 1]; i++) {
        const size_t n = in->plain[in->member[i]].n;

        pairs += n > 1 ? n * (n - 1) / 2 : 0;
    }
    out->slope = (double) NAN;
    slopes = nrdi_malloc(pairs + 1, sizeof *slopes);
    if (slopes == NULL) {
        return nrdi_fail(
            err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for the slopes of group %zu", group);
    }
    for (size_t g = in->start[group]; g < in->start[group + 1]; g++) {
        const size_t first = in->series->offset[in->member[g]];
        const double *time = in->series->time + first, *value = in->series->value + first;

        for (size_t j = 1; j < in->plain[in->member[g]].n; j++) {
            for (size_t i = 0; i < j; i++) {
                slopes[made++] = (value[j] - value[i]) / (time[j] - time[i]);
            }
        }
    }
    if (made > 0) {
        out->slope = nrdi_median(slopes, made);
    }
    nrdi_free(slopes);
    return NRD_OK;
}

static nrd_status
group_of(const call *in, size_t group, nrd_error *err)
{
    nrd_regional *out = &in->out[group];
    years held = {0};
    nrd_status status;

    *out = (nrd_regional){0};
    add_up(in, group, out);
    status = find_times(in, group, &held, err);
    out->times = held.n;
    if (status == NRD_OK && held.n > 1) {
        status = set_slope(in, group, out, err);
        status = status == NRD_OK ? add_signs(in, group, &held, err) : status;
        status = status == NRD_OK ? exchange(in, group, &held, out, err) : status;
    }
    nrdi_free(held.time);
    nrdi_free(held.signs);
    return status;
}

static void
work(void *shared, int w)
{
    call *in = shared;
    size_t group;

    while (in->status[w] == NRD_OK &&
           (group = __atomic_fetch_add(&in->next, 1, __ATOMIC_RELAXED)) < in->groups) {
        in->status[w] = group_of(in, group, &in->errors[w]);
    }
}

static nrd_status
gather(call *in, const int32_t *group, nrd_error *err)
{
    const size_t series = in->series->count;

    for (size_t k = 0; k < series; k++) {
        if (group[k] < 0 || (size_t) group[k] >= in->groups) {
            return nrdi_fail(err, NRD_E_UNKNOWN, k, "the group is %d, expected 0 to %zu",
                (int) group[k], in->groups - 1);
        }
        in->start[group[k] + 1]++;
    }
    for (size_t g = 0; g < in->groups; g++) {
        in->start[g + 1] += in->start[g];
    }
    for (size_t k = series; k-- > 0;) {
        in->member[--in->start[group[k] + 1]] = k;
    }
    /* Each start has moved to that of its group: put the ends back. */
    memmove(in->start, in->start + 1, in->groups * sizeof *in->start);
    in->start[in->groups] = series;
    return NRD_OK;
}

static nrd_status
run(call *in, const int32_t *group, int threads, nrd_trend *plain, nrd_error *err)
{
    const nrd_trend_options options = {NRD_SLOPE_THEIL_SEN, 0.95};
    int workers = nrd_thread_count(threads);

    workers = (size_t) workers > in->groups ? (int) in->groups : workers;
    in->status = nrdi_malloc((size_t) workers, sizeof *in->status);
    in->errors = nrdi_malloc((size_t) workers, sizeof *in->errors);
    if (in->status == NULL || in->errors == NULL) {
        return nrdi_fail(
            err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for %zu groups", in->groups);
    }
    NRDI_TRY(gather(in, group, err));
    NRDI_TRY(nrd_trend_test(in->series, &options, threads, in->stop, plain, err));
    nrdi_parallel_run(workers, work, in);
    for (int w = 0; w < workers; w++) {
        if (in->status[w] != NRD_OK) {
            if (err != NULL) {
                *err = in->errors[w];
            }
            return in->status[w];
        }
    }
    return NRD_OK;
}

nrd_status
nrd_trend_regional(const nrd_series *series, const int32_t *group, size_t groups,
    const nrd_regional_options *options, int threads, const int *stop, nrd_regional *out,
    nrd_error *err)
{
    call in = {.series = series, .options = options, .groups = groups, .stop = stop};
    nrd_trend *plain = NULL;
    nrd_status status;

    NRDI_TRY(nrdi_series_check(series, 0, err));
    if (group == NULL || options == NULL || out == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "a pointer is NULL");
    }
    if (groups == 0 || options->resamples == 0) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "there are %zu groups and %llu resamples, expected at least 1 of each", groups,
            (unsigned long long) options->resamples);
    }
    in.start = nrdi_malloc(groups + 2, sizeof *in.start);
    in.member = nrdi_malloc(series->count, sizeof *in.member);
    plain = nrdi_malloc(series->count, sizeof *plain);
    in.out = nrdi_malloc(groups, sizeof *in.out);
    in.plain = plain;
    status =
        in.start != NULL && in.member != NULL && plain != NULL && in.out != NULL
            ? run(&in, group, threads, plain, err)
            : nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for %zu groups", groups);
    if (status == NRD_OK) {
        memcpy(out, in.out, groups * sizeof *out);
    }
    nrdi_free(in.start);
    nrdi_free(in.member);
    nrdi_free(plain);
    nrdi_free(in.out);
    nrdi_free(in.status);
    nrdi_free(in.errors);
    return status;
}
