/* Winsorized and percentage bend correlation. */

#include "correlation_private.h"

#include <math.h>

#include "order_private.h"
#include "status_private.h"

/* A share of n rows as a whole number of them, rounded down; a share that is the nearest
 * double to one of n parts is those parts. */
static size_t
part_of(double share, size_t n)
{
    const double whole = floor(share * (double) n);

    return (size_t) whole + ((whole + 1.0) / (double) n == share);
}

static nrd_status
sort(const double *values, size_t n, nrdi_entry **out)
{
    return nrdi_order_sorted(values, NULL, n, out, NULL);
}

nrd_status
nrdi_winsorize(const double *values, size_t n, double share, double *out)
{
    const size_t cut = part_of(share, n);
    nrdi_entry *entries = NULL;
    double low, high;

    NRDI_TRY(sort(values, n, &entries));
    low = nrdi_order_value(entries[cut].key);
    high = nrdi_order_value(entries[n - 1 - cut].key);
    nrdi_free(entries);
    for (size_t i = 0; i < n; i++) {
        out[i] = fmax(low, fmin(high, values[i]));
    }
    return NRD_OK;
}

/* The median, and the size of deviations from it that a share of the rows exceed. */
static nrd_status
set_scale(const double *values, size_t n, double share, double *spare, double *median_out,
    double *scale_out)
{
    const size_t kept = (size_t) floor((1.0 - share) * (double) n + 0.5);
    nrdi_entry *entries = NULL;
    double median;

    NRDI_TRY(sort(values, n, &entries));
    median = nrdi_order_value(entries[n / 2].key);
    if (n % 2 == 0) {
        median = median / 2.0 + nrdi_order_value(entries[n / 2 - 1].key) / 2.0;
    }
    nrdi_free(entries);
    for (size_t i = 0; i < n; i++) {
        spare[i] = fabs(values[i] - median);
    }
    NRDI_TRY(sort(spare, n, &entries));
    *median_out = median;
    *scale_out = nrdi_order_value(entries[kept > 0 ? kept - 1 : 0].key);
    nrdi_free(entries);
    return NRD_OK;
}

nrd_status
nrdi_bend(const double *values, size_t n, double share, double *out, int *varies_out)
{
    double median, scale, location;
    size_t below = 0, above = 0;
    nrd_exact sum;

    NRDI_TRY(set_scale(values, n, share, out, &median, &scale));
    *varies_out = scale > 0.0;
    if (!(scale > 0.0)) {
        return NRD_OK;
    }
    nrd_exact_init(&sum);
    for (size_t i = 0; i < n; i++) {
        const double z = (values[i] - median) / scale;

        below += z < -1.0;
        above += z > 1.0;
        if (fabs(z) <= 1.0) {
            nrd_exact_add(&sum, values[i]);
        }
    }
    location = (scale * ((double) above - (double) below) + nrd_exact_round(&sum)) /
               (double) (n - below - above);
    for (size_t i = 0; i < n; i++) {
        out[i] = fmax(-1.0, fmin(1.0, (values[i] - location) / scale));
    }
    return NRD_OK;
}

static double
product(const double *a, const double *b, size_t n)
{
    nrd_exact sum;

    nrd_exact_init(&sum);
    return nrd_exact_add_products(&sum, a, b, n, NULL) == NRD_OK ? nrd_exact_round(&sum)
                                                                 : (double) NAN;
}

static nrd_status
correlate_bent(const nrdi_pair *pair, double *x, double *y, nrd_correlation *out)
{
    const double share = pair->options->share;
    int varies[2];

    NRDI_TRY(nrdi_bend(pair->column[0]->value, pair->n, share, x, &varies[0]));
    NRDI_TRY(nrdi_bend(pair->column[1]->value, pair->n, share, y, &varies[1]));
    if (!varies[0] || !varies[1]) {
        out->status = NRD_PAIR_NO_SPREAD;
        return NRD_OK;
    }
    out->estimate =
        product(x, y, pair->n) / sqrt(product(x, x, pair->n) * product(y, y, pair->n));
    out->estimate = fmax(-1.0, fmin(1.0, out->estimate));
    return NRD_OK;
}

nrd_status
nrdi_correlate_robust(const nrdi_pair *pair, nrd_correlation *out)
{
    const double share = pair->options->share;
    double *x = nrdi_malloc(pair->n, 2 * sizeof *x), *y = x + pair->n;
    nrd_status status;

    if (x == NULL) {
        return NRD_E_MEMORY;
    }
    if (pair->options->method == NRD_CORRELATION_PERCENTAGE_BEND) {
        status = correlate_bent(pair, x, y, out);
    } else {
        status = nrdi_winsorize(pair->column[0]->value, pair->n, share, x);
        if (status == NRD_OK) {
            status = nrdi_winsorize(pair->column[1]->value, pair->n, share, y);
        }
        if (status == NRD_OK) {
            status = nrdi_correlate_moments(pair, x, y, out);
            out->df -= 2.0 * (double) part_of(share, pair->n);
        }
        if (out->df < 1.0) {
            out->status = NRD_PAIR_FEW_ROWS;
            out->estimate = (double) NAN;
        }
    }
    nrdi_free(x);
    return status;
}
