/* Tests and intervals by the wild bootstrap of clusters.
 *
 * What a replicate needs of the rows are sums over clusters, found once: it costs the
 * number of clusters times that of coefficients, and serves every value tested. */

#include "wild_private.h"

#include <inttypes.h>
#include <math.h>

#include "parallel_private.h"
#include "status_private.h"

/* Fewer products than this are done before a thread has begun. */
#define PRODUCTS_OF_A_THREAD 65536

typedef struct {
    double *alone;
    double *change;
    double *score;
    double *change_score;
    double *bread;
    double *effect;
} sums;

#define SUMS(c, k) ((3 + (k)) * (k) * (c) + (k) + (k) * (k))

static sums
sums_in(double *space, size_t c, size_t k)
{
    sums out = {.alone = space};

    out.change = out.alone + k * c;
    out.score = out.change + k * c;
    out.change_score = out.score + k * c;
    out.bread = out.change_score + k * c * k;
    out.effect = out.bread + k;
    return out;
}

static void
set_cluster(
    const nrdi_fitted *own, const sums *in, size_t c, size_t at, size_t begin, size_t end)
{
    const size_t n = own->n, k = own->k;

    for (size_t j = 0; j < k; j++) {
        const double *z = own->influence + j * n, *part = own->part + j * n;

        in->alone[j * c + at] = nrdi_cluster_sum(own, z, own->residual, begin, end);
        in->change[j * c + at] = nrdi_cluster_sum(own, z, z, begin, end) / in->bread[j];
        in->score[at * k + j] = nrdi_cluster_sum(own, part, own->residual, begin, end) /
                                sqrt(nrdi_fitted_pivot(own)[j]);
        for (size_t m = 0; m < k; m++) {
            in->change_score[(j * c + at) * k + m] =
                nrdi_cluster_sum(own, z, own->part + m * n, begin, end) /
                sqrt(nrdi_fitted_pivot(own)[m]) / in->bread[j];
        }
    }
}

/* Sums over clusters. With the residuals r of the regression and a value d below the
 * estimate, those of the restricted regression are r + d z / bread, z the influences. */
static void
set_sums(nrdi_fitted *own, const int32_t *cluster, const sums *in, size_t c)
{
    const size_t k = own->k;

    nrdi_fitted_fill(own);
    nrdi_fitted_effect(own, in->effect);
    for (size_t j = 0; j < k; j++) {
        in->bread[j] = nrdi_sum_products(in->effect + j * k, in->effect + j * k, NULL, k);
    }
    for (size_t at = 0, begin = 0, end; begin < own->n; begin = end, at++) {
        end = nrdi_cluster_end(own, cluster, begin);
        set_cluster(own, in, c, at, begin, end);
    }
}

typedef struct {
    const nrdi_wild_plan *plan;
    int workers;
    double *spaces;
    int *ended; /* of each worker: it was not asked to stop */
} team;

static void
work_on_replicates(void *shared, int worker)
{
    const team *all = shared;
    const uint64_t replicates = all->plan->replicates;
    const uint64_t share = replicates / (uint64_t) all->workers + 1;
    const uint64_t begin = share * (uint64_t) worker;
    const uint64_t end = begin + share;

    all->ended[worker] =
        nrdi_wild_replicate(all->plan, begin, end < replicates ? end : replicates,
            all->spaces + (size_t) worker * nrdi_wild_space(all->plan));
}

static int
workers_for(const nrdi_wild_plan *plan)
{
    const double products =
        (double) plan->replicates * (double) plan->c * (double) (plan->k * plan->k);
    const int most = nrd_thread_count(plan->options->threads);
    const double useful = 1.0 + products / PRODUCTS_OF_A_THREAD;

    return (double) most < useful ? most : (int) useful;
}

static nrd_status
replicate(const nrdi_wild_plan *plan, nrd_error *err)
{
    team all = {.plan = plan, .workers = workers_for(plan)};
    nrd_status status = NRD_OK;

    all.spaces = nrdi_malloc((size_t) all.workers, nrdi_wild_space(plan) * sizeof(double));
    all.ended = nrdi_malloc((size_t) all.workers, sizeof *all.ended);
    if (all.spaces == NULL || all.ended == NULL) {
        status = nrdi_fail(
            err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for %d threads", all.workers);
    } else {
        nrdi_parallel_run(all.workers, work_on_replicates, &all);
    }
    for (int w = 0; w < all.workers && status == NRD_OK; w++) {
        if (!all.ended[w]) {
            status = nrdi_fail(err, NRD_E_CANCELLED, NRD_NO_ROW, "the call was stopped");
        }
    }
    nrdi_free(all.ended);
    nrdi_free(all.spaces);
    return status;
}

static nrd_wild
no_result(const nrdi_wild_plan *plan)
{
    const double nothing = (double) NAN;

    return (nrd_wild){
        nothing, nothing, nothing, nothing, plan->c, plan->replicates, plan->enumerated};
}

static nrd_wild
test(const nrdi_fitted *own, const nrdi_wild_plan *plan, size_t j)
{
    const nrd_regression_rows *rows = own->rows;
    const size_t at = own->group * own->k + j;
    const double *alone = plan->alone + j * plan->c;
    const double variance = nrdi_sum_products(alone, alone, NULL, plan->c);
    const double factor = nrdi_cluster_factor(own, NRD_CR_1S, plan->c);
    const double se = sqrt(variance);
    const double d =
        rows->coefficient[at] - plan->options->null + rows->coefficient_low[at];
    nrd_wild out = no_result(plan);

    if (variance > 0.0) {
        out.statistic = d / (se * sqrt(factor));
        out.p = nrdi_wild_share(plan, j, d, variance);
        out.low = rows->coefficient[at] - nrdi_wild_reach(plan, j, se, variance);
        out.high = rows->coefficient[at] - nrdi_wild_reach(plan, j, -se, variance);
    }
    return out;
}

/* One regression in `space`, the results of its coefficients to out. */
static nrd_status
work(nrdi_fitted *own, const nrd_wild_options *options, double *space, nrd_wild *out,
    nrd_error *err)
{
    const size_t k = own->k, c = nrdi_clusters_count(own, options->cluster, err);
    const uint64_t sets = nrdi_wild_sets(options->draw, c, options->replicates);
    const sums in = sums_in(space, c, k);
    nrdi_wild_plan plan = {.options = options,
        .rows = own->rows,
        .group = own->group,
        .c = c,
        .k = k,
        .alone = in.alone,
        .change = in.change,
        .score = in.score,
        .change_score = in.change_score,
        .bread = in.bread};
    nrd_status status;

    if (c == 0) {
        return NRD_E_DOMAIN;
    }
    plan.enumerated = sets <= options->replicates;
    plan.replicates = plan.enumerated ? sets : options->replicates;
    set_sums(own, options->cluster, &in, c);
    if (plan.replicates < SIZE_MAX / k) {
        plan.replicate = nrdi_malloc(k * (size_t) plan.replicates, sizeof *plan.replicate);
    }
    if (plan.replicate == NULL) {
        return nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW,
            "no memory for %" PRIu64 " replicates", plan.replicates);
    }
    status = replicate(&plan, err);
    for (size_t j = 0; j < k && status == NRD_OK; j++) {
        out[j] = test(own, &plan, j);
        if (nrdi_rows_stopped(plan.rows)) {
            status = nrdi_fail(err, NRD_E_CANCELLED, NRD_NO_ROW, "the call was stopped");
        }
    }
    nrdi_free(plan.replicate);
    return status;
}

static nrd_status
check_options(const nrd_wild_options *options, nrd_error *err)
{
    if (options->draw != NRD_WILD_RADEMACHER && options->draw != NRD_WILD_WEBB) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "the kind of multipliers is %d, expected 0 or 1", (int) options->draw);
    }
    if (options->restricted != 0 && options->restricted != 1) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW, "restricted is %d, expected 0 or 1",
            options->restricted);
    }
    if (options->replicates == 0) {
        return nrdi_fail(
            err, NRD_E_DOMAIN, NRD_NO_ROW, "there are 0 replicates, expected at least 1");
    }
    if (!isfinite(options->null)) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "the value tested is %g, expected a number", options->null);
    }
    if (!(options->level > 0.0 && options->level < 1.0)) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "level is %g, expected a number in (0, 1)", options->level);
    }
    return NRD_OK;
}

/* All regressions, one after the other; each uses all threads. */
static nrd_status
run(const nrd_regression_rows *rows, const nrd_wild_options *options, size_t most,
    nrd_wild *out, nrd_error *err)
{
    const size_t k = rows->coefficients, most_rows = nrdi_rows_most(rows);
    const size_t own_space = (1 + 2 * k) * most_rows;
    double *space = nrdi_malloc(own_space + SUMS(most, k), sizeof *space);
    nrd_status status = NRD_OK;

    if (space == NULL) {
        return nrdi_fail(
            err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for %zu rows", most_rows);
    }
    for (size_t g = 0; g < rows->groups && status == NRD_OK; g++) {
        nrdi_fitted own;

        if (nrdi_fitted_open(rows, g, space, &own)) {
            status = work(&own, options, space + own_space, out + g * k, err);
        } else {
            for (size_t j = 0; j < k; j++) {
                out[g * k + j] = no_result(&(nrdi_wild_plan){0});
            }
        }
    }
    nrdi_free(space);
    return status;
}

nrd_status
nrd_wild_cluster(const nrd_regression_rows *rows, const nrd_wild_options *options,
    nrd_wild *out, nrd_error *err)
{
    nrd_wild *found;
    nrd_status status;
    size_t most;

    NRDI_TRY(nrdi_rows_check(rows, err));
    if (options == NULL || options->cluster == NULL || out == NULL) {
        return nrdi_fail(
            err, NRD_E_NULL, NRD_NO_ROW, "the options, clusters or the output is NULL");
    }
    NRDI_TRY(check_options(options, err));
    NRDI_TRY(nrdi_clusters_check(rows, options->cluster, &most, err));
    found = nrdi_malloc(rows->groups * rows->coefficients, sizeof *found);
    if (found == NULL) {
        return nrdi_fail(
            err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for %zu regressions", rows->groups);
    }
    status = run(rows, options, most, found, err);
    for (size_t i = 0; i < rows->groups * rows->coefficients && status == NRD_OK; i++) {
        out[i] = found[i];
    }
    nrdi_free(found);
    return status;
}
