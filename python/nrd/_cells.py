"""Reading the cells of an attainment table: status words, codes, duplicates."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from numbers import Integral

import numpy as np

from ._core.attainment import MET, UNKNOWN, UNMET
from ._frames import Frame, first_row, name_of, names_of, recode
from .criteria import CriteriaSet
from .errors import NrdError, NrdKeyError, NrdTypeError, NrdValueError

_WORDS = {
    MET: ("met", "true", "1", "yes", "x", "đạt", "dat"),
    UNMET: (
        "unmet",
        "not met",
        "false",
        "0",
        "no",
        "chưa đạt",
        "chua dat",
        "không đạt",
        "khong dat",
    ),
    UNKNOWN: ("unknown", "?", "chưa rõ", "chua ro", "không rõ", "khong ro"),
}
_STATES = {word: state for state, words in _WORDS.items() for word in words}
NAMES = {MET: "met", UNMET: "unmet", UNKNOWN: "unknown"}
_BLANK = {"unmet": UNMET, "unknown": UNKNOWN}


def status_of(value: object) -> int | None:
    """State that a status word stands for; None where it is blank.

    Raises
    ------
    NrdValueError
        If the word is not understood; the message lists the accepted ones.
    """
    if isinstance(value, float | np.floating) and value.is_integer():
        value = int(value)
    word = " ".join(unicodedata.normalize("NFC", str(value)).casefold().split())
    if word == "":
        return None
    if word not in _STATES:
        accepted = "; ".join(f"{NAMES[s]}: {', '.join(w)}" for s, w in _WORDS.items())
        raise NrdValueError(
            f"status {value!r} is not understood, expected {accepted}, or blank"
        )
    return _STATES[word]


def meaning(
    words: list, codes: np.ndarray, blank: str | None, column: str
) -> tuple[list[int], int]:
    """State of each distinct word, and of a missing one."""
    if blank is not None and blank not in _BLANK:
        raise NrdValueError(f"blank is {blank!r}, expected 'unmet' or 'unknown'")
    states: list[int | None] = []
    for code, word in enumerate(words):
        try:
            states.append(status_of(word))
        except NrdValueError as error:
            row = first_row(codes, code)
            raise NrdValueError(f"column {column!r}, row {row}: {error}", row=row) from None
    ticks = {str(w).strip().casefold() for w in words} - {""} == {"x"}
    missing = _BLANK[blank] if blank else (UNMET if ticks else UNKNOWN)
    return [missing if state is None else state for state in states], missing


def wide_states(table: Frame, columns: list[str], blank: str | None) -> np.ndarray:
    """States column after column.

    The notation is that of the whole sheet: a column of blanks only is a column of crosses
    not given where the others hold crosses.
    """
    encoded = [table.encode(name) for name in columns]
    if blank is None:
        words = {str(w).strip().casefold() for found, _ in encoded for w in found} - {""}
        blank = "unmet" if words == {"x"} else "unknown"
    parts = [
        recode(codes, *meaning(words, codes, blank, name))
        for name, (words, codes) in zip(columns, encoded, strict=True)
    ]
    return np.concatenate(parts) if parts else np.empty(0, np.int32)


def index(
    table: Frame, column: str, listed: list[str] | None, what: str, of_set: str
) -> tuple[list[str], np.ndarray]:
    """Codes of a column and the place of each row among them, or among those listed."""
    values, codes = table.encode(column)
    names = names_of(values, what)
    codes = recode(codes, [-1 if name == "" else i for i, name in enumerate(names)], -1)
    if np.any(codes < 0):
        row = first_row(codes, -1)
        raise NrdValueError(f"column {column!r}, row {row}: the {what} is missing", row=row)
    if listed is None:
        return names, codes
    place = {code: i for i, code in enumerate(listed)}
    for code, name in enumerate(names):
        if name not in place:
            row = first_row(codes, code)
            raise NrdKeyError(
                f"column {column!r}, row {row}: {what} {name!r} is not in the set{of_set}; "
                f"it has {', '.join(listed)}",
                row=row,
            )
    return listed, recode(codes, [place[name] for name in names], -1)


def given_twice(error: NrdError, cells, units: list[str], criteria: list[str]) -> NrdError:
    """Name both rows and the cell of a duplicate; the C library knows only its indices."""
    if error.status != "NRD_E_DUPLICATE":
        return error
    unit, criterion, _ = cells
    row = error.row
    first = int(np.argmax((unit == unit[row]) & (criterion == criterion[row])))
    return NrdValueError(
        f"row {row}: unit {units[unit[row]]!r} and criterion "
        f"{criteria[criterion[row]]!r} are given twice, first in row {first}",
        status=error.status,
        row=row,
    )


def unit_column(values: list) -> list[str]:
    """Codes of a column of units, each of which must be there and stand once."""
    seen: dict[str, int] = {}
    for row, value in enumerate(values):
        code = "" if value is None else name_of(value)
        if code == "":
            raise NrdValueError(f"row {row}: the unit is missing", row=row)
        if code in seen:
            raise NrdValueError(
                f"row {row}: unit {code!r} occurs twice, first in row {seen[code]}", row=row
            )
        seen[code] = row
    return list(seen)


def numbered(units: Integral) -> list[str]:
    """Codes of units that have no names: their numbers from 1."""
    if units < 0:
        raise NrdValueError(f"units is {units}, expected 0 or more")
    return [str(i + 1) for i in range(int(units))]


def total_range(code: object, total: object, units: int) -> tuple[int, int]:
    """Least and greatest number of units that a stated total allows."""
    ends = total if isinstance(total, tuple) else (total, total)
    if len(ends) != 2 or not all(isinstance(n, Integral) and n >= 0 for n in ends):
        raise NrdValueError(
            f"criterion {code}: the total is {total!r}, expected a whole number, or two"
        )
    low, high = (int(n) for n in ends)
    if high > units:
        raise NrdValueError(
            f"criterion {code}: the total is {high}, expected at most the {units} units"
        )
    return low, high


def array_columns(
    values: np.ndarray, units: Iterable[str] | None, criteria: list[str] | None
):
    """A two-dimensional array as columns."""
    if values.ndim != 2:
        raise NrdTypeError(f"from_wide: the array has {values.ndim} dimensions, expected 2")
    rows = [str(i + 1) for i in range(values.shape[0])] if units is None else list(units)
    names = criteria or [str(i + 1) for i in range(values.shape[1])]
    if (len(rows), len(names)) != values.shape:
        raise NrdValueError(
            f"from_wide: the array has shape {values.shape}, but there are "
            f"{len(rows)} units and {len(names)} criteria"
        )
    columns = {name: values[:, i].tolist() for i, name in enumerate(names)}
    return {"unit": rows, **columns}, "unit", names


def listed(units: Iterable[str] | Mapping[str, str] | None):
    if units is None:
        return None, None
    codes = [str(code) for code in units]
    refuse_listed_twice(codes, "unit")
    return codes, dict(units) if isinstance(units, Mapping) else None


def listed_criteria(criteria: Iterable[str] | CriteriaSet | None):
    if isinstance(criteria, CriteriaSet):
        return list(criteria.codes), criteria
    if criteria is None:
        return None, None
    codes = [str(code) for code in criteria]
    refuse_listed_twice(codes, "criterion")
    return codes, None


def refuse_listed_twice(codes: list[str], what: str) -> None:
    if len(set(codes)) < len(codes):
        doubled = next(code for i, code in enumerate(codes) if code in codes[:i])
        raise NrdValueError(f"{what} {doubled!r} is listed twice")


def of_set(criteria_set: CriteriaSet | None) -> str:
    return f" {criteria_set.id}" if criteria_set else ""
