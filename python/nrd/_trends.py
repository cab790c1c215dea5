"""The result of trends: one row an area and standard, for each method."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from ._frames import name_of
from ._labels_trends import say
from ._result import Columns, Result, records
from ._series import OK, Series
from ._trend_methods import ODDS, PERCENT, POINTS, Estimates
from .errors import NrdKeyError, NrdValueError

# Names of the columns of the tables, beside those of the keys.
COLUMNS = (
    "n", "first", "last", "s", "tau", "p", "exact", "smallest_p", "adjusted",
    "verdict", "method", "slope_points", "low_points", "high_points", "slope", "low",
    "high", "percent_a_year", "low_percent", "high_percent", "odds_percent_a_year",
    "low_odds_percent", "high_odds_percent", "confidence", "slope_p", "reason", "areas",
    "years", "variance", "p_regional", "p_joint",
)  # fmt: skip

FALLING, RISING = "falling", "rising"
NOT_SHOWN, NOT_TOLD = "no trend shown", "cannot be told"

# Chances that differ relatively by less are equal: alpha is 1 - level, and rounded.
_ROUNDING = 1e-12


@dataclass(frozen=True, eq=False, repr=False)
class PovertyTrends(Result):
    """Trends of many areas.

    Attributes
    ----------
    series : Series
        The rows they were found from.
    tests : ndarray, shape (segments,)
        Mann and Kendall's tests: a structured array.
    estimates : tuple of Estimates
        Slopes by each method.
    adjusted : ndarray or None, shape (segments,)
        p-values adjusted for the number of segments.
    level : float
        Confidence level of the intervals; tests are at 1 - level.
    test : str
        Which test: "mann-kendall", or one that allows for serial correlation.
    serial : dict of int to (str, str)
        Segments of which such a test says nothing: why, and what was found.
    groups : dict of columns
        What is said of the groups (`by`) as wholes; empty without groups.
    """

    series: Series
    tests: np.ndarray
    estimates: tuple[Estimates, ...]
    adjusted: np.ndarray | None
    level: float
    test: str
    serial: dict[int, tuple[str, str]]
    groups: Columns

    @property
    def alpha(self) -> float:
        """Level of the tests."""
        return 1.0 - self.level

    @property
    def table(self) -> Any:
        """One row an area, standard and method, in the caller's kind of frame."""
        return self.kind.build(self.columns)

    @property
    def group_table(self) -> Any:
        """One row a group of areas (`by`), in the caller's kind of frame."""
        return self.kind.build(self.groups)

    @cached_property
    def verdict(self) -> list[str]:
        """What the test says of each segment: "falling", "rising", ..."""
        p, s = self._p, self.tests["s"]
        alpha = self.alpha * (1 + _ROUNDING)
        told = self.tests["smallest_p"] <= alpha
        out = np.where(told & (p == p), NOT_SHOWN, NOT_TOLD)
        out[(p <= alpha) & (s < 0)] = FALLING
        out[(p <= alpha) & (s > 0)] = RISING
        return out.tolist()

    @property
    def _p(self) -> np.ndarray:
        return np.where(self.tests["n"] > 2, self.tests["p"], np.nan)

    def reason_of(self, segment: int, method: int = 0, language: str = "en") -> str:
        """Why something is not said of a segment; "" where all is."""
        series, n = self.series, int(self.tests["n"][segment])
        p = float(self.tests["smallest_p"][segment])
        if series.reason[segment] != OK:
            return say(series.reason[segment], language, found=series.detail[segment])
        if n <= 2:
            return say("one" if n == 1 else "two", language)
        if segment in self.serial:
            why, found = self.serial[segment]
            return say(why, language, found=found)
        if segment in self.estimates[method].reason:
            return say(self.estimates[method].reason[segment], language)
        if p == 1.0:
            return say("equal", language)
        if p > self.alpha * (1 + _ROUNDING):
            return say("few", language, n=n, p=f"{p:.3g}")
        return ""

    @cached_property
    def columns(self) -> dict[str, list]:
        """The columns of `table`; what is not known is None."""
        parts = [self._of_method(place) for place in range(len(self.estimates))]
        if len(parts) == 1:
            return parts[0]
        names = dict.fromkeys(name for part in parts for name in part)
        rows = range(len(self.series))
        return {
            name: [part[name][k] if name in part else None for k in rows for part in parts]
            for name in names
        }

    def _of_method(self, place: int) -> dict[str, list]:
        tests, found = self.tests, self.estimates[place]
        enough = tests["n"] > 2
        out = self._keys()
        out["n"] = tests["n"].tolist()
        out["first"], out["last"] = self._ends()
        out["s"] = _where(enough, tests["s"])
        for name in ("tau", "p"):
            out[name] = _where(enough & ~np.isnan(tests[name]), tests[name])
        out["exact"] = _where(enough, tests["exact"] == 1)
        out["smallest_p"] = _where(enough, tests["smallest_p"])
        if self.adjusted is not None:
            out["adjusted"] = _where(~np.isnan(self.adjusted), self.adjusted)
        out["verdict"] = self.verdict
        out["method"] = [found.method] * len(tests)
        out |= slope_columns(found, self.series)
        out["reason"] = self._reasons(place)
        return out

    def _reasons(self, place: int) -> list[str | None]:
        tests, found = self.tests, self.estimates[place]
        bare = (tests["n"] > 2) & (tests["smallest_p"] <= self.alpha * (1 + _ROUNDING))
        bare[list(found.reason)] = False
        bare[list(self.serial)] = False
        return [
            None if done else self.reason_of(k, place) or None
            for k, done in enumerate(bare.tolist())
        ]

    def _keys(self) -> dict[str, list]:
        series = self.series
        areas = [series.keys[i] for i in series.area.tolist()]
        out: dict[str, list] = {
            name: [key[place] for key in areas] for place, name in enumerate(series.names)
        }
        if series.standards != [None]:
            out["standard"] = [series.standards[i] for i in series.standard.tolist()]
        return out

    def _ends(self) -> tuple[list, list]:
        series = self.series
        there = series.n > 0
        at = series.offset.astype(np.int64)
        out = []
        for rows in (at[:-1], at[1:] - 1):
            time = np.full(len(series), np.nan)
            time[there] = series.time[rows[there]]
            whole = bool((time[there] == np.floor(time[there])).all())
            values = time.tolist()
            out.append([None if v != v else int(v) if whole else v for v in values])
        return out[0], out[1]

    def area(self, code: Hashable | tuple) -> PovertyTrends:
        """Return the result of one area: by the value of its unit, or all of its keys.

        Raises
        ------
        NrdKeyError
            If there is no such area, or several groups have one.
        """
        series = self.series
        wanted = code if isinstance(code, tuple) else (code,)
        text = tuple(map(name_of, wanted))
        at = [
            place
            for place, key in enumerate(series.keys)
            if tuple(map(name_of, key[-len(text) :])) == text
        ]
        if len(at) != 1:
            raise NrdKeyError(
                f"area: there is no area {code!r}"
                if not at
                else f"area: {len(at)} groups have an area {code!r}, expected a tuple of "
                f"{', '.join(series.names)}"
            )
        return self.take(np.flatnonzero(series.area == at[0]))

    def project(self, **options: Any) -> Any:
        """Prolong the series towards a target; options as in `project_poverty`.

        Returns
        -------
        Projection
        """
        from .projections import projection_of

        return projection_of(self.series, **options)

    def joints(self, **options: Any) -> Any:
        """Find where the trends change; options as in `poverty_joints`.

        Returns
        -------
        Joints
        """
        from .joinpoints import joints_of

        return joints_of(self.series, **options)

    def take(self, segments: np.ndarray) -> PovertyTrends:
        """Return the result of some segments, whose places rise."""
        place = {int(k): i for i, k in enumerate(segments)}
        return replace(
            self,
            series=self.series.take(segments),
            tests=self.tests[segments],
            estimates=tuple(found.take(segments) for found in self.estimates),
            adjusted=None if self.adjusted is None else self.adjusted[segments],
            serial={place[k]: why for k, why in self.serial.items() if k in place},
        )

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain Python values; the tables as lists of rows."""
        out = super().to_dict()
        for name in ("series", "tests", "estimates", "adjusted", "serial"):
            del out[name]
        return {**out, "table": records(self.columns), "groups": records(self.groups)}

    def report(self, language: str = "en") -> list:
        """Return the titled tables that `summary` shows."""
        from ._sections_trends import trends

        return trends(self, language)

    def plot(self, ax: Any = None, **options: Any) -> Any:
        """Draw the series and their fits, in small multiples.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Where to draw, for one area; by default a new figure, with a panel an area.
        **options
            ``language`` ("en" or "vi"), ``title``, ``source`` (printed below), ``columns``
            (panels beside each other) and ``method`` (its place among the methods).

        Returns
        -------
        matplotlib.figure.Figure or matplotlib.axes.Axes
            The figure, or `ax`.

        Raises
        ------
        NrdError
            If matplotlib is not installed, the language is neither, there are more areas
            than panels are drawn (60), or `ax` is given for several.
        """
        from ._plot_trends import trends

        return trends(self, ax, **options)

    def plot_map(self, column: str = "slope_points", ax: Any = None, **options: Any) -> Any:
        """Draw a column of the table on the map of the 63 provinces; see `nrd.plot_maps`.

        Parameters
        ----------
        column : str, optional
            Column of numbers; the units must be codes of provinces, with one row each.
        ax : matplotlib.axes.Axes, optional
            Where to draw; by default a new figure.
        **options
            As for `nrd.plot_maps.provinces`: ``language``, ``label``, ``title`` ...

        Returns
        -------
        matplotlib.axes.Axes

        Raises
        ------
        NrdKeyError
            If there is no such column, or a unit is no province.
        NrdValueError
            If a unit has several rows: another standard or method.
        NrdError
            If geopandas or matplotlib is not installed.
        """
        from .plot_maps import provinces

        if column not in self.columns:
            raise NrdKeyError(f"plot_map: there is no column {column!r}")
        codes = [name_of(code) for code in self.columns[self.series.names[-1]]]
        if len(set(codes)) < len(codes):
            twice = next(code for code in codes if codes.count(code) > 1)
            raise NrdValueError(
                f"plot_map: unit {twice} has several rows, expected one standard and method"
            )
        values = dict(zip(codes, self.columns[column], strict=True))
        return provinces(values, ax, **{"label": column, **options})


def _where(known: np.ndarray, values: np.ndarray) -> list:
    found = values.tolist()
    if known.all():
        return found
    return [v if there else None for v, there in zip(found, known.tolist(), strict=True)]


def slope_columns(found: Estimates, series: Series) -> dict[str, list]:
    """Slopes and intervals by names that say their units.

    ``slope_points`` are percentage points a year, ``percent_a_year`` percent of the value
    itself, ``odds_percent_a_year`` percent of the odds; with the latter two
    ``slope_points`` is the mean change of the fitted curve from the first to the last year.
    """
    bounds = {"slope": found.slope, "low": found.low, "high": found.high}
    if found.scale == POINTS:
        unit = "" if series.rate == "number" else "_points"
        columns = {f"{name}{unit}": values for name, values in bounds.items()}
    else:
        mean = "slope" if series.rate == "number" else "slope_points"
        names = {
            PERCENT: ("percent_a_year", "low_percent", "high_percent"),
            ODDS: ("odds_percent_a_year", "low_odds_percent", "high_odds_percent"),
        }[found.scale]
        columns = {mean: _mean_change(found, series)}
        changes = (100.0 * np.expm1(values) for values in bounds.values())
        columns |= dict(zip(names, changes, strict=True))
    columns |= {"confidence": found.confidence, "slope_p": found.p}
    return {
        name: _where(np.isfinite(values), values)
        for name, values in columns.items()
        if name != "slope_p" or not np.isnan(found.p).all()
    }


def _mean_change(found: Estimates, series: Series) -> np.ndarray:
    """Change of the fitted curve between the ends of each segment, per unit of time."""
    out = np.full(len(series), np.nan)
    there = np.flatnonzero(series.n > 1)
    at = series.offset.astype(np.int64)
    span = series.time[at[there + 1] - 1] - series.time[at[there]]
    ends = [found.fitted(there, since) for since in (np.zeros(len(there)), span)]
    out[there] = (ends[1] - ends[0]) / span
    return out
