#ifndef NRDI_RANDOM_PRIVATE_H
#define NRDI_RANDOM_PRIVATE_H

#include <nrd/random.h>

/* Words that are drawn ahead at most, by who takes many one by one. */
#define NRDI_AHEAD 64

/* The words of a stream, drawn together: a block alone takes as long as three of many. */
typedef struct {
    nrd_random stream; /* behind the words in hand */
    size_t together;
    size_t left;
    uint64_t word[NRDI_AHEAD];
} nrdi_words;

/* Go on where a stream is; about so many words will be taken. */
static inline nrdi_words
nrdi_words_open(const nrd_random *rng, size_t about)
{
    nrdi_words out;

    out.stream = *rng;
    out.together = about < NRDI_AHEAD ? about : NRDI_AHEAD;
    out.left = 0;
    return out;
}

static inline uint64_t
nrdi_words_next(nrdi_words *words)
{
    if (words->left == 0) {
        nrd_random_words(&words->stream, words->together, words->word);
        words->left = words->together;
    }
    return words->word[words->together - words->left--];
}

/* As nrd_random_below. */
uint64_t nrdi_words_below(nrdi_words *words, uint64_t n);

/* Set the stream to the first word that was not taken. */
void nrdi_words_close(const nrdi_words *words, nrd_random *rng);

/* One block of Philox4x64-10. */
void nrdi_random_block(const uint64_t counter[4], const uint64_t key[2], uint64_t out[4]);

/* As nrd_random_poissons. */
void nrdi_words_poissons(nrdi_words *words, size_t n, uint8_t *out);

/* The Poisson number of mean 1 whose uniform is (byte + word / 2^64) / 256. */
uint32_t nrdi_random_poisson_at(unsigned byte, uint64_t word);

/* Whether a byte alone decides the Poisson number. */
int nrdi_random_poisson_decided(unsigned byte);

/* Bring values into the order that nrd_random_permutation would give: value i becomes what
 * was in place out[i]. */
void nrdi_random_shuffle(nrd_random *rng, size_t n, double *values);

#endif
