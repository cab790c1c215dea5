#include "bootstrap_toy.h"

#include <nrd/bootstrap_moments.h>

#include "status_private.h"

#define ROWS 19
#define REPLICATES 130

/* Columns of one size and of many, with a centre and without. */
static const double x[ROWS] = {1e6 + 0.1, 1e6 + 0.2, 1e6 + 2.385, 1e6 - 7.0, 1e6 - 0.3,
    1e6 + 1e-9, 1e6, 1e6, 1e6 + 19.0, 1e6 - 63.0, 1e6 + 0.7, 1e6 + 5.0, 1e6 + 0.1,
    1e6 + 0.1, 1e6 - 1.25, 1e6 + 3.5, 1e6 + 2.5, 1e6 - 0.5, 1e6};
static const double y[ROWS] = {1e100, -1e90, 7.0, 0.0, 1e95, -0.1, 2.385, 1e80, 0.3, -1e100,
    1e89, 5.5, 0.1, 0.2, 0.3, -1e60, 63.0, 19.0, 1.0 / 3.0};
static const double *const columns[] = {x, y};

static nrd_moments *
state_new(size_t n, size_t groups, nrd_moments_level level)
{
    nrd_moments *out = NULL;

    assert_int_equal(
        nrd_moments_new(n, groups, NRD_WEIGHTS_NONE, level, NULL, &out, NULL), NRD_OK);
    return out;
}

static void
assert_same_bytes(const nrd_moments *first, const nrd_moments *second)
{
    const size_t n = nrd_moments_bytes(first);
    uint8_t *one = malloc(n), *other = malloc(n);

    assert_non_null(one);
    assert_non_null(other);
    assert_int_equal(nrd_moments_bytes(second), n);
    assert_int_equal(nrd_moments_to_bytes(first, one, n, NULL), NRD_OK);
    assert_int_equal(nrd_moments_to_bytes(second, other, n, NULL), NRD_OK);
    assert_memory_equal(one, other, n);
    free(one);
    free(other);
}

/* The state that has each row as often as it is in each resample. */
static void
add_repeated(nrd_moments *state, size_t n_columns, const uint32_t *weights)
{
    for (size_t b = 0; b < REPLICATES; b++) {
        double repeated[2][32 * ROWS];
        int64_t group[32 * ROWS];
        nrd_column packed[2], codes;
        size_t rows = 0;

        for (size_t i = 0; i < ROWS; i++) {
            for (uint32_t k = 0; k < weights[b * ROWS + i]; k++) {
                repeated[0][rows] = columns[0][i];
                repeated[1][rows] = columns[1][i];
                group[rows++] = (int64_t) b;
            }
        }
        for (size_t c = 0; c < 2; c++) {
            packed[c] = (nrd_column){NRD_TYPE_FLOAT64, rows, 0, repeated[c], NULL};
        }
        codes = (nrd_column){NRD_TYPE_INT64, rows, 0, group, NULL};
        assert_int_equal(
            nrd_moments_update(state, packed, n_columns, &codes, 0, NULL, 1, NULL, NULL),
            NRD_OK);
    }
}

static void
states_hold_the_resamples(void **state)
{
    static uint32_t weights[REPLICATES * ROWS];
    const nrd_bootstrap_run run = {.seed = 63, .count = REPLICATES, .threads = 2};

    (void) state;
    for (int relation = 0; relation < 2; relation++) {
        const nrd_bootstrap_design design = {
            .statistic = relation ? NRD_STATISTIC_PEARSON : NRD_STATISTIC_MEAN,
            .scheme = NRD_SCHEME_POISSON,
            .columns = columns,
            .n_columns = 2,
            .n = ROWS};
        const nrd_moments_level level =
            relation ? NRD_MOMENTS_COVARIANCES : NRD_MOMENTS_MEANS;
        nrd_moments *found = state_new(2, REPLICATES + 1, level);
        nrd_moments *expected = state_new(2, REPLICATES + 1, level);
        nrd_bootstrap *own = toy_new(&design);

        assert_int_equal(nrd_bootstrap_weights(own, &run, weights, NULL), NRD_OK);
        for (int turn = 0; turn < 2; turn++) {
            assert_int_equal(nrd_bootstrap_moments(own, &run, found, NULL), NRD_OK);
            add_repeated(expected, 2, weights);
            assert_same_bytes(found, expected);
        }
        nrd_bootstrap_free(own);
        nrd_moments_free(found);
        nrd_moments_free(expected);
    }
}

/* A failure names what is wrong, and the state stays as it was. */
static void
bad_states_are_refused(void **state)
{
    const double wide[] = {1e300, 1e-300};
    const double *const one[] = {wide};
    nrd_bootstrap_design design = {
        .statistic = NRD_STATISTIC_MEAN, .columns = columns, .n_columns = 2, .n = ROWS};
    const nrd_bootstrap_run run = {.count = 3, .threads = 1};
    nrd_moments *means = state_new(2, 3, NRD_MOMENTS_MEANS);
    nrd_moments *few = state_new(2, 2, NRD_MOMENTS_MEANS);
    nrd_moments *level = state_new(2, 3, NRD_MOMENTS_COVARIANCES);
    nrd_moments *narrow = state_new(1, 3, NRD_MOMENTS_MEANS);
    nrd_bootstrap *own = toy_new(&design), *other;
    nrd_error err = {0};
    uint64_t rows[3];

    (void) state;
    assert_int_equal(nrd_bootstrap_moments(NULL, &run, means, &err), NRD_E_NULL);
    assert_int_equal(nrd_bootstrap_moments(own, NULL, means, &err), NRD_E_NULL);
    assert_int_equal(nrd_bootstrap_moments(own, &run, NULL, &err), NRD_E_NULL);
    assert_int_equal(nrd_bootstrap_moments(own, &run, few, &err), NRD_E_CONFLICT);
    assert_int_equal(nrd_bootstrap_moments(own, &run, level, &err), NRD_E_CONFLICT);
    assert_int_equal(nrd_bootstrap_moments(own, &run, narrow, &err), NRD_E_CONFLICT);
    assert_error(&err, NRD_E_CONFLICT, NRD_NO_ROW, "1 columns and 3 groups");
    design.statistic = NRD_STATISTIC_QUANTILE;
    design.type = 7;
    design.n_columns = 1;
    other = toy_new(&design);
    assert_int_equal(nrd_bootstrap_moments(other, &run, narrow, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, NRD_NO_ROW, "the statistic is 3");
    nrd_bootstrap_free(other);
    design.statistic = NRD_STATISTIC_MEAN;
    design.columns = one;
    design.n = 2;
    other = toy_new(&design);
    assert_int_equal(nrd_bootstrap_moments(other, &run, narrow, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, NRD_NO_ROW, "2^400");
    nrd_bootstrap_free(other);
    for (long successes = 0;; successes++) {
        nrd_status status;

        nrdi_malloc_fail_after(successes);
        status = nrd_bootstrap_moments(own, &run, means, &err);
        nrdi_malloc_fail_after(-1);
        nrd_moments_rows(means, rows);
        if (status == NRD_OK) {
            break;
        }
        assert_int_equal(status, NRD_E_MEMORY);
        assert_int_equal(rows[0] + rows[1] + rows[2], 0);
    }
    assert_int_equal(rows[0] + rows[1] + rows[2], 3 * ROWS);
    nrd_bootstrap_free(own);
    nrd_moments_free(means);
    nrd_moments_free(few);
    nrd_moments_free(level);
    nrd_moments_free(narrow);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(states_hold_the_resamples),
        cmocka_unit_test(bad_states_are_refused),
    };

    return cmocka_run_group_tests_name("bootstrap_moments", tests, NULL, NULL);
}
