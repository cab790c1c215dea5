/* Canonical bytes of a state, little-endian:
 *
 *   4  "NRDM", then 1 version, 1 weights, 1 level, 1 zero
 *   4  columns, 4 groups, 8 rows dropped
 *   c  decimals of each column, one signed byte each
 *      for each group 8 rows and 8 rows with a weight above 0; then, where it has rows,
 * each sum: 1 sign, 2 place of its lowest digit, 2 digits, and these, 4 bytes each 4 CRC-32
 * of all before
 */

#include "moments_private.h"

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
    size_t length = HEADER + state->columns + 16 * state->groups + CHECKSUM;
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
    at[7] = 0;
    nrdi_put(at + 8, state->columns, 4);
    nrdi_put(at + 12, state->groups, 4);
    nrdi_put(at + 16, state->dropped, 8);
    at += HEADER;
    for (size_t i = 0; i < state->columns; i++) {
        *at++ = (uint8_t) (int8_t) state->decimals[i];
    }
    for (size_t g = 0; g < state->groups; g++) {
        const int64_t *record = nrdi_moments_record(state, g);

        nrdi_put(at, (uint64_t) record[NRDI_ROWS], 8);
        nrdi_put(at + 8, (uint64_t) record[NRDI_WEIGHTED], 8);
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

/* Read one sum into an exact one; 0 where the bytes are not what was written. */
static int
take_sum(source *in, nrd_exact *out)
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
    nrd_exact_init(out);
    for (size_t i = 0; i < n; i++) {
        const int64_t digit = (int64_t) nrdi_get(digits + 4 * i, 4);

        out->digit[first + i] = header[0] != 0 ? -digit : digit;
    }
    return 1;
}

/* Read one group into a state of one group of its own, and merge it. */
static nrd_status
take_group(source *in, nrd_moments *state, nrd_moments *one, nrd_exact *sums, size_t group,
    nrd_error *err)
{
    const uint8_t *counts = take(in, 16);
    const int64_t to = (int64_t) group;
    int64_t *record = nrdi_moments_record(one, 0);

    if (counts == NULL) {
        return nrdi_fail(err, NRD_E_PARSE, group, "the bytes end before the group");
    }
    memset(record, 0, one->stride * sizeof *record);
    for (size_t k = 0; k < state->sums && nrdi_get(counts, 8) > 0; k++) {
        if (!take_sum(in, &sums[k])) {
            return nrdi_fail(err, NRD_E_PARSE, group, "a sum of the group is damaged");
        }
    }
    if (nrdi_get(counts, 8) > 0) {
        nrdi_moments_add_sums(one, sums, 0);
        record[NRDI_ROWS] = (int64_t) nrdi_get(counts, 8);
        record[NRDI_WEIGHTED] = (int64_t) nrdi_get(counts + 8, 8);
        return nrd_moments_merge(state, one, &to, err);
    }
    return NRD_OK;
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
    return NRD_OK;
}

static nrd_status
take_groups(source *in, nrd_moments *state, nrd_error *err)
{
    nrd_moments *one = NULL;
    nrd_exact *sums = nrdi_malloc(state->sums, sizeof *sums);
    nrd_status status = sums == NULL ? NRD_E_MEMORY
                                     : nrd_moments_new(state->columns, 1, state->weights,
                                           state->level, state->decimals, &one, err);

    for (size_t g = 0; g < state->groups && status == NRD_OK; g++) {
        status = take_group(in, state, one, sums, g, err);
    }
    nrd_moments_free(one);
    nrdi_free(sums);
    return status;
}

nrd_status
nrd_moments_from_bytes(
    const uint8_t *bytes, size_t length, nrd_moments **out, nrd_error *err)
{
    nrd_moments *state = NULL;
    int32_t *decimals = NULL;
    nrd_status status;
    source in;
    size_t columns;

    if (bytes == NULL || out == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "the bytes or the output are NULL");
    }
    NRDI_TRY(check_header(bytes, length, err));
    in = (source){bytes + HEADER, length - HEADER - CHECKSUM};
    columns = (size_t) nrdi_get(bytes + 8, 4);
    if (in.left < columns) {
        return nrdi_fail(err, NRD_E_PARSE, NRD_NO_ROW, "the bytes end before the decimals");
    }
    decimals = nrdi_malloc(columns, sizeof *decimals);
    if (decimals == NULL) {
        return nrdi_fail(
            err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for %zu columns", columns);
    }
    for (size_t i = 0; i < columns; i++) {
        decimals[i] = (int8_t) *take(&in, 1);
    }
    status = nrd_moments_new(columns, (size_t) nrdi_get(bytes + 12, 4),
        (nrd_weights) bytes[5], (nrd_moments_level) bytes[6], decimals, &state, err);
    nrdi_free(decimals);
    status = status == NRD_OK ? take_groups(&in, state, err) : status;
    if (status == NRD_OK && in.left != 0) {
        status =
            nrdi_fail(err, NRD_E_PARSE, NRD_NO_ROW, "%zu bytes are left over", in.left);
    }
    if (status != NRD_OK) {
        nrd_moments_free(state);
        return status == NRD_E_DOMAIN ? NRD_E_PARSE : status;
    }
    state->dropped = nrdi_get(bytes + 16, 8);
    *out = state;
    return NRD_OK;
}
