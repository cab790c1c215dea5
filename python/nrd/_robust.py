"""Robust covariances in place of the classical ones of a fit."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from ._core.sandwich import Rows
from ._design import Design
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


def robust(fit: LinearFit, cov: Any, table: Design, threads: int) -> LinearFit:
    """Return the fit with another covariance, and what follows from it."""
    if table.unit is not None and (isinstance(cov, Hac) or cov in ("HC2", "HC3")):
        name = cov if isinstance(cov, str) else "nrd.hac"
        raise NrdValueError(
            f"regress: cov is {name} beside effects, expected 'HC0', 'HC1' or clusters; or "
            "columns of 0 and 1 in place of effects"
        )
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
    with np.errstate(invalid="ignore"):  # a variance below 0, as of two ways, has no root
        se = np.sqrt(np.diagonal(made.covariance, axis1=1, axis2=2))
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


def _hc(table: Design, kind: str, threads: int) -> _Found:
    covariance, df = table.rows()[0].hc(kind, threads)
    method = f"covariance {kind}, for errors that differ in variance; n - k df"
    return _Found(covariance, df, method, _WHITE, {})


def _hac(table: Design, cov: Hac, threads: int) -> _Found:
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


def _cluster(table: Design, cov: Cluster, threads: int) -> _Found:
    ways = [table.labels(name) for name in cov.by]
    found = [_one_way(table, label, cov, threads) for label in ways]
    method = f"covariance {cov.kind} of clusters by {cov.by[0]}"
    (covariance, df, counts), references = found[0], _CLUSTERS
    details = {"clusters": counts}
    if len(ways) == 2:
        both = ways[0] * (int(ways[1].max(initial=0)) + 1) + ways[1]
        if both.max(initial=0) > np.iinfo(np.int32).max:
            both = np.unique(both, return_inverse=True)[1]
        covariance = covariance + found[1][0] - _one_way(table, both, cov, threads)[0]
        df = np.fmin(df, found[1][1])
        details = {f"clusters {n}": f[2] for n, f in zip(cov.by, found, strict=True)}
        method += f" and {cov.by[1]}"
        references = _TWO_WAYS
    method += "; df of Satterthwaite" if cov.df == "satterthwaite" else "; clusters - 1 df"
    return _Found(covariance, df, method, references, details)


def _one_way(
    table: Design, label: np.ndarray, cov: Cluster, threads: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    within = table.unit is None or table.nests(label)
    if not within and (cov.kind in ("CR2", "CR3") or cov.df != "residual"):
        raise NrdValueError(
            f"regress: {cov.kind} with df {cov.df} beside effects needs all rows of a unit "
            "in one cluster, expected such clusters or kind 'CR1S' and df 'residual'"
        )
    rows, label = table.rows(label)
    return *rows.cluster(label, cov.kind, cov.df, threads), _counted(rows, label)


def _wild(table: Design, cov: WildCluster, threads: int) -> _Found:
    label = table.labels(cov.by)
    if table.unit is not None and not table.nests(label):
        raise NrdValueError(
            "regress: a wild bootstrap beside effects needs all rows of a unit in one "
            f"cluster, found units in several of {cov.by}"
        )
    rows, label = table.rows(label)
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
