"""What every picture shares: a language, Axes, small words, a key, a source.

matplotlib is imported when something is drawn, here and in `plot`.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from typing import Any

from ._labels import label
from .errors import NrdError

DARK, LIGHT, GREY = "#1f4e79", "#f4a261", "#8c8c8c"
TEXT, TITLE, SMALL = 8, 9, 7  # points
WIDTH = 6.7  # inches: the text of an A4 page
# Sources of capital: the first four differ in lightness, the others have a pattern.
_SOURCES = (
    (DARK, ""), (LIGHT, ""), ("#c3d9ee", ""), ("#5b9a8b", ""),
    ("#ffffff", "...."), ("#d9d9d9", "xxxx"), ("#f2e394", "++++"), ("#c9a0dc", "oo"),
)  # fmt: skip


def words(language: str) -> Callable[[str], str]:
    """Words in one language; bad input is refused here, before a figure is made."""
    label("total", language)
    try:
        import matplotlib  # noqa: F401
    except ImportError:
        raise NrdError("drawing needs matplotlib: pip install nrd[plot]") from None
    return lambda word: label(word, language)


def axes(ax: Any, height: float, width: float = WIDTH) -> Any:
    """Take the caller's Axes or those of a new figure; global settings stay as they are."""
    from matplotlib import pyplot

    if ax is None:
        _, ax = pyplot.subplots(figsize=(width, height), layout="constrained")
    ax.grid(False)
    ax.spines[["top", "right"]].set_visible(False)
    ax.tick_params(which="both", length=0, labelsize=TEXT)
    return ax


def wrapped(name: str, width: int = 34) -> str:
    """Break a name into as few lines as fit, of about one length."""
    lines = len(textwrap.wrap(name, width))
    fitting = (w for w in range(8, width) if len(textwrap.wrap(name, w)) == lines)
    return textwrap.fill(name, next(fitting, width))


def beside(ax: Any, words: str, at: tuple, axes: Any, shift: tuple, **how: Any) -> None:
    """Write small text so many points beside a place."""
    how = {"fontsize": SMALL, "annotation_clip": False, **how}
    ax.annotate(words, at, xycoords=axes, xytext=shift, textcoords="offset points", **how)


def key(ax: Any, entries: list, title: str, *, columns: int = 3, above: float = 4) -> None:
    """Put the key so many points above the Axes, and the title above the key."""
    from matplotlib.patches import Patch
    from matplotlib.transforms import ScaledTranslation

    raised = ScaledTranslation(0, above / 72, ax.get_figure().dpi_scale_trans)
    ax.legend(
        handles=[Patch(label=words, lw=0.6, **style) for words, style in entries],
        loc="lower left", bbox_to_anchor=(0, 1), bbox_transform=ax.transAxes + raised,
        ncols=columns, frameon=False, borderaxespad=0, borderpad=0, fontsize=TEXT,
        handlelength=1.6, handleheight=1, columnspacing=1.5, labelspacing=0.3,
    )  # fmt: skip
    room = above + 4 + 12 * -(-len(entries) // columns)
    ax.set_title(title, loc="left", fontsize=TITLE, fontweight="bold", pad=room)


def below(ax: Any, words: str, source: str, say: Callable) -> None:
    """Name the axis, and below everything print the source, not wider than the figure."""
    ax.set_xlabel(words, fontsize=TEXT)
    if source:
        inches = ax.bbox.width / ax.get_figure().dpi
        below = {"ha": "right", "va": "top", "multialignment": "left", "color": "#444444"}
        text = textwrap.fill(f"{say('source')}: {source}", int(22 * inches))
        beside(ax, text, (1, 0), ("axes fraction", ax.xaxis.label), (0, -5), **below)


def source_style(place: int) -> dict[str, Any]:
    """How the bars of a source of capital look."""
    colour, hatch = _SOURCES[place % len(_SOURCES)]
    return {"facecolor": colour, "hatch": hatch, "edgecolor": GREY if hatch else "white"}
