#include "support.h"

#include <nrd/dist.h>

#include "exact_block_private.h"
#include "random_private.h"

#define DRAWS 200000
#define CELLS 64

/* A word of the references: two halves of 32 bits, since JSON numbers are doubles. */
static uint64_t
word_at(const cJSON *list, int i)
{
    const cJSON *pair = cJSON_GetArrayItem(list, i);

    assert_non_null(pair);
    return (uint64_t) cJSON_GetArrayItem(pair, 0)->valuedouble << 32 |
           (uint64_t) cJSON_GetArrayItem(pair, 1)->valuedouble;
}

static void
words_of(const cJSON *of, const char *key, uint64_t *out, int n)
{
    const cJSON *list = ref_get(of, key);

    assert_int_equal(cJSON_GetArraySize(list), n);
    for (int i = 0; i < n; i++) {
        out[i] = word_at(list, i);
    }
}

/* Probability of a chi-square as large as that of counts against what is expected. */
static double
chance(const double *count, const double *expected, size_t n)
{
    double chi2 = 0.0, p;

    for (size_t i = 0; i < n; i++) {
        chi2 += (count[i] - expected[i]) * (count[i] - expected[i]) / expected[i];
    }
    assert_int_equal(nrd_dist_chi2_sf(chi2, (double) (n - 1), &p, NULL), NRD_OK);
    return p;
}

static void
blocks_match_known_answers(void **state)
{
    cJSON *ref = ref_open("random_philox");
    const cJSON *of;

    (void) state;
    cJSON_ArrayForEach(of, ref_get(ref, "cases"))
    {
        uint64_t counter[4], key[2], expected[4], found[4];

        words_of(of, "counter", counter, 4);
        words_of(of, "key", key, 2);
        words_of(of, "block", expected, 4);
        nrdi_random_block(counter, key, found);
        assert_memory_equal(found, expected, sizeof found);
    }
    cJSON_Delete(ref);
}

static void
streams_match_reference(void **state)
{
    cJSON *ref = ref_open("random_stream");
    const cJSON *of;

    (void) state;
    cJSON_ArrayForEach(of, ref_get(ref, "cases"))
    {
        uint64_t of_stream[3], expected[11];
        nrd_random rng;

        words_of(of, "stream", of_stream, 3);
        words_of(of, "words", expected, 11);
        nrd_random_start(&rng, of_stream[0], of_stream[1], of_stream[2]);
        for (int i = 0; i < 11; i++) {
            assert_true(nrd_random_next(&rng) == expected[i]);
        }
    }
    cJSON_Delete(ref);
}

/* More words than the kernels make at once, and some. */
#define AT_ONCE 200

/* n words behind those that were taken, one by one and together. */
static void
assert_together(const nrd_random *from, size_t n)
{
    nrd_random one = *from, other = *from, third = *from;
    uint64_t words[AT_ONCE];
    double uniforms[AT_ONCE];

    nrd_random_words(&other, n, words);
    nrd_random_uniforms(&third, n, uniforms);
    for (size_t i = 0; i < n; i++) {
        const uint64_t word = nrd_random_next(&one);

        assert_true(words[i] == word);
        assert_same(uniforms[i], (double) (word >> 11) / 9007199254740992.0, i);
    }
    assert_true(nrd_random_next(&other) == nrd_random_next(&one));
}

/* However the words are asked for, and on any processor, one stream has the same ones; also
 * where its blocks begin anew. */
static void
many_at_once_are_the_same(void **state)
{
    static const char *const kernels[] = {"plain", "avx2", "avx512"};

    (void) state;
    for (size_t k = 0; k < 3; k++) {
        for (size_t before = 0; before < 6 && nrdi_kernels_force(kernels[k]); before++) {
            for (size_t n = 0; n < AT_ONCE; n++) {
                nrd_random rng;

                nrd_random_start(&rng, 19, before, n);
                rng.counter[0] = n % 2 == 0 ? 0 : UINT64_MAX - n / 8;
                for (size_t i = 0; i < before; i++) {
                    (void) nrd_random_next(&rng);
                }
                assert_together(&rng, n);
            }
        }
    }
    assert_true(nrdi_kernels_force(NULL));
}

static void
poisson_edges_match_reference(void **state)
{
    cJSON *ref = ref_open("random_poisson");
    const cJSON *of;

    (void) state;
    cJSON_ArrayForEach(of, ref_get(ref, "cases"))
    {
        const unsigned byte = (unsigned) ref_get(of, "byte")->valueint;

        assert_int_equal(nrdi_random_poisson_at(byte, word_at(ref_get(of, "word"), 0)),
            ref_get(of, "poisson")->valueint);
        assert_int_equal(
            nrdi_random_poisson_decided(byte), ref_get(of, "decided")->valueint);
    }
    cJSON_Delete(ref);
}

static void
uniforms_and_bounded_numbers_are_even(void **state)
{
    static const uint64_t bounds[] = {1, 2, 3, 7, 63, 64, 10007, UINT64_C(3) << 62};
    double uniform[CELLS] = {0}, even[CELLS];
    nrd_random rng;

    (void) state;
    nrd_random_start(&rng, 2385, 0, 0);
    for (size_t i = 0; i < CELLS; i++) {
        even[i] = (double) DRAWS / CELLS;
    }
    for (size_t i = 0; i < DRAWS; i++) {
        const double u = nrd_random_uniform(&rng);

        assert_true(u >= 0.0 && u < 1.0);
        uniform[(size_t) (u * CELLS)]++;
    }
    assert_true(chance(uniform, even, CELLS) > 1e-4);
    for (size_t b = 0; b < sizeof bounds / sizeof bounds[0]; b++) {
        double count[3] = {0}, expected[3] = {0};

        /* Three thirds of the range: with 3 * 2^62 a quarter of the words is refused. */
        for (size_t i = 0; i < DRAWS / 10; i++) {
            const uint64_t drawn = nrd_random_below(&rng, bounds[b]);

            assert_true(drawn < bounds[b]);
            count[(size_t) ((double) drawn / (double) bounds[b] * 3.0)]++;
        }
        if (bounds[b] >= 3 && bounds[b] % 3 == 0) {
            expected[0] = expected[1] = expected[2] = DRAWS / 30.0;
            assert_true(chance(count, expected, 3) > 1e-4);
        }
    }
    assert_true(nrd_random_below(&rng, 0) == 0);
}

/* The share of each cell of the normal, or else of the exponential, distribution is even.
 */
static void
continuous_numbers_are_even(int normal)
{
    double count[CELLS] = {0}, even[CELLS];
    nrd_random rng;

    nrd_random_start(&rng, 7, 19, normal != 0);
    for (size_t i = 0; i < DRAWS; i++) {
        const double x = normal ? nrd_random_normal(&rng) : nrd_random_exponential(&rng);
        double share;

        if (normal) {
            assert_int_equal(nrd_dist_normal_cdf(x, &share, NULL), NRD_OK);
        } else {
            assert_true(x >= 0.0);
            share = -expm1(-x);
        }
        count[share < 1.0 ? (size_t) (share * CELLS) : CELLS - 1]++;
    }
    for (size_t i = 0; i < CELLS; i++) {
        even[i] = (double) DRAWS / CELLS;
    }
    assert_true(chance(count, even, CELLS) > 1e-4);
}

static void
normal_and_exponential_are_distributed_so(void **state)
{
    (void) state;
    continuous_numbers_are_even(1);
    continuous_numbers_are_even(0);
}

static void
poisson_is_distributed_so(void **state)
{
    double one[8] = {0}, bulk[8] = {0}, expected[8], term = exp(-1.0);
    uint8_t *many = malloc(DRAWS);
    nrd_random rng;

    (void) state;
    assert_non_null(many);
    nrd_random_start(&rng, 3, 1, 4);
    nrd_random_poissons(&rng, DRAWS, many);
    expected[7] = DRAWS;
    for (size_t k = 0; k < 7; k++) {
        expected[k] = term * DRAWS;
        expected[7] -= expected[k];
        term /= (double) (k + 1);
    }
    for (size_t i = 0; i < DRAWS; i++) {
        const uint32_t k = nrd_random_poisson(&rng);

        one[k < 7 ? k : 7]++;
        bulk[many[i] < 7 ? many[i] : 7]++;
    }
    assert_true(chance(one, expected, 8) > 1e-4);
    assert_true(chance(bulk, expected, 8) > 1e-4);
    free(many);
}

/* All ways to draw 3 times from 3 cells, each as likely as multinomials are. */
static void
counts_are_multinomial(void **state)
{
    static const int ways[] = {6, 3, 1, 0}; /* of (1,1,1), (2,1,0), (3,0,0) */
    double found[10] = {0}, expected[10];
    size_t cells = 0;

    (void) state;
    for (unsigned a = 0; a <= 3; a++) {
        for (unsigned b = 0; a + b <= 3; b++) {
            const unsigned c = 3 - a - b, most = a > b ? (a > c ? a : c) : (b > c ? b : c);

            for (uint64_t i = 0; i < 20000; i++) {
                uint8_t counts[3];
                nrd_random rng;

                nrd_random_start(&rng, 11, i, 0);
                nrd_random_counts(&rng, 3, counts);
                found[cells] += counts[0] == a && counts[1] == b && counts[2] == c;
            }
            expected[cells++] = 20000.0 * ways[most - 1] / 27.0;
        }
    }
    assert_int_equal(cells, 10);
    assert_true(chance(found, expected, 10) > 1e-4);
}

/* The sum is right for any n, and one cell of many is binomial. */
static void
counts_add_up(void **state)
{
    const size_t n = 1009;
    double found[5] = {0}, expected[5], term = 20000.0 * pow(1.0 - 1.0 / 1009.0, 1009.0);
    uint8_t counts[1009];

    (void) state;
    for (uint64_t i = 0; i < 20000; i++) {
        const size_t some = i % 1010;
        size_t sum = 0;
        nrd_random rng;

        nrd_random_start(&rng, 5, i, 1);
        nrd_random_counts(&rng, i < 2020 ? some : n, counts);
        for (size_t j = 0; j < (i < 2020 ? some : n); j++) {
            sum += counts[j];
        }
        assert_int_equal(sum, i < 2020 ? some : n);
        nrd_random_start(&rng, 6, i, 1);
        nrd_random_counts(&rng, n, counts);
        found[counts[i % n] < 4 ? counts[i % n] : 4]++;
    }
    expected[4] = 20000.0;
    for (size_t k = 0; k < 4; k++) {
        expected[k] = term;
        expected[4] -= term;
        term *= (double) (n - k) / (double) (k + 1) / (double) (n - 1);
    }
    assert_true(chance(found, expected, 5) > 1e-4);
}

/* Each order of five elements comes as often as any other. */
static void
permutations_are_even(void **state)
{
    double found[120] = {0}, even[120];

    (void) state;
    for (uint64_t i = 0; i < 60000; i++) {
        uint32_t order[5];
        size_t code = 0;
        nrd_random rng;

        nrd_random_start(&rng, 23, i, 0);
        nrd_random_permutation(&rng, 5, order);
        for (size_t j = 0; j < 5; j++) {
            size_t less = 0;

            for (size_t k = j + 1; k < 5; k++) {
                less += order[k] < order[j];
            }
            code = code * (5 - j) + less;
        }
        found[code]++;
    }
    for (size_t i = 0; i < 120; i++) {
        even[i] = 500.0;
    }
    assert_true(chance(found, even, 120) > 1e-4);
}

/* Lengths on both sides of where a word gives fewer positions. */
static void
permutations_hold_each_element_once(void **state)
{
    static const size_t lengths[] = {0, 1, 2, 6, 7, 63, 512, 513, 2049, 16385, 524289};

    (void) state;
    for (size_t l = 0; l < sizeof lengths / sizeof lengths[0]; l++) {
        const size_t n = lengths[l];
        uint32_t *order = malloc((n + 1) * sizeof *order);
        uint8_t *seen = calloc(n + 1, 1);
        nrd_random rng;

        assert_non_null(order);
        assert_non_null(seen);
        order[n] = 7;
        nrd_random_start(&rng, 29, 0, n);
        nrd_random_permutation(&rng, n, order);
        for (size_t i = 0; i < n; i++) {
            assert_true(order[i] < n);
            assert_int_equal(seen[order[i]]++, 0);
        }
        assert_int_equal(order[n], 7);
        free(order);
        free(seen);
    }
}

/* The last element of many lands anywhere alike. */
static void
long_permutations_are_even(void **state)
{
    const size_t n = 640;
    double found[CELLS] = {0}, even[CELLS];
    uint32_t order[640];

    (void) state;
    for (uint64_t i = 0; i < 12800; i++) {
        nrd_random rng;

        nrd_random_start(&rng, 31, i, 0);
        nrd_random_permutation(&rng, n, order);
        found[order[n - 1 - i % 13] / 10]++;
    }
    for (size_t i = 0; i < CELLS; i++) {
        even[i] = 200.0;
    }
    assert_true(chance(found, even, CELLS) > 1e-4);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_match_known_answers),
        cmocka_unit_test(streams_match_reference),
        cmocka_unit_test(many_at_once_are_the_same),
        cmocka_unit_test(poisson_edges_match_reference),
        cmocka_unit_test(uniforms_and_bounded_numbers_are_even),
        cmocka_unit_test(normal_and_exponential_are_distributed_so),
        cmocka_unit_test(poisson_is_distributed_so),
        cmocka_unit_test(counts_are_multinomial),
        cmocka_unit_test(counts_add_up),
        cmocka_unit_test(permutations_are_even),
        cmocka_unit_test(permutations_hold_each_element_once),
        cmocka_unit_test(long_permutations_are_even),
    };

    return cmocka_run_group_tests_name("random", tests, NULL, NULL);
}
