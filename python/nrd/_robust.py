"""Robust covariances in place of the classical ones of a fit."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from ._columns import Numbers, labels_of, values_of
from ._core.sandwich import Rows
from ._keys import in_order
from ._regression import LinearFit
from ._statistics import header_of
from .covariances import Cluster, Hac, WildCluster
from .errors import NrdValueError

_WHITE = (
    "J. G. MacKinnon, H. White, Some heteroskedasticity-consistent covariance matrix "
    "estimators with improved finite sample properties, J. Econometrics 29 (1985) 305-325",
)
_NEWEY_WEST = (
    "W. K. Newey, K. D. West, A simple, positive semi-definite, heteroskedasticity and "
    "autocorrelation consistent covariance matrix, Econometrica 55 (1987) 703-708",
    "W. K. Newey, K. D. West, Automatic lag selection in covariance matrix estimation, "
    "Rev. Econ. Stud. 61 (1994) 631-653",
)
_CLUSTERS = (
    "R. M. Bell, D. F. McCaffrey, Bias reduction in standard errors for linear regression "
    "with multi-stage samples, Survey Methodology 28 (2002) 169-181",
    "J. E. Pustejovsky, E. Tipton, Small-sample methods for cluster-robust variance "
    "estimation and hypothesis testing in fixed effects models, J. Bus. Econ. Stat. 36 "
    "(2018) 672-683",
)
_TWO_WAYS = (
    "A. C. Cameron, J. B. Gelbach, D. L. Miller, Robust inference with multiway "
    "clustering, J. Bus. Econ. Stat. 29 (2011) 238-249",
)
_WILD = (
    "A. C. Cameron, J. B. Gelbach, D. L. Miller, Bootstrap-based improvements for "
    "inference with clustered errors, Rev. Econ. Stat. 90 (2008) 414-427",
    "D. Roodman, M. O. Nielsen, J. G. MacKinnon, M. D. Webb, Fast and wild: bootstrap "
    "inference in Stata using boottest, Stata J. 19 (2019) 4-60",
)
_ADJUSTED = {
    False: "",
    True: ", times n / (n - k)",
    "unbiased": ", unbiased for independent errors",
}


@dataclass(frozen=True)
class _Found:
    """Covariances (g, k, k) and degrees of freedom (g, k), and what else is known."""

    covariance: np.ndarray
    df: np.ndarray
    method: str
    references: tuple[str, ...]
    details: dict[str, np.ndarray]
    tests: tuple[np.ndarray, ...] | None = None
    assumptions: tuple[str, ...] = ()


class _Table:
    """The complete rows of a table, each with the place of its regression."""

    def __init__(self, fit: LinearFit, found: Numbers, data: Any):
        self.fit, self.found, self.data = fit, found, data
        complete = np.ones(found.rows, bool)
        for values in (*found.columns, found.weight):
            if values is not None:
                complete &= ~np.isnan(values)
        place = _places(found, complete)
        self.origin = np.flatnonzero(complete & (place >= 0))
        self.place = place[self.origin]

    def labels(self, name: str) -> np.ndarray:
        """Places of the labels of a column in their order, one a row."""
        keys, codes = labels_of(self.data, "regress", name)
        lookup = np.full(len(keys) + 1, -1, np.int64)
        lookup[np.asarray(in_order(keys), np.int64)] = np.arange(len(keys))
        label = lookup[codes[self.origin]]
        self._check_missing(label < 0, name)
        return label

    def times(self, name: str) -> np.ndarray:
        """Times of the rows: numbers and dates as they are, else places of labels."""
        values = values_of(self.data, "regress", name)
        if values.dtype.kind not in "iufM":
            return self.labels(name)
        values = values[self.origin]
        self._check_missing(
            np.isnat(values) if values.dtype.kind == "M" else values != values, name
        )
        return values

    def _check_missing(self, missing: np.ndarray, name: str) -> None:
        if missing.any():
            row = int(self.origin[np.argmax(missing)])
            raise NrdValueError(
                f"regress: column {name!r}, row {row} is missing, expected a value in each "
                "row that is used",
                row=row,
            )

    def rows(self, label: np.ndarray | None = None) -> tuple[Rows, np.ndarray | None]:
        """Return the rows by regression, then label; and the labels in that order."""
        place, origin = self.place, self.origin
        if not _in_place(place, label):
            if label is None:
                order = np.argsort(place, kind="stable")
            else:
                order = np.lexsort((label, place))
                label = label[order]
            place, origin = place[order], origin[order]
        as_read = len(origin) == self.found.rows and _in_place(origin)
        columns = self.found.columns
        weight = self.found.weight
        if not as_read:
            columns = [values[origin] for values in columns]
            weight = None if weight is None else weight[origin]
        model = self.fit._terms.model
        design = [None] if model.intercept else []
        design += [
            columns[column] if power == 1 else columns[column] ** power
            for column, power in model.terms
        ]
        rows = Rows(
            self.fit._solved,
            np.append(0, np.cumsum(np.bincount(place, minlength=len(self.fit.n)))),
            design,
            columns[model.y],
            weight,
            self.fit.provenance.options["weight_kind"],
            origin,
        )
        return rows, label


def _places(found: Numbers, complete: np.ndarray) -> np.ndarray:
    """Places of the regressions of rows: groups in the order of keys, if they have rows."""
    if found.keys is None:
        return np.zeros(found.rows, np.int64)
    codes = found.group.astype(np.int64) - found.first_group
    groups = len(found.keys)
    codes[codes < 0] = groups
    used = np.bincount(codes[complete], minlength=groups)[:groups] > 0
    order = np.asarray(in_order(found.keys), np.int64)
    lookup = np.full(groups + 1, -1, np.int64)
    lookup[order[used[order]]] = np.arange(np.count_nonzero(used))
    return lookup[codes]


def _in_place(place: np.ndarray, label: np.ndarray | None = None) -> bool:
    """Whether rows are sorted, by place and then label."""
    if label is None:
        return bool((place[1:] >= place[:-1]).all())
    same = (place[1:] == place[:-1]) & (label[1:] >= label[:-1])
    return bool((same | (place[1:] > place[:-1])).all())


def robust(fit: LinearFit, cov: Any, found: Numbers, data: Any, threads: int) -> LinearFit:
    """Return the fit with another covariance, and what follows from it."""
    if fit.provenance.options["effects"] is not None:
        raise NrdValueError(
            "regress: cov is not 'classical' beside effects, expected columns of 0 and 1 "
            "in their place"
        )
    table = _Table(fit, found, data)
    if isinstance(cov, Hac):
        made = _hac(table, cov, threads)
    elif isinstance(cov, Cluster):
        made = _cluster(table, cov, threads)
    elif isinstance(cov, WildCluster):
        made = _wild(table, cov, threads)
    else:
        made = _hc(table, cov, threads)
    return _with(fit, cov, made)


def _with(fit: LinearFit, cov: Any, made: _Found) -> LinearFit:
    header_of(fit.by, *made.details)
    variance = np.diagonal(made.covariance, axis1=1, axis2=2)
    se = np.sqrt(np.where(variance >= 0, variance, np.nan))
    old = fit.provenance
    named = cov if isinstance(cov, str) else {"name": type(cov).__name__, **asdict(cov)}
    provenance = replace(
        old,
        method=f"{old.method}; {made.method}",
        options={**old.options, "cov": named},
        assumptions=made.assumptions,
        references=old.references + made.references,
        seed=cov.seed if isinstance(cov, WildCluster) else None,
    )
    return replace(
        fit,
        provenance=provenance,
        covariance=made.covariance,
        se=se,
        test_df=made.df,
        f=np.full(fit.f.shape, np.nan),
        _details=made.details,
        _given=made.tests,
    )


def _hc(table: _Table, kind: str, threads: int) -> _Found:
    covariance, df = table.rows()[0].hc(kind, threads)
    method = f"covariance {kind}, for errors that differ in variance; n - k df"
    return _Found(covariance, df, method, _WHITE, {})


def _hac(table: _Table, cov: Hac, threads: int) -> _Found:
    rows, times = table.rows(table.times(cov.time))
    _check_times(rows, times, cov.time)
    bandwidth = np.nan if cov.bandwidth is None else cov.bandwidth
    options = (cov.kernel, bandwidth, cov.prewhiten, cov.adjust, cov.df)
    covariance, df, found = rows.hac(options, threads)
    method = (
        f"covariance for errors correlated in time, kernel {cov.kernel}, bandwidth "
        + ("by the rule of Newey and West" if cov.bandwidth is None else f"{bandwidth:g}")
        + (", prewhitened" if cov.prewhiten else "")
        + _ADJUSTED[cov.adjust]
        + ("; n - k df" if cov.df == "residual" else "; df of Satterthwaite")
    )
    said = (f"lags count rows in the order of {cov.time}, whatever lies between them",)
    details = {"bandwidth": found}
    return _Found(covariance, df, method, _NEWEY_WEST, details, assumptions=said)


def _check_times(rows: Rows, times: np.ndarray, name: str) -> None:
    """Raise where a regression has a time twice."""
    same = times[1:] == times[:-1]
    begins = rows.offset[(rows.offset > 0) & (rows.offset < len(times))]
    same[begins - 1] = False
    if same.any():
        row = int(rows.origin[np.argmax(same) + 1])
        raise NrdValueError(
            f"regress: column {name!r}, row {row}: the time is there twice in one "
            "regression, expected each time once",
            row=row,
        )


def _counted(rows: Rows, label: np.ndarray) -> np.ndarray:
    """Clusters of each regression."""
    new = np.ones(len(label), bool)
    new[1:] = label[1:] != label[:-1]
    new[rows.offset[rows.offset < len(label)]] = True
    return np.diff(np.append(0, np.cumsum(new))[rows.offset])


def _cluster(table: _Table, cov: Cluster, threads: int) -> _Found:
    ways = [table.labels(name) for name in cov.by]
    found = [_one_way(table, label, cov, threads) for label in ways]
    method = f"covariance {cov.kind} of clusters by {cov.by[0]}"
    (covariance, df, counts), references = found[0], _CLUSTERS
    details = {"clusters": counts}
    if len(ways) == 2:
        both = ways[0] * (int(ways[1].max(initial=0)) + 1) + ways[1]
        both = np.unique(both, return_inverse=True)[1]
        covariance = covariance + found[1][0] - _one_way(table, both, cov, threads)[0]
        df = np.fmin(df, found[1][1])
        details = {f"clusters {n}": f[2] for n, f in zip(cov.by, found, strict=True)}
        method += f" and {cov.by[1]}"
        references = _TWO_WAYS
    method += "; df of Satterthwaite" if cov.df == "satterthwaite" else "; clusters - 1 df"
    return _Found(covariance, df, method, references, details)


def _one_way(
    table: _Table, label: np.ndarray, cov: Cluster, threads: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rows, label = table.rows(label)
    return *rows.cluster(label, cov.kind, cov.df, threads), _counted(rows, label)


def _wild(table: _Table, cov: WildCluster, threads: int) -> _Found:
    rows, label = table.rows(table.labels(cov.by))
    covariance, df = rows.cluster(label, "CR1S", "residual", threads)
    found = rows.wild(
        label,
        threads,
        draw=cov.multipliers,
        restricted=cov.impose_null,
        replicates=cov.n_resamples,
        seed=cov.seed,
        null=cov.null,
        level=table.fit.level,
    )
    whole = found[:, 0]
    details = {name: whole[name] for name in ("clusters", "replicates")}
    details["enumerated"] = whole["enumerated"] != 0
    tests = tuple(found[name] for name in ("statistic", "p", "low", "high"))
    method = (
        f"wild bootstrap of clusters by {cov.by}, {cov.multipliers} multipliers, "
        + ("restricted" if cov.impose_null else "not restricted")
        + f", {cov.n_resamples} resamples or all; standard errors CR1S"
    )
    return _Found(covariance, df, method, _WILD, details, tests)
