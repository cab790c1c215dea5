"""Printed counts, and what the counts of one date say about the other."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ._core.attainment import MET, UNMET
from ._package import CsvTable
from .attainment import Attainment
from .errors import NrdValueError

AS_OF = ("now", "planned")


@dataclass(frozen=True)
class Count:
    """One printed count: `met` of `of` units meet a criterion of a set."""

    row: int
    as_of: str
    set: str
    criterion: str
    met: int
    of: int | None
    share_pct: str | None
    source: str
    locator: str = field(repr=False)


def whole_number(table: CsvTable, column: str, row: int) -> int:
    """Return a whole number, 0 or more, of a column."""
    value = table.decimals(column, [row])[0]
    if value["scale"] != 0 or value["unscaled"] < 0:
        raise NrdValueError(
            f"{table.where(row)}: {column} is {table.columns[column][row]!r}, "
            "expected a whole number",
            row=row,
        )
    return int(value["unscaled"])


def read_count(table: CsvTable, i: int, row: dict[str, str | None]) -> Count:
    """Read one row of criteria_counts.csv."""
    met = whole_number(table, "met", i)
    of = None if row["of"] is None else whole_number(table, "of", i)
    if of is not None and met > of:
        raise NrdValueError(
            f"{table.where(i)}: {met} units meet criterion {row['criterion']}, "
            f"expected at most the {of} there are",
            row=i,
        )
    return Count(
        i, row["as_of"], row["set"], row["criterion"], met, of, row["share_pct"],
        row["source"], table.locator(i),
    )  # fmt: skip


def carried(printed: dict[str, Attainment], as_of: str) -> Attainment:
    """One date with what the other says of it, under the assumption "carried" of `_labels`.

    A criterion whose print contradicts the assumption is left as printed.
    """
    here, other = printed[as_of], printed["planned" if as_of == "now" else "now"]
    n = len(here.units)
    low, high = (values.astype(np.int64) for values in here._matrix.criterion_counts())
    other_low, other_high = (v.astype(np.int64) for v in other._matrix.criterion_counts())
    if as_of == "now":
        state, room, fits = UNMET, n - low, low <= other_high
        bounds = [(0, int(most)) for most in other_high]
    else:
        state, room, fits = MET, high, high >= other_low
        bounds = [(int(least), n) for least in other_low]
    unit, criterion, states = here._cells
    open_cells = np.ones((n, len(here.criteria)), bool)
    open_cells[unit, criterion] = False
    carried = (other.states() == state) & open_cells
    taken = np.bincount(criterion[states == state], minlength=len(here.criteria))
    fits &= carried.sum(axis=0) + taken <= room
    more_units, more_criteria = np.nonzero(carried & fits)
    fitting = {c: b for c, b, ok in zip(here.criteria, bounds, fits, strict=True) if ok}
    return here._with(
        cells=(
            np.concatenate([unit, more_units.astype(np.int32)]),
            np.concatenate([criterion, more_criteria.astype(np.int32)]),
            np.concatenate([states, np.full(len(more_units), state, np.int8)]),
        ),
        bounds={
            **fitting,
            **here.bounds,
        },
        counts={
            # What is met now is what a plan that says nothing else comes to.
            **{
                c: other.counts[c]
                for c in fitting
                if as_of == "planned" and c in other.counts
            },
            **here.counts,
        },
    )
