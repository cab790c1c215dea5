"""Pairs of columns gone through: coefficients, p-values, intervals, adjustment."""

from __future__ import annotations

from typing import Any

import numpy as np

from ._core.adjust import adjust as adjusted
from ._core.correlation import Columns, kendall_p
from ._core.correlation import test as tested
from ._correlation_plan import CLASSICAL, EXACT, MAX_T, Plan
from ._correlation_read import Table
from ._correlation_steps import Steps

_FEW, _X, _Y, _COVARIATE, _OF_X, _OF_Y, _SPREAD, _WIDE = range(1, 9)
# Most rows for which every arrangement is looked at without being asked.
_ALL_ROWS = 9
# As in libnrd: rows whose distribution of Kendall's S is counted.
_KENDALL = 34


class Run:
    """One table, one method."""

    def __init__(
        self,
        table: Table,
        pairs: np.ndarray,
        plan: Plan,
        method: str,
        where: str,
        steps: Steps,
    ):
        self.table, self.pairs, self.plan = table, pairs, plan
        self.method, self.where, self.steps = method, where, steps
        self.meaning = plan.meaning(method)
        unit = table.code("unit") if plan.relation != "rows" else None
        self.data = Columns(table.columns, table.weight, unit, table.covariates)
        self.plain = plan.relation == "rows" and not table.covariates
        self.plain &= table.weight is None
        self.found = self.data.correlate(pairs, self.meaning, plan.threads, where)
        self.reasons = [self._reason(k) for k in range(len(pairs))]
        self.effective = self.found["effective_n"].copy()
        self.resamplers: dict[int, Any] = {}  # by pair, made when they are wanted

    def shrink(self, effective: np.ndarray) -> None:
        """Let so many independent rows count, as clusters or neighbours leave."""
        self.effective = effective
        self.found["df"] = effective - 2.0
        self.found["null_se"] *= np.sqrt(self.found["n"] / effective)
        self.found["effective_n"] = effective
        few = (self.found["status"] == 0) & ~(self.found["df"] > 0)
        for k in np.flatnonzero(few):
            self.reasons[k] = f"{effective[k]:.3g} independent rows are too few for a test"
            self.found["df"][k] = np.nan

    def test(self, blocks: np.ndarray | None, how: str) -> dict[str, list]:
        """P-values by the test that was asked for, or that fits."""
        plan = self.plan
        usable = self.found.copy()
        usable["estimate"][np.isnan(usable["df"])] = np.nan
        out = tested(usable, self.method, plan.alternative, plan.level, plan.power)
        p, names = out["p"].copy(), [how or self._name()] * len(out)
        smallest = np.full(len(p), np.nan)
        together = np.full(len(p), np.nan)
        if plan.adjust == MAX_T:
            found = self._arrange(np.arange(len(p)), plan.count, blocks)
            p, smallest, together = found["p"], found["smallest"], found["adjusted"]
            names = [f"{self._exchanged(False)}, together"] * len(p)
        else:
            self._count(p, names, smallest, how)
        defined = self.found["status"] == 0
        return {
            "low": out["low"],
            "high": out["high"],
            "p": np.where(defined, p, np.nan),
            "together": together,
            "test": np.array(
                [n if d else None for n, d in zip(names, defined, strict=True)], object
            ),
            "smallest_p": np.where(defined, smallest, np.nan),
            "detectable": out["detectable"],
        }

    def _count(
        self, p: np.ndarray, names: list[str], smallest: np.ndarray, how: str
    ) -> None:
        """Replace p-values by those of arrangements, where these are looked at."""
        plan, n = self.plan, self.found["n"]
        free = self.plain and not how and "strata" not in self.table.labels
        if plan.test == "auto" and free:
            if self.method == "kendall" and plan.alternative == "two-sided":
                self._count_kendall(p, names, smallest)
                chosen = np.flatnonzero((n <= _ALL_ROWS) & np.isnan(smallest))
            else:
                chosen = np.flatnonzero(n <= _ALL_ROWS)
            count = EXACT
        elif plan.test == "exact":
            chosen, count = np.arange(len(p)), max(plan.count, EXACT)
        elif plan.test == "permutation" or (
            plan.test == "auto" and self._strata() and not how
        ):
            chosen, count = np.arange(len(p)), plan.count
        else:
            return
        chosen = chosen[self.found["status"][chosen] == 0]
        if not len(chosen):
            return
        found = self._arrange(chosen, count, None)
        p[chosen], smallest[chosen] = found["p"], found["smallest"]
        for k, exact in zip(chosen, found["exact"], strict=True):
            names[k] = self._exchanged(bool(exact))
        if plan.test == "exact":
            for k, exact in zip(chosen, found["exact"], strict=True):
                if not exact:
                    p[k] = smallest[k] = np.nan
                    self.reasons[k] = (
                        f"no exact p: more than {count} arrangements; a test of "
                        "'permutation' draws some"
                    )

    def _strata(self) -> bool:
        """Whether rows are exchanged within strata without being asked."""
        free = self.plan.relation == "rows"
        free &= not (self.table.covariates and self.method == "kendall")
        return "strata" in self.table.labels and free

    def _exchanged(self, exact: bool) -> str:
        """What is exchanged, and whether in all ways."""
        if self.table.covariates:
            return "permutation of residuals" + (", all" if exact else "")
        name = "exact permutation" if exact else "permutation"
        studentized = self.table.weight is not None and self.method != "kendall"
        return name + (", studentized" if studentized else "")

    def _count_kendall(self, p: np.ndarray, names: list[str], smallest: np.ndarray) -> None:
        for k in np.flatnonzero((self.found["n"] <= _KENDALL) & (self.found["n"] > 2)):
            x, y = self.values(k)
            if self.reasons[k] is None and (_untied(x) or _untied(y)):
                found, exact = kendall_p(x, y)
                if exact:
                    p[k], smallest[k] = found["p"], found["smallest_p"]
                    names[k] = "exact permutation"

    def values(self, k: int) -> list[np.ndarray]:
        """Rows that miss neither column of a pair."""
        both = [self.table.columns[c] for c in self.pairs[k]]
        held = ~np.isnan(both[0] + both[1])
        return [values[held] for values in both]

    def _arrange(
        self, chosen: np.ndarray, count: int, blocks: np.ndarray | None
    ) -> np.ndarray:
        return self.data.arrange(
            self.pairs[chosen],
            self.meaning,
            count,
            self.plan.seed,
            alternative=self.plan.alternative,
            strata=self.table.code("strata"),
            block=blocks,
            threads=self.plan.threads,
            where=self.where,
            look=self.steps.at if self.steps.look else None,
        )

    def _name(self) -> str:
        if self.method in CLASSICAL[:2] or self.method in ("winsorized", "percentage_bend"):
            return "t"
        return "chi squared" if self.method.startswith("distance") else "normal"

    def _reason(self, k: int) -> str | None:
        found, names = self.found[k], self.table.names
        x, y = (names[c] for c in self.pairs[k])
        status, n = int(found["status"]), int(found["n"])
        inside = " within units" if self.plan.relation == "within" else ""
        if status == 0:
            return None
        if status == _FEW:
            between = self.plan.relation == "between"
            used = int(found["units"]) if between else n
            if used < 3:
                what = "units" if between else "rows"
                return f"{used} {what} with both, expected 3 or more"
            among = f" in {int(found['units'])} units" if inside else ""
            return f"{n} rows{among} leave no degree of freedom"
        if status in (_X, _Y):
            return f"{(x if status == _X else y)!r} does not vary{inside}"
        if status == _COVARIATE:
            name = names[self.table.covariates[int(found["covariate"])]]
            return f"covariate {name!r} is constant or a combination of other covariates"
        if status in (_OF_X, _OF_Y):
            return (
                f"{(x if status == _OF_X else y)!r} is a combination of the covariates, or "
                "a copy of one"
            )
        if status == _WIDE:
            return "values too far apart in size for an exact elimination"
        return "what the method leaves of a column does not vary"

    def left(self) -> list[np.ndarray]:
        """Each pair without each row or unit."""
        plan, out = self.plan, []
        for pair in map(tuple, self.pairs.tolist()):
            out.append(self.data.left(pair, self.meaning, plan.threads, self.where))
            self.steps.end(plan.count)
        return out


def _untied(values: np.ndarray) -> bool:
    return len(np.unique(values)) == len(values)


def adjust_all(p: np.ndarray, plan: Plan, together: np.ndarray) -> np.ndarray:
    """P-values adjusted for the number of those that are there."""
    if plan.adjust == MAX_T:
        return together
    if plan.adjust is None or np.isnan(p).all():
        return np.full(len(p), np.nan)
    return adjusted(p, plan.adjust, 1 - plan.level, None, 1, None)


def table_of(
    run: Run, tests: dict[str, Any], lag: int, plan: Plan, more: dict[str, np.ndarray]
) -> dict[str, Any]:
    """Columns of the table, of which p-values are not adjusted yet."""
    names, found = run.table.names, run.found
    out: dict[str, Any] = {
        "x": [names[c] for c in run.pairs[:, 0]],
        "y": [names[c] for c in run.pairs[:, 1]],
    }
    if len(plan.lags) > 1 or any(plan.lags):
        out["lag"] = [lag] * len(found)
    out |= {
        "method": [run.method] * len(found),
        "coefficient": found["estimate"],
        "low": tests["low"],
        "high": tests["high"],
        "p": tests["p"],
        "adjusted": tests["together"],
        "test": tests["test"],
        "smallest_p": tests["smallest_p"],
        "detectable": np.where(found["status"] == 0, tests["detectable"], np.nan),
        "n": found["n"].astype(np.int64),
        "effective_n": np.where(found["n"] > 0, run.effective, np.nan),
        "dropped": found["dropped"].astype(np.int64),
    }
    if plan.relation != "rows":
        out["units"] = found["units"].astype(np.int64)
    out |= more
    if plan.influence:
        out["influential"] = np.full(len(found), None, object)
        out["without"] = np.full(len(found), np.nan)
    out["reason"] = np.array(run.reasons, object)
    return out
