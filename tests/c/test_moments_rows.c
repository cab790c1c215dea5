#define _XOPEN_SOURCE 700 /* setitimer */

#include <signal.h>
#include <sys/time.h>
#include <time.h>

#include "moments_toy.h"

#define ROWS 70001
#define BLOCK 2048

/* Which failure is met first, and what it says. */
typedef struct {
    nrd_status status;
    size_t row;
    const char *found;
} expectation;

/* Two columns, a weight and a group, which a test may damage. */
typedef struct {
    double x[ROWS], y[ROWS], weight[ROWS];
    int64_t group[ROWS];
    nrd_column columns[2], weight_column, group_column;
    toy_rows rows;
} toy_table;

static toy_table table;

static void
fill_table(size_t n, nrd_weights weights, size_t groups)
{
    uint64_t seed = 36;

    for (size_t i = 0; i < ROWS; i++) {
        table.x[i] = next_double(&seed, -20, 20);
        table.y[i] = next_double(&seed, -3, 3);
        table.weight[i] = (double) (i % 5);
        table.group[i] = (int64_t) (i % groups);
    }
    table.x[3] = (double) NAN; /* not counted by a call that fails */
    table.columns[0] = (nrd_column){NRD_TYPE_FLOAT64, n, 0, table.x, NULL};
    table.columns[1] = (nrd_column){NRD_TYPE_FLOAT64, n, 0, table.y, NULL};
    table.weight_column = (nrd_column){NRD_TYPE_FLOAT64, n, 0, table.weight, NULL};
    table.group_column = (nrd_column){NRD_TYPE_INT64, n, 0, table.group, NULL};
    table.rows = toy_of(n, table.x, table.y);
    table.rows.weights = weights;
    table.rows.groups = groups;
    table.rows.weight = weights != NRD_WEIGHTS_NONE ? table.weight : NULL;
    table.rows.group = groups > 1 ? table.group : NULL;
}

/* Give the table to a state as its kind wants it. */
static nrd_status
add_table(nrd_moments *moments, int threads, nrd_error *err)
{
    return nrd_moments_update(moments, table.columns, 2,
        table.rows.groups > 1 ? &table.group_column : NULL, 0,
        table.rows.weight != NULL ? &table.weight_column : NULL, threads, NULL, err);
}

/* The update fails as expected with any number of threads, and the bytes stay. */
static void
assert_refused(nrd_moments *moments, const expectation *expected)
{
    size_t length, after;
    uint8_t *bytes = toy_bytes(moments, &length), *found;

    for (int threads = 1; threads <= 3; threads += 2) {
        nrd_error err = {NRD_OK, 0, ""};

        assert_int_equal(add_table(moments, threads, &err), expected->status);
        assert_error(&err, expected->status, expected->row, expected->found);
    }
    assert_int_equal(add_table(moments, 1, NULL), expected->status);
    found = toy_bytes(moments, &after);
    assert_int_equal(after, length);
    assert_memory_equal(found, bytes, length);
    free(found);
    free(bytes);
}

/* A value that cannot be taken, in one row and in a later one: the first is named. */
static void
assert_value_refused(double *at, double value, size_t row, const expectation *expected)
{
    nrd_moments *moments = toy_new(&table.rows);
    const double before = at[row], last = at[ROWS - 1];

    toy_add(moments, &table.rows, 0, 100, 1);
    at[row] = at[ROWS - 1] = value;
    assert_refused(moments, expected);
    at[row] = before;
    at[ROWS - 1] = last;
    nrd_moments_free(moments);
}

static void
first_infinity_is_named(void **state)
{
    static const size_t rows[] = {0, BLOCK - 1, BLOCK, 32768, ROWS - 1};

    (void) state;
    for (int kind = NRD_WEIGHTS_NONE; kind <= NRD_WEIGHTS_PRECISION; kind += 2) {
        for (size_t groups = 1; groups <= 3; groups += 2) {
            fill_table(ROWS, (nrd_weights) kind, groups);
            for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++) {
                const expectation x = {NRD_E_DOMAIN, rows[k], "column 0"},
                                  y = {NRD_E_DOMAIN, rows[k], "column 1"};

                assert_value_refused(table.x, (double) INFINITY, rows[k], &x);
                assert_value_refused(table.y, -(double) INFINITY, rows[k], &y);
            }
        }
    }
}

static void
first_wrong_weight_is_named(void **state)
{
    static const struct {
        nrd_weights kind;
        double weight;
        const char *found;
    } wrong[] = {
        {NRD_WEIGHTS_FREQUENCY, -1.0, "-1"},
        {NRD_WEIGHTS_FREQUENCY, 2.5, "2.5"},
        {NRD_WEIGHTS_FREQUENCY, 0x1p-1074, "4.94"},
        {NRD_WEIGHTS_FREQUENCY, 0x1p54, "18014398509481984"},
        {NRD_WEIGHTS_FREQUENCY, INFINITY, "inf"},
        {NRD_WEIGHTS_PROBABILITY, -0x1p-1074, "-4.94"},
        {NRD_WEIGHTS_PROBABILITY, INFINITY, "inf"},
        {NRD_WEIGHTS_PRECISION, -2.385, "-2.38"},
        {NRD_WEIGHTS_PRECISION, -INFINITY, "-inf"},
    };

    (void) state;
    for (size_t k = 0; k < sizeof wrong / sizeof wrong[0]; k++) {
        const size_t row = 20000 + 5000 * k;
        const expectation expected = {NRD_E_DOMAIN, row, wrong[k].found};

        fill_table(ROWS, wrong[k].kind, 1 + k % 2);
        assert_value_refused(table.weight, wrong[k].weight, row, &expected);
    }
}

static void
first_wrong_group_is_named(void **state)
{
    static const int64_t wrong[] = {3, -1, INT64_MAX, INT64_MIN};

    (void) state;
    fill_table(ROWS, NRD_WEIGHTS_NONE, 3);
    for (size_t k = 0; k < 4; k++) {
        const size_t row = 17 + 17000 * k;
        char name[32];
        const expectation expected = {NRD_E_UNKNOWN, row, name};
        nrd_moments *moments = toy_new(&table.rows);

        (void) snprintf(name, sizeof name, "%lld", (long long) wrong[k]);
        toy_add(moments, &table.rows, 0, 10, 1);
        table.group[row] = table.group[ROWS - 1] = wrong[k];
        assert_refused(moments, &expected);
        table.group[row] = (int64_t) (row % 3);
        nrd_moments_free(moments);
    }
}

static void
first_that_is_no_decimal_is_named(void **state)
{
    const int32_t decimals[] = {2, -1};
    const double wrong[] = {2.385, 0.1 + 0.2, 0x1p51, 1e300, 0x1p-1074};

    (void) state;
    fill_table(ROWS, NRD_WEIGHTS_NONE, 1);
    for (size_t i = 0; i < ROWS; i++) {
        table.x[i] = (double) ((int) i - 35000) / 100.0;
    }
    table.rows.decimals = decimals;
    for (size_t k = 0; k < sizeof wrong / sizeof wrong[0]; k++) {
        const expectation expected = {NRD_E_DOMAIN, 13000 * k, "2 decimals"};

        assert_value_refused(table.x, wrong[k], 13000 * k, &expected);
    }
}

/* One after another in the order of the documentation: each is met before the next. */
static void
arguments_are_checked(void **state)
{
    const nrd_weights weights = NRD_WEIGHTS_PROBABILITY;
    const expectation null = {NRD_E_NULL, NRD_NO_ROW, ""},
                      type = {NRD_E_TYPE, NRD_NO_ROW, ""},
                      size = {NRD_E_SIZE, NRD_NO_ROW, ""};
    nrd_moments *moments;
    nrd_error err;

    (void) state;
    fill_table(100, weights, 3);
    moments = toy_state(&table.rows);
    assert_int_equal(
        nrd_moments_update(NULL, table.columns, 2, NULL, 0, NULL, 1, NULL, &err),
        NRD_E_NULL);
    assert_error(&err, NRD_E_NULL, NRD_NO_ROW, "");
    assert_int_equal(
        nrd_moments_update(moments, NULL, 2, NULL, 0, NULL, 1, NULL, &err), NRD_E_NULL);
    for (size_t n = 0; n <= 3; n += n == 1 ? 2 : 1) {
        assert_int_equal(nrd_moments_update(moments, table.columns, n, &table.group_column,
                             0, &table.weight_column, 1, NULL, &err),
            NRD_E_SIZE);
        assert_error(&err, NRD_E_SIZE, NRD_NO_ROW, "expected 2");
    }
    table.columns[1].type = NRD_TYPE_INT64;
    assert_refused(moments, &type);
    table.columns[1] = (nrd_column){NRD_TYPE_FLOAT64, 99, 0, table.y, NULL};
    assert_refused(moments, &size);
    table.columns[1] = (nrd_column){NRD_TYPE_FLOAT64, 100, 0, NULL, NULL};
    assert_refused(moments, &null);
    table.columns[1].values = table.y;
    table.weight_column.type = NRD_TYPE_INT32;
    assert_refused(moments, &type);
    table.weight_column = (nrd_column){NRD_TYPE_FLOAT64, 101, 0, table.weight, NULL};
    assert_refused(moments, &size);
    table.weight_column.length = 100;
    table.group_column.type = NRD_TYPE_INT8;
    assert_refused(moments, &type);
    table.group_column = (nrd_column){NRD_TYPE_INT32, 7, 0, table.group, NULL};
    assert_refused(moments, &size);
    table.group_column = (nrd_column){NRD_TYPE_INT64, 100, 0, NULL, NULL};
    assert_refused(moments, &null);
    table.rows.groups = 1; /* groups are wanted and not given */
    assert_refused(moments, &null);
    nrd_moments_free(moments);
}

static void
weights_are_given_where_they_are_wanted(void **state)
{
    const expectation missing = {NRD_E_NULL, NRD_NO_ROW, "missing"},
                      given = {NRD_E_NULL, NRD_NO_ROW, "given"};
    nrd_moments *moments;

    (void) state;
    fill_table(100, NRD_WEIGHTS_PRECISION, 1);
    moments = toy_state(&table.rows);
    table.rows.weight = NULL;
    assert_refused(moments, &missing);
    nrd_moments_free(moments);
    fill_table(100, NRD_WEIGHTS_NONE, 1);
    moments = toy_state(&table.rows);
    table.rows.weight = table.weight;
    assert_refused(moments, &given);
    nrd_moments_free(moments);
}

static void
a_call_can_be_stopped(void **state)
{
    const int stop = 1, go = 0;

    (void) state;
    for (size_t groups = 1; groups <= 3; groups += 2) {
        nrd_moments *moments, *expected;
        const nrd_column *group = groups > 1 ? &table.group_column : NULL;

        fill_table(ROWS, NRD_WEIGHTS_NONE, groups);
        moments = toy_part(&table.rows, 0, 10);
        expected = toy_part(&table.rows, 0, 10);
        for (int threads = 1; threads <= 3; threads++) {
            nrd_error err;

            assert_int_equal(nrd_moments_update(moments, table.columns, 2, group, 0, NULL,
                                 threads, &stop, &err),
                NRD_E_CANCELLED);
            assert_error(&err, NRD_E_CANCELLED, NRD_NO_ROW, "stop");
            assert_same_state(moments, expected, "stopped");
        }
        assert_int_equal(
            nrd_moments_update(moments, table.columns, 2, group, 0, NULL, 3, &go, NULL),
            NRD_OK);
        toy_add(expected, &table.rows, 0, ROWS, 1);
        assert_same_then_free(moments, expected, "not stopped");
        nrd_moments_free(expected);
    }
}

static int stopped;

static void
stop_now(int number)
{
    (void) number;
    __atomic_store_n(&stopped, 1, __ATOMIC_RELAXED);
}

static void
stop_after(double seconds)
{
    const struct itimerval timer = {{0, 0}, {0, (suseconds_t) (1e6 * seconds)}};

    assert_int_equal(setitimer(ITIMER_REAL, &timer, NULL), 0);
}

/* Stopped at any moment, a call has added all of its rows or none, to a state with rows and
 * to one without. */
static void
a_call_stopped_on_its_way_changes_nothing(void **state)
{
    enum { TIMES = 10 };
    struct sigaction action, before;
    clock_t start = clock();
    double seconds;

    (void) state;
    fill_table(ROWS, NRD_WEIGHTS_FREQUENCY, 3);
    nrd_moments_free(toy_state(&table.rows));
    seconds = fmin(0.5, (double) (clock() - start) / CLOCKS_PER_SEC);
    memset(&action, 0, sizeof action);
    action.sa_handler = stop_now;
    assert_int_equal(sigaction(SIGALRM, &action, &before), 0);
    for (size_t k = 0; k < 2 * TIMES; k++) {
        nrd_moments *moments = toy_part(&table.rows, 0, k % 2 * 100);
        nrd_moments *expected = toy_part(&table.rows, 0, k % 2 * 100);
        nrd_status status;

        stopped = 0;
        stop_after(seconds * (double) (k / 2 + 1) / TIMES);
        status = nrd_moments_update(moments, table.columns, 2, &table.group_column, 0,
            &table.weight_column, 1 + (int) (k / 2 % 2), &stopped, NULL);
        stop_after(0.0);
        if (status == NRD_OK) {
            toy_add(expected, &table.rows, 0, ROWS, 1);
        } else {
            assert_int_equal(status, NRD_E_CANCELLED);
        }
        assert_same_then_free(moments, expected, "stopped on its way");
        nrd_moments_free(expected);
    }
    assert_int_equal(sigaction(SIGALRM, &before, NULL), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_infinity_is_named),
        cmocka_unit_test(first_wrong_weight_is_named),
        cmocka_unit_test(first_wrong_group_is_named),
        cmocka_unit_test(first_that_is_no_decimal_is_named),
        cmocka_unit_test(arguments_are_checked),
        cmocka_unit_test(weights_are_given_where_they_are_wanted),
        cmocka_unit_test(a_call_can_be_stopped),
        cmocka_unit_test(a_call_stopped_on_its_way_changes_nothing),
    };

    return cmocka_run_group_tests_name("moments_rows", tests, NULL, NULL);
}
