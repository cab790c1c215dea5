"""The titled tables of gaps to levels, gap indices, binding criteria, targets and plans."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ._display import Section, between, number
from ._labels import label

if TYPE_CHECKING:
    from .binding import BindingCriteria
    from .criteria import CriteriaSet
    from .gap_indices import GapIndex
    from .gaps import AttainmentGaps
    from .plans import ClosurePlan
    from .targets import TargetPace

LISTED = 10


def indicator_gaps(result: AttainmentGaps, language: str) -> list[Section]:
    """Distances of the indicators that some unit is surely short of."""
    found = result.by_indicator
    kept = [i for i, n in enumerate(found.get("short_low", ())) if n]
    if not kept:
        return []
    rows = [
        (
            found["indicator"][i],
            found["region"][i],
            _level(found["level"][i], language),
            between(found["short_low"][i], found["short_high"][i]),
            number(found["distance_mean"][i], 3),
            found["measure"][i],
            number(found["relative_mean"][i], 3),
        )
        for i in kept
    ]
    heads = ("indicator", "region", "level", "short", "distance", "measure", "relative")
    return [_section("indicator_gaps", heads, rows, language)]


def _level(level: float | str | None, language: str) -> str:
    if level == "met":
        return label("level_met", language)
    return number(level) if isinstance(level, float) else str(level or "")


def _section(
    title: str, heads: tuple, rows: list, language: str, note: str = ""
) -> Section:
    words = [label(head, language) for head in heads]
    return Section(label(title, language), words, rows, note)


def index(result: GapIndex, language: str) -> list[Section]:
    """Indices of each year, of groups where there are several, and of criteria."""
    out = [_indices(result.by_year, ("year",), ("year",), language)]
    if len(set(result.by_group["group"])) > 1:
        out.append(
            _indices(result.by_group, ("year", "group"), ("year", "group"), language)
        )
    keys, heads = ("year", "criterion", "name"), ("year", "number", "criterion")
    codes = result.by_criterion["criterion"]
    names = [result.criteria_set.name(code, language) for code in codes]
    found = {**result.by_criterion, "name": names}
    return [*out, _indices(found, keys, heads, language)]


def _indices(found: dict, keys: tuple, heads: tuple, language: str) -> Section:
    orders = ("incidence", "depth", "severity")
    columns = zip(*(found[key] for key in (*keys, "known", *orders)), strict=True)
    rows = [
        (*map(str, row[: len(keys)]), *(number(v, 4) for v in row[len(keys) :]))
        for row in columns
    ]
    return _section("gap_index", (*heads, "known", *orders), rows, language)


def binding(result: BindingCriteria, language: str) -> list[Section]:
    """Criteria missing alone, and sets missing together."""
    names = result.criteria_set
    alone = [
        (code, _name(names, code, language), between(low, high))
        for code, low, high in zip(
            *(result.only[key] for key in ("criterion", "low", "high")), strict=True
        )
        if high
    ]
    sets = [
        (" ".join(codes), between(low, high))
        for codes, low, high in zip(
            *(result.together[key] for key in ("criteria", "low", "high")), strict=True
        )
    ]
    more = f"+ {len(sets) - LISTED}" if len(sets) > LISTED else ""
    heads = ("number", "criterion", "communes")
    return [
        _section("alone_title", heads, alone, language),
        _section(
            "together_title", ("criterion", "communes"), sets[:LISTED], language, more
        ),
    ]


def _name(found: CriteriaSet | None, code: str, language: str) -> str:
    return found.name(code, language) if found else code


def pace(result: TargetPace, language: str) -> list[Section]:
    """The numbers of a target, and the nearest units."""
    rows = [
        ("target", number(result.target)),
        ("reached", between(result.reached_low, result.reached_high)),
        ("need", between(result.need_low, result.need_high)),
        ("years_left", number(result.years)),
        ("pace", between(result.pace_low, result.pace_high)),
    ]
    if result.past_pace_low is not None:
        rows += [
            ("past_pace", between(result.past_pace_low, result.past_pace_high)),
            ("expected", between(result.expected_low, result.expected_high)),
            ("date", _dates(result.date_low, result.date_high)),
        ]
    counted = label("criteria" if result.quantity == "criteria" else "communes", language)
    heads = (label("statement", language), counted)
    out = Section(
        label("pace_title", language), heads, [(label(w, language), v) for w, v in rows]
    )
    near = result.nearest
    if result.quantity == "criteria" or not any(near["low"]):
        return [out]  # of nobody anything is known to be missing
    named = [
        (name, between(low, high), " ".join(surely))
        for name, low, high, surely in zip(
            *(near[key] for key in ("name", "low", "high", "surely")), strict=True
        )
    ]
    more = f"+ {len(named) - LISTED}" if len(named) > LISTED else ""
    heads = ("commune", "missing", "surely")
    return [out, _section("nearest_title", heads, named[:LISTED], language, more)]


def _dates(low: float | None, high: float | None) -> str:
    """Two moments in years as months; an open end where the target is not reached."""
    if low is None:
        return "–"
    first, last = _month(low), "" if high is None else _month(high)
    return first if first == last else f"{first} – {last}".rstrip()


def _month(moment: float) -> str:
    """The month that a moment in years ends or lies in: 2026.0 is the end of 2025-12."""
    months = math.ceil(12 * moment) - 1
    return f"{months // 12}-{months % 12 + 1:02d}"


def plan(result: ClosurePlan, language: str) -> list[Section]:
    """The plan of each case."""
    rows = [
        (label(case, language), " ".join(codes), units, number(cost))
        for case, codes, units, cost in zip(*result.by_case.values(), strict=True)
    ]
    return [
        _section("plan_title", ("case", "criterion", "communes", "cost"), rows, language)
    ]
