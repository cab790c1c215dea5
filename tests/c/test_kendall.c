#include "order_support.h"

#include <nrd/kendall.h>

#include "kendall_private.h"
#include "status_private.h"

#define MOST 9
#define LONG 200

static uint64_t
inversions_of(const int *a, size_t n)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < i; k++) {
            sum += a[k] > a[i];
        }
    }
    return sum;
}

/* The next arrangement in the order of a dictionary; 0 after the last. */
static int
next_arrangement(int *a, size_t n)
{
    size_t i = n - 1, k = n - 1;
    int kept;

    while (i > 0 && a[i - 1] >= a[i]) {
        i--;
    }
    if (i == 0) {
        return 0;
    }
    while (a[k] <= a[i - 1]) {
        k--;
    }
    kept = a[i - 1];
    a[i - 1] = a[k];
    a[k] = kept;
    for (size_t low = i, high = n - 1; low < high; low++, high--) {
        kept = a[low];
        a[low] = a[high];
        a[high] = kept;
    }
    return 1;
}

static void
compare_pattern(const uint32_t *ties, size_t groups)
{
    uint64_t count[MOST * MOST] = {0}, total = 0, sum = 0;
    double at_most[NRD_KENDALL_COUNTS];
    size_t n = 0, length;
    int a[MOST];

    for (size_t g = 0; g < groups; g++) {
        for (uint32_t i = 0; i < ties[g]; i++) {
            a[n++] = (int) g;
        }
    }
    do {
        count[inversions_of(a, n)]++;
        total++;
    } while (next_arrangement(a, n));
    assert_int_equal(nrd_kendall_null(ties, groups, at_most, &length, NULL), NRD_OK);
    for (size_t k = 0; k < length; k++) {
        sum += count[k];
        assert_same(at_most[k], (double) sum / (double) total, k);
    }
    assert_int_equal(sum, total);
}

/* All ways to write `left` as a sum of numbers of at most `most`. */
static size_t
compare_all(uint32_t *ties, size_t groups, uint32_t left, uint32_t most)
{
    size_t found = 0;

    if (left == 0) {
        compare_pattern(ties, groups);
        return 1;
    }
    for (uint32_t t = 1; t <= left && t <= most; t++) {
        ties[groups] = t;
        found += compare_all(ties, groups + 1, left - t, t);
    }
    return found;
}

static void
every_tie_pattern_is_that_of_all_arrangements(void **state)
{
    static const size_t patterns[MOST] = {1, 2, 3, 5, 7, 11, 15, 22, 30};
    uint32_t ties[MOST];

    (void) state;
    for (uint32_t n = 1; n <= MOST; n++) {
        assert_int_equal(compare_all(ties, 0, n, n), patterns[n - 1]);
    }
}

/* 34! is the last factorial that 128 bits hold; the distribution is symmetric. */
static void
the_longest_distribution_is_whole(void **state)
{
    uint32_t ties[NRD_KENDALL_EXACT];
    double at_most[NRD_KENDALL_COUNTS];
    size_t length;

    (void) state;
    for (size_t i = 0; i < NRD_KENDALL_EXACT; i++) {
        ties[i] = 1;
    }
    assert_int_equal(
        nrd_kendall_null(ties, NRD_KENDALL_EXACT, at_most, &length, NULL), NRD_OK);
    assert_int_equal(length, NRD_KENDALL_COUNTS);
    assert_close(at_most[0], 1.0 / 295232799039604140847618609643520000000.0, 1e-15);
    assert_close(at_most[1], 34.0 * at_most[0], 1e-15);
    for (size_t k = 0; k + 1 < length; k++) {
        assert_close(at_most[k] + at_most[length - 2 - k], 1.0, 1e-15);
    }
}

typedef struct {
    int64_t s;
    uint64_t x, y, both;
} counted;

static counted
count_pairs(const double *x, const double *y, size_t n)
{
    counted out = {0};

    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < i; k++) {
            const int in_x = (x[i] > x[k]) - (x[i] < x[k]);
            const int in_y = (y[i] > y[k]) - (y[i] < y[k]);

            out.s += in_x * in_y;
            out.x += in_x == 0;
            out.y += in_y == 0;
            out.both += in_x == 0 && in_y == 0;
        }
    }
    return out;
}

static void
pairs_are_those_of_all_comparisons(void **state)
{
    uint64_t random = 2385;

    (void) state;
    for (size_t n = 2; n <= LONG; n += n < 40 ? 1 : 23) {
        for (uint64_t levels = 1; levels < 1000; levels = levels * 5 + 1) {
            double x[LONG], y[LONG];
            nrd_kendall found;
            counted expected;

            for (size_t i = 0; i < n; i++) {
                x[i] = (double) (next_number(&random) % levels) - 7.0;
                y[i] = (double) (next_number(&random) % (levels + 1)) / 3.0;
            }
            expected = count_pairs(x, y, n);
            assert_int_equal(nrd_kendall_test(x, y, n, 0, &found, NULL), NRD_OK);
            assert_int_equal(found.s, expected.s);
            assert_int_equal(found.tied_x, expected.x);
            assert_int_equal(found.tied_y, expected.y);
            assert_int_equal(found.tied_both, expected.both);
            assert_true(found.p >= 0.0 && found.p <= 1.0);
        }
    }
}

static void
tests_match_scipy(void **state)
{
    cJSON *ref = ref_open("kendall_scipy");
    const cJSON *item;

    (void) state;
    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        const size_t n = (size_t) cJSON_GetArraySize(ref_get(item, "x"));
        double x[LONG], y[LONG];
        nrd_kendall found;

        assert_in_range(n, 2, LONG);
        for (size_t i = 0; i < n; i++) {
            x[i] = ref_at(item, "x", i);
            y[i] = ref_at(item, "y", i);
        }
        assert_int_equal(nrd_kendall_test(x, y, n, 0, &found, NULL), NRD_OK);
        assert_close(found.tau_b, ref_at(item, "tau", 0), 1e-14);
        assert_close(found.p, ref_at(item, "p", 0), 1e-12);
        assert_int_equal(found.exact, (int) ref_at(item, "exact", 0));
    }
    cJSON_Delete(ref);
}

/* Long rows: x as it comes, downwards, all equal. */
static void
long_rows_and_extremes(void **state)
{
    const size_t n = 100000;
    double *x = calloc(2 * n, sizeof *x), *y = x + n;
    nrd_kendall found;

    (void) state;
    for (size_t i = 0; i < n; i++) {
        x[i] = (double) i;
        y[i] = -(double) (i / 2);
    }
    assert_int_equal(nrd_kendall_test(x, y, n, 1, &found, NULL), NRD_OK);
    assert_int_equal(found.s, -(int64_t) (n * (n - 1) / 2 - n / 2));
    assert_int_equal(found.exact, 0);
    assert_int_equal(nrd_kendall_test(x, x, n, 1, &found, NULL), NRD_OK);
    assert_close(found.tau_b, 1.0, 0.0);
    memset(y, 0, n * sizeof *y);
    assert_int_equal(nrd_kendall_test(x, y, n, 1, &found, NULL), NRD_OK);
    assert_true(isnan(found.tau_b));
    assert_close(found.p, 1.0, 0.0);
    assert_close(found.variance, 0.0, 0.0);
    assert_int_equal(nrd_kendall_test(x, y, 5, 1, &found, NULL), NRD_OK);
    assert_close(found.p, 1.0, 0.0);
    assert_close(found.smallest_p, 1.0, 0.0);
    free(x);
}

static void
refuses(void **state)
{
    const double x[3] = {1.0, 2.0, 3.0}, bad[3] = {1.0, (double) NAN, 3.0};
    const uint32_t ties[2] = {2, 0}, many[2] = {34, 1};
    double at_most[NRD_KENDALL_COUNTS];
    nrd_kendall found = {.s = 7};
    nrd_error err;
    size_t length;

    (void) state;
    assert_int_equal(nrd_kendall_test(NULL, x, 3, 0, &found, &err), NRD_E_NULL);
    assert_int_equal(nrd_kendall_test(x, x, 1, 0, &found, &err), NRD_E_SIZE);
    assert_error(&err, NRD_E_SIZE, NRD_NO_ROW, "1 rows");
    assert_int_equal(nrd_kendall_test(x, bad, 3, 0, &found, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, 1, "NaN");
    for (long i = 0; i < 3; i++) {
        nrdi_malloc_fail_after(i);
        assert_int_equal(nrd_kendall_test(x, x, 3, 0, &found, &err), NRD_E_MEMORY);
    }
    nrdi_malloc_fail_after(-1);
    assert_int_equal(found.s, 7);
    assert_int_equal(nrd_kendall_null(ties, 2, at_most, NULL, &err), NRD_E_NULL);
    assert_int_equal(nrd_kendall_null(ties, 2, at_most, &length, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, 1, "0 rows");
    assert_int_equal(nrd_kendall_null(many, 2, at_most, &length, &err), NRD_E_SIZE);
    assert_int_equal(nrd_kendall_null(many, 0, at_most, &length, &err), NRD_E_SIZE);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_tie_pattern_is_that_of_all_arrangements),
        cmocka_unit_test(the_longest_distribution_is_whole),
        cmocka_unit_test(pairs_are_those_of_all_comparisons),
        cmocka_unit_test(tests_match_scipy),
        cmocka_unit_test(long_rows_and_extremes),
        cmocka_unit_test(refuses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
