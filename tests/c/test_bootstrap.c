#include "bootstrap_toy.h"

#include <nrd/dist.h>

#include "exact_block_private.h"
#include "status_private.h"

#define REPLICATES 20000
#define MANY 700

static const nrd_bootstrap_run all_replicates = {
    .seed = 19, .first = 7, .count = REPLICATES, .threads = 1};

/* What an estimate may be off by: nothing, but for the steps between two values. */
static double
tolerance_of(const cJSON *of)
{
    return strcmp(ref_get(of, "statistic")->valuestring, "quantile") == 0 ? 4e-16 : 0.0;
}

/* Number of the value in the list that this one is. */
static size_t
place_of(const cJSON *of, double value)
{
    const size_t n = (size_t) cJSON_GetArraySize(ref_get(of, "values"));

    for (size_t i = 0; i < n; i++) {
        const double known = ref_at(of, "values", i);

        if (fabs(known - value) <= tolerance_of(of) * fabs(known) ||
            (isnan(known) && isnan(value))) {
            return i;
        }
    }
    fail_msg("%s: no resample has %.17g", ref_get(of, "statistic")->valuestring, value);
    return 0;
}

/* Every replicate is the rounded statistic of a resample that there is, and comes as often
 * as all resamples that have it; rare ones are counted together. */
static void
check_distribution(const cJSON *of, const double *found)
{
    const size_t n = (size_t) cJSON_GetArraySize(ref_get(of, "values"));
    double *count = calloc(n, sizeof *count);
    double chi2 = 0.0, rest = 0.0, rest_expected = 0.0, df = -1.0, p;

    assert_non_null(count);
    for (size_t i = 0; i < REPLICATES; i++) {
        count[place_of(of, found[i])]++;
    }
    for (size_t i = 0; i < n; i++) {
        const double expected = REPLICATES * ref_at(of, "probabilities", i);

        if (expected < 5.0) {
            rest += count[i];
            rest_expected += expected;
        } else {
            chi2 += (count[i] - expected) * (count[i] - expected) / expected;
            df++;
        }
    }
    if (rest_expected >= 5.0) {
        chi2 += (rest - rest_expected) * (rest - rest_expected) / rest_expected;
        df++;
    }
    if (df > 0.0) {
        assert_int_equal(nrd_dist_chi2_sf(chi2, df, &p, NULL), NRD_OK);
        assert_true(p > 1e-4);
    }
    free(count);
}

static void
replicates_are_the_resamples_there_are(void **state)
{
    cJSON *ref = ref_open("bootstrap_enumeration");
    double *found = malloc(REPLICATES * sizeof *found);
    const cJSON *of;

    (void) state;
    assert_non_null(found);
    cJSON_ArrayForEach(of, ref_get(ref, "cases"))
    {
        nrd_bootstrap *own;
        toy given;

        toy_read(of, &given);
        own = toy_new(&given.design);
        assert_int_equal(
            nrd_bootstrap_replicates(own, &all_replicates, found, NULL, NULL), NRD_OK);
        check_distribution(of, found);
        nrd_bootstrap_free(own);
    }
    free(found);
    cJSON_Delete(ref);
}

static void
estimates_and_jackknife_match_reference(void **state)
{
    cJSON *ref = ref_open("bootstrap_enumeration");
    const cJSON *of;

    (void) state;
    cJSON_ArrayForEach(of, ref_get(ref, "cases"))
    {
        double estimate, without[TOY_ROWS];
        nrd_bootstrap *own;
        toy given;

        toy_read(of, &given);
        own = toy_new(&given.design);
        assert_int_equal(nrd_bootstrap_estimate(own, &estimate, NULL, NULL), NRD_OK);
        assert_close(estimate, ref_get(of, "estimate")->valuedouble, tolerance_of(of));
        assert_int_equal(nrd_bootstrap_jackknife(own, 1, NULL, without, NULL), NRD_OK);
        for (size_t u = 0; u < nrd_bootstrap_units(own); u++) {
            assert_close(without[u], ref_at(of, "jackknife", u), tolerance_of(of));
        }
        nrd_bootstrap_free(own);
    }
    cJSON_Delete(ref);
}

/* A design with rows enough for all blocks, threads and kernels. */
static void
many_rows(double *x, double *y, uint8_t *sample)
{
    uint64_t word = 1;

    for (size_t i = 0; i < MANY; i++) {
        word = word * 6364136223846793005U + 1442695040888963407U;
        x[i] = (double) (word >> 11) / 9007199254740992.0 - 0.3;
        y[i] = x[i] * x[i] + (double) (word >> 40) * 1e-9;
        sample[i] = (uint8_t) (word >> 63);
    }
}

/* Threads, kernels, parts: number 19 of a seed is number 19 of it. */
static void
replicates_are_the_same_bits_on_any_road(void **state)
{
    static const char *const kernels[] = {"plain", "avx2", "avx512"};
    double x[MANY], y[MANY], first[301], other[301];
    const double *columns[] = {x, y};
    uint8_t sample[MANY];

    (void) state;
    many_rows(x, y, sample);
    for (int statistic = 1; statistic <= 7; statistic++) {
        for (int scheme = 0; scheme < 4; scheme++) {
            const nrd_bootstrap_design design = {.statistic = (nrd_statistic) statistic,
                .scheme = (nrd_scheme) scheme,
                .columns = columns,
                .n_columns = statistic >= 4 ? 2 : 1,
                .n = MANY,
                .sample = sample,
                .block = 19,
                .p = 0.3,
                .type = 7};
            nrd_bootstrap *own = toy_new(&design);
            nrd_bootstrap_run run = {.seed = 5, .count = 301, .threads = 1};

            assert_int_equal(
                nrd_bootstrap_replicates(own, &run, first, NULL, NULL), NRD_OK);
            for (int k = 0; k < 3; k++) {
                run.threads = 3 + k;
                if (nrdi_kernels_force(kernels[k])) {
                    assert_int_equal(
                        nrd_bootstrap_replicates(own, &run, other, NULL, NULL), NRD_OK);
                    assert_memory_equal(first, other, sizeof first);
                }
            }
            assert_true(nrdi_kernels_force(NULL));
            for (run.first = 0; run.first < 301; run.first += 7) {
                run.count = 301 - run.first < 7 ? 301 - (size_t) run.first : 7;
                assert_int_equal(
                    nrd_bootstrap_replicates(own, &run, other, NULL, NULL), NRD_OK);
                assert_memory_equal(first + run.first, other, run.count * sizeof first[0]);
            }
            nrd_bootstrap_free(own);
        }
    }
}

/* A unit's Poisson numbers come with its key, whatever stands around it. */
static void
poisson_numbers_belong_to_keys(void **state)
{
    const uint64_t keys[] = {7, 63, 2385, 19}, reversed[] = {19, 2385, 63, 7};
    nrd_bootstrap_design design = {.scheme = NRD_SCHEME_POISSON, .n = 4, .key = keys};
    const nrd_bootstrap_run run = {.seed = 3, .first = 50, .count = 100, .threads = 1};
    uint32_t there[400], back[400];
    nrd_bootstrap *own = toy_new(&design);

    (void) state;
    assert_int_equal(nrd_bootstrap_weights(own, &run, there, NULL), NRD_OK);
    nrd_bootstrap_free(own);
    design.key = reversed;
    own = toy_new(&design);
    assert_int_equal(nrd_bootstrap_weights(own, &run, back, NULL), NRD_OK);
    for (size_t b = 0; b < 100; b++) {
        for (size_t i = 0; i < 4; i++) {
            assert_int_equal(there[4 * b + i], back[4 * b + 3 - i]);
        }
    }
    nrd_bootstrap_free(own);
}

/* Weights are counts of the rows of blocks, and blocks are runs of rows. */
static void
blocks_are_runs_of_rows(void **state)
{
    (void) state;
    for (size_t block = 1; block <= 7; block++) {
        for (int scheme = NRD_SCHEME_MOVING; scheme <= NRD_SCHEME_CIRCULAR; scheme++) {
            const nrd_bootstrap_design design = {
                .scheme = (nrd_scheme) scheme, .n = 7, .block = block};
            const nrd_bootstrap_run run = {.seed = 11, .count = 200, .threads = 2};
            nrd_bootstrap *own = toy_new(&design);
            uint32_t rows[1400], weights[1400];

            assert_int_equal(nrd_bootstrap_rows(own, &run, rows, NULL), NRD_OK);
            assert_int_equal(nrd_bootstrap_weights(own, &run, weights, NULL), NRD_OK);
            for (size_t i = 0; i < 1400; i++) {
                const uint32_t before = i % 7 % block == 0 ? 0 : rows[i - 1] + 1;

                assert_true(weights[i / 7 * 7 + rows[i]]-- > 0);
                assert_true(rows[i] < 7);
                assert_true(i % 7 % block == 0 || rows[i] == before % 7);
                assert_true(scheme == NRD_SCHEME_CIRCULAR || rows[i] >= before);
            }
            nrd_bootstrap_free(own);
        }
    }
}

/* The standard error of the mean is that of textbooks with divisor n; of a difference, the
 * root of the sum of squares. */
static void
errors_of_means_are_those_of_textbooks(void **state)
{
    const double x[] = {2.385, 7.0, 19.0, -3.5, 0.1, 1.25};
    const double *columns[] = {x};
    const uint8_t sample[] = {0, 0, 0, 1, 1, 1};
    const uint64_t strata[] = {0, 3, 6};
    nrd_bootstrap_design design = {
        .statistic = NRD_STATISTIC_MEAN, .columns = columns, .n_columns = 1, .n = 6};
    double mean = 0.0, square = 0.0, out, se, parts = 0.0;
    nrd_bootstrap *own = toy_new(&design);

    (void) state;
    for (size_t i = 0; i < 6; i++) {
        mean += x[i] / 6.0;
    }
    for (size_t i = 0; i < 6; i++) {
        square += (x[i] - mean) * (x[i] - mean) / 36.0;
    }
    assert_int_equal(nrd_bootstrap_estimate(own, &out, &se, NULL), NRD_OK);
    assert_close(se, sqrt(square), 1e-14);
    nrd_bootstrap_free(own);
    for (size_t h = 0; h < 2; h++) {
        const double *part = x + 3 * h;
        const double own_mean = (part[0] + part[1] + part[2]) / 3.0;

        for (size_t i = 0; i < 3; i++) {
            parts += (part[i] - own_mean) * (part[i] - own_mean) / 9.0;
        }
    }
    design.statistic = NRD_STATISTIC_MEAN_DIFFERENCE;
    design.sample = sample;
    design.stratum_units = strata;
    design.strata = 2;
    own = toy_new(&design);
    assert_int_equal(nrd_bootstrap_estimate(own, &out, &se, NULL), NRD_OK);
    assert_close(se, sqrt(parts), 1e-14);
    nrd_bootstrap_free(own);
}

/* Memory that ends anywhere leaves nothing behind and outputs as they were. */
static void
no_memory_leaves_nothing(void **state)
{
    const double x[] = {2.385, 7.0, 19.0, -3.5};
    const double *columns[] = {x, x};
    const nrd_bootstrap_run run = {.seed = 1, .count = 3, .threads = 1};

    (void) state;
    for (int statistic = 0; statistic <= 7; statistic++) {
        const uint8_t sample[] = {0, 1, 0, 1};
        const nrd_bootstrap_design design = {.statistic = (nrd_statistic) statistic,
            .columns = columns,
            .n_columns = statistic >= 4 ? 2 : statistic > 0,
            .n = 4,
            .sample = sample,
            .type = 7};
        nrd_status status = NRD_E_MEMORY;

        for (long successes = 0; status == NRD_E_MEMORY; successes++) {
            nrd_bootstrap *own = NULL;
            double out[3] = {7.0, 7.0, 7.0}, without[4];
            uint32_t weights[12];
            nrd_error err = {0};

            nrdi_malloc_fail_after(successes);
            status = nrd_bootstrap_new(&design, &own, &err);
            if (status == NRD_OK) {
                status = nrd_bootstrap_replicates(own, &run, out, NULL, &err);
            }
            if (status == NRD_OK) {
                status = nrd_bootstrap_jackknife(own, 1, NULL, without, &err);
            }
            if (status == NRD_OK) {
                status = nrd_bootstrap_weights(own, &run, weights, &err);
            }
            if (status == NRD_OK) {
                status = nrd_bootstrap_estimate(own, out, NULL, &err);
            }
            nrdi_malloc_fail_after(-1);
            nrd_bootstrap_free(own);
            assert_true(status == NRD_OK || status == NRD_E_MEMORY);
            assert_true(status == NRD_OK || err.status == NRD_E_MEMORY);
        }
    }
}

static void
stopped_calls_write_nothing(void **state)
{
    const double x[] = {2.385, 7.0, 19.0, -3.5};
    const double *columns[] = {x};
    const nrd_bootstrap_design design = {
        .statistic = NRD_STATISTIC_MEAN, .columns = columns, .n_columns = 1, .n = 4};
    const int stop = 1;
    const nrd_bootstrap_run run = {.count = 3, .threads = 2, .stop = &stop};
    double out[4] = {7.0, 7.0, 7.0, 7.0};
    uint32_t weights[12] = {19};
    nrd_bootstrap *own = toy_new(&design);
    nrd_error err = {0};

    (void) state;
    assert_int_equal(nrd_bootstrap_replicates(own, &run, out, NULL, &err), NRD_E_CANCELLED);
    assert_error(&err, NRD_E_CANCELLED, NRD_NO_ROW, "stop");
    assert_int_equal(nrd_bootstrap_weights(own, &run, weights, &err), NRD_E_CANCELLED);
    assert_int_equal(nrd_bootstrap_jackknife(own, 1, &stop, out, &err), NRD_E_CANCELLED);
    assert_close(out[0], 7.0, 0.0);
    assert_int_equal(weights[0], 19);
    nrd_bootstrap_free(own);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(replicates_are_the_resamples_there_are),
        cmocka_unit_test(estimates_and_jackknife_match_reference),
        cmocka_unit_test(replicates_are_the_same_bits_on_any_road),
        cmocka_unit_test(poisson_numbers_belong_to_keys),
        cmocka_unit_test(blocks_are_runs_of_rows),
        cmocka_unit_test(errors_of_means_are_those_of_textbooks),
        cmocka_unit_test(no_memory_leaves_nothing),
        cmocka_unit_test(stopped_calls_write_nothing),
    };

    return cmocka_run_group_tests_name("bootstrap", tests, NULL, NULL);
}
