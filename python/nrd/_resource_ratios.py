"""Tables made of sums of resources: totals, shares, quotients, plans, concentration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ._core.inequality import measure
from ._late import or_none
from ._resource_rows import Rows
from ._resource_sums import difference, groups, sums
from .errors import NrdKeyError, NrdValueError

# Who gives, for the sources as Viet Nam's reports name them.
_STATE = ("state", "central", "local", "province", "district", "commune", "integrated")
_CLASSES = {
    **dict.fromkeys(_STATE, "state"),
    "credit": "credit",
    "enterprise": "enterprise",
    **dict.fromkeys(("people", "land", "labour"), "community"),
}


def total(rows: Rows, by: Sequence[str], where: str = "total") -> dict[str, list]:
    """Exact sums, how many amounts are in them, and how far print can be off."""
    first, group = groups(rows, by, where)
    half = rows.decimals + 1 if 0 <= rows.decimals < 9 else -1
    return {
        **_keys(rows, by, first),
        "amount": sums(rows.amount, group, len(first), rows.decimals).tolist(),
        "measure": rows.labels["measure"].take(first).listed(),
        "n": np.bincount(group, minlength=len(first)).tolist(),
        "rounding": sums(rows.half, group, len(first), half).tolist(),
    }


def shares(rows: Rows, within: Sequence[str]) -> dict[str, list]:
    """Share of each source in the sum of all."""
    all_of, whole = groups(rows, within, "shares")
    first, group = groups(rows, (*within, "source"), "shares")
    amount = sums(rows.amount, group, len(first), rows.decimals)
    of = sums(rows.amount, whole, len(all_of), rows.decimals)[whole[first]]
    return {
        **_keys(rows, (*within, "source"), first),
        "amount": amount.tolist(),
        "measure": rows.labels["measure"].take(first).listed(),
        "share": or_none(_ratio(amount, of)),
    }


def per(
    rows: Rows, denominator: Mapping[str, float], name: str, by: Sequence[str]
) -> dict[str, list]:
    """Sums divided by a number of each unit, or the reason why there is none."""
    if "unit" not in by:
        raise NrdValueError(f"per: by is {tuple(by)}, expected 'unit' among them")
    made = total(rows, by, "per")
    numbers = {str(key): value for key, value in denominator.items()}
    divisors, reasons = [], []
    for unit in made["unit"]:
        value = numbers.get(unit)
        missing = value is None or value != value
        usable = not missing and value > 0
        divisors.append(float(value) if usable else np.nan)
        said = "is missing" if missing else f"is {value}, expected more than 0"
        reasons.append(None if usable else f"the number of unit {unit} {said}")
    quotient = _ratio(np.array(made["amount"]), np.array(divisors))
    return {**made, f"per_{name}": or_none(quotient), "reason": reasons}


def leverage(
    rows: Rows, of: str, on: str, classes: Mapping[str, str], by: Sequence[str]
) -> dict[str, list]:
    """What one class of sources gave for each unit of another."""
    known = {**_CLASSES, **classes}
    source = rows.labels["source"]
    for name in source.present():
        if name not in known:
            raise NrdKeyError(
                f"leverage: source {name!r} has no class, expected it in `classes`"
            )
    kind = np.array([known.get(name) for name in source.names], object)[source.codes]
    both = np.flatnonzero((kind == of) | (kind == on))
    if not len(both):
        raise NrdValueError(f"leverage: there is no amount of {of} or {on}")
    rows, kind = rows.take(both), kind[both]
    first, group = groups(rows, by, "leverage")
    above, below = (_of(rows, group, len(first), kind == name) for name in (of, on))
    return {
        **_keys(rows, by, first),
        of: or_none(above),
        on: or_none(below),
        "measure": rows.labels["measure"].take(first).listed(),
        "ratio": or_none(_ratio(above, below)),
    }


def against_plan(rows: Rows, by: Sequence[str], plan: str, actual: str) -> dict[str, list]:
    """Planned and reached sums side by side; None where one is not there."""
    first, group = groups(rows, (*by, "basis"), "against_plan")
    amount = sums(rows.amount, group, len(first), rows.decimals)
    held, place = rows.take(first).code(by)
    basis = rows.labels["basis"].take(first)
    sides = np.full((2, len(held)), np.nan)
    for side, name in zip(sides, (plan, actual), strict=True):
        if name not in basis.names:
            raise NrdKeyError(
                f"against_plan: there is no basis {name!r}, expected one of "
                f"{', '.join(map(repr, basis.names))}"
            )
        here = basis.codes == basis.names.index(name)
        side[place[here]] = amount[here]
    return {
        **_keys(rows, by, first[held]),
        plan: or_none(sides[0]),
        actual: or_none(sides[1]),
        "measure": rows.labels["measure"].take(first[held]).listed(),
        "difference": or_none(difference(sides[1], sides[0], rows.decimals)),
        "percent": or_none(100 * _ratio(sides[1], sides[0])),
    }


def concentration(rows: Rows, within: Sequence[str]) -> dict[str, list]:
    """How unequally units share an amount."""
    first, group = groups(rows, ("unit", *within), "concentration")
    amount = sums(rows.amount, group, len(first), rows.decimals)
    held, place = rows.take(first).code(within)
    order = np.argsort(place, kind="stable")
    starts = np.append(0, np.cumsum(np.bincount(place, minlength=len(held))))
    found = measure(amount[order], None, starts, "concentration")
    return {
        **_keys(rows, within, first[held]),
        "units": found["rows"].tolist(),
        "amount": found["total"].tolist(),
        "measure": rows.labels["measure"].take(first[held]).listed(),
        **{name: or_none(found[name]) for name in ("gini", "herfindahl", "largest")},
    }


def _keys(rows: Rows, by: Sequence[str], first: np.ndarray) -> dict[str, list]:
    return {name: rows.labels[name].take(first).listed() for name in by}


def _of(rows: Rows, group: np.ndarray, count: int, some: np.ndarray) -> np.ndarray:
    """Sums of some rows; NaN where there are none: what is not printed is not zero."""
    found = sums(rows.amount[some], group[some], count, rows.decimals)
    found[np.bincount(group[some], minlength=count) == 0] = np.nan
    return found


def _ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """Quotients; NaN where there is nothing to divide by."""
    out = np.full(len(below), np.nan)
    return np.divide(above, below, out=out, where=below > 0)
