#include "correlation_toy.h"

static void
compare_with_r(const cJSON *ref)
{
    static const char *const names[] = {"x", "y", "z", "unit"};
    static const char *const first[] = {"pearson", "spearman", "kendall"};
    toy own;
    nrd_correlation found;

    fill(ref, names, COLUMNS, &own);
    for (int m = 0; m < 3; m++) {
        found = correlate(
            &own, (nrd_correlation_options){.method = (nrd_correlation_method) m});
        assert_close(found.estimate, ref_at(ref, first[m], 0), 1e-13);
        assert_close(
            test(found, (nrd_correlation_method) m).p, ref_at(ref, first[m], 1), 1e-12);
    }
    found = correlate(&own, (nrd_correlation_options){.method = NRD_CORRELATION_DISTANCE});
    assert_close(found.estimate, ref_at(ref, "distance", 0), 2e-13);
    assert_close(found.centred, ref_at(ref, "distance", 1), 1e-11);
    own.data.covariates = &own.covariate;
    own.data.n_covariates = 1;
    found = correlate(&own, (nrd_correlation_options){0});
    assert_close(found.estimate, ref_at(ref, "partial", 0), 1e-6);
    assert_close(test(found, NRD_CORRELATION_PEARSON).p, ref_at(ref, "partial", 1), 1e-6);
    found = correlate(&own, (nrd_correlation_options){.part = NRD_PART_Y});
    assert_close(found.estimate, ref_at(ref, "partial", 2), 1e-6);
    own.data.n_covariates = 0;
    own.data.unit = own.unit;
    own.data.units = ROWS;
    found = correlate(&own, (nrd_correlation_options){.relation = NRD_RELATION_WITHIN});
    assert_close(found.estimate, ref_at(ref, "within", 0), 1e-7);
    assert_close(found.df, ref_at(ref, "within", 2), 0.0);
    found = correlate(&own, (nrd_correlation_options){.relation = NRD_RELATION_BETWEEN});
    assert_close(found.estimate, ref_at(ref, "between", 0), 1e-8);
}

static void
r_says_the_same(void **state)
{
    cJSON *ref = ref_open("correlation_r");
    const cJSON *item;

    (void) state;
    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        compare_with_r(item);
    }
    cJSON_Delete(ref);
}

static void
peers_say_the_same(void **state)
{
    static const char *const names[] = {"x", "y", "weights"};
    cJSON *ref = ref_open("correlation_peers");
    const cJSON *item;

    (void) state;
    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        nrd_correlation found;
        toy own;

        fill(item, names, 3, &own);
        found = correlate(&own, (nrd_correlation_options){.method = NRD_CORRELATION_XI});
        assert_close(found.estimate, ref_at(item, "xi", 0), 1e-12);
        assert_close(test(found, NRD_CORRELATION_XI).p, ref_at(item, "xi", 1), 1e-11);
        found = correlate(&own, (nrd_correlation_options){
                                    .method = NRD_CORRELATION_WINSORIZED, .share = SHARE});
        assert_close(found.estimate, ref_at(item, "winsorized", 0), 1e-12);
        found =
            correlate(&own, (nrd_correlation_options){
                                .method = NRD_CORRELATION_PERCENTAGE_BEND, .share = SHARE});
        assert_close(found.estimate, ref_at(item, "percentage_bend", 0), 1e-12);
        own.data.weight = own.value[2];
        for (int m = 0; m < 3; m++) {
            found = correlate(
                &own, (nrd_correlation_options){.method = (nrd_correlation_method) m});
            assert_close(found.estimate, ref_at(item, "weighted", (size_t) m), 1e-14);
            assert_close(found.effective_n,
                cJSON_GetNumberValue(ref_get(item, "effective_n")), 1e-14);
        }
    }
    cJSON_Delete(ref);
}

/* Rows that are repeated, or left out, are what such rows give. */
static void
repeated_rows_are_rows(void **state)
{
    static const char *const names[] = {"x", "y", "z", "unit"};
    static const uint32_t times[2 * 18] = {2, 0, 1, 1, 3, 1, 0, 1, 1, 1, 1, 2, 1, 1, 0, 4,
        1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    const nrd_pair pair = {0, 1};
    cJSON *ref = ref_open("correlation_r");
    toy own, many;

    (void) state;
    fill(cJSON_GetArrayItem(ref_get(ref, "cases"), 1), names, COLUMNS, &own);
    memset(&many, 0, sizeof many);
    for (size_t i = 0; i < 18; i++) {
        for (uint32_t k = 0; k < times[i]; k++) {
            for (size_t c = 0; c < 3; c++) {
                many.value[c][many.data.n] = own.value[c][i];
                many.column[c] = many.value[c];
            }
            many.data.n++;
        }
    }
    many.data.columns = many.column;
    many.data.n_columns = 3;
    for (int m = 0; m <= NRD_CORRELATION_PERCENTAGE_BEND; m++) {
        const nrd_correlation_options options = {
            .method = (nrd_correlation_method) m, .share = SHARE};
        double out[2], left[18];
        nrd_error err;

        assert_int_equal(nrd_correlation_repeated(
                             &own.data, pair, &options, times, 2, 2, NULL, out, NULL),
            NRD_OK);
        assert_same(out[0], correlate(&many, options).estimate, 0);
        assert_int_equal(
            nrd_correlation_left(&own.data, pair, &options, 2, NULL, left, NULL), NRD_OK);
        assert_same(out[1], left[8], 1);
        assert_int_equal(nrd_correlation_repeated(
                             &own.data, pair, &options, NULL, 2, 1, NULL, out, &err),
            NRD_E_NULL);
    }
    cJSON_Delete(ref);
}

/* Mean over both orders of two rows with the same x: by hand, 1 - n sum / (n^2 - 1). */
static void
xi_means_over_orders(void **state)
{
    static const double x[] = {1.0, 2.0, 2.0, 3.0}, y[] = {2.0, 4.0, 1.0, 3.0};
    const double *const columns[] = {x, y};
    const nrd_correlation_data data = {.columns = columns, .n_columns = 2, .n = 4};
    const nrd_correlation_options options = {.method = NRD_CORRELATION_XI};
    const nrd_pair pair = {0, 1};
    nrd_correlation out;

    (void) state;
    assert_int_equal(
        nrd_correlation_pairs(&data, &pair, 1, &options, 1, NULL, &out, NULL), NRD_OK);
    /* 2, 4, 1, 3 has steps 2 + 3 + 2, and 2, 1, 4, 3 has 1 + 3 + 1. */
    assert_close(out.estimate, 1.0 - 3.0 * 6.0 / 15.0, 1e-14);
}

/* n times the unbiased one and 1, as chi squared: 1.5 leaves 0.2206713619... above it. */
static void
distances_are_tested_by_chi_squared(void **state)
{
    const nrd_correlation found = {
        .estimate = 0.4, .centred = 0.05, .effective_n = 10.0, .df = 8.0};
    const nrd_correlation_tested out = test(found, NRD_CORRELATION_DISTANCE);

    (void) state;
    assert_close(out.statistic, 1.5, 1e-15);
    assert_close(out.p, 0.22067136191984324, 1e-13);
    assert_true(isnan(out.low) && isnan(out.detectable));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(r_says_the_same),
        cmocka_unit_test(peers_say_the_same),
        cmocka_unit_test(repeated_rows_are_rows),
        cmocka_unit_test(xi_means_over_orders),
        cmocka_unit_test(distances_are_tested_by_chi_squared),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
