#ifndef NRDI_KENDALL_PRIVATE_H
#define NRDI_KENDALL_PRIVATE_H

#include <nrd/kendall.h>

/* Pairs that stand in the wrong order in an arrangement of 0 ... n - 1, of which a and
 * spare are left in disorder. */
uint64_t nrdi_inversions(uint32_t *a, uint32_t *spare, size_t n);

/* Chances of at most 0 ... D inversions among the arrangements of groups of equal values,
 * n <= NRD_KENDALL_EXACT of them together; D is returned. */
size_t nrdi_kendall_count(const uint32_t *ties, size_t groups, double *at_most);

/* The logarithm of the number of arrangements of n values, less that of each group of t
 * equal ones. */
double nrdi_log_factorial(uint64_t n);

/* Fill in the p-values by the normal distribution; s, variance and continuity are there. */
void nrdi_kendall_normal(nrd_kendall *out);

/* Fill them in by the chances of at most 0 ... d inversions. */
void nrdi_kendall_exact(nrd_kendall *out, const double *at_most, size_t d);

#endif
