#ifndef MOMENTS_TOY_H
#define MOMENTS_TOY_H

#include <nrd/moments.h>

#include "exact_toy.h"

#define MOST_COLUMNS 3

/* Rows in memory of the test's own: columns, and where they are wanted weights, which NaN
 * leaves out, and groups, which a bit of 0 leaves out. */
typedef struct {
    size_t p;
    size_t n;
    size_t groups;
    nrd_weights weights;
    nrd_moments_level level;
    const int32_t *decimals;
    const double *columns[MOST_COLUMNS];
    const double *weight;
    const int64_t *group;
    const uint8_t *group_validity;
} toy_rows;

/* Plain columns, one group, all sums. */
static inline toy_rows
toy_of(size_t n, const double *x, const double *y)
{
    return (toy_rows){.p = y != NULL ? 2 : 1,
        .n = n,
        .groups = 1,
        .level = NRD_MOMENTS_COVARIANCES,
        .columns = {x, y}};
}

static inline nrd_moments *
toy_new(const toy_rows *rows)
{
    nrd_moments *state = NULL;

    assert_int_equal(nrd_moments_new(rows->p, rows->groups, rows->weights, rows->level,
                         rows->decimals, &state, NULL),
        NRD_OK);
    return state;
}

/* Add the rows from `first` to before `end`. */
static inline nrd_status
toy_update(nrd_moments *state, const toy_rows *rows, size_t first, size_t end, int threads,
    nrd_error *err)
{
    nrd_column columns[MOST_COLUMNS];
    const size_t n = end - first;
    const nrd_column weight = {NRD_TYPE_FLOAT64, n, first, rows->weight, NULL};
    const nrd_column group = {NRD_TYPE_INT64, n, first, rows->group, rows->group_validity};

    for (size_t i = 0; i < rows->p; i++) {
        columns[i] = (nrd_column){NRD_TYPE_FLOAT64, n, first, rows->columns[i], NULL};
    }
    return nrd_moments_update(state, columns, rows->p, rows->group != NULL ? &group : NULL,
        0, rows->weight != NULL ? &weight : NULL, threads, NULL, err);
}

static inline void
toy_add(nrd_moments *state, const toy_rows *rows, size_t first, size_t end, int threads)
{
    nrd_error err = {NRD_OK, 0, ""};

    if (toy_update(state, rows, first, end, threads, &err) != NRD_OK) {
        fail_msg("row %zu: %s", err.row, err.message);
    }
}

/* A state of the rows from `first` to before `end`. */
static inline nrd_moments *
toy_part(const toy_rows *rows, size_t first, size_t end)
{
    nrd_moments *state = toy_new(rows);

    toy_add(state, rows, first, end, 1);
    return state;
}

static inline nrd_moments *
toy_state(const toy_rows *rows)
{
    return toy_part(rows, 0, rows->n);
}

/* The bytes of a state, released with free; their number in *length. */
static inline uint8_t *
toy_bytes(const nrd_moments *state, size_t *length)
{
    uint8_t *bytes;

    *length = nrd_moments_bytes(state);
    bytes = malloc(*length);
    assert_non_null(bytes);
    assert_int_equal(nrd_moments_to_bytes(state, bytes, *length, NULL), NRD_OK);
    return bytes;
}

/* Same rows, same bytes. */
static inline void
assert_same_state(const nrd_moments *actual, const nrd_moments *expected, const char *what)
{
    size_t length, wanted;
    uint8_t *found = toy_bytes(actual, &length), *bytes = toy_bytes(expected, &wanted);
    const int same = length == wanted && memcmp(found, bytes, length) == 0;

    free(found);
    free(bytes);
    if (!same) {
        fail_msg("%s: the states differ", what);
    }
}

/* The same, and the first is released. */
static inline void
assert_same_then_free(nrd_moments *actual, const nrd_moments *expected, const char *what)
{
    assert_same_state(actual, expected, what);
    nrd_moments_free(actual);
}

#endif
