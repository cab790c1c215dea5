"""Pictures of areas: ranked means with bounds, and classes of communes over time.

What is certain is filled, and what is only possible is hatched, as in `nrd.plot`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from . import _draw, _progress
from ._display import between
from ._progress_bands import BandRow, band_rows
from .errors import NrdKeyError, NrdValueError

if TYPE_CHECKING:
    from .averages import CriteriaAverages
    from .dataset import Dataset

_SURE = {"facecolor": _draw.DARK, "edgecolor": "white"}
_OPEN = {"facecolor": "white", "edgecolor": _draw.GREY, "hatch": "////"}
_MEAN = {"facecolor": "black", "edgecolor": "none", "alpha": 0.2}
# Classes from the best: lightness falls with the number of criteria, in grey print too.
_CLASSES = ("#0b3c5d", "#3f7cac", "#95b8d1", "#f4c095", "#c8553d")
_ROW, _MOST = 0.24, 60
_NARROW = 0.05  # a part below this share of the communes gets no number


def ranked(
    result: CriteriaAverages,
    ax: Any = None,
    language: str = "en",
    *,
    level: str | None = None,
    weighted: bool = False,
    title: str | None = None,
    source: str = "",
) -> Any:
    """Draw the mean number of criteria of each area, most first, with its bounds.

    Parameters
    ----------
    result : CriteriaAverages
        Made with `by`.
    ax : matplotlib Axes, optional
        Where to draw; a new figure by default.
    language : {"en", "vi"}, optional
        Language of the words.
    level : str, optional
        Level of areas; by default the first.
    weighted : bool, optional
        Draw the means with weights.
    title : str, optional
        Title in place of the default one.
    source : str, optional
        Where the data come from, printed below.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    NrdError
        If matplotlib is not installed.
    NrdKeyError
        If there is no such level.
    NrdValueError
        If the result has no areas or, for weighted means, no weights.
    """
    say = _draw.words(language)
    level, rows = _means(result, level, weighted)
    ax = _draw.axes(ax, _ROW * min(len(rows), _MOST) + 1.6)
    for place, (_, low, high) in enumerate(rows):
        ax.barh(place, low, height=0.72, lw=0.6, **_SURE)
        if high > low:
            ax.barh(place, high - low, left=low, height=0.72, lw=0.6, **_OPEN)
        words = between(low, high)
        _draw.beside(ax, words, (high, place), "data", (3, 0), va="center")
    whole = (
        (result.weighted_low, result.weighted_high)
        if weighted
        else (result.mean_low, result.mean_high)
    )
    ax.axvspan(*whole, zorder=3, lw=0, **_MEAN)
    if whole[0] == whole[1]:
        ax.axvline(whole[0], color="black", lw=1, ls="--", zorder=3)
    shown = len(rows) <= _MOST
    names = [_draw.wrapped(name) for name, *_ in rows]
    ax.set_yticks(range(len(rows)) if shown else [], names if shown else [])
    ax.set(ylim=(len(rows) - 0.4, -0.6), xlim=(0, result.criteria * 1.08))
    ax.set_xticks([tick for tick in (0, 5, 10, 15, 19) if tick <= result.criteria])
    words = {"surely_met": _SURE, "possibly_met": _OPEN, "mean_all": _MEAN}
    kinds = [(say(word), style) for word, style in words.items()]
    if all(low == high for _, low, high in rows):
        del kinds[1]
    _draw.key(ax, kinds, say("areas_mean") if title is None else title)
    axis = f"{say('mean_weighted' if weighted else 'mean')} ({say('of')} {result.criteria})"
    _draw.below(ax, axis, source, say)
    return ax


def _means(
    result: CriteriaAverages, level: str | None, weighted: bool
) -> tuple[str, list[tuple[str, float, float]]]:
    """Level, and its areas with their bounds, most first."""
    table = result.by_area
    if not table["area"]:
        raise NrdValueError("ranked: there are no areas, expected a result made with by")
    levels = list(dict.fromkeys(table["level"]))
    level = levels[0] if level is None else level
    if level not in levels:
        raise NrdKeyError(f"ranked: there is no level {level!r}, expected {levels}")
    if weighted and result.weighted_low is None:
        raise NrdValueError(
            "ranked: there are no weights, expected a result made with them"
        )
    name = "weighted" if weighted else "mean"
    columns = (table[key] for key in ("level", "area", f"{name}_low", f"{name}_high"))
    rows = [
        (area, low, high)
        for of, area, low, high in zip(*columns, strict=True)
        if of == level and low is not None
    ]
    return level, sorted(rows, key=lambda row: (-row[1], -row[2], row[0]))


def classes_over_time(
    dataset: Dataset,
    ax: Any = None,
    language: str = "en",
    *,
    unit: str = "24",
    title: str | None = None,
    source: str | None = None,
) -> Any:
    """Draw the communes of a unit by the number of criteria they meet, date by date.

    One bar a printed date, all communes as 100 percent. A range of numbers of criteria that
    was not printed by itself is hatched: its communes are somewhere within it.

    Parameters
    ----------
    dataset : Dataset
        With tables as those of ``nrd.load_dataset("nrd-progress")``.
    ax, language, title
        As in `ranked`, like what is returned.
    unit : str, optional
        Code of the country, of a region or of a province.
    source : str, optional
        Where the data come from, printed below; by default the data set.

    Raises
    ------
    NrdError
        If matplotlib is not installed.
    NrdKeyError
        If there is no such unit.
    NrdValueError
        If no date of the unit prints bands of a known number of communes.
    """
    say = _draw.words(language)
    name = _progress.unit_name(dataset, unit, language)
    rows = _dates([row for row in band_rows(dataset, unit) if _is_counted(row)])
    if not rows:
        raise NrdValueError(f"classes_over_time: {unit!r} prints no bands of all communes")
    ax = _draw.axes(ax, 0.42 * len(rows) + 1.9)
    kinds: dict[str, dict[str, Any]] = {}
    for place, row in enumerate(rows):
        _bar(ax, place, row, kinds, say)
    dates = [f"{row.as_of} ({row.averages.units[0]})" for row in rows]
    ax.set_yticks(range(len(rows)), dates)
    ax.set(ylim=(len(rows) - 0.45, -0.55), xlim=(0, 100))
    ordered = sorted(kinds.items(), key=lambda kind: ("hatch" in kind[1], kind[0]))
    entries = [(words.partition("|")[2], style) for words, style in ordered]
    _draw.key(ax, entries, f"{say('classes')}: {name}" if title is None else title)
    source = dataset.short_citation if source is None else source
    _draw.below(ax, f"{say('communes_share')} (%)", source, say)
    return ax


def _is_counted(row: BandRow) -> bool:
    """Whether the number of communes is known, and more than one band."""
    found = row.averages
    return found is not None and found.units[0] == found.units[1]


def _dates(rows: Sequence[BandRow]) -> list[BandRow]:
    """Rows by date; of several at one date the one with most bands that are certain."""
    best: dict[str, BandRow] = {}
    for row in sorted(rows, key=lambda row: (_progress.stretch(row.as_of), -_certain(row))):
        best.setdefault(row.as_of, row)
    return list(best.values())


def _certain(row: BandRow) -> int:
    table = row.averages.classes
    return sum(low == high for low, high in zip(table["low"], table["high"], strict=True))


def _bar(ax: Any, place: int, row: BandRow, kinds: dict, say: Any) -> None:
    """One date: certain classes filled, and what is left between them hatched."""
    total = row.averages.units[0]
    left = 0.0
    for words, style, count in _parts(row, say):
        if count == 0:
            continue
        width = 100 * count / total
        ax.barh(place, width, left=left, height=0.68, lw=0.6, **style)
        kinds[words] = style
        if width >= 100 * _NARROW:
            dark = style["facecolor"] in (_CLASSES[0], _CLASSES[1], _CLASSES[4])
            ax.text(
                left + width / 2, place, f"{count}", ha="center", va="center",
                fontsize=_draw.SMALL, color="white" if dark else "black",
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8}
                if "hatch" in style else None,
            )  # fmt: skip
        left += width


def _parts(row: BandRow, say: Any) -> list[tuple[str, dict[str, Any], int]]:
    """Classes from the best; neighbours whose split is not printed are one part."""
    table = row.averages.classes
    columns = (table[name] for name in ("least", "most", "low", "high"))
    out: list[tuple[str, dict[str, Any], int]] = []
    open_ends: list[int] = []
    for least, most, low, high in zip(*columns, strict=True):
        if low == high and _place(least, most) is not None:
            place = _place(least, most)
            style = {"facecolor": _CLASSES[place], "edgecolor": "white"}
            out.append((f"{place}|{_named(least, most, say)}", style, low))
        else:
            open_ends += [least, most]
            out.append(("", _OPEN, -1))
    known = sum(count for _, _, count in out if count >= 0)
    rest = row.averages.units[0] - known
    if not open_ends:
        return out
    words = f"9|{_named(min(open_ends), max(open_ends), say)}"
    first = next(i for i, part in enumerate(out) if part[2] < 0)
    kept = [part for part in out if part[2] >= 0]
    return [*kept[:first], (words, _OPEN, rest), *kept[first:]]


def _place(least: int, most: int) -> int | None:
    """Colour of a class of official reports."""
    official = ((19, 19), (15, 18), (10, 14), (5, 9), (0, 4))
    return official.index((least, most)) if (least, most) in official else None


def _named(least: int, most: int, say: Any) -> str:
    if least == 0:
        return f"{say('below')} {most + 1} {say('criteria')}"
    ends = f"{least}" if least == most else f"{least}–{most}"
    return f"{ends} {say('criteria')}"
