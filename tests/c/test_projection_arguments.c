#include "projection_toy.h"

#include "status_private.h"

static void
a_call_can_be_stopped(void **state)
{
    static crowd data;
    const int stop = 1;
    nrd_error err;

    (void) state;
    crowd_make(&data);
    data.options.stop = &stop;
    data.out[0].n = 99;
    assert_int_equal(crowd_find(&data, &err), NRD_E_CANCELLED);
    assert_error(&err, NRD_E_CANCELLED, NRD_NO_ROW, "stopped");
    assert_int_equal(data.out[0].n, 99);
}

static void
memory_may_end(void **state)
{
    static crowd data;
    nrd_status status = NRD_E_MEMORY;
    nrd_error err;

    (void) state;
    crowd_make(&data);
    data.options.threads = 1;
    data.rows.series = 2;
    for (long allowed = 0; status != NRD_OK; allowed++) {
        assert_true(allowed < 60);
        nrdi_malloc_fail_after(allowed);
        status = crowd_find(&data, &err);
        nrdi_malloc_fail_after(-1);
        if (status != NRD_OK) {
            assert_error(&err, NRD_E_MEMORY, NRD_NO_ROW, "memory");
        }
    }
}

static void
assert_refused(crowd *data, nrd_status status, size_t row, const char *found)
{
    nrd_error err;

    assert_int_equal(crowd_find(data, &err), status);
    assert_error(&err, status, row, found);
    crowd_make(data);
}

static void
what_cannot_be_is_refused(void **state)
{
    static crowd data;

    (void) state;
    crowd_make(&data);
    assert_int_equal(nrd_projection_find(NULL, NULL, NULL, NULL, NULL), NRD_E_NULL);
    data.options.at_least = 2;
    assert_refused(&data, NRD_E_DOMAIN, NRD_NO_ROW, "at_least is 2");
    data.options.level = 1.0;
    assert_refused(&data, NRD_E_DOMAIN, NRD_NO_ROW, "level is 1");
    data.options.replicates = 67108865;
    assert_refused(&data, NRD_E_SIZE, NRD_NO_ROW, "67108865 replicates");
    data.future[1] = (double) NAN;
    assert_refused(&data, NRD_E_DOMAIN, NRD_NO_ROW, "to is nan");
    data.rows.scale = (nrd_projection_scale) 3;
    assert_refused(&data, NRD_E_DOMAIN, NRD_NO_ROW, "scale is 3");
    data.rows.full = 0.0;
    assert_refused(&data, NRD_E_DOMAIN, NRD_NO_ROW, "full is 0");
    data.target[4] = 100.0;
    assert_refused(&data, NRD_E_DOMAIN, 4, "target is 100");
    data.by[3] = (double) INFINITY;
    assert_refused(&data, NRD_E_DOMAIN, 3, "by is inf");
    data.time[9] = 2009.5;
    assert_refused(&data, NRD_E_DOMAIN, 9, "2009.5");
    data.series_rows[2] = 7;
    assert_refused(&data, NRD_E_SIZE, 1, "rise");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_can_be_stopped),
        cmocka_unit_test(memory_may_end),
        cmocka_unit_test(what_cannot_be_is_refused),
    };

    return cmocka_run_group_tests_name("projection arguments", tests, NULL, NULL);
}
