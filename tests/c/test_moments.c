#include "moments_toy.h"

#define ROWS 128
#define GROUPS 5
#define CELLS (GROUPS * MOST_COLUMNS * MOST_COLUMNS)

/* A case of the reference, and the memory its rows stand in. */
typedef struct {
    toy_rows rows;
    double columns[MOST_COLUMNS * ROWS];
    double weight[ROWS];
    int64_t group[ROWS];
    uint8_t validity[ROWS / 8];
    int32_t decimals[MOST_COLUMNS];
} toy_case;

/* Groups are numbers, or null, which is a bit of 0. */
static void
read_groups(const cJSON *ref, toy_case *out)
{
    double group[ROWS];
    const size_t n = ref_doubles(ref, "group", group, ROWS);

    memset(out->validity, 0, sizeof out->validity);
    for (size_t i = 0; i < n; i++) {
        out->group[i] = isnan(group[i]) ? INT64_MIN : (int64_t) group[i];
        out->validity[i / 8] |= (uint8_t) (!isnan(group[i]) << i % 8);
    }
    out->rows.group = n > 0 ? out->group : NULL;
    out->rows.group_validity = out->validity;
}

static void
read_case(const cJSON *ref, toy_case *out)
{
    double decimals[MOST_COLUMNS];
    const size_t p = ref_doubles(ref, "decimals", decimals, MOST_COLUMNS);
    const size_t cells = ref_doubles(ref, "columns", out->columns, MOST_COLUMNS * ROWS);

    out->rows = toy_of(cells / p, NULL, NULL);
    out->rows.p = p;
    out->rows.groups = (size_t) ref_at(ref, "groups", 0);
    out->rows.weights = (nrd_weights) ref_at(ref, "kind", 0);
    out->rows.weight = out->rows.weights != NRD_WEIGHTS_NONE ? out->weight : NULL;
    out->rows.decimals = out->decimals;
    (void) ref_doubles(ref, "weight", out->weight, ROWS);
    read_groups(ref, out);
    for (size_t i = 0; i < p; i++) {
        out->rows.columns[i] = out->columns + i * out->rows.n;
        out->decimals[i] = (int32_t) decimals[i];
    }
}

/* Numbers are those of the reference, null for what is not defined. */
static void
assert_numbers(const cJSON *ref, const char *key, const double *found,
    const uint8_t *defined, size_t count)
{
    assert_int_equal(cJSON_GetArraySize(ref_get(ref, key)), count);
    for (size_t i = 0; i < count; i++) {
        const double expected = ref_at(ref, key, i);

        assert_rounded(found[i], expected, i);
        if (defined != NULL) {
            assert_int_equal(defined[i], !isnan(expected));
        }
    }
}

static void
sums_and_means_match_reference(void **state)
{
    cJSON *ref = ref_open("moments_columns");
    const cJSON *item;

    (void) state;
    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        toy_case rows;
        double found[CELLS];
        uint8_t defined[CELLS];
        uint64_t counts[GROUPS];

        read_case(item, &rows);
        for (int level = NRD_MOMENTS_MEANS; level <= NRD_MOMENTS_COVARIANCES; level++) {
            const size_t groups = rows.rows.groups, cells = groups * rows.rows.p;
            nrd_moments *moments;

            rows.rows.level = (nrd_moments_level) level;
            moments = toy_state(&rows.rows);
            assert_int_equal(nrd_moments_groups(moments), groups);
            nrd_moments_rows(moments, counts);
            for (size_t g = 0; g < groups; g++) {
                assert_close((double) counts[g], ref_at(item, "rows", g), 0.0);
            }
            assert_int_equal(nrd_moments_dropped(moments), ref_at(item, "dropped", 0));
            nrd_moments_total_weight(moments, found);
            assert_numbers(item, "total", found, NULL, groups);
            nrd_moments_sum(moments, found);
            assert_numbers(item, "sum", found, NULL, cells);
            nrd_moments_mean(moments, found, defined);
            assert_numbers(item, "mean", found, defined, cells);
            nrd_moments_free(moments);
        }
    }
    cJSON_Delete(ref);
}

/* All of a matrix where covariances are kept, else its diagonal. */
static void
assert_covariances(const nrd_moments *moments, const cJSON *ref, const toy_rows *rows)
{
    static const char *const keys[] = {"covariance0", "covariance1"};
    const size_t p = rows->p;

    for (int ddof = 0; ddof <= 1; ddof++) {
        double found[CELLS];
        uint8_t defined[CELLS];

        assert_int_equal(
            nrd_moments_covariance(moments, ddof, found, defined, NULL), NRD_OK);
        if (rows->level == NRD_MOMENTS_COVARIANCES) {
            assert_numbers(ref, keys[ddof], found, defined, rows->groups * p * p);
            continue;
        }
        for (size_t k = 0; k < rows->groups * p; k++) {
            const double expected = ref_at(ref, keys[ddof], k * p + k % p);

            assert_rounded(found[k], expected, k);
            assert_int_equal(defined[k], !isnan(expected));
        }
    }
}

static void
covariances_match_reference(void **state)
{
    cJSON *ref = ref_open("moments_columns");
    const cJSON *item;

    (void) state;
    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        toy_case rows;

        read_case(item, &rows);
        for (int level = NRD_MOMENTS_VARIANCES; level <= NRD_MOMENTS_COVARIANCES; level++) {
            nrd_moments *moments;

            rows.rows.level = (nrd_moments_level) level;
            moments = toy_state(&rows.rows);
            assert_covariances(moments, item, &rows.rows);
            nrd_moments_free(moments);
        }
    }
    cJSON_Delete(ref);
}

/* 106 bits are as good as all: here each correlation is the nearest double. */
static void
correlations_match_reference(void **state)
{
    cJSON *ref = ref_open("moments_columns");
    const cJSON *item;

    (void) state;
    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        toy_case rows;
        double found[CELLS];
        uint8_t defined[CELLS];
        nrd_moments *moments;
        size_t p, cells;

        read_case(item, &rows);
        p = rows.rows.p;
        cells = rows.rows.groups * p * p;
        moments = toy_state(&rows.rows);
        assert_int_equal(nrd_moments_correlation(moments, found, defined, NULL), NRD_OK);
        assert_int_equal(cJSON_GetArraySize(ref_get(item, "correlation")), cells);
        for (size_t k = 0; k < cells; k++) {
            const size_t i = k / p % p, j = k % p;
            const double expected = ref_at(item, "correlation", k);

            assert_rounded(found[k], expected, k);
            assert_true(!(fabs(found[k]) > 1.0));
            assert_int_equal(defined[k], !isnan(expected));
            assert_rounded(found[k], found[k - k % (p * p) + j * p + i], k);
            if (i == j && defined[k]) {
                assert_same(found[k], 1.0, k);
            }
        }
        nrd_moments_free(moments);
    }
    cJSON_Delete(ref);
}

static void
bytes_match_reference(void **state)
{
    cJSON *ref = ref_open("moments_columns");
    const cJSON *item;

    (void) state;
    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        const char *expected = cJSON_GetStringValue(ref_get(item, "bytes"));
        toy_case rows;
        nrd_moments *moments;
        size_t length;
        uint8_t *bytes;

        read_case(item, &rows);
        moments = toy_state(&rows.rows);
        bytes = toy_bytes(moments, &length);
        assert_non_null(expected);
        assert_int_equal(strlen(expected), 2 * length);
        for (size_t i = 0; i < length; i++) {
            char digits[3];

            (void) snprintf(digits, sizeof digits, "%02x", bytes[i]);
            assert_memory_equal(digits, expected + 2 * i, 2);
        }
        free(bytes);
        nrd_moments_free(moments);
    }
    cJSON_Delete(ref);
}

/* Values moved by a constant and scaled by a power of two: the correlation stays, and the
 * covariance is scaled. */
static void
shift_and_scale_are_followed(void **state)
{
    double x[ROWS], y[ROWS], moved[ROWS], first[4], second[4], r[4], s[4];
    uint8_t defined[4];
    uint64_t seed = 34;
    toy_rows rows = toy_of(ROWS, x, y);
    nrd_moments *moments;

    (void) state;
    for (size_t i = 0; i < ROWS; i++) {
        x[i] = (double) (next_bits(&seed) >> 40);
        y[i] = next_double(&seed, -30, 30);
        moved[i] = -0x1p-40 * (x[i] + 0x1p50);
    }
    moments = toy_state(&rows);
    assert_int_equal(nrd_moments_covariance(moments, 1, first, defined, NULL), NRD_OK);
    assert_int_equal(nrd_moments_correlation(moments, r, defined, NULL), NRD_OK);
    nrd_moments_free(moments);
    rows.columns[0] = moved;
    moments = toy_state(&rows);
    assert_int_equal(nrd_moments_covariance(moments, 1, second, defined, NULL), NRD_OK);
    assert_int_equal(nrd_moments_correlation(moments, s, defined, NULL), NRD_OK);
    nrd_moments_free(moments);
    assert_same(second[0], 0x1p-80 * first[0], 0);
    assert_same(second[1], -0x1p-40 * first[1], 1);
    assert_same(second[3], first[3], 3);
    assert_same(s[1], -r[1], 1);
}

/* From sums of one digit to sums of many, of either sign, and at every place in a digit:
 * the mean is that of the exact sum. */
static void
means_of_sums_of_any_length(void **state)
{
    (void) state;
    for (int k = 0; k < 6 * 200; k++) {
        const double sign = k % 2 == 0 ? 1.0 : -1.0, low = ldexp(1.0, -(k / 2 % 3) * 40);
        const double x[] = {ldexp(sign, k / 6 - 30), low, 2.385, -low * 0x1.8p-20, 7.0,
            19.0, ldexp(-sign, k / 6 - 60)};
        const int64_t group[] = {0, 0, 0, 0, 0, 0, 0};
        const nrd_exact sum = sum_of(x, 7);
        toy_rows rows = toy_of(7, x, NULL);
        nrd_moments *made;
        double expected, found[2];
        uint8_t defined[2];

        rows.level = NRD_MOMENTS_MEANS;
        rows.groups = 2;
        rows.group = group;
        assert_int_equal(nrd_exact_mean(&sum, 7, &expected, NULL), NRD_OK);
        made = toy_state(&rows);
        nrd_moments_mean(made, found, defined);
        nrd_moments_free(made);
        assert_int_equal(defined[0], 1);
        assert_memory_equal(found, &expected, sizeof expected);
    }
}

/* Rows in the units of nine decimals leave 64 bits long before the rows do. */
static void
means_of_more_rows_than_any_table(void **state)
{
    static const double values[] = {0.000000001, 2.385, -0.123456789};
    static const int32_t decimals[] = {9};
    toy_rows rows = toy_of(3, values, NULL);
    nrd_moments *one, *other;
    uint64_t n;
    uint8_t defined;
    double expected, found;

    (void) state;
    rows.decimals = decimals;
    one = toy_state(&rows);
    other = toy_state(&rows);
    nrd_moments_mean(one, &expected, &defined);
    for (int i = 0; i < 40; i++) {
        assert_int_equal(nrd_moments_merge(one, other, NULL, NULL), NRD_OK);
        assert_int_equal(nrd_moments_merge(other, one, NULL, NULL), NRD_OK);
    }
    nrd_moments_rows(one, &n);
    assert_true(n > UINT64_MAX / 1000000000);
    nrd_moments_mean(one, &found, &defined);
    assert_close(found, expected, 0.0);
    nrd_moments_free(one);
    nrd_moments_free(other);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_and_means_match_reference),
        cmocka_unit_test(covariances_match_reference),
        cmocka_unit_test(correlations_match_reference),
        cmocka_unit_test(bytes_match_reference),
        cmocka_unit_test(shift_and_scale_are_followed),
        cmocka_unit_test(means_of_sums_of_any_length),
        cmocka_unit_test(means_of_more_rows_than_any_table),
    };

    return cmocka_run_group_tests_name("moments", tests, NULL, NULL);
}
