"""Statistics of doubles and decimals as exact fractions, and distances between doubles."""

import math
import struct
from collections import defaultdict
from fractions import Fraction


def is_missing(value):
    return value is None or value != value


def nearest(value):
    """The double nearest to a fraction; beyond the largest one an infinity."""
    if value is None:
        return None
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def place(x):
    """Place of a double among all doubles."""
    bits = struct.unpack("<q", struct.pack("<d", x + 0.0))[0]
    return bits if bits >= 0 else -(2**63) - bits


def ulps(found, expected):
    """Doubles between a found one and the nearest to a fraction; None equals None."""
    if found is None or expected is None:
        return 0 if found is expected else math.inf
    return abs(place(found) - place(nearest(expected)))


class Rows:
    """Rows of one group: whole numbers over a common denominator, and their sums."""

    def __init__(self, rows, width):
        self.n = len(rows)
        self.weighted = sum(weight > 0 for _, weight in rows)
        self.scale, values = whole([value for row, _ in rows for value in row])
        self.weight_scale, self.weights = whole([weight for _, weight in rows])
        self.columns = [values[i::width] for i in range(width)]
        self.weight = sum(self.weights)

    def sum_of(self, *columns):
        """Weighted sum of the products of columns, before it is divided by the scales."""
        held = zip(self.weights, *(self.columns[i] for i in columns))
        return sum(math.prod(row) for row in held)


def whole(values):
    """A common denominator of doubles or fractions, and what is above it."""
    ratios = [value.as_integer_ratio() for value in values]
    scale = math.lcm(*(below for _, below in ratios))
    return scale, [above * (scale // below) for above, below in ratios]


def complete(columns, weights=None, groups=None):
    """Rows without anything missing, by group; every group that a row is in."""
    out = defaultdict(list)
    for i, row in enumerate(zip(*columns)):
        weight = 1 if weights is None else weights[i]
        group = () if groups is None else groups[i]
        if group is not None:
            whole = not any(map(is_missing, row)) and not is_missing(weight)
            out[group] += [(row, weight)] if whole else []
    if groups is None and not out:
        out[()] = []
    return {group: Rows(rows, len(columns)) for group, rows in out.items()}


def total(rows, column):
    return Fraction(rows.sum_of(column), rows.scale * rows.weight_scale)


def mean(rows, column):
    return Fraction(rows.sum_of(column), rows.scale * rows.weight) if rows.weight else None


def scatter(rows, i, j):
    """Weight times weighted sum of products around the means, before the scales."""
    return rows.weight * rows.sum_of(i, j) - rows.sum_of(i) * rows.sum_of(j)


def covariance(rows, i, j, kind=None, ddof=1):
    if kind in (None, "frequency"):
        above, below = 1, rows.weight - ddof
    else:
        above, below = rows.weighted, rows.weight * (rows.weighted - ddof)
    if below <= 0:
        return None
    return Fraction(above * scatter(rows, i, j), below * rows.weight * rows.scale**2)


def correlation(rows, i, j):
    """A fraction close enough to round; 1 and -1 are exact. None where undefined."""
    if not rows.weight:
        return None
    xx, yy, xy = (scatter(rows, *pair) for pair in ((i, i), (j, j), (i, j)))
    if not xx or not yy:
        return None
    if xy * xy == xx * yy:
        return Fraction(1 if xy > 0 else -1)
    size = Fraction(math.isqrt((xy * xy << 2400) // (xx * yy)), 1 << 1200)
    return -size if xy < 0 else size
