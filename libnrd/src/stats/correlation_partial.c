/* Correlations of what covariates or units leave of two columns. */

#include "correlation_private.h"

#include <math.h>

#include "status_private.h"

#include <nrd/regression.h>

/* Columns of the state: the covariates, then x, then y. */
typedef struct {
    size_t k; /* covariates */
    size_t coefficients;
    const nrd_moments *state;
    const int64_t *within; /* zeros, one for each unit; NULL: no units */
    nrd_term *terms;
    double *coefficient;
    double *pivot;
} parts;

/* What the regression of one of the two columns on the covariates and the other says. */
typedef struct {
    nrd_fit fit;
    double coefficient; /* of the other */
    double left;        /* sum of squares that the covariates leave of the other */
} regression;

static nrd_status
regress(const parts *own, size_t on, size_t y, regression *out)
{
    const nrd_regression_model model = {.y = y,
        .terms = own->terms,
        .n = own->k + 1,
        .intercept = own->within == NULL,
        .within = own->within,
        .regressions = 1};
    nrd_regression_results results = {
        .fit = &out->fit, .coefficient = own->coefficient, .pivot = own->pivot};

    own->terms[own->k] = (nrd_term){.column = on, .power = 1};
    NRDI_TRY(nrd_regression_fit(own->state, &model, 1, NULL, &results, NULL));
    out->coefficient = own->coefficient[own->coefficients - 1];
    out->left = own->pivot[own->coefficients - 1];
    return NRD_OK;
}

/* Why there is no partial correlation, of a fit whose last column is x or y. */
static void
set_reason(const parts *own, const nrd_fit *fit, nrd_pair_status last, nrd_correlation *out)
{
    const size_t column = (size_t) fit->dependent;

    if (fit->status == NRD_FIT_EMPTY || fit->status == NRD_FIT_FEW_ROWS) {
        out->status = NRD_PAIR_FEW_ROWS;
    } else if (column + 1 == own->coefficients) {
        out->status = last;
    } else {
        out->status = NRD_PAIR_COVARIATE;
        out->covariate = (int32_t) column - (own->within == NULL);
    }
}

static double
combine(
    const nrd_correlation_options *options, const regression *on_x, const regression *on_y)
{
    const double bounded = sqrt(on_x->left / on_y->left);
    double r = on_x->coefficient * bounded;

    if (options->part == NRD_PART_X) {
        r = on_x->coefficient * sqrt(on_x->left / on_x->fit.tss);
    } else if (options->part == NRD_PART_Y) {
        r = on_y->coefficient * sqrt(on_y->left / on_y->fit.tss);
    } else if (on_x->fit.rss == 0.0) {
        return r > 0.0 ? 1.0 : -1.0;
    } else {
        const double most = 1.0 - 0x1p-53;

        return fmax(-most, fmin(most, r));
    }
    return fmax(-1.0, fmin(1.0, r));
}

static nrd_status
solve(const nrdi_pair *pair, const parts *own, nrd_correlation *out)
{
    const int within = own->within != NULL;
    regression on_x = {0}, on_y = {0};

    NRDI_TRY(regress(own, own->k, own->k + 1, &on_x));
    out->units = on_x.fit.units;
    if (on_x.fit.status != NRD_FIT_OK) {
        set_reason(
            own, &on_x.fit, within ? NRD_PAIR_CONSTANT_X : NRD_PAIR_EXPLAINED_X, out);
        return NRD_OK;
    }
    NRDI_TRY(regress(own, own->k + 1, own->k, &on_y));
    if (on_y.fit.status != NRD_FIT_OK) {
        set_reason(
            own, &on_y.fit, within ? NRD_PAIR_CONSTANT_Y : NRD_PAIR_EXPLAINED_Y, out);
        return NRD_OK;
    }
    out->df = within ? (double) (pair->n - on_x.fit.units) - 1.0
                     : (double) pair->n - 2.0 - (double) own->k;
    if (out->df < 1.0) {
        out->status = NRD_PAIR_FEW_ROWS;
        return NRD_OK;
    }
    out->effective_n = within ? out->df + 2.0 : out->effective_n;
    out->estimate = combine(pair->options, &on_x, &on_y);
    return NRD_OK;
}

/* Sums of all columns, by unit where there are units. */
static nrd_status
sum_up(const nrdi_pair *pair, const double *const *values, size_t width, nrd_moments **out)
{
    const int within = pair->options->relation == NRD_RELATION_WITHIN;
    const nrd_column group = {
        .type = NRD_TYPE_INT64, .length = pair->n, .values = pair->unit};
    nrd_column *columns = nrdi_malloc(width, sizeof *columns);
    nrd_status status = NRD_E_MEMORY;

    for (size_t c = 0; columns != NULL && c < width; c++) {
        columns[c] = (nrd_column){.type = NRD_TYPE_FLOAT64,
            .length = pair->n,
            .values = values[c + 2 < width ? c + 2 : c + 2 - width]};
    }
    if (columns != NULL) {
        status = nrd_moments_new(width, within ? pair->units : 1, NRD_WEIGHTS_NONE,
            NRD_MOMENTS_COVARIANCES, NULL, out, NULL);
    }
    if (status == NRD_OK) {
        status = nrd_moments_update(
            *out, columns, width, within ? &group : NULL, 0, NULL, 1, NULL, NULL);
    }
    nrdi_free(columns);
    return status;
}

static nrd_status
correlate_values(const nrdi_pair *pair, const double *const *values, nrd_correlation *out)
{
    const int within = pair->options->relation == NRD_RELATION_WITHIN;
    const size_t k = pair->covariates;
    parts own = {.k = k, .coefficients = k + 1 + !within};
    int64_t *units = nrdi_malloc(pair->units + 1, sizeof *units);
    nrd_moments *state = NULL;
    nrd_status status = NRD_E_MEMORY;

    own.terms = nrdi_malloc(k + 1, sizeof *own.terms);
    own.coefficient = nrdi_malloc(own.coefficients, sizeof *own.coefficient);
    own.pivot = nrdi_malloc(own.coefficients, sizeof *own.pivot);
    if (units != NULL && own.terms != NULL && own.coefficient != NULL &&
        own.pivot != NULL) {
        status = sum_up(pair, values, k + 2, &state);
    }
    if (status == NRD_OK) {
        for (size_t z = 0; z < k; z++) {
            own.terms[z] = (nrd_term){.column = z, .power = 1};
        }
        own.state = state;
        own.within = within ? units : NULL;
        status = solve(pair, &own, out);
    }
    nrd_moments_free(state);
    nrdi_free(units);
    nrdi_free(own.terms);
    nrdi_free(own.coefficient);
    nrdi_free(own.pivot);
    return status;
}

/* The values that count: ranks, winsorized ones, or as they are. */
nrd_status
nrdi_correlate_partial(const nrdi_pair *pair, nrd_correlation *out)
{
    const size_t width = pair->covariates + 2;
    const nrd_correlation_method method = pair->options->method;
    double *memory = nrdi_malloc(pair->n, width * sizeof *memory);
    const double **values = nrdi_malloc(width, sizeof *values);
    nrd_status status = memory != NULL && values != NULL ? NRD_OK : NRD_E_MEMORY;

    for (size_t c = 0; c < width && status == NRD_OK; c++) {
        const nrdi_ordered *column = pair->column[c];
        double *own = memory + c * pair->n;

        values[c] = method == NRD_CORRELATION_PEARSON ? column->value : own;
        if (method == NRD_CORRELATION_WINSORIZED) {
            status = nrdi_winsorize(column->value, pair->n, pair->options->share, own);
        }
        for (size_t i = 0; i < pair->n && method == NRD_CORRELATION_SPEARMAN; i++) {
            own[i] = column->rank[i];
        }
    }
    if (status == NRD_OK) {
        status = correlate_values(pair, values, out);
    }
    if (status == NRD_E_OVERFLOW) {
        out->status = NRD_PAIR_TOO_WIDE;
        status = NRD_OK;
    }
    nrdi_free(memory);
    nrdi_free(values);
    return status;
}

/* Gauss-Jordan inversion of a correlation matrix in place; the first column that the others
 * explain, or the order. */
static size_t
invert(double *m, size_t order)
{
    for (size_t k = 0; k < order; k++) {
        const double pivot = m[k * order + k];

        if (!(pivot > 0x1p-40)) {
            return k;
        }
        m[k * order + k] = 1.0;
        for (size_t j = 0; j < order; j++) {
            m[k * order + j] /= pivot;
        }
        for (size_t i = 0; i < order; i++) {
            const double factor = m[i * order + k];

            for (size_t j = 0; j < order && i != k; j++) {
                m[i * order + j] =
                    (j == k ? 0.0 : m[i * order + j]) - factor * m[k * order + j];
            }
        }
    }
    return order;
}

/* tau-b of all columns: the covariates, then x and y. */
static nrd_status
fill_taus(const nrdi_pair *pair, double *m, size_t order)
{
    for (size_t i = 0; i < order; i++) {
        m[i * order + i] = 1.0;
        for (size_t j = 0; j < i; j++) {
            const size_t k = pair->covariates;
            double se;

            NRDI_TRY(nrdi_tau_of(pair->column[i < k ? i + 2 : i - k],
                pair->column[j < k ? j + 2 : j - k], pair->n, &m[i * order + j], &se));
            m[j * order + i] = m[i * order + j];
        }
    }
    return NRD_OK;
}

static int
find_constant(const nrdi_pair *pair)
{
    int k = 0;

    while ((size_t) k < pair->covariates && pair->column[k + 2]->levels > 1) {
        k++;
    }
    return k;
}

nrd_status
nrdi_correlate_partial_tau(const nrdi_pair *pair, nrd_correlation *out)
{
    const size_t k = pair->covariates, order = k + 2;
    const int constant = find_constant(pair);
    const double n = (double) (pair->n - k);
    double *m = nrdi_malloc(order, order * sizeof *m);
    nrd_status status = NRD_E_MEMORY;
    size_t at = 0;

    if (m != NULL && (size_t) constant == k) {
        status = fill_taus(pair, m, order);
        at = invert(m, order);
    } else if (m != NULL) {
        status = NRD_OK;
        at = (size_t) constant;
    }
    if (status == NRD_OK && (at < k || pair->n < k + 4)) {
        out->status = at < k ? NRD_PAIR_COVARIATE : NRD_PAIR_FEW_ROWS;
        out->covariate = at < k ? (int32_t) at : -1;
    } else if (status == NRD_OK && at < order) {
        out->status = at == k ? NRD_PAIR_EXPLAINED_X : NRD_PAIR_EXPLAINED_Y;
    } else if (status == NRD_OK) {
        const double xx = m[k * order + k], yy = m[(k + 1) * order + k + 1];

        out->estimate = fmax(-1.0, fmin(1.0, -m[k * order + k + 1] / sqrt(xx * yy)));
        out->null_se = sqrt(2.0 * (2.0 * n + 5.0) / (9.0 * n * (n - 1.0)));
        out->df = n - 2.0;
    }
    nrdi_free(m);
    return status;
}
