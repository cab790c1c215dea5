"""P-values adjusted for the number of tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ._columns import Numbers, read_numbers
from ._core import adjust as core
from ._labels import label
from ._late import or_none
from ._result import Provenance
from ._statistics import Statistics, header_of
from .errors import NrdTypeError, NrdValueError

__all__ = ["AdjustedPvalues", "adjust_pvalues"]

# Names of R's p.adjust, where they are others.
_SAME = {
    "hochberg": "simes-hochberg",
    "BH": "fdr_bh",
    "fdr": "fdr_bh",
    "BY": "fdr_by",
}
_DISCRETE = (
    "S. Döhler, G. Durand, E. Roquain, New FDR bounds for discrete and heterogeneous "
    "tests, Electron. J. Statist. 12 (2018) 1867-1900"
)
_BH = (
    "Y. Benjamini, Y. Hochberg, Controlling the false discovery rate, J. R. Statist. Soc. "
    "B 57 (1995) 289-300"
)
_SIDAK = (
    "Z. Sidak, Rectangular confidence regions for the means of multivariate normal "
    "distributions, J. Amer. Statist. Assoc. 62 (1967) 626-633"
)
_HOLM = (
    "S. Holm, A simple sequentially rejective multiple test procedure, Scand. J. Statist. "
    "6 (1979) 65-70"
)
_SOURCES = {
    "bonferroni": (
        "O. J. Dunn, Multiple comparisons among means, J. Amer. Statist. Assoc. 56 (1961) "
        "52-64"
    ),
    "sidak": _SIDAK,
    "holm": _HOLM,
    "holm-sidak": f"{_HOLM}; {_SIDAK}",
    "simes-hochberg": (
        "Y. Hochberg, A sharper Bonferroni procedure for multiple tests of significance, "
        "Biometrika 75 (1988) 800-802"
    ),
    "hommel": (
        "G. Hommel, A stagewise rejective multiple test procedure based on a modified "
        "Bonferroni test, Biometrika 75 (1988) 383-386"
    ),
    "fdr_bh": _BH,
    "fdr_by": (
        "Y. Benjamini, D. Yekutieli, The control of the false discovery rate in multiple "
        "testing under dependency, Ann. Statist. 29 (2001) 1165-1188"
    ),
    "fdr_tsbh": _BH,
    "fdr_tsbky": (
        "Y. Benjamini, A. M. Krieger, D. Yekutieli, Adaptive linear step-up procedures "
        "that control the false discovery rate, Biometrika 93 (2006) 491-507"
    ),
    **dict.fromkeys(core.DISCRETE, _DISCRETE),
}


@dataclass(frozen=True, eq=False, repr=False)
class AdjustedPvalues(Statistics):
    """P-values and what the number of tests makes of them.

    Attributes
    ----------
    columns : dict of columns
        Keys of the group, ``p``, ``adjusted`` and ``rejected``, one row a test in the
        order given; None where p or the group is missing.
    alpha : float
        A test is rejected where its adjusted p is at most this.
    """

    alpha: float

    @property
    def adjusted(self) -> np.ndarray:
        """Adjusted p-values, shape (n,); NaN where p or the group is missing."""
        return np.array(self.columns["adjusted"], np.float64)

    @property
    def rejected(self) -> np.ndarray:
        """Which tests are rejected, shape (n,); False where p or the group is missing."""
        return np.array(self.columns["rejected"], object) == True  # noqa: E712

    def plot(
        self, ax: Any = None, language: str = "en", *, title: str | None = None
    ) -> Any:
        """Draw p-values and adjusted ones from the least p on, and the level.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Where to draw; by default a new figure.
        language : {"en", "vi"}, optional
            Language of the words.
        title : str, optional
            Another title; "" for none.

        Returns
        -------
        matplotlib.axes.Axes

        Raises
        ------
        NrdError
            If matplotlib is not installed, or the language is none of those there.
        """
        from ._plot_pvalues import pvalues

        return pvalues(self, ax, language, title=title)

    def report(self, language: str = "en") -> list:
        """Return the titled table that `summary` shows."""
        from ._display import Section, chance

        columns = dict(self.columns)
        for name in ("p", "adjusted"):
            columns[name] = [chance(value) for value in columns[name]]
        rows = list(zip(*columns.values(), strict=True))
        note = self.provenance.method
        return [Section(label("adjusted", language), list(columns), rows, note)]


def adjust_pvalues(
    p: Any,
    column: str | None = None,
    *,
    method: str = "holm",
    alpha: float = 0.05,
    by: str | Sequence[str] | None = None,
    support: Sequence | None = None,
) -> AdjustedPvalues:
    """P-values adjusted for the number of tests.

    A missing p-value is no test: it does not count, and its adjusted p is missing. In R's
    ``p.adjust`` it is the same; statsmodels' ``multipletests`` would make others missing.

    Parameters
    ----------
    p : array, list of numbers, or data frame
        P-values, in [0, 1].
    column : str, optional
        Column of a frame that holds them; may be left out where it is the only one.
    method : str, optional
        Names are those of ``multipletests``, where "holm-sidak" is the default; those of
        ``p.adjust`` do, too.

        ========================================  ========================================
        the chance of any false rejection
        ``"bonferroni"``, ``"sidak"``             all at once
        ``"holm"``, ``"holm-sidak"``              step by step from the least
        ``"simes-hochberg"`` (R: "hochberg")      step by step from the greatest
        ``"hommel"``                              closed tests of Simes
        the false discovery rate
        ``"fdr_bh"`` (R: "BH", "fdr")             Benjamini and Hochberg
        ``"fdr_by"`` (R: "BY")                    under any dependence
        ``"fdr_tsbh"``, ``"fdr_tsbky"``           two stages
        ``"fdr_dbh_su"``, ``"fdr_dbh_sd"``        discrete, step-up and step-down
        ``"fdr_adbh_su"``, ``"fdr_adbh_sd"``      discrete and adaptive
        ========================================  ========================================
    alpha : float, optional
        Level, in (0, 1). It decides what is rejected; the adjusted p-values depend on it
        in the two-stage methods (as in statsmodels) and the discrete step-up ones only.
    by : str or sequence of str, optional
        Columns whose values make families: each is adjusted by itself.
    support : sequence, optional
        For the discrete methods the attainable p-values under the hypothesis: numbers for
        all tests, or a sequence with as many lists of them as there are tests. Each p has
        to be one of its own.

    Returns
    -------
    AdjustedPvalues
        One row a test, in the order given.

    Raises
    ------
    NrdTypeError, NrdKeyError
        If a column is not numeric or not there.
    NrdValueError
        If a p is outside [0, 1] or not attainable, there is none, or an option cannot be.

    Notes
    -----
    In ``"fdr_tsbh"`` and ``"fdr_tsbky"`` the first stage that rejects nothing or all
    leaves the number of tests as it is, and the second follows the first once; as in
    statsmodels with ``maxiter=1``. The discrete methods are `DBH` and `ADBH` of the R
    package DiscreteFDR.

    Examples
    --------
    >>> import nrd
    >>> nrd.adjust_pvalues([0.01, None, 0.03, 0.02], method="fdr_bh").columns["adjusted"]
    [0.03, None, 0.03, 0.03]
    >>> rows = {"province": ["A", "A", "B"], "p": [0.01, 0.04, 0.03]}
    >>> nrd.adjust_pvalues(rows, "p", by="province").columns["adjusted"]
    [0.02, 0.04, 0.03]
    """
    method = _method(method)
    alpha = _alpha(alpha)
    found = read_numbers(p, "adjust_pvalues", columns=column, by=by)
    if len(found.names) != 1:
        raise NrdValueError(
            f"adjust_pvalues: there are {len(found.names)} columns, expected the name of "
            "the one that holds the p-values"
        )
    names = [by] if isinstance(by, str) else list(by or ())
    header = header_of(names, "p", "adjusted", "rejected")
    codes, groups = _codes(found)
    supports = _supports(support, found.rows) if method in core.DISCRETE else None
    values = found.columns[0]
    adjusted = core.adjust(values, method, alpha, codes, groups, supports)
    used = int(np.count_nonzero(~np.isnan(adjusted)))
    rejected = [None if a != a else a <= alpha for a in adjusted.tolist()]
    made = [*_keys(found, codes, names), or_none(values), or_none(adjusted), rejected]
    return AdjustedPvalues(
        Provenance(
            method=f"p-values adjusted by {method}",
            options={"method": method, "alpha": alpha, "by": by},
            used=used,
            dropped=found.rows - used,
            references=(_SOURCES[method],),
        ),
        found.kind,
        dict(zip(header, made, strict=True)),
        alpha,
    )


def _method(method: str) -> str:
    name = _SAME.get(method, method)
    if name not in core.METHODS:
        raise NrdValueError(
            f"adjust_pvalues: method is {method!r}, expected one of "
            f"{', '.join(map(repr, core.METHODS))}"
        )
    return name


def _alpha(alpha: float) -> float:
    if not isinstance(alpha, int | float | np.number) or not 0 < alpha < 1:
        raise NrdValueError(
            f"adjust_pvalues: alpha is {alpha!r}, expected a number in (0, 1)"
        )
    return float(alpha)


def _codes(found: Numbers) -> tuple[np.ndarray | None, int]:
    """Group of each row from 0 on, below 0 where it has none; number of groups."""
    if found.group is None:
        return None, 0
    return (found.group - found.first_group).astype(np.int32), len(found.keys)


def _keys(found: Numbers, codes: np.ndarray | None, names: list[str]) -> list[list]:
    """Columns of the keys, as the rows come."""
    return [
        [None if code < 0 else found.keys[code][place] for code in codes.tolist()]
        for place in range(len(names))
    ]


def _supports(support: Sequence | None, rows: int) -> core.Supports:
    """Attainable p-values: each list once, whatever the number of tests that have it."""
    if support is None:
        raise NrdValueError(
            "adjust_pvalues: support is None, expected the attainable p-values"
        )
    held = list(support)
    if all(isinstance(item, int | float | np.number) for item in held):
        held = [held] * rows
    if len(held) != rows:
        raise NrdValueError(
            f"adjust_pvalues: support has {len(held)} lists, expected {rows}, one a test"
        )
    place: dict[bytes, int] = {}
    known: dict[int, int] = {}
    lists = []
    for row, item in enumerate(held):
        if id(item) not in known:
            values = _attainable(item, row)
            if values.tobytes() not in place:
                place[values.tobytes()] = len(lists)
                lists.append(values)
            known[id(item)] = place[values.tobytes()]
    start = np.cumsum([0, *map(len, lists)])
    return core.Supports(
        np.concatenate(lists) if lists else np.empty(0),
        start,
        np.array([known[id(item)] for item in held], np.uint64),
    )


def _attainable(item: Any, row: int) -> np.ndarray:
    try:
        values = np.unique(np.asarray([] if item is None else item, np.float64))
    except (TypeError, ValueError):
        raise NrdTypeError(
            f"adjust_pvalues: support, row {row}: found {item!r}, expected numbers", row=row
        ) from None
    bad = ~((values > 0) & (values <= 1))
    if bad.any():
        raise NrdValueError(
            f"adjust_pvalues: support, row {row}: found {values[bad][0]:.17g}, expected "
            "numbers in (0, 1]",
            row=row,
        )
    return values
