#include <nrd/wild.h>

#include "sandwich_toy.h"
#include "status_private.h"

#define TIES 1e-8

static nrd_wild_options
options_of(const toy_regression *toy)
{
    return (nrd_wild_options){.cluster = toy->cluster,
        .draw = NRD_WILD_RADEMACHER,
        .restricted = 1,
        .replicates = 9999,
        .seed = 20241122,
        .level = 0.95,
        .threads = 1};
}

static void
assert_case(const cJSON *item)
{
    toy_regression toy;
    nrd_wild_options options;
    nrd_wild out[TOY_K];

    toy_case(ref_get(item, "name")->valuestring, &toy);
    options = options_of(&toy);
    options.draw = (nrd_wild_draw) ref_at(item, "draw", 0);
    options.restricted = (int) ref_at(item, "restricted", 0);
    options.level = ref_at(item, "level", 0);
    options.null = ref_at(item, "null", 0);
    assert_int_equal(nrd_wild_cluster(&toy.rows, &options, out, NULL), NRD_OK);
    for (size_t i = 0; i < (size_t) cJSON_GetArraySize(ref_get(item, "terms")); i++) {
        const nrd_wild found = out[(size_t) ref_at(item, "terms", i)];

        assert_true(found.enumerated);
        assert_close(found.statistic, ref_at(item, "t", i), 1e-12);
        assert_close(found.p, ref_at(item, "p", i), 0.0);
        if (options.draw == NRD_WILD_RADEMACHER) {
            assert_close(found.low, ref_at(item, "low", i), TIES);
            assert_close(found.high, ref_at(item, "high", i), TIES);
        }
    }
}

static void
all_sets_match_reference(void **state)
{
    cJSON *ref = ref_open("sandwich_wild");
    const cJSON *item;

    (void) state;
    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        assert_case(item);
    }
    cJSON_Delete(ref);
}

static void
threads_change_nothing(void **state)
{
    toy_regression toy;
    nrd_wild_options options;
    nrd_wild out[TOY_K], one[TOY_K];

    (void) state;
    toy_case("panel", &toy);
    options = options_of(&toy);
    options.draw = NRD_WILD_WEBB;
    for (int restricted = 0; restricted < 2; restricted++) {
        options.restricted = restricted;
        options.threads = 1;
        memset(one, 0, sizeof one);
        assert_int_equal(nrd_wild_cluster(&toy.rows, &options, one, NULL), NRD_OK);
        for (options.threads = 2; options.threads <= 8; options.threads++) {
            memset(out, 0, sizeof out);
            assert_int_equal(nrd_wild_cluster(&toy.rows, &options, out, NULL), NRD_OK);
            for (size_t j = 0; j < TOY_K; j++) {
                assert_same(out[j].p, one[j].p, j);
                assert_same(out[j].low, one[j].low, j);
                assert_same(out[j].high, one[j].high, j);
            }
        }
    }
}

/* p of drawn sets is near that of all: 4 standard errors. */
static void
drawn_sets_are_like_all(void **state)
{
    toy_regression toy;
    nrd_wild_options options;
    nrd_wild drawn[TOY_K], all[TOY_K];

    (void) state;
    toy_case("panel", &toy);
    for (int draw = 0; draw < 2; draw++) {
        options = options_of(&toy);
        options.draw = (nrd_wild_draw) draw;
        options.null = 1.5;
        options.replicates = draw == 0 ? 63 : 9999;
        assert_int_equal(nrd_wild_cluster(&toy.rows, &options, drawn, NULL), NRD_OK);
        options.replicates = 46656;
        assert_int_equal(nrd_wild_cluster(&toy.rows, &options, all, NULL), NRD_OK);
        for (size_t j = 0; j < TOY_K; j++) {
            const double p = all[j].p, n = draw == 0 ? 63.0 : 9999.0;

            assert_false(drawn[j].enumerated);
            assert_true(all[j].enumerated);
            assert_true(fabs(drawn[j].p - p) < 1.0 / n + 4.0 * sqrt(p * (1.0 - p) / n));
        }
    }
}

static void
another_seed_makes_other_sets(void **state)
{
    toy_regression toy;
    nrd_wild_options options;
    nrd_wild first[TOY_K], second[TOY_K];

    (void) state;
    toy_case("panel", &toy);
    options = options_of(&toy);
    options.draw = NRD_WILD_WEBB;
    options.null = 1.5;
    assert_int_equal(nrd_wild_cluster(&toy.rows, &options, first, NULL), NRD_OK);
    options.seed++;
    assert_int_equal(nrd_wild_cluster(&toy.rows, &options, second, NULL), NRD_OK);
    assert_true(first[0].p != second[0].p);
}

static void
a_call_can_be_stopped(void **state)
{
    const int stop = 1;
    toy_regression toy;
    nrd_wild_options options;
    nrd_wild out[TOY_K] = {{.p = -7.0}};
    nrd_error err;

    (void) state;
    toy_case("panel", &toy);
    options = options_of(&toy);
    toy.rows.stop = &stop;
    assert_int_equal(nrd_wild_cluster(&toy.rows, &options, out, &err), NRD_E_CANCELLED);
    assert_error(&err, NRD_E_CANCELLED, NRD_NO_ROW, "stopped");
    assert_close(out[0].p, -7.0, 0.0);
}

static void
memory_may_end(void **state)
{
    toy_regression toy;
    nrd_wild_options options;
    nrd_wild out[TOY_K];
    nrd_status status = NRD_E_MEMORY;

    (void) state;
    toy_case("panel", &toy);
    options = options_of(&toy);
    for (long i = 0; status != NRD_OK; i++) {
        nrdi_malloc_fail_after(i);
        status = nrd_wild_cluster(&toy.rows, &options, out, NULL);
        nrdi_malloc_fail_after(-1);
        assert_true(status == NRD_OK || status == NRD_E_MEMORY);
    }
    options.draw = NRD_WILD_WEBB;
    options.replicates = UINT64_MAX;
    for (size_t i = 0; i < toy.n; i++) {
        toy.cluster[i] = (int32_t) i;
    }
    assert_int_equal(nrd_wild_cluster(&toy.rows, &options, out, NULL), NRD_E_MEMORY);
}

/* Without residuals there is no t, and no regression without a coefficient. */
static void
no_variance_is_no_result(void **state)
{
    toy_regression toy;
    nrd_wild_options options;
    nrd_wild out[TOY_K];

    (void) state;
    toy_case("panel", &toy);
    options = options_of(&toy);
    toy.coefficient[0] = (double) NAN;
    assert_int_equal(nrd_wild_cluster(&toy.rows, &options, out, NULL), NRD_OK);
    assert_true(isnan(out[0].p) && isnan(out[2].low));
    memset(toy.y, 0, sizeof toy.y);
    memset(toy.coefficient, 0, sizeof toy.coefficient);
    memset(toy.coefficient_low, 0, sizeof toy.coefficient_low);
    assert_int_equal(nrd_wild_cluster(&toy.rows, &options, out, NULL), NRD_OK);
    assert_true(isnan(out[0].p) && isnan(out[2].statistic));
}

static void
assert_refused(const toy_regression *toy, const nrd_wild_options *options, size_t row,
    const char *text)
{
    nrd_wild out[TOY_K] = {{.p = -7.0}};
    nrd_error err;

    assert_int_equal(nrd_wild_cluster(&toy->rows, options, out, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, row, text);
    assert_close(out[0].p, -7.0, 0.0);
}

static void
options_that_cannot_be_are_refused(void **state)
{
    toy_regression toy;
    nrd_wild_options bad;
    nrd_wild out[TOY_K];

    (void) state;
    toy_case("panel", &toy);
    assert_int_equal(nrd_wild_cluster(&toy.rows, NULL, out, NULL), NRD_E_NULL);
    bad = options_of(&toy);
    bad.draw = (nrd_wild_draw) 2;
    assert_refused(&toy, &bad, NRD_NO_ROW, "multipliers is 2");
    bad = options_of(&toy);
    bad.restricted = 2;
    assert_refused(&toy, &bad, NRD_NO_ROW, "restricted is 2");
    bad = options_of(&toy);
    bad.replicates = 0;
    assert_refused(&toy, &bad, NRD_NO_ROW, "0 replicates");
    bad = options_of(&toy);
    bad.null = (double) INFINITY;
    assert_refused(&toy, &bad, NRD_NO_ROW, "tested is inf");
    bad = options_of(&toy);
    bad.level = 1.0;
    assert_refused(&toy, &bad, NRD_NO_ROW, "level is 1");
    bad = options_of(&toy);
    toy.cluster[3] = -1;
    assert_refused(&toy, &bad, 3, "missing");
    memset(toy.cluster, 0, sizeof toy.cluster);
    assert_refused(&toy, &bad, 0, "one cluster");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_sets_match_reference),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(drawn_sets_are_like_all),
        cmocka_unit_test(another_seed_makes_other_sets),
        cmocka_unit_test(a_call_can_be_stopped),
        cmocka_unit_test(memory_may_end),
        cmocka_unit_test(no_variance_is_no_result),
        cmocka_unit_test(options_that_cannot_be_are_refused),
    };

    return cmocka_run_group_tests_name("wild", tests, NULL, NULL);
}
