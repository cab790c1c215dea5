"""Dose and response: an outcome beside one resource, all else held."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from ._added import Held
from ._core.regression import infer
from ._regression import LinearFit
from ._result import Columns
from .errors import NrdKeyError, NrdTypeError

if TYPE_CHECKING:
    from ._frames import Kind

# Places at which the band of a line is found.
_GRID = 101
# What is left of a column by the others counts as nothing below this share of it.
_NOTHING = 1e-9


@dataclass(frozen=True)
class Material:
    """What a fit of `nrd.resource_regression` was made of.

    Attributes
    ----------
    table : dict of columns
        Its rows.
    names : list of str
        What these are called.
    resources : dict of str to str
        The column of each resource.
    outcome : str
        What is explained.
    others : list of str
        Columns of controls and of periods.
    controls : list of str
        What controls are called.
    unit : str or None
        Column of units that have an effect each.
    effects : tuple of str
        "unit", "period" or both.
    measures : dict of str to str
        Unit of measure of each resource, "" where it is not known.
    per : str or None
        What amounts were divided by.
    log, change : bool
        Whether amounts are logarithms, and changes.
    """

    table: dict[str, Any]
    names: list[str]
    resources: dict[str, str]
    outcome: str
    others: list[str]
    controls: list[str]
    unit: str | None
    effects: tuple[str, ...]
    measures: dict[str, str]
    per: str | None
    log: bool
    change: bool


@dataclass(frozen=True)
class Dose:
    """An outcome beside one resource, controls, effects and other resources held.

    Attributes
    ----------
    resource, outcome : str
        Names.
    points : dict of columns
        One row each that was used: ``unit``; ``amount`` and ``outcome``, what the others
        leave of both, put back at the means; ``influence``, the change of the coefficient
        without the row.
    line : dict of columns
        ``amount``, ``outcome``, ``low`` and ``high`` of the line and its band.
    band : {"line", "slope"}
        What the band holds: the mean of the outcome at each amount; or, with effects of
        units or a bootstrap, the slope through the means.
    effect : tuple of float
        Difference in the outcome, and its interval, for twice the amount; for 1 more where
        amounts are no logarithms.
    p : float
        P-value of the coefficient.
    held : tuple of str
        Controls and other resources.
    """

    resource: str
    outcome: str
    points: Columns
    line: Columns
    band: str
    effect: tuple[float, float, float]
    p: float
    held: tuple[str, ...]


@dataclass(frozen=True, eq=False, repr=False)
class ResourceFit(LinearFit):
    """A regression of a result on resources; see `LinearFit` for what it has."""

    _made_of: Material | None = field(default=None, repr=False)

    def dose(self, resource: str | None = None) -> Dose:
        """Hold the outcome beside one resource.

        The points are those of an added-variable plot: the residuals of the outcome and of
        the resource, both regressed on all else (controls, effects, other resources), put
        back at their means. Least squares through them has the slope of the regression.
        With nothing else in the regression they are the data.

        Parameters
        ----------
        resource : str, optional
            Which one; needed where there are several.

        Returns
        -------
        Dose

        Raises
        ------
        NrdKeyError
            If there is no such resource, or none is named of several.

        References
        ----------
        .. [1] D. A. Belsley, E. Kuh, R. E. Welsch, Regression Diagnostics (1980): added
           variables (partial regression), and the change without a row (DFBETA).
        """
        known = list(self._made_of.resources)
        if resource is None and len(known) == 1:
            resource = known[0]
        if resource not in known:
            raise NrdKeyError(
                f"dose: resource is {resource!r}, expected one of "
                f"{', '.join(map(repr, known))}"
            )
        return _dose(self, self._made_of, resource)

    def plot(
        self,
        ax: Any = None,
        language: str = "en",
        *,
        resource: str | None = None,
        coefficients: bool = False,
        labels: Any = None,
        title: str | None = None,
        source: str = "",
    ) -> Any:
        """Draw the outcome beside one resource, with the line and its band; see `dose`.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Where to draw; by default a new figure.
        language : {"en", "vi"}, optional
            Language of the words.
        resource : str, optional
            Which one; needed where there are several.
        coefficients : bool, optional
            Draw the coefficients of all terms instead.
        labels : mapping of str to str, optional
            What resources, the outcome and controls are called, as in `Correlations.plot`.
        title : str, optional
            Another title; "" for none.
        source : str, optional
            Where the data come from, printed below.

        Returns
        -------
        matplotlib.axes.Axes

        Raises
        ------
        NrdError
            If matplotlib is not installed, or the resource or language is none of those
            there.
        """
        if not isinstance(coefficients, bool):
            raise NrdTypeError(
                f"plot: coefficients is {coefficients!r}, expected True or False"
            )
        from . import _plot_resources as pictures

        options = {"labels": labels, "title": title, "source": source}
        if coefficients:
            return pictures.coefficients(self, ax, language, **options)
        return pictures.dose(self, self.dose(resource), ax, language, **options)


def with_doses(fit: LinearFit, material: Material, provenance: Any, kind: Kind) -> Any:
    """The same fit, which knows what it was made of."""
    held = {f.name: getattr(fit, f.name) for f in fields(fit)}
    held |= {"provenance": provenance, "kind": kind}
    return ResourceFit(**held, _made_of=material)


def _dose(fit: ResourceFit, of: Material, resource: str) -> Dose:
    column = of.resources[resource]
    others = [name for name in of.resources.values() if name != column] + of.others
    columns = [np.asarray(of.table[name], np.float64) for name in (fit.y, column)]
    beside = [np.asarray(of.table[name], np.float64) for name in others]
    held = np.flatnonzero(~np.isnan(sum([*columns, *beside])))
    y, x = (values[held] for values in columns)
    rest = Held([v[held] for v in beside], _codes(of, held), len(held))
    left_x, left_y = rest.left(x), rest.left(y)
    at, level = float(np.mean(x)), float(np.mean(y))
    place = fit.terms.index(column)
    influence = _influence(left_x, left_y, fit.estimate[0, place], rest)
    grid = np.linspace(min(left_x), max(left_x), _GRID)
    band, low, high = _band(fit, of, place, grid, [v[held] for v in beside], (at, level))
    amount = np.exp if of.log else np.asarray
    times = np.log(2) if of.log else 1.0
    ends = (values[0, place] for values in (fit.estimate, fit.low, fit.high))
    return Dose(
        resource,
        of.outcome,
        {
            "unit": [of.names[i] for i in held.tolist()],
            "amount": amount(at + left_x).tolist(),
            "outcome": (level + left_y).tolist(),
            "influence": influence.tolist(),
        },
        {
            "amount": amount(at + grid).tolist(),
            "outcome": (level + fit.estimate[0, place] * grid).tolist(),
            "low": low.tolist(),
            "high": high.tolist(),
        },
        band,
        tuple(float(times * end) for end in ends),
        float(fit.p[0, place]),
        (*(name for name in of.resources if name != resource), *of.controls),
    )


def _codes(of: Material, rows: np.ndarray) -> np.ndarray | None:
    """Number of the unit of each row, where units have effects."""
    if of.unit is None:
        return None
    labels = [str(of.table[of.unit][i]) for i in rows.tolist()]
    return np.unique(labels, return_inverse=True)[1]


def _influence(x: np.ndarray, y: np.ndarray, slope: float, rest: Held) -> np.ndarray:
    """Change of the coefficient without each row; NaN where the row alone gives its own."""
    size = x @ x
    rows = np.full(len(x), 1 / len(x))
    if rest.code is not None:
        rows = (1 / np.bincount(rest.code))[rest.code]
    free = 1 - rows - np.sum(rest.basis**2, axis=1) - x**2 / size
    free[free < _NOTHING] = np.nan
    return -x * (y - slope * x) / (size * free)


def _band(
    fit: ResourceFit, of: Material, place: int, grid: np.ndarray, beside: list,
    means: tuple[float, float],
) -> tuple[str, np.ndarray, np.ndarray]:  # fmt: skip
    """What a band holds, and its ends."""
    at, level = means
    slope = fit.estimate[0, place]
    if of.unit is not None or fit._given is not None:
        ends = np.sort([level + end[0, place] * grid for end in (fit.low, fit.high)], 0)
        return "slope", ends[0], ends[1]
    names = [*of.resources.values(), *of.others]
    column = names[place - 1]
    names.remove(column)
    mean = dict(zip(names, map(np.mean, beside), strict=True))
    rows = np.tile([1.0, *(mean.get(name, at) for name in fit.terms[1:])], (len(grid), 1))
    rows[:, place] += grid
    se = np.sqrt(np.einsum("ri,ij,rj->r", rows, fit.covariance[0], rows))
    df = np.full(len(grid), fit.test_df[0].min())
    _, _, low, high = infer(level + slope * grid, se, df, fit.level, p=False)
    return "line", low, high
