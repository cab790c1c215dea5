"""Panels across a reform: values of units before turned into those of units after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from ._core.crosswalk import apply
from ._frames import Frame
from ._harmonise import Read, Rule, carried, places_of, read_panel, rules_of
from ._labels import label
from ._late import Late
from ._result import Columns, Provenance, Result, plain, records
from .crosswalks import Crosswalk
from .errors import NrdTypeError

__all__ = ["Harmonised", "harmonise"]

WHERE = "harmonise"
_STATES = np.array(["unmet", "met", "unknown"], object)


@dataclass(frozen=True, eq=False, repr=False)
class Harmonised(Result):
    """Values of the units after a reform, with bounds where shares are unknown.

    Attributes
    ----------
    columns : dict of columns
        ``unit``, the period where there is one, and each column of the rules; None where it
        is not certain.
    bounds : dict of columns
        The same with ``_low`` and ``_high`` of each column that has open values.
    proof : dict of columns
        Per sum and period: ``before`` and ``after``, the exact totals over all units,
        ``low`` and ``high`` of these where shares are unknown, and whether it is
        ``conserved``: the same to the last bit, or between the two.
    open : int
        Values that are not certain because a share is unknown.
    """

    columns: Columns
    bounds: Columns
    proof: Columns
    open: int

    @property
    def table(self) -> Any:
        """One row a unit after (and period), in the caller's kind of frame."""
        return self.kind.build(self.columns)

    @property
    def bound_table(self) -> Any:
        """The same with least and greatest values, in the caller's kind of frame."""
        return self.kind.build(self.bounds)

    @property
    def proof_table(self) -> Any:
        """Totals before and after, in the caller's kind of frame."""
        return self.kind.build(self.proof)

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain Python values; tables as lists of rows."""
        return {
            "provenance": plain(self.provenance),
            "open": self.open,
            "table": records(self.bounds),
            "proof": records(self.proof),
        }

    def report(self, language: str = "en") -> list:
        """Return the titled tables that `summary` shows: the proof, and what is open."""
        from ._display import Section

        rows = list(zip(*self.proof.values(), strict=True))
        counts = [(label("units", language), len(set(self.columns["unit"])))]
        counts.append((label("open_values", language), self.open))
        note = " ".join((self.provenance.method + ".", *self.provenance.assumptions))
        return [
            Section(label("harmonised", language), ("", "n"), counts, note),
            Section(label("proof", language), list(self.proof), rows),
        ]


def harmonise(
    data: Any,
    crosswalk: Crosswalk,
    *,
    unit: str,
    rules: Mapping[str, Any],
    period: str | None = None,
    weights: str | Mapping | None = None,
    direction: str = "new",
    repair_codes: bool = False,
    threads: int = 0,
) -> Harmonised:
    """Turn values of units before a reform into values of units after it.

    Parameters
    ----------
    data : data frame or mapping of columns
        Anything narwhals reads: one row a unit, or a unit and period.
    crosswalk : Crosswalk
        Who went where: `nrd.crosswalk`, with shares of divided units where they are known.
        `Crosswalk.reverse` gives the way back, an estimate.
    unit : str
        Column of the codes of the units before.
    rules : mapping of str to str or tuple
        What becomes of each column of the result:

        - ``"sum"``: population, land, money;
        - ``("mean", weights)``: a mean weighted by another column;
        - ``("rate", numerator, denominator)`` or ``(..., 100)``: recomputed from two
          columns, times 100 for percent; a rate is never averaged raw;
        - ``"all"``, ``"any"``: met if all parts are, or one is; three-valued;
        - ``("share", weights, 0.5)``: met if parts with that share of another column are;
        - ``"first"``, ``"last"``: the value of the first part in its first period, or of
          the last part in its last, for names.
    period : str, optional
        Column of the periods.
    weights : "equal" or mapping, optional
        Shares of the parts of divided units, as `Crosswalk.with_shares` takes them; without
        them, and where the crosswalk has none, the result has bounds. In the direction
        "old" the weight of each old unit, as `Crosswalk.reverse` takes it.
    direction : {"new", "old"}, optional
        From the units before to those after, or back, which is an estimate by the weights.
    repair_codes : bool, optional
        Give codes that lost their leading zeros in a spreadsheet these back. Without it
        they are refused.
    threads : int, optional
        0 for all processors.

    Returns
    -------
    Harmonised

    Raises
    ------
    NrdKeyError
        If a column or a unit is not there; the message names the row.
    NrdValueError
        If a unit and period occur twice, a rate is given the rule "sum", a value cannot be,
        or a rule cannot be; the message names rows and columns. If the shares of a unit do
        not add up to 1, so that it is lost or doubled; or if there are no weights for the
        way back.
    NrdTypeError
        If a column is not numeric, or `crosswalk` is none.

    Notes
    -----
    A unit before that has no row in a period is missing there, and so are the sums, means
    and rates of the units that it went into. Bounds are tight for each unit by itself: not
    all can reach theirs at once, since the parts of a unit add up.

    Examples
    --------
    >>> import nrd
    >>> walk = nrd.Crosswalk.from_table(
    ...     {"old_code": ["A", "B", "C", "C"], "new_code": ["X", "X", "X", "Y"]}
    ... )
    >>> rows = {"code": ["A", "B", "C"], "people": [1200, 800, 500]}
    >>> found = nrd.harmonise(rows, walk, unit="code", rules={"people": "sum"})
    >>> found.bounds["people_low"], found.bounds["people_high"]
    ([2000.0, 0.0], [2500.0, 500.0])
    >>> known = walk.with_shares({("C", "X"): 0.4, ("C", "Y"): 0.6})
    >>> found = nrd.harmonise(rows, known, unit="code", rules={"people": "sum"})
    >>> found.columns["people"], found.proof["conserved"]
    ([2200.0, 300.0], [True])
    """
    if not isinstance(crosswalk, Crosswalk):
        raise NrdTypeError(
            f"{WHERE}: crosswalk is {type(crosswalk).__name__}, expected Crosswalk"
        )
    crosswalk = carried(crosswalk, weights, direction)
    frame = Frame(data, WHERE)
    made = rules_of(frame, rules)
    places, repaired = places_of(frame, unit, crosswalk, repair_codes)
    read = read_panel(frame, places, period, crosswalk, made)
    numbers = [rule for rule in made if not rule.is_label]
    low, high, totals = apply(
        crosswalk.parts,
        read.panel,
        [(r.kind, r.state, r.other, r.above, r.below) for r in numbers],
        threads=threads,
        where=WHERE,
    )
    count = len(read.periods)
    columns: dict[str, Any] = {"unit": partial(_each, crosswalk.new, count)}
    if period is not None:
        columns[period] = read.periods * len(crosswalk.new)
    bounds, open_ = dict(columns), 0
    for rule, least, most in zip(numbers, low, high, strict=True):
        least = least.ravel()
        if most is None:
            columns[rule.name] = bounds[rule.name] = least
            continue
        most = most.ravel()
        apart = (least != most) & ~np.isnan(least)
        open_ += int(np.count_nonzero(apart))
        if rule.is_state:
            columns[rule.name] = bounds[rule.name] = partial(_words, least, most)
        elif apart.any():
            columns[rule.name] = bounds[rule.name] = np.where(apart, np.nan, least)
            bounds |= {f"{rule.name}_low": least, f"{rule.name}_high": most}
        else:
            columns[rule.name] = bounds[rule.name] = least
    for rule in made:
        if rule.is_label:
            named = partial(_each, read.labels[rule.name], count)
            columns[rule.name] = bounds[rule.name] = named
    return Harmonised(
        provenance=_provenance(crosswalk, rules, read, repaired, frame.rows),
        kind=frame.kind,
        columns=Late(columns),
        bounds=Late(bounds),
        proof=_proof(read.periods, numbers, totals),
        open=open_,
    )


def _each(values: Sequence, count: int) -> np.ndarray:
    """Each value so many times, one after another."""
    return np.repeat(np.array(values, object), count)


def _words(low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Names of states, "unknown" where both may be."""
    return _STATES[np.where(low == high, low, 2).astype(np.int64)]


def _proof(periods: Sequence, rules: Sequence[Rule], totals: np.ndarray) -> Columns:
    """Totals over all units, of the values before and of those after."""
    heads = ("column", "period", "before", "after", "low", "high", "conserved")
    rows = []
    for rule, found in zip(rules, totals.tolist(), strict=True):
        if rule.kind != "sum":
            continue
        for period, (whole, low, high) in zip(periods, found, strict=True):
            after = low if low == high else None
            row = (whole, after, low, high, low <= whole <= high)
            rows.append((rule.name, period, *(row if whole == whole else (None,) * 5)))
    return {name: [row[i] for row in rows] for i, name in enumerate(heads)}


def _provenance(
    crosswalk: Crosswalk, rules: Mapping, read: Read, repaired: int, rows: int
) -> Provenance:
    assumptions = []
    if crosswalk.estimated:
        assumptions.append("Shares of divided units are estimates.")
    if repaired:
        assumptions.append(f"{repaired} codes got leading zeros back.")
    return Provenance(
        method="values of units after a reform from those before",
        options={
            "rules": dict(rules),
            "date": crosswalk.date,
        },
        used=rows,
        dropped=read.absent,
        assumptions=tuple(assumptions),
    )
