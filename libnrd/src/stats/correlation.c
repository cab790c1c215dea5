/* Correlations of many pairs: what is asked for is checked. */

#include "correlation_private.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "parallel_private.h"
#include "status_private.h"

static int
takes_weights(nrd_correlation_method method)
{
    return method <= NRD_CORRELATION_KENDALL;
}

static int
takes_covariates(nrd_correlation_method method)
{
    return method <= NRD_CORRELATION_KENDALL || method == NRD_CORRELATION_WINSORIZED;
}

static nrd_status
check_options(const nrd_correlation_data *data, const nrd_correlation_options *options,
    nrd_error *err)
{
    const nrd_correlation_method method = options->method;
    const char *wrong = NULL;

    if ((int) method < 0 || method > NRD_CORRELATION_PERCENTAGE_BEND ||
        (int) options->relation < 0 || options->relation > NRD_RELATION_BETWEEN ||
        (int) options->part < 0 || options->part > NRD_PART_Y) {
        wrong = "the method, relation or part is none of these";
    } else if (!(options->share >= 0.0 && options->share < 0.5)) {
        wrong = "the share is not in [0, 1/2)";
    } else if (data->weight != NULL && !takes_weights(method)) {
        wrong = "the method takes no weights";
    } else if (data->n_covariates > 0 && !takes_covariates(method)) {
        wrong = "the method takes no covariates";
    } else if (options->part != NRD_PART_BOTH &&
               (data->n_covariates == 0 || method == NRD_CORRELATION_KENDALL)) {
        wrong = "there is no semi-partial correlation without covariates, or of tau";
    } else if (options->relation != NRD_RELATION_ROWS && data->unit == NULL) {
        wrong = "there are no units";
    } else if (options->relation == NRD_RELATION_WITHIN &&
               method != NRD_CORRELATION_PEARSON) {
        wrong = "the method has no correlation within units";
    } else if (options->relation == NRD_RELATION_BETWEEN && !takes_weights(method)) {
        wrong = "the method has no correlation between units";
    } else if ((data->n_covariates > 0 || options->relation != NRD_RELATION_ROWS) &&
               data->weight != NULL) {
        wrong = "weights go with neither covariates nor units";
    } else if (data->n_covariates > 0 && options->relation != NRD_RELATION_ROWS) {
        wrong = "covariates do not go with units";
    }
    return wrong == NULL ? NRD_OK : nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW, "%s", wrong);
}

static nrd_status
check_rows(const nrd_correlation_data *data, nrd_error *err)
{
    for (size_t c = 0; c < data->n_columns; c++) {
        for (size_t i = 0; i < data->n; i++) {
            if (isinf(data->columns[c][i])) {
                return nrdi_fail(err, NRD_E_DOMAIN, i,
                    "column %zu is %g, expected a number", c, data->columns[c][i]);
            }
        }
    }
    for (size_t i = 0; data->weight != NULL && i < data->n; i++) {
        if (data->weight[i] < 0.0 || isinf(data->weight[i])) {
            return nrdi_fail(err, NRD_E_DOMAIN, i,
                "the weight is %g, expected a number from 0 on", data->weight[i]);
        }
    }
    for (size_t i = 0; data->unit != NULL && i < data->n; i++) {
        if (data->unit[i] >= 0 && (uint64_t) data->unit[i] >= data->units) {
            return nrdi_fail(err, NRD_E_DOMAIN, i,
                "the unit is %" PRId64 ", expected a number below %zu", data->unit[i],
                data->units);
        }
    }
    return NRD_OK;
}

nrd_status
nrdi_correlation_check(const nrd_correlation_data *data, const nrd_pair *pairs, size_t n,
    const nrd_correlation_options *options, const void *out, nrd_error *err)
{
    if (data == NULL || options == NULL || (n > 0 && (pairs == NULL || out == NULL)) ||
        (data->n_columns > 0 && data->columns == NULL) ||
        (data->n_covariates > 0 && data->covariates == NULL)) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "a pointer is NULL");
    }
    for (size_t c = 0; c < data->n_columns; c++) {
        if (data->columns[c] == NULL) {
            return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "column %zu is NULL", c);
        }
    }
    if (data->n > NRDI_CORRELATION_ROWS) {
        return nrdi_fail(err, NRD_E_SIZE, NRD_NO_ROW, "there are %zu rows, expected %zu",
            data->n, NRDI_CORRELATION_ROWS);
    }
    NRDI_TRY(check_options(data, options, err));
    for (size_t k = 0; k < n + data->n_covariates; k++) {
        const size_t x = k < n ? pairs[k].x : data->covariates[k - n];
        const size_t y = k < n ? pairs[k].y : x;

        if (x >= data->n_columns || y >= data->n_columns) {
            return nrdi_fail(err, NRD_E_UNKNOWN, k < n ? k : k - n,
                "there is no column %zu", x >= data->n_columns ? x : y);
        }
    }
    return check_rows(data, err);
}

static nrd_status
run(nrdi_correlation_plan *all, const nrd_correlation_data *data, int threads,
    nrd_error *err)
{
    nrd_status status;

    all->rows = data->n;
    all->n_columns = data->n_columns;
    all->covariate = data->covariates;
    all->covariates = data->n_covariates;
    all->units = data->unit != NULL ? data->units : 0;
    status = nrdi_correlation_take(all, data);
    if (status == NRD_OK) {
        status = nrdi_correlation_run(all, threads);
    }
    nrdi_correlation_release(all);
    if (status == NRD_OK) {
        return NRD_OK;
    }
    return nrdi_fail(err, status, NRD_NO_ROW, "%s",
        status == NRD_E_CANCELLED ? "the caller asked to stop"
        : status == NRD_E_MEMORY  ? "no memory for the pairs"
                                  : "the sums of a pair reach too far");
}

nrd_status
nrd_correlation_pairs(const nrd_correlation_data *data, const nrd_pair *pairs, size_t n,
    const nrd_correlation_options *options, int threads, const int *stop,
    nrd_correlation *out, nrd_error *err)
{
    nrdi_correlation_plan all = {
        .options = options, .pairs = pairs, .n_pairs = n, .tasks = n, .stop = stop};
    nrd_status status;

    NRDI_TRY(nrdi_correlation_check(data, pairs, n, options, out, err));
    all.out = nrdi_malloc(n + 1, sizeof *all.out);
    if (all.out == NULL) {
        return nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for %zu pairs", n);
    }
    status = run(&all, data, threads, err);
    if (status == NRD_OK && n > 0) {
        memcpy(out, all.out, n * sizeof *out);
    }
    nrdi_free(all.out);
    return status;
}

/* Coefficients of one pair with other rows, into `left` and from there into out. */
static nrd_status
run_left(nrdi_correlation_plan *all, const nrd_correlation_data *data, int threads,
    double *out, nrd_error *err)
{
    nrd_status status;

    all->left = nrdi_malloc(all->tasks + 1, sizeof *all->left);
    if (all->left == NULL) {
        return nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for %zu", all->tasks);
    }
    status = run(all, data, threads, err);
    if (status == NRD_OK && all->tasks > 0) {
        memcpy(out, all->left, all->tasks * sizeof *out);
    }
    nrdi_free(all->left);
    return status;
}

nrd_status
nrd_correlation_left(const nrd_correlation_data *data, nrd_pair pair,
    const nrd_correlation_options *options, int threads, const int *stop, double *out,
    nrd_error *err)
{
    nrdi_correlation_plan all = {
        .options = options, .pairs = &pair, .n_pairs = 1, .stop = stop};

    NRDI_TRY(nrdi_correlation_check(data, &pair, 1, options, out, err));
    all.tasks = data->unit != NULL ? data->units : data->n;
    return run_left(&all, data, threads, out, err);
}

nrd_status
nrd_correlation_repeated(const nrd_correlation_data *data, nrd_pair pair,
    const nrd_correlation_options *options, const uint32_t *times, size_t count,
    int threads, const int *stop, double *out, nrd_error *err)
{
    nrdi_correlation_plan all = {.options = options,
        .pairs = &pair,
        .n_pairs = 1,
        .tasks = count,
        .times = times,
        .stop = stop};

    NRDI_TRY(nrdi_correlation_check(data, &pair, 1, options, out, err));
    if (times == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "a pointer is NULL");
    }
    for (size_t k = 0; k < count; k++) {
        uint64_t rows = 0;

        for (size_t i = 0; i < data->n; i++) {
            rows += times[k * data->n + i];
        }
        if (rows > NRDI_CORRELATION_ROWS) {
            return nrdi_fail(err, NRD_E_SIZE, k, "there are %" PRIu64 " rows, expected %zu",
                rows, NRDI_CORRELATION_ROWS);
        }
        all.most = rows > all.most ? (size_t) rows : all.most;
    }
    return run_left(&all, data, threads, out, err);
}
