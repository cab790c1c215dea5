#include "attainment_toy.h"
#include "support.h"

#include <string.h>

#include <nrd/attainment.h>

#include "status_private.h"

#define UNITS 19
#define CRITERIA 130
#define CELLS 2048

/* Every answer about one matrix. */
typedef struct {
    int8_t states[CELLS];
    uint64_t unit_low[UNITS], unit_high[UNITS], subset_low[UNITS], subset_high[UNITS];
    uint64_t criterion_low[CRITERIA], criterion_high[CRITERIA];
    uint64_t class_low[4], class_high[4];
    double mean[2], subset_mean[2];
} answers;

/* The matrix of a case. Turned, the last unit and criterion come first and the rows are
 * filled in three calls; of the unknown cells only every second one has a row. */
static nrd_attainment *
matrix_from(const cJSON *ref, int turned)
{
    const size_t units = (size_t) ref_at(ref, "units", 0),
                 n = (size_t) ref_at(ref, "criteria", 0);
    nrd_attainment *matrix = matrix_new(units, n);
    static int32_t unit[CELLS], criterion[CELLS];
    static int8_t cells[CELLS];
    uint64_t low[CRITERIA], high[CRITERIA];
    size_t rows = 0;

    assert_true(units * n <= CELLS);
    for (size_t i = 0; i < units * n; i++) {
        const size_t place = turned ? units * n - 1 - i : i;

        unit[rows] = (int32_t) (place / n);
        criterion[rows] = (int32_t) (place % n);
        cells[rows] = (int8_t) ref_at(ref, "cells", i);
        rows += cells[rows] != NRD_STATE_UNKNOWN || i % 2 == 0;
    }
    for (size_t i = 0, step = turned ? rows / 3 + 1 : rows + 1; i < rows; i += step) {
        const size_t length = i + step < rows ? step : rows - i;

        assert_int_equal(
            fill_rows(matrix, unit + i, criterion + i, cells + i, length, NULL), NRD_OK);
    }
    for (size_t k = 0; k < n; k++) {
        low[turned ? n - 1 - k : k] = (uint64_t) ref_at(ref, "total_low", k);
        high[turned ? n - 1 - k : k] = (uint64_t) ref_at(ref, "total_high", k);
    }
    assert_int_equal(nrd_attainment_set_totals(matrix, low, high, n, NULL), NRD_OK);
    return matrix;
}

static void
ask_all(const nrd_attainment *m, const uint8_t *subset, const uint64_t *cuts, size_t n_cuts,
    answers *out)
{
    const size_t units = nrd_attainment_units(m), n = nrd_attainment_criteria(m);

    assert_int_equal(nrd_attainment_states(m, out->states, units * n, NULL), NRD_OK);
    assert_int_equal(
        nrd_attainment_unit_counts(m, NULL, out->unit_low, out->unit_high, units, NULL),
        NRD_OK);
    assert_int_equal(nrd_attainment_unit_counts(
                         m, subset, out->subset_low, out->subset_high, units, NULL),
        NRD_OK);
    assert_int_equal(nrd_attainment_criterion_counts(
                         m, out->criterion_low, out->criterion_high, n, NULL),
        NRD_OK);
    assert_int_equal(
        nrd_attainment_classes(m, cuts, n_cuts, out->class_low, out->class_high, NULL),
        NRD_OK);
    assert_int_equal(
        nrd_attainment_mean(m, NULL, &out->mean[0], &out->mean[1], NULL), NRD_OK);
    assert_int_equal(
        nrd_attainment_mean(m, subset, &out->subset_mean[0], &out->subset_mean[1], NULL),
        NRD_OK);
}

static void
compare_counts(const cJSON *ref, const char *key, const uint64_t *found, int turned)
{
    const size_t n = (size_t) cJSON_GetArraySize(ref_get(ref, key));

    for (size_t i = 0; i < n; i++) {
        if (found[turned ? n - 1 - i : i] != (uint64_t) ref_at(ref, key, i)) {
            fail_msg("%s[%zu] differs", key, i);
        }
    }
}

static void
compare_case(const cJSON *ref, int turned)
{
    const size_t n = (size_t) ref_at(ref, "criteria", 0),
                 cells = n * (size_t) ref_at(ref, "units", 0);
    nrd_attainment *matrix = matrix_from(ref, turned);
    uint64_t cuts[3];
    const size_t n_cuts = ref_counts(ref, "cuts", cuts, 3);
    uint8_t subset[CRITERIA];
    static answers found;

    for (size_t k = 0; k < n; k++) {
        subset[turned ? n - 1 - k : k] = (uint8_t) ref_at(ref, "subset", k);
    }
    ask_all(matrix, subset, cuts, n_cuts, &found);
    for (size_t i = 0; i < cells; i++) {
        assert_int_equal(
            found.states[turned ? cells - 1 - i : i], (int8_t) ref_at(ref, "states", i));
    }
    compare_counts(ref, "unit_low", found.unit_low, turned);
    compare_counts(ref, "unit_high", found.unit_high, turned);
    compare_counts(ref, "subset_low", found.subset_low, turned);
    compare_counts(ref, "subset_high", found.subset_high, turned);
    compare_counts(ref, "criterion_low", found.criterion_low, turned);
    compare_counts(ref, "criterion_high", found.criterion_high, turned);
    compare_counts(ref, "class_low", found.class_low, 0);
    compare_counts(ref, "class_high", found.class_high, 0);
    for (size_t i = 0; i < 2; i++) {
        assert_same(found.mean[i], ref_at(ref, "mean", i), i);
        assert_same(found.subset_mean[i], ref_at(ref, "subset_mean", i), i);
    }
    nrd_attainment_free(matrix);
}

static void
answers_match_reference(void **state)
{
    cJSON *ref = ref_open("attainment_completions");
    const cJSON *item;

    (void) state;
    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        compare_case(item, 0);
        compare_case(item, 1);
    }
    cJSON_Delete(ref);
}

/* Nothing is known of 18 units and 75 criteria; totals are none or all, then open. */
static void
totals_at_both_ends_close_columns(void **state)
{
    nrd_attainment *matrix = matrix_new(18, 75);
    uint64_t totals[75] = {0}, low[18], high[18];
    const uint64_t least[75] = {0};
    int8_t states[18 * 75];

    (void) state;
    totals[63] = totals[64] = totals[74] = 18;
    assert_int_equal(nrd_attainment_set_totals(matrix, totals, totals, 75, NULL), NRD_OK);
    assert_int_equal(nrd_attainment_unit_counts(matrix, NULL, low, high, 18, NULL), NRD_OK);
    assert_int_equal(nrd_attainment_states(matrix, states, 18 * 75, NULL), NRD_OK);
    assert_int_equal(low[17] + high[17], 6);
    for (size_t i = 0; i < 18 * 75; i++) {
        assert_int_equal(states[i], totals[i % 75] == 18);
    }
    /* Totals are replaced, not narrowed. */
    totals[0] = 18;
    assert_int_equal(nrd_attainment_set_totals(matrix, least, totals, 75, NULL), NRD_OK);
    assert_int_equal(nrd_attainment_unit_counts(matrix, NULL, low, high, 18, NULL), NRD_OK);
    assert_int_equal(high[0] - low[0], 4);
    nrd_attainment_free(matrix);
}

static void
empty_matrices_answer(void **state)
{
    nrd_attainment *no_units = matrix_new(0, 75), *no_criteria = matrix_new(2, 0);
    const uint64_t cuts[] = {1, 0}, zero[75] = {0};
    uint64_t low[75], high[75];
    double mean[2];
    int8_t cell = 7;

    (void) state;
    assert_int_equal(nrd_attainment_states(no_units, &cell, 0, NULL), NRD_OK);
    assert_int_equal(fill_rows(no_units, NULL, NULL, NULL, 0, NULL), NRD_OK);
    assert_int_equal(nrd_attainment_set_totals(no_units, zero, zero, 75, NULL), NRD_OK);
    assert_int_equal(
        nrd_attainment_criterion_counts(no_units, low, high, 75, NULL), NRD_OK);
    assert_memory_equal(low, zero, sizeof low);
    assert_memory_equal(high, zero, sizeof high);
    assert_int_equal(nrd_attainment_classes(no_units, cuts, 2, low, high, NULL), NRD_OK);
    assert_int_equal(low[0] + low[1] + low[2] + high[0] + high[1] + high[2], 0);
    assert_int_equal(nrd_attainment_classes(no_criteria, cuts, 2, low, high, NULL), NRD_OK);
    assert_int_equal(low[1] + high[1], 4);
    assert_int_equal(low[0] + low[2] + high[0] + high[2], 0);
    assert_int_equal(
        nrd_attainment_mean(no_criteria, NULL, &mean[0], &mean[1], NULL), NRD_OK);
    assert_same(mean[0] + mean[1], 0.0, 0);
    nrd_attainment_free(no_units);
    nrd_attainment_free(no_criteria);
    nrd_attainment_free(NULL);
}

/* Met for unmet and the totals turned over: every count is turned over with them. */
static void
counts_turn_over_with_the_cells(void **state)
{
    static const int32_t unit[] = {0, 0, 1, 2, 2, 3};
    static const int32_t criterion[] = {0, 64, 64, 0, 74, 74};
    static const int8_t cells[] = {1, 0, 1, 0, 1, 1}, opposite[] = {0, 1, 0, 1, 0, 0};
    nrd_attainment *matrix = matrix_new(4, 75), *turned = matrix_new(4, 75);
    uint64_t low[75], high[75], turned_low[75], turned_high[75];

    (void) state;
    for (size_t k = 0; k < 75; k++) {
        low[k] = k == 64 ? 2 : k % 2;
        high[k] = k == 64 ? 2 : 3;
        turned_low[k] = 4 - high[k];
        turned_high[k] = 4 - low[k];
    }
    assert_int_equal(fill_rows(matrix, unit, criterion, cells, 6, NULL), NRD_OK);
    assert_int_equal(fill_rows(turned, unit, criterion, opposite, 6, NULL), NRD_OK);
    assert_int_equal(nrd_attainment_set_totals(matrix, low, high, 75, NULL), NRD_OK);
    assert_int_equal(
        nrd_attainment_set_totals(turned, turned_low, turned_high, 75, NULL), NRD_OK);
    assert_int_equal(nrd_attainment_unit_counts(matrix, NULL, low, high, 4, NULL), NRD_OK);
    assert_int_equal(
        nrd_attainment_unit_counts(turned, NULL, turned_low, turned_high, 4, NULL), NRD_OK);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(turned_low[i], 75 - high[i]);
        assert_int_equal(turned_high[i], 75 - low[i]);
    }
    nrd_attainment_free(matrix);
    nrd_attainment_free(turned);
}

static void
wrong_lengths_change_nothing(void **state)
{
    nrd_attainment *m = matrix_new(3, 75);
    uint64_t low[75], high[75], before[75];
    nrd_error err;

    (void) state;
    memset(before, 0x5a, sizeof before);
    memcpy(low, before, sizeof low);
    memcpy(high, before, sizeof high);
    assert_int_equal(
        nrd_attainment_unit_counts(NULL, NULL, low, high, 3, &err), NRD_E_NULL);
    assert_int_equal(nrd_attainment_unit_counts(m, NULL, NULL, high, 3, &err), NRD_E_NULL);
    assert_int_equal(nrd_attainment_unit_counts(m, NULL, low, NULL, 3, &err), NRD_E_NULL);
    assert_int_equal(nrd_attainment_unit_counts(m, NULL, low, high, 75, &err), NRD_E_SIZE);
    assert_error(&err, NRD_E_SIZE, NRD_NO_ROW, "75");
    assert_error(&err, NRD_E_SIZE, NRD_NO_ROW, "3");
    assert_int_equal(
        nrd_attainment_criterion_counts(NULL, low, high, 75, &err), NRD_E_NULL);
    assert_int_equal(nrd_attainment_criterion_counts(m, NULL, high, 75, &err), NRD_E_NULL);
    assert_int_equal(nrd_attainment_criterion_counts(m, low, NULL, 75, &err), NRD_E_NULL);
    assert_int_equal(nrd_attainment_criterion_counts(m, low, high, 3, &err), NRD_E_SIZE);
    assert_error(&err, NRD_E_SIZE, NRD_NO_ROW, "75");
    assert_memory_equal(low, before, sizeof low);
    assert_memory_equal(high, before, sizeof high);
    nrd_attainment_free(m);
}

static void
wrong_cuts_change_nothing(void **state)
{
    static const uint64_t equal[] = {37, 19, 19}, rising[] = {15, 17, 5};
    nrd_attainment *m = matrix_new(3, 75);
    uint64_t low[4], high[4], before[4];
    nrd_error err;

    (void) state;
    memset(before, 0x5a, sizeof before);
    memcpy(low, before, sizeof low);
    memcpy(high, before, sizeof high);
    assert_int_equal(nrd_attainment_classes(NULL, rising, 1, low, high, &err), NRD_E_NULL);
    assert_int_equal(nrd_attainment_classes(m, NULL, 1, low, high, &err), NRD_E_NULL);
    assert_int_equal(nrd_attainment_classes(m, rising, 1, NULL, high, &err), NRD_E_NULL);
    assert_int_equal(nrd_attainment_classes(m, rising, 1, low, NULL, &err), NRD_E_NULL);
    assert_error(&err, NRD_E_NULL, NRD_NO_ROW, "");
    assert_int_equal(nrd_attainment_classes(m, rising, 0, low, high, &err), NRD_E_SIZE);
    assert_int_equal(nrd_attainment_classes(m, equal, 3, low, high, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, 2, "19");
    assert_int_equal(nrd_attainment_classes(m, rising, 3, low, high, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, 1, "17");
    assert_memory_equal(low, before, sizeof low);
    assert_memory_equal(high, before, sizeof high);
    nrd_attainment_free(m);
}

static void
a_mean_needs_units(void **state)
{
    nrd_attainment *none = matrix_new(0, 75), *some = matrix_new(1, 75);
    double low = 2.385, high = 2.385;
    nrd_error err;

    (void) state;
    assert_int_equal(nrd_attainment_mean(none, NULL, &low, &high, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, NRD_NO_ROW, "unit");
    assert_int_equal(nrd_attainment_mean(NULL, NULL, &low, &high, &err), NRD_E_NULL);
    assert_int_equal(nrd_attainment_mean(some, NULL, NULL, &high, &err), NRD_E_NULL);
    assert_int_equal(nrd_attainment_mean(some, NULL, &low, NULL, &err), NRD_E_NULL);
    assert_error(&err, NRD_E_NULL, NRD_NO_ROW, "");
    assert_same(low, 2.385, 0);
    assert_same(high, 2.385, 0);
    nrd_attainment_free(none);
    nrd_attainment_free(some);
}

static nrd_status
count_units(const nrd_attainment *m, int in_classes, uint64_t *out, nrd_error *err)
{
    static const uint64_t cuts[] = {37, 19};

    return in_classes ? nrd_attainment_classes(m, cuts, 2, out, out + 3, err)
                      : nrd_attainment_unit_counts(m, NULL, out, out + 3, 3, err);
}

static void
counts_survive_want_of_memory(void **state)
{
    nrd_attainment *m = matrix_new(3, 75);
    nrd_error err;

    (void) state;
    for (int in_classes = 0; in_classes < 2; in_classes++) {
        uint64_t found[6] = {7, 7, 7, 7, 7, 7};
        const uint64_t before[6] = {7, 7, 7, 7, 7, 7};
        nrd_status status = NRD_E_MEMORY;

        for (long k = 0; status == NRD_E_MEMORY; k++) {
            assert_in_range(k, 0, 20);
            assert_memory_equal(found, before, sizeof found);
            nrdi_malloc_fail_after(k);
            status = count_units(m, in_classes, found, &err);
            nrdi_malloc_fail_after(-1);
            assert_int_equal(k == 0 ? err.status : NRD_E_MEMORY, NRD_E_MEMORY);
        }
        assert_int_equal(status, NRD_OK);
        assert_int_equal(found[3], in_classes ? 3 : 75);
    }
    nrd_attainment_free(m);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_match_reference),
        cmocka_unit_test(totals_at_both_ends_close_columns),
        cmocka_unit_test(empty_matrices_answer),
        cmocka_unit_test(counts_turn_over_with_the_cells),
        cmocka_unit_test(wrong_lengths_change_nothing),
        cmocka_unit_test(wrong_cuts_change_nothing),
        cmocka_unit_test(a_mean_needs_units),
        cmocka_unit_test(counts_survive_want_of_memory),
    };

    return cmocka_run_group_tests_name("attainment_count", tests, NULL, NULL);
}
