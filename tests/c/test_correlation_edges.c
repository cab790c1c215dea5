#include "correlation_toy.h"

#include "status_private.h"

/* What can be told of a pair without a coefficient. */
static void
reasons_are_told(void **state)
{
    static const double x[] = {1.0, 2.0, 3.0, 4.0, 5.0, 7.0};
    static const double y[] = {2.0, 1.0, 4.0, 3.0, 6.0, 5.0};
    static const double twice[] = {2.0, 4.0, 6.0, 8.0, 10.0, 14.0};
    static const double same[] = {0.3, 0.3, 0.3, 0.3, 0.3, 0.3};
    const double few[] = {1.0, 2.0, NAN, NAN, NAN, NAN};
    const double *const columns[] = {x, y, twice, same, few};
    static const struct {
        nrd_pair pair;
        size_t covariate;
        nrd_pair_status status;
        uint64_t n;
    } cases[] = {
        {{0, 1}, 9, NRD_PAIR_OK, 6},
        {{0, 4}, 9, NRD_PAIR_FEW_ROWS, 2},
        {{3, 1}, 9, NRD_PAIR_CONSTANT_X, 6},
        {{1, 3}, 9, NRD_PAIR_CONSTANT_Y, 6},
        {{0, 1}, 2, NRD_PAIR_EXPLAINED_X, 6},
        {{1, 0}, 2, NRD_PAIR_EXPLAINED_Y, 6},
        {{0, 1}, 3, NRD_PAIR_COVARIATE, 6},
    };

    (void) state;
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        static const nrd_correlation_method methods[] = {NRD_CORRELATION_PEARSON,
            NRD_CORRELATION_SPEARMAN, NRD_CORRELATION_KENDALL, NRD_CORRELATION_WINSORIZED};
        const nrd_correlation_data data = {.columns = columns,
            .n_columns = 5,
            .n = 6,
            .covariates = &cases[k].covariate,
            .n_covariates = cases[k].covariate < 5};

        for (size_t m = 0; m < sizeof methods / sizeof *methods; m++) {
            const nrd_correlation_options options = {.method = methods[m]};
            nrd_correlation out;

            assert_int_equal(nrd_correlation_pairs(
                                 &data, &cases[k].pair, 1, &options, 2, NULL, &out, NULL),
                NRD_OK);
            assert_int_equal(out.status, cases[k].status);
            assert_int_equal(out.n, cases[k].n);
            assert_int_equal(out.n + out.dropped, 6);
            assert_int_equal(isnan(out.estimate), cases[k].status != NRD_PAIR_OK);
        }
    }
}

/* Every allocation may fail, and nothing is written then. */
static void
memory_may_end(void **state)
{
    static const char *const names[] = {"x", "y", "z", "unit"};
    const nrd_pair pairs[] = {{0, 1}, {1, 2}};
    cJSON *ref = ref_open("correlation_r");
    toy own;

    (void) state;
    fill(cJSON_GetArrayItem(ref_get(ref, "cases"), 1), names, COLUMNS, &own);
    own.value[2][4] = (double) NAN;
    for (int m = 0; m <= NRD_CORRELATION_PERCENTAGE_BEND; m++) {
        const nrd_correlation_options options = {
            .method = (nrd_correlation_method) m, .share = SHARE};
        const uint32_t blocks[COLUMNS] = {0, 1, 2, 3};
        nrd_status status[2] = {NRD_E_MEMORY, NRD_E_MEMORY};

        for (long after = 0; status[0] != NRD_OK || status[1] != NRD_OK; after++) {
            const nrd_correlation_arranging how = {
                .resamples = 19, .joint = m < 3, .block = blocks};
            nrd_correlation found[2] = {{.n = 7}, {.n = 7}};
            nrd_correlation_arranged arranged[2] = {{.used = 7}, {.used = 7}};

            nrdi_malloc_fail_after(after);
            status[0] =
                nrd_correlation_pairs(&own.data, pairs, 2, &options, 1, NULL, found, NULL);
            nrdi_malloc_fail_after(after);
            status[1] = nrd_correlation_arrange(
                &own.data, pairs, 2, &options, &how, 1, NULL, arranged, NULL);
            nrdi_malloc_fail_after(-1);
            assert_true(status[0] == NRD_OK || status[0] == NRD_E_MEMORY);
            assert_true(status[1] == NRD_OK || status[1] == NRD_E_MEMORY);
            assert_true(status[0] == NRD_OK || found[0].n == 7);
            assert_true(status[1] == NRD_OK || arranged[0].used == 7);
            assert_in_range(after, 0, 2000);
        }
    }
    cJSON_Delete(ref);
}

static void
bad_input_is_refused(void **state)
{
    double x[] = {1.0, 2.0, 3.0, 4.0}, y[] = {2.0, 1.0, 4.0, 3.0}, w[] = {1.0, 1, 1, 1};
    int64_t unit[] = {0, 0, 1, 1};
    const double *columns[] = {x, y};
    const size_t covariate = 7;
    const int stop = 1;
    nrd_correlation_data data = {.columns = columns, .n_columns = 2, .n = 4};
    nrd_correlation_options options = {0};
    nrd_pair pair = {0, 1};
    nrd_correlation out;
    nrd_error err;

#define REFUSED(status, row, found)                                                        \
    assert_int_equal(                                                                      \
        nrd_correlation_pairs(&data, &pair, 1, &options, 1, NULL, &out, &err), (status));  \
    assert_error(&err, (status), (row), (found))

    (void) state;
    assert_int_equal(
        nrd_correlation_pairs(NULL, &pair, 1, &options, 1, NULL, &out, &err), NRD_E_NULL);
    assert_int_equal(nrd_correlation_pairs(&data, &pair, 1, &options, 1, &stop, &out, &err),
        NRD_E_CANCELLED);
    pair.y = 2;
    REFUSED(NRD_E_UNKNOWN, 0, "column 2");
    pair.y = 1;
    x[2] = (double) INFINITY;
    REFUSED(NRD_E_DOMAIN, 2, "inf");
    x[2] = 3.0;
    data.weight = w;
    w[1] = -0.5;
    REFUSED(NRD_E_DOMAIN, 1, "-0.5");
    w[1] = 0.5;
    options.method = NRD_CORRELATION_XI;
    REFUSED(NRD_E_DOMAIN, NRD_NO_ROW, "no weights");
    options.method = NRD_CORRELATION_PEARSON;
    data.weight = NULL;
    options.relation = NRD_RELATION_WITHIN;
    REFUSED(NRD_E_DOMAIN, NRD_NO_ROW, "no units");
    data.unit = unit;
    data.units = 1;
    REFUSED(NRD_E_DOMAIN, 2, "unit is 1");
    data.units = 2;
    options.method = NRD_CORRELATION_SPEARMAN;
    REFUSED(NRD_E_DOMAIN, NRD_NO_ROW, "within");
    options = (nrd_correlation_options){.share = 0.5};
    REFUSED(NRD_E_DOMAIN, NRD_NO_ROW, "share");
    options = (nrd_correlation_options){.part = NRD_PART_X};
    REFUSED(NRD_E_DOMAIN, NRD_NO_ROW, "semi-partial");
    options = (nrd_correlation_options){.method = (nrd_correlation_method) 8};
    REFUSED(NRD_E_DOMAIN, NRD_NO_ROW, "none of these");
    options = (nrd_correlation_options){0};
    data.covariates = &covariate;
    data.n_covariates = 1;
    REFUSED(NRD_E_UNKNOWN, 0, "column 7");
#undef REFUSED
}

static void
tests_refuse_bad_options(void **state)
{
    const nrd_correlation found = {.estimate = 0.5, .df = 10.0};
    const nrd_correlation_testing cases[] = {
        {.method = (nrd_correlation_method) 9, .level = 0.95, .power = 0.8},
        {.alternative = (nrd_alternative) 4, .level = 0.95, .power = 0.8},
        {.level = 1.0, .power = 0.8},
        {.level = 0.95, .power = 0.0},
    };
    nrd_correlation_tested out;

    (void) state;
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        assert_int_equal(
            nrd_correlation_test(&found, 1, &cases[k], &out, NULL), NRD_E_DOMAIN);
    }
    assert_int_equal(nrd_correlation_test(NULL, 1, &cases[2], &out, NULL), NRD_E_NULL);
}

/* All threads, and each pair alone, draw the same arrangements. */
static void
arrangements_do_not_depend_on_threads(void **state)
{
    static const char *const names[] = {"x", "y", "z", "unit"};
    const nrd_pair pairs[] = {{0, 1}, {0, 2}, {1, 2}};
    const uint32_t blocks[COLUMNS] = {1, 0, 0, 0};
    cJSON *ref = ref_open("correlation_r");
    toy own;

    (void) state;
    fill(cJSON_GetArrayItem(ref_get(ref, "cases"), 0), names, COLUMNS, &own);
    for (int m = 0; m <= NRD_CORRELATION_PERCENTAGE_BEND; m++) {
        const nrd_correlation_options options = {
            .method = (nrd_correlation_method) m, .share = SHARE};
        const nrd_correlation_arranging how = {.resamples = 99,
            .seed = 3,
            .joint = m < 3,
            .block = blocks,
            .strata = m % 2 == 1 ? own.unit : NULL};
        nrd_correlation_arranged out[3][3];

        for (int threads = 1; threads <= 3; threads++) {
            assert_int_equal(nrd_correlation_arrange(&own.data, pairs, 3, &options, &how,
                                 threads, NULL, out[threads - 1], NULL),
                NRD_OK);
        }
        for (int k = 0; k < 3; k++) {
            assert_same(out[1][k].p, out[0][k].p, (size_t) k);
            assert_same(out[2][k].p, out[0][k].p, (size_t) k);
            assert_true(out[0][k].p >= 0.01 && out[0][k].p <= 1.0);
            assert_int_equal(isnan(out[0][k].adjusted), m >= 3);
        }
    }
    cJSON_Delete(ref);
}

static void
arranging_refuses_bad_options(void **state)
{
    static const double x[] = {1.0, 2.0, 3.0, 4.0}, y[] = {2.0, 1.0, 4.0, 3.0};
    const double *const columns[] = {x, y};
    const int64_t unit[] = {0, 0, 1, 1};
    const uint32_t blocks[] = {0, 1};
    const nrd_pair pair = {0, 1};
    nrd_correlation_data data = {.columns = columns, .n_columns = 2, .n = 4};
    nrd_correlation_options options = {0};
    nrd_correlation_arranging how = {.resamples = 9, .block = blocks};
    nrd_correlation_arranged out;

#define STATUS nrd_correlation_arrange(&data, &pair, 1, &options, &how, 1, NULL, &out, NULL)

    (void) state;
    assert_int_equal(STATUS, NRD_OK);
    how.resamples = 0;
    assert_int_equal(STATUS, NRD_E_DOMAIN);
    how.resamples = 9;
    how.alternative = (nrd_alternative) 4;
    assert_int_equal(STATUS, NRD_E_DOMAIN);
    how.alternative = NRD_ALTERNATIVE_GREATER;
    data.weight = x;
    assert_int_equal(STATUS, NRD_OK);
    data.weight = NULL;
    how.joint = 1;
    assert_int_equal(STATUS, NRD_OK);
    options.method = NRD_CORRELATION_XI;
    assert_int_equal(STATUS, NRD_E_DOMAIN);
    options.method = NRD_CORRELATION_PEARSON;
    how.block = NULL;
    assert_int_equal(STATUS, NRD_E_DOMAIN);
    how.joint = 0;
    data.unit = unit;
    data.units = 2;
    options.relation = NRD_RELATION_WITHIN;
    assert_int_equal(STATUS, NRD_OK);
    how.strata = unit;
    assert_int_equal(STATUS, NRD_E_DOMAIN);
    options.relation = NRD_RELATION_BETWEEN;
    assert_int_equal(STATUS, NRD_E_DOMAIN);
#undef STATUS
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reasons_are_told),
        cmocka_unit_test(memory_may_end),
        cmocka_unit_test(bad_input_is_refused),
        cmocka_unit_test(tests_refuse_bad_options),
        cmocka_unit_test(arrangements_do_not_depend_on_threads),
        cmocka_unit_test(arranging_refuses_bad_options),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
