#ifndef NRDI_WIDE_PRIVATE_H
#define NRDI_WIDE_PRIVATE_H

#include <stddef.h>
#include <stdint.h>

/* Room for any sum of fewer than 2^60 doubles times any double up to 2, in units of the
 * lowest bit that occurs: 3236 bits. */
#define NRDI_WIDE_WORDS 51

/* A whole number, the least significant word first. The unit is the user's, who also says
 * how many words there are: with weights of like size 3 or 4 hold all. */
typedef struct {
    uint64_t word[NRDI_WIDE_WORDS];
} nrdi_wide;

/* Add number * 2^shift. */
void nrdi_wide_add(nrdi_wide *sum, uint64_t number, unsigned shift);

void nrdi_wide_copy(nrdi_wide *out, const nrdi_wide *a, size_t words);

/* a + b, and a - b for a >= b. */
void nrdi_wide_sum(nrdi_wide *out, const nrdi_wide *a, const nrdi_wide *b, size_t words);
void nrdi_wide_difference(
    nrdi_wide *out, const nrdi_wide *a, const nrdi_wide *b, size_t words);

/* a * factor * 2^shift; out is not a. */
void nrdi_wide_product(
    nrdi_wide *out, const nrdi_wide *a, uint64_t factor, unsigned shift, size_t words);

/* -1, 0 or 1 as a is less than, equal to or greater than b. */
int nrdi_wide_compare(const nrdi_wide *a, const nrdi_wide *b, size_t words);

/* a / b for 0 < a <= b, each rounded to a double before. */
double nrdi_wide_ratio(const nrdi_wide *a, const nrdi_wide *b, size_t words);

#endif
