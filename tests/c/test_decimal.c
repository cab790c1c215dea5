#include "support.h"

#include <inttypes.h>
#include <string.h>

#include <nrd/decimal.h>

#define ROWS 1500
#define LARGEST INT64_MAX

static void
assert_decimal(nrd_decimal actual, nrd_decimal expected, const char *what)
{
    if (actual.unscaled != expected.unscaled || actual.scale != expected.scale) {
        fail_msg("%s: found %" PRId64 " / 10^%" PRId32 ", expected %" PRId64
                 " / 10^%" PRId32,
            what, actual.unscaled, actual.scale, expected.unscaled, expected.scale);
    }
}

static const char *
text_at(const cJSON *ref, const char *key, size_t i)
{
    const char *text = cJSON_GetStringValue(cJSON_GetArrayItem(ref_get(ref, key), (int) i));

    assert_non_null(text);
    return text;
}

static size_t
length_of(const cJSON *ref, const char *key)
{
    const size_t n = (size_t) cJSON_GetArraySize(ref_get(ref, key));

    assert_true(n <= ROWS);
    return n;
}

/* Number i of a list of decimals, each written "unscaled scale". */
static nrd_decimal
decimal_at(const cJSON *ref, const char *key, size_t i)
{
    nrd_decimal value;

    assert_int_equal(
        sscanf(text_at(ref, key, i), "%" SCNd64 " %" SCNd32, &value.unscaled, &value.scale),
        2);
    return value;
}

static nrd_decimal
negated(nrd_decimal value)
{
    return (nrd_decimal){-value.unscaled, value.scale};
}

static void
parse_matches_reference(void **state)
{
    cJSON *ref = ref_open("decimal_parse");
    const cJSON *item;

    (void) state;
    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        const char decimal_mark = text_at(item, "marks", 0)[0];
        const char group_mark = text_at(item, "marks", 1)[0];
        const size_t n = length_of(item, "texts");
        const char *texts[ROWS];
        nrd_decimal found[ROWS];

        for (size_t i = 0; i < n; i++) {
            texts[i] = text_at(item, "texts", i);
        }
        assert_int_equal(
            nrd_decimal_parse(texts, n, decimal_mark, group_mark, found, NULL), NRD_OK);
        for (size_t i = 0; i < n; i++) {
            assert_decimal(found[i], decimal_at(item, "values", i), texts[i]);
        }
    }
    cJSON_Delete(ref);
}

/* A text that cannot be read, second of three: nothing is written, the row is named. */
static void
assert_unreadable(const char *text, char decimal_mark, char group_mark, nrd_status status)
{
    const char *texts[] = {"12", text, "7"};
    nrd_decimal found[3], before[3];
    nrd_error err;

    memset(before, 0x5a, sizeof before);
    memcpy(found, before, sizeof before);
    if (nrd_decimal_parse(texts, 3, decimal_mark, group_mark, found, &err) != status) {
        fail_msg("\"%s\" with the marks '%c' and '%c'", text, decimal_mark, group_mark);
    }
    assert_error(&err, status, 1, text);
    assert_memory_equal(found, before, sizeof before);
}

static void
parse_guesses_nothing(void **state)
{
    cJSON *ref = ref_open("decimal_parse");
    const cJSON *item;

    (void) state;
    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        const size_t n = length_of(item, "wrong");

        for (size_t i = 0; i < n; i++) {
            assert_unreadable(text_at(item, "wrong", i), text_at(item, "marks", 0)[0],
                text_at(item, "marks", 1)[0], NRD_E_PARSE);
        }
    }
    cJSON_Delete(ref);
}

static void
parse_refuses_what_does_not_fit(void **state)
{
    static const char *const texts[] = {"9223372036854775808", "-9223372036854775808",
        "92,233,720,368.54775808", "1.0000000000", "0.0000000001", "18446744073709551617",
        "99999999999999999999", "-340282366920938463463374607431768211457",
        "10000000000000000000.5"};

    (void) state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_unreadable(texts[i], '.', ',', NRD_E_OVERFLOW);
    }
}

/* Whatever the length of a text, the message of its failure ends. */
static void
parse_reports_long_texts(void **state)
{
    char digits[700];
    const char *texts[] = {digits};
    nrd_decimal found;
    nrd_error err;

    (void) state;
    memset(digits, '7', sizeof digits);
    digits[sizeof digits - 1] = '\0';
    assert_int_equal(nrd_decimal_parse(texts, 1, '.', 0, &found, &err), NRD_E_OVERFLOW);
    assert_error(&err, NRD_E_OVERFLOW, 0, "7777");
    digits[sizeof digits - 2] = 'x';
    assert_int_equal(nrd_decimal_parse(texts, 1, '.', 0, &found, &err), NRD_E_PARSE);
    assert_error(&err, NRD_E_PARSE, 0, "7777");
    memset(digits, '0', sizeof digits);
    memcpy(digits + sizeof digits - 3, "19", 3);
    assert_int_equal(nrd_decimal_parse(texts, 1, '.', 0, &found, &err), NRD_OK);
    assert_decimal(found, (nrd_decimal){19, 0}, "leading zeros");
}

/* A long text is cut in the message, between characters: "ệ" has three bytes. */
static void
parse_shows_whole_characters(void **state)
{
    const char *texts[] = {"xệệệệệệệệệệệệệệệệệệệệệệệ"};
    nrd_decimal out;
    nrd_error err;

    (void) state;
    assert_int_equal(nrd_decimal_parse(texts, 1, '.', ',', &out, &err), NRD_E_PARSE);
    assert_error(&err, NRD_E_PARSE, 0, "ệệ\", expected");
}

static void
parse_checks_its_arguments(void **state)
{
    static const char marks[][2] = {{';', 0}, {' ', ','}, {'.', '_'}, {',', ','}};
    static const char *const named[] = {";", " ", "_", ","};
    const char *texts[] = {"7.5", NULL, "x"};
    nrd_decimal found, before;
    nrd_error err;

    (void) state;
    memset(&before, 0x5a, sizeof before);
    found = before;
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        assert_int_equal(
            nrd_decimal_parse(texts, 1, marks[i][0], marks[i][1], &found, &err),
            NRD_E_DOMAIN);
        assert_error(&err, NRD_E_DOMAIN, NRD_NO_ROW, named[i]);
    }
    assert_int_equal(nrd_decimal_parse(NULL, 1, '.', 0, &found, &err), NRD_E_NULL);
    assert_int_equal(nrd_decimal_parse(texts, 1, '.', 0, NULL, NULL), NRD_E_NULL);
    assert_int_equal(nrd_decimal_parse(texts, 2, '.', 0, &found, &err), NRD_E_NULL);
    assert_error(&err, NRD_E_NULL, 1, "");
    assert_int_equal(nrd_decimal_parse(texts, 0, '.', 0, &found, &err), NRD_OK);
    assert_memory_equal(&found, &before, sizeof found);
}

static void
doubles_match_reference(void **state)
{
    cJSON *ref = ref_open("decimal_double");
    const size_t n = length_of(ref, "values");

    (void) state;
    for (size_t i = 0; i < n; i++) {
        const nrd_decimal value = decimal_at(ref, "values", i);

        assert_same(nrd_decimal_to_double(value), ref_at(ref, "doubles", i), i);
    }
    cJSON_Delete(ref);
}

static void
ratios_match_reference(void **state)
{
    cJSON *ref = ref_open("decimal_ratio");
    const size_t n = length_of(ref, "numerators");

    (void) state;
    for (size_t i = 0; i < n; i++) {
        double found;

        assert_int_equal(nrd_decimal_ratio(decimal_at(ref, "numerators", i),
                             decimal_at(ref, "denominators", i),
                             (int32_t) ref_at(ref, "factors", i), &found, NULL),
            NRD_OK);
        assert_same(found, ref_at(ref, "doubles", i), i);
    }
    cJSON_Delete(ref);
}

/* Both signs turned, or both numbers printed with more decimals: the same quotient. */
static void
ratios_keep_under_scale(void **state)
{
    static const int64_t numbers[] = {7, 19, 2385, -373315, 9007199254740993, 1};

    (void) state;
    for (size_t i = 0; i < 36; i++) {
        const nrd_decimal a = {numbers[i / 6], 2}, b = {numbers[i % 6], 3};
        const nrd_decimal longer_a = {a.unscaled * 1000, 5};
        const nrd_decimal longer_b = {b.unscaled * 10, 4};
        double plain, other;

        assert_int_equal(nrd_decimal_ratio(a, b, 100, &plain, NULL), NRD_OK);
        assert_int_equal(nrd_decimal_ratio(longer_a, longer_b, 100, &other, NULL), NRD_OK);
        assert_same(other, plain, i);
        assert_int_equal(
            nrd_decimal_ratio(negated(a), negated(b), 100, &other, NULL), NRD_OK);
        assert_same(other, plain, i);
        assert_int_equal(nrd_decimal_ratio(negated(a), b, 100, &other, NULL), NRD_OK);
        assert_same(other, -plain, i);
    }
}

static void
ratio_checks_its_arguments(void **state)
{
    static const struct {
        nrd_decimal numerator;
        nrd_decimal denominator;
        int32_t factor;
        const char *found;
    } wrong[] = {
        {{7, 0}, {0, 0}, 100, "0"},
        {{7, -3}, {19, 0}, 1, "-3"},
        {{7, 37}, {19, 0}, 1, "37"},
        {{7, 0}, {19, 10}, 1, "10"},
        {{7, 0}, {19, 0}, 0, "0"},
        {{7, 0}, {19, 0}, -100, "-100"},
        {{7, 0}, {19, 0}, 1001, "1001"},
    };
    double found = 2.385;
    nrd_error err;

    (void) state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(nrd_decimal_ratio(wrong[i].numerator, wrong[i].denominator,
                             wrong[i].factor, &found, &err),
            NRD_E_DOMAIN);
        assert_error(&err, NRD_E_DOMAIN, NRD_NO_ROW, wrong[i].found);
        assert_same(found, 2.385, i);
    }
    assert_int_equal(
        nrd_decimal_ratio(wrong[0].numerator, wrong[6].denominator, 1, NULL, &err),
        NRD_E_NULL);
    assert_error(&err, NRD_E_NULL, NRD_NO_ROW, "");
}

/* The sum, the sum backwards, and the sum of the numbers negated. */
static void
sums_match_reference(void **state)
{
    cJSON *ref = ref_open("decimal_sum");
    const cJSON *item;

    (void) state;
    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        const size_t n = length_of(item, "values");
        const nrd_decimal expected = decimal_at(item, "sum", 0);
        nrd_decimal forward[ROWS], backward[ROWS], opposite[ROWS], found;

        for (size_t i = 0; i < n; i++) {
            forward[i] = decimal_at(item, "values", i);
            backward[n - 1 - i] = forward[i];
            opposite[i] = negated(forward[i]);
        }
        assert_int_equal(nrd_decimal_sum(forward, n, &found, NULL), NRD_OK);
        assert_decimal(found, expected, "sum");
        assert_int_equal(nrd_decimal_sum(backward, n, &found, NULL), NRD_OK);
        assert_decimal(found, expected, "sum backwards");
        assert_int_equal(nrd_decimal_sum(opposite, n, &found, NULL), NRD_OK);
        assert_decimal(found, negated(expected), "sum of the opposites");
        if (n > 1) {
            const int order = (int) ref_at(item, "order", 0);

            assert_int_equal(nrd_decimal_compare(forward[0], forward[1]), order);
            assert_int_equal(nrd_decimal_compare(forward[1], forward[0]), -order);
            assert_int_equal(nrd_decimal_compare(opposite[0], opposite[1]), -order);
        }
    }
    cJSON_Delete(ref);
}

static void
sum_checks_its_arguments(void **state)
{
    static const nrd_decimal overflowing[][2] = {{{LARGEST, 0}, {1, 0}},
        {{-LARGEST, 0}, {-1, 0}}, {{LARGEST, 0}, {0, 9}}, {{LARGEST, 3}, {LARGEST, 3}},
        {{9223372037, 0}, {-1, 9}}};
    const nrd_decimal wrong[] = {{7, 9}, {7, -37}, {7, 10}};
    nrd_decimal found, before;
    nrd_error err;

    (void) state;
    memset(&before, 0x5a, sizeof before);
    found = before;
    for (size_t i = 0; i < sizeof overflowing / sizeof overflowing[0]; i++) {
        assert_int_equal(nrd_decimal_sum(overflowing[i], 2, &found, &err), NRD_E_OVERFLOW);
        assert_error(&err, NRD_E_OVERFLOW, NRD_NO_ROW, "");
    }
    assert_int_equal(nrd_decimal_sum(&wrong[2], 1, &found, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, 0, "10");
    assert_int_equal(nrd_decimal_sum(wrong, 3, &found, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, 1, "-37");
    assert_int_equal(nrd_decimal_sum(NULL, 1, &found, &err), NRD_E_NULL);
    assert_error(&err, NRD_E_NULL, NRD_NO_ROW, "");
    assert_int_equal(nrd_decimal_sum(wrong, 1, NULL, &err), NRD_E_NULL);
    assert_memory_equal(&found, &before, sizeof found);
    assert_int_equal(nrd_decimal_sum(NULL, 0, &found, NULL), NRD_OK);
    assert_decimal(found, (nrd_decimal){0, 0}, "sum of none");
}

/* From least to greatest; numbers in one row of the table are equal. */
static void
order_is_exact(void **state)
{
    static const nrd_decimal ladder[][2] = {{{INT64_MIN, 0}, {INT64_MIN, 0}},
        {{-LARGEST, 0}, {-LARGEST, 0}}, {{-1, 9}, {-1, 9}}, {{0, 0}, {0, 9}},
        {{549999999, 6}, {549999999, 6}}, {{550, 0}, {550000000000, 9}},
        {{LARGEST - 1, 0}, {LARGEST - 1, 0}}, {{LARGEST, 0}, {LARGEST, 0}}};
    const size_t n = sizeof ladder / sizeof ladder[0];

    (void) state;
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < n; k++) {
            assert_int_equal(
                nrd_decimal_compare(ladder[i][0], ladder[k][1]), (i > k) - (i < k));
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parse_matches_reference),
        cmocka_unit_test(parse_guesses_nothing),
        cmocka_unit_test(parse_refuses_what_does_not_fit),
        cmocka_unit_test(parse_reports_long_texts),
        cmocka_unit_test(parse_shows_whole_characters),
        cmocka_unit_test(parse_checks_its_arguments),
        cmocka_unit_test(doubles_match_reference),
        cmocka_unit_test(ratios_match_reference),
        cmocka_unit_test(ratios_keep_under_scale),
        cmocka_unit_test(ratio_checks_its_arguments),
        cmocka_unit_test(sums_match_reference),
        cmocka_unit_test(sum_checks_its_arguments),
        cmocka_unit_test(order_is_exact),
    };

    return cmocka_run_group_tests_name("decimal", tests, NULL, NULL);
}
