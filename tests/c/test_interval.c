#include "support.h"

#include <nrd/interval.h>

#define ROWS 256

typedef nrd_status share_interval(const uint64_t *met, const uint64_t *known, size_t n,
    double level, double *low_out, double *high_out, nrd_error *err);

static void
assert_bounds(
    const double *low, const double *high, const cJSON *ref, size_t n, double tolerance)
{
    for (size_t i = 0; i < n; i++) {
        assert_close(low[i], ref_at(ref, "low", i), tolerance);
        assert_close(high[i], ref_at(ref, "high", i), tolerance);
    }
}

static void
compare_shares(const char *name, share_interval *interval, double tolerance)
{
    cJSON *ref = ref_open(name);
    const cJSON *item;

    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        uint64_t met[ROWS], known[ROWS];
        double low[ROWS], high[ROWS];
        const size_t n = ref_counts(item, "met", met, ROWS);
        const double level = ref_at(item, "level", 0);

        assert_int_equal(ref_counts(item, "known", known, ROWS), n);
        assert_int_equal(interval(met, known, n, level, low, high, NULL), NRD_OK);
        assert_bounds(low, high, item, n, tolerance);
    }
    cJSON_Delete(ref);
}

static void
shares_match_reference(void **state)
{
    (void) state;
    compare_shares("interval_wilson", nrd_interval_wilson, 1e-15);
    compare_shares("interval_clopper_pearson", nrd_interval_clopper_pearson, 1e-15);
    compare_shares("interval_jeffreys", nrd_interval_jeffreys, 2e-15);
}

static void
means_match_reference(void **state)
{
    cJSON *ref = ref_open("interval_mean");
    const cJSON *item;

    (void) state;
    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        uint64_t count[ROWS];
        double mean[ROWS], variance[ROWS], low[ROWS], high[ROWS];
        const size_t n = ref_counts(item, "count", count, ROWS);
        const nrd_mean_rows rows = {mean, variance, count, n};

        for (size_t i = 0; i < n; i++) {
            mean[i] = ref_at(item, "mean", i);
            variance[i] = ref_at(item, "variance", i);
        }
        assert_int_equal(
            nrd_interval_mean(&rows, ref_at(item, "level", 0), low, high, NULL), NRD_OK);
        assert_bounds(low, high, item, n, 1e-15);
    }
    cJSON_Delete(ref);
}

static void
differences_match_reference(void **state)
{
    cJSON *ref = ref_open("interval_difference");
    const cJSON *item;

    (void) state;
    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        uint64_t counts[4][ROWS];
        double low[ROWS], high[ROWS];
        const size_t n = ref_counts(item, "met_a", counts[0], ROWS);
        const nrd_pair_rows rows = {counts[0], counts[1], counts[2], counts[3], n};

        assert_int_equal(ref_counts(item, "known_a", counts[1], ROWS), n);
        assert_int_equal(ref_counts(item, "met_b", counts[2], ROWS), n);
        assert_int_equal(ref_counts(item, "known_b", counts[3], ROWS), n);
        assert_int_equal(
            nrd_interval_difference(&rows, ref_at(item, "level", 0), low, high, NULL),
            NRD_OK);
        assert_bounds(low, high, item, n, 1e-14);
    }
    cJSON_Delete(ref);
}

static void
finite_matches_reference(void **state)
{
    cJSON *ref = ref_open("interval_finite");
    const cJSON *item;

    (void) state;
    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        uint64_t met[ROWS], known[ROWS], population[ROWS], low[ROWS], high[ROWS];
        const size_t n = ref_counts(item, "met", met, ROWS);
        const nrd_sample_rows rows = {met, known, population, n};

        assert_int_equal(ref_counts(item, "known", known, ROWS), n);
        assert_int_equal(ref_counts(item, "population", population, ROWS), n);
        assert_int_equal(
            nrd_interval_finite(&rows, ref_at(item, "level", 0), low, high, NULL), NRD_OK);
        for (size_t i = 0; i < n; i++) {
            assert_int_equal(low[i], ref_at(item, "low", i));
            assert_int_equal(high[i], ref_at(item, "high", i));
        }
    }
    cJSON_Delete(ref);
}

/* Counting the units that do not meet the criterion turns the interval round, and a higher
 * level widens it. */
static void
shares_turn_and_widen(void **state)
{
    share_interval *const all[] = {
        nrd_interval_wilson, nrd_interval_clopper_pearson, nrd_interval_jeffreys};

    (void) state;
    for (size_t f = 0; f < 3; f++) {
        for (uint64_t k = 0; k <= 19; k++) {
            const uint64_t met[] = {k, 19 - k}, known[] = {19, 19};
            double low[2], high[2], wider_low[2], wider_high[2];

            assert_int_equal(all[f](met, known, 2, 0.95, low, high, NULL), NRD_OK);
            assert_int_equal(
                all[f](met, known, 2, 0.99, wider_low, wider_high, NULL), NRD_OK);
            assert_close(high[1], 1.0 - low[0], 4e-15);
            assert_true(low[0] <= (double) k / 19.0 && (double) k / 19.0 <= high[0]);
            assert_true(k == 0 ? low[0] == 0.0 : wider_low[0] < low[0]);
            assert_true(k == 19 ? high[0] == 1.0 : wider_high[0] > high[0]);
        }
    }
}

/* The exact interval of a finite population lies within the one of an endless one, which
 * it nears as the population grows; a whole population leaves nothing open. */
static void
finite_goes_from_a_point_to_an_endless_population(void **state)
{
    const uint64_t met = 7, known = 19;
    double low, high;

    (void) state;
    assert_int_equal(
        nrd_interval_clopper_pearson(&met, &known, 1, 0.95, &low, &high, NULL), NRD_OK);
    for (uint64_t population = 19; population < 100000000; population *= 7) {
        const nrd_sample_rows rows = {&met, &known, &population, 1};
        uint64_t fewest, most;

        assert_int_equal(nrd_interval_finite(&rows, 0.95, &fewest, &most, NULL), NRD_OK);
        assert_true((double) fewest + 1.0 >= low * (double) population);
        assert_true((double) most - 1.0 <= high * (double) population);
        if (population == known) {
            assert_int_equal(fewest, met);
            assert_int_equal(most, met);
        } else if (population > 10000000) {
            assert_close((double) fewest / (double) population, low, 1e-5);
            assert_close((double) most / (double) population, high, 1e-5);
        }
    }
}

static void
difference_turns_round(void **state)
{
    static const uint64_t met_a[] = {7, 0, 19}, known_a[] = {19, 19, 19};
    static const uint64_t met_b[] = {14, 18, 18}, known_b[] = {18, 18, 18};
    const nrd_pair_rows rows = {met_a, known_a, met_b, known_b, 3};
    const nrd_pair_rows turned = {met_b, known_b, met_a, known_a, 3};
    double low[3], high[3], turned_low[3], turned_high[3];

    (void) state;
    assert_int_equal(nrd_interval_difference(&rows, 0.9, low, high, NULL), NRD_OK);
    assert_int_equal(
        nrd_interval_difference(&turned, 0.9, turned_low, turned_high, NULL), NRD_OK);
    for (size_t i = 0; i < 3; i++) {
        assert_true(low[i] == -turned_high[i] && high[i] == -turned_low[i]);
        assert_true(low[i] >= -1.0 && low[i] < high[i] && high[i] <= 1.0);
    }
}

static void
mean_moves_and_scales(void **state)
{
    static const double mean[] = {2.385, 2.385 + 4096.0, 4.0 * 2.385};
    static const double variance[] = {0.368, 0.368, 16.0 * 0.368};
    static const uint64_t count[] = {7, 7, 7};
    const nrd_mean_rows rows = {mean, variance, count, 3};
    double low[3], high[3];

    (void) state;
    assert_int_equal(nrd_interval_mean(&rows, 0.95, low, high, NULL), NRD_OK);
    assert_close(low[1] - 4096.0, low[0], 1e-12);
    assert_close(high[1] - 4096.0, high[0], 1e-12);
    assert_true(low[2] == 4.0 * low[0] && high[2] == 4.0 * high[0]);
}

/* Nothing known, one number, an empty sample. */
static void
nothing_known_leaves_all_open(void **state)
{
    static const uint64_t none[] = {0, 0}, count[] = {0, 1}, population[] = {0, 66};
    static const uint64_t met[] = {0, 1}, known[] = {0, 19};
    const double nan = (double) NAN, mean[] = {nan, 2.385}, variance[] = {nan, nan};
    const nrd_mean_rows means = {mean, variance, count, 2};
    const nrd_sample_rows samples = {none, none, population, 2};
    const nrd_pair_rows pairs = {none, none, met, known, 2};
    double low[2], high[2];
    uint64_t fewest[2], most[2];

    (void) state;
    assert_int_equal(nrd_interval_mean(&means, 0.95, low, high, NULL), NRD_OK);
    assert_true(low[0] == -INFINITY && high[0] == INFINITY);
    assert_true(low[1] == -INFINITY && high[1] == INFINITY);
    assert_int_equal(nrd_interval_wilson(none, none, 2, 0.95, low, high, NULL), NRD_OK);
    assert_true(low[1] == 0.0 && high[1] == 1.0);
    assert_int_equal(
        nrd_interval_clopper_pearson(none, none, 2, 0.95, low, high, NULL), NRD_OK);
    assert_true(low[1] == 0.0 && high[1] == 1.0);
    assert_int_equal(nrd_interval_jeffreys(none, none, 2, 0.95, low, high, NULL), NRD_OK);
    assert_true(low[1] == 0.0 && high[1] == 1.0);
    assert_int_equal(nrd_interval_difference(&pairs, 0.95, low, high, NULL), NRD_OK);
    assert_true(low[1] == -1.0 && high[1] == 1.0);
    assert_int_equal(nrd_interval_finite(&samples, 0.95, fewest, most, NULL), NRD_OK);
    assert_int_equal(fewest[0] + most[0] + fewest[1], 0);
    assert_int_equal(most[1], 66);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_match_reference),
        cmocka_unit_test(means_match_reference),
        cmocka_unit_test(differences_match_reference),
        cmocka_unit_test(finite_matches_reference),
        cmocka_unit_test(shares_turn_and_widen),
        cmocka_unit_test(finite_goes_from_a_point_to_an_endless_population),
        cmocka_unit_test(difference_turns_round),
        cmocka_unit_test(mean_moves_and_scales),
        cmocka_unit_test(nothing_known_leaves_all_open),
    };

    return cmocka_run_group_tests_name("interval", tests, NULL, NULL);
}
