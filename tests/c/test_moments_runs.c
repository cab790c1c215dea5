/* Rows in the order of their groups are added together; one by one, as where groups take
 * turns, they have to leave the same bytes. */
#include "moments_toy.h"

#define GROUPS 5
#define LONGEST 130
#define COLUMNS 9
#define ROWS (GROUPS * LONGEST)

typedef enum { WHOLE, TENTHS, ALIKE, APART, ZEROS, TINY, HUGE_ONES, KINDS } kind;

static double in_order[COLUMNS][ROWS], in_turns[COLUMNS][ROWS];
static int64_t groups[2][ROWS];

static double
value_of(kind which, uint64_t *seed)
{
    const double x = next_double(seed, -2, 2);

    switch (which) {
    case WHOLE: return (double) (long) (1000.0 * x);
    case TENTHS: return (double) (long) (100.0 * x) / 10.0;
    case APART: return next_double(seed, -80, 80);
    case ZEROS: return x < 0.0 ? -0.0 : (double) (long) x;
    case TINY: return ldexp(x, -1070);
    case HUGE_ONES: return ldexp(x, 1020);
    default: return ldexp(x, 5) + 100.0;
    }
}

static void
fill(kind which, size_t columns, size_t length)
{
    uint64_t seed = 7 + (uint64_t) length;

    for (size_t g = 0; g < GROUPS; g++) {
        for (size_t i = 0; i < length; i++) {
            groups[0][g * length + i] = (int64_t) g;
            groups[1][i * GROUPS + g] = (int64_t) g;
            for (size_t c = 0; c < columns; c++) {
                in_order[c][g * length + i] = value_of(which, &seed);
                in_turns[c][i * GROUPS + g] = in_order[c][g * length + i];
            }
        }
    }
}

static nrd_moments *
state_of(double held[][ROWS], const int64_t *group, size_t columns, size_t rows,
    nrd_moments_level level)
{
    nrd_column column[COLUMNS];
    const nrd_column of = {.values = group, .length = rows, .type = NRD_TYPE_INT64};
    nrd_moments *state = NULL;

    for (size_t c = 0; c < columns; c++) {
        column[c] =
            (nrd_column){.values = held[c], .length = rows, .type = NRD_TYPE_FLOAT64};
    }
    assert_int_equal(
        nrd_moments_new(columns, GROUPS, NRD_WEIGHTS_NONE, level, NULL, &state, NULL),
        NRD_OK);
    assert_int_equal(
        nrd_moments_update(state, column, columns, &of, 0, NULL, 1, NULL, NULL), NRD_OK);
    return state;
}

static void
every_level_is_the_same(size_t columns, size_t rows)
{
    for (int level = NRD_MOMENTS_MEANS; level <= NRD_MOMENTS_COVARIANCES; level++) {
        const nrd_moments_level kept = (nrd_moments_level) level;
        nrd_moments *one = state_of(in_order, groups[0], columns, rows, kept);
        nrd_moments *other = state_of(in_turns, groups[1], columns, rows, kept);

        assert_same_state(one, other, "runs");
        nrd_moments_free(one);
        nrd_moments_free(other);
    }
}

static void
runs_leave_the_bytes_of_single_rows(void **state)
{
    static const size_t lengths[] = {1, 2, 3, 4, 5, 10, 31, 32, 33, 63, 64, 65, LONGEST};
    static const size_t widths[] = {1, 2, 3, 8, COLUMNS};

    (void) state;
    for (int which = 0; which < KINDS; which++) {
        for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++) {
            for (size_t w = 0; w < sizeof widths / sizeof *widths; w++) {
                fill((kind) which, widths[w], lengths[l]);
                every_level_is_the_same(widths[w], GROUPS * lengths[l]);
            }
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_leave_the_bytes_of_single_rows),
    };

    return cmocka_run_group_tests_name("moments_runs", tests, NULL, NULL);
}
