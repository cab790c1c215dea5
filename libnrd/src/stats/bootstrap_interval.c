/* Intervals from replicates. */

#include <nrd/bootstrap_interval.h>

#include <math.h>

#include <nrd/dist.h>
#include <nrd/exact.h>
#include <nrd/order.h>

#include "status_private.h"

static nrd_status
check(const nrd_bootstrap_evidence *of, const nrd_bootstrap_bounds *out, nrd_error *err)
{
    if (of == NULL || out == NULL || (of->replicates == NULL && of->count > 0) ||
        (of->method == NRD_BOOTSTRAP_STUDENTIZED && of->errors == NULL && of->count > 0)) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "the evidence or out is NULL");
    }
    if ((int) of->method < NRD_BOOTSTRAP_PERCENTILE ||
        of->method > NRD_BOOTSTRAP_STUDENTIZED) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW, "the method is %d, expected 0 to 3",
            (int) of->method);
    }
    if (!(of->level > 0.0 && of->level < 1.0)) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "level is %g, expected a number in (0, 1)", of->level);
    }
    if (of->side < -1 || of->side > 1) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "the side is %d, expected -1, 0 or 1", (int) of->side);
    }
    if (!isfinite(of->estimate)) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "the statistic of the data is undefined, expected a finite number");
    }
    if (of->method == NRD_BOOTSTRAP_STUDENTIZED &&
        !(of->error > 0.0 && isfinite(of->error))) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "the standard error of the data is %g, expected a positive number", of->error);
    }
    if (of->method == NRD_BOOTSTRAP_BCA && !isfinite(of->acceleration)) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "the acceleration is %g, expected a finite number", of->acceleration);
    }
    return NRD_OK;
}

/* Replicates that are defined, or their t where the interval is of these. */
static size_t
collect(const nrd_bootstrap_evidence *of, double *out)
{
    size_t used = 0;

    for (size_t i = 0; i < of->count; i++) {
        double value = of->replicates[i];

        if (of->method == NRD_BOOTSTRAP_STUDENTIZED) {
            value =
                of->errors[i] > 0.0 ? (value - of->estimate) / of->errors[i] : (double) NAN;
        }
        if (!isnan(value)) {
            out[used++] = value;
        }
    }
    return used;
}

/* The share at which a quantile of the replicates is taken so that the share p lies below
 * it: what bias and acceleration make of p. */
static nrd_status
corrected(double p, double bias, double acceleration, double *out)
{
    double z, rest;

    NRDI_TRY(nrd_dist_normal_quantile(p, &z, NULL));
    z += bias;
    rest = 1.0 - acceleration * z;
    if (!(rest > 0.0)) { /* beyond the pole all replicates lie on one side */
        *out = z > 0.0 ? 1.0 : 0.0;
        return NRD_OK;
    }
    return nrd_dist_normal_cdf(bias + z / rest, out, NULL);
}

static nrd_status
correct(const nrd_bootstrap_evidence *of, const double *values,
    nrd_bootstrap_bounds *bounds, nrd_error *err)
{
    size_t below = 0, equal = 0;
    double bias;

    for (size_t i = 0; i < bounds->used; i++) {
        below += values[i] < of->estimate;
        equal += values[i] == of->estimate;
    }
    if (2 * below + equal == 0 || 2 * below + equal == 2 * bounds->used) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "all %zu replicates lie on one side of the estimate %g, where BCa has no bias: "
            "expected some on each",
            bounds->used, of->estimate);
    }
    NRDI_TRY(nrd_dist_normal_quantile(
        ((double) below + (double) equal / 2.0) / (double) bounds->used, &bias, err));
    NRDI_TRY(corrected(bounds->p_low, bias, of->acceleration, &bounds->p_low));
    return corrected(bounds->p_high, bias, of->acceleration, &bounds->p_high);
}

/* Turn quantiles into bounds: those of the basic and the studentised interval change
 * places. */
static void
place(const nrd_bootstrap_evidence *of, const double *quantile, nrd_bootstrap_bounds *out)
{
    out->low = quantile[0];
    out->high = quantile[1];
    if (of->method == NRD_BOOTSTRAP_BASIC) {
        out->low = 2.0 * of->estimate - quantile[1];
        out->high = 2.0 * of->estimate - quantile[0];
    } else if (of->method == NRD_BOOTSTRAP_STUDENTIZED) {
        out->low = of->estimate - of->error * quantile[1];
        out->high = of->estimate - of->error * quantile[0];
    }
    out->low = of->side < 0 ? -(double) INFINITY : out->low;
    out->high = of->side > 0 ? (double) INFINITY : out->high;
}

nrd_status
nrd_bootstrap_interval(
    const nrd_bootstrap_evidence *evidence, nrd_bootstrap_bounds *out, nrd_error *err)
{
    nrd_bootstrap_bounds bounds = {0};
    nrd_quantile_options options = {.type = 7, .count = 2};
    nrd_status status = NRD_OK;
    double p[2], quantile[2], *values = NULL;

    NRDI_TRY(check(evidence, out, err));
    values = nrdi_malloc(evidence->count, sizeof *values);
    if (values == NULL) {
        return nrdi_fail(
            err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for %zu replicates", evidence->count);
    }
    bounds.used = collect(evidence, values);
    bounds.p_low = (1.0 - evidence->level) / (evidence->side == 0 ? 2.0 : 1.0);
    bounds.p_high = 1.0 - bounds.p_low;
    if (bounds.used == 0) {
        status = nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "none of %zu replicates is defined, expected one", evidence->count);
    } else if (evidence->method == NRD_BOOTSTRAP_BCA) {
        status = correct(evidence, values, &bounds, err);
    }
    if (status == NRD_OK) {
        p[0] = bounds.p_low;
        p[1] = bounds.p_high;
        options.p = p;
        status = nrd_order_quantile(values, bounds.used, &options, quantile, err);
    }
    if (status == NRD_OK) {
        place(evidence, quantile, &bounds);
        *out = bounds;
    }
    nrdi_free(values);
    return status;
}

nrd_status
nrd_bootstrap_acceleration(const double *jackknife, const uint64_t *stratum_units,
    size_t strata, double *out, nrd_error *err)
{
    nrd_exact square, cube;
    double squares, mean;

    if (jackknife == NULL || stratum_units == NULL || out == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "an array or out is NULL");
    }
    nrd_exact_init(&square);
    nrd_exact_init(&cube);
    for (size_t h = 0; h < strata; h++) {
        const uint64_t start = stratum_units[h], units = stratum_units[h + 1] - start;
        nrd_exact sum;

        nrd_exact_init(&sum);
        for (uint64_t u = start; u < start + units; u++) {
            if (!isfinite(jackknife[u])) {
                return nrdi_fail(err, NRD_E_DOMAIN, (size_t) u,
                    "without this unit the statistic is undefined, where BCa has no "
                    "acceleration: expected a finite number");
            }
            nrd_exact_add(&sum, jackknife[u]);
        }
        NRDI_TRY(nrd_exact_mean(&sum, units, &mean, err));
        for (uint64_t u = start; u < start + units; u++) {
            const double share =
                (mean - jackknife[u]) * ((double) (units - 1) / (double) units);

            nrd_exact_add_product(&square, share, share);
            nrd_exact_add_product3(&cube, share, share, share);
        }
    }
    squares = nrd_exact_round(&square);
    *out = squares > 0.0 ? nrd_exact_round(&cube) / (6.0 * squares * sqrt(squares)) : 0.0;
    return NRD_OK;
}
