#include "support.h"

#include <nrd/tally.h>

#include "status_private.h"

#define ROWS 1100003 /* more than a block, and than a thread takes at least */
#define GROUPS 7

/* Rows in a fixed order that is neither sorted nor periodic in the group and the state. */
static void
make_rows(int8_t *group, int8_t *state, nrd_tally *expected)
{
    uint32_t x = 2463534242u;

    memset(expected, 0, GROUPS * sizeof *expected);
    for (size_t i = 0; i < ROWS; i++) {
        x ^= x << 13;
        x ^= x >> 17;
        x ^= x << 5;
        group[i] = (int8_t) (x % GROUPS);
        state[i] = (int8_t) ((int) (x / GROUPS % 3) - 1);
        expected[group[i]].unknown += state[i] == -1;
        expected[group[i]].unmet += state[i] == 0;
        expected[group[i]].met += state[i] == 1;
    }
}

static void
assert_tallies(const nrd_tally *found, const nrd_tally *expected)
{
    for (size_t g = 0; g < GROUPS; g++) {
        assert_int_equal(found[g].unknown, expected[g].unknown);
        assert_int_equal(found[g].unmet, expected[g].unmet);
        assert_int_equal(found[g].met, expected[g].met);
    }
}

/* A copy of the codes in a width, shifted; released with free. */
static void *
widened(const int8_t *values, size_t bytes, int64_t shift)
{
    char *out = malloc(ROWS * bytes);

    assert_non_null(out);
    for (size_t i = 0; i < ROWS; i++) {
        const int64_t value = values[i] + shift;
        const int32_t four = (int32_t) value;
        const int16_t two = (int16_t) value;
        const int8_t one = (int8_t) value;
        const void *from = bytes == 8   ? (const void *) &value
                           : bytes == 4 ? (const void *) &four
                           : bytes == 2 ? (const void *) &two
                                        : (const void *) &one;

        memcpy(out + i * bytes, from, bytes);
    }
    return out;
}

static void
every_width_and_number_of_threads_counts_alike(void **state_)
{
    static int8_t group[ROWS], state[ROWS];
    nrd_tally expected[GROUPS], found[GROUPS];
    const size_t widths[] = {1, 2, 4, 8};

    (void) state_;
    make_rows(group, state, expected);
    for (size_t w = 0; w < 8; w++) {
        const int64_t first = w % 4 == 0 ? -100 : -1000;
        const size_t bytes = widths[w % 4], state_bytes = w < 4 ? 1 : 8;
        void *codes = widened(group, bytes, first),
             *states = widened(state, state_bytes, 0);
        const nrd_tally_rows rows = {
            codes, bytes, states, state_bytes, ROWS, first, GROUPS};

        for (int threads = 1; threads <= 5; threads += 2) {
            memset(found, 255, sizeof found);
            assert_int_equal(nrd_tally_groups(&rows, threads, found, NULL), NRD_OK);
            assert_tallies(found, expected);
        }
        free(codes);
        free(states);
    }
}

static void
one_group_fills_no_counter_over(void **state_)
{
    static int8_t group[ROWS], state[ROWS];
    const nrd_tally_rows rows = {group, 1, state, 1, ROWS, 0, 1};
    nrd_tally found;

    (void) state_;
    for (int s = -1; s <= 1; s++) {
        memset(state, s, sizeof state);
        assert_int_equal(nrd_tally_groups(&rows, 1, &found, NULL), NRD_OK);
        assert_int_equal(found.unknown, s == -1 ? ROWS : 0);
        assert_int_equal(found.unmet, s == 0 ? ROWS : 0);
        assert_int_equal(found.met, s == 1 ? ROWS : 0);
    }
}

static void
no_rows_are_no_cells(void **state_)
{
    const nrd_tally_rows rows = {NULL, 4, NULL, 1, 0, 0, 2};
    nrd_tally found[2] = {{1, 1, 1}, {1, 1, 1}};

    (void) state_;
    assert_int_equal(nrd_tally_groups(&rows, 0, found, NULL), NRD_OK);
    assert_int_equal(found[0].met + found[0].unmet + found[0].unknown, 0);
    assert_int_equal(found[1].met + found[1].unmet + found[1].unknown, 0);
}

static void
a_wrong_row_is_named_and_nothing_written(void **state_)
{
    static int8_t group[ROWS], state[ROWS];
    nrd_tally_rows rows = {group, 1, state, 1, ROWS, 0, GROUPS};
    nrd_tally expected[GROUPS], found[GROUPS] = {{5, 5, 5}};
    nrd_error err;

    (void) state_;
    make_rows(group, state, expected);
    group[900001] = GROUPS;
    state[900002] = 2;
    for (int threads = 1; threads <= 4; threads++) {
        assert_int_equal(nrd_tally_groups(&rows, threads, found, &err), NRD_E_UNKNOWN);
        assert_int_equal(err.row, 900001);
        assert_string_equal(err.message, "the group is 7, expected one of 7 from 0");
        assert_int_equal(found[0].met, 5);
    }
    group[900001] = -1;
    assert_int_equal(nrd_tally_groups(&rows, 2, found, &err), NRD_E_UNKNOWN);
    group[900001] = 0;
    assert_int_equal(nrd_tally_groups(&rows, 2, found, &err), NRD_E_DOMAIN);
    assert_int_equal(err.row, 900002);
    assert_string_equal(
        err.message, "the state is 2, expected -1 (unknown), 0 (unmet) or 1 (met)");
    state[900002] = -2;
    assert_int_equal(nrd_tally_groups(&rows, 2, found, &err), NRD_E_DOMAIN);
    assert_int_equal(found[0].met, 5);
}

static void
wrong_arguments_are_refused(void **state_)
{
    const int8_t cells[2] = {0, 1};
    nrd_tally_rows rows = {cells, 1, cells, 1, 2, 0, 2};
    nrd_tally found[2];

    (void) state_;
    assert_int_equal(nrd_tally_groups(NULL, 1, found, NULL), NRD_E_NULL);
    assert_int_equal(nrd_tally_groups(&rows, 1, NULL, NULL), NRD_E_NULL);
    rows.group = NULL;
    assert_int_equal(nrd_tally_groups(&rows, 1, found, NULL), NRD_E_NULL);
    rows.group = cells;
    rows.state = NULL;
    assert_int_equal(nrd_tally_groups(&rows, 1, found, NULL), NRD_E_NULL);
    rows.state = cells;
    rows.groups = 0;
    assert_int_equal(nrd_tally_groups(&rows, 1, found, NULL), NRD_E_SIZE);
    rows.groups = 2;
    for (size_t bytes = 0; bytes < 20; bytes++) {
        const int codes = bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8;

        rows.n = 0;
        rows.group_bytes = bytes;
        rows.state_bytes = 1;
        assert_int_equal(
            nrd_tally_groups(&rows, 1, found, NULL), codes ? NRD_OK : NRD_E_TYPE);
        rows.group_bytes = 1;
        rows.state_bytes = bytes;
        assert_int_equal(nrd_tally_groups(&rows, 1, found, NULL),
            bytes == 1 || bytes == 8 ? NRD_OK : NRD_E_TYPE);
    }
    rows = (nrd_tally_rows){cells, 1, cells, 1, 2, 0, SIZE_MAX / 2};
    assert_int_equal(nrd_tally_groups(&rows, 1, found, NULL), NRD_E_MEMORY);
}

static void
memory_that_is_refused_leaves_nothing_behind(void **state_)
{
    static int8_t group[ROWS], state[ROWS];
    const nrd_tally_rows rows = {group, 1, state, 1, ROWS, 0, GROUPS};
    nrd_tally found[GROUPS] = {{5, 5, 5}};
    long allowed = 0;

    (void) state_;
    for (nrd_status status = NRD_E_MEMORY; status != NRD_OK; allowed++) {
        nrdi_malloc_fail_after(allowed);
        status = nrd_tally_groups(&rows, 2, found, NULL);
        nrdi_malloc_fail_after(-1);
        assert_true(status == NRD_OK || status == NRD_E_MEMORY);
        assert_true(status == NRD_OK || found[0].met == 5);
    }
    assert_true(allowed > 4);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_width_and_number_of_threads_counts_alike),
        cmocka_unit_test(one_group_fills_no_counter_over),
        cmocka_unit_test(no_rows_are_no_cells),
        cmocka_unit_test(a_wrong_row_is_named_and_nothing_written),
        cmocka_unit_test(wrong_arguments_are_refused),
        cmocka_unit_test(memory_that_is_refused_leaves_nothing_behind),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
