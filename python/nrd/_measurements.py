"""Reading measured values: units, years, places, and a column of numbers for each item."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ._cells import MET, UNMET, status_of
from ._frames import Frame, Kind, first_row, is_missing, name_of, names_of, recode
from .criteria import CriteriaSet
from .errors import NrdError, NrdKeyError, NrdTypeError, NrdValueError

NOT_APPLICABLE = ("n/a", "na", "not applicable", "không áp dụng", "khong ap dung")


@dataclass
class Measurements:
    """Rows of units at times, with a column of values for each item or None.

    ``source`` is the row of the table each value stands in, item by item, where the table
    has one row a value; None where it has one row a unit and year.
    """

    units: list[str]
    unit: np.ndarray
    year: np.ndarray
    place: np.ndarray
    columns: list[np.ndarray | None]
    source: np.ndarray | None
    kind: Kind

    def row(self, item: int, row: int) -> int:
        """Row of the caller's table that holds a value."""
        return row if self.source is None else int(self.source[item, row])


@dataclass(frozen=True)
class Names:
    """Names of the columns, and what is given for all rows at once."""

    unit: str
    year: str | int
    indicator: str
    value: str
    measure: str | Mapping[str, str] | None
    region: str | Mapping[str, str] | None


def read(data: Any, criteria_set: CriteriaSet, names: Names) -> Measurements:
    """Read a table with one row a value, or with one row a unit and year.

    Raises
    ------
    NrdKeyError
        If a column, an indicator, a region or a unit does not exist.
    NrdValueError
        If a value is no number, is given twice or in another unit of measure.
    """
    if isinstance(names.measure, Mapping):
        _check_stated(criteria_set, names.measure)
    table = Frame(data, "assess")
    table.require(names.unit)
    units, unit = _units(table, names.unit)
    year = _years(table, names.year, criteria_set)
    place = _places(table, names.region, criteria_set, units, unit)
    if names.indicator in table.columns:
        return _long(table, criteria_set, names, (units, unit, year, place))
    columns = _wide(table, criteria_set, names)
    _refuse_twice(
        *_slots(unit, year), lambda row: f"unit {units[unit[row]]!r}, year {year[row]}"
    )
    return Measurements(units, unit, year, place, columns, None, table.kind)


def _units(table: Frame, column: str) -> tuple[list[str], np.ndarray]:
    values, codes = table.encode(column)
    units = names_of(values, "unit")
    empty = [i for i, name in enumerate(units) if name == ""]
    codes = recode(codes, [-1 if i in empty else i for i in range(len(units))], -1)
    if np.any(codes < 0):
        row = first_row(codes, -1)
        raise NrdValueError(f"column {column!r}, row {row}: the unit is missing", row=row)
    return units, codes


def _years(table: Frame, year: str | int, criteria_set: CriteriaSet) -> np.ndarray:
    """Year of each row; each distinct one is checked."""
    if isinstance(year, int | np.integer) and not isinstance(year, bool):
        criteria_set.day(int(year))
        return np.full(table.rows, int(year), np.int32)
    if not isinstance(year, str):
        raise NrdTypeError(f"year is {year!r}, expected a year or the name of a column")
    values, codes = table.encode(year)
    years = []
    for code, value in enumerate(values):
        row = first_row(codes, code)
        try:
            years.append(int(name_of(value)))
            criteria_set.day(years[-1])
        except NrdError as error:
            raise NrdValueError(f"column {year!r}, row {row}: {error}", row=row) from None
        except ValueError:
            raise NrdValueError(
                f"column {year!r}, row {row}: found {value!r}, expected a year", row=row
            ) from None
    _refuse_missing(codes, year, "year")
    return recode(codes, years, 0)


def _refuse_missing(codes: np.ndarray, column: str, what: str) -> None:
    if np.any(codes < 0):
        row = first_row(codes, -1)
        raise NrdValueError(f"column {column!r}, row {row}: the {what} is missing", row=row)


def _places(
    table: Frame,
    region: str | Mapping[str, str] | None,
    criteria_set: CriteriaSet,
    units: list[str],
    unit: np.ndarray,
) -> np.ndarray:
    """Index of the place of each row."""
    known = (*criteria_set.places, "general")
    if isinstance(region, Mapping):
        return recode(unit, _places_of(region, criteria_set, units), -1)
    if region is None and not criteria_set.places:
        return np.full(table.rows, -1, np.int32)
    if region is None:
        raise NrdValueError(
            f"assess: no region is given, and the levels of {criteria_set.id} differ; "
            f"expected one of {', '.join(known)}, a column, or a mapping from units"
        )
    if region not in table.columns:
        return np.full(table.rows, criteria_set.place(region), np.int32)
    values, codes = table.encode(region)
    _refuse_missing(codes, region, "region")
    for code, value in enumerate(values):
        if name_of(value) not in known:
            row = first_row(codes, code)
            raise NrdKeyError(
                f"column {region!r}, row {row}: found {value!r}, expected one of "
                f"{', '.join(known)}",
                row=row,
            )
    return recode(codes, [criteria_set.place(name_of(value)) for value in values], -1)


def _places_of(
    region: Mapping[str, str], criteria_set: CriteriaSet, units: list[str]
) -> list[int]:
    for name in units:
        if name not in region:
            raise NrdKeyError(
                f"region: unit {name!r} has none, expected one for every unit"
            )
    place = {name: criteria_set.place(name) for name in dict.fromkeys(region.values())}
    return [place[region[name]] for name in units]


def _slots(unit: np.ndarray, year: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Number of each row's unit and year, and the first row of each that occurs."""
    low = int(year.min()) if len(year) else 0
    width = int(year.max()) - low + 1 if len(year) else 1
    key = unit.astype(np.int64) * width + (year - low)
    first = np.full(int(key.max()) + 1 if len(key) else 0, -1, np.int64)
    first[key[::-1]] = np.arange(len(key))[::-1]
    there = first >= 0
    return (np.cumsum(there) - 1)[key], first[there]


def _refuse_twice(slot: np.ndarray, first: np.ndarray, name: Callable[[int], str]) -> None:
    """Refuse what is given twice; both rows are named, the first such pair."""
    again = first[slot] != np.arange(len(slot))
    if np.any(again):
        row = int(np.argmax(again))
        raise NrdValueError(
            f"row {row}: {name(row)} is given twice, first in row {int(first[slot[row]])}",
            row=row,
        )


def _wide(table: Frame, criteria_set: CriteriaSet, names: Names) -> list[np.ndarray | None]:
    """Values of a table whose columns are items."""
    taken = {n for n in (names.unit, names.year, names.region) if isinstance(n, str)}
    for column in table.columns:
        if column not in taken:
            _measured(criteria_set, column, f"column {column!r}", None)
    columns: list[np.ndarray | None] = []
    for item in criteria_set.items:
        if item.code not in table.columns:
            columns.append(None)
            continue
        columns.append(_numbers(table, item.code, [item.rule == "met"], None))
    return columns


def _measured(criteria_set: CriteriaSet, code: str, where: str, row: int | None) -> int:
    """Index of an item that can be measured."""
    try:
        item = criteria_set.item(code)
    except NrdKeyError as error:
        raise NrdKeyError(f"{where}: {error}", row=row) from None
    if item.refers == "criteria":
        raise NrdValueError(
            f"{where}: indicator {code} follows from the criteria, expected no value",
            row=row,
        )
    return criteria_set.items.index(item)


def _long(
    table: Frame, criteria_set: CriteriaSet, names: Names, rows: tuple
) -> Measurements:
    """Values of a table with one row a value: rows are put in the order they begin."""
    units, unit, year, place = rows
    table.require(names.value)
    codes, item = _items(table, criteria_set, names)
    is_state = [i.rule == "met" for i in criteria_set.items]
    numbers = _numbers(table, names.value, is_state, item)
    slot, first = _slots(unit, year)
    astray = place != place[first][slot]
    if np.any(astray):
        row = int(np.argmax(astray))
        raise NrdValueError(
            f"row {row}: unit {units[unit[row]]!r} is in another region than in row "
            f"{int(first[slot[row]])}, in the same year",
            row=row,
        )
    shape = (len(criteria_set.items), len(first))
    cell = item.astype(np.int64) * shape[1] + slot
    source = np.full(shape, -1, np.int64)
    source.ravel()[cell[::-1]] = np.arange(table.rows)[::-1]
    _refuse_twice(
        cell,
        source.ravel(),
        lambda row: (
            f"unit {units[unit[row]]!r}, year {year[row]}, indicator {codes[item[row]]}"
        ),
    )
    values = np.full(shape, np.nan)
    values.ravel()[cell] = numbers
    present = np.bincount(item, minlength=shape[0]) > 0
    columns = [values[i] if present[i] else None for i in range(shape[0])]
    return Measurements(
        units, unit[first], year[first], place[first], columns, source, table.kind
    )


def _items(
    table: Frame, criteria_set: CriteriaSet, names: Names
) -> tuple[list[str], np.ndarray]:
    """Item of each row, and the unit of measure held against its own."""
    values, codes = table.encode(names.indicator)
    _refuse_missing(codes, names.indicator, "indicator")
    places = []
    for code, value in enumerate(values):
        row = first_row(codes, code)
        where = f"column {names.indicator!r}, row {row}"
        places.append(_measured(criteria_set, name_of(value), where, row))
    item = recode(codes, places, -1)
    if isinstance(names.measure, str):
        _check_measures(table, criteria_set, names.measure, item)
    return [i.code for i in criteria_set.items], item


def _check_stated(criteria_set: CriteriaSet, measures: Mapping[str, str]) -> None:
    """Hold units of measure that are stated by indicator against those of the set."""
    for code, measure in measures.items():
        item = criteria_set.item(str(code))
        if measure != item.unit:
            raise NrdValueError(
                f"measure: indicator {code} is in {measure!r}, expected {item.unit!r}"
            )


def _check_measures(
    table: Frame, criteria_set: CriteriaSet, column: str, item: np.ndarray
) -> None:
    values, codes = table.encode(column)
    _refuse_missing(codes, column, "unit of measure")
    texts = [name_of(value) for value in values]
    fits = np.array([[text == i.unit for text in texts] for i in criteria_set.items], bool)
    wrong = ~fits[item, codes]
    if np.any(wrong):
        row = int(np.argmax(wrong))
        asked = criteria_set.items[item[row]]
        raise NrdValueError(
            f"column {column!r}, row {row}: found {texts[codes[row]]!r}, expected "
            f"{asked.unit!r}, the unit of indicator {asked.code}",
            row=row,
        )


def _numbers(
    table: Frame, column: str, is_state: list[bool], item: np.ndarray | None
) -> np.ndarray:
    """Values of a column as numbers: words of states 1 and 0, what does not apply inf."""
    values = table.array(column)
    if values.dtype.kind in "iuf":
        _refuse_infinite(values, column)
        return np.ascontiguousarray(values, np.float64)
    distinct, codes = table.encode(column)
    numbers = np.full(len(distinct) + 1, np.nan)
    is_word = np.zeros(len(distinct) + 1, bool)
    for code, value in enumerate(distinct):
        row = first_row(codes, code)
        numbers[code], is_word[code] = _number(value, f"column {column!r}, row {row}", row)
    asked = np.zeros(len(codes), np.int32) if item is None else item
    wrong = is_word[codes] & ~np.array(is_state)[asked]
    if np.any(wrong):
        row = int(np.argmax(wrong))
        raise NrdValueError(
            f"column {column!r}, row {row}: found {distinct[codes[row]]!r}, expected a "
            "number",
            row=row,
        )
    return numbers[codes]


def _refuse_infinite(values: np.ndarray, column: str) -> None:
    """Infinity is how the library is told that something does not apply."""
    infinite = np.isinf(values)
    if np.any(infinite):
        row = int(np.argmax(infinite))
        raise NrdValueError(
            f"column {column!r}, row {row}: found {values[row]}, expected a number, or n/a "
            "where nothing applies",
            row=row,
        )


def _number(value: Any, where: str, row: int) -> tuple[float, bool]:
    """A value as a number, and whether it was a word for met or not met."""
    if isinstance(value, bool | np.bool_):
        return float(value), True
    if not isinstance(value, str):
        return (np.nan if is_missing(value) else float(value)), False
    text = " ".join(unicodedata.normalize("NFC", value).casefold().split())
    if text == "":
        return np.nan, False
    if text in NOT_APPLICABLE:
        return np.inf, False
    try:
        number = float(text) if not set(text) - set("0123456789.+-e") else None
        if number is not None and np.isfinite(number):
            return number, False
        state = status_of(value)
    except ValueError as error:
        raise NrdValueError(
            f"{where}: found {value!r}, expected a number, met, not met or n/a", row=row
        ) from error
    return ({MET: 1.0, UNMET: 0.0}.get(state, np.nan)), True


def listed_units(units: Iterable[str], known: list[str], what: str) -> np.ndarray:
    """Places of the units listed among those known, as a mask."""
    listed = {str(name) for name in units}
    for name in sorted(listed - set(known)):
        raise NrdKeyError(f"{what}: there is no unit {name!r} among the measurements")
    return np.array([name in listed for name in known], bool)
