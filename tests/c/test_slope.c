#include "order_support.h"

#include <nrd/slope.h>

#include "status_private.h"

#define POINTS 700
#define PAIRS (POINTS * (POINTS - 1) / 2)

static double slopes[PAIRS];

static int
compare(const void *a, const void *b)
{
    const double one = *(const double *) a, other = *(const double *) b;

    return (one > other) - (one < other);
}

/* All slopes, sorted; their number. */
static size_t
all_slopes(const double *x, const double *y, size_t n)
{
    size_t count = 0;

    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < i; k++) {
            if (x[i] != x[k]) {
                slopes[count++] = (y[i] - y[k]) / (x[i] - x[k]);
            }
        }
    }
    qsort(slopes, count, sizeof *slopes, compare);
    return count;
}

/* The slopes of some ranks, the first and the last among them, are those among all pairs;
 * `units` in the last place may be between. */
static void
compare_points(const double *x, const double *y, size_t n, double units)
{
    const size_t pairs = all_slopes(x, y, n);
    uint64_t ranks[7], distinct = 0;
    double found[7];

    for (size_t i = 0; i < 7; i++) {
        const uint64_t rank = 1 + (uint64_t) ((double) (pairs - 1) * (double) i / 6.0);

        if (distinct == 0 || rank > ranks[distinct - 1]) {
            ranks[distinct++] = rank;
        }
    }
    assert_int_equal(nrd_slope_select(x, y, n, ranks, distinct, NULL, found, NULL), NRD_OK);
    for (size_t i = 0; i < distinct; i++) {
        assert_close(found[i], slopes[ranks[i] - 1], units * 0x1p-52);
    }
}

static void
random_points(void **state)
{
    uint64_t random = 2385;
    double x[POINTS], y[POINTS];

    (void) state;
    for (size_t n = 2; n <= POINTS; n = n < 20 ? n + 1 : n * 3 / 2) {
        for (size_t i = 0; i < n; i++) {
            x[i] = (double) next_number(&random) / 1e3;
            y[i] = 1e-3 * x[i] + (double) next_number(&random) / 1e9;
        }
        compare_points(x, y, n, 0.0);
        for (size_t i = 0; i < n; i++) {
            x[i] = 1995.0 + (double) i;
            y[i] = 50.0 - 0.07 * (double) i + (double) (next_number(&random) % 1000) / 50.0;
        }
        compare_points(x, y, n, 0.0);
    }
}

/* Few different values of x, of y, or both; points that are there twice. */
static void
tied_points(void **state)
{
    uint64_t random = 7;
    double x[POINTS], y[POINTS];

    (void) state;
    for (uint64_t in_x = 2; in_x <= 1000; in_x *= 6) {
        for (uint64_t in_y = 1; in_y <= 1000; in_y *= 5) {
            for (size_t i = 0; i < POINTS; i++) {
                x[i] = (double) (i < 2 ? i : next_number(&random) % in_x) * 0.7;
                y[i] = (double) (next_number(&random) % in_y) * 0.1;
            }
            compare_points(x, y, POINTS, 4.0);
        }
    }
}

/* Lines: all slopes are one but for rounding; steps; one point far away; a parabola, whose
 * slopes come in whole blocks; tiny steps in x. */
static void
hard_points(void **state)
{
    double x[POINTS], y[POINTS];

    (void) state;
    for (int kind = 0; kind < 7; kind++) {
        for (size_t i = 0; i < POINTS; i++) {
            const double t = (double) i;

            x[i] = kind == 5 ? 1e-12 * t * t : t;
            y[i] = kind == 0   ? t / 3.0
                   : kind == 1 ? floor(t / 100.0)
                   : kind == 2 ? (i == 350 ? 1e15 : 0.0)
                   : kind == 3 ? t * t
                   : kind == 4 ? (i % 2 == 0 ? t : -t)
                   : kind == 5 ? fmod(t, 3.0)
                               : 7.0;
        }
        compare_points(x, y, POINTS, 4.0);
    }
}

static void
refuses(void **state)
{
    const double x[3] = {1.0, 2.0, 3.0}, bad[3] = {1.0, (double) INFINITY, 3.0};
    const double near[3] = {0.0, 1e-300, 3.0}, far[3] = {0.0, 1e9, 1.0};
    const uint64_t ranks[2] = {1, 3}, falling[2] = {2, 2}, beyond[1] = {4};
    double found[2] = {7.0, 7.0};
    const int stop = 1;
    nrd_error err;

    (void) state;
    assert_int_equal(nrd_slope_select(NULL, x, 3, ranks, 2, NULL, found, &err), NRD_E_NULL);
    assert_int_equal(nrd_slope_select(x, x, 1, ranks, 2, NULL, found, &err), NRD_E_SIZE);
    assert_error(&err, NRD_E_SIZE, NRD_NO_ROW, "1 points");
    assert_int_equal(
        nrd_slope_select(x, bad, 3, ranks, 2, NULL, found, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, 1, "inf");
    assert_int_equal(
        nrd_slope_select(x, x, 3, falling, 2, NULL, found, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, 1, "rank is 2");
    assert_int_equal(nrd_slope_select(x, x, 3, beyond, 1, NULL, found, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, 0, "from 1 to 3");
    assert_int_equal(
        nrd_slope_select(near, far, 3, ranks, 2, NULL, found, &err), NRD_E_OVERFLOW);
    for (long i = 0; i < 5; i++) {
        nrdi_malloc_fail_after(i);
        assert_int_equal(
            nrd_slope_select(x, x, 3, ranks, 2, NULL, found, &err), NRD_E_MEMORY);
    }
    nrdi_malloc_fail_after(-1);
    assert_close(found[0], 7.0, 0.0);
    assert_int_equal(nrd_slope_select(x, x, 3, ranks, 2, &stop, found, &err), NRD_OK);
    assert_close(found[1], 1.0, 0.0);
}

static void
stops(void **state)
{
    double x[POINTS], y[POINTS], found[1];
    const uint64_t rank[1] = {1000};
    const int stop = 1;
    nrd_error err;

    (void) state;
    for (size_t i = 0; i < POINTS; i++) {
        x[i] = (double) i;
        y[i] = sin(x[i]);
    }
    assert_int_equal(
        nrd_slope_select(x, y, POINTS, rank, 1, &stop, found, &err), NRD_E_CANCELLED);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_points),
        cmocka_unit_test(tied_points),
        cmocka_unit_test(hard_points),
        cmocka_unit_test(refuses),
        cmocka_unit_test(stops),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
