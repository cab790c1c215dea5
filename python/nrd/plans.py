"""The cheapest way to a target: which criteria to close so that enough units get there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from . import _judged, _targets
from ._core.attainment import UNKNOWN, UNMET
from ._result import Columns, Provenance, Result, plain, records
from ._solver import Program, Rows
from .errors import NrdKeyError, NrdTypeError
from .gaps import attainment_of

if TYPE_CHECKING:
    from ._assessment import Assessment
    from .attainment import Attainment
    from .criteria import CriteriaSet

CASES = ("best", "worst")
# Up to so many criteria all sets of them are gone through, in a second at most.
_LISTED = 20
_SOLVER = "Q. Huangfu, J. A. J. Hall, Math. Prog. Comp. 10 (2018) 119-142"


@dataclass(frozen=True, eq=False, repr=False)
class ClosurePlan(Result):
    """Criteria to close so that a target number of units meets all criteria.

    Attributes
    ----------
    target : int
        Units that are to meet all criteria.
    units : int
        Number of units.
    criteria : dict of tuple of str
        By case, "best" and "worst": the criteria to close, in the order of the set.
    closed : dict of tuple of str
        By case: the units that get there by it, those that need nothing left out.
    reached : dict of int
        By case: units that then meet all criteria.
    cost : dict of Fraction
        By case: what the plan costs, exactly.
    criteria_set : CriteriaSet or None
        The official set, where one was given.
    """

    target: int
    units: int
    criteria: Mapping[str, tuple[str, ...]]
    closed: Mapping[str, tuple[str, ...]]
    reached: Mapping[str, int]
    cost: Mapping[str, Fraction]
    criteria_set: CriteriaSet | None

    @property
    def by_case(self) -> Columns:
        """One row a case."""
        return {
            "case": list(CASES),
            "criteria": [list(self.criteria[case]) for case in CASES],
            "units": [self.reached[case] for case in CASES],
            "cost": [float(self.cost[case]) for case in CASES],
        }

    @property
    def table(self) -> Any:
        """One row a case, codes joined by blanks, in the caller's kind of frame."""
        found = self.by_case
        joined = [" ".join(codes) for codes in found["criteria"]]
        return self.kind.build({**found, "criteria": joined})

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain Python values; an exact cost as a quotient in text."""
        return {
            "provenance": plain(self.provenance),
            "target": self.target,
            "units": self.units,
            "by_case": records(self.by_case),
            "closed": plain(self.closed),
            "exact_cost": {case: str(cost) for case, cost in self.cost.items()},
        }

    def report(self, language: str = "en") -> list:
        """Return the titled tables that `summary` shows."""
        from . import _sections_gaps

        return _sections_gaps.plan(self, language)


class _Costs(NamedTuple):
    """Whole costs in one decimal unit: of criteria once, and of each unit and criterion."""

    once: list[int]
    each: np.ndarray | None
    unit: int


def cheapest_plan(
    attainment: Attainment | Assessment,
    *,
    units: int | None = None,
    share: float | None = None,
    costs: Mapping[str, float] | None = None,
    unit_costs: Mapping[str, float | Mapping[str, float]] | None = None,
    year: int | None = None,
) -> ClosurePlan:
    """Find the cheapest criteria to close so that enough units meet all criteria.

    A unit gets there when every criterion that it misses is closed. Which criteria that
    takes at least is a covering problem; it is solved to the proven optimum. Up to 20
    criteria without costs of units all sets are gone through; else a solver is needed.

    Parameters
    ----------
    attainment : Attainment or Assessment
        Units x criteria, at least one unit. Conditions of a whole set are left out.
    units, share : int, float, optional
        The target, one of the two: units that are to meet all criteria, or their share.
    costs : mapping of str to number, optional
        Cost of closing each criterion, paid once for all units, 0 or more, as the decimal
        that is written. By default 1 each, so that the fewest criteria are found; with
        `unit_costs` 0 each.
    unit_costs : mapping of str to number, or to a mapping of units to numbers, optional
        Cost of closing each criterion in a unit that misses it and is to get there.
    year : int, optional
        Year of an assessment that has several.

    Returns
    -------
    ClosurePlan
        One of the cheapest, if there are several. A target that is reached already costs
        nothing.

    Raises
    ------
    NrdTypeError
        If `attainment` is neither, or costs are no mapping.
    NrdKeyError
        If a criterion or a unit does not exist, or has no cost.
    NrdValueError
        If there is not one target, it exceeds the number of units, or a cost is below 0.
    NrdError
        If the solver is needed and highspy is not installed
        (``pip install 'nrd[solver]'``).

    Notes
    -----
    In the best case what is unknown is met, in the worst it is not: the cost lies between
    those of the two cases, and the plan of the worst case is enough in any.

    References
    ----------
    .. [1] Q. Huangfu and J. A. J. Hall, "Parallelizing the dual revised simplex method",
       Mathematical Programming Computation 10 (2018), 119-142.

    Examples
    --------
    >>> import nrd
    >>> sheet = {"commune": ["A", "B", "C"], "roads": ["", "", "x"]}
    >>> sheet |= {"water": ["", "x", "x"], "power": ["x", "x", ""]}
    >>> cells = nrd.Attainment.from_wide(sheet)
    >>> costs = {"roads": 2.5, "water": 1, "power": 3}
    >>> plan = nrd.cheapest_plan(cells, units=2, costs=costs)
    >>> plan.criteria["worst"], float(plan.cost["worst"])
    (('roads', 'water'), 3.5)
    """
    found = attainment_of(attainment, "cheapest_plan", year)
    found.require_cells("cheapest_plan")
    n = len(found.units)
    target = _targets.wanted("cheapest_plan", units, share, None, (n, 0))
    price = _costs(found, costs, unit_costs)
    states = found.states()
    missing = {"best": states == UNMET, "worst": (states == UNMET) | (states == UNKNOWN)}
    worst = _solve(found, missing["worst"], target, price)
    known = np.array_equal(*missing.values())
    best = worst if known else _solve(found, missing["best"], target, price)
    solved = {"best": best, "worst": worst}
    parts = {name: {c: solved[c][k] for c in CASES} for k, name in enumerate(_PARTS)}
    return ClosurePlan(
        provenance=Provenance(
            method="cheapest criteria to close, an exact covering problem",
            options={
                "units": units,
                "share": share,
                "costs": costs,
                "unit_costs": unit_costs is not None,
            },
            used=found.used,
            dropped=found.dropped,
            assumptions=_assumptions(found),
            references=(_SOLVER,),
        ),
        kind=found._kind,
        target=target,
        units=n,
        criteria_set=found.criteria_set,
        **parts,
    )


def _assumptions(found: Attainment) -> tuple[str, ...]:
    items = found.criteria_set.items if found.criteria_set else ()
    conditions = [item.code for item in items if item.criterion is None]
    if not conditions:
        return ()
    return (f"Conditions of the whole set are left out: {', '.join(conditions)}.",)


_PARTS = ("criteria", "closed", "reached", "cost")


def _solve(
    found: Attainment, missing: np.ndarray, target: int, price: _Costs
) -> tuple[tuple[str, ...], tuple[str, ...], int, Fraction]:
    """Solve one case; units that miss the same at the same cost are one variable."""
    costs = np.zeros(len(missing), np.int64)
    if price.each is not None:
        costs = (missing * price.each).sum(axis=1)
    keys, of, count = np.unique(
        np.column_stack([missing, costs]), axis=0, return_inverse=True, return_counts=True
    )
    patterns, cost = keys[:, :-1].astype(bool), keys[:, -1]
    if cost.any() or len(found.criteria) > _LISTED:
        chosen, closed = _cover(patterns, cost, count, target, price.once)
    else:
        chosen, closed = _cheapest_set(patterns, count, target, price.once)
    got = np.zeros(len(missing), np.int64)
    for pattern, members in enumerate(closed.tolist()):
        got[np.flatnonzero(of.reshape(-1) == pattern)[:members]] = 1
    needs = missing.any(axis=1)
    whole = int(np.dot(chosen, price.once)) + int(np.dot(closed, cost))
    return (
        tuple(code for code, c in zip(found.criteria, chosen, strict=True) if c),
        tuple(found.units[u] for u in np.flatnonzero(got & needs)),
        int(got.sum()),
        Fraction(whole, price.unit),
    )


def _cheapest_set(
    patterns: np.ndarray, count: np.ndarray, target: int, once: list[int]
) -> tuple[np.ndarray, np.ndarray]:
    """Go through all sets of criteria: bit j of the index of a set is criterion j.

    Units that miss no more than a set are summed over its subsets, one criterion after the
    other. Of the cheapest sets the one with most units is taken.
    """
    n = patterns.shape[1]
    units, cost = np.zeros(2**n, np.int64), np.zeros(2**n, np.int64)
    np.add.at(units, patterns @ (1 << np.arange(n)), count)
    for j in range(n):
        without, within = units.reshape(-1, 2, 2**j).swapaxes(0, 1)
        within += without
        cost.reshape(-1, 2, 2**j)[:, 1] += once[j]
    enough = np.flatnonzero(units >= target)
    best = enough[np.lexsort((-units[enough], cost[enough]))[0]]
    chosen = best >> np.arange(n) & 1
    return chosen, np.where((patterns <= chosen.astype(bool)).all(axis=1), count, 0)


def _cover(
    patterns: np.ndarray,
    cost: np.ndarray,
    count: np.ndarray,
    target: int,
    once: list[int],
) -> tuple[np.ndarray, np.ndarray]:
    """Close criteria x and units y of each pattern: y <= count x, and y add to the target.

    Units that can get there without a cost of their own do.
    """
    n, m = patterns.shape[1], len(patterns)
    rows = [
        ([n + p, c], [1, -int(count[p])], -int(count[p]), 0)
        for p in range(m)
        for c in np.flatnonzero(patterns[p]).tolist()
    ]
    rows.append(([n + p for p in range(m)], 1, target, int(count.sum())))
    program = Program(
        [0] * (n + m), [1] * n + count.tolist(), Rows.of(rows), who="cheapest_plan"
    )
    x = program.minimise([*once, *cost.tolist()]).x
    chosen, closed = x[:n], x[n:]
    free = (cost == 0) & (patterns <= chosen.astype(bool)).all(axis=1)
    return chosen, np.where(free, count, closed)


def _costs(found: Attainment, costs: Any, unit_costs: Any) -> _Costs:
    """Costs as whole numbers of one decimal unit."""
    default = Decimal(1 if unit_costs is None else 0)
    once = [default] * len(found.criteria)
    if costs is not None:
        once = [
            _judged.decimal_of(value, f"cost of the criterion {code!r}")
            for code, value in zip(
                found.criteria, _of_criteria(found, costs, "costs"), strict=True
            )
        ]
    if unit_costs is None:
        whole, unit = _judged.in_whole_units(once, "costs", 2**53)
        return _Costs(whole, None, unit)
    each = [
        _unit_costs(found, code, value)
        for code, value in zip(
            found.criteria, _of_criteria(found, unit_costs, "unit_costs"), strict=True
        )
    ]
    every = [*once, *(v for column in each for v in column)]
    flat, unit = _judged.in_whole_units(every, "costs and unit_costs", 2**53)
    n = len(found.criteria)
    return _Costs(flat[:n], np.array(flat[n:], np.int64).reshape(n, -1).T, unit)


def _of_criteria(found: Attainment, given: Any, what: str) -> list:
    if not isinstance(given, Mapping):
        raise NrdTypeError(f"{what} is {given!r}, expected a mapping from criteria")
    held = {str(code): value for code, value in given.items()}
    for code in held:
        found._place(code)
    for code in found.criteria:
        if code not in held:
            raise NrdKeyError(f"{what}: there is nothing for the criterion {code!r}")
    return [held[code] for code in found.criteria]


def _unit_costs(found: Attainment, code: str, value: Any) -> list[Decimal]:
    what = f"unit cost of the criterion {code!r}"
    if not isinstance(value, Mapping):
        return [_judged.decimal_of(value, what)] * len(found.units)
    given = _judged.of_each(value, tuple(found.units), what)
    return [
        _judged.decimal_of(cost, f"{what} in the unit {unit!r}")
        for unit, cost in zip(found.units, given, strict=True)
    ]
