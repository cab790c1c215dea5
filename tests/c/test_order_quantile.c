#include "order_support.h"

#include <float.h>

#include "status_private.h"

#define MANY 70001
#define TYPES 9

static void
quantiles_match_reference(void **state)
{
    cJSON *ref = ref_open("order_quantile");
    const cJSON *item;

    (void) state;
    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        double values[ROWS], p[ROWS], found[ROWS];
        const size_t n = doubles_from(item, "values", values);
        nrd_quantile_options options = {1, p, doubles_from(item, "p", p)};

        for (options.type = 1; options.type <= TYPES; options.type++) {
            assert_int_equal(nrd_order_quantile(values, n, &options, found, NULL), NRD_OK);
            compare_type(item, options.type, found, values, n, options.count);
        }
    }
    cJSON_Delete(ref);
}

/* Quantiles ascend from the least to the greatest value; values scaled by a power of two
 * scale them; values and p turned round turn them. */
static void
quantiles_keep_their_symmetries(void **state)
{
    double values[37], scaled[37], turned[37], p[129], found[129], other[129];
    uint64_t random = 10;

    (void) state;
    for (size_t i = 0; i < 129; i++) {
        p[i] = (double) i / 128.0;
    }
    for (size_t i = 0; i < 37; i++) {
        values[i] = (double) next_number(&random) / 0x1p31;
        scaled[i] = values[i] * 0x1p-70;
        turned[i] = -values[i];
    }
    for (int32_t type = 1; type <= TYPES; type++) {
        const nrd_quantile_options options = {type, p, 129};

        assert_int_equal(nrd_order_quantile(values, 37, &options, found, NULL), NRD_OK);
        assert_int_equal(nrd_order_quantile(scaled, 37, &options, other, NULL), NRD_OK);
        for (size_t i = 0; i < 129; i++) {
            assert_close(other[i], found[i] * 0x1p-70, 0.0);
            assert_true(i == 0 || found[i - 1] <= found[i]);
        }
        assert_int_equal(nrd_order_quantile(turned, 37, &options, other, NULL), NRD_OK);
        for (size_t i = 0; i < 129 && (type == 2 || type >= 5); i++) {
            assert_close(other[128 - i], -found[i], 0.0);
        }
    }
}

/* Doubles next to each other, around the positions of values and between them. */
static void
quantiles_ascend_with_the_next_p(void **state)
{
    const double values[] = {-1.0, 0.1, 0.3, 0.30000000000000004, 2.385, 7e9, 7.1e9};
    double p[ROWS], found[ROWS];

    (void) state;
    for (size_t k = 1; k < 28; k++) {
        p[ROWS / 2] = (double) k / 28.0;
        for (size_t i = ROWS / 2; i > 0; i--) {
            p[i - 1] = nextafter(p[i], 0.0);
        }
        for (size_t i = ROWS / 2 + 1; i < ROWS; i++) {
            p[i] = nextafter(p[i - 1], 1.0);
        }
        for (int32_t type = 1; type <= TYPES; type++) {
            const nrd_quantile_options options = {type, p, ROWS};

            assert_int_equal(nrd_order_quantile(values, 7, &options, found, NULL), NRD_OK);
            for (size_t i = 1; i < ROWS; i++) {
                assert_true(found[i - 1] <= found[i]);
            }
        }
    }
}

/* Around the middle, where the sum of both neighbours takes over from the step. */
static void
quantiles_ascend_through_the_middle(void **state)
{
    const double p[] = {0.5 - 0x1p-53, 0.5 - 0x1p-54, 0.5, 0.5 + 0x1p-53, 0.5 + 0x1p-52};
    const nrd_quantile_options options = {7, p, 5};
    uint64_t random = 14;

    (void) state;
    for (size_t k = 0; k < 4000; k++) {
        const double sign = k % 2 == 0 ? 1.0 : -1.0;
        const double values[] = {sign * (double) next_number(&random) / 7.0,
            -sign * (double) next_number(&random) / 19.0 / (double) (1 + k % 9)};
        double found[5];

        assert_int_equal(nrd_order_quantile(values, 2, &options, found, NULL), NRD_OK);
        for (size_t i = 1; i < 5; i++) {
            assert_true(found[i - 1] <= found[i]);
        }
        assert_close(found[2], (values[0] + values[1]) / 2.0, 0.0);
    }
}

/* Many values are cut into parts before: each sorted value is found at its position. */
static void
many_values_are_found(void **state)
{
    static double values[MANY], found[MANY], p[MANY];
    static size_t rows[MANY];
    uint64_t random = 11;

    (void) state;
    for (size_t kind = 0; kind < 4; kind++) {
        nrd_quantile_options options = {7, p, MANY};

        for (size_t i = 0; i < MANY; i++) {
            const double value = (double) next_number(&random) / 0x1p31;

            values[i] = kind == 0   ? value - 0.5
                        : kind == 1 ? floor(5.0 * value)
                        : kind == 2 ? 1e6 + value
                                    : exp(1000.0 * (value - 0.5));
            p[i] = (double) i / (MANY - 1);
        }
        assert_int_equal(nrd_order_sort(values, MANY, rows, NULL), NRD_OK);
        assert_int_equal(nrd_order_quantile(values, MANY, &options, found, NULL), NRD_OK);
        for (size_t i = 0; i < MANY; i++) {
            assert_true(found[i] == values[rows[i]]);
        }
        for (size_t i = 0; i < MANY; i += 7919) {
            options = (nrd_quantile_options){7, p + i, 1};
            assert_int_equal(
                nrd_order_quantile(values, MANY, &options, found, NULL), NRD_OK);
            assert_true(found[0] == values[rows[i]]);
        }
    }
}

/* What one type gives for one p. */
static double
quantile_of(const double *values, size_t n, int32_t type, double p)
{
    const nrd_quantile_options options = {type, &p, 1};
    double found;

    assert_int_equal(nrd_order_quantile(values, n, &options, &found, NULL), NRD_OK);
    return found;
}

static void
the_ends_are_reached(void **state)
{
    const double one[] = {2.385}, equal[] = {0.1, 0.1, 0.1}, zeros[] = {-0.0, 0.0};
    const double wide[] = {DBL_MAX, -DBL_MAX}, large[] = {0.9 * DBL_MAX, DBL_MAX};
    const double small[] = {0x1p-1074, 3 * 0x1p-1074}, far[] = {0.0, DBL_MAX};
    const double infinite[] = {INFINITY, -INFINITY, 7.0, 19.0}, below[] = {-1e9, -1e-9};

    (void) state;
    for (int32_t type = 1; type <= TYPES; type++) {
        for (double p = 0.0; p <= 1.0; p += 0.0625) {
            assert_close(quantile_of(one, 1, type, p), 2.385, 0.0);
            assert_close(quantile_of(equal, 3, type, p), 0.1, 0.0);
            assert_false(signbit(quantile_of(zeros, 2, type, p)));
        }
        assert_close(quantile_of(infinite, 4, type, 0.0), -INFINITY, 0.0);
        assert_close(quantile_of(infinite, 4, type, 1.0), INFINITY, 0.0);
        assert_true(isfinite(quantile_of(wide, 2, type, 0.6)));
    }
    assert_close(quantile_of(wide, 2, 7, 0.5), 0.0, 0.0);
    assert_close(quantile_of(wide, 2, 7, 0.75), DBL_MAX / 2.0, 0.0);
    assert_close(quantile_of(large, 2, 2, 0.5), 0.95 * DBL_MAX, HALF_UNIT * 2.0);
    assert_close(quantile_of(small, 2, 7, 0.5), 0x1p-1073, 0.0);
    assert_close(quantile_of(far, 2, 7, 0x1p-1074), 0x1p-1074 * DBL_MAX, 0.0);
    assert_close(quantile_of(below, 2, 7, 1.0 - 0x1p-30),
        -1e9 * 0x1p-30 - 1e-9 * (1.0 - 0x1p-30), 6.0 * HALF_UNIT);
    assert_close(quantile_of(infinite, 4, 7, 0.1), -INFINITY, 0.0);
    assert_close(quantile_of(infinite, 4, 7, 0.5), 13.0, 0.0);
    assert_close(quantile_of(infinite, 4, 7, 0.9), INFINITY, 0.0);
    assert_true(isnan(quantile_of(infinite, 2, 7, 0.5)));
}

static void
arguments_are_checked(void **state)
{
    static const int32_t no_types[] = {-1, 0, 10};
    static const double wrong[] = {-0.07, 1.07, NAN, INFINITY};
    static const char *const named[] = {"-0.07", "1.07", "nan", "inf"};
    const double values[] = {2.385, 7.0, (double) NAN};
    double p[] = {0.5, 0.5}, found[] = {2.385, 2.385};
    nrd_quantile_options options = {7, p, 2}, empty = {7, NULL, 0};
    nrd_error err;

    (void) state;
    assert_int_equal(nrd_order_quantile(NULL, 2, &options, found, &err), NRD_E_NULL);
    assert_error(&err, NRD_E_NULL, NRD_NO_ROW, "");
    assert_int_equal(nrd_order_quantile(values, 2, NULL, found, NULL), NRD_E_NULL);
    assert_int_equal(nrd_order_quantile(values, 2, &options, NULL, NULL), NRD_E_NULL);
    options.p = NULL;
    assert_int_equal(nrd_order_quantile(values, 2, &options, found, NULL), NRD_E_NULL);
    options.p = p;
    assert_int_equal(nrd_order_quantile(values, 0, &options, found, &err), NRD_E_SIZE);
    assert_error(&err, NRD_E_SIZE, NRD_NO_ROW, "no values");
    assert_int_equal(
        nrd_order_quantile(values, SIZE_MAX, &options, found, &err), NRD_E_SIZE);
    assert_error(&err, NRD_E_SIZE, NRD_NO_ROW, "18446744073709551615");
    for (size_t i = 0; i < 3; i++) {
        options.type = no_types[i];
        assert_int_equal(
            nrd_order_quantile(values, 2, &options, found, &err), NRD_E_DOMAIN);
        assert_error(&err, NRD_E_DOMAIN, NRD_NO_ROW, "expected 1 to 9");
    }
    options.type = 7;
    for (size_t i = 0; i < 4; i++) {
        p[1] = wrong[i];
        assert_int_equal(
            nrd_order_quantile(values, 2, &options, found, &err), NRD_E_DOMAIN);
        assert_error(&err, NRD_E_DOMAIN, 1, named[i]);
    }
    p[1] = 0.5;
    assert_int_equal(nrd_order_quantile(values, 3, &options, found, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, 2, "NaN");
    assert_int_equal(nrd_order_quantile(values, 2, &empty, NULL, &err), NRD_OK);
    assert_close(found[0], 2.385, 0.0);
    assert_close(found[1], 2.385, 0.0);
}

static void
want_of_memory_is_survived(void **state)
{
    const double values[] = {2.385, 7.0, 19.0}, p = 0.5;
    const nrd_quantile_options options = {7, &p, 1};
    nrd_status status = NRD_E_MEMORY;

    (void) state;
    for (long k = 0; status == NRD_E_MEMORY; k++) {
        double found = -1.0;
        nrd_error err;

        assert_in_range(k, 0, 20);
        nrdi_malloc_fail_after(k);
        status = nrd_order_quantile(values, 3, &options, &found, &err);
        nrdi_malloc_fail_after(-1);
        if (status != NRD_OK) {
            assert_error(&err, NRD_E_MEMORY, NRD_NO_ROW, "3");
            assert_close(found, -1.0, 0.0);
        }
    }
    assert_int_equal(status, NRD_OK);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantiles_match_reference),
        cmocka_unit_test(quantiles_keep_their_symmetries),
        cmocka_unit_test(quantiles_ascend_with_the_next_p),
        cmocka_unit_test(quantiles_ascend_through_the_middle),
        cmocka_unit_test(many_values_are_found),
        cmocka_unit_test(the_ends_are_reached),
        cmocka_unit_test(arguments_are_checked),
        cmocka_unit_test(want_of_memory_is_survived),
    };

    return cmocka_run_group_tests_name("order_quantile", tests, NULL, NULL);
}
