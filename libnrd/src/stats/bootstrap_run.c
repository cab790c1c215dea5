/* Replicates and jackknife values, cut among threads: each is computed by one of them. */

#include "bootstrap_private.h"

#include <math.h>
#include <string.h>

#include "decimal_private.h"
#include "exact_block_private.h"
#include "parallel_private.h"
#include "status_private.h"

/* Work on fewer rows in all than this is not worth a thread. */
#define ROWS_PER_THREAD 65536

static void
release(nrdi_resample *own)
{
    nrdi_free(own->count);
    nrdi_free(own->memory);
    nrdi_free(own->sums);
    nrdi_free(own->total);
    nrdi_free(own->scratch);
}

/* Distance from one weights to the next. */
static size_t
weights_apart(const nrd_bootstrap *of, int by_unit)
{
    return by_unit ? of->units_sliced.rows : of->slices.rows > 0 ? of->slices.rows : of->n;
}

/* Room for one thread; weights of all rows are 1, and 0 behind them. */
static int
prepare(const nrd_bootstrap *of, nrdi_resample *own)
{
    const size_t together = of->scheme == NRD_SCHEME_POISSON ? NRDI_POISSON_REPLICATES : 1;
    const size_t weights = weights_apart(of, 0);

    own->count = of->units < SIZE_MAX / together ? nrdi_malloc(of->units, together) : NULL;
    own->memory = nrdi_malloc(weights * NRDI_DOTS + NRDI_LINE, sizeof *own->memory);
    own->sums = nrdi_malloc(NRDI_DOTS * of->slices.count, sizeof *own->sums);
    own->total = nrdi_malloc(of->n_sliced, sizeof *own->total);
    own->scratch = nrdi_malloc(nrdi_ranks_scratch(of), sizeof *own->scratch);
    if (own->count == NULL || own->memory == NULL || own->sums == NULL ||
        own->total == NULL || own->scratch == NULL) {
        return 0;
    }
    own->weights = own->weight = nrdi_on_a_line(own->memory);
    for (size_t i = 0; i < of->n; i++) {
        own->weight[i] = 1.0;
    }
    return 1;
}

/* The standard error is as undefined as the statistic. */
static void
evaluate_error(const nrd_bootstrap *of, nrdi_resample *own, const double *value, double *se)
{
    nrdi_sums_error(of, own, se);
    for (size_t c = 0; c < of->width; c++) {
        se[c] = isnan(value[c]) ? (double) NAN : se[c];
    }
}

/* Statistics of all weights in hand, and their standard errors where these are wanted. */
static void
evaluate(const nrdi_run *all, nrdi_resample *own, size_t count, double *out, double *se)
{
    const nrd_bootstrap *of = all->of;

    if (nrdi_is_sums(of)) {
        nrdi_sums_weigh(of, own);
    }
    for (size_t k = 0; k < count && !nrdi_is_stopped(all->options.stop); k++) {
        const size_t at = k * of->width;

        own->weight = own->weights + k * weights_apart(of, 0);
        if (nrdi_is_sums(of)) {
            nrdi_sums_evaluate(of, own, k, out + at);
        } else {
            nrdi_ranks_evaluate(of, own, out + at);
        }
        if (se != NULL) {
            evaluate_error(of, own, out + at, se + at);
        }
    }
    own->weight = own->weights;
}

void
nrdi_run_draw(const nrdi_run *all, nrdi_resample *own, size_t from, size_t count)
{
    for (size_t k = 0; k < count && !nrdi_is_stopped(all->options.stop); k++) {
        own->weight = own->weights + k * weights_apart(all->of, own->by_unit);
        nrdi_resample_draw(all->of, all->options.seed, all->options.first + from + k, own);
    }
}

static void
some_replicates(const nrdi_run *all, nrdi_resample *own, size_t from, size_t count)
{
    const size_t at = from * all->of->width;

    nrdi_run_draw(all, own, from, count);
    if (all->of->width > 0) {
        evaluate(all, own, count, all->out + at, all->se != NULL ? all->se + at : NULL);
    }
}

static void
some_weights(const nrdi_run *all, nrdi_resample *own, size_t from, size_t count)
{
    const size_t n = all->of->n;

    nrdi_run_draw(all, own, from, count);
    for (size_t k = 0; k < count; k++) {
        for (size_t i = 0; i < n; i++) {
            all->weights[(from + k) * n + i] =
                (uint32_t) own->weights[k * weights_apart(all->of, own->by_unit) + i];
        }
    }
}

static void
one_left_out(const nrd_bootstrap *of, nrdi_resample *own, size_t u, double *out)
{
    const size_t end = nrdi_unit_start(of, u + 1);

    for (size_t i = nrdi_unit_start(of, u); i < end; i++) {
        own->weight[i] = 0.0;
    }
    nrdi_ranks_evaluate(of, own, out);
    for (size_t i = nrdi_unit_start(of, u); i < end; i++) {
        own->weight[i] = 1.0;
    }
}

static void
some_left_out(const nrdi_run *all, nrdi_resample *own, size_t from, size_t count)
{
    const nrd_bootstrap *of = all->of;

    for (size_t u = from; u < from + count; u++) {
        if (nrdi_is_sums(of)) {
            nrdi_sums_without(of, own, u, all->out + u * of->width);
        } else if (of->width > 0) {
            one_left_out(of, own, u, all->out + u * of->width);
        }
    }
}

static void
work(void *shared, int w)
{
    const nrdi_run *all = shared;
    nrdi_resample *own = &all->own[w];
    const size_t count = all->options.count;
    const size_t end =
        (size_t) ((nrdi_uint128) count * (unsigned) (w + 1) / (unsigned) all->workers);
    size_t from = (size_t) ((nrdi_uint128) count * (unsigned) w / (unsigned) all->workers);

    for (; from < end && !nrdi_is_stopped(all->options.stop); from += NRDI_DOTS) {
        all->some(all, own, from, end - from < NRDI_DOTS ? end - from : NRDI_DOTS);
    }
    /* What was left undone within a step is seen here, too. */
    own->status = nrdi_is_stopped(all->options.stop) ? NRD_E_CANCELLED : NRD_OK;
}

/* As many threads as asked for, but not more than the work is worth. */
static int
workers_for(const nrdi_run *all)
{
    const double worth =
        (double) all->options.count * (double) all->of->n / ROWS_PER_THREAD;
    int most = nrd_thread_count(all->options.threads);

    most = (double) most > worth ? (int) worth : most;
    return most > 1 ? most : 1;
}

static nrd_status
start_workers(nrdi_run *all, int jackknife)
{
    all->own = nrdi_malloc((size_t) all->workers, sizeof *all->own);
    if (all->own == NULL) {
        return NRD_E_MEMORY;
    }
    for (int w = 0; w < all->workers; w++) {
        if (!prepare(all->of, &all->own[w])) {
            return NRD_E_MEMORY;
        }
        /* Standard errors take rows apart. */
        all->own[w].by_unit = all->some == some_replicates && all->se == NULL &&
                              all->of->units_sliced.count > 0;
        /* The sums of all rows, from which those of each unit are taken away; the statistic
         * is overwritten. */
        if (jackknife && nrdi_is_sums(all->of)) {
            evaluate(all, &all->own[w], 1, all->out, NULL);
        }
    }
    return NRD_OK;
}

nrd_status
nrdi_run_workers(nrdi_run *all, int jackknife)
{
    const nrd_bootstrap *of = all->of;
    nrd_status status;

    if (jackknife && of->width > 0 && !nrdi_is_sums(of) && of->unit_rows == NULL) {
        return nrdi_ranks_left(all);
    }
    all->workers = workers_for(all);
    status = start_workers(all, jackknife);
    if (status == NRD_OK) {
        nrdi_parallel_run(all->workers, work, all);
    }
    for (int w = 0; all->own != NULL && w < all->workers; w++) {
        status = status == NRD_OK ? all->own[w].status : status;
        release(&all->own[w]);
    }
    nrdi_free(all->own);
    return status;
}

nrd_status
nrdi_run_failed(const nrdi_run *all, nrd_status status, nrd_error *err)
{
    if (status == NRD_E_CANCELLED) {
        return nrdi_fail(err, status, NRD_NO_ROW, "the caller asked to stop");
    }
    return nrdi_fail(err, status, NRD_NO_ROW, "no memory for %zu replicates of %zu rows",
        all->options.count, all->of->n);
}

/* Fill outputs of its own, so that the caller's are written on success only. */
static nrd_status
run_into(nrdi_run *all, int jackknife, double *out, double *se_out, nrd_error *err)
{
    const size_t width = all->of->width > 0 ? all->of->width : 1;
    const size_t count = all->options.count;
    nrd_status status = NRD_E_MEMORY;

    if (count < SIZE_MAX / 16 / width) {
        all->out = nrdi_malloc(count * width, sizeof *out);
        all->se = se_out != NULL ? nrdi_malloc(count * width, sizeof *se_out) : NULL;
    }
    if (all->out != NULL && (all->se != NULL) == (se_out != NULL)) {
        status = count > 0 ? nrdi_run_workers(all, jackknife) : NRD_OK;
    }
    if (status == NRD_OK) {
        memcpy(out, all->out, count * all->of->width * sizeof *out);
        if (se_out != NULL) {
            memcpy(se_out, all->se, count * all->of->width * sizeof *se_out);
        }
    }
    nrdi_free(all->out);
    nrdi_free(all->se);
    return status == NRD_OK ? NRD_OK : nrdi_run_failed(all, status, err);
}

/* Standard errors need rows that are drawn apart, and sums. */
static nrd_status
check_error(const nrd_bootstrap *of, const double *se_out, nrd_error *err)
{
    const int blocks = of->scheme == NRD_SCHEME_MOVING || of->scheme == NRD_SCHEME_CIRCULAR;

    if (se_out != NULL && (blocks || !nrdi_is_sums(of))) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "a replicate has no standard error %s, expected means, r or a slope of rows, "
            "clusters or strata",
            blocks ? "with blocks" : "with this statistic");
    }
    return NRD_OK;
}

nrd_status
nrd_bootstrap_replicates(const nrd_bootstrap *bootstrap, const nrd_bootstrap_run *of,
    double *out, double *se_out, nrd_error *err)
{
    nrdi_run all = {.of = bootstrap, .some = some_replicates};

    if (bootstrap == NULL || of == NULL || out == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "the bootstrap, run or out is NULL");
    }
    NRDI_TRY(check_error(bootstrap, se_out, err));
    all.options = *of;
    return run_into(&all, 0, out, se_out, err);
}

nrd_status
nrd_bootstrap_estimate(
    const nrd_bootstrap *bootstrap, double *out, double *se_out, nrd_error *err)
{
    const nrdi_run all = {.of = bootstrap};
    nrdi_resample own = {0};

    if (bootstrap == NULL || out == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "the bootstrap or out is NULL");
    }
    NRDI_TRY(check_error(bootstrap, se_out, err));
    if (!prepare(bootstrap, &own)) {
        release(&own);
        return nrdi_fail(
            err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for %zu rows", bootstrap->n);
    }
    if (bootstrap->width > 0) {
        evaluate(&all, &own, 1, out, se_out);
    }
    release(&own);
    return NRD_OK;
}

nrd_status
nrd_bootstrap_jackknife(const nrd_bootstrap *bootstrap, int threads, const int *stop,
    double *out, nrd_error *err)
{
    nrdi_run all = {.of = bootstrap, .some = some_left_out};

    if (bootstrap == NULL || out == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "the bootstrap or out is NULL");
    }
    if (nrdi_is_block(bootstrap->scheme)) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "rows are drawn in blocks, expected units that can be left out");
    }
    all.options =
        (nrd_bootstrap_run){.count = bootstrap->units, .threads = threads, .stop = stop};
    return run_into(&all, 1, out, NULL, err);
}

nrd_status
nrd_bootstrap_weights(const nrd_bootstrap *bootstrap, const nrd_bootstrap_run *of,
    uint32_t *out, nrd_error *err)
{
    nrdi_run all = {.of = bootstrap, .some = some_weights};
    nrd_status status = NRD_E_MEMORY;

    if (bootstrap == NULL || of == NULL || out == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "the bootstrap, run or out is NULL");
    }
    all.options = *of;
    if (of->count < SIZE_MAX / 8 / bootstrap->n) {
        all.weights = nrdi_malloc(of->count * bootstrap->n, sizeof *out);
    }
    if (all.weights != NULL) {
        status = of->count > 0 ? nrdi_run_workers(&all, 0) : NRD_OK;
    }
    if (status == NRD_OK) {
        memcpy(out, all.weights, of->count * bootstrap->n * sizeof *out);
    }
    nrdi_free(all.weights);
    return status == NRD_OK ? NRD_OK : nrdi_run_failed(&all, status, err);
}
