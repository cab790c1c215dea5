#include "moments_toy.h"

#include "exact_block_private.h"

#define FEW 3000
#define SOME 70001
#define MANY 262145
#define GROUPS 3

/* Values of one size; far from 0; of many sizes; of any size at all; of sizes that rise
 * from row to row; all the same, with digits as large as can be. */
enum { NEAR, FAR, SPREAD, ANY, RISING, HEAVY, KINDS };

static struct {
    double x[MANY], y[MANY], weight[MANY];
    int64_t group[MANY];
} table, moved;

static double
value_of(int kind, double share, uint64_t *seed)
{
    const int size = (int) (1800.0 * share) - 900;

    switch (kind) {
    case NEAR: return next_double(seed, -2, 2);
    case FAR: return 1e9 + (double) (next_bits(seed) % 7) / 8.0;
    case SPREAD: return next_double(seed, -60, 60);
    case RISING: return next_double(seed, size, size + 9);
    case HEAVY: return 0x1.fffffffffffffp83;
    default: break;
    }
    return next_bits(seed) % 2 == 0 ? next_double(seed, -1074, -1000)
                                    : next_double(seed, -1000, 1000);
}

/* Rows of a kind, some of them incomplete; with groups for the odd ones of the four ways,
 * with weights for the last two. */
static toy_rows
fill_table(int kind, int way, size_t n)
{
    toy_rows out = toy_of(n, table.x, table.y);
    uint64_t seed = (uint64_t) (40 + kind);

    for (size_t i = 0; i < n; i++) {
        const double share = (double) i / (double) n;

        table.x[i] = value_of(kind, share, &seed);
        table.y[i] = kind == ANY ? value_of(SPREAD, 0.0, &seed)
                                 : -value_of(kind, 1.0 - share, &seed);
        table.weight[i] = kind == ANY ? fabs(next_double(&seed, -1074, 999))
                                      : (double) (next_bits(&seed) % 1000) / 8.0;
        table.group[i] = (int64_t) (next_bits(&seed) % GROUPS);
        if (next_bits(&seed) % 4096 == 0) {
            table.x[i] = (double) NAN;
        }
    }
    if (way % 2 == 1) {
        out.groups = GROUPS;
        out.group = table.group;
    }
    if (way / 2 == 1) {
        out.weights = NRD_WEIGHTS_PROBABILITY;
        out.weight = table.weight;
    }
    return out;
}

/* The rows in another order: every `step`th, which must have no factor with their number.
 */
static toy_rows
in_steps(const toy_rows *rows, size_t step)
{
    toy_rows out = *rows;

    for (size_t i = 0; i < rows->n; i++) {
        const size_t from = step * i % rows->n;

        moved.x[i] = table.x[from];
        moved.y[i] = table.y[from];
        moved.weight[i] = table.weight[from];
        moved.group[i] = table.group[from];
    }
    out.columns[0] = moved.x;
    out.columns[1] = moved.y;
    out.weight = rows->weight != NULL ? moved.weight : NULL;
    out.group = rows->group != NULL ? moved.group : NULL;
    return out;
}

static void
any_order_gives_the_same_bytes(void **state)
{
    static const size_t steps[] = {7, 1999, FEW - 1};

    (void) state;
    for (int k = 0; k < 4 * KINDS; k++) {
        const toy_rows rows = fill_table(k / 4, k % 4, FEW);
        nrd_moments *expected = toy_state(&rows);

        for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
            const toy_rows other = in_steps(&rows, steps[i]);

            assert_same_then_free(toy_state(&other), expected, "another order");
        }
        nrd_moments_free(expected);
    }
}

static void
any_chunks_give_the_same_bytes(void **state)
{
    static const size_t lengths[] = {1, 7, 2047, 2048, 2049};

    (void) state;
    for (int k = 0; k < 4 * KINDS; k++) {
        const toy_rows rows = fill_table(k / 4, k % 4, FEW);
        nrd_moments *expected = toy_state(&rows);

        for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
            const size_t length = lengths[i];
            nrd_moments *found = toy_new(&rows);
            size_t first = 0;

            for (; first + length < FEW && first < 300 * length; first += length) {
                toy_add(found, &rows, first, first + length, 1);
            }
            toy_add(found, &rows, first, FEW, 1);
            assert_same_then_free(found, expected, "chunks");
        }
        nrd_moments_free(expected);
    }
}

/* Merge parts into the first of them, in pairs, pairs of pairs, and so on. */
static nrd_moments *
merged_tree(nrd_moments **parts, size_t n)
{
    for (size_t step = 1; step < n; step *= 2) {
        for (size_t i = 0; i + step < n; i += 2 * step) {
            assert_int_equal(
                nrd_moments_merge(parts[i], parts[i + step], NULL, NULL), NRD_OK);
            nrd_moments_free(parts[i + step]);
        }
    }
    return parts[0];
}

/* Merge parts one by one, the last or the first being the one that grows. */
static nrd_moments *
merged_row(nrd_moments **parts, size_t n, int backwards)
{
    nrd_moments *all = parts[backwards ? n - 1 : 0];

    for (size_t i = 1; i < n; i++) {
        nrd_moments *part = parts[backwards ? n - 1 - i : i];

        assert_int_equal(nrd_moments_merge(all, part, NULL, NULL), NRD_OK);
        nrd_moments_free(part);
    }
    return all;
}

static void
any_merge_tree_gives_the_same_bytes(void **state)
{
    enum { PARTS = 13 };

    (void) state;
    for (int k = 0; k < 4 * KINDS; k++) {
        const toy_rows rows = fill_table(k / 4, k % 4, FEW);
        nrd_moments *expected = toy_state(&rows);

        for (int tree = 0; tree < 3; tree++) {
            nrd_moments *parts[PARTS];

            for (size_t i = 0; i < PARTS; i++) {
                parts[i] = toy_part(&rows, FEW * i / PARTS, FEW * (i + 1) / PARTS);
            }
            assert_same_then_free(
                tree == 2 ? merged_tree(parts, PARTS) : merged_row(parts, PARTS, tree),
                expected, "a merge tree");
        }
        nrd_moments_free(expected);
    }
}

/* Of the three that are enough for so many rows, none sees the sizes that the others see.
 */
static void
any_number_of_threads_gives_the_same_bytes(void **state)
{
    (void) state;
    for (int way = 0; way < 4; way++) {
        const toy_rows rows = fill_table(RISING, way, SOME);
        nrd_moments *expected = toy_state(&rows);

        for (int threads = 2; threads <= 4; threads++) {
            nrd_moments *found = toy_new(&rows);

            toy_add(found, &rows, 0, SOME, threads);
            assert_same_then_free(found, expected, "threads");
        }
        nrd_moments_free(expected);
    }
}

/* As many rows as keep eight threads busy. */
static void
eight_threads_give_the_same_bytes(void **state)
{
    (void) state;
    for (int way = 0; way < 4; way += 3) {
        const toy_rows rows = fill_table(NEAR, way, MANY);
        nrd_moments *expected = toy_state(&rows);

        for (int threads = 5; threads <= 8; threads += way == 0 ? 1 : 3) {
            nrd_moments *found = toy_new(&rows);

            toy_add(found, &rows, 0, MANY, threads);
            assert_same_then_free(found, expected, "eight threads");
        }
        nrd_moments_free(expected);
    }
}

/* Every set of vector instructions, for every kind of sums, whether rows stand in one piece
 * or some are incomplete. */
static void
any_instructions_give_the_same_bytes(void **state)
{
    static const char *const names[] = {"avx2", "avx512"};

    (void) state;
    for (int k = 0; k < 3 * KINDS; k++) {
        toy_rows rows = fill_table(k / 3, 0, FEW);
        nrd_moments *expected;

        rows.level = (nrd_moments_level) (k % 3 + 1);
        for (int complete = 0; complete <= 1; complete++) {
            for (size_t i = 0; i < FEW && complete; i++) {
                table.x[i] = isnan(table.x[i]) ? 0.0 : table.x[i];
            }
            assert_int_equal(nrdi_kernels_force("plain"), 1);
            expected = toy_state(&rows);
            for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
                if (nrdi_kernels_force(names[i])) {
                    assert_same_then_free(toy_state(&rows), expected, names[i]);
                }
            }
            assert_int_equal(nrdi_kernels_force(NULL), 1);
            assert_same_then_free(toy_state(&rows), expected, "the best there is");
            nrd_moments_free(expected);
        }
    }
}

/* The best that the processor says it has is what is used. */
static void
the_best_instructions_are_used(void **state)
{
    const char *best = "plain";

    (void) state;
#if defined(NRDI_X86)
    if (__builtin_cpu_supports("avx512f")) {
        best = "avx512";
    } else if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
        best = "avx2";
    }
#endif
    print_message("kernels in use: %s\n", nrdi_kernels_in_use()->name);
    assert_string_equal(nrdi_kernels_in_use()->name, best);
    assert_int_equal(nrdi_kernels_force("avx1024"), 0);
    assert_string_equal(nrdi_kernels_in_use()->name, best);
}

/* Rows without groups and weights go through vectors, one group or equal weights row by
 * row: the sums are the same. */
static void
vectors_and_rows_give_the_same_results(void **state)
{
    static double ones[FEW];
    static int64_t zeros[FEW];

    (void) state;
    for (size_t i = 0; i < FEW; i++) {
        ones[i] = 1.0;
    }
    for (int kind = 0; kind < KINDS; kind++) {
        toy_rows rows = fill_table(kind, 0, FEW);
        nrd_moments *plain = toy_state(&rows), *other;
        double expected[4], found[4];
        uint8_t defined[4];

        rows.group = zeros;
        assert_same_then_free(toy_state(&rows), plain, "one group");
        rows.weights = NRD_WEIGHTS_FREQUENCY;
        rows.weight = ones;
        other = toy_state(&rows);
        for (int ddof = 0; ddof <= 1; ddof++) {
            assert_int_equal(
                nrd_moments_covariance(plain, ddof, expected, defined, NULL), NRD_OK);
            assert_int_equal(
                nrd_moments_covariance(other, ddof, found, defined, NULL), NRD_OK);
            assert_memory_equal(found, expected, sizeof found);
        }
        nrd_moments_free(plain);
        nrd_moments_free(other);
    }
}

/* Means of one column by group have a loop of their own. */
static void
means_alone_give_the_same_sums(void **state)
{
    static int64_t zeros[FEW];

    (void) state;
    for (int k = 0; k < 2 * KINDS; k++) {
        toy_rows rows = fill_table(k / 2, 1, FEW);
        nrd_moments *means, *all;
        double expected[GROUPS], found[GROUPS];

        rows.p = 1;
        rows.group = k % 2 == 0 ? zeros : table.group;
        all = toy_state(&rows);
        rows.level = NRD_MOMENTS_MEANS;
        means = toy_state(&rows);
        nrd_moments_sum(all, expected);
        nrd_moments_sum(means, found);
        assert_memory_equal(found, expected, sizeof found);
        nrd_moments_free(all);
        all = toy_state(&rows);
        assert_int_equal(nrd_moments_merge(all, means, NULL, NULL), NRD_OK);
        toy_add(means, &rows, 0, FEW, 1); /* onto rows that are there */
        assert_same_then_free(all, means, "means");
        nrd_moments_free(means);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_best_instructions_are_used),
        cmocka_unit_test(any_order_gives_the_same_bytes),
        cmocka_unit_test(any_chunks_give_the_same_bytes),
        cmocka_unit_test(any_merge_tree_gives_the_same_bytes),
        cmocka_unit_test(any_number_of_threads_gives_the_same_bytes),
        cmocka_unit_test(eight_threads_give_the_same_bytes),
        cmocka_unit_test(any_instructions_give_the_same_bytes),
        cmocka_unit_test(vectors_and_rows_give_the_same_results),
        cmocka_unit_test(means_alone_give_the_same_sums),
    };

    return cmocka_run_group_tests_name("moments_roads", tests, NULL, NULL);
}
