#ifndef NRD_TEST_SUPPORT_H
#define NRD_TEST_SUPPORT_H

/* What all C tests share: cmocka, doubles compared as doubles, reference files. */

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <nrd/status.h>
#include <cmocka.h>

/* Equal within a tolerance relative to expected: an expected 0, NaN or infinity must be
 * met exactly. */
#define assert_close(actual, expected, tolerance)                                          \
    assert_close_at((actual), (expected), (tolerance), __FILE__, __LINE__)

static inline void
assert_close_at(
    double actual, double expected, double tolerance, const char *file, int line)
{
    const int same = actual == expected || (isnan(actual) && isnan(expected));

    /* Written so that a NaN, or the infinite distance of an infinity, is not close. */
    if (!same &&
        !(isfinite(expected) && fabs(actual - expected) <= tolerance * fabs(expected))) {
        print_error(
            "%.17g is not %.17g within a relative %g\n", actual, expected, tolerance);
        _fail(file, line);
    }
}

/* The whole of a text file, terminated, released with free; its length in length_out
 * unless that is NULL. A file that cannot be read fails the test. */
static inline char *
read_text(const char *path, size_t *length_out)
{
    FILE *file = fopen(path, "rb");
    char *text = NULL;
    long length = -1;

    if (file != NULL && fseek(file, 0, SEEK_END) == 0) {
        length = ftell(file);
    }
    if (length >= 0 && fseek(file, 0, SEEK_SET) == 0) {
        text = calloc((size_t) length + 1, 1);
    }
    if (text == NULL || fread(text, 1, (size_t) length, file) != (size_t) length) {
        fail_msg("cannot read %s", path);
    }
    (void) fclose(file);
    if (length_out != NULL) {
        *length_out = (size_t) length;
    }
    return text;
}

/* tests/reference/<name>.json, released with cJSON_Delete. */
static inline cJSON *
ref_open(const char *name)
{
    char path[1024];
    char *text;
    cJSON *ref;

    (void) snprintf(path, sizeof path, "%s/%s.json", NRD_REFERENCE_DIR, name);
    text = read_text(path, NULL);
    ref = cJSON_Parse(text);
    free(text);
    if (ref == NULL) {
        fail_msg("%s is not JSON", path);
    }
    return ref;
}

/* Member key of a reference, which must be there. */
static inline const cJSON *
ref_get(const cJSON *ref, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(ref, key);

    if (item == NULL) {
        fail_msg("the reference has no %s", key);
    }
    return item;
}

/* Number i of the list key; null stands for NaN. */
static inline double
ref_at(const cJSON *ref, const char *key, size_t i)
{
    const cJSON *item = cJSON_GetArrayItem(ref_get(ref, key), (int) i);

    if (!cJSON_IsNumber(item) && !cJSON_IsNull(item)) {
        fail_msg("%s[%zu] of the reference is not a number", key, i);
    }
    return cJSON_IsNumber(item) ? item->valuedouble : (double) NAN;
}

/* Copy the list key, counts below 2^53, to out, and return its length, at most capacity. */
static inline size_t
ref_counts(const cJSON *ref, const char *key, uint64_t *out, size_t capacity)
{
    const size_t n = (size_t) cJSON_GetArraySize(ref_get(ref, key));

    if (n > capacity) {
        fail_msg(
            "%s of the reference has %zu numbers, expected at most %zu", key, n, capacity);
    }
    for (size_t i = 0; i < n; i++) {
        const double value = ref_at(ref, key, i);

        if (!(value >= 0.0 && value < 9007199254740992.0 && floor(value) == value)) {
            fail_msg("%s[%zu] of the reference is %g, expected a count", key, i, value);
        }
        out[i] = (uint64_t) value;
    }
    return n;
}

/* An error says what it must, and its message names what was found. */
static inline void
assert_error(const nrd_error *err, nrd_status status, size_t row, const char *found)
{
    assert_int_equal(err->status, status);
    assert_int_equal(err->row, row);
    assert_in_range(strlen(err->message), 1, sizeof err->message - 1);
    if (strstr(err->message, found) == NULL) {
        fail_msg("\"%s\" does not name \"%s\"", err->message, found);
    }
}

/* The nearest double is one double: compare all bits. */
static inline void
assert_same(double actual, double expected, size_t row)
{
    if (memcmp(&actual, &expected, sizeof actual) != 0) {
        fail_msg("row %zu: %.17g is not %.17g", row, actual, expected);
    }
}

#endif
