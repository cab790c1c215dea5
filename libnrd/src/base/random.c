#include "random_private.h"

#include "decimal_private.h"
#include "exact_block_private.h"

#include <math.h>
#include <string.h>

#include <Random123/philox.h>
#include <gsl/gsl_cdf.h>

/* Bytes of randomness that become Poisson numbers together. */
#define POISSON_BLOCK 64

static inline void
make_block(uint64_t number, const uint64_t counter[4], const uint64_t key[2], uint64_t *out)
{
    const philox4x64_ctr_t in = {{number, counter[1], counter[2], counter[3]}};
    const philox4x64_key_t by = {{key[0], key[1]}};
    const philox4x64_ctr_t block = philox4x64_R(10, in, by);

    memcpy(out, block.v, sizeof block.v);
}

void
nrdi_random_block(const uint64_t counter[4], const uint64_t key[2], uint64_t out[4])
{
    make_block(counter[0], counter, key, out);
}

void
nrd_random_start(nrd_random *rng, uint64_t seed, uint64_t replicate, uint64_t unit)
{
    *rng = (nrd_random){.key = {seed, 0}, .counter = {0, unit, replicate, 0}};
}

uint64_t
nrd_random_next(nrd_random *rng)
{
    if (rng->left == 0) {
        nrdi_random_block(rng->counter, rng->key, rng->word);
        rng->counter[0]++;
        rng->left = 4;
    }
    return rng->word[4 - rng->left--];
}

void
nrd_random_words(nrd_random *rng, size_t n, uint64_t *out)
{
    const nrd_random from = *rng; /* which the compiler knows that out does not overlap */
    nrdi_random_blocks *blocks = nrdi_kernels_in_use()->random_blocks;
    uint64_t number = from.counter[0];
    size_t i = 0;

    while (i < n && rng->left > 0) {
        out[i++] = nrd_random_next(rng);
    }
    if (blocks != NULL && n - i >= 64) {
        const size_t sixteens = (n - i) / 64;

        blocks(number, from.counter, from.key, sixteens, out + i);
        number += 16 * sixteens;
        i += 64 * sixteens;
    }
    for (; n - i >= 8; i += 8, number += 2) { /* neither waits for the other */
        make_block(number, from.counter, from.key, out + i);
        make_block(number + 1, from.counter, from.key, out + i + 4);
    }
    rng->counter[0] = number;
    while (i < n) {
        out[i++] = nrd_random_next(rng);
    }
}

double
nrd_random_uniform(nrd_random *rng)
{
    return (double) (nrd_random_next(rng) >> 11) * 0x1p-53;
}

void
nrd_random_uniforms(nrd_random *rng, size_t n, double *out)
{
    uint64_t word[POISSON_BLOCK];

    for (size_t done = 0; done < n; done += POISSON_BLOCK) {
        const size_t some = n - done < POISSON_BLOCK ? n - done : POISSON_BLOCK;

        nrd_random_words(rng, some, word);
        for (size_t i = 0; i < some; i++) {
            out[done + i] = (double) (word[i] >> 11) * 0x1p-53;
        }
    }
}

/* The number that a word makes; 0 where the word is left out: of those that lead to one
 * number, as many as make all equal. */
static inline int
is_below(uint64_t word, uint64_t n, uint64_t *out)
{
    const nrdi_uint128 product = (nrdi_uint128) word * n;

    *out = (uint64_t) (product >> 64);
    return (uint64_t) product >= n || (uint64_t) product >= (0 - n) % n;
}

uint64_t
nrd_random_below(nrd_random *rng, uint64_t n)
{
    uint64_t out;

    while (!is_below(nrd_random_next(rng), n, &out)) {
    }
    return out;
}

uint64_t
nrdi_words_below(nrdi_words *words, uint64_t n)
{
    uint64_t out;

    while (!is_below(nrdi_words_next(words), n, &out)) {
    }
    return out;
}

void
nrdi_words_close(const nrdi_words *words, nrd_random *rng)
{
    const nrd_random *stream = &words->stream;
    const uint64_t taken = 4 * stream->counter[0] - stream->left - words->left;

    *rng = *stream;
    rng->left = (uint32_t) (0 - taken) % 4;
    rng->counter[0] = (taken + rng->left) / 4;
    if (rng->left > 0) {
        make_block(rng->counter[0] - 1, stream->counter, stream->key, rng->word);
    }
}

double
nrd_random_normal(nrd_random *rng)
{
    const uint64_t word = nrd_random_next(rng);
    const double tail = ((double) (word >> 1) + 0.5) * 0x1p-64;
    const double size = gsl_cdf_ugaussian_Qinv(tail);

    return (word & 1) != 0 ? -size : size;
}

double
nrd_random_exponential(nrd_random *rng)
{
    /* The uniform is in (0, 1], where 1 stands for the last 2^-54. */
    return fabs(log(((double) nrd_random_next(rng) + 0.5) * 0x1p-64));
}

/* 256 P(X <= k) = FLOOR + fraction / 2^64, from exact rational arithmetic; above k = 21
 * nothing is left of 2^-72. */
static const uint8_t poisson_floor[] = {94, 188, 235, 251, 255};
static const uint64_t poisson_fraction[] = {0x2d58d8b3bcdf1abb, 0x5ab1b16779be3576,
    0x715e1dc1582dc2d3, 0x23979734a252f1f2, 0x1025f59174dc3dba, 0xd90f3ba4055e19af,
    0xfa8b71fc72c913ad, 0xff540c0914b3c9ad, 0xffed1f4aa8f1206d, 0xfffe216e641462f4,
    0xffffd4d85d318335, 0xfffffc6da262b4af, 0xffffffba12d178ce, 0xfffffffb07c64cd1,
    0xffffffffab8ea51a, 0xfffffffffabe2274, 0xffffffffffb11a4a, 0xfffffffffffba156,
    0xffffffffffffc549, 0xfffffffffffffd12, 0xffffffffffffffdc, 0xfffffffffffffffe};

int
nrdi_random_poisson_decided(unsigned byte)
{
    return memchr(poisson_floor, (int) byte, sizeof poisson_floor) == NULL;
}

/* A byte that does not decide, and is at the edge behind k, with a word; behind the byte
 * 255 lie all edges that are left. */
static inline uint32_t
pass_edges(unsigned byte, uint32_t k, uint64_t word)
{
    const uint32_t last = sizeof poisson_fraction / sizeof poisson_fraction[0];

    while (k < last && word >= poisson_fraction[k]) {
        k++;
        if (byte != poisson_floor[4]) {
            break;
        }
    }
    return k;
}

uint32_t
nrdi_random_poisson_at(unsigned byte, uint64_t word)
{
    uint32_t k = 0;

    while (k < 4 && byte > poisson_floor[k]) {
        k++;
    }
    return byte == poisson_floor[k] ? pass_edges(byte, k, word) : k;
}

uint32_t
nrd_random_poisson(nrd_random *rng)
{
    const unsigned byte = (unsigned) (nrd_random_next(rng) >> 56);
    const int decided = nrdi_random_poisson_decided(byte);

    return nrdi_random_poisson_at(byte, decided ? 0 : nrd_random_next(rng));
}

/* A byte as a signed number in the same order, which is what vectors compare. */
#define ORDERED(byte) ((int8_t) ((byte) ^ 0x80))

/* What the bytes decide: comparisons alone, for all bytes at once; `open` is 1 where a byte
 * does not decide. */
static void
decide(const uint8_t *byte, uint8_t *count, uint8_t *open)
{
    for (size_t i = 0; i < POISSON_BLOCK; i++) {
        const int8_t b = ORDERED(byte[i]);

        count[i] = (uint8_t) ((uint8_t) ((uint8_t) (b > ORDERED(94)) +
                                         (uint8_t) (b > ORDERED(188))) +
                              (uint8_t) ((uint8_t) (b > ORDERED(235)) +
                                         (uint8_t) (b > ORDERED(251))));
        open[i] = (uint8_t) ((uint8_t) (b == ORDERED(94)) | (uint8_t) (b == ORDERED(188)) |
                             (uint8_t) (b == ORDERED(235)) | (uint8_t) (b == ORDERED(251)) |
                             (uint8_t) (b == ORDERED(255)));
    }
}

/* The bytes of words, the last first, on a machine of any order of bytes. */
static void
bytes_of(const uint64_t *word, uint8_t *out)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    memcpy(out, word, POISSON_BLOCK);
#else
    for (size_t i = 0; i < POISSON_BLOCK; i++) {
        out[i] = (uint8_t) (word[i / 8] >> 8 * (i % 8));
    }
#endif
}

/* Bit i is byte i, 0 or 1: a product brings the bits of eight bytes together. */
static uint64_t
bits_of(const uint8_t *byte)
{
    uint64_t bits = 0;

    for (size_t i = 0; i < POISSON_BLOCK; i += 8) {
        const uint8_t *b = byte + i;
        const uint64_t eight = (uint64_t) b[0] | (uint64_t) b[1] << 8 |
                               (uint64_t) b[2] << 16 | (uint64_t) b[3] << 24 |
                               (uint64_t) b[4] << 32 | (uint64_t) b[5] << 40 |
                               (uint64_t) b[6] << 48 | (uint64_t) b[7] << 56;

        bits |= eight * 0x0102040810204080 >> 56 << i;
    }
    return bits;
}

void
nrdi_words_poissons(nrdi_words *words, size_t n, uint8_t *out)
{
    for (size_t done = 0; done < n; done += POISSON_BLOCK) {
        const size_t some = n - done < POISSON_BLOCK ? n - done : POISSON_BLOCK;
        uint64_t word[POISSON_BLOCK / 8], left;
        uint8_t byte[POISSON_BLOCK], count[POISSON_BLOCK], open[POISSON_BLOCK];

        for (size_t i = 0; i < POISSON_BLOCK / 8; i++) {
            word[i] = nrdi_words_next(words);
        }
        bytes_of(word, byte);
        decide(byte, count, open);
        for (left = bits_of(open); left != 0; left &= left - 1) {
            const int i = __builtin_ctzll(left);

            count[i] = (uint8_t) pass_edges(byte[i], count[i], nrdi_words_next(words));
        }
        memcpy(out + done, count, some);
    }
}

void
nrd_random_poissons(nrd_random *rng, size_t n, uint8_t *out)
{
    /* 8 of them out of a word, and 2 in 100 need one more. */
    nrdi_words words = nrdi_words_open(rng, n / 8 + n / 32 + 8);

    nrdi_words_poissons(&words, n, out);
    nrdi_words_close(&words, rng);
}
