"""The digests of test_moments_digest.c, from sums of whole numbers.

The table is that of the test: numbers of SplitMix64, made into doubles. A sum is a whole
number of units of 2^-3232, the least that libnrd counts.
"""

import struct
import zlib

ROWS, GROUPS = 262145, 3
OFFSET = 3232
WORD = 2**64 - 1


class Bits:
    """SplitMix64."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & WORD
        bits = self.state
        bits = ((bits ^ bits >> 30) * 0xBF58476D1CE4E5B9) & WORD
        bits = ((bits ^ bits >> 27) * 0x94D049BB133111EB) & WORD
        return bits ^ bits >> 31

    def double(self, low, high):
        """A mantissa and an exponent, as next_double in exact_toy.h."""
        mantissa = self.next() >> 11 | 1 << 52
        bits = self.next()
        exponent = low + (bits >> 1) % (high - low + 1) - 52
        return (-mantissa if bits & 1 else mantissa), exponent


def rows():
    """The rows of the test; y is None where it is missing."""
    bits = Bits(2024)
    for i in range(ROWS):
        x = bits.double(-60, 60) if i % 8 == 0 else bits.double(-2, 2)
        y = bits.double(9, 12)
        group = bits.next() % GROUPS
        yield x, None if bits.next() % 4096 == 0 else y, group


def times(a, b):
    return a[0] * b[0], a[1] + b[1]


def written(total):
    """Bytes of a sum of units of 2^-3232."""
    whole = abs(total)
    first = ((whole & -whole).bit_length() - 1) // 32 if whole else OFFSET // 32
    count = (whole.bit_length() + 31) // 32 - first if whole else 0
    digits = (whole >> 32 * first).to_bytes(4 * count, "little")
    return struct.pack("<BHH", total < 0, first, count) + digits


def state_of(table, groups, level, columns):
    """Bytes of a state: rows as pairs of factors of each sum, and of their group."""
    sums = {}
    for factors, group in table:
        held = sums.setdefault(group, [0, *[0] * len(factors)])
        held[0] += 1
        for k, (mantissa, exponent) in enumerate(factors):
            held[k + 1] += mantissa << (exponent + OFFSET)
    dropped = ROWS - sum(held[0] for held in sums.values())
    out = struct.pack("<4sBBBBIIQ", b"NRDM", 1, 0, level, 0, columns, groups, dropped)
    out += b"\xff" * columns
    for group in range(groups):
        count, *totals = sums[group]
        out += struct.pack("<QQ", count, count) + b"".join(map(written, totals))
    return out + struct.pack("<I", zlib.crc32(out))


def digest(data):
    """FNV-1a."""
    out = 0xCBF29CE484222325
    for byte in data:
        out = ((out ^ byte) * 0x100000001B3) & WORD
    return f"{out:016x}"


def moments_digest():
    """Digests of states of all sums and of means, with groups and without."""
    whole = [row for row in rows() if row[1] is not None]
    products = [
        ((x, y, times(x, x), times(x, y), times(y, y)), group) for x, y, group in whole
    ]
    means = [((y,), group) for _, y, group in whole]
    out = {"source": "sums of whole numbers in units of 2^-3232"}
    for name, table, level, columns in (
        ("covariances", products, 3, 2),
        ("means", means, 1, 1),
    ):
        plain = [(factors, 0) for factors, _ in table]
        out[f"{name}_plain"] = digest(state_of(plain, 1, level, columns))
        out[f"{name}_grouped"] = digest(state_of(table, GROUPS, level, columns))
    return out
