"""How far each commune has come: criteria met per unit, in classes, by area."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from numbers import Integral
from typing import Any

from . import _average_tables as tables
from ._areas import read_areas, read_population, read_weights
from ._counting import counting
from ._labels import label
from ._result import Columns, Provenance, Result, records
from .attainment import Attainment
from .errors import NrdValueError
from .statements import Statement

CLASSES = (19, 15, 10, 5)
_REFERENCES = (
    "D. Gale, Pacific J. Math. 7 (1957), 1073-1082",
    "H. J. Ryser, Canad. J. Math. 9 (1957), 371-377",
)
_TABLES = ("communes", "classes", "by_criterion", "by_group", "by_area", "by_area_group")


@dataclass(frozen=True, eq=False, repr=False)
class CriteriaAverages(Result):
    """Criteria met per unit, with bounds where cells are unknown.

    Attributes
    ----------
    mean : float or None
        Mean number of criteria per unit from the stated counts alone; None where a
        criterion has no count.
    mean_low, mean_high : float
        Least and greatest mean that cells and totals allow.
    units, criteria : int
        Number of units and of criteria.
    without_count : tuple of str
        Criteria without a stated count.
    communes : dict of columns
        Per unit: code, name, ``met`` (None where not certain), ``low``, ``high``.
    cuts : tuple of int
        Least number of criteria of each class but the last.
    classes : dict of columns
        Per class of the number of criteria met: ``low`` and ``high`` number of units.
    by_criterion : dict of columns
        Per criterion: units that meet it (``low``, ``high``) and their share of all units.
    by_group : dict of columns
        Per group of criteria: mean number met, ``low`` and ``high``.
    weighted_low, weighted_high : float or None
        Bounds of the mean with the weights of the units; None without weights.
    low, high : float or None
        Interval of the mean of the population that the units were drawn from; None for a
        full count, and where a count of the sample is not certain.
    by_area : dict of columns
        Per level and area: units, ``weight`` (their sum as given, None without weights),
        bounds of the mean without and with weights, None where an area weighs nothing;
        ``population``, ``low`` and ``high`` as above.
    by_area_group : dict of columns
        The same means per group of criteria, without weights.
    statements : tuple of str
        What was stated beside cells and totals, in words.
    """

    mean: float | None
    mean_low: float
    mean_high: float
    units: int
    criteria: int
    without_count: tuple[str, ...]
    communes: Columns
    cuts: tuple[int, ...]
    classes: Columns
    by_criterion: Columns
    by_group: Columns
    weighted_low: float | None = None
    weighted_high: float | None = None
    low: float | None = None
    high: float | None = None
    by_area: Columns = field(default_factory=lambda: tables.empty(tables.AREA))
    by_area_group: Columns = field(default_factory=lambda: tables.empty(tables.AREA_GROUP))
    statements: tuple[str, ...] = ()

    @property
    def table(self) -> Any:
        """One row a unit, in the caller's kind of frame."""
        return self.kind.build(self.communes)

    @property
    def class_table(self) -> Any:
        """One row a class, in the caller's kind of frame."""
        return self.kind.build(self.classes)

    @property
    def criterion_table(self) -> Any:
        """One row a criterion, in the caller's kind of frame."""
        return self.kind.build(self.by_criterion)

    @property
    def group_table(self) -> Any:
        """One row a group of criteria, in the caller's kind of frame."""
        return self.kind.build(self.by_group)

    @property
    def area_table(self) -> Any:
        """One row a level and area, in the caller's kind of frame."""
        return self.kind.build(self.by_area)

    @property
    def area_group_table(self) -> Any:
        """One row an area and group of criteria, in the caller's kind of frame."""
        return self.kind.build(self.by_area_group)

    def plot(self, ax: Any = None, **options: Any) -> Any:
        """Draw the criteria met by each unit; options as in `nrd.plot.averages`."""
        from . import plot

        return plot.averages(self, ax=ax, **options)

    def plot_areas(self, ax: Any = None, **options: Any) -> Any:
        """Draw the means of the areas, ranked; options as in `nrd.plot_areas.ranked`."""
        from . import plot_areas

        return plot_areas.ranked(self, ax=ax, **options)

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain Python values; tables as lists of rows."""
        out = super().to_dict()
        for name in _TABLES:
            out[name] = records(getattr(self, name))
        return out

    def report(self, language: str = "en") -> list:
        """Return the titled tables that `summary` shows."""
        from . import _sections

        return _sections.averages(self, language)


def criteria_averages(
    attainment: Attainment,
    *,
    classes: Sequence[int] = CLASSES,
    statements: Statement | Iterable[Statement] = (),
    by: Mapping[str, Any] | None = None,
    weights: Mapping[str, Any] | Sequence[Any] | None = None,
    population: int | Mapping[str, int] | None = None,
    level: float = 0.95,
) -> CriteriaAverages:
    """Compute criteria met per unit: average, classes, shares, groups, areas.

    Parameters
    ----------
    attainment : Attainment
        Units x criteria, at least one unit.
    classes : sequence of int, optional
        Least number of criteria of each class, decreasing; a class below the last is added.
        The first is cut to the number of criteria. The default gives 19, 15-18, 10-14, 5-9
        and below 5, as in official reports.
    statements : Statement or iterable of Statement, optional
        What is known of rows, bands and totals of some units. Needs ``nrd[solver]``.
    by : mapping of str to areas, optional
        Areas level by level, such as ``{"district": areas}``; the areas are a mapping from
        the code of a unit, or a sequence with one area a unit.
    weights : mapping or sequence of numbers, optional
        Weight of each unit, such as its population or households; taken as written, so that
        0.1 is 1/10.
    population : int or mapping of str to int, optional
        Where the units are a simple random sample: the number of units it was drawn from,
        in all or, as a mapping by area, in each area of the one level of `by`.
    level : float, optional
        Confidence level of the intervals of a sample, in (0, 1).

    Returns
    -------
    CriteriaAverages

    Raises
    ------
    NrdContradictionError
        If cells, totals and statements cannot hold together; it names the smallest set
        that does not, or of more than eight a set that none can be left out of.
    NrdKeyError
        If a statement, an area or a weight names what is not there.
    NrdTypeError
        If a weight is no number, or `statements` or `by` are of another type.
    NrdValueError
        If there are no units, `classes` do not decrease, a unit has no area or no weight,
        a weight is negative, `population` is smaller than the sample, or `level` is outside
        (0, 1).

    Notes
    -----
    The bounds of a unit, of a criterion and of each mean are tight: some completion of the
    unknown cells reaches them. Those of a class are tight with statements; without, the
    upper one counts the units that can be in it, and totals may forbid that all of them
    are there at once. The work with statements grows with the number of units that cells,
    statements, areas and weights tell apart.

    Means and weighted means are exact quotients, rounded once. A full count has no sampling
    interval, and none is given unless `population` is. Then it is Student's interval with
    the finite population correction [1]_, for means without weights, and only where every
    count of the sample is certain; a sample that is the whole population has no width.

    References
    ----------
    .. [1] W. G. Cochran, "Sampling Techniques", 3rd ed., Wiley 1977, section 2.8.

    Examples
    --------
    >>> import nrd
    >>> sheet = {"commune": ["A", "B"], "roads": ["Đạt", ""], "water": ["Đạt", ""]}
    >>> cells = nrd.Attainment.from_wide(sheet).with_totals({"roads": 1})
    >>> result = nrd.criteria_averages(cells)
    >>> result.mean_low, result.mean_high
    (1.0, 1.5)
    >>> stated = nrd.Statement.each(1)
    >>> nrd.criteria_averages(cells, statements=stated).mean_low
    1.5
    >>> result = nrd.criteria_averages(cells, weights={"A": 3000, "B": 1000})
    >>> result.weighted_low, result.weighted_high
    (1.5, 1.75)
    """
    attainment.require_cells("criteria_averages")
    cuts = _cuts(classes, len(attainment.criteria))
    areas, weight = read_areas(attainment, by), read_weights(attainment, weights)
    sizes = read_population(attainment, population, areas)
    said = (statements,) if isinstance(statements, Statement) else tuple(statements)
    counts = counting(attainment, said, cuts, areas, weight)
    low, high = counts.mean()
    communes = tables.per_unit(attainment, counts)
    weighted = tables.weighted(attainment, counts, weight)
    sampled = tables.sampled(communes["met"], None, sizes.everywhere, level)
    given = {"by": [one.level for one in areas]} if areas else {}
    if population is not None:
        given |= {"population": population, "level": level}
    return CriteriaAverages(
        provenance=Provenance(
            method="counts of criteria met, with tight bounds over all completions",
            options={"classes": cuts, **given},
            used=attainment.used,
            dropped=attainment.dropped,
            assumptions=(_sampling(len(attainment.units), population),),
            references=_REFERENCES if said else (),
        ),
        kind=attainment._kind,
        mean=low if said and low == high else tables.stated_mean(attainment, low, high),
        mean_low=low,
        mean_high=high,
        units=len(attainment.units),
        criteria=len(attainment.criteria),
        without_count=tuple(c for c in attainment.criteria if c not in attainment.counts),
        communes=communes,
        cuts=tuple(cuts),
        classes=tables.per_class(counts, cuts, class_names(cuts, len(attainment.criteria))),
        by_criterion=tables.per_criterion(attainment, counts),
        by_group=tables.per_group(attainment, counts),
        weighted_low=weighted[0],
        weighted_high=weighted[1],
        low=sampled[0][0],
        high=sampled[1][0],
        by_area=tables.per_area(attainment, counts, areas, weight)
        | tables.area_intervals(communes["met"], areas, sizes, level),
        by_area_group=tables.per_area_group(attainment, counts, areas),
        statements=tuple(map(str, said)),
    )


def _sampling(units: int, population: int | Mapping[str, int] | None) -> str:
    """What the units are taken to be."""
    if population is None:
        return (
            f"The {units} units are all there are: a full count has no sampling interval."
        )
    size = population if isinstance(population, Integral) else sum(population.values())
    return f"The {units} units are a simple random sample of {size}."


def _cuts(classes: Sequence[int], n: int) -> list[int]:
    """Least numbers of the classes among n criteria."""
    whole = all(isinstance(cut, Integral) and cut > 0 for cut in classes)
    if not classes or not whole or any(a <= b for a, b in itertools.pairwise(classes)):
        raise NrdValueError(
            f"classes is {tuple(classes)}, expected whole numbers above 0 that decrease"
        )
    top = min(classes[0], n)
    return [top, *(cut for cut in classes[1:] if cut < top)]


def band_name(least: int, most: int) -> str:
    """Name of a range of numbers of criteria."""
    return str(least) if least == most else f"{least}–{most}"


def class_names(cuts: Sequence[int], n: int, language: str = "en") -> list[str]:
    """Names of the classes: "19", "15-18", ..., "below 5"."""
    tops = [n, *(cut - 1 for cut in cuts[:-1])]
    ranges = [band_name(a, b) for a, b in zip(cuts, tops, strict=True)]
    return [*ranges, f"{label('below', language)} {cuts[-1]}"]
