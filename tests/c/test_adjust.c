#include "support.h"

#include <nrd/adjust.h>

#include "status_private.h"

#define TESTS 128

/* Read the p-values of a case, a missing one as NaN. */
static size_t
read_p(const cJSON *item, double *p)
{
    const size_t n = (size_t) cJSON_GetArraySize(ref_get(item, "p"));

    assert_in_range(n, 1, TESTS);
    for (size_t i = 0; i < n; i++) {
        p[i] = ref_at(item, "p", i);
    }
    return n;
}

static void
compare_cases(const char *name, double tolerance)
{
    cJSON *ref = ref_open(name);
    const cJSON *item;

    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        double p[TESTS], adjusted[TESTS];
        const size_t n = read_p(item, p);
        const nrd_adjust_options options = {
            .method = (nrd_adjust_method) ref_at(item, "method", 0),
            .alpha = ref_at(item, "alpha", 0),
        };

        assert_int_equal(nrd_adjust(p, n, &options, adjusted, NULL), NRD_OK);
        for (size_t i = 0; i < n; i++) {
            assert_close(adjusted[i], ref_at(item, "adjusted", i), tolerance);
        }
    }
    cJSON_Delete(ref);
}

static void
methods_match_references(void **state)
{
    (void) state;
    compare_cases("adjust_r", 5e-16);
    compare_cases("adjust_statsmodels", 1e-15);
}

static void
discrete_methods_reject_what_their_definition_does(void **state)
{
    static const char *const names[] = {"up", "down", "adaptive_up", "adaptive_down"};
    cJSON *ref = ref_open("adjust_discrete");
    const cJSON *item;

    (void) state;
    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        double p[TESTS], adjusted[TESTS], values[TESTS];
        uint64_t start[4], list[TESTS];
        const size_t n = read_p(item, p);
        const nrd_supports supports = {values, start, 3, list};

        assert_int_equal(ref_counts(item, "start", start, 4), 4);
        assert_int_equal(ref_counts(item, "list", list, TESTS), n);
        for (size_t i = 0; i < start[3]; i++) {
            values[i] = ref_at(item, "values", i);
        }
        for (size_t k = 0; k < 4; k++) {
            const double alpha = ref_at(item, "alpha", 0);
            const nrd_adjust_options options = {
                .method = (nrd_adjust_method) (NRD_ADJUST_DISCRETE_UP + (int) k),
                .alpha = alpha,
                .supports = &supports,
            };

            assert_int_equal(nrd_adjust(p, n, &options, adjusted, NULL), NRD_OK);
            for (size_t i = 0; i < n; i++) {
                assert_int_equal(adjusted[i] <= alpha, ref_at(item, names[k], i));
            }
        }
    }
    cJSON_Delete(ref);
}

/* Three lists of attainable p-values; the p of each test is in its list. */
static const double support_values[] = {0.125, 0.5, 1.0, 0.25, 1.0, 0.0625, 0.375, 1.0};
static const uint64_t support_start[] = {0, 3, 5, 8};
static const uint64_t support_list[] = {0, 1, 2, 2, 0, 1};
static const nrd_supports supports = {support_values, support_start, 3, support_list};
static const double some_p[] = {0.125, 0.25, 0.0625, 0.375, 0.5, 1.0};

static nrd_adjust_options
options_of(int method)
{
    return (nrd_adjust_options){
        .method = (nrd_adjust_method) method, .alpha = 0.25, .supports = &supports};
}

static void
groups_are_families_of_their_own(void **state)
{
    const int32_t group[] = {1, 0, 1, -1, 0, 1};
    const size_t rows[2][3] = {{1, 4, 4}, {0, 2, 5}};
    const size_t sizes[] = {2, 3};

    (void) state;
    for (int method = 0; method <= NRD_ADJUST_ADAPTIVE_DOWN; method++) {
        nrd_adjust_options options = options_of(method);
        double adjusted[6];

        options.group = group;
        options.groups = 2;
        assert_int_equal(nrd_adjust(some_p, 6, &options, adjusted, NULL), NRD_OK);
        assert_true(isnan(adjusted[3]));
        for (size_t g = 0; g < 2; g++) {
            double p[3], alone[3];
            uint64_t list[3];
            const nrd_supports own = {support_values, support_start, 3, list};
            nrd_adjust_options single = options_of(method);

            single.supports = &own;
            for (size_t i = 0; i < sizes[g]; i++) {
                p[i] = some_p[rows[g][i]];
                list[i] = support_list[rows[g][i]];
            }
            assert_int_equal(nrd_adjust(p, sizes[g], &single, alone, NULL), NRD_OK);
            for (size_t i = 0; i < sizes[g]; i++) {
                assert_same(adjusted[rows[g][i]], alone[i], rows[g][i]);
            }
        }
    }
}

/* The order of the tests changes nothing, and an adjusted p is never below its p. */
static void
order_changes_nothing(void **state)
{
    (void) state;
    for (int method = 0; method <= NRD_ADJUST_ADAPTIVE_DOWN; method++) {
        const nrd_adjust_options options = options_of(method);
        double adjusted[6], p[6], turned[6];
        uint64_t list[6];
        const nrd_supports own = {support_values, support_start, 3, list};
        nrd_adjust_options other = options;

        other.supports = &own;
        for (size_t i = 0; i < 6; i++) {
            p[i] = some_p[5 - i];
            list[i] = support_list[5 - i];
        }
        assert_int_equal(nrd_adjust(some_p, 6, &options, adjusted, NULL), NRD_OK);
        assert_int_equal(nrd_adjust(p, 6, &other, turned, NULL), NRD_OK);
        for (size_t i = 0; i < 6; i++) {
            assert_same(adjusted[i], turned[5 - i], i);
            assert_true(method > NRD_ADJUST_HOMMEL || adjusted[i] >= some_p[i]);
            assert_true(adjusted[i] <= 1.0);
        }
    }
}

static void
tail_keeps_its_digits(void **state)
{
    const double p[] = {1e-300, 0.5};
    nrd_adjust_options options = options_of(NRD_ADJUST_SIDAK);
    double adjusted[2];

    (void) state;
    assert_int_equal(nrd_adjust(p, 2, &options, adjusted, NULL), NRD_OK);
    assert_close(adjusted[0], 2e-300, 1e-15);
    assert_close(adjusted[1], 0.75, 1e-15);
}

static void
attainable_p_may_be_off_by_rounding(void **state)
{
    double p[6], adjusted[6], exact[6];
    const nrd_adjust_options options = options_of(NRD_ADJUST_DISCRETE_DOWN);

    (void) state;
    memcpy(p, some_p, sizeof p);
    p[1] = nextafter(0.25, 1.0);
    p[3] = nextafter(0.375, 0.0);
    assert_int_equal(nrd_adjust(p, 6, &options, adjusted, NULL), NRD_OK);
    assert_int_equal(nrd_adjust(some_p, 6, &options, exact, NULL), NRD_OK);
    assert_memory_equal(adjusted, exact, sizeof exact);
}

static void
bad_p_values_are_refused(void **state)
{
    const double missing[] = {NAN, NAN};
    const nrd_adjust_options options = options_of(NRD_ADJUST_BH);
    double p[6], adjusted[6];
    nrd_error err;

    (void) state;
    assert_int_equal(nrd_adjust(NULL, 6, &options, adjusted, &err), NRD_E_NULL);
    assert_int_equal(nrd_adjust(some_p, 6, NULL, adjusted, &err), NRD_E_NULL);
    assert_int_equal(nrd_adjust(some_p, 6, &options, NULL, NULL), NRD_E_NULL);
    assert_int_equal(nrd_adjust(some_p, 0, &options, adjusted, &err), NRD_E_SIZE);
    assert_int_equal(nrd_adjust(missing, 2, &options, adjusted, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, NRD_NO_ROW, "missing");
    memcpy(p, some_p, sizeof p);
    p[4] = 1.5;
    assert_int_equal(nrd_adjust(p, 6, &options, adjusted, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, 4, "1.5");
    p[4] = -0.25;
    assert_int_equal(nrd_adjust(p, 6, &options, adjusted, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, 4, "-0.25");
}

static void
bad_options_are_refused(void **state)
{
    const int32_t group[] = {0, 0, 2, 0, 0, 0};
    nrd_adjust_options options = options_of(14);
    double adjusted[6];
    nrd_error err;

    (void) state;
    assert_int_equal(nrd_adjust(some_p, 6, &options, adjusted, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, NRD_NO_ROW, "14");
    options = options_of(NRD_ADJUST_TWO_STAGE_BH);
    options.alpha = 1.0;
    assert_int_equal(nrd_adjust(some_p, 6, &options, adjusted, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, NRD_NO_ROW, "alpha");
    options = options_of(NRD_ADJUST_HOLM);
    options.group = group;
    options.groups = 2;
    assert_int_equal(nrd_adjust(some_p, 6, &options, adjusted, &err), NRD_E_UNKNOWN);
    assert_error(&err, NRD_E_UNKNOWN, 2, "2");
}

static void
bad_supports_are_refused(void **state)
{
    const uint64_t list[] = {0, 1, 3, 2, 0, 1}, other[] = {0, 0, 2, 2, 0, 1};
    const double unsorted[] = {0.5, 0.125, 1.0, 0.25, 1.0, 0.0625, 0.375, 1.0};
    nrd_supports own = supports;
    nrd_adjust_options options = options_of(NRD_ADJUST_ADAPTIVE_UP);
    double adjusted[6];
    nrd_error err;

    (void) state;
    options.supports = NULL;
    assert_int_equal(nrd_adjust(some_p, 6, &options, adjusted, &err), NRD_E_NULL);
    options.supports = &own;
    own.list = list;
    assert_int_equal(nrd_adjust(some_p, 6, &options, adjusted, &err), NRD_E_UNKNOWN);
    assert_error(&err, NRD_E_UNKNOWN, 2, "3");
    own.list = other;
    assert_int_equal(nrd_adjust(some_p, 6, &options, adjusted, &err), NRD_E_CONFLICT);
    assert_error(&err, NRD_E_CONFLICT, 1, "0.25");
    own = supports;
    own.values = unsorted;
    assert_int_equal(nrd_adjust(some_p, 6, &options, adjusted, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, NRD_NO_ROW, "0.125");
}

static void
failed_allocations_change_nothing(void **state)
{
    const nrd_adjust_options options = options_of(NRD_ADJUST_ADAPTIVE_UP);
    double adjusted[6] = {-1.0};
    nrd_error err;

    (void) state;
    for (long k = 0; k < 11; k++) {
        nrdi_malloc_fail_after(k);
        assert_int_equal(nrd_adjust(some_p, 6, &options, adjusted, &err), NRD_E_MEMORY);
        assert_true(adjusted[0] == -1.0);
    }
    nrdi_malloc_fail_after(11);
    assert_int_equal(nrd_adjust(some_p, 6, &options, adjusted, &err), NRD_OK);
    nrdi_malloc_fail_after(-1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(methods_match_references),
        cmocka_unit_test(discrete_methods_reject_what_their_definition_does),
        cmocka_unit_test(groups_are_families_of_their_own),
        cmocka_unit_test(order_changes_nothing),
        cmocka_unit_test(tail_keeps_its_digits),
        cmocka_unit_test(attainable_p_may_be_off_by_rounding),
        cmocka_unit_test(bad_p_values_are_refused),
        cmocka_unit_test(bad_options_are_refused),
        cmocka_unit_test(bad_supports_are_refused),
        cmocka_unit_test(failed_allocations_change_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
