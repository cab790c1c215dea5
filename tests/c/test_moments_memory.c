#include "exact_block_private.h"
#include "moments_toy.h"
#include "status_private.h"

#define ROWS 50
#define GROUPS 3

/* More calls for memory than any of these functions makes. */
#define MOST 60

static double column_x[ROWS], column_y[ROWS], column_weight[ROWS];
static int64_t column_group[ROWS];
static toy_rows rows;

/* Rows of a way: with groups or without, with weights or without. */
static void
fill(int way, int low, int high)
{
    uint64_t seed = 70;

    for (size_t i = 0; i < ROWS; i++) {
        column_x[i] = next_double(&seed, low, high);
        column_y[i] = next_double(&seed, low, high);
        column_weight[i] = (double) (next_bits(&seed) % 4);
        column_group[i] = (int64_t) (next_bits(&seed) % GROUPS);
    }
    rows = toy_of(ROWS, column_x, column_y);
    rows.groups = way % 2 == 1 ? GROUPS : 1;
    rows.group = way % 2 == 1 ? column_group : NULL;
    rows.weights = way / 2 == 1 ? NRD_WEIGHTS_FREQUENCY : NRD_WEIGHTS_NONE;
    rows.weight = way / 2 == 1 ? column_weight : NULL;
}

/* One call that needs memory, on `into` and another state or its bytes. */
typedef struct {
    nrd_moments *into;
    nrd_moments *other;
    uint8_t *bytes;
    size_t length;
    nrd_moments *made;
} call;

typedef nrd_status (*run_call)(call *own, nrd_error *err);

static nrd_status
run_new(call *own, nrd_error *err)
{
    return nrd_moments_new(
        2, 7, NRD_WEIGHTS_PRECISION, NRD_MOMENTS_COVARIANCES, NULL, &own->made, err);
}

static nrd_status
run_grow(call *own, nrd_error *err)
{
    return nrd_moments_grow(own->into, 7, err);
}

static nrd_status
run_update(call *own, nrd_error *err)
{
    return toy_update(own->into, &rows, 0, rows.n, 1, err);
}

static nrd_status
run_merge(call *own, nrd_error *err)
{
    return nrd_moments_merge(own->into, own->other, NULL, err);
}

static nrd_status
run_read(call *own, nrd_error *err)
{
    return nrd_moments_from_bytes(own->bytes, own->length, &own->made, err);
}

/* Let the call fail at its first request for memory, its second, and so on: nothing has
 * changed each time, until it does not fail. */
static void
assert_survives(run_call run, call *own, const nrd_moments *before)
{
    nrd_status status = NRD_E_MEMORY;
    long k = 0;

    for (; status == NRD_E_MEMORY; k++) {
        nrd_error err = {NRD_OK, 0, ""};

        assert_in_range(k, 0, MOST);
        nrdi_malloc_fail_after(k);
        status = run(own, &err);
        nrdi_malloc_fail_after(-1);
        if (status == NRD_E_MEMORY) {
            assert_error(&err, NRD_E_MEMORY, NRD_NO_ROW, "no memory");
            assert_null(own->made);
            assert_same_state(own->into, before, "without memory");
        }
        if (status == NRD_E_MEMORY && k % 2 == 1) {
            nrdi_malloc_fail_after(k);
            assert_int_equal(run(own, NULL), NRD_E_MEMORY);
            nrdi_malloc_fail_after(-1);
        }
    }
    assert_int_equal(status, NRD_OK);
    assert_true(k > 2);
}

/* Run a call on a state of small numbers, beside one of large numbers; what it makes of the
 * state is what it makes where memory is plenty. */
static void
survive(run_call run, int way)
{
    nrd_moments *before, *expected;
    call own = {NULL, NULL, NULL, 0, NULL};

    fill(way, 500, 600);
    own.other = toy_state(&rows);
    fill(way, -600, -500);
    own.into = toy_state(&rows);
    before = toy_state(&rows);
    own.bytes = toy_bytes(own.other, &own.length);
    fill(way, -900, 900);
    assert_survives(run, &own, before);
    if (run == run_read) {
        assert_same_state(own.made, own.other, "read at last");
    }
    nrd_moments_free(own.made);
    own.made = NULL;
    expected = own.into;
    own.into = before;
    assert_int_equal(run(&own, NULL), NRD_OK);
    assert_same_state(own.into, expected, "done at last");
    nrd_moments_free(own.made);
    nrd_moments_free(own.into);
    nrd_moments_free(own.other);
    nrd_moments_free(expected);
    free(own.bytes);
}

static void
new_survives(void **state)
{
    (void) state;
    survive(run_new, 0);
}

static void
grow_survives(void **state)
{
    (void) state;
    for (int way = 0; way < 4; way++) {
        survive(run_grow, way);
    }
}

static void
update_survives(void **state)
{
    (void) state;
    for (int way = 0; way < 4; way++) {
        survive(run_update, way);
    }
}

static void
merge_survives(void **state)
{
    (void) state;
    survive(run_merge, 1);
    survive(run_merge, 3);
}

static void
reading_survives(void **state)
{
    (void) state;
    for (int way = 0; way < 4; way++) {
        survive(run_read, way);
    }
}

/* Rows of one size after rows of another: nothing of the first is lost where the room for
 * the second could be had and the threads' could not. */
static void
widening_alone_changes_nothing(void **state)
{
    nrd_moments *found, *expected;

    (void) state;
    fill(1, 0, 1);
    found = toy_state(&rows);
    expected = toy_state(&rows);
    fill(1, -1000, 1000);
    for (long k = 0; k < MOST; k++) {
        nrdi_malloc_fail_after(k);
        if (toy_update(found, &rows, 0, ROWS, 1, NULL) == NRD_OK) {
            break;
        }
        nrdi_malloc_fail_after(-1);
        fill(1, 0, 1);
        toy_add(found, &rows, 0, ROWS, 1);
        toy_add(expected, &rows, 0, ROWS, 1);
        assert_same_state(found, expected, "widened");
        fill(1, -1000, 1000);
    }
    nrdi_malloc_fail_after(-1);
    toy_add(expected, &rows, 0, ROWS, 1);
    assert_same_then_free(found, expected, "widened at last");
    nrd_moments_free(expected);
}

/* Means of one column by group make room when a block is larger than those before. */
static void
means_that_grow_survive(void **state)
{
    static double x[4 * NRDI_BLOCK];
    static int64_t group[4 * NRDI_BLOCK];
    toy_rows few = toy_of(NRDI_BLOCK, x, NULL);
    nrd_moments *before;
    call own = {NULL, NULL, NULL, 0, NULL};
    uint64_t seed = 7;

    (void) state;
    for (size_t i = 0; i < 4 * NRDI_BLOCK; i++) {
        const int size = 200 * (int) (i / NRDI_BLOCK) - 400;

        x[i] = next_double(&seed, size, size + 9);
        group[i] = (int64_t) (next_bits(&seed) % GROUPS);
    }
    few.level = NRD_MOMENTS_MEANS;
    few.groups = GROUPS;
    few.group = group;
    own.into = toy_state(&few);
    before = toy_state(&few);
    rows = few;
    rows.n = 4 * NRDI_BLOCK;
    assert_survives(run_update, &own, before);
    toy_add(before, &rows, 0, rows.n, 1);
    assert_same_then_free(own.into, before, "done at last");
    nrd_moments_free(before);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(new_survives),
        cmocka_unit_test(grow_survives),
        cmocka_unit_test(update_survives),
        cmocka_unit_test(merge_survives),
        cmocka_unit_test(reading_survives),
        cmocka_unit_test(widening_alone_changes_nothing),
        cmocka_unit_test(means_that_grow_survive),
    };

    return cmocka_run_group_tests_name("moments_memory", tests, NULL, NULL);
}
