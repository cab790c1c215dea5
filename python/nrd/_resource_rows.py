"""Rows of resources as they are read: what each amount is of, and in which measure."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import numpy as np

from ._core import decimal as dec
from ._frames import Frame, Kind, is_missing, name_of
from .errors import NrdTypeError, NrdValueError

WHERE = "Resources"
# What tells one amount from another, in the order of the tables.
KEYS = ("unit", "period", "source", "content", "basis", "definition")
# What amounts must have in common to be added.
TRAITS = ("measure", "prices", "kind", "basis")
KINDS = ("flow", "cumulative")
PHYSICAL = ("m2", "ha", "days")
_SCALES = {
    "": 0, "thousand": 3, "million": 6, "billion": 9, "trillion": 12,
    "nghìn": 3, "triệu": 6, "tỷ": 9, "tỉ": 9,
}  # fmt: skip
_NAMES = {0: "", 3: "thousand ", 6: "million ", 9: "billion ", 12: "trillion "}
_MONEY = re.compile(r"(?:(\w+) )?([A-Z]{3}|đồng)")
_PERIOD = re.compile(r"(\d{4})(?:\s*[-–]\s*(\d{4}))?")
# Largest whole number, decimals included, that is added as a printed decimal.
_LARGEST = 2.0**51


@dataclass(frozen=True)
class Labels:
    """A column of labels: the distinct ones, and the place of each row's."""

    names: list[Hashable]
    codes: np.ndarray

    def take(self, rows: np.ndarray) -> Labels:
        """The labels of some rows."""
        return Labels(self.names, self.codes[rows])

    def present(self) -> list:
        """The labels that rows have."""
        return [self.names[code] for code in np.unique(self.codes).tolist()]

    def of(self, row: int) -> Hashable:
        """The label of a row."""
        return self.names[self.codes[row]]

    def listed(self) -> list:
        """The label of each row."""
        return [self.names[code] for code in self.codes.tolist()]


@dataclass(frozen=True)
class Rows:
    """Amounts with what they are of; row numbers are those of the caller's table.

    Attributes
    ----------
    labels : dict of Labels
        By `KEYS` and `TRAITS`.
    first, last : ndarray of int
        First and last year of the period of each amount.
    amount : ndarray of float
        In its measure, with `decimals` of them exact.
    half : ndarray of float
        Half a unit of the last printed digit.
    decimals : int
        Digits behind the point that hold every amount exactly; -1 where there are none.
    row : ndarray of int
        Row of the caller's table.
    """

    labels: dict[str, Labels]
    first: np.ndarray
    last: np.ndarray
    amount: np.ndarray
    half: np.ndarray
    decimals: int
    row: np.ndarray

    def __len__(self) -> int:
        return len(self.row)

    def take(self, rows: np.ndarray) -> Rows:
        """Some of the rows."""
        kept = {name: held.take(rows) for name, held in self.labels.items()}
        names = ("first", "last", "amount", "half", "row")
        return replace(self, labels=kept, **{n: getattr(self, n)[rows] for n in names})

    def code(self, names: Any) -> tuple[np.ndarray, np.ndarray]:
        """First row of each group of equal labels, and the group of each row."""
        code = np.zeros(len(self), np.int64)
        for name in names:
            held = self.labels[name]
            code = code * (len(held.names) + 1) + held.codes
        _, first, group = np.unique(code, return_index=True, return_inverse=True)
        return first, group

    def is_cumulative(self) -> np.ndarray:
        """Which amounts are of all years up to the end of their period."""
        held = self.labels["kind"]
        return np.array([name == "cumulative" for name in held.names])[held.codes]

    def where(self, row: int) -> str:
        """Name of a row for a message."""
        held = {name: self.labels[name].of(row) for name in ("unit", "period", "source")}
        said = ", ".join(f"{name} {value}" for name, value in held.items())
        return f"row {self.row[row]} ({said})"


def read_rows(
    data: Any, columns: Mapping[str, str], traits: Mapping[str, str], marks: tuple
) -> tuple[Rows, Kind, int]:
    """Read a long table: rows, the kind of frame, and the number of rows without an amount.

    Parameters
    ----------
    data : data frame or mapping of columns
        One row an amount.
    columns : mapping
        Column of each of `KEYS` and of "amount"; "" for none.
    traits : mapping
        For each of `TRAITS` and "definition" a column, or one word for all rows.
    marks : tuple
        Decimal mark, and mark between groups of digits or None.
    """
    frame = Frame(data, WHERE)
    frame.require(*(column for column in columns.values() if column))
    printed = frame.values(columns["amount"])
    kept = np.array([i for i, v in enumerate(printed) if not _blank(v)], np.int64)
    found = {
        name: _labels(frame, column, name, kept) for name, column in columns.items()
        if name != "amount"
    }  # fmt: skip
    for name, given in traits.items():
        if given in frame.columns:
            found[name] = _labels(frame, given, name, kept)
        else:
            found[name] = Labels([given], np.zeros(len(kept), np.int64))
    for name in found["kind"].names:
        if name not in KINDS:
            raise NrdValueError(
                f"{WHERE}: kind is {name!r}, expected a column, 'flow' or 'cumulative'"
            )
    numbers, digits = _numbers([printed[i] for i in kept], kept, marks)
    negative = np.flatnonzero(numbers < 0)
    if len(negative):
        row = kept[negative[0]]
        raise NrdValueError(
            f"{WHERE}: row {row}: the amount is {printed[row]}, expected 0 or more", row=row
        )
    years = [_years(name) for name in found["period"].names]
    first, last = np.array(years, np.int64)[found["period"].codes].T
    rows = Rows(found, first, last, numbers, 0.5 * 10.0**-digits, int(digits.max()), kept)
    rows = _in_one_scale(rows, digits)
    _refuse_twice(rows)
    return rows, frame.kind, frame.rows - len(kept)


def labels_of(values: list) -> Labels:
    """Distinct labels of rows, in order of appearance."""
    place = {name: code for code, name in enumerate(dict.fromkeys(values))}
    return Labels(list(place), np.array([place[name] for name in values], np.int64))


def _blank(value: Any) -> bool:
    return is_missing(value) or (isinstance(value, str) and not value.strip())


def _labels(frame: Frame, column: str, name: str, kept: np.ndarray) -> Labels:
    if not column:
        return Labels([""], np.zeros(len(kept), np.int64))
    names, codes = frame.encode(column)
    codes = codes[kept].astype(np.int64)
    missing = np.flatnonzero(codes < 0)
    if len(missing):
        if name in ("definition", "content"):
            codes, names = np.where(codes < 0, len(names), codes), [*names, ""]
        else:
            row = int(kept[missing[0]])
            raise NrdValueError(f"{WHERE}: row {row}: {column!r} is missing", row=row)
    said = [name_of(value) for value in names]
    place = {text: code for code, text in enumerate(dict.fromkeys(said))}
    return Labels(list(place), np.array([place[text] for text in said])[codes])


def _numbers(values: list, kept: np.ndarray, marks: tuple) -> tuple[np.ndarray, np.ndarray]:
    """Amounts, and how many decimals each was printed with."""
    if not values:
        raise NrdValueError(f"{WHERE}: there is no amount, expected one or more")
    texts = [
        v.strip() if isinstance(v, str) else _shortest(v, row, marks[0])
        for v, row in zip(values, kept.tolist(), strict=True)
    ]
    found = dec.parse(texts, *marks, lambda i: f"{WHERE}: row {kept[i]}")
    return dec.to_float(found), found["scale"].astype(np.int64)


def _shortest(value: Any, row: int, mark: str) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | np.number):
        raise NrdTypeError(
            f"{WHERE}: row {row}: the amount is {value!r}, expected a number"
        )
    if not -1e18 < float(value) < 1e18:
        raise NrdValueError(
            f"{WHERE}: row {row}: the amount is {value}, expected less than 10^18", row=row
        )
    text = format(Decimal(repr(value) if isinstance(value, float) else str(value)), "f")
    text = text.rstrip("0").rstrip(".") if isinstance(value, float) else text
    return text.replace(".", mark)


def _years(name: Hashable) -> tuple[int, int]:
    found = _PERIOD.fullmatch(str(name))
    first, last = (found[1], found[2] or found[1]) if found else (0, -1)
    if int(first) > int(last):
        raise NrdValueError(
            f"{WHERE}: the period is {name!r}, expected a year or two, such as 2018 or "
            "2011-2018"
        )
    return int(first), int(last)


def money(measure: str) -> tuple[str, int] | None:
    """Currency and power of ten of a measure of money; None for land and labour."""
    if measure in PHYSICAL:
        return None
    found = _MONEY.fullmatch(measure)
    if found is None or (found[1] or "") not in _SCALES:
        raise NrdValueError(
            f"{WHERE}: the measure is {measure!r}, expected money such as 'billion VND', "
            f"or {', '.join(map(repr, PHYSICAL))}"
        )
    return found[2].replace("đồng", "VND"), _SCALES[found[1] or ""]


def named_money(currency: str, power: int) -> str:
    """Name of a measure of money."""
    return f"{_NAMES[power]}{currency}"


def _in_one_scale(rows: Rows, digits: np.ndarray) -> Rows:
    """Bring money of one currency to its finest scale among the rows, exactly."""
    measures = rows.labels["measure"]
    found = [money(str(name)) for name in measures.names]
    finest: dict[str, int] = {}
    for held in filter(None, found):
        finest[held[0]] = min(finest.get(held[0], 99), held[1])
    names = [
        named_money(held[0], finest[held[0]]) if held else str(name)
        for held, name in zip(found, measures.names, strict=True)
    ]
    place = {name: code for code, name in enumerate(dict.fromkeys(names))}
    lift = np.array([held[1] - finest[held[0]] if held else 0 for held in found])
    up = lift[measures.codes]
    whole = np.rint(rows.amount * 10.0**digits)
    # A whole number times a power of ten: one rounding, and none below 2^53.
    amount = np.where(
        up >= digits, whole * 10.0 ** np.maximum(up - digits, 0),
        whole / 10.0 ** np.maximum(digits - up, 0),
    )  # fmt: skip
    decimals = int(np.maximum(digits - up, 0).max())
    if (amount * 10.0**decimals > _LARGEST).any():
        row = int(np.argmax(amount))
        raise NrdValueError(
            f"{WHERE}: {rows.where(row)}: the amount has more than 15 digits in "
            f"{names[measures.codes[row]]}, expected a larger measure"
        )
    codes = np.array([place[name] for name in names])[measures.codes]
    labels = {**rows.labels, "measure": Labels(list(place), codes)}
    return replace(
        rows, labels=labels, amount=amount, decimals=decimals, half=rows.half * 10.0**up
    )


def _refuse_twice(rows: Rows) -> None:
    first, group = rows.code((*KEYS, "measure"))
    if len(first) < len(rows):
        again = int(np.flatnonzero(first[group] != np.arange(len(rows)))[0])
        earlier = rows.row[first[group[again]]]
        raise NrdValueError(
            f"{WHERE}: {rows.where(again)} is given twice, first in row {earlier}",
            row=int(rows.row[again]),
        )
