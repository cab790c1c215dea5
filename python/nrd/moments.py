"""Means, variances, covariances and correlations without rounding on the way.

The sums behind them are exact, so that no result depends on the order of rows, on chunks,
on threads or on the processor: the same rows give the same bits.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np

from ._columns import Numbers, read_numbers
from ._core.moments import LEVELS, State
from ._frames import NO_KIND
from ._groups import count, seen
from ._keys import Run, in_order, read, written
from ._late import Late
from ._options import decimals_of, powers_of, threads_of, weight_kind_of
from ._result import Provenance
from ._saved import packed, unpacked
from ._statistics import Covariance, Statistics, header_of
from .errors import NrdError, NrdTypeError, NrdValueError

_METHOD = "exact sums, each result rounded once"
_REFERENCES = (
    "R. M. Neal, Fast exact summation using small and large superaccumulators, "
    "arXiv 1505.05571 (2015)",
    "S. M. Rump, T. Ogita, S. Oishi, Accurate floating-point summation, SIAM J. Sci. "
    "Comput. 31 (2008) 189-224",
)
_VERSION = 1
# Length of the checksum at the end of the bytes of a state.
_CHECKSUM = 4


class Moments:
    """A state of exact sums that rows are added to and other states are merged into.

    Feed it one batch after another of a table larger than memory, on one machine or many;
    the result has the same bits as that of one pass over all rows.

    Parameters
    ----------
    columns : str or sequence of str
        Columns to sum. A row with a missing value in any of them is left out.
    by : str or sequence of str, optional
        Columns whose values make groups.
    weights : str, optional
        Column of weights.
    weight_kind : {"frequency", "probability", "precision"}, optional
        What the weights mean; required where there are weights.
    level : {"covariances", "variances", "means"}, optional
        Which sums are kept.
    decimal : int or mapping of str to int, optional
        Printed decimals of the columns (0 to 9): values are taken as the decimal numbers
        they stand for, 0.1 as 1/10, of at most 15 digits. By default as the doubles they
        are.
    powers : mapping of str to int, optional
        Highest power of a column, up to 20, in a regression that is to follow from the
        sums; 1 by default.
    threads : int, optional
        0 for all processors, or as the environment variable ``NRD_NUM_THREADS`` says.

    Raises
    ------
    NrdValueError
        If an option cannot be.
    NrdKeyError
        If `decimal` names another column.

    Examples
    --------
    >>> import nrd
    >>> first, second = nrd.Moments("income"), nrd.Moments("income")
    >>> first.update({"income": [0.1, 0.2]})
    >>> second.update({"income": [0.3, None]})
    >>> first.merge(second)
    >>> first.finalize().columns["n"]
    [3]
    """

    def __init__(
        self,
        columns: str | Sequence[str],
        *,
        by: str | Sequence[str] | None = None,
        weights: str | None = None,
        weight_kind: str | None = None,
        level: str = "covariances",
        decimal: int | dict[str, int] | None = None,
        powers: dict[str, int] | None = None,
        threads: int = 0,
    ):
        self.columns = [columns] if isinstance(columns, str) else list(columns)
        self.by = [by] if isinstance(by, str) else list(by or ())
        self.weights = weights
        if level not in LEVELS:
            raise NrdValueError(f"level is {level!r}, expected {', '.join(LEVELS)}")
        kind = weight_kind_of(weights is not None, weight_kind)
        decimals = decimals_of(decimal, self.columns)
        self._kind = (len(self.columns), kind, level, tuple(decimals) if decimals else None)
        self._powers = powers_of(powers, self.columns)
        self._threads = threads_of(threads)
        # Keys in the order of their codes.
        self._keys: dict[tuple[Hashable, ...], int] | Run = {}
        self._state: State | None = None if self.by else self._empty(1)

    def _empty(self, groups: int) -> State:
        columns, weights, level, decimals = self._kind
        state = State(columns, groups, weights, level, decimals)
        if self._powers:
            state.keep_powers([self._powers.get(name, 1) for name in self.columns])
        return state

    def update(self, frame: Any) -> None:
        """Add the rows of a table, or of a batch of one.

        Raises
        ------
        NrdKeyError, NrdTypeError
            If a column is not there or not numeric.
        NrdValueError
            If a value is infinite, or a weight cannot be; the state stays as it was.
        KeyboardInterrupt
            At Ctrl-C. The state is then as it was; or, where that came in the moment in
            which the finished sums are taken over, it has all of the rows.
        """
        found = read_numbers(
            frame, "Moments", columns=self.columns, by=self.by, weights=self.weights
        )
        self._add(found)

    def _add(self, found: Numbers) -> None:
        state = self._sums(found)
        if found.keys is not None:
            self._take(state, found.keys, seen(found, state.rows(), state.dropped > 0))

    def _sums(self, found: Numbers) -> State:
        """Sums of rows: with groups in a state of their own, by the codes of the rows."""
        state = self._state if found.keys is None else self._empty(count(found))
        try:
            state.update(
                found.columns,
                found.group,
                found.first_group,
                found.weight,
                threads=self._threads,
                where=lambda row: f"row {row}",
            )
        except NrdError as error:
            error.args = (
                _named(str(error).removeprefix("nrd_moments_update: "), found.names),
            )
            raise
        return state

    def _take(
        self, state: State, keys: Sequence[tuple[Hashable, ...]], codes: np.ndarray
    ) -> None:
        """Merge groups under their keys: those of the codes, the others have no rows."""
        if self._state is None and len(codes) == len(keys) and keys:
            whole = isinstance(keys, Run)
            self._keys = keys if whole else {key: i for i, key in enumerate(keys)}
            self._state = state
            return
        own = {key: i for i, key in enumerate(self._keys)}
        places = np.zeros(state.groups, np.int64)
        for code in codes.tolist():
            places[code] = own.setdefault(keys[code], len(own))
        if self._state is None:
            self._state = self._empty(max(len(own), 1))
        elif len(own) > self._state.groups:
            self._state.grow(len(own))
        # Before the rows: whatever interrupts the merge, its rows have their keys.
        before, self._keys = self._keys, own
        try:
            self._state.merge(state, places)
        except NrdError:
            self._keys = before
            raise

    def merge(self, other: Moments) -> None:
        """Add the rows of another state of the same columns, groups, weights and decimals.

        Raises
        ------
        NrdValueError
            If the other state is of another kind.
        NrdTypeError
            If it is no state.
        """
        if not isinstance(other, Moments):
            raise NrdTypeError(f"merge: found {type(other).__name__}, expected Moments")
        mine = (self.columns, self.by, self.weights, self._kind, self._powers)
        theirs = (other.columns, other.by, other.weights, other._kind, other._powers)
        if mine != theirs:
            raise NrdValueError(f"merge: found a state of {theirs}, expected {mine}")
        if other is self:
            other = Moments.from_bytes(self.to_bytes())
        if not self.by:
            self._state.merge(other._state)
        elif other._state is not None:
            self._take(other._state, list(other._keys), np.arange(len(other._keys)))

    def to_bytes(self) -> bytes:
        """Canonical bytes: the same rows give the same bytes, whatever the road."""
        keys = list(self._keys)
        codes = in_order(keys)
        order = [keys[i] for i in codes]
        state = self._state
        if self.by:
            places = np.zeros(max(state.groups if state else 1, 1), np.int64)
            places[: len(codes)][codes] = np.arange(len(codes))
            sorted_state = self._empty(max(len(order), 1))
            if state is not None:
                sorted_state.merge(state, places)
            state = sorted_state
        about = {
            "columns": self.columns,
            "by": self.by,
            "weights": self.weights,
            "kind": self._kind,
            **({"powers": self._powers} if self._powers else {}),
            "keys": [[written(k) for k in key] for key in order],
        }
        return packed("moments", _VERSION, about, state.to_bytes())

    @classmethod
    def from_bytes(cls, data: bytes) -> Moments:
        """Read a state from its bytes.

        Raises
        ------
        NrdValueError
            If the bytes are damaged or of another version.
        NrdTypeError
            If they are no bytes.
        """
        return unpacked(data, "moments", _VERSION, "Moments", cls._build)

    @classmethod
    def _build(cls, about: dict[str, Any], sums: bytes) -> Moments:
        _, weights, level, decimals = about["kind"]
        out = cls(
            about["columns"],
            by=about["by"],
            weights=about["weights"],
            weight_kind=weights,
            level=level,
            decimal=dict(zip(about["columns"], decimals, strict=True))
            if decimals
            else None,
            powers=about.get("powers"),
        )
        out._keys = {tuple(map(read, key)): code for code, key in enumerate(about["keys"])}
        # Merged into a state of the kind that the head names: another is refused.
        out._state = out._empty(max(len(out._keys), 1))
        out._state.merge(State.from_bytes(sums, out._kind))
        return out

    @property
    def decimals(self) -> tuple[int, ...] | None:
        """Printed decimals of the columns, -1 for doubles; None where all are these."""
        return self._kind[3]

    @property
    def dropped(self) -> int:
        """Rows left out because a value, weight or group was missing."""
        return self._state.dropped if self._state is not None else 0

    def finalize(self, *, ddof: int = 1) -> Statistics:
        """Count, sum, mean, variance and standard deviation of each column and group.

        Groups whose rows all lack something are listed, with n 0.

        Parameters
        ----------
        ddof : {1, 0}, optional
            What the divisor of the variance is less than the number of rows.

        Returns
        -------
        Statistics
        """
        ddof = _ddof(ddof)
        header_of(self.by, "column", "n", "sum", "mean", "variance", "sd")
        order, state = self._ordered()
        rows = state.rows()[order]
        out = self._key_columns(order)
        p = len(self.columns)
        out["column"] = self.columns * len(order)
        out["n"] = np.repeat(rows, p)
        out["sum"] = state.sum()[order].ravel()
        out["mean"] = state.mean()[order].ravel()
        if self._kind[2] != "means":
            variance = state.variance(ddof)[order].ravel()
            out["variance"] = variance
            out["sd"] = np.sqrt(variance)
        return Statistics(self._provenance({"ddof": ddof}), NO_KIND, Late(out))

    def covariance(self, *, ddof: int = 1) -> Covariance:
        """Covariance and correlation matrices of the columns, by group.

        Groups whose rows all lack something are listed, with n 0.

        Raises
        ------
        NrdValueError
            If the state keeps no covariances.
        """
        ddof = _ddof(ddof)
        order, state = self._ordered()
        keys = list(self._keys) if self.by else None
        return Covariance(
            self._provenance({"ddof": ddof}),
            NO_KIND,
            tuple(self.columns),
            [keys[i] for i in order] if keys is not None else None,
            state.rows()[order],
            state.covariance(ddof)[order],
            state.correlation()[order],
        )

    def _ordered(self) -> tuple[list[int], State]:
        """Groups in the order of their keys, so that the order of rows does not show."""
        state = self._state if self._state is not None else self._empty(1)
        keys = self._keys if isinstance(self._keys, Run) else list(self._keys)
        return in_order(keys) if self.by else [0], state

    def _key_columns(self, order: list[int]) -> dict[str, Any]:
        keys, p = list(self._keys), len(self.columns)
        return {
            name: [keys[i][place] for i in order for _ in range(p)]
            for place, name in enumerate(self.by)
        }

    def _provenance(self, options: dict[str, Any]) -> Provenance:
        used = int(self._state.rows().sum()) if self._state is not None else 0
        return Provenance(
            method=_METHOD,
            options={
                **options,
                "weights": self.weights,
                "weight_kind": self._kind[1],
                "decimals": self.decimals,
            },
            used=used,
            dropped=self.dropped,
            references=_REFERENCES,
        )


def _ddof(ddof: int) -> int:
    if ddof not in (0, 1):
        raise NrdValueError(f"ddof is {ddof!r}, expected 0 or 1")
    return int(ddof)


def _named(message: str, names: list[str]) -> str:
    """Put the names of columns where libnrd knows only their numbers."""
    return re.sub(r"\bcolumn (\d+)", lambda m: f"column {names[int(m[1])]!r}", message)
