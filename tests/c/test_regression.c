#include "regression_toy.h"

/* One unit in the last place. */
#define UNIT 0x1p-52

/* A table of a reference, and the model that goes with it. */
typedef struct {
    double column[3][TOY_ROWS];
    double weight[TOY_ROWS];
    int64_t group[TOY_ROWS];
    uint8_t grouped[TOY_ROWS / 8];
    int32_t decimals[3];
    int32_t degrees[3];
    nrd_term terms[TOY_TERMS];
    int64_t within[TOY_GROUPS];
    toy_rows rows;
    nrd_regression_model model;
} toy_case;

static void
read_groups(const cJSON *ref, toy_case *out)
{
    double number[TOY_ROWS];
    const size_t n = ref_doubles(ref, "group", number, TOY_ROWS);

    memset(out->grouped, 0, sizeof out->grouped);
    for (size_t i = 0; i < n; i++) {
        out->group[i] = isnan(number[i]) ? 0 : (int64_t) number[i];
        out->grouped[i / 8] |= (uint8_t) (!isnan(number[i]) << i % 8);
    }
    out->rows.groups = (size_t) ref_at(ref, "groups", 0);
    out->rows.group = n > 0 ? out->group : NULL;
    out->rows.group_validity = n > 0 ? out->grouped : NULL;
}

static void
read_model(const cJSON *ref, toy_case *out)
{
    double number[3 * TOY_TERMS];
    const size_t n = ref_doubles(ref, "terms", number, 2 * TOY_TERMS) / 2;
    size_t units;

    for (size_t i = 0; i < n; i++) {
        out->terms[i] = (nrd_term){(size_t) number[2 * i], (int32_t) number[2 * i + 1]};
    }
    units = ref_doubles(ref, "within", number, TOY_GROUPS);
    for (size_t i = 0; i < units; i++) {
        out->within[i] = (int64_t) number[i];
    }
    out->model = (nrd_regression_model){(size_t) ref_at(ref, "y", 0), out->terms, n,
        (int) ref_at(ref, "intercept", 0), units > 0 ? out->within : NULL,
        (size_t) ref_at(ref, "regressions", 0)};
}

static void
read_case(const cJSON *ref, toy_case *out)
{
    double number[3 * TOY_ROWS];
    const size_t n = ref_doubles(ref, "columns", number, 3 * TOY_ROWS) / 3;

    out->rows = (toy_rows){.p = 3, .n = n, .level = NRD_MOMENTS_COVARIANCES};
    for (size_t i = 0; i < 3; i++) {
        memcpy(out->column[i], number + i * n, n * sizeof *number);
        out->rows.columns[i] = out->column[i];
        out->decimals[i] = (int32_t) ref_at(ref, "decimals", i);
    }
    out->rows.decimals = out->decimals;
    out->rows.weights = (nrd_weights) ref_at(ref, "kind", 0);
    if (ref_doubles(ref, "weight", out->weight, TOY_ROWS) > 0) {
        out->rows.weight = out->weight;
    } else if (out->rows.weights != NRD_WEIGHTS_NONE) {
        out->rows.weight = out->weight; /* a table without rows */
    }
    read_groups(ref, out);
    read_model(ref, out);
}

/* The state of a case, of rows `first` to before `end`. */
static nrd_moments *
state_of(const cJSON *ref, const toy_case *own, size_t first, size_t end)
{
    nrd_moments *state = toy_new(&own->rows);
    int32_t degrees[3];

    if (cJSON_GetArraySize(ref_get(ref, "degrees")) > 0) {
        for (size_t i = 0; i < 3; i++) {
            degrees[i] = (int32_t) ref_at(ref, "degrees", i);
        }
        assert_int_equal(nrd_moments_keep_powers(state, degrees, 3, NULL), NRD_OK);
    }
    toy_add(state, &own->rows, first, end, 1);
    return state;
}

static void
assert_all(const cJSON *ref, const char *key, const double *found, size_t n, double units)
{
    for (size_t i = 0; i < n; i++) {
        const double expected = ref_at(ref, key, i);

        if (fabs(expected) > 0x1p-1000) {
            assert_close(found[i], expected, units * UNIT);
        } else if (!isnan(expected)) {
            assert_true(fabs(found[i] - expected) <= 0x1p-1073);
        } else {
            assert_true(isnan(found[i]));
        }
    }
}

static void
assert_whole(const cJSON *ref, const nrd_fit *fit, size_t r)
{
    assert_int_equal(fit->status, (int) ref_at(ref, "status", r));
    assert_int_equal(fit->dependent, (int) ref_at(ref, "dependent", r));
    assert_int_equal(fit->rows, (uint64_t) ref_at(ref, "rows", r));
    assert_int_equal(fit->units, (uint64_t) ref_at(ref, "units", r));
    assert_close(fit->df, ref_at(ref, "df", r), 0.0);
    assert_close(fit->rss, ref_at(ref, "rss", r), UNIT);
    assert_close(fit->tss, ref_at(ref, "tss", r), UNIT);
    assert_close(fit->sigma, ref_at(ref, "sigma", r), UNIT);
    assert_close(fit->r_squared, ref_at(ref, "r_squared", r), UNIT);
    assert_close(fit->f, ref_at(ref, "f", r), UNIT);
    assert_close(fit->adjusted, ref_at(ref, "adjusted", r), UNIT);
}

static void
assert_results(const cJSON *ref, const toy_results *found, size_t k)
{
    const size_t g = (size_t) ref_at(ref, "regressions", 0);

    for (size_t r = 0; r < g; r++) {
        assert_whole(ref, &found->fit[r], r);
    }
    assert_all(ref, "coefficient", found->coefficient, g * k, 1.0);
    assert_all(ref, "se", found->se, g * k, 1.0);
    assert_all(ref, "pivot", found->pivot, g * k, 1.0);
    assert_all(ref, "covariance", found->covariance, g * k * k, 1.0);
    assert_all(ref, "inverse", found->inverse, g * k * k, 1.0);
    assert_all(ref, "factor", found->factor, g * k * k, 1.0);
    for (size_t i = 0; i < g * k; i++) {
        const double low = ref_at(ref, "low", i);

        assert_int_equal(found->combined[i], (int) ref_at(ref, "combined", i));
        if (isnan(low)) {
            assert_true(isnan(found->low[i]));
        } else {
            assert_true(fabs(found->low[i] - low) <= 0x1p-98 * fabs(found->coefficient[i]));
        }
    }
}

static void
regressions_match_reference(void **state)
{
    cJSON *ref = ref_open("regression_fit");
    const cJSON *item;

    (void) state;
    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        static toy_case own;
        static toy_results found;
        nrd_regression_results out = toy_room(&found);
        nrd_moments *moments;
        nrd_error err = {NRD_OK, 0, ""};

        read_case(item, &own);
        moments = state_of(item, &own, 0, own.rows.n);
        if (nrd_regression_fit(moments, &own.model, 1, NULL, &out, &err) != NRD_OK) {
            fail_msg("%s", err.message);
        }
        assert_results(item, &found, own.model.n + (size_t) own.model.intercept);
        nrd_moments_free(moments);
    }
    cJSON_Delete(ref);
}

/* Two parts, merged and sent as bytes, give the bits of one. */
static void
parts_give_the_bits_of_the_whole(void **state)
{
    cJSON *ref = ref_open("regression_fit");
    const cJSON *item;

    (void) state;
    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        static toy_case own;
        static toy_results found, expected;
        nrd_regression_results out = toy_room(&found), wanted = toy_room(&expected);
        nrd_moments *whole, *part, *rest, *sent = NULL;
        uint8_t *bytes;
        size_t length;

        read_case(item, &own);
        whole = state_of(item, &own, 0, own.rows.n);
        part = state_of(item, &own, own.rows.n / 3, own.rows.n);
        rest = state_of(item, &own, 0, own.rows.n / 3);
        assert_int_equal(nrd_moments_merge(part, rest, NULL, NULL), NRD_OK);
        assert_same_state(part, whole, "merged");
        bytes = toy_bytes(part, &length);
        assert_int_equal(nrd_moments_from_bytes(bytes, length, &sent, NULL), NRD_OK);
        memset(&found, 0, sizeof found);
        memset(&expected, 0, sizeof expected);
        assert_int_equal(nrd_regression_fit(sent, &own.model, 3, NULL, &out, NULL), NRD_OK);
        assert_int_equal(
            nrd_regression_fit(whole, &own.model, 1, NULL, &wanted, NULL), NRD_OK);
        assert_memory_equal(&found, &expected, sizeof found);
        free(bytes);
        nrd_moments_free(whole);
        nrd_moments_free(part);
        nrd_moments_free(rest);
        nrd_moments_free(sent);
    }
    cJSON_Delete(ref);
}

/* A regression is refused, and says why. */
static void
assert_refused(const nrd_moments *moments, const nrd_regression_model *model,
    nrd_status status, size_t row, const char *named)
{
    static toy_results found;
    nrd_regression_results out = toy_room(&found);
    nrd_error err;

    assert_int_equal(nrd_regression_fit(moments, model, 1, NULL, &out, &err), status);
    assert_error(&err, status, row, named);
    assert_int_equal(nrd_regression_fit(moments, model, 1, NULL, &out, NULL), status);
}

static void
what_is_no_regression_is_refused(void **state)
{
    const double x[] = {2.385, 7.19, -1.5, 0.25}, y[] = {1.0, 2.0, 4.0, 8.0};
    const nrd_term terms[] = {{1, 1}, {1, 1}, {2, 1}, {1, 2}, {0, 1}};
    const int64_t within[] = {1};
    const int stop = 1;
    toy_rows rows = toy_of(4, y, x);
    nrd_moments *moments = toy_state(&rows);
    nrd_regression_model model = toy_model(terms, 1, moments);
    toy_results found;
    nrd_regression_results out = toy_room(&found);
    nrd_error err;

    (void) state;
    assert_refused(NULL, &model, NRD_E_NULL, NRD_NO_ROW, "NULL");
    assert_refused(moments, NULL, NRD_E_NULL, NRD_NO_ROW, "NULL");
    assert_int_equal(
        nrd_regression_fit(moments, &model, 1, &stop, &out, &err), NRD_E_CANCELLED);
    assert_error(&err, NRD_E_CANCELLED, NRD_NO_ROW, "stop");
    out.fit = NULL;
    assert_int_equal(nrd_regression_fit(moments, &model, 1, NULL, &out, &err), NRD_E_NULL);
    model.n = 2;
    assert_refused(moments, &model, NRD_E_DUPLICATE, NRD_NO_ROW, "column 1 is twice");
    model = (nrd_regression_model){0, &terms[2], 1, 1, NULL, 1};
    assert_refused(moments, &model, NRD_E_UNKNOWN, NRD_NO_ROW, "column 2");
    model.terms = &terms[3];
    assert_refused(moments, &model, NRD_E_UNKNOWN, NRD_NO_ROW, "power of column 1 is 2");
    model.terms = &terms[4];
    assert_refused(moments, &model, NRD_E_DUPLICATE, NRD_NO_ROW, "itself");
    model = toy_model(terms, 1, moments);
    model.y = 2;
    assert_refused(moments, &model, NRD_E_UNKNOWN, NRD_NO_ROW, "column 2");
    model = toy_model(terms, 0, moments);
    model.intercept = 0;
    assert_refused(moments, &model, NRD_E_DOMAIN, NRD_NO_ROW, "nothing to estimate");
    model = toy_model(terms, 1, moments);
    model.regressions = 2;
    assert_refused(moments, &model, NRD_E_UNKNOWN, NRD_NO_ROW, "2 regressions");
    model.within = within;
    assert_refused(moments, &model, NRD_E_DOMAIN, NRD_NO_ROW, "beside units");
    model.intercept = 0;
    model.regressions = 1;
    assert_refused(moments, &model, NRD_E_UNKNOWN, 0, "regression 1");
    nrd_moments_free(moments);
    rows.level = NRD_MOMENTS_VARIANCES;
    moments = toy_state(&rows);
    model = toy_model(terms, 1, moments);
    assert_refused(moments, &model, NRD_E_DOMAIN, NRD_NO_ROW, "covariances");
    nrd_moments_free(moments);
}

/* Room that is not wanted may be missing. */
static void
results_may_be_left_out(void **state)
{
    const double x[] = {2.385, 7.19, -1.5, 0.25}, y[] = {1.0, 2.0, 4.0, 8.0};
    const nrd_term term = {1, 1};
    toy_rows rows = toy_of(4, y, x);
    nrd_moments *moments = toy_state(&rows);
    const nrd_regression_model model = toy_model(&term, 1, moments);
    toy_results found;
    nrd_regression_results all = toy_room(&found), out = {0};
    nrd_fit fit;

    (void) state;
    memset(&fit, 0, sizeof fit);
    memset(&found, 0, sizeof found);
    out.fit = &fit;
    assert_int_equal(nrd_regression_fit(moments, &model, 1, NULL, &out, NULL), NRD_OK);
    assert_int_equal(nrd_regression_fit(moments, &model, 1, NULL, &all, NULL), NRD_OK);
    assert_memory_equal(&fit, &found.fit[0], sizeof fit);
    nrd_moments_free(moments);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(regressions_match_reference),
        cmocka_unit_test(parts_give_the_bits_of_the_whole),
        cmocka_unit_test(what_is_no_regression_is_refused),
        cmocka_unit_test(results_may_be_left_out),
    };

    return cmocka_run_group_tests_name("regression", tests, NULL, NULL);
}
