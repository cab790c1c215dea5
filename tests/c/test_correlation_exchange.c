/* Permutation tests with covariates and weights: every arrangement against R. */

#include "correlation_toy.h"

#include "status_private.h"

#define WIDTH 4

static const nrd_alternative SIDES[] = {
    NRD_ALTERNATIVE_TWO_SIDED, NRD_ALTERNATIVE_GREATER, NRD_ALTERNATIVE_LESS};

/* What is asked of a case, and where R's answer stands. */
typedef struct {
    const char *name;
    nrd_correlation_method method;
    size_t covariates;
    int weighted;
} question;

static const question QUESTIONS[] = {
    {"one", NRD_CORRELATION_PEARSON, 1, 0},
    {"two", NRD_CORRELATION_PEARSON, 2, 0},
    {"ranks", NRD_CORRELATION_SPEARMAN, 1, 0},
    {"weighted", NRD_CORRELATION_PEARSON, 0, 1},
    {"weighted_ranks", NRD_CORRELATION_SPEARMAN, 0, 1},
    {"weighted_tau", NRD_CORRELATION_KENDALL, 0, 1},
};

/* Columns x, y and two covariates, with weights and strata. */
typedef struct {
    toy columns;
    double weight[ROWS];
    int64_t strata[ROWS];
    size_t covariates[2];
} rows;

static void
fill_rows(const cJSON *item, rows *out)
{
    static const char *const names[] = {"x", "y", "z", "v"};

    memset(out, 0, sizeof *out);
    fill(item, names, WIDTH - 1, &out->columns);
    for (size_t i = 0; i < out->columns.data.n; i++) {
        out->columns.value[3][i] = ref_at(item, names[3], i);
        out->weight[i] = ref_at(item, "w", i);
        out->strata[i] = (int64_t) ref_at(item, "strata", i);
    }
    out->columns.column[3] = out->columns.value[3];
    out->columns.data.n_columns = WIDTH;
    out->covariates[0] = 2;
    out->covariates[1] = 3;
    out->columns.data.covariates = out->covariates;
}

static nrd_correlation_arranged
arrange_by(rows *own, const question *asked, nrd_correlation_arranging how, int threads)
{
    static const uint32_t blocks[WIDTH] = {1, 0, 0, 0};
    const nrd_correlation_options options = {.method = asked->method};
    const nrd_pair pair = {0, 1};
    nrd_correlation_arranged out;

    own->columns.data.n_covariates = asked->covariates;
    own->columns.data.weight = asked->weighted ? own->weight : NULL;
    how.strata = own->strata;
    how.block = blocks;
    assert_int_equal(nrd_correlation_arrange(&own->columns.data, &pair, 1, &options, &how,
                         threads, NULL, &out, NULL),
        NRD_OK);
    return out;
}

static nrd_correlation_arranged
arrange(rows *own, const question *asked, nrd_correlation_arranging how)
{
    return arrange_by(own, asked, how, 2);
}

static void
all_arrangements_are_those_of_r(void **state)
{
    cJSON *ref = ref_open("correlation_exchange");
    const cJSON *item;
    rows own;

    (void) state;
    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        fill_rows(item, &own);
        for (size_t q = 0; q < sizeof QUESTIONS / sizeof *QUESTIONS; q++) {
            for (size_t s = 0; s < 3; s++) {
                uint64_t done = 0;
                const nrd_correlation_arranged found = arrange(&own, &QUESTIONS[q],
                    (nrd_correlation_arranging){
                        .resamples = 720, .alternative = SIDES[s], .done = &done});

                assert_int_equal(found.exact, 1);
                assert_int_equal(
                    found.used, (uint64_t) cJSON_GetNumberValue(ref_get(item, "count")));
                assert_close(found.p, ref_at(item, QUESTIONS[q].name, s), 1e-13);
                assert_int_equal(done, 720);
            }
        }
    }
    cJSON_Delete(ref);
}

/* The step-down maximum of one pair is its test: the same shares of drawn arrangements. */
static void
together_and_alone_agree(void **state)
{
    const uint64_t drawn = 100000;
    cJSON *ref = ref_open("correlation_exchange");
    const cJSON *item = cJSON_GetArrayItem(ref_get(ref, "cases"), 0);
    rows own;

    (void) state;
    fill_rows(item, &own);
    for (size_t q = 0; q + 1 < sizeof QUESTIONS / sizeof *QUESTIONS; q++) {
        uint64_t done = 0;
        const nrd_correlation_arranged found = arrange(&own, &QUESTIONS[q],
            (nrd_correlation_arranging){
                .resamples = drawn, .seed = 7, .joint = 1, .done = &done});
        const double p = ref_at(item, QUESTIONS[q].name, 0);

        assert_close(found.adjusted, found.p, 0.0);
        assert_true(fabs(found.p - p) < 5.0 * sqrt(p * (1.0 - p) / (double) drawn));
        assert_int_equal(done, drawn);
    }
    cJSON_Delete(ref);
}

/* Threads that share the arrangements of one pair draw the same ones. */
static void
threads_do_not_matter(void **state)
{
    cJSON *ref = ref_open("correlation_exchange");
    rows own;

    (void) state;
    fill_rows(cJSON_GetArrayItem(ref_get(ref, "cases"), 0), &own);
    for (size_t q = 0; q < sizeof QUESTIONS / sizeof *QUESTIONS; q++) {
        const nrd_correlation_arranging how = {.resamples = 333, .seed = 3};
        const nrd_correlation_arranged one = arrange_by(&own, &QUESTIONS[q], how, 1);
        const nrd_correlation_arranged many = arrange_by(&own, &QUESTIONS[q], how, 4);

        assert_int_equal(one.exact, 0);
        assert_int_equal(one.extreme, many.extreme);
        assert_close(one.p, many.p, 0.0);
    }
    cJSON_Delete(ref);
}

/* Scales and places of x, y, covariates and weights do not matter, nor does their size. */
static void
scales_do_not_matter(void **state)
{
    cJSON *ref = ref_open("correlation_exchange");
    const cJSON *item = cJSON_GetArrayItem(ref_get(ref, "cases"), 0);
    rows own;

    (void) state;
    fill_rows(item, &own);
    for (size_t i = 0; i < own.columns.data.n; i++) {
        own.columns.value[0][i] = 1e200 * (own.columns.value[0][i] - 3.0);
        own.columns.value[1][i] = 1e-200 * own.columns.value[1][i];
        own.columns.value[2][i] = 1e9 + own.columns.value[2][i];
        own.columns.value[3][i] *= -1e100;
        own.weight[i] *= 1e-150;
    }
    for (size_t q = 0; q < sizeof QUESTIONS / sizeof *QUESTIONS; q++) {
        const nrd_correlation_arranged found =
            arrange(&own, &QUESTIONS[q], (nrd_correlation_arranging){.resamples = 720});

        assert_close(found.p, ref_at(item, QUESTIONS[q].name, 0), 1e-13);
    }
    cJSON_Delete(ref);
}

/* x that covariates explain leaves nothing to exchange: there is no p, and no failure. */
static void
nothing_to_exchange_has_no_p(void **state)
{
    cJSON *ref = ref_open("correlation_exchange");
    rows own;

    (void) state;
    fill_rows(cJSON_GetArrayItem(ref_get(ref, "cases"), 1), &own);
    for (size_t i = 0; i < own.columns.data.n; i++) {
        own.columns.value[0][i] = 3.0 * own.columns.value[2][i] + (double) own.strata[i];
    }
    for (int joint = 0; joint < 2; joint++) {
        const nrd_correlation_arranged found = arrange(&own, &QUESTIONS[0],
            (nrd_correlation_arranging){.resamples = 99, .joint = joint});

        assert_true(isnan(found.p));
    }
    for (size_t i = 0; i < own.columns.data.n; i++) {
        own.columns.value[0][i] = 0.1;
    }
    for (size_t q = 3; q < sizeof QUESTIONS / sizeof *QUESTIONS; q++) {
        assert_true(isnan(
            arrange(&own, &QUESTIONS[q], (nrd_correlation_arranging){.resamples = 99}).p));
    }
    cJSON_Delete(ref);
}

static void
memory_may_end(void **state)
{
    static const uint32_t blocks[WIDTH] = {1, 0, 0, 0};
    const nrd_pair pair = {0, 1};
    cJSON *ref = ref_open("correlation_exchange");
    rows own;

    (void) state;
    fill_rows(cJSON_GetArrayItem(ref_get(ref, "cases"), 1), &own);
    for (size_t q = 0; q < 2 * sizeof QUESTIONS / sizeof *QUESTIONS - 1; q++) {
        const question *asked = &QUESTIONS[q / 2];
        const nrd_correlation_options options = {.method = asked->method};
        const nrd_correlation_arranging how = {
            .resamples = 9, .joint = q % 2, .block = blocks, .strata = own.strata};
        nrd_status status = NRD_E_MEMORY;

        own.columns.data.n_covariates = asked->covariates;
        own.columns.data.weight = asked->weighted ? own.weight : NULL;
        for (long after = 0; status != NRD_OK; after++) {
            nrd_correlation_arranged out = {.used = 7};

            nrdi_malloc_fail_after(after);
            status = nrd_correlation_arrange(
                &own.columns.data, &pair, 1, &options, &how, 1, NULL, &out, NULL);
            nrdi_malloc_fail_after(-1);
            assert_true(status == NRD_OK || status == NRD_E_MEMORY);
            assert_true(status == NRD_OK || out.used == 7);
            assert_in_range(after, 0, 2000);
        }
    }
    cJSON_Delete(ref);
}

static void
what_has_no_meaning_is_refused(void **state)
{
    static const uint32_t blocks[WIDTH] = {1, 0, 0, 0};
    const nrd_correlation_options options = {.method = NRD_CORRELATION_KENDALL};
    nrd_correlation_arranging how = {.resamples = 9, .block = blocks};
    const nrd_pair pair = {0, 1};
    cJSON *ref = ref_open("correlation_exchange");
    nrd_correlation_arranged out;
    rows own;

    (void) state;
    fill_rows(cJSON_GetArrayItem(ref_get(ref, "cases"), 0), &own);
    own.columns.data.n_covariates = 1;
    assert_int_equal(nrd_correlation_arrange(
                         &own.columns.data, &pair, 1, &options, &how, 1, NULL, &out, NULL),
        NRD_E_DOMAIN);
    own.columns.data.n_covariates = 0;
    own.columns.data.weight = own.weight;
    how.joint = 1;
    assert_int_equal(nrd_correlation_arrange(
                         &own.columns.data, &pair, 1, &options, &how, 1, NULL, &out, NULL),
        NRD_E_DOMAIN);
    cJSON_Delete(ref);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_arrangements_are_those_of_r),
        cmocka_unit_test(together_and_alone_agree),
        cmocka_unit_test(threads_do_not_matter),
        cmocka_unit_test(scales_do_not_matter),
        cmocka_unit_test(nothing_to_exchange_has_no_p),
        cmocka_unit_test(memory_may_end),
        cmocka_unit_test(what_has_no_meaning_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
