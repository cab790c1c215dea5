"""Areas that units lie in, weights they carry, and what of a table adds up over them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from numbers import Integral, Rational
from typing import Any

import numpy as np

from ._frames import Frame, is_missing
from .attainment import Attainment
from .errors import NrdKeyError, NrdTypeError, NrdValueError

WHO = "criteria_averages"
LARGEST = 2**53


@dataclass(frozen=True)
class Areas:
    """Areas of one level: their names, in the order of the units, and that of each unit."""

    level: str
    names: list[str]
    of_unit: np.ndarray


@dataclass(frozen=True)
class Weights:
    """Weights of the units as whole numbers, each of them `scale` times what was given."""

    whole: np.ndarray
    scale: int


@dataclass(frozen=True)
class Population:
    """Number of units that the sample was drawn from: of all areas, and of each."""

    everywhere: list[int | None]
    areas: list[int] | None


def read_areas(attainment: Attainment, by: Any, who: str = WHO) -> list[Areas]:
    """Read the areas of the units, level by level.

    Raises
    ------
    NrdTypeError
        If `by` is no mapping from levels to areas.
    NrdKeyError
        If an area is given for a unit that is not there.
    NrdValueError
        If a unit has no area, or there are not as many areas as units.
    """
    if by is None:
        return []
    if not isinstance(by, Mapping):
        raise NrdTypeError(
            f"{who}: by is {type(by).__name__}, expected a mapping from a level, such as "
            "'district', to the areas of the units"
        )
    found = []
    for level, areas in by.items():
        values = _each(attainment, areas, f"{who}: by {level!r}", "area")
        place: dict[str, int] = {}
        codes = [place.setdefault(str(area), len(place)) for area in values]
        found.append(Areas(str(level), list(place), np.array(codes, np.int64)))
    return found


def read_weights(attainment: Attainment, weights: Any, who: str = WHO) -> Weights | None:
    """Read the weights of the units, exactly.

    Raises
    ------
    NrdTypeError
        If a weight is not a number.
    NrdKeyError
        If a weight is given for a unit that is not there.
    NrdValueError
        If a weight is missing or negative, all are 0, or their digits are too many.
    """
    if weights is None:
        return None
    values = _each(attainment, weights, f"{who}: weights", "weight")
    exact = [
        _exact(value, unit, who)
        for value, unit in zip(values, attainment.units, strict=True)
    ]
    scale = math.lcm(*(value.denominator for value in exact))
    whole = [int(value * scale) for value in exact]
    total = sum(whole)
    if total == 0:
        raise NrdValueError(f"{who}: all weights are 0, expected one above")
    if total * max(len(attainment.criteria), 1) > LARGEST:
        raise NrdValueError(
            f"{who}: the weights add up to {total} in units of their last digit; times the "
            "criteria this is beyond 2^53, expected fewer digits"
        )
    return Weights(np.array(whole, np.int64), scale)


def read_population(
    attainment: Attainment, population: Any, areas: list[Areas], who: str = WHO
) -> Population:
    """Read what the units are a sample of.

    Raises
    ------
    NrdTypeError
        If it is no whole number, or not given by area where areas are meant.
    NrdKeyError
        If an area is not there.
    NrdValueError
        If it is smaller than the sample, or missing for an area.
    """
    if population is None:
        return Population([None], None)
    if not isinstance(population, Mapping):
        _holds(population, len(attainment.units), f"{who}: population", "all areas")
        return Population([int(population)], None)
    if len(areas) != 1:
        raise NrdTypeError(
            f"{who}: population is given by area, expected one level of areas in by, found "
            f"{len(areas)}"
        )
    level = areas[0]
    other = [area for area in population if str(area) not in level.names]
    if other:
        raise NrdKeyError(f"{who}: population: there is no area {other[0]!r}")
    given = {str(area): size for area, size in population.items()}
    sizes = np.bincount(level.of_unit, minlength=len(level.names)).tolist()
    for area, units in zip(level.names, sizes, strict=True):
        if area not in given:
            raise NrdValueError(f"{who}: population: area {area!r} has none")
        _holds(given[area], units, f"{who}: population", f"area {area!r}")
    return Population([None], [int(given[area]) for area in level.names])


def _holds(population: Any, units: int, where: str, what: str) -> None:
    if not isinstance(population, Integral):
        raise NrdTypeError(
            f"{where}: {what} has {population!r}, expected a whole number of units"
        )
    if population < units:
        raise NrdValueError(
            f"{where}: {what} has {population}, expected at least the {units} units sampled"
        )


def _each(attainment: Attainment, given: Any, where: str, what: str) -> list:
    """One value a unit, from a mapping by code or a sequence in the order of the units."""
    if isinstance(given, Mapping):
        codes = {str(code): value for code, value in given.items()}
        known = set(attainment.units)
        other = [code for code in codes if code not in known]
        if other:
            raise NrdKeyError(f"{where}: there is no unit {other[0]!r}")
        values = [codes.get(unit) for unit in attainment.units]
    elif isinstance(given, str) or not hasattr(given, "__len__"):
        raise NrdTypeError(
            f"{where}: found {given!r}, expected a mapping by unit, or one {what} a unit"
        )
    else:
        values = Frame({what: given}, where).values(what)
        if len(values) != len(attainment.units):
            raise NrdValueError(
                f"{where}: there are {len(values)} values, expected one for each of the "
                f"{len(attainment.units)} units"
            )
    for row, value in enumerate(values):
        if is_missing(value) or value == "":
            raise NrdValueError(
                f"{where}: unit {attainment.units[row]!r} has no {what}", row=row
            )
    return values


def _exact(value: Any, unit: str, who: str) -> Fraction:
    """Return a weight as it is written: 0.1 is 1/10."""
    at = f"{who}: weights: unit {unit!r} has {value!r}, expected a number, 0 or more"
    try:
        if isinstance(value, bool | np.bool_):
            raise NrdTypeError(at)
        exact = Fraction(value if isinstance(value, Rational | Decimal) else repr(value))
    except (TypeError, ValueError, OverflowError, InvalidOperation):
        raise NrdTypeError(at) from None
    if exact < 0:
        raise NrdValueError(at)
    return exact


def sums(
    attainment: Attainment, areas: np.ndarray, n_areas: int, weights: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Least and greatest weighted number of units that meet each criterion in each area.

    Tight for each area and criterion by itself, and for sums over criteria, which nothing
    ties together: a total puts as many of its open cells as it can outside the area, and
    the others where the weights are least.

    Returns
    -------
    low, high : ndarray of int64, shape (areas, criteria)
    """
    states = attainment.states()
    low, high = (ends.astype(np.int64) for ends in attainment._matrix.criterion_counts())
    met = (states == 1).sum(axis=0)
    least, most = low - met, high - met
    order = np.lexsort((weights, areas))
    return (
        _ends(states[order], areas[order], n_areas, weights[order], least, False),
        _ends(
            states[order[::-1]],
            areas[order[::-1]],
            n_areas,
            weights[order[::-1]],
            most,
            True,
        ),
    )


def _ends(
    states: np.ndarray,
    areas: np.ndarray,
    n_areas: int,
    weights: np.ndarray,
    count: np.ndarray,
    inside_first: bool,
) -> np.ndarray:
    """Weighted units met, `count` open cells of each criterion met, as rows are sorted."""
    open_cells = states == -1
    inside = by_area(open_cells, areas, n_areas)
    outside = inside.sum(axis=0) - inside
    taken = np.minimum(inside, count) if inside_first else np.maximum(count - outside, 0)
    # Place of each open cell among those of its area and criterion, from 1.
    before = np.zeros_like(inside)
    first = np.sort(np.unique(areas, return_index=True)[1])
    running = np.cumsum(open_cells, axis=0)
    before[areas[first]] = np.where(first[:, None] > 0, running[first - 1], 0)
    chosen = open_cells & (running - before[areas] <= taken[areas])
    return by_area(((states == 1) | chosen) * weights[:, None], areas, n_areas)


def by_area(values: np.ndarray, areas: np.ndarray, n_areas: int) -> np.ndarray:
    """Sum whole numbers by area, column by column."""
    out = np.zeros((n_areas, values.shape[1]), np.int64)
    np.add.at(out, areas, values)
    return out


def ratio(numerator: int, denominator: int) -> float | None:
    """The double nearest to a quotient; None of nothing."""
    return float(Fraction(int(numerator), int(denominator))) if denominator else None
