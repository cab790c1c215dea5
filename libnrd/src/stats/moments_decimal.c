/* Doubles that stand for printed decimals. */

#include "moments_private.h"

#include <math.h>

#include "arithmetic_private.h"

double
nrdi_in_decimals(double value, int32_t decimals)
{
    /* Up to 10^22 a power of ten is a double, and the product is rounded once: off from the
     * whole number by less than 1/2, as long as that is below 2^51. */
    const double unit = (double) nrdi_power_of_ten(decimals);
    /* Adding and taking away 1.5 * 2^52 rounds to a whole number below 2^51. */
    const double whole = (value * unit + 0x1.8p52) - 0x1.8p52;

    /* A quotient is rounded once: it is the value only where the value is nearest to it. */
    return fabs(whole) < 0x1p51 && whole / unit == value ? whole : (double) NAN;
}

/* Whether every value that is there is such a decimal; the first that is not in *row. */
static int
all_fit(const nrd_column *column, int32_t decimals, size_t *row)
{
    const double *values = (const double *) column->values + column->offset;

    for (size_t i = *row; i < column->length; i++) {
        if (nrd_column_is_valid(column, i) && !isnan(values[i]) &&
            isnan(nrdi_in_decimals(values[i], decimals))) {
            *row = i;
            return 0;
        }
    }
    return 1;
}

/* More decimals are tried from the value that wanted them on; as many digits may be too
 * many for a value before it, so that all are looked at again in the end. */
static int32_t
find_decimals(const nrd_column *column)
{
    int32_t decimals = 0;
    size_t row = 0;

    while (!all_fit(column, decimals, &row)) {
        if (++decimals > NRD_DECIMAL_MAX_SCALE) {
            return -1;
        }
    }
    row = 0;
    return all_fit(column, decimals, &row) ? decimals : -1;
}

int32_t
nrd_column_decimals(const nrd_column *column)
{
    fenv_t kept;
    int32_t found = 0;

    if (column->length > 0) {
        nrdi_arithmetic_begin(&kept);
        found = find_decimals(column);
        nrdi_arithmetic_end(&kept);
    }
    return found;
}
