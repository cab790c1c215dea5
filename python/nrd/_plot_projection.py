"""Pictures of projections and joints; drawn through what `nrd.plot` shares."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from . import _draw
from ._display import number
from ._labels_projection import reach_words, reason, word, year_words
from .errors import NrdValueError

if TYPE_CHECKING:
    from ._joined import Joints
    from ._projected import Projection
    from ._series import Series

_DARK, _FAN, _TARGET = _draw.DARK, "#c9d8e6", "#c0392b"
_COLUMNS, _MOST = 3, 9
# Years after the last one projected to at which the time of a target is cut off.
_BEYOND = 10
_HEIGHT, _WIDTH = 2.1, _draw.WIDTH


def fans(
    result: Projection,
    areas: Sequence[Hashable] = (),
    *,
    axes: Any = None,
    language: str = "en",
    title: str | None = None,
    names: dict[Hashable, str] | None = None,
    source: str = "",
) -> Any:
    """Draw figures, trend, fan and target of areas; see `Projection.plot`.

    Parameters
    ----------
    result : Projection
        What is drawn.
    areas : sequence of hashable, optional
        Codes; by default the first nine areas.
    axes : Axes or array of Axes, optional
        One for each area; by default those of a new figure.
    language : {"en", "vi"}, optional
        Language of the words.
    title : str, optional
        Above all.
    names : dict, optional
        Names of areas by their codes.
    source : str, optional
        Printed below.

    Returns
    -------
    array of Axes
    """
    say = _draw.words(language)
    places = [result.place(code) for code in areas] or list(range(len(result.found)))
    places = places[:_MOST] if not areas else places
    panels = _panels(axes, places)
    for ax, place in zip(panels, places, strict=True):
        _standards(ax, result.series, place, result.standards[place])
        _fan(ax, result, place)
        _note(ax, result, place, language)
        _name(ax, result.series.keys[place][-1], names)
    level = number(100 * result.provenance.options["level"])
    entries = [
        (word("figure", language), {"color": _draw.DARK, "marker": "o", "linewidth": 0}),
        (word("fit", language), {"color": _draw.DARK}),
        (word("fan", language, level), {"color": _FAN, "linewidth": 6}),
    ]
    if not np.isnan(result.target[places]).all():
        entries += _target_entries(result, language, level)
    if any(_others(result.series, p, result.standards[p]) for p in places):
        entries.append(
            (word("other", language), {"color": _draw.GREY, "marker": "o", "linewidth": 0})
        )
    _finish(panels, entries, word("title", language) if title is None else title, language)
    _source(panels, source, say)
    return panels


def _target_entries(result: Projection, language: str, level: str) -> list:
    """What the key says of the target, its year and when it is reached."""
    words = word("target", language)
    if not np.isnan(result.target_year):
        words = word("target_by", language, year_words(result.target_year))
    return [
        (words, {"color": _TARGET, "linestyle": ":"}),
        (word("reach_range", language, level), {"color": _TARGET, "linewidth": 2}),
    ]


def joined(
    result: Joints,
    areas: Sequence[Hashable] = (),
    *,
    axes: Any = None,
    language: str = "en",
    title: str | None = None,
    names: dict[Hashable, str] | None = None,
    source: str = "",
) -> Any:
    """Draw figures, lines and joints of areas, all standards in one; see `Joints.plot`.

    Parameters
    ----------
    result : Joints
        What is drawn.
    areas, axes, language, title, names, source
        As in `fans`.

    Returns
    -------
    array of Axes
    """
    say = _draw.words(language)
    keys = result.series.keys
    places = [i for i, key in enumerate(keys) if not areas or key[-1] in areas]
    places = places[:_MOST] if not areas else places
    if not places:
        raise NrdValueError(f"plot: there is none of the areas {list(areas)}")
    panels = _panels(axes, places)
    for ax, place in zip(panels, places, strict=True):
        for k in np.flatnonzero(result.series.area == place).tolist():
            _lines(ax, result, k)
        ax.set_ylim(bottom=0)
        _name(ax, keys[place][-1], names)
    level = number(100 * result.provenance.options["level"])
    entries = [
        (word("figure", language), {"color": _draw.DARK, "marker": "o", "linewidth": 0}),
        (word("fit", language), {"color": _draw.DARK}),
        (word("joint_range", language, level), {"color": _draw.LIGHT, "linewidth": 3}),
    ]
    words = word("joints_title", language) if title is None else title
    _finish(panels, entries, words, language)
    _source(panels, source, say)
    return panels


def _panels(axes: Any, places: Sequence[int]) -> np.ndarray:
    """Axes of the caller, or of a new figure that is no larger than need be."""
    if axes is not None:
        panels = np.atleast_1d(axes).ravel()
        if len(panels) != len(places):
            raise NrdValueError(
                f"plot: there are {len(panels)} axes, expected {len(places)}, one an area"
            )
        return panels
    from matplotlib import pyplot

    columns = min(_COLUMNS, len(places))
    lines = -(-len(places) // columns)
    figure, grid = pyplot.subplots(
        lines, columns, sharex=True, squeeze=False, layout="constrained",
        figsize=(_WIDTH * (0.4 + 0.2 * columns), _HEIGHT * lines + 0.7),
    )  # fmt: skip
    panels = grid.ravel()
    for spare in panels[len(places) :]:
        figure.delaxes(spare)
    for ax in panels[: len(places)]:
        _draw.axes(ax, _HEIGHT)
        ax.xaxis.get_major_locator().set_params(integer=True, nbins=5)
        ax.tick_params(labelbottom=True)
    return panels[: len(places)]


def _others(series: Series, place: int, standard: Hashable) -> list[int]:
    """Series of an area by other standards."""
    return [
        k
        for k in np.flatnonzero(series.area == place).tolist()
        if series.standards[series.standard[k]] != standard and series.n[k] > 0
    ]


def _standards(ax: Any, series: Series, place: int, standard: Hashable) -> None:
    """Figures: those of the standard of the line, and of others without a line."""
    for k in np.flatnonzero(series.area == place).tolist():
        rows = series.rows_of(k)
        own = series.standards[series.standard[k]] == standard
        color = _draw.DARK if own else _draw.GREY
        ax.plot(series.time[rows], series.value[rows], "o", color=color, markersize=3)


def _fan(ax: Any, result: Projection, place: int) -> None:
    points, one = result.points[place], result.found[place]
    target = result.target[place]
    if not np.isnan(target):
        ax.axhline(target, color=_TARGET, linestyle=":", linewidth=1)
    if not np.isnan(result.target_year):
        ax.axvline(result.target_year, color=_TARGET, linestyle=":", linewidth=0.6)
    if not np.isnan(points["estimate"]).all():
        ax.fill_between(
            result.years, points["low"], points["high"], color=_FAN, linewidth=0
        )
        ax.plot(result.years, points["estimate"], "--", color=_DARK, linewidth=1)
    years, fitted = result.fitted(place)
    ax.plot(years, fitted, color=_DARK, linewidth=1.2)
    low, high = float(one["reach_low"]), float(one["reach_high"])
    last = max(result.years, default=one["last_time"]) + _BEYOND
    if low < last and not np.isnan(target):
        ax.plot([low, min(high, last)], [target] * 2, color=_TARGET, linewidth=2)
    ax.set_ylim(bottom=0)


def _note(ax: Any, result: Projection, place: int, language: str) -> None:
    """When the target is reached, or why nothing can be told."""
    words = reach_words(result.found[place], language)
    why = reason(result.states[place], result.details[place], language)
    text = "\n".join(_draw.wrapped(line) for line in (words, why) if line)
    ax.annotate(
        text, (1, 1), xycoords="axes fraction", ha="right", va="top",
        fontsize=_draw.SMALL, color="#444444", multialignment="right",
        bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 0.5},
    )  # fmt: skip


def _lines(ax: Any, result: Joints, k: int) -> None:
    rows, found = result.series.rows_of(k), result.found[k]
    time, value = result.series.time[rows], result.series.value[rows]
    ax.plot(time, value, "o", color=_DARK, markersize=3)
    if np.isnan(found["rss"]):
        return
    joints = found["joint"][: found["joints"]]
    ax.plot(*result.fitted(k), color=_DARK, linewidth=1.2)
    for j, joint in enumerate(joints.tolist()):
        low = max(float(found["joint_low"][j]), time[0])
        high = min(float(found["joint_high"][j]), time[-1])
        ax.axvline(joint, color=_draw.LIGHT, linewidth=0.8)
        ax.plot([low, high], [0.02, 0.02], color=_draw.LIGHT, linewidth=3,
                transform=ax.get_xaxis_transform())  # fmt: skip


def _name(ax: Any, code: Hashable, names: dict[Hashable, str] | None) -> None:
    name = str((names or {}).get(code, code))
    ax.set_title(name, fontsize=_draw.TEXT, loc="left", fontweight="bold")


def _finish(panels: np.ndarray, entries: list, title: str, language: str) -> None:
    """One key for all, the title above it, and what is measured."""
    from matplotlib.lines import Line2D

    figure = panels[0].get_figure()
    style = {"linewidth": 1.2, "markersize": 3}
    figure.legend(
        handles=[Line2D([], [], label=words, **{**style, **how}) for words, how in entries],
        loc="outside upper left", ncols=3, frameon=False, fontsize=_draw.TEXT,
        title=title, title_fontproperties={"size": _draw.TITLE, "weight": "bold"},
        alignment="left",
    )  # fmt: skip
    for ax in panels:
        if ax.get_subplotspec() is None or ax.get_subplotspec().is_first_col():
            ax.set_ylabel(word("units", language), fontsize=_draw.TEXT)


def _source(panels: np.ndarray, source: str, say: Any) -> None:
    if source:
        figure = panels[0].get_figure()
        words = _draw.wrapped(f"{say('source')}: {source}", 110)
        figure.supxlabel(words, fontsize=_draw.SMALL, color="#444444", x=0.01, ha="left")
