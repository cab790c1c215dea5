"""What a merger of units does to the share at the standard, apart from what has changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Integral
from typing import Any

import numpy as np

from ._frames import NO_KIND
from ._labels import label
from ._result import Columns, Provenance, Result, plain, records
from .crosswalks import Crosswalk
from .errors import NrdTypeError, NrdValueError
from .harmonised import harmonise

__all__ = ["MergerEffect", "merger_effect"]

WHERE = "merger_effect"


@dataclass(frozen=True, eq=False, repr=False)
class MergerEffect(Result):
    """Shares of units that meet a standard, by the rule for merged units.

    Attributes
    ----------
    units_before, units_after : int
        Units before and after the merger.
    met_before : tuple of int
        Least and greatest number of units before that meet it.
    columns : dict of columns
        Per rule: units after that meet it and their share in percent (``met_low``,
        ``met_high``, ``share_low``, ``share_high``); the ``merger`` effect, the share after
        less that before by the merger alone, in percentage points (``merger_low``,
        ``merger_high``); and with a later count the ``real`` change, that share less the
        share after the merger (``real_low``, ``real_high``), else None.
    """

    units_before: int
    units_after: int
    met_before: tuple[int, int]
    columns: Columns

    @property
    def table(self) -> Any:
        """One row a rule, in the caller's kind of frame."""
        return self.kind.build(self.columns)

    def plot(self, ax: Any = None, **options: Any) -> Any:
        """Draw the share before, and after by each rule.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Where to draw; by default a new figure.
        language, title, source : str, optional
            As in `nrd.plot.heat_map`.

        Returns
        -------
        matplotlib.axes.Axes
        """
        from ._plot_mergers import shares

        return shares(self, ax=ax, **options)

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain Python values; the table as a list of rows."""
        return {
            "provenance": plain(self.provenance),
            "units_before": self.units_before,
            "units_after": self.units_after,
            "met_before": list(self.met_before),
            "table": records(self.columns),
        }

    def report(self, language: str = "en") -> list:
        """Return the titled table that `summary` shows."""
        from ._display import Section

        rows = list(zip(*self.columns.values(), strict=True))
        note = " ".join((self.provenance.method + ".", *self.provenance.assumptions))
        return [Section(label("merger", language), list(self.columns), rows, note)]


def merger_effect(
    data: Any,
    crosswalk: Crosswalk,
    *,
    unit: str = "unit",
    status: str = "status",
    weights: str | None = None,
    share: float = 0.5,
    later: tuple[int, int] | None = None,
) -> MergerEffect:
    """Separate what a merger of units did to the share at the standard from what changed.

    Parameters
    ----------
    data : data frame, mapping of columns, or int
        One row a unit before, met or not; or how many of them meet it, no unit named.
    crosswalk : Crosswalk
        The units in question and what they went into, such as ``nrd.crosswalk().part(...)``
        of one province.
    unit, status : str, optional
        Columns of codes and of states.
    weights : str, optional
        Column of weights, such as the population, for the rule "share".
    share : float, optional
        Part of the weight that must meet it under the rule "share", in (0, 1].
    later : tuple of int, optional
        Units after that meet it at a later date, and of how many.

    Returns
    -------
    MergerEffect
        Under "all" a merged unit meets the standard if all its parts do, under "any" if one
        does, under "share" if the parts that do weigh enough.

    Raises
    ------
    NrdTypeError, NrdKeyError, NrdValueError
        As `harmonise`; further if a count is more than there are units.

    Notes
    -----
    From a count alone the bounds are those of the best and the worst way in which the units
    that meet it can lie; where units were divided they hold, and need not be tight. A unit
    that was divided is a part of each unit it went into.

    Examples
    --------
    >>> import nrd
    >>> walk = nrd.Crosswalk.from_table(
    ...     {"old_code": ["A", "B", "C", "D"], "new_code": ["X", "X", "Y", "Y"]}
    ... )
    >>> rows = {"unit": ["A", "B", "C", "D"], "status": ["met", "met", "met", "unmet"]}
    >>> found = nrd.merger_effect(rows, walk, later=(2, 2))
    >>> found.columns["share_low"], found.columns["merger_low"], found.columns["real_low"]
    ([50.0, 100.0], [-25.0, 25.0], [50.0, 0.0])
    >>> counted = nrd.merger_effect(3, walk)
    >>> counted.columns["met_low"], counted.columns["met_high"]
    ([1, 2], [1, 2])
    """
    if not isinstance(crosswalk, Crosswalk):
        raise NrdTypeError(
            f"{WHERE}: crosswalk is {type(crosswalk).__name__}, expected Crosswalk"
        )
    if isinstance(data, Integral) and not isinstance(data, bool):
        before, found = _of_count(int(data), crosswalk)
        made, kind = (len(crosswalk.old), 0), NO_KIND
    else:
        before, found, made, kind = _of_rows(data, crosswalk, unit, status, weights, share)
    after = _share_later(later)
    return MergerEffect(
        provenance=Provenance(
            method="units merged by a stated rule",
            options={"share": share, "weights": weights, "later": later},
            used=made[0],
            dropped=made[1],
            assumptions=_assumptions(crosswalk, data),
        ),
        kind=kind,
        units_before=len(crosswalk.old),
        units_after=len(crosswalk.new),
        met_before=before,
        columns=_columns(crosswalk, before, found, after),
    )


def _of_rows(
    data: Any,
    walk: Crosswalk,
    unit: str,
    status: str,
    weights: str | None,
    share: float,
) -> tuple:
    """Units that meet it before, and after by each rule, with bounds."""
    rules: dict[str, Any] = {"all": "all", "any": "any"}
    if weights is not None:
        rules["share"] = ("share", weights, share)
    found = {}
    for name, rule in rules.items():
        made = harmonise(data, walk, unit=unit, rules={status: rule})
        states = made.columns[status]
        met = states.count("met")
        found[name] = (met, met + states.count("unknown"))
    alone = Crosswalk(
        walk.old, walk.old, tuple((i, i) for i in range(len(walk.old))),
        (1.0,) * len(walk.old),
    )  # fmt: skip
    states = harmonise(data, alone, unit=unit, rules={status: "all"})
    met = states.columns[status].count("met")
    open_ = states.columns[status].count("unknown")
    counts = (len(walk.old) - open_, open_)
    return (met, met + open_), found, counts, made.kind


def _of_count(met: int, walk: Crosswalk) -> tuple[tuple[int, int], dict]:
    """Bounds of the units after, from the number of units before that meet it.

    All parts of as many units as possible meet it when the units with few parts come
    first; of as few as possible when each unit lacks one part as long as it can. A unit
    that was divided may be several parts at once.
    """
    if not 0 <= met <= len(walk.old):
        raise NrdValueError(f"{WHERE}: {met} units meet it, expected 0 to {len(walk.old)}")
    units, spare = len(walk.new), len(walk.links) - len(walk.old)
    sizes = np.bincount([new for _, new in walk.links], minlength=units)
    filled = np.cumsum(np.sort(sizes))

    def full(parts: int) -> tuple[int, int]:
        """Fewest and most units all of whose parts are among so many units before."""
        most = int(np.searchsorted(filled, parts + spare, side="right"))
        return max(0, units - (len(walk.old) - parts) - spare), most if parts else 0

    none = full(len(walk.old) - met)
    return (met, met), {"all": full(met), "any": (units - none[1], units - none[0])}


def _share_later(later: tuple[int, int] | None) -> float | None:
    if later is None:
        return None
    met, of = later
    if not (isinstance(met, Integral) and isinstance(of, Integral) and 0 <= met <= of > 0):
        raise NrdValueError(
            f"{WHERE}: later is {later!r}, expected a number of units and of how many"
        )
    return 100 * met / of


def _columns(
    walk: Crosswalk, before: Sequence[int], found: dict, later: float | None
) -> Columns:
    start = [100 * met / len(walk.old) for met in before]
    rows = []
    for rule, (low, high) in found.items():
        shares = (100 * low / len(walk.new), 100 * high / len(walk.new))
        moved = (shares[0] - start[1], shares[1] - start[0])
        real = (None, None) if later is None else (later - shares[1], later - shares[0])
        rows.append((rule, low, high, *shares, *moved, *real))
    names = ("met", "share", "merger", "real")
    heads = ("rule", *(f"{name}_{side}" for name in names for side in ("low", "high")))
    return {name: [row[i] for row in rows] for i, name in enumerate(heads)}


def _assumptions(walk: Crosswalk, data: Any) -> tuple[str, ...]:
    out = ["A rule is a choice: no decision says how the status of parts is carried over."]
    if isinstance(data, Integral):
        out.append("Bounds come from a count alone, wherever the units that meet it lie.")
    return tuple(out)
