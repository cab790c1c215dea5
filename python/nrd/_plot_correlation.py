"""Pictures of correlations; drawn through what `nrd.plot` shares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from . import _draw
from ._display import chance, number
from .errors import NrdValueError

if TYPE_CHECKING:
    from ._correlation import Correlations

# Wider matrices are drawn without numbers, wider ones still without names.
_WRITTEN, _NAMED = 12, 60
# Rows whose names stand beside their points.
_POINTS = 5
_OPEN = {"facecolor": "white", "edgecolor": _draw.GREY, "hatch": "////"}


def matrix(
    result: Correlations,
    ax: Any = None,
    language: str = "en",
    *,
    method: str | None = None,
    lag: int = 0,
    title: str | None = None,
    source: str = "",
) -> Any:
    """Draw coefficients as a matrix, with their intervals; see `Correlations.plot`.

    Bold numbers have an adjusted p below 1 - level; hatched cells have no coefficient.
    """
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.patches import Rectangle

    say = _draw.words(language)
    chosen = method or result.methods()[0]
    rows, columns, cells = result.cells("coefficient", method=chosen, lag=lag)
    size = 0.52 if len(columns) <= _WRITTEN else 0.16
    width = min(max(size * len(columns) + 2.2, 4.0), 12.0)
    ax = _draw.axes(ax, min(max(0.7 * size * len(rows) + 1.8, 2.6), 12.0), width)
    shades = LinearSegmentedColormap.from_list("", [_draw.LIGHT, "white", _draw.DARK])
    ax.imshow(cells, cmap=shades, vmin=-1, vmax=1, aspect="auto")
    for i, j in np.argwhere(np.isnan(cells)):
        ax.add_patch(Rectangle((j - 0.5, i - 0.5), 1, 1, linewidth=0, **_OPEN))
    if len(columns) <= _WRITTEN:
        _write_cells(ax, result, chosen, lag, cells)
    for axis, names in ((ax.xaxis, columns), (ax.yaxis, rows)):
        shown = len(names) <= _NAMED
        axis.set_ticks(range(len(names)) if shown else [])
        axis.set_ticklabels([_draw.wrapped(n, 18) for n in names] if shown else [])
    ax.tick_params(axis="x", rotation=0 if len(columns) <= 6 else 90)
    if title is None:
        title = f"{say('correlation')}: {chosen}"
    ax.set_title(title, fontsize=_draw.TITLE, fontweight="bold", loc="left")
    options = result.provenance.options
    said = say("bold" if options["adjust"] else "bold_plain")
    _draw.below(ax, f"{said} {number(100 - 100 * options['level'])} %", source, say)
    return ax


def _write_cells(
    ax: Any, result: Correlations, method: str, lag: int, cells: np.ndarray
) -> None:
    """Coefficients, and their intervals below."""
    adjust = result.provenance.options["adjust"]
    p, low, high = (
        result.cells(name, method=method, lag=lag)[2]
        for name in ("adjusted" if adjust else "p", "low", "high")
    )
    alpha = 1 - result.provenance.options["level"]
    for (i, j), value in np.ndenumerate(cells):
        if np.isnan(value):
            continue
        colour = "white" if value > 0.6 else "black"
        held = not np.isnan(low[i, j])
        weight = "bold" if p[i, j] < alpha else "normal"
        how = {"ha": "center", "color": colour, "annotation_clip": False}
        place = {"xy": (j, i), "textcoords": "offset points"}
        ax.annotate(
            f"{value:.2f}", xytext=(0, 1 if held else -3), fontsize=_draw.TEXT,
            fontweight=weight, **place, **how,
        )  # fmt: skip
        if held:
            span = f"{low[i, j]:.2f}…{high[i, j]:.2f}"
            ax.annotate(span, xytext=(0, -7), fontsize=5.5, **place, **how)


def scatter(
    result: Correlations,
    ax: Any = None,
    language: str = "en",
    *,
    title: str | None = None,
    source: str = "",
) -> Any:
    """Draw the rows of one pair; the larger a point, the more the coefficient owes it."""
    say = _draw.words(language)
    points, columns = result.points, result.columns
    if not points["x"]:
        raise NrdValueError("plot: no row has both values, nothing can be drawn")
    x, y = np.array(points["x"]), np.array(points["y"])
    change = _changes(result)
    most = float(np.nanmax(np.abs(change), initial=0.0))
    share = np.nan_to_num(np.abs(change)) / most if most > 0 else np.zeros(len(x))
    ax = _draw.axes(ax, 3.6, 5.2)
    ax.scatter(
        x, y, s=10 + 70 * share, color=_draw.DARK, alpha=0.65, linewidth=0.4,
        edgecolor="white",
    )  # fmt: skip
    for i in np.argsort(-share)[: _POINTS if most > 0 else 0]:
        _draw.beside(ax, str(points["unit"][i]), (x[i], y[i]), "data", (5, 3))
    if title is None:
        title = f"{columns['x'][0]}, {columns['y'][0]}"
    ax.set_title(title, fontsize=_draw.TITLE, fontweight="bold", loc="left", pad=16)
    _draw.beside(ax, _caption(result, say), (0, 1), "axes fraction", (0, 4))
    ax.set_ylabel(columns["y"][0], fontsize=_draw.TEXT)
    _draw.below(ax, columns["x"][0], source, say)
    return ax


def _changes(result: Correlations) -> np.ndarray:
    """What each point makes of the coefficient; NaN where that is not known."""
    names = result.points["unit"]
    found = result.influence
    if found is None or len(result) > 1:
        return np.full(len(names), np.nan)
    known = dict(zip(found["unit"], found["change"], strict=True))
    return np.array([known.get(name, np.nan) for name in names])


def _caption(result: Correlations, say: Any) -> str:
    lines = []
    for k, method in enumerate(result.columns["method"]):
        value, low, high, p, n = (
            result.columns[name][k] for name in ("coefficient", "low", "high", "p", "n")
        )
        if value is None:
            lines.append(f"{method}: {result.columns['reason'][k]}")
            continue
        span = "" if low is None else f" ({number(low, 2)} … {number(high, 2)})"
        lines.append(f"{method} {number(value, 2)}{span}, p {chance(p)}, n {n}")
    return "; ".join(lines[:2])


def profile(
    result: Correlations,
    ax: Any = None,
    language: str = "en",
    *,
    title: str | None = None,
    source: str = "",
) -> Any:
    """Draw coefficients and intervals by lag, one line a pair and method."""
    say = _draw.words(language)
    columns = result.columns
    keys = list(zip(columns["x"], columns["y"], columns["method"], strict=True))
    ax = _draw.axes(ax, 3.0, 5.2)
    ax.axhline(0, color=_draw.GREY, linewidth=0.8)
    different = list(dict.fromkeys(keys))
    colours = [_draw.DARK, _draw.LIGHT, _draw.GREY, "#5b9a8b", "#c9a0dc"]
    for place, key in enumerate(different):
        chosen = [k for k, own in enumerate(keys) if own == key]
        lag, middle, low, high = (
            np.array([columns[name][k] for k in chosen], float)
            for name in ("lag", "coefficient", "low", "high")
        )
        at = lag + 0.06 * (place - (len(different) - 1) / 2)
        colour = colours[place % len(colours)]
        ax.vlines(at, low, high, color=colour, linewidth=1.2)
        words = f"{key[0]}, {key[1]}: {key[2]}"
        ax.plot(at, middle, "o-", color=colour, markersize=4, linewidth=0.8, label=words)
    ax.set_xticks(sorted(set(columns["lag"])))
    ax.set_ylim(-1.05, 1.05)
    if len(different) > 1:
        ax.legend(fontsize=_draw.SMALL, frameon=False)
    if title is None:
        x, y, method = different[0]
        title = f"{x}, {y}: {method}" if len(different) == 1 else say("correlation")
    ax.set_title(title, fontsize=_draw.TITLE, fontweight="bold", loc="left")
    ax.set_ylabel(say("coefficient"), fontsize=_draw.TEXT)
    _draw.below(ax, say("lag"), source, say)
    return ax
