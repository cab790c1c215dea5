/* Sums of resamples as states of exact sums, which can be merged. */

#include "bootstrap_private.h"

#include <math.h>

#include "exact_private.h"
#include "moments_private.h"
#include "status_private.h"

/* What turns the scaled, centred sums of a column into its own: a power of two, halved so
 * that it is a double, and the centre. */
typedef struct {
    double half;
    double centre;
} scale;

static scale
scale_of(const nrd_bootstrap *of, size_t column)
{
    return (scale){ldexp(1.0, of->exponent[column] - 1), of->centre[column]};
}

/* Sum of a column: that of the scaled one, and its centre for each row. */
static void
add_column(const nrd_bootstrap *of, const double *sums, size_t c, nrd_exact *out)
{
    const nrdi_sliced own = of->sliced[NRDI_SUM_X + c];
    const scale by = scale_of(of, c);

    for (size_t k = 0; k < own.count; k++) {
        nrd_exact_add_product(out, 2.0 * sums[own.first + k], by.half);
    }
    nrd_exact_add_product(out, by.centre, sums[of->sliced[NRDI_SUM_ROWS].first]);
}

/* Sum of a product, multiplied out. */
static void
add_product(const nrd_bootstrap *of, const double *sums, size_t i, size_t j, nrd_exact *out)
{
    const nrdi_sliced both = of->sliced[NRDI_SUM_XX + i + j];
    const scale x = scale_of(of, i), y = scale_of(of, j);
    const nrdi_sliced own_x = of->sliced[NRDI_SUM_X + i];
    const nrdi_sliced own_y = of->sliced[NRDI_SUM_X + j];

    for (size_t k = 0; k < both.count; k++) {
        nrd_exact_add_product3(out, 4.0 * sums[both.first + k], x.half, y.half);
    }
    for (size_t k = 0; k < own_x.count; k++) {
        nrd_exact_add_product3(out, 2.0 * sums[own_x.first + k], x.half, y.centre);
    }
    for (size_t k = 0; k < own_y.count; k++) {
        nrd_exact_add_product3(out, 2.0 * sums[own_y.first + k], y.half, x.centre);
    }
    nrd_exact_add_product3(out, sums[of->sliced[NRDI_SUM_ROWS].first], x.centre, y.centre);
}

/* The sums of one resample into the record of its group, which was empty. */
static void
add_resample(
    const nrd_bootstrap *of, const double *sums, nrd_moments *state, int64_t *record)
{
    nrd_exact exact;

    for (size_t i = 0; i < of->n_columns; i++) {
        nrd_exact_init(&exact);
        add_column(of, sums, i, &exact);
        nrdi_moments_add_sum(state, record, nrdi_moments_column(state, i), &exact);
        for (size_t j = i; j < of->n_columns && of->statistic != NRD_STATISTIC_MEAN; j++) {
            nrd_exact_init(&exact);
            add_product(of, sums, i, j, &exact);
            nrdi_moments_add_sum(state, record, nrdi_moments_product(state, i, j), &exact);
        }
    }
    nrdi_moments_carry(state, record);
    record[NRDI_ROWS] = (int64_t) sums[of->sliced[NRDI_SUM_ROWS].first];
}

static void
some_moments(const nrdi_run *all, nrdi_resample *own, size_t from, size_t count)
{
    nrdi_run_draw(all, own, from, count);
    nrdi_sums_weigh(all->of, own);
    for (size_t k = 0; k < count; k++) {
        add_resample(all->of, own->sums + k * all->of->slices.count, all->moments,
            nrdi_moments_record(all->moments, from + k));
    }
}

static int
fits(const nrd_bootstrap *of, const nrd_bootstrap_run *run, const nrd_moments *state)
{
    const nrd_moments_level level =
        of->statistic == NRD_STATISTIC_MEAN ? NRD_MOMENTS_MEANS : NRD_MOMENTS_COVARIANCES;

    if (state->columns != of->n_columns || state->weights != NRD_WEIGHTS_NONE ||
        state->groups < run->count || state->level != level) {
        return 0;
    }
    for (size_t i = 0; i < state->columns; i++) {
        if (state->decimals[i] >= 0) {
            return 0;
        }
    }
    return 1;
}

static nrd_status
check(const nrd_bootstrap *of, const nrd_bootstrap_run *run, const nrd_moments *state,
    nrd_error *err)
{
    if (of == NULL || run == NULL || state == NULL) {
        return nrdi_fail(
            err, NRD_E_NULL, NRD_NO_ROW, "the bootstrap, run or state is NULL");
    }
    if (!nrdi_is_sums(of) || of->statistic == NRD_STATISTIC_MEAN_DIFFERENCE) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "the statistic is %d, expected means, r or a slope", (int) of->statistic);
    }
    if (of->flushed) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "values of one column differ in size by more than 2^400, expected less");
    }
    if (!fits(of, run, state)) {
        return nrdi_fail(err, NRD_E_CONFLICT, NRD_NO_ROW,
            "the state has %zu columns and %zu groups, expected %zu, at least %zu, no "
            "weights or decimals, and the level of the statistic",
            state->columns, state->groups, of->n_columns, run->count);
    }
    return NRD_OK;
}

/* A state with a group for each replicate, whose records have room for any sum. */
static nrd_status
wide_state(const nrd_moments *like, size_t groups, nrd_moments **out, nrd_error *err)
{
    int *ends = NULL;
    nrd_status status;

    NRDI_TRY(
        nrd_moments_new(like->columns, groups, like->weights, like->level, NULL, out, err));
    ends = nrdi_malloc(2 * (*out)->sums, sizeof *ends);
    if (ends == NULL) {
        return nrdi_fail(
            err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for %zu sums", (*out)->sums);
    }
    for (size_t k = 0; k < (*out)->sums; k++) {
        ends[(*out)->sums + k] = NRDI_EXACT_DIGITS;
    }
    status = nrdi_moments_widen(*out, ends, ends + (*out)->sums, err);
    nrdi_free(ends);
    return status;
}

nrd_status
nrd_bootstrap_moments(const nrd_bootstrap *bootstrap, const nrd_bootstrap_run *run,
    nrd_moments *state, nrd_error *err)
{
    nrdi_run all = {.of = bootstrap, .some = some_moments};
    nrd_status status;

    NRDI_TRY(check(bootstrap, run, state, err));
    if (run->count == 0) {
        return NRD_OK;
    }
    all.options = *run;
    status = wide_state(state, run->count, &all.moments, err);
    if (status == NRD_OK) {
        status = nrdi_run_workers(&all, 0);
        status = status == NRD_OK ? nrd_moments_merge(state, all.moments, NULL, err)
                                  : nrdi_run_failed(&all, status, err);
    }
    nrd_moments_free(all.moments);
    return status;
}
