#include "support.h"

#include <nrd/assess.h>

#include "status_private.h"

#define ITEMS 32
#define CRITERIA 8

static const char *const state_names[] = {"unknown", "unmet", "met", "near", "not asked"};

static nrd_criteria *
read_set(const cJSON *ref)
{
    char *text = cJSON_PrintUnformatted(ref_get(ref, "set"));
    nrd_criteria *set = NULL;
    nrd_error err = {NRD_OK, 0, ""};

    assert_non_null(text);
    if (nrd_criteria_read(text, strlen(text), &set, &err) != NRD_OK) {
        fail_msg("%s", err.message);
    }
    cJSON_free(text);
    return set;
}

static const char *
text_of(const cJSON *node, const char *key)
{
    return cJSON_GetStringValue(ref_get(node, key));
}

static size_t
find_item(const nrd_criteria *set, const char *code)
{
    for (size_t i = 0; i < nrd_criteria_item_count(set); i++) {
        nrd_item item;
        char found[64];

        assert_int_equal(nrd_criteria_item(set, i, &item, NULL), NRD_OK);
        (void) snprintf(found, sizeof found, "%s%s%s", item.indicator,
            item.part != NULL ? "/" : "", item.part != NULL ? item.part : "");
        if (strcmp(found, code) == 0) {
            return i;
        }
    }
    fail_msg("the set has no %s", code);
    return 0;
}

static int32_t
find_place(const nrd_criteria *set, const char *name)
{
    for (size_t i = 0; i < nrd_criteria_place_count(set); i++) {
        if (strcmp(nrd_criteria_place(set, i), name) == 0) {
            return (int32_t) i;
        }
    }
    assert_string_equal(name, "general");
    return -1;
}

static int32_t
day_of(const char *date)
{
    int year, month, day;

    assert_int_equal(sscanf(date, "%d-%d-%d", &year, &month, &day), 3);
    return (int32_t) (year * 10000 + month * 100 + day);
}

static double
value_of(const cJSON *node)
{
    return cJSON_IsNumber(node)   ? node->valuedouble
           : cJSON_IsString(node) ? (double) INFINITY
                                  : (double) NAN;
}

/* One row with room for every item. */
typedef struct {
    double values[ITEMS];
    const double *columns[ITEMS];
    double tolerance[ITEMS];
    int32_t place;
    int32_t when;
    int32_t day;
    int8_t items[ITEMS];
    int8_t criteria[CRITERIA];
    int8_t unit;
} one_row;

static nrd_measurements
start_row(one_row *row, const nrd_criteria *set, const cJSON *node)
{
    assert_in_range(nrd_criteria_item_count(set), 1, ITEMS);
    assert_in_range(nrd_criteria_count(set), 1, CRITERIA);
    *row = (one_row){.place = find_place(set, text_of(node, "region")),
        .day = day_of(text_of(node, "day"))};
    return (nrd_measurements){.rows = 1,
        .place = &row->place,
        .when = &row->when,
        .days = &row->day,
        .n_days = 1,
        .values = row->columns,
        .tolerance = row->tolerance};
}

static void
measure(one_row *row, size_t item, double value)
{
    row->values[item] = value;
    row->columns[item] = &row->values[item];
}

static nrd_status
assess(const nrd_criteria *set, const nrd_measurements *in, one_row *row, nrd_error *err)
{
    return nrd_assess(set, in, row->items, row->criteria, &row->unit, err);
}

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
            measure(&row, find_item(set, value->string), value->valuedouble);
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
        {"2.1", 0.5, "indicator 2.1 is 0.5 , expected 1 or 0"},
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
        cmocka_unit_test(cases_worked_by_hand),
        cmocka_unit_test(rows_worked_by_hand),
        cmocka_unit_test(condition_on_the_criteria_follows_them),
        cmocka_unit_test(any_number_of_rows_is_decided_alike),
        cmocka_unit_test(impossible_values_fail),
        cmocka_unit_test(contradictions_fail),
        cmocka_unit_test(noise_at_the_ends_is_possible),
        cmocka_unit_test(wrong_arguments_fail),
        cmocka_unit_test(no_rows_and_no_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
