#include "moments_toy.h"

#define ROWS 64
#define GROUPS 7

/* Half a unit in the last place of 1: what one rounding may cost. */
#define HALF_UNIT 0x1p-53

/* A state of the rows of a case; its groups may be empty. */
static nrd_moments *
state_of(const cJSON *ref)
{
    static double column[ROWS], number[ROWS];
    static int64_t group[ROWS];
    const int32_t decimals[] = {(int32_t) ref_at(ref, "decimals", 0)};
    toy_rows rows = toy_of(ref_doubles(ref, "column", column, ROWS), column, NULL);

    assert_int_equal(ref_doubles(ref, "group", number, ROWS), rows.n);
    for (size_t i = 0; i < rows.n; i++) {
        group[i] = (int64_t) number[i];
    }
    rows.groups = (size_t) ref_at(ref, "groups", 0);
    rows.group = group;
    rows.level = NRD_MOMENTS_VARIANCES;
    rows.decimals = decimals;
    return toy_state(&rows);
}

/* Sums of squares are one rounding from the nearest, each quotient one more. */
static void
anova_matches_reference(void **state)
{
    cJSON *ref = ref_open("moments_anova");
    const cJSON *item;

    (void) state;
    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        nrd_moments *moments = state_of(item);
        nrd_anova found;

        assert_int_equal(nrd_moments_anova(moments, 0, &found, NULL), NRD_OK);
        assert_close((double) found.groups, ref_at(item, "counts", 0), 0.0);
        assert_close((double) found.rows, ref_at(item, "counts", 1), 0.0);
        assert_close(found.between, ref_at(item, "between", 0), 2.0 * HALF_UNIT);
        assert_close(found.within, ref_at(item, "within", 0), 2.0 * HALF_UNIT);
        assert_close(found.mean_between, ref_at(item, "mean_between", 0), 4.0 * HALF_UNIT);
        assert_close(found.mean_within, ref_at(item, "mean_within", 0), 4.0 * HALF_UNIT);
        assert_close(found.f, ref_at(item, "f", 0), 8.0 * HALF_UNIT);
        assert_close(found.r_squared, ref_at(item, "r_squared", 0), 5.0 * HALF_UNIT);
        assert_close(found.residual_sd, ref_at(item, "residual_sd", 0), 4.0 * HALF_UNIT);
        nrd_moments_free(moments);
    }
    cJSON_Delete(ref);
}

/* Groups in another order, and empty ones between them, change little: the parts of a sum
 * of squares are added with far more digits than are kept. */
static void
names_of_groups_mean_nothing(void **state)
{
    double x[ROWS];
    int64_t group[ROWS];
    toy_rows rows = toy_of(ROWS, x, NULL);
    nrd_anova first, found;
    uint64_t seed = 71;

    (void) state;
    for (size_t i = 0; i < ROWS; i++) {
        x[i] = next_double(&seed, -9, 9);
        group[i] = (int64_t) (i % 3);
    }
    rows.groups = 3;
    rows.group = group;
    for (int other = 0; other <= 1; other++) {
        nrd_moments *moments = toy_state(&rows);

        assert_int_equal(
            nrd_moments_anova(moments, 0, other ? &found : &first, NULL), NRD_OK);
        nrd_moments_free(moments);
        for (size_t i = 0; i < ROWS; i++) {
            group[i] = 6 - 2 * group[i];
        }
        rows.groups = GROUPS;
    }
    assert_int_equal(found.groups, 3);
    assert_close(found.between, first.between, HALF_UNIT);
    assert_close(found.within, first.within, HALF_UNIT);
}

/* No variance within groups, or none between them, to the last bit. */
static void
no_variance_is_exactly_none(void **state)
{
    const double apart[] = {0.1, 0.1, 0.3, 0.3, 0.3}, alike[] = {0.1, 0.3, 0.3, 0.1, 0.1};
    const int64_t group[] = {0, 0, 1, 1, 1}, pairs[] = {0, 0, 1, 1, 2};
    toy_rows rows = toy_of(5, apart, NULL);
    nrd_moments *moments;
    nrd_anova found;

    (void) state;
    rows.groups = 3;
    rows.group = group;
    moments = toy_state(&rows);
    assert_int_equal(nrd_moments_anova(moments, 0, &found, NULL), NRD_OK);
    assert_int_equal(found.groups, 2);
    assert_same(found.within, 0.0, 0);
    assert_same(found.f, (double) INFINITY, 0);
    assert_same(found.r_squared, 1.0, 0);
    assert_same(found.residual_sd, 0.0, 0);
    nrd_moments_free(moments);
    rows.n = 4;
    rows.columns[0] = alike;
    rows.group = pairs;
    moments = toy_state(&rows);
    assert_int_equal(nrd_moments_anova(moments, 0, &found, NULL), NRD_OK);
    assert_same(found.between, 0.0, 1);
    assert_same(found.f, 0.0, 1);
    assert_same(found.r_squared, 0.0, 1);
    nrd_moments_free(moments);
}

/* An analysis that is refused leaves its output as it was. */
static void
assert_refused(const nrd_moments *moments, nrd_status status, const char *found)
{
    nrd_anova out, before;
    nrd_error err;

    memset(&before, 0x5a, sizeof before);
    memcpy(&out, &before, sizeof out);
    assert_int_equal(nrd_moments_anova(moments, 0, &out, &err), status);
    assert_error(&err, status, NRD_NO_ROW, found);
    assert_int_equal(nrd_moments_anova(moments, 0, &out, NULL), status);
    assert_memory_equal(&out, &before, sizeof out);
}

static void
what_has_no_analysis_is_refused(void **state)
{
    const double x[] = {0.3, 0.3, 0.3, 7.19}, ones[] = {1.0, 1.0, 1.0, 1.0};
    const int64_t group[] = {0, 1, 1, 0}, three[] = {0, 1, 2, 2}, one[] = {2, 2, 2, 2};
    toy_rows rows = toy_of(4, x, NULL);
    nrd_moments *moments;
    nrd_anova out;
    nrd_error err;

    (void) state;
    rows.groups = 3;
    rows.group = group;
    moments = toy_part(&rows, 0, 3);
    assert_refused(moments, NRD_E_DOMAIN, "same");
    assert_int_equal(nrd_moments_anova(moments, 1, &out, &err), NRD_E_UNKNOWN);
    assert_error(&err, NRD_E_UNKNOWN, NRD_NO_ROW, "column 1");
    assert_int_equal(nrd_moments_anova(moments, 0, NULL, &err), NRD_E_NULL);
    assert_error(&err, NRD_E_NULL, NRD_NO_ROW, "output");
    assert_refused(NULL, NRD_E_NULL, "state");
    nrd_moments_free(moments);
    rows.group = three;
    moments = toy_part(&rows, 0, 3);
    assert_refused(moments, NRD_E_DOMAIN, "3 rows in 3 groups");
    nrd_moments_free(moments);
    rows.group = one;
    moments = toy_state(&rows);
    assert_refused(moments, NRD_E_DOMAIN, "4 rows in 1 groups");
    nrd_moments_free(moments);
    moments = toy_new(&rows);
    assert_refused(moments, NRD_E_DOMAIN, "0 rows in 0 groups");
    nrd_moments_free(moments);
    rows.group = group;
    rows.level = NRD_MOMENTS_MEANS;
    moments = toy_state(&rows);
    assert_refused(moments, NRD_E_DOMAIN, "means only");
    nrd_moments_free(moments);
    rows.level = NRD_MOMENTS_VARIANCES;
    rows.weights = NRD_WEIGHTS_FREQUENCY;
    rows.weight = ones;
    moments = toy_state(&rows);
    assert_refused(moments, NRD_E_DOMAIN, "weights");
    nrd_moments_free(moments);
}

static void
decimals_match_reference(void **state)
{
    cJSON *ref = ref_open("moments_decimals");
    const cJSON *item;

    (void) state;
    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        double values[ROWS + 3];
        const size_t n = ref_doubles(item, "values", values, ROWS);
        nrd_column column = {NRD_TYPE_FLOAT64, n, 0, values, NULL};

        assert_close(nrd_column_decimals(&column), ref_at(item, "decimals", 0), 0.0);
        memmove(values + 3, values, n * sizeof *values);
        values[0] = values[1] = values[2] = 1.0 / 3.0;
        column.offset = 3;
        assert_close(nrd_column_decimals(&column), ref_at(item, "decimals", 0), 0.0);
    }
    cJSON_Delete(ref);
}

static void
missing_values_have_no_decimals(void **state)
{
    static const uint8_t bits[] = {0x55, 0x05};
    const double values[] = {1.0 / 3.0, 0.25, (double) INFINITY, 7.0, 2.385, 0.5, 0.1};
    const nrd_column column = {NRD_TYPE_FLOAT64, 5, 1, values, bits},
                     empty = {NRD_TYPE_FLOAT64, 0, 0, NULL, NULL};
    nrd_column odd = column;

    (void) state;
    /* The bits of the rows 1 to 5 are 0, 1, 0, 1, 0. */
    assert_int_equal(nrd_column_decimals(&column), -1);
    odd.offset = 3;
    odd.length = 3;
    assert_int_equal(nrd_column_decimals(&odd), 3);
    odd.length = 1;
    assert_int_equal(nrd_column_decimals(&odd), 0);
    assert_int_equal(nrd_column_decimals(&empty), 0);
}

/* What the decimals of a column are, a state with these decimals takes. */
static void
decimals_found_are_decimals_taken(void **state)
{
    cJSON *ref = ref_open("moments_decimals");
    const cJSON *item;

    (void) state;
    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        double values[ROWS];
        toy_rows rows = toy_of(ref_doubles(item, "values", values, ROWS), values, NULL);
        const int32_t decimals[] = {(int32_t) ref_at(item, "decimals", 0)},
                      fewer[] = {decimals[0] - 1};

        rows.decimals = decimals;
        if (decimals[0] >= 0) {
            nrd_moments_free(toy_state(&rows));
        }
        if (decimals[0] > 0) {
            nrd_moments *moments;

            rows.decimals = fewer;
            moments = toy_new(&rows);
            assert_int_equal(toy_update(moments, &rows, 0, rows.n, 1, NULL), NRD_E_DOMAIN);
            nrd_moments_free(moments);
        }
    }
    cJSON_Delete(ref);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(anova_matches_reference),
        cmocka_unit_test(names_of_groups_mean_nothing),
        cmocka_unit_test(no_variance_is_exactly_none),
        cmocka_unit_test(what_has_no_analysis_is_refused),
        cmocka_unit_test(decimals_match_reference),
        cmocka_unit_test(missing_values_have_no_decimals),
        cmocka_unit_test(decimals_found_are_decimals_taken),
    };

    return cmocka_run_group_tests_name("moments_anova", tests, NULL, NULL);
}
