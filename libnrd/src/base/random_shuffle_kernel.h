/* Shuffling of arrays of NRDI_ELEMENT, as NRDI_SHUFFLE: included once for each type. */

/* Swap the last `many` of n elements with positions at or before their own, all out of one
 * word. 0, and nothing is swapped, where the word is unfair. `bound` is at least the number
 * of outcomes, and is made that number when a word comes near to being unfair. */
static INLINE int
NRDI_NAMED(swap_last)(
    NRDI_ELEMENT *elements, size_t n, size_t many, uint64_t word, uint64_t *bound)
{
    size_t position[MOST_POSITIONS] = {0};

#pragma GCC unroll 6
    for (size_t i = 0; i < many; i++) {
        const nrdi_uint128 product = (nrdi_uint128) word * (n - i);

        position[i] = (size_t) (product >> 64);
        word = (uint64_t) product;
    }
    if (word < *bound && is_unfair(word, n, many, bound)) {
        return 0;
    }
#pragma GCC unroll 6
    for (size_t i = 0; i < many; i++) {
        const NRDI_ELEMENT last = elements[n - 1 - i];

        elements[n - 1 - i] = elements[position[i]];
        elements[position[i]] = last;
    }
    return 1;
}

/* Shuffle from the end until no more than down_to elements are left; `many` is a constant
 * where this is called, so that the loops above have a known length. */
static INLINE size_t
NRDI_NAMED(shuffle_down)(
    nrd_random *rng, NRDI_ELEMENT *elements, size_t n, size_t down_to, size_t many)
{
    uint64_t word[WORDS], bound = UINT64_MAX;

    while (n > down_to) {
        const size_t wanted = (n - down_to + many - 1) / many;
        const size_t some = wanted < WORDS ? wanted : WORDS;

        nrd_random_words(rng, some, word);
        for (size_t i = 0; i < some; i++) {
            if (NRDI_NAMED(swap_last)(elements, n, many, word[i], &bound)) {
                n -= many;
            }
        }
    }
    return n;
}

void
NRDI_SHUFFLE(nrd_random *rng, size_t n, NRDI_ELEMENT *elements)
{
    if (n > (size_t) 1 << 30) {
        n = NRDI_NAMED(shuffle_down)(rng, elements, n, (size_t) 1 << 30, 1);
    }
    if (n > 1 << 19) {
        n = NRDI_NAMED(shuffle_down)(rng, elements, n, 1 << 19, 2);
    }
    if (n > 1 << 14) {
        n = NRDI_NAMED(shuffle_down)(rng, elements, n, 1 << 14, 3);
    }
    if (n > 1 << 11) {
        n = NRDI_NAMED(shuffle_down)(rng, elements, n, 1 << 11, 4);
    }
    if (n > 1 << 9) {
        n = NRDI_NAMED(shuffle_down)(rng, elements, n, 1 << 9, 5);
    }
    if (n > 6) {
        n = NRDI_NAMED(shuffle_down)(rng, elements, n, 6, 6);
    }
    if (n > 1) {
        (void) NRDI_NAMED(shuffle_down)(rng, elements, n, 1, n - 1);
    }
}
