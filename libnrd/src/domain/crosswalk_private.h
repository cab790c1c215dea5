#ifndef NRDI_CROSSWALK_PRIVATE_H
#define NRDI_CROSSWALK_PRIVATE_H

#include <nrd/crosswalk.h>

/* One part of a target in one period. */
typedef struct {
    double share; /* of its source; NaN: unknown */
    double value; /* NaN: missing */
    double other; /* value of the other column, 0 where the rule has none */
} nrdi_part;

/* The least and the greatest value of a target from n parts, at least 1; the parts may come
 * back in another order. */
void nrdi_crosswalk_rule(
    const nrd_rule *rule, nrdi_part *parts, size_t n, double *low, double *high);

/* Whether a rule reads another column, and whether its values are 0 or 1. */
static inline int
nrdi_rule_has_other(nrd_rule_kind kind)
{
    return kind == NRD_RULE_MEAN || kind == NRD_RULE_RATE || kind == NRD_RULE_SHARE;
}

static inline int
nrdi_rule_is_state(nrd_rule_kind kind)
{
    return kind == NRD_RULE_ALL || kind == NRD_RULE_ANY || kind == NRD_RULE_SHARE;
}

#endif
