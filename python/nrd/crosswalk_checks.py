"""What cannot be right in a crosswalk, found and said in a sentence each."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from ._frames import NO_KIND, Frame, name_of
from ._labels import label
from ._result import Columns, Provenance, Result
from .crosswalks import Crosswalk
from .errors import NrdTypeError, NrdValueError

__all__ = ["CrosswalkCheck", "check_crosswalk"]

_RADIUS = 6371.0088  # kilometres: the mean radius of the Earth


@dataclass(frozen=True, eq=False, repr=False)
class CrosswalkCheck(Result):
    """Findings in a crosswalk.

    Attributes
    ----------
    columns : dict of columns
        ``rule``, ``unit`` (a code) and ``finding``, a sentence; one row a finding.
    """

    columns: Columns

    @property
    def counts(self) -> dict[str, int]:
        """Findings by rule; empty where there are none."""
        return dict(Counter(self.columns["rule"]))

    @property
    def table(self) -> Any:
        """One row a finding."""
        return self.kind.build(self.columns)

    def report(self, language: str = "en") -> list:
        """Return the titled table that `summary` shows."""
        from ._display import Section

        rows = list(zip(*self.columns.values(), strict=True))
        title = label("crosswalk_check", language)
        return [Section(title, list(self.columns), rows, self.provenance.method)]


def check_crosswalk(
    walk: Crosswalk,
    *,
    old: Any = None,
    new: Any = None,
    far: float = 40.0,
) -> CrosswalkCheck:
    """Find what cannot be right in a crosswalk; nothing is changed.

    Parameters
    ----------
    walk : Crosswalk
        The crosswalk.
    old, new : data frame or mapping of columns, optional
        The units before and after, with the columns ``code`` and, where there are,
        ``name_vi``, ``type_vi``, ``province_code``, ``lat`` and ``lon``.
    far : float, optional
        Distance in kilometres beyond which two units after that share one unit before are
        implausible; seats or centres of neighbours are nearer.

    Returns
    -------
    CrosswalkCheck
        One row a finding: the rule, the unit, and a sentence.

    Examples
    --------
    >>> import nrd
    >>> data = nrd.load_dataset("admin-2025", backend="pyarrow")
    >>> found = nrd.check_crosswalk(
    ...     nrd.crosswalk(),
    ...     old=data.table("communes_before"),
    ...     new=data.table("communes_after", numbers=True),
    ... )
    >>> found.counts
    {'missing code': 5, 'far apart': 15}
    """
    if not isinstance(walk, Crosswalk):
        raise NrdTypeError(
            f"check_crosswalk: found {type(walk).__name__}, expected Crosswalk"
        )
    if not far > 0:
        raise NrdValueError(f"check_crosswalk: far is {far}, expected more than 0")
    before, after = (None if table is None else _units(table) for table in (old, new))
    found = [*_shares(walk), *_cycles(walk)]
    for side, units, codes in (("before", before, walk.old), ("after", after, walk.new)):
        if units is not None:
            found += _codes(side, units, codes)
            found += _names(side, units)
    if after is not None:
        found += _distances(walk, after, float(far))
    heads = ("rule", "unit", "finding")
    return CrosswalkCheck(
        Provenance(
            method="shares, codes, names and distances of a crosswalk",
            options={"far_km": float(far), "date": walk.date},
            used=len(walk.links),
        ),
        NO_KIND,
        {name: [row[i] for row in found] for i, name in enumerate(heads)},
    )


def _units(table: Any) -> dict[str, list[dict]]:
    """Rows of units by code."""
    frame = Frame(table, "check_crosswalk")
    frame.require("code")
    known = ("name_vi", "type_vi", "district_code", "province_code", "lat", "lon")
    columns = {
        name: frame.values(name) for name in ("code", *known) if name in frame.columns
    }
    out: dict[str, list[dict]] = {}
    for values in zip(*columns.values(), strict=True):
        row = dict(zip(columns, values, strict=True))
        out.setdefault(name_of(row["code"]), []).append(row)
    return out


def _shares(walk: Crosswalk) -> Iterator[tuple[str, str, str]]:
    for code, total in walk.wrong_totals().items():
        yield "shares", code, f"the shares of {code} add up to {total:.12g}, not to 1"


def _cycles(walk: Crosswalk) -> Iterator[tuple[str, str, str]]:
    """A code that goes elsewhere while another goes where it was."""
    onward = {
        walk.old[old]: walk.new[new]
        for old, new in walk.links
        if walk._parts_of_old[old] == 1
    }
    seen: set[str] = set()
    for start in onward:
        path, code = [], start
        while code in onward and code not in seen and onward[code] != code:
            seen.add(code)
            path.append(code)
            code = onward[code]
        if code in path:
            ring = [*path[path.index(code) :], code]
            yield "cycle", code, f"the codes go round: {' into '.join(ring)}"


def _codes(side: str, units: dict, codes: tuple[str, ...]) -> Iterator[tuple]:
    held = set(codes)
    for code in codes:
        if code not in units:
            yield "unknown code", code, f"{code} is no unit {side} the reform"
    for code in units:
        if code not in held:
            yield "missing code", code, f"{code}, a unit {side} the reform, is not there"


def _names(side: str, units: dict) -> Iterator[tuple]:
    """One code for two units, and one name for two units of one parent."""
    named: dict[tuple, list[str]] = {}
    for code, rows in units.items():
        if len(rows) > 1:
            yield "code twice", code, f"{code} stands for {len(rows)} units {side}"
        parent = rows[0].get("district_code") or rows[0].get("province_code")
        if rows[0].get("name_vi") is not None:
            key = (parent, rows[0].get("type_vi"), rows[0]["name_vi"])
            named.setdefault(key, []).append(code)
    for (parent, _, name), codes in named.items():
        if len(codes) > 1:
            said = f"{name} in {parent} has the codes {', '.join(codes)} {side} the reform"
            yield "name twice", codes[0], said


def _distances(walk: Crosswalk, after: dict, far: float) -> Iterator[tuple]:
    """Units after that share a unit before, and lie far from each other."""
    parts: dict[int, list[str]] = {}
    for old, new in walk.links:
        parts.setdefault(old, []).append(walk.new[new])
    for old, codes in parts.items():
        places = [(code, after[code][0]) for code in codes if code in after]
        located = [(code, row) for code, row in places if row.get("lat") and row.get("lon")]
        pairs = [
            (_kilometres(a, b), one, two) for (one, a), (two, b) in combinations(located, 2)
        ]
        if pairs and max(pairs)[0] > far:
            distance, one, two = max(pairs)
            code = walk.old[old]
            said = f"{code} went into {one} and {two}, which are {distance:.0f} km apart"
            yield "far apart", code, said


def _kilometres(a: dict, b: dict) -> float:
    """Distance on a sphere (haversine)."""
    lat1, lon1, lat2, lon2 = (
        math.radians(float(row[key])) for row in (a, b) for key in ("lat", "lon")
    )
    half = math.sin((lat2 - lat1) / 2) ** 2
    half += math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * _RADIUS * math.asin(min(1.0, math.sqrt(half)))
