"""Pictures of trends: the series of each area and its fit, in small multiples."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np

from . import _draw
from ._labels_trends import say
from ._sections_trends import pace_of
from .errors import NrdValueError

if TYPE_CHECKING:
    from ._trends import PovertyTrends

_MOST = 60
_COLUMNS = 4
_HEIGHT = 1.45  # inches of a panel
_STEPS = 60  # points of a curve
_MARKERS = "osD^v"


def trends(
    result: PovertyTrends,
    ax: Any = None,
    language: str = "en",
    *,
    title: str | None = None,
    source: str = "",
    columns: int = _COLUMNS,
    method: int = 0,
) -> Any:
    """Draw series and fits; see `PovertyTrends.plot`."""
    words = _draw.words(language)
    areas = np.unique(result.series.area)
    _check(result, areas, ax)
    if ax is not None:
        _panel(_draw.axes(ax, _HEIGHT), result, int(areas[0]), method, language)
        _name(ax, result, int(areas[0]), method, language, title)
        return ax
    figure, panels = _figure(len(areas), columns)
    for panel, area in zip(panels, areas.tolist(), strict=False):
        _panel(panel, result, area, method, language)
        _name(panel, result, area, method, language, None)
    for panel in panels[len(areas) :]:
        panel.set_axis_off()
    _limits(panels[: len(areas)], result)
    word = "value" if result.series.rate == "percent" else "value_number"
    figure.supylabel(say(word, language), fontsize=_draw.TEXT)
    if title is None:
        title = f"{say('title', language)}: {result.estimates[method].method}"
    if title:
        figure.suptitle(title, fontsize=_draw.TITLE, fontweight="bold", x=0.01, ha="left")
    if source:
        text = textwrap.fill(f"{words('source')}: {source}", 120)
        figure.supxlabel(text, fontsize=_draw.SMALL, color="#444444", x=0.99, ha="right")
    return figure


def _check(result: PovertyTrends, areas: np.ndarray, ax: Any) -> None:
    if not 0 < len(areas) <= _MOST:
        raise NrdValueError(
            f"plot: there are {len(areas)} areas, expected 1 to {_MOST}: choose some with "
            "`area` or `take`"
        )
    if ax is not None and len(areas) > 1:
        raise NrdValueError(f"plot: ax is given for {len(areas)} areas, expected one area")


def _figure(count: int, columns: int) -> tuple[Any, list]:
    from matplotlib import pyplot

    across = max(1, min(columns, count))
    down = -(-count // across)
    width = _draw.WIDTH if across > 1 else 0.6 * _draw.WIDTH
    height = (_HEIGHT if across > 1 else 1.6 * _HEIGHT) * down + 0.7
    figure, grid = pyplot.subplots(
        down, across, figsize=(width, height), layout="constrained", squeeze=False,
        sharex=True, sharey=True,
    )  # fmt: skip
    panels = list(grid.ravel())
    for panel in panels:
        _draw.axes(panel, height)
    for place in range(max(0, count - across), count):
        panels[place].tick_params(labelbottom=True)
    return figure, panels


def _segments(result: PovertyTrends, area: int) -> list[int]:
    return np.flatnonzero(result.series.area == area).tolist()


def _panel(ax: Any, result: PovertyTrends, area: int, method: int, language: str) -> None:
    """Draw each standard of an area by its own marks: the fit never goes across."""
    series, found = result.series, result.estimates[method]
    for segment in _segments(result, area):
        rows = series.rows_of(segment)
        time, value = series.time[rows], series.value[rows]
        mark = _MARKERS[int(series.standard[segment]) % len(_MARKERS)]
        ax.plot(time, value, mark, color=_draw.DARK, markersize=3)
        if found.slope[segment] == found.slope[segment] and segment not in found.reason:
            curve = np.linspace(time[0], time[-1], _STEPS)
            fitted = found.fitted(segment, curve - time[0])
            ax.plot(curve, fitted, "-", color=_draw.LIGHT, linewidth=1.6, zorder=1)
    ax.xaxis.get_major_locator().set_params(integer=True, nbins=4)
    ax.yaxis.get_major_locator().set_params(nbins=4)


def _name(
    ax: Any, result: PovertyTrends, area: int, method: int, language: str, title: str | None
) -> None:
    """The name of the area, and below it the pace by each standard."""
    name = " ".join(map(str, result.series.keys[area])) if title is None else title
    series = result.series
    paces = []
    for segment in _segments(result, area):
        pace = pace_of(result, segment, method, language)
        named = series.standards != [None]
        standard = series.standards[series.standard[segment]] if named else ""
        paces.append(f"{standard}: {pace}" if named else pace)
    lines = [textwrap.shorten(name, 34, placeholder="…"), *filter(None, paces)]
    ax.set_title("\n".join(lines), fontsize=_draw.SMALL, loc="left", linespacing=1.15)


def _limits(panels: list, result: PovertyTrends) -> None:
    """Rates begin at 0, so that areas can be compared."""
    if result.series.rate == "percent" and len(result.series.value):
        panels[0].set_ylim(0, 1.08 * max(float(result.series.value.max()), 1e-9))
