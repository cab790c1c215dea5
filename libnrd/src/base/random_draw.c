#include "random_private.h"

#include <string.h>

#include "decimal_private.h"

/* Counts that a loop of known length takes together, so that it becomes one of vectors. */
#define RUN 64

/* Fewer cells are drawn one by one: a count then has room for all draws, too. */
#define FEW_CELLS 256

static uint64_t
sum_of(const uint8_t *counts, size_t n)
{
    uint64_t sum = 0;
    size_t i = 0;

    for (; n - i >= RUN; i += RUN) {
        uint32_t part = 0;

        for (size_t j = 0; j < RUN; j++) {
            part += counts[i + j];
        }
        sum += part;
    }
    for (; i < n; i++) {
        sum += counts[i];
    }
    return sum;
}

/* Bits of the greatest count, which has as many as all counts joined bit by bit. */
static unsigned
bits_of(const uint8_t *counts, size_t n)
{
    uint8_t all[RUN] = {0};
    unsigned any = 0, bits = 0;
    size_t i = 0;

    for (; n - i >= RUN; i += RUN) {
        for (size_t j = 0; j < RUN; j++) {
            all[j] |= counts[i + j];
        }
    }
    for (size_t j = 0; j < RUN; j++) {
        any |= all[j];
    }
    for (; i < n; i++) {
        any |= counts[i];
    }
    while (any >> bits > 0) {
        bits++;
    }
    return bits;
}

/* Take `many` of the numbers counted away, each of them as likely as any other: a cell and
 * a level are drawn until the cell reaches above the level. */
static void
take_away(nrdi_words *words, size_t n, uint64_t many, uint8_t *counts)
{
    const unsigned bits = bits_of(counts, n);

    while (many > 0) {
        const uint64_t drawn = nrdi_words_below(words, (uint64_t) n << bits);
        uint8_t *cell = &counts[drawn >> bits];

        if ((drawn & ((1U << bits) - 1)) < *cell) {
            --*cell;
            many--;
        }
    }
}

/* How many positions below n one word gives, so that few words are refused. */
static size_t
positions_in_a_word(size_t n)
{
    return n <= 1U << 9    ? 6
           : n <= 1U << 11 ? 5
           : n <= 1U << 14 ? 4
           : n <= 1U << 19 ? 3
           : n <= 1U << 30 ? 2
                           : 1;
}

/* `many` positions below n out of one word. `bound` is at least the number of outcomes, and
 * is made that number when a word comes near to being unfair. */
static uint64_t
draw_positions(nrdi_words *words, size_t n, size_t many, uint64_t bound, size_t *out)
{
    uint64_t rest, unfair = 0;

    do {
        rest = nrdi_words_next(words);
        for (size_t i = 0; i < many; i++) {
            const nrdi_uint128 product = (nrdi_uint128) rest * n;

            out[i] = (size_t) (product >> 64);
            rest = (uint64_t) product;
        }
        if (rest < bound) {
            bound = n;
            for (size_t i = 1; i < many; i++) {
                bound *= n;
            }
            unfair = (0 - bound) % bound;
        }
    } while (rest < unfair);
    return bound;
}

/* Draw one by one. */
static void
draw_counts(nrdi_words *words, size_t n, uint8_t *out)
{
    const size_t fits = positions_in_a_word(n);
    uint64_t bound = UINT64_MAX;
    size_t position[6];

    memset(out, 0, n);
    for (size_t left = n; left > 0;) {
        const size_t many = fits < left ? fits : left;

        bound = draw_positions(words, n, many, many == fits ? bound : UINT64_MAX, position);
        for (size_t i = 0; i < many; i++) {
            out[position[i]]++;
        }
        left -= many;
    }
}

/* Make Poisson numbers add up to n. */
static void
correct_counts(nrdi_words *words, size_t n, uint8_t *out)
{
    uint64_t sum = sum_of(out, n);

    if (sum > n) {
        take_away(words, n, sum - n, out);
    }
    while (sum < n) {
        uint8_t *cell = &out[nrdi_words_below(words, n)];

        if (*cell < UINT8_MAX) {
            ++*cell;
            sum++;
        }
    }
}

void
nrd_random_counts(nrd_random *rng, size_t n, uint8_t *out)
{
    nrdi_words words = nrdi_words_open(rng, n / 6 + 8);

    if (n < FEW_CELLS) {
        draw_counts(&words, n, out);
    } else {
        nrdi_words_poissons(&words, n, out);
        correct_counts(&words, n, out);
    }
    nrdi_words_close(&words, rng);
}
