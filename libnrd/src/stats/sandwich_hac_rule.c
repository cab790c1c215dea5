/* What is done to scores in time: prewhitening, a bandwidth by rule, degrees of freedom. */

#include "sandwich_hac_private.h"

#include <math.h>
#include <string.h>

#include "status_private.h"

/* Sum of x[t] * y[t - lag], in the order of time. */
static double
lagged(const double *x, const double *y, size_t n, size_t lag)
{
    nrdi_twofold sum = {0.0, 0.0};

    for (size_t t = lag; t < n; t++) {
        nrdi_twofold_add_product(&sum, x[t], y[t - lag]);
    }
    return sum.high + sum.low;
}

double *
nrdi_hac_matrices(const nrdi_fitted *own)
{
    return own->spare + (3 + own->k) * own->n;
}

/* The matrix A of the autoregression, score[t] = A score[t - 1] + rest. */
static nrd_status
autoregression(const nrdi_fitted *own, double *a, double *before, nrd_error *err)
{
    const size_t n = own->n, k = own->k;

    if (n - 1 <= k) {
        return nrdi_fail(err, NRD_E_DOMAIN, own->first,
            "the regression has %zu rows, expected more than %zu for prewhitening", n,
            k + 1);
    }
    for (size_t i = 0; i < k; i++) {
        for (size_t j = 0; j < k; j++) {
            a[i * k + j] = lagged(own->part + i * n, own->part + j * n, n, 1);
            before[i * k + j] = lagged(own->part + i * n, own->part + j * n, n - 1, 0);
        }
    }
    if (!nrdi_solve(before, a, k)) {
        return nrdi_fail(err, NRD_E_DOMAIN, own->first,
            "the residuals of the regression leave nothing to prewhiten");
    }
    return NRD_OK;
}

nrd_status
nrdi_hac_prewhiten(nrdi_fitted *own, nrd_error *err)
{
    const size_t n = own->n, k = own->k;
    double *a = nrdi_hac_matrices(own), *matrix = a + k * k, *effect = matrix + k * k;

    NRDI_TRY(autoregression(own, a, matrix, err));
    for (size_t t = 0; t + 1 < n; t++) {
        for (size_t i = 0; i < k; i++) {
            double rest = own->part[i * n + t + 1];

            for (size_t j = 0; j < k; j++) {
                rest = fma(-a[i * k + j], own->part[j * n + t], rest);
            }
            matrix[i] = rest;
        }
        for (size_t i = 0; i < k; i++) {
            own->part[i * n + t] = matrix[i];
        }
    }
    for (size_t i = 0; i < k * k; i++) {
        matrix[i] = (i % (k + 1) == 0 ? 1.0 : 0.0) - a[i];
    }
    nrdi_fitted_effect(own, effect);
    if (!nrdi_solve(matrix, effect, k)) {
        return nrdi_fail(err, NRD_E_DOMAIN, own->first,
            "the scores of the regression grow without bound, expected others to "
            "prewhiten");
    }
    memset(own->influence, 0, k * n * sizeof *own->influence);
    for (size_t j = 0; j < k; j++) {
        for (size_t m = 0; m < k; m++) {
            for (size_t t = 0; t + 1 < n; t++) {
                own->influence[j * n + t] =
                    fma(effect[j * k + m], own->part[m * n + t], own->influence[j * n + t]);
            }
        }
    }
    return NRD_OK;
}

/* Shares of the scores in the sum of those of all columns but those of ones; of all, where
 * there are no others. Scores of columns are L^-1 D^(-1/2) times those of the parts. */
static void
set_shares(const nrdi_fitted *own, double *share)
{
    const size_t k = own->k;
    int others = 0;

    for (size_t j = 0; j < k; j++) {
        others |= own->rows->x[j] != NULL;
    }
    for (size_t j = k; j-- > 0;) {
        share[j] = !others || own->rows->x[j] != NULL;
        for (size_t m = j + 1; m < k; m++) {
            share[j] = fma(-nrdi_fitted_factor(own)[m * k + j], share[m], share[j]);
        }
    }
    for (size_t j = 0; j < k; j++) {
        share[j] *= sqrt(nrdi_fitted_pivot(own)[j]);
    }
}

/* Constants of the rule: Newey and West (1994), tables I and II. */
typedef struct {
    double rate;  /* lags looked at: (n / 100)^rate times 4, or 3 when prewhitened */
    double power; /* 1 / (2 q + 1) */
    double factor;
    int q;
} rule;

static const rule rules[] = {{2.0 / 9.0, 1.0 / 3.0, 1.1447, 1},
    {4.0 / 25.0, 0.2, 2.6614, 2}, {2.0 / 25.0, 0.2, 1.3221, 2}};

double
nrdi_hac_bandwidth(const nrdi_fitted *own, nrd_kernel kernel, size_t n)
{
    const rule by = rules[kernel];
    const double all = (double) own->n, times = n < own->n ? 3.0 : 4.0;
    const size_t most = (size_t) (times * pow(all / 100.0, by.rate));
    double *score = own->spare, *share = nrdi_hac_matrices(own);
    double level = 0.0, slope = 0.0, found;

    set_shares(own, share);
    memset(score, 0, n * sizeof *score);
    for (size_t j = 0; j < own->k; j++) {
        for (size_t t = 0; t < n; t++) {
            score[t] = fma(share[j], own->part[j * own->n + t], score[t]);
        }
    }
    for (size_t l = 0; l <= most && l < n && !nrdi_rows_stopped(own->rows); l++) {
        const double sum = lagged(score, score, n, l) * (l > 0 ? 2.0 : 1.0);
        const double place = (double) l;

        level += sum;
        slope += sum * (by.q == 1 ? place : place * place);
    }
    found = by.factor * pow(slope / level * (slope / level) * all, by.power);
    if (kernel == NRD_KERNEL_BARTLETT) {
        found = floor(found) + 1.0;
    }
    return isfinite(found) ? found : 1.0;
}

/* Sums that moments of a variance are made of: it is e' K e, e = (I - Q Q') errors. The
 * trace of K is the variance itself if errors are independent. */
typedef struct {
    double trace;      /* of K */
    double squared;    /* of K^2 */
    double seen;       /* of Q' K Q */
    double seen_once;  /* of Q' K^2 Q */
    double seen_twice; /* of (Q' K Q)^2 */
} traces;

/* out[i] = sum over t of K[i][t] x[t], with K[i][t] = lag[|i - t|] z[i] z[t]. */
static void
apply(const nrdi_fitted *own, const double *z, const double *x, const double *lag,
    size_t lags, double *out)
{
    const size_t n = own->n;

    for (size_t i = 0; i < n && !nrdi_rows_stopped(own->rows); i++) {
        double sum = z[i] * x[i];

        for (size_t l = 1; l <= lags; l++) {
            sum += lag[l] * ((i >= l ? z[i - l] * x[i - l] : 0.0) +
                                (i + l < n ? z[i + l] * x[i + l] : 0.0));
        }
        out[i] = z[i] * sum;
    }
}

static void
add_seen(
    const nrdi_fitted *own, const double *z, const double *lag, size_t lags, traces *sums)
{
    const size_t n = own->n, k = own->k;
    const double *q = own->spare + n;
    double *image = own->spare + (1 + k) * n;

    for (size_t m = 0; m < k; m++) {
        apply(own, z, q + m * n, lag, lags, image);
        sums->seen_once += lagged(image, image, n, 0);
        sums->seen += lagged(image, q + m * n, n, 0);
        for (size_t j = 0; j < k; j++) {
            const double product = lagged(image, q + j * n, n, 0);

            sums->seen_twice += product * product;
        }
    }
}

/* K alone: lag 0 has the weight 1, and each other lag comes twice. */
static void
add_alone(
    const nrdi_fitted *own, const double *z, const double *lag, size_t lags, traces *sums)
{
    const size_t n = own->n;

    sums->trace = lagged(z, z, n, 0);
    for (size_t l = 0; l <= lags && !nrdi_rows_stopped(own->rows); l++) {
        const double factor = l > 0 ? 2.0 * lag[l] * lag[l] : 1.0;

        for (size_t i = l; i < n; i++) {
            sums->squared += factor * (z[i] * z[i - l]) * (z[i] * z[i - l]);
        }
    }
}

void
nrdi_hac_small(const nrdi_fitted *own, const double *lag, size_t lags, double *df_out,
    double *factor_out)
{
    const size_t n = own->n, k = own->k;
    double *q = own->spare + n, *z = own->spare + (2 + k) * n;

    for (size_t j = 0; j < k; j++) {
        for (size_t i = 0; i < n; i++) {
            q[j * n + i] = own->part[j * n + i] *
                           sqrt(nrdi_weight_of(own, i) / nrdi_fitted_pivot(own)[j]);
        }
    }
    for (size_t j = 0; j < k; j++) {
        traces sums = {0};
        double mean;

        for (size_t i = 0; i < n; i++) {
            z[i] = own->influence[j * n + i] * sqrt(nrdi_weight_of(own, i));
        }
        add_alone(own, z, lag, lags, &sums);
        add_seen(own, z, lag, lags, &sums);
        mean = sums.trace - sums.seen;
        df_out[j] = mean * mean / (sums.squared - 2.0 * sums.seen_once + sums.seen_twice);
        factor_out[j] = sums.trace / mean;
    }
}
