"""Bootstrap samples read from a table, and the result of a bootstrap."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ._columns import floats, named
from ._encode import encode
from ._frames import Frame, Kind
from ._keys import in_order, one_form
from ._labels import label
from ._result import Columns, Result, records
from .errors import NrdTypeError, NrdValueError


@dataclass(frozen=True)
class Sample:
    """Rows in the order of their strata and clusters, without missing values.

    Attributes
    ----------
    names : list of str
        Names of the columns.
    columns : list of ndarray
        Their values.
    units, strata : ndarray or None
        Rows before each cluster and units before each stratum, with the end.
    sample : ndarray or None
        0 or 1: which of two samples a row belongs to.
    key : ndarray or None
        Key of each cluster, for Poisson numbers.
    samples : list
        Names of the two samples.
    kind : Kind
        The caller's kind of frame.
    dropped : int
        Rows left out because something was missing.
    """

    names: list[str]
    columns: list[np.ndarray]
    units: np.ndarray | None
    strata: np.ndarray | None
    sample: np.ndarray | None
    key: np.ndarray | None
    samples: list[Hashable]
    kind: Kind
    dropped: int

    @property
    def n(self) -> int:
        """Number of rows."""
        return len(self.columns[0])


def read_sample(
    data: Any,
    where: str,
    columns: str | Sequence[str] | None,
    labels: dict[str, Any],
    apart: bool,
    alone: bool = False,
) -> Sample:
    """Read columns, and who belongs together.

    Parameters
    ----------
    data : data frame, mapping of columns, array, or list of numbers
        As the statistics of nrd take it.
    where : str
        What messages begin with.
    columns : str or sequence of str or None
        Columns; by default all but those that labels name.
    labels : dict
        "group", "strata" and "cluster": name of a column, labels, or None.
    apart : bool
        Whether the two samples of "group" are strata.
    alone : bool, optional
        Whether a stratum may have one unit.
    """
    frame = Frame(named(data, where), where)
    taken = [name for name in labels.values() if isinstance(name, str)]
    if columns is None:
        names = [name for name in frame.columns if name not in taken]
    else:
        names = [columns] if isinstance(columns, str) else list(columns)
    if not names:
        raise NrdValueError(f"{where}: there is no column to read")
    values = [floats(frame, name, where) for name in names]
    found = {
        name: _codes(frame, given, name, where)
        for name, given in labels.items()
        if given is not None
    }
    kept = ~np.logical_or.reduce(
        [np.isnan(v) for v in values] + [codes < 0 for _, codes in found.values()]
    )
    check_finite(names, values, where)
    found = {name: _dense(keys, codes[kept]) for name, (keys, codes) in found.items()}
    return _in_order(
        names,
        [v[kept] for v in values],
        found,
        apart,
        where,
        alone,
        kind=frame.kind,
        dropped=int(len(kept) - kept.sum()),
    )


def _codes(frame: Frame, given: Any, name: str, where: str) -> tuple[list, np.ndarray]:
    if isinstance(given, str):
        return frame.encode(given)
    if not hasattr(given, "__len__"):
        raise NrdTypeError(
            f"{where}: {name} is {given!r}, expected the name of a column, or labels"
        )
    if len(given) != frame.rows:
        raise NrdValueError(
            f"{where}: {name} has {len(given)} labels, expected {frame.rows}"
        )
    return encode(given.tolist() if isinstance(given, np.ndarray) else list(given))


def check_finite(names: list[str], values: list[np.ndarray], where: str) -> None:
    """Raise where a value is infinite."""
    for name, column in zip(names, values, strict=True):
        rows = np.flatnonzero(np.isinf(column))
        if len(rows):
            raise NrdValueError(
                f"{where}: column {name!r}, row {rows[0]}: found {column[rows[0]]}, "
                "expected a finite number",
                row=int(rows[0]),
            )


def _dense(keys: list, codes: np.ndarray) -> tuple[list[Hashable], np.ndarray]:
    """Keys that have rows in their order, and codes that count so."""
    order = np.array(in_order([(one_form(key),) for key in keys]), np.int64)
    present = np.bincount(codes, minlength=len(keys)) > 0
    order = order[present[order]] if len(order) else order
    place = np.empty(len(keys), np.int64)
    place[order] = np.arange(len(order))
    return [one_form(keys[i]) for i in order], place[codes]


def _in_order(
    names: list[str],
    values: list[np.ndarray],
    found: dict[str, tuple[list, np.ndarray]],
    apart: bool,
    where: str,
    alone: bool,
    **rest: Any,
) -> Sample:
    """Put the rows in the order of strata and clusters, and count them."""
    samples, sample = found.get("group", ([], None))
    if sample is not None and len(samples) != 2:
        raise NrdValueError(
            f"{where}: group has {len(samples)} different labels, expected 2"
        )
    strata, stratum = _strata(found, apart)
    clusters, cluster = found.get("cluster", ([], None))
    sort_by = [codes for codes in (cluster, stratum) if codes is not None]
    order = np.lexsort(sort_by) if sort_by else slice(None)
    stratum = None if stratum is None else stratum[order]
    units = key = before = None
    count = len(values[0])
    if cluster is not None:
        units = _runs(cluster[order], stratum)
        drawn = cluster[order][units[:-1]]
        _check_nested(drawn, clusters, where)
        key = np.array([key_of(clusters[code]) for code in drawn], np.uint64)
        stratum = None if stratum is None else stratum[units[:-1]]
        count = len(drawn)
    if count < 2:
        what = "row" if cluster is None else "cluster"
        raise NrdValueError(f"{where}: there is {count} {what}, expected at least 2")
    if stratum is not None:
        before = _before(stratum, strata, where, alone)
    return Sample(
        names=names,
        columns=[column[order] for column in values],
        units=units,
        strata=before,
        sample=None if sample is None else sample[order].astype(np.uint8),
        key=key,
        samples=samples,
        **rest,
    )


def _strata(found: dict, apart: bool) -> tuple[list[Hashable], np.ndarray | None]:
    """Strata of the rows: the caller's, the two samples, or both together."""
    strata, stratum = found.get("strata", ([], None))
    if not apart or "group" not in found:
        return strata, stratum
    samples, sample = found["group"]
    if stratum is None:
        return samples, sample
    codes, dense = np.unique(2 * stratum + sample, return_inverse=True)
    return [f"{strata[code // 2]}, {samples[code % 2]}" for code in codes], dense


def _runs(cluster: np.ndarray, stratum: np.ndarray | None) -> np.ndarray:
    """Rows before each run of one cluster in one stratum, with the end."""
    changes = np.diff(cluster) != 0
    if stratum is not None:
        changes |= np.diff(stratum) != 0
    return np.concatenate(([0], np.flatnonzero(changes) + 1, [len(cluster)]))


def _check_nested(drawn: np.ndarray, clusters: list[Hashable], where: str) -> None:
    twice = np.flatnonzero(np.bincount(drawn) > 1)
    if len(twice):
        raise NrdValueError(
            f"{where}: cluster {clusters[twice[0]]!r} is in more than one stratum, expected"
            " each in one"
        )


def _before(
    stratum: np.ndarray, strata: list[Hashable], where: str, alone: bool
) -> np.ndarray:
    """Units before each stratum, with the end."""
    counts = np.bincount(stratum)
    if counts.min() < 2 and not alone:
        name = strata[int(np.argmin(counts))]
        raise NrdValueError(
            f"{where}: stratum {name!r} has one unit, expected at least 2: all resamples "
            "would have it once"
        )
    return np.concatenate(([0], np.cumsum(counts)))


def key_of(name: Hashable) -> int:
    """A number that a cluster has wherever its rows are: its own, or one of its name."""
    if isinstance(name, int) and 0 <= name < 2**63:
        return name
    import hashlib

    digest = hashlib.blake2b(str(name).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little") | 2**63


@dataclass(frozen=True, eq=False, repr=False)
class Bootstrap(Result):
    """A statistic with its bootstrap interval.

    Attributes
    ----------
    columns : dict of columns
        One row a statistic: ``statistic``, ``column``, ``estimate``, ``standard_error`` (of
        the replicates), ``bias`` (their mean less the estimate), ``low``, ``high``, and
        ``replicates`` (those that are defined). None where undefined.
    distribution : ndarray, shape (n_resamples,) or (n_resamples, statistics)
        The replicates; NaN where a resample has no such statistic.
    probabilities : ndarray, shape (statistics, 2)
        Shares of the replicates below the bounds; for BCa the corrected ones.
    acceleration : ndarray or None
        Acceleration of BCa, one for each statistic.
    """

    columns: Columns
    distribution: np.ndarray
    probabilities: np.ndarray
    acceleration: np.ndarray | None

    @property
    def table(self) -> Any:
        """One row a statistic, in the caller's kind of frame."""
        return self.kind.build(self.columns)

    def __float__(self) -> float:
        """The estimate, where there is one statistic."""
        return self.estimate

    @property
    def estimate(self) -> float:
        """The statistic of the data."""
        return self._one("estimate")

    @property
    def standard_error(self) -> float:
        """Standard deviation of the replicates."""
        return self._one("standard_error")

    @property
    def bias(self) -> float:
        """Mean of the replicates less the estimate."""
        return self._one("bias")

    @property
    def low(self) -> float:
        """Lower bound; -inf where there is none."""
        return self._one("low")

    @property
    def high(self) -> float:
        """Upper bound; inf where there is none."""
        return self._one("high")

    def _one(self, name: str) -> float:
        values = self.columns[name]
        if len(values) != 1:
            raise NrdTypeError(f"there are {len(values)} statistics, expected one")
        return float("nan") if values[0] is None else float(values[0])

    def plot(self, ax: Any = None, **options: Any) -> Any:
        """Draw the replicates and the interval; options as in `nrd.plot.heat_map`."""
        from ._plot_distribution import distribution

        return distribution(self, ax=ax, **options)

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain Python values; the table as a list of rows."""
        return {**super().to_dict(), "columns": records(self.columns)}

    def report(self, language: str = "en") -> list:
        """Return the titled table that `summary` shows."""
        from ._display import Section, number

        rows = []
        for row in zip(*self.columns.values(), strict=True):
            digits = _digits(row[3])
            rows.append([number(v, digits) if isinstance(v, float) else v for v in row])
        title = label("bootstrap", language)
        return [Section(title, list(self.columns), rows, self.provenance.method)]


def _digits(error: float | None) -> int:
    """Decimals that show two digits of a standard error."""
    if not error or not math.isfinite(error):
        return 4
    return min(max(2, 1 - math.floor(math.log10(error))), 12)
