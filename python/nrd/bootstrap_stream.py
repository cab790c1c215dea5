"""A bootstrap of data that come in parts: larger than memory, or on many machines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from ._bootstrap import Bootstrap, check_finite, key_of
from ._bootstrap_plan import Plan, plan_of
from ._bootstrap_result import result_of
from ._columns import floats, named
from ._core.bootstrap import Design
from ._core.moments import State
from ._frames import NO_KIND, Frame
from ._options import threads_of
from ._resample import seed_of, whole
from ._saved import packed, unpacked
from .errors import NrdTypeError, NrdValueError

__all__ = ["PoissonBootstrap"]

_WHERE = "PoissonBootstrap"
_KIND = "poisson-bootstrap"
_VERSION = 1
# Rows that are added together.
_TOGETHER = 65_536
# Replicates that are groups of one state, beside the data themselves.
_MOST = 2**32 - 2
_PAIRS = ("pearson", "slope")


class PoissonBootstrap:
    """Exact sums of Poisson resamples, that rows are added to and others are merged into.

    Each unit enters each resample a Poisson number of times that seed and key alone decide:
    however the rows are cut, wherever the parts are added and merged, the result has the
    same bits, and for means and r those of ``nrd.bootstrap(..., cluster=key,
    scheme="poisson")`` of all rows; slopes may differ in the last one. It is not the
    multinomial bootstrap: the size of a resample varies, which is felt below some 100
    units.

    Parameters
    ----------
    columns : str or sequence of str
        Columns; a row with a missing value in any of them, or no key, is left out.
    key : str
        Column of keys: whole numbers or labels. Rows of one key are drawn together.
    n_resamples : int, optional
        Number of replicates; each takes some 100 bytes a column.
    seed : int, optional
        From 0 to 2^64 - 1; by default of the operating system. Parts that will be merged
        need the same one.
    threads : int, optional
        0 for all processors.

    Raises
    ------
    NrdTypeError, NrdValueError
        If an option cannot be.

    References
    ----------
    .. [1] A. Canty, A. C. Davison, J. Roy. Statist. Soc. D 48 (1999) 379-391.

    Examples
    --------
    >>> import nrd
    >>> first = nrd.PoissonBootstrap("income", key="id", n_resamples=199, seed=7)
    >>> second = nrd.PoissonBootstrap("income", key="id", n_resamples=199, seed=7)
    >>> first.update({"income": [19.5, 21.0, 24.0], "id": [0, 1, 2]})
    >>> second.update({"income": [18.2, 30.1, 22.7], "id": [3, 4, 5]})
    >>> first.merge(second)
    >>> round(first.finalize("mean").estimate, 2)
    22.58
    """

    def __init__(
        self,
        columns: str | Sequence[str],
        *,
        key: str,
        n_resamples: int = 999,
        seed: int | None = None,
        threads: int = 0,
    ):
        self.columns = [columns] if isinstance(columns, str) else list(columns)
        if not self.columns:
            raise NrdValueError(f"{_WHERE}: there is no column to read")
        self.key = key
        self.n_resamples = whole(n_resamples, "n_resamples", _WHERE, 1, _MOST)
        self.seed = seed_of(seed, _WHERE)
        self.used = self.dropped = 0
        self._threads = threads_of(threads)
        # One group for each replicate, and behind them the data themselves.
        self._state = self._empty()

    def _empty(self) -> State:
        level = "covariances" if len(self.columns) == 2 else "means"
        return State(len(self.columns), self.n_resamples + 1, None, level)

    def update(self, frame: Any) -> None:
        """Add the rows of a table, or of a batch of one.

        Raises
        ------
        NrdKeyError, NrdTypeError
            If a column is not there or not numeric.
        NrdValueError
            If a value is infinite. As after Ctrl-C, the state is then as it was.
        """
        table = Frame(named(frame, _WHERE), _WHERE)
        values = [floats(table, name, _WHERE) for name in self.columns]
        check_finite(self.columns, values, _WHERE)
        labels, codes = table.encode(self.key)
        kept = (codes >= 0) & ~np.logical_or.reduce([np.isnan(v) for v in values])
        keys = np.array([key_of(label) for label in labels], np.uint64)
        new = self._empty()
        for part in _parts(np.flatnonzero(kept), _TOGETHER):
            self._add(new, [v[part] for v in values], keys[codes[part]])
        self._state.merge(new)
        self.used += int(kept.sum())
        self.dropped += int(len(kept) - kept.sum())

    def _add(self, state: State, values: list[np.ndarray], keys: np.ndarray) -> None:
        """Add rows to all resamples, and to the data themselves."""
        group = np.full(len(keys), self.n_resamples, np.int32)
        state.update(values, group, threads=self._threads, where=_WHERE)
        design = Design(
            "pearson" if len(values) == 2 else "mean",
            "poisson",
            values,
            len(keys),
            key=keys,
            where=_WHERE,
        )
        design.add_moments(state, self.seed, self.n_resamples, self._threads)

    def merge(self, other: PoissonBootstrap) -> None:
        """Add the rows of another state; no row may be in both.

        Raises
        ------
        NrdTypeError, NrdValueError
            If it is no such state, or of other columns, replicates or seed.
        """
        if not isinstance(other, PoissonBootstrap):
            raise NrdTypeError(f"{_WHERE}: found {other!r}, expected another state")
        for name in ("columns", "n_resamples", "seed"):
            own, found = getattr(self, name), getattr(other, name)
            if own != found:
                raise NrdValueError(f"{_WHERE}: {name} is {found}, expected {own}")
        self._state.merge(other._state)
        self.used += other.used
        self.dropped += other.dropped

    def finalize(
        self,
        statistic: str = "mean",
        *,
        method: str = "percentile",
        level: float = 0.95,
        alternative: str = "two-sided",
    ) -> Bootstrap:
        """The statistic of the rows so far, with its interval.

        Parameters
        ----------
        statistic : {"mean", "pearson", "slope"}, optional
            As in `nrd.bootstrap`; the last two of two columns.
        method : {"percentile", "basic"}, optional
            Which interval; the others need all rows at once.
        level, alternative
            As in `nrd.bootstrap`.

        Raises
        ------
        NrdValueError
            If an option cannot be, there are no rows, or the statistic is undefined.
        """
        if statistic not in ("mean", *_PAIRS):
            raise NrdValueError(
                f"{_WHERE}: statistic is {statistic!r}, expected mean, pearson, slope"
            )
        if method not in ("percentile", "basic"):
            raise NrdValueError(
                f"{_WHERE}: method is {method!r}, expected percentile, basic"
            )
        if statistic in _PAIRS and len(self.columns) != 2:
            raise NrdValueError(
                f"{_WHERE}: {statistic} has {len(self.columns)} columns, expected 2"
            )
        plan = plan_of(
            statistic, False, "poisson", None, self.n_resamples, method, level, alternative
        )
        return self._result(plan)

    def _result(self, plan: Plan) -> Bootstrap:
        values = _statistics(self._state, plan.statistic)
        return result_of(
            plan,
            self.columns,
            NO_KIND,
            (self.used, self.dropped),
            values[-1],
            values[:-1],
            seed=self.seed,
            options={"columns": self.columns, "key": self.key},
        )

    def to_bytes(self) -> bytes:
        """The state as bytes, the same on every machine, with a checksum."""
        names = ("columns", "key", "n_resamples", "seed", "used", "dropped")
        about = {name: getattr(self, name) for name in names}
        return packed(_KIND, _VERSION, about, self._state.to_bytes())

    @classmethod
    def from_bytes(cls, data: bytes) -> PoissonBootstrap:
        """Read a state from its bytes.

        Raises
        ------
        NrdValueError
            If the bytes are damaged, or of another version.
        NrdTypeError
            If they are no bytes.
        """
        return unpacked(data, _KIND, _VERSION, _WHERE, cls._build)

    @classmethod
    def _build(cls, about: dict[str, Any], sums: bytes) -> PoissonBootstrap:
        used, dropped = about.pop("used"), about.pop("dropped")
        out = cls(about.pop("columns"), **about)
        # Merged into a state of the kind that the head names: another is refused.
        out._state.merge(State.from_bytes(sums, out._state.kind))
        out.used, out.dropped = used, dropped
        return out


def _parts(rows: np.ndarray, size: int) -> Iterator[np.ndarray]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def _statistics(state: State, statistic: str) -> np.ndarray:
    """The statistic of each group, one row each."""
    if statistic == "mean":
        return state.mean()
    if statistic == "pearson":
        return state.correlation()[:, 0, 1:]
    covariance = state.covariance(0)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = covariance[:, 0, 1:] / covariance[:, 0, :1]
    return np.where(covariance[:, 0, :1] > 0, found, np.nan)
