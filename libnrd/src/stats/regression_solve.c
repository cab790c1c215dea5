/* The matrix of cross-products, swept, and what follows from it, each number rounded
 * once. */

#include "regression_private.h"

#include <math.h>

#include "status_private.h"

/* What a column may keep of its size beside the others, squared, and be nothing but its
 * rounding: see NRD_FIT_ROUNDED. */
#define ROUNDED_BITS (-100)

/* Entry i, j over the denominator. */
static nrdi_double2
quotient(const nrdi_regression_worker *own, size_t i, size_t j)
{
    return nrdi_double2_multiply(
        nrdi_whole_leading(*nrdi_sweep_at(&own->matrix, i, j)), own->over);
}

static void
set_denominator(nrdi_regression_worker *own)
{
    const nrdi_double2 one = {1.0, 0.0, 0}, below = nrdi_whole_leading(own->matrix.below);

    own->over =
        nrdi_sweep_is_over_one(&own->matrix) ? one : nrdi_double2_divide(one, below);
}

/* value / (unit_i^p unit_j^q) for powers of 1 or -1. */
static nrdi_double2
in_units(const nrdi_regression *plan, nrdi_double2 value, size_t i, int p, size_t j, int q)
{
    value = p > 0 ? nrdi_double2_divide(value, plan->unit[i])
                  : nrdi_double2_multiply(value, plan->unit[i]);
    return q > 0 ? nrdi_double2_divide(value, plan->unit[j])
                 : nrdi_double2_multiply(value, plan->unit[j]);
}

/* In the units of the caller: the value of column i to the power p, of column j to q. */
static inline nrdi_double2
scaled(const nrdi_regression *plan, const nrdi_regression_worker *own, nrdi_double2 value,
    size_t i, int p, size_t j, int q)
{
    value.exponent += p * own->shift[i] + q * own->shift[j];
    return plan->plain ? value : in_units(plan, value, i, p, j, q);
}

/* The sum of the squares of column i as it was read. */
static nrdi_double2
size_of(const nrdi_regression_worker *own, size_t i)
{
    nrdi_double2 out = nrdi_whole_leading(own->sum[nrdi_place_of(i, i)]);

    out.exponent += own->exponent[nrdi_place_of(i, i)];
    return out;
}

/* With units: whether a square in the units of column j is but what the division by their
 * weights leaves in the sums of column i. */
static int
is_noise(const nrdi_regression *plan, const nrdi_regression_worker *own, size_t i,
    nrdi_double2 square, size_t j)
{
    square.exponent += 2 * own->shift[j] - own->exponent[nrdi_place_of(i, i)];
    return plan->model->within != NULL &&
           nrdi_double2_round(square) < ldexp(1.0, NRDI_GUARD_NOISE);
}

/* Whether the column of a coefficient is a combination of those before it, which leave
 * `share` of its sum of squares. */
static nrd_fit_status
check_pivot(const nrdi_regression *plan, const nrdi_regression_worker *own, size_t i,
    nrdi_double2 share)
{
    const nrd_regression_model *model = plan->model;
    nrdi_double2 size;

    if (share.high <= 0.0 || is_noise(plan, own, i, share, i)) {
        return NRD_FIT_DEPENDENT;
    }
    if (i < (size_t) model->intercept) {
        return NRD_FIT_OK;
    }
    share.exponent += 2 * own->shift[i];
    size = size_of(own, i);
    /* Far from that bound, as most columns are, their bits tell. */
    if (share.exponent - size.exponent > ROUNDED_BITS / 2) {
        return NRD_FIT_OK;
    }
    share = nrdi_double2_divide(share, size);
    if (nrdi_double2_round(share) < ldexp(1.0, ROUNDED_BITS)) {
        const nrd_term term = model->terms[i - (size_t) model->intercept];

        return term.power == 1 && plan->state->decimals[term.column] < 0 ? NRD_FIT_ROUNDED
                                                                         : NRD_FIT_OK;
    }
    return NRD_FIT_OK;
}

/* Row i of the factor: what the columns before leave of column i, and its square. */
static void
write_factor(const nrdi_regression *plan, const nrdi_regression_worker *own, size_t r,
    size_t i, nrdi_double2 square)
{
    const nrd_regression_results *out = plan->out;
    const size_t at = (r * plan->k + i) * plan->k;

    for (size_t j = 0; j < plan->k && out->factor != NULL; j++) {
        nrdi_double2 value = {i == j ? 0.5 : 0.0, 0.0, 1};

        if (j < i) {
            value = scaled(plan, own, quotient(own, i, j), i, 1, j, -1);
            value.high = 0.0 - value.high; /* no -0 */
            value.low = 0.0 - value.low;
        }
        out->factor[at + j] = nrdi_double2_round(value);
        if (out->factor_low != NULL) {
            out->factor_low[at + j] = nrdi_double2_rest(value);
        }
    }
    if (out->pivot != NULL) {
        out->pivot[r * plan->k + i] =
            nrdi_double2_round(scaled(plan, own, square, i, 1, i, 1));
    }
}

/* Fill the room of a regression with what says that there is nothing. */
static void
write_nothing(const nrdi_regression *plan, size_t r)
{
    const nrd_regression_results *out = plan->out;
    const size_t k = plan->k;
    double *const rows[] = {out->coefficient, out->coefficient_low, out->se, out->pivot};
    double *const matrices[] = {
        out->covariance, out->inverse, out->factor, out->factor_low};

    for (size_t a = 0; a < sizeof rows / sizeof *rows; a++) {
        for (size_t i = 0; i < k && rows[a] != NULL; i++) {
            rows[a][r * k + i] = (double) NAN;
        }
    }
    for (size_t a = 0; a < sizeof matrices / sizeof *matrices; a++) {
        for (size_t i = 0; i < k * k && matrices[a] != NULL; i++) {
            matrices[a][r * k * k + i] = (double) NAN;
        }
    }
}

/* Whether column j has a part in column i. */
static int
is_part(const nrdi_regression *plan, const nrdi_regression_worker *own, size_t i, size_t j)
{
    nrdi_double2 part = quotient(own, i, j);

    if (part.high == 0.0) {
        return 0;
    }
    part = nrdi_double2_multiply(nrdi_double2_multiply(part, part), size_of(own, j));
    part.exponent -= 2 * own->shift[j];
    return !is_noise(plan, own, i, part, i);
}

/* Sweep the columns of the coefficients one by one. */
static nrd_status
sweep(const nrdi_regression *plan, nrdi_regression_worker *own, size_t r, nrd_fit *fit)
{
    nrdi_sweep *m = &own->matrix;

    set_denominator(own);
    for (size_t i = 0;; i++) {
        nrdi_double2 left;

        if (i == (size_t) plan->model->intercept) {
            /* What y varies before anything explains it. */
            nrdi_whole_copy(&m->kept[0], *nrdi_sweep_at(m, plan->k, plan->k));
            nrdi_whole_copy(&m->kept[1], m->below);
        }
        if (i == plan->k) {
            return NRD_OK;
        }
        left = quotient(own, i, i);
        fit->status = check_pivot(plan, own, i, left);
        if (fit->status != NRD_FIT_OK) {
            fit->dependent = (int32_t) i;
            for (size_t j = 0; j < i && plan->out->combined != NULL; j++) {
                plan->out->combined[r * plan->k + j] = (uint8_t) is_part(plan, own, i, j);
            }
            return NRD_OK;
        }
        if (nrdi_regression_is_stopped(plan)) {
            return nrdi_fail(
                &own->err, NRD_E_CANCELLED, NRD_NO_ROW, "the caller asked to stop");
        }
        write_factor(plan, own, r, i, left);
        nrdi_sweep_pivot(m, i);
        set_denominator(own);
    }
}

/* What is left of `all`, by which y varies, once `rss` is taken off: where that is at least
 * half no digit cancels, otherwise it is found in whole numbers. */
static nrdi_double2
explained_of(nrdi_regression_worker *own, size_t y, nrdi_double2 all, nrdi_double2 rss)
{
    nrdi_sweep *m = &own->matrix;
    const int up = rss.exponent - all.exponent;
    const double part = nrdi_double2_ldexp(rss.high, up), high = all.high - part;

    if (part > 0.5 * all.high) {
        return nrdi_whole_difference(
            m, m->kept[0], m->kept[1], *nrdi_sweep_at(m, y, y), m->below);
    }
    return nrdi_double2_settle(high,
        ((all.high - high) - part) + (all.low - nrdi_double2_ldexp(rss.low, up)),
        all.exponent);
}

/* `rss` and `mean` are the sum of squares of the residuals and its quotient by the degrees
 * of freedom, in the units of the matrix. */
static void
write_fit(const nrdi_regression *plan, nrdi_regression_worker *own, nrdi_double2 rss,
    nrdi_double2 mean, nrd_fit *fit)
{
    const nrdi_sweep *m = &own->matrix;
    const size_t y = plan->k;
    const nrdi_double2 all = nrdi_whole_ratio(m->kept[0], m->kept[1]);
    const nrdi_double2 explained = explained_of(own, y, all, rss);

    fit->rss = nrdi_double2_round(scaled(plan, own, rss, y, 1, y, 1));
    fit->tss = nrdi_double2_round(scaled(plan, own, all, y, 1, y, 1));
    if (fit->df > 0.0) {
        fit->sigma =
            nrdi_double2_round(nrdi_double2_root(scaled(plan, own, mean, y, 1, y, 1)));
    }
    if (all.high > 0.0) {
        fit->r_squared = nrdi_double2_round(nrdi_double2_divide(explained, all));
    }
    if (all.high > 0.0 && fit->df > 0.0) {
        /* 1 - mean / (tss / (df + df_model)) */
        const nrdi_double2 lost = nrdi_double2_divide(
            nrdi_double2_multiply(mean, nrdi_double2_of(fit->df + fit->df_model)), all);

        fit->adjusted = (1.0 - nrdi_double2_round(lost)) - nrdi_double2_rest(lost);
        if (fabs(fit->adjusted) < 0x1p-96) { /* but the rounding of 106 bits */
            fit->adjusted = 0.0;
        }
    }
    if (fit->df > 0.0 && fit->df_model > 0.0 && all.high > 0.0) {
        fit->f = rss.high == 0.0
                     ? (double) INFINITY
                     : nrdi_double2_round(nrdi_double2_divide(explained,
                           nrdi_double2_multiply(mean, nrdi_double2_of(fit->df_model))));
    }
}

static void
write_symmetric(const nrdi_regression *plan, double *matrices, size_t r, size_t i, size_t j,
    double value)
{
    const size_t k = plan->k;

    if (matrices != NULL) {
        matrices[(r * k + i) * k + j] = matrices[(r * k + j) * k + i] = value;
    }
}

static void
write_coefficient(const nrdi_regression *plan, const nrdi_regression_worker *own, size_t r,
    size_t i, nrdi_double2 variance, int defined)
{
    const nrd_regression_results *out = plan->out;
    const size_t k = plan->k, at = r * k + i;
    const int all = out->inverse != NULL || out->covariance != NULL || out->se != NULL;
    const nrdi_double2 value = scaled(plan, own, quotient(own, k, i), k, 1, i, -1);

    if (out->coefficient != NULL) {
        out->coefficient[at] = nrdi_double2_round(value);
    }
    if (out->coefficient_low != NULL) {
        out->coefficient_low[at] = nrdi_double2_rest(value);
    }
    for (size_t j = 0; j <= i && all; j++) {
        nrdi_double2 entry = scaled(plan, own, quotient(own, i, j), i, -1, j, -1);

        entry.high = 0.0 - entry.high;
        entry.low = 0.0 - entry.low;
        write_symmetric(plan, out->inverse, r, i, j, nrdi_double2_round(entry));
        entry = nrdi_double2_multiply(entry, variance);
        write_symmetric(plan, out->covariance, r, i, j,
            defined ? nrdi_double2_round(entry) : (double) NAN);
        if (i == j && out->se != NULL) {
            out->se[at] =
                defined ? nrdi_double2_round(nrdi_double2_root(entry)) : (double) NAN;
        }
    }
}

/* Solve with numbers of `cut` limbs, or of all of them for 0. */
static nrd_status
solve(const nrdi_regression *plan, nrdi_regression_worker *own, size_t r, long cut,
    nrd_fit *fit)
{
    const size_t k = plan->k;
    nrdi_double2 rss, mean;

    if (plan->out->combined != NULL) {
        memset(plan->out->combined + r * k, 0, k);
    }
    NRDI_TRY(nrdi_regression_fill(plan, own, r, cut));
    NRDI_TRY(sweep(plan, own, r, fit));
    if (fit->status != NRD_FIT_OK) {
        return NRD_OK;
    }
    rss = quotient(own, k, k);
    if (is_noise(plan, own, k, rss, k)) {
        nrdi_sweep_at(&own->matrix, k, k)->size = 0;
        rss = nrdi_double2_of(0.0);
    }
    mean = nrdi_double2_divide(rss, nrdi_double2_of(fit->df > 0.0 ? fit->df : 1.0));
    write_fit(plan, own, rss, mean, fit);
    mean = scaled(plan, own, mean, k, 1, k, 1);
    for (size_t i = 0; i < k; i++) {
        write_coefficient(plan, own, r, i, mean, fit->df > 0.0);
    }
    return NRD_OK;
}

/* Keep the results of regression r, or say whether they are those kept. */
static int
keep_or_compare(
    const nrdi_regression *plan, nrdi_regression_worker *own, size_t r, int keep)
{
    const size_t k = plan->k, size = k * sizeof(double);
    const nrd_regression_results *out = plan->out;
    const double *const parts[] = {
        out->coefficient, out->se, out->covariance, out->inverse};
    double *at = own->before;
    int same = 1;

    for (size_t p = 0; p < sizeof parts / sizeof *parts; p++) {
        const size_t rows = p < 2 ? 1 : k;

        if (parts[p] != NULL && keep) {
            memcpy(at, parts[p] + r * k * rows, rows * size);
        } else if (parts[p] != NULL) {
            same &= memcmp(at, parts[p] + r * k * rows, rows * size) == 0;
        }
        at += rows * k;
    }
    return same;
}

/* Solve with numbers that are cut, and cut less: 1 in *done where nothing changes. What is
 * not surely regular is left to whole numbers. */
static nrd_status
solve_cut(const nrdi_regression *plan, nrdi_regression_worker *own, size_t r, nrd_fit *fit,
    int *done)
{
    nrd_fit first = *fit, second = *fit;

    *done = 0;
    NRDI_TRY(solve(plan, own, r, NRDI_SHORT_CUT, &first));
    if (first.status != NRD_FIT_OK) {
        return NRD_OK;
    }
    (void) keep_or_compare(plan, own, r, 1);
    NRDI_TRY(solve(plan, own, r, NRDI_LONG_CUT, &second));
    *done = memcmp(&first, &second, sizeof first) == 0 && keep_or_compare(plan, own, r, 0);
    if (*done) {
        *fit = second;
    }
    return NRD_OK;
}

nrd_status
nrdi_regression_solve(
    const nrdi_regression *plan, nrdi_regression_worker *own, size_t r, nrd_fit *fit)
{
    int done = 0;

    fit->df_model = (double) plan->model->n;
    fit->rss = fit->tss = fit->sigma = fit->r_squared = fit->adjusted = fit->f =
        (double) NAN;
    if (plan->out->combined != NULL) {
        memset(plan->out->combined + r * plan->k, 0, plan->k);
    }
    if (fit->status == NRD_FIT_OK && plan->k >= NRDI_MANY) {
        NRDI_TRY(solve_cut(plan, own, r, fit, &done));
    }
    if (fit->status == NRD_FIT_OK && !done) {
        NRDI_TRY(solve(plan, own, r, 0, fit));
    }
    if (fit->status != NRD_FIT_OK) {
        write_nothing(plan, r);
    }
    plan->out->fit[r] = *fit;
    return NRD_OK;
}
