#include "support.h"

#include <math.h>
#include <string.h>

#include <nrd/column.h>

#include "column_private.h"
#include "exact_block_private.h"
#include "status_private.h"

#define BYTES 16
#define ROWS 128
#define MANY 600000 /* enough for three threads */

/* A column of numbers over a bitmap, as a case of the reference describes it. */
static nrd_column
column_from(const cJSON *ref, double *values, uint8_t *bitmap)
{
    uint64_t bytes[BYTES], nans[ROWS], offset;
    const size_t n = ref_counts(ref, "nan", nans, ROWS);
    const size_t n_bytes = ref_counts(ref, "bitmap", bytes, BYTES);

    assert_int_equal(ref_counts(ref, "offset", &offset, 1), 1);
    assert_true(n + offset <= ROWS);
    for (size_t i = 0; i < n_bytes; i++) {
        bitmap[i] = (uint8_t) bytes[i];
    }
    for (size_t i = 0; i < offset; i++) {
        values[i] = (double) NAN;
    }
    for (size_t i = 0; i < n; i++) {
        values[offset + i] = nans[i] ? (double) NAN : 2.385 * (double) i;
    }
    return (nrd_column){NRD_TYPE_FLOAT64, n, (size_t) offset, values, bitmap};
}

static void
validity_matches_reference(void **state)
{
    cJSON *ref = ref_open("column_validity");
    const cJSON *item;

    (void) state;
    cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(ref, "cases"))
    {
        double values[ROWS];
        uint8_t bitmap[BYTES];
        uint64_t valid[ROWS], count, numbers;
        nrd_column column = column_from(item, values, bitmap);

        assert_int_equal(ref_counts(item, "valid", valid, ROWS), column.length);
        assert_int_equal(ref_counts(item, "count", &count, 1), 1);
        assert_int_equal(ref_counts(item, "count_numbers", &numbers, 1), 1);
        for (size_t i = 0; i < column.length; i++) {
            assert_int_equal(nrd_column_is_valid(&column, i), valid[i]);
        }
        assert_int_equal(nrd_column_count_valid(&column, 0), count);
        assert_int_equal(nrd_column_count_valid(&column, 1), numbers);
    }
    cJSON_Delete(ref);
}

/* Rows can be cut anywhere, and a bitmap turned over: the counts add up. */
static void
counts_add_up(void **state)
{
    static const uint8_t bitmap[] = {0x2d, 0xb3, 0x00, 0xff, 0x81};
    uint8_t flipped[sizeof bitmap];
    const int8_t values[40] = {0};
    const size_t n = 29;

    (void) state;
    for (size_t i = 0; i < sizeof bitmap; i++) {
        flipped[i] = (uint8_t) (0xff - bitmap[i]);
    }
    for (size_t offset = 0; offset <= 11; offset++) {
        const nrd_column all = {NRD_TYPE_INT8, n, offset, values, bitmap};
        const nrd_column other = {NRD_TYPE_INT8, n, offset, values, flipped};
        const size_t count = nrd_column_count_valid(&all, 0);

        assert_int_equal(count + nrd_column_count_valid(&other, 0), n);
        for (size_t cut = 0; cut <= n; cut++) {
            const nrd_column head = {NRD_TYPE_INT8, cut, offset, values, bitmap};
            const nrd_column tail = {NRD_TYPE_INT8, n - cut, offset + cut, values, bitmap};

            assert_int_equal(
                nrd_column_count_valid(&head, 0) + nrd_column_count_valid(&tail, 0), count);
        }
    }
}

static void
without_bitmap_nothing_is_missing(void **state)
{
    const double values[] = {1.5, (double) NAN, -0.0, -(double) NAN, (double) INFINITY};
    const nrd_column column = {NRD_TYPE_FLOAT64, 4, 1, values, NULL};

    (void) state;
    for (size_t i = 0; i < column.length; i++) {
        assert_int_equal(nrd_column_is_valid(&column, i), 1);
    }
    assert_int_equal(nrd_column_count_valid(&column, 0), 4);
    assert_int_equal(nrd_column_count_valid(&column, 1), 2);
}

/* The bits of an integer column may look like those of a NaN, and rows be fewer bytes. */
static void
integers_are_never_nan(void **state)
{
    static const uint8_t bitmap[] = {0x05};
    int8_t small[3];
    int32_t middle[3];
    int64_t large[3];

    (void) state;
    memset(small, 0xff, sizeof small);
    memset(middle, 0xff, sizeof middle);
    memset(large, 0xff, sizeof large);
    {
        const nrd_column columns[] = {
            {NRD_TYPE_INT8, 3, 0, small, bitmap},
            {NRD_TYPE_INT32, 3, 0, middle, bitmap},
            {NRD_TYPE_INT64, 3, 0, large, bitmap},
        };

        for (size_t i = 0; i < 3; i++) {
            nrd_column full = columns[i];

            full.validity = NULL;
            assert_int_equal(nrd_column_count_valid(&columns[i], 1), 2);
            assert_int_equal(nrd_column_count_valid(&full, 1), 3);
        }
    }
}

static void
empty_columns_are_fine(void **state)
{
    const nrd_column empty = {NRD_TYPE_INT32, 0, 0, NULL, NULL};
    const nrd_column numbers = {NRD_TYPE_FLOAT64, 0, 0, NULL, NULL};
    nrd_error err;

    (void) state;
    assert_int_equal(nrd_column_check(&empty, NRD_TYPE_INT32, 0, "unit", &err), NRD_OK);
    assert_int_equal(nrd_column_count_valid(&empty, 0), 0);
    assert_int_equal(nrd_column_count_valid(&numbers, 1), 0);
}

static void
check_passes_each_type(void **state)
{
    static const nrd_type types[] = {
        NRD_TYPE_INT8, NRD_TYPE_INT32, NRD_TYPE_INT64, NRD_TYPE_FLOAT64};
    const double values[7] = {0.0};
    nrd_error err, before;

    (void) state;
    memset(&before, 0x5a, sizeof before);
    err = before;
    for (size_t i = 0; i < 4; i++) {
        const nrd_column column = {types[i], 7, 0, values, NULL};

        assert_int_equal(types[i], i + 1);
        for (size_t k = 0; k < 4; k++) {
            assert_int_equal(nrd_column_check(&column, types[k], 7, NULL, NULL),
                i == k ? NRD_OK : NRD_E_TYPE);
        }
        assert_int_equal(nrd_column_check(&column, types[i], 7, "amount", &err), NRD_OK);
    }
    assert_memory_equal(&err, &before, sizeof err);
}

static void
check_names_what_is_wrong(void **state)
{
    const int32_t values[75] = {0};
    const nrd_column column = {NRD_TYPE_INT32, 75, 0, values, NULL};
    const nrd_column hollow = {NRD_TYPE_INT32, 75, 0, NULL, NULL};
    nrd_error err;

    (void) state;
    assert_int_equal(nrd_column_check(NULL, NRD_TYPE_INT32, 0, "unit", &err), NRD_E_NULL);
    assert_error(&err, NRD_E_NULL, NRD_NO_ROW, "unit");
    assert_int_equal(
        nrd_column_check(&hollow, NRD_TYPE_INT32, 75, "criterion", &err), NRD_E_NULL);
    assert_error(&err, NRD_E_NULL, NRD_NO_ROW, "criterion");
    assert_int_equal(
        nrd_column_check(&column, NRD_TYPE_FLOAT64, 75, "amount", &err), NRD_E_TYPE);
    assert_error(&err, NRD_E_TYPE, NRD_NO_ROW, "amount");
    assert_error(&err, NRD_E_TYPE, NRD_NO_ROW, "int32");
    assert_error(&err, NRD_E_TYPE, NRD_NO_ROW, "float64");
    assert_int_equal(
        nrd_column_check(&column, NRD_TYPE_INT32, 74, "state", &err), NRD_E_SIZE);
    assert_error(&err, NRD_E_SIZE, NRD_NO_ROW, "state");
    assert_error(&err, NRD_E_SIZE, NRD_NO_ROW, "75");
    assert_error(&err, NRD_E_SIZE, NRD_NO_ROW, "74");
}

static void
check_needs_no_name(void **state)
{
    const int32_t values[2] = {0};
    const nrd_column column = {NRD_TYPE_INT32, 2, 0, values, NULL};
    nrd_error err;

    (void) state;
    assert_int_equal(nrd_column_check(NULL, NRD_TYPE_INT32, 2, NULL, &err), NRD_E_NULL);
    assert_error(&err, NRD_E_NULL, NRD_NO_ROW, "");
    assert_int_equal(nrd_column_check(&column, NRD_TYPE_INT8, 2, NULL, &err), NRD_E_TYPE);
    assert_error(&err, NRD_E_TYPE, NRD_NO_ROW, "int8");
    assert_int_equal(nrd_column_check(&column, NRD_TYPE_INT32, 37, NULL, &err), NRD_E_SIZE);
    assert_error(&err, NRD_E_SIZE, NRD_NO_ROW, "37");
    assert_int_equal(nrd_column_check(&column, NRD_TYPE_INT32, 3, NULL, NULL), NRD_E_SIZE);
}

/* The ends of any rows of both widths, wherever they begin, on any number of threads and
 * with any vector instructions. */
static void
ends_are_found(void **state)
{
    static const char *const kernels[] = {"plain", "avx2", "avx512"};
    static const size_t lengths[] = {1, 7, 8, 33, 1000, MANY - 3};
    static int32_t narrow[MANY];
    static int64_t wide[MANY];
    const nrd_column columns[] = {
        {NRD_TYPE_INT32, 0, 0, narrow, NULL}, {NRD_TYPE_INT64, 0, 0, wide, NULL}};

    (void) state;
    for (size_t i = 0; i < MANY; i++) {
        const uint64_t bits = (i + 1) * UINT64_C(0x9e3779b97f4a7c15);

        wide[i] = i < 40 ? -(int64_t) i : (int64_t) bits;
        narrow[i] = (int32_t) (wide[i] >> 32);
    }
    for (size_t k = 0; k < 3 * 2 * 6 * 2 * 2; k++) {
        nrd_column column = columns[k / 3 % 2];
        int64_t low = INT64_MAX, high = INT64_MIN, found[2];

        column.length = lengths[k / 6 % 6];
        column.offset = k / 36 % 2 * 3;
        for (size_t i = column.offset; i < column.offset + column.length; i++) {
            const int64_t value = k / 3 % 2 == 0 ? narrow[i] : wide[i];

            low = value < low ? value : low;
            high = value > high ? value : high;
        }
        if (nrdi_kernels_force(kernels[k % 3])) {
            assert_int_equal(
                nrd_column_range(&column, k < 72 ? 1 : 3, &found[0], &found[1], NULL),
                NRD_OK);
            assert_true(found[0] == low && found[1] == high);
        }
    }
    assert_int_equal(nrdi_kernels_force(NULL), 1);
}

/* What a look is, value by value: -1 where no number of decimals fits all. */
static int32_t
decimals_of(const double *values, size_t n)
{
    for (int32_t d = 0; d <= 9; d++) {
        size_t fit = 0;

        while (
            fit < n && (isnan(values[fit]) || !isnan(nrdi_in_decimals(values[fit], d)))) {
            fit++;
        }
        if (fit == n) {
            return d;
        }
    }
    return -1;
}

/* Columns of printed decimals, with something else near their ends. */
static void
a_look_is_that_of_each_value(void **state)
{
    static const char *const kernels[] = {"plain", "avx2", "avx512"};
    static const double odd[] = {0.5, 1.0 / 3.0, 0x1p51, 0x1p50 + 1.0, 1e300, -7.25, -0.0,
        2.385e-7, (double) INFINITY, -(double) INFINITY, 12345678.9};
    static const size_t lengths[] = {1, 7, 64, 2047, 2048, 2049, 5000};
    static double values[5000];

    (void) state;
    for (size_t k = 0; k < 3 * 7 * 11 * 4; k++) {
        const size_t n = lengths[k / 3 % 7], at = k / 231 % 2 == 0 ? n - 1 : n / 2;
        const double unit = k / 462 == 0 ? 1.0 : 100.0;
        const nrd_column column = {NRD_TYPE_FLOAT64, n, 0, values, NULL};
        double least = (double) INFINITY, greatest = -(double) INFINITY;
        nrdi_look found;

        for (size_t i = 0; i < n; i++) {
            values[i] = i % 5 == 3 ? (double) NAN : (double) (i * 7919 % 10007) / unit;
        }
        values[at] = odd[k / 21 % 11];
        for (size_t i = 0; i < n; i++) {
            least = values[i] < least ? values[i] : least;
            greatest = values[i] > greatest ? values[i] : greatest;
        }
        if (nrdi_kernels_force(kernels[k % 3])) {
            found = nrdi_column_look(&column);
            assert_int_equal(found.decimals, decimals_of(values, n));
            assert_int_equal(nrd_column_decimals(&column), found.decimals);
            assert_true(found.least == least && found.greatest == greatest);
        }
    }
    assert_int_equal(nrdi_kernels_force(NULL), 1);
}

static void
ends_are_checked(void **state)
{
    const int64_t wide[] = {7, -19};
    const double numbers[] = {2.385};
    const uint8_t bitmap[] = {0x03};
    const nrd_column column = {NRD_TYPE_INT64, 2, 0, wide, NULL};
    const nrd_column doubles = {NRD_TYPE_FLOAT64, 1, 0, numbers, NULL};
    const nrd_column none = {NRD_TYPE_INT64, 0, 0, NULL, NULL};
    const nrd_column masked = {NRD_TYPE_INT64, 2, 0, wide, bitmap};
    int64_t low = 5, high = 5;
    nrd_error err;

    (void) state;
    assert_int_equal(nrd_column_range(NULL, 1, &low, &high, NULL), NRD_E_NULL);
    assert_int_equal(nrd_column_range(&column, 1, NULL, &high, NULL), NRD_E_NULL);
    assert_int_equal(nrd_column_range(&column, 1, &low, NULL, NULL), NRD_E_NULL);
    assert_int_equal(nrd_column_range(&doubles, 1, &low, &high, &err), NRD_E_TYPE);
    assert_error(&err, NRD_E_TYPE, NRD_NO_ROW, "float64");
    assert_int_equal(nrd_column_range(&none, 1, &low, &high, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, NRD_NO_ROW, "no rows");
    assert_int_equal(nrd_column_range(&masked, 1, &low, &high, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, NRD_NO_ROW, "bitmap");
    assert_true(low == 5 && high == 5);
}

/* Numbers in the order of first rows: few values and many, near and far apart. */
static void
values_are_numbered(void **state)
{
    static const uint64_t kinds[] = {1, 3, 700, MANY};
    static int64_t values[MANY], keys[MANY], wanted[MANY];
    static int32_t codes[MANY], known[MANY];

    (void) state;
    for (size_t k = 0; k < 8; k++) {
        const uint64_t kind = kinds[k / 2];
        const nrd_column column = {NRD_TYPE_INT64, MANY - 3, 3, values, NULL};
        size_t count = 0, found = 0;

        memset(known, 0xff, sizeof known);
        for (size_t i = 0; i < MANY; i++) {
            const uint64_t which = (i * i + 7 * i) % kind;

            values[i] = k % 2 == 0 ? (int64_t) (which * UINT64_C(0x9e3779b97f4a7c15))
                                   : (int64_t) which - 5;
            if (i >= 3 && known[which] < 0) {
                wanted[count] = values[i];
                known[which] = (int32_t) count++;
            }
        }
        assert_int_equal(nrd_column_encode(&column, codes, keys, &found, NULL), NRD_OK);
        assert_int_equal(found, count);
        assert_memory_equal(keys, wanted, count * sizeof *keys);
        for (size_t i = 3; i < MANY; i++) {
            assert_int_equal(codes[i - 3], known[(i * i + 7 * i) % kind]);
        }
    }
}

static void
numbering_is_checked(void **state)
{
    static int64_t values[ROWS * ROWS], keys[ROWS * ROWS];
    static int32_t codes[ROWS * ROWS];
    const uint8_t bitmap[] = {0x03};
    const nrd_column none = {NRD_TYPE_INT64, 0, 0, NULL, NULL};
    const nrd_column narrow = {NRD_TYPE_INT32, 2, 0, codes, NULL};
    const nrd_column masked = {NRD_TYPE_INT64, 2, 0, values, bitmap};
    const nrd_column column = {NRD_TYPE_INT64, ROWS * ROWS, 0, values, NULL};
    nrd_status status = NRD_E_MEMORY;
    size_t count = 5;
    nrd_error err;

    (void) state;
    codes[0] = 7;
    keys[0] = 7;
    assert_int_equal(nrd_column_encode(NULL, codes, keys, &count, NULL), NRD_E_NULL);
    assert_int_equal(nrd_column_encode(&column, NULL, keys, &count, NULL), NRD_E_NULL);
    assert_int_equal(nrd_column_encode(&column, codes, NULL, &count, NULL), NRD_E_NULL);
    assert_int_equal(nrd_column_encode(&column, codes, keys, NULL, NULL), NRD_E_NULL);
    assert_int_equal(nrd_column_encode(&narrow, codes, keys, &count, &err), NRD_E_TYPE);
    assert_error(&err, NRD_E_TYPE, NRD_NO_ROW, "int32");
    assert_int_equal(nrd_column_encode(&masked, codes, keys, &count, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, NRD_NO_ROW, "bitmap");
    for (size_t i = 0; i < ROWS * ROWS; i++) {
        values[i] = (int64_t) (i * i);
    }
    for (long k = 0; status == NRD_E_MEMORY; k++) {
        assert_true(codes[0] == 7 && keys[0] == 7 && count == 5);
        nrdi_malloc_fail_after(k);
        status = nrd_column_encode(&column, codes, keys, &count, &err);
        nrdi_malloc_fail_after(-1);
        assert_true(status == NRD_OK || k < 9);
    }
    assert_int_equal(status, NRD_OK);
    assert_int_equal(count, ROWS * ROWS);
    assert_int_equal(nrd_column_encode(&none, codes, keys, &count, NULL), NRD_OK);
    assert_int_equal(count, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(validity_matches_reference),
        cmocka_unit_test(counts_add_up),
        cmocka_unit_test(without_bitmap_nothing_is_missing),
        cmocka_unit_test(integers_are_never_nan),
        cmocka_unit_test(empty_columns_are_fine),
        cmocka_unit_test(check_passes_each_type),
        cmocka_unit_test(check_names_what_is_wrong),
        cmocka_unit_test(check_needs_no_name),
        cmocka_unit_test(ends_are_found),
        cmocka_unit_test(a_look_is_that_of_each_value),
        cmocka_unit_test(ends_are_checked),
        cmocka_unit_test(values_are_numbered),
        cmocka_unit_test(numbering_is_checked),
    };

    return cmocka_run_group_tests_name("column", tests, NULL, NULL);
}
