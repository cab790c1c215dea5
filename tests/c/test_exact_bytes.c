#include <float.h>

#include "exact_toy.h"

#define ROWS 128
#define HEADER 36
#define FEWEST 40
#define MOST 848
#define LEAST 0x1p-1074
#define INFINITE ((double) INFINITY)

/* A sum of some digits, of either sign, with specials. */
static nrd_exact
awkward_sum(void)
{
    const double values[] = {-2.385, 7.19e20, -1e-18, INFINITE, INFINITE, (double) NAN};

    return sum_of(values, sizeof values / sizeof values[0]);
}

/* The lowest and the highest bit that sums of products have. */
static nrd_exact
widest_sum(double sign)
{
    nrd_exact sum;

    nrd_exact_init(&sum);
    nrd_exact_add_product3(&sum, sign * LEAST, LEAST, LEAST);
    nrd_exact_add_product3(&sum, sign * DBL_MAX, DBL_MAX, DBL_MAX);
    return sum;
}

static void
assert_unreadable(const uint8_t *bytes, size_t length, const char *found)
{
    nrd_exact sum, before;
    nrd_error err;

    memset(&before, 0x5a, sizeof before);
    sum = before;
    assert_int_equal(nrd_exact_from_bytes(bytes, length, &sum, &err), NRD_E_PARSE);
    assert_error(&err, NRD_E_PARSE, NRD_NO_ROW, found);
    assert_memory_equal(&sum, &before, sizeof sum);
}

/* Put a new checksum at the end. Source: ISO 3309, the polynomial of CRC-32. */
static void
seal(uint8_t *bytes, size_t length)
{
    uint32_t rest = 0;

    for (size_t i = 0; i < 8 * (length - 4); i++) {
        const uint32_t bit = (uint32_t) bytes[i / 8] >> (i % 8) & 1;

        rest ^= i < 32 ? bit ^ 1 : bit;
        rest = (rest & 1) != 0 ? rest >> 1 ^ UINT32_C(0xedb88320) : rest >> 1;
    }
    for (size_t i = 0; i < 4; i++) {
        bytes[length - 4 + i] = (uint8_t) (~rest >> (8 * i));
    }
}

/* Read back, a sum is what it was, also for all that may follow. */
static void
bytes_keep_every_sum(void **state)
{
    cJSON *ref = ref_open("exact_sum");
    const cJSON *item;

    (void) state;
    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        double values[ROWS];
        uint8_t bytes[NRD_EXACT_BYTES];
        const size_t n = ref_doubles(item, "values", values, ROWS);
        nrd_exact sum = sum_of(values, n), found;

        assert_int_equal(
            nrd_exact_from_bytes(bytes, bytes_of(&sum, bytes), &found, NULL), NRD_OK);
        assert_bytes(&found, item, "bytes", "read back");
        assert_rounded(nrd_exact_round(&found), ref_at(item, "sum", 0), n);
        for (size_t i = 0; i < n; i++) {
            nrd_exact_subtract(&found, values[i]);
        }
        nrd_exact_merge(&found, &sum);
        assert_bytes(&found, item, "bytes", "taken away and added again");
    }
    cJSON_Delete(ref);
}

/* The state has carries that wait, or not, digits of both signs, or not: the bytes of equal
 * sums are equal. */
static void
routes_lead_to_the_same_bytes(void **state)
{
    uint64_t seed = 21;

    (void) state;
    for (size_t round = 0; round < 200; round++) {
        double values[40];
        nrd_exact plain, detour, part;

        for (size_t i = 0; i < 40; i++) {
            values[i] = next_double(&seed, -80, 80);
        }
        plain = sum_of(values, 40);
        shuffle(values, 40, &seed);
        detour = sum_of(values, 13);
        part = sum_of(values + 13, 27);
        nrd_exact_add_product3(&detour, -DBL_MAX, DBL_MAX, values[0]);
        nrd_exact_merge(&part, &detour);
        nrd_exact_add_product3(&part, values[0], DBL_MAX, DBL_MAX);
        assert_same_sum(&part, &plain, "a detour");
        nrd_exact_unmerge(&part, &plain);
        nrd_exact_unmerge(&detour, &detour);
        assert_same_sum(&part, &detour, "nothing, twice");
    }
}

/* Parts may be taken back before they come: until then the sum is none. */
static void
debts_are_kept(void **state)
{
    static const double values[] = {INFINITE, -INFINITE, (double) NAN};
    const nrd_exact before = awkward_sum();

    (void) state;
    for (size_t i = 0; i < 3; i++) {
        uint8_t bytes[NRD_EXACT_BYTES];
        nrd_exact sum = sum_of(NULL, 0), found;

        nrd_exact_subtract(&sum, values[i]);
        nrd_exact_subtract(&sum, 2.385);
        assert_true(isnan(nrd_exact_round(&sum)));
        assert_int_equal(
            nrd_exact_from_bytes(bytes, bytes_of(&sum, bytes), &found, NULL), NRD_OK);
        assert_true(isnan(nrd_exact_round(&found)));
        nrd_exact_merge(&found, &before);
        nrd_exact_add(&found, 2.385);
        nrd_exact_add(&found, values[i]);
        assert_same_sum(&found, &before, "a debt that was paid");
    }
}

/* An empty sum has 40 bytes, none has more than 848; the capacity asked for is one. */
static void
lengths_stay_in_their_bounds(void **state)
{
    uint8_t bytes[NRD_EXACT_BYTES + 1];
    size_t length;

    (void) state;
    for (int sign = -1; sign <= 1; sign++) {
        nrd_exact sum = widest_sum(sign), found;

        memset(bytes, 0x5a, sizeof bytes);
        assert_int_equal(
            nrd_exact_to_bytes(&sum, bytes, sizeof bytes, &length, NULL), NRD_OK);
        assert_int_equal(bytes[sizeof bytes - 1], 0x5a);
        assert_in_range(length, FEWEST, MOST);
        assert_int_equal(length == FEWEST, sign == 0);
        assert_int_equal(nrd_exact_from_bytes(bytes, length, &found, NULL), NRD_OK);
        assert_same_sum(&found, &sum, "the widest sum");
        assert_int_equal(nrd_exact_sign(&found), sign);
    }
}

static void
no_damage_is_missed(void **state)
{
    const nrd_exact sums[] = {awkward_sum(), sum_of(NULL, 0), sum_of(&(double){0.1}, 1),
        sum_of((const double[]){1e300, -1e-30}, 2)};
    uint8_t bytes[NRD_EXACT_BYTES];

    (void) state;
    for (size_t k = 0; k < sizeof sums / sizeof sums[0]; k++) {
        const size_t length = bytes_of(&sums[k], bytes);

        for (size_t i = 0; i < length; i++) {
            const uint8_t kept = bytes[i];

            for (int value = 0; value < 256; value++) {
                bytes[i] = (uint8_t) value;
                if (value != kept) {
                    assert_unreadable(bytes, length, "");
                }
            }
            bytes[i] = kept;
        }
    }
}

/* Cut at any place, and with anything behind. */
static void
other_lengths_are_refused(void **state)
{
    const nrd_exact sums[] = {awkward_sum(), sum_of(NULL, 0), widest_sum(1.0)};
    uint8_t bytes[2 * NRD_EXACT_BYTES] = {0};

    (void) state;
    for (size_t k = 0; k < sizeof sums / sizeof sums[0]; k++) {
        const size_t length = bytes_of(&sums[k], bytes);

        for (size_t n = 0; n < sizeof bytes; n++) {
            /* Memory of that length, so that reading on is seen. */
            uint8_t *copy = malloc(n > 0 ? n : 1);

            assert_non_null(copy);
            memcpy(copy, bytes, n);
            if (n != length) {
                assert_unreadable(copy, n, n < HEADER ? "no exact sum" : "bytes");
            }
            free(copy);
        }
        memset(bytes, 0, sizeof bytes);
    }
}

/* What no sum is written as, though the checksum is right. */
static void
other_forms_are_refused(void **state)
{
    static const struct {
        size_t at;
        uint8_t value;
        const char *found;
    } wrong[] = {
        {0, 'n', "no exact sum"},
        {3, 'F', "no exact sum"},
        {4, 0, "version 0, expected 1"},
        {4, 2, "version 2, expected 1"},
        {4, 255, "version 255, expected 1"},
        {5, 2, "canonical"},
        {5, 255, "canonical"},
        {6, 201, "canonical"},
        {7, 1, "canonical"},
        {7, 255, "canonical"},
        {8, 1, "found 48 bytes, expected 44"},
        {8, 3, "found 48 bytes, expected 52"},
        {9, 255, "found 48 bytes"},
        {10, 1, "canonical"},
        {11, 1, "canonical"},
        {19, 0x40, "4611686018427387904, expected at most 2^53"},
        {26, 0x21, "expected at most 2^53"},
        {35, 0x80, "-9223372036854775808, expected at most 2^53"},
        {HEADER, 0, "canonical"},
        {HEADER + 4, 0, "canonical"},
    };
    uint8_t bytes[NRD_EXACT_BYTES];
    nrd_exact sum = sum_of((const double[]){0x1p32, 2.0}, 2), found;
    const size_t length = bytes_of(&sum, bytes);

    (void) state;
    assert_int_equal(length, HEADER + 12);
    seal(bytes, length);
    assert_int_equal(nrd_exact_from_bytes(bytes, length, &found, NULL), NRD_OK);
    assert_same_sum(&found, &sum, "sealed again");
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        uint8_t other[NRD_EXACT_BYTES];

        memcpy(other, bytes, length);
        other[wrong[i].at] = wrong[i].value;
        assert_unreadable(other, length, wrong[i].at == 4 ? wrong[i].found : "");
        seal(other, length);
        assert_unreadable(other, length, wrong[i].found);
    }
}

/* Nothing has no sign and no place. */
static void
nothing_has_one_form(void **state)
{
    static const size_t places[] = {5, 6, 7};
    uint8_t bytes[NRD_EXACT_BYTES];
    const nrd_exact empty = sum_of(NULL, 0);
    const size_t length = bytes_of(&empty, bytes);

    (void) state;
    assert_int_equal(length, FEWEST);
    for (size_t i = 0; i < 3; i++) {
        bytes[places[i]] = 1;
        seal(bytes, length);
        assert_unreadable(bytes, length, "canonical");
        bytes[places[i]] = 0;
    }
}

static void
writing_checks_its_arguments(void **state)
{
    const nrd_exact sum = awkward_sum();
    uint8_t bytes[NRD_EXACT_BYTES], before[NRD_EXACT_BYTES];
    size_t length = 75;
    nrd_error err;

    (void) state;
    memset(before, 0x5a, sizeof before);
    memcpy(bytes, before, sizeof bytes);
    assert_int_equal(nrd_exact_to_bytes(NULL, bytes, 0, &length, &err), NRD_E_NULL);
    assert_error(&err, NRD_E_NULL, NRD_NO_ROW, "NULL");
    assert_int_equal(
        nrd_exact_to_bytes(&sum, NULL, NRD_EXACT_BYTES, &length, &err), NRD_E_NULL);
    assert_int_equal(
        nrd_exact_to_bytes(&sum, bytes, NRD_EXACT_BYTES, NULL, &err), NRD_E_NULL);
    assert_error(&err, NRD_E_NULL, NRD_NO_ROW, "NULL");
    assert_int_equal(
        nrd_exact_to_bytes(&sum, bytes, NRD_EXACT_BYTES - 1, &length, &err), NRD_E_SIZE);
    assert_error(&err, NRD_E_SIZE, NRD_NO_ROW, "863");
    assert_error(&err, NRD_E_SIZE, NRD_NO_ROW, "864");
    assert_int_equal(nrd_exact_to_bytes(&sum, bytes, 0, &length, NULL), NRD_E_SIZE);
    assert_memory_equal(bytes, before, sizeof bytes);
    assert_int_equal(length, 75);
}

static void
reading_checks_its_arguments(void **state)
{
    uint8_t bytes[NRD_EXACT_BYTES];
    nrd_exact sum = awkward_sum();
    const nrd_exact before = sum;
    const size_t length = bytes_of(&sum, bytes);
    nrd_error err;

    (void) state;
    assert_int_equal(nrd_exact_from_bytes(NULL, length, &sum, &err), NRD_E_NULL);
    assert_error(&err, NRD_E_NULL, NRD_NO_ROW, "NULL");
    assert_int_equal(nrd_exact_from_bytes(NULL, 0, &sum, NULL), NRD_E_NULL);
    assert_int_equal(nrd_exact_from_bytes(bytes, length, NULL, &err), NRD_E_NULL);
    assert_error(&err, NRD_E_NULL, NRD_NO_ROW, "NULL");
    assert_int_equal(nrd_exact_from_bytes(bytes, 0, &sum, NULL), NRD_E_PARSE);
    assert_memory_equal(&sum, &before, sizeof sum);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_keep_every_sum),
        cmocka_unit_test(routes_lead_to_the_same_bytes),
        cmocka_unit_test(debts_are_kept),
        cmocka_unit_test(lengths_stay_in_their_bounds),
        cmocka_unit_test(no_damage_is_missed),
        cmocka_unit_test(other_lengths_are_refused),
        cmocka_unit_test(other_forms_are_refused),
        cmocka_unit_test(nothing_has_one_form),
        cmocka_unit_test(writing_checks_its_arguments),
        cmocka_unit_test(reading_checks_its_arguments),
    };

    return cmocka_run_group_tests_name("exact_bytes", tests, NULL, NULL);
}
