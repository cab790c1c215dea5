/* Distances to levels and exact sums of them, against fractions. */

#include "assess_toy.h"

#include <inttypes.h>
#include <stdlib.h>

#include <nrd/gap_distance.h>
#include <nrd/gap_index.h>

#include "status_private.h"

#define ROWS 64
#define N_ITEMS 2

/* A case with all that it points to. */
typedef struct {
    size_t rows;
    int32_t place[ROWS];
    int32_t when[ROWS];
    int32_t day;
    double values[N_ITEMS][ROWS];
    const double *columns[N_ITEMS];
    int8_t decisions[N_ITEMS * ROWS];
    int32_t cell[ROWS];
    uint64_t weight[ROWS];
    nrd_measurements in;
    nrd_gap_cells cells;
} gap_case;

static void
read_case(const cJSON *ref, gap_case *out)
{
    memset(out, 0, sizeof *out);
    out->rows = (size_t) ref_at(ref, "rows", 0);
    out->day = 20231231;
    assert_in_range(out->rows, 1, ROWS);
    for (size_t i = 0; i < out->rows; i++) {
        out->place[i] = (int32_t) ref_at(ref, "place", i);
        out->cell[i] = (int32_t) ref_at(ref, "cell", i);
    }
    assert_int_equal(ref_counts(ref, "weight", out->weight, ROWS), out->rows);
    for (int j = 0; j < N_ITEMS; j++) {
        const cJSON *item = cJSON_GetArrayItem(ref_get(ref, "items"), j);

        out->columns[j] = out->values[j];
        for (size_t i = 0; i < out->rows; i++) {
            out->values[j][i] = ref_at(item, "values", i);
            out->decisions[(size_t) j * out->rows + i] =
                (int8_t) ref_at(item, "decisions", i);
        }
    }
    out->in = (nrd_measurements){.rows = out->rows,
        .place = out->place,
        .when = out->when,
        .days = &out->day,
        .n_days = 1,
        .values = out->columns};
    out->cells = (nrd_gap_cells){.cell = out->cell,
        .n_cells = (size_t) ref_at(ref, "cells", 0),
        .weight = out->weight,
        .is_capped = (int32_t) ref_at(ref, "capped", 0)};
}

static uint64_t
word_of(const cJSON *node)
{
    return strtoull(cJSON_GetStringValue(node), NULL, 10);
}

static void
assert_words(const uint64_t *words, const cJSON *ref, const char *key, int n)
{
    for (int k = 0; k < n; k++) {
        assert_int_equal(words[k], word_of(cJSON_GetArrayItem(ref_get(ref, key), k)));
    }
}

static void
assert_sum(const nrd_gap_sum *sum, const cJSON *ref)
{
    assert_int_equal(sum->asked, word_of(ref_get(ref, "asked")));
    assert_int_equal(sum->known, word_of(ref_get(ref, "known")));
    assert_int_equal(sum->unmet, word_of(ref_get(ref, "unmet")));
    assert_words(sum->depth, ref, "depth", 3);
    assert_words(sum->severity, ref, "severity", 4);
    assert_words(sum->level, ref, "level", 2);
}

static void
sums_match_reference(void **state)
{
    cJSON *ref = ref_open("gap_sums");
    nrd_criteria *set = read_set(ref);
    const cJSON *node;

    (void) state;
    cJSON_ArrayForEach(node, ref_get(ref, "cases"))
    {
        static gap_case one;
        nrd_gap_sum sums[N_ITEMS * ROWS];

        read_case(node, &one);
        assert_int_equal(
            nrd_gap_sums(set, &one.in, one.decisions, &one.cells, sums, NULL), NRD_OK);
        for (size_t k = 0; k < N_ITEMS * one.cells.n_cells; k++) {
            const cJSON *item =
                cJSON_GetArrayItem(ref_get(node, "items"), (int) (k / one.cells.n_cells));

            assert_sum(&sums[k],
                cJSON_GetArrayItem(ref_get(item, "sums"), (int) (k % one.cells.n_cells)));
        }
    }
    nrd_criteria_free(set);
    cJSON_Delete(ref);
}

static void
assert_number(double actual, const cJSON *ref, const char *key, size_t i)
{
    const double expected = ref_at(ref, key, i);

    if (isnan(expected)) {
        assert_true(isnan(actual));
    } else {
        assert_same(actual, expected, i);
    }
}

static void
distances_match_reference(void **state)
{
    cJSON *ref = ref_open("gap_sums");
    nrd_criteria *set = read_set(ref);
    const cJSON *node;

    (void) state;
    cJSON_ArrayForEach(node, ref_get(ref, "cases"))
    {
        static gap_case one;
        double distance[N_ITEMS * ROWS], relative[N_ITEMS * ROWS];

        read_case(node, &one);
        assert_int_equal(
            nrd_gap_distances(set, &one.in, one.decisions, distance, relative, NULL),
            NRD_OK);
        for (size_t k = 0; k < N_ITEMS * one.rows; k++) {
            const cJSON *item =
                cJSON_GetArrayItem(ref_get(node, "items"), (int) (k / one.rows));

            assert_number(distance[k], item, "distances", k % one.rows);
            assert_number(relative[k], item, "relatives", k % one.rows);
        }
    }
    nrd_criteria_free(set);
    cJSON_Delete(ref);
}

/* One row: 54 % where 60 % are asked, and 13.25 % where at most 12.25 % are. */
static void
start_one(gap_case *one)
{
    memset(one, 0, sizeof *one);
    one->rows = 1;
    one->place[0] = -1;
    one->day = 20231231;
    one->values[0][0] = 54.0;
    one->values[1][0] = 13.25;
    one->columns[0] = one->values[0];
    one->columns[1] = one->values[1];
    one->weight[0] = 7;
    one->in = (nrd_measurements){.rows = 1,
        .place = one->place,
        .when = one->when,
        .days = &one->day,
        .n_days = 1,
        .values = one->columns};
    one->cells = (nrd_gap_cells){one->cell, 1, one->weight, 1};
}

/* A weight of 63 bits and a distance of 66: carries go through all words. */
static void
large_numbers_carry(void **state)
{
    cJSON *ref = ref_open("gap_sums");
    nrd_criteria *set = read_set(ref);
    gap_case one;
    nrd_gap_sum sums[N_ITEMS];

    (void) state;
    start_one(&one);
    one.values[0][0] = 1e-18;
    one.weight[0] = (UINT64_C(1) << 63) - 1;
    assert_int_equal(
        nrd_gap_sums(set, &one.in, one.decisions, &one.cells, sums, NULL), NRD_OK);
    /* (60 - 10^-18) 10^18 = 6 10^19 - 1, times 2^63 - 1, and its square, in whole words. */
    assert_int_equal(sums[0].depth[0], UINT64_C(4563604257983430657));
    assert_int_equal(sums[0].depth[1], UINT64_C(11553255926290448380));
    assert_int_equal(sums[0].depth[2], 1);
    assert_int_equal(sums[0].severity[0], UINT64_C(12243267817882779647));
    assert_int_equal(sums[0].severity[3], 5);
    nrd_criteria_free(set);
    cJSON_Delete(ref);
}

/* Without weights each row counts 1. */
static void
no_weights_are_ones(void **state)
{
    cJSON *ref = ref_open("gap_sums");
    nrd_criteria *set = read_set(ref);
    gap_case one;
    nrd_gap_sum sums[N_ITEMS];

    (void) state;
    start_one(&one);
    one.cells.weight = NULL;
    assert_int_equal(
        nrd_gap_sums(set, &one.in, one.decisions, &one.cells, sums, NULL), NRD_OK);
    assert_int_equal(sums[0].asked, 1);
    assert_int_equal(sums[0].depth[0], 60);
    assert_int_equal(sums[0].level[0], 600);
    assert_int_equal(sums[1].depth[0], 100);
    assert_int_equal(sums[1].severity[0], 10000);
    nrd_criteria_free(set);
    cJSON_Delete(ref);
}

static void
bad_sums_change_nothing(void **state)
{
    cJSON *ref = ref_open("gap_sums");
    nrd_criteria *set = read_set(ref);
    gap_case one;
    nrd_gap_sum sums[N_ITEMS], before[N_ITEMS];
    nrd_error err;

    (void) state;
    memset(before, 0x5a, sizeof before);
    memcpy(sums, before, sizeof sums);
#define REFUSED(change, status, row, found)                                                \
    start_one(&one);                                                                       \
    change;                                                                                \
    assert_int_equal(                                                                      \
        nrd_gap_sums(set, &one.in, one.decisions, &one.cells, sums, &err), status);        \
    assert_error(&err, status, row, found);                                                \
    assert_memory_equal(sums, before, sizeof sums)
    REFUSED(one.cells.cell = NULL, NRD_E_NULL, NRD_NO_ROW, "NULL");
    REFUSED(one.in.values = NULL, NRD_E_NULL, NRD_NO_ROW, "NULL");
    REFUSED(one.cell[0] = 1, NRD_E_UNKNOWN, 0, "1");
    REFUSED(one.cell[0] = -1, NRD_E_UNKNOWN, 0, "-1");
    REFUSED(one.place[0] = 1, NRD_E_UNKNOWN, 0, "1");
    REFUSED(one.decisions[0] = 4, NRD_E_DOMAIN, 0, "4");
    REFUSED(one.decisions[1] = -2, NRD_E_DOMAIN, 0, "-2");
    REFUSED(one.values[0][0] = (double) NAN, NRD_E_CONFLICT, 0, "1.1");
    REFUSED(one.columns[1] = NULL, NRD_E_CONFLICT, 0, "1.2");
    REFUSED(one.values[0][0] = 1.5e-18, NRD_E_OVERFLOW, 0, "1.5e-18");
    REFUSED(one.weight[0] = UINT64_C(1) << 63, NRD_E_OVERFLOW, 0, "2^63");
    REFUSED(one.values[0][0] = 120.0, NRD_E_DOMAIN, 0, "120");
#undef REFUSED
    start_one(&one);
    assert_int_equal(
        nrd_gap_sums(NULL, &one.in, one.decisions, &one.cells, sums, &err), NRD_E_NULL);
    assert_int_equal(nrd_gap_distances(set, &one.in, NULL, NULL, NULL, &err), NRD_E_NULL);
    nrd_criteria_free(set);
    cJSON_Delete(ref);
}

/* Two rows of one cell in two places have two levels. */
static void
a_cell_has_one_level(void **state)
{
    cJSON *ref = ref_open("gap_sums");
    nrd_criteria *set = read_set(ref);
    gap_case one;
    nrd_gap_sum sums[N_ITEMS];
    nrd_error err;

    (void) state;
    start_one(&one);
    one.in.rows = 2;
    one.place[1] = 0;
    one.values[0][1] = 12.0;
    one.values[1][1] = 12.0;
    assert_int_equal(
        nrd_gap_sums(set, &one.in, one.decisions, &one.cells, sums, &err), NRD_E_CONFLICT);
    assert_error(&err, NRD_E_CONFLICT, 1, "cell 0");
    nrd_criteria_free(set);
    cJSON_Delete(ref);
}

static void
no_memory_is_an_error(void **state)
{
    cJSON *ref = ref_open("gap_sums");
    nrd_criteria *set = read_set(ref);
    gap_case one;
    nrd_gap_sum sums[N_ITEMS];
    double distance[N_ITEMS], relative[N_ITEMS];

    (void) state;
    start_one(&one);
    for (long successes = 0; successes < 4; successes++) {
        nrdi_malloc_fail_after(successes);
        assert_int_equal(nrd_gap_sums(set, &one.in, one.decisions, &one.cells, sums, NULL),
            NRD_E_MEMORY);
    }
    nrdi_malloc_fail_after(0);
    assert_int_equal(
        nrd_gap_distances(set, &one.in, one.decisions, distance, relative, NULL),
        NRD_E_MEMORY);
    nrdi_malloc_fail_after(-1);
    nrd_criteria_free(set);
    cJSON_Delete(ref);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_match_reference),
        cmocka_unit_test(distances_match_reference),
        cmocka_unit_test(large_numbers_carry),
        cmocka_unit_test(no_weights_are_ones),
        cmocka_unit_test(bad_sums_change_nothing),
        cmocka_unit_test(a_cell_has_one_level),
        cmocka_unit_test(no_memory_is_an_error),
    };

    return cmocka_run_group_tests_name("gap_index", tests, NULL, NULL);
}
