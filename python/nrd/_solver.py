"""Whole numbers under linear rows: HiGHS is asked, its answer is checked exactly.

HiGHS computes in doubles with tolerances. What it returns is rounded to whole numbers, and
bounds, rows and objective are computed again in whole numbers; the bound that it proved
must leave no better whole objective. That there is no solution at all is its word.

The relaxation to real numbers is solved first, from where the last one ended. Where its
solution is whole, as in most tables, that is all.

References
----------
Q. Huangfu and J. A. J. Hall, "Parallelizing the dual revised simplex method",
Mathematical Programming Computation 10 (2018), 119-142. https://highs.dev
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from .errors import NrdError, NrdTypeError, NrdValueError

FREE = 2**40  # a row or variable with this bound has none
NEXT = 0.999  # a bound nearer than this leaves no whole objective below
LARGEST = 2.0**53  # of the terms of a row or a cost together: doubles hold them exactly


class Rows(NamedTuple):
    """Sparse rows low <= a x <= high, one after the other.

    Attributes
    ----------
    start : ndarray of int32, shape (rows + 1,)
        Where the entries of each row begin, and where the last end.
    column : ndarray of int32
        Variable of each entry.
    value : ndarray of int64
        Coefficient of each entry.
    low, high : ndarray of int64, shape (rows,)
        Bounds; -FREE and FREE where there is none.
    """

    start: np.ndarray
    column: np.ndarray
    value: np.ndarray
    low: np.ndarray
    high: np.ndarray

    @classmethod
    def of(
        cls, rows: Iterable[tuple[Sequence[int], Sequence[int] | int, int, int]]
    ) -> Rows:
        """Rows from (columns, coefficients or the one of all, low, high)."""
        found = list(rows)
        sizes = [len(columns) for columns, *_ in found]
        columns = [np.asarray(columns, np.int32) for columns, *_ in found]
        values = [np.broadcast_to(np.asarray(r[1], np.int64), len(r[0])) for r in found]
        return cls(
            np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32),
            np.concatenate([np.empty(0, np.int32), *columns]),
            np.concatenate([np.empty(0, np.int64), *values]),
            np.array([low for *_, low, _ in found], np.int64),
            np.array([high for *_, high in found], np.int64),
        )

    def times(self, x: np.ndarray) -> np.ndarray:
        """Compute a x, row by row, in whole numbers."""
        sums = np.concatenate([[0], np.cumsum(self.value * x[self.column])])
        return sums[self.start[1:]] - sums[self.start[:-1]]


class Solution(NamedTuple):
    """Whole numbers that satisfy every row, and what they cost."""

    x: np.ndarray
    objective: int


class _Answer(NamedTuple):
    x: np.ndarray
    bound: float


class Program:
    """Whole numbers x with low <= x <= high and sparse rows, for one cost or several.

    Parameters
    ----------
    low, high : sequence of int, shape (variables,)
        Bounds of the variables.
    rows : Rows
        Sparse rows.
    who : str
        The function that asks, for messages.

    Raises
    ------
    NrdError
        If highspy is not installed.
    NrdValueError
        If a number is too large for the solver to tell whole numbers apart.

    Notes
    -----
    Nothing random: the same program gives the same solution on one machine.
    """

    def __init__(self, low: Sequence[int], high: Sequence[int], rows: Rows, *, who: str):
        self.low = _whole(low, "a lower bound", who)
        self.high = _whole(high, "an upper bound", who)
        self.rows = rows
        self._who = who
        self._extent = np.maximum(np.abs(self.low), np.abs(self.high)).astype(np.float64)
        _refuse_large(rows._replace(value=np.abs(rows.value)).times(self._extent), who)
        self._relaxed = _highs(who)
        self._relaxed.passModel(self._model())
        self._integral: Any = None  # made where a relaxation is not enough

    def limit_row(self, row: int, low: int, high: int) -> None:
        """Give a row other bounds, from now on; the next search starts from the last."""
        self.rows.low[row], self.rows.high[row] = low, high
        self._relaxed.changeRowBounds(row, low, high)
        self._integral = None

    def limit_variables(self, variables: np.ndarray, high: int) -> None:
        """Give variables another upper bound, from now on."""
        self.high[variables] = high
        for variable in variables.tolist():
            self._relaxed.changeColBounds(variable, int(self.low[variable]), high)
        self._integral = None

    def minimise(
        self, cost: Sequence[int], *, reached: Solution | None = None
    ) -> Solution | None:
        """Find the least cost.

        Parameters
        ----------
        cost : sequence of int, shape (variables,)
            Cost of one of each variable.
        reached : Solution, optional
            A solution found before with this cost as its objective; where nothing better is
            left, it is the answer.

        Returns
        -------
        Solution or None
            One of the cheapest; None where no whole numbers satisfy bounds and rows.

        Raises
        ------
        NrdError
            If the solver stops without a proof, or its answer does not hold in whole
            numbers.
        """
        whole = _whole(cost, "a cost", self._who)
        _refuse_large(np.abs(whole) @ self._extent[:, None], self._who)
        n = len(self.low)
        if n == 0:
            fits = np.all(self.rows.low <= 0) and np.all(self.rows.high >= 0)
            return Solution(np.empty(0, np.int64), 0) if fits else None
        relaxed = self._ask(self._relaxed, whole)
        if relaxed is None:
            return None
        if reached is not None and reached.objective - relaxed.bound < NEXT:
            return reached
        x = np.rint(relaxed.x).astype(np.int64)
        if np.abs(relaxed.x - x).max() > 1e-6 or not self._proved(x, whole, relaxed.bound):
            if self._integral is None:
                self._integral = _highs(self._who)
                self._integral.passModel(self._model(integral=True))
            found = self._ask(self._integral, whole)
            if found is None:
                return None
            x = np.rint(found.x).astype(np.int64)
            if not self._proved(x, whole, found.bound):
                raise NrdError(
                    f"{self._who}: the solver's answer does not hold in whole numbers; "
                    "its numbers are too large or too far apart"
                )
        return Solution(x, int(whole @ x))

    def maximise(
        self, cost: Sequence[int], *, reached: Solution | None = None
    ) -> Solution | None:
        """Find the greatest cost; as `minimise`."""
        if reached is not None:
            reached = Solution(reached.x, -reached.objective)
        found = self.minimise(-_whole(cost, "a cost", self._who), reached=reached)
        return None if found is None else Solution(found.x, -found.objective)

    def _ask(self, highs: Any, cost: np.ndarray) -> _Answer | None:
        from highspy import HighsModelStatus as Status

        every = np.arange(len(cost), dtype=np.int32)
        highs.changeColsCost(len(cost), every, cost.astype(np.float64))
        whole = highs is self._integral
        try:
            _run(highs) if whole else highs.run()
        except KeyboardInterrupt:
            self._integral = None
            raise
        status = highs.getModelStatus()
        if status == Status.kInfeasible:
            return None
        if status != Status.kOptimal:
            found = highs.modelStatusToString(status)
            raise NrdError(f"{self._who}: the solver stopped without an answer: {found}")
        info = highs.getInfo()
        return _Answer(
            np.array(highs.getSolution().col_value),
            info.mip_dual_bound if whole else info.objective_function_value,
        )

    def _proved(self, x: np.ndarray, cost: np.ndarray, bound: float) -> bool:
        """Whether x holds in whole numbers, and no whole objective is left below it."""
        sums = self.rows.times(x)
        return bool(
            np.all(self.low <= x)
            and np.all(x <= self.high)
            and np.all(self.rows.low <= sums)
            and np.all(sums <= self.rows.high)
            and int(cost @ x) - bound < NEXT
        )

    def _model(self, *, integral: bool = False) -> Any:
        import highspy

        model = highspy.HighsLp()
        n = len(self.low)
        model.num_col_, model.num_row_ = n, len(self.rows.low)
        model.col_cost_ = np.zeros(n)
        model.col_lower_, model.col_upper_ = _ends(self.low, self.high)
        model.row_lower_, model.row_upper_ = _ends(self.rows.low, self.rows.high)
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = self.rows.start
        model.a_matrix_.index_ = self.rows.column
        model.a_matrix_.value_ = self.rows.value.astype(np.float64)
        if integral:
            model.integrality_ = [highspy.HighsVarType.kInteger] * n
        return model


def _highs(who: str) -> Any:
    """Return a silent solver that proves what it finds, or say how to get one."""
    try:
        import highspy
    except ImportError:
        raise NrdError(
            f"{who} needs an integer solver: install it with pip install 'nrd[solver]'"
        ) from None

    class Silent(highspy.Highs):
        def enableCallbacks(self):  # noqa: N802, called before anything can be set
            self.silent()
            super().enableCallbacks()

    highs = Silent()
    for option, value in (
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", 0.0),
        ("mip_feasibility_tolerance", 1e-9),
        ("primal_feasibility_tolerance", 1e-9),
    ):
        highs.setOptionValue(option, value)
    return highs


def _run(highs: Any) -> None:
    """Solve in a thread of its own, so that Ctrl-C stops it; `highs` is of no use then."""
    highs.HandleUserInterrupt = True
    ended = threading.Event()

    def work() -> None:
        try:
            highs.run()
        finally:
            ended.set()

    # Nothing waits in join: before Python 3.13 an interrupt there lets a running thread
    # pass for ended.
    threading.Thread(target=work).start()
    try:
        while not ended.wait(0.05):
            pass
    except BaseException:
        highs.cancelSolve()
        ended.wait()
        raise


def _ends(low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return (
        np.where(low <= -FREE, -np.inf, low.astype(np.float64)),
        np.where(high >= FREE, np.inf, high.astype(np.float64)),
    )


def _whole(values: Sequence[int], what: str, who: str) -> np.ndarray:
    found = np.asarray(values)
    if found.size and found.dtype.kind not in "iub":
        raise NrdTypeError(f"{who}: {what} has type {found.dtype}, expected whole numbers")
    return found.astype(np.int64)


def _refuse_large(sizes: np.ndarray, who: str) -> None:
    """Refuse sums that a double, or an exact check in 64 bits, could get wrong."""
    if sizes.size and sizes.max() > LARGEST:
        raise NrdValueError(
            f"{who}: numbers add up to {sizes.max():g}, expected at most 2**53, so that "
            "the solver tells whole numbers apart"
        )
