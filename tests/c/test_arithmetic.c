/* Whatever the caller has done to the arithmetic of its thread: the same bits, and the
 * thread has afterwards what it had. */
#include <fenv.h>

#include <nrd/column.h>

#include "arithmetic_private.h"
#include "exact_block_private.h"
#include "moments_toy.h"

#if defined(__SSE2__)
#include <immintrin.h>
#define FLUSHES 0x8040u /* subnormals are taken for 0, as operands and as results */
#endif

#define ROWS 70003 /* enough for three threads */
#define FEW 5003
#define GROUPS 3

static const char *const kernels[] = {"plain", "avx2", "avx512"};
static const int roundings[] = {FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};

/* Each rounding, with subnormals and without them. */
#define MODES 8

static double x[ROWS], y[ROWS];
static int64_t group[ROWS];

/* What the thread has of it: an emulator may have no flushing. */
static unsigned flushes;

static void
set_mode(int mode)
{
    assert_int_equal(fesetround(roundings[mode % 4]), 0);
#if defined(FLUSHES)
    if (mode / 4 == 1) {
        _mm_setcsr(_mm_getcsr() | FLUSHES);
    }
    flushes = _mm_getcsr() & FLUSHES;
#endif
}

static void
assert_mode(int mode)
{
    assert_int_equal(fegetround(), roundings[mode % 4]);
#if defined(FLUSHES)
    assert_int_equal(_mm_getcsr() & FLUSHES, flushes);
#endif
    assert_int_equal(fesetenv(FE_DFL_ENV), 0);
}

/* Subnormals alone and beside others, and decimals. */
static void
fill(int kind)
{
    uint64_t seed = (uint64_t) (19 + kind);

    for (size_t i = 0; i < ROWS; i++) {
        const int least = kind == 0 || (kind == 1 && i % 3 == 0) ? -1074 : -3;

        x[i] = kind == 2 ? (double) (next_bits(&seed) % 100000) / 1000.0
                         : next_double(&seed, least, least + 3);
        y[i] = next_double(&seed, -40, 40);
        group[i] = (int64_t) (next_bits(&seed) % GROUPS);
    }
}

static void
arrays_are_summed_in_any_mode(void **state)
{
    (void) state;
    for (int k = 0; k < 3 * 3 * MODES; k++) {
        const int mode = k % MODES;
        nrd_exact expected, found;

        if (!nrdi_kernels_force(kernels[k / MODES % 3])) {
            continue;
        }
        fill(k / (3 * MODES));
        expected = sum_of(x, FEW);
        for (size_t i = 0; i < FEW; i++) {
            nrd_exact_add_product(&expected, x[i], y[i]);
        }
        nrd_exact_init(&found);
        set_mode(mode);
        assert_int_equal(nrd_exact_add_array(&found, x, FEW, 1, NULL), NRD_OK);
        assert_int_equal(nrd_exact_add_products(&found, x, y, FEW, NULL), NRD_OK);
        assert_mode(mode);
        assert_same_sum(&found, &expected, kernels[k / MODES % 3]);
    }
    assert_int_equal(nrdi_kernels_force(NULL), 1);
}

static void
sums_are_rounded_in_any_mode(void **state)
{
    static const double ends[] = {
        0x1p-1074, 0x1.23456789abcdep-1060, 0x1.8p-1022, 2.385, 0x1.fffffffffffffp+1023};

    (void) state;
    for (int k = 0; k < 5 * MODES; k++) {
        const nrd_exact sum = sum_of(&ends[k / MODES], 1);
        double found, mean = NAN;

        set_mode(k % MODES);
        found = nrd_exact_round(&sum);
        assert_int_equal(nrd_exact_mean(&sum, 1, &mean, NULL), NRD_OK);
        assert_mode(k % MODES);
        assert_memory_equal(&found, &ends[k / MODES], sizeof found);
        assert_memory_equal(&mean, &ends[k / MODES], sizeof mean);
    }
}

static void
states_are_the_same_in_any_mode(void **state)
{
    static const int32_t decimals[] = {3, -1};

    (void) state;
    for (int k = 0; k < 3 * 4 * MODES; k++) {
        const int mode = k % MODES, kind = k / (4 * MODES), way = k / MODES % 4;
        nrd_moments *expected, *found;
        double means[2 * GROUPS], wanted[2 * GROUPS];
        uint8_t defined[2 * GROUPS];
        toy_rows rows = toy_of(kind == 0 ? ROWS : FEW, x, way % 2 == 0 ? y : NULL);

        fill(kind);
        rows.level = way % 2 == 0 ? NRD_MOMENTS_COVARIANCES : NRD_MOMENTS_MEANS;
        rows.groups = way / 2 == 0 ? 1 : GROUPS;
        rows.group = way / 2 == 0 ? NULL : group;
        rows.decimals = kind == 2 ? decimals : NULL;
        expected = toy_state(&rows);
        nrd_moments_mean(expected, wanted, defined);
        set_mode(mode);
        found = toy_new(&rows);
        toy_add(found, &rows, 0, rows.n, 3);
        nrd_moments_mean(found, means, defined);
        assert_mode(mode);
        assert_memory_equal(means, wanted, rows.groups * rows.p * sizeof *means);
        assert_same_then_free(found, expected, "a mode");
        nrd_moments_free(expected);
    }
}

static void
decimals_are_found_in_any_mode(void **state)
{
    const nrd_column column = {NRD_TYPE_FLOAT64, FEW, 0, x, NULL};

    (void) state;
    for (int k = 0; k < 3 * MODES; k++) {
        int32_t found;

        fill(k / MODES);
        set_mode(k % MODES);
        found = nrd_column_decimals(&column);
        assert_mode(k % MODES);
        assert_int_equal(found, k / MODES == 2 ? 3 : -1);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arrays_are_summed_in_any_mode),
        cmocka_unit_test(sums_are_rounded_in_any_mode),
        cmocka_unit_test(states_are_the_same_in_any_mode),
        cmocka_unit_test(decimals_are_found_in_any_mode),
    };

    return cmocka_run_group_tests_name("arithmetic", tests, NULL, NULL);
}
