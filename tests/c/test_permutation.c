#include "permutation_toy.h"

#include "exact_block_private.h"

static const char *const alternatives[] = {"two-sided", "greater", "less", "absolute"};

/* Run a test to its end in parts of `part` arrangements. */
static nrd_permutation *
run(const nrd_permutation_design *design, const nrd_permutation_options *options,
    uint64_t part, int threads)
{
    nrd_permutation *test = NULL;

    assert_int_equal(nrd_permutation_new(design, options, &test, NULL), NRD_OK);
    while (nrd_permutation_left(test) > 0) {
        assert_int_equal(
            nrd_permutation_update(test, part, threads, NULL, NULL, NULL), NRD_OK);
    }
    return test;
}

static void
compare_case(const cJSON *item, int alternative)
{
    const cJSON *joint;
    nrd_permutation_options options = {
        .alternative = (nrd_alternative) alternative, .resamples = 6000};
    nrd_permutation *test;
    double p[3], adjusted[3], observed[3];
    char name[32];
    toy data;

    toy_read(item, &data);
    (void) snprintf(name, sizeof name, "joint %s", alternatives[alternative]);
    joint = cJSON_GetObjectItemCaseSensitive(item, name);
    options.joint = joint != NULL;
    test = run(&data.design, &options, 6000, 1);
    nrd_permutation_observed(test, observed);
    nrd_permutation_p(test, p);
    nrd_permutation_adjusted(test, adjusted);
    assert_true(nrd_permutation_is_exact(test));
    assert_int_equal(nrd_permutation_arrangements(test), ref_at(item, "arrangements", 0));
    for (size_t j = 0; j < 3; j++) {
        /* The statistic may be the rest of numbers that cancel. */
        if (fabs(observed[j]) > 1e-15 || ref_at(item, "observed", j) == 0.0) {
            assert_close(observed[j], ref_at(item, "observed", j), 1e-15);
        }
        assert_close(p[j], ref_at(item, alternatives[alternative], j), 1e-15);
        if (joint != NULL) {
            assert_close(adjusted[j], ref_at(item, name, j), 1e-15);
        } else {
            assert_true(isnan(adjusted[j]));
        }
    }
    nrd_permutation_free(test);
}

static void
all_arrangements_match_reference(void **state)
{
    cJSON *ref = ref_open("permutation_all");
    const cJSON *item;

    (void) state;
    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        for (int alternative = 0; alternative < 4; alternative++) {
            compare_case(item, alternative);
        }
    }
    cJSON_Delete(ref);
}

/* What a test says, as bytes. */
static void
bytes_of(nrd_permutation *test, double out[3 * TOY_COLUMNS])
{
    nrd_permutation_observed(test, out);
    nrd_permutation_p(test, out + TOY_COLUMNS);
    nrd_permutation_adjusted(test, out + 2 * TOY_COLUMNS);
    nrd_permutation_free(test);
}

static void
threads_and_parts_change_nothing(void **state)
{
    (void) state;
    for (int k = 0; k < 14; k++) {
        const nrd_statistic statistic = (nrd_statistic) (NRD_STATISTIC_MEAN + k / 2);
        const int quantile = statistic == NRD_STATISTIC_QUANTILE;
        const nrd_permutation_options options = {
            .resamples = 2500, .seed = 7, .joint = !quantile};
        double one[3 * TOY_COLUMNS], other[3 * TOY_COLUMNS];
        toy data;

        toy_make(statistic, k % 2, &data);
        bytes_of(run(&data.design, &options, 2500, 1), one);
        bytes_of(run(&data.design, &options, 2500, 8), other);
        assert_memory_equal(one, other, sizeof one);
        bytes_of(run(&data.design, &options, 370, 3), other);
        assert_memory_equal(one, other, sizeof one);
    }
}

static void
processors_change_nothing(void **state)
{
    static const char *const kernels[] = {"plain", "avx2", "avx512"};
    const nrd_permutation_options options = {.resamples = 999, .seed = 7, .joint = 1};
    double one[3 * TOY_COLUMNS], other[3 * TOY_COLUMNS];
    toy data;

    (void) state;
    for (int rounded = 0; rounded < 2; rounded++) {
        for (size_t k = 0; k < 3; k++) {
            toy_make(NRD_STATISTIC_PEARSON, rounded, &data);
            if (nrdi_kernels_force(kernels[k])) {
                bytes_of(run(&data.design, &options, 999, 1), k == 0 ? one : other);
                assert_true(k == 0 || memcmp(one, other, sizeof one) == 0);
            }
        }
    }
    assert_true(nrdi_kernels_force(NULL));
}

/* Adding a constant or scaling by a power of 2 changes no p. */
static void
shift_and_scale_change_nothing(void **state)
{
    const nrd_permutation_options options = {.resamples = 999, .seed = 7};
    double one[3 * TOY_COLUMNS], other[3 * TOY_COLUMNS];
    toy data;

    (void) state;
    toy_make(NRD_STATISTIC_PEARSON, 1, &data);
    bytes_of(run(&data.design, &options, 999, 1), one);
    for (size_t i = 0; i < TOY_ROWS; i++) {
        data.x[i] = ldexp(data.x[i], 300) + 0x1p320;
        data.y[2][i] = ldexp(data.y[2][i], -500) - 0x1p-480;
    }
    bytes_of(run(&data.design, &options, 999, 1), other);
    assert_memory_equal(one + TOY_COLUMNS, other + TOY_COLUMNS, TOY_COLUMNS * sizeof *one);
}

/* x takes two values of 53 bits, so that sums are rounded, and most arrangements are as
 * extreme as some other: those that are equal to the data count. */
static void
ties_count_where_sums_are_rounded(void **state)
{
    const double values[] = {0.1, 0.7};
    const double y[] = {1.0 / 3.0, 0.1, 0.1, 1.0 / 3.0, 0.1, 1.0 / 3.0, 0.1, 0.1};
    const double *const columns[] = {y};
    double x[8], p;
    const nrd_permutation_design design = {.statistic = NRD_STATISTIC_SLOPE,
        .x = x,
        .columns = columns,
        .n_columns = 1,
        .n = 8};
    nrd_permutation_options options = {
        .alternative = NRD_ALTERNATIVE_GREATER, .resamples = 100};
    nrd_permutation *test;

    (void) state;
    for (size_t i = 0; i < 8; i++) {
        x[i] = values[i % 4 < 2]; /* of the 4 greater ones 2 meet a greater y */
    }
    /* 3 of 8 y are greater; 4 of 8 x: with k of them in common C(3, k) C(5, 4 - k) ways. */
    test = run(&design, &options, 100, 1);
    nrd_permutation_p(test, &p);
    assert_int_equal(nrd_permutation_arrangements(test), 70);
    assert_close(p, (30.0 + 5.0) / 70.0, 1e-15);
    nrd_permutation_free(test);
}

static void
drawn_p_is_near_to_that_of_all(void **state)
{
    nrd_permutation_options all = {.resamples = 200000}, drawn = {.resamples = 20000};
    double p_all[TOY_COLUMNS], p_drawn[TOY_COLUMNS];
    toy data;

    (void) state;
    for (int statistic = NRD_STATISTIC_MEAN; statistic <= NRD_STATISTIC_SLOPE;
         statistic++) {
        nrd_permutation *test;

        toy_make((nrd_statistic) statistic, 0, &data);
        data.design.n = 9;
        data.sample[0] = 1;
        if (statistic == NRD_STATISTIC_MEAN) {
            data.design.n = 15;
        } else if (data.design.statistic == NRD_STATISTIC_MEAN_DIFFERENCE ||
                   data.design.statistic == NRD_STATISTIC_QUANTILE) {
            data.design.n = 18;
        }
        all.resamples = 400000;
        test = run(&data.design, &all, 400000, 2);
        assert_true(nrd_permutation_is_exact(test));
        nrd_permutation_p(test, p_all);
        nrd_permutation_free(test);
        test = run(&data.design, &drawn, 20000, 2);
        assert_false(nrd_permutation_is_exact(test));
        nrd_permutation_p(test, p_drawn);
        nrd_permutation_free(test);
        for (size_t j = 0; j < TOY_COLUMNS; j++) {
            const double se = sqrt(p_all[j] * (1.0 - p_all[j] / 2.0) / 20000.0) + 1e-4;

            assert_true(fabs(p_drawn[j] - p_all[j]) < 6.0 * se);
        }
    }
}

/* The same arrangements one by one: where a column stops, and what its p is. */
static void
enough_is_where_it_is_reached(void **state)
{
    nrd_permutation_options options = {
        .alternative = NRD_ALTERNATIVE_GREATER, .resamples = 3000, .seed = 3};
    double *values = calloc(3000 * TOY_COLUMNS, sizeof *values);
    double observed[TOY_COLUMNS], p[TOY_COLUMNS];
    nrd_permutation_count counts[TOY_COLUMNS];
    nrd_permutation *test = NULL;
    toy data;

    (void) state;
    toy_make(NRD_STATISTIC_PEARSON, 0, &data);
    assert_int_equal(nrd_permutation_new(&data.design, &options, &test, NULL), NRD_OK);
    assert_int_equal(nrd_permutation_update(test, 3000, 2, NULL, values, NULL), NRD_OK);
    nrd_permutation_observed(test, observed);
    nrd_permutation_free(test);
    options.enough = 25;
    test = run(&data.design, &options, 170, 2);
    nrd_permutation_counts(test, counts);
    nrd_permutation_p(test, p);
    for (size_t j = 0; j < TOY_COLUMNS; j++) {
        uint64_t extreme = 0, used = 0;

        while (extreme < 25 && used < 3000) {
            extreme += values[used++ * TOY_COLUMNS + j] >= observed[j];
        }
        assert_int_equal(counts[j].extreme, extreme);
        assert_int_equal(counts[j].used, used);
        assert_close(p[j],
            extreme == 25 ? 25.0 / (double) used
                          : (double) (extreme + 1) / (double) (used + 1),
            1e-15);
    }
    nrd_permutation_free(test);
    free(values);
}

static void
a_stopped_test_goes_on(void **state)
{
    const nrd_permutation_options options = {.resamples = 9000, .seed = 7};
    const int stop = 1;
    double one[3 * TOY_COLUMNS], other[3 * TOY_COLUMNS];
    nrd_permutation *test = NULL;
    nrd_error err;
    toy data;

    (void) state;
    toy_make(NRD_STATISTIC_PEARSON, 0, &data);
    bytes_of(run(&data.design, &options, 9000, 1), one);
    assert_int_equal(nrd_permutation_new(&data.design, &options, &test, NULL), NRD_OK);
    assert_int_equal(nrd_permutation_update(test, 100, 2, NULL, NULL, &err), NRD_OK);
    assert_int_equal(
        nrd_permutation_update(test, 8900, 2, &stop, NULL, &err), NRD_E_CANCELLED);
    assert_int_equal(nrd_permutation_left(test), 8900);
    assert_int_equal(nrd_permutation_update(test, 8900, 2, NULL, NULL, &err), NRD_OK);
    bytes_of(test, other);
    assert_memory_equal(one, other, sizeof one);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_arrangements_match_reference),
        cmocka_unit_test(threads_and_parts_change_nothing),
        cmocka_unit_test(processors_change_nothing),
        cmocka_unit_test(shift_and_scale_change_nothing),
        cmocka_unit_test(ties_count_where_sums_are_rounded),
        cmocka_unit_test(drawn_p_is_near_to_that_of_all),
        cmocka_unit_test(enough_is_where_it_is_reached),
        cmocka_unit_test(a_stopped_test_goes_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
