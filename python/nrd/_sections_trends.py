"""Trends in words and tables, in English or Vietnamese."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ._display import Section, chance
from ._display import number as rounded
from ._labels_trends import say
from ._trend_groups import COLUMNS as GROUP_COLUMNS
from ._trend_methods import ODDS, PERCENT, POINTS
from ._trends import FALLING, NOT_SHOWN, NOT_TOLD, RISING

if TYPE_CHECKING:
    from ._trends import PovertyTrends

# Areas that are put into words; of more there is a table, as long as that.
_MOST_WORDS = 8
_MOST_ROWS = 20


def number(value: float) -> str:
    """A number for reading; what is rounded to 0 has no sign."""
    text = rounded(value)
    return "0" if text == "-0" else text


def trends(result: PovertyTrends, language: str) -> list[Section]:
    """Sections of trends: words where there are few areas, counts and a table for many."""
    series = result.series
    title = say("title", language)
    if len(series) * len(result.estimates) <= _MOST_WORDS:
        rows = [
            (name_of(result, k), sentence(result, k, method, language))
            for k in range(len(series))
            for method in range(len(result.estimates))
        ]
        note = "\n".join(f"{name}: {words}" if name else words for name, words in rows)
        return [Section(title, note=note), *_groups(result, language)]
    return [
        _verdicts(result, language),
        *_groups(result, language),
        _rows(result, language),
    ]


def name_of(result: PovertyTrends, segment: int) -> str:
    """Name of an area, and of the standard where there are several."""
    series = result.series
    parts = list(map(str, series.keys[series.area[segment]]))
    if series.standards != [None]:
        parts.append(f"({series.standards[series.standard[segment]]})")
    return " ".join(parts)


def sentence(result: PovertyTrends, segment: int, method: int, language: str) -> str:
    """What is known of a segment by one method, in words."""
    test, found = result.tests[segment], result.estimates[method]
    reason = result.reason_of(segment, method, language)
    parts = []
    slope = float(found.slope[segment])
    if slope == slope and segment not in found.reason:
        parts = [_pace(result, segment, method, language)]
        parts.append(_interval(result, segment, method, language))
        if found.p[segment] == found.p[segment]:
            parts.append(f"{say('slope_p', language)} = {_p(found.p[segment])}")
    if test["n"] > 2 and test["p"] == test["p"]:
        parts.append(_test(result, segment, language))
    verdict = result.verdict[segment]
    if verdict == NOT_TOLD or (reason and not parts):
        parts.append(f"{say(NOT_TOLD, language)} ({reason})")
    elif verdict == NOT_SHOWN or reason:
        parts.append(reason or say(verdict, language))
    return f"{_years(result, segment, language)}{', '.join(filter(None, parts))}"


def _years(result: PovertyTrends, segment: int, language: str) -> str:
    series = result.series
    time = series.time[series.rows_of(segment)]
    if not len(time):
        return ""
    ends = f"{time[0]:.12g}–{time[-1]:.12g}" if len(time) > 1 else f"{time[0]:.12g}"
    return f"{ends}, {len(time)} {say('years', language)}: "


def _scaled(result: PovertyTrends, segment: int, method: int) -> tuple[float, ...]:
    """Slope and interval as they are shown: percent in place of logarithms."""
    found = result.estimates[method]
    values = (float(column[segment]) for column in (found.slope, found.low, found.high))
    if found.scale == POINTS:
        return tuple(values)
    return tuple(100.0 * float(np.expm1(value)) for value in values)


def _unit(result: PovertyTrends, method: int, language: str, short: bool = False) -> str:
    words = {POINTS: "points", PERCENT: "percent", ODDS: "odds"}
    word = words[result.estimates[method].scale]
    if word == "points" and result.series.rate == "number":
        word = "number"
    return say(f"short_{word}" if short else word, language)


def _pace(result: PovertyTrends, segment: int, method: int, language: str) -> str:
    slope = _scaled(result, segment, method)[0]
    if slope == 0:
        return say("level", language)
    word = say("falls" if slope < 0 else "rises", language)
    return f"{word} {number(abs(slope))} {_unit(result, method, language)}"


def pace_of(result: PovertyTrends, segment: int, method: int, language: str) -> str:
    """The slope with its unit, or that it cannot be told."""
    found = result.estimates[method]
    if found.slope[segment] != found.slope[segment] or segment in found.reason:
        return say(NOT_TOLD, language)
    slope = _scaled(result, segment, method)[0]
    sign = "−" if slope < 0 else "+" if slope > 0 else ""
    return f"{sign}{number(abs(slope))} {_unit(result, method, language, short=True)}"


def _interval(result: PovertyTrends, segment: int, method: int, language: str) -> str:
    """The interval in the direction of the slope: "1.4–2.9" for a fall."""
    slope, low, high = _scaled(result, segment, method)
    if not np.isfinite(low) or not np.isfinite(high):
        no_interval = result.estimates[method].method != "siegel"
        return say("no_interval", language) if no_interval else ""
    if slope < 0:
        low, high = -high, -low
    level, ends = number(100.0 * result.level), _between(low, high, language)
    if language == "vi":
        return f"{say('interval', language)} {level} %: {ends}"
    return f"{level} % {say('interval', language)} {ends}"


def _between(low: float, high: float, language: str) -> str:
    joint = f" {say('to', language)} " if low < 0 else "–"
    return f"{number(low)}{joint}{number(high)}"


def _p(p: float) -> str:
    return f"{p:.3f}" if p >= 0.01 else f"{p:.2g}"


def _test(result: PovertyTrends, segment: int, language: str) -> str:
    test = result.tests[segment]
    word = say("exact" if test["exact"] else "approximate", language)
    text = f"{word} = {_p(test['p'])}"
    if not test["exact"]:
        return text
    smallest = say("smallest", language, n=int(test["n"]), p=_p(test["smallest_p"]))
    return f"{text}, {smallest}"


def _verdicts(result: PovertyTrends, language: str) -> Section:
    verdicts = result.verdict
    rows = [
        (say(name, language), verdicts.count(name))
        for name in (FALLING, RISING, NOT_SHOWN, NOT_TOLD)
    ]
    heads = (say("verdict", language), say("areas", language))
    return Section(say("verdicts", language), heads, rows, result.provenance.method)


def _groups(result: PovertyTrends, language: str) -> list[Section]:
    if not result.groups:
        return []
    columns = {}
    for name, values in result.groups.items():
        if name in ("s", "variance"):
            continue
        word = f"group_{name}" if name in GROUP_COLUMNS else ""
        head = say(word, language) if word else name
        if name.startswith("p_") and word:
            values = [chance(v) for v in values]
        elif name == "exact":
            values = [say("yes" if v else "no", language) for v in values]
        columns[head] = values
    rows = list(zip(*columns.values(), strict=True))
    return [Section(say("groups", language), list(columns), rows[:_MOST_ROWS])]


def _rows(result: PovertyTrends, language: str) -> Section:
    segments = range(min(len(result.series), _MOST_ROWS))
    rows = [
        _row(result, k, method, language)
        for k in segments
        for method in range(len(result.estimates))
    ]
    words = ("area", "n", "method", "slope", "unit", "interval", "p", "verdict")
    left = len(result.series) - len(segments)
    note = say("more", language, n=f"{left:,}") if left else ""
    heads = [say(word, language) for word in words]
    return Section(say("title", language), heads, rows, note)


def _row(result: PovertyTrends, segment: int, method: int, language: str) -> tuple:
    test, found = result.tests[segment], result.estimates[method]
    slope, low, high = _scaled(result, segment, method)
    ends = np.isfinite(low) and np.isfinite(high)
    told = test["n"] > 2 and test["p"] == test["p"]
    return (
        name_of(result, segment),
        int(test["n"]),
        found.method,
        number(slope) if slope == slope else None,
        _unit(result, method, language, short=True),
        _between(low, high, language) if ends else None,
        chance(float(test["p"])) if told else None,
        result.reason_of(segment, method, language)
        or say(result.verdict[segment], language),
    )
