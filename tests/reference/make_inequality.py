"""Inequality of groups from its definitions: fractions, and logarithms of 60 digits."""

import random
from decimal import Decimal, getcontext
from fractions import Fraction

getcontext().prec = 60
getcontext().Emax = 999999
getcontext().Emin = -999999


def decimal_of(value):
    return Decimal(value.numerator) / Decimal(value.denominator)


def gini(rows):
    """Half the mean distance of all pairs, in units of the mean."""
    weight, total = sum(w for _, w in rows), sum(w * x for x, w in rows)
    pairs = sum(v * w * abs(x - y) for x, v in rows for y, w in rows)
    return pairs / (2 * weight * total)


def theil(rows):
    weight, total = sum(w for _, w in rows), sum(w * x for x, w in rows)
    mean = total / weight
    parts = (decimal_of(w * x / total) * decimal_of(x / mean).ln() for x, w in rows if x)
    return sum(parts, Decimal(0))


def herfindahl(rows):
    total = sum(w * x for x, w in rows)
    return sum((w * x / total) ** 2 for x, w in rows)


def case(values, weights=None):
    """One group; weights of 1 where none are given."""
    given = weights if weights is not None else [1.0] * len(values)
    rows = [(Fraction(x), Fraction(w)) for x, w in zip(values, given, strict=True) if w]
    total = sum(w * x for x, w in rows)
    out = {
        "values": values,
        "weights": weights if weights is not None else [],
        "rows": [len(rows)],
        "weight": [float(sum(w for _, w in rows))],
        "total": [float(total)],
    }
    if not total:
        nothing = {
            name: [float("nan")] for name in ("gini", "theil", "herfindahl", "largest")
        }
        return {**out, **nothing}
    return {
        **out,
        "gini": [float(gini(rows))],
        "theil": [float(theil(rows))],
        "herfindahl": [float(herfindahl(rows))],
        "largest": [float(max(w * x / total for x, w in rows))],
    }


def inequality_groups():
    """Groups of awkward values, with counts as weights, with real ones and without."""
    rng = random.Random(20241128)
    cases = [
        case([2.385]),
        case([]),
        case([0.0, 0.0, 0.0]),
        case([0.1, 0.1, 0.1], [0.3, 2.385, 7.0]),
        case([0.0, 0.0, 1e-300]),
        case([1e300, 2e300, 2.5e300, 0.0]),
        case([1e-310, 3e-310, 2e-310]),
        case([1.0, 1.0 + 2.0**-40, 1.0 - 2.0**-41, 1.0 + 2.0**-43]),
        case([7.0, 19.0, 2.385], [0.0, 1.0, 2.0]),
        case([5.0, 5.0, 1.0, 5.0, 1.0], [0.1, 0.7, 0.2, 1e-3, 1e3]),
    ]
    for size in (2, 5, 11, 27):
        incomes = [round(rng.lognormvariate(0, 1.3), 2) for _ in range(size)]
        cases += [
            case(incomes),
            case(incomes, [float(rng.randrange(1, 90000)) for _ in incomes]),
            case(incomes, [rng.expovariate(0.1) for _ in incomes]),
        ]
    return {"source": "fractions and decimals, from the definitions", "cases": cases}
