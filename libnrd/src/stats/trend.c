/* Trends of many series: checks, threads, and which series share a pattern of ties. */

#include "trend_private.h"

#include <math.h>
#include <string.h>

#include <gsl/gsl_cdf.h>

#include "parallel_private.h"
#include "status_private.h"

/* Series that a thread takes at a time; fewer than so many rows are not worth a thread. */
#define AT_ONCE 32
#define ROWS_PER_THREAD 4096

static nrd_status
check_rows(const nrd_series *series, size_t k, int ties, nrd_error *err)
{
    for (size_t i = series->offset[k]; i < series->offset[k + 1]; i++) {
        if (!isfinite(series->time[i]) || !isfinite(series->value[i])) {
            return nrdi_fail(err, NRD_E_DOMAIN, i,
                "the time is %g and the value %g, expected finite numbers", series->time[i],
                series->value[i]);
        }
        if (i > series->offset[k] && !(series->time[i] > series->time[i - 1]) &&
            !(ties && series->time[i] == series->time[i - 1] &&
                (i + 1 < series->offset[k + 1] ||
                    series->time[i] > series->time[series->offset[k]]))) {
            return nrdi_fail(err, NRD_E_DOMAIN, i,
                "the time %.12g does not come after %.12g, expected rising times",
                series->time[i], series->time[i - 1]);
        }
        if (series->weight != NULL &&
            !(series->weight[i] > 0.0 && isfinite(series->weight[i]))) {
            return nrdi_fail(err, NRD_E_DOMAIN, i,
                "the weight is %g, expected a finite number above 0", series->weight[i]);
        }
    }
    return NRD_OK;
}

nrd_status
nrdi_series_check(const nrd_series *series, int ties, nrd_error *err)
{
    if (series == NULL || series->offset == NULL || series->time == NULL ||
        series->value == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "a pointer is NULL");
    }
    for (size_t k = 0; k < series->count; k++) {
        const uint64_t from = series->offset[k], to = series->offset[k + 1];

        if (to < from || to - from > UINT32_MAX) {
            return nrdi_fail(err, NRD_E_SIZE, k,
                "the series goes from row %llu to %llu, expected offsets that rise by "
                "less than 2^32",
                (unsigned long long) from, (unsigned long long) to);
        }
        NRDI_TRY(check_rows(series, k, ties, err));
    }
    return NRD_OK;
}

static void
work(void *shared, int w)
{
    nrdi_trends *in = shared;
    nrdi_trend_worker *own = &in->worker[w];
    const size_t count = in->series->count;

    while (own->status == NRD_OK) {
        const size_t first = __atomic_fetch_add(&in->next, AT_ONCE, __ATOMIC_RELAXED);

        if (first >= count) {
            return;
        }
        if (nrdi_is_stopped(in->stop)) {
            own->status = nrdi_fail(
                &own->err, NRD_E_CANCELLED, NRD_NO_ROW, "the caller asked to stop");
        }
        for (size_t k = first; k < count && k < first + AT_ONCE; k++) {
            if (own->status == NRD_OK) {
                own->status = nrdi_trend_of(in, own, k);
            }
        }
    }
}

static nrd_status
no_memory(const nrdi_trends *in, nrd_error *err)
{
    return nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW,
        "no memory for the trends of %zu series", in->series->count);
}

/* The first series with each pattern; patterns are 64 bits of a hash, of which the at most
 * 60,000 of exact tests do not agree by chance. */
static nrd_status
find_alike(nrdi_trends *in, nrd_error *err)
{
    const size_t count = in->series->count;
    size_t room = 64, *first;

    while (room < 2 * count) {
        room *= 2;
    }
    first = nrdi_malloc(room, sizeof *first);
    if (first == NULL) {
        return no_memory(in, err);
    }
    for (size_t k = 0; k < count; k++) {
        size_t place = in->pattern[k] % room;

        while (first[place] != 0 && in->pattern[first[place] - 1] != in->pattern[k]) {
            place = (place + 1) % room;
        }
        if (first[place] == 0) {
            first[place] = k + 1;
        }
        in->out[k].like = first[place] - 1;
    }
    nrdi_free(first);
    return NRD_OK;
}

static int
workers_of(const nrd_series *series, int threads)
{
    const size_t rows = series->count > 0 ? series->offset[series->count] : 0;
    size_t most = rows / ROWS_PER_THREAD + 1;
    const int workers = nrd_thread_count(threads);

    most = most < series->count / AT_ONCE + 1 ? most : series->count / AT_ONCE + 1;
    return (size_t) workers > most ? (int) most : workers;
}

static nrd_status
prepare(nrdi_trends *in, int workers, nrd_error *err)
{
    const nrd_series *series = in->series;
    size_t n;

    for (size_t k = 0; k < series->count; k++) {
        n = series->offset[k + 1] - series->offset[k];
        in->longest = n <= NRDI_TREND_SHORT && n > in->longest ? n : in->longest;
    }
    n = in->longest;
    in->out = nrdi_malloc(series->count, sizeof *in->out);
    in->pattern = nrdi_malloc(series->count, sizeof *in->pattern);
    in->worker = nrdi_malloc((size_t) workers, sizeof *in->worker);
    if (in->out == NULL || in->pattern == NULL || in->worker == NULL) {
        return no_memory(in, err);
    }
    for (int w = 0; w < workers; w++) {
        nrdi_trend_worker *own = &in->worker[w];

        own->nulls = nrdi_malloc(NRDI_NULLS_KEPT, sizeof *own->nulls);
        own->slopes = nrdi_malloc(n * (n + 3) / 2 + 1, sizeof *own->slopes);
        if (own->nulls == NULL || own->slopes == NULL) {
            return no_memory(in, err);
        }
        own->sorted = own->slopes + n * (n - (n > 0)) / 2;
        own->medians = own->sorted + n;
    }
    return NRD_OK;
}

static nrd_status
run(nrdi_trends *in, int workers, nrd_error *err)
{
    NRDI_TRY(prepare(in, workers, err));
    nrdi_parallel_run(workers, work, in);
    for (int w = 0; w < workers; w++) {
        if (in->worker[w].status != NRD_OK) {
            if (err != NULL) {
                *err = in->worker[w].err;
            }
            return in->worker[w].status;
        }
    }
    return find_alike(in, err);
}

static void
release(nrdi_trends *in, int workers)
{
    for (int w = 0; in->worker != NULL && w < workers; w++) {
        nrdi_free(in->worker[w].nulls);
        nrdi_free(in->worker[w].slopes);
    }
    nrdi_free(in->worker);
    nrdi_free(in->pattern);
    nrdi_free(in->out);
}

nrd_status
nrd_trend_test(const nrd_series *series, const nrd_trend_options *options, int threads,
    const int *stop, nrd_trend *out, nrd_error *err)
{
    nrdi_trends in = {.series = series, .options = options, .stop = stop};
    nrd_status status;
    int workers;

    if (options == NULL || out == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "a pointer is NULL");
    }
    if ((int) options->slope < 0 || options->slope > NRD_SLOPE_SIEGEL) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW, "the slope is %d, expected 0 or 1",
            (int) options->slope);
    }
    if (!(options->level > 0.0 && options->level < 1.0)) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "level is %g, expected a number in (0, 1)", options->level);
    }
    NRDI_TRY(nrdi_series_check(series, 0, err));
    in.z = gsl_cdf_ugaussian_Qinv((1.0 - options->level) / 2.0);
    workers = workers_of(series, threads);
    status = run(&in, workers, err);
    if (status == NRD_OK && series->count > 0) {
        memcpy(out, in.out, series->count * sizeof *out);
    }
    release(&in, workers);
    return status;
}
