#include "order_support.h"

#include <float.h>

#include "status_private.h"

static const int32_t types[] = {1, 2, 4, 5};

static void
weighted_quantiles_match_reference(void **state)
{
    cJSON *ref = ref_open("order_weighted");
    const cJSON *item;

    (void) state;
    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        double values[ROWS], weights[ROWS], p[ROWS], found[ROWS];
        const size_t n = doubles_from(item, "values", values);
        nrd_quantile_options options = {1, p, doubles_from(item, "p", p)};

        assert_int_equal(doubles_from(item, "weights", weights), n);
        for (size_t k = 0; k < 4; k++) {
            options.type = types[k];
            assert_int_equal(
                nrd_order_quantile_weighted(values, weights, n, &options, found, NULL),
                NRD_OK);
            compare_type(item, types[k], found, values, n, options.count);
        }
    }
    cJSON_Delete(ref);
}

/* Values with ties, weights of many sizes, some of them 0. */
static void
draw_rows(double *values, double *weights, size_t n, uint64_t *random)
{
    for (size_t i = 0; i < n; i++) {
        values[i] = (double) (next_number(random) % 50) / 10.0 - 1.0;
        weights[i] = i % 5 == 3 ? 0.0
                                : ldexp((double) next_number(random),
                                      (int) (next_number(random) % 90) - 60);
    }
}

static void
draw_probabilities(double *p, uint64_t *random)
{
    for (size_t i = 0; i < ROWS; i++) {
        p[i] = i < 65 ? (double) i / 64.0 : (double) next_number(random) / 0x1p31;
    }
}

/* The same bits for rows in any order, each split in two, and all weights doubled often. */
static void
any_order_gives_the_same_bits(void **state)
{
    double values[60], weights[60], p[ROWS], first[ROWS], found[ROWS];
    uint64_t random = 12;

    (void) state;
    draw_probabilities(p, &random);
    for (size_t k = 0; k < 40; k++) {
        const nrd_quantile_options options = {types[k % 4], p, ROWS};
        const size_t n = 1 + k / 4 * 3;

        draw_rows(values, weights, n, &random);
        assert_int_equal(
            nrd_order_quantile_weighted(values, weights, n, &options, first, NULL), NRD_OK);
        for (size_t i = n; i > 1; i--) {
            const size_t other = next_number(&random) % i;
            const double value = values[other], weight = weights[other];

            values[other] = values[i - 1];
            weights[other] = weights[i - 1];
            values[i - 1] = value;
            weights[i - 1] = weight;
        }
        assert_int_equal(
            nrd_order_quantile_weighted(values, weights, n, &options, found, NULL), NRD_OK);
        assert_memory_equal(found, first, sizeof found);
        for (size_t i = 0; i < n; i++) {
            values[n + i] = values[i];
            weights[n + i] = ldexp(weights[i], 498);
            weights[i] = ldexp(weights[i], 500) - weights[n + i];
        }
        assert_int_equal(
            nrd_order_quantile_weighted(values, weights, 2 * n, &options, found, NULL),
            NRD_OK);
        assert_memory_equal(found, first, sizeof found);
    }
}

/* Rows of one weight, whatever it is, are unweighted rows; rows of weight 0 are none. */
static void
equal_weights_are_none(void **state)
{
    double values[ROWS], weights[ROWS], p[ROWS], found[ROWS], expected[ROWS];
    uint64_t random = 13;

    (void) state;
    draw_probabilities(p, &random);
    for (size_t n = 1; n <= 100; n += 9) {
        for (size_t i = 0; i < n; i++) {
            values[i] = (double) (i * 37 % n) / 10.0 + 1.0;
            weights[i] = 0.1 + (double) n;
            p[i] = (double) i / (double) n;
        }
        for (size_t k = 0; k < 8; k++) {
            const nrd_quantile_options options = {types[k % 4], p, ROWS};

            if (k == 4) {
                for (size_t i = 0; i < n; i++) {
                    values[i] = floor(values[i]);
                }
            }
            if (k >= 4 && options.type > 2) {
                continue; /* equal values are pooled */
            }
            values[n] = -19.0;
            weights[n] = 0.0;
            assert_int_equal(
                nrd_order_quantile(values, n, &options, expected, NULL), NRD_OK);
            assert_int_equal(
                nrd_order_quantile_weighted(values, weights, n + 1, &options, found, NULL),
                NRD_OK);
            for (size_t i = 0; i < ROWS; i++) {
                assert_close(
                    found[i], expected[i], options.type <= 2 ? 0.0 : 8.0 * HALF_UNIT);
            }
        }
    }
}

/* What one type gives for one p. */
static double
quantile_of(const double *values, const double *weights, size_t n, int32_t type, double p)
{
    const nrd_quantile_options options = {type, &p, 1};
    double found;

    assert_int_equal(
        nrd_order_quantile_weighted(values, weights, n, &options, &found, NULL), NRD_OK);
    return found;
}

/* Weights and p from one end of the doubles to the other. */
static void
the_ends_are_reached(void **state)
{
    static const double values[] = {7.0, 19.0, 2.385};
    static const double light[] = {0x1p-1074, DBL_MAX, 0x1p-1074};
    static const double heavy[] = {DBL_MAX, DBL_MAX, DBL_MAX};
    static const double infinite[] = {-INFINITY, INFINITY, 0.0};

    (void) state;
    for (size_t k = 0; k < 4; k++) {
        assert_close(quantile_of(values, light, 1, types[k], 0.3), 7.0, 0.0);
        assert_close(quantile_of(values, light, 3, types[k], 0.0), 2.385, 0.0);
        assert_close(quantile_of(values, light, 3, types[k], 1.0), 19.0, 0.0);
        assert_close(quantile_of(values, heavy, 3, types[k], 0x1p-1074), 2.385, 0.0);
        assert_close(quantile_of(values, heavy, 3, types[k], 1.0), 19.0, 0.0);
        assert_close(quantile_of(infinite, heavy, 3, types[k], 0.0), -INFINITY, 0.0);
        assert_close(quantile_of(infinite, heavy, 3, types[k], 1.0), INFINITY, 0.0);
    }
    assert_close(quantile_of(values, light, 3, 1, 0x1p-1074), 19.0, 0.0);
    assert_close(quantile_of(values, light, 3, 4, 0x1p-1074), 7.0, HALF_UNIT);
    assert_close(quantile_of(values, heavy, 3, 1, 1.0 / 3.0), 2.385, 0.0);
    assert_close(quantile_of(values, heavy, 3, 2, 2.0 / 3.0), 13.0, 0.0);
    assert_close(quantile_of(values, heavy, 3, 5, 0.5), 7.0, 0.0);
    assert_true(isnan(quantile_of(infinite, light, 2, 4, 0.5)) ||
                quantile_of(infinite, light, 2, 4, 0.5) == INFINITY);
}

/* Shares of 3/4 less, and more, 2^-54: half way to the next double, so both count as 3/4,
 * whose last bit is 0, and not as the odd neighbour. */
static void
ties_of_shares_go_to_even(void **state)
{
    static const double values[] = {7.0, 7.0, 19.0};
    static const double less[] = {0x1.8p53 - 2.0, 1.0, 0x1p52 + 1.0};
    static const double more[] = {0x1.8p53, 1.0, 0x1p52 - 1.0};

    (void) state;
    assert_close(quantile_of(values, less, 3, 2, 0.75), 13.0, 0.0);
    assert_close(quantile_of(values, more, 3, 2, 0.75), 13.0, 0.0);
    assert_close(quantile_of(values, less, 3, 2, 0.75 - 0x1p-53), 7.0, 0.0);
    assert_close(quantile_of(values, more, 3, 2, 0.75 + 0x1p-53), 19.0, 0.0);
}

static void
arguments_are_checked(void **state)
{
    static const double wrong[] = {-0.1, INFINITY, NAN};
    static const char *const named[] = {"-0.1", "inf", "nan"};
    static const int32_t counting[] = {3, 6, 7, 8, 9};
    static const char *const numbers[] = {"is 3", "is 6", "is 7", "is 8", "is 9"};
    const double values[] = {2.385, 7.0, (double) NAN};
    double weights[] = {1.5, 2.5, 0.0}, none[] = {0.0, -0.0}, p[] = {0.5, NAN};
    double found = 2.385;
    nrd_quantile_options options = {2, p, 1};
    nrd_error err;

    (void) state;
    assert_int_equal(
        nrd_order_quantile_weighted(NULL, weights, 2, &options, &found, NULL), NRD_E_NULL);
    assert_int_equal(
        nrd_order_quantile_weighted(values, NULL, 2, &options, &found, NULL), NRD_E_NULL);
    assert_int_equal(
        nrd_order_quantile_weighted(values, weights, 2, NULL, &found, NULL), NRD_E_NULL);
    assert_int_equal(
        nrd_order_quantile_weighted(values, weights, 2, &options, NULL, &err), NRD_E_NULL);
    assert_error(&err, NRD_E_NULL, NRD_NO_ROW, "");
    assert_int_equal(
        nrd_order_quantile_weighted(values, weights, 0, &options, &found, &err),
        NRD_E_SIZE);
    assert_error(&err, NRD_E_SIZE, NRD_NO_ROW, "no values");
    for (size_t i = 0; i < 5; i++) {
        options.type = counting[i];
        assert_int_equal(
            nrd_order_quantile_weighted(values, weights, 2, &options, &found, &err),
            NRD_E_DOMAIN);
        assert_error(&err, NRD_E_DOMAIN, NRD_NO_ROW, numbers[i]);
    }
    options = (nrd_quantile_options){2, p, 2};
    assert_int_equal(
        nrd_order_quantile_weighted(values, weights, 2, &options, &found, &err),
        NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, 1, "nan");
    options.count = 1;
    assert_int_equal(
        nrd_order_quantile_weighted(values, weights, 3, &options, &found, &err),
        NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, 2, "NaN");
    assert_int_equal(
        nrd_order_quantile_weighted(values, none, 2, &options, &found, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, NRD_NO_ROW, "0");
    for (size_t i = 0; i < 3; i++) {
        weights[1] = wrong[i];
        assert_int_equal(
            nrd_order_quantile_weighted(values, weights, 2, &options, &found, &err),
            NRD_E_DOMAIN);
        assert_error(&err, NRD_E_DOMAIN, 1, named[i]);
    }
    assert_close(found, 2.385, 0.0);
}

static void
want_of_memory_is_survived(void **state)
{
    const double values[] = {2.385, 7.0, 19.0}, weights[] = {0.7, 0.1, 0.2}, p = 0.5;
    const nrd_quantile_options options = {1, &p, 1};
    nrd_status status = NRD_E_MEMORY;

    (void) state;
    for (long k = 0; status == NRD_E_MEMORY; k++) {
        double found = -1.0;
        nrd_error err;

        assert_in_range(k, 0, 20);
        nrdi_malloc_fail_after(k);
        status = nrd_order_quantile_weighted(values, weights, 3, &options, &found, &err);
        nrdi_malloc_fail_after(-1);
        if (status != NRD_OK) {
            assert_error(&err, NRD_E_MEMORY, NRD_NO_ROW, "no memory");
            assert_close(found, -1.0, 0.0);
        }
    }
    assert_int_equal(status, NRD_OK);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weighted_quantiles_match_reference),
        cmocka_unit_test(any_order_gives_the_same_bits),
        cmocka_unit_test(equal_weights_are_none),
        cmocka_unit_test(the_ends_are_reached),
        cmocka_unit_test(ties_of_shares_go_to_even),
        cmocka_unit_test(arguments_are_checked),
        cmocka_unit_test(want_of_memory_is_survived),
    };

    return cmocka_run_group_tests_name("order_weighted", tests, NULL, NULL);
}
