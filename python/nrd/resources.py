"""Money by content and source: margins, shares, and stated totals against their parts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from numbers import Integral, Real
from typing import Any

import numpy as np

from ._core import decimal as dec
from ._encode import encode
from ._frames import Frame
from ._result import Columns, Provenance, Result, records
from .errors import NrdValueError


@dataclass(frozen=True, eq=False, repr=False)
class Reconciliation(Result):
    """A table of amounts by content and source, and what its stated totals are worth.

    Amounts are the doubles nearest to the exact decimals; None where nothing was printed.

    Attributes
    ----------
    contents, sources : tuple of str
        Rows and columns of the table.
    amounts : list of list of float or None
        Parts as printed, one row a content.
    by_content, by_source : dict of columns
        Exact margins, their share of the total, and per unit and person where asked.
    total : float
        Exact sum of all parts.
    per_unit, per_person : float or None
        Total divided by the number of units and of persons.
    checks : dict of columns
        Each stated total: id, stated, computed, difference, verdict (``equal``,
        ``rounded``, ``truncated``, ``different``) and the rows it rests on.
    """

    contents: tuple[str, ...]
    sources: tuple[str, ...]
    amounts: list[list[float | None]]
    by_content: Columns
    by_source: Columns
    total: float
    per_unit: float | None
    per_person: float | None
    checks: Columns

    @property
    def table(self) -> Any:
        """One row a stated total, in the caller's kind of frame."""
        shown = {k: v for k, v in self.checks.items() if k != "rows"}
        return self.kind.build(shown)

    @property
    def amount_table(self) -> Any:
        """Content x source with the margin of each content, in the caller's kind."""
        columns = {"content": list(self.contents)}
        for j, source in enumerate(self.sources):
            columns[source] = [row[j] for row in self.amounts]
        return self.kind.build({**columns, "total": self.by_content["amount"]})

    def plot(self, ax: Any = None, **options: Any) -> Any:
        """Draw the amounts by content and source; options as in `nrd.plot.resources`."""
        from . import plot

        return plot.resources(self, ax=ax, **options)

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain Python values; tables as lists of rows."""
        out = super().to_dict()
        for name in ("by_content", "by_source", "checks"):
            out[name] = records(getattr(self, name))
        return out

    def report(self, language: str = "en") -> list:
        """Return the titled tables that `summary` shows."""
        from . import _sections

        return _sections.resources(self, language)


def reconcile(
    frame: Any,
    *,
    content: str = "content",
    source: str = "source",
    amount: str = "amount",
    total: str = "total",
    decimal: str = ".",
    thousands: str | None = None,
    units: int | None = None,
    persons: int | None = None,
    where: Callable[[int], str] = "row {}".format,
) -> Reconciliation:
    """Sum a table of printed amounts exactly and hold each stated total against its parts.

    Parameters
    ----------
    frame : data frame or mapping of columns
        One row an amount. Rows whose content or source is `total` are stated totals, all
        others are parts.
    content, source, amount : str, optional
        Names of the columns. Amounts are text as printed, or numbers, which are taken in
        their shortest decimal form.
    total : str, optional
        The word that marks a stated total.
    decimal : {".", ","}, optional
        Decimal mark of the amounts; never guessed.
    thousands : {",", ".", " "}, optional
        Mark between groups of three digits; by default there is none.
    units, persons : int, optional
        Number of units and of persons for the amounts per unit and per person.
    where : callable, optional
        Turns a row, counted from 0, into the name used in messages.

    Returns
    -------
    Reconciliation

    Raises
    ------
    NrdKeyError
        If a column does not exist.
    NrdValueError
        If an amount is not a number with the declared marks, is missing, or is given
        twice; if a mark or a number of units cannot be.

    Examples
    --------
    >>> import nrd
    >>> rows = {
    ...     "content": ["roads", "roads", "roads"],
    ...     "source": ["central", "people", "total"],
    ...     "amount": ["550", "3,860.18", "4,410.2"],
    ... }
    >>> result = nrd.reconcile(rows, thousands=",")
    >>> result.total, result.checks["verdict"]
    (4410.18, ['rounded'])
    """
    _check_options(decimal, thousands, {"units": units, "persons": persons})
    table = Frame(frame, "reconcile")
    table.require(content, source, amount)
    contents = _texts(table.values(content), content, where)
    sources = _texts(table.values(source), source, where)
    _refuse_twice(contents, sources, where)
    rows = _Rows(
        contents,
        sources,
        _amounts(table.values(amount), amount, decimal, thousands, where),
        total,
        where,
    )
    return _reconciliation(
        rows, table, units, persons, {"decimal": decimal, "thousands": thousands}
    )


@dataclass(frozen=True, eq=False)
class _Rows:
    """The rows of the table, parts and stated totals told apart."""

    content: list[str]
    source: list[str]
    amount: np.ndarray
    total: str
    where: Callable[[int], str]

    def pick(
        self, content: Callable[[str], bool], source: Callable[[str], bool]
    ) -> list[int]:
        """Rows whose content and source satisfy both tests."""
        pairs = zip(self.content, self.source, strict=True)
        return [i for i, (c, s) in enumerate(pairs) if content(c) and source(s)]

    def part(self, name: str) -> bool:
        """Whether a name is that of a content or source, not of a total."""
        return name != self.total

    def stated(self, name: str) -> bool:
        """Whether a name marks a stated total."""
        return name == self.total


def _reconciliation(rows: _Rows, table: Frame, units, persons, options) -> Reconciliation:
    parts = rows.pick(rows.part, rows.part)
    contents, content_index = encode([rows.content[i] for i in parts])
    sources, source_index = encode([rows.source[i] for i in parts])
    amounts = rows.amount[parts]
    by_content, by_source, everything = dec.margins(
        content_index,
        source_index,
        amounts,
        (len(contents), len(sources)),
        lambda i: rows.where(parts[i]),
    )
    cells: list[list[float | None]] = [[None] * len(sources) for _ in contents]
    values = dec.to_float(amounts)
    for i, j, value in zip(content_index, source_index, values.tolist(), strict=True):
        cells[i][j] = value
    per = {
        "per_unit": dec.whole(units) if units else None,
        "per_person": dec.whole(persons) if persons else None,
    }
    return Reconciliation(
        provenance=Provenance(
            method="exact decimal sums; stated totals against their parts",
            options={**options, "units": units, "persons": persons},
            used=table.rows,
        ),
        kind=table.kind,
        contents=tuple(contents),
        sources=tuple(sources),
        amounts=cells,
        by_content=_margin("content", contents, by_content, everything, per),
        by_source=_margin("source", sources, by_source, everything, per),
        total=float(dec.to_float(np.array([everything]))[0]),
        **{name: _divide(everything, by) for name, by in per.items()},
        checks=_checks(rows),
    )


def _divide(value: np.void, by: np.void | None) -> float | None:
    return None if by is None or by["unscaled"] == 0 else dec.ratio(value, by)


def _margin(
    name: str, labels: list, sums: np.ndarray, everything: np.void, per: dict
) -> Columns:
    return {
        name: list(labels),
        "amount": dec.to_float(sums).tolist(),
        "share": [_divide(value, everything) for value in sums],
        **{key: [_divide(value, by) for value in sums] for key, by in per.items()},
    }


def _checks(rows: _Rows) -> Columns:
    """Every stated total against the parts below it.

    The grand total is held against all parts, against the stated totals of the contents and
    against those of the sources.
    """
    found: dict[str, list] = {
        "id": [], "stated": [], "computed": [], "difference": [], "verdict": [], "rows": []
    }  # fmt: skip

    def add(id: str, stated: int, parts: Sequence[int]) -> None:
        if not parts:
            return
        judgement = dec.judge_sum(rows.amount[stated], rows.amount[list(parts)], id)
        found["id"].append(id)
        for name in ("stated", "computed", "difference", "verdict"):
            found[name].append(getattr(judgement, name))
        found["rows"].append([stated, *parts])

    for i in rows.pick(rows.part, rows.stated):
        add(f"content:{rows.content[i]}", i, rows.pick(rows.content[i].__eq__, rows.part))
    for i in rows.pick(rows.stated, rows.part):
        add(f"source:{rows.source[i]}", i, rows.pick(rows.part, rows.source[i].__eq__))
    for i in rows.pick(rows.stated, rows.stated):
        add("total:parts", i, rows.pick(rows.part, rows.part))
        add("total:contents", i, rows.pick(rows.part, rows.stated))
        add("total:sources", i, rows.pick(rows.stated, rows.part))
    return found


def _texts(values: list, column: str, where: Callable[[int], str]) -> list[str]:
    for row, value in enumerate(values):
        if value is None or str(value).strip() == "":
            raise NrdValueError(f"{where(row)}: {column!r} is missing", row=row)
    return [str(value).strip() for value in values]


def _amounts(
    values: list, column: str, decimal: str, thousands: str | None, where
) -> np.ndarray:
    texts = []
    for row, value in enumerate(values):
        if value is None or str(value).strip() == "":
            raise NrdValueError(f"{where(row)}: {column!r} is missing", row=row)
        texts.append(_printed(value, decimal) if _is_number(value) else str(value).strip())
    return dec.parse(texts, decimal, thousands, where)


def _is_number(value: object) -> bool:
    return isinstance(value, Real | Decimal) and not isinstance(value, bool | np.bool_)


def _printed(value: Real | Decimal, decimal: str) -> str:
    """Return a number as it would be printed: its shortest decimal form, with the mark."""
    if not -1e30 < value < 1e30:
        return str(value)
    return format(Decimal(str(value)), "f").replace(".", decimal)


def _refuse_twice(contents: list[str], sources: list[str], where) -> None:
    seen: dict[tuple[str, str], int] = {}
    for row, cell in enumerate(zip(contents, sources, strict=True)):
        first = seen.setdefault(cell, row)
        if first != row:
            raise NrdValueError(
                f"{where(row)}: content {cell[0]!r} and source {cell[1]!r} are given "
                f"twice, first in {where(first)}",
                row=row,
            )


def _check_options(decimal: object, thousands: object, counts: dict[str, object]) -> None:
    if decimal not in (".", ","):
        raise NrdValueError(f"decimal is {decimal!r}, expected '.' or ','")
    if thousands not in (None, ",", ".", " ") or thousands == decimal:
        raise NrdValueError(
            f"thousands is {thousands!r}, expected ',', '.', ' ' or None, and another mark "
            "than decimal"
        )
    for name, count in counts.items():
        if count is not None and not (isinstance(count, Integral) and count > 0):
            raise NrdValueError(f"{name} is {count!r}, expected a whole number above 0")
