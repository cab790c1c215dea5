"""Result of a projection: areas, figures to come, and words for both."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ._display import Section, chance, number
from ._labels_projection import reach_words, reason, word, year_words
from ._late import or_none
from ._places import place_of
from ._result import Columns, Result, records
from ._series import Series

# Areas that a summary lists; points of a line that is drawn.
_MOST, _DRAWN = 40, 50
_FIGURE = ("estimate", "low", "high", "probability")


@dataclass(frozen=True, eq=False, repr=False)
class Projection(Result):
    """Trends prolonged towards a target.

    Attributes
    ----------
    target : ndarray, shape (areas,)
        Target of each area; NaN where there is none.
    target_year : float
        When it is to be reached; NaN for no year.
    years : ndarray, shape (years,)
        Years projected to.
    states, details : tuple of str, shape (areas,)
        What can be told of each area: "made"; "met" or "past", where the target or its year
        is; else why nothing can be told, and what was found.
    standards : tuple, shape (areas,)
        Poverty standard of each line; None without any.

    Notes
    -----
    ``reach`` is the year when a figure is as likely at the target as not, ``reach_low`` and
    ``reach_high`` when it is there with probability (1 - level) / 2 and (1 + level) / 2.
    None of them lies before the last figure; infinity says that the probability is never
    so great, and that the interval is open.
    """

    series: Series = field(repr=False)
    target: np.ndarray
    target_year: float
    years: np.ndarray
    points: np.ndarray = field(repr=False)
    found: np.ndarray = field(repr=False)
    states: tuple[str, ...]
    details: tuple[str, ...]
    standards: tuple[Hashable, ...]

    @property
    def columns(self) -> Columns:
        """One row an area.

        The columns that name it; ``standard``; ``n`` (figures used); ``last_year``,
        ``last`` (the last figure); ``target``; ``past`` (change of the line a year, first
        year to last) and ``needed`` (change a year from the last figure to the target), in
        points; ``pace`` (``past / needed``: at least 1 where the past pace is enough);
        ``reach``, ``reach_low``, ``reach_high``; ``probability`` of a figure at the target
        in the target year; ``slope`` and ``sigma`` on the scale, with ``df`` degrees of
        freedom; ``state`` and ``reason``.
        """
        found = self.found
        with np.errstate(invalid="ignore", divide="ignore"):
            pace = np.where(found["needed"] != 0, found["past"] / found["needed"], np.nan)
        numbers = {
            "past": found["past"],
            "needed": found["needed"],
            "pace": pace,
            **{name: found[name] for name in ("reach", "reach_low", "reach_high")},
            **{name: found[name] for name in ("probability", "slope", "sigma", "df")},
        }
        names = zip(self.series.names, zip(*self.series.keys, strict=True), strict=True)
        return {
            **{name: list(labels) for name, labels in names},
            "standard": list(self.standards),
            "n": found["n"].astype(np.int64).tolist(),
            "last_year": or_none(found["last_time"]),
            "last": or_none(found["last_value"]),
            "target": or_none(self.target),
            **{name: or_none(values) for name, values in numbers.items()},
            "state": list(self.states),
            "reason": self.reasons(),
        }

    @property
    def table(self) -> Any:
        """One row an area, in the caller's kind of frame; see `columns`."""
        return self.kind.build(self.columns)

    @property
    def figures(self) -> Any:
        """One row an area and a year to come, in the caller's kind of frame.

        The columns that name the area; ``year``; ``estimate``, ``low`` and ``high`` of the
        figure; ``probability`` that it is at the target.
        """
        areas, years = self.points.shape
        keys = {
            name: [key[i] for key in self.series.keys for _ in range(years)]
            for i, name in enumerate(self.series.names)
        }
        return self.kind.build(
            {
                **keys,
                "year": np.tile(self.years, areas),
                **{name: or_none(self.points[name].ravel()) for name in _FIGURE},
            }
        )

    def reasons(self, language: str = "en") -> list[str]:
        """Why nothing can be told of an area, or what there is to know; "" for nothing."""
        pairs = zip(self.states, self.details, strict=True)
        return [reason(state, detail, language) for state, detail in pairs]

    def fitted(self, place: int) -> tuple[np.ndarray, np.ndarray]:
        """Trend of an area over its years, for drawing: years and figures."""
        one, series = self.found[place], self.series
        own = [
            k
            for k in np.flatnonzero(series.area == place).tolist()
            if series.standards[series.standard[k]] == self.standards[place]
        ]
        time = np.concatenate([series.time[series.rows_of(k)] for k in own])
        if np.isnan(one["slope"]) or not time.size:
            return np.empty(0), np.empty(0)
        years = np.linspace(time.min(), time.max(), _DRAWN)
        line = one["mean"] + one["slope"] * (years - one["centre"])
        scale = self.provenance.options["scale"]
        if scale == "logit":
            return years, 100.0 / (1.0 + np.exp(-line))
        return years, np.exp(line) if scale == "log" else line

    def place(self, *key: Hashable) -> int:
        """Row of an area; its number counted from 0.

        Raises
        ------
        NrdKeyError
            If there is no such area, or several groups have one.
        """
        return place_of(self.series, key)

    def row(self, *key: Hashable) -> dict[str, Any]:
        """One area as a row: its code, with the labels of `by` before it if need be.

        Raises
        ------
        NrdKeyError
            If there is no such area, or several groups have one.
        """
        place = self.place(*key)
        return {name: values[place] for name, values in self.columns.items()}

    def area(self, *key: Hashable) -> Projection:
        """Return the result of one area; as `row` otherwise."""
        place = self.place(*key)
        own = slice(place, place + 1)
        return replace(
            self,
            series=self.series.take(np.flatnonzero(self.series.area == place)),
            target=self.target[own],
            points=self.points[own],
            found=self.found[own],
            states=self.states[own],
            details=self.details[own],
            standards=self.standards[own],
        )

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain Python values; an open end of an interval is None."""
        head = super().to_dict()
        kept = ("provenance", "target_year", "years")
        rows = records(self.columns)
        for i, row in enumerate(rows):
            row["figures"] = records(
                {
                    "year": self.years,
                    **{n: self.points[n][i] for n in self.points.dtype.names},
                }
            )
        return {**{name: head[name] for name in kept}, "areas": rows}

    def plot(self, *areas: Hashable, **options: Any) -> Any:
        """Draw series, trend, fan and target of one or several areas.

        Parameters
        ----------
        *areas : hashable
            Codes; by default the first nine areas.
        **options
            ``axes``, ``language``, ``title``, ``source``.
        """
        from ._plot_projection import fans

        return fans(self, areas, **options)

    def report(self, language: str = "en") -> list:
        """Return the titled table that `summary` shows."""
        rows = [self._row(i, language) for i in range(min(len(self.found), _MOST))]
        due = "" if np.isnan(self.target_year) else number(self.target_year, 1)
        due = due.replace(",", "")
        header = [
            word("area", language),
            word("last", language),
            word("past", language),
            word("needed", language),
            word("probability", language, due),
            word("reach", language),
            word("remark", language),
        ]
        more = len(self.found) - len(rows)
        note = self.provenance.method + (f" (+ {more})" if more > 0 else "")
        return [Section(word("title", language), header, rows, note)]

    def _row(self, i: int, language: str) -> tuple:
        one = self.found[i]
        shown = [None if np.isnan(one[k]) else float(one[k]) for k in ("past", "needed")]
        last = "" if np.isnan(one["last_value"]) else (
            f"{number(float(one['last_value']))} ({year_words(float(one['last_time']))})"
        )  # fmt: skip
        probability = None if np.isnan(one["probability"]) else float(one["probability"])
        return (
            " ".join(map(str, self.series.keys[i])),
            last,
            *(number(value) for value in shown),
            chance(probability),
            reach_words(one, language),
            reason(self.states[i], self.details[i], language),
        )
