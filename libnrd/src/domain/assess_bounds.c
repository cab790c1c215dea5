/* Levels as bounds of doubles: printed decimals are compared without comparing text. */

#include "assess_private.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* The decimal of 15 digits nearest to a double, as the double nearest to it. Two such
 * decimals are never one double, so that doubles are in the order of their decimals. */
static double
as_decimal(double value)
{
    char text[32];

    (void) snprintf(text, sizeof text, "%.*g", DBL_DIG, value);
    return strtod(text, NULL);
}

/* No more than ten doubles lie between two decimals of 15 digits: the walks are short. */
double
nrdi_assess_least(double limit)
{
    const double wanted = as_decimal(limit);
    double least = wanted;
    double before = nextafter(least, (double) -INFINITY);

    while (isfinite(wanted) && as_decimal(before) >= wanted) {
        least = before;
        before = nextafter(least, (double) -INFINITY);
    }
    return least;
}

/* Least double that is taken as a decimal above the limit. */
static double
least_above(double limit)
{
    const double bound = as_decimal(limit);
    double least = bound;

    while (as_decimal(least) <= bound) {
        least = nextafter(least, (double) INFINITY);
    }
    return least;
}

static nrdi_bounds
bounds_of_number(const nrd_item *item, double level, double tolerance)
{
    nrdi_bounds out = {-INFINITY, INFINITY, -INFINITY, INFINITY, NRD_DECISION_MET,
        NRD_DECISION_NEAR, NRD_DECISION_UNMET, NRD_DECISION_UNKNOWN};

    if (item->rule == NRD_RULE_GE) {
        out.low = item->is_strict ? least_above(level) : nrdi_assess_least(level);
        out.near_low = nrdi_assess_least(level - tolerance);
    } else {
        out.high = item->is_strict ? -least_above(-level) : -nrdi_assess_least(-level);
        out.near_high = -nrdi_assess_least(-(level + tolerance));
    }
    if (!(tolerance > 0.0)) {
        out.near = NRD_DECISION_UNMET;
    }
    return out;
}

nrdi_bounds
nrdi_assess_bounds(const nrd_item *item, const nrd_level *level, double tolerance)
{
    const int8_t same = level->kind == NRD_LEVEL_KIND_NOT_ASKED ? NRD_DECISION_NOT_ASKED
                                                                : NRD_DECISION_UNKNOWN;

    if (level->kind == NRD_LEVEL_KIND_NUMBER) {
        return bounds_of_number(item, level->value, tolerance);
    }
    if (level->kind == NRD_LEVEL_KIND_MET) {
        return (nrdi_bounds){1.0, 1.0, 1.0, 1.0, NRD_DECISION_MET, NRD_DECISION_UNMET,
            NRD_DECISION_UNMET, NRD_DECISION_UNKNOWN};
    }
    return (nrdi_bounds){-INFINITY, INFINITY, -INFINITY, INFINITY, same, same, same, same};
}
