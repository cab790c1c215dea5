"""Units x criteria with unknown cells and totals: all completions, one by one."""

import itertools
import math
import random
from fractions import Fraction

UNKNOWN = -1


def draw_matrix(rng, units, criteria, open_cells):
    """Draw cells (a list of rows) and totals that at least one completion satisfies."""
    truth = [[rng.randint(0, 1) for _ in range(criteria)] for _ in range(units)]
    cells = [row[:] for row in truth]
    places = list(itertools.product(range(units), range(criteria)))
    for u, c in rng.sample(places, min(open_cells, len(places))):
        cells[u][c] = UNKNOWN
    low, high = [], []
    for c in range(criteria):
        count = sum(row[c] for row in truth)
        kind = rng.choice(("none", "stated", "stated", "range"))
        spread = {"none": units, "stated": 0, "range": rng.randint(0, 2)}[kind]
        low.append(max(0, count - spread) if kind != "none" else 0)
        high.append(min(units, count + spread))
        if kind == "none":
            high[-1] = units
    return cells, low, high


def completions(cells, low, high):
    """List all completions: each is a list of columns."""
    columns = []
    for c, (least, most) in enumerate(zip(low, high)):
        choices = [(0, 1) if row[c] == UNKNOWN else (row[c],) for row in cells]
        columns.append([x for x in itertools.product(*choices) if least <= sum(x) <= most])
    assert math.prod(map(len, columns)) < 20000
    return [list(chosen) for chosen in itertools.product(*columns)]


def class_of(count, cuts):
    """Return the index of the class that a count lies in."""
    return next((k for k, cut in enumerate(cuts) if count >= cut), len(cuts))


def most_at_once(bounds, least, most, cuts):
    """Most units in each class at once, if only the sum of all counts is held."""
    best = []
    for k in range(len(cuts) + 1):
        reached = {0: 0}  # sum of the counts so far: most units in class k
        for low, high in bounds:
            step = {}
            for (total, inside), count in itertools.product(
                reached.items(), range(low, high + 1)
            ):
                more = inside + (class_of(count, cuts) == k)
                step[total + count] = max(more, step.get(total + count, 0))
            reached = step
        best.append(max(n for total, n in reached.items() if least <= total <= most))
    return best


def unit_bounds(found, units, weights):
    """Least and greatest number of weighted criteria met, unit by unit."""
    counts = [
        [sum(w * x[u] for w, x in zip(weights, columns)) for u in range(units)]
        for columns in found
    ]
    low = [min(c[u] for c in counts) for u in range(units)]
    high = [max(c[u] for c in counts) for u in range(units)]
    means = [Fraction(sum(c), units) for c in counts]
    return low, high, [float(min(means)), float(max(means))], counts


def attainment_case(rng, units, criteria, open_cells):
    """Everything asked of one matrix, over the list of all its completions."""
    cells, least, most = draw_matrix(rng, units, criteria, open_cells)
    found = completions(cells, least, most)
    subset = [int(rng.random() < 0.5) for _ in range(criteria)]
    cuts = sorted(rng.sample(range(criteria + 2), min(3, criteria + 2)), reverse=True)
    states = []
    for u, c in itertools.product(range(units), range(criteria)):
        seen = {columns[c][u] for columns in found}
        states.append(seen.pop() if len(seen) == 1 else UNKNOWN)
    low, high, mean, counts = unit_bounds(found, units, [1] * criteria)
    some_low, some_high, some_mean, _ = unit_bounds(found, units, subset)
    classes = [{class_of(c[u], cuts) for c in counts} for u in range(units)]
    class_high = most_at_once(
        list(zip(low, high)),
        min(map(sum, counts)),
        max(map(sum, counts)),
        cuts,
    )
    for k, most_possible in enumerate(class_high):
        assert most_possible <= sum(k in s for s in classes)
        assert all(sum(class_of(x, cuts) == k for x in c) <= most_possible for c in counts)
    sums = [[sum(columns[c]) for columns in found] for c in range(criteria)]
    return {
        "units": [units],
        "criteria": [criteria],
        "cells": [x for row in cells for x in row],
        "total_low": least,
        "total_high": most,
        "subset": subset,
        "cuts": cuts,
        "states": states,
        "unit_low": low,
        "unit_high": high,
        "subset_low": some_low,
        "subset_high": some_high,
        "criterion_low": [min(s) for s in sums],
        "criterion_high": [max(s) for s in sums],
        "class_low": [sum(s == {k} for s in classes) for k in range(len(cuts) + 1)],
        "class_high": class_high,
        "mean": mean,
        "subset_mean": some_mean,
    }


SHAPES = [(1, 1, 1), (1, 5, 3), (5, 1, 4), (2, 3, 6), (3, 3, 5), (4, 4, 7), (7, 3, 9)]
SHAPES += [(3, 5, 0), (6, 2, 12), (5, 4, 11), (4, 6, 9), (7, 4, 6)]
SHAPES += [(4, 3, 12), (3, 4, 12), (5, 6, 14), (6, 6, 14), (8, 5, 14)]
WIDE = [(3, 75, 9), (4, 64, 8), (2, 65, 9), (3, 128, 9), (2, 130, 10), (19, 75, 8)]


def attainment_completions():
    """Small matrices of few criteria, and matrices of more criteria than a word holds."""
    rng = random.Random(6)
    shapes = SHAPES * 4 + WIDE * 2
    return {
        "source": "enumeration of all completions",
        "cases": [attainment_case(rng, *shape) for shape in shapes],
    }


def gap_case(rng, units, criteria, open_cells):
    """Gaps of one matrix: extremes over the completions of each criterion."""
    cells, least, most = draw_matrix(rng, units, criteria, open_cells)
    found = completions(cells, least, most)
    targets = []
    for _ in range(criteria):
        denominator = rng.choice((units, units, rng.randint(1, 10**9), 20))
        targets.append(
            (rng.choice((0, denominator, rng.randint(0, denominator))), denominator)
        )
    case = {
        "units": [units],
        "criteria": [criteria],
        "cells": [x for row in cells for x in row],
        "total_low": least,
        "total_high": most,
        "numerators": [a for a, _ in targets],
        "denominators": [b for _, b in targets],
    }
    for name, pick in (("low", min), ("high", max)):
        short, need, points = [], [], []
        for c, (numerator, denominator) in enumerate(targets):
            target = Fraction(numerator * units, denominator)
            sums = [sum(columns[c]) for columns in found]
            needs = [next(k for k in itertools.count() if s + k >= target) for s in sums]
            shares = [Fraction(100 * (target - s), units) for s in sums]
            short.append(pick(units - s for s in sums))
            need.append(pick(needs))
            points.append(float(pick(max(x, Fraction(0)) for x in shares)))
        case[f"short_{name}"] = short
        case[f"need_{name}"] = need
        case[f"points_{name}"] = points
    return case


def gap_criteria():
    """Gaps to a target, by enumeration."""
    rng = random.Random(7)
    shapes = SHAPES * 3 + [(18, 19, 9), (7, 75, 8), (19, 5, 7), (3, 75, 8)]
    return {
        "source": "enumeration of all completions, Fraction rounded once",
        "cases": [gap_case(rng, *shape) for shape in shapes],
    }
