#include "trend_toy.h"

#include <nrd/trend_serial.h>

#include "status_private.h"

#define SITES 40
#define YEARS 12

static toy data;
static nrd_serial_test found[MOST_SERIES];

static void
serial_tests_match_pymannkendall(void **state)
{
    static const char *const names[] = {
        "hamed_rao", "yue_wang", "pre_whitening", "trend_free"};
    cJSON *ref = ref_open("trends_peers");
    const cJSON *item;
    size_t cases = 0;

    (void) state;
    for (int kind = 0; kind < 4; kind++) {
        cJSON_ArrayForEach(item, ref_get(ref, "cases"))
        {
            const cJSON *serial = cJSON_GetObjectItemCaseSensitive(item, "serial");

            if (serial != NULL) {
                toy_start(&data);
                toy_add_case(&data, item);
                assert_int_equal(nrd_trend_serial(&data.series, (nrd_serial) kind, 0.05, 1,
                                     NULL, found, NULL),
                    NRD_OK);
                assert_int_equal(found[0].reason, 0);
                assert_int_equal(found[0].s, (int64_t) ref_at(serial, names[kind], 0));
                assert_close(found[0].variance, ref_at(serial, names[kind], 1), 1e-9);
                cases++;
            }
        }
    }
    assert_true(cases > 20);
    cJSON_Delete(ref);
}

static void
partial_tests_match_pymannkendall(void **state)
{
    cJSON *ref = ref_open("trends_peers");
    const cJSON *item;
    nrd_partial out;

    (void) state;
    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        toy_start(&data);
        toy_add_case(&data, item);
        assert_int_equal(
            nrd_trend_partial(&data.series, data.weight, NULL, &out, NULL), NRD_OK);
        if (out.reason == 0) {
            assert_close(out.s, ref_at(item, "partial", 0), 1e-12);
            assert_close(out.variance, ref_at(item, "partial", 1), 1e-12);
            /* Theirs is 1 - cdf. */
            assert_close(1.0 + out.p, 1.0 + ref_at(item, "partial", 2), 1e-14);
            assert_close(out.p, 2.0 * fmin(out.p_rising, out.p_falling), 0.0);
        }
        assert_int_equal(out.reason, out.n <= 3 ? 1 : fabs(out.rho) == 1.0 ? 4 : 0);
        assert_int_equal(nrd_trend_partial(&data.series, data.value, NULL, &out, NULL),
            NRD_OK); /* the values explain themselves */
        assert_int_equal(out.reason, out.n <= 3 ? 1 : out.rho == 1.0 ? 4 : 0);
    }
    cJSON_Delete(ref);
}

static void
says_why_it_cannot_tell(void **state)
{
    const double time[6] = {2010.0, 2011.0, 2012.0, 2013.0, 2014.0, 2016.0};
    const double value[6] = {9.0, 7.0, 8.0, 5.0, 6.0, 2.0}, equal[6] = {2, 2, 2, 2, 2, 2};

    (void) state;
    toy_start(&data);
    toy_add(&data, time, value, 3);
    toy_add(&data, time, value, 6);
    toy_add(&data, time, equal, 5);
    toy_add(&data, time, value, 5);
    toy_add(&data, time, value, 0);
    for (int kind = 0; kind < 4; kind++) {
        assert_int_equal(
            nrd_trend_serial(&data.series, (nrd_serial) kind, 0.05, 1, NULL, found, NULL),
            NRD_OK);
        assert_int_equal(found[0].reason, 1);
        assert_int_equal(found[1].reason, 2);
        assert_int_equal(found[2].reason, 3);
        assert_int_equal(found[4].reason, 1);
        for (size_t k = 0; k < 3; k++) {
            assert_true(isnan(found[k].p));
        }
        assert_true(found[3].reason == 0 || found[3].reason == 4);
    }
}

/* Sites x years of one group. */
static void
add_sites(const cJSON *item)
{
    const cJSON *site;
    double time[YEARS], value[YEARS];

    cJSON_ArrayForEach(site, ref_get(item, "values"))
    {
        const size_t n = (size_t) cJSON_GetArraySize(site);

        assert_true(n <= YEARS);
        for (size_t i = 0; i < n; i++) {
            time[i] = 2010.0 + (double) i;
            value[i] = cJSON_GetArrayItem(site, (int) i)->valuedouble;
        }
        toy_add(&data, time, value, n);
    }
}

static void
regional_tests_match_pymannkendall(void **state)
{
    const nrd_regional_options options = {.resamples = 999, .seed = 6};
    static int32_t group[MOST_SERIES];
    cJSON *ref = ref_open("trends_regional");
    nrd_regional one[3], two[3];
    const cJSON *item;
    size_t groups = 0;

    (void) state;
    toy_start(&data);
    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        const size_t before = data.series.count;

        add_sites(item);
        for (size_t k = before; k < data.series.count; k++) {
            group[k] = (int32_t) groups;
        }
        groups++;
    }
    assert_int_equal(
        nrd_trend_regional(&data.series, group, groups, &options, 1, NULL, one, NULL),
        NRD_OK);
    assert_int_equal(
        nrd_trend_regional(&data.series, group, groups, &options, 3, NULL, two, NULL),
        NRD_OK);
    assert_memory_equal(one, two, sizeof one);
    for (size_t g = 0; g < groups; g++) {
        item = cJSON_GetArrayItem(ref_get(ref, "cases"), (int) g);
        assert_int_equal(one[g].s, (int64_t) ref_at(item, "s", 0));
        assert_close(one[g].variance, ref_at(item, "var", 0), 1e-13);
        assert_close(one[g].p, ref_at(item, "p", 0), 1e-7); /* theirs: 1 - cdf */
        assert_close(one[g].slope, ref_at(item, "slope", 0), 1e-13);
        assert_int_equal(one[g].exact, one[g].times <= 9);
        assert_int_equal(one[g].arrangements, g == 0 ? 120 : g == 1 ? 5040 : 999);
    }
    cJSON_Delete(ref);
}

/* One area alone: exchanging its years is the exact test of Mann and Kendall, ties and
 * all. An area without values in some years changes nothing but its own pairs. */
static void
one_area_is_its_own_exact_test(void **state)
{
    const nrd_regional_options options = {.resamples = 1, .seed = 0};
    const nrd_trend_options plain = {NRD_SLOPE_THEIL_SEN, 0.95};
    int32_t group[SITES];
    nrd_regional out[SITES];
    nrd_trend test[SITES];
    uint64_t random = 3;

    (void) state;
    toy_start(&data);
    for (size_t k = 0; k < SITES; k++) {
        double time[8], value[8];
        const size_t n = 3 + k % 6;

        for (size_t i = 0; i < n; i++) {
            time[i] = (double) (i + k);
            value[i] = floor(6.0 * toy_number(&random));
        }
        toy_add(&data, time, value, n);
        group[k] = (int32_t) (SITES - 1 - k);
    }
    assert_int_equal(
        nrd_trend_regional(&data.series, group, SITES, &options, 2, NULL, out, NULL),
        NRD_OK);
    assert_int_equal(nrd_trend_test(&data.series, &plain, 1, NULL, test, NULL), NRD_OK);
    for (size_t k = 0; k < SITES; k++) {
        assert_close(out[SITES - 1 - k].p_joint, test[k].p, 1e-14);
        assert_int_equal(out[SITES - 1 - k].s, test[k].s);
    }
}

static void
refuses(void **state)
{
    const double time[3] = {2011.0, 2012.0, 2013.0};
    const nrd_regional_options options = {.resamples = 9, .seed = 0};
    const nrd_regional_options none = {.resamples = 0, .seed = 0};
    const int32_t group[2] = {0, 2}, one[2] = {0, 0};
    nrd_regional out[2] = {{.series = 77}};
    const double bad[6] = {1.0, 2.0, 3.0, (double) INFINITY, 5.0, 6.0};
    static double many[600];
    nrd_partial left;
    const int stop = 1;
    nrd_error err;

    (void) state;
    toy_start(&data);
    toy_add(&data, time, time, 3);
    toy_add(&data, time, time, 3);
    assert_int_equal(
        nrd_trend_serial(&data.series, (nrd_serial) 4, 0.05, 1, NULL, found, &err),
        NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, NRD_NO_ROW, "kind is 4");
    assert_int_equal(
        nrd_trend_serial(&data.series, NRD_SERIAL_YUE_WANG, 0.05, 1, &stop, found, &err),
        NRD_E_CANCELLED);
    assert_int_equal(nrd_trend_partial(&data.series, NULL, NULL, &left, &err), NRD_E_NULL);
    assert_int_equal(nrd_trend_partial(&data.series, bad, NULL, &left, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, 3, "inf");
    assert_int_equal(
        nrd_trend_partial(&data.series, many, &stop, &left, &err), NRD_E_CANCELLED);
    nrdi_malloc_fail_after(0);
    assert_int_equal(
        nrd_trend_partial(&data.series, many, NULL, &left, &err), NRD_E_MEMORY);
    nrdi_malloc_fail_after(-1);
    assert_int_equal(
        nrd_trend_regional(&data.series, group, 2, &options, 1, NULL, out, &err),
        NRD_E_UNKNOWN);
    assert_error(&err, NRD_E_UNKNOWN, 1, "group is 2");
    assert_int_equal(
        nrd_trend_regional(&data.series, one, 2, &none, 1, NULL, out, &err), NRD_E_DOMAIN);
    assert_int_equal(
        nrd_trend_regional(&data.series, one, 1, NULL, 1, NULL, out, &err), NRD_E_NULL);
    for (long i = 0; i < 15; i++) {
        nrdi_malloc_fail_after(i);
        assert_int_equal(
            nrd_trend_regional(&data.series, one, 2, &options, 1, NULL, out, &err),
            NRD_E_MEMORY);
    }
    for (long i = 0; i < 9; i++) {
        nrdi_malloc_fail_after(i);
        assert_int_equal(nrd_trend_serial(&data.series, NRD_SERIAL_TREND_FREE, 0.05, 1,
                             NULL, found, &err),
            NRD_E_MEMORY);
    }
    nrdi_malloc_fail_after(-1);
    for (size_t i = 0; i < 600; i++) {
        many[i] = (double) i;
    }
    toy_add(&data, many, many, 600);
    data.offset[0] = 6;
    data.series.count = 1;
    data.offset[1] = 606;
    assert_int_equal(
        nrd_trend_regional(&data.series, one, 1, &options, 1, NULL, out, &err), NRD_E_SIZE);
    assert_error(&err, NRD_E_SIZE, 0, "600 different times");
    assert_int_equal(out[0].series, 77);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(serial_tests_match_pymannkendall),
        cmocka_unit_test(partial_tests_match_pymannkendall),
        cmocka_unit_test(says_why_it_cannot_tell),
        cmocka_unit_test(regional_tests_match_pymannkendall),
        cmocka_unit_test(one_area_is_its_own_exact_test),
        cmocka_unit_test(refuses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
