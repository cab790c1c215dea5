#include "regression_toy.h"

enum { COLUMNS = 24, MANY_ROWS = 40, WIDE = 60 };

/* Regressions for more than one thread, and values whose sums are short and long. */
enum { GROUPS = 1500, POINTS = 6, MOST_THREADS = 8 };

/* A state of many columns: column 0 is 1 * column 1 - 2 * column 2 + 3 * column 3 ..., of
 * whole numbers; where `dependent` is 1 the last one is the sum of the two before it. */
static nrd_moments *
many_columns(int dependent)
{
    static double values[COLUMNS][MANY_ROWS];
    nrd_column columns[COLUMNS];
    nrd_moments *moments = NULL;
    uint64_t seed = 17;

    for (size_t row = 0; row < MANY_ROWS; row++) {
        values[0][row] = 0.0;
        for (size_t i = 1; i < COLUMNS; i++) {
            values[i][row] = (double) (next_bits(&seed) % 2000) - 1000.0;
        }
        if (dependent) {
            values[COLUMNS - 1][row] = values[COLUMNS - 2][row] + values[COLUMNS - 3][row];
        }
        for (size_t i = 1; i < COLUMNS; i++) {
            values[0][row] += (i % 2 == 1 ? 1.0 : -1.0) * (double) i * values[i][row];
        }
    }
    for (size_t i = 0; i < COLUMNS; i++) {
        columns[i] = (nrd_column){NRD_TYPE_FLOAT64, MANY_ROWS, 0, values[i], NULL};
    }
    assert_int_equal(nrd_moments_new(COLUMNS, 1, NRD_WEIGHTS_NONE, NRD_MOMENTS_COVARIANCES,
                         NULL, &moments, NULL),
        NRD_OK);
    assert_int_equal(
        nrd_moments_update(moments, columns, COLUMNS, NULL, 0, NULL, 1, NULL, NULL),
        NRD_OK);
    return moments;
}

/* With many columns numbers are cut, and what is cut must not show. */
static void
many_columns_are_exact(void **state)
{
    (void) state;
    for (int dependent = 0; dependent <= 1; dependent++) {
        nrd_moments *moments = many_columns(dependent);
        nrd_term terms[COLUMNS];
        double coefficient[COLUMNS];
        uint8_t combined[COLUMNS];
        nrd_fit fit;
        nrd_regression_results out = {
            .fit = &fit, .coefficient = coefficient, .combined = combined};
        nrd_regression_model model;

        for (size_t i = 0; i + 1 < COLUMNS; i++) {
            terms[i] = (nrd_term){i + 1, 1};
        }
        model = toy_model(terms, COLUMNS - 1, moments);
        assert_int_equal(nrd_regression_fit(moments, &model, 1, NULL, &out, NULL), NRD_OK);
        assert_int_equal(fit.status, dependent ? NRD_FIT_DEPENDENT : NRD_FIT_OK);
        for (size_t i = 0; i < COLUMNS; i++) {
            const double expected = (i % 2 == 1 ? 1.0 : -1.0) * (double) i;

            assert_int_equal(
                combined[i], dependent && (i == COLUMNS - 2 || i + 3 == COLUMNS));
            assert_close(coefficient[i], dependent ? (double) NAN : expected + 0.0, 0.0);
        }
        assert_close(fit.rss, dependent ? (double) NAN : 0.0, 0.0);
        nrd_moments_free(moments);
    }
}

/* Sixty columns of any size: the numbers of the solution do not fit. */
static void
too_many_digits_are_refused(void **state)
{
    static double values[WIDE][TOY_ROWS];
    nrd_column columns[WIDE];
    nrd_term terms[WIDE];
    nrd_moments *moments = NULL;
    nrd_regression_model model;
    nrd_regression_results out = {0};
    nrd_fit fit;
    nrd_error err;
    uint64_t seed = 7;

    (void) state;
    for (size_t i = 0; i < WIDE; i++) {
        for (size_t row = 0; row < TOY_ROWS; row++) {
            values[i][row] = next_double(&seed, -1000, 1000);
        }
        columns[i] = (nrd_column){NRD_TYPE_FLOAT64, TOY_ROWS, 0, values[i], NULL};
        terms[i] = (nrd_term){i + 1, 1};
    }
    assert_int_equal(nrd_moments_new(WIDE, 1, NRD_WEIGHTS_NONE, NRD_MOMENTS_COVARIANCES,
                         NULL, &moments, NULL),
        NRD_OK);
    assert_int_equal(
        nrd_moments_update(moments, columns, WIDE, NULL, 0, NULL, 1, NULL, NULL), NRD_OK);
    model = toy_model(terms, WIDE - 1, moments);
    out.fit = &fit;
    assert_int_equal(
        nrd_regression_fit(moments, &model, 1, NULL, &out, &err), NRD_E_OVERFLOW);
    assert_error(&err, NRD_E_OVERFLOW, 0, "65536");
    nrd_moments_free(moments);
}

/* Groups of few rows: values of some bits in one group, of all bits in the next. */
static nrd_moments *
many_groups(void)
{
    static double x[GROUPS * POINTS], y[GROUPS * POINTS];
    static int64_t group[GROUPS * POINTS];
    const toy_rows rows = {.p = 2,
        .n = GROUPS * POINTS,
        .groups = GROUPS,
        .level = NRD_MOMENTS_COVARIANCES,
        .columns = {y, x},
        .group = group};
    uint64_t seed = 3;

    for (size_t i = 0; i < rows.n; i++) {
        group[i] = (int64_t) (i / POINTS);
        x[i] =
            group[i] % 3 == 0 ? 2015.0 + (double) (i % POINTS) : next_double(&seed, -9, 9);
        y[i] = group[i] % 2 == 0 ? rint(10.0 * next_double(&seed, 0, 30)) / 10.0
                                 : next_double(&seed, -30, 30);
    }
    return toy_state(&rows);
}

typedef struct {
    nrd_fit fit[GROUPS];
    double coefficient[2 * GROUPS];
    double low[2 * GROUPS];
    double se[2 * GROUPS];
    double factor[4 * GROUPS];
} results;

/* No thread and nothing that is left out changes a bit. */
static void
threads_change_nothing(void **state)
{
    static results found[MOST_THREADS + 1];
    const nrd_term term = {1, 1};
    nrd_moments *moments = many_groups();
    const nrd_regression_model model = toy_model(&term, 1, moments);

    (void) state;
    for (int threads = 1; threads <= MOST_THREADS + 1; threads++) {
        results *own = &found[threads - 1];
        nrd_regression_results out = {.fit = own->fit,
            .coefficient = own->coefficient,
            .coefficient_low = own->low,
            .se = threads <= MOST_THREADS ? own->se : NULL,
            .factor = own->factor};

        assert_int_equal(
            nrd_regression_fit(moments, &model, threads, NULL, &out, NULL), NRD_OK);
        if (threads > MOST_THREADS) {
            memcpy(own->se, found[0].se, sizeof own->se);
        }
        assert_memory_equal(own, &found[0], sizeof *own);
    }
    for (size_t g = 0; g < GROUPS; g++) {
        assert_int_equal(found[0].fit[g].status, NRD_FIT_OK);
    }
    nrd_moments_free(moments);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_columns_are_exact),
        cmocka_unit_test(too_many_digits_are_refused),
        cmocka_unit_test(threads_change_nothing),
    };

    return cmocka_run_group_tests_name("regression_many", tests, NULL, NULL);
}
