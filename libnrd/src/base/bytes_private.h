#ifndef NRDI_BYTES_PRIVATE_H
#define NRDI_BYTES_PRIVATE_H

#include <stddef.h>
#include <stdint.h>

/* Whole numbers as little-endian bytes, and the checksum of states. */

/* Counts of rows left out, of infinities and of NaN: more were never added, and many such
 * states can be merged. */
#define NRDI_MOST_COUNTED ((int64_t) 1 << 53)

static inline void
nrdi_put(uint8_t *at, uint64_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        at[i] = (uint8_t) (value >> (8 * i));
    }
}

static inline uint64_t
nrdi_get(const uint8_t *at, size_t bytes)
{
    uint64_t value = 0;

    for (size_t i = 0; i < bytes; i++) {
        value |= (uint64_t) at[i] << (8 * i);
    }
    return value;
}

/* CRC-32 of IEEE 802.3. */
static inline uint32_t
nrdi_checksum(const uint8_t *bytes, size_t n)
{
    uint32_t crc = UINT32_MAX;

    for (size_t i = 0; i < n; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++) {
            crc = crc >> 1 ^ ((crc & 1) != 0 ? UINT32_C(0xEDB88320) : 0);
        }
    }
    return ~crc;
}

#endif
