"""What is missing, and where: per criterion, per commune, and what stands in the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np

from ._core.attainment import UNKNOWN, UNMET
from ._result import Columns, Provenance, Result, plain, records
from .attainment import Attainment
from .criteria import CriteriaSet
from .errors import NrdKeyError, NrdTypeError, NrdValueError

if TYPE_CHECKING:
    from ._assessment import Assessment
    from ._distances import Distances

_STEPS = (
    "unit", "step", "criterion", "indicator", "near", "value", "distance", "relative",
    "rule", "level", "measure", "decision", "source",
)  # fmt: skip


@dataclass(frozen=True, eq=False, repr=False)
class AttainmentGaps(Result):
    """What is missing per criterion and per unit.

    Attributes
    ----------
    by_criterion : dict of columns
        Per criterion: target (share of units), units short of the criterion (``short_low``,
        ``short_high``), further units needed for the target (``need_low``, ``need_high``)
        and percentage points short of it (``points_low``, ``points_high``).
    ranking : dict of columns
        Criteria by the number of units they keep from the full set, most first.
    units, names : tuple of str
        Codes and names of the units.
    states : ndarray of int8, shape (units, criteria)
        1 met, 0 unmet, -1 unknown.
    criteria_set : CriteriaSet or None
        The official set, where one was given.
    """

    by_criterion: Columns
    ranking: Columns
    units: tuple[str, ...]
    names: tuple[str, ...]
    states: np.ndarray
    criteria_set: CriteriaSet | None
    _measured: Distances | None = field(default=None, repr=False)

    @property
    def by_indicator(self) -> Columns:
        """Per indicator and region, where an Assessment was given; else without rows.

        Units ``asked``; units short (``short_low``, ``short_high``), of them ``near``, and
        percentage points short of all (``points_low``, ``points_high``); mean and greatest
        distance of those short, in the unit of ``measure`` (``distance_mean``,
        ``distance_max``) and divided by the level (``relative_mean``, ``relative_max``);
        and what decided: ``rule``, ``level``, ``decision``, ``source``. An indicator that
        is met or not is 1 away from its level.
        """
        return self._measured.by_indicator if self._measured else {"indicator": []}

    @property
    def next_steps(self) -> Columns:
        """Per unit what is surely missing, in the order of what is nearest, one row a step.

        Criteria come in the order of their furthest indicator, by its distance divided by
        the level, and the indicators of a criterion likewise. Each row has ``value``,
        ``distance``, ``relative``, and the rule, level and source that decided. Without
        measured values criteria stand in their own order, and nothing is said of distance.
        """
        if self._measured:
            return self._measured.steps
        unit, criterion = np.nonzero(self.states == UNMET)
        blank = dict.fromkeys(_STEPS, [None] * len(unit))
        codes = self.by_criterion["criterion"]
        return {
            **blank,
            "unit": [self.units[u] for u in unit],
            "step": (np.arange(len(unit)) - np.searchsorted(unit, unit) + 1).tolist(),
            "criterion": [codes[c] for c in criterion],
        }

    def name(self, code: str, language: str = "en") -> str:
        """Name of a criterion in a language; its code where no set was given."""
        return self.criteria_set.name(code, language) if self.criteria_set else code

    @property
    def by_unit(self) -> Columns:
        """Per unit: criteria surely and possibly missing, as lists of codes."""
        codes = np.array(self.by_criterion["criterion"], object)
        return {
            "unit": list(self.units),
            "name": list(self.names),
            "surely": [codes[row == UNMET].tolist() for row in self.states],
            "possibly": [codes[row == UNKNOWN].tolist() for row in self.states],
        }

    @property
    def table(self) -> Any:
        """One row a criterion, in the caller's kind of frame."""
        return self.kind.build(self.by_criterion)

    @property
    def unit_table(self) -> Any:
        """One row a unit, in the caller's kind of frame; codes joined by blanks."""
        joined = {
            name: [" ".join(v) for v in values]
            if name in ("surely", "possibly")
            else values
            for name, values in self.by_unit.items()
        }
        return self.kind.build(joined)

    @property
    def ranking_table(self) -> Any:
        """One row a criterion, most in the way first, in the caller's kind of frame."""
        return self.kind.build(self.ranking)

    @property
    def indicator_table(self) -> Any:
        """One row an indicator and region, in the caller's kind of frame."""
        return self.kind.build(self.by_indicator)

    @property
    def step_table(self) -> Any:
        """One row a unit and step, in the caller's kind of frame; levels as text."""
        steps = self.next_steps
        levels = [None if v is None else str(v) for v in steps["level"]]
        return self.kind.build({**steps, "level": levels})

    def plot(self, ax: Any = None, **options: Any) -> Any:
        """Draw the units short of each criterion; options as in `nrd.plot.gaps`."""
        from . import plot

        return plot.gaps(self, ax=ax, **options)

    def waterfall(self, ax: Any = None, **options: Any) -> Any:
        """Draw what each criterion takes from the mean; see `nrd._plot_gaps.waterfall`."""
        from . import _plot_gaps

        return _plot_gaps.waterfall(self, ax=ax, **options)

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain Python values; tables as lists of rows."""
        return {
            "provenance": plain(self.provenance),
            **{
                name: records(getattr(self, name))
                for name in ("by_criterion", "by_indicator", "by_unit", "ranking")
            },
        }

    def report(self, language: str = "en") -> list:
        """Return the titled tables that `summary` shows."""
        from . import _sections

        return _sections.gaps(self, language)


def attainment_gaps(
    attainment: Attainment | Assessment,
    *,
    target: float | Mapping[str, float] = 1.0,
    year: int | None = None,
) -> AttainmentGaps:
    """Find what is missing: per criterion, per unit, and what most often stands in the way.

    Parameters
    ----------
    attainment : Attainment or Assessment
        Units x criteria, at least one unit. With an assessment the gaps of indicators and
        their distances to the levels come too.
    target : float or mapping of str to float, optional
        Share of units that must meet each criterion, in [0, 1]; criteria that are not in a
        mapping keep 1.
    year : int, optional
        Year of an assessment that has several.

    Returns
    -------
    AttainmentGaps

    Raises
    ------
    NrdKeyError
        If a target names a criterion that is not there.
    NrdValueError
        If a target is outside [0, 1], there are no units, or the assessment has no such
        year, or several and none is named.
    NrdTypeError
        If `attainment` is neither, or a year is given with an Attainment.

    Notes
    -----
    Distances are differences of printed decimals, each rounded once: 60 less 59.9 is 0.1.

    Examples
    --------
    >>> import nrd
    >>> counts = nrd.Attainment.from_totals({"roads": 10, "health": 18}, units=18)
    >>> gaps = nrd.attainment_gaps(counts, target=0.8)
    >>> gaps.by_criterion["need_low"]
    [5, 0]
    >>> standard = nrd.criteria_set("vn-318-2022-commune-standard")
    >>> sheet = {"unit": ["A", "B"], "15.3": [24.0, 16.6], "15.1": ["", ""]}
    >>> found = nrd.assess(sheet, standard, year=2024, region="red_river_delta")
    >>> steps = nrd.attainment_gaps(found).next_steps
    >>> list(zip(steps["unit"], steps["indicator"], steps["distance"], steps["level"]))
    [('A', '15.3', 7.5, 16.5), ('B', '15.3', 0.1, 16.5)]
    """
    attainment, measured = _of_year(attainment, year)
    attainment.require_cells("attainment_gaps")
    shares = _targets(attainment, target)
    exact = [_written(share) for share in shares]
    found = attainment._matrix.gaps(
        np.array([share.numerator for share in exact], np.uint64),
        np.array([share.denominator for share in exact], np.uint64),
    )
    by_criterion = {
        "criterion": attainment.criteria,
        "name": [attainment.criterion_name(code) for code in attainment.criteria],
        "target": shares,
        **{name: found[name].tolist() for name in found.dtype.names},
    }
    return AttainmentGaps(
        provenance=Provenance(
            method="units and points short of a target share, with tight bounds",
            options={"target": _as_given(target)},
            used=attainment.used,
            dropped=attainment.dropped,
        ),
        kind=attainment._kind,
        by_criterion=by_criterion,
        ranking=_ranking(attainment, by_criterion),
        units=tuple(attainment.units),
        names=tuple(attainment.name(unit) for unit in attainment.units),
        states=attainment.states(),
        criteria_set=attainment.criteria_set,
        _measured=measured,
    )


def _of_year(
    given: Attainment | Assessment, year: int | None
) -> tuple[Attainment, Distances | None]:
    """Units x criteria, and the distances of an assessment."""
    if isinstance(given, Attainment):
        if year is not None:
            raise NrdTypeError(
                f"attainment_gaps: year is {year!r}, but an Attainment has no years"
            )
        return given, None
    attainment = attainment_of(given, "attainment_gaps", year)
    from ._distances import Distances

    return attainment, Distances(given, year)


def attainment_of(given: Any, who: str, year: int | None = None) -> Attainment:
    """Units x criteria of an Attainment, or of one year of an Assessment."""
    if isinstance(given, Attainment):
        return given
    from ._assessment import Assessment

    if not isinstance(given, Assessment):
        raise NrdTypeError(
            f"{who}: found {type(given).__name__}, expected an Attainment or an Assessment"
        )
    return given.attainment(year)


def _written(share: float) -> Fraction:
    """Return a share as it is written: 0.55 is 11/20, and 2/3 is what was divided."""
    return Fraction(repr(share)).limit_denominator(10**6)


def _as_given(target: float | Mapping[str, float]) -> float | dict[str, float]:
    if isinstance(target, Mapping):
        return {code: float(share) for code, share in target.items()}
    return float(target)


def _targets(attainment: Attainment, target: float | Mapping[str, float]) -> list[float]:
    given = (
        dict(target)
        if isinstance(target, Mapping)
        else dict.fromkeys(attainment.criteria, target)
    )
    for code, share in given.items():
        if code not in attainment.criteria:
            raise NrdKeyError(f"target: there is no criterion {code!r}")
        if not isinstance(share, Real) or not 0 <= share <= 1:
            raise NrdValueError(
                f"target of criterion {code}: found {share!r}, expected a share in [0, 1]"
            )
    return [float(given.get(code, 1.0)) for code in attainment.criteria]


def _ranking(attainment: Attainment, by_criterion: Columns) -> Columns:
    low, high = by_criterion["short_low"], by_criterion["short_high"]
    order = [i for i in range(len(low)) if high[i] > 0]
    order.sort(key=lambda i: (-low[i], -high[i], i))
    return {
        "criterion": [attainment.criteria[i] for i in order],
        "name": [by_criterion["name"][i] for i in order],
        "short_low": [low[i] for i in order],
        "short_high": [high[i] for i in order],
        "units": [len(attainment.units)] * len(order),
    }
