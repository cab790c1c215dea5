#include "support.h"

#include <float.h>
#include <string.h>

#include <nrd/dist.h>

#include "status_private.h"

#define SHAPES 2

typedef nrd_status scalar(double x, const double *shapes, double *out, nrd_error *err);

/* The functions of one distribution with their shapes as an array. */
#define NO_SHAPE(name)                                                                     \
    static nrd_status name(double x, const double *shapes, double *out, nrd_error *err)    \
    {                                                                                      \
        (void) shapes;                                                                     \
        return nrd_dist_##name(x, out, err);                                               \
    }
#define ONE_SHAPE(name)                                                                    \
    static nrd_status name(double x, const double *shapes, double *out, nrd_error *err)    \
    {                                                                                      \
        return nrd_dist_##name(x, shapes[0], out, err);                                    \
    }
#define TWO_SHAPES(name)                                                                   \
    static nrd_status name(double x, const double *shapes, double *out, nrd_error *err)    \
    {                                                                                      \
        return nrd_dist_##name(x, shapes[0], shapes[1], out, err);                         \
    }
#define FAMILY(wrap, name)                                                                 \
    wrap(name##_cdf) wrap(name##_sf) wrap(name##_quantile) wrap(name##_isf)

FAMILY(NO_SHAPE, normal)
FAMILY(ONE_SHAPE, t)
FAMILY(ONE_SHAPE, chi2)
FAMILY(TWO_SHAPES, f)
FAMILY(TWO_SHAPES, beta)

/* What holds on the grid of the reference file, as relative errors. */
static const struct {
    const char *file;
    const char *shapes[SHAPES];
    double low, high; /* ends of the support */
    scalar *cdf, *sf, *quantile, *isf;
    double share_error, point_error;
} families[] = {
    {"dist_normal", {NULL, NULL}, -INFINITY, INFINITY, normal_cdf, normal_sf,
        normal_quantile, normal_isf, 1e-15, 1e-15},
    {"dist_t", {"df", NULL}, -INFINITY, INFINITY, t_cdf, t_sf, t_quantile, t_isf, 4e-15,
        1e-15},
    {"dist_chi2", {"df", NULL}, 0.0, INFINITY, chi2_cdf, chi2_sf, chi2_quantile, chi2_isf,
        4e-15, 4e-15},
    {"dist_f", {"df1", "df2"}, 0.0, INFINITY, f_cdf, f_sf, f_quantile, f_isf, 1e-14, 4e-15},
    {"dist_beta", {"a", "b"}, 0.0, 1.0, beta_cdf, beta_sf, beta_quantile, beta_isf, 5e-15,
        2e-15},
};
#define FAMILIES (sizeof families / sizeof *families)

static double
value_of(scalar *function, double x, const double *shapes)
{
    double out = NAN;

    assert_int_equal(function(x, shapes, &out, NULL), NRD_OK);
    return out;
}

static void
continuous_match_reference(void **state)
{
    (void) state;
    for (size_t i = 0; i < FAMILIES; i++) {
        cJSON *ref = ref_open(families[i].file);
        const size_t n = (size_t) cJSON_GetArraySize(ref_get(ref, "point"));

        assert_in_range(n, 24, 1000);
        for (size_t row = 0; row < n; row++) {
            const double point = ref_at(ref, "point", row);
            const double tail = ref_at(ref, "tail", row);
            const int is_lower = ref_at(ref, "side", row) == 0.0;
            double shapes[SHAPES] = {NAN, NAN};

            for (size_t k = 0; k < SHAPES && families[i].shapes[k] != NULL; k++) {
                shapes[k] = ref_at(ref, families[i].shapes[k], row);
            }
            assert_close(value_of(families[i].cdf, point, shapes),
                ref_at(ref, "lower", row), families[i].share_error);
            assert_close(value_of(families[i].sf, point, shapes), ref_at(ref, "upper", row),
                families[i].share_error);
            assert_close(
                value_of(is_lower ? families[i].quantile : families[i].isf, tail, shapes),
                point, families[i].point_error);
        }
        cJSON_Delete(ref);
    }
}

/* What is below -t is what is above t, to the bit. */
static void
t_and_normal_are_symmetric(void **state)
{
    static const double df[] = {0.5, 1.0, 2.0, 7.5, 1e6};

    (void) state;
    for (size_t i = 0; i < sizeof df / sizeof *df; i++) {
        for (double t = 1e-3; t < 1e5; t *= 2.385) {
            const double share = value_of(t_sf, t, &df[i]);

            assert_true(value_of(t_cdf, -t, &df[i]) == share);
            assert_true(
                value_of(t_isf, share, &df[i]) == -value_of(t_quantile, share, &df[i]));
            assert_true(value_of(normal_cdf, -t, NULL) == value_of(normal_sf, t, NULL));
        }
        assert_true(value_of(t_cdf, 0.0, &df[i]) == 0.5);
        assert_true(value_of(t_isf, 0.5, &df[i]) == 0.0);
    }
}

/* t^2 is F with 1 degree of freedom above, 1 / F is F turned, (1 - x) / x of a beta
 * variable is F but for a factor, and chi squared with 2 is exponential. */
static void
families_go_together(void **state)
{
    static const double df = 7.5, two = 2.0;

    (void) state;
    for (double x = 0.0625; x < 300.0; x *= 4.0) {
        const double share = value_of(f_sf, x, (const double[]){df, 3.0});

        assert_close(2.0 * value_of(t_sf, sqrt(x), &df),
            value_of(f_sf, x, (const double[]){1.0, df}), 4e-15);
        assert_close(value_of(f_cdf, 1.0 / x, (const double[]){3.0, df}), share, 4e-15);
        assert_close(value_of(beta_cdf, 1.0 / (1.0 + x), (const double[]){3.0, df}),
            value_of(f_sf, x * 6.0 / (2.0 * df), (const double[]){2.0 * df, 6.0}), 4e-15);
        assert_close(value_of(chi2_sf, x, &two), exp(-x / 2.0), 4e-15);
    }
}

static void
quantiles_grow_with_the_share(void **state)
{
    static const double shapes[] = {2.385, 7.5};

    (void) state;
    for (size_t i = 0; i < FAMILIES; i++) {
        double before = families[i].low;

        for (double p = 0.0; p <= 1.0; p += 1.0 / 64.0) {
            const double point = value_of(families[i].quantile, p, shapes);

            assert_true(p == 0.0 ? point == before : point > before);
            assert_true(point == value_of(families[i].isf, 1.0 - p, shapes));
            before = point;
        }
        assert_true(before == families[i].high);
    }
}

static void
points_outside_the_support_have_shares(void **state)
{
    static const double shapes[] = {2.385, 7.5};

    (void) state;
    for (size_t i = 0; i < FAMILIES; i++) {
        assert_true(value_of(families[i].cdf, -INFINITY, shapes) == 0.0);
        assert_true(value_of(families[i].sf, -INFINITY, shapes) == 1.0);
        assert_true(value_of(families[i].cdf, INFINITY, shapes) == 1.0);
        assert_true(value_of(families[i].sf, INFINITY, shapes) == 0.0);
    }
    assert_true(value_of(f_cdf, -2.385, shapes) == 0.0);
    assert_true(value_of(chi2_sf, 0.0, shapes) == 1.0);
    assert_true(value_of(beta_sf, 2.385, shapes) == 0.0);
    assert_true(value_of(beta_cdf, 1.0, shapes) == 1.0);
}

/* Points at both ends of the doubles and parameters at both ends of their range. */
static void
extremes_stay_shares(void **state)
{
    static const double ends[] = {1e-6, 0.5, 1e10};
    static const double points[] = {DBL_MIN, 1e-150, 0.999, 1.0 + 1e-9, 1e150, DBL_MAX};

    (void) state;
    for (size_t i = 0; i < FAMILIES; i++) {
        for (size_t k = 0; k < 9 * sizeof points / sizeof *points; k++) {
            const double shapes[] = {ends[k % 3], ends[k / 3 % 3]}, point = points[k / 9];
            const double lower = value_of(families[i].cdf, point, shapes);
            const double upper = value_of(families[i].sf, point, shapes);

            assert_true(lower >= 0.0 && lower <= 1.0 && upper >= 0.0 && upper <= 1.0);
            assert_close(lower + upper, 1.0, 1e-15);
        }
    }
}

static void
far_tails_keep_their_digits(void **state)
{
    static const double one = 1.0, half = 0.5;

    (void) state;
    assert_close(
        value_of(t_isf, 1e-300, &one), 1.0 / (3.14159265358979324 * 1e-300), 1e-15);
    assert_close(value_of(t_sf, 1e200, &one), 1.0 / (3.14159265358979324 * 1e200), 1e-15);
    /* The square of t is beyond all doubles, its share is not. */
    assert_close(value_of(t_sf, 1e300, &half) / value_of(t_sf, 1e298, &half), 0.1, 1e-14);
    assert_close(
        value_of(beta_quantile, 1e-300, (const double[]){3.0, 1.0}), 1e-100, 1e-15);
    assert_true(value_of(beta_isf, 1e-300, (const double[]){1.0, 0.5}) == 1.0);
    assert_true(value_of(chi2_quantile, 1e-300, &half) == 0.0);
}

static void
points_too_large_are_errors(void **state)
{
    static const double shapes[] = {0.5, 0.5};
    double out = 2.385;
    nrd_error err;

    (void) state;
    assert_int_equal(nrd_dist_t_isf(1e-300, 0.5, &out, &err), NRD_E_OVERFLOW);
    assert_error(&err, NRD_E_OVERFLOW, NRD_NO_ROW, "1e-300");
    assert_int_equal(nrd_dist_t_quantile(1e-300, 0.5, &out, NULL), NRD_E_OVERFLOW);
    assert_int_equal(f_isf(1e-300, shapes, &out, &err), NRD_E_OVERFLOW);
    assert_error(&err, NRD_E_OVERFLOW, NRD_NO_ROW, "1e-300");
    assert_int_equal(
        f_quantile(1.0 - DBL_EPSILON / 2.0, (const double[]){0.5, 0.01}, &out, &err),
        NRD_E_OVERFLOW);
    assert_true(out == 2.385);
}

static void
wrong_arguments_change_nothing(void **state)
{
    static const double good[] = {2.385, 7.5}, wrong[] = {0.0, -1.0, NAN, INFINITY, 1e11};

    (void) state;
    for (size_t i = 0; i < FAMILIES; i++) {
        scalar *const all[] = {
            families[i].cdf, families[i].sf, families[i].quantile, families[i].isf};

        for (size_t f = 0; f < 4; f++) {
            double out = 2.385;
            nrd_error err;

            assert_int_equal(all[f](0.368, good, NULL, &err), NRD_E_NULL);
            assert_error(&err, NRD_E_NULL, NRD_NO_ROW, "");
            assert_int_equal(all[f]((double) NAN, good, &out, &err), NRD_E_DOMAIN);
            assert_error(&err, NRD_E_DOMAIN, NRD_NO_ROW, "nan");
            for (size_t k = 0; k < SHAPES && families[i].shapes[k] != NULL; k++) {
                for (size_t w = 0; w < sizeof wrong / sizeof *wrong; w++) {
                    double shapes[] = {good[0], good[1]};

                    shapes[k] = wrong[w];
                    assert_int_equal(all[f](0.368, shapes, &out, &err), NRD_E_DOMAIN);
                    assert_error(&err, NRD_E_DOMAIN, NRD_NO_ROW, families[i].shapes[k]);
                }
            }
            if (f >= 2) {
                assert_int_equal(all[f](-1e-9, good, &out, &err), NRD_E_DOMAIN);
                assert_error(&err, NRD_E_DOMAIN, NRD_NO_ROW, "-1e-09");
                assert_int_equal(all[f](1.0 + 1e-9, good, &out, NULL), NRD_E_DOMAIN);
            }
            assert_true(out == 2.385);
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(continuous_match_reference),
        cmocka_unit_test(t_and_normal_are_symmetric),
        cmocka_unit_test(families_go_together),
        cmocka_unit_test(quantiles_grow_with_the_share),
        cmocka_unit_test(points_outside_the_support_have_shares),
        cmocka_unit_test(extremes_stay_shares),
        cmocka_unit_test(far_tails_keep_their_digits),
        cmocka_unit_test(points_too_large_are_errors),
        cmocka_unit_test(wrong_arguments_change_nothing),
    };

    return cmocka_run_group_tests_name("dist", tests, NULL, NULL);
}
