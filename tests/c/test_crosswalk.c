#include "support.h"

#include <math.h>

#include <nrd/crosswalk.h>

#include <nrd/exact.h>

#include "exact_block_private.h"
#include "status_private.h"

#define PARTS 8

static size_t
read_list(const cJSON *item, const char *key, double *out)
{
    const size_t n = (size_t) cJSON_GetArraySize(ref_get(item, key));

    assert_in_range(n, 1, PARTS);
    for (size_t i = 0; i < n; i++) {
        out[i] = ref_at(item, key, i);
    }
    return n;
}

/* One target of n parts, each a source of its own. */
static void
apply_one(const nrd_harmonise_rule *rule, const double *share, const double *value,
    const double *other, size_t n, double *low, double *high)
{
    const size_t start[] = {0, n}, source[] = {0, 1, 2, 3, 4, 5, 6, 7};
    const nrd_crosswalk links = {n, 1, start, source, share};
    const int32_t row[] = {0, 1, 2, 3, 4, 5, 6, 7};
    const double *columns[] = {value, other};
    const nrd_panel panel = {n, 1, row, 2, columns, NULL};
    double totals[3];

    assert_int_equal(
        nrd_crosswalk_apply(&links, &panel, rule, 1, 1, NULL, low, &high, totals, NULL),
        NRD_OK);
}

/* Whether printed decimals are divided, and a sum of them rounded twice. */
static int
is_cut(const double *share, size_t n)
{
    int cut = 0;

    for (size_t i = 0; i < n; i++) {
        cut |= share[i] == 0.3 || share[i] == 0.25;
    }
    return cut;
}

static void
rules_match_every_corner(void **state)
{
    cJSON *ref = ref_open("crosswalk_rules");
    const cJSON *item;

    (void) state;
    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        double share[PARTS], value[PARTS], other[PARTS], low, high;
        const nrd_harmonise_rule rule = {(nrd_harmonise_kind) ref_at(item, "kind", 0), 0, 1,
            ref_at(item, "factor", 0), ref_at(item, "factor", 1)};
        const size_t n = read_list(item, "share", share);

        read_list(item, "value", value);
        read_list(item, "other", other);
        apply_one(&rule, share, value, other, n, &low, &high);
        assert_close(low, ref_at(item, "low", 0), 0x1p-51);
        assert_close(high, ref_at(item, "high", 0), 0x1p-51);
        if (rule.kind == NRD_HARMONISE_SUM && !is_cut(share, n)) {
            assert_same(low, ref_at(item, "low", 0), 0);
            assert_same(high, ref_at(item, "high", 0), 0);
        }
    }
    cJSON_Delete(ref);
}

/* Three targets of five sources in two periods: what the example of a reform may look like.
 * Source 2 is divided between targets 0 and 1. */
static const size_t start[] = {0, 2, 4, 6};
static const size_t source[] = {0, 2, 2, 1, 3, 4};
static const double people[] = {10, 11, 20, 21, 30, 31, 40, 41, 50, 51};
static const double met[] = {1, 1, 1, 0, 1, 1, 0, 1, 0, (double) NAN};
static const double *const columns[] = {people, met};
static const char *const names[] = {"people", "met"};
static const int32_t row[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
static const nrd_panel panel = {10, 2, row, 2, columns, names};
static const nrd_harmonise_rule rules[] = {
    {NRD_HARMONISE_SUM, 0, 0, 1, 1},
    {NRD_HARMONISE_ALL, 1, 0, 1, 1},
    {NRD_HARMONISE_SHARE, 1, 0, 9, 20},
};

static void
targets_and_periods_are_laid_out_rule_by_rule(void **state)
{
    const double share[] = {1, 0.25, 0.75, 1, 1, 1};
    const nrd_crosswalk links = {5, 3, start, source, share};
    const double wanted[] = {
        17.5, 18.75, 42.5, 44.25, 90, 92, 1, 1, 1, 0, 0, 0, 1, 1, 1, 1, 0, 0};
    double low[18], high[18], totals[18];
    double *const highs[] = {high, high + 6, high + 12};

    (void) state;
    for (int threads = 1; threads <= 8; threads++) {
        assert_int_equal(nrd_crosswalk_apply(&links, &panel, rules, 3, threads, NULL, low,
                             highs, totals, NULL),
            NRD_OK);
        for (size_t i = 0; i < 18; i++) {
            const int open = i == 17 || i == 11; /* a state is missing in the last one */

            assert_same(low[i], wanted[i], i);
            assert_same(high[i], open ? 1.0 : wanted[i], i);
            assert_same(totals[i], i < 6 ? 150.0 + (double) (i / 3 * 5) : (double) NAN, i);
        }
    }
}

/* Rows in any order, of which one is not there, and 0.1 + 0.2 of printed decimals. */
static void
rows_may_lie_anywhere(void **state)
{
    const double share[] = {1, 0.25, 0.75, 1, 1, 1};
    const nrd_crosswalk links = {5, 3, start, source, share};
    const int32_t turned[] = {9, 8, 7, 6, 5, 4, 3, 2, 1, -1};
    const double land[] = {99, 5.1, 4.2, 4.1, 3.2, 3.1, 2.2, 0.2, 1.2, 0.1};
    const double *const held[] = {land};
    const nrd_panel other = {10, 2, turned, 1, held, NULL};
    /* The parts of a share are rounded before they are in tenths. */
    const double wanted[] = {0.1 + 3.1 / 4, 2.0, 2.525, 4.6, 9.2, (double) NAN};
    double low[6], totals[6];

    (void) state;
    assert_int_equal(
        nrd_crosswalk_apply(&links, &other, rules, 1, 1, NULL, low, NULL, totals, NULL),
        NRD_OK);
    for (size_t i = 0; i < 6; i++) {
        assert_close(low[i], wanted[i], 0x1p-52);
    }
    for (size_t i = 0; i < 3; i++) {
        assert_same(totals[i], 12.6, i);
        assert_true(isnan(totals[3 + i]));
    }
}

/* What is no printed decimal, or has too many digits for a double, is summed as well. */
static void
sums_of_any_numbers_are_exact(void **state)
{
    const size_t begin[] = {0, 4}, parts[] = {0, 1, 2, 3};
    const double whole[] = {1, 1, 1, 1}, half[] = {0.5, 1, 1, 1}, tiny[] = {1e-10, 1, 1, 1};
    const double real[] = {0x1p60, 1.0 / 3.0, -0x1p60, 2.0 / 3.0};
    const double large[] = {0x1p50, 0x1p50 + 1.0, -0x1p50, 3.0};
    const double small[] = {0x1p40, 0x1p40 + 1.0, -0x1p40, 3.0};
    const double *const held[] = {real, large, small};
    const nrd_panel other = {4, 1, row, 3, held, NULL};
    const nrd_harmonise_rule sums[] = {{NRD_HARMONISE_SUM, 0, 0, 1, 1},
        {NRD_HARMONISE_SUM, 1, 0, 1, 1}, {NRD_HARMONISE_SUM, 2, 0, 1, 1}};
    const double *const shares[] = {whole, half, tiny};
    const double wanted[3][3] = {{1.0, 0x1p50 + 4.0, 0x1p40 + 4.0},
        {1.0 - 0x1p59, 0x1p49 + 4.0, 0x1p39 + 4.0},
        {1.0 - 0x1p60 + 1e-10 * 0x1p60, 1e-10 * 0x1p50 + 4.0, 1e-10 * 0x1p40 + 4.0}};
    double low[3], totals[9];

    (void) state;
    for (size_t i = 0; i < 3; i++) {
        const nrd_crosswalk links = {4, 1, begin, parts, shares[i]};

        assert_int_equal(
            nrd_crosswalk_apply(&links, &other, sums, 3, 1, NULL, low, NULL, totals, NULL),
            NRD_OK);
        for (size_t k = 0; k < 3; k++) {
            assert_same(low[k], wanted[i][k], 3 * i + k);
            assert_same(totals[3 * k], wanted[0][k], 3 * i + k);
            assert_same(totals[3 * k + 1], wanted[i][k], 3 * i + k);
        }
    }
}

/* Sums of any doubles, near ties and to nearly nothing, are those without error. */
static void
sums_of_doubles_are_rounded_once(void **state)
{
    enum { UNITS = 4000, PARTS_OF = 5, ROWS = UNITS * PARTS_OF };
    static double value[ROWS], share[ROWS], low[UNITS], totals[3];
    static size_t begin[UNITS + 1], part[ROWS];
    static int32_t place[ROWS];
    const double *const held[] = {value};
    const nrd_panel many = {ROWS, 1, place, 1, held, NULL};
    const nrd_crosswalk links = {ROWS, UNITS, begin, part, share};
    uint64_t bits = 1;

    (void) state;
    for (size_t i = 0; i < ROWS; i++) {
        const size_t kind = i / PARTS_OF % 4, at = i % PARTS_OF;

        bits = bits * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        value[i] = ldexp((double) (int64_t) bits, (int) (bits % 40) - 63);
        share[i] = kind == 1 ? (double) (bits >> 12 | 1) * 0x1p-52 : 1.0;
        if (kind == 2) { /* half a unit in the last place, and a little or nothing */
            const double close[] = {0x1p53, 1.0, i % 3 == 0 ? 0x1p-60 : 0.0, 0.0, 0.0};

            value[i] = close[at];
        } else if (kind == 3 && at > 2) {
            value[i] = at == 3 ? -value[i - 1] : -value[i - 3];
        }
        part[i] = i;
        place[i] = (int32_t) i;
        begin[i / PARTS_OF + 1] = i + 1;
    }
    assert_int_equal(
        nrd_crosswalk_apply(&links, &many, rules, 1, 1, NULL, low, NULL, totals, NULL),
        NRD_OK);
    for (size_t t = 0; t < UNITS; t++) {
        nrd_exact sum;

        nrd_exact_init(&sum);
        for (size_t i = begin[t]; i < begin[t + 1]; i++) {
            nrd_exact_add_product(&sum, share[i], value[i]);
        }
        assert_same(low[t], nrd_exact_round(&sum), t);
    }
}

/* A source that is in no target is in no total. */
static void
a_source_without_a_target_is_left_out(void **state)
{
    const double share[] = {1, 1};
    const size_t begin[] = {0, 2}, parts[] = {0, 3};
    const nrd_crosswalk links = {5, 1, begin, parts, share};
    double low[2], totals[6];

    (void) state;
    assert_int_equal(
        nrd_crosswalk_apply(&links, &panel, rules, 1, 1, NULL, low, NULL, totals, NULL),
        NRD_OK);
    assert_same(low[0], 50.0, 0);
    assert_same(totals[0], 50.0, 0);
    assert_same(totals[3], 52.0, 3);
}

/* Many units, in every kernel: sums in whole numbers, by the definition. */
static void
all_kernels_give_the_sums(void **state)
{
    static const char *const kernels[] = {"plain", "avx2", "avx512"};
    enum { UNITS = 400, AFTER = 90, PERIODS = 11, ROWS = UNITS * PERIODS };
    enum { RULES = 64, CELLS = AFTER * PERIODS }; /* enough for four threads */
    static double land[ROWS], share[UNITS], wanted[CELLS];
    static double low[RULES * CELLS], high[RULES * CELLS], totals[RULES * PERIODS * 3];
    nrd_harmonise_rule sums[RULES];
    double *highs[RULES];
    static double exact[PERIODS];
    static int32_t place[ROWS];
    static size_t begin[AFTER + 1], part[UNITS];
    const double *const held[] = {land};
    const nrd_panel many = {ROWS, PERIODS, place, 1, held, NULL};
    const nrd_crosswalk links = {UNITS, AFTER, begin, part, share};

    (void) state;
    for (size_t r = 0; r < RULES; r++) {
        sums[r] = rules[0];
        highs[r] = r % 3 == 0 ? NULL : high + r * CELLS;
    }
    for (size_t i = 0; i < ROWS; i++) {
        land[i] = (double) (i * 7919 % 10007) / 10.0;
        place[i] = (int32_t) i;
    }
    for (size_t p = 0; p < PERIODS; p++) { /* one unit in another order, one with a gap */
        place[5 * PERIODS + p] = (int32_t) (5 * PERIODS + (p + 4) % PERIODS);
    }
    place[77 * PERIODS + 6] = -1;
    for (size_t i = 0; i < UNITS; i++) {
        part[i] = (i * 7) % UNITS;
        share[i] = i % 40 == 7 ? 0.25 : 1.0;
    }
    for (size_t t = 1; t <= AFTER; t++) {
        begin[t] = UNITS * t / AFTER;
    }
    for (size_t t = 0; t < AFTER; t++) {
        for (size_t p = 0; p < PERIODS; p++) {
            double sum = 0.0;

            exact[p] = t == 0 ? 0.0 : exact[p];
            for (size_t i = begin[t]; i < begin[t + 1]; i++) {
                const int32_t at = place[part[i] * PERIODS + p];

                sum += at < 0 ? (double) NAN : round(10.0 * land[at]) * share[i];
            }
            wanted[t * PERIODS + p] = sum / 10.0;
            exact[p] += sum / 10.0;
        }
    }
    for (size_t k = 0; k < 9; k++) {
        if (nrdi_kernels_force(kernels[k % 3])) {
            assert_int_equal(nrd_crosswalk_apply(&links, &many, sums, RULES, (int) k, NULL,
                                 low, k % 2 == 0 ? highs : NULL, totals, NULL),
                NRD_OK);
            for (size_t i = 0; i < RULES * CELLS; i++) {
                assert_same(low[i], wanted[i % CELLS], i);
                if (k % 2 == 0 && highs[i / CELLS] != NULL) {
                    assert_same(high[i], wanted[i % CELLS], i);
                }
            }
            for (size_t i = 0; i < RULES * PERIODS; i++) {
                const size_t p = i % PERIODS;

                assert_close(totals[3 * i + 1], exact[p], 1e-14);
                assert_true((p == 6) == (isnan(totals[3 * i]) != 0));
            }
        }
    }
    assert_int_equal(nrdi_kernels_force(NULL), 1);
}

static void
a_unit_without_parts_is_missing(void **state)
{
    const size_t none[] = {0, 0};
    const double share[] = {1};
    const nrd_crosswalk links = {5, 1, none, source, share};
    double low[2], high[2], totals[6];
    double *const highs[] = {high};

    (void) state;
    assert_int_equal(
        nrd_crosswalk_apply(&links, &panel, rules, 1, 1, NULL, low, highs, totals, NULL),
        NRD_OK);
    assert_true(isnan(low[0]) && isnan(high[1]));
}

static void
expect_failure(const nrd_crosswalk *links, const nrd_panel *values,
    const nrd_harmonise_rule *rule, nrd_status status, size_t at, const char *found)
{
    double low[6] = {368.0}, high[6], totals[6];
    double *const highs[] = {high};
    nrd_error err;

    assert_int_equal(
        nrd_crosswalk_apply(links, values, rule, 1, 1, NULL, low, highs, totals, &err),
        status);
    assert_error(&err, status, at, found);
    assert_same(low[0], 368.0, 0);
}

static void
bad_links_are_named(void **state)
{
    const double share[] = {1, 0.25, 0.75, 1, 1, 1}, bad_share[] = {1, 1.5, 0.75, 1, 1, 1};
    const double no_share[] = {1, 0.25, 0.0, 1, 1, 1};
    const size_t falling[] = {0, 4, 2, 6}, far[] = {0, 2, 5, 1, 3, 4};
    const nrd_crosswalk fine = {5, 3, start, source, share};
    nrd_crosswalk links = fine;

    (void) state;
    links.start = falling;
    expect_failure(&links, &panel, rules, NRD_E_SIZE, 2, "start is 2");
    links = fine;
    links.source = far;
    expect_failure(&links, &panel, rules, NRD_E_UNKNOWN, 2, "source is 5");
    links = fine;
    links.share = bad_share;
    expect_failure(&links, &panel, rules, NRD_E_DOMAIN, 1, "share is 1.5");
    links.share = no_share;
    expect_failure(&links, &panel, rules, NRD_E_DOMAIN, 2, "share is 0");
    links.share = NULL;
    expect_failure(&links, &panel, rules, NRD_E_NULL, NRD_NO_ROW, "NULL");
    expect_failure(NULL, &panel, rules, NRD_E_NULL, NRD_NO_ROW, "NULL");
}

static void
bad_panels_are_named(void **state)
{
    const double share[] = {1, 0.25, 0.75, 1, 1, 1};
    const nrd_crosswalk links = {5, 3, start, source, share};
    const int32_t far[] = {0, 1, 2, 3, 4, 10, 6, 7, 8, 9}, low[] = {0, -2};
    const double *const missing[] = {people, NULL};
    nrd_panel bad = panel;

    (void) state;
    bad.count = 0;
    expect_failure(&links, &bad, rules, NRD_E_SIZE, NRD_NO_ROW, "0 columns");
    bad = panel;
    bad.periods = 0;
    expect_failure(&links, &bad, rules, NRD_E_SIZE, NRD_NO_ROW, "0 periods");
    bad.periods = SIZE_MAX / 16;
    expect_failure(&links, &bad, rules, NRD_E_SIZE, NRD_NO_ROW, "fewer");
    bad = panel;
    bad.row = far;
    expect_failure(&links, &bad, rules, NRD_E_UNKNOWN, 5, "row is 10");
    bad.row = low;
    expect_failure(&links, &bad, rules, NRD_E_UNKNOWN, 1, "row is -2");
    bad = panel;
    bad.columns = missing;
    expect_failure(&links, &bad, rules, NRD_E_NULL, NRD_NO_ROW, "column 1");
    expect_failure(&links, NULL, rules, NRD_E_NULL, NRD_NO_ROW, "NULL");
}

static void
bad_rules_and_values_are_named(void **state)
{
    const double share[] = {1, 0.25, 0.75, 1, 1, 1};
    const double bad[] = {10, 11, 20, -21, 30, 31, (double) INFINITY, 41, 50, 51};
    const nrd_crosswalk links = {5, 3, start, source, share};
    const double nothing[10] = {0.0};
    const double *const zeros[] = {people, nothing}, *const spoilt[] = {people, bad};
    const double parts[] = {1, 0.5, 0, 0, 0, 0, 0, 0, 0, 0};
    const double *const halves[] = {parts};
    const nrd_panel parted = {10, 2, row, 1, halves, NULL};
    const nrd_panel empty = {10, 2, row, 2, zeros, names},
                    spoiled = {10, 2, row, 2, spoilt, NULL};
    const nrd_harmonise_rule unknown = {(nrd_harmonise_kind) 6, 0, 0, 1, 1};
    const nrd_harmonise_rule far = {NRD_HARMONISE_SUM, 2, 0, 1, 1},
                             other = {NRD_HARMONISE_MEAN, 0, 7, 1, 1};
    const nrd_harmonise_rule factor = {NRD_HARMONISE_SHARE, 1, 0, 3, 2},
                             half = {NRD_HARMONISE_RATE, 0, 0, 0.5, 1};
    const nrd_harmonise_rule sum = {NRD_HARMONISE_SUM, 1, 0, 1, 1},
                             mean = {NRD_HARMONISE_MEAN, 0, 1, 1, 1};
    const nrd_harmonise_rule rate = {NRD_HARMONISE_RATE, 0, 1, 100, 1};
    const nrd_harmonise_rule states = {NRD_HARMONISE_ANY, 0, 0, 1, 1};

    (void) state;
    expect_failure(&links, &panel, &unknown, NRD_E_DOMAIN, 0, "rule is 6");
    expect_failure(&links, &panel, &far, NRD_E_UNKNOWN, 0, "column is 2");
    expect_failure(&links, &panel, &other, NRD_E_UNKNOWN, 0, "column is 7");
    expect_failure(&links, &panel, &factor, NRD_E_DOMAIN, 0, "3 / 2");
    expect_failure(&links, &panel, &half, NRD_E_DOMAIN, 0, "0.5 / 1");
    expect_failure(&links, &spoiled, &sum, NRD_E_DOMAIN, 6, "column 1 is inf");
    expect_failure(&links, &spoiled, &mean, NRD_E_DOMAIN, 3, "column 1 is -21");
    expect_failure(&links, &empty, &rate, NRD_E_DOMAIN, 0, "people is 10 of 0");
    expect_failure(&links, &panel, &states, NRD_E_DOMAIN, 0, "people is 10, expected 0, 1");
    expect_failure(&links, &parted, &states, NRD_E_DOMAIN, 1, "column 0 is 0.5, expected");
}

static void
greatest_values_are_left_out_only_where_they_are_the_least(void **state)
{
    const double share[] = {1, 0.25, 0.75, 1, 1, 1},
                 open[] = {1, (double) NAN, 0.75, 1, 1, 1};
    nrd_crosswalk links = {5, 3, start, source, share};
    double low[6], totals[6];
    nrd_error err;

    (void) state;
    assert_int_equal(
        nrd_crosswalk_apply(&links, &panel, rules, 1, 1, NULL, low, NULL, totals, &err),
        NRD_OK);
    assert_int_equal(
        nrd_crosswalk_apply(&links, &panel, &rules[1], 1, 1, NULL, low, NULL, totals, &err),
        NRD_E_NULL);
    links.share = open;
    assert_int_equal(
        nrd_crosswalk_apply(&links, &panel, rules, 1, 1, NULL, low, NULL, totals, &err),
        NRD_E_NULL);
    assert_error(&err, NRD_E_NULL, 0, "no place for greatest values");
}

static void
a_call_can_be_stopped_and_can_lack_memory(void **state)
{
    const double share[] = {1, 0.25, 0.75, 1, 1, 1};
    const nrd_crosswalk links = {5, 3, start, source, share};
    const int stop = 1;
    double low[18] = {368.0}, high[18], totals[18];
    double *const highs[] = {high, high + 6, high + 12};

    (void) state;
    assert_int_equal(
        nrd_crosswalk_apply(&links, &panel, rules, 3, 1, &stop, low, highs, totals, NULL),
        NRD_E_CANCELLED);
    low[0] = 368.0;
    for (long k = 0; k < 11; k++) {
        nrd_status status;

        nrdi_malloc_fail_after(k);
        status = nrd_crosswalk_apply(
            &links, &panel, rules, 3, 1, NULL, low, highs, totals, NULL);
        nrdi_malloc_fail_after(-1);
        assert_int_equal(status, NRD_E_MEMORY);
    }
    assert_same(low[0], 368.0, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_match_every_corner),
        cmocka_unit_test(targets_and_periods_are_laid_out_rule_by_rule),
        cmocka_unit_test(rows_may_lie_anywhere),
        cmocka_unit_test(sums_of_any_numbers_are_exact),
        cmocka_unit_test(sums_of_doubles_are_rounded_once),
        cmocka_unit_test(a_source_without_a_target_is_left_out),
        cmocka_unit_test(all_kernels_give_the_sums),
        cmocka_unit_test(a_unit_without_parts_is_missing),
        cmocka_unit_test(bad_links_are_named),
        cmocka_unit_test(bad_panels_are_named),
        cmocka_unit_test(bad_rules_and_values_are_named),
        cmocka_unit_test(greatest_values_are_left_out_only_where_they_are_the_least),
        cmocka_unit_test(a_call_can_be_stopped_and_can_lack_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
