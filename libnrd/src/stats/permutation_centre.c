/* Values less a centre and scaled, so that sums of their products are whole numbers where
 * they can be, and have a small bound of rounding where they cannot. */

#include "permutation_private.h"

#include <float.h>
#include <limits.h>
#include <math.h>

#include "status_private.h"

/* Bits of a double. */
#define PRECISION 53

/* Exponent of the lowest bit of a number that is not 0. */
static int
lowest_bit(double value)
{
    const nrdi_parts parts = nrdi_parts_of(value);

    return parts.position - NRDI_EXACT_OFFSET + __builtin_ctzll(parts.mantissa);
}

static int
lowest_bit_of_all(const double *values, size_t n)
{
    int lowest = INT_MAX;

    for (size_t i = 0; i < n; i++) {
        if (values[i] != 0.0) {
            const int own = lowest_bit(values[i]);

            lowest = own < lowest ? own : lowest;
        }
    }
    return lowest;
}

/* The mean, as a multiple of the lowest bit of the values where that can be: then the
 * differences have no lower one. */
static double
centre_of(const double *values, size_t n, int lowest)
{
    nrd_exact sum;
    double mean = 0.0, multiple;

    nrd_exact_init(&sum);
    if (nrd_exact_add_array(&sum, values, n, 1, NULL) != NRD_OK ||
        nrd_exact_mean(&sum, n, &mean, NULL) != NRD_OK || lowest == INT_MAX) {
        return 0.0; /* n is not 0, so that only values that are all 0 come here */
    }
    multiple = ldexp(mean, -lowest);
    return fabs(multiple) < 0x1p52 ? ldexp(rint(multiple), lowest) : mean;
}

/* Whether a - b lost nothing when it was rounded. */
static int
is_exact(double a, double b, double difference)
{
    const double part = difference - a;

    return (a - (difference - part)) - (b + part) == 0.0;
}

/* At least the root of the sum of squares. */
static double
norm_of(const double *values, size_t n)
{
    nrd_exact sum;

    nrd_exact_init(&sum);
    if (nrd_exact_add_products(&sum, values, values, n, NULL) != NRD_OK) {
        return INFINITY; /* n values are there */
    }
    return sqrt(nrd_exact_round(&sum)) * (1.0 + 0x1p-50);
}

nrd_status
nrdi_centre(const double *values, size_t n, int keep_zero, nrdi_centred *out, size_t column,
    nrd_error *err)
{
    const int lowest = lowest_bit_of_all(values, n);
    double greatest = 0.0;
    int exponent, power, exact = 1;

    out->centre = keep_zero ? 0.0 : centre_of(values, n, lowest);
    for (size_t i = 0; i < n; i++) {
        out->value[i] = values[i] - out->centre;
        greatest = fmax(greatest, fabs(out->value[i]));
        exact = exact && is_exact(values[i], out->centre, out->value[i]);
    }
    if (isinf(greatest)) {
        return nrdi_fail(err, NRD_E_OVERFLOW, column,
            "the values lie farther from their mean %g than a double reaches", out->centre);
    }
    (void) frexp(greatest, &exponent);
    power = exponent < DBL_MAX_EXP ? exponent : DBL_MAX_EXP - 1; /* the unit is finite */
    for (size_t i = 0; i < n; i++) {
        out->value[i] = ldexp(out->value[i], -power);
    }
    out->unit = ldexp(1.0, power);
    out->norm = norm_of(out->value, n);
    out->bits = !exact ? -1 : lowest == INT_MAX ? 0 : exponent - lowest;
    out->bits = out->bits > PRECISION ? -1 : out->bits;
    return NRD_OK;
}
