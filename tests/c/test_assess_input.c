/* Measured values that cannot be assessed, and arguments that are none. */

#include "assess_toy.h"

#include "status_private.h"

static void
impossible_values_fail(void **state)
{
    static const struct {
        const char *item;
        double value;
        const char *message;
    } faults[] = {
        {"1.1", 120.0, "indicator 1.1 is 120 %, expected a number from 0 to 100"},
        {"1.1", -0.1, "indicator 1.1 is -0.1 %, expected a number from 0 to 100"},
        {"1.1", INFINITY,
            "indicator 1.1 is said not to apply, but it is asked of every unit"},
        {"2.1", 0.5, "indicator 2.1 is 0.5, expected 1 or 0"},
        {"2.2/clean", 101.0,
            "indicator 2.2/clean is 101 %, expected a number from 0 to 100"},
        {"3.1", 1.5, "indicator 3.1 is 1.5 count, expected a whole number of at least 0"},
        {"3.1", -INFINITY,
            "indicator 3.1 is -inf count, expected a whole number of at least 0"},
        {"3.4", -101.0,
            "indicator 3.4 is -101 growth in %, expected a number of at least -100"},
        {"4.3", -1.0,
            "indicator 4.3 is -1 million VND/person/year, expected a number of at least 0"},
    };
    cJSON *ref = ref_open("assess_cases");
    nrd_criteria *set = read_set(ref);

    (void) state;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        const size_t item = find_item(set, faults[i].item);
        const double values[] = {(double) NAN, 1.0, faults[i].value};
        static const int32_t zeros[3] = {0, 0, 0};
        static const int32_t day = 20221231;
        const double *columns[ITEMS] = {NULL};
        nrd_measurements in = {3, zeros, zeros, &day, 1, columns, NULL};
        int8_t items[3 * ITEMS] = {7}, criteria[3 * CRITERIA] = {7}, units[3] = {7};
        nrd_error err;

        columns[item] = values;
        assert_int_equal(nrd_assess(set, &in, items, criteria, units, &err), NRD_E_DOMAIN);
        assert_string_equal(err.message, faults[i].message);
        assert_int_equal(err.row, 2);
        assert_int_equal(items[0] + criteria[0] + units[0], 21);
        assert_int_equal(nrd_assess_check(set, item, values, 3, &err), NRD_E_DOMAIN);
        assert_int_equal(nrd_assess_check(set, item, values, 2, &err), NRD_OK);
    }
    nrd_criteria_free(set);
    cJSON_Delete(ref);
}

static void
contradictions_fail(void **state)
{
    static const struct {
        double small;
        double large;
        const char *message;
    } faults[] = {
        {60.0, 70.0, "more than one of the parts of indicator 3.5 named size applies"},
        {INFINITY, INFINITY, "none of the parts of indicator 3.5 named size applies"},
        {INFINITY, 70.0, NULL},
        {NAN, INFINITY, NULL},
        {60.0, NAN, NULL},
    };
    cJSON *ref = ref_open("assess_cases");
    nrd_criteria *set = read_set(ref);
    const cJSON *first = cJSON_GetArrayItem(ref_get(ref, "cases"), 0);

    (void) state;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        one_row row;
        nrd_measurements in = start_row(&row, set, first);
        nrd_error err;

        measure(&row, find_item(set, "3.5/small"), faults[i].small);
        measure(&row, find_item(set, "3.5/large"), faults[i].large);
        if (faults[i].message == NULL) {
            assert_int_equal(assess(set, &in, &row, &err), NRD_OK);
        } else {
            assert_int_equal(assess(set, &in, &row, &err), NRD_E_CONFLICT);
            assert_error(&err, NRD_E_CONFLICT, 0, faults[i].message);
        }
    }
    nrd_criteria_free(set);
    cJSON_Delete(ref);
}

/* Sums of shares may err in their last bits. */
static void
noise_at_the_ends_is_possible(void **state)
{
    const double values[] = {100.00000000000001, -0.0, 0.1 + 0.2};
    cJSON *ref = ref_open("assess_cases");
    nrd_criteria *set = read_set(ref);

    (void) state;
    assert_true(values[0] > 100.0);
    assert_int_equal(nrd_assess_check(set, 0, values, 3, NULL), NRD_OK);
    nrd_criteria_free(set);
    cJSON_Delete(ref);
}

static void
wrong_arguments_fail(void **state)
{
    cJSON *ref = ref_open("assess_cases");
    nrd_criteria *set = read_set(ref);
    const cJSON *first = cJSON_GetArrayItem(ref_get(ref, "cases"), 0);
    one_row row;
    nrd_measurements in = start_row(&row, set, first);
    nrd_measurements bad;
    nrd_error err;

    (void) state;
    assert_int_equal(assess(NULL, &in, &row, &err), NRD_E_NULL);
    assert_int_equal(assess(set, NULL, &row, &err), NRD_E_NULL);
    assert_int_equal(nrd_assess(set, &in, NULL, row.criteria, &row.unit, &err), NRD_E_NULL);
    assert_int_equal(nrd_assess(set, &in, row.items, NULL, &row.unit, &err), NRD_E_NULL);
    assert_int_equal(nrd_assess(set, &in, row.items, row.criteria, NULL, &err), NRD_E_NULL);
    bad = in;
    bad.values = NULL;
    assert_int_equal(assess(set, &bad, &row, &err), NRD_E_NULL);
    row.place = 2;
    assert_int_equal(assess(set, &in, &row, &err), NRD_E_UNKNOWN);
    assert_error(&err, NRD_E_UNKNOWN, 0, "found place index 2, expected -1 or one below 2");
    row.place = -2;
    assert_int_equal(assess(set, &in, &row, &err), NRD_E_UNKNOWN);
    row.place = 0;
    row.when = 1;
    assert_int_equal(assess(set, &in, &row, &err), NRD_E_UNKNOWN);
    assert_error(&err, NRD_E_UNKNOWN, 0, "found day index 1, expected one below 1");
    row.when = 0;
    row.day = 20201231;
    assert_int_equal(assess(set, &in, &row, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, NRD_NO_ROW, "2020");
    row.day = 20251231;
    row.tolerance[1] = -1.0;
    assert_int_equal(assess(set, &in, &row, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, NRD_NO_ROW, "tolerance of indicator 1.2 is -1");
    assert_int_equal(nrd_assess_check(set, 99, &row.values[0], 1, &err), NRD_E_UNKNOWN);
    assert_int_equal(nrd_assess_check(set, 0, NULL, 1, &err), NRD_E_NULL);
    assert_int_equal(nrd_assess_check(NULL, 0, &row.values[0], 1, &err), NRD_E_NULL);
    nrd_criteria_free(set);
    cJSON_Delete(ref);
}

static void
no_rows_and_no_memory(void **state)
{
    cJSON *ref = ref_open("assess_cases");
    nrd_criteria *set = read_set(ref);
    const cJSON *first = cJSON_GetArrayItem(ref_get(ref, "cases"), 0);
    one_row row;
    nrd_measurements in = start_row(&row, set, first);
    nrd_error err;

    (void) state;
    for (long k = 0; k < 2; k++) {
        nrdi_malloc_fail_after(k);
        assert_int_equal(assess(set, &in, &row, &err), NRD_E_MEMORY);
        nrdi_malloc_fail_after(-1);
        assert_error(&err, NRD_E_MEMORY, NRD_NO_ROW, "no memory left for the levels");
    }
    in.rows = 0;
    row.unit = 7;
    assert_int_equal(assess(set, &in, &row, &err), NRD_OK);
    assert_int_equal(row.unit, 7);
    nrd_criteria_free(set);
    cJSON_Delete(ref);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(impossible_values_fail),
        cmocka_unit_test(contradictions_fail),
        cmocka_unit_test(noise_at_the_ends_is_possible),
        cmocka_unit_test(wrong_arguments_fail),
        cmocka_unit_test(no_rows_and_no_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
