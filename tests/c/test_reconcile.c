#include "support.h"

#include <inttypes.h>
#include <string.h>

#include <nrd/resource.h>

#include "status_private.h"

#define ROWS 16
#define LARGEST INT64_MAX

static size_t
length_of(const cJSON *ref, const char *key)
{
    return (size_t) cJSON_GetArraySize(ref_get(ref, key));
}

/* Number i of a list of decimals, each written "unscaled scale". */
static nrd_decimal
decimal_at(const cJSON *ref, const char *key, size_t i)
{
    const char *text = cJSON_GetStringValue(cJSON_GetArrayItem(ref_get(ref, key), (int) i));
    nrd_decimal value;

    assert_non_null(text);
    assert_int_equal(
        sscanf(text, "%" SCNd64 " %" SCNd32, &value.unscaled, &value.scale), 2);
    return value;
}

static nrd_decimal
negated(nrd_decimal value)
{
    return (nrd_decimal){-value.unscaled, value.scale};
}

static void
assert_check(const nrd_check *check, const cJSON *ref, size_t i)
{
    if (check->verdict != (nrd_verdict) ref_at(ref, "verdicts", i)) {
        fail_msg("row %zu: the verdict is %d", i, (int) check->verdict);
    }
    assert_same(check->stated, ref_at(ref, "stated_doubles", i), i);
    assert_same(check->computed, ref_at(ref, "computed_doubles", i), i);
    assert_same(check->difference, ref_at(ref, "differences", i), i);
}

static void
checked_sums_match_reference(void **state)
{
    cJSON *ref = ref_open("resource_sum");
    const cJSON *item;

    (void) state;
    assert_int_equal(NRD_VERDICT_EQUAL, 0);
    assert_int_equal(NRD_VERDICT_ROUNDED, 1);
    assert_int_equal(NRD_VERDICT_TRUNCATED, 2);
    assert_int_equal(NRD_VERDICT_DIFFERENT, 3);
    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        const size_t n = length_of(item, "parts");
        nrd_decimal parts[ROWS], backwards[ROWS];
        nrd_check check;

        for (size_t i = 0; i < n; i++) {
            backwards[n - 1 - i] = parts[i] = decimal_at(item, "parts", i);
        }
        assert_int_equal(
            nrd_reconcile_sum(decimal_at(item, "stated", 0), parts, n, &check, NULL),
            NRD_OK);
        assert_check(&check, item, 0);
        assert_int_equal(
            nrd_reconcile_sum(decimal_at(item, "stated", 0), backwards, n, &check, NULL),
            NRD_OK);
        assert_check(&check, item, 0);
    }
    cJSON_Delete(ref);
}

static void
compare_ratios(const char *name, int may_be_too_wide)
{
    cJSON *ref = ref_open(name);
    const size_t n = length_of(ref, "stated");
    size_t refused = 0;

    for (size_t i = 0; i < n; i++) {
        nrd_check check;
        nrd_error err;
        const nrd_status status = nrd_reconcile_ratio(decimal_at(ref, "stated", i),
            decimal_at(ref, "numerators", i), decimal_at(ref, "denominators", i),
            (int32_t) ref_at(ref, "factors", i), &check, &err);

        if (may_be_too_wide && status == NRD_E_OVERFLOW) {
            assert_error(&err, NRD_E_OVERFLOW, NRD_NO_ROW, "128 bits");
            refused++;
            continue;
        }
        if (status != NRD_OK) {
            fail_msg("row %zu: %s", i, err.message);
        }
        assert_check(&check, ref, i);
    }
    assert_true(refused < n && (refused > 0) == (may_be_too_wide != 0));
    cJSON_Delete(ref);
}

static void
checked_ratios_match_reference(void **state)
{
    (void) state;
    compare_ratios("resource_ratio", 0);
}

/* What needs more than 128 bits is refused, never judged by rounded numbers. */
static void
checked_wide_ratios_match_reference(void **state)
{
    (void) state;
    compare_ratios("resource_ratio_wide", 1);
}

/* A ratio turned over in sign has the same verdict: nothing is rounded up or down. */
static void
verdicts_do_not_mind_the_sign(void **state)
{
    cJSON *ref = ref_open("resource_ratio");
    const size_t n = length_of(ref, "stated");

    (void) state;
    for (size_t i = 0; i < n; i++) {
        const nrd_decimal stated = decimal_at(ref, "stated", i);
        const nrd_decimal above = decimal_at(ref, "numerators", i);
        const nrd_decimal below = decimal_at(ref, "denominators", i);
        const int32_t factor = (int32_t) ref_at(ref, "factors", i);
        nrd_check check, turned;

        assert_int_equal(
            nrd_reconcile_ratio(stated, above, below, factor, &check, NULL), NRD_OK);
        assert_int_equal(nrd_reconcile_ratio(
                             negated(stated), negated(above), below, factor, &turned, NULL),
            NRD_OK);
        assert_int_equal(turned.verdict, check.verdict);
        assert_same(turned.difference + check.difference, 0.0, i);
    }
    cJSON_Delete(ref);
}

/* 77.77 for 14 of 18 was cut off, 55.56 for 10 of 18 rounded, 50 for 9 of 18 is exact. */
static void
shares_of_communes_are_judged(void **state)
{
    static const struct {
        nrd_decimal stated;
        int64_t met;
        nrd_verdict verdict;
    } shares[] = {
        {{7777, 2}, 14, NRD_VERDICT_TRUNCATED},
        {{7778, 2}, 14, NRD_VERDICT_ROUNDED},
        {{7779, 2}, 14, NRD_VERDICT_DIFFERENT},
        {{778, 1}, 14, NRD_VERDICT_ROUNDED},
        {{5556, 2}, 10, NRD_VERDICT_ROUNDED},
        {{5555, 2}, 10, NRD_VERDICT_TRUNCATED},
        {{50, 0}, 9, NRD_VERDICT_EQUAL},
        {{5000, 2}, 9, NRD_VERDICT_EQUAL},
        {{5001, 2}, 9, NRD_VERDICT_DIFFERENT},
        {{0, 2}, 0, NRD_VERDICT_EQUAL},
    };

    (void) state;
    for (size_t i = 0; i < sizeof shares / sizeof shares[0]; i++) {
        const nrd_decimal met = {shares[i].met, 0}, units = {18, 0};
        nrd_check check;

        assert_int_equal(
            nrd_reconcile_ratio(shares[i].stated, met, units, 100, &check, NULL), NRD_OK);
        assert_int_equal(check.verdict, shares[i].verdict);
    }
}

/* Half a unit of the last decimal is rounded away from zero, and cut off toward it. */
static void
ties_are_rounded_away_from_zero(void **state)
{
    static const struct {
        int64_t stated, exact;
        nrd_verdict verdict;
    } ties[] = {
        {13, 125, NRD_VERDICT_ROUNDED},
        {12, 125, NRD_VERDICT_TRUNCATED},
        {14, 135, NRD_VERDICT_ROUNDED},
        {-13, -125, NRD_VERDICT_ROUNDED},
        {-12, -125, NRD_VERDICT_TRUNCATED},
        {-12, -124, NRD_VERDICT_ROUNDED},
        {-14, -125, NRD_VERDICT_DIFFERENT},
        {0, 5, NRD_VERDICT_TRUNCATED},
        {0, -5, NRD_VERDICT_TRUNCATED},
        {-1, -5, NRD_VERDICT_ROUNDED},
        {0, -4, NRD_VERDICT_ROUNDED},
    };

    (void) state;
    for (size_t i = 0; i < sizeof ties / sizeof ties[0]; i++) {
        const nrd_decimal stated = {ties[i].stated, 2}, part = {ties[i].exact, 3};
        const nrd_decimal one = {1000, 3};
        nrd_check check;

        assert_int_equal(nrd_reconcile_sum(stated, &part, 1, &check, NULL), NRD_OK);
        assert_int_equal(check.verdict, ties[i].verdict);
        assert_int_equal(nrd_reconcile_ratio(stated, part, one, 1, &check, NULL), NRD_OK);
        assert_int_equal(check.verdict, ties[i].verdict);
    }
}

static void
wrong_sums_change_nothing(void **state)
{
    static const nrd_decimal stated = {7, 0}, much = {7, 37};
    static const nrd_decimal scales[] = {{7, 0}, {7, 10}};
    static const nrd_decimal large[] = {{LARGEST, 0}, {1, 0}};
    nrd_check check, before;
    nrd_error err;

    (void) state;
    memset(&before, 0x5a, sizeof before);
    check = before;
    assert_int_equal(nrd_reconcile_sum(stated, NULL, 1, &check, &err), NRD_E_NULL);
    assert_error(&err, NRD_E_NULL, NRD_NO_ROW, "");
    assert_int_equal(nrd_reconcile_sum(stated, scales, 1, NULL, &err), NRD_E_NULL);
    assert_error(&err, NRD_E_NULL, NRD_NO_ROW, "");
    assert_int_equal(nrd_reconcile_sum(stated, scales, 0, &check, &err), NRD_E_SIZE);
    assert_error(&err, NRD_E_SIZE, NRD_NO_ROW, "part");
    assert_int_equal(nrd_reconcile_sum(stated, scales, 2, &check, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, 1, "10");
    assert_int_equal(nrd_reconcile_sum(much, scales, 1, &check, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, NRD_NO_ROW, "37");
    assert_int_equal(nrd_reconcile_sum(stated, large, 2, &check, &err), NRD_E_OVERFLOW);
    assert_error(&err, NRD_E_OVERFLOW, NRD_NO_ROW, "");
    assert_memory_equal(&check, &before, sizeof check);
}

static void
wrong_ratios_change_nothing(void **state)
{
    static const struct {
        nrd_decimal stated, numerator, denominator;
        int32_t factor;
        const char *found;
    } wrong[] = {
        {{7, 0}, {7, 0}, {0, 3}, 1, "denominator"},
        {{7, 0}, {7, 0}, {-19, 0}, 1, "-19"},
        {{7, 37}, {7, 0}, {19, 0}, 1, "37"},
        {{7, 0}, {7, -2}, {19, 0}, 1, "-2"},
        {{7, 0}, {7, 0}, {19, 10}, 1, "10"},
        {{7, 0}, {7, 0}, {19, 0}, 0, "0"},
        {{7, 0}, {7, 0}, {19, 0}, -100, "-100"},
        {{7, 0}, {7, 0}, {19, 0}, 1001, "1001"},
    };
    nrd_check check, before;
    nrd_error err;

    (void) state;
    memset(&before, 0x5a, sizeof before);
    check = before;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(nrd_reconcile_ratio(wrong[i].stated, wrong[i].numerator,
                             wrong[i].denominator, wrong[i].factor, &check, &err),
            NRD_E_DOMAIN);
        assert_error(&err, NRD_E_DOMAIN, NRD_NO_ROW, wrong[i].found);
    }
    assert_int_equal(nrd_reconcile_ratio(wrong[0].stated, wrong[0].numerator,
                         wrong[5].denominator, 1, NULL, &err),
        NRD_E_NULL);
    assert_error(&err, NRD_E_NULL, NRD_NO_ROW, "");
    assert_memory_equal(&check, &before, sizeof check);
}

/* No failure for want of memory is documented, so none may be had. */
static void
checks_need_no_memory(void **state)
{
    static const nrd_decimal stated = {7777, 2}, met = {14, 0}, units = {18, 0};
    nrd_check check;
    nrd_status ratio, sum;

    (void) state;
    nrdi_malloc_fail_after(0);
    ratio = nrd_reconcile_ratio(stated, met, units, 100, &check, NULL);
    sum = nrd_reconcile_sum(stated, &met, 1, &check, NULL);
    nrdi_malloc_fail_after(-1);
    assert_int_equal(ratio, NRD_OK);
    assert_int_equal(sum, NRD_OK);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(checked_sums_match_reference),
        cmocka_unit_test(checked_ratios_match_reference),
        cmocka_unit_test(checked_wide_ratios_match_reference),
        cmocka_unit_test(verdicts_do_not_mind_the_sign),
        cmocka_unit_test(shares_of_communes_are_judged),
        cmocka_unit_test(ties_are_rounded_away_from_zero),
        cmocka_unit_test(wrong_sums_change_nothing),
        cmocka_unit_test(wrong_ratios_change_nothing),
        cmocka_unit_test(checks_need_no_memory),
    };

    return cmocka_run_group_tests_name("reconcile", tests, NULL, NULL);
}
