"""Results about many areas together: several tables, each with a title."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ._labels_together import say
from ._result import Columns, Result, plain, records

# Rows of a table that a summary lists.
_MOST = 20
# Digits that small numbers need to be told apart.
_FINE = 4


@dataclass(frozen=True, eq=False, repr=False)
class Together(Result):
    """Base of results about many areas: named tables.

    Attributes
    ----------
    tables : dict of str to columns
        The tables by their names; the first one is ``table``. None where a number cannot
        be told.
    """

    tables: dict[str, Columns] = field(repr=False)

    @property
    def columns(self) -> Columns:
        """The columns of `table`."""
        return next(iter(self.tables.values()))

    @property
    def table(self) -> Any:
        """The first of the tables, in the caller's kind of frame."""
        return self.kind.build(self.columns)

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain Python values; the tables as lists of rows."""
        tables = {name: records(columns) for name, columns in self.tables.items()}
        return {"provenance": plain(self.provenance), **tables}

    def report(self, language: str = "en") -> list:
        """Return the titled tables that `summary` shows."""
        from ._display import Section, chance, number

        out = []
        for name, columns in self.tables.items():
            shown = [
                [chance(v) for v in values]
                if head in ("p", "sd_p")
                else [number(v, _FINE) if isinstance(v, float) else v for v in values]
                for head, values in columns.items()
            ]
            rows = list(zip(*shown, strict=True))
            left = len(rows) - _MOST
            note = say("more", language).format(n=f"{left:,}") if left > 0 else ""
            heads = [say(head, language) for head in columns]
            out.append(Section(say(name, language), heads, rows[:_MOST], note))
        notes = [self.provenance.method, *self.provenance.assumptions]
        return [*out, Section(say("how", language), note="\n".join(notes))]
