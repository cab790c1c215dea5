/* Mann and Kendall's test of what a covariate leaves. */

#include "trend_private.h"

#include <math.h>
#include <string.h>

#include <gsl/gsl_cdf.h>
#include <nrd/trend_serial.h>

#include "status_private.h"

#define LEAST 4
#define MOST 65536

enum { FEW_ROWS = 1, NO_VARIANCE = 4 };

static int
sign_of(double from, double to)
{
    return (to > from) - (to < from);
}

/* What is summed over all pairs, and over the sums of signs of each row. */
typedef struct {
    int64_t s, other, both; /* of the values, of the covariate, of their products */
    double ranks;           /* sum of products of ranks, ties at their mean */
} sums;

static sums
sums_of(const double *value, const double *covariate, size_t n)
{
    sums out = {0};

    for (size_t i = 0; i < n; i++) {
        int64_t in_value = 0, in_covariate = 0;

        for (size_t k = 0; k < n; k++) {
            const int a = sign_of(value[k], value[i]);
            const int b = sign_of(covariate[k], covariate[i]);

            in_value += a;
            in_covariate += b;
            if (k < i) {
                out.s += a;
                out.other += b;
                out.both += a * b;
            }
        }
        out.ranks += ((double) n + 1.0 + (double) in_value) / 2.0 *
                     (((double) n + 1.0 + (double) in_covariate) / 2.0);
    }
    return out;
}

static void
test_of(const double *value, const double *covariate, size_t n, nrd_partial *out)
{
    const sums found = sums_of(value, covariate, n);
    const double m = (double) n, size = m * (m - 1.0) * (2.0 * m + 5.0);
    const double both = (double) found.both + 4.0 * found.ranks - m * (m + 1.0) * (m + 1.0);
    double z;

    /* Whole numbers: the values are 1 with themselves. */
    out->rho = 6.0 * both / size;
    out->s = (double) found.s - out->rho * (double) found.other;
    out->variance = (1.0 - out->rho) * (1.0 + out->rho) * size / 18.0;
    if (!(out->variance > 0.0)) {
        out->reason = NO_VARIANCE;
        return;
    }
    z = out->s / sqrt(out->variance);
    out->p_rising = gsl_cdf_ugaussian_Q(z);
    out->p_falling = gsl_cdf_ugaussian_P(z);
    out->p = fmin(1.0, 2.0 * fmin(out->p_rising, out->p_falling));
}

nrd_status
nrd_trend_partial(const nrd_series *series, const double *covariate, const int *stop,
    nrd_partial *out, nrd_error *err)
{
    nrd_partial *found;
    nrd_status status = NRD_OK;

    NRDI_TRY(nrdi_series_check(series, 0, err));
    if (covariate == NULL || out == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "a pointer is NULL");
    }
    for (size_t i = 0; series->count > 0 && i < series->offset[series->count]; i++) {
        if (!isfinite(covariate[i])) {
            return nrdi_fail(err, NRD_E_DOMAIN, i,
                "the covariate is %g, expected a finite number", covariate[i]);
        }
    }
    found = nrdi_malloc(series->count, sizeof *found);
    if (found == NULL) {
        return nrdi_fail(
            err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for %zu series", series->count);
    }
    for (size_t k = 0; k < series->count && status == NRD_OK; k++) {
        const size_t first = series->offset[k], n = series->offset[k + 1] - first;

        found[k] = (nrd_partial){.n = n, .s = (double) NAN, .variance = (double) NAN};
        found[k].rho = found[k].p = (double) NAN;
        found[k].p_rising = found[k].p_falling = (double) NAN;
        if (n > MOST) {
            status = nrdi_fail(err, NRD_E_SIZE, k,
                "the series has %zu rows, expected at most %d", n, MOST);
        } else if (stop != NULL && __atomic_load_n(stop, __ATOMIC_RELAXED) != 0) {
            status =
                nrdi_fail(err, NRD_E_CANCELLED, NRD_NO_ROW, "the caller asked to stop");
        } else if (n < LEAST) {
            found[k].reason = FEW_ROWS;
        } else {
            test_of(series->value + first, covariate + first, n, &found[k]);
        }
    }
    if (status == NRD_OK && series->count > 0) {
        memcpy(out, found, series->count * sizeof *out);
    }
    nrdi_free(found);
    return status;
}
