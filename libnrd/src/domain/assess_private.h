#ifndef NRDI_ASSESS_PRIVATE_H
#define NRDI_ASSESS_PRIVATE_H

#include <nrd/assess.h>

/* What is asked of an item at a place and a time, ready for a loop over rows: the first
 * double taken as a decimal that does, and the last; the same with the tolerance. */
typedef struct {
    double low;
    double high;
    double near_low;
    double near_high;
    int8_t inside; /* decisions, by where the value lies */
    int8_t near;
    int8_t outside;
    int8_t absent;
} nrdi_bounds;

/* Least double that is taken as a decimal of at least the limit. */
double nrdi_assess_least(double limit);

nrdi_bounds nrdi_assess_bounds(
    const nrd_item *item, const nrd_level *level, double tolerance);

#endif
