"""Ranks and quantiles, from their definitions in rational arithmetic.

Run alone, it holds the definitions against NumPy and SciPy::

    python3 make_order.py
"""

import random
from fractions import Fraction

CHECKED = "held against NumPy 2.4.6 and SciPy 1.17.1 (make_order.py)"

TIES = ("average", "min", "max", "dense", "ordinal")

# Hyndman and Fan, table 1: the types 4 to 9 have h = alpha + p (n + 1 - alpha - beta).
ALPHA_BETA = {
    4: (Fraction(0), Fraction(1)),
    5: (Fraction(1, 2), Fraction(1, 2)),
    6: (Fraction(0), Fraction(0)),
    7: (Fraction(1), Fraction(1)),
    8: (Fraction(1, 3), Fraction(1, 3)),
    9: (Fraction(3, 8), Fraction(3, 8)),
}
LINE = {1: (0, 0), 2: (0, 0), 3: (Fraction(-1, 2), 0)}
LINE |= {t: (a, 1 - a - b) for t, (a, b) in ALPHA_BETA.items()}

AWKWARD = [0.0, 1.0, 0.5, 0.25, 0.75, 0.1, 0.3, 0.9, 0.07, 0.2385, 7 / 19, 1 / 3, 2 / 3]
AWKWARD += [0.05, 0.29, 0.57, 0.999, 1e-300, 5e-324, 1 - 2**-53, 0.5 - 2**-54, 0.5 + 2**-53]


def position(p, n, kind):
    """Return h; whole where p is the double nearest to a probability with a whole h."""
    start, extra = LINE[kind]
    slope = n + extra
    h = start + Fraction(p) * slope
    nearest = (h + Fraction(1, 2)).__floor__()
    if slope and float((nearest - start) / Fraction(slope)) == p:
        return Fraction(nearest)
    return h


def quantile(value_at, n, p, kind):
    """Return one quantile; ``value_at`` gives the exact value with a rank from 1 to n."""
    h = position(p, n, kind)
    j = h.__floor__()
    g = h - j
    low, high = (value_at(min(max(k, 1), n)) for k in (j, j + 1))
    if kind == 1:
        return high if g else low
    if kind == 2:
        return high if g else (low + high) / 2
    if kind == 3:
        return low if g == 0 and j % 2 == 0 else high
    return low + g * (high - low)


def quantiles(values, counts, probabilities):
    """Return the nine lists for values that occur as often as their counts say."""
    rows = sorted(zip(map(Fraction, values), counts))
    total = sum(counts)

    def value_at(rank):
        for value, count in rows:
            rank -= count
            if rank <= 0:
                return value
        raise IndexError

    return {
        str(kind): [float(quantile(value_at, total, p, kind)) for p in probabilities]
        for kind in LINE
    }


def weighted(values, weights, p, kind):
    """Return one quantile of the weighted distribution; equal values are pooled."""
    masses = {}
    for value, weight in zip(values, weights):
        if weight > 0:
            key = Fraction(value)
            masses[key] = masses.get(key, 0) + Fraction(weight)
    total = sum(masses.values())
    points, before = [], Fraction(0)
    for value in sorted(masses):
        after = before + masses[value] / total
        points.append(((before + after) / 2 if kind == 5 else after, value))
        before = after
    last = None
    for k, (share, value) in enumerate(points):
        if share == Fraction(p) or (0 < p < 1 and float(share) == p):
            middle = kind == 2 and k + 1 < len(points)
            return (value + points[k + 1][1]) / 2 if middle else value
        if share > Fraction(p):
            if kind <= 2 or last is None:
                return value
            g = (Fraction(p) - last[0]) / (share - last[0])
            return last[1] + g * (value - last[1])
        last = share, value
    return points[-1][1]


def samples(rng):
    """Yield lists of values: short, tied, of one size, of many sizes, around 0."""
    yield [2.385]
    yield [-7.0, 19.0]
    yield [19.0, 7.0]
    yield [0.1, 0.1, 0.1]
    yield [float(k) for k in range(10, 0, -1)]
    yield [float(k * k) for k in range(100)]
    yield [rng.choice((-1.5, 0.0, 2.25)) for _ in range(19)]
    yield [rng.randint(1, 9) / 10 for _ in range(40)]
    yield [rng.gauss(0, 1) for _ in range(23)]
    yield [-rng.expovariate(1) for _ in range(24)]
    yield [1e6 + rng.random() for _ in range(7)]
    yield [rng.choice((-1, 1)) * 10 ** rng.uniform(-12, 12) for _ in range(50)]
    yield [10 ** rng.uniform(-320, -300) for _ in range(11)]
    yield [rng.choice((-1, 1)) * rng.uniform(1.2, 1.7) * 1e308 for _ in range(8)]


def some_probabilities(rng, n):
    """Return awkward probabilities, and doubles nearest to positions among n values."""
    chosen = AWKWARD[:3] + rng.sample(AWKWARD[3:], 7)
    return chosen + [rng.randint(0, n) / n for _ in range(2)] + [rng.random()]


def order_rank():
    """Order and ranks with each rule for ties."""
    rng = random.Random(12)
    cases = []
    for values in [[], [0.0, -0.0, 0.0, -1.0], *samples(rng)]:
        rows = sorted(range(len(values)), key=values.__getitem__)
        case = {"values": values, "rows": rows, **{name: [] for name in TIES}}
        distinct = sorted(set(values))
        for row, value in enumerate(values):
            less = sum(v < value for v in values)
            equal = values.count(value)
            case["average"].append(float(less + Fraction(1 + equal, 2)))
            case["min"].append(less + 1)
            case["max"].append(less + equal)
            case["dense"].append(distinct.index(value) + 1)
            case["ordinal"].append(rows.index(row) + 1)
        cases.append(case)
    return {"source": f"counted one by one; {CHECKED}", "cases": cases}


def order_quantile():
    """Quantiles of the nine types."""
    rng = random.Random(13)
    cases = []
    for values in samples(rng):
        p = some_probabilities(rng, len(values))
        cases.append({"values": values, "p": p, **quantiles(values, [1] * len(values), p)})
    return {"source": f"Hyndman and Fan (1996) in Fractions; {CHECKED}", "cases": cases}


def order_frequency():
    """Quantiles of the nine types for values that occur very often."""
    rng = random.Random(14)
    cases = []
    for bits in (1, 3, 20, 36, 50):
        values = [rng.randint(-40, 40) / 10 + 7 for _ in range(9)]
        counts = [rng.choice((0, 1, rng.randrange(2**bits))) for _ in values]
        counts[4] = max(counts[4], 1)
        p = some_probabilities(rng, sum(counts))
        case = {"values": values, "counts": counts, "p": p}
        cases.append(case | quantiles(values, counts, p))
    return {"source": "Hyndman and Fan (1996) in Fractions", "cases": cases}


def weights_for(rng, n):
    """Yield lists of weights: equal, of one size, of many sizes, at both ends."""
    yield [0.1] * n
    yield [rng.choice((0.0, 0.1, 0.2, 0.7)) for _ in range(n - 1)] + [0.3]
    yield [rng.expovariate(1) for _ in range(n)]
    yield [10 ** rng.uniform(-30, 30) for _ in range(n)]
    yield [rng.choice((5e-324, 1e308, 1.5)) for _ in range(n)]


def order_weighted():
    """Quantiles of the types 1, 2, 4 and 5 of weighted distributions."""
    rng = random.Random(15)
    cases = []
    for n in (1, 2, 10, 19):
        for weights in weights_for(rng, n):
            values = [rng.randint(1, 3 * n) / 4 for _ in range(n)]
            p = some_probabilities(rng, n)
            case = {"values": values, "weights": weights, "p": p}
            for kind in (1, 2, 4, 5):
                case[str(kind)] = [float(weighted(values, weights, x, kind)) for x in p]
            cases.append(case)
    return {"source": f"the distribution in Fractions; {CHECKED}", "cases": cases}


NUMPY_METHODS = (
    "inverted_cdf averaged_inverted_cdf closest_observation interpolated_inverted_cdf "
    "hazen weibull linear median_unbiased normal_unbiased"
).split()


def near_jump(p, n, kind):
    """Say whether rounding h, as NumPy does, may end on the other side of a jump."""
    start, extra = LINE[kind]
    h = start + Fraction(p) * (n + extra)
    return kind <= 3 and abs(h - round(h)) < Fraction(1, 10**9)


def cross_check():
    """Hold the references against NumPy and SciPy; all that is compared must agree."""
    import numpy as np
    import scipy
    from scipy.stats import rankdata

    assert f"NumPy {np.__version__} and SciPy {scipy.__version__} " in CHECKED
    for case in order_rank()["cases"]:
        for name in TIES:
            assert rankdata(case["values"], method=name).tolist() == case[name]
        assert np.argsort(case["values"], kind="stable").tolist() == case["rows"]
    for case in order_quantile()["cases"]:
        values = np.array(case["values"])
        if np.ptp(values / 2) > np.finfo(float).max / 2:
            continue  # NumPy overflows between such values
        for kind, method in enumerate(NUMPY_METHODS, start=1):
            for p, expected in zip(case["p"], case[str(kind)]):
                if not near_jump(p, len(values), kind):
                    found = np.quantile(values, p, method=method)
                    assert abs(found - expected) <= 1e-13 * np.abs(values).max()
    for case in order_weighted()["cases"]:
        values, weights = np.array(case["values"]), np.array(case["weights"])
        if min(weights[weights > 0]) > 1e-300 and max(weights) < 1e300:
            shares = np.cumsum(weights[np.argsort(values)]) / sum(weights)
            for p, expected in zip(case["p"], case["1"]):
                if np.abs(shares - p).min() > 1e-9:
                    found = np.quantile(values, p, weights=weights, method=NUMPY_METHODS[0])
                    assert found == expected


if __name__ == "__main__":
    cross_check()
