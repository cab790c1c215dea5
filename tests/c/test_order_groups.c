#include "order_support.h"

#include <nrd/order_groups.h>

#include "status_private.h"

#define MANY 30000
#define GROUPS 301
#define MOST_P 6
#define FIRST 1000

static const double probabilities[MOST_P] = {0.07, 1.0, 0.5, 0.0, 2.385e-3, 1.0 / 3.0};
static double values[MANY], weights[MANY];
static int32_t codes[MANY];
static uint8_t group_bits[MANY / 8 + 1];

/* Rows of which the first group has more than a third, and some groups none; NaN among the
 * values and weights; where `bits` is not NULL every seventh row has no group. */
static void
fill(int whole_weights)
{
    uint64_t state = 2385;

    memset(group_bits, 0, sizeof group_bits);
    for (size_t i = 0; i < MANY; i++) {
        const size_t group = next_number(&state) % 3 == 0 ? 0 : next_number(&state) % 300;

        codes[i] = (int32_t) (FIRST + (group % 50 == 49 ? group - 1 : group));
        values[i] = ((double) (next_number(&state) % 4001) - 2000.0) / 64.0;
        values[i] = next_number(&state) % 19 == 0 ? (double) NAN : values[i];
        weights[i] = (double) (next_number(&state) % 4);
        weights[i] += whole_weights ? 0.0 : 0.1;
        weights[i] = next_number(&state) % 23 == 0 ? (double) NAN : weights[i];
        if (codes[i] == FIRST + 10 && !isnan(weights[i])) {
            weights[i] = 0.0;
        }
        group_bits[i / 8] |= (uint8_t) ((i % 7 != 0) << (i % 8));
    }
}

/* Columns of all rows, in a place of their own. */
typedef struct {
    nrd_column values, weight, group;
    nrd_group_rows rows;
} table;

static void
set_table(table *out, int weighted, int frequencies, const uint8_t *bits)
{
    out->values = (nrd_column){NRD_TYPE_FLOAT64, MANY, 0, values, NULL};
    out->weight = (nrd_column){NRD_TYPE_FLOAT64, MANY, 0, weights, NULL};
    out->group = (nrd_column){NRD_TYPE_INT32, MANY, 0, codes, bits};
    out->rows = (nrd_group_rows){&out->values, weighted ? &out->weight : NULL, frequencies,
        &out->group, FIRST, GROUPS};
}

/* The values and weights of one group, without missing ones. */
static size_t
rows_of(const table *in, size_t group, double *x, double *w)
{
    size_t n = 0;

    for (size_t i = 0; i < MANY; i++) {
        const int weighted = in->rows.weight != NULL;

        if ((size_t) codes[i] - FIRST == group && !isnan(values[i]) &&
            (!weighted || !isnan(weights[i])) && nrd_column_is_valid(&in->group, i)) {
            x[n] = values[i];
            w[n++] = weights[i];
        }
    }
    return n;
}

/* What the functions of one group give. */
static void
expected_of(const table *in, const double *x, const double *w, size_t n,
    const nrd_quantile_options *options, double *out)
{
    static uint64_t counts[MANY];
    nrd_status status;

    if (in->rows.weight == NULL) {
        status = nrd_order_quantile(x, n, options, out, NULL);
    } else if (in->rows.frequencies != 0) {
        for (size_t i = 0; i < n; i++) {
            counts[i] = (uint64_t) w[i];
        }
        status = nrd_order_quantile_frequency(x, counts, n, options, out, NULL);
    } else {
        status = nrd_order_quantile_weighted(x, w, n, options, out, NULL);
    }
    assert_int_equal(status, NRD_OK);
}

static void
compare_groups(const table *in, const nrd_quantile_options *options, const double *found,
    const uint64_t *n_found)
{
    static double x[MANY], w[MANY];

    for (size_t g = 0; g < GROUPS; g++) {
        double expected[MOST_P];
        const size_t n = rows_of(in, g, x, w);
        const int nothing = n == 0 || (in->rows.weight != NULL && g == 10);

        assert_int_equal(n_found[g], n);
        if (!nothing) {
            expected_of(in, x, w, n, options, expected);
        }
        for (size_t i = 0; i < options->count; i++) {
            const double value = found[g * options->count + i];

            assert_true(
                nothing ? isnan(value) : memcmp(&value, &expected[i], sizeof value) == 0);
        }
    }
}

/* Each group as alone, on any number of threads; and so is the same with codes of 64 bits.
 */
static void
groups_are_as_alone(void **state)
{
    static double found[GROUPS * MOST_P], again[GROUPS * MOST_P];
    static int64_t wide[MANY];
    uint64_t n[GROUPS];
    table in;

    (void) state;
    for (int way = 0; way < 3; way++) {
        fill(way == 1);
        set_table(&in, way > 0, way == 1, way == 1 ? NULL : group_bits);
        for (int type = 1; type <= 9; type++) {
            const nrd_quantile_options options = {type, probabilities, MOST_P};

            if (way == 2 && (type == 3 || type > 5)) {
                continue;
            }
            assert_int_equal(
                nrd_order_quantile_groups(&in.rows, &options, 1, NULL, found, n, NULL),
                NRD_OK);
            compare_groups(&in, &options, found, n);
            assert_int_equal(
                nrd_order_quantile_groups(&in.rows, &options, 8, NULL, again, n, NULL),
                NRD_OK);
            assert_memory_equal(found, again, sizeof found);
        }
        for (size_t i = 0; i < MANY; i++) {
            wide[i] = codes[i];
        }
        in.group.type = NRD_TYPE_INT64;
        in.group.values = wide;
        assert_int_equal(
            nrd_order_quantile_groups(&in.rows,
                &(nrd_quantile_options){5, probabilities, MOST_P}, 2, NULL, found, n, NULL),
            NRD_OK);
        compare_groups(&in, &(nrd_quantile_options){5, probabilities, MOST_P}, found, n);
    }
}

/* Rows without groups are one group; a table without rows has groups without quantiles. */
static void
one_group_and_none(void **state)
{
    const double few[] = {2.385, (double) NAN, 0.1, 7.19};
    const nrd_column column = {NRD_TYPE_FLOAT64, 3, 1, few, NULL};
    const nrd_column whole = {NRD_TYPE_FLOAT64, 2, 2, few, NULL};
    const nrd_column none = {NRD_TYPE_FLOAT64, 0, 0, NULL, NULL};
    nrd_group_rows rows = {&column, NULL, 0, NULL, 0, 2};
    const nrd_quantile_options median = {7, probabilities + 2, 1}, nothing = {7, NULL, 0};
    double found[] = {7.0, 7.0};
    uint64_t n[] = {9, 9};

    (void) state;
    assert_int_equal(
        nrd_order_quantile_groups(&rows, &median, 0, NULL, found, n, NULL), NRD_OK);
    assert_close(found[0], (0.1 + 7.19) / 2.0, 0.0);
    assert_true(isnan(found[1]) && n[0] == 2 && n[1] == 0);
    rows.values = &whole;
    assert_int_equal(
        nrd_order_quantile_groups(&rows, &median, 0, NULL, found, n, NULL), NRD_OK);
    assert_close(found[0], (0.1 + 7.19) / 2.0, 0.0);
    assert_true(isnan(found[1]) && n[0] == 2 && n[1] == 0);
    assert_int_equal(
        nrd_order_quantile_groups(&rows, &nothing, 0, NULL, NULL, n, NULL), NRD_OK);
    rows.values = &none;
    assert_int_equal(
        nrd_order_quantile_groups(&rows, &median, 0, NULL, found, n, NULL), NRD_OK);
    assert_true(isnan(found[0]) && isnan(found[1]) && n[0] == 0 && n[1] == 0);
}

/* Refused, and nothing written. */
static void
assert_refused(
    const nrd_group_rows *rows, int type, nrd_status status, size_t row, const char *words)
{
    const nrd_quantile_options options = {type, probabilities, MOST_P};
    double out[4 * MOST_P];
    uint64_t n[4] = {7, 7, 7, 7};
    nrd_error err;

    out[0] = 2.385;
    assert_int_equal(
        nrd_order_quantile_groups(rows, &options, 2, NULL, out, n, &err), status);
    assert_error(&err, status, row, words);
    assert_true(out[0] == 2.385 && n[0] == 7);
}

static void
rows_are_checked(void **state)
{
    const double x[] = {0.1, (double) NAN, 7.0};
    const double w[][3] = {{1.0, -1.0, 1.0}, {1.0, 0.5, 1.0}, {1.0, 1.0, INFINITY},
        {1.0, 0x1p53 + 2.0, 1.0}, {0x1p51, 1.0, 0x1p51}};
    const int32_t group[] = {-1, 1, 2};
    nrd_column column = {NRD_TYPE_FLOAT64, 3, 0, x, NULL};
    nrd_column weight = {NRD_TYPE_FLOAT64, 3, 0, w[0], NULL};
    nrd_column code = {NRD_TYPE_INT32, 3, 0, group, NULL};
    nrd_group_rows rows = {&column, &weight, 1, NULL, 0, 4};

    (void) state;
    assert_refused(&rows, 7, NRD_E_DOMAIN, 1, "the weight is -1, expected a whole number");
    weight.values = w[1];
    assert_refused(&rows, 7, NRD_E_DOMAIN, 1, "the weight is 0.5");
    weight.values = w[3];
    assert_refused(&rows, 7, NRD_E_DOMAIN, 1, "the weight is 9007199254740994");
    weight.values = w[4];
    assert_refused(&rows, 7, NRD_E_OVERFLOW, 2, "less than 2^52");
    rows.frequencies = 0;
    weight.values = w[2];
    assert_refused(&rows, 5, NRD_E_DOMAIN, 2, "the weight is inf, expected a number");
    assert_refused(&rows, 7, NRD_E_DOMAIN, NRD_NO_ROW, "the type is 7, expected 1, 2");
    rows.weight = NULL;
    assert_refused(&rows, 10, NRD_E_DOMAIN, NRD_NO_ROW, "the type is 10");
    rows.group = &code;
    assert_refused(
        &rows, 7, NRD_E_UNKNOWN, 0, "the group is -1, expected 0 and the 3 after it");
    rows.first_group = -2;
    assert_refused(&rows, 7, NRD_E_UNKNOWN, 2, "the group is 2");
    code.length = 2;
    assert_refused(&rows, 7, NRD_E_SIZE, NRD_NO_ROW, "the group has 2 rows, expected 3");
    code.type = NRD_TYPE_FLOAT64;
    assert_refused(&rows, 7, NRD_E_TYPE, NRD_NO_ROW, "the group is of type float64");
    rows.group = NULL;
    rows.groups = 0;
    assert_refused(&rows, 7, NRD_E_DOMAIN, NRD_NO_ROW, "no groups");
    rows.groups = SIZE_MAX / 16;
    assert_refused(&rows, 7, NRD_E_SIZE, NRD_NO_ROW, "6 probabilities");
    rows.values = NULL;
    assert_refused(&rows, 7, NRD_E_NULL, NRD_NO_ROW, "column");
    assert_refused(NULL, 7, NRD_E_NULL, NRD_NO_ROW, "NULL");
}

static void
stopped_or_without_memory(void **state)
{
    static double found[GROUPS * MOST_P];
    const nrd_quantile_options options = {7, probabilities, MOST_P};
    const int stop = 1;
    uint64_t n[GROUPS] = {7};
    nrd_error err;
    nrd_status status = NRD_E_MEMORY;
    table in;

    (void) state;
    fill(1);
    set_table(&in, 1, 1, NULL);
    found[0] = 2.385;
    assert_int_equal(
        nrd_order_quantile_groups(&in.rows, &options, 2, &stop, found, n, &err),
        NRD_E_CANCELLED);
    assert_error(&err, NRD_E_CANCELLED, NRD_NO_ROW, "stop");
    for (long allowed = 0; status == NRD_E_MEMORY; allowed++) {
        assert_true(found[0] == 2.385 && n[0] == 7 && allowed < 40);
        nrdi_malloc_fail_after(allowed);
        status = nrd_order_quantile_groups(&in.rows, &options, 2, NULL, found, n, &err);
        nrdi_malloc_fail_after(-1);
        assert_true(status == NRD_OK || status == NRD_E_MEMORY);
    }
    compare_groups(&in, &options, found, n);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(groups_are_as_alone),
        cmocka_unit_test(one_group_and_none),
        cmocka_unit_test(rows_are_checked),
        cmocka_unit_test(stopped_or_without_memory),
    };

    return cmocka_run_group_tests_name("order_groups", tests, NULL, NULL);
}
