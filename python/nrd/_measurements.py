"""Reading measured values: units, years, places, and a column of numbers for each item."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ._core.spread import Key, Long, constant, first_rows, spread
from ._encode import Codes
from ._frames import Frame, Kind, name_of, names_of
from ._values import infinite, numbers_of, of_words, plain_numbers
from .criteria import CriteriaSet
from .errors import NrdError, NrdKeyError, NrdTypeError, NrdValueError


@dataclass
class Measurements:
    """Rows of units at times, with a column of values for each item or None.

    ``row`` finds the row of the caller's table that holds the value of an item in a row.
    """

    units: list[str]
    unit: np.ndarray
    year: np.ndarray
    place: np.ndarray
    columns: list[np.ndarray | None]
    row: Callable[[int, int], int]
    kind: Kind


@dataclass(frozen=True)
class Names:
    """Names of the columns, and what is given for all rows at once."""

    unit: str
    year: str | int
    indicator: str
    value: str
    measure: str | Mapping[str, str] | None
    region: str | Mapping[str, str] | None


@dataclass(frozen=True)
class _Rows:
    """Units, years and places of the rows of a table.

    The place is that of a column, or of each unit where no column says it.
    """

    units: list[str]
    unit: Key
    years: np.ndarray
    when: Key
    place: Key | None
    places: np.ndarray

    def at(self, rows: np.ndarray | slice) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Unit, year and place of some rows."""
        unit = self.unit.at(rows)
        if self.place is None:
            place = self.places[unit]
        else:
            place = self.place.at(rows)
            # The general level is the last of the indices, and -1 to the library.
            place[place == self.place.n - 1] = -1
        return unit, self.years[self.when.at(rows)], place

    def name(self, row: int) -> str:
        """Unit and year of a row."""
        (unit,), (year,), _ = self.at(np.array([row]))
        return f"unit {self.units[unit]!r}, year {year}"

    def like(self, row: int) -> np.ndarray:
        """Whether rows are of the unit and year of one of them."""
        unit, when = (key.at() == key.at([row]) for key in (self.unit, self.when))
        return unit & when


def _key(found: Codes, meaning: Sequence[int], n: int) -> Key:
    """Say of each key of a column what it stands for."""
    return Key(
        found.codes, np.append(np.asarray(meaning, np.int32), np.int32(-1))[found.index], n
    )


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
    elif names.measure is not None and not isinstance(names.measure, str):
        raise NrdTypeError(
            f"measure is {names.measure!r}, expected a column, or units by indicator"
        )
    table = Frame(data, "assess")
    table.require(names.unit)
    units, unit = _units(table, names.unit)
    years, when = _years(table, names.year, criteria_set)
    place, places = _places(table, names.region, criteria_set, units)
    rows = _Rows(units, unit, years, when, place, places)
    if names.indicator in table.columns:
        return _long(table, criteria_set, names, rows)
    return _wide(table, criteria_set, names, rows)


def _units(table: Frame, column: str) -> tuple[list[str], Key]:
    found = table.codes(column)
    units = names_of(found.keys, "unit")
    empty = [int(found.first[i]) for i, name in enumerate(units) if name == ""]
    _refuse_missing(found, column, "unit", empty)
    return units, _key(found, range(len(units)), len(units))


def _years(
    table: Frame, year: str | int, criteria_set: CriteriaSet
) -> tuple[np.ndarray, Key]:
    """Years in order, and that of each row; each distinct one is checked."""
    if isinstance(year, int | np.integer) and not isinstance(year, bool):
        criteria_set.day(int(year))
        one = constant(table.rows)
        return np.array([year], np.int32), one
    if not isinstance(year, str):
        raise NrdTypeError(f"year is {year!r}, expected a year or the name of a column")
    found = table.codes(year)
    years = []
    for value, row in zip(found.keys, found.first.tolist(), strict=True):
        try:
            years.append(int(name_of(value)))
            criteria_set.day(years[-1])
        except NrdError as error:
            raise NrdValueError(f"column {year!r}, row {row}: {error}", row=row) from None
        except ValueError:
            raise NrdValueError(
                f"column {year!r}, row {row}: found {value!r}, expected a year", row=row
            ) from None
    _refuse_missing(found, year, "year")
    known = np.unique(np.array(years, np.int32))
    return known, _key(found, np.searchsorted(known, years), len(known))


def _refuse_missing(
    found: Codes, column: str, what: str, empty: Sequence[int] = ()
) -> None:
    rows = [row for row in (found.missing, *empty) if row >= 0]
    if rows:
        row = min(rows)
        raise NrdValueError(f"column {column!r}, row {row}: the {what} is missing", row=row)


def _places(
    table: Frame,
    region: str | Mapping[str, str] | None,
    criteria_set: CriteriaSet,
    units: list[str],
) -> tuple[Key | None, np.ndarray]:
    """Indices of places: one more than those of the set, of rows or of units."""
    known = (*criteria_set.places, "general")
    if isinstance(region, Mapping):
        return None, np.array(_places_of(region, criteria_set, units), np.int32)
    if region is None and criteria_set.places:
        raise NrdValueError(
            f"assess: no region is given, and the levels of {criteria_set.id} differ; "
            f"expected one of {', '.join(known)}, a column, or a mapping from units"
        )
    if region is not None and not isinstance(region, str):
        raise NrdTypeError(
            f"region is {region!r}, expected a region, a column, or a mapping from units"
        )
    if region not in table.columns:
        place = -1 if region is None else criteria_set.place(region)
        return None, np.full(len(units), place, np.int32)
    found = table.codes(region)
    _refuse_missing(found, region, "region")
    for value, row in zip(found.keys, found.first.tolist(), strict=True):
        if name_of(value) not in known:
            raise NrdKeyError(
                f"column {region!r}, row {row}: found {value!r}, expected one of "
                f"{', '.join(known)}",
                row=row,
            )
    places = [known.index(name_of(value)) for value in found.keys]
    return _key(found, places, len(known)), np.arange(0)


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


def _wide(
    table: Frame, criteria_set: CriteriaSet, names: Names, rows: _Rows
) -> Measurements:
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
        columns.append(numbers_of(table, item.code, item.rule == "met"))
    unit, year, place = rows.at(slice(None))
    _refuse_twice(unit.astype(np.int64) * 100_000 + year, rows)
    return Measurements(
        rows.units, unit, year, place, columns, lambda item, row: row, table.kind
    )


def _refuse_twice(key: np.ndarray, rows: _Rows) -> None:
    """Refuse a unit and year given twice; both rows are named, the first such pair."""
    _, first = np.unique(key, return_index=True)
    if len(first) < len(key):
        again = np.ones(len(key), bool)
        again[first] = False
        row = int(np.argmax(again))
        raise _twice(row, int(np.argmax(rows.like(row))), rows.name(row))


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
    table: Frame, criteria_set: CriteriaSet, names: Names, rows: _Rows
) -> Measurements:
    """Values of a table with one row a value: rows are put in the order they begin."""
    table.require(names.value)
    items, item = _items(table, criteria_set, names)
    numbers = plain_numbers(table, names.value)
    words = numbers is None
    if words:
        is_state = [criteria_set.items[i].rule == "met" for i in items]
        numbers = of_words(table, names.value, is_state, item)

    def like(row: int, place: int) -> int:
        """First row of an item at the unit and year of a row."""
        return int(np.argmax(rows.like(row) & (item.at() == items.index(place))))

    try:
        first, values = spread(
            Long(rows.unit, rows.when, item, rows.place, numbers, words), "assess"
        )
    except NrdError as error:
        if error.row is None:
            raise
        if error.status == "NRD_E_DOMAIN":
            raise infinite(names.value, error.row, numbers) from None
        if error.status == "NRD_E_CONFLICT":
            raise _astray(error.row, rows) from None
        place = items[item.at([error.row])[0]]
        code = criteria_set.items[place].code
        raise _twice(
            error.row, like(error.row, place), f"{rows.name(error.row)}, indicator {code}"
        ) from None
    columns: list[np.ndarray | None] = [None] * len(criteria_set.items)
    for place, column in zip(items, values, strict=True):
        columns[place] = column
    return Measurements(
        rows.units,
        *rows.at(first),
        columns,
        lambda place, row: like(int(first[row]), place),
        table.kind,
    )


def _astray(row: int, rows: _Rows) -> NrdValueError:
    unit = rows.units[rows.unit.at([row])[0]]
    return NrdValueError(
        f"row {row}: unit {unit!r} is in another region than in row "
        f"{int(np.argmax(rows.like(row)))}, in the same year",
        row=row,
    )


def _twice(row: int, first: int, name: str) -> NrdValueError:
    return NrdValueError(f"row {row}: {name} is given twice, first in row {first}", row=row)


def _items(table: Frame, criteria_set: CriteriaSet, names: Names) -> tuple[list[int], Key]:
    """Items that are measured and that of each row; units of measure are checked."""
    found = table.codes(names.indicator)
    _refuse_missing(found, names.indicator, "indicator")
    places = []
    for value, row in zip(found.keys, found.first.tolist(), strict=True):
        where = f"column {names.indicator!r}, row {row}"
        places.append(_measured(criteria_set, name_of(value), where, row))
    items = sorted(set(places))
    item = _key(found, [items.index(place) for place in places], len(items))
    if isinstance(names.measure, str):
        _check_measures(table, criteria_set, names.measure, items, item)
    return items, item


def _check_stated(criteria_set: CriteriaSet, measures: Mapping[str, str]) -> None:
    """Hold units of measure that are stated by indicator against those of the set."""
    for code, measure in measures.items():
        item = criteria_set.item(str(code))
        if measure != item.unit:
            raise NrdValueError(
                f"measure: indicator {code} is in {measure!r}, expected {item.unit!r}"
            )


def _check_measures(
    table: Frame, criteria_set: CriteriaSet, column: str, items: list[int], item: Key
) -> None:
    found = table.codes(column)
    _refuse_missing(found, column, "unit of measure")
    n = len(found.keys)
    pairs = item.at() * np.int32(n) + _key(found, range(n), n).at()
    first = first_rows(pairs, len(items) * n)[1:]
    for pair in np.argsort(first):
        row, asked = int(first[pair]), criteria_set.items[items[pair // n]]
        text = name_of(found.keys[pair % n])
        if row < table.rows and text != asked.unit:
            raise NrdValueError(
                f"column {column!r}, row {row}: found {text!r}, expected "
                f"{asked.unit!r}, the unit of indicator {asked.code}",
                row=row,
            )


def listed_units(units: Iterable[str], known: list[str], what: str) -> np.ndarray:
    """Places of the units listed among those known, as a mask."""
    listed = {str(name) for name in units}
    for name in sorted(listed - set(known)):
        raise NrdKeyError(f"{what}: there is no unit {name!r} among the measurements")
    return np.array([name in listed for name in known], bool)
