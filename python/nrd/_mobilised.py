"""Tables of resources: amounts, shares, ratios, and what contradicts itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ._labels import label
from ._result import Columns, Result, plain, records


@dataclass(frozen=True, eq=False, repr=False)
class Mobilised(Result):
    """A table of amounts, shares or ratios of resources.

    Attributes
    ----------
    columns : dict of columns
        The table; None where something is undefined, and `reason` then says why.
    problems : dict of columns
        Rows that contradict each other, in words; empty where there are none.
    """

    columns: Columns
    problems: Columns

    @property
    def table(self) -> Any:
        """The table in the caller's kind of frame."""
        return self.kind.build(self.columns)

    @property
    def problem_table(self) -> Any:
        """What contradicts itself, in the caller's kind of frame."""
        return self.kind.build(self.problems)

    def plot(self, ax: Any = None, language: str = "en", **options: Any) -> Any:
        """Draw a bar for each row, or for each unit with its sources stacked.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Where to draw; by default a new figure.
        language : {"en", "vi"}, optional
            Language of the words.
        **options
            ``labels``, what units and sources are called, by what they are called in the
            table; ``title`` and ``source``, as in `nrd.plot.heat_map`.

        Returns
        -------
        matplotlib.axes.Axes
        """
        from ._plot_resources import mobilised

        return mobilised(self, ax, language, **options)

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain Python values; tables as lists of rows."""
        return {
            "provenance": plain(self.provenance),
            "table": records(self.columns),
            "problems": records(self.problems),
        }

    def report(self, language: str = "en") -> list:
        """Return the titled tables that `summary` shows."""
        from ._display import Section

        note = " ".join((self.provenance.method, *self.provenance.assumptions))
        out = []
        for title, columns in (
            ("resources_title", self.columns),
            ("problems", self.problems),
        ):
            rows = list(zip(*columns.values(), strict=True))
            if rows or columns is self.columns:
                out.append(Section(label(title, language), list(columns), rows, note))
                note = ""
        return out
