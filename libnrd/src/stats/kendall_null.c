/* The distribution of Kendall's S under the hypothesis, counted or normal. */

#include "kendall_private.h"

#include <math.h>

#include "decimal_private.h"
#include "share_private.h"
#include "status_private.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sf_gamma.h>

/* Coefficients up to q^d are whole numbers modulo 2^128 on the way, where they may be
 * larger or negative; at the end they are counts below that, and right. */
static void
multiply(nrdi_uint128 *a, size_t d, size_t power)
{
    for (size_t i = d + 1; i-- > power;) {
        a[i] -= a[i - power];
    }
}

static void
divide(nrdi_uint128 *a, size_t d, size_t power)
{
    for (size_t i = power; i <= d; i++) {
        a[i] += a[i - power];
    }
}

size_t
nrdi_kendall_count(const uint32_t *ties, size_t groups, double *at_most)
{
    nrdi_uint128 count[NRD_KENDALL_COUNTS] = {1}, total = 0, sum = 0;
    size_t n = 0, d = 0;

    for (size_t g = 0; g < groups; g++) {
        d += n * ties[g];
        n += ties[g];
    }
    for (size_t i = 1; i <= n; i++) {
        multiply(count, d, i);
    }
    for (size_t g = 0; g < groups; g++) {
        for (size_t i = 1; i <= ties[g]; i++) {
            divide(count, d, i);
        }
    }
    for (size_t i = 0; i <= d; i++) {
        total += count[i];
    }
    for (size_t i = 0; i <= d; i++) {
        sum += count[i];
        at_most[i] = (double) sum / (double) total;
    }
    return d;
}

nrd_status
nrd_kendall_null(const uint32_t *ties, size_t groups, double *at_most_out,
    size_t *count_out, nrd_error *err)
{
    size_t n = 0;

    if (ties == NULL || at_most_out == NULL || count_out == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "a pointer is NULL");
    }
    for (size_t g = 0; g < groups; g++) {
        if (ties[g] == 0) {
            return nrdi_fail(
                err, NRD_E_DOMAIN, g, "the group has 0 rows, expected at least 1");
        }
        n = ties[g] > NRD_KENDALL_EXACT ? SIZE_MAX / 2 : n + ties[g];
        if (n > NRD_KENDALL_EXACT) {
            break;
        }
    }
    if (n == 0 || n > NRD_KENDALL_EXACT) {
        return nrdi_fail(err, NRD_E_SIZE, NRD_NO_ROW, "there are %s rows, expected 1 to %d",
            n == 0 ? "no" : "too many", NRD_KENDALL_EXACT);
    }
    *count_out = nrdi_kendall_count(ties, groups, at_most_out) + 1;
    return NRD_OK;
}

double
nrdi_log_factorial(uint64_t n)
{
    return gsl_sf_lngamma((double) n + 1.0);
}

static double
two_sided(double greater, double less)
{
    return fmin(1.0, 2.0 * fmin(greater, less));
}

void
nrdi_kendall_normal(nrd_kendall *out)
{
    const double sd = sqrt(out->variance), s = (double) out->s;
    const double step = out->continuity ? 1.0 : 0.0;

    out->exact = 0;
    if (!(sd > 0.0)) {
        out->p = out->p_greater = out->p_less = 1.0;
        return;
    }
    out->p_greater = gsl_cdf_ugaussian_Q((s - step) / sd);
    out->p_less = gsl_cdf_ugaussian_P((s + step) / sd);
    out->p = two_sided(out->p_greater, out->p_less);
}

void
nrdi_kendall_exact(nrd_kendall *out, const double *at_most, size_t d)
{
    const int64_t pairs = (int64_t) d;

    out->exact = 1;
    out->p_greater = at_most[(pairs - out->s) / 2];
    out->p_less = at_most[(pairs + out->s) / 2];
    out->p = two_sided(out->p_greater, out->p_less);
    out->smallest_p = two_sided(at_most[0], 1.0);
}
