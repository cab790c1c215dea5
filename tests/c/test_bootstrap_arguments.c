#include "bootstrap_toy.h"

static const double x[] = {2.385, 7.0, 19.0, -3.5};
static const double *const both[] = {x, x};

/* A design that is changed in one place must be refused, with a message that says why. */
static void
refused(nrd_bootstrap_design design, nrd_status status, size_t row, const char *words)
{
    nrd_bootstrap *out = NULL;
    nrd_error err = {0};

    assert_int_equal(nrd_bootstrap_new(&design, &out, &err), status);
    assert_error(&err, status, row, words);
    assert_null(out);
}

static nrd_bootstrap_design
means(void)
{
    return (nrd_bootstrap_design){
        .statistic = NRD_STATISTIC_MEAN, .columns = both, .n_columns = 1, .n = 4};
}

static void
bad_columns_are_refused(void **state)
{
    const double infinite[] = {1.0, 2.0, (double) INFINITY, 4.0};
    const double *const with_infinite[] = {infinite}, *const with_null[] = {NULL};
    nrd_bootstrap_design design = means();
    nrd_bootstrap *out = NULL;
    nrd_error err = {0};

    (void) state;
    assert_int_equal(nrd_bootstrap_new(NULL, &out, &err), NRD_E_NULL);
    assert_int_equal(nrd_bootstrap_new(&design, NULL, &err), NRD_E_NULL);
    design.statistic = (nrd_statistic) 8;
    refused(design, NRD_E_DOMAIN, NRD_NO_ROW, "the statistic is 8");
    design.statistic = (nrd_statistic) -1;
    refused(design, NRD_E_DOMAIN, NRD_NO_ROW, "the statistic is -1");
    design = means();
    design.scheme = (nrd_scheme) 4;
    refused(design, NRD_E_DOMAIN, NRD_NO_ROW, "the scheme is 4");
    design = means();
    design.columns = NULL;
    refused(design, NRD_E_NULL, NRD_NO_ROW, "column 0 is NULL");
    design.columns = with_null;
    refused(design, NRD_E_NULL, NRD_NO_ROW, "column 0 is NULL");
    design.columns = with_infinite;
    refused(design, NRD_E_DOMAIN, 2, "inf");
    design = means();
    design.n_columns = 0;
    refused(design, NRD_E_SIZE, NRD_NO_ROW, "0 columns, expected at least 1");
    design.statistic = NRD_STATISTIC_PEARSON;
    design.n_columns = 1;
    refused(design, NRD_E_SIZE, NRD_NO_ROW, "1 columns, expected 2");
    design.statistic = NRD_STATISTIC_QUANTILE;
    design.n_columns = 2;
    refused(design, NRD_E_SIZE, NRD_NO_ROW, "2 columns, expected 1");
    design = means();
    design.n = 0;
    refused(design, NRD_E_SIZE, NRD_NO_ROW, "0 rows");
    design.n = 1;
    refused(design, NRD_E_SIZE, NRD_NO_ROW, "one row");
}

static void
bad_samples_and_options_are_refused(void **state)
{
    const uint8_t three[] = {0, 1, 2, 0}, alone[] = {1, 1, 1, 1};
    nrd_bootstrap_design design = means();

    (void) state;
    design.statistic = NRD_STATISTIC_MEAN_DIFFERENCE;
    refused(design, NRD_E_NULL, NRD_NO_ROW, "the samples are NULL");
    design.sample = three;
    refused(design, NRD_E_DOMAIN, 2, "the sample is 2");
    design.sample = alone;
    refused(design, NRD_E_SIZE, NRD_NO_ROW, "sample 0 has no rows");
    design = means();
    design.statistic = NRD_STATISTIC_QUANTILE;
    design.p = 1.5;
    design.type = 7;
    refused(design, NRD_E_DOMAIN, NRD_NO_ROW, "p is 1.5");
    design.p = (double) NAN;
    refused(design, NRD_E_DOMAIN, NRD_NO_ROW, "p is nan");
    design.p = 0.5;
    design.type = 10;
    refused(design, NRD_E_DOMAIN, NRD_NO_ROW, "the type is 10");
    design.type = 0;
    refused(design, NRD_E_DOMAIN, NRD_NO_ROW, "the type is 0");
    design = means();
    design.scheme = NRD_SCHEME_MOVING;
    refused(design, NRD_E_DOMAIN, NRD_NO_ROW, "the blocks have 0 rows");
    design.block = 5;
    refused(design, NRD_E_DOMAIN, NRD_NO_ROW, "expected 1 to 4");
}

static void
bad_clusters_and_strata_are_refused(void **state)
{
    const uint64_t start[] = {1, 4}, end[] = {0, 2, 5}, falls[] = {0, 3, 2, 4};
    const uint64_t empty[] = {0, 2, 2, 4}, one[] = {0, 4}, half[] = {0, 2, 4};
    const uint64_t lonely[] = {0, 3, 4};
    nrd_bootstrap_design design = means();

    (void) state;
    design.unit_rows = start;
    design.units = 1;
    refused(design, NRD_E_DOMAIN, NRD_NO_ROW, "clusters do not go from 0 to 4");
    design.unit_rows = end;
    design.units = 2;
    refused(design, NRD_E_DOMAIN, NRD_NO_ROW, "clusters do not go from 0 to 4");
    design.units = 0;
    refused(design, NRD_E_DOMAIN, NRD_NO_ROW, "0 clusters");
    design.unit_rows = falls;
    design.units = 3;
    refused(design, NRD_E_DOMAIN, 1, "clusters end at 2 after 3");
    design.unit_rows = empty;
    refused(design, NRD_E_DOMAIN, 1, "clusters end at 2 after 2");
    design.unit_rows = one;
    design.units = 1;
    refused(design, NRD_E_SIZE, NRD_NO_ROW, "one cluster");
    design = means();
    design.stratum_units = lonely;
    design.strata = 2;
    refused(design, NRD_E_SIZE, 1, "the stratum has one unit");
    design.scheme = NRD_SCHEME_POISSON;
    refused(design, NRD_E_DOMAIN, NRD_NO_ROW, "strata, expected none with Poisson");
    design.scheme = NRD_SCHEME_CIRCULAR;
    design.block = 2;
    refused(design, NRD_E_DOMAIN, NRD_NO_ROW, "expected none with blocks");
    design = means();
    design.unit_rows = half;
    design.units = 2;
    design.scheme = NRD_SCHEME_MOVING;
    design.block = 2;
    refused(design, NRD_E_DOMAIN, NRD_NO_ROW, "expected none with blocks");
}

/* Runs that cannot be, and standard errors where there are none. */
static void
bad_runs_are_refused(void **state)
{
    nrd_bootstrap_design design = means();
    const nrd_bootstrap_run run = {.count = 2, .threads = 1};
    nrd_bootstrap *own = toy_new(&design), *blocks, *ranks;
    double out[4] = {7.0}, se[4];
    uint32_t weights[8];
    nrd_error err = {0};

    (void) state;
    design.scheme = NRD_SCHEME_MOVING;
    design.block = 2;
    blocks = toy_new(&design);
    design = means();
    design.statistic = NRD_STATISTIC_SPEARMAN;
    design.n_columns = 2;
    ranks = toy_new(&design);
    assert_int_equal(nrd_bootstrap_replicates(NULL, &run, out, NULL, &err), NRD_E_NULL);
    assert_int_equal(nrd_bootstrap_replicates(own, NULL, out, NULL, &err), NRD_E_NULL);
    assert_int_equal(nrd_bootstrap_replicates(own, &run, NULL, NULL, &err), NRD_E_NULL);
    assert_int_equal(nrd_bootstrap_estimate(NULL, out, NULL, &err), NRD_E_NULL);
    assert_int_equal(nrd_bootstrap_estimate(own, NULL, NULL, &err), NRD_E_NULL);
    assert_int_equal(nrd_bootstrap_jackknife(NULL, 1, NULL, out, &err), NRD_E_NULL);
    assert_int_equal(nrd_bootstrap_jackknife(own, 1, NULL, NULL, &err), NRD_E_NULL);
    assert_int_equal(nrd_bootstrap_weights(own, &run, NULL, &err), NRD_E_NULL);
    assert_int_equal(nrd_bootstrap_rows(blocks, &run, NULL, &err), NRD_E_NULL);
    assert_int_equal(nrd_bootstrap_rows(own, &run, weights, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, NRD_NO_ROW, "the scheme is 0");
    assert_int_equal(nrd_bootstrap_jackknife(blocks, 1, NULL, out, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, NRD_NO_ROW, "in blocks");
    assert_int_equal(nrd_bootstrap_replicates(blocks, &run, out, se, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, NRD_NO_ROW, "no standard error with blocks");
    assert_int_equal(nrd_bootstrap_estimate(ranks, out, se, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, NRD_NO_ROW, "no standard error with this statistic");
    assert_close(out[0], 7.0, 0.0);
    nrd_bootstrap_free(own);
    nrd_bootstrap_free(blocks);
    nrd_bootstrap_free(ranks);
    nrd_bootstrap_free(NULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_columns_are_refused),
        cmocka_unit_test(bad_samples_and_options_are_refused),
        cmocka_unit_test(bad_clusters_and_strata_are_refused),
        cmocka_unit_test(bad_runs_are_refused),
    };

    return cmocka_run_group_tests_name("bootstrap_arguments", tests, NULL, NULL);
}
