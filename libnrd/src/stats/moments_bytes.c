/* Canonical bytes of a state, little-endian:
 *
 *   4  "NRDM", then 1 version, 1 weights, 1 level, 1 one where powers are kept, else zero
 *   4  columns, 4 groups, 8 rows dropped
 *   c  decimals of each column, one signed byte each
 *   c  where powers are kept the degree of each column, one byte each
 *      for each group 8 rows and 8 rows with a weight above 0;
 *      then, where it has rows, each sum:
 *      1 sign, 2 place of its lowest digit, 2 number of digits, and these, 4 bytes each
 *   4  CRC-32 of all before
 */

#include "moments_power_private.h"

#include <inttypes.h>

#include "bytes_private.h"
#include "status_private.h"

#define VERSION 1
#define HEADER 24
#define SUM_HEADER 5
#define CHECKSUM 4

static size_t
sum_bytes(const nrdi_big *sum)
{
    return SUM_HEADER + 4 * sum->n;
}

size_t
nrd_moments_bytes(const nrd_moments *state)
{
    const size_t marks = state->powers != NULL ? 2 : 1;
    size_t length = HEADER + marks * state->columns + 16 * state->groups + CHECKSUM;
    nrdi_big sum;

    for (size_t g = 0; g < state->groups; g++) {
        const int used = nrdi_moments_record(state, g)[NRDI_ROWS] > 0;

        for (size_t k = 0; k < state->sums && used; k++) {
            nrdi_moments_big(state, g, k, &sum);
            length += sum_bytes(&sum);
        }
    }
    return length;
}

static uint8_t *
put_sum(uint8_t *at, const nrdi_big *sum)
{
    at[0] = sum->sign < 0;
    nrdi_put(at + 1, (uint64_t) (sum->exponent + NRDI_EXACT_OFFSET / 32), 2);
    nrdi_put(at + 3, sum->n, 2);
    for (size_t i = 0; i < sum->n; i++) {
        nrdi_put(at + SUM_HEADER + 4 * i, sum->digit[i], 4);
    }
    return at + sum_bytes(sum);
}

nrd_status
nrd_moments_to_bytes(
    const nrd_moments *state, uint8_t *out, size_t capacity, nrd_error *err)
{
    uint8_t *at = out;
    nrdi_big sum;

    if (state == NULL || out == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "the state or the output is NULL");
    }
    if (capacity < nrd_moments_bytes(state)) {
        return nrdi_fail(err, NRD_E_SIZE, NRD_NO_ROW,
            "there is room for %zu bytes, expected %zu", capacity,
            nrd_moments_bytes(state));
    }
    memcpy(at, "NRDM", 4);
    at[4] = VERSION;
    at[5] = (uint8_t) state->weights;
    at[6] = (uint8_t) state->level;
    at[7] = state->powers != NULL;
    nrdi_put(at + 8, state->columns, 4);
    nrdi_put(at + 12, state->groups, 4);
    nrdi_put(at + 16, state->dropped, 8);
    at += HEADER;
    for (size_t i = 0; i < state->columns; i++) {
        *at++ = (uint8_t) (int8_t) state->decimals[i];
    }
    for (size_t i = 0; i < state->columns && state->powers != NULL; i++) {
        *at++ = (uint8_t) nrdi_moments_degrees(state)[i];
    }
    for (size_t g = 0; g < state->groups; g++) {
        const int64_t *record = nrdi_moments_record(state, g);

        nrdi_put(at, (uint64_t) record[NRDI_ROWS], 8);
        nrdi_put(at + 8, nrdi_moments_weighted(state, g), 8);
        at += 16;
        for (size_t k = 0; k < state->sums && record[NRDI_ROWS] > 0; k++) {
            nrdi_moments_big(state, g, k, &sum);
            at = put_sum(at, &sum);
        }
    }
    nrdi_put(at, nrdi_checksum(out, (size_t) (at - out)), CHECKSUM);
    return NRD_OK;
}

/* What is left to read. */
typedef struct {
    const uint8_t *at;
    size_t left;
} source;

static const uint8_t *
take(source *in, size_t n)
{
    const uint8_t *at = in->at;

    if (in->left < n) {
        return NULL;
    }
    in->at += n;
    in->left -= n;
    return at;
}

/* Read one sum into digits that are 0; 0 where the bytes are not what was written. */
static int
take_sum(source *in, int64_t *digit)
{
    const uint8_t *header = take(in, SUM_HEADER), *digits;
    size_t first, n;

    if (header == NULL) {
        return 0;
    }
    first = (size_t) nrdi_get(header + 1, 2);
    n = (size_t) nrdi_get(header + 3, 2);
    digits = take(in, 4 * n);
    if (digits == NULL || header[0] > 1 || first + n > NRDI_EXACT_DIGITS) {
        return 0;
    }
    for (size_t i = 0; i < n; i++) {
        const int64_t value = (int64_t) nrdi_get(digits + 4 * i, 4);

        digit[first + i] = header[0] != 0 ? -value : value;
    }
    return n > 0 ? digit[first] != 0 && digit[first + n - 1] != 0
                 : header[0] == 0 && first == NRDI_EXACT_OFFSET / 32;
}

/* Whether the counts of a group are such as its total weight can have. */
static int
counts_fit(const nrd_moments *one, uint64_t rows, uint64_t weighted)
{
    nrdi_big weight;

    if (one->weights == NRD_WEIGHTS_NONE || rows == 0) {
        return weighted == rows && rows <= INT64_MAX;
    }
    nrdi_moments_big(one, 0, 0, &weight);
    return weighted <= rows && rows <= INT64_MAX && weight.sign == (weighted > 0);
}

/* Read one group into a state of one group of its own, and merge it. */
static nrd_status
take_group(source *in, nrd_moments *state, nrd_moments *one, size_t group, nrd_error *err)
{
    const uint8_t *counts = take(in, 16);
    const int64_t to = (int64_t) group;
    int64_t *record = nrdi_moments_record(one, 0);
    uint64_t rows, weighted;

    if (counts == NULL) {
        return nrdi_fail(err, NRD_E_PARSE, group, "the bytes end before the group");
    }
    rows = nrdi_get(counts, 8);
    weighted = nrdi_get(counts + 8, 8);
    memset(record, 0, one->stride * sizeof *record);
    for (size_t k = 0; k < one->sums && rows > 0; k++) {
        if (!take_sum(in, record + one->windows[k].at)) {
            return nrdi_fail(err, NRD_E_PARSE, group, "a sum of the group is damaged");
        }
    }
    if (!counts_fit(one, rows, weighted)) {
        return nrdi_fail(err, NRD_E_PARSE, group, "the rows of the group are damaged");
    }
    record[NRDI_ROWS] = (int64_t) rows;
    record[NRDI_WEIGHTED] = (int64_t) weighted;
    return nrd_moments_merge(state, one, &to, err);
}

static nrd_status
check_header(const uint8_t *bytes, size_t length, nrd_error *err)
{
    if (length < HEADER + CHECKSUM || memcmp(bytes, "NRDM", 4) != 0) {
        return nrdi_fail(
            err, NRD_E_PARSE, NRD_NO_ROW, "found %zu bytes that are no state", length);
    }
    if (bytes[4] != VERSION) {
        return nrdi_fail(err, NRD_E_PARSE, NRD_NO_ROW, "found version %d, expected %d",
            bytes[4], VERSION);
    }
    if (nrdi_get(bytes + length - CHECKSUM, CHECKSUM) !=
        nrdi_checksum(bytes, length - CHECKSUM)) {
        return nrdi_fail(
            err, NRD_E_PARSE, NRD_NO_ROW, "the checksum is wrong: damaged bytes");
    }
    if (nrdi_get(bytes + 16, 8) > (uint64_t) NRDI_MOST_COUNTED) {
        return nrdi_fail(err, NRD_E_PARSE, NRD_NO_ROW,
            "found %" PRIu64 " rows dropped, expected at most 2^53",
            nrdi_get(bytes + 16, 8));
    }
    return NRD_OK;
}

static nrd_status
take_groups(source *in, nrd_moments *state, nrd_error *err)
{
    nrd_moments *one = NULL;
    nrd_status status = nrd_moments_new(
        state->columns, 1, state->weights, state->level, state->decimals, &one, err);

    if (status == NRD_OK && state->powers != NULL) {
        status =
            nrd_moments_keep_powers(one, nrdi_moments_degrees(state), state->columns, err);
    }
    for (size_t g = 0; g < state->groups && status == NRD_OK; g++) {
        status = take_group(in, state, one, g, err);
    }
    nrd_moments_free(one);
    if (status == NRD_OK && in->left != 0) {
        return nrdi_fail(err, NRD_E_PARSE, NRD_NO_ROW, "%zu bytes are left over", in->left);
    }
    return status;
}

/* Make a state of the kind that the header states, without rows. */
static nrd_status
take_kind(source *in, const uint8_t *header, nrd_moments **out, nrd_error *err)
{
    const size_t columns = (size_t) nrdi_get(header + 8, 4);
    const size_t groups = (size_t) nrdi_get(header + 12, 4);
    const size_t marks = header[7] == 1 ? 2 : 1;
    int32_t *mark = NULL;
    nrd_status status;

    if (in->left / marks < columns || (in->left - marks * columns) / 16 < groups) {
        return nrdi_fail(err, NRD_E_PARSE, NRD_NO_ROW,
            "the bytes end before %zu columns and %zu groups", columns, groups);
    }
    mark = nrdi_malloc(marks * columns, sizeof *mark);
    if (mark == NULL) {
        return nrdi_fail(
            err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for %zu columns", columns);
    }
    for (size_t i = 0; i < marks * columns; i++) {
        mark[i] = (int8_t) *take(in, 1);
    }
    status = nrd_moments_new(columns, groups, (nrd_weights) header[5],
        (nrd_moments_level) header[6], mark, out, err);
    if (status == NRD_OK && marks == 2) {
        status = nrd_moments_keep_powers(*out, mark + columns, columns, err);
    }
    nrdi_free(mark);
    if (status == NRD_E_DOMAIN || (status == NRD_OK && header[7] > 1)) {
        status = nrdi_fail(err, NRD_E_PARSE, NRD_NO_ROW,
            "the header states columns, weights, a level, decimals or degrees that are "
            "none");
    }
    return status;
}

nrd_status
nrd_moments_from_bytes(
    const uint8_t *bytes, size_t length, nrd_moments **out, nrd_error *err)
{
    nrd_moments *state = NULL;
    nrd_status status;
    source in;

    if (bytes == NULL || out == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "the bytes or the output are NULL");
    }
    NRDI_TRY(check_header(bytes, length, err));
    in = (source){bytes + HEADER, length - HEADER - CHECKSUM};
    status = take_kind(&in, bytes, &state, err);
    status = status == NRD_OK ? take_groups(&in, state, err) : status;
    if (status != NRD_OK) {
        nrd_moments_free(state);
        return status;
    }
    state->dropped = nrdi_get(bytes + 16, 8);
    *out = state;
    return NRD_OK;
}
