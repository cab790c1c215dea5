"""Results on the logarithms of resources, with controls, effects and clusters."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ._correlation import NOT_CAUSE
from ._frames import Frame
from ._resource_dose import Material, ResourceFit, with_doses
from ._resource_join import Joined, check_names, join, spoken
from .covariances import Cluster, WildCluster
from .errors import NrdTypeError, NrdValueError
from .regression import regress

__all__ = ["resource_regression"]

WHERE = "resource_regression"
EFFECTS = (None, "unit", "period", "both")
_OF_PERIODS = ("period", "both")


def resource_regression(
    resources: Any,
    results: Any,
    outcome: str,
    *,
    unit: str = "unit",
    period: str | None = None,
    sources: Sequence[str] | None = None,
    per: str | None = None,
    controls: Sequence[str] = (),
    names: str | None = None,
    effects: str | None = None,
    log: bool = True,
    change: bool = False,
    cov: Any = "classical",
    level: float = 0.95,
) -> ResourceFit:
    """Regress a result on what was mobilised, from each source.

    Parameters
    ----------
    resources, results, unit, period, sources, per
        As in `nrd.resource_correlations`.
    outcome : str
        Column of `results` that is explained.
    controls : sequence of str, optional
        Columns of `results` that explain it, too.
    names : str, optional
        Column of `results` by which rows are called in pictures; by default their unit and
        period.
    effects : {None, "unit", "period", "both"}, optional
        An intercept for each unit, for each period, or for each of both.
    log : bool, optional
        Whether amounts enter by their natural logarithm, as ``log state``: the coefficient
        is the difference in the outcome that goes with a difference of 1 in it.
    change : bool, optional
        Regress changes on changes: of the outcome, the amounts (or their logarithms) and
        the controls, from one period of a unit to its next. What stays the same in a unit
        falls out. The terms are called ``change of log state``; needs `period`.
    cov : {"classical", "HC0", "HC1", "HC2", "HC3"}, Hac, Cluster or WildCluster, optional
        As in `nrd.regress`; clusters are columns of `results`.
    level : float, optional
        Confidence level of the intervals, in (0, 1).

    Returns
    -------
    ResourceFit
        A `LinearFit`, whose assumptions name the units that are in one table only.
        ``plot()`` draws the outcome beside a resource, what else is in the regression
        held; ``dose()`` gives the points and the line.

    Raises
    ------
    NrdKeyError, NrdTypeError
        As in `nrd.resource_correlations`; if `log` or `change` is not True or False.
    NrdValueError
        As in `nrd.resource_correlations` and `nrd.regress`; if effects have no period, an
        amount is not above 0 and has no logarithm, or there are no changes.

    Notes
    -----
    What goes with a source is held beside the other sources and the controls that are
    there. Whatever else money and results depend on is in the coefficient: it is an
    association.

    Examples
    --------
    >>> import nrd
    >>> given = {"unit": list("ABCDE"), "state": [10.5, 8.0, 14.2, 6.1, 9.9]}
    >>> reached = {"unit": list("ABCDE"), "criteria": [15, 13, 19, 11, 12]}
    >>> found = nrd.resource_regression(given, reached, "criteria")
    >>> found.terms
    ('(intercept)', 'log state')
    >>> float(round(found.estimate[0, 1], 2))
    8.86
    """
    check_names(WHERE, unit=unit, period=period, per=per, outcome=outcome, names=names)
    if effects not in EFFECTS:
        raise NrdValueError(f"{WHERE}: effects is {effects!r}, expected unit, period, both")
    if effects is not None and period is None:
        raise NrdValueError(f"{WHERE}: effects is {effects!r}, expected a period")
    for name, flag in (("log", log), ("change", change)):
        if not isinstance(flag, bool):
            raise NrdTypeError(f"{WHERE}: {name} is {flag!r}, expected True or False")
    if change and period is None:
        raise NrdValueError(f"{WHERE}: change is True, expected a period")
    taken = [controls] if isinstance(controls, str) else list(controls)
    clusters = (cov.by,) if isinstance(cov, WildCluster) else ()
    clusters = cov.by if isinstance(cov, Cluster) else clusters
    keys = (unit,) if period is None else (unit, period)
    frame = Frame(results, f"{WHERE}: results")
    both = join(
        resources,
        frame,
        keys,
        WHERE,
        sources=sources,
        outcomes=[outcome],
        numbers=taken,
        labels=[n for n in (*clusters, names) if n is not None and n not in keys],
        per=per,
    )
    table = _in_both(both)
    x = [_logarithm(table, name, both) if log else name for name in both.sources]
    named, explained = taken, outcome
    if change:
        table = _changes(table, unit, period, [outcome, *x, *taken])
        explained, *changed = [_changed(name) for name in (outcome, *x, *taken)]
        x, named = changed[: len(x)], changed[len(x) :]
    of = Material(
        table=table,
        names=_called(table, keys, names),
        resources=dict(zip(both.sources, x, strict=True)),
        outcome=outcome,
        others=[*(_periods(table, period) if effects in _OF_PERIODS else ()), *named],
        controls=taken,
        unit=unit if effects in ("unit", "both") else None,
        effects=("unit", "period") if effects == "both" else tuple(filter(None, [effects])),
        measures=both.measures,
        per=per,
        log=log,
        change=change,
    )
    found = regress(
        table, explained, [*x, *of.others], effects=of.unit, cov=cov, level=level
    )  # fmt: skip
    made = found.provenance
    made = replace(
        made,
        options={**made.options, "per": per, "log": log, "change": change, **both.options},
        assumptions=(*made.assumptions, NOT_CAUSE, *both.notes),
    )
    return with_doses(found, of, made, frame.kind)


def _called(table: dict[str, Any], keys: Sequence[str], names: str | None) -> list[str]:
    """What the rows are called."""
    if names is not None:
        return ["" if name is None else str(name) for name in table[names]]
    return [spoken(key) for key in zip(*map(table.get, keys), strict=True)]


def _in_both(both: Joined) -> dict[str, Any]:
    """The rows of units that are in both tables."""
    apart = {*both.options["only_resources"], *both.options["only_results"]}
    kept = [k for k, key in enumerate(both.rows) if spoken(key) not in apart]
    return {
        name: values[kept] if isinstance(values, np.ndarray) else [values[k] for k in kept]
        for name, values in both.table.items()
    }


def _logarithm(table: dict[str, Any], name: str, both: Joined) -> str:
    """Replace a column by its logarithm, and return what that is called."""
    wrong = np.flatnonzero(both.table[name] <= 0)
    if len(wrong):
        k = int(wrong[0])
        raise NrdValueError(
            f"{WHERE}: the amount of {name!r} of {spoken(both.rows[k])} is "
            f"{both.table[name][k]:g}, expected more than 0 for a logarithm, or log=False"
        )
    table[f"log {name}"] = np.log(table.pop(name))
    return f"log {name}"


def _changed(name: str) -> str:
    return f"change of {name}"


def _changes(
    table: dict[str, Any], unit: str, period: str, numbers: Sequence[str]
) -> dict[str, Any]:
    """Differences from one row of a unit to its next; labels are those of the next."""
    order = sorted(
        range(len(table[unit])), key=lambda k: (str(table[unit][k]), table[period][k])
    )
    pairs = [
        (a, b) for a, b in itertools.pairwise(order)
        if table[unit][a] == table[unit][b]
    ]  # fmt: skip
    if not pairs:
        raise NrdValueError(f"{WHERE}: no unit has two periods, so that nothing changes")
    before, after = np.array(pairs).T
    out: dict[str, Any] = {}
    for name, values in table.items():
        if name in numbers:
            out[_changed(name)] = values[after] - values[before]
        else:
            out[name] = [values[k] for k in after.tolist()]
    return out


def _periods(table: dict[str, Any], period: str) -> list[str]:
    """Columns of 0 and 1 for all periods but the first."""
    names = sorted(set(table[period]))[1:]
    for name in names:
        table[f"{period} {name}"] = np.array([float(p == name) for p in table[period]])
    return [f"{period} {name}" for name in names]
