"""Exact sums: what doubles and their products add up to, rounded, and as bytes."""

import math
import random
import struct
import sys
import zlib
from fractions import Fraction

LARGEST = sys.float_info.max
LEAST = math.ulp(0.0)
SMALLEST_NORMAL = sys.float_info.min
COUNTS = [1, 2, 3, 7, 10, 2385, 2**32 + 1, 2**53 - 1]


def nearest(value):
    """Return the double nearest to a fraction; an infinity where it is too large."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def canonical(total, infinities=(0, 0), nans=0):
    """Write the bytes of an exact sum: digits of 32 bits, a count of each special."""
    scaled = abs(total) * 2**3232
    assert scaled.denominator == 1
    whole = scaled.numerator
    first = ((whole & -whole).bit_length() - 1) // 32 if whole else 0
    count = (whole.bit_length() + 31) // 32 - first if whole else 0
    body = struct.pack(
        "<4sBBHHHQQQ", b"NRDE", 1, total < 0, first, count, 0, *infinities, nans
    )
    body += (whole >> 32 * first).to_bytes(4 * count, "little")
    return (body + struct.pack("<I", zlib.crc32(body))).hex()


def any_double(rng, low=-1074, high=1023):
    """Draw a double whose size is spread over powers of two, with few or many bits."""
    mantissa = rng.getrandbits(rng.choice((1, 8, 53, 53, 53))) | 1
    exponent = rng.randint(low, high)
    return rng.choice((-1, 1)) * math.ldexp(mantissa, exponent - mantissa.bit_length() + 1)


def parts(whole):
    """Cut an integer into doubles that add up to it."""
    while whole:
        below = max(whole.bit_length() - 53, 0)
        yield float(whole >> below << below)
        whole &= 2**below - 1


EDGES = [
    [],
    [0.0],
    [-0.0],
    [-0.0, -0.0],
    [0.0, -0.0],
    [2.385, -2.385],
    [1e308, 1e308, -1e308],
    [-1e308, 1e308, -1e308, -1e308, 1e308],
    [1e308, 1e308],
    [LARGEST, LARGEST, -LARGEST],
    # Half a unit more is a tie, and goes to the even infinity.
    [LARGEST, 2.0**970],
    [LARGEST, 2.0**970, -LEAST],
    [LARGEST, math.nextafter(2.0**970, 0.0)],
    [LARGEST, 2.0**970, LEAST],
    [LEAST],
    [LEAST, -LEAST],
    [3 * LEAST],
    [LEAST, LEAST, LEAST, LEAST, LEAST],
    [SMALLEST_NORMAL, -LEAST],
    [SMALLEST_NORMAL, SMALLEST_NORMAL, -LEAST],
    [2 * SMALLEST_NORMAL, -LEAST, -LEAST],
    # Ties to even, and the least that breaks them.
    [1.0, 2.0**-53],
    [1.0, 2.0**-53, LEAST],
    [1.0, 2.0**-53, -LEAST],
    *([1.0, 2.0**-53, 2.0**-k] for k in (54, 96, 97, 128, 129, 160, 161)),
    [1.0 + 2.0**-52, 2.0**-53],
    [1.0 + 2.0**-52, 2.0**-53, -LEAST],
    [1.0, -(2.0**-54)],
    [1.0, -(2.0**-54), LEAST],
    [1.0, -(2.0**-54), -LEAST],
    [2.0**53, 1.0],
    [2.0**53, 3.0],
    [2.0**53 - 1, 1.0],
    [1e16, 1.0, -1e16],
    [1e300, 7.19, -1e300, -7.0, 1e-300],
    [0.1] * 10,
    [0.1, 0.2, -0.3],
    [1e-320, 1e-320, 1e-320],
]


def cancelling(rng):
    """Draw a sum of which next to nothing is left."""
    values = [any_double(rng, -60, 60) for _ in range(rng.randint(3, 20))]
    values += [-v for v in values] + [any_double(rng, -1074, -200) for _ in range(2)]
    rng.shuffle(values)
    return values


def near_ties(rng):
    """Sums that, over a count, lie half way between two doubles or just beside."""
    for _ in range(8):
        count = rng.choice(COUNTS[2:])
        half = list(parts((2 * rng.randrange(2**52, 2**53) + 1) * count))
        for nudge in (-LEAST, 0.0, LEAST):
            yield [*half, nudge], [count]


def sum_case(values, counts):
    """Describe one sum, and its quotients by some counts."""
    finite = [Fraction(v) for v in values if math.isfinite(v)]
    up, down = values.count(math.inf), values.count(-math.inf)
    nans = sum(map(math.isnan, values))
    total = sum(finite, Fraction(0))
    special = math.nan if nans or (up and down) else math.inf if up else -math.inf
    is_special = nans + up + down > 0
    return {
        "values": values,
        "bytes": canonical(total, (up, down), nans),
        "sign": [(total > 0) - (total < 0)],
        "sum": [special if is_special else nearest(total)],
        "counts": counts,
        "means": [special if is_special else nearest(total / n) for n in counts],
    }


def exact_sum():
    """Sums of doubles: edges, both signs of each; cancellations; all sizes; specials."""
    rng = random.Random(6)
    groups = [*EDGES, *([-v for v in group] for group in EDGES)]
    groups += [cancelling(rng) for _ in range(15)]
    groups += [[any_double(rng) for _ in range(n)] for n in (1, 2, 3, 5, 8, 13, 70)]
    groups += [[any_double(rng, -900, 900) for _ in range(n)] for n in (33, 75)]
    groups += [[any_double(rng, -30, 30) for _ in range(n)] for n in (31, 32, 33, 64, 97)]
    groups += [[any_double(rng, -1074, -1000) for _ in range(n)] for n in (4, 40)]
    groups += [[rng.randrange(10**9) / 100 for _ in range(n)] for n in (19, 101)]
    inf, nan = math.inf, math.nan
    groups += [[inf], [-inf, 2.385], [inf, -inf], [nan, 7.19], [inf, nan, inf, -inf]]
    groups += [[1e308, 1e308, -inf], [any_double(rng) for _ in range(70)] + [inf, -LEAST]]
    cases = [sum_case(group, COUNTS) for group in groups]
    cases += [sum_case(group, counts) for group, counts in near_ties(rng)]
    return {"source": "Fraction, rounded once; zlib.crc32", "cases": cases}


def near_products(rng):
    """Products of neighbours that almost cancel: (a + u)(a - u) - a * a."""
    a = rng.uniform(1.0, 2.0)
    up, down = math.nextafter(a, 2.0), math.nextafter(a, 0.0)
    return [(0.1, up, down), (-0.1, a, a), (0.1, a, 0.0)]


def exact_product():
    """Sums of w * x * y and of x * y, beyond the range of doubles too."""
    rng = random.Random(7)
    groups = [
        [],
        [(0.1, 0.1, 0.1)],
        [(-0.0, 2.385, 7.19), (0.0, -1e300, 1e300)],
        [(LEAST, LEAST, LEAST)],
        [(LEAST, -LEAST, LEAST), (LEAST, LEAST, LEAST)],
        [(LARGEST, LARGEST, LARGEST)],
        [(-LARGEST, LARGEST, LARGEST), (LARGEST, LARGEST, LARGEST), (1.0, 1.0, LEAST)],
        [(1e-200, 1e-200, 1e-200)] * 40,
        [(1e-100, 1e-200, -1e-150)] * 40,
        [(1e200, 1e200, -1e-300), (1e-300, 1e200, 1e200)],
        [(1.0, 1e-200, 1e-124), (1.0, LEAST, 0.5), (1.0, LEAST, 0.5)],
        [(2.0**-537, 2.0**-537, 2.0**-1), (2.0**537, 2.0**486, 2.0)],
    ]
    groups += [near_products(rng) for _ in range(5)]
    for low, high, n in [(-1074, 1023, 40), (-40, 40, 65), (-300, 300, 33), (-450, 450, 7)]:
        groups.append([tuple(any_double(rng, low, high) for _ in "wxy") for _ in range(n)])
    cases = []
    for group in groups:
        pairs = sum((Fraction(x) * Fraction(y) for _, x, y in group), Fraction(0))
        triples = sum(
            (Fraction(w) * Fraction(x) * Fraction(y) for w, x, y in group), Fraction(0)
        )
        cases.append(
            {
                **{key: [row[i] for row in group] for i, key in enumerate("wxy")},
                "sums": [nearest(pairs), nearest(triples)],
                "pairs": canonical(pairs),
                "triples": canonical(triples),
            }
        )
    return {"source": "Fraction, rounded once; zlib.crc32", "cases": cases}
