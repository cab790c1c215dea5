#include <nrd/gap_together.h>

#include <inttypes.h>
#include <string.h>

#include "attainment_private.h"
#include "status_private.h"

static size_t
word_of(size_t units)
{
    return (units + NRDI_WORD_BITS - 1) / NRDI_WORD_BITS;
}

/* Criteria that a unit surely misses, 64 of them. */
static uint64_t
surely(const nrd_attainment *matrix, size_t unit, size_t word)
{
    const uint64_t known = matrix->known[unit * matrix->words + word];
    const uint64_t met = matrix->met[unit * matrix->words + word];

    return (known & ~met) | (~known & matrix->closed_unmet[word]);
}

static uint64_t
possibly(const nrd_attainment *matrix, size_t unit, size_t word)
{
    const uint64_t known = matrix->known[unit * matrix->words + word];
    const uint64_t met = matrix->met[unit * matrix->words + word];

    return matrix->all[word] & ~(met | (~known & matrix->closed_met[word]));
}

/* Turn the masks: for each criterion the units that miss it, 64 of them a word. */
static void
turn(const nrd_attainment *matrix,
    uint64_t (*missing)(const nrd_attainment *, size_t, size_t), uint64_t *out)
{
    const size_t words = word_of(matrix->units);

    memset(out, 0, matrix->criteria * words * sizeof *out);
    for (size_t u = 0; u < matrix->units; u++) {
        for (size_t w = 0; w < matrix->words; w++) {
            uint64_t left = missing(matrix, u, w);

            while (left != 0) {
                const size_t c = w * NRDI_WORD_BITS + (size_t) __builtin_ctzll(left);

                nrdi_set_bit(out + c * words, u);
                left &= left - 1;
            }
        }
    }
}

/* Units in all the rows of one set. */
static uint64_t
count_all(const uint64_t *rows, size_t words, const int32_t *members, size_t size)
{
    uint64_t count = 0;

    for (size_t w = 0; w < words; w++) {
        uint64_t left = rows[(size_t) members[0] * words + w];

        for (size_t k = 1; k < size; k++) {
            left &= rows[(size_t) members[k] * words + w];
        }
        count += (uint64_t) __builtin_popcountll(left);
    }
    return count;
}

static nrd_status
check_members(const nrd_attainment *matrix, const int32_t *members, size_t size,
    size_t n_sets, nrd_error *err)
{
    for (size_t s = 0; s < n_sets; s++) {
        for (size_t k = 0; k < size; k++) {
            const int32_t c = members[s * size + k];

            if (c < 0 || (size_t) c >= matrix->criteria) {
                return nrdi_fail(err, NRD_E_UNKNOWN, s,
                    "found criterion index %" PRId32 ", expected one below %zu", c,
                    matrix->criteria);
            }
        }
    }
    return NRD_OK;
}

nrd_status
nrd_gap_together(const nrd_attainment *matrix, const int32_t *members, size_t size,
    size_t n_sets, uint64_t *low_out, uint64_t *high_out, nrd_error *err)
{
    size_t words;
    uint64_t *rows;

    if (matrix == NULL || members == NULL || low_out == NULL || high_out == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "an argument or array is NULL");
    }
    if (size == 0) {
        return nrdi_fail(
            err, NRD_E_SIZE, NRD_NO_ROW, "a set has 0 criteria, expected 1 or more");
    }
    NRDI_TRY(check_members(matrix, members, size, n_sets, err));
    words = word_of(matrix->units);
    rows = nrdi_malloc(matrix->criteria * words, sizeof *rows);
    if (rows == NULL) {
        return nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW, "no memory left for the masks");
    }
    turn(matrix, surely, rows);
    for (size_t s = 0; s < n_sets; s++) {
        low_out[s] = count_all(rows, words, members + s * size, size);
    }
    turn(matrix, possibly, rows);
    for (size_t s = 0; s < n_sets; s++) {
        high_out[s] = count_all(rows, words, members + s * size, size);
    }
    nrdi_free(rows);
    return NRD_OK;
}

/* Count the criteria of a unit in masks, and note the last of them. */
static size_t
count_missing(const nrd_attainment *matrix, size_t unit,
    uint64_t (*missing)(const nrd_attainment *, size_t, size_t), size_t *last)
{
    size_t count = 0;

    for (size_t w = 0; w < matrix->words; w++) {
        const uint64_t found = missing(matrix, unit, w);

        if (found != 0) {
            count += (size_t) __builtin_popcountll(found);
            *last = w * NRDI_WORD_BITS + 63 - (size_t) __builtin_clzll(found);
        }
    }
    return count;
}

/* Of a unit that surely misses nothing each criterion may be the only one; of a unit that
 * surely misses one, that one. */
static void
add_alone(const nrd_attainment *matrix, size_t unit, uint64_t *low, uint64_t *high)
{
    size_t only = 0;
    size_t other = 0;
    const size_t sure = count_missing(matrix, unit, surely, &only);
    const size_t possible = count_missing(matrix, unit, possibly, &other);

    if (sure == 1) {
        low[only] += possible == 1 ? 1 : 0;
        high[only]++;
    }
    for (size_t w = 0; sure == 0 && w < matrix->words; w++) {
        uint64_t left = possibly(matrix, unit, w);

        while (left != 0) {
            high[w * NRDI_WORD_BITS + (size_t) __builtin_ctzll(left)]++;
            left &= left - 1;
        }
    }
}

nrd_status
nrd_gap_alone(const nrd_attainment *matrix, uint64_t *low_out, uint64_t *high_out, size_t n,
    nrd_error *err)
{
    NRDI_TRY(nrdi_attainment_check(
        matrix, low_out, high_out, n, matrix != NULL ? matrix->criteria : 0, err));
    memset(low_out, 0, n * sizeof *low_out);
    memset(high_out, 0, n * sizeof *high_out);
    for (size_t u = 0; u < matrix->units; u++) {
        add_alone(matrix, u, low_out, high_out);
    }
    return NRD_OK;
}
