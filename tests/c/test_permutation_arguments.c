#include "permutation_toy.h"

#include "status_private.h"

/* A sound design of 6 rows, to be spoilt. */
static void
make(nrd_statistic statistic, toy *out)
{
    toy_make(statistic, 0, out);
    out->design.n = 6;
    out->design.n_columns = 2;
    for (size_t i = 0; i < 6; i++) {
        out->sample[i] = i % 2;
    }
}

static const nrd_permutation_options sound = {.resamples = 100, .seed = 1};

static void
assert_refused(const nrd_permutation_design *design, const nrd_permutation_options *options,
    nrd_status status, size_t row, const char *found)
{
    nrd_permutation *test = NULL;
    nrd_error err;

    assert_int_equal(nrd_permutation_new(design, options, &test, &err), status);
    assert_error(&err, status, row, found);
    assert_int_equal(nrd_permutation_new(design, options, &test, NULL), status);
    assert_null(test);
}

static void
pointers_that_are_needed(void **state)
{
    nrd_permutation *test;
    toy data;

    (void) state;
    make(NRD_STATISTIC_PEARSON, &data);
    assert_int_equal(nrd_permutation_new(NULL, &sound, &test, NULL), NRD_E_NULL);
    assert_int_equal(nrd_permutation_new(&data.design, NULL, &test, NULL), NRD_E_NULL);
    assert_int_equal(nrd_permutation_new(&data.design, &sound, NULL, NULL), NRD_E_NULL);
    data.design.x = NULL;
    assert_refused(&data.design, &sound, NRD_E_NULL, NRD_NO_ROW, "NULL");
    make(NRD_STATISTIC_QUANTILE, &data);
    data.design.sample = NULL;
    assert_refused(&data.design, &sound, NRD_E_NULL, NRD_NO_ROW, "NULL");
    make(NRD_STATISTIC_MEAN, &data);
    data.columns[1] = NULL;
    assert_refused(&data.design, &sound, NRD_E_NULL, NRD_NO_ROW, "NULL");
    data.design.columns = NULL;
    assert_refused(&data.design, &sound, NRD_E_NULL, NRD_NO_ROW, "NULL");
    assert_int_equal(nrd_permutation_update(NULL, 1, 1, NULL, NULL, NULL), NRD_E_NULL);
    assert_int_equal(nrd_permutation_rows(NULL, 1, NULL, NULL), NRD_E_NULL);
    nrd_permutation_free(NULL);
}

static void
sizes_that_do_not_fit(void **state)
{
    toy data;

    (void) state;
    make(NRD_STATISTIC_MEAN_DIFFERENCE, &data);
    data.design.n = 0;
    assert_refused(&data.design, &sound, NRD_E_SIZE, NRD_NO_ROW, "0 rows");
    data.design.n = ((size_t) 1 << 26) + 1;
    assert_refused(&data.design, &sound, NRD_E_SIZE, NRD_NO_ROW, "67108865 rows");
    make(NRD_STATISTIC_MEAN_DIFFERENCE, &data);
    data.design.n_columns = 0;
    assert_refused(&data.design, &sound, NRD_E_SIZE, NRD_NO_ROW, "0 columns");
    make(NRD_STATISTIC_MEAN_DIFFERENCE, &data);
    memset(data.sample, 0, sizeof data.sample);
    assert_refused(&data.design, &sound, NRD_E_SIZE, NRD_NO_ROW, "sample 1 is empty");
    memset(data.sample, 1, sizeof data.sample);
    assert_refused(&data.design, &sound, NRD_E_SIZE, NRD_NO_ROW, "sample 0 is empty");
}

static void
options_out_of_range(void **state)
{
    nrd_permutation_options options = sound;
    toy data;

    (void) state;
    make((nrd_statistic) 8, &data);
    assert_refused(&data.design, &sound, NRD_E_DOMAIN, NRD_NO_ROW, "8");
    data.design.statistic = NRD_STATISTIC_NONE;
    assert_refused(&data.design, &sound, NRD_E_DOMAIN, NRD_NO_ROW, "0");
    data.design.statistic = NRD_STATISTIC_QUANTILE;
    options.alternative = (nrd_alternative) 4;
    assert_refused(&data.design, &options, NRD_E_DOMAIN, NRD_NO_ROW, "4");
    options = sound;
    options.resamples = 0;
    assert_refused(&data.design, &options, NRD_E_DOMAIN, NRD_NO_ROW, "no resamples");
    options = sound;
    options.joint = 1;
    assert_refused(&data.design, &options, NRD_E_DOMAIN, NRD_NO_ROW, "quantiles");
    data.design.statistic = NRD_STATISTIC_SLOPE;
    options.enough = 5;
    assert_refused(&data.design, &options, NRD_E_DOMAIN, NRD_NO_ROW, "different times");
    data.design.statistic = NRD_STATISTIC_QUANTILE;
    data.design.p = 1.5;
    assert_refused(&data.design, &sound, NRD_E_DOMAIN, NRD_NO_ROW, "1.5");
    data.design.p = 0.5;
    data.design.type = 10;
    assert_refused(&data.design, &sound, NRD_E_DOMAIN, NRD_NO_ROW, "10");
}

static void
rows_that_cannot_be(void **state)
{
    const uint64_t starts[][4] = {{0, 2, 4, 6}, {1, 2, 4, 6}, {0, 2, 2, 6}, {0, 2, 4, 5}};
    toy data;

    (void) state;
    make(NRD_STATISTIC_SPEARMAN, &data);
    data.x[3] = NAN;
    assert_refused(&data.design, &sound, NRD_E_DOMAIN, 3, "nan");
    make(NRD_STATISTIC_KENDALL, &data);
    data.y[1][5] = INFINITY;
    assert_refused(&data.design, &sound, NRD_E_DOMAIN, 5, "inf");
    make(NRD_STATISTIC_MEAN_DIFFERENCE, &data);
    data.sample[2] = 2;
    assert_refused(&data.design, &sound, NRD_E_DOMAIN, 2, "2");
    for (size_t k = 1; k < 4; k++) {
        make(NRD_STATISTIC_MEAN, &data);
        data.design.unit_rows = starts[k];
        data.design.units = 3;
        assert_refused(
            &data.design, &sound, NRD_E_DOMAIN, k == 2 ? 1 : NRD_NO_ROW, "rows of units");
        data.design.unit_rows = NULL;
        data.design.stratum_units = starts[k];
        data.design.strata = 3;
        assert_refused(
            &data.design, &sound, NRD_E_DOMAIN, k == 2 ? 1 : NRD_NO_ROW, "units of strata");
    }
}

static void
nothing_varies_or_can_be_exchanged(void **state)
{
    static const int with_spread[] = {
        NRD_STATISTIC_PEARSON, NRD_STATISTIC_SPEARMAN, NRD_STATISTIC_KENDALL};
    const uint64_t sizes[] = {0, 1, 3, 6}, alone[] = {0, 1, 2, 3};
    toy data;

    (void) state;
    for (size_t k = 0; k < 3; k++) {
        make((nrd_statistic) with_spread[k], &data);
        for (size_t i = 0; i < 6; i++) {
            data.y[1][i] = 0.3;
        }
        assert_refused(&data.design, &sound, NRD_E_CONFLICT, 1, "does not vary");
        make((nrd_statistic) with_spread[k], &data);
        for (size_t i = 0; i < 6; i++) {
            data.x[i] = 0.3;
        }
        assert_refused(&data.design, &sound, NRD_E_CONFLICT, NRD_NO_ROW, "x does not");
    }
    make(NRD_STATISTIC_SLOPE, &data);
    data.design.unit_rows = sizes;
    data.design.units = 3;
    assert_refused(&data.design, &sound, NRD_E_CONFLICT, NRD_NO_ROW, "exchanged");
    make(NRD_STATISTIC_SLOPE, &data);
    data.design.n = 3;
    data.design.stratum_units = alone;
    data.design.strata = 3;
    assert_refused(&data.design, &sound, NRD_E_CONFLICT, NRD_NO_ROW, "exchanged");
    make(NRD_STATISTIC_MEAN, &data);
    data.y[0][0] = 1.7e308;
    data.y[0][1] = -1.7e308;
    data.design.statistic = NRD_STATISTIC_SLOPE;
    data.y[0][2] = data.y[0][3] = data.y[0][4] = 1.7e308;
    assert_refused(&data.design, &sound, NRD_E_OVERFLOW, 0, "double");
}

/* A column that does not vary has a slope, and all arrangements are as extreme. */
static void
a_flat_column_has_p_1(void **state)
{
    nrd_permutation *test;
    double p[2], adjusted[2];
    nrd_permutation_options options = sound;
    toy data;

    (void) state;
    make(NRD_STATISTIC_MEAN_DIFFERENCE, &data);
    for (size_t i = 0; i < 6; i++) {
        data.y[0][i] = 2.385 * (double) data.sample[i];
        data.y[1][i] = 0.3;
    }
    options.joint = 1;
    assert_int_equal(nrd_permutation_new(&data.design, &options, &test, NULL), NRD_OK);
    assert_int_equal(nrd_permutation_update(test, 100, 1, NULL, NULL, NULL), NRD_OK);
    nrd_permutation_p(test, p);
    nrd_permutation_adjusted(test, adjusted);
    assert_true(p[1] == 1.0 && adjusted[1] == 1.0);
    assert_close(p[0], 2.0 / 20.0, 1e-15);
    nrd_permutation_free(test);
}

static void
rows_are_those_that_are_counted(void **state)
{
    nrd_permutation_options options = {.resamples = 40, .seed = 2};
    toy data;

    (void) state;
    for (int exact = 0; exact < 2; exact++) {
        nrd_permutation *test, *other;
        uint32_t rows[40][TOY_ROWS];
        double values[40 * TOY_COLUMNS];
        nrd_error err;
        size_t n;

        toy_make(NRD_STATISTIC_SLOPE, 0, &data);
        data.design.n = n = exact ? 4 : 20;
        assert_int_equal(nrd_permutation_new(&data.design, &options, &test, NULL), NRD_OK);
        assert_int_equal(nrd_permutation_new(&data.design, &options, &other, NULL), NRD_OK);
        assert_int_equal(nrd_permutation_left(test), exact ? 24 : 40);
        for (uint64_t b = 0; nrd_permutation_left(test) > 0; b += 8) {
            uint32_t part[8 * 20];

            assert_int_equal(nrd_permutation_rows(test, 8, part, NULL), NRD_OK);
            for (size_t k = 0; k < 8 * n; k++) {
                rows[b + k / n][k % n] = part[k];
            }
        }
        assert_int_equal(nrd_permutation_rows(test, 1, rows[0], &err), NRD_E_SIZE);
        assert_int_equal(nrd_permutation_update(other, 40, 1, NULL, values, NULL), NRD_OK);
        for (size_t b = 0; b < (exact ? 24U : 40U); b++) {
            double xy = 0.0, xx = 0.0, mean = 0.0;

            for (size_t i = 0; i < n; i++) {
                mean += data.x[i] / (double) n;
            }
            for (size_t i = 0; i < n; i++) {
                xx += (data.x[i] - mean) * (data.x[i] - mean);
                xy += (data.x[rows[b][i]] - mean) * data.y[3][i];
            }
            assert_true(fabs(values[b * TOY_COLUMNS + 3] - xy / xx) < 1e-13);
        }
        nrd_permutation_free(test);
        nrd_permutation_free(other);
    }
}

static void
failed_allocations_leave_nothing(void **state)
{
    toy data;

    (void) state;
    for (int statistic = NRD_STATISTIC_MEAN; statistic <= NRD_STATISTIC_SLOPE;
         statistic++) {
        nrd_permutation_options options = sound;
        nrd_permutation *test = NULL;
        nrd_status status = NRD_E_MEMORY;
        nrd_error err;
        double p[2];

        make((nrd_statistic) statistic, &data);
        options.joint = statistic != NRD_STATISTIC_QUANTILE;
        for (long k = 0; status == NRD_E_MEMORY; k++) {
            nrdi_malloc_fail_after(k);
            status = nrd_permutation_new(&data.design, &options, &test, &err);
            assert_true(status == NRD_OK || (status == NRD_E_MEMORY && test == NULL));
        }
        status = NRD_E_MEMORY;
        for (long k = 0; status == NRD_E_MEMORY; k++) {
            nrdi_malloc_fail_after(k);
            status = nrd_permutation_update(test, 100, 2, NULL, NULL, &err);
        }
        nrdi_malloc_fail_after(-1);
        assert_int_equal(status, NRD_OK);
        nrd_permutation_p(test, p);
        assert_true(p[0] > 0.0 && p[0] <= 1.0);
        nrd_permutation_free(test);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pointers_that_are_needed),
        cmocka_unit_test(sizes_that_do_not_fit),
        cmocka_unit_test(options_out_of_range),
        cmocka_unit_test(rows_that_cannot_be),
        cmocka_unit_test(nothing_varies_or_can_be_exchanged),
        cmocka_unit_test(a_flat_column_has_p_1),
        cmocka_unit_test(rows_are_those_that_are_counted),
        cmocka_unit_test(failed_allocations_leave_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
