/* From measured values to items, criteria and the whole set. */

#include "assess_toy.h"

static const char *const state_names[] = {"unknown", "unmet", "met", "near", "not asked"};

static void
cases_worked_by_hand(void **state)
{
    cJSON *ref = ref_open("assess_cases");
    nrd_criteria *set = read_set(ref);
    const cJSON *node;

    (void) state;
    cJSON_ArrayForEach(node, ref_get(ref, "cases"))
    {
        const size_t item = find_item(set, text_of(node, "item"));
        one_row row;
        nrd_measurements in = start_row(&row, set, node);
        const char *found;

        measure(&row, item, value_of(ref_get(node, "value")));
        row.tolerance[item] = ref_get(node, "tolerance")->valuedouble;
        assert_int_equal(assess(set, &in, &row, NULL), NRD_OK);
        found = state_names[row.items[item] + 1];
        if (strcmp(found, text_of(node, "state")) != 0) {
            fail_msg("%s is %s, expected %s: %s", text_of(node, "item"), found,
                text_of(node, "state"), text_of(node, "why"));
        }
    }
    nrd_criteria_free(set);
    cJSON_Delete(ref);
}

static void
rows_worked_by_hand(void **state)
{
    cJSON *ref = ref_open("assess_cases");
    nrd_criteria *set = read_set(ref);
    const cJSON *node;
    const cJSON *value;

    (void) state;
    cJSON_ArrayForEach(node, ref_get(ref, "rows"))
    {
        one_row row;
        nrd_measurements in = start_row(&row, set, node);

        cJSON_ArrayForEach(value, ref_get(node, "values"))
        {
            measure(&row, find_item(set, value->string), value_of(value));
        }
        assert_int_equal(assess(set, &in, &row, NULL), NRD_OK);
        for (size_t c = 0; c < nrd_criteria_count(set); c++) {
            assert_string_equal(state_names[row.criteria[c] + 1],
                cJSON_GetStringValue(
                    cJSON_GetArrayItem(ref_get(node, "criteria"), (int) c)));
        }
        assert_string_equal(state_names[row.unit + 1], text_of(node, "set"));
    }
    nrd_criteria_free(set);
    cJSON_Delete(ref);
}

static const char complete[] =
    "{\"id\":\"c\",\"decision\":\"d\",\"date\":\"2021-01-01\",\"level\":\"district\","
    "\"tier\":\"standard\",\"period\":\"2021-2022\",\"complete\":true,\"criteria\":["
    "{\"number\":1,\"name_en\":\"a\",\"complete\":true,\"indicators\":[{\"id\":\"1\","
    "\"description_en\":\"\",\"unit\":\"%\",\"rule\":\"ge\",\"thresholds\":{\"general\":"
    "40},\"source\":[],\"status\":\"verified\"}]}],\"preconditions\":[{\"id\":\"P\","
    "\"description_en\":\"\",\"unit\":\"met/not met\",\"rule\":\"met\",\"refers_to\":{"
    "\"set\":\"c\",\"as\":\"criteria\"},\"thresholds\":{\"general\":\"met\"},\"source\":[],"
    "\"status\":\"verified\"}]}";

static void
condition_on_the_criteria_follows_them(void **state)
{
    static const double values[] = {40.0, 39.0, NAN};
    static const int8_t expected[] = {
        NRD_DECISION_MET, NRD_DECISION_UNMET, NRD_DECISION_UNKNOWN};
    static const int32_t places[3] = {-1, -1, -1};
    static const int32_t when[3] = {0, 1, 1};
    static const int32_t days[] = {20210630, 20221231};
    const double *columns[] = {values, NULL};
    nrd_measurements in = {3, places, when, days, 2, columns, NULL};
    int8_t items[6], criteria[3], units[3];
    nrd_criteria *set = NULL;

    (void) state;
    assert_int_equal(nrd_criteria_read(complete, sizeof complete - 1, &set, NULL), NRD_OK);
    assert_int_equal(nrd_assess(set, &in, items, criteria, units, NULL), NRD_OK);
    assert_memory_equal(items, expected, 3);
    assert_memory_equal(items + 3, expected, 3);
    assert_memory_equal(criteria, expected, 3);
    assert_memory_equal(units, expected, 3);
    nrd_criteria_free(set);
}

/* Nobody knows what the criteria that are not listed ask. */
static void
set_that_lists_not_all_is_never_met(void **state)
{
    const double met = 40.0;
    const double *columns[] = {&met, NULL};
    const int32_t place = -1;
    const int32_t when = 0;
    const int32_t day = 20211231;
    nrd_measurements in = {1, &place, &when, &day, 1, columns, NULL};
    int8_t items[2], criterion, unit;
    nrd_criteria *set = NULL;
    char text[sizeof complete];

    (void) state;
    (void) snprintf(text, sizeof text, "%s", complete);
    memcpy(strstr(text, "\"complete\":true,"), "                ", 16);
    assert_int_equal(nrd_criteria_read(text, sizeof text - 1, &set, NULL), NRD_OK);
    assert_int_equal(nrd_assess(set, &in, items, &criterion, &unit, NULL), NRD_OK);
    assert_int_equal(criterion, NRD_DECISION_MET);
    assert_int_equal(unit, NRD_DECISION_UNKNOWN);
    nrd_criteria_free(set);
}

static void
any_number_of_rows_is_decided_alike(void **state)
{
    enum { ROWS = 1000 };
    static double values[ROWS];
    static int32_t place[ROWS], when[ROWS];
    static int8_t items[ITEMS * ROWS], criteria[CRITERIA * ROWS], units[ROWS];
    static const int32_t days[] = {20211231, 20231231, 20241231};
    const double *columns[ITEMS] = {values, values};
    cJSON *ref = ref_open("assess_cases");
    nrd_criteria *set = read_set(ref);
    nrd_measurements in = {ROWS, place, when, days, 3, columns, NULL};

    (void) state;
    for (size_t i = 0; i < ROWS; i++) {
        values[i] = (double) (i * 37 % 1001) / 10.0;
        place[i] = (int32_t) (i % 3) - 1;
        when[i] = (int32_t) (i / 3 % 3);
    }
    assert_int_equal(nrd_assess(set, &in, items, criteria, units, NULL), NRD_OK);
    for (size_t i = 0; i < ROWS; i++) {
        one_row row = {.place = place[i], .day = days[when[i]]};
        nrd_measurements alone = {1, &row.place, &row.when, &row.day, 1, row.columns, NULL};

        measure(&row, 0, values[i]);
        measure(&row, 1, values[i]);
        assert_int_equal(assess(set, &alone, &row, NULL), NRD_OK);
        for (size_t j = 0; j < nrd_criteria_item_count(set); j++) {
            assert_int_equal(row.items[j], items[j * ROWS + i]);
        }
        assert_int_equal(row.criteria[0], criteria[i]);
        assert_int_equal(row.unit, units[i]);
    }
    nrd_criteria_free(set);
    cJSON_Delete(ref);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cases_worked_by_hand),
        cmocka_unit_test(rows_worked_by_hand),
        cmocka_unit_test(condition_on_the_criteria_follows_them),
        cmocka_unit_test(set_that_lists_not_all_is_never_met),
        cmocka_unit_test(any_number_of_rows_is_decided_alike),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
