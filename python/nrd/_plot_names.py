"""What pictures call columns, and names beside points that do not cover each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from . import _draw
from ._display import number
from ._labels import phrase
from .errors import NrdTypeError

# Places of a name around its point: the shift in points, and how the text is set.
_PLACES = (
    ((5, 3), "left", "bottom"),
    ((-5, 3), "right", "bottom"),
    ((5, -3), "left", "top"),
    ((-5, -3), "right", "top"),
    ((0, 6), "center", "bottom"),
    ((0, -6), "center", "top"),
)
# Half the width of a point, in dots.
_DOT = 4


class Names:
    """What columns are called in a picture.

    Parameters
    ----------
    labels : mapping of str to str or (str, str), or None
        By the name of the column: what it is called, or that and its unit of measure.
    language : str
        Language of units of measure that nrd knows.

    Raises
    ------
    NrdTypeError
        If `labels` is something else.
    """

    def __init__(self, labels: Any, language: str):
        if not isinstance(labels, Mapping | None):
            raise NrdTypeError(
                f"plot: labels is {labels!r}, expected a mapping of names of columns"
            )
        self._held = dict(labels or {})
        self._language = language
        for column, words in self._held.items():
            pair = [words] if isinstance(words, str) else words
            if not isinstance(pair, Sequence) or not (
                1 <= len(pair) <= 2 and all(isinstance(part, str) for part in pair)
            ):
                raise NrdTypeError(
                    f"plot: labels, {column!r}: found {words!r}, expected a name, or a "
                    "name and a unit of measure"
                )

    def name(self, column: str) -> str:
        """Name without the unit of measure."""
        words = self._held.get(column, column)
        return words if isinstance(words, str) else words[0]

    def axis(self, column: str, measure: str = "") -> str:
        """Name with the unit of measure: the caller's, or that of the data."""
        words = self._held.get(column)
        if isinstance(words, str):
            return words
        found = measure if words is None or len(words) == 1 else words[1]
        found = phrase(found, self._language)
        return f"{self.name(column)}, {found}" if found else self.name(column)


def signed(value: float, digits: int = 2) -> str:
    """A coefficient with all its decimals, and a minus that is one."""
    return f"{value:.{digits}f}".replace("-", "−")


def plain_ticks(axis: Any, logarithm: bool = False) -> None:
    """Write the numbers of an axis in full, in groups of three."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter, NullLocator

    def written(value: float, _: int) -> str:
        return number(value, 6).replace("-", "−")

    if logarithm:
        low, high = axis.get_view_interval()
        wide = high > 1000 * low
        axis.set_major_locator(LogLocator(10, (1.0,) if wide else (1.0, 2.0, 5.0)))
        axis.set_minor_locator(NullLocator())
        axis.set_minor_formatter(NullFormatter())
    axis.set_major_formatter(FuncFormatter(written))


def write_names(ax: Any, at: np.ndarray, names: Sequence[str]) -> None:
    """Write names beside points, shape (n, 2), the first of `at` first.

    A name takes the first place around its point where it covers no other name and as few
    points as can be; those of `at` beyond the names are points without one.
    """
    from matplotlib.transforms import Bbox

    figure = ax.get_figure()
    figure.draw_without_rendering()
    points = ax.transData.transform(at)
    taken: list[Any] = []
    inside = ax.get_window_extent()
    renderer = figure.canvas.get_renderer()
    for place, name in enumerate(names):
        best = None
        for shift, across, along in _PLACES:
            text = ax.annotate(
                name, at[place], xytext=shift, textcoords="offset points", ha=across,
                va=along, fontsize=_draw.SMALL, annotation_clip=False,
            )  # fmt: skip
            box = Bbox(text.get_window_extent(renderer).get_points())
            covered = np.delete(points, place, axis=0)
            cost = 10 * sum(box.overlaps(other) for other in taken)
            near = (covered > box.min - _DOT) & (covered < box.max + _DOT)
            cost += int(np.sum(np.all(near, axis=1)))
            cost += 5 * (not (inside.x0 <= box.x0 and box.x1 <= inside.x1 + 40))
            cost += 5 * (box.y0 < inside.y0 or box.y1 > inside.y1)
            if best is None or cost < best[0]:
                if best is not None:
                    best[1].remove()
                best = (cost, text, box)
            else:
                text.remove()
            if cost == 0:
                break
        taken.append(best[2])
