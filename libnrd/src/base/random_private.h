#ifndef NRDI_RANDOM_PRIVATE_H
#define NRDI_RANDOM_PRIVATE_H

#include <nrd/random.h>

/* One block of Philox4x64-10. */
void nrdi_random_block(const uint64_t counter[4], const uint64_t key[2], uint64_t out[4]);

/* The Poisson number of mean 1 whose uniform is (byte + word / 2^64) / 256. */
uint32_t nrdi_random_poisson_at(unsigned byte, uint64_t word);

/* Whether a byte alone decides the Poisson number. */
int nrdi_random_poisson_decided(unsigned byte);

/* Bring values into the order that nrd_random_permutation would give: value i becomes what
 * was in place out[i]. */
void nrdi_random_shuffle(nrd_random *rng, size_t n, double *values);

#endif
