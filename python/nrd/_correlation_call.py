"""A call of correlations: the table, its pairs, every method at every lag."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
from typing import Any

import numpy as np

from . import _correlation_boot as boot
from ._added import Held
from ._correlation import Correlations
from ._correlation_plan import CLASSICAL, MAX_T, Plan, check_roles
from ._correlation_read import Table, lagged, read_table
from ._correlation_run import Run, adjust_all, table_of
from ._correlation_sources import assumptions_of, method_of, sources_of
from ._correlation_steps import Steps
from ._late import or_none
from ._resample import progress_of
from ._result import Provenance
from .errors import NrdTypeError, NrdValueError


@dataclass(frozen=True)
class Request:
    """What was asked for.

    Attributes
    ----------
    where : str
        What messages begin with.
    data : data frame or mapping of columns
        The table.
    columns : list of str or None
        Its columns; None for all.
    pairs : callable
        From the table as it was read to its pairs, shape (m, 2).
    covariates, later : list of str
        Covariates, and what is taken at the later time where there is a lag.
    single : bool
        Whether there is one pair, whose rows the result keeps.
    labels : dict
        "unit", "cluster", "strata" and "names".
    weights, time, neighbours
        As the caller gave them.
    plan : Plan
        Options, checked.
    progress : bool or callable
        What is told how far the call is.
    """

    where: str
    data: Any
    columns: list[str] | None
    pairs: Callable[[Table], np.ndarray]
    covariates: list[str]
    single: bool
    later: list[str]
    labels: dict[str, Any]
    weights: Any
    time: Any
    neighbours: Any
    plan: Plan
    progress: Any = False

    def run(self) -> Correlations:
        """Everything that was asked for."""
        plan, where = self.plan, self.where
        given = {name: value is not None for name, value in self.labels.items()}
        given |= {
            "covariates": bool(self.covariates),
            "weights": self.weights is not None,
            "time": self.time is not None,
            "neighbours": self.neighbours is not None,
        }
        check_roles(plan, where, given)
        for name in ("cluster", "neighbours"):
            if given[name] and not set(plan.methods) <= set(CLASSICAL):
                raise NrdValueError(
                    f"{where}: {name} is for the methods {', '.join(CLASSICAL)}"
                )
        if any(plan.lags) and not self.later:
            raise NrdValueError(f"{where}: lag is {plan.lags}, expected x and y")
        if any(plan.lags) and given["neighbours"]:
            raise NrdValueError(f"{where}: neighbours do not go with a lag")
        table = read_table(
            self.data,
            where,
            self.columns,
            covariates=self.covariates,
            weights=self.weights,
            time=self.time,
            labels=self.labels,
        )
        boot.check_clusters(table, where)
        pairs = self.pairs(table)
        parts, influence, run = [], [], None
        with progress_of(self.progress, where) as look:
            steps = Steps(look, self._stages(table) * len(pairs) * plan.count)
            for method in plan.methods:
                own = []
                for lag in plan.lags:
                    run, columns = self._one(table, pairs, method, lag, steps)
                    own.append(columns)
                    if plan.influence:
                        influence.append(_left(run, columns))
                parts.append(_joined(own, plan))
        return self._result(table, pairs, run, _stacked(parts), influence)

    def _interval(self, table: Table) -> str | None:
        """Which intervals there are."""
        if self.plan.interval != "auto":
            return self.plan.interval
        return "bootstrap" if "cluster" in table.labels else "fisher"

    def _stages(self, table: Table) -> int:
        """Stages of all methods and lags: tests, intervals by the bootstrap, influence."""
        plan = self.plan
        each = 1 + (self._interval(table) == "bootstrap") + plan.influence
        return each * len(plan.methods) * len(plan.lags)

    def _one(
        self, table: Table, pairs: np.ndarray, method: str, lag: int, steps: Steps
    ) -> tuple[Run, dict[str, Any]]:
        """All pairs by one method at one lag."""
        plan = self.plan
        if lag:
            later = [table.names.index(name) for name in self.later]
            table = lagged(table, later, lag, self.where)
        run, how, more = Run(table, pairs, plan, method, self.where, steps), "", {}
        if "cluster" in table.labels:
            more["design_effect"] = boot.shrink_clusters(run)
            how = "effective n of clusters"
        if self.neighbours is not None:
            from ._spatial import shrink_neighbours

            more |= shrink_neighbours(run, self.neighbours)
            how = "effective n of neighbours"
        tests = run.test(self._blocks(table, pairs), how)
        steps.end(len(pairs) * plan.count)
        self._bound(run, tests)
        return run, table_of(run, tests, lag, plan, more)

    def _bound(self, run: Run, tests: dict[str, Any]) -> None:
        """Intervals by the bootstrap where they were asked for, or clusters want them."""
        chosen = self._interval(run.table)
        if chosen == "bootstrap":
            boot.set_bounds(run, tests)
        elif chosen is None:
            tests["low"][:] = tests["high"][:] = np.nan

    def _blocks(self, table: Table, pairs: np.ndarray) -> np.ndarray | None:
        """Which columns are arranged together."""
        if self.plan.adjust != MAX_T:
            return None
        first, second = set(pairs[:, 0].tolist()), set(pairs[:, 1].tolist())
        if not first & second:
            return np.array([c in first for c in range(len(table.columns))], np.uint32)
        return np.arange(len(table.columns), dtype=np.uint32)

    def _result(
        self,
        table: Table,
        pairs: np.ndarray,
        run: Run,
        columns: dict[str, list],
        influence: list[dict[str, list]],
    ) -> Correlations:
        plan = self.plan
        first, second = set(pairs[:, 0].tolist()), set(pairs[:, 1].tolist())
        rectangular = self.single or not first & second
        # One source with one result is drawn as points, as a pair is.
        alone = self.single or (len(pairs) == 1 and bool(self.later))
        options = {
            "method": list(plan.methods),
            "relation": plan.relation,
            "covariates": list(self.covariates),
            "part": plan.part,
            "missing": "listwise" if plan.adjust == MAX_T else plan.missing,
            "test": plan.test,
            "interval": plan.interval,
            "adjust": plan.adjust,
            "alternative": plan.alternative,
            "level": plan.level,
            "power": plan.power,
            "share": plan.share,
            "n_resamples": plan.count,
            "lag": list(plan.lags),
            "rectangular": rectangular,
            **{k: v for k, v in self.labels.items() if isinstance(v, str)},
            **({"weights": self.weights} if isinstance(self.weights, str) else {}),
        }
        made = Provenance(
            method=method_of(plan, bool(self.covariates)),
            options=options,
            used=max(columns["n"], default=0),
            dropped=max(columns["dropped"], default=0),
            assumptions=assumptions_of(plan, self.labels, self.neighbours is not None),
            references=sources_of(plan, columns, self.neighbours is not None),
            seed=plan.seed,
        )
        return Correlations(
            made,
            table.kind,
            columns,
            _stacked(influence) if plan.influence else None,
            _points(run) if alone else None,
        )


def as_table(
    data: Any, x: Any, y: Any, covariates: Any, where: str
) -> tuple[Any, str, str, list[str]]:
    """Give arrays names, so that they read as a table: data, x, y and covariates."""
    if data is not None:
        if not (isinstance(x, str) and isinstance(y, str)):
            raise NrdTypeError(f"{where}: with data, x and y are names of its columns")
        if isinstance(covariates, Mapping):
            raise NrdTypeError(f"{where}: with data, covariates are names of its columns")
        names = [covariates] if isinstance(covariates, str) else list(covariates or ())
        return data, x, y, names
    columns = {"x": x, "y": y}
    if covariates is not None:
        if not isinstance(covariates, Mapping):
            raise NrdTypeError(
                f"{where}: covariates are {type(covariates).__name__}, expected names and "
                "data, or a mapping of columns"
            )
        clash = [name for name in covariates if name in columns]
        if clash:
            raise NrdValueError(f"{where}: a covariate is called {clash[0]!r}")
        columns |= covariates
    for name, values in columns.items():
        if isinstance(values, str) or not hasattr(values, "__len__"):
            raise NrdTypeError(
                f"{where}: {name} is {values!r}, expected numbers, or data beside it"
            )
    lengths = {name: len(values) for name, values in columns.items()}
    if len(set(lengths.values())) > 1:
        found = ", ".join(f"{name} {n}" for name, n in lengths.items())
        raise NrdValueError(f"{where}: rows differ: {found}; expected one length")
    return columns, "x", "y", [name for name in columns if name not in ("x", "y")]


def columns_of(
    columns: Sequence[str] | None,
    x: Sequence[str] | None,
    y: Sequence[str] | None,
    where: str,
) -> list[str] | None:
    """Columns that are read; None for all."""
    if (x is None) != (y is None):
        raise NrdValueError(f"{where}: x and y go together")
    if x is None:
        return [columns] if isinstance(columns, str) else columns and list(columns)
    if columns is not None:
        raise NrdValueError(f"{where}: expected columns, or x and y, not both")
    for name, given in (("x", x), ("y", y)):
        if isinstance(given, str):
            raise NrdTypeError(f"{where}: {name} is {given!r}, expected a list of names")
    return list(dict.fromkeys([*x, *y]))


def pairs_of(
    table: Table,
    columns: list[str] | None,
    x: Sequence[str] | None,
    y: Sequence[str] | None,
    method: str | Sequence[str],
    where: str,
) -> np.ndarray:
    """Places of the columns of each pair, shape (m, 2)."""
    place = table.names.index
    if x is not None:
        found = [(place(a), place(b)) for a in x for b in y if a != b]
    else:
        held = [place(n) for n in columns or table.names]
        held = [c for c in held if c not in table.covariates]
        methods = [method] if isinstance(method, str) else list(method)
        both = permutations if methods == ["xi"] else combinations
        found = list(both(held, 2))
    if not found:
        raise NrdValueError(f"{where}: there is no pair, expected 2 columns or more")
    return np.array(found)


def _joined(parts: list[dict[str, Any]], plan: Plan) -> dict[str, list]:
    """Lags of one method one after another, adjusted together."""
    out = {name: np.concatenate([p[name] for p in parts]) for name in parts[0]}
    out["adjusted"] = adjust_all(out["p"], plan, out["adjusted"])
    return {name: or_none(values) for name, values in out.items()}


def _stacked(parts: list[dict[str, list]]) -> dict[str, list]:
    return {name: [v for part in parts for v in part[name]] for name in parts[0]}


def _left(run: Run, columns: dict[str, Any]) -> dict[str, list]:
    """The coefficient without each row or unit; the most influential goes into columns."""
    out: dict[str, list] = {
        name: [] for name in ("x", "y", "method", "unit", "without", "change")
    }
    names = run.table.row_names()
    if run.plan.relation != "rows":
        names = run.table.labels["unit"].labels
    for k, left in enumerate(run.left()):
        change = left - run.found["estimate"][k]
        held = np.flatnonzero(~np.isnan(change))
        if held.size:
            most = held[np.argmax(np.abs(change[held]))]
            columns["influential"][k] = names[most]
            columns["without"][k] = left[most]
        for i in held.tolist():
            out["x"].append(columns["x"][k])
            out["y"].append(columns["y"][k])
            out["method"].append(run.method)
            out["unit"].append(names[i])
            out["without"].append(float(left[i]))
            out["change"].append(float(change[i]))
    return out


def _points(run: Run) -> dict[str, Any]:
    """What is correlated of the one pair: its rows, or what units or covariates leave."""
    table, relation = run.table, run.plan.relation
    x, y = (table.columns[c] for c in run.pairs[0])
    beside = [table.columns[c] for c in table.covariates]
    here = ~np.isnan(sum([x, y, *beside]))
    code = table.code("unit") if relation != "rows" else None
    held = np.flatnonzero(here if code is None else here & (code >= 0))
    names: Any = held  # rows by their numbers; a million of them are no list
    if {"names", "unit"} & set(table.labels):
        called = table.row_names()
        names = [called[i] for i in held.tolist()]
    x, y = x[held], y[held]
    if relation == "between" and len(held):
        units = np.unique(code[held])
        rows = np.bincount(code[held])[units]
        x, y = (np.bincount(code[held], v)[units] / rows for v in (x, y))
        names = [table.labels["unit"].labels[i] for i in units.tolist()]
    elif len(held) and (relation == "within" or (beside and run.method == "pearson")):
        rest = Held(
            [v[held] for v in beside], None if code is None else code[held], len(held)
        )
        left = [np.mean(v) + rest.left(v) for v in (x, y)]
        part = run.plan.part
        x = x if part == "y" else left[0]
        y = y if part == "x" else left[1]
    return {"unit": names, "x": x, "y": y}
