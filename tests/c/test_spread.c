/* Long tables spread into columns. */

#include <nrd/spread.h>

#include "status_private.h"
#include "support.h"

#define ROWS 7
#define CODES 4

/* Units by codes of a categorical column with one that is never used, times as they stand,
 * items in another order than their codes. */
static const int32_t unit_codes[ROWS] = {3, 0, 3, 0, 3, 0, 3};
static const int32_t unit_index[] = {-1, 1, -1, -1, 0};
static const int32_t when_codes[ROWS] = {2, 2, 2, 1, 1, 1, 2};
static const int32_t when_index[] = {-1, -1, 0, 1};
static const int32_t item_codes[ROWS] = {0, 0, 1, 1, 0, 0, 2};
static const int32_t item_index[] = {-1, 2, 0, 1};
static const int32_t place_codes[ROWS] = {0, 1, 0, 0, 1, 0, 0};
static const int32_t place_index[] = {-1, 0, 1};
static const double values[ROWS] = {2.385, 7.0, NAN, 19.0, 0.1, 1e300, -3.0};

static nrd_long
toy(void)
{
    return (nrd_long){ROWS, {unit_codes, unit_index, 4, 2}, {when_codes, when_index, 3, 2},
        {item_codes, item_index, 3, 3}, {place_codes, place_index, 2, 2}, values, 0};
}

/* Worked by hand: unit 0 is code 3, unit 1 code 0; rows are unit 0 at times 1 and 2, unit 1
 * at times 1 and 2; item 0 is code 1, item 1 code 2, item 2 code 0. */
static void
values_stand_where_they_belong(void **state)
{
    static const uint64_t first[] = {4, 0, 3, 1};
    static const double wide[] = {
        NAN, NAN, 19.0, NAN, NAN, -3.0, NAN, NAN, 0.1, 2.385, 1e300, 7.0};
    const nrd_long in = toy();
    nrd_spread *spread = NULL;
    uint64_t found[4];
    double out[12];

    (void) state;
    assert_int_equal(nrd_spread_new(&in, &spread, NULL), NRD_OK);
    assert_int_equal(nrd_spread_rows(spread), 4);
    nrd_spread_fill(spread, found, out);
    assert_memory_equal(found, first, sizeof first);
    for (size_t k = 0; k < 12; k++) {
        assert_true(out[k] == wide[k] || (isnan(out[k]) && isnan(wide[k])));
    }
    nrd_spread_free(spread);
}

/* A table with all its values and none missing leaves nothing open, in any order of rows.
 */
static void
order_of_rows_changes_nothing(void **state)
{
    enum { UNITS = 11, TIMES = 3, ITEMS = 5, ALL = UNITS * TIMES * ITEMS };
    static const int32_t same[] = {-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    int32_t unit[ALL], when[ALL], item[ALL];
    double given[ALL], out[ALL];
    uint64_t first[UNITS * TIMES];
    nrd_long in = {ALL, {unit, same, UNITS, UNITS}, {when, same, TIMES, TIMES},
        {item, same, ITEMS, ITEMS}, {NULL, NULL, 0, 0}, given, 1};
    nrd_spread *spread = NULL;

    (void) state;
    for (size_t i = 0; i < ALL; i++) {
        const int32_t k = (int32_t) (i * 64 % ALL);

        unit[i] = k / TIMES % UNITS;
        when[i] = k % TIMES;
        item[i] = k / (UNITS * TIMES);
        given[i] = k == 23 ? (double) INFINITY : (double) k;
    }
    assert_int_equal(nrd_spread_new(&in, &spread, NULL), NRD_OK);
    nrd_spread_fill(spread, first, out);
    for (size_t k = 0; k < ALL; k++) {
        assert_true(out[k] == (k == 23 ? (double) INFINITY : (double) k));
    }
    for (size_t k = 0; k < UNITS * TIMES; k++) {
        assert_int_equal(unit[first[k]] * TIMES + when[first[k]], k);
        for (size_t i = 0; i < first[k]; i++) {
            assert_int_not_equal(unit[i] * TIMES + when[i], k);
        }
    }
    nrd_spread_free(spread);
}

static void
no_rows(void **state)
{
    static const int32_t none[] = {-1};
    const nrd_long in = {0, {NULL, none, 0, 0}, {NULL, none, 0, 0}, {NULL, none, 0, 0},
        {NULL, NULL, 0, 0}, NULL, 0};
    nrd_spread *spread = NULL;
    uint64_t first = 7;
    double value = 7.0;

    (void) state;
    assert_int_equal(nrd_spread_new(&in, &spread, NULL), NRD_OK);
    assert_int_equal(nrd_spread_rows(spread), 0);
    nrd_spread_fill(spread, &first, &value);
    assert_int_equal(first, 7);
    assert_true(value == 7.0);
    nrd_spread_free(spread);
    nrd_spread_free(NULL);
}

static void
codes_begin_somewhere(void **state)
{
    static const int32_t codes[] = {2, 2, 0, -1, 0, 2, -1};
    static const uint64_t expected[] = {3, 2, 7, 0, 7};
    static const uint64_t without[] = {2, 2, 2, 0, 2};
    uint64_t first[CODES + 1];

    (void) state;
    assert_int_equal(nrd_key_first(codes, 7, CODES, first, NULL), NRD_OK);
    assert_memory_equal(first, expected, sizeof expected);
    assert_int_equal(nrd_key_first(codes, 2, CODES, first, NULL), NRD_OK);
    assert_memory_equal(first, without, sizeof without);
    assert_int_equal(nrd_key_first(NULL, 0, 0, first, NULL), NRD_OK);
    assert_int_equal(first[0], 0);
}

static void
refuse_first(const int32_t *codes, size_t rows, nrd_status expected, size_t row)
{
    uint64_t first[CODES + 1] = {77};
    nrd_error err = {NRD_OK, 0, ""};

    assert_int_equal(nrd_key_first(codes, rows, CODES, first, &err), expected);
    assert_int_equal(err.row, row);
    assert_int_equal(first[0], 77);
}

static void
codes_out_of_range_are_refused(void **state)
{
    static const int32_t high[] = {0, -1, CODES};
    static const int32_t low[] = {0, -2};

    (void) state;
    refuse_first(high, 3, NRD_E_UNKNOWN, 2);
    refuse_first(low, 2, NRD_E_UNKNOWN, 1);
    refuse_first(NULL, 1, NRD_E_NULL, NRD_NO_ROW);
    assert_int_equal(nrd_key_first(low, 1, CODES, NULL, NULL), NRD_E_NULL);
}

static void
refuse(const nrd_long *in, nrd_status expected, size_t row, const char *words)
{
    nrd_spread *spread = NULL;
    nrd_error err = {NRD_OK, 0, ""};

    assert_int_equal(nrd_spread_new(in, &spread, &err), expected);
    assert_null(spread);
    assert_int_equal(err.row, row);
    if (strstr(err.message, words) == NULL) {
        fail_msg("found \"%s\", expected \"%s\" in it", err.message, words);
    }
}

static void
bad_rows_are_named(void **state)
{
    static const int32_t missing[ROWS] = {3, 0, -1, 0, 3, 0, 3};
    static const int32_t unused[ROWS] = {3, 0, 3, 1, 3, 0, 3};
    static const int32_t outside[ROWS] = {3, 0, 3, 0, 3, 4, 3};
    static const int32_t again[ROWS] = {0, 0, 1, 1, 0, 0, 1};
    static const int32_t moved[ROWS] = {0, 1, 1, 0, 1, 0, 0};
    static const double infinite[ROWS] = {1.0, 2.0, 3.0, 4.0, -INFINITY, 6.0, 7.0};
    nrd_long in = toy();

    (void) state;
    in.unit.codes = missing;
    refuse(&in, NRD_E_UNKNOWN, 2, "the unit is missing");
    in.unit.codes = unused;
    refuse(&in, NRD_E_UNKNOWN, 3, "the unit is");
    in.unit.codes = outside;
    refuse(&in, NRD_E_UNKNOWN, 5, "the unit is");
    in = toy();
    in.when.codes = missing;
    refuse(&in, NRD_E_UNKNOWN, 0, "the time is");
    in = toy();
    in.item.codes = missing;
    refuse(&in, NRD_E_UNKNOWN, 0, "the item is");
    in = toy();
    in.place.codes = missing;
    refuse(&in, NRD_E_UNKNOWN, 0, "the place is missing");
    in.place.codes = moved;
    refuse(&in, NRD_E_CONFLICT, 2, "another than in row 0");
    in = toy();
    in.item.codes = again;
    refuse(&in, NRD_E_DUPLICATE, 6, "given twice");
    in = toy();
    in.values = infinite;
    refuse(&in, NRD_E_DOMAIN, 4, "found -inf");
}

static void
arguments_are_checked(void **state)
{
    static const int32_t beyond[] = {-1, 1, -1, -1, 2};
    static const int32_t below[] = {-2, 1, -1, -1, 0};
    nrd_spread *spread = NULL;
    nrd_long in = toy();

    (void) state;
    assert_int_equal(nrd_spread_new(NULL, &spread, NULL), NRD_E_NULL);
    assert_int_equal(nrd_spread_new(&in, NULL, NULL), NRD_E_NULL);
    in.unit.index = beyond;
    refuse(&in, NRD_E_UNKNOWN, NRD_NO_ROW, "index 2 of the units");
    in.unit.index = below;
    refuse(&in, NRD_E_UNKNOWN, NRD_NO_ROW, "index -2 of the units");
    in.unit.index = NULL;
    refuse(&in, NRD_E_NULL, NRD_NO_ROW, "units are NULL");
    in = toy();
    in.when.codes = NULL;
    refuse(&in, NRD_E_NULL, NRD_NO_ROW, "times are NULL");
    in = toy();
    in.item.codes = NULL;
    refuse(&in, NRD_E_NULL, NRD_NO_ROW, "items are NULL");
    in = toy();
    in.place.index = NULL;
    refuse(&in, NRD_E_NULL, NRD_NO_ROW, "places are NULL");
    in = toy();
    in.values = NULL;
    refuse(&in, NRD_E_NULL, NRD_NO_ROW, "values is NULL");
    in = toy();
    in.unit.n = in.when.n = in.item.n = INT32_MAX;
    refuse(&in, NRD_E_SIZE, NRD_NO_ROW, "2147483647 units");
    in = toy();
    in.unit.n = (size_t) INT32_MAX + 1;
    refuse(&in, NRD_E_SIZE, NRD_NO_ROW, "of the units");
}

static void
no_memory_left(void **state)
{
    const nrd_long in = toy();

    (void) state;
    for (long left = 0; left < 5; left++) {
        nrdi_malloc_fail_after(left);
        refuse(&in, NRD_E_MEMORY, NRD_NO_ROW, "no memory left");
    }
    nrdi_malloc_fail_after(-1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_stand_where_they_belong),
        cmocka_unit_test(order_of_rows_changes_nothing),
        cmocka_unit_test(no_rows),
        cmocka_unit_test(codes_begin_somewhere),
        cmocka_unit_test(codes_out_of_range_are_refused),
        cmocka_unit_test(bad_rows_are_named),
        cmocka_unit_test(arguments_are_checked),
        cmocka_unit_test(no_memory_left),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
