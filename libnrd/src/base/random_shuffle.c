/* Random orders: Fisher and Yates, with several positions out of each word. */

#include "random_private.h"

#include "decimal_private.h"

/* Words that are drawn together. */
#define WORDS 64

/* Called with a constant number of positions, loops have a known length only then. */
#define INLINE inline __attribute__((always_inline))

/* Positions that one word gives at most. */
#define MOST_POSITIONS 6

/* What is left of a word after `many` positions below n, n - 1 ... is unfair where it is
 * below the remainder of 2^64 by the number of outcomes. */
static int
is_unfair(uint64_t word, size_t n, size_t many, uint64_t *bound)
{
    uint64_t outcomes = n;

    for (size_t i = 1; i < many; i++) {
        outcomes *= n - i;
    }
    *bound = outcomes;
    return word < (0 - outcomes) % outcomes;
}

#define NRDI_ELEMENT uint32_t
#define NRDI_SHUFFLE shuffle_numbers
#define NRDI_NAMED(name) name##_of_numbers
static void shuffle_numbers(nrd_random *rng, size_t n, uint32_t *elements);
#include "random_shuffle_kernel.h"
#undef NRDI_ELEMENT
#undef NRDI_SHUFFLE
#undef NRDI_NAMED

#define NRDI_ELEMENT double
#define NRDI_SHUFFLE nrdi_random_shuffle
#define NRDI_NAMED(name) name##_of_values
#include "random_shuffle_kernel.h"

void
nrd_random_permutation(nrd_random *rng, size_t n, uint32_t *out)
{
    for (size_t i = 0; i < n; i++) {
        out[i] = (uint32_t) i;
    }
    shuffle_numbers(rng, n, out);
}
