"""Regressions from states of exact sums, with arrays out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from . import array, call, ffi, lib, pointer
from . import column as as_column
from .moments import State
from .rows import stoppable

EMPTY = lib.NRD_FIT_EMPTY
FEW_ROWS = lib.NRD_FIT_FEW_ROWS
ROUNDED = lib.NRD_FIT_ROUNDED

# Rows of a prediction that take C a moment.
_BLOCK = 2**18
# As `nrd_fit`.
_FIT = np.dtype(
    [
        ("status", np.int32),
        ("dependent", np.int32),
        ("rows", np.uint64),
        ("units", np.uint64),
        ("df", np.float64),
        ("df_model", np.float64),
        ("rss", np.float64),
        ("tss", np.float64),
        ("sigma", np.float64),
        ("r_squared", np.float64),
        ("adjusted", np.float64),
        ("f", np.float64),
    ]
)


@dataclass(frozen=True)
class Model:
    """Column `y` of a state on terms: pairs of a column and its power."""

    y: int
    terms: tuple[tuple[int, int], ...]
    intercept: bool

    @property
    def size(self) -> int:
        """Number of coefficients."""
        return len(self.terms) + self.intercept


@dataclass(frozen=True)
class Solved:
    """What `nrd_regression_fit` finds: one regression a row.

    Classical covariances, and the standard errors by them, are None where not wanted.
    """

    fit: np.ndarray
    coefficient: np.ndarray
    coefficient_low: np.ndarray
    se: np.ndarray | None
    covariance: np.ndarray | None
    factor: np.ndarray
    factor_low: np.ndarray
    pivot: np.ndarray
    combined: np.ndarray

    def take(self, rows: Sequence[int]) -> Solved:
        """Return some of the regressions, in an order."""
        taken = {n: None if v is None else v[rows] for n, v in vars(self).items()}
        return Solved(**taken)


def fit(
    state: State,
    model: Model,
    within: np.ndarray | None = None,
    *,
    classical: bool = True,
    threads: int = 0,
) -> Solved:
    """Solve the regressions of a state; `within` says which one a unit belongs to."""
    g, k = state.groups if within is None else int(within.max()) + 1, model.size
    found = Solved(
        fit=np.zeros(g, _FIT),
        coefficient=np.empty((g, k)),
        coefficient_low=np.empty((g, k)),
        se=np.empty((g, k)) if classical else None,
        covariance=np.empty((g, k, k)) if classical else None,
        factor=np.empty((g, k, k)),
        factor_low=np.empty((g, k, k)),
        pivot=np.empty((g, k)),
        combined=np.zeros((g, k), np.uint8),
    )
    out, kept_out = _results(found)
    units = None if within is None else array(within, np.int64)
    packed, kept = _packed(model, g, units)
    stop = ffi.new("int *", 0)
    arguments = (state._handle, packed, threads, stop, out)
    held = (state, packed, kept, kept_out, stop)
    stoppable(g * k**4, stop, held, "nrd_regression_fit", "regress", *arguments)
    return found


def _results(found: Solved) -> tuple:
    """The arrays as C knows them, and what has to live as long."""
    held = {
        name: ffi.from_buffer("nrd_fit *", array(values, _FIT))
        if name == "fit"
        else pointer(np.ascontiguousarray(values))
        for name, values in vars(found).items()
        if values is not None
    }
    return ffi.new("nrd_regression_results *", held), held


def _packed(model: Model, regressions: int, units: np.ndarray | None) -> tuple:
    """The model as C knows it, and what has to live as long."""
    terms = ffi.new("nrd_term[]", list(model.terms))
    packed = {
        "y": model.y,
        "terms": terms,
        "n": len(model.terms),
        "intercept": model.intercept,
        "within": ffi.NULL if units is None else pointer(units),
        "regressions": regressions,
    }
    return ffi.new("nrd_regression_model *", packed), (terms, packed["within"])


def predict(
    found: Solved,
    model: Model,
    columns: Sequence[np.ndarray],
    regression: np.ndarray,
    decimals: Sequence[int] | None,
    *,
    leverages: bool,
    threads: int = 0,
) -> tuple[np.ndarray, np.ndarray | None]:
    """Fitted values and leverages of rows; the columns are those of x, in their order.

    Rows go to C block by block, so that Ctrl-C is heard.
    """
    held = [array(values, np.float64) for values in columns]
    rows = array(regression, np.int64)
    places = None if decimals is None else array(decimals, np.int32)
    fitted = np.empty(len(rows))
    leverage = np.empty(len(rows)) if leverages else None
    out, kept_out = _results(found)
    taken, kept = _packed(model, len(found.fit), None)
    for start in range(0, len(rows), _BLOCK):
        block = slice(start, start + _BLOCK)
        # Place 0 is that of y, which no term has; it says how many rows there are.
        packed = ffi.new("nrd_column[]", 1 + len(held))
        for i, values in enumerate([fitted, *held]):
            packed[i] = as_column(values[block])[0]
        points = {
            "columns": packed,
            "n": len(packed),
            "decimals": ffi.NULL if places is None else pointer(places),
            "regression": pointer(rows[block]),
            "regressions": len(found.fit),
        }
        call(
            "nrd_regression_predict",
            lambda row, start=start: f"predict, row {start + row}",
            ffi.new("nrd_regression_points *", points),
            taken,
            out,
            threads,
            pointer(fitted[block]),
            ffi.NULL if leverage is None else pointer(leverage[block]),
        )
    del kept, kept_out
    return fitted, leverage


def infer(
    estimate: np.ndarray, se: np.ndarray, df: np.ndarray, level: float, *, p: bool = True
) -> tuple[np.ndarray, np.ndarray | None, np.ndarray, np.ndarray]:
    """Tests against 0: t, p where it is wanted, and the ends of the intervals."""
    given = [array(values, np.float64) for values in (estimate, se, df)]
    t, low, high = (np.empty(estimate.shape) for _ in range(3))
    share = np.empty(estimate.shape) if p else None
    room = [t, share, low, high]
    call(
        "nrd_regression_test",
        "regress",
        *map(pointer, given),
        estimate.size,
        level,
        ffi.new(
            "nrd_regression_tests *",
            [ffi.NULL if values is None else pointer(values) for values in room],
        ),
    )
    return t, share, low, high


def f_share(f: np.ndarray, df_model: np.ndarray, df: np.ndarray) -> np.ndarray:
    """Chance that F is as large or larger; NaN where undefined."""
    out = np.full(f.shape, np.nan)
    share = ffi.new("double *")
    for i in np.flatnonzero(~np.isnan(f)).tolist():
        call("nrd_dist_f_sf", "regress", f[i], df_model[i], df[i], share)
        out[i] = share[0]
    return out
