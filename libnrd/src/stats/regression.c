/* Regressions from a state of exact sums: checks, what they have in common, and threads.
 * regression_read.c reads the sums, regression_matrix.c makes them a matrix, and
 * regression_solve.c the results. */

#include "regression_private.h"

#include "moments_power_private.h"
#include "parallel_private.h"
#include "status_private.h"

/* Fewer regressions than this are not worth a thread. */
#define PER_THREAD 256

/* The term of a column of the matrix; NULL for the intercept. */
static nrd_term
term_of(const nrdi_regression *plan, size_t i)
{
    const nrd_regression_model *model = plan->model;

    if (i == plan->k) {
        return (nrd_term){model->y, 1};
    }
    return model->intercept && i == 0 ? (nrd_term){0, 0}
                                      : model->terms[i - (size_t) model->intercept];
}

static nrd_status
check_term(const nrd_moments *state, nrd_term term, nrd_error *err)
{
    const int32_t *degrees = nrdi_moments_degrees(state);
    int most;

    if (term.column >= state->columns) {
        return nrdi_fail(err, NRD_E_UNKNOWN, NRD_NO_ROW,
            "there is no column %zu among the %zu", term.column, state->columns);
    }
    most = degrees != NULL ? (int) degrees[term.column] : 1;
    if (term.power < 1 || term.power > most) {
        return nrdi_fail(err, NRD_E_UNKNOWN, NRD_NO_ROW,
            "the power of column %zu is %d, expected 1 to %d", term.column,
            (int) term.power, most);
    }
    return NRD_OK;
}

static nrd_status
check_terms(const nrd_moments *state, const nrd_regression_model *model, nrd_error *err)
{
    NRDI_TRY(check_term(state, (nrd_term){model->y, 1}, err));
    for (size_t i = 0; i < model->n; i++) {
        const nrd_term term = model->terms[i];

        NRDI_TRY(check_term(state, term, err));
        for (size_t j = 0; j < i; j++) {
            if (model->terms[j].column == term.column &&
                model->terms[j].power == term.power) {
                return nrdi_fail(err, NRD_E_DUPLICATE, NRD_NO_ROW,
                    "column %zu is twice among the terms", term.column);
            }
        }
        if (term.column == model->y) {
            return nrdi_fail(err, NRD_E_DUPLICATE, NRD_NO_ROW,
                "column %zu is regressed on itself", term.column);
        }
    }
    return NRD_OK;
}

static nrd_status
check_model(const nrd_moments *state, const nrd_regression_model *model, nrd_error *err)
{
    if (state->level != NRD_MOMENTS_COVARIANCES) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW, "the state keeps no covariances");
    }
    if (model->n + (model->intercept != 0) == 0) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW, "there is nothing to estimate");
    }
    if (model->intercept != 0 && (model->intercept != 1 || model->within != NULL)) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW, "the intercept is %d, expected 0%s",
            model->intercept, model->within != NULL ? " beside units" : " or 1");
    }
    if (model->within == NULL && model->regressions != state->groups) {
        return nrdi_fail(err, NRD_E_UNKNOWN, NRD_NO_ROW,
            "there are %zu regressions, expected one for each of the %zu groups",
            model->regressions, state->groups);
    }
    for (size_t g = 0; g < state->groups && model->within != NULL; g++) {
        if (model->within[g] < 0 || (size_t) model->within[g] >= model->regressions) {
            return nrdi_fail(err, NRD_E_UNKNOWN, g,
                "there is no regression %lld among the %zu", (long long) model->within[g],
                model->regressions);
        }
    }
    return check_terms(state, model, err);
}

/* Place of the sum of the products of two columns of the matrix. */
static size_t
sum_of(const nrd_moments *state, nrd_term a, nrd_term b)
{
    if (a.power == 0 && b.power == 0) {
        return state->weights == NRD_WEIGHTS_NONE ? NRDI_COUNT : 0;
    }
    if (a.power == 0) {
        return nrdi_moments_power(state, b.column, b.power, b.column, 0);
    }
    if (b.power == 0) {
        return nrdi_moments_power(state, a.column, a.power, a.column, 0);
    }
    return nrdi_moments_power(state, a.column, a.power, b.column, b.power);
}

/* Put the units of each regression side by side. */
static void
sort_units(const nrdi_regression *plan)
{
    const nrd_regression_model *model = plan->model;

    for (size_t g = 0; g < plan->state->groups; g++) {
        plan->first[model->within[g] + 1]++;
    }
    for (size_t r = 0; r < model->regressions; r++) {
        plan->first[r + 1] += plan->first[r];
    }
    for (size_t g = plan->state->groups; g-- > 0;) {
        const size_t end = --plan->first[model->within[g] + 1];

        plan->member[end] = g;
    }
    for (size_t r = 0; r < model->regressions; r++) {
        plan->first[r] = plan->first[r + 1];
    }
    plan->first[model->regressions] = plan->state->groups;
}

static int
prepare_worker(const nrdi_regression *plan, nrdi_regression_worker *own)
{
    own->limbs = nrdi_malloc(plan->entries, NRDI_SUM_LIMBS * sizeof *own->limbs);
    own->sum = nrdi_malloc(plan->entries, sizeof *own->sum);
    own->exponent = nrdi_malloc(plan->entries, sizeof *own->exponent);
    own->shift = nrdi_malloc(plan->order, sizeof *own->shift);
    if (own->limbs == NULL || own->sum == NULL || own->exponent == NULL ||
        own->shift == NULL) {
        return 0;
    }
    if (plan->k >= NRDI_MANY) {
        own->before = nrdi_malloc(2 * plan->k * (plan->k + 1), sizeof *own->before);
        if (own->before == NULL) {
            return 0;
        }
    }
    if (plan->model->within != NULL) {
        own->scratch = nrdi_malloc(3 * NRDI_SCRATCH_LIMBS, sizeof *own->scratch);
        if (own->scratch == NULL) {
            return 0;
        }
    }
    for (size_t e = 0; e < plan->entries; e++) {
        own->sum[e].limb = own->limbs + e * NRDI_SUM_LIMBS;
    }
    return 1;
}

static int
prepare(nrdi_regression *plan)
{
    const nrd_moments *state = plan->state;
    const size_t regressions = plan->model->regressions;

    plan->sum = nrdi_malloc(plan->entries, sizeof *plan->sum);
    plan->single = nrdi_malloc(plan->order, sizeof *plan->single);
    plan->unit = nrdi_malloc(plan->order, sizeof *plan->unit);
    plan->worker = nrdi_malloc((size_t) plan->workers, sizeof *plan->worker);
    if (plan->model->within != NULL) {
        plan->first = nrdi_malloc(regressions + 1, sizeof *plan->first);
        plan->member = nrdi_malloc(state->groups, sizeof *plan->member);
        if (plan->first == NULL || plan->member == NULL) {
            return 0;
        }
        sort_units(plan);
    }
    if (plan->sum == NULL || plan->single == NULL || plan->unit == NULL ||
        plan->worker == NULL) {
        return 0;
    }
    plan->plain = 1;
    for (size_t i = 0; i < plan->order; i++) {
        const nrd_term term = term_of(plan, i);
        const int32_t decimals = term.power > 0 ? state->decimals[term.column] : 0;

        plan->unit[i] = nrdi_double2_power_of_ten(decimals > 0 ? decimals * term.power : 0);
        plan->plain &= term.power == 0 || decimals <= 0;
        plan->single[i] = sum_of(state, (nrd_term){0, 0}, term);
        for (size_t j = 0; j <= i; j++) {
            plan->sum[i * (i + 1) / 2 + j] = sum_of(state, term_of(plan, j), term);
        }
    }
    for (int w = 0; w < plan->workers; w++) {
        if (!prepare_worker(plan, &plan->worker[w])) {
            return 0;
        }
    }
    return 1;
}

static void
release(nrdi_regression *plan)
{
    for (int w = 0; w < plan->workers && plan->worker != NULL; w++) {
        nrdi_regression_worker *own = &plan->worker[w];

        nrdi_sweep_free(&own->matrix);
        nrdi_free(own->limbs);
        nrdi_free(own->sum);
        nrdi_free(own->exponent);
        nrdi_free(own->shift);
        nrdi_free(own->before);
        nrdi_free(own->scratch);
    }
    nrdi_free(plan->sum);
    nrdi_free(plan->single);
    nrdi_free(plan->unit);
    nrdi_free(plan->first);
    nrdi_free(plan->member);
    nrdi_free(plan->worker);
}

static void
work(void *shared, int w)
{
    nrdi_regression *plan = shared;
    nrdi_regression_worker *own = &plan->worker[w];
    const nrdi_uint128 all = plan->model->regressions;
    const size_t end = (size_t) (all * (unsigned) (w + 1) / (unsigned) plan->workers);

    for (size_t r = (size_t) (all * (unsigned) w / (unsigned) plan->workers);
         r < end && own->status == NRD_OK; r++) {
        nrd_fit fit = {.dependent = -1};

        if (nrdi_regression_is_stopped(plan)) {
            own->status = nrdi_fail(
                &own->err, NRD_E_CANCELLED, NRD_NO_ROW, "the caller asked to stop");
            return;
        }
        nrdi_regression_read(plan, own, r, &fit);
        own->status = nrdi_regression_solve(plan, own, r, &fit);
    }
}

static nrd_status
run(nrdi_regression *plan, nrd_error *err)
{
    if (!prepare(plan)) {
        return nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW,
            "no memory for %zu coefficients in %d threads", plan->k, plan->workers);
    }
    nrdi_parallel_run(plan->workers, work, plan);
    for (int w = 0; w < plan->workers; w++) {
        if (plan->worker[w].status != NRD_OK) {
            if (err != NULL) {
                *err = plan->worker[w].err;
            }
            return plan->worker[w].status;
        }
    }
    return NRD_OK;
}

nrd_status
nrd_regression_fit(const nrd_moments *state, const nrd_regression_model *model, int threads,
    const int *stop, nrd_regression_results *out, nrd_error *err)
{
    nrdi_regression plan = {.state = state, .model = model, .stop = stop, .out = out};
    nrd_status status;
    size_t most;

    if (state == NULL || model == NULL || out == NULL || out->fit == NULL ||
        (model->terms == NULL && model->n > 0)) {
        return nrdi_fail(
            err, NRD_E_NULL, NRD_NO_ROW, "the state, the model or the output is NULL");
    }
    NRDI_TRY(check_model(state, model, err));
    plan.k = model->n + (size_t) model->intercept;
    plan.order = plan.k + 1;
    plan.entries = plan.order * (plan.order + 1) / 2;
    most = model->regressions / PER_THREAD + 1;
    plan.workers = nrd_thread_count(threads);
    plan.workers = (size_t) plan.workers > most ? (int) most : plan.workers;
    status = run(&plan, err);
    release(&plan);
    return status;
}
