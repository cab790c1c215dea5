#ifndef EXACT_TOY_H
#define EXACT_TOY_H

#include <nrd/exact.h>

#include "support.h"

/* Fill out with the list key of a reference and return its length, at most capacity. */
static inline size_t
ref_doubles(const cJSON *ref, const char *key, double *out, size_t capacity)
{
    const size_t n = (size_t) cJSON_GetArraySize(ref_get(ref, key));

    assert_true(n <= capacity);
    for (size_t i = 0; i < n; i++) {
        out[i] = ref_at(ref, key, i);
    }
    return n;
}

/* The bytes of a sum; out holds NRD_EXACT_BYTES. */
static inline size_t
bytes_of(const nrd_exact *sum, uint8_t *out)
{
    size_t length = 0;

    assert_int_equal(nrd_exact_to_bytes(sum, out, NRD_EXACT_BYTES, &length, NULL), NRD_OK);
    assert_in_range(length, 1, NRD_EXACT_BYTES);
    return length;
}

/* Same content, same bytes. */
static inline void
assert_same_sum(const nrd_exact *actual, const nrd_exact *expected, const char *what)
{
    uint8_t found[NRD_EXACT_BYTES], wanted[NRD_EXACT_BYTES];
    const size_t length = bytes_of(actual, found);

    if (length != bytes_of(expected, wanted) || memcmp(found, wanted, length) != 0) {
        fail_msg("%s: the sums differ, %.17g and %.17g", what, nrd_exact_round(actual),
            nrd_exact_round(expected));
    }
}

/* A sum has the bytes that a reference lists in hexadecimal. */
static inline void
assert_bytes(const nrd_exact *sum, const cJSON *ref, const char *key, const char *what)
{
    const char *expected = cJSON_GetStringValue(ref_get(ref, key));
    uint8_t bytes[NRD_EXACT_BYTES];
    char found[2 * NRD_EXACT_BYTES + 1];
    const size_t length = bytes_of(sum, bytes);

    assert_non_null(expected);
    for (size_t i = 0; i < length; i++) {
        (void) snprintf(found + 2 * i, 3, "%02x", bytes[i]);
    }
    if (strcmp(found, expected) != 0) {
        fail_msg("%s: found %s, expected %s", what, found, expected);
    }
}

/* The same double, or both NaN. */
static inline void
assert_rounded(double actual, double expected, size_t row)
{
    if (!isnan(expected)) {
        assert_same(actual, expected, row);
    } else if (!isnan(actual)) {
        fail_msg("row %zu: found %.17g, expected NaN", row, actual);
    }
}

/* The sum of n values, added one after another. */
static inline nrd_exact
sum_of(const double *values, size_t n)
{
    nrd_exact sum;

    nrd_exact_init(&sum);
    for (size_t i = 0; i < n; i++) {
        nrd_exact_add(&sum, values[i]);
    }
    return sum;
}

/* The next 64 bits of a sequence. Source: splitmix64, G. L. Steele, D. Lea, C. H. Flood,
 * OOPSLA 2014, 453-472. */
static inline uint64_t
next_bits(uint64_t *state)
{
    uint64_t bits = *state += UINT64_C(0x9e3779b97f4a7c15);

    bits = (bits ^ bits >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    bits = (bits ^ bits >> 27) * UINT64_C(0x94d049bb133111eb);
    return bits ^ bits >> 31;
}

/* A double of either sign, 2^low to 2^(high + 1) in size. */
static inline double
next_double(uint64_t *state, int low, int high)
{
    const double mantissa = (double) (next_bits(state) >> 11 | UINT64_C(1) << 52);
    const uint64_t bits = next_bits(state);
    const int exponent = low + (int) ((bits >> 1) % (uint64_t) (high - low + 1));

    return ldexp((bits & 1) != 0 ? -mantissa : mantissa, exponent - 52);
}

/* Change the order of n values. */
static inline void
shuffle(double *values, size_t n, uint64_t *state)
{
    for (size_t i = n; i > 1; i--) {
        const size_t other = (size_t) (next_bits(state) % i);
        const double value = values[i - 1];

        values[i - 1] = values[other];
        values[other] = value;
    }
}

#endif
