#include "joinpoint_toy.h"

#include "status_private.h"

static void
a_call_can_be_stopped(void **state)
{
    const int stop = 1;
    nrd_joinpoint_options options = usual;
    nrd_joinpoint found[MANY];
    nrd_error err;
    crowd data;

    (void) state;
    crowd_make(&data);
    options.stop = &stop;
    found[0].n = 99;
    assert_int_equal(
        nrd_joinpoint_find(&data.rows, &options, found, &err), NRD_E_CANCELLED);
    assert_error(&err, NRD_E_CANCELLED, NRD_NO_ROW, "stopped");
    assert_int_equal(found[0].n, 99);
}

static void
memory_may_end(void **state)
{
    nrd_joinpoint_options options = usual;
    nrd_joinpoint found[MANY];
    nrd_status status = NRD_E_MEMORY;
    nrd_error err;
    crowd data;

    (void) state;
    crowd_make(&data);
    options.threads = 1;
    for (long allowed = 0; status != NRD_OK; allowed++) {
        assert_true(allowed < 10);
        nrdi_malloc_fail_after(allowed);
        status = nrd_joinpoint_find(&data.rows, &options, found, &err);
        nrdi_malloc_fail_after(-1);
        if (status != NRD_OK) {
            assert_error(&err, NRD_E_MEMORY, NRD_NO_ROW, "memory");
        }
    }
}

static void
assert_refused(const crowd *data, const nrd_joinpoint_options *options, nrd_status status,
    size_t row, const char *found)
{
    nrd_joinpoint out[MANY];
    nrd_error err;

    assert_int_equal(nrd_joinpoint_find(&data->rows, options, out, &err), status);
    assert_error(&err, status, row, found);
}

static void
options_that_cannot_be_are_refused(void **state)
{
    nrd_joinpoint_options bad[9];
    static const char *const found[9] = {"rule is 3", "between is 2", "most is 4",
        "least is 1", "alpha is 1", "level is 0", "0 permutations", "1048577 perm",
        "most is -1"};
    crowd data;

    (void) state;
    crowd_make(&data);
    for (size_t i = 0; i < 9; i++) {
        bad[i] = usual;
    }
    bad[0].rule = (nrd_joinpoint_rule) 3;
    bad[1].between = 2;
    bad[2].most = 4;
    bad[3].least = 1;
    bad[4].alpha = 1.0;
    bad[5].level = 0.0;
    bad[6].permutations = 0;
    bad[7].permutations = 1048577;
    bad[8].most = -1;
    for (size_t i = 0; i < 9; i++) {
        assert_refused(&data, &bad[i], NRD_E_DOMAIN, NRD_NO_ROW, found[i]);
    }
    assert_int_equal(nrd_joinpoint_find(NULL, &usual, NULL, NULL), NRD_E_NULL);
}

static void
rows_that_cannot_be_are_refused(void **state)
{
    double weight[MANY * 14];
    crowd data;

    (void) state;
    crowd_make(&data);
    for (size_t i = 0; i < MANY * 14; i++) {
        weight[i] = 1.0;
    }
    data.rows.weight = weight;
    weight[9] = 0.0;
    assert_refused(&data, &usual, NRD_E_DOMAIN, 9, "weight is 0");
    data.time[8] = data.time[7];
    assert_refused(&data, &usual, NRD_E_DOMAIN, 8, "time is 2006");
    data.time[2] = (double) NAN;
    assert_refused(&data, &usual, NRD_E_DOMAIN, 2, "nan");
    data.series_rows[1] = 100; /* sizes are looked at first */
    assert_refused(&data, &usual, NRD_E_SIZE, 1, "rise");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_can_be_stopped),
        cmocka_unit_test(memory_may_end),
        cmocka_unit_test(options_that_cannot_be_are_refused),
        cmocka_unit_test(rows_that_cannot_be_are_refused),
    };

    return cmocka_run_group_tests_name("joinpoint arguments", tests, NULL, NULL);
}
