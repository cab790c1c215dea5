#include "attainment_toy.h"
#include "support.h"

#include <string.h>

#include <nrd/attainment.h>

#include "status_private.h"

/* Rows 1 to 5 of buffers of 8, some states missing: those cells stay unknown. */
static void
columns_are_read_from_their_offset(void **state)
{
    static const int32_t unit[] = {9, 0, 0, 1, 1, 2, 9, 9};
    static const int32_t criterion[] = {99, 74, 0, 63, 64, 65, 99, 99};
    static const int8_t cells[] = {9, 1, 0, 1, 9, 1, 9, 9};
    static const uint8_t validity[] = {0x2e};
    const nrd_column columns[] = {{NRD_TYPE_INT32, 5, 1, unit, NULL},
        {NRD_TYPE_INT32, 5, 1, criterion, NULL}, {NRD_TYPE_INT8, 5, 1, cells, validity}};
    nrd_attainment *matrix = matrix_new(3, 75);
    int8_t states[3 * 75], expected[3 * 75];

    (void) state;
    memset(expected, NRD_STATE_UNKNOWN, sizeof expected);
    expected[74] = expected[75 + 63] = expected[150 + 65] = NRD_STATE_MET;
    expected[0] = NRD_STATE_UNMET;
    assert_int_equal(
        nrd_attainment_fill(matrix, &columns[0], &columns[1], &columns[2], NULL), NRD_OK);
    assert_int_equal(nrd_attainment_states(matrix, states, 3 * 75, NULL), NRD_OK);
    assert_memory_equal(states, expected, sizeof states);
    nrd_attainment_free(matrix);
}

/* All cells of 2 x 75 are unknown still, and can be filled. */
static void
assert_untouched(nrd_attainment *matrix)
{
    static const int32_t unit[] = {0, 1}, criterion[] = {0, 64};
    static const int8_t cells[] = {1, 0};
    int8_t found[150];

    assert_int_equal(nrd_attainment_states(matrix, found, 150, NULL), NRD_OK);
    for (size_t i = 0; i < 150; i++) {
        assert_int_equal(found[i], NRD_STATE_UNKNOWN);
    }
    assert_int_equal(fill_rows(matrix, unit, criterion, cells, 2, NULL), NRD_OK);
}

static void
fill_names_the_wrong_row(void **state)
{
    static const struct {
        int32_t unit, criterion;
        int8_t cell;
        nrd_status status;
        const char *found;
    } wrong[] = {
        {37, 0, 1, NRD_E_UNKNOWN, "37"},
        {2, 0, 1, NRD_E_UNKNOWN, "2"},
        {-3, 0, 1, NRD_E_UNKNOWN, "-3"},
        {1, 75, 1, NRD_E_UNKNOWN, "75"},
        {1, -8, 1, NRD_E_UNKNOWN, "-8"},
        {1, 74, 5, NRD_E_DOMAIN, "5"},
        {1, 74, -2, NRD_E_DOMAIN, "-2"},
        {1, 64, 0, NRD_E_DUPLICATE, "64"},
        {0, 0, -1, NRD_E_DUPLICATE, "0"},
    };

    (void) state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        const int32_t unit[] = {0, 1, wrong[i].unit};
        const int32_t criterion[] = {0, 64, wrong[i].criterion};
        const int8_t cells[] = {1, -1, wrong[i].cell};
        nrd_attainment *matrix = matrix_new(2, 75);
        nrd_error err;

        assert_int_equal(
            fill_rows(matrix, unit, criterion, cells, 3, &err), wrong[i].status);
        assert_error(&err, wrong[i].status, 2, wrong[i].found);
        assert_untouched(matrix);
        assert_int_equal(fill_rows(matrix, unit + 1, criterion + 1, cells + 1, 1, &err),
            NRD_E_DUPLICATE);
        assert_error(&err, NRD_E_DUPLICATE, 0, "64");
        nrd_attainment_free(matrix);
    }
}

static void
fill_checks_its_columns(void **state)
{
    static const uint8_t holes[] = {0x05};
    const int64_t values[3] = {0};
    const nrd_column good[] = {{NRD_TYPE_INT32, 3, 0, values, NULL},
        {NRD_TYPE_INT32, 3, 0, values, NULL}, {NRD_TYPE_INT8, 3, 0, values, NULL}};
    const nrd_status expected[] = {
        NRD_E_NULL, NRD_E_TYPE, NRD_E_SIZE, NRD_E_NULL, NRD_E_UNKNOWN};
    nrd_attainment *matrix = matrix_new(2, 75);
    nrd_error err;

    (void) state;
    for (size_t i = 0; i < 15; i++) {
        const size_t kind = i / 3;
        nrd_column columns[3];

        memcpy(columns, good, sizeof good);
        columns[i % 3].type = kind == 1 ? NRD_TYPE_INT64 : good[i % 3].type;
        columns[i % 3].length = kind == 2 ? 2 : 3;
        columns[i % 3].values = kind == 3 ? NULL : values;
        columns[i % 3].validity = kind == 4 ? holes : NULL;
        /* A missing state is no failure: the same cell three times is one. */
        assert_int_equal(
            nrd_attainment_fill(matrix, i == 0 ? NULL : &columns[0],
                i == 1 ? NULL : &columns[1], i == 2 ? NULL : &columns[2], &err),
            i == 14 ? NRD_E_DUPLICATE : expected[kind]);
        assert_error(&err, i == 14 ? NRD_E_DUPLICATE : expected[kind],
            kind == 4 ? 1 : NRD_NO_ROW, "");
    }
    assert_int_equal(
        nrd_attainment_fill(NULL, &good[0], &good[1], &good[2], NULL), NRD_E_NULL);
    assert_untouched(matrix);
    nrd_attainment_free(matrix);
}

static void
totals_that_cannot_be_are_refused(void **state)
{
    static const struct {
        uint64_t low, high;
        nrd_status status;
        const char *found;
    } wrong[] = {{2, 1, NRD_E_DOMAIN, "2"}, {0, 37, NRD_E_DOMAIN, "37"},
        {0, 0, NRD_E_CONFLICT, "1"}, {3, 3, NRD_E_CONFLICT, "3"}};
    static const int32_t unit[] = {0, 1, 2}, criterion[] = {70, 70, 70};
    static const int8_t cells[] = {1, 0, -1};
    nrd_attainment *matrix = matrix_new(3, 75);
    uint64_t low[75] = {0}, high[75], found_low[75], found_high[75];
    nrd_error err;

    (void) state;
    assert_int_equal(fill_rows(matrix, unit, criterion, cells, 2, NULL), NRD_OK);
    for (size_t i = 0; i < 75; i++) {
        high[i] = i == 70 ? 2 : 3;
    }
    for (size_t i = 0; i < 4; i++) {
        uint64_t wrong_low[75] = {0}, wrong_high[75] = {0};

        wrong_low[70] = wrong[i].low;
        wrong_high[70] = wrong[i].high;
        assert_int_equal(nrd_attainment_set_totals(matrix, wrong_low, wrong_high, 75, &err),
            wrong[i].status);
        assert_error(&err, wrong[i].status, 70, wrong[i].found);
        assert_int_equal(
            nrd_attainment_criterion_counts(matrix, found_low, found_high, 75, NULL),
            NRD_OK);
        assert_int_equal(found_low[70], 1);
        assert_memory_equal(found_high, high, sizeof high);
    }
    assert_int_equal(nrd_attainment_set_totals(NULL, low, high, 75, &err), NRD_E_NULL);
    assert_int_equal(nrd_attainment_set_totals(matrix, NULL, high, 75, &err), NRD_E_NULL);
    assert_int_equal(nrd_attainment_set_totals(matrix, low, NULL, 75, &err), NRD_E_NULL);
    assert_error(&err, NRD_E_NULL, NRD_NO_ROW, "");
    assert_int_equal(nrd_attainment_set_totals(matrix, low, high, 74, &err), NRD_E_SIZE);
    assert_error(&err, NRD_E_SIZE, NRD_NO_ROW, "74");
    /* No totals are set yet, so that the last row can still be filled. */
    assert_int_equal(fill_rows(matrix, unit + 2, criterion, cells + 2, 1, NULL), NRD_OK);
    assert_int_equal(nrd_attainment_set_totals(matrix, low, high, 75, NULL), NRD_OK);
    nrd_attainment_free(matrix);
}

/* A row that says that nobody knows is there once a call; a later call may know. */
static void
unknown_cells_may_be_filled_later(void **state)
{
    static const int32_t unit[] = {1}, criterion[] = {64};
    static const int8_t unknown[] = {NRD_STATE_UNKNOWN}, met[] = {NRD_STATE_MET};
    nrd_attainment *matrix = matrix_new(2, 75);
    nrd_error err;

    (void) state;
    assert_int_equal(fill_rows(matrix, unit, criterion, unknown, 1, NULL), NRD_OK);
    assert_int_equal(fill_rows(matrix, unit, criterion, met, 1, NULL), NRD_OK);
    assert_int_equal(fill_rows(matrix, unit, criterion, unknown, 1, &err), NRD_E_DUPLICATE);
    assert_error(&err, NRD_E_DUPLICATE, 0, "64");
    nrd_attainment_free(matrix);
}

static void
filling_closes_with_the_totals(void **state)
{
    static const int32_t unit[] = {0, 1}, criterion[] = {7, 8};
    static const int8_t cells[] = {1, 0};
    const uint64_t low[75] = {0};
    uint64_t high[75];
    nrd_attainment *matrix = matrix_new(2, 75);
    nrd_error err;

    (void) state;
    for (size_t i = 0; i < 75; i++) {
        high[i] = 2;
    }
    assert_int_equal(fill_rows(matrix, unit, criterion, cells, 1, NULL), NRD_OK);
    assert_int_equal(nrd_attainment_set_totals(matrix, low, high, 75, NULL), NRD_OK);
    assert_int_equal(
        fill_rows(matrix, unit + 1, criterion + 1, cells + 1, 1, &err), NRD_E_CONFLICT);
    assert_error(&err, NRD_E_CONFLICT, NRD_NO_ROW, "total");
    nrd_attainment_free(matrix);
}

/* Rows forwards, backwards and in two calls: the same matrix. */
static void
fill_does_not_mind_the_order(void **state)
{
    int32_t unit[2][225], criterion[2][225];
    int8_t cells[2][225], found[225];

    (void) state;
    for (size_t i = 0; i < 225; i++) {
        const size_t place = i * 7 % 225, last = 224 - i;

        unit[0][i] = unit[1][last] = (int32_t) (place / 75);
        criterion[0][i] = criterion[1][last] = (int32_t) (place % 75);
        cells[0][i] = cells[1][last] = (int8_t) (place % 19 % 3) - 1;
    }
    for (size_t k = 0; k < 2; k++) {
        for (size_t cut = 0; cut <= 225; cut += 75) {
            nrd_attainment *matrix = matrix_new(3, 75);

            assert_int_equal(
                fill_rows(matrix, unit[k], criterion[k], cells[k], cut, NULL), NRD_OK);
            assert_int_equal(fill_rows(matrix, unit[k] + cut, criterion[k] + cut,
                                 cells[k] + cut, 225 - cut, NULL),
                NRD_OK);
            assert_int_equal(nrd_attainment_states(matrix, found, 225, NULL), NRD_OK);
            for (size_t i = 0; i < 225; i++) {
                assert_int_equal(found[i], (int) (i % 19 % 3) - 1);
            }
            nrd_attainment_free(matrix);
        }
    }
}

static void
states_check_their_length(void **state)
{
    nrd_attainment *matrix = matrix_new(2, 75);
    int8_t found[150], before[150];
    nrd_error err;

    (void) state;
    memset(before, 0x5a, sizeof before);
    memcpy(found, before, sizeof found);
    assert_int_equal(nrd_attainment_states(NULL, found, 150, &err), NRD_E_NULL);
    assert_error(&err, NRD_E_NULL, NRD_NO_ROW, "");
    assert_int_equal(nrd_attainment_states(matrix, NULL, 150, &err), NRD_E_NULL);
    assert_error(&err, NRD_E_NULL, NRD_NO_ROW, "");
    assert_int_equal(nrd_attainment_states(matrix, found, 149, &err), NRD_E_SIZE);
    assert_error(&err, NRD_E_SIZE, NRD_NO_ROW, "149");
    assert_error(&err, NRD_E_SIZE, NRD_NO_ROW, "150");
    assert_memory_equal(found, before, sizeof found);
    nrd_attainment_free(matrix);
}

/* Sizes whose products, or whose count of words, do not fit a size_t. */
static void
sizes_beyond_memory_are_refused(void **state)
{
    static const size_t sizes[][2] = {{SIZE_MAX, SIZE_MAX}, {SIZE_MAX, 75}, {1, SIZE_MAX},
        {1, SIZE_MAX - 62}, {SIZE_MAX / 8, 75}, {SIZE_MAX / 2 + 2, 65},
        {SIZE_MAX / 4, SIZE_MAX / 4}};
    nrd_attainment *matrix = NULL;
    nrd_error err;

    (void) state;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        assert_int_equal(
            nrd_attainment_new(sizes[i][0], sizes[i][1], &matrix, &err), NRD_E_MEMORY);
        assert_error(&err, NRD_E_MEMORY, NRD_NO_ROW, "");
        assert_null(matrix);
    }
    assert_int_equal(nrd_attainment_new(1, 1, NULL, &err), NRD_E_NULL);
    assert_error(&err, NRD_E_NULL, NRD_NO_ROW, "");
}

static void
new_survives_want_of_memory(void **state)
{
    nrd_attainment *matrix = NULL;
    nrd_status status = NRD_E_MEMORY;
    nrd_error err;

    (void) state;
    for (long k = 0; status == NRD_E_MEMORY; k++) {
        assert_in_range(k, 0, 20);
        nrdi_malloc_fail_after(k);
        status = nrd_attainment_new(19, 75, &matrix, &err);
        nrdi_malloc_fail_after(-1);
        if (status != NRD_OK) {
            assert_error(&err, NRD_E_MEMORY, NRD_NO_ROW, "");
            assert_null(matrix);
        }
        assert_true(k > 0 || status == NRD_E_MEMORY);
    }
    assert_int_equal(status, NRD_OK);
    nrd_attainment_free(matrix);
}

static void
fill_survives_want_of_memory(void **state)
{
    static const int32_t unit[] = {1, 0}, criterion[] = {74, 0};
    static const int8_t cells[] = {1, 0};
    nrd_attainment *matrix = matrix_new(2, 75);
    nrd_status status = NRD_E_MEMORY;
    nrd_error err;

    (void) state;
    for (long k = 0; status == NRD_E_MEMORY; k++) {
        int8_t found[150];

        assert_in_range(k, 0, 20);
        nrdi_malloc_fail_after(k);
        status = fill_rows(matrix, unit, criterion, cells, 2, &err);
        nrdi_malloc_fail_after(-1);
        assert_int_equal(nrd_attainment_states(matrix, found, 150, NULL), NRD_OK);
        assert_int_equal(found[149], status == NRD_OK ? 1 : -1);
        assert_int_equal(found[0], status == NRD_OK ? 0 : -1);
        if (status != NRD_OK) {
            assert_error(&err, NRD_E_MEMORY, NRD_NO_ROW, "");
        }
    }
    assert_int_equal(status, NRD_OK);
    nrd_attainment_free(matrix);
}

/* A sanitizer shall hand back NULL for too much memory, as the C library does. */
const char *__asan_default_options(void);

const char *
__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_read_from_their_offset),
        cmocka_unit_test(fill_does_not_mind_the_order),
        cmocka_unit_test(fill_names_the_wrong_row),
        cmocka_unit_test(fill_checks_its_columns),
        cmocka_unit_test(unknown_cells_may_be_filled_later),
        cmocka_unit_test(filling_closes_with_the_totals),
        cmocka_unit_test(totals_that_cannot_be_are_refused),
        cmocka_unit_test(states_check_their_length),
        cmocka_unit_test(sizes_beyond_memory_are_refused),
        cmocka_unit_test(new_survives_want_of_memory),
        cmocka_unit_test(fill_survives_want_of_memory),
    };

    return cmocka_run_group_tests_name("attainment", tests, NULL, NULL);
}
