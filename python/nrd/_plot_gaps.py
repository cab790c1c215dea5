"""Pictures of gaps as waterfalls; drawn through what `nrd.plot` shares."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from . import _draw
from ._display import between, number
from .errors import NrdKeyError, NrdValueError
from .plot import _MET, _OPEN, _UNMET

if TYPE_CHECKING:
    from .gap_indices import GapIndex
    from .gaps import AttainmentGaps

_ROW, _MOST = 0.25, 20
_LINE = {"color": _draw.GREY, "lw": 0.6, "zorder": 0}


class _Bar(NamedTuple):
    """A bar from `begin` to `end`, and hatched on to `open`."""

    name: str
    begin: float
    end: float
    open: float
    words: str
    style: dict


def waterfall(
    result: AttainmentGaps,
    ax: Any = None,
    language: str = "en",
    *,
    labels: Callable[[str, str], str] | None = None,
    title: str | None = None,
    source: str = "",
) -> Any:
    """Draw how criteria take the mean from all of them down to what communes meet.

    Each bar is the share of communes that misses a criterion, surely and possibly; the last
    one is the mean number of criteria met, at least and at most.

    Parameters
    ----------
    result : AttainmentGaps
        Drawn with the criterion first that most communes surely miss; more than 20
        criteria with a gap are joined at the end.
    ax, language, title, source
        As in `nrd.plot.heat_map`, like what is returned and raised.
    labels : callable, optional
        Turns ``("criterion", code)`` into a name; by default that of the result.
    """
    say = _draw.words(language)
    found, n = result.by_criterion, len(result.units)
    low, high = (np.array(found[f"short_{end}"], float) / n for end in ("low", "high"))
    names = [
        labels("criterion", code) if labels else _numbered(result, code, language)
        for code in found["criterion"]
    ]
    total = float(len(names))
    bars = [_Bar(say("all_criteria"), 0, total, total, number(total), _MET)]
    at = total
    for name, least, most in _joined(names, low, high, say):
        words = between(least, most)
        bars.append(_Bar(name, at, at - least, at - most, words, _UNMET))
        at -= least
    least, most = total - high.sum(), total - low.sum()
    bars.append(_Bar(say("mean_met"), 0, least, most, between(least, most), _MET))
    ax = _draw.axes(ax, _ROW * len(bars) + 1.6)
    _fall(ax, bars, total)
    ax.xaxis.get_major_locator().set_params(integer=True)
    entries = [(say("surely"), _UNMET), (say("possibly"), _OPEN), (say("met"), _MET)]
    if not np.any(high > low):
        del entries[1]
    _draw.key(ax, entries, say("waterfall_title") if title is None else title)
    _draw.below(ax, say("mean_criteria"), source, say)
    return ax


def index(
    result: GapIndex,
    ax: Any = None,
    language: str = "en",
    *,
    order: str = "depth",
    year: int | None = None,
    title: str | None = None,
    source: str = "",
) -> Any:
    """Draw what each criterion adds to the index of a year.

    Parameters
    ----------
    result : GapIndex
        Drawn with the criterion first that adds most; more than 20 are joined at the end.
    ax, language, title, source
        As in `nrd.plot.heat_map`, like what is returned and raised; a year without a gap
        raises, too.
    order : {"incidence", "depth", "severity"}, optional
        Which index.
    year : int, optional
        The year, needed where there are several.
    """
    say = _draw.words(language)
    if order not in ("incidence", "depth", "severity"):
        raise NrdKeyError(
            f"plot: order is {order!r}, expected 'incidence', 'depth' or 'severity'"
        )
    place = _year_place(result, year)
    whole, found = result.by_year[order][place], result.by_criterion
    rows = [i for i, y in enumerate(found["year"]) if y == result.by_year["year"][place]]
    shares = [found[f"{order}_share"][i] for i in rows]
    if not whole:
        raise NrdValueError("plot: the year has no gap, nothing can be drawn")
    parts = np.array(shares, float) * whole
    codes = [found["criterion"][i] for i in rows]
    names = [f"{code} {result.criteria_set.name(code, language)}" for code in codes]
    bars, at = [], 0.0
    for name, part, _ in _joined(names, parts, parts, say):
        bars.append(_Bar(name, at, at + part, at + part, number(part, 3), _UNMET))
        at += part
    bars.append(_Bar(say(order), 0, whole, whole, number(whole, 3), _MET))
    ax = _draw.axes(ax, _ROW * len(bars) + 1.6)
    _fall(ax, bars, whole)
    year = result.by_year["year"][place]
    entries = [(say("contribution"), _UNMET), (f"{say('gap_index')}, {year}", _MET)]
    _draw.key(ax, entries, f"{say('gap_index')}: {say(order)}" if title is None else title)
    _draw.below(ax, say(order), source, say)
    return ax


def _year_place(result: GapIndex, year: int | None) -> int:
    years = list(result.by_year["year"])
    if year is None and len(years) > 1:
        raise NrdValueError(f"there are {len(years)} years, expected year to name one")
    if year is not None and year not in years:
        raise NrdValueError(f"there are no measurements of {year}")
    return 0 if year is None else years.index(year)


def _numbered(result: AttainmentGaps, code: str, language: str) -> str:
    name = result.name(code, language)
    return f"{code} {name}" if code.isdigit() and name != code else name


def _joined(
    names: Sequence[str], low: np.ndarray, high: np.ndarray, say: Callable
) -> list[tuple[str, float, float]]:
    """Rows with a gap, the largest first; the many small ones are joined at the end."""
    order = np.lexsort((-high, -low))
    order = order[high[order] > 0]
    first = order if len(order) <= _MOST else order[: _MOST - 1]
    rest = order[len(first) :]
    out = [(names[i], float(low[i]), float(high[i])) for i in first]
    if len(rest):
        words = say("others").format(len(rest))
        out.append((words, float(low[rest].sum()), float(high[rest].sum())))
    return out


def _fall(ax: Any, bars: Sequence[_Bar], most: float) -> None:
    """Draw bars below each other, joined where one ends and the next begins."""
    for y, bar in enumerate(bars):
        ax.barh(y, bar.end - bar.begin, 0.72, bar.begin, zorder=2, lw=0, **bar.style)
        if bar.open != bar.end:
            ax.barh(y, bar.open - bar.end, 0.72, bar.end, zorder=1, lw=0.6, **_OPEN)
        if y + 1 < len(bars):
            ax.vlines(bar.end, y, y + 1, **_LINE)
        right = max(bar.begin, bar.end, bar.open)
        _draw.beside(ax, bar.words, (right, y), "data", (3, 0), va="center")
    ax.set_yticks(
        range(len(bars)), [_draw.wrapped(bar.name) for bar in bars], linespacing=1.1
    )
    ax.set(xlim=(0, 1.08 * most), ylim=(len(bars) - 0.5, -0.5))
