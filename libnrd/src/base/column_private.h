#ifndef NRDI_COLUMN_PRIVATE_H
#define NRDI_COLUMN_PRIVATE_H

#include <nrd/column.h>

#include "decimal_private.h"

/* Adding and taking away this rounds to a whole number below 2^51. */
#define NRDI_ROUND 0x1.8p52

static inline double
nrdi_near_whole(double x)
{
    return (x + NRDI_ROUND) - NRDI_ROUND;
}

/* A value in the units of its decimals: 0.1 with one decimal is 1. NaN where the value is
 * not the double nearest to such a decimal, or has too many digits to tell. */
double nrdi_in_decimals(double value, int32_t decimals);

/* What is to be known of a float64 column before it is added up. */
typedef struct {
    int32_t decimals; /* as of nrd_column_decimals */
    double least;     /* infinity where nothing is there, as -infinity below */
    double greatest;
} nrdi_look;

/* Read a column once. */
nrdi_look nrdi_column_look(const nrd_column *column);

#endif
