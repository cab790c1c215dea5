/* Levels of a criteria set: which hold where and when, and which are refused. */

#include "criteria_toy.h"

#include <nrd/level.h>

#include "status_private.h"

typedef struct {
    const char *found; /* a part of the toy */
    const char *put;   /* what stands there instead */
    nrd_status status;
    const char *message;
} fault;

#define INDICATOR "$.criteria[0].indicators[0]"
#define TABLE "$.criteria[0].indicators[0].thresholds"

static void
check_faults(const fault *faults, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char *text = change_toy(faults[i].found, faults[i].put);
        nrd_criteria *set = NULL;
        nrd_error err = {NRD_OK, NRD_NO_ROW, ""};

        assert_int_equal(read_bytes(text, strlen(text), &set, &err), faults[i].status);
        assert_string_equal(err.message, faults[i].message);
        assert_null(set);
        free(text);
    }
}

static void
levels_that_do_not_fit_fail(void **state)
{
    static const fault faults[] = {
        {"\"general\": 2.385", "\"general\": \"met\"", NRD_E_DOMAIN,
            "line 22, " TABLE ".general: found \"met\", expected a number, provincial or "
            "null, as the rule is ge or le"},
        {"\"general\": 2.385", "\"general\": \"as general\"", NRD_E_DOMAIN,
            "line 22, " TABLE ".general: found \"as general\", expected a number, "
            "provincial or null, as the rule is ge or le"},
        {"\"general\": 2.385", "\"general\": 120", NRD_E_DOMAIN,
            "line 22, " TABLE ".general: found 120, expected a level that the unit of "
            "measure can have"},
        {"\"general\": 2.385", "\"general\": -1", NRD_E_DOMAIN,
            "line 22, " TABLE ".general: found -1, expected a level that the unit of "
            "measure can have"},
        {"\"general\": 2.385", "\"general\": {\"a\": 1}", NRD_E_DOMAIN,
            "line 22, " TABLE ".general: found an object, expected a number, provincial or "
            "null, as the rule is ge or le"},
        {"\"north\": 7", "\"nort\": 7", NRD_E_UNKNOWN,
            "line 23, " TABLE ".by_region.nort: found a level for a place that the set "
            "does not list"},
        {"\"by_region\": {\"north\": 7}", "\"by_group\": {\"north\": 7}", NRD_E_UNKNOWN,
            "line 23, " TABLE ".by_group: found levels by places that the set does not "
            "have, expected by_region"},
        {"\"2025\": {", "\"2026\": {", NRD_E_DOMAIN,
            "line 24, " TABLE ".by_year['2026']: found levels of a year outside "
            "2021-2025, expected a year of the period"},
        {"\"2025\": {", "\"25\": {", NRD_E_DOMAIN,
            "line 24, " TABLE ".by_year['25']: found levels of a year outside "
            "2021-2025, expected a year of the period"},
        {"\"general\": null", "\"general\": 5", NRD_E_DOMAIN,
            "line 31, $.criteria[0].indicators[1].thresholds.general: found 5, expected "
            "provincial or null, as the rule is provincial"},
    };

    (void) state;
    check_faults(faults, sizeof faults / sizeof *faults);
}

static void
indicators_that_do_not_fit_fail(void **state)
{
    static const fault faults[] = {
        {"\"ge\"", "\"met\"", NRD_E_DOMAIN,
            "line 18, " INDICATOR ".unit: found \"%\", expected \"met/not met\" where the "
            "rule is met, and only there"},
        {"\"ge\"", "\"all\"", NRD_E_DOMAIN,
            "line 19, " INDICATOR ".rule: found all, expected the rule all where an "
            "indicator has parts, and only there"},
        {"\"ge\"",
            "\"ge\", \"parts\": [{\"id\": \"a\", \"unit\": \"%\", \"rule\": \"ge\"}]",
            NRD_E_DOMAIN,
            "line 19, " INDICATOR ".rule: found ge, expected the rule all where an "
            "indicator has parts, and only there"},
        {"\"ge\"",
            "\"all\", \"parts\": [{\"id\": \"a\", \"unit\": \"%\", \"rule\": \"all\"}]",
            NRD_E_DOMAIN,
            "line 19, " INDICATOR ".parts[0].rule: found \"all\", expected ge, le or met"},
        {"\"ge\"",
            "\"all\", \"parts\": [{\"id\": \"a\", \"unit\": \"%\", \"rule\": \"ge\"}]",
            NRD_E_DOMAIN,
            "line 22, " TABLE ".general: found 2.385, expected an object with a level for "
            "each part, as the rule is all"},
        {"\"ge\"",
            "\"all\", \"parts\": [{\"id\": \"a\", \"unit\": \"%\", \"rule\": \"ge\"},\n"
            "{\"id\": \"a\", \"unit\": \"%\", \"rule\": \"ge\"}]",
            NRD_E_DUPLICATE,
            "line 20, " INDICATOR ".parts[1].id: found \"a\", expected an id that no part "
            "before has"},
        {"\"ge\"",
            "\"all\", \"parts\": [{\"id\": \"a\", \"unit\": \"%\", \"rule\": \"ge\","
            " \"one_of\": \"b\"}]",
            NRD_E_DOMAIN,
            "line 19, " INDICATOR ".parts[0].one_of: found one of several parts, expected "
            "may_not_apply beside it"},
        {"\"ge\"", "\"ge\", \"range\": [1]", NRD_E_DOMAIN,
            "line 19, " INDICATOR ".range: found a range, expected two numbers, and only "
            "where a number is measured"},
        {"\"ge\"", "\"ge\", \"range\": [1, 1]", NRD_E_DOMAIN,
            "line 19, " INDICATOR ".range: found a range without values, expected some"},
        {"\"ge\"", "\"ge\", \"range\": [1, \"2\"]", NRD_E_PARSE,
            "line 19, " INDICATOR ".range[1]: found \"2\", expected a number or null"},
        {"\"ge\"", "\"ge\", \"from\": \"2021\"", NRD_E_PARSE,
            "line 19, " INDICATOR ".from: found \"2021\", expected a date such as "
            "2022-03-08"},
        {"\"ge\"", "\"ge\", \"refers_to\": {\"set\": \"x\", \"as\": \"unit\"}",
            NRD_E_DOMAIN,
            "line 19, " INDICATOR ".refers_to: found a reference that the rule or the unit "
            "of measure cannot have, expected share of a number in %, or unit or criteria "
            "of what is met"},
        {"\"ge\"", "\"ge\", \"refers_to\": {\"set\": \"x\", \"as\": \"all\"}", NRD_E_DOMAIN,
            "line 19, " INDICATOR ".refers_to.as: found \"all\", expected unit, share or "
            "criteria"},
    };

    (void) state;
    check_faults(faults, sizeof faults / sizeof *faults);
}

static void
sets_that_contradict_themselves_fail(void **state)
{
    static const fault faults[] = {
        {"{\"id\": \"n\"}", "{\"id\": \"north\"}", NRD_E_DUPLICATE,
            "line 8, $.regions[1].id: found \"north\", expected an id that no place before "
            "has, and not general"},
        {"{\"id\": \"n\"}", "{\"id\": \"general\"}", NRD_E_DUPLICATE,
            "line 8, $.regions[1].id: found \"general\", expected an id that no place "
            "before has, and not general"},
        {"\"criteria\": [", "\"commune_groups\": [{\"id\": \"g\"}], \"criteria\": [",
            NRD_E_DOMAIN,
            "line 8, $.commune_groups: found commune groups beside regions, expected one "
            "of the two"},
        {"2021-2025", "2025-2021", NRD_E_PARSE,
            "line 7, $.period: found \"2025-2021\", expected years such as 2021-2025"},
        {"\"criteria\": [", "\"effective\": \"soon\", \"criteria\": [", NRD_E_PARSE,
            "line 8, $.effective: found \"soon\", expected a date such as 2022-03-08"},
        {"\"criteria\": [",
            "\"special_rules\": [{\"rule\": \"\", \"apply_region\": \"south\", \"source\": "
            "[]}], \"criteria\": [",
            NRD_E_UNKNOWN,
            "line 8, $.special_rules[0].apply_region: found \"south\", expected the id of "
            "a region of the set"},
        {"\"criteria\": [",
            "\"amended_by\": [{\"decision\": \"\", \"date\": \"2023-01-01\", \"scope\": "
            "\"\", \"source\": [], \"indicator_level_changes\": [{\"id\": \"9\", "
            "\"thresholds\": {\"general\": 1}, \"status\": \"verified\", \"source\": []}]}"
            "], \"criteria\": [",
            NRD_E_UNKNOWN,
            "line 8, $.amended_by[0].indicator_level_changes[0].id: found \"9\", expected "
            "the id of an indicator of the set"},
        {"\"criteria\": [",
            "\"amended_by\": [{\"decision\": \"\", \"date\": \"2023-01-01\", \"scope\": "
            "\"\", \"source\": [], \"indicator_level_changes\": [{\"id\": \"15.1\", "
            "\"thresholds\": {\"general\": \"met\"}, \"status\": \"verified\", \"source\": "
            "[]}]}], \"criteria\": [",
            NRD_E_DOMAIN,
            "line 8, $.amended_by[0].indicator_level_changes[0].thresholds.general: found "
            "\"met\", expected a number, provincial or null, as the rule is ge or le"},
        {"\"criteria\": [", "\"preconditions\": [{}], \"criteria\": [", NRD_E_PARSE,
            "line 8, $.preconditions[0]: found no key \"id\", expected it in every "
            "indicator"},
    };

    (void) state;
    check_faults(faults, sizeof faults / sizeof *faults);
}

static nrd_level
level_on(const nrd_criteria *set, size_t item, int32_t place, int32_t day)
{
    nrd_level out;

    assert_int_equal(nrd_criteria_level_on(set, item, place, day, &out, NULL), NRD_OK);
    return out;
}

static void
toy_has_its_levels(void **state)
{
    nrd_criteria *set = read_good(toy, sizeof toy - 1);
    nrd_level level;

    (void) state;
    assert_int_equal(nrd_criteria_item_count(set), 2);
    assert_int_equal(nrd_criteria_place_count(set), 2);
    assert_string_equal(nrd_criteria_place(set, 1), "n");
    assert_null(nrd_criteria_place(set, 2));
    assert_int_equal(nrd_criteria_has_groups(set), 0);
    assert_int_equal(nrd_criteria_first_year(set), 2021);
    assert_int_equal(nrd_criteria_last_year(set), 2025);
    assert_int_equal(nrd_criteria_is_complete(set), 0);
    assert_int_equal(nrd_criteria_lists_all(set, 0), 0);
    assert_int_equal(nrd_criteria_lists_all(set, 9), 0);
    level = level_on(set, 0, 1, 20251231);
    assert_int_equal(level.kind, NRD_LEVEL_KIND_NUMBER);
    assert_true(level.value == 1.0);
    assert_string_equal(level.decision, "7/QD");
    /* Not stated for the north in 2025: the verified general level stands in. */
    assert_true(level_on(set, 0, 0, 20251231).value == 3.0);
    assert_int_equal(level_on(set, 0, 0, 20241231).kind, NRD_LEVEL_KIND_UNKNOWN);
    assert_int_equal(level_on(set, 1, -1, 20241231).kind, NRD_LEVEL_KIND_UNKNOWN);
    nrd_criteria_free(set);
}

static void
groups_take_the_place_of_regions(void **state)
{
    char *text = change_toy("{\"id\": \"north\"}, {\"id\": \"n\"}", "");
    char *at = strstr(text, "\"regions\": []");
    char *grouped = malloc(strlen(text) + 64);
    nrd_criteria *set;
    char *by;

    (void) state;
    assert_non_null(grouped);
    (void) sprintf(grouped,
        "%.*s\"commune_groups\": [{\"id\": \"north\"}, {\"id\": \"n\"}]%s",
        (int) (at - text), text, at + strlen("\"regions\": []"));
    while ((by = strstr(grouped, "by_region")) != NULL) {
        memcpy(by, "by_group ", 9);
        memmove(by + 8, by + 9, strlen(by + 9) + 1);
    }
    set = read_good(grouped, strlen(grouped));
    assert_int_equal(nrd_criteria_has_groups(set), 1);
    assert_true(level_on(set, 0, 1, 20250101).value == 1.0);
    nrd_criteria_free(set);
    free(grouped);
    free(text);
}

/* Whatever one byte becomes, the text is read or refused with a message: a set with all
 * that the format has. */
static void
any_changed_byte_is_survived(void **state)
{
    static const char bytes[] = "\0\"{[,0n";
    cJSON *ref = ref_open("assess_cases");
    char *text = cJSON_PrintUnformatted(ref_get(ref, "set"));
    const size_t length = strlen(text);

    (void) state;
    nrd_criteria_free(read_good(text, length));
    for (size_t i = 0; i < length; i += 3) {
        const char kept = text[i];
        nrd_criteria *set = NULL;
        nrd_error err = {NRD_OK, 0, ""};

        text[i] = bytes[i % (sizeof bytes - 1)];
        if (read_bytes(text, length, &set, &err) != NRD_OK) {
            assert_int_equal(strncmp(err.message, "line ", 5), 0);
            assert_null(set);
        }
        nrd_criteria_free(set);
        text[i] = kept;
    }
    cJSON_free(text);
    cJSON_Delete(ref);
}

static void
wrong_arguments_fail(void **state)
{
    nrd_criteria *set = read_good(toy, sizeof toy - 1);
    nrd_level level = {.value = 7.0};
    nrd_item item = {.part = "kept"};
    nrd_error err;

    (void) state;
    assert_int_equal(nrd_criteria_level_on(NULL, 0, 0, 20210101, &level, &err), NRD_E_NULL);
    assert_int_equal(nrd_criteria_level_on(set, 0, 0, 20210101, NULL, &err), NRD_E_NULL);
    assert_int_equal(
        nrd_criteria_level_on(set, 2, 0, 20210101, &level, &err), NRD_E_UNKNOWN);
    assert_error(&err, NRD_E_UNKNOWN, NRD_NO_ROW, "found item index 2");
    assert_int_equal(
        nrd_criteria_level_on(set, 0, 2, 20210101, &level, &err), NRD_E_UNKNOWN);
    assert_error(&err, NRD_E_UNKNOWN, NRD_NO_ROW, "found place index 2");
    assert_int_equal(
        nrd_criteria_level_on(set, 0, -2, 20210101, &level, &err), NRD_E_UNKNOWN);
    assert_int_equal(
        nrd_criteria_level_on(set, 0, 0, 20261231, &level, &err), NRD_E_DOMAIN);
    assert_string_equal(err.message, "found the year 2026, expected one of 2021-2025");
    assert_true(level.value == 7.0);
    assert_int_equal(nrd_criteria_item(NULL, 0, &item, &err), NRD_E_NULL);
    assert_int_equal(nrd_criteria_item(set, 0, NULL, &err), NRD_E_NULL);
    assert_int_equal(nrd_criteria_item(set, 2, &item, &err), NRD_E_UNKNOWN);
    assert_string_equal(item.part, "kept");
    nrd_criteria_free(set);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(levels_that_do_not_fit_fail),
        cmocka_unit_test(indicators_that_do_not_fit_fail),
        cmocka_unit_test(sets_that_contradict_themselves_fail),
        cmocka_unit_test(toy_has_its_levels),
        cmocka_unit_test(groups_take_the_place_of_regions),
        cmocka_unit_test(any_changed_byte_is_survived),
        cmocka_unit_test(wrong_arguments_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
