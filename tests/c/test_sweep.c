#include "sweep_private.h"

#include <nrd/random.h>

#include "support.h"

/* Rows of the columns whose sums of products are swept, and most of the columns. */
#define ROWS 12
#define MOST 9

/* Room for all determinants. */
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

/* How many entries of a matrix are swept without GMP; they are lost. */
static size_t
sweep_small(nrdi_sweep *m, size_t k)
{
    nrdi_small_column column;
    size_t out = 0;

    if (!nrdi_small_begin(m, k, &column)) {
        return 0;
    }
    for (size_t i = 0; i < m->order; i++) {
        for (size_t j = 0; j <= i && i != k; j++) {
            out += j != k && nrdi_small_sweep(nrdi_sweep_at(m, i, j), &column, i, j);
        }
    }
    return out;
}

/* (entry * pivot - a * b) / below, by GMP. */
static void
expect(mpz_t out, nrdi_whole entry, nrdi_whole pivot, nrdi_whole a, nrdi_whole b,
    nrdi_whole below)
{
    const nrdi_whole given[] = {entry, pivot, a, b, below};
    mpz_t value[5];

    for (size_t i = 0; i < 5; i++) {
        mpz_init(value[i]);
        mpz_import(value[i], (size_t) labs(given[i].size), -1, 8, 0, 0, given[i].limb);
        if (given[i].size < 0) {
            mpz_neg(value[i], value[i]);
        }
    }
    mpz_mul(out, value[0], value[1]);
    mpz_submul(out, value[2], value[3]);
    mpz_divexact(out, out, value[4]);
    for (size_t i = 0; i < 5; i++) {
        mpz_clear(value[i]);
    }
}

static void
assert_whole(nrdi_whole actual, const mpz_t expected)
{
    uint64_t limb[64] = {0};
    size_t n;

    (void) mpz_export(limb, &n, -1, 8, 0, 0, expected);
    assert_int_equal(actual.size, mpz_sgn(expected) * (long) n);
    assert_memory_equal(actual.limb, limb, n * sizeof *limb);
}

/* Sweep column k beside GMP's own integers. */
static void
compare(nrdi_sweep *m, size_t k)
{
    const size_t entries = m->order * (m->order + 1) / 2;
    mpz_t expected[MOST * (MOST + 1) / 2];

    for (size_t i = 0, e = 0; i < m->order; i++) {
        for (size_t j = 0; j <= i; j++, e++) {
            mpz_init(expected[e]);
            expect(expected[e], *nrdi_sweep_at(m, i, j), *nrdi_sweep_at(m, k, k),
                *nrdi_sweep_at(m, i, k), *nrdi_sweep_at(m, j, k), m->below);
        }
    }
    nrdi_sweep_pivot(m, k);
    for (size_t i = 0, e = 0; i < m->order; i++) {
        for (size_t j = 0; j <= i; j++, e++) {
            if (i != k && j != k) {
                assert_whole(*nrdi_sweep_at(m, i, j), expected[e]);
            }
        }
    }
    for (size_t e = 0; e < entries; e++) {
        mpz_clear(expected[e]);
    }
}

static void
copy(nrdi_sweep *out, const nrdi_sweep *m)
{
    assert_true(nrdi_sweep_begin(out, m->order, LONG, 0));
    nrdi_whole_copy(&out->below, m->below);
    for (size_t e = 0; e < m->order * (m->order + 1) / 2; e++) {
        nrdi_whole_copy(&out->entry[e], m->entry[e]);
    }
}

static void
numbers_are_swept_without_error(void **state)
{
    nrdi_sweep m = {0}, again = {0};
    size_t all = 0, small = 0;

    (void) state;
    for (uint64_t number = 0; number < 2000; number++) {
        const size_t order = 2 + number % (MOST - 1);

        assert_true(nrdi_sweep_begin(&m, order, LONG, 0));
        fill(&m, order, 1 + (int) (number / 7 % 28), (unsigned) (number / 3 % 4), number);
        for (size_t k = 0; k + 1 < order && nrdi_sweep_at(&m, k, k)->size > 0; k++) {
            copy(&again, &m);
            small += sweep_small(&again, k);
            all += order * (order - 1) / 2;
            compare(&m, k);
        }
    }
    /* Both roads were gone. */
    assert_in_range(small, all / 4, 3 * (all / 4));
    nrdi_sweep_free(&m);
    nrdi_sweep_free(&again);
}

/* Products of 190 bits are the longest; nor are numbers small that are cut. */
static void
long_products_are_left(void **state)
{
    nrdi_small_column column;
    nrdi_sweep m = {0}, cut = {0};

    (void) state;
    assert_true(nrdi_sweep_begin(&m, 2, LONG, 0));
    for (size_t e = 0; e < 3; e++) {
        memset(m.entry[e].limb, 0xff, 16);
        m.entry[e].size = 2;
    }
    m.entry[0].limb[1] = (UINT64_C(1) << 62) - 1;
    m.entry[1].size = 1;
    for (int bits = 62; bits <= 64; bits++) { /* 64 + 62 of the pivot and as many */
        m.entry[2].size = 1;
        m.entry[2].limb[0] = UINT64_C(1) << (bits - 1);
        assert_true(nrdi_small_begin(&m, 0, &column));
        assert_int_equal(nrdi_small_sweep(&m.entry[2], &column, 1, 1), 1);
        m.entry[2].size = 2;
        m.entry[2].limb[1] = UINT64_C(1) << (bits - 62);
        assert_int_equal(nrdi_small_sweep(&m.entry[2], &column, 1, 1), 0);
    }
    assert_true(nrdi_sweep_begin(&cut, 2, 64, 6));
    fill(&cut, 2, 10, 0, 1);
    assert_int_equal(nrdi_small_begin(&cut, 0, &column), 0);
    nrdi_sweep_free(&cut);
    nrdi_sweep_free(&m);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_swept_without_error),
        cmocka_unit_test(long_products_are_left),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
