#include "joinpoint_toy.h"

#define ROWS 128

typedef struct {
    double time[ROWS], value[ROWS], weight[ROWS];
    uint64_t series_rows[2];
    nrd_joinpoint_rows rows;
} toy;

static size_t
numbers(const cJSON *item, const char *key, double *out)
{
    const size_t n = (size_t) cJSON_GetArraySize(ref_get(item, key));

    for (size_t i = 0; i < n; i++) {
        out[i] = ref_at(item, key, i);
    }
    return n;
}

static void
toy_read(const cJSON *item, toy *out)
{
    out->series_rows[0] = 0;
    out->series_rows[1] = numbers(item, "time", out->time);
    (void) numbers(item, "value", out->value);
    (void) numbers(item, "weight", out->weight);
    out->rows =
        (nrd_joinpoint_rows){out->time, out->value, out->weight, out->series_rows, 1};
}

static nrd_joinpoint
found_with(const toy *in, const nrd_joinpoint_options *options)
{
    nrd_joinpoint out;

    assert_int_equal(nrd_joinpoint_find(&in->rows, options, &out, NULL), NRD_OK);
    return out;
}

/* libnrd tries every 16th place of the reference, and ends a step outside. */
static void
compare_bounds(const toy *data, const cJSON *item, const nrd_joinpoint *found)
{
    const double low = ref_at(item, "joint_low", 0), high = ref_at(item, "joint_high", 0);
    double step = 0.0;

    for (size_t i = 1; i < data->series_rows[1]; i++) {
        step = fmax(step, (data->time[i] - data->time[i - 1]) * (1.0 / 64 + 1.0 / 1024));
    }
    if (isnan(low)) {
        assert_true(found->joint_low[0] == (double) -INFINITY);
    } else {
        assert_true(found->joint_low[0] <= low && low - found->joint_low[0] <= step);
    }
    if (isnan(high)) {
        assert_true(found->joint_high[0] == (double) INFINITY);
    } else {
        assert_true(found->joint_high[0] >= high && found->joint_high[0] - high <= step);
    }
    for (size_t j = 0; j < 2; j++) {
        const double from = ref_at(item, "slope_low", j);
        const double to = ref_at(item, "slope_high", j);

        assert_true(found->slope_low[j] >= from - 1e-9 * (to - from));
        assert_true(found->slope_high[j] <= to + 1e-9 * (to - from));
        assert_true(found->slope_low[j] <= from + 0.003 * (to - from));
        assert_true(found->slope_high[j] >= to - 0.003 * (to - from));
    }
}

static void
best_lines_match_enumeration(void **state)
{
    cJSON *ref = ref_open("joinpoint_exact");
    const cJSON *item;

    (void) state;
    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        nrd_joinpoint_options options = usual;
        nrd_joinpoint found;
        toy data;

        toy_read(item, &data);
        options.most = (int) ref_at(item, "joints", 0);
        options.between = (int) ref_at(item, "between", 0);
        found = found_with(&data, &options);
        assert_int_equal(found.state, NRD_JOINPOINT_TOLD);
        assert_int_equal(found.joints, options.most);
        assert_close(found.rss, ref_at(item, "rss", 0), 1e-11);
        assert_close(found.start, ref_at(item, "start", 0), 1e-12);
        for (size_t j = 0; j <= (size_t) options.most; j++) {
            assert_close(found.slope[j], ref_at(item, "slope", j), 1e-11);
        }
        for (size_t j = 0; j < (size_t) options.most; j++) {
            assert_close(found.joint[j], ref_at(item, "joint", j), 1e-14);
        }
        if (options.most == 1) {
            compare_bounds(&data, item, &found);
        }
    }
    cJSON_Delete(ref);
}

/* R's segmented stops near a row that the exact search hits; it is never better. */
static void
joints_between_rows_match_segmented(void **state)
{
    cJSON *ref = ref_open("joinpoint_segmented");
    const cJSON *item;

    (void) state;
    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        nrd_joinpoint_options options = usual;
        nrd_joinpoint found;
        toy data;

        toy_read(item, &data);
        options.most = cJSON_GetObjectItemCaseSensitive(item, "joints")->valueint;
        options.between = 1;
        options.least = 2;
        found = found_with(&data, &options);
        assert_close(found.rss, ref_at(item, "rss", 0), 1e-8);
        assert_true(found.rss <= ref_at(item, "rss", 0) * (1.0 + 1e-9));
        for (size_t j = 0; j < (size_t) options.most; j++) {
            assert_close(found.joint[j], ref_at(item, "joint", j), 3e-7);
        }
        for (size_t j = 0; j <= (size_t) options.most; j++) {
            assert_close(found.slope[j], ref_at(item, "slope", j), 1e-4);
        }
    }
    cJSON_Delete(ref);
}

/* Drawn permutations are like all of them: 4 standard errors. */
static void
permutations_match_all_orders(void **state)
{
    cJSON *ref = ref_open("joinpoint_exact");
    const cJSON *item;

    (void) state;
    cJSON_ArrayForEach(item, ref_get(ref, "permuted"))
    {
        const double p = ref_at(item, "p", 0), drawn = 0x1p17;
        nrd_joinpoint_options options = usual;
        nrd_joinpoint found;
        toy data;

        toy_read(item, &data);
        options.rule = NRD_JOINPOINT_PERMUTATION;
        options.between = (int) ref_at(item, "between", 0);
        options.permutations = (uint64_t) drawn;
        found = found_with(&data, &options);
        assert_int_equal(found.tests, 1);
        assert_true(
            fabs(found.p[0] - p) <= 1.0 / drawn + 4.0 * sqrt(p * (1.0 - p) / drawn));
    }
    cJSON_Delete(ref);
}

/* What the p-values and the rule of the tests make of each other. */
static void
tests_go_on_by_their_rule(void **state)
{
    nrd_joinpoint_options options = usual;
    nrd_joinpoint found[MANY];
    int rejected_late = 0;
    crowd data;

    (void) state;
    crowd_make(&data);
    options.rule = NRD_JOINPOINT_PERMUTATION;
    options.most = 2;
    options.alpha = 0.8;
    options.permutations = 99;
    assert_int_equal(nrd_joinpoint_find(&data.rows, &options, found, NULL), NRD_OK);
    for (size_t i = 0; i < MANY; i++) {
        int k = 0, m = found[i].most, made = 0;

        for (; k < m; made++) {
            const double level = options.alpha / (double) (found[i].most - k);

            rejected_late += found[i].p[made] > level && found[i].p[made] <= options.alpha;
            *(found[i].p[made] <= level ? &k : &m) += found[i].p[made] <= level ? 1 : -1;
        }
        assert_int_equal(found[i].joints, k);
        assert_int_equal(found[i].tests, made);
        assert_true(made == 3 || isnan(found[i].p[made]));
    }
    assert_true(rejected_late > 0);
}

static void
threads_and_batches_change_nothing(void **state)
{
    nrd_joinpoint_options options = usual;
    nrd_joinpoint one[MANY], other[MANY];
    crowd data;

    (void) state;
    crowd_make(&data);
    options.rule = NRD_JOINPOINT_PERMUTATION;
    options.most = 2;
    options.threads = 1;
    assert_int_equal(nrd_joinpoint_find(&data.rows, &options, one, NULL), NRD_OK);
    for (int threads = 2; threads <= 8; threads += 3) {
        options.threads = threads;
        assert_int_equal(nrd_joinpoint_find(&data.rows, &options, other, NULL), NRD_OK);
        assert_memory_equal(one, other, sizeof one);
    }
    for (size_t i = 0; i < MANY; i++) {
        const uint64_t rows[2] = {0, data.series_rows[i + 1] - data.series_rows[i]};
        const nrd_joinpoint_rows alone = {data.time + data.series_rows[i],
            data.value + data.series_rows[i], NULL, rows, 1};

        options.first = i;
        assert_int_equal(nrd_joinpoint_find(&alone, &options, other, NULL), NRD_OK);
        assert_memory_equal(&one[i], other, sizeof *other);
    }
}

static void
rows_say_what_can_be_told(void **state)
{
    nrd_joinpoint_options options = usual;
    nrd_joinpoint found[MANY];
    crowd data;

    (void) state;
    crowd_make(&data);
    options.rule = NRD_JOINPOINT_BIC;
    options.most = 3;
    assert_int_equal(nrd_joinpoint_find(&data.rows, &options, found, NULL), NRD_OK);
    for (size_t i = 0; i < 13; i++) {
        const size_t n = i + 1;
        const nrd_joinpoint_state wanted = n < 3   ? NRD_JOINPOINT_NO_LINE
                                           : n < 7 ? NRD_JOINPOINT_FEW
                                                   : NRD_JOINPOINT_TOLD;

        assert_int_equal(found[i].n, n);
        assert_int_equal(found[i].state, wanted);
        assert_int_equal(found[i].most, n < 7 ? 0 : n < 12 ? 1 : 2);
        assert_int_equal(isnan(found[i].slope[0]), n < 3);
        assert_int_equal(isnan(found[i].bic[1]), n < 7);
        assert_true(isnan(found[i].p[0]));
        /* One degree of freedom is enough for bounds of a line. */
        assert_int_equal(isnan(found[i].slope_low[0]), n < 3);
    }
    options.rule = NRD_JOINPOINT_GIVEN;
    assert_int_equal(nrd_joinpoint_find(&data.rows, &options, found, NULL), NRD_OK);
    for (size_t i = 0; i < 13; i++) {
        assert_int_equal(found[i].joints, i < 4 ? 0 : i < 6 ? 1 : i < 8 ? 2 : 3);
    }
}

/* Values times a number, times moved: all moves along, and p stays. */
static void
units_do_not_matter(void **state)
{
    nrd_joinpoint_options options = usual;
    nrd_joinpoint one[MANY], other[MANY];
    crowd data;

    (void) state;
    crowd_make(&data);
    options.rule = NRD_JOINPOINT_PERMUTATION;
    options.between = 1;
    assert_int_equal(nrd_joinpoint_find(&data.rows, &options, one, NULL), NRD_OK);
    for (size_t r = 0; r < data.series_rows[MANY]; r++) {
        data.time[r] -= 2000.0;
        data.value[r] *= 4.0;
    }
    assert_int_equal(nrd_joinpoint_find(&data.rows, &options, other, NULL), NRD_OK);
    for (size_t i = 2; i < MANY; i++) {
        assert_int_equal(one[i].joints, other[i].joints);
        assert_close(other[i].p[0], one[i].p[0], 1e-12);
        if (one[i].n < 3) {
            continue;
        }
        for (int j = 0; j <= one[i].joints; j++) {
            assert_close(other[i].slope[j], 4.0 * one[i].slope[j], 1e-10);
            assert_close(other[i].slope_low[j], 4.0 * one[i].slope_low[j], 1e-9);
        }
        for (int j = 0; j < one[i].joints; j++) {
            assert_close(other[i].joint[j] + 2000.0, one[i].joint[j], 1e-13);
        }
    }
}

static void
lines_without_scatter_have_no_bounds(void **state)
{
    toy data = {.time = {1, 2, 3, 4, 5, 6, 7, 8}, .series_rows = {0, 8}};
    nrd_joinpoint found;

    (void) state;
    data.rows = (nrd_joinpoint_rows){data.time, data.value, NULL, data.series_rows, 1};
    for (size_t i = 0; i < 8; i++) {
        data.value[i] = 20.3 - 1.1 * data.time[i] + (i > 3 ? 0.7 * (double) (i - 3) : 0.0);
    }
    found = found_with(&data, &usual);
    assert_int_equal(found.state, NRD_JOINPOINT_EXACT);
    assert_int_equal(found.joints, 1);
    assert_close(found.joint[0], 4.0, 1e-14);
    assert_close(found.slope[1], -0.4, 1e-13);
    assert_true(isnan(found.slope_low[0]) && isnan(found.joint_low[0]));
    for (size_t i = 0; i < 8; i++) {
        data.value[i] = 4.7;
    }
    found = found_with(&data, &usual);
    assert_int_equal(found.state, NRD_JOINPOINT_EXACT);
    assert_int_equal(found.joints, 0);
    data.value[3] = (double) INFINITY;
    assert_int_equal(found_with(&data, &usual).state, NRD_JOINPOINT_NOT_FINITE);
    data.value[3] = (double) NAN;
    assert_int_equal(found_with(&data, &usual).state, NRD_JOINPOINT_NOT_FINITE);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(best_lines_match_enumeration),
        cmocka_unit_test(joints_between_rows_match_segmented),
        cmocka_unit_test(permutations_match_all_orders),
        cmocka_unit_test(tests_go_on_by_their_rule),
        cmocka_unit_test(threads_and_batches_change_nothing),
        cmocka_unit_test(rows_say_what_can_be_told),
        cmocka_unit_test(units_do_not_matter),
        cmocka_unit_test(lines_without_scatter_have_no_bounds),
    };

    return cmocka_run_group_tests_name("joinpoint", tests, NULL, NULL);
}
