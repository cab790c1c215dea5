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
void nrdi_harmonise_unit(
    const nrd_harmonise_rule *rule, nrdi_part *parts, size_t n, double *low, double *high);

/* Whether a rule reads another column, and whether its values are 0 or 1. */
static inline int
nrdi_harmonise_has_other(nrd_harmonise_kind kind)
{
    return kind == NRD_HARMONISE_MEAN || kind == NRD_HARMONISE_RATE ||
           kind == NRD_HARMONISE_SHARE;
}

static inline int
nrdi_harmonise_is_state(nrd_harmonise_kind kind)
{
    return kind == NRD_HARMONISE_ALL || kind == NRD_HARMONISE_ANY ||
           kind == NRD_HARMONISE_SHARE;
}

#endif
