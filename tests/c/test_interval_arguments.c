#include "support.h"

#include <string.h>

#include <nrd/interval.h>

#include "status_private.h"

typedef nrd_status share_interval(const uint64_t *met, const uint64_t *known, size_t n,
    double level, double *low_out, double *high_out, nrd_error *err);

static void
no_rows_write_nothing(void **state)
{
    static const uint64_t count[] = {7};
    static const double value[] = {2.385};
    const nrd_mean_rows means = {value, value, count, 0};
    const nrd_sample_rows samples = {count, count, count, 0};
    const nrd_pair_rows pairs = {count, count, count, count, 0};
    double low = 2.385, high = 2.385;
    uint64_t fewest = 7, most = 7;

    (void) state;
    assert_int_equal(nrd_interval_mean(&means, 0.95, &low, &high, NULL), NRD_OK);
    assert_int_equal(nrd_interval_wilson(count, count, 0, 0.95, &low, &high, NULL), NRD_OK);
    assert_int_equal(nrd_interval_difference(&pairs, 0.95, &low, &high, NULL), NRD_OK);
    assert_int_equal(nrd_interval_finite(&samples, 0.95, &fewest, &most, NULL), NRD_OK);
    assert_true(low == 2.385 && high == 2.385);
    assert_int_equal(fewest + most, 14);
}

static void
wrong_shares_change_nothing(void **state)
{
    static const uint64_t met[] = {7, 0, 20}, known[] = {19, 0, 19};
    static const uint64_t huge[] = {19, 1000000001};
    share_interval *const all[] = {
        nrd_interval_wilson, nrd_interval_clopper_pearson, nrd_interval_jeffreys};
    double low[3] = {2.385, 2.385, 2.385}, high[3] = {2.385, 2.385, 2.385};
    nrd_error err;

    (void) state;
    for (size_t f = 0; f < 3; f++) {
        assert_int_equal(all[f](NULL, known, 2, 0.95, low, high, &err), NRD_E_NULL);
        assert_error(&err, NRD_E_NULL, NRD_NO_ROW, "NULL");
        assert_int_equal(all[f](met, NULL, 2, 0.95, low, high, NULL), NRD_E_NULL);
        assert_int_equal(all[f](met, known, 2, 0.95, NULL, high, NULL), NRD_E_NULL);
        assert_int_equal(all[f](met, known, 2, 0.95, low, NULL, NULL), NRD_E_NULL);
        assert_int_equal(all[f](met, known, 2, 1.0, low, high, &err), NRD_E_DOMAIN);
        assert_error(&err, NRD_E_DOMAIN, NRD_NO_ROW, "level is 1");
        assert_int_equal(all[f](met, known, 2, 0.0, low, high, NULL), NRD_E_DOMAIN);
        assert_int_equal(all[f](met, known, 2, NAN, low, high, NULL), NRD_E_DOMAIN);
        assert_int_equal(all[f](met, known, 3, 0.95, low, high, &err), NRD_E_DOMAIN);
        assert_error(&err, NRD_E_DOMAIN, 2, "met is 20");
        if (f > 0) {
            assert_int_equal(all[f](met, huge, 2, 0.95, low, high, &err), NRD_E_DOMAIN);
            assert_error(&err, NRD_E_DOMAIN, 1, "1000000001");
        }
    }
    for (size_t i = 0; i < 3; i++) {
        assert_true(low[i] == 2.385 && high[i] == 2.385);
    }
}

static nrd_status
mean_status(double mean, double variance, uint64_t count, double level, nrd_error *err)
{
    const double means[] = {2.385, mean}, variances[] = {0.368, variance};
    const uint64_t counts[] = {7, count};
    const nrd_mean_rows rows = {means, variances, counts, 2};
    double low[] = {2.385, 2.385}, high[] = {2.385, 2.385};
    const nrd_status status = nrd_interval_mean(&rows, level, low, high, err);

    assert_true(status == NRD_OK || (low[0] == 2.385 && high[0] == 2.385));
    return status;
}

static void
wrong_means_change_nothing(void **state)
{
    static const double value[] = {2.385};
    static const uint64_t count[] = {7};
    const nrd_mean_rows rows = {value, value, count, 1};
    const nrd_mean_rows without[] = {
        {NULL, value, count, 1}, {value, NULL, count, 1}, {value, value, NULL, 1}};
    double low, high;
    nrd_error err;

    (void) state;
    assert_int_equal(nrd_interval_mean(NULL, 0.95, &low, &high, &err), NRD_E_NULL);
    assert_error(&err, NRD_E_NULL, NRD_NO_ROW, "NULL");
    assert_int_equal(nrd_interval_mean(&rows, 0.95, NULL, &high, NULL), NRD_E_NULL);
    assert_int_equal(nrd_interval_mean(&rows, 0.95, &low, NULL, NULL), NRD_E_NULL);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(
            nrd_interval_mean(&without[i], 0.95, &low, &high, NULL), NRD_E_NULL);
    }
    assert_int_equal(mean_status(1.0, 0.368, 7, 0.95, NULL), NRD_OK);
    assert_int_equal(mean_status(1.0, 0.368, 7, -0.5, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, NRD_NO_ROW, "level is -0.5");
    assert_int_equal(mean_status(NAN, 0.368, 7, 0.95, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, 1, "nan");
    assert_int_equal(mean_status(1.0, -0.368, 7, 0.95, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, 1, "-0.368");
    assert_int_equal(mean_status(1.0, INFINITY, 7, 0.95, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, 1, "inf");
    assert_int_equal(mean_status(1.0, 0.368, 1000000001, 0.95, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, 1, "1000000001");
}

static nrd_status
finite_status(
    uint64_t met, uint64_t known, uint64_t population, double level, nrd_error *err)
{
    const uint64_t mets[] = {7, met}, knowns[] = {19, known};
    const uint64_t populations[] = {66, population};
    const nrd_sample_rows rows = {mets, knowns, populations, 2};
    uint64_t low[] = {7, 7}, high[] = {7, 7};
    const nrd_status status = nrd_interval_finite(&rows, level, low, high, err);

    assert_true(status == NRD_OK || low[0] + low[1] + high[0] + high[1] == 28);
    return status;
}

static void
wrong_samples_change_nothing(void **state)
{
    static const uint64_t one[] = {1};
    const nrd_sample_rows rows = {one, one, one, 1};
    const nrd_sample_rows without[] = {
        {NULL, one, one, 1}, {one, NULL, one, 1}, {one, one, NULL, 1}};
    uint64_t low, high;
    nrd_error err;

    (void) state;
    assert_int_equal(nrd_interval_finite(NULL, 0.95, &low, &high, &err), NRD_E_NULL);
    assert_error(&err, NRD_E_NULL, NRD_NO_ROW, "NULL");
    assert_int_equal(nrd_interval_finite(&rows, 0.95, NULL, &high, NULL), NRD_E_NULL);
    assert_int_equal(nrd_interval_finite(&rows, 0.95, &low, NULL, NULL), NRD_E_NULL);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(
            nrd_interval_finite(&without[i], 0.95, &low, &high, NULL), NRD_E_NULL);
    }
    assert_int_equal(finite_status(10, 18, 66, 0.95, NULL), NRD_OK);
    assert_int_equal(finite_status(10, 18, 66, 1.5, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, NRD_NO_ROW, "level is 1.5");
    assert_int_equal(finite_status(19, 18, 66, 0.95, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, 1, "met is 19");
    assert_int_equal(finite_status(10, 67, 66, 0.95, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, 1, "known is 67");
    assert_int_equal(finite_status(10, 18, 1000000001, 0.95, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, 1, "1000000001");
}

static void
wrong_pairs_change_nothing(void **state)
{
    static const uint64_t met[] = {7, 20}, known[] = {19, 19}, one[] = {1, 1};
    const nrd_pair_rows rows = {one, one, one, one, 2};
    const nrd_pair_rows wrong_a = {met, known, one, one, 2};
    const nrd_pair_rows wrong_b = {one, one, met, known, 2};
    const nrd_pair_rows without[] = {{NULL, one, one, one, 2}, {one, NULL, one, one, 2},
        {one, one, NULL, one, 2}, {one, one, one, NULL, 2}};
    double low[] = {2.385, 2.385}, high[] = {2.385, 2.385};
    nrd_error err;

    (void) state;
    assert_int_equal(nrd_interval_difference(NULL, 0.95, low, high, &err), NRD_E_NULL);
    assert_error(&err, NRD_E_NULL, NRD_NO_ROW, "NULL");
    assert_int_equal(nrd_interval_difference(&rows, 0.95, NULL, high, NULL), NRD_E_NULL);
    assert_int_equal(nrd_interval_difference(&rows, 0.95, low, NULL, NULL), NRD_E_NULL);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(
            nrd_interval_difference(&without[i], 0.95, low, high, NULL), NRD_E_NULL);
    }
    assert_int_equal(nrd_interval_difference(&rows, NAN, low, high, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, NRD_NO_ROW, "level is nan");
    assert_int_equal(
        nrd_interval_difference(&wrong_a, 0.95, low, high, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, 1, "met is 20");
    assert_int_equal(
        nrd_interval_difference(&wrong_b, 0.95, low, high, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, 1, "met is 20");
    assert_true(low[0] == 2.385 && high[0] == 2.385 && low[1] == 2.385 && high[1] == 2.385);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_rows_write_nothing),
        cmocka_unit_test(wrong_shares_change_nothing),
        cmocka_unit_test(wrong_means_change_nothing),
        cmocka_unit_test(wrong_samples_change_nothing),
        cmocka_unit_test(wrong_pairs_change_nothing),
    };

    return cmocka_run_group_tests_name("interval_arguments", tests, NULL, NULL);
}
