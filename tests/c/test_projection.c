#include "projection_toy.h"

#define ROWS 16
#define TIMES 3

typedef struct {
    double time[ROWS], value[ROWS], future[TIMES], target, by;
    int32_t standard[ROWS];
    uint64_t series_rows[2];
    nrd_projection_rows rows;
    nrd_projection_options options;
} toy;

typedef struct {
    nrd_projection_point point[TIMES];
    nrd_projection one;
} answer;

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
    memset(out, 0, sizeof *out);
    out->series_rows[1] = numbers(item, "time", out->time);
    (void) numbers(item, "value", out->value);
    out->options.times = numbers(item, "future", out->future);
    out->target = ref_at(item, "target", 0);
    out->by = ref_at(item, "by", 0);
    out->rows = (nrd_projection_rows){.time = out->time,
        .value = out->value,
        .series_rows = out->series_rows,
        .series = 1,
        .full = 100.0};
    out->options.target = &out->target;
    out->options.by = &out->by;
    out->options.time = out->future;
    out->options.level = ref_at(item, "level", 0);
}

static void
toy_line(toy *out, size_t n)
{
    static const double error[ROWS] = {0.4, -0.7, 0.2, 1.1, -0.9, -0.3, 0.8, 0.1, -0.6, 0.5,
        -0.2, 0.3, -1.0, 0.9, -0.1, 0.6};

    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < n; i++) {
        out->time[i] = 2010.0 + (double) i;
        out->value[i] = 31.0 - 2.1 * (double) i + error[i];
    }
    out->series_rows[1] = n;
    out->target = 5.0;
    out->by = 2030.0;
    out->future[0] = 2027.0;
    out->rows =
        (nrd_projection_rows){out->time, out->value, NULL, out->series_rows, 1, 0, 100.0};
    out->options = (nrd_projection_options){.target = &out->target,
        .by = &out->by,
        .time = out->future,
        .times = 1,
        .level = 0.95};
}

static answer
answered(const toy *in)
{
    answer out;

    assert_int_equal(
        nrd_projection_find(&in->rows, &in->options, out.point, &out.one, NULL), NRD_OK);
    return out;
}

/* Null stands for a time that never comes. */
static void
compare_time(double found, double wanted)
{
    if (isnan(wanted)) {
        assert_true(found == (double) INFINITY);
    } else {
        assert_close(found, wanted, 1e-11);
    }
}

static void
compare_case(const cJSON *item)
{
    toy data;
    answer found;

    toy_read(item, &data);
    data.rows.scale = (nrd_projection_scale) ref_at(item, "scale", 0);
    data.options.at_least = (int) ref_at(item, "at_least", 0);
    for (size_t i = 0; i < data.series_rows[1]; i++) {
        data.standard[i] = (int32_t) ref_at(item, "standard", i);
    }
    data.rows.standard = data.standard;
    found = answered(&data);
    assert_in_range(found.one.state, 0, NRD_PROJECTION_MET);
    assert_close(found.one.df, ref_at(item, "df", 0), 0.0);
    assert_close(found.one.slope, ref_at(item, "slope", 0), 1e-10);
    assert_close(found.one.sigma, ref_at(item, "sigma", 0), 1e-10);
    for (size_t j = 0; j < TIMES; j++) {
        assert_close(found.point[j].estimate, ref_at(item, "estimate", j), 1e-9);
        assert_close(found.point[j].low, ref_at(item, "low", j), 1e-8);
        assert_close(found.point[j].high, ref_at(item, "high", j), 1e-8);
        assert_close(found.point[j].probability, ref_at(item, "probability", j), 1e-7);
    }
    compare_time(found.one.reach_low, ref_at(item, "reach", 0));
    compare_time(found.one.reach, ref_at(item, "reach", 1));
    compare_time(found.one.reach_high, ref_at(item, "reach", 2));
    assert_close(found.one.probability, ref_at(item, "by_probability", 0), 1e-7);
}

static void
lines_match_statsmodels(void **state)
{
    cJSON *ref = ref_open("projection_cases");
    const cJSON *item;

    (void) state;
    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        compare_case(item);
    }
    cJSON_Delete(ref);
}

/* 4 standard errors of a share of 2^20 replicates. */
static void
assert_share(double found, double wanted)
{
    assert_true(fabs(found - wanted) <= 4.0 * sqrt(wanted * (1.0 - wanted) / 0x1p20));
}

static void
replicates_match_enumeration(void **state)
{
    cJSON *ref = ref_open("projection_cases");
    const cJSON *item = ref_get(ref, "enumerated");
    toy data;
    answer found;

    (void) state;
    toy_read(item, &data);
    data.options.replicates = (uint64_t) 1 << 20;
    data.options.seed = 11;
    found = answered(&data);
    for (size_t j = 0; j < data.options.times; j++) {
        assert_close(found.point[j].low, ref_at(item, "low", j), 2e-3);
        assert_close(found.point[j].high, ref_at(item, "high", j), 2e-3);
        assert_share(found.point[j].probability, ref_at(item, "probability", j));
    }
    assert_share(found.one.probability, ref_at(item, "by_probability", 0));
    assert_close(found.one.reach_low, ref_at(item, "reach", 0), 1e-5);
    assert_close(found.one.reach, ref_at(item, "reach", 1), 1e-5);
    assert_close(found.one.reach_high, ref_at(item, "reach", 2), 1e-5);
    cJSON_Delete(ref);
}

static void
threads_and_batches_change_nothing(void **state)
{
    static crowd one, other;

    (void) state;
    crowd_make(&one);
    crowd_make(&other);
    one.options.threads = 1;
    assert_int_equal(crowd_find(&one, NULL), NRD_OK);
    for (int threads = 2; threads <= 8; threads++) {
        other.options.threads = threads;
        assert_int_equal(crowd_find(&other, NULL), NRD_OK);
        assert_memory_equal(one.out, other.out, sizeof one.out);
        assert_memory_equal(one.point, other.point, sizeof one.point);
    }
    for (size_t i = 0; i < MANY; i += 7) {
        const nrd_projection_rows alone = {one.time + 8 * i, one.value + 8 * i, NULL,
            one.series_rows, 1, NRD_PROJECTION_LOGIT, 100.0};

        one.options.first = i;
        assert_int_equal(
            nrd_projection_find(&alone, &one.options, other.point, other.out, NULL),
            NRD_OK);
        assert_memory_equal(&one.out[i], other.out, sizeof *other.out);
        assert_memory_equal(&one.point[2 * i], other.point, 2 * sizeof *other.point);
    }
    other.options.seed++;
    assert_int_equal(crowd_find(&other, NULL), NRD_OK);
    assert_true(other.point[0].low != one.point[0].low);
}

static void
states_say_what_can_be_told(void **state)
{
    toy data;
    answer found;

    (void) state;
    toy_line(&data, 6);
    assert_int_equal(answered(&data).one.state, NRD_PROJECTION_MADE);
    data.target = 25.0;
    found = answered(&data);
    assert_int_equal(found.one.state, NRD_PROJECTION_MET);
    assert_close(found.one.reach_low, 2015.0, 0.0);
    data.by = 2015.0;
    found = answered(&data);
    assert_int_equal(found.one.state, NRD_PROJECTION_PAST);
    assert_true(isnan(found.one.probability) && isnan(found.one.needed));
    assert_true(isfinite(found.point[0].low));
    data.series_rows[1] = 2;
    found = answered(&data);
    assert_int_equal(found.one.state, NRD_PROJECTION_FEW);
    assert_true(isnan(found.point[0].estimate) && isnan(found.one.slope));
    assert_close(found.one.last_time, 2011.0, 0.0);
    data.series_rows[1] = 0;
    assert_int_equal(answered(&data).one.state, NRD_PROJECTION_FEW);
    toy_line(&data, 5);
    for (size_t i = 0; i < 5; i++) {
        data.time[i] = 2014.0;
    }
    assert_int_equal(answered(&data).one.state, NRD_PROJECTION_TIMES);
    toy_line(&data, 5);
    data.value[2] = (double) INFINITY;
    assert_int_equal(answered(&data).one.state, NRD_PROJECTION_NOT_FINITE);
    data.value[2] = 0.0;
    assert_int_equal(answered(&data).one.state, NRD_PROJECTION_MADE);
    data.rows.scale = NRD_PROJECTION_LOG;
    assert_int_equal(answered(&data).one.state, NRD_PROJECTION_OUTSIDE);
    data.value[2] = 100.0;
    assert_int_equal(answered(&data).one.state, NRD_PROJECTION_MADE);
    data.rows.scale = NRD_PROJECTION_LOGIT;
    assert_int_equal(answered(&data).one.state, NRD_PROJECTION_OUTSIDE);
}

static void
no_scatter_is_no_interval(void **state)
{
    toy data;
    answer found;

    (void) state;
    for (int replicates = 0; replicates < 100; replicates += 99) {
        toy_line(&data, 6);
        data.options.replicates = (uint64_t) replicates;
        for (size_t i = 0; i < 6; i++) {
            data.value[i] = 20.3 - 1.1 * (double) i;
        }
        found = answered(&data);
        assert_int_equal(found.one.state, NRD_PROJECTION_EXACT);
        assert_close(found.point[0].estimate, 20.3 - 1.1 * 17.0, 1e-13);
        assert_true(isnan(found.point[0].low) && isnan(found.one.reach));
        for (size_t i = 0; i < 6; i++) {
            data.value[i] = 0.1;
        }
        found = answered(&data);
        assert_int_equal(found.one.state, NRD_PROJECTION_FLAT);
        assert_true(isnan(found.point[0].estimate));
    }
}

/* Each standard has a level of its own: moving one moves nothing of the other's slope. */
static void
levels_of_standards_do_not_matter(void **state)
{
    toy data;
    answer one, other;

    (void) state;
    for (int replicates = 0; replicates < 100; replicates += 99) {
        toy_line(&data, 9);
        data.options.replicates = (uint64_t) replicates;
        data.rows.standard = data.standard;
        for (size_t i = 4; i < 9; i++) {
            data.standard[i] = 1;
        }
        one = answered(&data);
        for (size_t i = 0; i < 4; i++) {
            data.value[i] -= 16.0;
        }
        other = answered(&data);
        assert_int_equal(one.one.standards, 2);
        assert_close(one.one.df, 6.0, 0.0);
        assert_close(other.one.slope, one.one.slope, 1e-14);
        assert_close(other.point[0].low, one.point[0].low, 1e-12);
        assert_close(other.one.reach_high, one.one.reach_high, 1e-14);
    }
    /* A standard of one figure gives no residual, but a level. */
    data.standard[8] = 2;
    one = answered(&data);
    assert_int_equal(one.one.standards, 3);
    assert_true(isfinite(one.point[0].low));
}

static void
paces_are_those_of_figures(void **state)
{
    toy data;
    answer found;

    (void) state;
    toy_line(&data, 6);
    found = answered(&data);
    assert_close(found.one.past, found.one.slope, 1e-14);
    assert_close(found.one.needed, (5.0 - data.value[5]) / 15.0, 1e-15);
    assert_close(found.one.last_value, data.value[5], 0.0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_match_statsmodels),
        cmocka_unit_test(replicates_match_enumeration),
        cmocka_unit_test(threads_and_batches_change_nothing),
        cmocka_unit_test(states_say_what_can_be_told),
        cmocka_unit_test(no_scatter_is_no_interval),
        cmocka_unit_test(levels_of_standards_do_not_matter),
        cmocka_unit_test(paces_are_those_of_figures),
    };

    return cmocka_run_group_tests_name("projection", tests, NULL, NULL);
}
