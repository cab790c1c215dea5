/* Rows of many stretches and tallies, in each of the ways an update can take them: the
 * exact sum of each group, value by value, is the reference. */
#include "exact_block_private.h"
#include "moments_toy.h"

#define ROWS 200003
#define GROUPS 3
#define FIRST_GROUP (-7)

static double values[ROWS], others[ROWS];
static int64_t groups[ROWS];

/* What a test fills the values with. */
typedef enum { ORDINARY, ALIKE, GROWING, SHRINKING, WIDE, ZEROS, ENORMOUS, KINDS } kind;

static const char *const names[KINDS] = {
    "ordinary", "alike", "growing", "shrinking", "wide", "zeros", "enormous"};

static double
value_of(kind which, size_t i, uint64_t *seed)
{
    const int far = (int) (i / 1500);
    const double x = next_double(seed, -2, 2);

    switch (which) {
    case ALIKE: return 0x1.fffffffffffffp+0;
    case GROWING: return ldexp(x, 6 * far - 400);
    case SHRINKING: return ldexp(x, 400 - 6 * far);
    case WIDE: return next_double(seed, -1000, 900);
    case ZEROS: return i < ROWS / 2 ? 0.0 : -0.0;
    case ENORMOUS: return i % 2 == 0 ? 0x1.fffffffffffffp+1023 : -0x1.fffffffffffffp+1022;
    default: return x;
    }
}

static void
fill(kind which)
{
    uint64_t seed = 41;

    for (size_t i = 0; i < ROWS; i++) {
        values[i] = value_of(which, i, &seed);
        others[i] = next_double(&seed, -5, 5);
        /* The first group takes most rows: more than a tally holds. */
        groups[i] = FIRST_GROUP + (i % 50 == 0 ? (int64_t) (i / 50 % GROUPS) : 0);
    }
}

static nrd_moments *
state_of(size_t columns, size_t n_groups)
{
    nrd_moments *state = NULL;

    assert_int_equal(nrd_moments_new(columns, n_groups, NRD_WEIGHTS_NONE, NRD_MOMENTS_MEANS,
                         NULL, &state, NULL),
        NRD_OK);
    return state;
}

static nrd_status
update(nrd_moments *state, size_t columns, int grouped, int threads, nrd_error *err)
{
    const nrd_column column[] = {{NRD_TYPE_FLOAT64, ROWS, 0, values, NULL},
        {NRD_TYPE_FLOAT64, ROWS, 0, others, NULL}};
    const nrd_column group = {NRD_TYPE_INT64, ROWS, 0, groups, NULL};

    return nrd_moments_update(state, column, columns, grouped ? &group : NULL,
        grouped ? FIRST_GROUP : 0, NULL, threads, NULL, err);
}

static int
same_double(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

/* The same rows a few at a time, too few for the kernels. */
static nrd_moments *
by_the_way_of_few_rows(void)
{
    nrd_moments *state = state_of(1, GROUPS);

    for (size_t i = 0; i < ROWS; i += NRDI_LANES - 1) {
        const size_t left = ROWS - i, n = left < NRDI_LANES ? left : NRDI_LANES - 1;
        const nrd_column column = {NRD_TYPE_FLOAT64, n, i, values, NULL};
        const nrd_column group = {NRD_TYPE_INT64, n, i, groups, NULL};

        assert_int_equal(
            nrd_moments_update(state, &column, 1, &group, FIRST_GROUP, NULL, 1, NULL, NULL),
            NRD_OK);
    }
    return state;
}

static void
all_rows_at_once_are_as_few_at_a_time(void **unused)
{
    (void) unused;
    for (int which = 0; which < KINDS; which++) {
        nrd_moments *few;

        fill((kind) which);
        values[70000] = values[ROWS - 1] = (double) NAN;
        few = by_the_way_of_few_rows();
        for (int threads = 1; threads <= 3; threads++) {
            nrd_moments *state = state_of(1, GROUPS);

            assert_int_equal(update(state, 1, 1, threads, NULL), NRD_OK);
            assert_int_equal(nrd_moments_dropped(state), 2);
            assert_same_then_free(state, few, names[which]);
        }
        nrd_moments_free(few);
    }
}

static void
assert_sums_by_group(const nrd_moments *state, const char *what)
{
    double sums[GROUPS];

    nrd_moments_sum(state, sums);
    for (int g = 0; g < GROUPS; g++) {
        nrd_exact exact;

        nrd_exact_init(&exact);
        for (size_t i = 0; i < ROWS; i++) {
            if (groups[i] == FIRST_GROUP + g && !isnan(values[i])) {
                nrd_exact_add(&exact, values[i]);
            }
        }
        if (!same_double(sums[g], nrd_exact_round(&exact))) {
            fail_msg("%s, group %d: the sum is %a, expected %a", what, g, sums[g],
                nrd_exact_round(&exact));
        }
    }
}

static void
sums_of_groups_are_those_value_by_value(void **unused)
{
    (void) unused;
    for (int which = 0; which < KINDS; which++) {
        nrd_moments *state = state_of(1, GROUPS);

        fill((kind) which);
        assert_int_equal(update(state, 1, 1, 2, NULL), NRD_OK);
        assert_sums_by_group(state, names[which]);
        nrd_moments_free(state);
    }
}

/* Twice the same rows, in one call after the other, as once twice the values. */
static void
second_update_adds_to_the_first(void **unused)
{
    nrd_moments *twice = state_of(1, GROUPS);
    double sums[GROUPS], doubled[GROUPS];

    (void) unused;
    fill(GROWING);
    assert_int_equal(update(twice, 1, 1, 2, NULL), NRD_OK);
    nrd_moments_sum(twice, sums);
    assert_int_equal(update(twice, 1, 1, 1, NULL), NRD_OK);
    nrd_moments_sum(twice, doubled);
    for (int g = 0; g < GROUPS; g++) {
        assert_true(same_double(doubled[g], 2.0 * sums[g]));
    }
    nrd_moments_free(twice);
}

static void
failure_in_a_later_stretch_changes_nothing(void **unused)
{
    nrd_moments *state = state_of(1, GROUPS);
    nrd_error err = {NRD_OK, 0, ""};

    (void) unused;
    fill(ORDINARY);
    assert_int_equal(update(state, 1, 1, 2, NULL), NRD_OK);
    values[150000] = (double) INFINITY;
    assert_int_equal(update(state, 1, 1, 2, &err), NRD_E_DOMAIN);
    assert_int_equal(err.row, 150000);
    fill(ORDINARY);
    assert_sums_by_group(state, "after a failure");
    nrd_moments_free(state);
}

/* A value missing in one column takes the row out of the others too, after the first has
 * been added up. */
static void
columns_of_a_ragged_block_are_taken_back(void **unused)
{
    nrd_moments *state = state_of(2, 1);
    nrd_exact exact;
    double sums[2];

    (void) unused;
    fill(ORDINARY);
    others[123456] = (double) NAN;
    assert_int_equal(update(state, 2, 0, 2, NULL), NRD_OK);
    nrd_exact_init(&exact);
    assert_int_equal(nrd_exact_add_array(&exact, values, ROWS, 1, NULL), NRD_OK);
    nrd_exact_subtract(&exact, values[123456]);
    nrd_moments_sum(state, sums);
    assert_true(same_double(sums[0], nrd_exact_round(&exact)));
    assert_int_equal(nrd_moments_dropped(state), 1);
    nrd_moments_free(state);
}

/* Every kind of processor splits values into the same units. */
static void
kernels_agree(void **unused)
{
    static const char *const kernels[] = {"plain", "avx2", "avx512"};

    (void) unused;
    fill(WIDE);
    for (size_t k = 0; k < 3; k++) {
        nrd_moments *state = state_of(1, GROUPS);

        if (nrdi_kernels_force(kernels[k])) {
            assert_int_equal(update(state, 1, 1, 1, NULL), NRD_OK);
            assert_sums_by_group(state, kernels[k]);
        }
        nrd_moments_free(state);
    }
    assert_int_equal(nrdi_kernels_force(NULL), 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_rows_at_once_are_as_few_at_a_time),
        cmocka_unit_test(sums_of_groups_are_those_value_by_value),
        cmocka_unit_test(second_update_adds_to_the_first),
        cmocka_unit_test(failure_in_a_later_stretch_changes_nothing),
        cmocka_unit_test(columns_of_a_ragged_block_are_taken_back),
        cmocka_unit_test(kernels_agree),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
