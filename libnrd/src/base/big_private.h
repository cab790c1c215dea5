#ifndef NRDI_BIG_PRIVATE_H
#define NRDI_BIG_PRIVATE_H

#include <nrd/status.h>

#include "exact_private.h"

/* Room for the product of two products of exact sums. */
#define NRDI_BIG_DIGITS 832

/* sign * (digits, the lowest first) * 2^(32 * exponent); no 0 at either end. 0 has sign 0
 * and no digits. */
typedef struct {
    int sign;
    int exponent;
    size_t n;
    uint32_t digit[NRDI_BIG_DIGITS];
} nrdi_big;

/* A double-double: high + low, |low| <= half a unit of high, times 2^exponent. */
typedef struct {
    double high;
    double low;
    int exponent;
} nrdi_double2;

/* From the digits of a sum, the first of which is digit `first` of an exact sum. */
void nrdi_big_from_digits(const int64_t *digit, size_t n, int first, nrdi_big *out);

void nrdi_big_from_count(uint64_t count, nrdi_big *out);

/* From a finite double. */
void nrdi_big_from_double(double value, nrdi_big *out);

/* out must be neither a nor b. */
void nrdi_big_multiply(const nrdi_big *a, const nrdi_big *b, nrdi_big *out);

/* a - b; out must be neither. */
void nrdi_big_subtract(const nrdi_big *a, const nrdi_big *b, nrdi_big *out);

/* -1, 0 or 1 as |a| is less than, equal to or greater than |b|. */
int nrdi_big_compare(const nrdi_big *a, const nrdi_big *b);

/* a / b as the nearest double, ties to even; b is not 0. */
double nrdi_big_ratio(const nrdi_big *a, const nrdi_big *b);

/* The leading 106 bits, with high in [1/2, 1) or 0. */
nrdi_double2 nrdi_big_leading(const nrdi_big *a);

#endif
