"""The picture of an assessment; drawn through what `nrd.plot` shares."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from . import _draw
from ._assess_grid import Grid, grid
from ._core.assess import MET, NEAR, NOT_ASKED, UNKNOWN, UNMET
from ._display import between
from .plot import _MET, _OPEN, _UNMET, _cells, _name_criteria

if TYPE_CHECKING:
    from ._assessment import Assessment

_NEAR = {"facecolor": _draw.LIGHT, "edgecolor": _draw.DARK, "hatch": "...."}
_NOT_ASKED = {"facecolor": "#e6e6e6", "edgecolor": "white"}
_STATES = {
    MET: ("met", _MET),
    UNMET: ("unmet", _UNMET),
    NEAR: ("near", _NEAR),
    UNKNOWN: ("unknown", _OPEN),
    NOT_ASKED: ("not_asked_here", _NOT_ASKED),
}
_ALL_NAMES = 25  # more columns than this are named by their codes alone
_MOST_NAMED = 80  # more rows than this by their ranks: the provinces have names


def assessment(
    result: Assessment,
    ax: Any = None,
    language: str = "en",
    *,
    year: int | None,
    columns: str,
    labels: Callable[[str, str], str],
    title: str | None,
    source: str,
) -> Any:
    """Draw an assessment; arguments as in `Assessment.plot`."""
    say = _draw.words(language)
    cells = grid(result, year, columns)
    rows, width = cells.states.shape
    ax = _draw.axes(
        ax, 0.185 * min(rows, _MOST_NAMED) + 2.6, max(_draw.WIDTH, 0.23 * width + 1.6)
    )
    shown = [state for state in _STATES if np.any(cells.states == state)]
    for state in shown:
        places = np.argwhere(cells.states == state)
        _cells(ax, places, 0.6 if rows <= _MOST_NAMED else 0, _STATES[state][1])
    ax.set(xlim=(-0.5, width - 0.5), ylim=(rows - 0.5, -0.5))
    _name_columns(ax, result, cells, columns, language)
    _name_units(ax, [labels("unit", code) for code in cells.units], say)
    above = _margins(ax, cells, say("class" if columns == "criteria" else "items_met"), say)
    what = say("by_criterion" if columns == "criteria" else "by_indicator")
    named = f"{what}: {result.criteria_set.id}, {cells.year}" if title is None else title
    key = [(say(word), style) for word, style in map(_STATES.get, shown)]
    _draw.key(ax, key, named, columns=len(_STATES), above=above)
    _draw.below(ax, "", source, say)
    return ax


def _name_columns(
    ax: Any, result: Assessment, cells: Grid, columns: str, language: str
) -> None:
    if columns == "criteria" and len(cells.codes) <= _ALL_NAMES:
        names = [result.criteria_set.name(code, language) for code in cells.codes]
        _name_criteria(ax, cells.codes, names)
        return
    longest = max(map(len, cells.codes))
    upright = 4.6 * longest > _column_points(ax, len(cells.codes))
    ax.set_xticks(range(len(cells.codes)), cells.codes, fontsize=_draw.SMALL)
    ax.tick_params(axis="x", labelrotation=90 if upright else 0)


def _name_units(ax: Any, names: list[str], say: Callable) -> None:
    """Names of the units, or their ranks where there are too many to read."""
    if len(names) <= _MOST_NAMED:
        ax.set_yticks(range(len(names)), list(map(_draw.wrapped, names)), linespacing=1.1)
        return
    ranks = _ranks(len(names))
    ax.set_yticks([rank - 1 for rank in ranks], list(map(str, ranks)))
    ax.set_ylabel(say("units_ranked"), fontsize=_draw.TEXT)


def _column_points(ax: Any, columns: int) -> float:
    """Width of a column, in points, as far as it is known before the layout."""
    return 0.9 * 72 * ax.bbox.width / ax.get_figure().dpi / columns


def _ranks(n: int) -> list[int]:
    """Ranks that are named: all, or the first and each twentieth."""
    return list(range(1, n + 1)) if n <= _MOST_NAMED else [1, *range(20, n + 1, 20)]


def _margins(ax: Any, cells: Grid, words: str, say: Callable) -> float:
    """Write counts on the right and on top; return the room taken on top, in points."""
    ends = [between(low, high) for low, high in cells.met.T.tolist()]
    for y in [rank - 1 for rank in _ranks(len(ends))]:
        _draw.beside(ax, ends[y], (1, y), ("axes fraction", "data"), (4, 0), va="center")
    below = {"rotation": 90, "ha": "center", "va": "top"}
    _draw.beside(ax, words, (1, 0), "axes fraction", (13, -8), **below)
    tops = [between(low, high) for low, high in cells.meeting.T.tolist()]
    longest = max(map(len, tops), default=0)
    upright = 4.6 * longest > _column_points(ax, len(tops))
    how = {"rotation": 90 if upright else 0, "ha": "center", "va": "bottom"}
    for x, top in enumerate(tops):
        _draw.beside(ax, top, (x, 1), ("data", "axes fraction"), (0, 3), **how)
    left = {"ha": "right", "va": "bottom"}
    _draw.beside(ax, say("units_meeting"), (0, 1), "axes fraction", (-3.5, 3), **left)
    return 8 + 4.6 * longest if upright else 16
