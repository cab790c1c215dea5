#include "moments_toy.h"

#define MANY 100000

/* Results of two columns and one group; the correlation only where all sums are kept. */
typedef struct {
    double mean[2], covariance[2][4], r[4];
    uint8_t mean_defined[2], covariance_defined[2][4], r_defined[4];
} toy_results;

static toy_results
results_of(const nrd_moments *moments)
{
    toy_results out;

    nrd_moments_mean(moments, out.mean, out.mean_defined);
    for (int ddof = 0; ddof <= 1; ddof++) {
        assert_int_equal(nrd_moments_covariance(moments, ddof, out.covariance[ddof],
                             out.covariance_defined[ddof], NULL),
            NRD_OK);
    }
    assert_int_equal(nrd_moments_correlation(moments, out.r, out.r_defined, NULL), NRD_OK);
    return out;
}

static toy_results
results_of_rows(const toy_rows *rows)
{
    nrd_moments *moments = toy_state(rows);
    const toy_results out = results_of(moments);

    nrd_moments_free(moments);
    return out;
}

static double
correlation_of(const double *x, const double *y, size_t n)
{
    const toy_rows rows = toy_of(n, x, y);

    return results_of_rows(&rows).r[1];
}

static double
variance_of(const double *x, size_t n, int ddof)
{
    const toy_rows rows = toy_of(n, x, x);

    return results_of_rows(&rows).covariance[ddof][0];
}

/* The second column's own, and the pair: neither has a correlation. */
static void
assert_no_correlation(const toy_rows *rows)
{
    const toy_results found = results_of_rows(rows);

    for (size_t k = 1; k < 4; k++) {
        assert_int_equal(found.r_defined[k], 0);
        assert_true(isnan(found.r[k]));
    }
}

static void
a_constant_column_has_no_correlation(void **state)
{
    static double constant[MANY], other[MANY];
    const size_t lengths[] = {2, 3, 10, 254, 1448, MANY};
    const double values[] = {0.3, 0.1, 2.385, 1e300, 0x1p-1074, 1e9 + 0.1};
    toy_rows rows = toy_of(0, other, constant);

    (void) state;
    for (size_t i = 0; i < MANY; i++) {
        other[i] = (double) i;
    }
    for (size_t k = 0; k < sizeof values / sizeof values[0]; k++) {
        for (size_t i = 0; i < MANY; i++) {
            constant[i] = values[k];
        }
        for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
            rows.n = lengths[i];
            rows.columns[0] = other;
            assert_no_correlation(&rows);
            assert_same(variance_of(constant, rows.n, 1), 0.0, rows.n);
            rows.columns[0] = constant; /* two constants are not the same thing */
            assert_no_correlation(&rows);
        }
    }
}

/* The parts of a constant column are constant, and so is their union. */
static void
merging_constants_makes_no_variance(void **state)
{
    double constant[100];
    const toy_rows rows = toy_of(100, constant, constant);
    nrd_moments *all;

    (void) state;
    for (size_t i = 0; i < 100; i++) {
        constant[i] = 1e9 + 0.1;
    }
    all = toy_new(&rows);
    for (size_t i = 0; i < 100; i += 20) {
        nrd_moments *part = toy_part(&rows, i, i + 20);

        assert_int_equal(nrd_moments_merge(all, part, NULL, NULL), NRD_OK);
        nrd_moments_free(part);
        assert_same(results_of(all).covariance[0][0], 0.0, i);
        assert_int_equal(results_of(all).r_defined[1], 0);
    }
    nrd_moments_free(all);
}

/* r of x and 2 x + 1 is 1 where 2 x + 1 is exact, and below 1 where it was rounded. */
static void
a_line_has_correlation_1_and_nothing_more(void **state)
{
    static double x[MANY], exact[MANY], rounded[MANY], falling[MANY];
    uint64_t seed = 35;
    double r;

    (void) state;
    for (size_t i = 0; i < MANY; i++) {
        x[i] = (double) (next_bits(&seed) >> 13) * 0x1p-51;
        exact[i] = 2.0 * x[i] + 1.0;
        falling[i] = 3.0 - x[i];
    }
    assert_same(correlation_of(x, exact, MANY), 1.0, 0);
    assert_same(correlation_of(exact, x, MANY), 1.0, 0);
    assert_same(correlation_of(x, falling, MANY), -1.0, 0);
    for (size_t i = 0; i < MANY; i++) {
        x[i] = (double) (next_bits(&seed) >> 11) * 0x1p-53;
        rounded[i] = 2.0 * x[i] + 1.0;
    }
    r = correlation_of(x, rounded, MANY);
    assert_true(r < 1.0 && r >= 1.0 - 0x1p-53);
    for (size_t n = 3; n < 40; n++) {
        assert_true(correlation_of(x, rounded, n) < 1.0);
    }
}

static void
a_large_mean_loses_nothing(void **state)
{
    const double x[] = {1e8, 1e8, 1e8 + 2}, y[] = {1e8, 1e8, 1e8 + 3},
                 z[] = {1e8 + 3, 1e8 + 3, 1e8};

    (void) state;
    assert_same(correlation_of(x, y, 3), 1.0, 0);
    assert_same(correlation_of(x, z, 3), -1.0, 0);
    assert_same(variance_of(x, 3, 1), 4.0 / 3.0, 0);
    assert_same(variance_of(y, 3, 0), 2.0, 0);
}

/* The variance of 1 and 3 is 1 over all rows and 2 from a sample, also in parts. */
static void
a_population_of_two_has_variance_1(void **state)
{
    const double x[] = {1.0, 3.0};
    const toy_rows rows = toy_of(2, x, x);
    nrd_moments *all = toy_part(&rows, 0, 1), *part = toy_part(&rows, 1, 2);
    toy_results found;

    (void) state;
    assert_same(variance_of(x, 2, 0), 1.0, 0);
    assert_same(variance_of(x, 2, 1), 2.0, 1);
    assert_int_equal(nrd_moments_merge(all, part, NULL, NULL), NRD_OK);
    found = results_of(all);
    assert_same(found.covariance[0][0], 1.0, 0);
    assert_same(found.covariance[1][0], 2.0, 1);
    nrd_moments_free(part);
    nrd_moments_free(all);
}

/* Values of which only the last digits differ: the sums of squares cancel. */
static void
a_variance_is_never_negative(void **state)
{
    const double near[] = {1e9 + 0.1, 1e9 + 0.1, 1e9 + 0.1 + 0x1p-23};
    static double x[1001];
    const int32_t one[] = {1, 1};
    toy_rows rows = toy_of(1001, x, x);

    (void) state;
    assert_same(variance_of(near, 3, 1), 0x1p-46 / 3.0, 0);
    for (size_t i = 0; i < 1001; i++) {
        x[i] = i == 0 ? 10000000.2 : i % 2 == 0 ? 10000000.3 : 10000000.1;
    }
    assert_true(variance_of(x, 1001, 1) > 0.0);
    rows.decimals = one; /* the variance of the numbers that were printed */
    assert_same(results_of_rows(&rows).covariance[1][0], 0.01, 1);
    assert_same(results_of_rows(&rows).mean[0], 10000000.2, 0);
}

/* As so many equal rows; and the other weights are free of a common factor. */
static void
weights_mean_what_they_say(void **state)
{
    const double x[] = {0.1, 2.385, -7.0}, y[] = {7.19, 0.3, 1.0},
                 repeated_x[] = {0.1, 0.1, 0.1, 2.385, -7.0, -7.0},
                 repeated_y[] = {7.19, 7.19, 7.19, 0.3, 1.0, 1.0},
                 weight[] = {3.0, 1.0, 2.0}, scaled[] = {0.75, 0.25, 0.5};
    const toy_rows plain = toy_of(6, repeated_x, repeated_y);
    const toy_results expected = results_of_rows(&plain);
    toy_rows rows = toy_of(3, x, y);

    (void) state;
    for (int kind = NRD_WEIGHTS_FREQUENCY; kind <= NRD_WEIGHTS_PRECISION; kind++) {
        toy_results found;

        rows.weights = (nrd_weights) kind;
        rows.weight = kind == NRD_WEIGHTS_FREQUENCY ? weight : scaled;
        found = results_of_rows(&rows);
        assert_memory_equal(found.mean, expected.mean, sizeof found.mean);
        assert_memory_equal(found.r, expected.r, sizeof found.r);
        for (size_t k = 0; k < 4; k++) {
            const double population = expected.covariance[0][k];

            assert_same(found.covariance[0][k], population, k);
            assert_close(found.covariance[1][k],
                kind == NRD_WEIGHTS_FREQUENCY ? expected.covariance[1][k]
                                              : population * 1.5,
                kind == NRD_WEIGHTS_FREQUENCY ? 0.0 : 0x1p-52);
        }
    }
}

/* What one row, or rows without weight, have and have not. */
static void
too_few_rows_have_no_results(void **state)
{
    const double x[] = {2.385, 7.0}, y[] = {1.0, 3.0}, none[] = {0.0, 0.0};

    (void) state;
    for (size_t n = 0; n <= 1; n++) {
        const toy_rows rows = toy_of(n, x, y);
        const toy_results found = results_of_rows(&rows);

        for (size_t k = 0; k < 4; k++) {
            assert_int_equal(found.mean_defined[k / 2], n > 0);
            assert_rounded(found.mean[k / 2],
                n == 0  ? (double) NAN
                : k < 2 ? 2.385
                        : 1.0,
                k);
            assert_int_equal(found.covariance_defined[0][k], n > 0);
            assert_rounded(found.covariance[0][k], n > 0 ? 0.0 : (double) NAN, k);
            assert_int_equal(found.covariance_defined[1][k] + found.r_defined[k], 0);
            assert_true(isnan(found.covariance[1][k]) && isnan(found.r[k]));
        }
    }
    for (int kind = NRD_WEIGHTS_FREQUENCY; kind <= NRD_WEIGHTS_PRECISION; kind++) {
        toy_rows rows = toy_of(2, x, y);
        toy_results found;

        rows.weights = (nrd_weights) kind;
        rows.weight = none;
        found = results_of_rows(&rows);
        for (size_t k = 0; k < 4; k++) {
            assert_int_equal(found.mean_defined[k / 2] + found.covariance_defined[0][k] +
                                 found.covariance_defined[1][k] + found.r_defined[k],
                0);
            assert_true(isnan(found.mean[k / 2]) && isnan(found.covariance[0][k]));
        }
    }
}

static void
new_is_checked(void **state)
{
    static const struct {
        size_t columns, groups;
        int weights, level;
        int32_t decimals;
        size_t row;
        const char *found;
    } wrong[] = {
        {0, 1, 0, 3, -1, NRD_NO_ROW, "0 columns"},
        {2, 0, 0, 3, -1, NRD_NO_ROW, "0 groups"},
        {(size_t) 1 << 32, 1, 0, 3, -1, NRD_NO_ROW, "4294967296 columns"},
        {2, (size_t) 1 << 32, 0, 3, -1, NRD_NO_ROW, "4294967296 groups"},
        {2, 1, 4, 3, -1, NRD_NO_ROW, "4"},
        {2, 1, 0, 0, -1, NRD_NO_ROW, "0"},
        {2, 1, 0, 4, -1, NRD_NO_ROW, "4"},
        {2, 1, 0, 3, 10, 1, "10"},
        {2, 1, 0, 3, -2, 1, "-2"},
    };
    nrd_moments *moments = NULL;
    nrd_error err;

    (void) state;
    assert_int_equal(
        nrd_moments_new(0, 1, NRD_WEIGHTS_NONE, NRD_MOMENTS_MEANS, NULL, NULL, &err),
        NRD_E_NULL);
    assert_error(&err, NRD_E_NULL, NRD_NO_ROW, "output");
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        const int32_t decimals[] = {9, wrong[i].decimals};

        assert_int_equal(
            nrd_moments_new(wrong[i].columns, wrong[i].groups,
                (nrd_weights) wrong[i].weights, (nrd_moments_level) wrong[i].level,
                wrong[i].columns == 2 ? decimals : NULL, &moments, &err),
            NRD_E_DOMAIN);
        assert_error(&err, NRD_E_DOMAIN, wrong[i].row, wrong[i].found);
    }
    assert_int_equal(nrd_moments_new(200, UINT32_MAX, NRD_WEIGHTS_NONE,
                         NRD_MOMENTS_COVARIANCES, NULL, &moments, &err),
        NRD_E_MEMORY);
    assert_error(&err, NRD_E_MEMORY, NRD_NO_ROW, "4294967295 groups");
    assert_null(moments);
    nrd_moments_free(NULL);
}

static void
results_are_checked(void **state)
{
    const double x[] = {0.1, 0.7};
    double out[4] = {2.385, 2.385, 2.385, 2.385};
    uint8_t defined[4] = {7, 7, 7, 7};
    toy_rows rows = toy_of(2, x, x);
    nrd_moments *all = toy_state(&rows), *variances, *means;
    nrd_error err;

    (void) state;
    rows.level = NRD_MOMENTS_VARIANCES;
    variances = toy_state(&rows);
    rows.level = NRD_MOMENTS_MEANS;
    means = toy_state(&rows);
    assert_int_equal(nrd_moments_covariance(NULL, 1, out, defined, &err), NRD_E_NULL);
    assert_error(&err, NRD_E_NULL, NRD_NO_ROW, "state");
    assert_int_equal(nrd_moments_covariance(all, 1, NULL, defined, NULL), NRD_E_NULL);
    assert_int_equal(nrd_moments_covariance(all, 1, out, NULL, NULL), NRD_E_NULL);
    assert_int_equal(nrd_moments_covariance(all, 2, out, defined, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, NRD_NO_ROW, "2");
    assert_int_equal(nrd_moments_covariance(all, -1, out, defined, NULL), NRD_E_DOMAIN);
    assert_int_equal(nrd_moments_covariance(means, 1, out, defined, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, NRD_NO_ROW, "level 1");
    assert_int_equal(nrd_moments_correlation(NULL, out, defined, &err), NRD_E_NULL);
    assert_error(&err, NRD_E_NULL, NRD_NO_ROW, "state");
    assert_int_equal(nrd_moments_correlation(all, NULL, defined, NULL), NRD_E_NULL);
    assert_int_equal(nrd_moments_correlation(all, out, NULL, NULL), NRD_E_NULL);
    assert_int_equal(nrd_moments_correlation(variances, out, defined, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, NRD_NO_ROW, "level 2");
    for (size_t i = 0; i < 4; i++) {
        assert_same(out[i], 2.385, i);
        assert_int_equal(defined[i], 7);
    }
    nrd_moments_free(all);
    nrd_moments_free(variances);
    nrd_moments_free(means);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_constant_column_has_no_correlation),
        cmocka_unit_test(merging_constants_makes_no_variance),
        cmocka_unit_test(a_line_has_correlation_1_and_nothing_more),
        cmocka_unit_test(a_large_mean_loses_nothing),
        cmocka_unit_test(a_population_of_two_has_variance_1),
        cmocka_unit_test(a_variance_is_never_negative),
        cmocka_unit_test(weights_mean_what_they_say),
        cmocka_unit_test(too_few_rows_have_no_results),
        cmocka_unit_test(new_is_checked),
        cmocka_unit_test(results_are_checked),
    };

    return cmocka_run_group_tests_name("moments_edges", tests, NULL, NULL);
}
