"""Result of a search for joints: areas, lines, and words for both."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ._display import Section, chance, number
from ._labels_projection import reason, word
from ._late import or_none
from ._places import place_of
from ._result import Columns, Result, records
from ._series import Series
from .errors import NrdKeyError

# Series that a summary lists; points of a line that is drawn.
_MOST, _DRAWN = 40, 50


@dataclass(frozen=True, eq=False, repr=False)
class Joints(Result):
    """Lines that meet at joints, one row of results a series: an area and standard.

    Attributes
    ----------
    scale : str
        "linear": slopes in points a year; "log": in percent a year.
    states, details : tuple of str, shape (series,)
        What could be told: "told"; "few", where the years are too few for a joint and one
        line is given; else why there is no line, and what was found.
    """

    series: Series = field(repr=False)
    scale: str
    found: np.ndarray = field(repr=False)
    states: tuple[str, ...]
    details: tuple[str, ...]

    @property
    def columns(self) -> Columns:
        """One row a series.

        The columns that name the area; ``standard``; ``n`` (years); ``joints`` (None where
        nothing can be told) and ``most`` (as many as the years allow); ``p`` of the first
        test, of no joint against ``most``; ``joint_1``, ``joint_1_low``, ``joint_1_high``
        and so on, with an infinite end where no place is ruled out; ``sigma`` about the
        lines, with ``df`` degrees of freedom; ``state`` and ``reason``.
        """
        found, most = self.found, max([int(k) for k in self.found["joints"]], default=0)
        joints = {
            f"joint_{j + 1}{end}": or_none(found[f"joint{end}"][:, j])
            for j in range(most)
            for end in ("", "_low", "_high")
        }
        with np.errstate(invalid="ignore"):
            sigma = np.sqrt(found["rss"] / found["df"])
        return {
            **self._names(range(len(self.series))),
            "n": found["n"].astype(np.int64).tolist(),
            "joints": self._told(found["joints"]),
            "most": found["most"].tolist(),
            "p": or_none(found["p"][:, 0]),
            **joints,
            "sigma": or_none(sigma),
            "df": or_none(found["df"]),
            "state": list(self.states),
            "reason": self.reasons(),
        }

    @property
    def columns_of_lines(self) -> Columns:
        """One row a line.

        The columns that name the area; ``standard``; ``line`` (from 1 on); ``begin`` and
        ``end``, in years; ``change``, ``low`` and ``high``: points a year, or percent a
        year on the log scale.
        """
        places = [
            (k, j)
            for k, joints in enumerate(self.found["joints"].tolist())
            for j in range(joints + 1)
            if not np.isnan(self.found["slope"][k, 0])
        ]
        rows = [self._line(k, j) for k, j in places]
        names = ("line", "begin", "end", "change", "low", "high")
        columns = zip(*rows, strict=True) if rows else ((),) * len(names)
        return {
            **self._names([k for k, _ in places]),
            **{name: or_none(np.array(v)) for name, v in zip(names, columns, strict=True)},
        }

    def _told(self, joints: np.ndarray) -> list[int | None]:
        """Numbers of joints; None where nothing could be told of them."""
        pairs = zip(joints.tolist(), self.states, strict=True)
        return [count if state in ("told", "exact") else None for count, state in pairs]

    def _names(self, places: Any) -> dict[str, list]:
        series = self.series
        areas = [series.keys[series.area[k]] for k in places]
        return {
            **{name: [key[i] for key in areas] for i, name in enumerate(series.names)},
            "standard": [series.standards[series.standard[k]] for k in places],
        }

    def _line(self, k: int, j: int) -> tuple:
        found, time = self.found[k], self.series.time[self.series.rows_of(k)]
        begin = time[0] if j == 0 else found["joint"][j - 1]
        end = time[-1] if j == found["joints"] else found["joint"][j]
        slopes = [float(found[name][j]) for name in ("slope", "slope_low", "slope_high")]
        if self.scale == "log":
            slopes = [100 * float(np.expm1(slope)) for slope in slopes]
        return j + 1, float(begin), float(end), *slopes

    @property
    def table(self) -> Any:
        """One row a series, in the caller's kind of frame; see `columns`."""
        return self.kind.build(self.columns)

    @property
    def lines(self) -> Any:
        """One row a line, in the caller's kind of frame; see `columns_of_lines`."""
        return self.kind.build(self.columns_of_lines)

    def reasons(self, language: str = "en") -> list[str]:
        """Why joints or lines cannot be told; "" where they can."""
        pairs = zip(self.states, self.details, strict=True)
        return [reason(state, detail, language) for state, detail in pairs]

    def fitted(self, k: int) -> tuple[np.ndarray, np.ndarray]:
        """Lines of a series, for drawing: years and rates."""
        one, time = self.found[k], self.series.time[self.series.rows_of(k)]
        joints = one["joint"][: one["joints"]]
        years = np.union1d(np.linspace(time[0], time[-1], _DRAWN), joints)
        line = one["start"] + one["slope"][0] * (years - time[0])
        for j, joint in enumerate(joints):
            line += (one["slope"][j + 1] - one["slope"][j]) * np.maximum(years - joint, 0)
        return years, np.exp(line) if self.scale == "log" else line

    def place(self, unit: Hashable, standard: Hashable = None) -> int:
        """Row of an area and standard; its number counted from 0.

        Raises
        ------
        NrdKeyError
            If there is no such area, or there are several and no standard is given.
        """
        series = self.series
        found = [
            k
            for k in range(len(series))
            if unit in (series.keys[series.area[k]], series.keys[series.area[k]][-1])
            and standard in (None, series.standards[series.standard[k]])
        ]
        if len(found) != 1:
            known = [series.standards[series.standard[k]] for k in found]
            what = f"{len(found)} series, of standards {known}" if found else "no series"
            raise NrdKeyError(f"area {unit!r}, standard {standard!r}: there is {what}")
        return found[0]

    def row(self, unit: Hashable, standard: Hashable = None) -> dict[str, Any]:
        """One area and standard as a row.

        Raises
        ------
        NrdKeyError
            If there is no such area, or there are several and no standard is given.
        """
        place = self.place(unit, standard)
        return {name: values[place] for name, values in self.columns.items()}

    def area(self, *key: Hashable) -> Joints:
        """Return the result of one area, with all its standards.

        Raises
        ------
        NrdKeyError
            If there is no such area, or several groups have one.
        """
        own = np.flatnonzero(self.series.area == place_of(self.series, key))
        return replace(
            self,
            series=self.series.take(own),
            found=self.found[own],
            states=tuple(self.states[k] for k in own),
            details=tuple(self.details[k] for k in own),
        )

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain Python values; an open end of an interval is None."""
        head = super().to_dict()
        return {
            "provenance": head["provenance"],
            "scale": self.scale,
            "series": records(self.columns),
            "lines": records(self.columns_of_lines),
        }

    def plot(self, *areas: Hashable, **options: Any) -> Any:
        """Draw series, lines and joints of one or several areas.

        Parameters
        ----------
        *areas : hashable
            Codes; by default the first nine areas.
        **options
            ``axes``, ``language``, ``title``, ``source``.
        """
        from ._plot_projection import joined

        return joined(self, areas, **options)

    def report(self, language: str = "en") -> list:
        """Return the titled table that `summary` shows."""
        rows = [self._row(k, language) for k in range(min(len(self.found), _MOST))]
        names = ("area", "standard", "n", "joints")
        header = [*(word(name, language) for name in names), "p"]
        header += [word(name, language) for name in ("joint", "change", "remark")]
        more = len(self.found) - len(rows)
        note = self.provenance.method + (f" (+ {more})" if more > 0 else "")
        return [Section(word("joints_title", language), header, rows, note)]

    def _row(self, k: int, language: str) -> tuple:
        one = self.found[k]
        told, places = not np.isnan(one["rss"]), range(int(one["joints"]))
        unit = word("percent" if self.scale == "log" else "points", language)
        changes = [self._line(k, j)[3] for j in range(len(places) + 1)] if told else []
        p = None if np.isnan(one["p"][0]) else float(one["p"][0])
        return (
            " ".join(map(str, self.series.keys[self.series.area[k]])),
            self.series.standards[self.series.standard[k]] or "",
            int(one["n"]),
            int(one["joints"]) if self.states[k] in ("told", "exact") else "",
            chance(p),
            ", ".join(_span(one, j) for j in places),
            f"{', '.join(map(number, changes))} {unit}" if changes else "",
            reason(self.states[k], self.details[k], language),
        )


def _span(one: np.void, j: int) -> str:
    """A joint with its interval; an open end stays open."""
    ends = [one[name][j] for name in ("joint_low", "joint_high")]
    low, high = ("" if np.isinf(end) else f"{end:.1f}" for end in ends)
    return f"{one['joint'][j]:.1f} ({low}–{high})".replace(".0", "")
