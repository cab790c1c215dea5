/* Criteria missing alone and together, counted by hand and cell by cell. */

#include "support.h"

#include <string.h>

#include <nrd/gap_together.h>

#include "status_private.h"

#define UNITS 130
#define CRITERIA 100

/* Cells from a rule; -1 is unknown. */
static nrd_attainment *
matrix_of(size_t units, size_t criteria, int8_t (*rule)(size_t, size_t))
{
    static int32_t unit[UNITS * CRITERIA], criterion[UNITS * CRITERIA];
    static int8_t cells[UNITS * CRITERIA];
    const size_t rows = units * criteria;
    const nrd_column unit_column = {NRD_TYPE_INT32, rows, 0, unit, NULL};
    const nrd_column criterion_column = {NRD_TYPE_INT32, rows, 0, criterion, NULL};
    const nrd_column state_column = {NRD_TYPE_INT8, rows, 0, cells, NULL};
    nrd_attainment *matrix;

    for (size_t i = 0; i < rows; i++) {
        unit[i] = (int32_t) (i / criteria);
        criterion[i] = (int32_t) (i % criteria);
        cells[i] = rule(i / criteria, i % criteria);
    }
    assert_int_equal(nrd_attainment_new(units, criteria, &matrix, NULL), NRD_OK);
    assert_int_equal(
        nrd_attainment_fill(matrix, &unit_column, &criterion_column, &state_column, NULL),
        NRD_OK);
    return matrix;
}

/* Awkward on purpose: met, unmet and unknown in no simple order. */
static int8_t
mixed(size_t u, size_t c)
{
    return (int8_t) ((u * 7 + c * c * 3 + u * c) % 5 % 3) - 1;
}

static void
pairs_are_those_counted_cell_by_cell(void **state)
{
    nrd_attainment *matrix = matrix_of(UNITS, CRITERIA, mixed);
    int32_t members[CRITERIA][2];
    uint64_t low[CRITERIA], high[CRITERIA];

    (void) state;
    for (int32_t c = 0; c < CRITERIA; c++) {
        members[c][0] = c;
        members[c][1] = (c * 37 + 11) % CRITERIA;
    }
    assert_int_equal(
        nrd_gap_together(matrix, members[0], 2, CRITERIA, low, high, NULL), NRD_OK);
    for (size_t c = 0; c < CRITERIA; c++) {
        uint64_t sure = 0, possible = 0;

        for (size_t u = 0; u < UNITS; u++) {
            const int8_t a = mixed(u, c), b = mixed(u, (size_t) members[c][1]);

            sure += a == 0 && b == 0;
            possible += a != 1 && b != 1;
        }
        assert_int_equal(low[c], sure);
        assert_int_equal(high[c], possible);
    }
    nrd_attainment_free(matrix);
}

/* Unit u misses criterion u alone, where there is one; unit 5 leaves criterion 99 open. */
static int8_t
one_each(size_t u, size_t c)
{
    return (int8_t) (u == 5 && c == 99 ? -1 : u != c);
}

static void
criteria_alone_are_counted(void **state)
{
    nrd_attainment *matrix = matrix_of(UNITS, CRITERIA, one_each);
    uint64_t low[CRITERIA], high[CRITERIA];

    (void) state;
    assert_int_equal(nrd_gap_alone(matrix, low, high, CRITERIA, NULL), NRD_OK);
    for (size_t c = 0; c < CRITERIA; c++) {
        assert_int_equal(low[c], c == 5 ? 0 : 1);
        assert_int_equal(high[c], 1);
    }
    nrd_attainment_free(matrix);
}

/* Nothing is known but totals: 0 of 3 meet the first, 3 the second, 1 the third. */
static void
totals_close_cells(void **state)
{
    static const uint64_t met[] = {0, 3, 1};
    static const int32_t members[] = {0, 1, 2};
    nrd_attainment *matrix;
    uint64_t low[3], high[3];

    (void) state;
    assert_int_equal(nrd_attainment_new(3, 3, &matrix, NULL), NRD_OK);
    assert_int_equal(nrd_attainment_set_totals(matrix, met, met, 3, NULL), NRD_OK);
    assert_int_equal(nrd_gap_together(matrix, members, 1, 3, low, high, NULL), NRD_OK);
    assert_int_equal(low[0], 3);
    assert_int_equal(high[0], 3);
    assert_int_equal(low[1], 0);
    assert_int_equal(high[1], 0);
    assert_int_equal(low[2], 0);
    assert_int_equal(high[2], 3);
    assert_int_equal(nrd_gap_alone(matrix, low, high, 3, NULL), NRD_OK);
    assert_int_equal(low[0], 0);
    assert_int_equal(high[0], 3);
    assert_int_equal(high[1] + high[2], 0);
    nrd_attainment_free(matrix);
}

static void
wrong_arguments_change_nothing(void **state)
{
    static const int32_t members[] = {0, 1, 2, 3}, negative[] = {0, -1};
    nrd_attainment *matrix = matrix_of(3, 3, mixed);
    uint64_t low[4] = {7, 7, 7, 7}, high[4] = {7, 7, 7, 7};
    nrd_error err;

    (void) state;
    assert_int_equal(nrd_gap_together(NULL, members, 1, 3, low, high, &err), NRD_E_NULL);
    assert_int_equal(nrd_gap_together(matrix, NULL, 1, 3, low, high, &err), NRD_E_NULL);
    assert_int_equal(nrd_gap_together(matrix, members, 1, 3, NULL, high, &err), NRD_E_NULL);
    assert_int_equal(nrd_gap_together(matrix, members, 0, 3, low, high, &err), NRD_E_SIZE);
    assert_error(&err, NRD_E_SIZE, NRD_NO_ROW, "0");
    assert_int_equal(
        nrd_gap_together(matrix, members, 2, 2, low, high, &err), NRD_E_UNKNOWN);
    assert_error(&err, NRD_E_UNKNOWN, 1, "3");
    assert_int_equal(
        nrd_gap_together(matrix, negative, 1, 2, low, high, &err), NRD_E_UNKNOWN);
    assert_error(&err, NRD_E_UNKNOWN, 1, "-1");
    assert_int_equal(nrd_gap_alone(matrix, low, high, 2, &err), NRD_E_SIZE);
    assert_int_equal(nrd_gap_alone(NULL, low, high, 3, &err), NRD_E_NULL);
    nrdi_malloc_fail_after(0);
    assert_int_equal(
        nrd_gap_together(matrix, members, 1, 3, low, high, NULL), NRD_E_MEMORY);
    nrdi_malloc_fail_after(-1);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(low[i], 7);
        assert_int_equal(high[i], 7);
    }
    nrd_attainment_free(matrix);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_are_those_counted_cell_by_cell),
        cmocka_unit_test(criteria_alone_are_counted),
        cmocka_unit_test(totals_close_cells),
        cmocka_unit_test(wrong_arguments_change_nothing),
    };

    return cmocka_run_group_tests_name("gap_together", tests, NULL, NULL);
}
