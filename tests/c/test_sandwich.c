#include <nrd/sandwich.h>

#include "sandwich_toy.h"
#include "../../libnrd/src/base/status_private.h"

#define MATRIX (TOY_K * TOY_K)

static void
hc_matches_reference(void **state)
{
    static const char *const kinds[] = {"HC0", "HC1", "HC2", "HC3"};
    cJSON *ref = ref_open("sandwich_cases");
    const cJSON *item;

    (void) state;
    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        toy_regression toy;
        double out[MATRIX], df[TOY_K];

        toy_read(item, &toy);
        for (int kind = 0; kind < 4; kind++) {
            if (cJSON_GetArraySize(ref_get(item, kinds[kind])) > 0) {
                assert_int_equal(
                    nrd_sandwich_hc(&toy.rows, (nrd_hc) kind, 1, out, df, NULL), NRD_OK);
                assert_covariance(out, item, kinds[kind], toy.k, 4e-15);
            }
        }
    }
    cJSON_Delete(ref);
}

static void
clusters_match_reference(void **state)
{
    static const char *const kinds[] = {"CR0", "CR1", "CR1S", "CR2", "CR3"};
    static const char *const dfs[] = {"CR0_df", "CR1_df", "CR1S_df", "CR2_df", "CR3_df"};
    cJSON *ref = ref_open("sandwich_cases");
    const cJSON *item;

    (void) state;
    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        toy_regression toy;
        double out[MATRIX], df[TOY_K];

        toy_read(item, &toy);
        for (int kind = 0; kind < 5; kind++) {
            nrd_cluster_options options = {
                toy.cluster, (nrd_cr) kind, NRD_DF_SATTERTHWAITE};

            assert_int_equal(
                nrd_sandwich_cluster(&toy.rows, &options, 1, out, df, NULL), NRD_OK);
            assert_covariance(out, item, kinds[kind], toy.k, 1e-13);
            for (size_t j = 0; j < toy.k; j++) {
                assert_close(df[j], ref_at(item, dfs[kind], j), 1e-12);
            }
            options.df = NRD_DF_RESIDUAL;
            assert_int_equal(
                nrd_sandwich_cluster(&toy.rows, &options, 1, out, df, NULL), NRD_OK);
            assert_covariance(out, item, kinds[kind], toy.k, 1e-13);
            assert_close(df[0], toy.n == 10 ? 4.0 : 5.0, 0.0);
        }
    }
    cJSON_Delete(ref);
}

static nrd_hac_options
hac_of(const cJSON *item)
{
    return (nrd_hac_options){(nrd_kernel) ref_at(item, "kernel", 0),
        ref_at(item, "bandwidth", 0), (int) ref_at(item, "prewhiten", 0),
        (int) ref_at(item, "adjust", 0), NRD_DF_RESIDUAL};
}

static void
assert_hac(const toy_regression *toy, const cJSON *item)
{
    nrd_hac_options options = hac_of(item);
    double out[MATRIX], df[TOY_K], found;
    const double tolerance = options.prewhiten || isnan(options.bandwidth) ? 1e-12 : 1e-14;

    assert_int_equal(
        nrd_sandwich_hac(&toy->rows, &options, 1, out, df, &found, NULL), NRD_OK);
    assert_close(found, ref_at(item, "found", 0), 1e-12);
    assert_covariance(out, item, "covariance", toy->k, tolerance);
    if (options.prewhiten || isnan(options.bandwidth)) {
        return;
    }
    options.df = NRD_DF_SATTERTHWAITE;
    assert_int_equal(
        nrd_sandwich_hac(&toy->rows, &options, 1, out, df, &found, NULL), NRD_OK);
    assert_covariance(out, item, "covariance", toy->k, tolerance);
    for (size_t j = 0; j < toy->k; j++) {
        assert_close(df[j], ref_at(item, "df", j), 1e-12);
    }
}

static void
hac_matches_reference(void **state)
{
    cJSON *ref = ref_open("sandwich_cases");
    const cJSON *item, *one;

    (void) state;
    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        toy_regression toy;

        toy_read(item, &toy);
        cJSON_ArrayForEach(one, ref_get(item, "hac"))
        {
            assert_hac(&toy, one);
        }
    }
    cJSON_Delete(ref);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hc_matches_reference),
        cmocka_unit_test(clusters_match_reference),
        cmocka_unit_test(hac_matches_reference),
    };

    return cmocka_run_group_tests_name("sandwich", tests, NULL, NULL);
}
