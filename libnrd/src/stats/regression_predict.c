/* Predictions in twice the digits: the terms of a polynomial cancel, and what the columns
 * of a design leave of each other is small. */

#include <nrd/regression.h>

#include <math.h>

#include "moments_private.h"
#include "parallel_private.h"
#include "status_private.h"
#include "twofold_private.h"

/* Fewer rows than this are not worth a thread. */
#define ROWS_PER_THREAD 8192

typedef struct {
    const nrd_regression_points *points;
    const nrd_regression_model *model;
    const nrd_regression_results *found;
    size_t k;
    size_t rows;
    int workers;
    nrdi_twofold *terms; /* k of each thread */
    double *fitted;
    double *leverage; /* or NULL */
} prediction;

/* The number that a double stands for: a decimal, where it is the nearest to one. */
static nrdi_twofold
value_of(const nrd_regression_points *points, size_t column, size_t row)
{
    const nrd_column *held = &points->columns[column];
    const double x = ((const double *) held->values)[held->offset + row];
    const int32_t decimals = points->decimals != NULL ? points->decimals[column] : -1;
    const double whole = decimals >= 0 ? nrdi_in_decimals(x, decimals) : (double) NAN;

    if (isnan(whole)) {
        return (nrdi_twofold){x, 0.0};
    }
    return nrdi_twofold_divide((nrdi_twofold){whole, 0.0},
        (nrdi_twofold){(double) nrdi_power_of_ten(decimals), 0.0});
}

static int
is_missing(const prediction *p, size_t row)
{
    const nrd_regression_model *model = p->model;

    if (p->points->regression != NULL && p->points->regression[row] < 0) {
        return 1;
    }
    for (size_t i = 0; i < model->n; i++) {
        const nrd_column *column = &p->points->columns[model->terms[i].column];
        const double *values = column->values;

        if (!nrd_column_is_valid(column, row) || isnan(values[column->offset + row])) {
            return 1;
        }
    }
    return 0;
}

static void
fill_terms(const prediction *p, size_t row, nrdi_twofold *terms)
{
    const nrd_regression_model *model = p->model;

    terms[0] = (nrdi_twofold){1.0, 0.0};
    for (size_t i = 0; i < model->n; i++) {
        const nrd_term term = model->terms[i];
        const nrdi_twofold x = value_of(p->points, term.column, row);
        nrdi_twofold power = x;

        for (int32_t a = 1; a < term.power; a++) {
            power = nrdi_twofold_multiply(power, x);
        }
        terms[i + (size_t) model->intercept] = power;
    }
}

static nrdi_twofold
inner(const double *high, const double *low, const nrdi_twofold *terms, size_t n)
{
    nrdi_twofold sum = {0.0, 0.0};

    for (size_t i = 0; i < n; i++) {
        sum = nrdi_twofold_add(
            sum, nrdi_twofold_multiply((nrdi_twofold){high[i], low[i]}, terms[i]));
    }
    return sum;
}

static void
write_row(const prediction *p, size_t row, double fitted, double leverage)
{
    p->fitted[row] = fitted;
    if (p->leverage != NULL) {
        p->leverage[row] = leverage;
    }
}

static void
predict_row(const prediction *p, size_t row, nrdi_twofold *terms)
{
    const nrd_regression_results *found = p->found;
    const int64_t *regression = p->points->regression;
    const size_t k = p->k, r = regression != NULL ? (size_t) regression[row] : 0;
    nrdi_twofold sum = {0.0, 0.0};
    double fitted;

    fill_terms(p, row, terms);
    fitted =
        inner(found->coefficient + r * k, found->coefficient_low + r * k, terms, k).high;
    for (size_t i = 0; i < k && p->leverage != NULL; i++) {
        const size_t at = (r * k + i) * k;
        const nrdi_twofold left =
            inner(found->factor + at, found->factor_low + at, terms, i + 1);

        sum = nrdi_twofold_add(sum, nrdi_twofold_divide(nrdi_twofold_multiply(left, left),
                                        (nrdi_twofold){found->pivot[r * k + i], 0.0}));
    }
    write_row(p, row, fitted, sum.high);
}

static void
work(void *shared, int w)
{
    const prediction *p = shared;
    const nrdi_uint128 rows = p->rows;
    const size_t end = (size_t) (rows * (unsigned) (w + 1) / (unsigned) p->workers);

    for (size_t row = (size_t) (rows * (unsigned) w / (unsigned) p->workers); row < end;
         row++) {
        if (is_missing(p, row)) {
            write_row(p, row, (double) NAN, (double) NAN);
        } else {
            predict_row(p, row, p->terms + (size_t) w * (p->k + 1));
        }
    }
}

static nrd_status
check_column(const prediction *p, size_t column, nrd_error *err)
{
    const nrd_column *held = &p->points->columns[column];

    NRDI_TRY(nrd_column_check(held, NRD_TYPE_FLOAT64, p->rows, "a column", err));
    for (size_t row = 0; row < p->rows; row++) {
        const double x = ((const double *) held->values)[held->offset + row];

        if (nrd_column_is_valid(held, row) && isinf(x)) {
            return nrdi_fail(err, NRD_E_DOMAIN, row,
                "column %zu is %g, expected a finite number", column, x);
        }
    }
    return NRD_OK;
}

static nrd_status
check(prediction *p, nrd_error *err)
{
    const nrd_regression_points *points = p->points;

    if (p->model->within != NULL) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "the model has units, whose intercepts are not estimated");
    }
    for (size_t i = 0; i < p->model->n; i++) {
        if (p->model->terms[i].column >= points->n) {
            return nrdi_fail(err, NRD_E_UNKNOWN, NRD_NO_ROW,
                "there is no column %zu among the %zu", p->model->terms[i].column,
                points->n);
        }
    }
    /* Without terms any column says how many rows there are. */
    if (points->n > 0) {
        p->rows = points->columns[p->model->n > 0 ? p->model->terms[0].column : 0].length;
    }
    for (size_t i = 0; i < p->model->n; i++) {
        NRDI_TRY(check_column(p, p->model->terms[i].column, err));
    }
    for (size_t row = 0; row < p->rows && points->regression != NULL; row++) {
        if (points->regression[row] >= (int64_t) points->regressions) {
            return nrdi_fail(err, NRD_E_UNKNOWN, row,
                "there is no regression %lld among the %zu",
                (long long) points->regression[row], points->regressions);
        }
    }
    return NRD_OK;
}

nrd_status
nrd_regression_predict(const nrd_regression_points *points,
    const nrd_regression_model *model, const nrd_regression_results *found, int threads,
    double *fitted_out, double *leverage_out, nrd_error *err)
{
    prediction p = {.points = points, .model = model, .found = found};
    size_t most;

    if (points == NULL || model == NULL || found == NULL || fitted_out == NULL ||
        (points->columns == NULL && points->n > 0) ||
        (model->terms == NULL && model->n > 0) || found->coefficient == NULL ||
        found->coefficient_low == NULL || found->factor == NULL ||
        found->factor_low == NULL || found->pivot == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "a pointer is NULL");
    }
    NRDI_TRY(check(&p, err));
    p.k = model->n + (size_t) model->intercept;
    p.fitted = fitted_out;
    p.leverage = leverage_out;
    most = p.rows / ROWS_PER_THREAD + 1;
    p.workers = nrd_thread_count(threads);
    p.workers = (size_t) p.workers > most ? (int) most : p.workers;
    p.terms = nrdi_malloc((size_t) p.workers * (p.k + 1), sizeof *p.terms);
    if (p.terms == NULL) {
        return nrdi_fail(
            err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for %d threads", p.workers);
    }
    nrdi_parallel_run(p.workers, work, &p);
    nrdi_free(p.terms);
    return NRD_OK;
}
