#include "trend_toy.h"

#include <nrd/dist.h>

#include "status_private.h"
#include "trend_private.h"

#define LEVEL 0.95

static toy data;
static nrd_line line[MOST_SERIES], weighted[MOST_SERIES];
static nrd_logistic curve[MOST_SERIES];

static void
lines_and_curves_match_peers(void **state)
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
    assert_int_equal(nrd_trend_line(&data.series, LEVEL, 2, line, NULL), NRD_OK);
    data.series.weight = data.weight;
    assert_int_equal(nrd_trend_line(&data.series, LEVEL, 2, weighted, NULL), NRD_OK);
    for (size_t i = 0; i < data.offset[data.series.count]; i++) {
        data.value[i] /= 100.0;
    }
    assert_int_equal(nrd_trend_logistic(&data.series, 2, curve, NULL), NRD_OK);
    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        double quantile;

        assert_close(line[k].slope, ref_at(item, "line", 0), 1e-12);
        assert_close(line[k].se, ref_at(item, "line", 1), 1e-11);
        assert_close(line[k].p, ref_at(item, "line", 2), 1e-10);
        assert_close(weighted[k].slope, ref_at(item, "wls", 0), 1e-11);
        assert_close(weighted[k].intercept, ref_at(item, "wls", 1), 1e-11);
        assert_close(weighted[k].se, ref_at(item, "wls", 2), 1e-10);
        assert_close(weighted[k].p, ref_at(item, "wls", 3), 1e-9);
        assert_close(curve[k].slope, ref_at(item, "logistic", 0), 1e-8);
        assert_close(1.0 + curve[k].intercept, 1.0 + ref_at(item, "logistic", 1), 1e-9);
        assert_close(curve[k].se, ref_at(item, "logistic", 2), 1e-7);
        assert_close(curve[k].pearson, ref_at(item, "logistic", 3), 1e-7);
        assert_int_equal(curve[k].separated, 0);
        assert_int_equal(nrd_dist_t_isf(0.025, line[k].df, &quantile, NULL), NRD_OK);
        assert_close(line[k].high - line[k].low, 2.0 * quantile * line[k].se, 1e-13);
        k++;
    }
    cJSON_Delete(ref);
}

static void
tails_are_those_of_student(void **state)
{
    (void) state;
    for (int df = 1; df <= 64; df++) {
        for (double t = 0.001; t < 1e4; t *= 1.37) {
            double share;

            assert_int_equal(nrd_dist_t_sf(t, df, &share, NULL), NRD_OK);
            if (share > 1e-290) {
                assert_close(nrdi_t_two_sided(t, df), 2.0 * share, 2e-13);
                assert_close(nrdi_t_two_sided(-t, df), 2.0 * share, 2e-13);
            }
        }
    }
    assert_close(nrdi_t_two_sided((double) INFINITY, 3.0), 0.0, 0.0);
    assert_close(nrdi_t_two_sided(0.0, 3.0), 1.0, 0.0);
}

/* Equal times are allowed, twice the digits keep a far origin, and a line is a line. */
static void
exact_lines(void **state)
{
    const double time[5] = {1e9, 1e9 + 1, 1e9 + 1, 1e9 + 3, 1e9 + 7};
    double value[5];

    (void) state;
    toy_start(&data);
    for (size_t i = 0; i < 5; i++) {
        value[i] = 1e12 - 3.0 * (time[i] - 1e9);
    }
    toy_add(&data, time, value, 5);
    toy_add(&data, time, value, 2);
    toy_add(&data, time, value, 1);
    toy_add(&data, time, time, 0);
    assert_int_equal(nrd_trend_line(&data.series, LEVEL, 1, line, NULL), NRD_OK);
    assert_close(line[0].slope, -3.0, 0.0);
    assert_close(line[0].intercept, 1e12, 0.0);
    assert_true(line[0].se < 1e-15 && line[0].p < 1e-40);
    assert_close(line[1].slope, -3.0, 0.0);
    assert_true(isnan(line[1].se) && isnan(line[1].p) && isnan(line[2].slope));
    assert_int_equal(line[3].n, 0);
}

static void
separated_shares_have_no_slope(void **state)
{
    const double time[4] = {1.0, 2.0, 3.0, 4.0};
    const double shares[][4] = {{0, 0, 1, 1}, {0, 0.5, 1, 1}, {1, 1, 0.2, 0}, {0, 0, 0, 0},
        {1, 1, 1, 1}, {0, 0, 0, 0.3}, {0.3, 0, 0, 0}, /* these have one: */ {0, 1, 0.5, 0},
        {0, 1, 0, 1}, {0.1, 0, 0, 0.1}, {0, 0.4, 0, 0}};
    const size_t without = 7, all = sizeof shares / sizeof *shares;

    (void) state;
    toy_start(&data);
    for (size_t k = 0; k < all; k++) {
        toy_add(&data, time, shares[k], 4);
        for (size_t i = 0; i < 4; i++) {
            data.weight[4 * k + i] = 200.0;
        }
    }
    data.series.weight = data.weight;
    assert_int_equal(nrd_trend_logistic(&data.series, 1, curve, NULL), NRD_OK);
    for (size_t k = 0; k < all; k++) {
        assert_int_equal(curve[k].separated, k < without);
        assert_true((curve[k].slope == curve[k].slope) == (k >= without));
    }
}

static void
refuses(void **state)
{
    const double time[3] = {2011.0, 2012.0, 2013.0}, same[3] = {2011.0, 2011.0, 2011.0};
    nrd_error err;

    (void) state;
    toy_start(&data);
    toy_add(&data, time, time, 3);
    line[0].n = 77;
    assert_int_equal(nrd_trend_line(&data.series, LEVEL, 1, NULL, &err), NRD_E_NULL);
    assert_int_equal(nrd_trend_line(&data.series, 0.0, 1, line, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, NRD_NO_ROW, "level is 0");
    assert_int_equal(nrd_trend_logistic(&data.series, 1, curve, &err), NRD_E_NULL);
    data.series.weight = data.weight;
    data.weight[0] = 1.0;
    data.weight[1] = 0.0;
    assert_int_equal(nrd_trend_line(&data.series, LEVEL, 1, line, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, 1, "weight is 0");
    data.weight[1] = data.weight[2] = 1.0;
    assert_int_equal(nrd_trend_logistic(&data.series, 1, curve, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, 0, "2011");
    toy_start(&data);
    toy_add(&data, same, time, 3);
    assert_int_equal(nrd_trend_line(&data.series, LEVEL, 1, line, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, 2, "2011");
    assert_int_equal(line[0].n, 77);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_and_curves_match_peers),
        cmocka_unit_test(tails_are_those_of_student),
        cmocka_unit_test(exact_lines),
        cmocka_unit_test(separated_shares_have_no_slope),
        cmocka_unit_test(refuses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
