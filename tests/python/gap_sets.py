"""A criteria set with every kind of rule, and assessments drawn of it."""

import json
from decimal import Decimal
from fractions import Fraction

import numpy as np
from hypothesis import strategies as st

import nrd

PLACES = ("north", "delta")
YEARS = (2021, 2022)


def indicator(id, rule, thresholds, unit="%", **more):
    return {
        "id": id,
        "description_en": f"Indicator {id}",
        "unit": unit,
        "rule": rule,
        "thresholds": thresholds,
        "source": [f"page {id}"],
        "status": "verified",
        **more,
    }


def criterion(number, *indicators):
    return {
        "number": number,
        "name_en": f"Criterion {number}",
        "name_vi": f"Tiêu chí {number}",
        "complete": True,
        "indicators": list(indicators),
    }


CONTENT = {
    "id": "gaps",
    "decision": "2/QD",
    "date": "2021-01-15",
    "level": "commune",
    "tier": "standard",
    "period": "2021-2022",
    "complete": True,
    "regions": [{"id": place} for place in PLACES],
    "criteria": [
        criterion(
            1,
            indicator("1.1", "ge", {"general": 60, "by_region": {"north": 55.5}}),
            indicator(
                "1.2",
                "le",
                {
                    "general": 12,
                    "by_year": {
                        "2021": {"general": 12.25, "by_region": {"delta": 6}},
                        "2022": {"general": 10},
                    },
                },
            ),
        ),
        criterion(2, indicator("2.1", "met", {"general": "met"}, unit="met/not met")),
        criterion(
            3,
            indicator("3.1", "ge", {"general": 48.5, "by_region": {"delta": None}}),
            indicator("3.2", "le", {"general": 0}),
            indicator("3.3", "le", {"general": 5}, strict_as_reported=True),
        ),
    ],
}
ITEMS = ("1.1", "1.2", "2.1", "3.1", "3.2", "3.3")


def toy():
    """The set, read."""
    return nrd.criteria._from_text(json.dumps(CONTENT).encode(), "gaps")


TOY = toy()
percent = st.integers(0, 4000).map(lambda n: n / 40) | st.integers(0, 100).map(
    lambda n: 100 * n / 101
)
value = st.none() | percent | st.sampled_from([60.0, 55.5, 0.1 + 0.2, 5.0, 12.25, 0.0])


@st.composite
def sheets(draw, years=YEARS):
    """A table of measured values, and the region, group and weight of each unit."""
    names = [f"u{i}" for i in range(draw(st.integers(1, 5)))]
    rows = [(u, y) for u in names for y in years if draw(st.integers(0, 4))]
    rows = rows or [(names[0], years[0])]
    names = list(dict.fromkeys(u for u, _ in rows))
    sheet = {"unit": [u for u, _ in rows], "year": [y for _, y in rows]}
    for code in ITEMS:
        kind = st.none() | st.booleans() if code == "2.1" else value
        column = [draw(kind) for _ in rows]
        sheet[code] = [
            (None if v is None else bool(v))
            if code == "2.1"
            else np.nan
            if v is None
            else v
            for v in column
        ]
    each = {
        "region": {u: draw(st.sampled_from(PLACES)) for u in names},
        "by": {u: draw(st.sampled_from("abc")) for u in names},
        "weights": {u: draw(st.integers(0, 900).map(lambda n: n / 100)) for u in names},
    }
    return sheet, each


def assessed(sheet, each):
    return nrd.assess(sheet, TOY, region=each["region"])


def printed(number):
    """A double as the decimal of 15 digits that it stands for."""
    return Fraction(Decimal(f"{number:.15g}"))


def gap(found, row, item):
    """State, distance and level of a cell in plain fractions: the reference."""
    decision = found.decision(found.unit_names[found.unit[row]], item, int(found.year[row]))
    if decision.state in ("unknown", "not asked"):
        return decision.state, None, None
    if decision.state == "met":
        return "met", Fraction(0), None
    if decision.rule == "met":
        return "unmet", Fraction(1), Fraction(1)
    level, value = printed(decision.level), printed(decision.value)
    distance = value - level if decision.rule in ("at most", "below") else level - value
    return "unmet", distance, level
