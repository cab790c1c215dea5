/* Projections of many series: checks, and a worker for each thread. */

#include "projection_private.h"

#include <inttypes.h>
#include <math.h>

#include "parallel_private.h"
#include "status_private.h"

#define MOST_REPLICATES ((uint64_t) 1 << 26)

/* Series that a worker takes at once: few enough to stop soon, where each draws. */
#define SERIES_AT_ONCE 16

/* Fewer draws than this are done before a thread has begun. */
#define DRAWS_OF_A_THREAD 16384

static nrd_status
check_options(const nrd_projection_options *options, nrd_error *err)
{
    if (options->at_least != 0 && options->at_least != 1) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW, "at_least is %d, expected 0 or 1",
            options->at_least);
    }
    if (!(options->level > 0.0 && options->level < 1.0)) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "level is %g, expected a number in (0, 1)", options->level);
    }
    if (options->replicates > MOST_REPLICATES) {
        return nrdi_fail(err, NRD_E_SIZE, NRD_NO_ROW,
            "there are %" PRIu64 " replicates, expected at most %" PRIu64,
            options->replicates, MOST_REPLICATES);
    }
    for (size_t j = 0; j < options->times; j++) {
        if (!isfinite(options->time[j])) {
            return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
                "a time to project to is %g, expected a number", options->time[j]);
        }
    }
    return NRD_OK;
}

static nrd_status
check_targets(
    const nrd_projection_rows *rows, const nrd_projection_options *options, nrd_error *err)
{
    for (size_t i = 0; i < rows->series; i++) {
        const double target = options->target[i];

        if (isinf(target) || (!isnan(target) && !nrdi_projection_has(rows, target))) {
            return nrdi_fail(err, NRD_E_DOMAIN, i,
                "the target is %g, expected a number that the scale has", target);
        }
        if (options->by != NULL && isinf(options->by[i])) {
            return nrdi_fail(err, NRD_E_DOMAIN, i,
                "the time to reach the target by is %g, expected a number", options->by[i]);
        }
    }
    return NRD_OK;
}

/* Times do not fall as long as the standard is the same. */
static nrd_status
check_row(const nrd_projection_rows *rows, size_t r, int is_first, nrd_error *err)
{
    const int32_t *standard = rows->standard;
    const int compares = !is_first && (standard == NULL || standard[r] == standard[r - 1]);

    if (!isfinite(rows->time[r]) || (compares && rows->time[r] < rows->time[r - 1])) {
        return nrdi_fail(err, NRD_E_DOMAIN, r,
            "time is %.17g, expected a number not below that of the row before",
            rows->time[r]);
    }
    return NRD_OK;
}

static nrd_status
check_rows(const nrd_projection_rows *rows, nrd_error *err)
{
    const uint64_t *at = rows->series_rows;

    if (rows->scale < NRD_PROJECTION_LINEAR || rows->scale > NRD_PROJECTION_LOGIT) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW, "scale is %d, expected 0, 1 or 2",
            (int) rows->scale);
    }
    if (rows->scale == NRD_PROJECTION_LOGIT &&
        !(rows->full > 0.0 && isfinite(rows->full))) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "full is %g, expected a number above 0", rows->full);
    }
    for (size_t i = 0; i < rows->series; i++) {
        if (at[i] > at[i + 1] || at[0] != 0) {
            return nrdi_fail(err, NRD_E_SIZE, i,
                "rows %" PRIu64 " to %" PRIu64 ", expected offsets that rise from 0", at[i],
                at[i + 1]);
        }
    }
    for (size_t i = 0; i < rows->series; i++) {
        for (uint64_t r = at[i]; r < at[i + 1]; r++) {
            NRDI_TRY(check_row(rows, (size_t) r, r == at[i], err));
        }
    }
    return NRD_OK;
}

static nrd_status
check(const nrd_projection_rows *rows, const nrd_projection_options *options,
    const void *points, const void *out, nrd_error *err)
{
    if (rows == NULL || options == NULL || out == NULL || rows->series_rows == NULL ||
        rows->time == NULL || rows->value == NULL || options->target == NULL ||
        (options->times > 0 && (options->time == NULL || points == NULL))) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "an array is NULL");
    }
    NRDI_TRY(check_options(options, err));
    NRDI_TRY(check_rows(rows, err));
    return check_targets(rows, options, err);
}

typedef struct {
    const nrd_projection_rows *rows;
    const nrd_projection_options *options;
    nrd_projection_point *points;
    nrd_projection *out;
    size_t most;   /* rows of the longest series */
    double *space; /* of all workers */
    size_t of_one; /* numbers of it that a worker has */
    size_t next;   /* the first series that no worker has taken */
    nrd_status status;
} team;

static void
clear(const team *all, size_t i)
{
    const double nothing = (double) NAN;
    const size_t times = all->options->times;

    for (size_t j = 0; j < times; j++) {
        all->points[i * times + j] =
            (nrd_projection_point){nothing, nothing, nothing, nothing};
    }
    all->out[i] = (nrd_projection){.df = nothing,
        .slope = nothing,
        .centre = nothing,
        .mean = nothing,
        .spread = nothing,
        .sigma = nothing,
        .last_time = nothing,
        .last_value = nothing,
        .reach = nothing,
        .reach_low = nothing,
        .reach_high = nothing,
        .probability = nothing,
        .past = nothing,
        .needed = nothing};
}

static nrd_status
project(nrdi_projected *own, nrd_projection_point *points, nrd_projection *out)
{
    const nrd_projection_options *options = own->options;
    const double target = options->target[own->series];

    own->target = isnan(target) ? target : nrdi_projection_to(own->rows, target);
    out->n = own->n;
    nrdi_projection_fit(own, out);
    if (out->state > NRD_PROJECTION_EXACT) {
        return NRD_OK;
    }
    for (size_t j = 0; j < options->times; j++) {
        points[j].estimate =
            nrdi_projection_back(own->rows, nrdi_projection_line(out, options->time[j]));
    }
    if (out->state == NRD_PROJECTION_EXACT) {
        return NRD_OK;
    }
    if (options->replicates == 0) {
        nrdi_projection_student(own, points, out);
        return NRD_OK;
    }
    return nrdi_projection_draw(own, points, out, NULL);
}

static void
work(void *shared, int worker)
{
    team *all = shared;
    const uint64_t *at = all->rows->series_rows;
    const size_t most = all->most, replicates = (size_t) all->options->replicates;
    nrdi_projected own = {.rows = all->rows, .options = all->options};
    size_t begin;

    own.from = all->space + (size_t) worker * all->of_one;
    own.value = own.from + most;
    own.error = own.value + most;
    own.drawn = own.error + most;
    own.intercept = own.drawn + (replicates > most ? replicates : most);
    own.slope = own.intercept + replicates;
    while ((begin = __atomic_fetch_add(&all->next, SERIES_AT_ONCE, __ATOMIC_RELAXED)) <
           all->rows->series) {
        for (size_t i = begin; i < begin + SERIES_AT_ONCE && i < all->rows->series; i++) {
            nrd_status status = NRD_E_CANCELLED;

            clear(all, i);
            own.series = i;
            own.begin = (size_t) at[i];
            own.n = (size_t) (at[i + 1] - at[i]);
            if (!nrdi_is_stopped(all->options->stop)) {
                status = project(&own, all->points + i * all->options->times, &all->out[i]);
            }
            if (status != NRD_OK) {
                __atomic_store_n(&all->status, status, __ATOMIC_RELAXED);
                return;
            }
        }
    }
}

static int
workers_for(const nrd_projection_rows *rows, const nrd_projection_options *options)
{
    const double draws = (double) rows->series * (1.0 + (double) options->replicates);
    const double useful = 1.0 + draws / DRAWS_OF_A_THREAD;
    const int most = nrd_thread_count(options->threads);

    return (double) most < useful ? most : (int) useful;
}

static nrd_status
run(team *all, nrd_error *err)
{
    const int workers = workers_for(all->rows, all->options);
    const size_t replicates = (size_t) all->options->replicates;

    for (size_t i = 0; i < all->rows->series; i++) {
        const size_t n =
            (size_t) (all->rows->series_rows[i + 1] - all->rows->series_rows[i]);

        all->most = n > all->most ? n : all->most;
    }
    all->of_one =
        3 * all->most + (replicates > all->most ? replicates : all->most) + 2 * replicates;
    all->space = nrdi_malloc((size_t) workers, (all->of_one + 1) * sizeof *all->space);
    if (all->space == NULL) {
        all->status = NRD_E_MEMORY;
    } else {
        nrdi_parallel_run(workers, work, all);
    }
    nrdi_free(all->space);
    if (all->status == NRD_E_CANCELLED) {
        return nrdi_fail(err, NRD_E_CANCELLED, NRD_NO_ROW, "the call was stopped");
    }
    return all->status == NRD_OK ? NRD_OK
                                 : nrdi_fail(err, all->status, NRD_NO_ROW,
                                       "no memory for %zu series", all->rows->series);
}

nrd_status
nrd_projection_find(const nrd_projection_rows *rows, const nrd_projection_options *options,
    nrd_projection_point *points_out, nrd_projection *out, nrd_error *err)
{
    team all = {.rows = rows, .options = options};
    nrd_status status = NRD_E_MEMORY;

    NRDI_TRY(check(rows, options, points_out, out, err));
    all.points = nrdi_malloc(rows->series, (options->times + 1) * sizeof *all.points);
    all.out = nrdi_malloc(rows->series, sizeof *all.out);
    if (all.points == NULL || all.out == NULL) {
        status = nrdi_fail(
            err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for %zu series", rows->series);
    } else {
        status = run(&all, err);
    }
    for (size_t i = 0; i < rows->series && status == NRD_OK; i++) {
        out[i] = all.out[i];
    }
    for (size_t i = 0; i < rows->series * options->times && status == NRD_OK; i++) {
        points_out[i] = all.points[i];
    }
    nrdi_free(all.points);
    nrdi_free(all.out);
    return status;
}
