#include "order_support.h"

#include "status_private.h"

#define TYPES 9

static void
frequencies_match_reference(void **state)
{
    cJSON *ref = ref_open("order_frequency");
    const cJSON *item;

    (void) state;
    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        double values[ROWS], p[ROWS], found[ROWS];
        uint64_t counts[ROWS];
        const size_t n = doubles_from(item, "values", values);
        nrd_quantile_options options = {1, p, doubles_from(item, "p", p)};

        assert_int_equal(ref_counts(item, "counts", counts, ROWS), n);
        for (options.type = 1; options.type <= TYPES; options.type++) {
            assert_int_equal(
                nrd_order_quantile_frequency(values, counts, n, &options, found, NULL),
                NRD_OK);
            compare_type(item, options.type, found, values, n, options.count);
        }
    }
    cJSON_Delete(ref);
}

static void
shuffle(double *values, uint64_t *counts, size_t n, uint64_t *state)
{
    for (size_t i = n; i > 1; i--) {
        const size_t k = next_number(state) % i;
        const double value = values[k];
        const uint64_t count = counts[k];

        values[k] = values[i - 1];
        values[i - 1] = value;
        counts[k] = counts[i - 1];
        counts[i - 1] = count;
    }
}

/* All rows of the values, each as often as its count says. */
static size_t
repeat(const double *values, const uint64_t *counts, size_t n, double *out)
{
    size_t length = 0;

    for (size_t i = 0; i < n; i++) {
        for (uint64_t k = 0; k < counts[i]; k++) {
            out[length++] = values[i];
        }
    }
    return length;
}

/* The same bits for rows in any order, and for rows repeated instead of counted. */
static void
frequencies_are_repetitions_in_any_order(void **state)
{
    double values[40], repeated[400], p[ROWS], first[ROWS], found[ROWS];
    uint64_t counts[40], random = 9;

    (void) state;
    for (size_t i = 0; i < ROWS; i++) {
        p[i] = i < 65 ? (double) i / 64.0 : (double) next_number(&random) / 0x1p31;
    }
    for (size_t k = 0; k < 20 * TYPES; k++) {
        const nrd_quantile_options options = {(int32_t) (k % TYPES) + 1, p, ROWS};
        const size_t n = 1 + k / TYPES * 2;
        size_t length;

        for (size_t i = 0; i < n; i++) {
            values[i] = (double) next_number(&random) / 0x1p30 - (double) (i % 3);
            counts[i] = i > 0 ? next_number(&random) % 10 : 3;
        }
        length = repeat(values, counts, n, repeated);
        assert_int_equal(
            nrd_order_quantile(repeated, length, &options, first, NULL), NRD_OK);
        for (size_t times = 0; times < 3; times++) {
            shuffle(values, counts, n, &random);
            assert_int_equal(
                nrd_order_quantile_frequency(values, counts, n, &options, found, NULL),
                NRD_OK);
            assert_memory_equal(found, first, sizeof found);
            length = repeat(values, counts, n, repeated);
            assert_int_equal(
                nrd_order_quantile(repeated, length, &options, found, NULL), NRD_OK);
            assert_memory_equal(found, first, sizeof found);
        }
    }
}

/* The most rows that can be meant: the middle of all lies between two values. */
static void
most_frequencies_are_held(void **state)
{
    const double values[] = {19.0, 7.0}, p[] = {0.0, 0.5, 0.75, 1.0};
    const uint64_t half = ((uint64_t) 1 << 51) - 1, counts[] = {half, half};
    double found[4];

    (void) state;
    for (int32_t type = 1; type <= TYPES; type++) {
        const nrd_quantile_options options = {type, p, 4};
        const int lower = type == 1 || type == 3 || type == 4;

        assert_int_equal(
            nrd_order_quantile_frequency(values, counts, 2, &options, found, NULL), NRD_OK);
        assert_close(found[0], 7.0, 0.0);
        assert_close(found[1], lower ? 7.0 : 13.0, 0.0);
        assert_close(found[2], 19.0, 0.0);
        assert_close(found[3], 19.0, 0.0);
    }
}

static void
arguments_are_checked(void **state)
{
    static const size_t lengths[] = {2, 2, 2, 2, 0};
    const double values[] = {2.385, 7.0, (double) NAN}, p[] = {0.5, 1.07};
    const uint64_t counts[] = {7, ((uint64_t) 1 << 52) - 7, 0}, none[] = {0, 0};
    nrd_quantile_options options = {7, p, 1};
    double found = 2.385;
    nrd_error err;

    (void) state;
    for (size_t i = 0; i < 5; i++) {
        const nrd_status status = i < 4 ? NRD_E_NULL : NRD_E_SIZE;

        assert_int_equal(
            nrd_order_quantile_frequency(i == 0 ? NULL : values, i == 1 ? NULL : counts,
                lengths[i], i == 2 ? NULL : &options, i == 3 ? NULL : &found, &err),
            status);
        assert_error(&err, status, NRD_NO_ROW, "");
    }
    assert_int_equal(
        nrd_order_quantile_frequency(values, counts, 3, &options, &found, &err),
        NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, 2, "NaN");
    assert_int_equal(
        nrd_order_quantile_frequency(values, counts, 2, &options, &found, &err),
        NRD_E_OVERFLOW);
    assert_error(&err, NRD_E_OVERFLOW, 1, "4503599627370489");
    assert_int_equal(nrd_order_quantile_frequency(values, none, 2, &options, &found, &err),
        NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, NRD_NO_ROW, "0");
    options.count = 2;
    assert_int_equal(
        nrd_order_quantile_frequency(values, counts, 2, &options, &found, &err),
        NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, 1, "1.07");
    options = (nrd_quantile_options){10, p, 1};
    assert_int_equal(
        nrd_order_quantile_frequency(values, counts, 2, &options, &found, &err),
        NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, NRD_NO_ROW, "10");
    assert_close(found, 2.385, 0.0);
}

static void
want_of_memory_is_survived(void **state)
{
    const double values[] = {2.385, 7.0, 19.0}, p = 0.5;
    const uint64_t counts[] = {1, 2, 7};
    const nrd_quantile_options options = {7, &p, 1};
    nrd_status status = NRD_E_MEMORY;

    (void) state;
    for (long k = 0; status == NRD_E_MEMORY; k++) {
        double found = -1.0;
        nrd_error err;

        assert_in_range(k, 0, 20);
        nrdi_malloc_fail_after(k);
        status = nrd_order_quantile_frequency(values, counts, 3, &options, &found, &err);
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
        cmocka_unit_test(frequencies_match_reference),
        cmocka_unit_test(frequencies_are_repetitions_in_any_order),
        cmocka_unit_test(most_frequencies_are_held),
        cmocka_unit_test(arguments_are_checked),
        cmocka_unit_test(want_of_memory_is_survived),
    };

    return cmocka_run_group_tests_name("order_frequency", tests, NULL, NULL);
}
