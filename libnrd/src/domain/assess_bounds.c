/* Levels as bounds of doubles: printed decimals are compared without comparing text. */

#include "assess_private.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Two such decimals are never one double, so that doubles are in the order of their
 * decimals. */
double
nrdi_assess_decimal(double value)
{
    char text[32];

    (void) snprintf(text, sizeof text, "%.*g", DBL_DIG, value);
    return strtod(text, NULL);
}

/* No more than ten doubles lie between two decimals of 15 digits: the walks are short. */
double
nrdi_assess_least(double limit)
{
    const double wanted = nrdi_assess_decimal(limit);
    double least = wanted;
    double before = nextafter(least, (double) -INFINITY);

    while (isfinite(wanted) && nrdi_assess_decimal(before) >= wanted) {
        least = before;
        before = nextafter(least, (double) -INFINITY);
    }
    return least;
}

/* Least double that is taken as a decimal above the limit. */
static double
least_above(double limit)
{
    const double bound = nrdi_assess_decimal(limit);
    double least = bound;

    while (nrdi_assess_decimal(least) <= bound) {
        least = nextafter(least, (double) INFINITY);
    }
    return least;
}

nrdi_asked
nrdi_assess_asked(const nrd_item *item, const nrd_level *level, double tolerance)
{
    const double sign = item->rule == NRD_RULE_LE ? -1.0 : 1.0;
    nrdi_asked out = {1.0, 1.0,
        {NRD_DECISION_UNMET, NRD_DECISION_NEAR, NRD_DECISION_MET, NRD_DECISION_UNKNOWN}};

    if (level->kind == NRD_LEVEL_KIND_NUMBER) {
        const double limit = sign * level->value;

        out.bound = item->is_strict ? least_above(limit) : nrdi_assess_least(limit);
        out.near = tolerance > 0.0 ? nrdi_assess_least(limit - tolerance) : out.bound;
    } else if (level->kind != NRD_LEVEL_KIND_MET) {
        memset(out.decision,
            level->kind == NRD_LEVEL_KIND_NOT_ASKED ? NRD_DECISION_NOT_ASKED
                                                    : NRD_DECISION_UNKNOWN,
            sizeof out.decision);
    }
    return out;
}
