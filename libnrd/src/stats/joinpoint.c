/* Joints of many series: checks, and a worker for each thread. */

#include "joinpoint_private.h"

#include <inttypes.h>
#include <math.h>

#include "parallel_private.h"
#include "status_private.h"

#define MOST_ROWS ((uint64_t) 1 << 16)
#define MOST_PERMUTATIONS ((uint64_t) 1 << 20)

static nrd_status
check_options(const nrd_joinpoint_options *options, nrd_error *err)
{
    if (options->rule < NRD_JOINPOINT_GIVEN || options->rule > NRD_JOINPOINT_BIC) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW, "rule is %d, expected 0, 1 or 2",
            (int) options->rule);
    }
    if (options->between != 0 && options->between != 1) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW, "between is %d, expected 0 or 1",
            options->between);
    }
    if (options->most < 0 || options->most > NRDI_JOINTS) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW, "most is %d, expected 0 to %d",
            options->most, NRDI_JOINTS);
    }
    if (options->least < 2) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW, "least is %d, expected at least 2",
            options->least);
    }
    if (!(options->alpha > 0.0 && options->alpha < 1.0)) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "alpha is %g, expected a number in (0, 1)", options->alpha);
    }
    if (!(options->level > 0.0 && options->level < 1.0)) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "level is %g, expected a number in (0, 1)", options->level);
    }
    if (options->permutations < 1 || options->permutations > MOST_PERMUTATIONS) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "there are %" PRIu64 " permutations, expected 1 to %" PRIu64,
            options->permutations, MOST_PERMUTATIONS);
    }
    return NRD_OK;
}

static nrd_status
check_row(const nrd_joinpoint_rows *rows, size_t r, int is_first, nrd_error *err)
{
    if (!isfinite(rows->time[r]) || (!is_first && rows->time[r] <= rows->time[r - 1])) {
        return nrdi_fail(err, NRD_E_DOMAIN, r,
            "time is %.17g, expected a number above that of the row before", rows->time[r]);
    }
    if (rows->weight != NULL && !(rows->weight[r] > 0.0 && isfinite(rows->weight[r]))) {
        return nrdi_fail(err, NRD_E_DOMAIN, r, "the weight is %g, expected one above 0",
            rows->weight[r]);
    }
    return NRD_OK;
}

static nrd_status
check_rows(const nrd_joinpoint_rows *rows, nrd_error *err)
{
    const uint64_t *at = rows->series_rows;

    for (size_t i = 0; i < rows->series; i++) {
        if (at[i] > at[i + 1] || at[0] != 0 || at[i + 1] - at[i] > MOST_ROWS) {
            return nrdi_fail(err, NRD_E_SIZE, i,
                "rows %" PRIu64 " to %" PRIu64
                ", expected offsets that rise from 0 by at most %" PRIu64,
                at[i], at[i + 1], MOST_ROWS);
        }
    }
    for (size_t i = 0; i < rows->series; i++) {
        for (uint64_t r = at[i]; r < at[i + 1]; r++) {
            NRDI_TRY(check_row(rows, (size_t) r, r == at[i], err));
        }
    }
    return NRD_OK;
}

typedef struct {
    const nrd_joinpoint_rows *rows;
    const nrd_joinpoint_options *options;
    nrd_joinpoint *out;
    size_t most; /* rows of the longest series */
    size_t next; /* the first series that no worker has taken */
    nrd_status status;
} team;

static nrd_joinpoint
nothing(size_t n)
{
    const double none = (double) NAN;
    nrd_joinpoint out = {.n = n, .df = none, .rss = none, .start = none};

    for (int j = 0; j <= NRDI_JOINTS; j++) {
        out.slope[j] = out.slope_low[j] = out.slope_high[j] = out.bic[j] = none;
    }
    for (int j = 0; j < NRDI_JOINTS; j++) {
        out.joint[j] = out.joint_low[j] = out.joint_high[j] = out.p[j] = none;
    }
    return out;
}

static nrd_status
find(const nrd_joinpoint_rows *rows, size_t i, nrdi_joined *own, nrd_joinpoint *out)
{
    const size_t begin = (size_t) rows->series_rows[i];

    own->n = (size_t) rows->series_rows[i + 1] - begin;
    own->time = rows->time + begin;
    own->number = own->options->first + i;
    *out = nothing(own->n);
    for (size_t r = 0; r < own->n; r++) {
        if (!isfinite(rows->value[begin + r])) {
            out->state = NRD_JOINPOINT_NOT_FINITE;
            return NRD_OK;
        }
    }
    if (own->n < 3) {
        out->state = NRD_JOINPOINT_NO_LINE;
        return NRD_OK;
    }
    nrdi_joined_open(
        own, rows->value + begin, rows->weight != NULL ? rows->weight + begin : NULL);
    return nrdi_joined_choose(own, out);
}

/* Columns of values that a search has: those of a test, or the series. */
static size_t
columns_of(const nrd_joinpoint_options *options)
{
    return options->rule == NRD_JOINPOINT_PERMUTATION ? (size_t) options->permutations : 1;
}

static void
work(void *shared, int worker)
{
    team *all = shared;
    const size_t most = all->most, columns = columns_of(all->options);
    nrd_joinpoint_options options = *all->options;
    nrdi_joined own = {.options = &options};
    double *space =
        nrdi_malloc(1, ((12 + columns) * most + 3 * columns + 2) * sizeof *space);
    nrd_status status = NRD_OK;
    size_t i;

    (void) worker;
    options.permutations = columns;
    own.order = nrdi_malloc(most, sizeof *own.order);
    if (space == NULL || own.order == NULL) {
        status = NRD_E_MEMORY;
    } else {
        own.root = space;
        own.value = own.root + most;
        own.line = own.value + most;
        own.term = own.line + 2 * most;
        own.many = own.term + 8 * most;
        own.sum = own.many + columns * most;
    }
    while (status == NRD_OK &&
           (i = __atomic_fetch_add(&all->next, 1, __ATOMIC_RELAXED)) < all->rows->series) {
        status = nrdi_is_stopped(options.stop) ? NRD_E_CANCELLED
                                               : find(all->rows, i, &own, &all->out[i]);
    }
    if (status != NRD_OK) {
        __atomic_store_n(&all->status, status, __ATOMIC_RELAXED);
    }
    nrdi_free(own.order);
    nrdi_free(space);
}

static nrd_status
run(team *all, nrd_error *err)
{
    const int threads = nrd_thread_count(all->options->threads);
    const size_t series = all->rows->series;

    for (size_t i = 0; i < series; i++) {
        const size_t n =
            (size_t) (all->rows->series_rows[i + 1] - all->rows->series_rows[i]);

        all->most = n > all->most ? n : all->most;
    }
    nrdi_parallel_run(
        (size_t) threads < series ? threads : (int) (series > 0 ? series : 1), work, all);
    if (all->status == NRD_E_CANCELLED) {
        return nrdi_fail(err, NRD_E_CANCELLED, NRD_NO_ROW, "the call was stopped");
    }
    return all->status == NRD_OK ? NRD_OK
                                 : nrdi_fail(err, all->status, NRD_NO_ROW,
                                       "no memory for %zu series", series);
}

nrd_status
nrd_joinpoint_find(const nrd_joinpoint_rows *rows, const nrd_joinpoint_options *options,
    nrd_joinpoint *out, nrd_error *err)
{
    team all = {.rows = rows, .options = options};
    nrd_status status;

    if (rows == NULL || options == NULL || out == NULL || rows->series_rows == NULL ||
        rows->time == NULL || rows->value == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "an array is NULL");
    }
    NRDI_TRY(check_options(options, err));
    NRDI_TRY(check_rows(rows, err));
    all.out = nrdi_malloc(rows->series, sizeof *all.out);
    if (all.out == NULL) {
        return nrdi_fail(
            err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for %zu series", rows->series);
    }
    status = run(&all, err);
    for (size_t i = 0; i < rows->series && status == NRD_OK; i++) {
        out[i] = all.out[i];
    }
    nrdi_free(all.out);
    return status;
}
