#include "support.h"

#include <inttypes.h>
#include <string.h>

#include <nrd/resource.h>

#include "status_private.h"

#define ROWS 128
#define LARGEST INT64_MAX

/* A table of amounts, and room for its margins. */
typedef struct {
    size_t n, contents, sources;
    int32_t content[ROWS], source[ROWS];
    nrd_decimal amount[ROWS];
    nrd_decimal content_sums[ROWS], source_sums[ROWS], total;
} table;

static void
assert_decimal(nrd_decimal actual, nrd_decimal expected)
{
    assert_int_equal(actual.unscaled, expected.unscaled);
    assert_int_equal(actual.scale, expected.scale);
}

static size_t
length_of(const cJSON *ref, const char *key)
{
    return (size_t) cJSON_GetArraySize(ref_get(ref, key));
}

/* Number i of a list of decimals, each written "unscaled scale". */
static nrd_decimal
decimal_at(const cJSON *ref, const char *key, size_t i)
{
    const char *text = cJSON_GetStringValue(cJSON_GetArrayItem(ref_get(ref, key), (int) i));
    nrd_decimal value;

    assert_non_null(text);
    assert_int_equal(
        sscanf(text, "%" SCNd64 " %" SCNd32, &value.unscaled, &value.scale), 2);
    return value;
}

/* The table of a case, its rows in the order given or backwards, or turned on its side. */
static void
table_from(const cJSON *ref, int backwards, int on_side, table *out)
{
    const char *content = on_side ? "source" : "content";
    const char *source = on_side ? "content" : "source";

    memset(out, 0x5a, sizeof *out);
    out->n = length_of(ref, "amounts");
    assert_true(out->n <= ROWS);
    out->contents = (size_t) ref_at(ref, on_side ? "sources" : "contents", 0);
    out->sources = (size_t) ref_at(ref, on_side ? "contents" : "sources", 0);
    for (size_t i = 0; i < out->n; i++) {
        const size_t from = backwards ? out->n - 1 - i : i;

        out->content[i] = (int32_t) ref_at(ref, content, from);
        out->source[i] = (int32_t) ref_at(ref, source, from);
        out->amount[i] = decimal_at(ref, "amounts", from);
    }
}

static nrd_status
sum_margins(table *t, nrd_error *err)
{
    return nrd_resource_margins(t->content, t->source, t->amount, t->n, t->contents,
        t->sources, t->content_sums, t->source_sums, &t->total, err);
}

static void
compare_margins(const cJSON *ref, int backwards, int on_side)
{
    static table t;

    table_from(ref, backwards, on_side, &t);
    assert_int_equal(sum_margins(&t, NULL), NRD_OK);
    for (size_t i = 0; i < t.contents; i++) {
        assert_decimal(t.content_sums[i],
            decimal_at(ref, on_side ? "source_sums" : "content_sums", i));
    }
    for (size_t i = 0; i < t.sources; i++) {
        assert_decimal(
            t.source_sums[i], decimal_at(ref, on_side ? "content_sums" : "source_sums", i));
    }
    assert_decimal(t.total, decimal_at(ref, "total", 0));
    assert_int_equal(t.content_sums[t.contents].scale, 0x5a5a5a5a);
    assert_int_equal(t.source_sums[t.sources].scale, 0x5a5a5a5a);
}

static void
margins_match_reference(void **state)
{
    cJSON *ref = ref_open("resource_margins");
    const cJSON *item;

    (void) state;
    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        compare_margins(item, 0, 0);
        compare_margins(item, 1, 0);
        compare_margins(item, 0, 1);
    }
    cJSON_Delete(ref);
}

/* Four amounts in a table of 2 contents and 3 sources. */
static table
small_table(void)
{
    table t;

    memset(&t, 0x5a, sizeof t);
    t.n = 4;
    t.contents = 2;
    t.sources = 3;
    for (size_t i = 0; i < 4; i++) {
        t.content[i] = (int32_t) (i / 2);
        t.source[i] = (int32_t) (i % 2 + i / 2);
        t.amount[i] = (nrd_decimal){373315 + (int64_t) i, 2};
    }
    return t;
}

static void
an_empty_table_has_zero_margins(void **state)
{
    table t = small_table();

    (void) state;
    t.n = 0;
    assert_int_equal(sum_margins(&t, NULL), NRD_OK);
    assert_decimal(t.content_sums[1], (nrd_decimal){0, 0});
    assert_decimal(t.source_sums[2], (nrd_decimal){0, 0});
    t.contents = t.sources = 0;
    t.total = (nrd_decimal){7, 7};
    assert_int_equal(sum_margins(&t, NULL), NRD_OK);
    assert_decimal(t.total, (nrd_decimal){0, 0});
}

/* The third amount is wrong: nothing is written, the row is named. */
static void
margins_name_the_wrong_row(void **state)
{
    static const struct {
        int32_t content, source, scale;
        nrd_status status;
        const char *found;
    } wrong[] = {
        {37, 1, 2, NRD_E_UNKNOWN, "37"},
        {2, 1, 2, NRD_E_UNKNOWN, "2"},
        {-4, 1, 2, NRD_E_UNKNOWN, "-4"},
        {1, 3, 2, NRD_E_UNKNOWN, "3"},
        {1, -5, 2, NRD_E_UNKNOWN, "-5"},
        {1, 1, 10, NRD_E_DOMAIN, "10"},
        {1, 1, -6, NRD_E_DOMAIN, "-6"},
        {0, 1, 2, NRD_E_DUPLICATE, "1"},
    };

    (void) state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        table t = small_table(), before;
        nrd_error err;

        t.content[2] = wrong[i].content;
        t.source[2] = wrong[i].source;
        t.amount[2].scale = wrong[i].scale;
        before = t;
        assert_int_equal(sum_margins(&t, &err), wrong[i].status);
        assert_error(&err, wrong[i].status, 2, wrong[i].found);
        assert_memory_equal(&t, &before, sizeof t);
        assert_int_equal(sum_margins(&t, NULL), wrong[i].status);
    }
}

/* A content, a source or the total may be too large while the others fit. */
static void
margins_that_do_not_fit_are_refused(void **state)
{
    static const nrd_decimal amounts[][4] = {
        {{LARGEST, 0}, {1, 0}, {-LARGEST, 0}, {0, 0}},
        {{LARGEST, 0}, {0, 0}, {1, 0}, {-LARGEST, 0}},
        {{LARGEST / 2 + 1, 0}, {0, 0}, {0, 0}, {LARGEST / 2 + 1, 0}},
        {{-LARGEST, 0}, {0, 0}, {0, 0}, {-1, 0}},
        {{LARGEST, 0}, {0, 1}, {0, 0}, {0, 0}},
    };

    (void) state;
    for (size_t i = 0; i < sizeof amounts / sizeof amounts[0]; i++) {
        table t = small_table(), before;
        nrd_error err;

        t.source[2] = 0;
        t.source[3] = 1;
        memcpy(t.amount, amounts[i], sizeof amounts[i]);
        before = t;
        assert_int_equal(sum_margins(&t, &err), NRD_E_OVERFLOW);
        assert_int_equal(err.status, NRD_E_OVERFLOW);
        assert_in_range(strlen(err.message), 1, sizeof err.message - 1);
        assert_memory_equal(&t, &before, sizeof t);
    }
}

static void
margins_need_every_pointer(void **state)
{
    table t = small_table();
    const table before = t;

    (void) state;
    for (size_t i = 0; i < 6; i++) {
        nrd_error err;

        assert_int_equal(nrd_resource_margins(i == 0 ? NULL : t.content,
                             i == 1 ? NULL : t.source, i == 2 ? NULL : t.amount, t.n,
                             t.contents, t.sources, i == 3 ? NULL : t.content_sums,
                             i == 4 ? NULL : t.source_sums, i == 5 ? NULL : &t.total, &err),
            NRD_E_NULL);
        assert_error(&err, NRD_E_NULL, NRD_NO_ROW, "");
        assert_memory_equal(&t, &before, sizeof t);
    }
}

static void
margins_survive_want_of_memory(void **state)
{
    nrd_status status = NRD_E_MEMORY;

    (void) state;
    for (long k = 0; status == NRD_E_MEMORY; k++) {
        table t = small_table();
        const table before = t;
        nrd_error err;

        assert_in_range(k, 0, 20);
        nrdi_malloc_fail_after(k);
        status = sum_margins(&t, &err);
        nrdi_malloc_fail_after(-1);
        if (status != NRD_OK) {
            assert_error(&err, NRD_E_MEMORY, NRD_NO_ROW, "");
            assert_memory_equal(&t, &before, sizeof t);
        }
    }
    assert_int_equal(status, NRD_OK);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(margins_match_reference),
        cmocka_unit_test(an_empty_table_has_zero_margins),
        cmocka_unit_test(margins_name_the_wrong_row),
        cmocka_unit_test(margins_that_do_not_fit_are_refused),
        cmocka_unit_test(margins_need_every_pointer),
        cmocka_unit_test(margins_survive_want_of_memory),
    };

    return cmocka_run_group_tests_name("resource", tests, NULL, NULL);
}
