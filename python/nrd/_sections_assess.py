"""The titled tables of an assessment and of a criteria set."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from ._core.assess import MET, NEAR, NOT_ASKED, UNKNOWN, UNMET
from ._display import Section, number
from ._labels import label

if TYPE_CHECKING:
    from ._assessment import Assessment
    from ._result import Columns
    from .criteria import CriteriaSet

LISTED = 20


def assessment(result: Assessment, language: str) -> list[Section]:
    """The set, its criteria, near misses and the levels that nobody has verified."""
    out = [_criteria(result, language)]
    n = int(np.count_nonzero(result.items == NEAR))
    if n:
        out.append(_near(result._columns("near", None, LISTED), n, language))
    if result.unknown_levels["indicator"]:
        out.append(_levels(result, language))
    notes = result.provenance.assumptions
    if notes:
        out.append(Section(label("assumptions", language), note="\n".join(notes)))
    return out


def _criteria(result: Assessment, language: str) -> Section:
    found = result.criteria_set
    heads = ("criterion", "title", "met", "unmet", "unknown")
    states = (MET, UNMET, UNKNOWN)
    rows = [
        (
            code,
            found.name(code, language),
            *(int(np.count_nonzero(line == s)) for s in states),
        )
        for code, line in zip(found.codes, result.criteria, strict=True)
    ]
    whole = [int(np.count_nonzero(result.states == s)) for s in states]
    rows.append(("", label("set", language), *whole))
    asked = np.count_nonzero(result.criteria == NOT_ASKED)
    notes = [f"{label('not_asked', language)}: {asked}"] if asked else []
    if result.unlisted:
        notes.append(_unlisted(found, language))
    return Section(
        f"{label('assessment', language)}: {found.id}",
        [label(head, language) for head in heads],
        rows,
        "\n".join(notes),
    )


def _unlisted(found: CriteriaSet, language: str) -> str:
    if not found.unlisted:
        return ""
    return f"{label('unlisted', language)}: {', '.join(found.unlisted)}"


def _near(near: Columns, n: int, language: str) -> Section:
    rows = list(
        zip(
            near["unit"],
            near["year"],
            near["indicator"],
            [number(v) for v in near["value"]],
            near["level"],
            strict=True,
        )
    )
    heads = ("unit", "year", "indicator", "value", "level")
    return Section(
        f"{label('near_title', language)} ({n})",
        [label(head, language) for head in heads],
        [(unit, str(year), *rest) for unit, year, *rest in rows],
        "" if n <= LISTED else f"+ {n - LISTED}",
    )


def _levels(result: Assessment, language: str) -> Section:
    found = result.unknown_levels
    rows = [
        (code, region, _span(years), label(f"level_{kind}", language))
        for code, region, years, kind in zip(
            found["indicator"], found["region"], found["years"], found["kind"], strict=True
        )
    ]
    heads = ("indicator", "region", "year", "level")
    return Section(
        label("levels_title", language), [label(head, language) for head in heads], rows
    )


def _span(years: list[int]) -> str:
    """Years in a few characters: "2021–2025", or a list where some lack."""
    if len(years) > 1 and years[-1] - years[0] == len(years) - 1:
        return f"{years[0]}–{years[-1]}"
    return ", ".join(map(str, years))


def criteria_sets(sets: Iterable[CriteriaSet], language: str) -> list[Section]:
    """The sets by period."""
    heads = (
        "set",
        "decision",
        "period",
        "unit_level",
        "tier",
        "criteria_count",
        "indicators",
    )
    rows = [
        (
            found.id,
            found.about["decision"],
            found.about["period"],
            found.about["level"],
            found.about["tier"],
            _of(len(found.codes), found, "criteria"),
            _of(
                len({i.indicator for i in found.items if i.criterion}), found, "indicators"
            ),
        )
        for found in sorted(sets, key=lambda found: (found.about["period"], found.id))
    ]
    return [
        Section(label("sets_title", language), [label(h, language) for h in heads], rows)
    ]


def _of(n: int, found: CriteriaSet, what: str) -> str:
    """How many a set lists, and of how many it is said to consist."""
    expected = found.content.get("expected_counts", {}).get(what)
    return str(n) if expected in (None, n) else f"{n}/{expected}"


def criteria_set(
    found: CriteriaSet, region: str, year: int, language: str
) -> list[Section]:
    """What a set asks, in a region and year."""
    heads = ("indicator", "description", "measure", "rule", "level")
    rows = []
    texts = _descriptions(found, language)
    for item in found.items:
        level = found.level(item.code, region=region, year=year)
        shown = (
            number(level.value)
            if level.kind == "number"
            else label(f"level_{level.kind.replace(' ', '_')}", language)
        )
        part = f": {item.part}" if item.part else ""
        rows.append((item.code, texts[item.indicator] + part, item.unit, item.rule, shown))
    rows += [
        (code, found.name(code, language), "", "", label("not_listed", language))
        for code in found.codes
        if not any(item.criterion == code for item in found.items)
    ]
    about = found.about
    out = [
        Section(
            f"{found.id} ({about['decision']}, {about['date']}), {region}, {year}",
            [label(head, language) for head in heads],
            rows,
            _unlisted(found, language),
        )
    ]
    return [*out, _places(found, language)] if found.places else out


def _places(found: CriteriaSet, language: str) -> Section:
    """Regions or groups of communes by their ids."""
    given = found.content.get("commune_groups") or found.content["regions"]
    keys = [
        f"{key}_{tongue}" for tongue in (language, "en") for key in ("name", "definition")
    ]
    rows = [
        (place["id"], next((place[key] for key in keys if key in place), ""))
        for place in given
    ]
    title = label("places_title", language)
    return Section(title, [label("region", language), label("description", language)], rows)


def _descriptions(found: CriteriaSet, language: str) -> dict[str, str]:
    lists = [c["indicators"] for c in found.content["criteria"]]
    key = f"description_{language}"
    return {
        i["id"]: i.get(key, i["description_en"])
        for indicators in (*lists, found.content.get("preconditions", []))
        for i in indicators
    }
