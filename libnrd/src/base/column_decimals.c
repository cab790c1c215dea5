/* Doubles that stand for printed decimals. */

#include <math.h>

#include "arithmetic_private.h"
#include "column_private.h"
#include "exact_block_private.h"

/* Whole numbers below this times 10^9 / 10^9 come back. */
#define MOST 0x1p51

double
nrdi_in_decimals(double value, int32_t decimals)
{
    /* Up to 10^22 a power of ten is a double, and the product is rounded once: off from the
     * whole number by less than 1/2, as long as that is below 2^51. */
    const double unit = (double) nrdi_power_of_ten(decimals);
    const double whole = nrdi_near_whole(value * unit);

    /* A quotient is rounded once: it is the value only where the value is nearest to it. */
    return fabs(whole) < MOST && whole / unit == value ? whole : (double) NAN;
}

/* Values from `first` on, without those that a bitmap calls missing, with NaN behind them;
 * as they are where that is what they are. */
static const double *
take(const nrd_column *column, size_t first, size_t n, double *held)
{
    const double *values = (const double *) column->values + column->offset + first;

    if (column->validity == NULL && n == NRDI_BLOCK) {
        return values;
    }
    for (size_t i = 0; i < NRDI_BLOCK; i++) {
        held[i] =
            i < n && nrd_column_is_valid(column, first + i) ? values[i] : (double) NAN;
    }
    return held;
}

/* More decimals are tried from the value that wanted them on. Values before it are such
 * numbers with more decimals too, as long as all are small enough in the end. */
static nrdi_look
look(const nrd_column *column, int decimals_alone)
{
    nrdi_look_at *look_at = nrdi_kernels_in_use()->look_at;
    nrdi_look out = {.least = (double) INFINITY, .greatest = -(double) INFINITY};
    double held[NRDI_BLOCK], unit = 1.0;

    for (size_t first = 0; first < column->length; first += NRDI_BLOCK) {
        const size_t left = column->length - first;
        const double *x = take(column, first, left < NRDI_BLOCK ? left : NRDI_BLOCK, held);

        while (
            !look_at(x, NRDI_BLOCK, unit, &out.least, &out.greatest) && out.decimals >= 0) {
            out.decimals = out.decimals < NRD_DECIMAL_MAX_SCALE ? out.decimals + 1 : -1;
            unit = out.decimals >= 0 ? (double) nrdi_power_of_ten(out.decimals) : 1.0;
        }
        if (out.decimals < 0 && decimals_alone) {
            return out;
        }
    }
    if (!(nrdi_near_whole(fmax(-out.least, out.greatest) * unit) < MOST)) {
        out.decimals = -1;
    }
    return out;
}

static nrdi_look
look_in_order(const nrd_column *column, int decimals_alone)
{
    fenv_t kept;
    nrdi_look out;

    nrdi_arithmetic_begin(&kept);
    out = look(column, decimals_alone);
    nrdi_arithmetic_end(&kept);
    return out;
}

nrdi_look
nrdi_column_look(const nrd_column *column)
{
    return look_in_order(column, 0);
}

int32_t
nrd_column_decimals(const nrd_column *column)
{
    return look_in_order(column, 1).decimals;
}
