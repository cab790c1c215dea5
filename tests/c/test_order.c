#include "order_support.h"

#include <float.h>

#include "status_private.h"

#define MANY 70001

static void
sort_matches_reference(void **state)
{
    cJSON *ref = ref_open("order_rank");
    const cJSON *item;

    (void) state;
    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        double values[ROWS];
        uint64_t expected[ROWS];
        size_t found[ROWS + 1];
        const size_t n = doubles_from(item, "values", values);

        found[n] = 2385;
        assert_int_equal(ref_counts(item, "rows", expected, ROWS), n);
        assert_int_equal(nrd_order_sort(values, n, found, NULL), NRD_OK);
        for (size_t i = 0; i < n; i++) {
            assert_int_equal(found[i], expected[i]);
        }
        assert_int_equal(found[n], 2385);
    }
    cJSON_Delete(ref);
}

static void
ranks_match_reference(void **state)
{
    static const char *const names[] = {"average", "min", "max", "dense", "ordinal"};
    cJSON *ref = ref_open("order_rank");
    const cJSON *item;

    (void) state;
    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        double values[ROWS], found[ROWS + 1];
        const size_t n = doubles_from(item, "values", values);

        for (int ties = NRD_TIES_AVERAGE; ties <= NRD_TIES_ORDINAL; ties++) {
            found[n] = 2.385;
            assert_int_equal(
                nrd_order_rank(values, n, (nrd_ties) ties, found, NULL), NRD_OK);
            for (size_t i = 0; i < n; i++) {
                assert_close(found[i], ref_at(item, names[ties], i), 0.0);
            }
            assert_close(found[n], 2.385, 0.0);
        }
    }
    cJSON_Delete(ref);
}

/* Values of a kind: of one size, few different, of any size, of any bits but NaN. */
static double
value_of(int kind, uint64_t *state)
{
    uint64_t bits = next_number(state);
    double value;

    switch (kind) {
    case 0: return (double) bits / 0x1p31 - 0.5;
    case 1: return (double) (bits % 7);
    case 2: return 1e6 + (double) bits / 0x1p31;
    default: break;
    }
    bits = bits << 33 ^ next_number(state) << 2;
    memcpy(&value, &bits, sizeof value);
    return isnan(value) ? -INFINITY : value;
}

/* Each row once, the values ascend, and equal ones come in the order of their rows. */
static void
assert_sorted(const double *values, const size_t *rows, size_t n)
{
    static unsigned char seen[MANY];

    memset(seen, 0, n);
    for (size_t i = 0; i < n; i++) {
        assert_true(rows[i] < n && !seen[rows[i]]);
        seen[rows[i]] = 1;
        if (i > 0 && !(values[rows[i - 1]] < values[rows[i]])) {
            assert_true(values[rows[i - 1]] == values[rows[i]]);
            assert_true(rows[i - 1] < rows[i]);
        }
    }
}

static void
any_number_of_values_is_sorted(void **state)
{
    static const size_t lengths[] = {
        0, 1, 2, 3, 31, 32, 33, 34, 64, 255, 256, 257, 2000, MANY};
    static double values[MANY];
    static size_t rows[MANY];
    uint64_t random = 7;

    (void) state;
    for (size_t k = 0; k < 4 * sizeof lengths / sizeof lengths[0]; k++) {
        const size_t n = lengths[k / 4];

        for (size_t i = 0; i < n; i++) {
            values[i] = value_of((int) (k % 4), &random);
        }
        assert_int_equal(nrd_order_sort(values, n, rows, NULL), NRD_OK);
        assert_sorted(values, rows, n);
        for (size_t i = 0; i < n; i++) {
            values[i] = -(double) (i / 3);
        }
        assert_int_equal(nrd_order_sort(values, n, rows, NULL), NRD_OK);
        assert_sorted(values, rows, n);
    }
}

/* Rows that run up or down, with equal ones or without, and such that all but do. */
static void
runs_are_sorted(void **state)
{
    static double values[2000];
    static size_t rows[2000];

    (void) state;
    for (size_t n = 1; n <= 2000; n = 3 * n + 1) {
        for (int kind = 0; kind < 8; kind++) {
            const double sign = kind & 1 ? -1.0 : 1.0;

            for (size_t i = 0; i < n; i++) {
                values[i] = sign * 2.385 * (double) (kind & 2 ? i / 3 : i);
            }
            values[n - 1] = kind & 4 ? 2.0 : values[n - 1];
            assert_int_equal(nrd_order_sort(values, n, rows, NULL), NRD_OK);
            assert_sorted(values, rows, n);
        }
    }
}

/* From the least to the greatest; zeros of both signs are one value. */
static void
the_ends_have_their_place(void **state)
{
    static const double ladder[] = {-INFINITY, -DBL_MAX, -2.385, -DBL_MIN, -0x1p-1074, 0.0,
        -0.0, 0.0, 0x1p-1074, DBL_MIN, 2.385, DBL_MAX, INFINITY, INFINITY};
    enum { N = sizeof ladder / sizeof ladder[0] };
    double values[N], ranks[N];
    size_t rows[N];

    (void) state;
    for (size_t i = 0; i < N; i++) {
        values[i] = ladder[(5 * i + 3) % N];
    }
    assert_int_equal(nrd_order_sort(values, N, rows, NULL), NRD_OK);
    assert_sorted(values, rows, N);
    assert_int_equal(nrd_order_rank(values, N, NRD_TIES_AVERAGE, ranks, NULL), NRD_OK);
    for (size_t i = 0; i < N; i++) {
        const size_t place = (5 * i + 3) % N;
        const double expected = place > 4 && place < 8 ? 7.0
                                : place > 11           ? 13.5
                                                       : (double) (place + 1);

        assert_close(ranks[i], expected, 0.0);
    }
    assert_int_equal(nrd_order_sort(NULL, 0, NULL, NULL), NRD_OK);
    assert_int_equal(nrd_order_rank(NULL, 0, NRD_TIES_MIN, NULL, NULL), NRD_OK);
}

/* Rows can change places, and values be scaled: each value keeps its rank. */
static void
ranks_belong_to_values(void **state)
{
    static double values[2000], other[2000], ranks[2000], moved[2000];
    uint64_t random = 8;

    (void) state;
    for (int kind = 0; kind < 4; kind++) {
        const size_t n = 2000;

        for (size_t i = 0; i < n; i++) {
            values[i] = value_of(kind, &random);
        }
        for (size_t i = 0; i < n; i++) {
            other[i] = values[(7 * i + 19) % n] * (kind < 3 ? 0x1p-30 : 1.0);
        }
        for (int ties = NRD_TIES_AVERAGE; ties <= NRD_TIES_DENSE; ties++) {
            double sum = 0.0;

            assert_int_equal(
                nrd_order_rank(values, n, (nrd_ties) ties, ranks, NULL), NRD_OK);
            assert_int_equal(
                nrd_order_rank(other, n, (nrd_ties) ties, moved, NULL), NRD_OK);
            for (size_t i = 0; i < n; i++) {
                assert_close(moved[i], ranks[(7 * i + 19) % n], 0.0);
                sum += ranks[i];
            }
            if (ties == NRD_TIES_AVERAGE) {
                assert_close(sum, 2000.0 * 2001.0 / 2.0, 0.0);
            }
        }
    }
}

static void
arguments_are_checked(void **state)
{
    const double values[] = {2.385, -1.0, (double) NAN, (double) NAN};
    double ranks[4], ranks_before[4];
    size_t rows[4], rows_before[4];
    nrd_error err;

    (void) state;
    memset(ranks_before, 0x5a, sizeof ranks);
    memset(rows_before, 0x5a, sizeof rows);
    memcpy(ranks, ranks_before, sizeof ranks);
    memcpy(rows, rows_before, sizeof rows);
    assert_int_equal(nrd_order_sort(NULL, 2, rows, &err), NRD_E_NULL);
    assert_error(&err, NRD_E_NULL, NRD_NO_ROW, "");
    assert_int_equal(nrd_order_sort(values, 2, NULL, NULL), NRD_E_NULL);
    assert_int_equal(nrd_order_sort(values, SIZE_MAX / 16 + 1, rows, &err), NRD_E_SIZE);
    assert_error(&err, NRD_E_SIZE, NRD_NO_ROW, "1152921504606846976");
    assert_int_equal(nrd_order_sort(values, 4, rows, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, 2, "NaN");

    assert_int_equal(nrd_order_rank(NULL, 2, NRD_TIES_MIN, ranks, NULL), NRD_E_NULL);
    assert_int_equal(nrd_order_rank(values, 2, NRD_TIES_MIN, NULL, &err), NRD_E_NULL);
    assert_error(&err, NRD_E_NULL, NRD_NO_ROW, "");
    assert_int_equal(
        nrd_order_rank(values, SIZE_MAX, NRD_TIES_MIN, ranks, &err), NRD_E_SIZE);
    assert_error(&err, NRD_E_SIZE, NRD_NO_ROW, "");
    assert_int_equal(nrd_order_rank(values, 2, (nrd_ties) 5, ranks, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, NRD_NO_ROW, "5");
    assert_int_equal(nrd_order_rank(values, 3, NRD_TIES_MIN, ranks, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, 2, "NaN");
    assert_memory_equal(ranks, ranks_before, sizeof ranks);
    assert_memory_equal(rows, rows_before, sizeof rows);
}

static void
want_of_memory_is_survived(void **state)
{
    const double values[] = {2.385, -1.0, 7.0};
    double ranks[3] = {0.5, 0.5, 0.5};
    size_t rows[3] = {77, 77, 77};
    nrd_error err;

    (void) state;
    nrdi_malloc_fail_after(0);
    assert_int_equal(nrd_order_sort(values, 3, rows, &err), NRD_E_MEMORY);
    assert_error(&err, NRD_E_MEMORY, NRD_NO_ROW, "3");
    assert_int_equal(nrd_order_rank(values, 3, NRD_TIES_MAX, ranks, &err), NRD_E_MEMORY);
    assert_error(&err, NRD_E_MEMORY, NRD_NO_ROW, "3");
    nrdi_malloc_fail_after(-1);
    assert_int_equal(rows[0], 77);
    assert_close(ranks[0], 0.5, 0.0);
    nrdi_malloc_fail_after(1);
    assert_int_equal(nrd_order_sort(values, 3, rows, &err), NRD_OK);
    nrdi_malloc_fail_after(1);
    assert_int_equal(nrd_order_rank(values, 3, NRD_TIES_MAX, ranks, &err), NRD_OK);
    nrdi_malloc_fail_after(-1);
    assert_int_equal(rows[0], 1);
    assert_close(ranks[0], 2.0, 0.0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sort_matches_reference),
        cmocka_unit_test(ranks_match_reference),
        cmocka_unit_test(any_number_of_values_is_sorted),
        cmocka_unit_test(runs_are_sorted),
        cmocka_unit_test(the_ends_have_their_place),
        cmocka_unit_test(ranks_belong_to_values),
        cmocka_unit_test(arguments_are_checked),
        cmocka_unit_test(want_of_memory_is_survived),
    };

    return cmocka_run_group_tests_name("order", tests, NULL, NULL);
}
