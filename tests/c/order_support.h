#ifndef NRD_TEST_ORDER_SUPPORT_H
#define NRD_TEST_ORDER_SUPPORT_H

/* What the tests of sorting, ranks and quantiles share. */

#include "support.h"

#include <string.h>

#include <nrd/order.h>

#define ROWS 128

/* Half a unit in the last place of 1. */
#define HALF_UNIT 0x1p-53

/* Copy the list key to out, and return its length, at most ROWS. */
static inline size_t
doubles_from(const cJSON *ref, const char *key, double *out)
{
    const size_t n = (size_t) cJSON_GetArraySize(ref_get(ref, key));

    assert_true(n <= ROWS);
    for (size_t i = 0; i < n; i++) {
        out[i] = ref_at(ref, key, i);
    }
    return n;
}

/* Numbers that look random, the same at every run. */
static inline uint64_t
next_number(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state >> 33;
}

/* The types 1 to 3 pick or halve and are exact; the others keep to the documented bound,
 * and the expected one is itself rounded. */
static inline void
compare_type(const cJSON *item, int type, const double *found, const double *values,
    size_t n, size_t count)
{
    const char key[] = {(char) ('0' + type), '\0'};
    double least = INFINITY, greatest = -INFINITY, largest;

    for (size_t i = 0; i < n; i++) {
        least = fmin(least, values[i]);
        greatest = fmax(greatest, values[i]);
    }
    largest = fmax(fabs(least), fabs(greatest));
    for (size_t i = 0; i < count; i++) {
        const double expected = ref_at(item, key, i);

        if (type <= 3) {
            assert_close(found[i], expected, 0.0);
        } else if (least >= 0.0 || greatest <= 0.0) {
            assert_close(found[i], expected, 4.0 * HALF_UNIT);
        } else {
            assert_true(fabs(found[i] / 2.0 - expected / 2.0) <= 3.0 * HALF_UNIT * largest);
        }
    }
}

#endif
