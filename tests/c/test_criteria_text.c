/* What a text must be to be read as a criteria set. */

#include "criteria_toy.h"

typedef struct {
    const char *found; /* a part of the toy */
    const char *put;   /* what stands there instead */
    nrd_status status;
    const char *message;
} fault;

static void
check_failure(const char *text, size_t length, nrd_status status, const char *message)
{
    nrd_criteria *set = NULL;
    nrd_error err = {NRD_OK, NRD_NO_ROW, ""};
    size_t line = 0;

    assert_int_equal(read_bytes(text, length, &set, NULL), status);
    assert_int_equal(read_bytes(text, length, &set, &err), status);
    assert_string_equal(err.message, message);
    assert_int_equal(err.status, status);
    assert_null(set);
    assert_int_equal(sscanf(message, "line %zu", &line), 1);
    assert_int_equal(err.row, line - 1);
}

static void
check_faults(const fault *faults, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char *text = change_toy(faults[i].found, faults[i].put);

        check_failure(text, strlen(text), faults[i].status, faults[i].message);
        free(text);
    }
}

static void
household_standards_are_refused(void **state)
{
    static const char *const names[] = {
        "vn-mpi-2016-2021", "vn-mpi-2022-2026", "vn-mpi-2027-2030"};

    (void) state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t length;
        char *text = load_file(names[i], &length);

        check_failure(text, length, NRD_E_PARSE,
            "line 1, $: found no key \"criteria\", expected it in every criteria set");
        free(text);
    }
}

static void
text_that_is_not_json_fails(void **state)
{
    static const fault faults[] = {
        {"\"toy\"", "toy", NRD_E_PARSE, "line 2: found 't', expected a value"},
        {"\"toy\",", "\"toy\"", NRD_E_PARSE, "line 3: found '\"', expected a comma or '}'"},
        {"[],", "[1 2],", NRD_E_PARSE, "line 30: found '2', expected a comma or ']'"},
        {"{\"north\": 7}", "{\"north\": 7,}", NRD_E_PARSE,
            "line 23: found '}', expected a key in double quotes"},
        {"{\"north\": 7}", "{\"north\" 7}", NRD_E_PARSE,
            "line 23: found '7', expected a colon"},
        {"{\"north\": 7}", "{'north': 7}", NRD_E_PARSE,
            "line 23: found ''', expected a key in double quotes"},
        {"null", "nul", NRD_E_PARSE, "line 13: found 'n', expected a value"},
        {"2.385", "NaN", NRD_E_PARSE, "line 22: found 'N', expected a value"},
        {"2.385", "+1", NRD_E_PARSE, "line 22: found '+', expected a value"},
        {"2.385", "01", NRD_E_PARSE, "line 22: found '1', expected a comma or '}'"},
        {"2.385", "1.", NRD_E_PARSE, "line 22: found ',', expected a digit"},
        {"2.385", "-.5", NRD_E_PARSE, "line 22: found '.', expected a digit"},
        {"2.385", "1e", NRD_E_PARSE, "line 22: found ',', expected a digit"},
        {"2.385", "0x1A", NRD_E_PARSE, "line 22: found 'x', expected a comma or '}'"},
        {"2.385", "1234567890123456789012345678901234567890123456789012345678901234",
            NRD_E_PARSE, "line 22: found '1', expected a number of at most 63 characters"},
        {"Insured", "In\nsured", NRD_E_PARSE,
            "line 17: found byte 0x0A, expected a closing double quote"},
        {"Insured", "In\\u0000sured", NRD_E_PARSE,
            "line 17: found 'u', expected an escape that stands for a character"},
        {"Insured", "\\ude00", NRD_E_PARSE,
            "line 17: found 'u', expected an escape that stands for a character"},
        {"Insured", "\\ud83d\\u0041", NRD_E_PARSE,
            "line 17: found 'u', expected an escape that stands for a character"},
        {"Insured", "\\x41", NRD_E_PARSE,
            "line 17: found 'x', expected an escape that stands for a character"},
        {"Insured", "\\u00g1", NRD_E_PARSE,
            "line 17: found 'u', expected an escape that stands for a character"},
        {"Insured", "\xC0\xAF", NRD_E_PARSE, "line 17: found byte 0xC0, expected UTF-8"},
        {"Insured", "\xE0\x9F\xBF", NRD_E_PARSE,
            "line 17: found byte 0xE0, expected UTF-8"},
        {"Insured", "\xED\xA0\x80", NRD_E_PARSE,
            "line 17: found byte 0xED, expected UTF-8"},
        {"Insured", "\xF4\x90\x80\x80", NRD_E_PARSE,
            "line 17: found byte 0xF4, expected UTF-8"},
        {"Insured", "\xE1\xBA", NRD_E_PARSE, "line 17: found byte 0xE1, expected UTF-8"},
        {"{\n", "\xEF\xBB\xBF{\n", NRD_E_PARSE,
            "line 1: found a byte order mark, expected a value"},
        {" \"id\"", "\v\"id\"", NRD_E_PARSE,
            "line 2: found byte 0x0B, expected a key in double quotes"},
    };

    (void) state;
    check_faults(faults, sizeof faults / sizeof *faults);
}

static void
trailing_text_fails(void **state)
{
    (void) state;
    check_failure(
        "", 0, NRD_E_PARSE, "line 1: found the end of the text, expected a value");
    check_failure(
        "{}\n\n x", 6, NRD_E_PARSE, "line 3: found 'x', expected the end of the text");
    check_failure(
        "{}\n{}", 5, NRD_E_PARSE, "line 2: found '{', expected the end of the text");
    /* A terminator is text as well where the length counts it. */
    check_failure(toy, sizeof toy, NRD_E_PARSE,
        "line 38: found byte 0x00, expected the end of the text");
    check_failure("{\"a\": \"\0\"}", 10, NRD_E_PARSE,
        "line 1: found byte 0x00, expected a closing double quote");
}

static void
nesting_has_a_limit(void **state)
{
    char text[131];

    (void) state;
    memset(text, '[', 65);
    memset(text + 65, ']', 65);
    check_failure(text, 130, NRD_E_PARSE, "line 1: found '[', expected at most 64 levels");
    check_failure(
        text + 1, 128, NRD_E_PARSE, "line 1, $: found an array, expected an object");
}

static void
wrong_keys_fail(void **state)
{
    static const fault faults[] = {
        {"\"period\": \"2021-2025\",\n", "", NRD_E_PARSE,
            "line 1, $: found no key \"period\", expected it in every criteria set"},
        {"\"period\"", "\"Period\"", NRD_E_PARSE,
            "line 1, $: found no key \"period\", expected it in every criteria set"},
        {"\"name_en\": \"Health\",", "", NRD_E_PARSE,
            "line 9, $.criteria[0]: found no key \"name_en\", expected it in every "
            "criterion"},
        {"\"unit\": \"\",", "", NRD_E_PARSE,
            "line 28, $.criteria[0].indicators[1]: found no key \"unit\", expected it in "
            "every indicator"},
        {"\"general\": null", "", NRD_E_PARSE,
            "line 31, $.criteria[0].indicators[1].thresholds: found no key \"general\", "
            "expected it in every thresholds object"},
        {"\"group\"", "\"Group\"", NRD_E_PARSE,
            "line 13, $.criteria[0].Group: found an unknown key, expected number, name_en, "
            "name_vi, group, indicators, name_source, note or complete"},
        {"\"strict_as_reported\"", "\"strict\\n\"", NRD_E_PARSE,
            "line 31, $.criteria[0].indicators[1]['strict?']: found an unknown key, "
            "expected one of the 19 that every indicator may have"},
        {"\"group\"",
            "\"a_key_that_is_far_longer_than_any_key_of_the_format_so_that_the_path_m"
            "ust_end_before_its_last_letter\"",
            NRD_E_PARSE,
            "line 13, "
            "$.criteria[0].a_key_that_is_far_longer_than_any_key_of_the_format_so_that_the_"
            "path_must_end_bef: "
            "found an unknown key, expected number, name_en, name_vi, group, indicators, "
            "name_source, note or complete"},
        {"\"by_region\"", "\"by_area\"", NRD_E_PARSE,
            "line 23, $.criteria[0].indicators[0].thresholds.by_area: found an unknown "
            "key, expected general, by_region, by_group or by_year"},
        {"{\"n\": 1}}", "{\"n\": 1}, \"by_year\": {}}", NRD_E_PARSE,
            "line 24, $.criteria[0].indicators[0].thresholds.by_year['2025'].by_year: "
            "found an unknown key, expected general, by_region or by_group"},
    };

    (void) state;
    check_faults(faults, sizeof faults / sizeof *faults);
}

static void
wrong_types_fail(void **state)
{
    static const fault faults[] = {
        {"\"toy\"", "7.5", NRD_E_PARSE, "line 2, $.id: found 7.5, expected text"},
        {"\"period\": \"2021-2025\"", "\"period\":\n null", NRD_E_PARSE,
            "line 8, $.period: found null, expected text"},
        {"2022-03-08", "8/3/2022", NRD_E_PARSE,
            "line 4, $.date: found \"8/3/2022\", expected a date such as 2022-03-08"},
        {"2022-03-08", "2022-13-08", NRD_E_PARSE,
            "line 4, $.date: found \"2022-13-08\", expected a date such as 2022-03-08"},
        {"{\"number\": 7,", "true, {\"number\": 7,", NRD_E_PARSE,
            "line 35, $.criteria[1]: found true, expected an object"},
        {"\"number\": 15", "\"number\": \"15\"", NRD_E_PARSE,
            "line 10, $.criteria[0].number: found \"15\", expected a number or null"},
        {"\"indicators\": []", "\"indicators\": {}", NRD_E_PARSE,
            "line 35, $.criteria[1].indicators: found an object, expected an array"},
        {"\"ge\"", "false", NRD_E_PARSE,
            "line 19, $.criteria[0].indicators[0].rule: found false, expected text"},
        {"true", "\"yes\"", NRD_E_PARSE,
            "line 31, $.criteria[0].indicators[1].strict_as_reported: found \"yes\", "
            "expected true or false"},
        {"2.385", "[2.385]", NRD_E_PARSE,
            "line 22, $.criteria[0].indicators[0].thresholds.general: found an array, "
            "expected text, a number, an object or null"},
        {"2.385", "1e999", NRD_E_PARSE,
            "line 22, $.criteria[0].indicators[0].thresholds.general: found a number too "
            "large, expected one that a double can hold"},
        {"{\"north\": 7}", "{\"north\": true}", NRD_E_PARSE,
            "line 23, $.criteria[0].indicators[0].thresholds.by_region.north: found true, "
            "expected text, a number, an object or null"},
        {"{\"n\": 1}", "{\"n\": []}", NRD_E_PARSE,
            "line 24, $.criteria[0].indicators[0].thresholds.by_year['2025'].by_region.n: "
            "found an array, expected text, a number, an object or null"},
        {"{\"general\": 3, ", "[], \"2026\": {\"general\": 3, ", NRD_E_PARSE,
            "line 24, $.criteria[0].indicators[0].thresholds.by_year['2025']: found an "
            "array, expected an object or null"},
    };

    (void) state;
    check_faults(faults, sizeof faults / sizeof *faults);
}

static void
values_outside_their_lists_fail(void **state)
{
    static const fault faults[] = {
        {"\"commune\"", "\"household\"", NRD_E_DOMAIN,
            "line 5, $.level: found \"household\", expected commune, district or province"},
        {"\"standard\"", "\"Standard\"", NRD_E_DOMAIN,
            "line 6, $.tier: found \"Standard\", expected standard, advanced, model or "
            "special"},
        {"\"ge\"", "\"gt\"", NRD_E_DOMAIN,
            "line 19, $.criteria[0].indicators[0].rule: found \"gt\", expected ge, le, "
            "met, "
            "provincial or all"},
        {"\"missing\"", "\"\"", NRD_E_DOMAIN,
            "line 30, $.criteria[0].indicators[1].status: found \"\", expected verified, "
            "partial, name_only or missing"},
        {"\"number\": 15", "\"number\": 0", NRD_E_DOMAIN,
            "line 10, $.criteria[0].number: found 0, expected a whole number from 1 to "
            "999"},
        {"\"number\": 15", "\"number\": 1000", NRD_E_DOMAIN,
            "line 10, $.criteria[0].number: found 1000, expected a whole number from 1 to "
            "999"},
        {"\"number\": 7", "\"number\": 7.5", NRD_E_DOMAIN,
            "line 35, $.criteria[1].number: found 7.5, expected a whole number from 1 to "
            "999"},
        {"\"ge\"",
            "\"tt\xE1\xBA\xBF\xE1\xBA\xBF\xE1\xBA\xBF\xE1\xBA\xBF\xE1\xBA\xBF\xE1\xBA\xBF"
            "\xE1\xBA\xBF\xE1\xBA\xBF\xE1\xBA\xBF\xE1\xBA\xBF\xE1\xBA\xBF\xE1\xBA\xBF"
            "\xE1\xBA\xBF\xE1\xBA\xBF\xE1\xBA\xBF\xE1\xBA\xBF\xE1\xBA\xBF\"",
            NRD_E_DOMAIN,
            "line 19, $.criteria[0].indicators[0].rule: found \"tt"
            "\xE1\xBA\xBF\xE1\xBA\xBF\xE1\xBA\xBF\xE1\xBA\xBF\xE1\xBA\xBF\xE1\xBA\xBF"
            "\xE1\xBA\xBF\xE1\xBA\xBF\xE1\xBA\xBF\xE1\xBA\xBF\xE1\xBA\xBF\xE1\xBA\xBF"
            "\xE1\xBA\xBF...\", expected ge, le, met, provincial or all"},
    };

    (void) state;
    check_faults(faults, sizeof faults / sizeof *faults);
}

static void
repetitions_fail(void **state)
{
    static const fault faults[] = {
        {"\"decision\"", "\"\\u0069d\"", NRD_E_DUPLICATE,
            "line 3, $.id: found the key a second time, expected it once"},
        {"\"group\": null", "\"number\": 15", NRD_E_DUPLICATE,
            "line 13, $.criteria[0].number: found the key a second time, expected it once"},
        {"{\"north\": 7}", "{\"b\": 1, \"a\": 2, \"c\": 3,\n\"b\": 4, \"a\": 5}",
            NRD_E_DUPLICATE,
            "line 24, $.criteria[0].indicators[0].thresholds.by_region.b: found the key a "
            "second time, expected it once"},
        {"\"number\": 7", "\"number\": 15", NRD_E_DUPLICATE,
            "line 35, $.criteria[1].number: found 15, expected a number that no criterion "
            "before has"},
        {"\"15.x\"", "\"15.1\"", NRD_E_DUPLICATE,
            "line 29, $.criteria[0].indicators[1].id: found \"15.1\", expected an id that "
            "no indicator before has"},
    };

    (void) state;
    check_faults(faults, sizeof faults / sizeof *faults);
}

/* Only the last line feed may go. */
static void
every_truncation_fails(void **state)
{
    (void) state;
    for (size_t length = 0; length < sizeof toy - 2; length++) {
        nrd_criteria *set = NULL;
        nrd_error err;

        assert_int_equal(read_bytes(toy, length, &set, &err), NRD_E_PARSE);
        assert_int_equal(strncmp(err.message, "line ", 5), 0);
        assert_null(set);
    }
    nrd_criteria_free(read_good(toy, sizeof toy - 2));
}

/* Whatever one byte becomes, the text is read or refused with a message. */
static void
any_changed_byte_is_survived(void **state)
{
    static const char bytes[] = "\0\n\"\\{}[],:0-e.~\x80\xC3\xE1\xF0\xFF";

    (void) state;
    for (size_t i = 0; i < (sizeof toy - 1) * (sizeof bytes - 1); i++) {
        char text[sizeof toy];
        nrd_criteria *set = NULL;
        nrd_error err = {NRD_OK, 0, ""};

        memcpy(text, toy, sizeof toy);
        text[i / (sizeof bytes - 1)] = bytes[i % (sizeof bytes - 1)];
        if (read_bytes(text, sizeof toy - 1, &set, &err) != NRD_OK) {
            assert_int_equal(strncmp(err.message, "line ", 5), 0);
            assert_null(set);
        }
        nrd_criteria_free(set);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(household_standards_are_refused),
        cmocka_unit_test(text_that_is_not_json_fails),
        cmocka_unit_test(trailing_text_fails),
        cmocka_unit_test(nesting_has_a_limit),
        cmocka_unit_test(wrong_keys_fail),
        cmocka_unit_test(wrong_types_fail),
        cmocka_unit_test(values_outside_their_lists_fail),
        cmocka_unit_test(repetitions_fail),
        cmocka_unit_test(every_truncation_fails),
        cmocka_unit_test(any_changed_byte_is_survived),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
