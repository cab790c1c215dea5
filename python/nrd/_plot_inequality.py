"""The Lorenz curve; drawn through what `nrd.plot` shares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import _draw
from ._display import number
from ._plot_names import Names

if TYPE_CHECKING:
    from .inequalities import Inequality

_SIDE = 3.4  # inches


def lorenz(
    found: Inequality,
    ax: Any = None,
    language: str = "en",
    *,
    labels: Any = None,
    title: str | None = None,
    source: str = "",
) -> Any:
    """Draw the curve beside that of equal shares; see `Inequality.plot`."""
    say, called = _draw.words(language), Names(labels, language)
    people, total = found.curve
    ax = _draw.axes(ax, _SIDE, _SIDE)
    ax.plot([0, 100], [0, 100], color=_draw.GREY, linewidth=0.8)
    ax.fill_between(100 * people, 100 * people, 100 * total, color=_draw.DARK, alpha=0.12)
    ax.plot(100 * people, 100 * total, color=_draw.DARK, linewidth=1.4)
    ax.set(xlim=(0, 100), ylim=(0, 100), aspect="equal")
    rows = f"Gini {number(found.gini, 3)}, n {found.whole['n']}"
    _draw.beside(ax, rows, (4, 92), "data", (0, 0))
    _draw.beside(ax, say("equality"), (60, 62), "data", (-4, 2), ha="right")
    name = called.name(found.provenance.options["column"])
    ax.set_ylabel(f"{say('lorenz_total')}, %", fontsize=_draw.TEXT)
    said = f"{say('lorenz')}: {name}" if title is None else title
    ax.set_title(said, loc="left", fontsize=_draw.TITLE, fontweight="bold")
    _draw.below(ax, f"{say('lorenz_people')}, %", source, say)
    return ax
