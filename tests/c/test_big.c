#include <float.h>

#include "big_private.h"
#include "support.h"

/* A number of the reference; there is no 0 at either end of its digits. */
static nrdi_big
read_big(const cJSON *ref)
{
    const cJSON *digits = ref_get(ref, "digits"), *digit;
    nrdi_big out;

    memset(&out, 0x5a, sizeof out);
    out.sign = (int) ref_at(ref, "sign", 0);
    out.exponent = (int) ref_at(ref, "exponent", 0);
    out.n = 0;
    assert_in_range(cJSON_GetArraySize(digits), 0, NRDI_BIG_DIGITS);
    cJSON_ArrayForEach(digit, digits)
    {
        out.digit[out.n++] = (uint32_t) digit->valuedouble;
    }
    return out;
}

static void
assert_big(const nrdi_big *actual, const nrdi_big *expected, int row)
{
    if (actual->sign != expected->sign || actual->exponent != expected->exponent ||
        actual->n != expected->n ||
        memcmp(actual->digit, expected->digit, actual->n * sizeof *actual->digit) != 0) {
        fail_msg("case %d: %zu digits with sign %d, expected %zu with %d", row, actual->n,
            actual->sign, expected->n, expected->sign);
    }
}

/* What a product or a difference is written to may hold anything before. */
static nrdi_big
rubbish(void)
{
    nrdi_big out;

    memset(&out, 0xa5, sizeof out);
    return out;
}

static void
products_and_differences_match_reference(void **state)
{
    cJSON *ref = ref_open("big_arithmetic");
    const cJSON *item;
    int row = 0;

    (void) state;
    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        const nrdi_big a = read_big(ref_get(item, "a")), b = read_big(ref_get(item, "b"));
        nrdi_big expected = read_big(ref_get(item, "product")), found = rubbish();

        nrdi_big_multiply(&a, &b, &found);
        assert_big(&found, &expected, row);
        found = rubbish();
        nrdi_big_multiply(&b, &a, &found);
        assert_big(&found, &expected, row);
        expected = read_big(ref_get(item, "difference"));
        found = rubbish();
        nrdi_big_subtract(&a, &b, &found);
        assert_big(&found, &expected, row);
        expected.sign = -expected.sign;
        nrdi_big_subtract(&b, &a, &found);
        assert_big(&found, &expected, row);
        nrdi_big_subtract(&a, &a, &found);
        assert_int_equal(found.sign, 0);
        assert_int_equal(found.n, 0);
        row++;
    }
    cJSON_Delete(ref);
}

static void
order_matches_reference(void **state)
{
    cJSON *ref = ref_open("big_arithmetic");
    const cJSON *item;

    (void) state;
    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        const nrdi_big a = read_big(ref_get(item, "a")), b = read_big(ref_get(item, "b"));
        const int expected = (int) ref_at(item, "order", 0) - 1;

        assert_int_equal(nrdi_big_compare(&a, &b), expected);
        assert_int_equal(nrdi_big_compare(&b, &a), -expected);
        assert_int_equal(nrdi_big_compare(&a, &a), 0);
    }
    cJSON_Delete(ref);
}

/* The nearest double, to the last bit. */
static void
quotients_match_reference(void **state)
{
    cJSON *ref = ref_open("big_arithmetic");
    const cJSON *item;
    size_t row = 0;

    (void) state;
    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        const nrdi_big a = read_big(ref_get(item, "a")), b = read_big(ref_get(item, "b"));

        if (b.sign != 0) {
            assert_same(nrdi_big_ratio(&a, &b), ref_at(item, "ratio", 0), row);
            assert_same(nrdi_big_ratio(&b, &b), 1.0, row);
        }
        row++;
    }
    cJSON_Delete(ref);
}

static void
leading_bits_match_reference(void **state)
{
    cJSON *ref = ref_open("big_arithmetic");
    const cJSON *item;
    size_t row = 0;

    (void) state;
    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        const nrdi_big a = read_big(ref_get(item, "a"));
        const nrdi_double2 found = nrdi_big_leading(&a);

        assert_close(found.high, ref_at(item, "leading", 0), 0.0);
        assert_close(found.low, ref_at(item, "leading", 1), 0.0);
        assert_int_equal(found.exponent, (int) ref_at(item, "leading", 2));
        row++;
    }
    assert_true(row > 100);
    cJSON_Delete(ref);
}

static void
counts_keep_all_their_bits(void **state)
{
    static const struct {
        uint64_t count;
        int sign, exponent;
        size_t n;
        uint32_t digit[2];
    } cases[] = {
        {0, 0, 0, 0, {0, 0}},
        {1, 1, 0, 1, {1, 0}},
        {UINT32_MAX, 1, 0, 1, {UINT32_MAX, 0}},
        {(uint64_t) 1 << 32, 1, 1, 1, {1, 0}},
        {((uint64_t) 1 << 32) + 7, 1, 0, 2, {7, 1}},
        {UINT64_MAX, 1, 0, 2, {UINT32_MAX, UINT32_MAX}},
    };

    (void) state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        nrdi_big found = rubbish();

        nrdi_big_from_count(cases[i].count, &found);
        assert_int_equal(found.sign, cases[i].sign);
        assert_int_equal(found.exponent, cases[i].exponent);
        assert_int_equal(found.n, cases[i].n);
        assert_memory_equal(
            found.digit, cases[i].digit, cases[i].n * sizeof cases[i].digit[0]);
    }
}

/* A double over 1 is itself, and over 3 what its quotient is. */
static void
doubles_come_back(void **state)
{
    static const double values[] = {0.0, 1.0, -1.0, 2.385, -0x1p-1074, DBL_MIN, DBL_MAX,
        -DBL_MAX, 0x1.fffffffffffffp-1, 0x1p32, 0x1p-32, -7.19e20};
    nrdi_big one, three;

    (void) state;
    nrdi_big_from_count(1, &one);
    nrdi_big_from_count(3, &three);
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        nrdi_big found = rubbish();

        nrdi_big_from_double(values[i], &found);
        assert_same(nrdi_big_ratio(&found, &one), values[i], i);
        assert_same(nrdi_big_ratio(&found, &three), values[i] / 3.0, i);
        assert_int_equal(found.sign, (values[i] > 0.0) - (values[i] < 0.0));
    }
    nrdi_big_from_double(-0.0, &three);
    assert_int_equal(three.sign, 0);
}

/* Digits of both signs, and such as wait for their carries, are one number. */
static void
digits_are_put_in_order(void **state)
{
    static const struct {
        int64_t digit[4];
        int sign, exponent;
        size_t n;
        uint32_t expected[4];
    } cases[] = {
        {{0, 0, 0, 0}, 0, 0, 0, {0}},
        {{-1, 0, 1, 0}, 1, 0, 2, {UINT32_MAX, UINT32_MAX}},
        {{1, 0, -1, 0}, -1, 0, 2, {UINT32_MAX, UINT32_MAX}},
        {{0, (int64_t) 1 << 40, 0, 0}, 1, 2, 1, {256}},
        {{0, -((int64_t) 1 << 40), 0, 0}, -1, 2, 1, {256}},
        {{(int64_t) 1 << 62, -((int64_t) 1 << 30), 0, 0}, 0, 0, 0, {0}},
        {{7, -7, 7, -7}, -1, 0, 4, {UINT32_MAX - 6, 6, UINT32_MAX - 6, 6}},
        {{-7, 7, -7, 7}, 1, 0, 4, {UINT32_MAX - 6, 6, UINT32_MAX - 6, 6}},
    };

    (void) state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        nrdi_big found = rubbish(), expected = {0};

        expected.sign = cases[i].sign;
        expected.exponent = cases[i].exponent;
        expected.n = cases[i].n;
        memcpy(expected.digit, cases[i].expected, sizeof cases[i].expected);
        nrdi_big_from_digits(cases[i].digit, 4, NRDI_EXACT_OFFSET / 32, &found);
        assert_big(&found, &expected, (int) i);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(products_and_differences_match_reference),
        cmocka_unit_test(order_matches_reference),
        cmocka_unit_test(quotients_match_reference),
        cmocka_unit_test(leading_bits_match_reference),
        cmocka_unit_test(counts_keep_all_their_bits),
        cmocka_unit_test(doubles_come_back),
        cmocka_unit_test(digits_are_put_in_order),
    };

    return cmocka_run_group_tests_name("big", tests, NULL, NULL);
}
