/* What the functions of robust covariances refuse: one sentence, and nothing written. */

#include <nrd/sandwich.h>

#include "sandwich_toy.h"

typedef struct {
    toy_regression toy;
    double out[TOY_K * TOY_K];
    double df[TOY_K];
    double bandwidth;
    nrd_error err;
} fixture;

static void
begin(fixture *f, const char *name)
{
    toy_case(name, &f->toy);
    f->out[0] = f->df[0] = f->bandwidth = -7.0;
}

static void
assert_refused(
    fixture *f, nrd_status found, nrd_status status, size_t row, const char *text)
{
    assert_int_equal(found, status);
    assert_error(&f->err, status, row, text);
    assert_true(f->out[0] == -7.0 && f->df[0] == -7.0 && f->bandwidth == -7.0);
}

static nrd_status
hc(fixture *f, int kind)
{
    return nrd_sandwich_hc(&f->toy.rows, (nrd_hc) kind, 1, f->out, f->df, &f->err);
}

static nrd_status
hac(fixture *f, const nrd_hac_options *options)
{
    return nrd_sandwich_hac(
        &f->toy.rows, options, 1, f->out, f->df, &f->bandwidth, &f->err);
}

static nrd_status
clusters(fixture *f, const nrd_cluster_options *options)
{
    return nrd_sandwich_cluster(&f->toy.rows, options, 1, f->out, f->df, &f->err);
}

static void
rows_that_cannot_be_are_refused(void **state)
{
    fixture f;

    (void) state;
    begin(&f, "panel");
    assert_refused(&f, hc(&f, 4), NRD_E_DOMAIN, NRD_NO_ROW, "kind is 4");
    assert_refused(&f, hc(&f, -1), NRD_E_DOMAIN, NRD_NO_ROW, "kind is -1");
    assert_int_equal(
        nrd_sandwich_hc(&f.toy.rows, NRD_HC_0, 1, NULL, f.df, &f.err), NRD_E_NULL);
    assert_int_equal(nrd_sandwich_hc(NULL, NRD_HC_0, 1, f.out, f.df, &f.err), NRD_E_NULL);
    f.toy.offset[0] = 3;
    f.toy.offset[1] = 2;
    assert_refused(&f, hc(&f, 0), NRD_E_SIZE, NRD_NO_ROW, "offset 1");
    begin(&f, "panel");
    f.toy.rows.coefficients = 0;
    assert_refused(&f, hc(&f, 0), NRD_E_SIZE, NRD_NO_ROW, "no coefficients");
    begin(&f, "panel");
    f.toy.rows.pivot = NULL;
    assert_refused(&f, hc(&f, 0), NRD_E_NULL, NRD_NO_ROW, "NULL");
}

/* In "alone" row 14 has a column of its own. */
static void
a_leverage_of_1_is_named(void **state)
{
    fixture f;

    (void) state;
    begin(&f, "alone");
    assert_refused(&f, hc(&f, NRD_HC_2), NRD_E_DOMAIN, 14, "leverage of the row is 1");
    assert_refused(&f, hc(&f, NRD_HC_3), NRD_E_DOMAIN, 14, "HC3");
    assert_int_equal(hc(&f, NRD_HC_1), NRD_OK);
}

static void
intercepts_taken_out_leave_no_leverages(void **state)
{
    const nrd_hac_options options = {
        NRD_KERNEL_BARTLETT, 3.0, 0, NRD_HAC_UNBIASED, NRD_DF_RESIDUAL};
    const uint64_t absorbed = 21;
    fixture f;

    (void) state;
    begin(&f, "panel");
    f.toy.rows.absorbed = &absorbed;
    assert_refused(&f, hc(&f, NRD_HC_2), NRD_E_DOMAIN, NRD_NO_ROW, "HC2 needs leverages");
    assert_refused(&f, hac(&f, &options), NRD_E_DOMAIN, NRD_NO_ROW, "taken out");
    assert_int_equal(hc(&f, NRD_HC_1), NRD_OK);
    assert_true(isnan(f.out[0]) && isnan(f.df[0]));
}

static void
orders_in_time_are_checked(void **state)
{
    const nrd_hac_options good = {NRD_KERNEL_BARTLETT, 3.0, 0, 0, NRD_DF_RESIDUAL};
    nrd_hac_options bad = good;
    fixture f;

    (void) state;
    begin(&f, "panel");
    assert_refused(&f, hac(&f, NULL), NRD_E_NULL, NRD_NO_ROW, "options");
    bad.kernel = (nrd_kernel) 5;
    assert_refused(&f, hac(&f, &bad), NRD_E_DOMAIN, NRD_NO_ROW, "kernel is 5");
    bad = good;
    bad.bandwidth = 0.0;
    assert_refused(&f, hac(&f, &bad), NRD_E_DOMAIN, NRD_NO_ROW, "bandwidth is 0");
    bad.bandwidth = 24.5;
    assert_refused(&f, hac(&f, &bad), NRD_E_DOMAIN, 0, "24.5, expected at most the 24");
    bad = good;
    bad.prewhiten = 2;
    assert_refused(&f, hac(&f, &bad), NRD_E_DOMAIN, NRD_NO_ROW, "prewhiten is 2");
    bad = good;
    bad.adjust = (nrd_hac_adjust) 3;
    assert_refused(&f, hac(&f, &bad), NRD_E_DOMAIN, NRD_NO_ROW, "adjust is 3");
    bad = good;
    bad.prewhiten = 1;
    bad.df = NRD_DF_SATTERTHWAITE;
    assert_refused(&f, hac(&f, &bad), NRD_E_DOMAIN, NRD_NO_ROW, "no prewhitening");
    bad = good;
    bad.bandwidth = (double) NAN;
    bad.adjust = NRD_HAC_UNBIASED;
    assert_refused(&f, hac(&f, &bad), NRD_E_DOMAIN, NRD_NO_ROW, "that is given");
    bad = good;
    bad.kernel = NRD_KERNEL_TRUNCATED;
    bad.bandwidth = (double) NAN;
    assert_refused(&f, hac(&f, &bad), NRD_E_DOMAIN, NRD_NO_ROW, "no rule");
    f.toy.rows.weights = NRD_WEIGHTS_FREQUENCY;
    assert_refused(&f, hac(&f, &good), NRD_E_DOMAIN, NRD_NO_ROW, "frequencies");
}

static void
what_cannot_be_prewhitened_is_refused(void **state)
{
    const nrd_hac_options options = {NRD_KERNEL_BARTLETT, 1.0, 1, 0, NRD_DF_RESIDUAL};
    fixture f;

    (void) state;
    begin(&f, "alone");
    assert_refused(&f, hac(&f, &options), NRD_E_DOMAIN, 0, "nothing to prewhiten");
    begin(&f, "panel");
    f.toy.offset[0] = 4;
    f.toy.offset[1] = 8;
    assert_refused(&f, hac(&f, &options), NRD_E_DOMAIN, 4, "4 rows, expected more than 4");
}

static void
clusters_are_checked(void **state)
{
    fixture f;
    nrd_cluster_options options = {f.toy.cluster, NRD_CR_2, NRD_DF_SATTERTHWAITE};

    (void) state;
    begin(&f, "panel");
    assert_refused(&f, clusters(&f, NULL), NRD_E_NULL, NRD_NO_ROW, "options");
    options.kind = (nrd_cr) 5;
    assert_refused(&f, clusters(&f, &options), NRD_E_DOMAIN, NRD_NO_ROW, "kind is 5");
    options.kind = NRD_CR_0;
    options.df = (nrd_df) 2;
    assert_refused(&f, clusters(&f, &options), NRD_E_DOMAIN, NRD_NO_ROW, "freedom is 2");
    options.df = NRD_DF_RESIDUAL;
    f.toy.cluster[9] = -1;
    assert_refused(&f, clusters(&f, &options), NRD_E_DOMAIN, 9, "missing");
    f.toy.cluster[9] = 0;
    assert_refused(&f, clusters(&f, &options), NRD_E_DOMAIN, 9, "cluster 0 follows 1");
    memset(f.toy.cluster, 0, sizeof f.toy.cluster);
    assert_refused(&f, clusters(&f, &options), NRD_E_DOMAIN, 0, "in one cluster");
}

static void
calls_can_be_stopped(void **state)
{
    const int stop = 1;
    const nrd_hac_options lags = {.kernel = NRD_KERNEL_BARTLETT, .bandwidth = 2.0};
    fixture f;
    nrd_cluster_options kind = {f.toy.cluster, NRD_CR_2, NRD_DF_SATTERTHWAITE};

    (void) state;
    begin(&f, "panel");
    f.toy.rows.stop = &stop;
    assert_refused(&f, hc(&f, NRD_HC_3), NRD_E_CANCELLED, NRD_NO_ROW, "asked to stop");
    assert_refused(&f, hac(&f, &lags), NRD_E_CANCELLED, NRD_NO_ROW, "asked to stop");
    assert_refused(&f, clusters(&f, &kind), NRD_E_CANCELLED, NRD_NO_ROW, "asked to stop");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_that_cannot_be_are_refused),
        cmocka_unit_test(a_leverage_of_1_is_named),
        cmocka_unit_test(intercepts_taken_out_leave_no_leverages),
        cmocka_unit_test(orders_in_time_are_checked),
        cmocka_unit_test(what_cannot_be_prewhitened_is_refused),
        cmocka_unit_test(clusters_are_checked),
        cmocka_unit_test(calls_can_be_stopped),
    };

    return cmocka_run_group_tests_name("sandwich_errors", tests, NULL, NULL);
}
