#include "regression_toy.h"
#include "status_private.h"

/* More calls for memory than any of these functions makes. */
#define MOST 80

static const double column_y[] = {1.0, 2.0, 4.0, 8.0, 16.5, 3.25};
static const double column_x[] = {2.385, 7.19, -1.5, 0.25, 3.0, 3.0};
static const int64_t column_group[] = {0, 1, 0, 1, 0, 1};
static const int32_t degrees[] = {1, 3};
static const nrd_term cubic[] = {{1, 1}, {1, 2}, {1, 3}};
static const int64_t one_of_two[] = {0, 0};

static toy_rows
toy_table(void)
{
    toy_rows rows = toy_of(6, column_y, column_x);

    rows.groups = 2;
    rows.group = column_group;
    return rows;
}

/* One call that needs memory. */
typedef struct {
    nrd_moments *into;
    nrd_moments *filled;
    toy_results found;
    nrd_moments *made;
} call;

typedef nrd_status (*run_call)(call *own, nrd_error *err);

static nrd_status
run_keep(call *own, nrd_error *err)
{
    return nrd_moments_keep_powers(own->into, degrees, 2, err);
}

static nrd_status
run_update(call *own, nrd_error *err)
{
    const toy_rows rows = toy_table();

    return toy_update(own->filled, &rows, 0, 6, 2, err);
}

static nrd_status
run_fit(call *own, nrd_error *err)
{
    nrd_regression_results out = toy_room(&own->found);
    const nrd_regression_model model = {0, cubic, 1, 0, one_of_two, 1};

    return nrd_regression_fit(own->filled, &model, 2, NULL, &out, err);
}

static nrd_status
run_read(call *own, nrd_error *err)
{
    size_t length;
    uint8_t *bytes = toy_bytes(own->filled, &length);
    const nrd_status status = nrd_moments_from_bytes(bytes, length, &own->made, err);

    free(bytes);
    return status;
}

/* Let the call fail at its first request for memory, its second, and so on: nothing has
 * changed each time, until it does not fail. */
static void
assert_survives(run_call run)
{
    toy_rows rows = toy_table();
    call own = {.into = toy_new(&rows), .filled = toy_new(&rows)};
    nrd_moments *empty = toy_new(&rows), *before = toy_new(&rows);
    nrd_status status = NRD_E_MEMORY;

    assert_int_equal(nrd_moments_keep_powers(own.filled, degrees, 2, NULL), NRD_OK);
    assert_int_equal(nrd_moments_keep_powers(before, degrees, 2, NULL), NRD_OK);
    toy_add(own.filled, &rows, 0, 6, 1);
    toy_add(before, &rows, 0, 6, 1);
    for (long k = 0; status == NRD_E_MEMORY; k++) {
        nrd_error err = {NRD_OK, 0, ""};

        assert_in_range(k, 0, MOST);
        nrdi_malloc_fail_after(k);
        status = run(&own, &err);
        nrdi_malloc_fail_after(-1);
        if (status == NRD_E_MEMORY) {
            assert_int_equal(err.status, NRD_E_MEMORY);
            assert_non_null(strstr(err.message, "no memory"));
            assert_null(own.made);
            assert_same_state(own.into, empty, "without memory");
            assert_same_state(own.filled, before, "without memory");
        }
    }
    assert_int_equal(status, NRD_OK);
    nrd_moments_free(own.into);
    nrd_moments_free(own.filled);
    nrd_moments_free(own.made);
    nrd_moments_free(empty);
    nrd_moments_free(before);
}

static void
calls_survive_without_memory(void **state)
{
    const run_call calls[] = {run_keep, run_update, run_fit, run_read};

    (void) state;
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        assert_survives(calls[i]);
    }
}

static void
assert_powers_refused(nrd_moments *moments, const int32_t *degree, size_t n,
    nrd_status status, size_t row, const char *named)
{
    nrd_error err;

    assert_int_equal(nrd_moments_keep_powers(moments, degree, n, &err), status);
    assert_error(&err, status, row, named);
    assert_int_equal(nrd_moments_keep_powers(moments, degree, n, NULL), status);
}

static void
powers_that_cannot_be_are_refused(void **state)
{
    const int32_t none[] = {1, 0}, many[] = {21, 1};
    toy_rows rows = toy_table();
    nrd_moments *moments = toy_new(&rows), *other = toy_new(&rows);
    nrd_error err;

    (void) state;
    assert_powers_refused(NULL, degrees, 2, NRD_E_NULL, NRD_NO_ROW, "NULL");
    assert_powers_refused(moments, NULL, 2, NRD_E_NULL, NRD_NO_ROW, "NULL");
    assert_powers_refused(moments, degrees, 3, NRD_E_SIZE, NRD_NO_ROW, "3 degrees");
    assert_powers_refused(moments, none, 2, NRD_E_DOMAIN, 1, "degree is 0");
    assert_powers_refused(moments, many, 2, NRD_E_DOMAIN, 0, "degree is 21");
    assert_int_equal(nrd_moments_keep_powers(moments, degrees, 2, NULL), NRD_OK);
    assert_powers_refused(moments, degrees, 2, NRD_E_CONFLICT, NRD_NO_ROW, "powers");
    assert_int_equal(nrd_moments_merge(moments, other, NULL, &err), NRD_E_CONFLICT);
    assert_error(&err, NRD_E_CONFLICT, NRD_NO_ROW, "powers");
    toy_add(other, &rows, 0, 6, 1);
    assert_powers_refused(other, degrees, 2, NRD_E_CONFLICT, NRD_NO_ROW, "rows");
    nrd_moments_free(moments);
    nrd_moments_free(other);
    rows.level = NRD_MOMENTS_VARIANCES;
    moments = toy_new(&rows);
    assert_powers_refused(moments, degrees, 2, NRD_E_DOMAIN, NRD_NO_ROW, "covariances");
    nrd_moments_free(moments);
}

/* Powers beyond the range of an exact sum change nothing. */
static void
powers_out_of_range_are_refused(void **state)
{
    const double far[] = {1e-200, 1.0, 2.0}, large[] = {1e250, 1.0, 2.0};
    const int32_t highest[] = {1, 10};

    (void) state;
    for (int which = 0; which < 2; which++) {
        toy_rows rows = toy_of(3, column_y, which == 0 ? far : large);
        nrd_moments *moments = toy_new(&rows), *before = toy_new(&rows);
        nrd_error err;

        assert_int_equal(nrd_moments_keep_powers(moments, highest, 2, NULL), NRD_OK);
        assert_int_equal(nrd_moments_keep_powers(before, highest, 2, NULL), NRD_OK);
        assert_int_equal(toy_update(moments, &rows, 0, 3, 1, &err), NRD_E_OVERFLOW);
        assert_error(&err, NRD_E_OVERFLOW, NRD_NO_ROW, "column 1 to the power");
        assert_same_state(moments, before, "out of range");
        nrd_moments_free(moments);
        nrd_moments_free(before);
    }
}

/* A state with powers whose bytes are cut or changed is none. */
static void
damaged_bytes_of_powers_are_refused(void **state)
{
    toy_rows rows = toy_table();
    nrd_moments *moments = toy_new(&rows), *made = NULL;
    uint8_t *bytes;
    size_t length;

    (void) state;
    assert_int_equal(nrd_moments_keep_powers(moments, degrees, 2, NULL), NRD_OK);
    toy_add(moments, &rows, 0, 6, 1);
    bytes = toy_bytes(moments, &length);
    for (size_t i = 0; i < length; i++) {
        bytes[i] ^= 0x15;
        assert_int_equal(nrd_moments_from_bytes(bytes, length, &made, NULL), NRD_E_PARSE);
        bytes[i] ^= 0x15;
        assert_int_equal(nrd_moments_from_bytes(bytes, i, &made, NULL), NRD_E_PARSE);
    }
    assert_null(made);
    free(bytes);
    nrd_moments_free(moments);
}

/* A cubic through its own points: the values are met, and each point is its own lever. */
static void
predictions_meet_what_fits_exactly(void **state)
{
    const double x[] = {2.385, 7.19, -1.5, 0.25}, at[] = {-1.5, (double) NAN, 2.385};
    const nrd_column columns[] = {
        {NRD_TYPE_FLOAT64, 3, 0, NULL, NULL}, {NRD_TYPE_FLOAT64, 3, 0, at, NULL}};
    const int64_t regression[] = {0, 0, -1};
    toy_rows rows = toy_of(4, column_y, x);
    nrd_moments *moments = toy_new(&rows);
    toy_results found;
    nrd_regression_results out = toy_room(&found);
    nrd_regression_points points = {columns, 2, NULL, NULL, 1};
    nrd_regression_model model;
    double fitted[3], leverage[3];

    (void) state;
    assert_int_equal(nrd_moments_keep_powers(moments, degrees, 2, NULL), NRD_OK);
    toy_add(moments, &rows, 0, 4, 1);
    model = toy_model(cubic, 3, moments);
    assert_int_equal(nrd_regression_fit(moments, &model, 1, NULL, &out, NULL), NRD_OK);
    assert_close(found.fit[0].rss, 0.0, 0.0);
    assert_int_equal(
        nrd_regression_predict(&points, &model, &out, 2, fitted, leverage, NULL), NRD_OK);
    assert_close(fitted[0], 4.0, 0.0);
    assert_close(leverage[0], 1.0, 0.0);
    assert_true(isnan(fitted[1]) && isnan(leverage[1]));
    assert_close(fitted[2], 1.0, 0.0);
    points.regression = regression;
    assert_int_equal(
        nrd_regression_predict(&points, &model, &out, 1, fitted, leverage, NULL), NRD_OK);
    assert_true(isnan(fitted[2]) && isnan(leverage[2]));
    nrd_moments_free(moments);
}

static void
predictions_that_cannot_be_are_refused(void **state)
{
    const double at[] = {1.0, (double) INFINITY};
    const int64_t regression[] = {0, 1};
    const nrd_term term = {1, 1}, other = {2, 1};
    nrd_column columns[] = {
        {NRD_TYPE_FLOAT64, 2, 0, NULL, NULL}, {NRD_TYPE_FLOAT64, 2, 0, at, NULL}};
    nrd_regression_points points = {columns, 2, NULL, NULL, 1};
    nrd_regression_model model = {0, &term, 1, 1, NULL, 1};
    toy_results found;
    nrd_regression_results out = toy_room(&found);
    double fitted[2], leverage[2];
    nrd_error err;

    (void) state;
    memset(&found, 0, sizeof found);
    assert_int_equal(
        nrd_regression_predict(NULL, &model, &out, 1, fitted, leverage, &err), NRD_E_NULL);
    assert_error(&err, NRD_E_NULL, NRD_NO_ROW, "NULL");
    assert_int_equal(
        nrd_regression_predict(&points, &model, &out, 1, fitted, leverage, &err),
        NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, 1, "column 1 is inf");
    columns[1].length = 1;
    points.regression = regression;
    points.regressions = 0;
    assert_int_equal(
        nrd_regression_predict(&points, &model, &out, 1, fitted, leverage, &err),
        NRD_E_UNKNOWN);
    assert_error(&err, NRD_E_UNKNOWN, 0, "regression 0");
    columns[1].type = NRD_TYPE_INT64;
    assert_int_equal(
        nrd_regression_predict(&points, &model, &out, 1, fitted, leverage, &err),
        NRD_E_TYPE);
    model.terms = &other;
    assert_int_equal(
        nrd_regression_predict(&points, &model, &out, 1, fitted, leverage, &err),
        NRD_E_UNKNOWN);
    assert_error(&err, NRD_E_UNKNOWN, NRD_NO_ROW, "column 2");
    model.within = one_of_two;
    assert_int_equal(
        nrd_regression_predict(&points, &model, &out, 1, fitted, leverage, &err),
        NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, NRD_NO_ROW, "units");
}

/* Tests at the ends of what is defined: nothing varies, nothing is left, nothing is there.
 */
static void
tests_of_estimates_have_ends(void **state)
{
    const double estimate[] = {2.0, -2.0, 0.0, 1.0, 12.706204736174698};
    const double se[] = {1.0, 0.0, 0.0, (double) NAN, 1.0},
                 df[] = {2.0, 3.0, 3.0, 0.0, 1.0};
    double t[5], p[5], low[5], high[5];
    nrd_error err;

    (void) state;
    assert_int_equal(
        nrd_regression_test(estimate, se, df, 5, 0.95, t, p, low, high, NULL), NRD_OK);
    assert_close(t[0], 2.0, 0.0);
    assert_close(p[0], 0.18350341907227397, 1e-15);
    assert_close(low[0], 2.0 - 4.302652729749462, 1e-14);
    assert_close(high[0], 2.0 + 4.302652729749462, 1e-14);
    assert_true(isinf(t[1]) && t[1] < 0.0);
    assert_close(p[1], 0.0, 0.0);
    assert_close(low[1], -2.0, 0.0);
    assert_true(isnan(t[2]) && isnan(p[2]));
    assert_true(isnan(t[3]) && isnan(p[3]) && isnan(low[3]) && isnan(high[3]));
    assert_close(p[4], 0.05, 1e-14);
    assert_int_equal(
        nrd_regression_test(estimate, se, df, 5, 1.0, t, p, low, high, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, NRD_NO_ROW, "level is 1");
    assert_int_equal(
        nrd_regression_test(estimate, estimate, df, 5, 0.5, t, p, low, high, &err),
        NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, 1, "-2");
    assert_int_equal(
        nrd_regression_test(estimate, se, se, 5, 0.5, t, p, low, high, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, 1, "degrees of freedom are 0");
    assert_int_equal(
        nrd_regression_test(NULL, se, df, 5, 0.5, t, p, low, high, &err), NRD_E_NULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_survive_without_memory),
        cmocka_unit_test(powers_that_cannot_be_are_refused),
        cmocka_unit_test(powers_out_of_range_are_refused),
        cmocka_unit_test(damaged_bytes_of_powers_are_refused),
        cmocka_unit_test(predictions_meet_what_fits_exactly),
        cmocka_unit_test(predictions_that_cannot_be_are_refused),
        cmocka_unit_test(tests_of_estimates_have_ends),
    };

    return cmocka_run_group_tests_name("regression_edges", tests, NULL, NULL);
}
