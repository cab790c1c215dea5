"""Correlations of libnrd, with arrays in and out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from . import array, ffi, lib, pointer
from .permutation import ALTERNATIVES
from .rows import stoppable

METHODS = {
    "pearson": lib.NRD_CORRELATION_PEARSON,
    "spearman": lib.NRD_CORRELATION_SPEARMAN,
    "kendall": lib.NRD_CORRELATION_KENDALL,
    "distance": lib.NRD_CORRELATION_DISTANCE,
    "distance_unbiased": lib.NRD_CORRELATION_DISTANCE_CENTRED,
    "xi": lib.NRD_CORRELATION_XI,
    "winsorized": lib.NRD_CORRELATION_WINSORIZED,
    "percentage_bend": lib.NRD_CORRELATION_PERCENTAGE_BEND,
}
RELATIONS = {
    "rows": lib.NRD_RELATION_ROWS,
    "within": lib.NRD_RELATION_WITHIN,
    "between": lib.NRD_RELATION_BETWEEN,
}
PARTS = {"both": lib.NRD_PART_BOTH, "x": lib.NRD_PART_X, "y": lib.NRD_PART_Y}
# What the fields of C are, as they lie in memory.
FOUND = np.dtype(
    [
        ("status", np.int32),
        ("covariate", np.int32),
        ("n", np.uint64),
        ("dropped", np.uint64),
        ("units", np.uint64),
        ("estimate", np.float64),
        ("effective_n", np.float64),
        ("df", np.float64),
        ("null_se", np.float64),
        ("centred", np.float64),
    ]
)
TESTED = np.dtype(
    [(name, np.float64) for name in ("statistic", "p", "low", "high", "detectable")]
)
ARRANGED = np.dtype(
    {
        "names": ["p", "adjusted", "smallest", "extreme", "used", "exact"],
        "formats": [np.float64] * 3 + [np.uint64] * 2 + [np.int32],
        "offsets": [0, 8, 16, 24, 32, 40],
        "itemsize": ffi.sizeof("nrd_correlation_arranged"),
    }
)
# A row of a pair takes about as long as so many that are only read.
_PER_ROW = 20


@dataclass(frozen=True)
class Meaning:
    """What is meant by correlation: names of `METHODS`, `RELATIONS` and `PARTS`."""

    method: str
    relation: str = "rows"
    part: str = "both"
    listwise: bool = False
    share: float = 0.0


class Columns:
    """Columns of one length as C takes them; NaN is missing.

    Parameters
    ----------
    columns : sequence of ndarray, shape (n,)
        Values.
    weight : ndarray or None
        Weights.
    unit : ndarray or None
        Number of the unit of each row, -1 where it is missing.
    covariates : sequence of int
        Places of the columns that are covariates.
    """

    def __init__(
        self,
        columns: Sequence[np.ndarray],
        weight: np.ndarray | None = None,
        unit: np.ndarray | None = None,
        covariates: Sequence[int] = (),
    ):
        self._held = [array(values, np.float64) for values in columns]
        self._packed = ffi.new("double *[]", [pointer(values) for values in self._held])
        self._weight = None if weight is None else array(weight, np.float64)
        self._unit = None if unit is None else array(unit, np.int64)
        self._covariates = ffi.new("size_t[]", list(covariates))
        self.rows = len(self._held[0])
        self.units = 0 if unit is None else int(self._unit.max(initial=-1)) + 1
        data = self._data = ffi.new("nrd_correlation_data *")
        data.columns, data.n_columns, data.n = self._packed, len(self._held), self.rows
        data.weight = ffi.NULL if weight is None else pointer(self._weight)
        data.unit = ffi.NULL if unit is None else pointer(self._unit)
        data.units = self.units
        data.covariates, data.n_covariates = self._covariates, len(covariates)

    def correlate(
        self, pairs: np.ndarray, meaning: Meaning, threads: int, where: Any
    ) -> np.ndarray:
        """Coefficients of pairs, shape (m, 2): an array of `FOUND`."""
        out = np.empty(len(pairs), FOUND)
        self._call("nrd_correlation_pairs", pairs, meaning, threads, where, out)
        return out

    def left(
        self, pair: tuple[int, int], meaning: Meaning, threads: int, where: Any
    ) -> np.ndarray:
        """The coefficient of a pair without each row, or without each unit."""
        out = np.empty(self.rows if self._unit is None else self.units)
        stop = ffi.new("int *", 0)
        stoppable(
            out.size * self.rows * _PER_ROW,
            stop,
            (self, out),
            "nrd_correlation_left",
            where,
            self._data,
            {"x": pair[0], "y": pair[1]},
            _options(meaning),
            threads,
            stop,
            pointer(out),
        )
        return out

    def repeated(
        self,
        pair: tuple[int, int],
        meaning: Meaning,
        times: np.ndarray,
        threads: int,
        where: Any,
    ) -> np.ndarray:
        """The coefficient of a pair whose rows are repeated, shape (count, rows)."""
        held, out = array(times, np.uint32), np.empty(len(times))
        stop = ffi.new("int *", 0)
        stoppable(
            held.size * _PER_ROW,
            stop,
            (self, held, out),
            "nrd_correlation_repeated",
            where,
            self._data,
            {"x": pair[0], "y": pair[1]},
            _options(meaning),
            pointer(held.reshape(-1)),
            len(times),
            threads,
            stop,
            pointer(out),
        )
        return out

    def arrange(
        self,
        pairs: np.ndarray,
        meaning: Meaning,
        resamples: int,
        seed: int,
        *,
        alternative: str = "two-sided",
        strata: np.ndarray | None = None,
        block: np.ndarray | None = None,
        threads: int = 0,
        where: Any = "correlate",
        look: Callable[[int], None] | None = None,
    ) -> np.ndarray:
        """Permutation tests of pairs, together where there are blocks: of `ARRANGED`.

        `look` is called with the arrangements done, of resamples times pairs.
        """
        out = np.empty(len(pairs), ARRANGED)
        held = [
            None if strata is None else array(strata, np.int64),
            None if block is None else array(block, np.uint32),
        ]
        how = ffi.new("nrd_correlation_arranging *")
        how.resamples, how.seed, how.joint = resamples, seed, block is not None
        how.alternative = ALTERNATIVES[alternative]
        how.strata = ffi.NULL if strata is None else pointer(held[0])
        how.block = ffi.NULL if block is None else pointer(held[1])
        done = ffi.new("uint64_t *", 0)
        how.done = ffi.NULL if look is None else done
        wait = None if look is None else lambda: look(done[0])
        function = "nrd_correlation_arrange"
        self._call(function, pairs, meaning, threads, where, out, how, look=wait)
        return out

    def _call(
        self,
        function: str,
        pairs: np.ndarray,
        meaning: Meaning,
        threads: int,
        where: Any,
        out: np.ndarray,
        *more: object,
        look: Callable[[], None] | None = None,
    ) -> None:
        listed = ffi.new("nrd_pair[]", [tuple(pair) for pair in pairs.tolist()])
        stop = ffi.new("int *", 0)
        found = ffi.from_buffer(out) if len(out) else ffi.NULL
        kind = "nrd_correlation" + ("_arranged *" if more else " *")
        stoppable(
            len(pairs) * self.rows * (int(more[0].resamples) if more else _PER_ROW),
            stop,
            (self, out, more),
            function,
            where,
            self._data,
            listed,
            len(pairs),
            _options(meaning),
            *more,
            threads,
            stop,
            ffi.cast(kind, found),
            look=look,
        )


def test(
    found: np.ndarray, method: str, alternative: str, level: float, power: float
) -> np.ndarray:
    """P-values and intervals of an array of `FOUND`: an array of `TESTED`."""
    from . import call

    out = np.empty(len(found), TESTED)
    options = ffi.new(
        "nrd_correlation_testing *",
        (METHODS[method], ALTERNATIVES[alternative], level, power),
    )
    held = np.ascontiguousarray(found)
    both = [ffi.from_buffer(a) if len(a) else ffi.NULL for a in (held, out)]
    call(
        "nrd_correlation_test",
        "correlate",
        ffi.cast("nrd_correlation *", both[0]),
        len(found),
        options,
        ffi.cast("nrd_correlation_tested *", both[1]),
    )
    return out


def _options(meaning: Meaning) -> object:
    return ffi.new(
        "nrd_correlation_options *",
        (
            METHODS[meaning.method],
            RELATIONS[meaning.relation],
            PARTS[meaning.part],
            meaning.listwise,
            meaning.share,
        ),
    )


def kendall_p(x: np.ndarray, y: np.ndarray) -> tuple[dict[str, float], bool]:
    """Kendall's test of complete rows: its p-values, and whether they are exact."""
    from . import call

    out = ffi.new("nrd_kendall *")
    held = array(x, np.float64), array(y, np.float64)
    both = (pointer(held[0]), pointer(held[1]))
    call("nrd_kendall_test", "correlate", *both, len(held[0]), 0, out)
    return {name: getattr(out, name) for name in ("p", "smallest_p")}, bool(out.exact)
