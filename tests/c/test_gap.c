#include "support.h"

#include <string.h>

#include <nrd/gap.h>

#include "status_private.h"

#define UNITS 19
#define CRITERIA 128
#define CELLS 2048

/* The matrix of a case; column k of the matrix is column order[k] of the case. */
static nrd_attainment *
matrix_from(const cJSON *ref, const size_t *order)
{
    const size_t units = (size_t) ref_at(ref, "units", 0),
                 n = (size_t) ref_at(ref, "criteria", 0);
    static int32_t unit[CELLS], criterion[CELLS];
    static int8_t cells[CELLS];
    const size_t rows = units * n;
    const nrd_column unit_column = {NRD_TYPE_INT32, rows, 0, unit, NULL};
    const nrd_column criterion_column = {NRD_TYPE_INT32, rows, 0, criterion, NULL};
    const nrd_column state_column = {NRD_TYPE_INT8, rows, 0, cells, NULL};
    uint64_t low[CRITERIA], high[CRITERIA];
    nrd_attainment *matrix;

    assert_true(rows <= CELLS && n <= CRITERIA);
    for (size_t i = 0; i < rows; i++) {
        unit[i] = (int32_t) (i / n);
        criterion[i] = (int32_t) (i % n);
        cells[i] = (int8_t) ref_at(ref, "cells", i / n * n + order[i % n]);
    }
    for (size_t k = 0; k < n; k++) {
        low[k] = (uint64_t) ref_at(ref, "total_low", order[k]);
        high[k] = (uint64_t) ref_at(ref, "total_high", order[k]);
    }
    assert_int_equal(nrd_attainment_new(units, n, &matrix, NULL), NRD_OK);
    assert_int_equal(
        nrd_attainment_fill(matrix, &unit_column, &criterion_column, &state_column, NULL),
        NRD_OK);
    assert_int_equal(nrd_attainment_set_totals(matrix, low, high, n, NULL), NRD_OK);
    return matrix;
}

static void
assert_gap(const nrd_gap *gap, const cJSON *ref, size_t i)
{
    assert_int_equal(gap->short_low, ref_at(ref, "short_low", i));
    assert_int_equal(gap->short_high, ref_at(ref, "short_high", i));
    assert_int_equal(gap->need_low, ref_at(ref, "need_low", i));
    assert_int_equal(gap->need_high, ref_at(ref, "need_high", i));
    assert_same(gap->points_low, ref_at(ref, "points_low", i), i);
    assert_same(gap->points_high, ref_at(ref, "points_high", i), i);
}

/* The gaps of one case, with the criteria turned round or as they stand. */
static void
compare_case(const cJSON *ref, int turned)
{
    const size_t n = (size_t) ref_at(ref, "criteria", 0);
    size_t order[CRITERIA] = {0};
    uint64_t numerators[CRITERIA], denominators[CRITERIA];
    nrd_gap gaps[CRITERIA];
    nrd_attainment *matrix;

    for (size_t k = 0; k < n; k++) {
        order[k] = turned ? n - 1 - k : k;
        numerators[k] = (uint64_t) ref_at(ref, "numerators", order[k]);
        denominators[k] = (uint64_t) ref_at(ref, "denominators", order[k]);
    }
    matrix = matrix_from(ref, order);
    assert_int_equal(
        nrd_gap_criteria(matrix, numerators, denominators, gaps, n, NULL), NRD_OK);
    for (size_t k = 0; k < n; k++) {
        assert_gap(&gaps[k], ref, order[k]);
    }
    nrd_attainment_free(matrix);
}

static void
gaps_match_reference(void **state)
{
    cJSON *ref = ref_open("gap_criteria");
    const cJSON *item;

    (void) state;
    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        compare_case(item, 0);
    }
    cJSON_Delete(ref);
}

static void
gaps_follow_their_criteria(void **state)
{
    cJSON *ref = ref_open("gap_criteria");
    const cJSON *item;

    (void) state;
    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        compare_case(item, 1);
    }
    cJSON_Delete(ref);
}

/* A matrix in which nothing is known but the totals: met[k] units meet criterion k. */
static nrd_attainment *
matrix_of_totals(size_t units, const uint64_t *met, size_t n)
{
    nrd_attainment *matrix;

    assert_int_equal(nrd_attainment_new(units, n, &matrix, NULL), NRD_OK);
    assert_int_equal(nrd_attainment_set_totals(matrix, met, met, n, NULL), NRD_OK);
    return matrix;
}

/* 10 and 14 of 18 communes, held against 90 % of them, which takes 17 communes. */
static void
totals_alone_give_the_gap(void **state)
{
    static const uint64_t met[] = {10, 14, 17, 18, 0};
    static const uint64_t nine[] = {9, 9, 9, 9, 9}, ten[] = {10, 10, 10, 10, 10};
    static const uint64_t need[] = {7, 3, 0, 0, 17};
    static const double points[] = {620.0 / 18.0, 220.0 / 18.0, 0.0, 0.0, 90.0};
    nrd_attainment *matrix = matrix_of_totals(18, met, 5);
    nrd_gap gaps[5];

    (void) state;
    assert_int_equal(nrd_gap_criteria(matrix, nine, ten, gaps, 5, NULL), NRD_OK);
    for (size_t k = 0; k < 5; k++) {
        assert_int_equal(gaps[k].short_low, 18 - met[k]);
        assert_int_equal(gaps[k].short_high, 18 - met[k]);
        assert_int_equal(gaps[k].need_low, need[k]);
        assert_int_equal(gaps[k].need_high, need[k]);
        assert_same(gaps[k].points_low, points[k], k);
        assert_same(gaps[k].points_high, points[k], k);
    }
    nrd_attainment_free(matrix);
}

/* With each unit more in the target, the need grows by one or stays 0. */
static void
need_grows_with_the_target(void **state)
{
    static const uint64_t met[] = {7};
    nrd_attainment *matrix = matrix_of_totals(19, met, 1);

    (void) state;
    for (uint64_t target = 0; target <= 19; target++) {
        const uint64_t units = 19;
        nrd_gap gap;

        assert_int_equal(nrd_gap_criteria(matrix, &target, &units, &gap, 1, NULL), NRD_OK);
        assert_int_equal(gap.need_low, target > 7 ? target - 7 : 0);
        assert_int_equal(gap.need_high, gap.need_low);
        assert_same(gap.points_low, 100.0 * (double) gap.need_low / 19.0, target);
    }
    nrd_attainment_free(matrix);
}

/* One unit that nobody knows anything about: everything from none to all is open. */
static void
one_unknown_unit_leaves_all_open(void **state)
{
    static const uint64_t targets[] = {0, 1}, ones[] = {1, 1};
    nrd_attainment *matrix;
    nrd_gap gaps[2];

    (void) state;
    assert_int_equal(nrd_attainment_new(1, 2, &matrix, NULL), NRD_OK);
    assert_int_equal(nrd_gap_criteria(matrix, targets, ones, gaps, 2, NULL), NRD_OK);
    for (size_t k = 0; k < 2; k++) {
        assert_int_equal(gaps[k].short_low, 0);
        assert_int_equal(gaps[k].short_high, 1);
        assert_int_equal(gaps[k].need_low, 0);
        assert_int_equal(gaps[k].need_high, k);
        assert_same(gaps[k].points_low, 0.0, k);
        assert_same(gaps[k].points_high, 100.0 * (double) k, k);
    }
    nrd_attainment_free(matrix);
}

static void
no_criteria_no_gaps(void **state)
{
    const uint64_t targets[] = {7};
    nrd_attainment *matrix;
    nrd_gap gap, before;

    (void) state;
    memset(&before, 0x5a, sizeof before);
    gap = before;
    assert_int_equal(nrd_attainment_new(3, 0, &matrix, NULL), NRD_OK);
    assert_int_equal(nrd_gap_criteria(matrix, targets, targets, &gap, 0, NULL), NRD_OK);
    assert_memory_equal(&gap, &before, sizeof gap);
    nrd_attainment_free(matrix);
}

static void
wrong_arguments_change_nothing(void **state)
{
    static const uint64_t met[] = {7, 8, 9};
    static const uint64_t targets[] = {18, 0, 37}, units[] = {18, 18, 18};
    static const uint64_t nothing[] = {18, 0, 18}, much[] = {18, 18, 1000000001};
    nrd_attainment *matrix = matrix_of_totals(18, met, 3);
    nrd_gap gaps[3], before[3];
    nrd_error err;

    (void) state;
    memset(before, 0x5a, sizeof before);
    memcpy(gaps, before, sizeof gaps);
    assert_int_equal(nrd_gap_criteria(NULL, targets, units, gaps, 3, &err), NRD_E_NULL);
    assert_error(&err, NRD_E_NULL, NRD_NO_ROW, "");
    assert_int_equal(nrd_gap_criteria(matrix, NULL, units, gaps, 3, &err), NRD_E_NULL);
    assert_error(&err, NRD_E_NULL, NRD_NO_ROW, "");
    assert_int_equal(nrd_gap_criteria(matrix, targets, NULL, gaps, 3, &err), NRD_E_NULL);
    assert_error(&err, NRD_E_NULL, NRD_NO_ROW, "");
    assert_int_equal(nrd_gap_criteria(matrix, targets, units, NULL, 3, &err), NRD_E_NULL);
    assert_error(&err, NRD_E_NULL, NRD_NO_ROW, "");
    assert_int_equal(nrd_gap_criteria(matrix, targets, units, gaps, 2, &err), NRD_E_SIZE);
    assert_error(&err, NRD_E_SIZE, NRD_NO_ROW, "2");
    assert_error(&err, NRD_E_SIZE, NRD_NO_ROW, "3");
    assert_int_equal(nrd_gap_criteria(matrix, targets, units, gaps, 3, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, 2, "37");
    assert_error(&err, NRD_E_DOMAIN, 2, "18");
    assert_int_equal(nrd_gap_criteria(matrix, targets, units, gaps, 3, NULL), NRD_E_DOMAIN);
    assert_int_equal(
        nrd_gap_criteria(matrix, nothing, nothing, gaps, 3, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, 1, "0 / 0");
    assert_int_equal(nrd_gap_criteria(matrix, nothing, much, gaps, 3, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, 2, "1000000001");
    assert_memory_equal(gaps, before, sizeof gaps);
    nrd_attainment_free(matrix);
}

static void
a_share_needs_units(void **state)
{
    static const uint64_t targets[] = {0, 0};
    nrd_attainment *matrix;
    nrd_gap gaps[2], before[2];
    nrd_error err;

    (void) state;
    memset(before, 0x5a, sizeof before);
    memcpy(gaps, before, sizeof gaps);
    assert_int_equal(nrd_attainment_new(0, 2, &matrix, NULL), NRD_OK);
    assert_int_equal(
        nrd_gap_criteria(matrix, targets, targets, gaps, 2, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, NRD_NO_ROW, "unit");
    assert_memory_equal(gaps, before, sizeof gaps);
    nrd_attainment_free(matrix);
}

/* No failure for want of memory is documented, so none may be had. */
static void
gaps_need_no_memory(void **state)
{
    static const uint64_t met[] = {7}, targets[] = {18}, units[] = {18};
    nrd_attainment *matrix = matrix_of_totals(18, met, 1);
    nrd_gap gap;
    nrd_status status;

    (void) state;
    nrdi_malloc_fail_after(0);
    status = nrd_gap_criteria(matrix, targets, units, &gap, 1, NULL);
    nrdi_malloc_fail_after(-1);
    assert_int_equal(status, NRD_OK);
    assert_int_equal(gap.need_low, 11);
    nrd_attainment_free(matrix);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gaps_match_reference),
        cmocka_unit_test(gaps_follow_their_criteria),
        cmocka_unit_test(totals_alone_give_the_gap),
        cmocka_unit_test(need_grows_with_the_target),
        cmocka_unit_test(one_unknown_unit_leaves_all_open),
        cmocka_unit_test(no_criteria_no_gaps),
        cmocka_unit_test(wrong_arguments_change_nothing),
        cmocka_unit_test(a_share_needs_units),
        cmocka_unit_test(gaps_need_no_memory),
    };

    return cmocka_run_group_tests_name("gap", tests, NULL, NULL);
}
