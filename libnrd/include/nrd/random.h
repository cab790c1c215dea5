#ifndef NRD_RANDOM_H
#define NRD_RANDOM_H

#include <nrd/status.h>

/* cffi: begin */

/**
 * A stream of random numbers that seed, replicate and unit alone decide.
 *
 * The generator is Philox4x64-10: block b of a stream is the bijection keyed by (seed, 0)
 * of the counter (b, unit, replicate, 0). Streams of different seeds, replicates or units
 * are independent, and none has to wait for another: what replicate 7 gets does not depend
 * on how many threads there are, or on who computes replicate 6. Held by value, copied with
 * `=`, never released. The fields are private.
 *
 * Words, uniforms, bounded numbers, permutations and counts are the same on every machine;
 * normal and exponential numbers are as alike as its logarithms.
 *
 * Source: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, Parallel random numbers: as
 * easy as 1, 2, 3, Proc. SC'11 (2011), https://doi.org/10.1145/2063384.2063405; computed by
 * the authors' library Random123.
 */
typedef struct {
    uint64_t key[2];
    uint64_t counter[4];
    uint64_t word[4];
    uint32_t left;
} nrd_random;

/** Set a stream to its first word. */
NRD_API void nrd_random_start(
    nrd_random *rng, uint64_t seed, uint64_t replicate, uint64_t unit);

/** The next word: 64 random bits. */
NRD_API uint64_t nrd_random_next(nrd_random *rng);

/** The next n words, those that n calls of nrd_random_next give. */
NRD_API void nrd_random_words(nrd_random *rng, size_t n, uint64_t *out);

/** A number in [0, 1): k / 2^53, each k as likely as any other. One word. */
NRD_API double nrd_random_uniform(nrd_random *rng);

/** The next n uniforms, those that n calls of nrd_random_uniform give. */
NRD_API void nrd_random_uniforms(nrd_random *rng, size_t n, double *out);

/**
 * A whole number from 0 to n - 1, each as likely as any other; 0 where n is 0.
 *
 * Source: D. Lemire, ACM Trans. Model. Comput. Simul. 29 (2019) 3:1-3:12.
 */
NRD_API uint64_t nrd_random_below(nrd_random *rng, uint64_t n);

/** A standard normal number, by inversion: one word, its last bit the sign. */
NRD_API double nrd_random_normal(nrd_random *rng);

/** An exponential number of mean 1, by inversion: one word. */
NRD_API double nrd_random_exponential(nrd_random *rng);

/**
 * A Poisson number of mean 1, by inversion with 72 bits: each probability is right to
 * 2^-72. Usually 8 bits decide; 2 in 100 need a second word.
 */
NRD_API uint32_t nrd_random_poisson(nrd_random *rng);

/** The next n Poisson numbers: much faster than one by one, and not the same numbers. */
NRD_API void nrd_random_poissons(nrd_random *rng, size_t n, uint8_t *out);

/**
 * Multinomial counts: how often each of n cells occurs in n draws with replacement.
 *
 * Poisson numbers of mean 1, whose sum is then made n: a number too few is drawn, one too
 * many taken away, each at random. Given their sum, Poisson numbers are multinomial, so
 * that the result has exactly that distribution, but that a 256th draw of one cell
 * (probability below 10^-500) is drawn again.
 *
 * @param[in,out] rng the stream
 * @param[in]     n   number of cells and of draws, below 2^56
 * @param[out]    out n counts; their sum is n
 */
NRD_API void nrd_random_counts(nrd_random *rng, size_t n, uint8_t *out);

/**
 * A random order of 0 ... n - 1, each as likely as any other.
 *
 * @param[in,out] rng the stream
 * @param[in]     n   number of elements, below 2^32
 * @param[out]    out n numbers
 *
 * Source: R. A. Fisher and F. Yates; several positions out of each word: N.
 * Brackett-Rozinsky and D. Lemire, Softw. Pract. Exper. 55 (2025) 155-174.
 */
NRD_API void nrd_random_permutation(nrd_random *rng, size_t n, uint32_t *out);

/* cffi: end */

#endif
