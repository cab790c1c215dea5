/* One digest of one table, whatever the road: rows in any order, in chunks of any size, in
 * parts merged in any order, on 1 to 8 threads, with each set of vector instructions, by
 * any compiler. The digest comes from whole numbers in Python, tests/reference. */
#include <inttypes.h>

#include "moments_toy.h"

#include "exact_block_private.h"

#define ROWS 262145 /* enough for eight threads */
#define GROUPS 3
#define MOST_PARTS 5

static struct {
    double x[ROWS], y[ROWS];
    int64_t group[ROWS];
} table, moved;

static void
fill_table(void)
{
    uint64_t seed = 2024;

    for (size_t i = 0; i < ROWS; i++) {
        table.x[i] = i % 8 == 0 ? next_double(&seed, -60, 60) : next_double(&seed, -2, 2);
        table.y[i] = next_double(&seed, 9, 12);
        table.group[i] = (int64_t) (next_bits(&seed) % GROUPS);
        if (next_bits(&seed) % 4096 == 0) {
            table.y[i] = (double) NAN;
        }
    }
}

/* The rows of the table in an order of their own. */
static void
move_rows(uint64_t *seed)
{
    moved = table;
    for (size_t i = ROWS; i > 1; i--) {
        const size_t other = (size_t) (next_bits(seed) % i);
        const double x = moved.x[i - 1], y = moved.y[i - 1];
        const int64_t group = moved.group[i - 1];

        moved.x[i - 1] = moved.x[other];
        moved.y[i - 1] = moved.y[other];
        moved.group[i - 1] = moved.group[other];
        moved.x[other] = x;
        moved.y[other] = y;
        moved.group[other] = group;
    }
}

/* Rows `first` to before `end` in chunks. */
static nrd_moments *
in_chunks(const toy_rows *rows, size_t first, size_t end, int threads, uint64_t *seed)
{
    nrd_moments *state = toy_new(rows);

    while (first < end) {
        const size_t most = end - first, length = 1 + (size_t) (next_bits(seed) % most);
        const size_t next = next_bits(seed) % 2 == 0 ? end : first + length;

        toy_add(state, rows, first, next, threads);
        first = next;
    }
    return state;
}

/* Rows in parts, two of which are merged until one is left. */
static nrd_moments *
in_parts(const toy_rows *rows, int threads, uint64_t *seed)
{
    size_t n = 1 + (size_t) (next_bits(seed) % MOST_PARTS);
    nrd_moments *parts[MOST_PARTS];

    for (size_t i = 0; i < n; i++) {
        parts[i] = in_chunks(rows, ROWS * i / n, ROWS * (i + 1) / n, threads, seed);
    }
    for (; n > 1; n--) {
        const size_t from = (size_t) (next_bits(seed) % n);
        const size_t into = (from + 1 + (size_t) (next_bits(seed) % (n - 1))) % n;

        assert_int_equal(nrd_moments_merge(parts[into], parts[from], NULL, NULL), NRD_OK);
        nrd_moments_free(parts[from]);
        parts[from] = parts[n - 1];
    }
    return parts[0];
}

/* FNV-1a of the bytes of a state, which is released. */
static uint64_t
digest_of(nrd_moments *state)
{
    uint64_t digest = UINT64_C(0xcbf29ce484222325);
    size_t length;
    uint8_t *bytes = toy_bytes(state, &length);

    for (size_t i = 0; i < length; i++) {
        digest = (digest ^ bytes[i]) * UINT64_C(0x100000001b3);
    }
    free(bytes);
    nrd_moments_free(state);
    return digest;
}

static void
every_road_leads_to_one_digest(void **state)
{
    static const char *const kernels[] = {"plain", "avx2", "avx512"};
    cJSON *ref = ref_open("moments_digest");
    uint64_t seed = 7;

    (void) state;
    fill_table();
    for (int k = 0; k < 3 * 8 * 4; k++) {
        const int grouped = k / 24 % 2, means = k / 48;
        toy_rows rows = toy_of(ROWS, moved.x, moved.y);
        char found[17], name[32];

        if (!nrdi_kernels_force(kernels[k % 3])) {
            continue;
        }
        rows.groups = grouped ? GROUPS : 1;
        rows.group = grouped ? moved.group : NULL;
        if (means) { /* of one column: the quick way of many groups */
            rows.p = 1;
            rows.columns[0] = moved.y;
            rows.level = NRD_MOMENTS_MEANS;
        }
        move_rows(&seed);
        (void) snprintf(found, sizeof found, "%016" PRIx64,
            digest_of(in_parts(&rows, k / 3 % 8 + 1, &seed)));
        (void) snprintf(name, sizeof name, "%s_%s", means ? "means" : "covariances",
            grouped ? "grouped" : "plain");
        assert_string_equal(found, cJSON_GetStringValue(ref_get(ref, name)));
    }
    assert_int_equal(nrdi_kernels_force(NULL), 1);
    cJSON_Delete(ref);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_road_leads_to_one_digest),
    };

    return cmocka_run_group_tests_name("moments_digest", tests, NULL, NULL);
}
