#include <float.h>

#include "exact_block_private.h"
#include "exact_toy.h"

#define ROWS 128
#define LONGEST 10000
#define LEAST 0x1p-1074
#define INFINITE ((double) INFINITY)

static const char *const kernels[] = {"plain", "avx2", "avx512"};
static const size_t lengths[] = {
    0, 1, 7, 31, 32, 33, 63, 64, 65, 255, 2047, 2048, 2049, 2080, 4096, LONGEST};

#define KERNELS (sizeof kernels / sizeof kernels[0])
#define LENGTHS (sizeof lengths / sizeof lengths[0])

static double values[LONGEST], others[LONGEST], spread[3 * LONGEST];

static void
fill(double *out, size_t n, int low, int high, uint64_t *seed)
{
    for (size_t i = 0; i < n; i++) {
        out[i] = next_double(seed, low, high);
    }
}

static nrd_exact
array_sum(const double *x, size_t n, ptrdiff_t stride)
{
    nrd_exact sum;

    nrd_exact_init(&sum);
    assert_int_equal(nrd_exact_add_array(&sum, x, n, stride, NULL), NRD_OK);
    return sum;
}

static nrd_exact
products_sum(const double *x, const double *y, size_t n)
{
    nrd_exact sum;

    nrd_exact_init(&sum);
    assert_int_equal(nrd_exact_add_products(&sum, x, y, n, NULL), NRD_OK);
    return sum;
}

/* As an array, backwards and one of three: the same as one by one, for each set of kernels
 * that the processor has. */
static void
assert_array(const double *x, size_t n, const char *what)
{
    const nrd_exact expected = sum_of(x, n);

    for (size_t i = 0; i < n; i++) {
        spread[3 * i] = x[i];
        spread[3 * i + 1] = spread[3 * i + 2] = (double) NAN;
    }
    for (size_t k = 0; k < KERNELS; k++) {
        nrd_exact found;

        if (!nrdi_kernels_force(kernels[k])) {
            continue;
        }
        found = array_sum(x, n, 1);
        assert_same_sum(&found, &expected, what);
        found = array_sum(n > 0 ? x + n - 1 : NULL, n, -1);
        assert_same_sum(&found, &expected, what);
        found = array_sum(spread, n, 3);
        assert_same_sum(&found, &expected, what);
    }
}

static void
assert_products(const double *x, const double *y, size_t n, const char *what)
{
    nrd_exact expected, found;

    nrd_exact_init(&expected);
    for (size_t i = 0; i < n; i++) {
        nrd_exact_add_product(&expected, x[i], y[i]);
    }
    for (size_t k = 0; k < KERNELS; k++) {
        if (nrdi_kernels_force(kernels[k])) {
            found = products_sum(x, y, n);
            assert_same_sum(&found, &expected, what);
            found = products_sum(y, x, n);
            assert_same_sum(&found, &expected, what);
        }
    }
}

static void
arrays_match_reference(void **state)
{
    cJSON *sums = ref_open("exact_sum"), *products = ref_open("exact_product");
    const cJSON *item;
    nrd_exact found;

    (void) state;
    for (size_t k = 0; k < KERNELS; k++) {
        if (!nrdi_kernels_force(kernels[k])) {
            continue;
        }
        cJSON_ArrayForEach(item, ref_get(sums, "cases"))
        {
            const size_t n = ref_doubles(item, "values", values, ROWS);

            found = array_sum(values, n, 1);
            assert_bytes(&found, item, "bytes", kernels[k]);
        }
        cJSON_ArrayForEach(item, ref_get(products, "cases"))
        {
            const size_t n = ref_doubles(item, "x", values, ROWS);

            assert_int_equal(ref_doubles(item, "y", others, ROWS), n);
            found = products_sum(values, others, n);
            assert_bytes(&found, item, "pairs", kernels[k]);
        }
    }
    cJSON_Delete(sums);
    cJSON_Delete(products);
}

/* Narrow, wide and widest ranges of sizes: one level of extraction or several, none where
 * values lie outside what the kernels take. */
static void
arrays_of_every_range(void **state)
{
    static const int ranges[][2] = {{0, 0}, {-3, 3}, {-30, 30}, {-60, 60}, {-200, 200},
        {-900, 900}, {-1074, 1023}, {-1074, -1040}, {-830, -780}, {940, 970}, {1010, 1023}};
    uint64_t seed = 11;

    (void) state;
    for (size_t r = 0; r < sizeof ranges / sizeof ranges[0]; r++) {
        for (size_t k = 0; k < LENGTHS; k++) {
            fill(values, lengths[k], ranges[r][0], ranges[r][1], &seed);
            assert_array(values, lengths[k], "a range of sizes");
        }
    }
}

/* The greatest sums that a lane may hold: full blocks of one sign, at and just below a
 * power of two, at each end of what the kernels take. */
static void
lanes_do_not_overflow(void **state)
{
    static const int exponents[] = {-1022, -802, -801, -800, -799, -756, -755, -1, 0, 43,
        44, 45, 88, 958, 959, 960, 961, 962, 1023};

    (void) state;
    for (size_t k = 0; k < sizeof exponents / sizeof exponents[0]; k++) {
        const double power = ldexp(1.0, exponents[k]);
        const double below = nextafter(power, 0.0), above = nextafter(power, DBL_MAX);

        for (size_t i = 0; i < LONGEST; i++) {
            values[i] = i < 2048 ? below : i < 6144 ? power : above;
            others[i] = -below * (1.0 - 0x1p-45);
        }
        assert_array(values + 2048, 4096, "powers of two");
        assert_array(values, LONGEST, "below and above powers of two");
        assert_array(others, LONGEST, "ties between units");
    }
}

/* Ties of the first and of the second level, of both signs, and the bits below. */
static void
ties_between_units_are_exact(void **state)
{
    static const double steps[] = {0.0, 0x1p-45, 0x1p-44, 0x1p-46, 0x1.8p-45, 0x1p-52};
    static const double below[] = {
        0x1p-89, 0x1p-90, 0x1.8p-89, 0x1p-88, 0x1p-1074, 0x1p-141};

    (void) state;
    for (size_t i = 0; i < 2048; i++) {
        const double sign = i % 7 == 3 ? -1.0 : 1.0;

        values[i] = sign * (1.0 - steps[i % 6]);
        others[i] = i % 5 == 0 ? sign * below[i / 5 % 6] : sign * steps[i % 6];
    }
    assert_array(values, 2048, "ties of the first level");
    others[0] = 1.0;
    assert_array(others, 2048, "ties of the second level");
}

/* Each block has sizes of its own, or zeros: the exponent of the block before misleads. */
static void
blocks_do_not_mislead_each_other(void **state)
{
    static const int exponents[] = {0, 300, -300, 5, 950, -790, -1060, 1000, 0, 44, -44};
    uint64_t seed = 12;

    (void) state;
    for (size_t first = 0; first < 11; first++) {
        for (size_t i = 0; i < LONGEST; i++) {
            const size_t block = first + i / 2048;
            const int exponent = exponents[block % 11];

            values[i] = block % 4 == 3 ? (i % 2 == 0 ? -0.0 : 0.0)
                                       : next_double(&seed, exponent, exponent + 9);
        }
        assert_array(values, LONGEST, "blocks of unequal size");
    }
}

/* One value that is not finite, or far from the others, wherever it stands. */
static void
strangers_are_not_lost(void **state)
{
    const double strangers[] = {
        INFINITE, -INFINITE, (double) NAN, -(double) NAN, DBL_MAX, LEAST, -0x1p961, 0.0};
    static const size_t places[] = {0, 1, 31, 32, 1000, 2047, 2048, 2079, 4095, 4099};
    uint64_t seed = 13;

    (void) state;
    fill(values, 4100, -4, 20, &seed);
    for (size_t s = 0; s < sizeof strangers / sizeof strangers[0]; s++) {
        for (size_t p = 0; p < sizeof places / sizeof places[0]; p++) {
            const double kept = values[places[p]];

            values[places[p]] = strangers[s];
            assert_array(values, 4100, "one stranger");
            assert_products(values, values, 4100, "one stranger's square");
            values[places[p]] = kept;
        }
    }
}

static void
order_and_chunks_do_not_matter(void **state)
{
    uint64_t seed = 14;
    nrd_exact expected, squares;

    (void) state;
    assert_int_equal(nrdi_kernels_force(NULL), 1);
    fill(values, 5000, -40, 40, &seed);
    fill(values + 5000, 5000, -400, 400, &seed);
    expected = array_sum(values, LONGEST, 1);
    squares = products_sum(values, values, LONGEST);
    for (size_t round = 0; round < 10; round++) {
        nrd_exact sum = squares;

        shuffle(values, LONGEST, &seed);
        for (size_t at = 0; at < LONGEST;) {
            const size_t most = round % 2 == 0 ? 100 : 5000, left = LONGEST - at;
            const size_t drawn = (size_t) (next_bits(&seed) % most);
            const size_t n = drawn < left ? drawn : left;
            const nrd_exact part = products_sum(values + at, values + at, n);

            assert_int_equal(nrd_exact_add_array(&sum, values + at, n, 1, NULL), NRD_OK);
            nrd_exact_unmerge(&sum, &part);
            at += n;
        }
        assert_same_sum(&sum, &expected, "shuffled chunks");
    }
}

/* Arrays need no more than the alignment of a double, and are only read. */
static void
arrays_begin_anywhere(void **state)
{
    uint64_t seed = 15;
    double before[200];

    (void) state;
    fill(values, 200, -70, 70, &seed);
    memcpy(before, values, sizeof before);
    for (size_t at = 0; at < 9; at++) {
        assert_array(values + at, 160, "an array at any place");
        assert_products(values + at, values + 9 - at, 160, "arrays at any place");
    }
    assert_memory_equal(values, before, sizeof before);
}

/* A column of a table is as far apart as the table is wide; no distance is one, too. */
static void
strides_reach_every_value(void **state)
{
    (void) state;
    for (size_t i = 0; i < 3000; i++) {
        spread[i] = 2.385 * (double) i;
    }
    for (ptrdiff_t stride = -40; stride <= 40; stride++) {
        const size_t n = 75;
        const double *from = stride < 0 ? spread + 2999 : spread;
        const nrd_exact found = array_sum(from, n, stride);
        nrd_exact expected;

        for (size_t i = 0; i < n; i++) {
            others[i] = from[(ptrdiff_t) i * stride];
        }
        expected = sum_of(others, n);
        assert_same_sum(&found, &expected, "a column of a table");
    }
}

/* Products whose halves over- or underflow, alone among others and all together. */
static void
products_of_every_range(void **state)
{
    static const int ranges[][2] = {{0, 0}, {-20, 20}, {-300, 300}, {-460, -440},
        {440, 460}, {-500, -480}, {500, 511}, {-540, -530}, {-700, -600}, {600, 1023},
        {-1074, -1022}, {-1074, 1023}};
    uint64_t seed = 16;

    (void) state;
    for (size_t r = 0; r < sizeof ranges / sizeof ranges[0]; r++) {
        for (size_t k = 0; k < LENGTHS; k++) {
            fill(values, lengths[k], ranges[r][0], ranges[r][1], &seed);
            fill(others, lengths[k], ranges[r][0], ranges[r][1], &seed);
            assert_products(values, others, lengths[k], "a range of sizes");
            assert_products(values, values, lengths[k], "squares");
        }
    }
}

/* Among products of ordinary size, one that is none. */
static void
small_products_are_not_lost(void **state)
{
    static const double pairs[][2] = {{1e-200, 1e-200}, {LEAST, LEAST}, {LEAST, -0.25},
        {1e-160, -1e-160}, {0x1p-900, 1.0}, {0x1p-451, 0x1p-450}, {0x1p-1022, 0x1p-52},
        {1e200, 1e200}, {0x1p900, 1.0}, {DBL_MAX, -DBL_MAX}, {0.0, DBL_MAX}, {-0.0, 7.19},
        {LEAST, DBL_MAX}};
    uint64_t seed = 17;

    (void) state;
    fill(values, 2100, -4, 20, &seed);
    fill(others, 2100, -4, 20, &seed);
    for (size_t i = 0; i < 2100; i += 3) {
        others[i] = 0.0;
    }
    for (size_t k = 0; k < sizeof pairs / sizeof pairs[0]; k++) {
        values[1000] = values[2077] = pairs[k][0];
        others[1000] = others[2077] = pairs[k][1];
        assert_products(values, others, 2100, "one product out of range");
    }
}

static void
arrays_check_their_arguments(void **state)
{
    const double x[] = {2.385};
    nrd_exact sum = sum_of(x, 1);
    const nrd_exact before = sum;
    nrd_error err;

    (void) state;
    assert_int_equal(nrd_exact_add_array(NULL, x, 1, 1, &err), NRD_E_NULL);
    assert_error(&err, NRD_E_NULL, NRD_NO_ROW, "NULL");
    assert_int_equal(nrd_exact_add_array(NULL, x, 0, 1, NULL), NRD_E_NULL);
    assert_int_equal(nrd_exact_add_array(&sum, NULL, 1, 1, &err), NRD_E_NULL);
    assert_error(&err, NRD_E_NULL, NRD_NO_ROW, "NULL");
    assert_int_equal(nrd_exact_add_products(NULL, x, x, 1, &err), NRD_E_NULL);
    assert_error(&err, NRD_E_NULL, NRD_NO_ROW, "NULL");
    assert_int_equal(nrd_exact_add_products(&sum, NULL, x, 1, &err), NRD_E_NULL);
    assert_int_equal(nrd_exact_add_products(&sum, x, NULL, 1, &err), NRD_E_NULL);
    assert_error(&err, NRD_E_NULL, NRD_NO_ROW, "NULL");
    assert_int_equal(nrd_exact_add_array(&sum, NULL, 0, -1, NULL), NRD_OK);
    assert_int_equal(nrd_exact_add_products(&sum, NULL, NULL, 0, NULL), NRD_OK);
    assert_memory_equal(&sum, &before, sizeof sum);
}

static void
kernels_are_known_by_name(void **state)
{
    (void) state;
    for (size_t k = 0; k < KERNELS; k++) {
        if (nrdi_kernels_force(kernels[k])) {
            assert_string_equal(nrdi_kernels_in_use()->name, kernels[k]);
        }
    }
    assert_int_equal(nrdi_kernels_force("plain"), 1);
    assert_int_equal(nrdi_kernels_force("none"), 0);
    assert_string_equal(nrdi_kernels_in_use()->name, "plain");
    assert_int_equal(nrdi_kernels_force(NULL), 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arrays_match_reference),
        cmocka_unit_test(arrays_of_every_range),
        cmocka_unit_test(lanes_do_not_overflow),
        cmocka_unit_test(ties_between_units_are_exact),
        cmocka_unit_test(blocks_do_not_mislead_each_other),
        cmocka_unit_test(strangers_are_not_lost),
        cmocka_unit_test(order_and_chunks_do_not_matter),
        cmocka_unit_test(arrays_begin_anywhere),
        cmocka_unit_test(strides_reach_every_value),
        cmocka_unit_test(products_of_every_range),
        cmocka_unit_test(small_products_are_not_lost),
        cmocka_unit_test(arrays_check_their_arguments),
        cmocka_unit_test(kernels_are_known_by_name),
    };

    return cmocka_run_group_tests_name("exact_array", tests, NULL, NULL);
}
