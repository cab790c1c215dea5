#include "bootstrap_toy.h"

#include <nrd/bootstrap_interval.h>

#include "status_private.h"

#define REPLICATES 399
#define UNITS 64

static size_t
numbers(const cJSON *of, const char *key, double *out, size_t capacity)
{
    const size_t n = (size_t) cJSON_GetArraySize(ref_get(of, key));

    assert_in_range(n, 1, capacity);
    for (size_t i = 0; i < n; i++) {
        out[i] = ref_at(of, key, i);
    }
    return n;
}

/* The interval of a kind at the level of `at`, against its member `key`. */
static void
check_interval(nrd_bootstrap_evidence evidence, nrd_bootstrap_method method,
    const cJSON *at, const char *key)
{
    nrd_bootstrap_bounds found;

    evidence.method = method;
    evidence.level = ref_at(at, "level", 0);
    assert_int_equal(nrd_bootstrap_interval(&evidence, &found, NULL), NRD_OK);
    assert_close(found.low, ref_at(at, key, 0), 1e-13);
    assert_close(found.high, ref_at(at, key, 1), 1e-13);
    assert_int_equal(found.used, evidence.count);
    if (method == NRD_BOOTSTRAP_BCA) {
        assert_close(found.p_low, ref_at(at, "shares", 0), 1e-12);
        assert_close(found.p_high, ref_at(at, "shares", 1), 1e-12);
    }
}

static void
intervals_match_boot(void **state)
{
    cJSON *ref = ref_open("bootstrap_boot");
    double replicates[REPLICATES], errors[REPLICATES], without[UNITS], acceleration;
    const cJSON *of, *at;

    (void) state;
    cJSON_ArrayForEach(of, ref_get(ref, "cases"))
    {
        const uint64_t units[] = {0, numbers(of, "jackknife", without, UNITS)};
        nrd_bootstrap_evidence evidence = {
            .replicates = replicates,
            .errors = errors,
            .count = numbers(of, "replicates", replicates, REPLICATES),
            .estimate = ref_at(of, "estimate", 0),
            .error = ref_at(of, "error", 0),
        };

        assert_int_equal(numbers(of, "errors", errors, REPLICATES), evidence.count);
        assert_int_equal(
            nrd_bootstrap_acceleration(without, units, 1, &acceleration, NULL), NRD_OK);
        assert_close(acceleration, ref_at(of, "acceleration", 0), 1e-12);
        evidence.acceleration = acceleration;
        cJSON_ArrayForEach(at, ref_get(of, "bca"))
        {
            check_interval(evidence, NRD_BOOTSTRAP_BCA, at, "bounds");
        }
        cJSON_ArrayForEach(at, ref_get(of, "other"))
        {
            check_interval(evidence, NRD_BOOTSTRAP_PERCENTILE, at, "percentile");
            check_interval(evidence, NRD_BOOTSTRAP_BASIC, at, "basic");
            check_interval(evidence, NRD_BOOTSTRAP_STUDENTIZED, at, "studentized");
        }
    }
    cJSON_Delete(ref);
}

/* The same statistics, standard errors and jackknife values as functions of R give. */
static void
statistics_match_boot(void **state)
{
    cJSON *ref = ref_open("bootstrap_boot");
    const cJSON *of;

    (void) state;
    cJSON_ArrayForEach(of, ref_get(ref, "cases"))
    {
        const cJSON *columns = ref_get(of, "columns");
        nrd_bootstrap_design design = {
            .statistic = toy_statistic(ref_get(of, "statistic")->valuestring),
            .n_columns = (size_t) cJSON_GetArraySize(columns)};
        double column[2][UNITS], estimate, error, without[UNITS];
        const double *pointers[] = {column[0], column[1]};
        nrd_bootstrap *own;

        for (size_t c = 0; c < design.n_columns; c++) {
            const cJSON *values = cJSON_GetArrayItem(columns, (int) c);

            design.n = (size_t) cJSON_GetArraySize(values);
            assert_in_range(design.n, 1, UNITS);
            for (size_t i = 0; i < design.n; i++) {
                column[c][i] = cJSON_GetArrayItem(values, (int) i)->valuedouble;
            }
        }
        design.columns = pointers;
        own = toy_new(&design);
        assert_int_equal(nrd_bootstrap_estimate(own, &estimate, &error, NULL), NRD_OK);
        assert_close(estimate, ref_at(of, "estimate", 0), 1e-14);
        assert_close(error, ref_at(of, "error", 0), 1e-12);
        assert_int_equal(nrd_bootstrap_jackknife(own, 2, NULL, without, NULL), NRD_OK);
        for (size_t i = 0; i < design.n; i++) {
            assert_close(without[i], ref_at(of, "jackknife", i), 1e-14);
        }
        nrd_bootstrap_free(own);
    }
    cJSON_Delete(ref);
}

/* One side has the whole of what is beyond; undefined replicates do not count. */
static void
sides_and_gaps(void **state)
{
    const double replicates[] = {4.0, (double) NAN, 1.0, 3.0, 2.0, (double) NAN, 5.0};
    nrd_bootstrap_evidence evidence = {.method = NRD_BOOTSTRAP_PERCENTILE,
        .level = 0.75,
        .side = 1,
        .replicates = replicates,
        .count = 7,
        .estimate = 3.0};
    nrd_bootstrap_bounds found;

    (void) state;
    assert_int_equal(nrd_bootstrap_interval(&evidence, &found, NULL), NRD_OK);
    assert_int_equal(found.used, 5);
    assert_close(found.low, 2.0, 0.0);
    assert_true(isinf(found.high) && found.high > 0.0);
    evidence.side = -1;
    assert_int_equal(nrd_bootstrap_interval(&evidence, &found, NULL), NRD_OK);
    assert_close(found.high, 4.0, 0.0);
    assert_true(isinf(found.low) && found.low < 0.0);
    /* Symmetric and without acceleration, BCa is the percentile interval. */
    evidence.method = NRD_BOOTSTRAP_BCA;
    assert_int_equal(nrd_bootstrap_interval(&evidence, &found, NULL), NRD_OK);
    assert_close(found.high, 4.0, 1e-14);
    /* Beyond the pole of the correction all replicates lie below. */
    evidence.acceleration = 2.0;
    assert_int_equal(nrd_bootstrap_interval(&evidence, &found, NULL), NRD_OK);
    assert_close(found.high, 5.0, 0.0);
    evidence.method = NRD_BOOTSTRAP_BASIC;
    evidence.side = 0;
    evidence.level = 0.5;
    assert_int_equal(nrd_bootstrap_interval(&evidence, &found, NULL), NRD_OK);
    assert_close(found.low, 2.0, 0.0);
    assert_close(found.high, 4.0, 0.0);
}

static void
strata_and_constants_have_an_acceleration(void **state)
{
    const double without[] = {1.0, 2.0, 6.0, 1.0, 5.0}, same[] = {7.0, 7.0};
    const uint64_t two[] = {0, 3, 5}, one[] = {0, 2};
    double found;

    (void) state;
    /* Deviations 2, 1, -3 times 2/3 and 2, -2 times 1/2. */
    assert_int_equal(nrd_bootstrap_acceleration(without, two, 2, &found, NULL), NRD_OK);
    assert_close(
        found, (-18.0 * 8.0 / 27.0) / (6.0 * pow(14.0 * 4.0 / 9.0 + 2.0, 1.5)), 1e-15);
    assert_int_equal(nrd_bootstrap_acceleration(same, one, 1, &found, NULL), NRD_OK);
    assert_close(found, 0.0, 0.0);
}

static void
bad_evidence_is_refused(void **state)
{
    const double replicates[] = {1.0, 2.0, 3.0};
    const double undefined[] = {(double) NAN, (double) NAN};
    const nrd_bootstrap_evidence good = {.method = NRD_BOOTSTRAP_BCA,
        .level = 0.95,
        .replicates = replicates,
        .errors = replicates,
        .count = 3,
        .estimate = 1.5,
        .error = 1.0};
    nrd_bootstrap_evidence bad[13];
    static const char *const words[] = {"NULL", "NULL", "-1", "4", "level is 0",
        "level is 1", "level is nan", "side is 2", "undefined", "error of the data is 0",
        "acceleration", "none of 2", "one side"};
    nrd_bootstrap_bounds out = {.low = 7.0};
    nrd_error err = {0};

    (void) state;
    for (size_t i = 0; i < 13; i++) {
        bad[i] = good;
    }
    bad[0].replicates = NULL;
    bad[1].method = NRD_BOOTSTRAP_STUDENTIZED;
    bad[1].errors = NULL;
    bad[2].method = (nrd_bootstrap_method) -1;
    bad[3].method = (nrd_bootstrap_method) 4;
    bad[4].level = 0.0;
    bad[5].level = 1.0;
    bad[6].level = (double) NAN;
    bad[7].side = 2;
    bad[8].estimate = (double) NAN;
    bad[9].method = NRD_BOOTSTRAP_STUDENTIZED;
    bad[9].error = 0.0;
    bad[10].acceleration = (double) INFINITY;
    bad[11].replicates = undefined;
    bad[11].count = 2;
    bad[12].estimate = 3.5;
    for (size_t i = 0; i < 13; i++) {
        assert_int_equal(
            nrd_bootstrap_interval(&bad[i], &out, &err), i < 2 ? NRD_E_NULL : NRD_E_DOMAIN);
        assert_error(&err, i < 2 ? NRD_E_NULL : NRD_E_DOMAIN, NRD_NO_ROW, words[i]);
        assert_close(out.low, 7.0, 0.0);
    }
    assert_int_equal(nrd_bootstrap_interval(NULL, &out, &err), NRD_E_NULL);
    assert_int_equal(nrd_bootstrap_interval(&good, NULL, &err), NRD_E_NULL);
    nrdi_malloc_fail_after(0);
    assert_int_equal(nrd_bootstrap_interval(&good, &out, &err), NRD_E_MEMORY);
    nrdi_malloc_fail_after(1);
    assert_int_equal(nrd_bootstrap_interval(&good, &out, &err), NRD_E_MEMORY);
    nrdi_malloc_fail_after(-1);
}

static void
bad_jackknife_values_are_refused(void **state)
{
    const double without[] = {1.0, (double) NAN, 3.0};
    const uint64_t units[] = {0, 3};
    double out = 7.0;
    nrd_error err = {0};

    (void) state;
    assert_int_equal(
        nrd_bootstrap_acceleration(without, units, 1, &out, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, 1, "without this unit");
    assert_int_equal(nrd_bootstrap_acceleration(NULL, units, 1, &out, &err), NRD_E_NULL);
    assert_int_equal(nrd_bootstrap_acceleration(without, NULL, 1, &out, &err), NRD_E_NULL);
    assert_int_equal(nrd_bootstrap_acceleration(without, units, 1, NULL, &err), NRD_E_NULL);
    assert_close(out, 7.0, 0.0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intervals_match_boot),
        cmocka_unit_test(statistics_match_boot),
        cmocka_unit_test(sides_and_gaps),
        cmocka_unit_test(strata_and_constants_have_an_acceleration),
        cmocka_unit_test(bad_evidence_is_refused),
        cmocka_unit_test(bad_jackknife_values_are_refused),
    };

    return cmocka_run_group_tests_name("bootstrap_interval", tests, NULL, NULL);
}
