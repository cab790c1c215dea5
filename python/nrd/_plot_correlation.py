"""Pictures of correlations; drawn through what `nrd.plot` shares."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np

from . import _draw
from ._display import chance, number
from ._labels_correlation import word
from ._plot_names import Names, plain_ticks, signed, write_names
from .errors import NrdValueError

if TYPE_CHECKING:
    from ._correlation import Correlations

# Wider matrices are drawn without numbers, wider ones still without names.
_WRITTEN, _NAMED = 12, 60
# Letters of an axis in an inch.
_PER_INCH = 16
# Columns whose names stand upright below them.
_FEW = 6
# Up to so many rows are all named, of more only the most influential.
_ALL, _SOME = 20, 5
_OPEN = {"facecolor": "white", "edgecolor": _draw.GREY, "hatch": "////"}


def matrix(
    result: Correlations,
    ax: Any = None,
    language: str = "en",
    *,
    method: str | None = None,
    lag: int = 0,
    labels: Any = None,
    title: str | None = None,
    source: str = "",
) -> Any:
    """Draw coefficients as a matrix, with their intervals; see `Correlations.plot`.

    Bold numbers have an adjusted p below 1 - level; hatched cells have no coefficient.
    """
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.patches import Rectangle

    say, called = _draw.words(language), Names(labels, language)
    chosen = method or result.methods()[0]
    rows, columns, cells = result.cells("coefficient", method=chosen, lag=lag)
    size = 0.52 if len(columns) <= _WRITTEN else 0.16
    if len(columns) <= _FEW:
        size = 1.1  # room for names that need not be broken
    width = min(max(size * len(columns) + 2.2, 4.0), 12.0)
    high = 0.42 if len(columns) <= _WRITTEN else 0.11
    ax = _draw.axes(ax, min(max(high * len(rows) + 1.8, 2.6), 12.0), width)
    shades = LinearSegmentedColormap.from_list("", [_draw.LIGHT, "white", _draw.DARK])
    ax.imshow(cells, cmap=shades, vmin=-1, vmax=1, aspect="auto")
    for i, j in np.argwhere(np.isnan(cells)):
        ax.add_patch(Rectangle((j - 0.5, i - 0.5), 1, 1, linewidth=0, **_OPEN))
    if len(columns) <= _WRITTEN:
        _write_cells(ax, result, chosen, lag, cells)
    for axis, names in ((ax.xaxis, columns), (ax.yaxis, rows)):
        shown = [_draw.wrapped(called.name(n), 22) for n in names]
        shown = shown if len(names) <= _NAMED else []
        axis.set_ticks(range(len(shown)))
        axis.set_ticklabels(shown)
    ax.tick_params(axis="x", rotation=0 if len(columns) <= _FEW else 90)
    if title is None:
        title = say("correlation")
    ax.set_title(title, fontsize=_draw.TITLE, fontweight="bold", loc="left")
    said = _reading(result, language, cells, written=len(columns) <= _WRITTEN)
    room = int(_PER_INCH * ax.bbox.width / ax.get_figure().dpi)
    said = "\n".join(textwrap.fill(line, room) for line in said)
    _draw.below(ax, f"{word(chosen, language)}, {said}", source, say)
    return ax


def _reading(
    result: Correlations, language: str, cells: np.ndarray, *, written: bool
) -> list[str]:
    """How a matrix is read: its rows, its numbers, its hatching."""
    options, columns = result.provenance.options, result.columns
    level = options["level"]
    say = _draw.words(language)
    out = []
    if written:
        bold = say("bold" if options["adjust"] else "bold_plain")
        out = [f"{bold} {number(100 - 100 * level)} %"]
        if any(low is not None for low in columns["low"]):
            out.append(word("interval", language, number(100 * level)))
    if np.isnan(cells).any():
        out.append(word("hatched", language))
    few, most = min(columns["n"]), max(columns["n"])
    rows = f"n {few}" if few == most else f"n {few}–{most}"
    return [rows, "; ".join(out)] if out else [rows]


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
            signed(value), xytext=(0, 1 if held else -3), fontsize=_draw.TEXT,
            fontweight=weight, **place, **how,
        )  # fmt: skip
        if held:
            span = f"{signed(low[i, j])} … {signed(high[i, j])}"
            ax.annotate(span, xytext=(0, -7), fontsize=5.5, **place, **how)


def scatter(
    result: Correlations,
    ax: Any = None,
    language: str = "en",
    *,
    labels: Any = None,
    title: str | None = None,
    source: str = "",
) -> Any:
    """Draw the rows of one pair; the larger a point, the more the coefficient owes it."""
    say, called = _draw.words(language), Names(labels, language)
    points = result.points
    names = [result.columns[end][0] for end in ("x", "y")]
    if not len(points["x"]):
        raise NrdValueError("plot: no row has both values, nothing can be drawn")
    at = np.column_stack([points["x"], points["y"]])
    change = _changes(result)
    most = float(np.nanmax(np.abs(change), initial=0.0))
    share = np.nan_to_num(np.abs(change)) / most if most > 0 else np.zeros(len(at))
    ax = _draw.axes(ax, 3.6, 5.2)
    ax.scatter(
        *at.T, s=10 + 70 * share, color=_draw.DARK, alpha=0.65, linewidth=0.4,
        edgecolor="white",
    )  # fmt: skip
    ax.margins(0.08)
    if title is None:
        title = ", ".join(map(called.name, names))
    lines = [*_captions(result, language)]
    lines += _of_what(result, called, language)
    lines += [word("size", language)] if most > 0 else []
    head(ax, title, lines)
    for axis in (ax.xaxis, ax.yaxis):
        plain_ticks(axis)
    ax.set_ylabel(called.axis(names[1]), fontsize=_draw.TEXT)
    _draw.below(ax, called.axis(names[0]), source, say)
    order = np.argsort(-share, kind="stable")
    named = order[: len(at) if len(at) <= _ALL else _SOME] if most > 0 else order[:0]
    write_names(ax, at[order], [str(points["unit"][i]) for i in named.tolist()])
    return ax


def _of_what(result: Correlations, called: Names, language: str) -> list[str]:
    """What the points are of, where they are not the rows as they are."""
    options = result.provenance.options
    if options["relation"] != "rows":
        return [word(options["relation"], language)]
    if not options["covariates"]:
        return []
    names = ", ".join(map(called.name, options["covariates"]))
    left = result.columns["method"][0] == "pearson"
    kind = f"left_{options['part']}" if left else "beside"
    return [word(kind, language, names)]


def head(ax: Any, title: str, lines: list[str]) -> None:
    """Put the title above the Axes, and between them lines in small type."""
    pad = 5 + 10 * len(lines)
    ax.set_title(title, fontsize=_draw.TITLE, fontweight="bold", loc="left", pad=pad)
    _draw.beside(ax, "\n".join(lines), (0, 1), "axes fraction", (0, 4), va="bottom")


def _changes(result: Correlations) -> np.ndarray:
    """What each point makes of the coefficient; NaN where that is not known."""
    names = result.points["unit"]
    found = result.influence
    if found is None or len(result) > 1:
        return np.full(len(names), np.nan)
    known = dict(zip(found["unit"], found["change"], strict=True))
    return np.array([known.get(name, np.nan) for name in names])


def _captions(result: Correlations, language: str) -> list[str]:
    """A line for each of the first methods: coefficient, interval, p and rows."""
    lines = []
    names = ("method", "coefficient", "low", "high", "p", "n", "dropped")
    for row in zip(*(result.columns[name] for name in names), strict=True):
        method, value, low, high, p, n, dropped = row
        said = word(method, language)
        if value is None:
            lines.append(f"{said}: {word('no_coefficient', language)}")
            continue
        span = "" if low is None else f" ({signed(low)} … {signed(high)})"
        chances = "" if p is None else f", p {chance(p)}"
        left = f", {word('dropped', language, dropped)}" if dropped else ""
        lines.append(f"{said} {signed(value)}{span}{chances}, n {n}{left}")
    return lines[:2]


def profile(
    result: Correlations,
    ax: Any = None,
    language: str = "en",
    *,
    labels: Any = None,
    title: str | None = None,
    source: str = "",
) -> Any:
    """Draw coefficients and intervals by lag, one line a pair and method."""
    say, called = _draw.words(language), Names(labels, language)
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
        words = _line(key, called, language)
        ax.plot(at, middle, "o-", color=colour, markersize=4, linewidth=0.8, label=words)
    ax.set_xticks(sorted(set(columns["lag"])))
    ax.set_ylim(-1.05, 1.05)
    if len(different) > 1:
        ax.legend(
            fontsize=_draw.SMALL, frameon=False, loc="lower left", bbox_to_anchor=(0, 1),
            borderaxespad=0.2,
        )  # fmt: skip
    if title is None:
        title = _line(different[0], called, language)
        title = title if len(different) == 1 else say("correlation")
    options, rows = result.provenance.options, [n for n in columns["n"] if n]
    few, most = min(rows, default=0), max(rows, default=0)
    said = f"{say('interval')} {number(100 * options['level'])} %"
    said += f", n {few}" if few == most else f", n {few}–{most}"
    room = 4 + 12 * len(different) if len(different) > 1 else 0
    ax.set_title(
        title, fontsize=_draw.TITLE, fontweight="bold", loc="left", pad=room + 16
    )  # fmt: skip
    _draw.beside(ax, said, (0, 1), "axes fraction", (0, room + 5))
    ax.set_ylabel(say("coefficient"), fontsize=_draw.TEXT)
    name = called.axis("lag")
    _draw.below(ax, say("lag") if name == "lag" else name, source, say)
    return ax


def _line(key: tuple[str, str, str], called: Names, language: str) -> str:
    """What a line of a profile is of."""
    return f"{called.name(key[0])}, {called.name(key[1])}: {word(key[2], language)}"
