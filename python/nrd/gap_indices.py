"""Gap indices: how many indicators are unmet, by how much, and how unequally."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from . import _judged
from ._assessment import Assessment
from ._core.assess import UNKNOWN
from ._gap_sums import ORDERS, Quotients, margins, quotients, rounded, strata
from ._result import Columns, Provenance, Result, plain, records
from .criteria import CriteriaSet
from .errors import NrdKeyError, NrdTypeError, NrdValueError

TABLES = ("by_year", "by_group", "by_criterion", "by_indicator")
_SOURCE = "J. Foster, J. Greer, E. Thorbecke, Econometrica 52 (1984) 761-766"


@dataclass(frozen=True, eq=False, repr=False)
class GapIndex(Result):
    """Gap indices of order 0, 1 and 2 by year, group, criterion and indicator.

    Each table has, for ``incidence``, ``depth`` and ``severity``, the index over what is
    known, its bounds over all that is asked (``_low``, ``_high``; None where there is no
    upper one), and the share of the year's gap (``_share``; None where there is no gap);
    beside them ``known``, the share of the weight asked of which the state is known, and
    ``weight_share``, the share of the year's weight asked.

    Attributes
    ----------
    by_year : dict of columns
        One row a year.
    by_group : dict of columns
        One row a year and group of units.
    by_criterion, by_indicator : dict of columns
        One row a year and criterion, and a year and indicator.
    criteria_set : CriteriaSet
        The set whose levels are short of.
    """

    by_year: Columns
    by_group: Columns
    by_criterion: Columns
    by_indicator: Columns
    criteria_set: CriteriaSet
    _exact: Mapping[str, Mapping[str, list]] = field(repr=False)

    @property
    def table(self) -> Any:
        """One row a year, in the caller's kind of frame."""
        return self.kind.build(self.by_year)

    @property
    def group_table(self) -> Any:
        """One row a year and group, in the caller's kind of frame."""
        return self.kind.build(self.by_group)

    @property
    def criterion_table(self) -> Any:
        """One row a year and criterion, in the caller's kind of frame."""
        return self.kind.build(self.by_criterion)

    @property
    def indicator_table(self) -> Any:
        """One row a year and indicator, in the caller's kind of frame."""
        return self.kind.build(self.by_indicator)

    def exact(self, table: str, column: str) -> list[Fraction | None]:
        """Return a column of numbers before they were rounded.

        The shares of a year add to 1 as these fractions; each float of the table is the one
        nearest to its fraction, and floats need not add to 1.

        Parameters
        ----------
        table : {"by_year", "by_group", "by_criterion", "by_indicator"}
            A table.
        column : str
            ``"depth"`` or ``"severity_share"``, for example.

        Returns
        -------
        list of Fraction or None

        Raises
        ------
        NrdKeyError
            If there is no such table or column.
        """
        for name, among in ((table, self._exact), (column, self._exact.get(table, ()))):
            if name not in among:
                raise NrdKeyError(
                    f"exact: there is no {name!r}, expected one of {', '.join(among)}"
                )
        return [None if v is None else Fraction(*v) for v in self._exact[table][column]]

    def plot(self, ax: Any = None, **options: Any) -> Any:
        """Draw what each criterion adds to the index; see `nrd._plot_gaps.index`."""
        from . import _plot_gaps

        return _plot_gaps.index(self, ax=ax, **options)

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain Python values; exact shares as quotients in text."""
        shares = [f"{order}_share" for order in ORDERS]
        return {
            "provenance": plain(self.provenance),
            "criteria_set": self.criteria_set.id,
            **{name: records(getattr(self, name)) for name in TABLES},
            "exact_shares": {
                name: records({share: self._written(name, share) for share in shares})
                for name in TABLES
            },
        }

    def _written(self, table: str, column: str) -> list[str | None]:
        return [None if v is None else str(v) for v in self.exact(table, column)]

    def report(self, language: str = "en") -> list:
        """Return the titled tables that `summary` shows."""
        from . import _sections_gaps

        return _sections_gaps.index(self, language)


def gap_index(
    assessment: Assessment,
    *,
    by: Mapping[str, str] | None = None,
    weights: Mapping[str, float] | None = None,
    capped: bool = True,
) -> GapIndex:
    """Measure gaps to the levels of a criteria set as poverty is measured.

    The gap of an unmet indicator is its distance to the level, divided by the level; that
    of what is met or not is 1, and of a met one 0. Over the units and indicators asked, the
    mean of the gaps to the power 0 is the share that is unmet (incidence), to the power 1
    the mean gap (depth), to the power 2 a mean in which large gaps count more (severity).
    All three are sums over units and indicators, so that groups of units, and criteria,
    have shares of them that add to 1.

    Parameters
    ----------
    assessment : Assessment
        Of any years. Conditions of the whole set are left out.
    by : mapping of str to str, optional
        Group of each unit, its district for example.
    weights : mapping of str to number, optional
        Weight of each unit, its population for example, 0 or more, as the decimal that is
        written; by default each unit counts 1.
    capped : bool, optional
        Count a distance of more than the level as the whole level, so that indices lie
        in [0, 1]: 39 % of poor households against a level of at most 6 % have the gap 1,
        not 5.5. Without it a level that is not above 0 is an error.

    Returns
    -------
    GapIndex

    Raises
    ------
    NrdTypeError
        If `assessment` is none: an Attainment has no values to be far from a level.
    NrdKeyError
        If a unit has no group or weight, or a unit of a mapping does not exist.
    NrdValueError
        If a weight is below 0, all are 0, a value has more than 18 decimals, or a level to
        divide by is not above 0.

    Notes
    -----
    Where values or levels are unknown, the index is that of the known indicators. The lower
    bound counts unknown ones as met, the upper bound as a whole gap. Sums are whole numbers
    and quotients are rounded once, so that no order of rows changes a bit. A share of units
    below that is only known within bounds enters with its least value.

    References
    ----------
    .. [1] J. Foster, J. Greer, E. Thorbecke, "A class of decomposable poverty measures",
       Econometrica 52 (1984), 761-766.

    Examples
    --------
    >>> import nrd
    >>> standard = nrd.criteria_set("vn-318-2022-commune-standard")
    >>> sheet = {"unit": ["A", "B", "C"], "15.3": [16.5, 19.8, 33.0]}
    >>> found = nrd.assess(sheet, standard, year=2024, region="red_river_delta")
    >>> index = nrd.gap_index(found, by={"A": "coast", "B": "coast", "C": "hills"})
    >>> at = index.by_criterion["criterion"].index("15")
    >>> index.exact("by_criterion", "depth")[at]
    Fraction(2, 5)
    >>> index.by_group["depth_share"]
    [0.16666666666666666, 0.8333333333333334]
    """
    if not isinstance(assessment, Assessment):
        raise NrdTypeError(
            f"gap_index: found {type(assessment).__name__}, expected an Assessment, whose "
            "values can be far from a level"
        )
    names = assessment.unit_names
    labels, group = _groups(by, names)
    weight, unit = _weights(weights, names)
    _require_something(assessment, weight)
    years = np.unique(assessment.year)
    parts = []
    for year in years:
        judged = _judged.rows_of(assessment, np.flatnonzero(assessment.year == year))
        unit_of = assessment.unit[judged.chosen]
        of_rows = None if weight is None else weight[unit_of]
        cut = strata(judged, group[unit_of], of_rows, capped)
        parts.append((margins(assessment, judged, cut), cut.group))
    exact = {
        name: _joined([quotients(getattr(m, name), m.by_year, capped) for m, _ in parts])
        for name in TABLES
    }
    keys = _keys(assessment.criteria_set, years, labels, [groups for _, groups in parts])
    return GapIndex(
        provenance=Provenance(
            method="gap indices of order 0, 1 and 2, from exact sums",
            options={
                "by": by is not None,
                "weights": weights is not None,
                "weight_unit": unit,
                "capped": capped,
            },
            used=int(np.count_nonzero(assessment.items != UNKNOWN)),
            dropped=int(np.count_nonzero(assessment.items == UNKNOWN)),
            assumptions=assessment.provenance.assumptions,
            references=(_SOURCE, *assessment.provenance.references),
        ),
        kind=assessment.kind,
        criteria_set=assessment.criteria_set,
        _exact=exact,
        **{
            name: {**keys[name], **{k: rounded(v) for k, v in exact[name].items()}}
            for name in TABLES
        },
    )


def _groups(
    by: Mapping[str, str] | None, names: tuple[str, ...]
) -> tuple[list[str], np.ndarray]:
    """Labels of groups in the order they occur, and the group of each unit."""
    if by is None:
        return ["all"], np.zeros(len(names), np.int64)
    given = [str(label) for label in _judged.of_each(by, names, "by")]
    labels = list(dict.fromkeys(given))
    place = {label: i for i, label in enumerate(labels)}
    return labels, np.array([place[label] for label in given], np.int64)


def _weights(
    weights: Mapping[str, float] | None, names: tuple[str, ...]
) -> tuple[np.ndarray | None, str]:
    """Weights of the units as multiples of one decimal unit, and that unit."""
    if weights is None:
        return None, "1"
    given = _judged.of_each(weights, names, "weights")
    decimals = [
        _judged.decimal_of(value, f"weight of the unit {unit!r}")
        for unit, value in zip(names, given, strict=True)
    ]
    whole, unit = _judged.in_whole_units(decimals, "weights", 2**63 - 1)
    return np.array(whole, np.uint64), "1" if unit == 1 else f"1/{unit}"


def _require_something(assessment: Assessment, weight: np.ndarray | None) -> None:
    if not any(item.criterion is not None for item in assessment.criteria_set.items):
        raise NrdValueError(
            f"gap_index: the set {assessment.criteria_set.id} lists no indicators"
        )
    if not len(assessment.year):
        raise NrdValueError("gap_index: there are no measurements, expected one or more")
    if weight is not None and not weight.any():
        raise NrdValueError("gap_index: all weights are 0, expected one above 0")


def _joined(parts: list[Quotients]) -> Quotients:
    """Columns of the years, one after the other."""
    return {name: [v for part in parts for v in part[name]] for name in parts[0]}


def _keys(
    criteria_set: CriteriaSet,
    years: np.ndarray,
    labels: list[str],
    groups: list[np.ndarray],
) -> dict[str, dict[str, list]]:
    """First columns of each table; `groups` are those of each year."""
    items = [item for item in criteria_set.items if item.criterion is not None]
    codes = list(dict.fromkeys(item.criterion for item in items))
    year = years.tolist()
    return {
        "by_year": {"year": year},
        "by_group": {
            "year": [y for y, found in zip(year, groups, strict=True) for _ in found],
            "group": [labels[g] for found in groups for g in found.tolist()],
        },
        "by_criterion": {
            "year": np.repeat(years, len(codes)).tolist(),
            "criterion": codes * len(year),
            "name": [criteria_set.name(code) for code in codes] * len(year),
        },
        "by_indicator": {
            "year": np.repeat(years, len(items)).tolist(),
            "indicator": [item.code for item in items] * len(year),
            "criterion": [item.criterion for item in items] * len(year),
        },
    }
