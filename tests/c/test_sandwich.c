#include <nrd/sandwich.h>

#include "sandwich_toy.h"
#include "status_private.h"

#define MATRIX (TOY_K * TOY_K)

static void
hc_matches_reference(void **state)
{
    static const char *const kinds[] = {"HC0", "HC1", "HC2", "HC3"};
    cJSON *ref = ref_open("sandwich_cases");
    const cJSON *item;

    (void) state;
    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        toy_regression toy;
        double out[MATRIX], df[TOY_K];

        toy_read(item, &toy);
        for (int kind = 0; kind < 4; kind++) {
            if (cJSON_GetArraySize(ref_get(item, kinds[kind])) > 0) {
                assert_int_equal(
                    nrd_sandwich_hc(&toy.rows, (nrd_hc) kind, 1, out, df, NULL), NRD_OK);
                assert_covariance(out, item, kinds[kind], toy.k, 4e-15);
            }
        }
    }
    cJSON_Delete(ref);
}

static void
clusters_match_reference(void **state)
{
    static const char *const kinds[] = {"CR0", "CR1", "CR1S", "CR2", "CR3"};
    static const char *const dfs[] = {"CR0_df", "CR1_df", "CR1S_df", "CR2_df", "CR3_df"};
    cJSON *ref = ref_open("sandwich_cases");
    const cJSON *item;

    (void) state;
    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        toy_regression toy;
        double out[MATRIX], df[TOY_K];

        toy_read(item, &toy);
        for (int kind = 0; kind < 5; kind++) {
            nrd_cluster_options options = {
                toy.cluster, (nrd_cr) kind, NRD_DF_SATTERTHWAITE};

            assert_int_equal(
                nrd_sandwich_cluster(&toy.rows, &options, 1, out, df, NULL), NRD_OK);
            assert_covariance(out, item, kinds[kind], toy.k, 1e-13);
            for (size_t j = 0; j < toy.k; j++) {
                assert_close(df[j], ref_at(item, dfs[kind], j), 1e-12);
            }
            options.df = NRD_DF_RESIDUAL;
            assert_int_equal(
                nrd_sandwich_cluster(&toy.rows, &options, 1, out, df, NULL), NRD_OK);
            assert_covariance(out, item, kinds[kind], toy.k, 1e-13);
            assert_close(df[0], toy.n == 10 ? 4.0 : 5.0, 0.0);
        }
    }
    cJSON_Delete(ref);
}

static nrd_hac_options
hac_of(const cJSON *item)
{
    return (nrd_hac_options){(nrd_kernel) ref_at(item, "kernel", 0),
        ref_at(item, "bandwidth", 0), (int) ref_at(item, "prewhiten", 0),
        (nrd_hac_adjust) ref_at(item, "adjust", 0), NRD_DF_RESIDUAL};
}

static void
assert_hac(const toy_regression *toy, const cJSON *item)
{
    nrd_hac_options options = hac_of(item);
    double out[MATRIX], df[TOY_K], found;
    const double tolerance = options.prewhiten || isnan(options.bandwidth) ? 1e-12 : 1e-14;

    assert_int_equal(
        nrd_sandwich_hac(&toy->rows, &options, 1, out, df, &found, NULL), NRD_OK);
    assert_close(found, ref_at(item, "found", 0), 1e-12);
    assert_covariance(out, item, "covariance", toy->k, tolerance);
    if (options.prewhiten || isnan(options.bandwidth)) {
        return;
    }
    options.df = NRD_DF_SATTERTHWAITE;
    assert_int_equal(
        nrd_sandwich_hac(&toy->rows, &options, 1, out, df, &found, NULL), NRD_OK);
    assert_covariance(out, item, "covariance", toy->k, tolerance);
    for (size_t j = 0; j < toy->k; j++) {
        assert_close(df[j], ref_at(item, "df", j), 1e-12);
    }
    options.adjust = NRD_HAC_UNBIASED;
    options.df = NRD_DF_RESIDUAL;
    assert_int_equal(
        nrd_sandwich_hac(&toy->rows, &options, 1, out, df, &found, NULL), NRD_OK);
    assert_covariance(out, item, "unbiased", toy->k, 1e-12);
}

static void
hac_matches_reference(void **state)
{
    cJSON *ref = ref_open("sandwich_cases");
    const cJSON *item, *one;

    (void) state;
    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        toy_regression toy;

        toy_read(item, &toy);
        cJSON_ArrayForEach(one, ref_get(item, "hac"))
        {
            assert_hac(&toy, one);
        }
    }
    cJSON_Delete(ref);
}

/* Copies of a regression as groups, one of them without a fit. */
#define COPIES 32
#define NOT_FITTED 5

typedef struct {
    toy_regression toy;
    double x[TOY_K][COPIES * TOY_ROWS];
    double y[COPIES * TOY_ROWS];
    int32_t cluster[COPIES * TOY_ROWS];
    double coefficient[COPIES * TOY_K];
    double coefficient_low[COPIES * TOY_K];
    double factor[COPIES * MATRIX];
    double factor_low[COPIES * MATRIX];
    double pivot[COPIES * TOY_K];
} copies;

static void
copy_regression(const char *name, copies *all)
{
    toy_regression *toy = &all->toy;

    toy_case(name, toy);
    for (size_t g = 0; g < COPIES; g++) {
        const size_t n = toy->n, k = toy->k;

        for (size_t j = 0; j < k; j++) {
            memcpy(all->x[j] + g * n, toy->x + j * n, n * sizeof(double));
        }
        memcpy(all->y + g * n, toy->y, n * sizeof(double));
        memcpy(all->cluster + g * n, toy->cluster, n * sizeof(int32_t));
        memcpy(all->coefficient + g * k, toy->coefficient, k * sizeof(double));
        memcpy(all->coefficient_low + g * k, toy->coefficient_low, k * sizeof(double));
        memcpy(all->factor + g * k * k, toy->factor, k * k * sizeof(double));
        memcpy(all->factor_low + g * k * k, toy->factor_low, k * k * sizeof(double));
        memcpy(all->pivot + g * k, toy->pivot, k * sizeof(double));
        toy->offset[g + 1] = (g + 1) * n;
    }
    all->coefficient[NOT_FITTED * toy->k] = (double) NAN;
    for (size_t j = 1; j < toy->k; j++) {
        toy->columns[j] = all->x[j];
    }
    toy->rows.groups = COPIES;
    toy->rows.y = all->y;
    toy->rows.coefficient = all->coefficient;
    toy->rows.coefficient_low = all->coefficient_low;
    toy->rows.factor = all->factor;
    toy->rows.factor_low = all->factor_low;
    toy->rows.pivot = all->pivot;
}

/* One of three estimators. */
static nrd_status
estimate(const nrd_regression_rows *rows, const int32_t *cluster, int which, int threads,
    double *out, double *df)
{
    const nrd_hac_options hac = {
        NRD_KERNEL_QUADRATIC_SPECTRAL, 2.5, 0, 1, NRD_DF_SATTERTHWAITE};
    const nrd_cluster_options clusters = {cluster, NRD_CR_2, NRD_DF_SATTERTHWAITE};
    double bandwidth[COPIES];

    return which == 0   ? nrd_sandwich_hc(rows, NRD_HC_3, threads, out, df, NULL)
           : which == 1 ? nrd_sandwich_hac(rows, &hac, threads, out, df, bandwidth, NULL)
                        : nrd_sandwich_cluster(rows, &clusters, threads, out, df, NULL);
}

static void
threads_change_nothing(void **state)
{
    static copies all;
    static double out[COPIES * MATRIX], df[COPIES * TOY_K];
    double one[MATRIX], one_df[TOY_K];
    toy_regression toy;

    (void) state;
    copy_regression("panel", &all);
    toy_case("panel", &toy);
    for (int which = 0; which < 3; which++) {
        assert_int_equal(estimate(&toy.rows, toy.cluster, which, 1, one, one_df), NRD_OK);
        for (int threads = 1; threads <= 8; threads++) {
            assert_int_equal(
                estimate(&all.toy.rows, all.cluster, which, threads, out, df), NRD_OK);
            for (size_t g = 0; g < COPIES; g++) {
                if (g != NOT_FITTED) {
                    assert_memory_equal(out + g * MATRIX, one, sizeof one);
                    assert_memory_equal(df + g * TOY_K, one_df, sizeof one_df);
                }
            }
            assert_true(isnan(out[NOT_FITTED * MATRIX]) && isnan(df[NOT_FITTED * TOY_K]));
        }
    }
}

static void
exchange(toy_regression *toy, size_t a, size_t b)
{
    double *columns[] = {toy->x, toy->x + toy->n, toy->x + 2 * toy->n, toy->y};

    for (size_t j = 0; j < 4; j++) {
        const double kept = columns[j][a];

        columns[j][a] = columns[j][b];
        columns[j][b] = kept;
    }
}

/* Rows 0 to 6 are of one cluster. */
static void
orders_of_rows_change_nothing(void **state)
{
    toy_regression toy, other;
    double out[MATRIX], df[TOY_K], again[MATRIX], df_again[TOY_K];

    (void) state;
    toy_case("panel", &toy);
    toy_case("panel", &other);
    for (size_t i = 0; i < 3; i++) {
        exchange(&other, i, 6 - i);
    }
    for (int which = 0; which < 3; which += 2) {
        assert_int_equal(estimate(&toy.rows, toy.cluster, which, 1, out, df), NRD_OK);
        assert_int_equal(
            estimate(&other.rows, toy.cluster, which, 1, again, df_again), NRD_OK);
        assert_memory_equal(out, again, sizeof out);
        assert_memory_equal(df, df_again, sizeof df);
    }
    exchange(&other, 2, 20);
    assert_int_equal(estimate(&toy.rows, toy.cluster, 0, 1, out, df), NRD_OK);
    assert_int_equal(estimate(&other.rows, toy.cluster, 0, 1, again, df_again), NRD_OK);
    assert_memory_equal(out, again, sizeof out);
}

/* Tiny numbers take the road of exact states. */
static void
size_changes_only_the_exponent(void **state)
{
    toy_regression toy, other;
    double out[MATRIX], df[TOY_K], small[MATRIX];

    (void) state;
    toy_case("panel", &toy);
    toy_case("panel", &other);
    for (size_t i = 0; i < other.n; i++) {
        other.y[i] = ldexp(other.y[i], -430);
    }
    for (size_t j = 0; j < other.k; j++) {
        other.coefficient[j] = ldexp(other.coefficient[j], -430);
        other.coefficient_low[j] = ldexp(other.coefficient_low[j], -430);
    }
    assert_int_equal(estimate(&toy.rows, toy.cluster, 0, 1, out, df), NRD_OK);
    assert_int_equal(estimate(&other.rows, toy.cluster, 0, 1, small, df), NRD_OK);
    for (size_t i = 0; i < MATRIX; i++) {
        assert_close(ldexp(small[i], 860), out[i], 1e-15);
    }
}

static void
a_column_of_ones_may_be_left_out(void **state)
{
    toy_regression toy;
    double out[MATRIX], df[TOY_K], again[MATRIX];

    (void) state;
    toy_case("panel", &toy);
    for (int which = 0; which < 3; which++) {
        toy.columns[0] = NULL;
        assert_int_equal(estimate(&toy.rows, toy.cluster, which, 1, out, df), NRD_OK);
        toy.columns[0] = toy.x;
        assert_int_equal(estimate(&toy.rows, toy.cluster, which, 1, again, df), NRD_OK);
        assert_memory_equal(out, again, sizeof out);
    }
}

static void
memory_may_end(void **state)
{
    toy_regression toy;
    double out[MATRIX], df[TOY_K];

    (void) state;
    toy_case("panel", &toy);
    for (int which = 0; which < 3; which++) {
        nrd_status status = NRD_E_MEMORY;

        for (long i = 0; status != NRD_OK; i++) {
            out[0] = -1.0;
            nrdi_malloc_fail_after(i);
            status = estimate(&toy.rows, toy.cluster, which, 1, out, df);
            nrdi_malloc_fail_after(-1);
            assert_true(status == NRD_OK || (status == NRD_E_MEMORY && out[0] == -1.0));
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hc_matches_reference),
        cmocka_unit_test(clusters_match_reference),
        cmocka_unit_test(hac_matches_reference),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(orders_of_rows_change_nothing),
        cmocka_unit_test(size_changes_only_the_exponent),
        cmocka_unit_test(a_column_of_ones_may_be_left_out),
        cmocka_unit_test(memory_may_end),
    };

    return cmocka_run_group_tests_name("sandwich", tests, NULL, NULL);
}
