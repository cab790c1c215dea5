#include "support.h"

#include <nrd/inequality.h>

#include "status_private.h"

#define ROWS 64

/* Read the list key of a case, at most ROWS numbers. */
static size_t
read_list(const cJSON *item, const char *key, double *out)
{
    const size_t n = (size_t) cJSON_GetArraySize(ref_get(item, key));

    assert_in_range(n, 0, ROWS);
    for (size_t i = 0; i < n; i++) {
        out[i] = ref_at(item, key, i);
    }
    return n;
}

static nrd_inequality
measure(const double *values, const double *weights, size_t n)
{
    const size_t starts[] = {0, n};
    nrd_inequality out;

    assert_int_equal(
        nrd_inequality_groups(values, weights, starts, 1, NULL, &out, NULL), NRD_OK);
    return out;
}

static void
indices_match_the_definitions(void **state)
{
    cJSON *ref = ref_open("inequality_groups");
    const cJSON *item;

    (void) state;
    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        double values[ROWS], weights[ROWS];
        const size_t n = read_list(item, "values", values);
        const int weighted = read_list(item, "weights", weights) > 0;
        const nrd_inequality found = measure(values, weighted ? weights : NULL, n);

        assert_int_equal(found.rows, ref_at(item, "rows", 0));
        assert_same(found.weight, ref_at(item, "weight", 0), 0);
        assert_same(found.total, ref_at(item, "total", 0), 0);
        assert_close(found.gini, ref_at(item, "gini", 0), 0x1p-51);
        assert_close(found.herfindahl, ref_at(item, "herfindahl", 0), 0x1p-50);
        assert_close(found.largest, ref_at(item, "largest", 0), 0x1p-50);
        assert_close(found.theil, ref_at(item, "theil", 0), 1e-14);
    }
    cJSON_Delete(ref);
}

/* Rows turned round, and one row as two, change no bit. */
static void
order_and_splitting_change_nothing(void **state)
{
    const double values[] = {7.0, 2.385, 19.0, 2.385, 0.0, 7.0};
    const double weights[] = {0.1, 0.7, 2.0, 1e-3, 4.0, 0.2};
    double turned[6], turned_weights[6], split[7], split_weights[7];
    const nrd_inequality found = measure(values, weights, 6);
    nrd_inequality other;

    (void) state;
    for (size_t i = 0; i < 6; i++) {
        turned[i] = values[5 - i];
        turned_weights[i] = weights[5 - i];
        split[i] = values[i];
        split_weights[i] = weights[i];
    }
    other = measure(turned, turned_weights, 6);
    assert_memory_equal(&other, &found, sizeof found);
    split[6] = split[2];
    split_weights[2] = 0.5;
    split_weights[6] = 1.5;
    other = measure(split, split_weights, 7);
    assert_same(other.gini, found.gini, 0);
    assert_same(other.total, found.total, 0);
    assert_int_equal(other.rows, 7);
}

static void
counts_are_rows_that_occur_so_often(void **state)
{
    const double values[] = {2.385, 7.0, 19.0}, weights[] = {2.0, 1.0, 3.0};
    const double each[] = {19.0, 2.385, 19.0, 7.0, 19.0, 2.385};
    const nrd_inequality counted = measure(values, weights, 3);
    const nrd_inequality listed = measure(each, NULL, 6);

    (void) state;
    assert_same(counted.gini, listed.gini, 0);
    assert_same(counted.theil, listed.theil, 0);
    assert_same(counted.weight, listed.weight, 0);
}

static void
scale_changes_no_index(void **state)
{
    const double values[] = {2.385, 7.0, 19.0, 0.0};
    double scaled[4];
    const nrd_inequality found = measure(values, NULL, 4);

    (void) state;
    for (int exponent = -1000; exponent <= 1000; exponent += 250) {
        nrd_inequality other;

        for (size_t i = 0; i < 4; i++) {
            scaled[i] = ldexp(values[i], exponent);
        }
        other = measure(scaled, NULL, 4);
        assert_same(other.gini, found.gini, 0);
        assert_same(other.theil, found.theil, 0);
        assert_same(other.herfindahl, found.herfindahl, 0);
    }
}

static void
groups_are_measured_one_by_one(void **state)
{
    const double values[] = {7.0, 2.385, 19.0, 2.385, 0.0, 7.0};
    const size_t starts[] = {0, 2, 2, 6};
    nrd_inequality out[3];

    (void) state;
    assert_int_equal(
        nrd_inequality_groups(values, NULL, starts, 3, NULL, out, NULL), NRD_OK);
    assert_same(out[0].gini, measure(values, NULL, 2).gini, 0);
    assert_int_equal(out[1].rows, 0);
    assert_true(isnan(out[1].gini));
    assert_same(out[2].gini, measure(values + 2, NULL, 4).gini, 0);
    assert_int_equal(
        nrd_inequality_groups(values, NULL, starts, 0, NULL, out, NULL), NRD_OK);
}

static void
expect_failure(const double *values, const double *weights, const size_t *starts,
    size_t groups, nrd_status status, size_t row, const char *found)
{
    nrd_inequality out = {.rows = 368};
    nrd_error err;

    assert_int_equal(
        nrd_inequality_groups(values, weights, starts, groups, NULL, &out, &err), status);
    assert_error(&err, status, row, found);
    assert_int_equal(out.rows, 368);
}

static void
curve_matches_sums_of_shares(void **state)
{
    const double values[] = {7.0, 0.5, 0.0, 2.5}, weights[] = {1.0, 2.0, 0.0, 4.0};
    double people[5], money[5];

    (void) state;
    assert_int_equal(nrd_inequality_lorenz(values, NULL, 4, people, money, NULL), NRD_OK);
    for (size_t i = 0; i <= 4; i++) {
        const double up_to[] = {0.0, 0.0, 0.5, 3.0, 10.0};

        assert_same(people[i], (double) i / 4.0, i);
        assert_same(money[i], up_to[i] / 10.0, i);
    }
    assert_int_equal(
        nrd_inequality_lorenz(values, weights, 4, people, money, NULL), NRD_OK);
    for (size_t i = 0; i <= 4; i++) {
        const double heads[] = {0.0, 2.0, 6.0, 7.0, 7.0};
        const double up_to[] = {0.0, 1.0, 11.0, 18.0, 18.0};

        assert_same(people[i], heads[i] / 7.0, i);
        assert_same(money[i], up_to[i] / 18.0, i);
    }
}

static void
curve_of_nothing_is_refused(void **state)
{
    const double values[] = {0.0, 7.0}, weights[] = {1.0, 0.0}, bad[] = {1.0, -7.0};
    double people[3] = {368.0}, money[3];
    nrd_error err;

    (void) state;
    assert_int_equal(
        nrd_inequality_lorenz(values, weights, 2, people, money, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, NRD_NO_ROW, "total is 0");
    assert_int_equal(
        nrd_inequality_lorenz(values, NULL, 0, people, money, &err), NRD_E_DOMAIN);
    assert_int_equal(
        nrd_inequality_lorenz(bad, NULL, 2, people, money, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, 1, "-7");
    assert_int_equal(nrd_inequality_lorenz(NULL, NULL, 2, people, money, &err), NRD_E_NULL);
    assert_int_equal(
        nrd_inequality_lorenz(values, NULL, SIZE_MAX, people, money, &err), NRD_E_SIZE);
    nrdi_malloc_fail_after(0);
    assert_int_equal(
        nrd_inequality_lorenz(values, NULL, 2, people, money, &err), NRD_E_MEMORY);
    nrdi_malloc_fail_after(-1);
    assert_same(people[0], 368.0, 0);
}

static void
bad_rows_are_named(void **state)
{
    const double values[] = {7.0, -2.385, 19.0}, weights[] = {1.0, 2.0, -0.5};
    const double large[] = {1e308, 1.7e308}, fine[] = {1.0, 2.0, 3.0};
    const double infinite[] = {1.0, (double) INFINITY, (double) NAN};
    const size_t starts[] = {0, 3}, two[] = {0, 2}, falling[] = {0, 3, 2}, late[] = {1, 3};
    nrd_inequality out;

    (void) state;
    expect_failure(values, NULL, starts, 1, NRD_E_DOMAIN, 1, "-2.38");
    expect_failure(infinite, NULL, starts, 1, NRD_E_DOMAIN, 1, "inf");
    expect_failure(fine, weights, starts, 1, NRD_E_DOMAIN, 2, "-0.5");
    expect_failure(large, NULL, two, 1, NRD_E_OVERFLOW, NRD_NO_ROW, "group 0");
    expect_failure(fine, NULL, falling, 2, NRD_E_SIZE, 2, "start is 2");
    expect_failure(fine, NULL, late, 1, NRD_E_SIZE, 0, "start is 1");
    expect_failure(NULL, NULL, starts, 1, NRD_E_NULL, NRD_NO_ROW, "NULL");
    expect_failure(fine, NULL, NULL, 1, NRD_E_NULL, NRD_NO_ROW, "NULL");
    assert_int_equal(
        nrd_inequality_groups(fine, NULL, starts, 1, NULL, NULL, NULL), NRD_E_NULL);
    assert_int_equal(
        nrd_inequality_groups(values, NULL, starts, 1, NULL, &out, NULL), NRD_E_DOMAIN);
}

static void
a_call_can_be_stopped(void **state)
{
    const double values[] = {7.0, 2.385};
    const size_t starts[] = {0, 2};
    const int stop = 1;
    nrd_inequality out;
    nrd_error err;

    (void) state;
    assert_int_equal(
        nrd_inequality_groups(values, NULL, starts, 1, &stop, &out, &err), NRD_E_CANCELLED);
    assert_error(&err, NRD_E_CANCELLED, NRD_NO_ROW, "stop");
}

static void
no_memory_is_said(void **state)
{
    const double values[] = {7.0, 2.385};
    const size_t starts[] = {0, 2};
    nrd_inequality out = {.rows = 368};
    nrd_error err;

    (void) state;
    for (long k = 0; k < 2; k++) {
        nrd_status status;

        nrdi_malloc_fail_after(k);
        status = nrd_inequality_groups(values, NULL, starts, 1, NULL, &out, &err);
        nrdi_malloc_fail_after(-1);
        assert_int_equal(status, NRD_E_MEMORY);
        assert_error(&err, NRD_E_MEMORY, NRD_NO_ROW, "1 groups");
        assert_int_equal(out.rows, 368);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(indices_match_the_definitions),
        cmocka_unit_test(order_and_splitting_change_nothing),
        cmocka_unit_test(counts_are_rows_that_occur_so_often),
        cmocka_unit_test(scale_changes_no_index),
        cmocka_unit_test(groups_are_measured_one_by_one),
        cmocka_unit_test(curve_matches_sums_of_shares),
        cmocka_unit_test(curve_of_nothing_is_refused),
        cmocka_unit_test(bad_rows_are_named),
        cmocka_unit_test(a_call_can_be_stopped),
        cmocka_unit_test(no_memory_is_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
