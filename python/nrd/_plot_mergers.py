"""Pictures of mergers: shares before and after, and which unit went where."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from . import _draw
from ._display import between
from .errors import NrdValueError

if TYPE_CHECKING:
    from .crosswalks import Crosswalk
    from .mergers import MergerEffect

_OPEN = {"facecolor": "white", "edgecolor": _draw.GREY, "hatch": "////"}
_ROW, _MOST = 0.16, 150  # inches a unit before; more than this cannot be read


def shares(
    effect: MergerEffect,
    ax: Any = None,
    language: str = "en",
    *,
    title: str | None = None,
    source: str = "",
) -> Any:
    """Draw the share before, and after by each rule; see `MergerEffect.plot`."""
    say = _draw.words(language)
    start = [100 * met / effect.units_before for met in effect.met_before]
    rows = [(say("merger_before"), *start)]
    columns = (effect.columns[name] for name in ("rule", "share_low", "share_high"))
    for rule, low, high in zip(*columns, strict=True):
        rows.append((say(f"merger_{rule}"), low, high))
    ax = _draw.axes(ax, 0.34 * len(rows) + 1.0)
    at = range(len(rows))
    low, high = ([row[i] for row in rows] for i in (1, 2))
    ax.barh(at, low, 0.6, facecolor=_draw.DARK)
    open_ = [b - a for a, b in zip(low, high, strict=True)]
    ax.barh(at, open_, 0.6, left=low, **_OPEN)
    for place, (_, least, most) in enumerate(rows):
        _draw.beside(ax, between(least, most), (most, place), "data", (4, 0), va="center")
    ax.set_yticks(list(at), [row[0] for row in rows])
    ax.set(xlim=(0, 100), ylim=(len(rows) - 0.5, -0.5))
    said = say("merger_title") if title is None else title
    ax.set_title(said, loc="left", fontsize=_draw.TITLE, fontweight="bold")
    _draw.below(ax, say("merger_axis"), source, say)
    return ax


def flows(
    walk: Crosswalk,
    ax: Any = None,
    language: str = "en",
    *,
    names: Mapping[str, str] | tuple[Mapping[str, str], Mapping[str, str]] = (),
    title: str | None = None,
    source: str = "",
) -> Any:
    """Draw which unit went where; see `Crosswalk.plot`."""
    say = _draw.words(language)
    if not 0 < len(walk.old) <= _MOST:
        raise NrdValueError(
            f"plot: there are {len(walk.old)} units before, expected 1 to {_MOST}; see "
            "Crosswalk.part"
        )
    named = names if isinstance(names, tuple) and names else (names or {},) * 2
    left, right = _places(walk)
    ax = _draw.axes(ax, _ROW * len(walk.old) + 0.9, 5.2)
    for (old, new), share in zip(walk.links, walk.shares, strict=True):
        known = share == share
        ax.plot(
            [0, 0.12, 0.88, 1],
            [left[old], left[old], right[new], right[new]],
            color=_draw.DARK if known else _draw.GREY,
            linewidth=0.8,
            linestyle="-" if known else (0, (3, 2)),
        )
    sides = ((walk.old, left, named[0], 0, "right"), (walk.new, right, named[1], 1, "left"))
    for codes, places, held, x, align in sides:
        shift = (-3, 0) if align == "right" else (3, 0)
        for code, y in zip(codes, places, strict=True):
            _draw.beside(
                ax, held.get(code, code), (x, y), "data", shift, ha=align, va="center",
                fontsize=6,
            )  # fmt: skip
    ax.set(xlim=(-0.55, 1.55), ylim=(len(walk.old) - 0.3, -0.7), xticks=[], yticks=[])
    ax.spines[["left", "bottom"]].set_visible(False)
    said = say("flows_title") if title is None else title
    ax.set_title(said, loc="left", fontsize=_draw.TITLE, fontweight="bold")
    _draw.below(ax, "", source, say)
    return ax


def _places(walk: Crosswalk) -> tuple[list[float], list[float]]:
    """Heights: the parts of each unit after stand together, and it in their middle."""
    parts: dict[int, list[int]] = {}
    for old, new in walk.links:
        parts.setdefault(new, []).append(old)
    left: dict[int, float] = {}
    for olds in parts.values():
        for old in olds:
            left.setdefault(old, float(len(left)))
    middle = {
        new: sum(left[old] for old in olds) / len(olds) for new, olds in parts.items()
    }
    return [left[i] for i in range(len(walk.old))], [
        middle[i] for i in range(len(walk.new))
    ]
