#include "moments_toy.h"

#define ROWS 2500
#define OFFSETS 40
#define PLACES (ROWS + OFFSETS)

enum { X, Y, WEIGHT, GROUP, PARTS };

/* Rows from an offset on, and the bitmap of each part; a part that is not wanted has none.
 */
static struct {
    double value[GROUP][PLACES];
    int64_t group[PLACES];
    uint8_t bits[PARTS][PLACES / 8 + 1];
} table;

/* What is left of the table when what is missing has been taken out. */
static struct {
    double value[GROUP][ROWS];
    int64_t group[ROWS];
} kept;

static void
fill_table(uint64_t seed)
{
    for (size_t i = 0; i < PLACES; i++) {
        table.value[X][i] = next_double(&seed, -20, 20);
        table.value[Y][i] = next_double(&seed, -3, 3);
        table.value[WEIGHT][i] = (double) (next_bits(&seed) % 4);
        table.group[i] = (int64_t) (next_bits(&seed) % 3);
        if (next_bits(&seed) % 8 == 0) {
            table.value[next_bits(&seed) % GROUP][i] = (double) NAN;
        }
    }
    for (size_t i = 0; i < sizeof table.bits; i++) {
        table.bits[i % PARTS][i / PARTS] =
            (uint8_t) (next_bits(&seed) | next_bits(&seed) | next_bits(&seed));
    }
}

static int
is_bit(int part, size_t at)
{
    return table.bits[part][at / 8] >> at % 8 & 1;
}

/* Whether a row is complete; what is missing then becomes what would be an error. */
static int
is_complete(size_t at, int weighted, int grouped)
{
    int complete = !grouped || is_bit(GROUP, at);

    for (int part = X; part <= (weighted ? WEIGHT : Y); part++) {
        complete &= is_bit(part, at) && !isnan(table.value[part][at]);
    }
    for (int part = X; part <= WEIGHT && !complete; part++) {
        if (!isnan(table.value[part][at])) {
            table.value[part][at] = -(double) INFINITY;
        }
    }
    table.group[at] = complete ? table.group[at] : -2385;
    return complete;
}

/* The rows that stay, and as many without a value as do not. */
static nrd_moments *
expected_state(size_t offset, toy_rows *rows)
{
    static double nothing[ROWS];
    const int weighted = rows->weight != NULL, grouped = rows->group != NULL;
    nrd_moments *out;

    rows->n = 0;
    for (size_t i = 0; i < ROWS; i++) {
        nothing[i] = (double) NAN;
        for (int part = X; part <= WEIGHT; part++) {
            kept.value[part][rows->n] = table.value[part][offset + i];
        }
        kept.group[rows->n] = table.group[offset + i];
        rows->n += is_complete(offset + i, weighted, grouped) != 0;
    }
    out = toy_state(rows);
    assert_int_equal(nrd_moments_dropped(out), 0);
    rows->columns[0] = nothing;
    toy_add(out, rows, 0, ROWS - rows->n, 1);
    return out;
}

/* Bits of 0, and NaN, leave a row out, wherever they stand; nothing else of it is read. */
static void
missing_rows_are_left_out(void **state)
{
    (void) state;
    for (size_t k = 0; k < OFFSETS; k++) {
        const int weighted = k & 1, grouped = k >> 1 & 1;
        const size_t offset = k;
        toy_rows rows = toy_of(0, kept.value[X], kept.value[Y]);
        nrd_column column[PARTS];
        nrd_moments *found, *expected;

        fill_table(k);
        for (int part = X; part <= WEIGHT; part++) {
            column[part] = (nrd_column){
                NRD_TYPE_FLOAT64, ROWS, offset, table.value[part], table.bits[part]};
        }
        column[GROUP] =
            (nrd_column){NRD_TYPE_INT64, ROWS, offset, table.group, table.bits[GROUP]};
        rows.weights = weighted ? NRD_WEIGHTS_FREQUENCY : NRD_WEIGHTS_NONE;
        rows.weight = weighted ? kept.value[WEIGHT] : NULL;
        rows.groups = grouped ? 3 : 1;
        rows.group = grouped ? kept.group : NULL;
        expected = expected_state(offset, &rows);
        found = toy_new(&rows);
        assert_int_equal(
            nrd_moments_update(found, column, 2, grouped ? &column[GROUP] : NULL, 0,
                weighted ? &column[WEIGHT] : NULL, 1 + (int) k % 3, NULL, NULL),
            NRD_OK);
        assert_in_range(nrd_moments_dropped(found), 500, 2000);
        assert_same_then_free(found, expected, "rows left out");
        nrd_moments_free(expected);
    }
}

/* What is missing need not look like it, whether a column says so, the weights or groups.
 */
static void
bits_decide_and_not_values(void **state)
{
    static double x[ROWS], ones[ROWS];
    static int64_t zeros[ROWS];
    static uint8_t bits[ROWS / 8 + 1];
    double sum, expected = 0.0;

    (void) state;
    for (size_t i = 0; i < ROWS; i++) {
        x[i] = (double) i;
        ones[i] = 1.0;
        bits[i / 8] |= (uint8_t) ((i % 3 == 0) << i % 8);
        expected += i % 3 == 0 ? x[i] : 0.0;
    }
    for (int part = X; part < PARTS; part++) {
        const nrd_column column = {NRD_TYPE_FLOAT64, ROWS, 0, x, part <= Y ? bits : NULL},
                         weight = {NRD_TYPE_FLOAT64, ROWS, 0, ones,
                             part == WEIGHT ? bits : NULL},
                         group = {
                             NRD_TYPE_INT64, ROWS, 0, zeros, part == GROUP ? bits : NULL};
        toy_rows rows = toy_of(ROWS, x, NULL);
        nrd_moments *found;

        rows.weights = part == WEIGHT ? NRD_WEIGHTS_PROBABILITY : NRD_WEIGHTS_NONE;
        found = toy_new(&rows);
        assert_int_equal(nrd_moments_update(found, &column, 1, part >= Y ? &group : NULL, 0,
                             part == WEIGHT ? &weight : NULL, 1, NULL, NULL),
            NRD_OK);
        nrd_moments_sum(found, &sum);
        assert_same(sum, expected, (size_t) part);
        assert_int_equal(nrd_moments_dropped(found), ROWS - (ROWS + 2) / 3);
        nrd_moments_free(found);
    }
}

/* Rows that are all missing, and no rows at all, make no difference but the number. */
static void
nothing_is_added_where_all_is_missing(void **state)
{
    static const uint8_t none[ROWS / 8 + 1];
    const double value[] = {2.385, (double) INFINITY, (double) NAN};
    const nrd_column missing = {NRD_TYPE_FLOAT64, 3, 0, value, none},
                     nan = {NRD_TYPE_FLOAT64, 1, 2, value, NULL},
                     empty = {NRD_TYPE_FLOAT64, 0, 0, NULL, NULL};
    const toy_rows rows = toy_of(1, value, NULL);
    nrd_moments *found = toy_state(&rows);
    double mean;
    uint8_t defined;
    uint64_t count;

    (void) state;
    assert_int_equal(
        nrd_moments_update(found, &missing, 1, NULL, 0, NULL, 1, NULL, NULL), NRD_OK);
    assert_int_equal(nrd_moments_dropped(found), 3);
    assert_int_equal(
        nrd_moments_update(found, &nan, 1, NULL, 0, NULL, 1, NULL, NULL), NRD_OK);
    assert_int_equal(
        nrd_moments_update(found, &empty, 1, NULL, 0, NULL, 1, NULL, NULL), NRD_OK);
    assert_int_equal(nrd_moments_dropped(found), 4);
    nrd_moments_rows(found, &count);
    nrd_moments_mean(found, &mean, &defined);
    assert_int_equal(count, 1);
    assert_int_equal(defined, 1);
    assert_same(mean, 2.385, 0);
    nrd_moments_free(found);
}

/* Groups of both types, counted from any number, give the groups counted from 0. */
static void
groups_are_counted_from_any_number(void **state)
{
    static const int64_t firsts[] = {0, 1, -1, 2385, INT32_MIN, INT32_MAX - 2, INT64_MIN,
        INT64_MAX - 2, (int64_t) 1 << 40};
    static int32_t narrow[ROWS];
    static int64_t wide[ROWS];
    nrd_column columns[2], group;
    toy_rows rows = toy_of(ROWS, table.value[X], table.value[Y]);
    nrd_moments *expected;

    (void) state;
    fill_table(38);
    rows.groups = 3;
    rows.group = table.group;
    expected = toy_state(&rows);
    for (size_t k = 0; k < 2; k++) {
        columns[k] = (nrd_column){NRD_TYPE_FLOAT64, ROWS, 0, table.value[k], NULL};
    }
    for (size_t k = 0; k < sizeof firsts / sizeof firsts[0]; k++) {
        const int fits = firsts[k] >= INT32_MIN && firsts[k] <= INT32_MAX - 2;
        nrd_moments *found = toy_new(&rows);
        nrd_error err;

        for (size_t i = 0; i < ROWS; i++) {
            wide[i] = firsts[k] + table.group[i];
            narrow[i] = fits ? (int32_t) wide[i] : 0;
        }
        group = (nrd_column){NRD_TYPE_INT64, ROWS, 0, wide, NULL};
        assert_int_equal(
            nrd_moments_update(found, columns, 2, &group, firsts[k], NULL, 1, NULL, NULL),
            NRD_OK);
        assert_same_then_free(found, expected, "int64");
        found = toy_new(&rows);
        group = (nrd_column){NRD_TYPE_INT32, ROWS, 0, narrow, NULL};
        assert_int_equal(
            nrd_moments_update(found, columns, 2, &group, firsts[k], NULL, 1, NULL, &err),
            fits ? NRD_OK : NRD_E_UNKNOWN);
        if (fits) {
            assert_same_state(found, expected, "int32");
        }
        nrd_moments_free(found);
    }
    nrd_moments_free(expected);
}

/* The first group counts too: one below it, and one beyond the last, are not there. */
static void
groups_beside_the_range_are_refused(void **state)
{
    const double x[] = {2.385, 7.19};
    const int32_t group[] = {100, 99, 100, 103};
    const nrd_column column = {NRD_TYPE_FLOAT64, 2, 0, x, NULL};
    const toy_rows rows = {.p = 1, .groups = 3, .level = NRD_MOMENTS_MEANS};
    nrd_moments *found = toy_new(&rows);
    uint64_t count[3];
    nrd_error err;

    (void) state;
    for (size_t offset = 0; offset <= 2; offset += 2) {
        const nrd_column groups = {NRD_TYPE_INT32, 2, offset, group, NULL};

        assert_int_equal(
            nrd_moments_update(found, &column, 1, &groups, 100, NULL, 1, NULL, &err),
            NRD_E_UNKNOWN);
        assert_error(&err, NRD_E_UNKNOWN, 1, offset == 0 ? "99" : "103");
    }
    nrd_moments_rows(found, count);
    assert_int_equal(count[0] + count[1] + count[2], 0);
    nrd_moments_free(found);
}

/* One group may be named or not. */
static void
one_group_needs_no_column(void **state)
{
    static const int64_t zeros[ROWS];
    toy_rows rows = toy_of(ROWS, table.value[X], table.value[Y]);
    nrd_moments *expected, *found;

    (void) state;
    fill_table(39);
    expected = toy_state(&rows);
    rows.group = zeros;
    found = toy_state(&rows);
    assert_same_then_free(found, expected, "one group");
    nrd_moments_free(expected);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(missing_rows_are_left_out),
        cmocka_unit_test(bits_decide_and_not_values),
        cmocka_unit_test(nothing_is_added_where_all_is_missing),
        cmocka_unit_test(groups_are_counted_from_any_number),
        cmocka_unit_test(groups_beside_the_range_are_refused),
        cmocka_unit_test(one_group_needs_no_column),
    };

    return cmocka_run_group_tests_name("moments_missing", tests, NULL, NULL);
}
