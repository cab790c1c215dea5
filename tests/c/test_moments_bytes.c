#include "bytes_private.h"
#include "moments_toy.h"

#define ROWS 40
#define GROUPS 3

/* Places in the bytes of a state of two columns. */
enum {
    VERSION = 4,
    KIND = 5,
    LEVEL = 6,
    ZERO = 7,
    COLUMNS = 8,
    GROUP_COUNT = 12,
    DROPPED = 16,
    DECIMALS = 24,
    COUNTS = 26,
    SUMS = 42,
    SECOND = 51 /* the sum after the first, which has one digit */
};

static double column_x[ROWS], column_y[ROWS], column_weight[ROWS];
static int64_t column_group[ROWS];

/* Rows of which the middle group has none. */
static toy_rows
fill(uint64_t seed, int weighted, int grouped)
{
    toy_rows out = toy_of(ROWS, column_x, column_y);

    for (size_t i = 0; i < ROWS; i++) {
        column_x[i] = next_double(&seed, -40, 40);
        column_y[i] = i % 9 == 4 ? (double) NAN : next_double(&seed, -1074, 1000);
        column_weight[i] = (double) (next_bits(&seed) % 3);
        column_group[i] = next_bits(&seed) % 2 == 0 ? 0 : 2;
    }
    out.groups = grouped ? GROUPS : 1;
    out.group = grouped ? column_group : NULL;
    out.weights = weighted ? NRD_WEIGHTS_FREQUENCY : NRD_WEIGHTS_NONE;
    out.weight = weighted ? column_weight : NULL;
    return out;
}

/* Bytes of a state of a few rows, released with free. */
static uint8_t *
some_bytes(size_t *length, int weighted, int grouped)
{
    const toy_rows rows = fill(7, weighted, grouped);
    nrd_moments *moments = toy_state(&rows);
    uint8_t *bytes = toy_bytes(moments, length);

    nrd_moments_free(moments);
    return bytes;
}

static void
seal(uint8_t *bytes, size_t length)
{
    nrdi_put(bytes + length - 4, nrdi_checksum(bytes, length - 4), 4);
}

static void
assert_unreadable(const uint8_t *bytes, size_t length, const char *found)
{
    nrd_moments *moments = NULL;
    nrd_error err = {NRD_OK, 0, ""};

    assert_int_equal(nrd_moments_from_bytes(bytes, length, &moments, &err), NRD_E_PARSE);
    assert_int_equal(err.status, NRD_E_PARSE);
    assert_non_null(strstr(err.message, found));
    assert_int_equal(nrd_moments_from_bytes(bytes, length, &moments, NULL), NRD_E_PARSE);
    assert_null(moments);
}

/* Read back, a state is what it was, also for all that may follow. */
static void
bytes_keep_every_state(void **state)
{
    (void) state;
    for (size_t k = 0; k < 24; k++) {
        toy_rows rows = fill(k, (int) (k % 2), (int) (k / 2 % 2));
        nrd_moments *expected, *found = NULL;
        uint8_t *bytes;
        size_t length;

        rows.level = (nrd_moments_level) (k / 4 % 3 + 1);
        expected = toy_part(&rows, 0, k < 12 ? ROWS / 2 : 0);
        bytes = toy_bytes(expected, &length);
        assert_int_equal(nrd_moments_from_bytes(bytes, length, &found, NULL), NRD_OK);
        free(bytes);
        assert_same_state(found, expected, "read back");
        assert_int_equal(nrd_moments_dropped(found), nrd_moments_dropped(expected));
        toy_add(found, &rows, ROWS / 2, ROWS, 1);
        toy_add(expected, &rows, ROWS / 2, ROWS, 1);
        assert_same_state(found, expected, "more rows");
        assert_int_equal(nrd_moments_merge(found, expected, NULL, NULL), NRD_OK);
        toy_add(expected, &rows, 0, ROWS / 2, 1);
        toy_add(expected, &rows, ROWS / 2, ROWS, 1);
        if (k < 12) {
            assert_same_state(found, expected, "merged");
        }
        nrd_moments_free(found);
        nrd_moments_free(expected);
    }
}

/* Decimals are kept: values go on being read as what they stand for. */
static void
decimals_are_kept(void **state)
{
    const double x[] = {0.1, 0.2, 0.3}, y[] = {1e300, -0x1p-1074, 2.385};
    const int32_t decimals[] = {6, -1};
    toy_rows rows = toy_of(3, x, y);
    nrd_moments *expected, *found = NULL;
    double sum[2];
    uint8_t *bytes;
    size_t length;

    (void) state;
    rows.decimals = decimals;
    expected = toy_part(&rows, 0, 1);
    bytes = toy_bytes(expected, &length);
    assert_int_equal(nrd_moments_from_bytes(bytes, length, &found, NULL), NRD_OK);
    free(bytes);
    toy_add(found, &rows, 1, 3, 1);
    nrd_moments_sum(found, sum);
    assert_same(sum[0], 0.6, 0);
    assert_int_equal(nrd_moments_merge(found, expected, NULL, NULL), NRD_OK);
    nrd_moments_free(found);
    nrd_moments_free(expected);
}

/* Large groups of small sums stay small, whatever the signs. */
static void
many_groups_are_read(void **state)
{
    enum { MANY = 3000 };
    static double x[MANY], y[MANY];
    static int64_t group[MANY];
    toy_rows rows = toy_of(MANY, x, y);
    nrd_moments *expected, *found = NULL;
    uint8_t *bytes;
    size_t length;

    (void) state;
    for (size_t i = 0; i < MANY; i++) {
        x[i] = i % 2 == 0 ? -2.385 : 7.19;
        y[i] = -(double) i;
        group[i] = (int64_t) i;
    }
    rows.groups = MANY;
    rows.group = group;
    expected = toy_state(&rows);
    bytes = toy_bytes(expected, &length);
    assert_int_equal(nrd_moments_from_bytes(bytes, length, &found, NULL), NRD_OK);
    free(bytes);
    assert_same_then_free(found, expected, "many groups");
    nrd_moments_free(expected);
}

static void
every_cut_is_found(void **state)
{
    (void) state;
    for (int way = 0; way < 4; way++) {
        size_t length;
        uint8_t *bytes = some_bytes(&length, way % 2, way / 2);

        for (size_t cut = 0; cut < length; cut++) {
            /* Of a size of its own, so that reading beyond the end would be seen. */
            uint8_t *part = malloc(cut > 0 ? cut : 1);

            assert_non_null(part);
            memcpy(part, bytes, cut);
            assert_unreadable(part, cut, cut < 28 ? "no state" : "checksum");
            if (cut >= 28) {
                seal(part, cut);
                assert_unreadable(part, cut, "");
            }
            free(part);
        }
        free(bytes);
    }
}

static void
every_damaged_bit_is_found(void **state)
{
    (void) state;
    for (int way = 0; way < 4; way += 3) {
        size_t length;
        uint8_t *bytes = some_bytes(&length, way % 2, way / 2);

        for (size_t i = 0; i < length; i++) {
            const uint8_t flip = (uint8_t) (1u << i % 8);

            bytes[i] ^= flip;
            assert_unreadable(bytes, length, "");
            bytes[i] ^= flip;
        }
        free(bytes);
    }
}

/* With a checksum that fits: what cannot have been written is not read. */
static void
every_wrong_field_is_found(void **state)
{
    static const struct {
        size_t at, bytes;
        uint64_t value;
        const char *found;
    } wrong[] = {
        {0, 1, 'n', "no state"},
        {VERSION, 1, 0, "version 0"},
        {VERSION, 1, 2, "version 2"},
        {KIND, 1, 4, ""},
        {KIND, 1, 0, ""},
        {KIND, 1, 255, ""},
        {LEVEL, 1, 0, ""},
        {LEVEL, 1, 2, ""},
        {LEVEL, 1, 4, ""},
        {ZERO, 1, 1, ""},
        {COLUMNS, 4, 0, ""},
        {COLUMNS, 4, 1, ""},
        {COLUMNS, 4, 3, ""},
        {COLUMNS, 4, UINT32_MAX, ""},
        {GROUP_COUNT, 4, 0, ""},
        {GROUP_COUNT, 4, GROUPS - 1, "left over"},
        {GROUP_COUNT, 4, GROUPS + 1, ""},
        {GROUP_COUNT, 4, UINT32_MAX, ""},
        {DROPPED, 8, ((uint64_t) 1 << 53) + 1, "9007199254740993 rows dropped"},
        {DROPPED, 8, UINT64_MAX, "expected at most 2^53"},
        {DECIMALS, 1, 10, ""},
        {DECIMALS + 1, 1, 0xfe, ""},
        {COUNTS, 8, 0, ""},
        {COUNTS, 8, 1, ""},
        {COUNTS, 8, UINT64_MAX, ""},
        {COUNTS, 8, (uint64_t) 1 << 63, ""},
        {COUNTS + 8, 8, 0, ""},
        {COUNTS + 8, 8, UINT64_MAX, ""},
        {SUMS, 1, 1, ""},
        {SUMS, 1, 2, ""},
        {SUMS + 1, 2, 202, ""},
        {SUMS + 1, 2, UINT16_MAX, ""},
        {SUMS + 3, 2, 0, ""},
        {SUMS + 3, 2, 203, ""},
        {SUMS + 3, 2, UINT16_MAX, ""},
        {SUMS + 5, 4, 0, ""},
        {SECOND + 5, 4, 0, "a sum"},
    };
    size_t length, last;
    uint8_t *bytes = some_bytes(&length, 1, 1), *copy = malloc(length);

    (void) state;
    assert_non_null(copy);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        memcpy(copy, bytes, length);
        nrdi_put(copy + wrong[i].at, wrong[i].value, wrong[i].bytes);
        seal(copy, length);
        assert_unreadable(copy, length, wrong[i].found);
    }
    assert_int_equal(nrdi_get(bytes + SUMS + 3, 2), 1);
    last = SECOND + 5 + 4 * ((size_t) nrdi_get(bytes + SECOND + 3, 2) - 1);
    memcpy(copy, bytes, length);
    nrdi_put(copy + last, 0, 4);
    seal(copy, length);
    assert_unreadable(copy, length, "a sum");
    free(copy);
    free(bytes);
}

/* The digits of the one sum of a state end where those of an exact sum do. */
static void
digits_beyond_the_last_are_found(void **state)
{
    const double x[] = {2.385};
    toy_rows rows = toy_of(1, x, NULL);
    nrd_moments *moments;
    uint8_t *bytes;
    size_t length, n;

    (void) state;
    rows.level = NRD_MOMENTS_MEANS;
    moments = toy_state(&rows);
    bytes = toy_bytes(moments, &length);
    n = (size_t) nrdi_get(bytes + SUMS + 2, 2);
    assert_int_equal(length, SUMS + 4 + 4 * n + 4);
    for (size_t beyond = 0; beyond <= n; beyond++) {
        nrd_moments *found = NULL;

        nrdi_put(bytes + SUMS, 202 - n + beyond, 2);
        seal(bytes, length);
        if (beyond > 0) {
            assert_unreadable(bytes, length, "a sum");
        } else {
            assert_int_equal(nrd_moments_from_bytes(bytes, length, &found, NULL), NRD_OK);
            nrd_moments_free(found);
        }
    }
    free(bytes);
    nrd_moments_free(moments);
}

/* Bytes that follow, and bytes that ask for more groups than they bring. */
static void
other_lengths_are_found(void **state)
{
    size_t length;
    uint8_t *bytes = some_bytes(&length, 0, 1), *longer = calloc(length + 7, 1);

    (void) state;
    assert_non_null(longer);
    for (size_t more = 1; more <= 7; more++) {
        memcpy(longer, bytes, length);
        assert_unreadable(longer, length + more, "checksum");
        memset(longer + length - 4, 0, 4 + more);
        seal(longer, length + more);
        assert_unreadable(longer, length + more, "left over");
    }
    free(longer);
    free(bytes);
}

static void
arguments_are_checked(void **state)
{
    const toy_rows rows = fill(8, 0, 1);
    nrd_moments *moments = toy_state(&rows), *found = NULL;
    size_t length;
    uint8_t *bytes = toy_bytes(moments, &length), out[4] = {7, 7, 7, 7};
    nrd_error err;

    (void) state;
    assert_int_equal(nrd_moments_to_bytes(NULL, bytes, length, &err), NRD_E_NULL);
    assert_error(&err, NRD_E_NULL, NRD_NO_ROW, "state");
    assert_int_equal(nrd_moments_to_bytes(moments, NULL, length, NULL), NRD_E_NULL);
    assert_int_equal(nrd_moments_to_bytes(moments, bytes, length - 1, &err), NRD_E_SIZE);
    assert_error(&err, NRD_E_SIZE, NRD_NO_ROW, "room");
    assert_int_equal(nrd_moments_to_bytes(moments, out, 0, NULL), NRD_E_SIZE);
    assert_memory_equal(out, "\7\7\7\7", 4);
    assert_int_equal(nrd_moments_from_bytes(NULL, length, &found, &err), NRD_E_NULL);
    assert_error(&err, NRD_E_NULL, NRD_NO_ROW, "bytes");
    assert_int_equal(nrd_moments_from_bytes(bytes, length, NULL, NULL), NRD_E_NULL);
    free(bytes);
    nrd_moments_free(moments);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_keep_every_state),
        cmocka_unit_test(decimals_are_kept),
        cmocka_unit_test(many_groups_are_read),
        cmocka_unit_test(every_cut_is_found),
        cmocka_unit_test(every_damaged_bit_is_found),
        cmocka_unit_test(every_wrong_field_is_found),
        cmocka_unit_test(digits_beyond_the_last_are_found),
        cmocka_unit_test(other_lengths_are_found),
        cmocka_unit_test(arguments_are_checked),
    };

    return cmocka_run_group_tests_name("moments_bytes", tests, NULL, NULL);
}
