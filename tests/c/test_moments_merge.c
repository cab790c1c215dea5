#include "moments_private.h"
#include "moments_toy.h"

#define ROWS 60
#define GROUPS 6

static double column_x[ROWS], column_y[ROWS], column_weight[ROWS];
static int64_t column_group[ROWS];

/* Rows of sizes from 2^low to 2^high, with weights or without. */
static toy_rows
fill(uint64_t seed, int low, int high, int weighted)
{
    toy_rows out = toy_of(ROWS, column_x, column_y);

    for (size_t i = 0; i < ROWS; i++) {
        column_x[i] = next_double(&seed, low, high);
        column_y[i] = next_double(&seed, low, high);
        column_weight[i] = fabs(next_double(&seed, -1 + low / 4, high / 4));
        column_group[i] = (int64_t) (next_bits(&seed) % GROUPS);
    }
    out.groups = GROUPS;
    out.group = column_group;
    out.weights = weighted ? NRD_WEIGHTS_PRECISION : NRD_WEIGHTS_NONE;
    out.weight = weighted ? column_weight : NULL;
    return out;
}

/* Groups can change places and fall together; not every group need be met. */
static void
groups_go_where_the_map_says(void **state)
{
    static const int64_t maps[][GROUPS] = {
        {0, 1, 2, 3, 4, 5}, {5, 4, 3, 2, 1, 0}, {2, 2, 0, 0, 8, 8}, {7, 7, 7, 7, 7, 7}};

    (void) state;
    for (size_t k = 0; k < 2 * sizeof maps / sizeof maps[0]; k++) {
        const int64_t *map = maps[k / 2];
        toy_rows rows = fill(50 + k, -30, 30, (int) (k % 2));
        nrd_moments *part = toy_state(&rows), *found, *expected;

        rows.groups = 9;
        found = toy_part(&rows, 0, 10);
        expected = toy_part(&rows, 0, 10);
        assert_int_equal(nrd_moments_merge(found, part, map, NULL), NRD_OK);
        for (size_t i = 0; i < ROWS; i++) {
            column_group[i] = map[column_group[i]];
        }
        toy_add(expected, &rows, 0, ROWS, 1);
        assert_same_then_free(found, expected, "a map");
        nrd_moments_free(part);
        nrd_moments_free(expected);
    }
}

/* Each part has windows of its own: of small numbers, large ones, all that there are, and
 * of a state with one group, which take everything. */
static void
windows_of_any_width_are_merged(void **state)
{
    static const int sizes[][2] = {{0, 0}, {-1000, -990}, {990, 1000}, {-1000, 1000},
        {-1074, -1022}, {-3, 3}, {1000, 1023}, {-200, 100}};
    enum { SIZES = sizeof sizes / sizeof sizes[0] };

    (void) state;
    for (size_t k = 0; k < 2 * SIZES * SIZES; k++) {
        const int *first = sizes[k / 2 % SIZES], *second = sizes[k / 2 / SIZES];
        const int weighted = (int) (k % 2);
        toy_rows rows = fill(60 + k, first[0], first[1], weighted);
        nrd_moments *found = toy_state(&rows), *expected = toy_state(&rows), *part;

        rows = fill(80 + k, second[0], second[1], weighted);
        part = toy_state(&rows);
        toy_add(expected, &rows, 0, ROWS, 1);
        assert_int_equal(nrd_moments_merge(found, part, NULL, NULL), NRD_OK);
        assert_same_then_free(found, expected, "windows");
        nrd_moments_free(part);
        nrd_moments_free(expected);
    }
}

/* A state of one group, whose sums may be negative, goes into one of many, and back. */
static void
one_group_goes_into_many(void **state)
{
    const int64_t to[] = {4}, back[GROUPS] = {0};

    (void) state;
    for (size_t k = 0; k < 20; k++) {
        toy_rows one = fill(100 + k, -5, 5, (int) (k % 2)), many = one;
        nrd_moments *part, *found, *expected, *again;

        for (size_t i = 0; i < ROWS; i++) {
            column_x[i] = -fabs(column_x[i]);
        }
        one.groups = 1;
        one.group = NULL;
        part = toy_state(&one);
        found = toy_new(&many);
        assert_int_equal(nrd_moments_merge(found, part, to, NULL), NRD_OK);
        for (size_t i = 0; i < ROWS; i++) {
            column_group[i] = 4;
        }
        expected = toy_state(&many);
        assert_same_state(found, expected, "into many");
        again = toy_new(&one);
        assert_int_equal(nrd_moments_merge(again, found, back, NULL), NRD_OK);
        assert_same_then_free(again, part, "back into one");
        nrd_moments_free(part);
        nrd_moments_free(found);
        nrd_moments_free(expected);
    }
}

/* Sums that cancel leave nothing behind, not even room. */
static void
sums_that_cancel_are_gone(void **state)
{
    const double x[] = {1e300, -1e300, 2.385}, y[] = {1e-300, -1e-300, 7.19};
    toy_rows rows = toy_of(3, x, y);
    nrd_moments *found, *part;
    double sum[2];

    (void) state;
    rows.level = NRD_MOMENTS_MEANS;
    found = toy_part(&rows, 0, 1);
    part = toy_part(&rows, 1, 3);
    assert_int_equal(nrd_moments_merge(found, part, NULL, NULL), NRD_OK);
    nrd_moments_sum(found, sum);
    assert_same(sum[0], 2.385, 0);
    assert_same(sum[1], 7.19, 1);
    nrd_moments_free(part);
    part = toy_part(&rows, 2, 3);
    assert_true(nrd_moments_bytes(found) == nrd_moments_bytes(part));
    nrd_moments_free(part);
    nrd_moments_free(found);
}

/* The room that a state makes for the sums of another is enough for many such. */
static void
one_part_can_be_merged_many_times(void **state)
{
    const double x[] = {4294967295.0, 1.0, -4294967295.0, -1.0},
                 y[] = {0x1p-960, 0x1.fffffffffffffp83, 0x1p-960, -0x1p83};
    const int64_t group[] = {0, 1, 0, 1};
    toy_rows rows = toy_of(4, x, y);

    (void) state;
    rows.groups = 2;
    rows.group = group;
    for (size_t first = 0; first < 4; first += 2) {
        nrd_moments *found = toy_new(&rows), *part = toy_part(&rows, first, first + 2);
        double sum[4];

        for (int times = 0; times < 1024; times++) {
            assert_int_equal(nrd_moments_merge(found, part, NULL, NULL), NRD_OK);
        }
        nrd_moments_sum(found, sum);
        for (size_t k = 0; k < 4; k++) {
            const double *column = k % 2 == 0 ? x : y;

            assert_same(sum[k], 1024.0 * column[first + k / 2], k);
        }
        nrd_moments_free(found);
        nrd_moments_free(part);
    }
}

static void
nothing_merged_changes_nothing(void **state)
{
    const toy_rows rows = fill(120, -30, 30, 1);
    nrd_moments *found = toy_state(&rows), *expected = toy_state(&rows),
                *nothing = toy_new(&rows), *other = toy_new(&rows);

    (void) state;
    assert_int_equal(nrd_moments_merge(found, nothing, NULL, NULL), NRD_OK);
    assert_same_state(found, expected, "nothing");
    assert_int_equal(nrd_moments_merge(nothing, found, NULL, NULL), NRD_OK);
    assert_same_state(nothing, expected, "into nothing");
    assert_int_equal(nrd_moments_merge(other, nothing, NULL, NULL), NRD_OK);
    assert_same_state(other, expected, "into nothing, again");
    nrd_moments_free(other);
    nrd_moments_free(nothing);
    nrd_moments_free(found);
    nrd_moments_free(expected);
}

static void
dropped_rows_are_added(void **state)
{
    const double x[] = {2.385, (double) NAN, 7.0, (double) NAN, (double) NAN};
    const toy_rows rows = toy_of(5, x, NULL);
    nrd_moments *found = toy_part(&rows, 0, 2), *part = toy_part(&rows, 2, 5);

    (void) state;
    assert_int_equal(nrd_moments_merge(found, part, NULL, NULL), NRD_OK);
    assert_int_equal(nrd_moments_dropped(found), 3);
    assert_int_equal(nrd_moments_dropped(part), 2);
    nrd_moments_free(found);
    nrd_moments_free(part);
}

/* A state that grew is as one that had all groups at once. */
static void
groups_can_be_added(void **state)
{
    (void) state;
    for (size_t k = 0; k < 8; k++) {
        const int one = k % 2 == 0;
        toy_rows rows = fill(130 + k, -40, 1000, (int) (k / 2 % 2)), first;
        nrd_moments *found, *expected;
        uint64_t counts[GROUPS + 2];

        for (size_t i = 0; i < ROWS / 2; i++) {
            column_group[i] = one ? 0 : column_group[i] % 3;
        }
        first = rows;
        first.groups = one ? 1 : 3;
        first.group = one && k > 3 ? NULL : column_group;
        found = toy_part(&first, 0, ROWS / 2);
        assert_int_equal(nrd_moments_grow(found, first.groups, NULL), NRD_OK);
        assert_int_equal(nrd_moments_grow(found, GROUPS + 2, NULL), NRD_OK);
        assert_int_equal(nrd_moments_groups(found), GROUPS + 2);
        nrd_moments_rows(found, counts);
        assert_int_equal(counts[0] > 0, 1);
        assert_int_equal(counts[5] + counts[GROUPS] + counts[GROUPS + 1], 0);
        rows.groups = GROUPS + 2;
        toy_add(found, &rows, ROWS / 2, ROWS, 1);
        expected = toy_state(&rows);
        assert_same_then_free(found, expected, "grown");
        nrd_moments_free(expected);
    }
}

static void
grow_is_checked(void **state)
{
    const toy_rows rows = fill(140, -3, 3, 0);
    nrd_moments *found = toy_state(&rows), *expected = toy_state(&rows);
    nrd_error err;

    (void) state;
    assert_int_equal(nrd_moments_grow(NULL, 7, &err), NRD_E_NULL);
    assert_error(&err, NRD_E_NULL, NRD_NO_ROW, "state");
    assert_int_equal(nrd_moments_grow(found, GROUPS - 1, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, NRD_NO_ROW, "5 groups");
    assert_int_equal(nrd_moments_grow(found, (size_t) 1 << 32, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, NRD_NO_ROW, "4294967296");
    assert_same_then_free(found, expected, "not grown");
    nrd_moments_free(expected);
}

/* Another state than the one of the rows, in one way. */
static nrd_moments *
other_state(toy_rows rows, int way)
{
    static const int32_t decimals[] = {-1, 0};

    rows.p = way == 0 ? 1 : 2;
    rows.level = way == 1 ? NRD_MOMENTS_VARIANCES : rows.level;
    rows.weights = way == 2 ? NRD_WEIGHTS_PROBABILITY : rows.weights;
    rows.decimals = way == 3 ? decimals : NULL;
    return toy_new(&rows);
}

static void
merge_is_checked(void **state)
{
    const int64_t maps[][GROUPS] = {{0, 1, 2, 6, 4, 9}, {0, -1, 2, 3, 4, 5},
        {0, 1, 2, 3, 4, INT64_MAX}, {INT64_MIN, 1, 2, 3, 4, 5}};
    const size_t wrong[] = {3, 1, 5, 0};
    toy_rows rows = fill(150, -3, 3, 1);
    nrd_moments *found = toy_state(&rows), *expected = toy_state(&rows), *other;
    nrd_error err;

    (void) state;
    assert_int_equal(nrd_moments_merge(NULL, expected, NULL, &err), NRD_E_NULL);
    assert_error(&err, NRD_E_NULL, NRD_NO_ROW, "state");
    assert_int_equal(nrd_moments_merge(found, NULL, NULL, NULL), NRD_E_NULL);
    for (int way = 0; way < 4; way++) {
        other = other_state(rows, way);
        assert_int_equal(nrd_moments_merge(found, other, NULL, &err), NRD_E_CONFLICT);
        assert_error(&err, NRD_E_CONFLICT, NRD_NO_ROW, "");
        nrd_moments_free(other);
    }
    for (size_t k = 0; k < sizeof wrong / sizeof wrong[0]; k++) {
        assert_int_equal(nrd_moments_merge(found, expected, maps[k], &err), NRD_E_UNKNOWN);
        assert_error(&err, NRD_E_UNKNOWN, wrong[k], "among the 6");
    }
    rows.groups = GROUPS + 1;
    other = toy_state(&rows);
    assert_int_equal(nrd_moments_merge(found, other, NULL, &err), NRD_E_UNKNOWN);
    assert_error(&err, NRD_E_UNKNOWN, GROUPS, "6");
    nrd_moments_free(other);
    assert_same_then_free(found, expected, "not merged");
    nrd_moments_free(expected);
}

/* Neither rows that were there nor groups that fall together may leave 63 bits. */
static void
rows_do_not_overflow(void **state)
{
    static const int64_t together[] = {0, 0};
    static const double values[] = {2.385, 0.1};
    static const int64_t groups[] = {0, 1};
    toy_rows rows = toy_of(2, values, NULL);
    nrd_moments *one, *other, *before;
    uint64_t n[2];
    nrd_error err;

    (void) state;
    rows.groups = 2;
    rows.group = groups;
    one = toy_state(&rows);
    other = toy_state(&rows);
    before = toy_state(&rows);
    while (nrd_moments_merge(one, other, NULL, NULL) == NRD_OK &&
           nrd_moments_merge(other, one, NULL, NULL) == NRD_OK) {
    }
    nrd_moments_rows(one, n);
    assert_true(n[0] > (uint64_t) 1 << 60 && n[0] <= INT64_MAX);
    assert_int_equal(nrd_moments_merge(one, before, NULL, NULL), NRD_OK);
    assert_int_equal(nrd_moments_merge(before, one, together, &err), NRD_E_OVERFLOW);
    assert_error(&err, NRD_E_OVERFLOW, 0, "63 bits");
    nrd_moments_free(one);
    one = toy_state(&rows);
    assert_same_state(before, one, "not merged");
    nrd_moments_free(one);
    nrd_moments_free(other);
    nrd_moments_free(before);
}

/* A single group has room for any value; 10,000 with that room would fill the memory. Sums
 * below 0 are stored with all places above them taken. */
static void
groups_added_to_one_stay_narrow(void **state)
{
    toy_rows rows = fill(91, -20, 20, 0);
    nrd_moments *one, *many, *expected;
    size_t narrow;

    (void) state;
    rows.groups = 1;
    rows.group = NULL;
    for (size_t i = 0; i < ROWS; i++) {
        column_x[i] = -fabs(column_x[i]);
    }
    one = toy_state(&rows);
    expected = toy_state(&rows);
    many = toy_new(
        &(toy_rows){.p = 2, .groups = 3, .level = NRD_MOMENTS_COVARIANCES, .columns = {0}});
    assert_int_equal(nrd_moments_merge(many, one, NULL, NULL), NRD_OK);
    narrow = many->stride;
    assert_int_equal(nrd_moments_grow(one, 3, NULL), NRD_OK);
    assert_in_range(narrow, 1, 60);
    assert_in_range(one->stride, 1, 60);
    assert_same_state(one, many, "grown and merged");
    assert_int_equal(nrd_moments_grow(expected, 3, NULL), NRD_OK);
    assert_int_equal(nrd_moments_merge(one, expected, NULL, NULL), NRD_OK);
    assert_int_equal(nrd_moments_merge(many, expected, NULL, NULL), NRD_OK);
    assert_same_state(one, many, "merged again");
    nrd_moments_free(one);
    nrd_moments_free(many);
    nrd_moments_free(expected);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(groups_go_where_the_map_says),
        cmocka_unit_test(windows_of_any_width_are_merged),
        cmocka_unit_test(one_group_goes_into_many),
        cmocka_unit_test(sums_that_cancel_are_gone),
        cmocka_unit_test(one_part_can_be_merged_many_times),
        cmocka_unit_test(nothing_merged_changes_nothing),
        cmocka_unit_test(dropped_rows_are_added),
        cmocka_unit_test(rows_do_not_overflow),
        cmocka_unit_test(groups_can_be_added),
        cmocka_unit_test(groups_added_to_one_stay_narrow),
        cmocka_unit_test(grow_is_checked),
        cmocka_unit_test(merge_is_checked),
    };

    return cmocka_run_group_tests_name("moments_merge", tests, NULL, NULL);
}
