#include "sweep_private.h"

#include <nrd/random.h>

#include "support.h"

/* Rows of the columns whose sums of products are swept, and most of the columns. */
#define ROWS 12
#define MOST 9

/* More bits than are swept without GMP. */
#define LONG 1000

/* Sums of products of columns of whole numbers with so many bits, times 2^zeros. */
static void
fill(nrdi_sweep *m, size_t order, int bits, unsigned zeros, uint64_t number)
{
    int64_t x[MOST][ROWS];
    nrd_random rng;

    nrd_random_start(&rng, 7, number, 0);
    for (size_t i = 0; i < order; i++) {
        for (size_t row = 0; row < ROWS; row++) {
            x[i][row] = (int64_t) nrd_random_next(&rng) >> (63 - bits);
        }
    }
    for (size_t i = 0; i < order; i++) {
        for (size_t j = 0; j <= i; j++) {
            nrdi_whole *entry = nrdi_sweep_at(m, i, j);
            int64_t sum = 0;

            for (size_t row = 0; row < ROWS; row++) {
                sum += x[i][row] * x[j][row];
            }
            entry->limb[0] = (uint64_t) (sum < 0 ? -sum : sum) << zeros;
            entry->size = sum == 0 ? 0 : sum < 0 ? -1 : 1;
        }
    }
}

/* All bits of the diagonal, and one for each. */
static size_t
bits_of(const nrdi_sweep *m, size_t order)
{
    size_t bits = 0;

    for (size_t i = 0; i < order; i++) {
        bits += nrdi_whole_bits(*nrdi_sweep_at(m, i, i)) + 1;
    }
    return bits;
}

static void
assert_whole(nrdi_whole actual, nrdi_whole expected)
{
    assert_int_equal(actual.size, expected.size);
    assert_memory_equal(
        actual.limb, expected.limb, (size_t) labs(expected.size) * sizeof *actual.limb);
}

/* Sweep a matrix with room for its bits beside the same with room for many, which GMP
 * sweeps; the number of pivots that were not is returned. */
static size_t
compare(size_t order, int bits, unsigned zeros, uint64_t number)
{
    nrdi_sweep small = {0}, whole = {0};
    size_t without = 0;

    assert_true(nrdi_sweep_begin(&whole, order, LONG, 0));
    fill(&whole, order, bits, zeros, number);
    assert_true(nrdi_sweep_begin(&small, order, bits_of(&whole, order), 0));
    fill(&small, order, bits, zeros, number);
    for (size_t k = 0; k + 1 < order && nrdi_sweep_at(&whole, k, k)->size > 0; k++) {
        nrdi_sweep once = {0};

        assert_true(nrdi_sweep_begin(&once, order, small.bits, 0));
        nrdi_whole_copy(&once.below, small.below);
        for (size_t e = 0; e < order * (order + 1) / 2; e++) {
            nrdi_whole_copy(&once.entry[e], small.entry[e]);
        }
        without += (size_t) nrdi_sweep_small(&once, k);
        nrdi_sweep_free(&once);
        nrdi_sweep_pivot(&small, k);
        nrdi_sweep_pivot(&whole, k);
        assert_whole(small.below, whole.below);
        for (size_t e = 0; e < order * (order + 1) / 2; e++) {
            assert_whole(small.entry[e], whole.entry[e]);
        }
    }
    nrdi_sweep_free(&small);
    nrdi_sweep_free(&whole);
    return without;
}

static void
small_numbers_are_swept_as_large_ones(void **state)
{
    size_t without = 0, with = 0;

    (void) state;
    for (uint64_t number = 0; number < 3000; number++) {
        const size_t order = 2 + number % (MOST - 1);
        const int bits = 1 + (int) (number / 7 % 28);
        const unsigned zeros = (unsigned) (number / 3 % 4);
        const size_t own = compare(order, bits, zeros, number);

        without += own;
        with += order - 1 - own;
    }
    /* Both roads were gone. */
    assert_in_range(without, 2000, 20000);
    assert_in_range(with, 2000, 20000);
}

/* Near the most bits there is no room for the zeros of a divisor. */
static void
what_has_no_room_is_left(void **state)
{
    nrdi_sweep m = {0};

    (void) state;
    assert_true(nrdi_sweep_begin(&m, 2, 64 * NRDI_SMALL_LIMBS - 1, 0));
    fill(&m, 2, 10, 0, 1);
    assert_int_equal(nrdi_sweep_small(&m, 0), 1);
    m.below.limb[0] = 2;
    assert_int_equal(nrdi_sweep_small(&m, 1), 0);
    m.bits = 64 * NRDI_SMALL_LIMBS;
    m.below.limb[0] = 1;
    assert_int_equal(nrdi_sweep_small(&m, 1), 0);
    nrdi_sweep_free(&m);
    memset(&m, 0, sizeof m);
    /* Nor are numbers small that are cut. */
    assert_true(nrdi_sweep_begin(&m, 2, 64, 6));
    fill(&m, 2, 10, 0, 1);
    assert_int_equal(nrdi_sweep_small(&m, 0), 0);
    nrdi_sweep_free(&m);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_numbers_are_swept_as_large_ones),
        cmocka_unit_test(what_has_no_room_is_left),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
