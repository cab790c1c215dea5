#include "support.h"

#include <string.h>

#include <nrd/dist.h>

#include "status_private.h"

#define COUNTS 64

static void
binomial_matches_reference(void **state)
{
    cJSON *ref = ref_open("dist_binomial");
    const cJSON *item;

    (void) state;
    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        const uint64_t n = (uint64_t) ref_at(item, "n", 0);
        const double p = ref_at(item, "p", 0);
        uint64_t k[COUNTS], count;
        double share;

        for (size_t i = ref_counts(item, "k", k, COUNTS); i-- > 0;) {
            assert_int_equal(nrd_dist_binomial_cdf(k[i], n, p, &share, NULL), NRD_OK);
            assert_close(share, ref_at(item, "lower", i), 4e-15);
            assert_int_equal(nrd_dist_binomial_sf(k[i], n, p, &share, NULL), NRD_OK);
            assert_close(share, ref_at(item, "upper", i), 4e-15);
        }
        for (size_t i = ref_counts(item, "quantile", k, COUNTS); i-- > 0;) {
            share = ref_at(item, "share", i);
            assert_int_equal(nrd_dist_binomial_quantile(share, n, p, &count, NULL), NRD_OK);
            assert_int_equal(count, k[i]);
            assert_int_equal(nrd_dist_binomial_isf(share, n, p, &count, NULL), NRD_OK);
            assert_int_equal(count, (uint64_t) ref_at(item, "isf", i));
        }
    }
    cJSON_Delete(ref);
}

static void
hypergeometric_matches_reference(void **state)
{
    cJSON *ref = ref_open("dist_hypergeometric");
    const cJSON *item;

    (void) state;
    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        const uint64_t population = (uint64_t) ref_at(item, "population", 0);
        const uint64_t successes = (uint64_t) ref_at(item, "successes", 0);
        const uint64_t n = (uint64_t) ref_at(item, "n", 0);
        uint64_t k[COUNTS], count;
        double share;

        for (size_t i = ref_counts(item, "k", k, COUNTS); i-- > 0;) {
            assert_int_equal(
                nrd_dist_hypergeometric_cdf(k[i], population, successes, n, &share, NULL),
                NRD_OK);
            assert_close(share, ref_at(item, "lower", i), 1e-15);
            assert_int_equal(
                nrd_dist_hypergeometric_sf(k[i], population, successes, n, &share, NULL),
                NRD_OK);
            assert_close(share, ref_at(item, "upper", i), 1e-15);
        }
        for (size_t i = ref_counts(item, "quantile", k, COUNTS); i-- > 0;) {
            share = ref_at(item, "share", i);
            assert_int_equal(nrd_dist_hypergeometric_quantile(
                                 share, population, successes, n, &count, NULL),
                NRD_OK);
            assert_int_equal(count, k[i]);
            assert_int_equal(
                nrd_dist_hypergeometric_isf(share, population, successes, n, &count, NULL),
                NRD_OK);
            assert_int_equal(count, (uint64_t) ref_at(item, "isf", i));
        }
    }
    cJSON_Delete(ref);
}

/* A count whose cdf is the share itself: half of an odd number of even chances. */
static void
count_that_just_reaches_is_taken(void **state)
{
    uint64_t k;

    (void) state;
    for (uint64_t n = 1; n < 400; n += 2) {
        assert_int_equal(nrd_dist_binomial_quantile(0.5, n, 0.5, &k, NULL), NRD_OK);
        assert_int_equal(k, n / 2);
        assert_int_equal(nrd_dist_binomial_isf(0.5, n, 0.5, &k, NULL), NRD_OK);
        assert_int_equal(k, n / 2);
        assert_int_equal(
            nrd_dist_hypergeometric_quantile(0.5, 2 * n, n, n, &k, NULL), NRD_OK);
        assert_int_equal(k, n / 2);
    }
}

static void
counts_have_ends(void **state)
{
    double share;
    uint64_t k;

    (void) state;
    assert_int_equal(nrd_dist_binomial_cdf(0, 0, 0.368, &share, NULL), NRD_OK);
    assert_true(share == 1.0);
    assert_int_equal(nrd_dist_binomial_sf(18, 19, 1.0, &share, NULL), NRD_OK);
    assert_true(share == 1.0);
    assert_int_equal(nrd_dist_binomial_cdf(0, 19, 0.0, &share, NULL), NRD_OK);
    assert_true(share == 1.0);
    assert_int_equal(nrd_dist_binomial_quantile(1.0, 19, 0.368, &k, NULL), NRD_OK);
    assert_int_equal(k, 19);
    assert_int_equal(nrd_dist_binomial_quantile(0.0, 19, 0.368, &k, NULL), NRD_OK);
    assert_int_equal(k, 0);
    assert_int_equal(nrd_dist_binomial_isf(0.0, 19, 0.368, &k, NULL), NRD_OK);
    assert_int_equal(k, 19);
    assert_int_equal(nrd_dist_binomial_isf(1.0, 19, 0.368, &k, NULL), NRD_OK);
    assert_int_equal(k, 0);
    assert_int_equal(nrd_dist_hypergeometric_isf(0.0, 18, 14, 7, &k, NULL), NRD_OK);
    assert_int_equal(k, 7);
    assert_int_equal(nrd_dist_binomial_quantile(0.0, 19, 1.0, &k, NULL), NRD_OK);
    assert_int_equal(k, 19);
    assert_int_equal(nrd_dist_hypergeometric_cdf(2, 18, 14, 7, &share, NULL), NRD_OK);
    assert_true(share == 0.0);
    assert_int_equal(nrd_dist_hypergeometric_sf(7, 18, 14, 7, &share, NULL), NRD_OK);
    assert_true(share == 0.0);
    assert_int_equal(nrd_dist_hypergeometric_cdf(0, 0, 0, 0, &share, NULL), NRD_OK);
    assert_true(share == 1.0);
    assert_int_equal(nrd_dist_hypergeometric_quantile(0.0, 18, 14, 7, &k, NULL), NRD_OK);
    assert_int_equal(k, 3);
}

/* Successes and the sample may change places; failures drawn are what is left. */
static void
hypergeometric_is_symmetric(void **state)
{
    (void) state;
    for (uint64_t k = 0; k < 19; k++) {
        double lower, turned, upper;

        assert_int_equal(nrd_dist_hypergeometric_cdf(k, 66, 33, 19, &lower, NULL), NRD_OK);
        assert_int_equal(nrd_dist_hypergeometric_cdf(k, 66, 19, 33, &turned, NULL), NRD_OK);
        assert_int_equal(
            nrd_dist_hypergeometric_sf(18 - k, 66, 33, 19, &upper, NULL), NRD_OK);
        assert_close(lower, turned, 1e-15);
        assert_close(lower, upper, 1e-15);
    }
}

/* A sample from a very large population is all but drawn with replacement. */
static void
hypergeometric_nears_binomial(void **state)
{
    (void) state;
    for (uint64_t k = 0; k < 19; k++) {
        double without, with;

        assert_int_equal(
            nrd_dist_hypergeometric_sf(k, 1000000000, 368000000, 19, &without, NULL),
            NRD_OK);
        assert_int_equal(nrd_dist_binomial_sf(k, 19, 0.368, &with, NULL), NRD_OK);
        assert_close(without, with, 1e-6);
    }
}

static void
wrong_counts_change_nothing(void **state)
{
    double out = 2.385;
    uint64_t k = 7;
    nrd_error err;

    (void) state;
    assert_int_equal(nrd_dist_binomial_cdf(7, 19, 0.5, NULL, &err), NRD_E_NULL);
    assert_int_equal(nrd_dist_binomial_sf(7, 19, 0.5, NULL, &err), NRD_E_NULL);
    assert_int_equal(nrd_dist_binomial_quantile(0.5, 19, 0.5, NULL, &err), NRD_E_NULL);
    assert_error(&err, NRD_E_NULL, NRD_NO_ROW, "output");
    assert_int_equal(nrd_dist_binomial_cdf(7, 19, 1.5, &out, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, NRD_NO_ROW, "1.5");
    assert_int_equal(nrd_dist_binomial_sf(7, UINT64_MAX, 0.5, &out, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, NRD_NO_ROW, "18446744073709551615");
    assert_int_equal(nrd_dist_binomial_quantile(NAN, 19, 0.5, &k, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, NRD_NO_ROW, "nan");
    assert_int_equal(nrd_dist_binomial_isf(-0.5, 19, 0.5, &k, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, NRD_NO_ROW, "-0.5");
    assert_int_equal(nrd_dist_binomial_isf(0.5, 19, 0.5, NULL, &err), NRD_E_NULL);
    assert_int_equal(nrd_dist_hypergeometric_isf(0.5, 18, 14, 19, &k, NULL), NRD_E_DOMAIN);
    assert_int_equal(nrd_dist_hypergeometric_cdf(7, 18, 14, 7, NULL, &err), NRD_E_NULL);
    assert_int_equal(nrd_dist_hypergeometric_sf(7, 18, 14, 7, NULL, &err), NRD_E_NULL);
    assert_int_equal(
        nrd_dist_hypergeometric_quantile(0.5, 18, 14, 7, NULL, &err), NRD_E_NULL);
    assert_int_equal(nrd_dist_hypergeometric_cdf(7, 18, 19, 7, &out, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, NRD_NO_ROW, "successes is 19");
    assert_int_equal(nrd_dist_hypergeometric_sf(7, 18, 14, 20, &out, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, NRD_NO_ROW, "n is 20");
    assert_int_equal(
        nrd_dist_hypergeometric_cdf(7, 1000000001, 14, 7, &out, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, NRD_NO_ROW, "1000000001");
    assert_int_equal(
        nrd_dist_hypergeometric_quantile(1.5, 18, 14, 7, &k, NULL), NRD_E_DOMAIN);
    assert_true(out == 2.385);
    assert_int_equal(k, 7);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(binomial_matches_reference),
        cmocka_unit_test(hypergeometric_matches_reference),
        cmocka_unit_test(count_that_just_reaches_is_taken),
        cmocka_unit_test(counts_have_ends),
        cmocka_unit_test(hypergeometric_is_symmetric),
        cmocka_unit_test(hypergeometric_nears_binomial),
        cmocka_unit_test(wrong_counts_change_nothing),
    };

    return cmocka_run_group_tests_name("dist_count", tests, NULL, NULL);
}
