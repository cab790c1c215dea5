"""From measured values to met and not met: indicators, criteria, the whole set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from ._assessment import Assessment, Decision
from ._below import Below, refer
from ._core.assess import NEAR, UNKNOWN, UNMET, Decisions, Rows, find_impossible
from ._core.assess import assess as decide
from ._measurements import Measurements, Names, listed_units, read
from ._result import Provenance
from .criteria import CriteriaSet
from .errors import NrdError, NrdKeyError, NrdTypeError, NrdValueError

__all__ = ["Assessment", "Decision", "assess"]


def assess(
    measurements: Any,
    criteria_set: CriteriaSet,
    *,
    year: str | int = "year",
    region: str | Mapping[str, str] | None = None,
    unit: str = "unit",
    indicator: str = "indicator",
    value: str = "value",
    measure: str | Mapping[str, str] | None = None,
    especially_difficult: Iterable[str] = (),
    tolerance: Mapping[str, float] | float | None = None,
    as_of: str | None = None,
    results: Mapping[str, Any] | Sequence[Assessment] = (),
    parents: Mapping[str, str] | None = None,
) -> Assessment:
    """Hold measured values against a criteria set: indicators, criteria, the whole set.

    Decisions know three states. An indicator is met if its value reaches the level of the
    region and year, and unknown if the value is missing or nobody has verified the level.
    A criterion is unmet if one of its indicators is, met if all are and the set lists them
    all, and else unknown; the set likewise over criteria and conditions. Values are
    compared as printed decimals: 59.9 is below 60, and 0.1 + 0.2 is 0.3.

    Parameters
    ----------
    measurements : data frame or mapping of columns
        One row a unit, year and indicator, with the columns `unit`, `year`, `indicator` and
        `value`; or one row a unit and year with a column for each indicator. Values are
        numbers, or words for what is met or not; ``n/a`` where an indicator of the kind "if
        there is one" does not apply.
    criteria_set : CriteriaSet
        The set, national or with a province's levels.
    year : str or int, optional
        Column of the years, or the one year of all rows; in the period of the set.
    region : str or mapping of str to str, optional
        Region (or group of communes) of all rows, a column, or the region of each unit.
        Needed where the levels of the set differ; ``"general"`` takes the general levels.
    unit, indicator, value : str, optional
        Names of columns.
    measure : str or mapping of str to str, optional
        Column with the unit of measure of each value, or the unit of each indicator, held
        against that of the set.
    especially_difficult : iterable of str, optional
        Units judged by the special rule of the set, by the levels of another region.
    tolerance : float or mapping of str to float, optional
        Distance up to which an unmet indicator is marked as near, never counted as met: by
        code of the indicator or by unit of measure, in that unit; a number holds for
        indicators in %.
    as_of : str, optional
        Day on which the year is judged, for amendments within it; by default its last.
    results : sequence of Assessment, or mapping of str to Assessment or to states, optional
        Results of other sets (by id) that indicators refer to: of the same units
        ("recognised at the advanced tier"), or of the units below (share of communes at the
        standard). States are a mapping from units to True, False or None.
    parents : mapping of str to str, optional
        The unit here that each unit below belongs to.

    Returns
    -------
    Assessment

    Raises
    ------
    NrdKeyError
        If a column, an indicator, a unit or a region does not exist.
    NrdValueError
        If a year is outside the period, a value is impossible for its unit of measure or
        given twice, or an indicator is both measured and referred to; the message names the
        row, counted from 0.
    NrdTypeError
        If an argument is of another kind than said above.

    Examples
    --------
    >>> import nrd
    >>> standard = nrd.criteria_set("vn-318-2022-commune-standard")
    >>> sheet = {"unit": ["A", "B", "C"], "15.2": ["met"] * 3, "15.3": [16.4, 16.6, 21.0]}
    >>> found = nrd.assess(
    ...     sheet, standard, year=2024, region="red_river_delta", tolerance=0.5
    ... )
    >>> [found.decision(name, "15.3").state for name in "ABC"]
    ['met', 'near', 'unmet']
    >>> found.criterion("A", "15")
    'unknown'
    """
    if not isinstance(criteria_set, CriteriaSet):
        raise NrdTypeError(
            f"criteria_set is {criteria_set!r}, expected a CriteriaSet as "
            "nrd.criteria_set(id) gives it"
        )
    names = Names(unit, year, indicator, value, measure, region)
    held = read(measurements, criteria_set, names)
    special = _apply_special(held, criteria_set, especially_difficult)
    days = {int(y): criteria_set.day(int(y), as_of) for y in np.unique(held.year)}
    below = refer(held, criteria_set, results, parents)
    near = _tolerances(criteria_set, tolerance)
    years = np.array(sorted(days), np.int32)
    rows = Rows(
        held.place,
        np.searchsorted(years, held.year),
        np.array([days[int(y)] for y in years], np.int32),
        below.low,
    )
    decisions = _decide(criteria_set, held, rows, below, near)
    given = sum(int(np.count_nonzero(v == v)) for v in held.columns if v is not None)
    cells = sum(len(v) for v in held.columns if v is not None)
    return Assessment(
        provenance=Provenance(
            method="measured values against the levels of a criteria set",
            options={
                "criteria_set": criteria_set.id,
                "region": region if isinstance(region, str) else "by unit",
                "year": year,
                "as_of": as_of,
                "tolerance": tolerance,
                "especially_difficult": special,
            },
            used=given,
            dropped=cells - given,
            assumptions=_assumptions(criteria_set, days, special),
            references=_references(criteria_set),
        ),
        kind=held.kind,
        criteria_set=criteria_set,
        unit_names=tuple(held.units),
        unit=held.unit,
        year=held.year,
        place=held.place,
        days=days,
        values=tuple(below.low),
        items=decisions.items,
        criteria=decisions.criteria,
        states=decisions.units,
    )


def _apply_special(
    held: Measurements, criteria_set: CriteriaSet, units: Iterable[str]
) -> list[str]:
    """Give the units of the special rule the place that it names."""
    if isinstance(units, str) or not isinstance(units, Iterable):
        raise NrdTypeError(f"especially_difficult is {units!r}, expected a list of units")
    units = list(units)
    if not units:
        return []
    rules = criteria_set.content.get("special_rules") or ()
    if not rules:
        raise NrdValueError(
            f"especially_difficult: the set {criteria_set.id} has no rule for such units"
        )
    mask = listed_units(units, held.units, "especially_difficult")
    place = criteria_set.place(rules[0]["apply_region"])
    held.place = np.where(mask[held.unit], np.int32(place), held.place)
    return sorted(map(str, units))


def _tolerances(
    criteria_set: CriteriaSet, tolerance: Mapping[str, float] | float | None
) -> np.ndarray:
    """Tolerance of each item in its own unit."""
    given = tolerance if isinstance(tolerance, Mapping) else {"%": tolerance or 0.0}
    known = {item.code for item in criteria_set.items}
    known |= {item.unit for item in criteria_set.items} | {"%"}
    for key, width in given.items():
        if key not in known:
            raise NrdKeyError(
                f"tolerance: {key!r} is neither an indicator nor a unit of measure of "
                f"the set {criteria_set.id}"
            )
        number = isinstance(width, int | float) and not isinstance(width, bool)
        if not (number and 0 <= width < np.inf):
            raise NrdValueError(f"tolerance of {key}: found {width!r}, expected 0 or more")
    return np.array(
        [
            0.0
            if item.rule == "met"
            else float(given.get(item.code, given.get(item.unit, 0.0)))
            for item in criteria_set.items
        ]
    )


def _decide(
    criteria_set: CriteriaSet,
    held: Measurements,
    rows: Rows,
    below: Below,
    near: np.ndarray,
) -> Decisions:
    """Decide with the least and the greatest shares; where they differ, nobody knows."""
    document = criteria_set._document()
    try:
        low = decide(document, rows, near)
    except NrdError as error:
        raise _impossible(criteria_set, held, rows) or _named(held, error) from None
    if below.high is below.low:
        return low
    high = decide(document, rows._replace(values=below.high), near)
    return Decisions(*(_both(a, b) for a, b in zip(low, high, strict=True)))


def _both(low: np.ndarray, high: np.ndarray) -> np.ndarray:
    unmet = ((low == UNMET) | (low == NEAR)) & ((high == UNMET) | (high == NEAR))
    open_ = np.where(unmet, np.int8(UNMET), np.int8(UNKNOWN))
    return np.where(low == high, low, open_).astype(np.int8)


def _impossible(
    criteria_set: CriteriaSet, held: Measurements, rows: Rows
) -> NrdValueError | None:
    """Name the row of the caller's table, which the C library does not know."""
    found = find_impossible(criteria_set._document(), rows)
    if found is None:
        return None
    item, error = found
    row = held.row(item, error.row)
    unit = held.units[held.unit[error.row]]
    said = str(error).split(": ", 1)[1]
    return NrdValueError(f"row {row}, unit {unit!r}: {said}", status=error.status, row=row)


def _named(held: Measurements, error: NrdError) -> NrdError:
    """Name unit and year of a row that contradicts itself."""
    if error.row is None:
        return error
    unit, year = held.units[held.unit[error.row]], held.year[error.row]
    said = str(error).split(": ", 1)[1]
    return NrdValueError(f"unit {unit!r}, year {year}: {said}", status=error.status)


def _assumptions(
    criteria_set: CriteriaSet, days: Mapping[int, int], special: list[str]
) -> tuple[str, ...]:
    out = []
    last = max(days.values(), default=0)
    for amendment in criteria_set.content.get("amended_by") or ():
        since = int(amendment.get("effective", amendment["date"]).replace("-", ""))
        if amendment.get("indicator_level_changes") is None and last >= since:
            out.append(
                f"Levels are those before {amendment['decision']} of {amendment['date']}: "
                "nobody has verified which of them it changed."
            )
    if special:
        rule = criteria_set.content["special_rules"][0]
        out.append(
            f"{len(special)} especially difficult units are judged by the levels of "
            f"{rule['apply_region']}."
        )
    return tuple(out)


def _references(criteria_set: CriteriaSet) -> tuple[str, ...]:
    """The decisions whose levels were used: the national one, and a province's own."""
    content = criteria_set.content
    own = [
        indicator["decision"]
        for criterion in content["criteria"]
        for indicator in criterion["indicators"]
        if "decision" in indicator
    ]
    return tuple(dict.fromkeys([f"{content['decision']} of {content['date']}", *own]))
