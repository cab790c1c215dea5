"""What the data set of the programme says about one unit over the years."""

from __future__ import annotations

import calendar
from datetime import date
from typing import NamedTuple

from .criteria import criteria_set
from .dataset import Dataset
from .errors import NrdKeyError, NrdValueError

# The criteria of communes, in the order of their decisions.
STANDARDS = (
    "vn-491-2009-commune-standard",
    "vn-1980-2016-commune-standard",
    "vn-318-2022-commune-standard",
    "vn-51-2025-commune-standard",
)


class Mean(NamedTuple):
    """Mean number of criteria met per commune in a stretch of years."""

    begin: float
    end: float
    value: float
    printed: str
    derived: bool


def means(dataset: Dataset, unit: str) -> list[Mean]:
    """Means of a unit in the order of their dates.

    Raises
    ------
    NrdKeyError
        If the data set has no such table or unit.
    NrdValueError
        If no mean is known for the unit.
    """
    unit_name(dataset, unit)
    table = dataset.require("progress")
    values = dataset.numbers("progress", "avg_criteria")
    found = [
        Mean(
            *stretch(row["as_of"]),
            value,
            row["avg_criteria"],
            "avg_criteria" in (row["derived"] or "").split(),
        )
        for row, value in zip(table.rows(), values, strict=True)
        if row["unit_code"] == unit and value is not None
    ]
    if not found:
        raise NrdValueError(f"{dataset.id}: no mean is known for the unit {unit!r}")
    return sorted(found)


def unit_name(dataset: Dataset, unit: str, language: str = "vi") -> str:
    """Name of a unit; a province has its Vietnamese one in any language.

    Raises
    ------
    NrdKeyError
        If there is no such unit.
    """
    for row in dataset.require("units").rows():
        if row["code"] == unit:
            english = language == "en" and row["level"] != "province"
            return row["name_en" if english else "name_vi"]
    raise NrdKeyError(f"{dataset.id}: there is no unit {unit!r} in units.csv")


def stretch(as_of: str) -> tuple[float, float]:
    """Begin and end of a printed year, month, day or period of years, in years."""
    first, *rest = as_of.split("-")
    year = int(first)
    if not rest:
        return year, year + 1
    if len(rest[0]) == 4:
        return year, int(rest[0]) + 1
    day = int(rest[1]) if len(rest) == 2 else 1
    days = 1 if len(rest) == 2 else calendar.monthrange(year, int(rest[0]))[1]
    length = 366 if calendar.isleap(year) else 365
    begin = date(year, int(rest[0]), day).timetuple().tm_yday - 1
    return year + begin / length, year + (begin + days) / length


def decisions() -> list[tuple[float, str]]:
    """When the criteria of communes were decided, in years, and the decision's number."""
    found = [criteria_set(id).about for id in STANDARDS]
    return [
        (stretch(about["date"])[0], about["decision"].replace("QD", "QĐ"))
        for about in found
    ]
