/* Numbers in bulk take the words of a stream in their order, and leave it at the next. */

#include "support.h"

#include "random_private.h"

/* A block of 64 Poisson numbers is 8 words, whose bytes decide but for some. */
static void
read_poissons(nrd_random *rng, size_t n, uint8_t *out)
{
    for (size_t done = 0; done < n; done += 64) {
        uint64_t word[8];

        for (size_t i = 0; i < 8; i++) {
            word[i] = nrd_random_next(rng);
        }
        for (size_t i = 0; i < 64; i++) {
            const unsigned byte = (unsigned) (word[i / 8] >> 8 * (i % 8) & 255);
            const int decided = nrdi_random_poisson_decided(byte);
            const uint32_t count =
                nrdi_random_poisson_at(byte, decided ? 0 : nrd_random_next(rng));

            if (done + i < n) {
                out[done + i] = (uint8_t) count;
            }
        }
    }
}

static void
poissons_take_words_in_their_order(void **state)
{
    (void) state;
    for (size_t n = 0; n < 1500; n += 37) {
        uint8_t bulk[1500], one[1500];
        nrd_random rng, other;

        nrd_random_start(&rng, 5, n, 2);
        for (size_t i = 0; i < n % 7; i++) {
            (void) nrd_random_next(&rng);
        }
        other = rng;
        nrd_random_poissons(&rng, n, bulk);
        read_poissons(&other, n, one);
        assert_memory_equal(bulk, one, n);
        for (size_t i = 0; i < 9; i++) {
            assert_true(nrd_random_next(&rng) == nrd_random_next(&other));
        }
    }
}

/* After counts the stream is at one of its words, and the same words are never drawn twice.
 */
static void
counts_leave_a_stream_at_the_next_word(void **state)
{
    (void) state;
    for (size_t n = 1; n < 700; n += 13) {
        uint8_t counts[700];
        uint64_t found[9];
        nrd_random rng, other;
        size_t skipped = 0;

        nrd_random_start(&rng, 7, n, 3);
        other = rng;
        nrd_random_counts(&rng, n, counts);
        nrd_random_words(&rng, 9, found);
        while (nrd_random_next(&other) != found[0]) {
            skipped++;
            assert_true(skipped < 2000);
        }
        /* A word gives six positions, or the bytes of eight Poisson numbers. */
        assert_true(skipped >= n / 8);
        assert_true(skipped <= n / 6 + 3 || n >= 256);
        for (size_t i = 1; i < 9; i++) {
            assert_true(nrd_random_next(&other) == found[i]);
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(poissons_take_words_in_their_order),
        cmocka_unit_test(counts_leave_a_stream_at_the_next_word),
    };

    return cmocka_run_group_tests_name("random_ahead", tests, NULL, NULL);
}
