#include "criteria_toy.h"

#include "status_private.h"

static nrd_criteria *
load_set(const char *name)
{
    size_t length;
    char *text = load_file(name, &length);
    nrd_criteria *set = read_good(text, length);

    free(text);
    return set;
}

static nrd_indicator
get_indicator(const nrd_criteria *set, int32_t number, size_t indicator)
{
    nrd_indicator out;
    size_t index;

    assert_int_equal(nrd_criteria_find(set, number, &index, NULL), NRD_OK);
    assert_int_equal(nrd_criteria_indicator(set, index, indicator, &out, NULL), NRD_OK);
    return out;
}

static void
shipped_sets_are_read(void **state)
{
    static const struct {
        const char *id;
        const char *decision;
        const char *date;
        const char *level;
        const char *tier;
        size_t criteria;
        size_t indicators;
        size_t general; /* indicators with one number for everywhere */
    } sets[] = {
        {"vn-1980-2016-commune-standard", "1980/QD-TTg", "2016-10-17", "commune",
            "standard", 19, 33, 12},
        {"vn-211-2024-district-special", "211/QD-TTg", "2024-03-01", "district", "special",
            2, 5, 2},
        {"vn-318-2022-commune-advanced", "318/QD-TTg", "2022-03-08", "commune", "advanced",
            6, 5, 0},
        {"vn-318-2022-commune-standard", "318/QD-TTg", "2022-03-08", "commune", "standard",
            19, 19, 2},
        {"vn-319-2022-commune-model", "319/QD-TTg", "2022-03-08", "commune", "model", 4, 4,
            3},
        {"vn-320-2022-district-standard", "320/QD-TTg", "2022-03-08", "district",
            "standard", 9, 3, 1},
        {"vn-321-2022-province-standard", "321/QD-TTg", "2022-03-08", "province",
            "standard", 8, 8, 7},
        {"vn-491-2009-commune-standard", "491/QD-TTg", "2009-04-16", "commune", "standard",
            19, 6, 0},
        {"vn-51-2025-commune-standard", "51/2025/QD-TTg", "2025-12-29", "commune",
            "standard", 10, 0, 0},
    };

    (void) state;
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        nrd_criteria *set = load_set(sets[i].id);
        size_t indicators = 0;
        size_t general = 0;

        assert_string_equal(nrd_criteria_id(set), sets[i].id);
        assert_string_equal(nrd_criteria_decision(set), sets[i].decision);
        assert_string_equal(nrd_criteria_date(set), sets[i].date);
        assert_string_equal(nrd_criteria_level(set), sets[i].level);
        assert_string_equal(nrd_criteria_tier(set), sets[i].tier);
        assert_int_equal(nrd_criteria_count(set), sets[i].criteria);
        for (size_t c = 0; c < sets[i].criteria; c++) {
            for (size_t k = 0; k < nrd_criteria_indicator_count(set, c); k++) {
                nrd_indicator out;

                assert_int_equal(nrd_criteria_indicator(set, c, k, &out, NULL), NRD_OK);
                indicators++;
                general += (size_t) out.has_general;
            }
        }
        assert_int_equal(indicators, sets[i].indicators);
        assert_int_equal(general, sets[i].general);
        nrd_criteria_free(set);
    }
}

static void
set_318_has_its_criteria(void **state)
{
    nrd_criteria *set = load_set("vn-318-2022-commune-standard");

    (void) state;
    assert_string_equal(nrd_criteria_period(set), "2021-2025");
    for (size_t i = 0; i < 19; i++) {
        size_t index;

        assert_int_equal(nrd_criteria_number(set, i), i + 1);
        assert_int_equal(nrd_criteria_find(set, (int32_t) i + 1, &index, NULL), NRD_OK);
        assert_int_equal(index, i);
        assert_non_null(nrd_criteria_group(set, i));
    }
    assert_string_equal(nrd_criteria_name_en(set, 14), "Health");
    assert_string_equal(nrd_criteria_name_vi(set, 14), "Y t\xE1\xBA\xBF");
    assert_string_equal(nrd_criteria_group(set, 0), "Planning (Quy ho\xE1\xBA\xA1"
                                                    "ch)");
    nrd_criteria_free(set);
}

static void
set_318_has_its_indicators(void **state)
{
    static const nrd_rule rules[] = {NRD_RULE_GE, NRD_RULE_MET, NRD_RULE_LE, NRD_RULE_GE};
    static const nrd_level_status statuses[] = {
        NRD_LEVEL_NAME_ONLY, NRD_LEVEL_PARTIAL, NRD_LEVEL_VERIFIED, NRD_LEVEL_PARTIAL};
    nrd_criteria *set = load_set("vn-318-2022-commune-standard");
    nrd_indicator out;

    (void) state;
    assert_int_equal(nrd_criteria_indicator_count(set, 14), 4);
    for (size_t i = 0; i < 4; i++) {
        char id[8];

        out = get_indicator(set, 15, i);
        (void) snprintf(id, sizeof id, "15.%zu", i + 1);
        assert_string_equal(out.id, id);
        assert_int_equal(out.rule, rules[i]);
        assert_int_equal(out.status, statuses[i]);
        /* No source stated one level for the whole country. */
        assert_int_equal(out.has_general, 0);
        assert_true(out.general == 0.0);
    }
    assert_string_equal(get_indicator(set, 15, 2).unit, "%");
    out = get_indicator(set, 3, 0);
    assert_string_equal(out.id, "3.1");
    assert_string_equal(out.description_en,
        "Share of agricultural production land actively irrigated and drained");
    assert_int_equal(out.has_general, 1);
    assert_true(out.general == 80.0);
    nrd_criteria_free(set);
}

static void
set_1980_has_its_levels(void **state)
{
    nrd_criteria *set = load_set("vn-1980-2016-commune-standard");

    (void) state;
    assert_true(get_indicator(set, 15, 0).general == 85.0);
    assert_int_equal(get_indicator(set, 15, 0).rule, NRD_RULE_GE);
    assert_true(get_indicator(set, 15, 2).general == 21.8);
    assert_int_equal(get_indicator(set, 15, 2).rule, NRD_RULE_LE);
    assert_true(get_indicator(set, 10, 0).general == 45.0);
    assert_int_equal(get_indicator(set, 2, 0).rule, NRD_RULE_PROVINCIAL);
    assert_int_equal(get_indicator(set, 2, 0).has_general, 0);
    nrd_criteria_free(set);
}

static void
number_not_stated_is_zero(void **state)
{
    nrd_criteria *set = load_set("vn-318-2022-commune-advanced");
    size_t index = 99;

    (void) state;
    assert_int_equal(nrd_criteria_number(set, 0), 8);
    assert_int_equal(nrd_criteria_number(set, 1), 0);
    assert_int_equal(nrd_criteria_find(set, 0, &index, NULL), NRD_E_UNKNOWN);
    assert_int_equal(index, 99);
    nrd_criteria_free(set);
}

static void
toy_is_read(void **state)
{
    nrd_criteria *set = read_good(toy, sizeof toy - 1);
    nrd_indicator out;

    (void) state;
    assert_string_equal(nrd_criteria_id(set), "toy");
    assert_int_equal(nrd_criteria_count(set), 2);
    assert_string_equal(nrd_criteria_name_vi(set, 0), "Y t\xE1\xBA\xBF");
    assert_null(nrd_criteria_group(set, 0));
    assert_string_equal(nrd_criteria_name_en(set, 1), "Markets \xF0\x9F\x98\x80/");
    assert_null(nrd_criteria_name_vi(set, 1));
    assert_int_equal(nrd_criteria_indicator_count(set, 1), 0);
    out = get_indicator(set, 15, 0);
    assert_int_equal(out.has_general, 1);
    assert_true(out.general == 2.385);
    out = get_indicator(set, 15, 1);
    assert_string_equal(out.id, "15.x");
    assert_int_equal(out.rule, NRD_RULE_PROVINCIAL);
    assert_int_equal(out.status, NRD_LEVEL_MISSING);
    nrd_criteria_free(set);
}

static void
changes_within_the_format_are_read(void **state)
{
    static const struct {
        const char *found;
        const char *put;
    } changes[] = {
        {"\"general\": 2.385", "\"general\": \"provincial\""},
        {"\"general\": 2.385", "\"general\": 0.5e-3"},
        {"\"north\": 7", "\"north\": \"as general\", \"n\": null"},
        {"\"ge\"", "\"ge\", \"range\": [-5, null], \"from\": \"2021-01-31\""},
        {"\"ge\"", "\"ge\", \"refers_to\": {\"set\": \"x\", \"as\": \"share\"}"},
        {"{\"general\": 3, \"by_region\": {\"n\": 1}}", "null"},
        {"{\"2025\": {\"general\": 3, \"by_region\": {\"n\": 1}}}", "null"},
        {"\"number\": 7", "\"number\": 999"},
        {"\"number\": 7", "\"number\": 1.0E0"},
        {"\"period\"", "\"structure\": {\"a\": [1, true, [false]]},\r\n\t\"period\""},
        {"\"period\"", "\"complete\": true, \"preconditions\": [], \"period\""},
        {"Insured", "\\u1EBF\\\"\\\\\\b\\f\\n\\r\\t\xF4\x8F\xBF\xBF\xED\x9F\xBF"},
    };

    (void) state;
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        char *text = change_toy(changes[i].found, changes[i].put);

        nrd_criteria_free(read_good(text, strlen(text)));
        free(text);
    }
}

static void
empty_list_is_read(void **state)
{
    static const char text[] =
        "{\"id\":\"\",\"decision\":\"\",\"date\":\"2022-12-31\",\"level\":\"province\","
        "\"tier\":\"model\",\"period\":\"2021-2021\",\"criteria\":[]}";
    nrd_criteria *set = read_good(text, sizeof text - 1);

    (void) state;
    assert_int_equal(nrd_criteria_count(set), 0);
    assert_int_equal(nrd_criteria_number(set, 0), 0);
    nrd_criteria_free(set);
}

static void
null_arguments_fail(void **state)
{
    nrd_criteria *set = NULL;
    nrd_error err;

    (void) state;
    assert_int_equal(nrd_criteria_read(NULL, 0, &set, &err), NRD_E_NULL);
    assert_string_equal(err.message, "text or out is NULL");
    assert_int_equal(err.row, NRD_NO_ROW);
    assert_int_equal(nrd_criteria_read(toy, sizeof toy - 1, NULL, NULL), NRD_E_NULL);
    nrd_criteria_free(NULL);
}

static void
index_out_of_range_is_unknown(void **state)
{
    nrd_criteria *set = read_good(toy, sizeof toy - 1);
    nrd_indicator out = {.id = "kept"};
    nrd_error err;
    size_t index = 99;

    (void) state;
    assert_int_equal(nrd_criteria_number(set, 2), 0);
    assert_null(nrd_criteria_name_en(set, 2));
    assert_null(nrd_criteria_name_vi(set, 2));
    assert_null(nrd_criteria_group(set, SIZE_MAX));
    assert_int_equal(nrd_criteria_indicator_count(set, 2), 0);
    assert_int_equal(nrd_criteria_indicator(set, 2, 0, &out, &err), NRD_E_UNKNOWN);
    assert_string_equal(err.message, "found criterion index 2, expected one below 2");
    assert_int_equal(nrd_criteria_indicator(set, 0, 2, &out, &err), NRD_E_UNKNOWN);
    assert_string_equal(err.message, "found indicator index 2, expected one below 2");
    assert_int_equal(nrd_criteria_indicator(set, 1, 0, &out, NULL), NRD_E_UNKNOWN);
    assert_int_equal(nrd_criteria_indicator(set, 0, 0, NULL, NULL), NRD_E_NULL);
    assert_int_equal(nrd_criteria_indicator(NULL, 0, 0, &out, NULL), NRD_E_NULL);
    assert_string_equal(out.id, "kept");
    assert_int_equal(nrd_criteria_find(set, 7, &index, NULL), NRD_OK);
    assert_int_equal(index, 1);
    assert_int_equal(nrd_criteria_find(set, 1, &index, &err), NRD_E_UNKNOWN);
    assert_string_equal(
        err.message, "found criterion number 1, expected one of the 2 in the set");
    assert_int_equal(index, 1);
    assert_int_equal(nrd_criteria_find(set, 1, NULL, NULL), NRD_E_NULL);
    assert_int_equal(nrd_criteria_find(NULL, 1, &index, NULL), NRD_E_NULL);
    nrd_criteria_free(set);
}

static long cjson_successes;

static void *
cjson_malloc(size_t size)
{
    return cjson_successes-- > 0 ? malloc(size) : NULL;
}

static void
set_fail_after(long successes, int in_cjson)
{
    cJSON_Hooks hooks = {cjson_malloc, free};

    cjson_successes = successes;
    if (in_cjson) {
        cJSON_InitHooks(&hooks);
    } else {
        nrdi_malloc_fail_after(successes);
    }
}

static nrd_status
read_with_failure(const char *text, long successes, int in_cjson)
{
    nrd_criteria *set = NULL;
    nrd_error err;
    nrd_status status;

    set_fail_after(successes, in_cjson);
    status = nrd_criteria_read(text, strlen(text), &set, &err);
    nrdi_malloc_fail_after(-1);
    cJSON_InitHooks(NULL);
    assert_true((set != NULL) == (status == NRD_OK));
    if (status == NRD_E_MEMORY) {
        assert_int_equal(strncmp(err.message, "no memory left for the ", 23), 0);
        assert_int_equal(err.row, NRD_NO_ROW);
    }
    nrd_criteria_free(set);
    return status;
}

static void
failed_allocations_are_reported(void **state)
{
    char *repeated = change_toy("\"15.x\"", "\"15.1\"");

    (void) state;
    for (int in_cjson = 0; in_cjson <= 1; in_cjson++) {
        long k = 0;

        while (read_with_failure(toy, k, in_cjson) == NRD_E_MEMORY) {
            k++;
        }
        assert_true(in_cjson || k > 4);
        assert_int_equal(read_with_failure(toy, k, in_cjson), NRD_OK);
        assert_int_equal(read_with_failure(repeated, k, in_cjson), NRD_E_DUPLICATE);
        assert_true(k == 0 || read_with_failure(repeated, k - 1, in_cjson) == NRD_E_MEMORY);
    }
    free(repeated);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shipped_sets_are_read),
        cmocka_unit_test(set_318_has_its_criteria),
        cmocka_unit_test(set_318_has_its_indicators),
        cmocka_unit_test(set_1980_has_its_levels),
        cmocka_unit_test(number_not_stated_is_zero),
        cmocka_unit_test(toy_is_read),
        cmocka_unit_test(changes_within_the_format_are_read),
        cmocka_unit_test(empty_list_is_read),
        cmocka_unit_test(null_arguments_fail),
        cmocka_unit_test(index_out_of_range_is_unknown),
        cmocka_unit_test(failed_allocations_are_reported),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
