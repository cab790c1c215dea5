#ifndef NRDI_ASSESS_PRIVATE_H
#define NRDI_ASSESS_PRIVATE_H

#include <nrd/assess.h>

/* Where a value lies: short of all, near, as asked, or nowhere. */
enum { NRDI_SHORT, NRDI_NEAR, NRDI_ENOUGH, NRDI_ABSENT, NRDI_WHERE };

/* What is asked of an item at a place and a time, ready for a loop over rows: the least
 * double that is taken as a decimal that does, and the least that is near. Where the rule
 * is at most, they and the values have the other sign. */
typedef struct {
    double bound;
    double near; /* at most the bound */
    int8_t decision[NRDI_WHERE];
} nrdi_asked;

/* The decimal of 15 digits nearest to a double, as the double nearest to it. */
double nrdi_assess_decimal(double value);

/* Least double that is taken as a decimal of at least the limit. */
double nrdi_assess_least(double limit);

nrdi_asked nrdi_assess_asked(
    const nrd_item *item, const nrd_level *level, double tolerance);

/* All that nrd_assess checks but NULL: rows, days, tolerances, values, choices. */
NRD_NODISCARD nrd_status nrdi_assess_check_input(
    const nrd_criteria *set, const nrd_measurements *in, nrd_error *err);

#endif
