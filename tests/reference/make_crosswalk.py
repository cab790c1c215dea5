"""Bounds of units after a reform, by trying every corner of what nobody knows."""

import itertools
import math
import random
from fractions import Fraction

SUM, MEAN, RATE, ALL, ANY, SHARE = range(6)
NAN = float("nan")


def choices(values, options):
    """Every way to fill what is NaN by one of the options."""
    held = [options if math.isnan(v) else [Fraction(v)] for v in values]
    return itertools.product(*held)


def quotient(kind, parts, above, below):
    """Numerator and denominator of a mean, or of a rate with its factor."""
    if kind == RATE:
        top = sum(w * a for w, a, _ in parts) * above
        return top, sum(w * b for w, _, b in parts) * below
    return sum(w * a * b for w, a, b in parts), sum(w * b for w, _, b in parts)


def printed(value):
    """A decimal as it is printed: it is taken as such."""
    return Fraction(repr(value))


def outcomes(kind, shares, values, others, above, below):
    """All values that a unit can have at the corners."""
    corners = [Fraction(0), Fraction(1)]
    states = values if kind in (ALL, ANY, SHARE) else None
    for given in choices(states, corners) if states else [list(map(printed, values))]:
        if kind == ALL:
            yield Fraction(all(given))
        elif kind == ANY:
            yield Fraction(any(given))
        else:
            for taken in choices(shares, corners):
                parts = list(zip(taken, given, map(printed, others), strict=True))
                if kind == SUM:
                    yield sum(w * a for w, a, _ in parts)
                elif kind == SHARE:
                    top, whole = quotient(MEAN, parts, 1, 1)
                    if whole:
                        yield Fraction(top * below >= above * whole)
                else:
                    top, whole = quotient(kind, parts, above, below)
                    if whole:
                        yield top / whole


def bounds(kind, shares, values, others, above=1, below=1):
    missing = any(map(math.isnan, [*values, *others]))
    if missing and kind in (SUM, MEAN, RATE):
        return NAN, NAN
    found = list(outcomes(kind, shares, values, others, above, below))
    if not found:
        return (0.0, 1.0) if kind == SHARE else (NAN, NAN)
    return float(min(found)), float(max(found))


def case(rng, kind):
    n = rng.randrange(1, 6)
    shares = [rng.choice([1.0, 1.0, 0.25, 0.3, NAN]) for _ in range(n)]
    if kind in (ALL, ANY, SHARE):
        values = [rng.choice([0.0, 1.0, 1.0, NAN]) for _ in range(n)]
    else:
        values = [rng.choice([0.0, 2.385, 19.0, 7.5, 368.0]) for _ in range(n)]
        if kind != RATE:
            values = [rng.choice([-1, 1]) * v for v in values]
        if rng.random() < 0.1:
            values[0] = NAN
    others = [rng.choice([0.0, 10.0, 0.1, 4321.0]) for _ in range(n)]
    if kind == RATE:
        values = [v if b else v * 0 for v, b in zip(values, others, strict=True)]
    above, below = {RATE: (100, 1), SHARE: rng.choice([(1, 2), (11, 20), (1, 1)])}.get(
        kind, (1, 1)
    )
    low, high = bounds(kind, shares, values, others, above, below)
    return {
        "kind": [kind],
        "share": shares,
        "value": values,
        "other": others,
        "factor": [above, below],
        "low": [low],
        "high": [high],
    }


def crosswalk_rules():
    """Cases of each rule, with shares that are known, and that nobody knows."""
    rng = random.Random(20250701)
    cases = [case(rng, kind) for kind in range(6) for _ in range(60)]
    return {"source": "every corner of the unknown shares, in fractions", "cases": cases}
