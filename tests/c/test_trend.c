#include "trend_toy.h"

#include <nrd/dist.h>
#include <nrd/kendall.h>

#include "status_private.h"
#include "trend_private.h"

#define LEVEL 0.95

static toy data;
static nrd_trend found[MOST_SERIES], again[MOST_SERIES];

static void
test_all(nrd_slope slope, double level, int threads, nrd_trend *out)
{
    const nrd_trend_options options = {slope, level};

    assert_int_equal(
        nrd_trend_test(&data.series, &options, threads, NULL, out, NULL), NRD_OK);
}

static void
slopes_match_scipy(void **state)
{
    cJSON *ref = ref_open("trends_peers");
    const cJSON *item;
    size_t k = 0;

    (void) state;
    toy_start(&data);
    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        toy_add_case(&data, item);
    }
    test_all(NRD_SLOPE_THEIL_SEN, LEVEL, 1, found);
    test_all(NRD_SLOPE_SIEGEL, LEVEL, 1, again);
    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        assert_close(found[k].slope, ref_at(item, "sen", 0), 1e-13);
        assert_close(again[k].slope, ref_at(item, "siegel", 0), 1e-13);
        assert_int_equal(found[k].s, (int64_t) ref_at(item, "kendall", 0));
        assert_close(found[k].variance, ref_at(item, "kendall", 1), 1e-14);
        k++;
    }
    cJSON_Delete(ref);
}

/* Times and values of a series of so many rows, of so many different values. */
static size_t
add_random(uint64_t *random, size_t n, double levels)
{
    double time[600], value[600];

    for (size_t i = 0; i < n; i++) {
        time[i] = 1993.0 + (double) i + (toy_number(random) < 0.3 ? 0.5 : 0.0);
        value[i] = floor(toy_number(random) * levels) / 10.0 - 0.2 * (double) i;
        value[i] = levels > 0.0 ? value[i] : 7.0;
    }
    toy_add(&data, time, value, n);
    return data.series.count - 1;
}

/* S of what is left of series k without a slope. */
static int64_t
s_without(size_t k, double slope)
{
    int64_t s = 0;

    for (size_t j = data.offset[k]; j < data.offset[k + 1]; j++) {
        for (size_t i = data.offset[k]; i < j; i++) {
            const double rise = data.value[j] - data.value[i];
            const double line = slope * (data.time[j] - data.time[i]);

            s += (rise > line) - (rise < line);
        }
    }
    return s;
}

static double
p_of(const nrd_trend *test, int64_t s, const double *at_most, size_t count)
{
    nrd_kendall out = {.s = llabs(s), .variance = test->variance, .continuity = 1};

    if (!test->exact) {
        nrdi_kendall_normal(&out);
        return out.p;
    }
    return fmin(1.0, 2.0 * at_most[((int64_t) count - 1 - llabs(s)) / 2]);
}

static size_t
null_of(size_t k, double *at_most)
{
    const size_t first = data.offset[k], n = data.offset[k + 1] - first;
    uint32_t ties[NRD_KENDALL_EXACT];
    double sorted[NRD_KENDALL_EXACT];
    size_t groups = 0, count;

    memcpy(sorted, data.value + first, n * sizeof *sorted);
    nrdi_sort_few(sorted, n);
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && sorted[i] == sorted[i - 1]) {
            ties[groups - 1]++;
        } else {
            ties[groups++] = 1;
        }
    }
    assert_int_equal(nrd_kendall_null(ties, groups, at_most, &count, NULL), NRD_OK);
    return count;
}

/* The interval holds the slopes that the test does not reject: just inside its ends they
 * are not rejected, just outside they are. */
static void
check_interval(size_t k, double level)
{
    const nrd_trend *test = &found[k];
    const double alpha = (1.0 - level) * (1.0 + 1e-12), step = 1e-9;
    double at_most[NRD_KENDALL_COUNTS] = {0};
    const size_t count = test->exact ? null_of(k, at_most) : 0;
    const int64_t all = (int64_t) (test->n * (test->n - 1) / 2);

    if (isinf(test->low)) {
        const int64_t most = test->exact ? (int64_t) count - 1 : all;

        assert_true(p_of(test, most, at_most, count) > alpha);
        assert_close(test->confidence, 1.0, 0.0);
        return;
    }
    assert_true(test->confidence >= level * (1.0 - 1e-12));
    assert_true(test->low <= test->slope && test->slope <= test->high);
    for (int side = -1; side <= 1; side += 2) {
        const double end = side < 0 ? test->low : test->high;
        const int64_t outside = llabs(s_without(k, end + side * step));
        const int64_t inside = llabs(s_without(k, end - side * step));
        const int64_t most = test->exact ? (int64_t) count - 1 : all;
        const int64_t odd = test->exact ? 2 : 1;

        /* Where more pairs are ordered than with the ties of the values S lies between two
         * that these allow, of which the lower one counts. */
        assert_true(outside > most ||
                    p_of(test, outside - (outside + most) % odd, at_most, count) <= alpha);
        assert_true(test->high - test->low < 4.0 * step ||
                    (inside <= most && p_of(test, inside - (inside + most) % odd, at_most,
                                           count) > alpha));
    }
}

static void
intervals_hold_what_is_not_rejected(void **state)
{
    const double levels[] = {0.0, 4.0, 30.0, 1e6};
    uint64_t random = 2385;

    (void) state;
    for (size_t level = 0; level < 2; level++) {
        const double confidence = level == 0 ? LEVEL : 0.8;

        toy_start(&data);
        for (size_t n = 2; n <= 60; n++) {
            for (size_t i = 0; i < 4; i++) {
                (void) add_random(&random, n, levels[i]);
            }
        }
        test_all(NRD_SLOPE_THEIL_SEN, confidence, 1, found);
        for (size_t k = 0; k < data.series.count; k++) {
            check_interval(k, confidence);
        }
    }
}

/* A series that is long is the same as one that is not, but for who computes it. */
static void
long_series_are_as_short_ones(void **state)
{
    uint64_t random = 7;
    double time[600], value[600];

    (void) state;
    toy_start(&data);
    for (size_t i = 0; i < 600; i++) {
        time[i] = (double) i;
        value[i] = floor(1000.0 * toy_number(&random)) / 10.0 + 0.01 * time[i];
    }
    toy_add(&data, time, value, NRDI_TREND_SHORT);
    toy_add(&data, time, value, 600);
    test_all(NRD_SLOPE_THEIL_SEN, LEVEL, 2, found);
    for (size_t k = 0; k < 2; k++) {
        nrd_kendall test;
        const size_t n = data.offset[k + 1] - data.offset[k];

        assert_int_equal(nrd_kendall_test(time, value, n, 1, &test, NULL), NRD_OK);
        assert_int_equal(found[k].s, test.s);
        assert_close(found[k].p, test.p, 1e-15);
        assert_close(found[k].tau, test.tau_b, 1e-15);
        assert_close(found[k].smallest_p, test.smallest_p, 1e-12);
        check_interval(k, LEVEL);
        assert_true(s_without(k, found[k].slope - 1e-9) >= 0);
        assert_true(s_without(k, found[k].slope + 1e-9) <= 0);
    }
    test_all(NRD_SLOPE_SIEGEL, LEVEL, 2, again);
    assert_true(fabs(again[1].slope - found[1].slope) < 0.01);
    assert_true(isnan(again[1].low));
}

/* No number of threads changes a bit, and series are alike where their ties are. */
static void
threads_and_likeness(void **state)
{
    const double levels[] = {0.0, 3.0, 20.0, 1e6};
    uint64_t random = 11;

    (void) state;
    toy_start(&data);
    for (size_t k = 0; k < 3000; k++) {
        (void) add_random(&random, k % 7, levels[k % 4]);
    }
    test_all(NRD_SLOPE_THEIL_SEN, LEVEL, 1, found);
    for (int threads = 2; threads <= 5; threads++) {
        test_all(NRD_SLOPE_THEIL_SEN, LEVEL, threads, again);
        assert_memory_equal(found, again, data.series.count * sizeof *found);
    }
    for (size_t k = 0; k < data.series.count; k++) {
        const nrd_trend *first = &found[found[k].like];

        assert_true(found[k].like <= k);
        assert_int_equal(first->n, found[k].n);
        if (found[k].n > 1) {
            assert_close(first->variance, found[k].variance, 0.0);
            assert_close(first->smallest_p, found[k].smallest_p, 0.0);
        } else {
            assert_true(isnan(found[k].p) && isnan(found[k].slope));
        }
    }
}

static void
too_few_and_all_equal(void **state)
{
    const double time[5] = {2011.0, 2012.0, 2014.0, 2015.0, 2016.0};
    const double equal[5] = {2.385, 2.385, 2.385, 2.385, 2.385}, two[2] = {7.0, 5.0};
    const double falling[5] = {9.0, 7.5, 6.0, 4.0, 1.0};

    (void) state;
    toy_start(&data);
    toy_add(&data, time, equal, 5);
    toy_add(&data, time, two, 2);
    toy_add(&data, time, falling, 4);
    toy_add(&data, time, falling, 5);
    test_all(NRD_SLOPE_THEIL_SEN, LEVEL, 1, found);
    assert_close(found[0].p, 1.0, 0.0);
    assert_close(found[0].slope, 0.0, 0.0);
    assert_close(found[0].intercept, 2.385, 0.0);
    assert_true(isnan(found[0].tau) && isinf(found[0].low));
    assert_close(found[1].smallest_p, 1.0, 0.0);
    assert_close(found[1].slope, -2.0, 0.0);
    /* With four years nothing can be significant at 5%; with five it can. */
    assert_close(found[2].smallest_p, 1.0 / 12.0, 1e-15);
    assert_true(isinf(found[2].high));
    assert_close(found[3].p, 1.0 / 60.0, 1e-15);
    assert_close(found[3].p_falling, 1.0 / 120.0, 1e-15);
    assert_close(found[3].p_rising, 1.0, 0.0);
    assert_close(found[3].tau, -1.0, 0.0);
    assert_close(found[3].confidence, 1.0 - 1.0 / 60.0, 1e-15);
}

static void
refuses(void **state)
{
    const double time[3] = {2011.0, 2012.0, 2012.0}, value[3] = {1.0, (double) NAN, 3.0};
    const nrd_trend_options options = {NRD_SLOPE_THEIL_SEN, LEVEL};
    nrd_trend_options bad = options;
    const int stop = 1;
    nrd_error err;

    (void) state;
    toy_start(&data);
    toy_add(&data, time, time, 3);
    found[0].n = 77;
    assert_int_equal(nrd_trend_test(NULL, &options, 1, NULL, found, &err), NRD_E_NULL);
    assert_int_equal(
        nrd_trend_test(&data.series, &options, 1, NULL, NULL, &err), NRD_E_NULL);
    assert_int_equal(
        nrd_trend_test(&data.series, &options, 1, NULL, found, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, 2, "2012");
    bad.level = 1.0;
    assert_int_equal(
        nrd_trend_test(&data.series, &bad, 1, NULL, found, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, NRD_NO_ROW, "level is 1");
    bad = options;
    bad.slope = (nrd_slope) 2;
    assert_int_equal(
        nrd_trend_test(&data.series, &bad, 1, NULL, found, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, NRD_NO_ROW, "slope is 2");
    toy_start(&data);
    toy_add(&data, time, value, 2);
    assert_int_equal(
        nrd_trend_test(&data.series, &options, 1, NULL, found, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, 1, "nan");
    toy_start(&data);
    toy_add(&data, time, time, 2);
    assert_int_equal(
        nrd_trend_test(&data.series, &options, 1, &stop, found, &err), NRD_E_CANCELLED);
    for (long i = 0; i < 6; i++) {
        nrdi_malloc_fail_after(i);
        assert_int_equal(
            nrd_trend_test(&data.series, &options, 1, NULL, found, &err), NRD_E_MEMORY);
    }
    nrdi_malloc_fail_after(-1);
    assert_int_equal(found[0].n, 77);
    data.offset[0] = 5;
    assert_int_equal(
        nrd_trend_test(&data.series, &options, 1, NULL, found, &err), NRD_E_SIZE);
    assert_error(&err, NRD_E_SIZE, 0, "from row 5 to 2");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slopes_match_scipy),
        cmocka_unit_test(intervals_hold_what_is_not_rejected),
        cmocka_unit_test(long_series_are_as_short_ones),
        cmocka_unit_test(threads_and_likeness),
        cmocka_unit_test(too_few_and_all_equal),
        cmocka_unit_test(refuses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
