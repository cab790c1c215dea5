"""Pictures of results. Only here and in `_draw` is matplotlib imported, and only to draw.

What is certain is filled, and what is only possible is hatched.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from . import _draw, _progress
from ._core.attainment import MET, UNKNOWN, UNMET
from ._display import between, number
from ._sections import mean_line
from .averages import criteria_averages
from .errors import NrdValueError

if TYPE_CHECKING:
    from .attainment import Attainment
    from .averages import CriteriaAverages
    from .dataset import Dataset
    from .gaps import AttainmentGaps
    from .resources import Reconciliation

_MET = {"facecolor": _draw.DARK, "edgecolor": "white"}
_UNMET = {"facecolor": _draw.LIGHT, "edgecolor": "white"}
_OPEN = {"facecolor": "white", "edgecolor": _draw.GREY, "hatch": "////"}
_HOLLOW = {"facecolor": "white", "edgecolor": _draw.DARK}
_PAPER = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}
_BAND = {"facecolor": "black", "edgecolor": "none", "alpha": 0.2}
_STATES = {MET: ("met", _MET), UNMET: ("unmet", _UNMET), UNKNOWN: ("unknown", _OPEN)}

_MOST = 60  # more rows than this are drawn without names
_SMALL_SHARE = 0.1  # contents below this share of the largest are drawn again, enlarged


def heat_map(
    attainment: Attainment,
    ax: Any = None,
    language: str = "en",
    *,
    title: str | None = None,
    source: str = "",
) -> Any:
    """Draw communes x criteria: met, not met, unknown, with counts on both margins.

    Parameters
    ----------
    attainment : Attainment
        Drawn with the commune on top that surely meets most.
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default a new figure.
    language : {"en", "vi"}, optional
        Language of the labels.
    title : str, optional
        Another title; "" for none.
    source : str, optional
        Where the data come from, printed below.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    NrdError
        If matplotlib is not installed, the language is neither, or nothing can be drawn.
    """
    say = _draw.words(language)
    if attainment is None:
        raise NrdValueError("heat_map: there are no communes, nothing can be drawn")
    counts = criteria_averages(attainment)
    order = _most_first(counts.communes["low"], counts.communes["high"])
    states = attainment.states()[order]
    rows, columns = states.shape
    ax = _draw.axes(
        ax, 0.185 * min(rows, _MOST) + 2.6, max(_draw.WIDTH, 0.23 * columns + 1.6)
    )
    for state, (_, style) in _STATES.items():
        _cells(ax, np.argwhere(states == state), 0.6 if rows <= _MOST else 0, style)
    ax.set(xlim=(-0.5, columns - 0.5), ylim=(rows - 0.5, -0.5))
    names = [attainment.criterion_name(code, language) for code in attainment.criteria]
    _name_criteria(ax, attainment.criteria, names)
    _name_rows(ax, [counts.communes["name"][i] for i in order])
    above = _margins(ax, counts, order, say)
    key = [(say(word), style) for word, style in _STATES.values()]
    _draw.key(ax, key, say("heat_title") if title is None else title, above=above)
    _draw.below(ax, "", source, say)
    return ax


def averages(
    result: CriteriaAverages,
    ax: Any = None,
    language: str = "en",
    *,
    title: str | None = None,
    source: str = "",
) -> Any:
    """Draw the criteria each commune meets, surely and possibly, and the mean.

    Parameters
    ----------
    result : CriteriaAverages
        Drawn with the commune on top that surely meets most.
    ax, language, title, source
        As in `heat_map`, like what is returned and raised.
    """
    say = _draw.words(language)
    if not result.communes["unit"]:
        raise NrdValueError("averages: there are no communes, nothing can be drawn")
    columns = (result.communes[name] for name in ("name", "low", "high"))
    rows = sorted(zip(*columns, strict=True), key=lambda row: (-row[1], -row[2]))
    ax = _draw.axes(ax, 0.185 * min(len(rows), _MOST) + 1.6)
    _ranges(ax, rows, result.criteria, _MET)
    ax.axvspan(result.mean_low, result.mean_high, zorder=2, **_BAND)
    if result.mean is not None:
        ax.axvline(result.mean, color="black", lw=1, ls="--")
    words = {"surely_met": _MET, "possibly_met": _OPEN, "mean_bounds": _BAND}
    key = [(say(word), style) for word, style in words.items()]
    _draw.key(ax, key, say("communes_title") if title is None else title)
    mean = mean_line(result, language)
    _draw.below(ax, f"{say('class')}\n{say('mean')}: {mean}", source, say)
    return ax


def gaps(
    result: AttainmentGaps,
    ax: Any = None,
    language: str = "en",
    *,
    labels: Callable[[str, str], str] | None = None,
    title: str | None = None,
    source: str = "",
) -> Any:
    """Draw the communes short of each criterion, surely and possibly.

    Parameters
    ----------
    result : AttainmentGaps
        Drawn with the criterion on top that most communes surely miss.
    ax, language, title, source
        As in `heat_map`, like what is returned and raised.
    labels : callable, optional
        Turns ``("criterion", code)`` into a name; by default that of the result.
    """
    say = _draw.words(language)
    found, rows = result.by_criterion, []
    for i in _most_first(found["short_low"], found["short_high"]):
        code = found["criterion"][i]
        name = labels("criterion", code) if labels else result.name(code, language)
        numbered = f"{code} {name}" if code.isdigit() and name != code else name
        rows.append((numbered, found["short_low"][i], found["short_high"][i]))
    n = len(result.by_unit["unit"])
    ax = _draw.axes(ax, 0.25 * min(len(rows), _MOST) + 1.4)
    _ranges(ax, rows, n, _UNMET)
    key = [(say("surely"), _UNMET), (say("possibly"), _OPEN)]
    _draw.key(ax, key, say("gap_title") if title is None else title)
    _draw.below(ax, f"{say('communes')} ({say('of')} {n})", source, say)
    return ax


def resources(
    result: Reconciliation,
    ax: Any = None,
    language: str = "en",
    *,
    labels: Callable[[str, str], str] = lambda kind, id: id,
    unit: str = "",
    title: str | None = None,
    source: str = "",
) -> Any:
    """Draw the amounts by content, stacked by source, with the total of each.

    Where one content dwarfs others, these are drawn again, enlarged, beside their bars.

    Parameters
    ----------
    result : Reconciliation
        Drawn with the largest content on top.
    ax, language, title, source
        As in `heat_map`, like what is returned and raised; a negative amount raises, too.
    labels : callable, optional
        Turns ``("content", id)`` and ``("fund", id)`` into names, as `Study.label` does; by
        default the ids stand for themselves.
    unit : str, optional
        Unit of the amounts, "million VND" for example.
    """
    say = _draw.words(language)
    order = _most_first(result.by_content["amount"], result.by_content["amount"])
    totals = np.array(result.by_content["amount"])[order]
    # What was not printed takes no room.
    amounts = np.array([[part or 0.0 for part in result.amounts[i]] for i in order])
    if not order or np.any(amounts < 0):
        raise NrdValueError("resources: there are no amounts, or negative ones, to stack")
    ax = _draw.axes(ax, 0.3 * min(len(order), _MOST) + 1.9)
    _stack(ax, amounts, np.arange(len(order)))
    _name_rows(ax, [labels("content", result.contents[i]) for i in order])
    _values(ax, totals, map(number, totals.tolist()))
    ax.set(xlim=(0, 1.02 * totals.max(initial=0) or 1), ylim=(len(order) - 0.5, -0.5))
    _enlarge(ax, amounts, totals, say)
    sums = zip(result.sources, result.by_source["amount"], strict=True)
    texts = [f"{labels('fund', id)}: {number(amount)}" for id, amount in sums]
    key = [(text, _draw.source_style(j)) for j, text in enumerate(texts)]
    _draw.key(ax, key, say("resources") if title is None else title, columns=2)
    amount = f"{say('amount')} ({unit})" if unit else say("amount")
    _draw.below(ax, f"{amount}. {say('total')}: {number(result.total)}", source, say)
    _thousands(ax)
    return ax


def progress(
    dataset: Dataset,
    ax: Any = None,
    language: str = "en",
    *,
    unit: str = "vn",
    title: str | None = None,
    source: str | None = None,
) -> Any:
    """Draw the mean number of criteria met per commune over the years.

    A date printed as a year is a bar as long as the year. A mean that was derived from
    printed numbers is hollow. A dashed line stands where a decision changed the criteria:
    means on its two sides are not of the same criteria.

    Parameters
    ----------
    dataset : Dataset
        With tables as those of ``nrd.load_dataset("nrd-progress")``.
    ax, language, title
        As in `heat_map`, like what is returned and raised; so is a unit without a mean.
    unit : str, optional
        Code of the country, of a region or of a province.
    source : str, optional
        Where the data come from, printed below; by default the data set.
    """
    say = _draw.words(language)
    found = _progress.means(dataset, unit)
    begin, end, met, printed, derived = zip(*found, strict=True)
    at = [(mean.begin + mean.end) / 2 for mean in found]
    ax = _draw.axes(ax, 3.4)
    ax.plot(at, met, color=_draw.GREY, lw=0.8, zorder=1)
    ax.hlines(met, begin, end, color=_draw.DARK, lw=2, zorder=2)
    inside = ["white" if hollow else _draw.DARK for hollow in derived]
    ax.scatter(at, met, s=22, c=inside, edgecolors=_draw.DARK, zorder=3)
    for x, y, text in zip(at, met, printed, strict=True):
        _draw.beside(ax, text, (x, y), "data", (-4, 5), ha="right", bbox=_PAPER)
    _over_years(ax, math.floor(begin[0]), math.ceil(max(end)), say)
    key = [(say("printed"), _MET), (say("derived"), _HOLLOW)] if any(derived) else []
    name = _progress.unit_name(dataset, unit, language)
    _draw.key(ax, key, f"{say('mean')}: {name}" if title is None else title)
    ax.set_ylabel(f"{say('class')} ({say('of')} 19)", fontsize=_draw.TEXT)
    _draw.below(ax, say("year"), dataset.short_citation if source is None else source, say)
    return ax


def _over_years(ax: Any, first: int, last: int, say: Callable) -> None:
    """Years below their middles, 19 criteria on top, a line at each decision."""
    ax.set(xlim=(first - 0.5, last + 0.2), ylim=(0, 19.5), yticks=(0, 5, 10, 15, 19))
    years = range(first, last, 1 + (last - first) // 10)
    ax.set_xticks([year + 0.5 for year in years], list(map(str, years)))
    for when, decision in _progress.decisions():
        if first < when < last - 0.1:
            ax.axvline(when, color=_draw.GREY, lw=0.8, ls="--", zorder=0)
            text = f"{say('new_criteria')}\n{say('decision')} {decision}"
            _draw.beside(ax, text, (when, 0), "data", (4, 4), va="bottom")


def _most_first(low: Sequence[float], high: Sequence[float]) -> list[int]:
    return sorted(range(len(low)), key=lambda i: (-low[i], -high[i]))


def _cells(ax: Any, places: np.ndarray, lines: float, style: dict[str, str]) -> None:
    """Draw unit squares around (row, column) in one go."""
    from matplotlib.collections import PolyCollection

    corners = np.array([(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)])
    squares = PolyCollection(places[:, None, ::-1] + corners, linewidth=lines, **style)
    ax.add_collection(squares, autolim=False)


def _name_criteria(ax: Any, codes: Sequence[str], names: Sequence[str]) -> None:
    """Numbers right below the cells, names upright below the numbers."""
    at, numbered = range(len(codes)), all(map(str.isdigit, codes))
    ax.set_xticks(at, codes if numbered else [""] * len(codes), fontsize=_draw.SMALL)
    if numbered and list(names) == list(codes):
        return
    ax.xaxis.remove_overlapping_locs = False
    ax.set_xticks(
        at, [_draw.wrapped(name, 30) for name in names], minor=True, fontsize=_draw.SMALL
    )
    ax.tick_params(axis="x", which="minor", pad=14 if numbered else 3, labelrotation=90)
    for text in ax.get_xticklabels(minor=True):
        text.set(multialignment="right", linespacing=1.1)


def _name_rows(ax: Any, names: Sequence[str]) -> None:
    shown = names if len(names) <= _MOST else []
    ax.set_yticks(range(len(shown)), list(map(_draw.wrapped, shown)), linespacing=1.1)


def _margins(ax: Any, counts: CriteriaAverages, order: list[int], say: Callable) -> float:
    """Write counts on the right and on top; return the room taken on top, in points."""
    rows, columns = (
        [between(low, high) for low, high in zip(found["low"], found["high"], strict=True)]
        for found in (counts.communes, counts.by_criterion)
    )
    if len(order) <= _MOST:
        for y, i in enumerate(order):
            _draw.beside(
                ax, rows[i], (1, y), ("axes fraction", "data"), (4, 0), va="center"
            )
        below = {"rotation": 90, "ha": "center", "va": "top"}
        _draw.beside(ax, say("class"), (1, 0), "axes fraction", (13, -15), **below)
    upright = max(map(len, columns), default=0) > 3
    how = {"rotation": 90 if upright else 0, "ha": "center", "va": "bottom"}
    for x, words in enumerate(columns):
        _draw.beside(ax, words, (x, 1), ("data", "axes fraction"), (0, 3), **how)
    left = {"ha": "right", "va": "bottom"}
    _draw.beside(ax, say("units_met"), (0, 1), "axes fraction", (-3.5, 3), **left)
    return 32 if upright else 16


def _ranges(ax: Any, rows: Sequence[tuple], most: int, style: dict) -> None:
    """Bars up to the certain count, hatched on to the possible one, with both as text."""
    low, high = np.array([row[1:] for row in rows], float).reshape(-1, 2).T
    at, open = np.arange(len(rows)), high > low
    ax.barh(at, low, 0.72, zorder=1, **style)
    ax.barh(
        at[open],
        (high - low)[open],
        0.72,
        low[open],
        zorder=1,
        lw=0.6,
        clip_on=False,
        **_OPEN,
    )
    _name_rows(ax, [row[0] for row in rows])
    _values(ax, high, map(between, low.tolist(), high.tolist()))
    ax.set(xlim=(0, most), ylim=(len(rows) - 0.5, -0.5))
    ax.xaxis.get_major_locator().set_params(integer=True)


def _values(ax: Any, ends: np.ndarray, words: Iterable[str]) -> None:
    """Numbers behind the ends of bars."""
    if len(ends) <= _MOST:
        for y, (end, text) in enumerate(zip(ends.tolist(), words, strict=True)):
            _draw.beside(ax, text, (end, y), "data", (3, 0), va="center")


def _stack(ax: Any, amounts: np.ndarray, rows: np.ndarray) -> None:
    """Draw the chosen rows as bars, their parts side by side."""
    left = np.cumsum(amounts, axis=1) - amounts
    for j in range(amounts.shape[1]):
        at = rows[amounts[rows, j] > 0]
        ax.barh(at, amounts[at, j], 0.72, left[at, j], lw=0.6, **_draw.source_style(j))


def _enlarge(ax: Any, amounts: np.ndarray, totals: np.ndarray, say: Callable) -> None:
    """Draw the rows that are too short to see again, on a scale of their own."""
    small = np.flatnonzero(totals < _SMALL_SHARE * totals.max(initial=0))
    if len(small) < 2 or len(totals) > _MOST:
        return
    ax.spines["bottom"].set_zorder(6)  # above the inset, which is at 5
    inset = ax.inset_axes([0.42, 0, 0.58, len(small) / len(totals)], facecolor="#f3f3f3")
    _stack(inset, amounts, small)
    inset.set(ylim=(len(totals) - 0.5, small[0] - 0.5), yticks=[])
    inset.xaxis.tick_top()
    inset.tick_params(length=2, labelsize=_draw.SMALL - 1, pad=1)
    inset.spines[["left", "right", "bottom"]].set_visible(False)
    inset.set_title(say("enlarged"), fontsize=_draw.SMALL, loc="right", pad=3)
    _thousands(inset)


def _thousands(ax: Any) -> None:
    ax.xaxis.get_major_locator().set_params(nbins=6)
    ax.xaxis.set_major_formatter(lambda value, _: number(value))
