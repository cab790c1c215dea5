/* Canonical bytes of an exact sum: all numbers little-endian.
 *
 *   4  "NRDE"
 *   1  version, 1
 *   1  sign, 1 for a negative sum
 *   2  place of the lowest digit that is not 0
 *   2  digits from there to the highest that is not 0
 *   2  0
 *  24  counts of +infinity, -infinity and NaN
 *  4n  digits of the magnitude, lowest first
 *   4  CRC-32 (IEEE 802.3) of all before
 */

#include <inttypes.h>

#include "bytes_private.h"
#include "exact_private.h"

#include "status_private.h"

#define VERSION 1
#define HEADER 36
#define CHECKSUM 4

nrd_status
nrd_exact_to_bytes(
    const nrd_exact *sum, uint8_t *out, size_t capacity, size_t *length_out, nrd_error *err)
{
    uint32_t digit[NRDI_EXACT_DIGITS];
    size_t first = 0, end = NRDI_EXACT_DIGITS, length;
    int sign;

    if (sum == NULL || out == NULL || length_out == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "the sum or an output is NULL");
    }
    if (capacity < NRD_EXACT_BYTES) {
        return nrdi_fail(err, NRD_E_SIZE, NRD_NO_ROW,
            "there is room for %zu bytes, expected %d", capacity, NRD_EXACT_BYTES);
    }
    sign = nrdi_exact_magnitude(sum, digit);
    while (end > 0 && digit[end - 1] == 0) {
        end--;
    }
    while (first < end && digit[first] == 0) {
        first++;
    }
    length = HEADER + 4 * (end - first);
    memcpy(out, "NRDE", 4);
    out[4] = VERSION;
    out[5] = sign < 0;
    nrdi_put(out + 6, first, 2);
    nrdi_put(out + 8, end - first, 2);
    nrdi_put(out + 10, 0, 2);
    nrdi_put(out + 12, (uint64_t) sum->positive_infinities, 8);
    nrdi_put(out + 20, (uint64_t) sum->negative_infinities, 8);
    nrdi_put(out + 28, (uint64_t) sum->not_numbers, 8);
    for (size_t i = first; i < end; i++) {
        nrdi_put(out + HEADER + 4 * (i - first), digit[i], 4);
    }
    nrdi_put(out + length, nrdi_checksum(out, length), CHECKSUM);
    *length_out = length + CHECKSUM;
    return NRD_OK;
}

/* Only what nrd_exact_to_bytes writes: one form for each content. */
static nrd_status
check_form(const uint8_t *bytes, size_t length, nrd_error *err)
{
    const size_t first = length >= HEADER ? (size_t) nrdi_get(bytes + 6, 2) : 0;
    const size_t count = length >= HEADER ? (size_t) nrdi_get(bytes + 8, 2) : 0;

    if (length < HEADER + CHECKSUM || memcmp(bytes, "NRDE", 4) != 0) {
        return nrdi_fail(
            err, NRD_E_PARSE, NRD_NO_ROW, "found %zu bytes that are no exact sum", length);
    }
    if (bytes[4] != VERSION) {
        return nrdi_fail(err, NRD_E_PARSE, NRD_NO_ROW, "found version %d, expected %d",
            bytes[4], VERSION);
    }
    if (length != HEADER + 4 * count + CHECKSUM) {
        return nrdi_fail(err, NRD_E_PARSE, NRD_NO_ROW, "found %zu bytes, expected %zu",
            length, HEADER + 4 * count + CHECKSUM);
    }
    if (nrdi_get(bytes + length - CHECKSUM, CHECKSUM) !=
        nrdi_checksum(bytes, length - CHECKSUM)) {
        return nrdi_fail(
            err, NRD_E_PARSE, NRD_NO_ROW, "the checksum is wrong: damaged bytes");
    }
    if (bytes[5] > (count > 0) || (count == 0 && first != 0) ||
        first + count > NRDI_EXACT_DIGITS || nrdi_get(bytes + 10, 2) != 0 ||
        (count > 0 && (nrdi_get(bytes + HEADER, 4) == 0 ||
                          nrdi_get(bytes + HEADER + 4 * (count - 1), 4) == 0))) {
        return nrdi_fail(
            err, NRD_E_PARSE, NRD_NO_ROW, "the bytes are not in their canonical form");
    }
    return NRD_OK;
}

static nrd_status
check_counts(const uint8_t *bytes, nrd_error *err)
{
    for (size_t at = 12; at < HEADER; at += 8) {
        const int64_t count = (int64_t) nrdi_get(bytes + at, 8);

        if (count > NRDI_MOST_COUNTED || count < -NRDI_MOST_COUNTED) {
            return nrdi_fail(err, NRD_E_PARSE, NRD_NO_ROW,
                "a count of infinities or NaN is %" PRId64 ", expected at most 2^53",
                count);
        }
    }
    return NRD_OK;
}

nrd_status
nrd_exact_from_bytes(const uint8_t *bytes, size_t length, nrd_exact *out, nrd_error *err)
{
    size_t first, count;
    int64_t sign;

    if (bytes == NULL || out == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "the bytes or the output are NULL");
    }
    NRDI_TRY(check_form(bytes, length, err));
    NRDI_TRY(check_counts(bytes, err));
    first = (size_t) nrdi_get(bytes + 6, 2);
    count = (size_t) nrdi_get(bytes + 8, 2);
    sign = bytes[5] != 0 ? -1 : 1;
    nrd_exact_init(out);
    out->positive_infinities = (int64_t) nrdi_get(bytes + 12, 8);
    out->negative_infinities = (int64_t) nrdi_get(bytes + 20, 8);
    out->not_numbers = (int64_t) nrdi_get(bytes + 28, 8);
    for (size_t i = 0; i < count; i++) {
        out->digit[first + i] = sign * (int64_t) nrdi_get(bytes + HEADER + 4 * i, 4);
    }
    out->pending = 1;
    return NRD_OK;
}
