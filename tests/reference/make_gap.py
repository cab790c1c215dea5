"""Distances to levels, and sums of them by cell, in fractions."""

import random
from decimal import Decimal
from fractions import Fraction

PLACES = ("general", "north")
LEVELS = {"1.1": (60, 55.5), "1.2": (12.25, 6)}
UNKNOWN, UNMET, MET = -1, 0, 1


def indicator(id, rule):
    general, north = LEVELS[id]
    return {
        "id": id,
        "description_en": id,
        "unit": "%",
        "rule": rule,
        "thresholds": {"general": general, "by_region": {"north": north}},
        "source": [],
        "status": "verified",
    }


SET = {
    "id": "gaps",
    "decision": "2/QD",
    "date": "2021-01-15",
    "level": "commune",
    "tier": "standard",
    "period": "2021-2025",
    "complete": True,
    "regions": [{"id": "north"}],
    "criteria": [
        {
            "number": 1,
            "name_en": "One",
            "complete": True,
            "indicators": [indicator("1.1", "ge"), indicator("1.2", "le")],
        }
    ],
}


def printed(value):
    """A double as the decimal of 15 digits that it stands for."""
    return Decimal(f"{value:.15g}")


def places(value):
    return max(-int(printed(value).normalize().as_tuple().exponent), 0)


def words(number, n):
    return [str(number >> 64 * k & (1 << 64) - 1) for k in range(n)]


def item_case(id, values, place, weight, cell, capped):
    """Decisions, distances and sums of one item."""
    sign = -1 if id == "1.2" else 1
    levels = [printed(level) for level in LEVELS[id]]
    gaps = [
        None if v is None else sign * (Fraction(levels[p]) - Fraction(printed(v)))
        for v, p in zip(values, place)
    ]
    decisions = [UNKNOWN if g is None else UNMET if g > 0 else MET for g in gaps]
    unmet = [v for v, d in zip(values, decisions) if d == UNMET]
    unit = 10 ** max(map(places, [*LEVELS[id], *unmet]))
    sums = []
    for c in range(max(cell) + 1):
        rows = [i for i in range(len(values)) if cell[i] == c]
        level = Fraction(levels[place[rows[0]]])
        total = [0, 0, 0, 0]
        for i in rows:
            total[0] += weight[i] * (decisions[i] != UNKNOWN)
            if decisions[i] == UNMET:
                distance = min(gaps[i], level) if capped else gaps[i]
                total[1] += weight[i]
                total[2] += weight[i] * int(distance * unit)
                total[3] += weight[i] * int(distance * unit) ** 2
        sums.append(
            {
                "asked": str(sum(weight[i] for i in rows)),
                "known": str(total[0]),
                "unmet": str(total[1]),
                "depth": words(total[2], 3),
                "severity": words(total[3], 4),
                "level": words(int(level * unit), 2),
            }
        )
    away = [g if d == UNMET else Fraction(0) for g, d in zip(gaps, decisions)]
    return {
        "values": values,
        "decisions": decisions,
        "distances": [None if d == UNKNOWN else float(g) for g, d in zip(away, decisions)],
        "relatives": [
            None if d == UNKNOWN else float(g / Fraction(levels[p]))
            for g, d, p in zip(away, decisions, place)
        ],
        "sums": sums,
    }


def gap_case(rng, rows, kind, capped):
    """Rows in cells of one place each; digits and weights of a kind."""
    n_cells = max(rows // 3, 1)
    cell = [i if i < n_cells else rng.randrange(n_cells) for i in range(rows)]
    of_cell = [rng.randrange(2) for _ in range(n_cells)]
    place = [of_cell[c] for c in cell]
    most = {"plain": 1, "digits": 10**6, "wide": 2**53 - 1}[kind]
    weight = [rng.randint(1, most) for _ in range(rows)]

    def value():
        if rng.random() < 0.15:
            return None
        if kind == "plain":
            return rng.randint(0, 1000) / 10
        small = rng.uniform(0.1, 1) * 10 ** -rng.randint(0, 3)
        return rng.choice([100 * rng.random(), small])

    return {
        "rows": [rows],
        "cells": [n_cells],
        "capped": [int(capped)],
        "place": [p - 1 for p in place],
        "cell": cell,
        "weight": weight,
        "items": [
            item_case(id, [value() for _ in range(rows)], place, weight, cell, capped)
            for id in LEVELS
        ],
    }


def gap_sums():
    """Sums of few and many rows, of printed decimals and of 15 digits."""
    rng = random.Random(84)
    shapes = [(1, "plain"), (2, "digits"), (7, "plain"), (19, "digits"), (40, "wide")]
    return {
        "source": "Fraction of printed decimals",
        "set": SET,
        "cases": [gap_case(rng, *shape, capped) for shape in shapes for capped in (1, 0)],
    }
