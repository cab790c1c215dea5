"""Panels across a reform: values of units before turned into those of units after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ._core.crosswalk import apply
from ._frames import Frame
from ._harmonise import Panel, Rule, codes_of, panel_of, rules_of
from ._labels import label
from ._result import Columns, Provenance, Result, plain, records
from ._statistics import or_none
from .crosswalks import Crosswalk
from .errors import NrdTypeError

__all__ = ["Harmonised", "harmonise"]

WHERE = "harmonise"
_STATES = np.array(["unmet", "met"], object)


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
        - ``"first"``: the value of the first part, for names.
    period : str, optional
        Column of the periods.
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
        or a rule cannot be; the message names rows and columns.
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
    frame = Frame(data, WHERE)
    made = rules_of(frame, rules)
    places, repaired = codes_of(frame, unit, crosswalk, repair_codes)
    panel = panel_of(frame, places, unit, period, crosswalk, made)
    links = crosswalk.parts()
    low, high = apply(
        links,
        panel.columns,
        len(panel.periods),
        [panel.rule(rule) for rule in made if rule.kind != "first"],
        threads=threads,
        where=WHERE,
    )
    scale = np.array([panel.scale(rule) for rule in made if rule.kind != "first"])
    low, high = low / scale[:, None, None], high / scale[:, None, None]
    keys = {"unit": np.repeat(np.array(crosswalk.new, object), len(panel.periods)).tolist()}
    if period is not None:
        keys[period] = panel.periods * len(crosswalk.new)
    numbers = [rule for rule in made if rule.kind != "first"]
    columns, bounds = dict(keys), dict(keys)
    for rule, least, most in zip(numbers, low, high, strict=True):
        least, most = least.ravel(), most.ravel()
        columns[rule.name] = _values(rule, least, most)
        bounds |= _bounds(rule, least, most, columns[rule.name])
    for rule in made:
        if rule.kind == "first":
            columns[rule.name] = bounds[rule.name] = panel.first(rule, links)
    return Harmonised(
        provenance=_provenance(crosswalk, rules, panel, repaired, frame.rows),
        kind=frame.kind,
        columns=columns,
        bounds=bounds,
        proof=_proof(panel, numbers, low, high, links),
        open=int(np.count_nonzero(low != high) - np.count_nonzero(np.isnan(low))),
    )


def _values(rule: Rule, low: np.ndarray, high: np.ndarray) -> list:
    """Values that are certain; None for the others."""
    if rule.is_state:
        out = np.full(len(low), "unknown", object)
        sure = low == high
        out[sure] = _STATES[low[sure].astype(np.int64)]
        return out.tolist()
    return or_none(np.where(low == high, low, np.nan))


def _bounds(rule: Rule, low: np.ndarray, high: np.ndarray, values: list) -> Columns:
    """The column, with its bounds where some value is open."""
    apart = low != high
    if rule.is_state or not (apart & ~np.isnan(low)).any():
        return {rule.name: values}
    return {
        rule.name: values,
        f"{rule.name}_low": or_none(low),
        f"{rule.name}_high": or_none(high),
    }


def _proof(
    panel: Panel, rules: Sequence[Rule], low: np.ndarray, high: np.ndarray, links: Any
) -> Columns:
    """Totals over all units, of the values before and of those after."""
    heads = ("column", "period", "before", "after", "low", "high", "conserved")
    rows = []
    reached = np.zeros(links.sources, bool)
    reached[links.source] = True
    for place, rule in enumerate(rules):
        if rule.kind != "sum":
            continue
        before = panel.totals(rule, reached)
        least = panel.totals_of(rule, low[place])
        same = np.array_equal(low[place], high[place], equal_nan=True)
        most = least if same else panel.totals_of(rule, high[place])
        for period, whole, a, b in zip(panel.periods, before, least, most, strict=True):
            after = a if a == b else None
            row = (whole, after, a, b, a <= whole <= b)
            rows.append((rule.name, period, *(row if whole == whole else (None,) * 5)))
    return {name: [row[i] for row in rows] for i, name in enumerate(heads)}


def _provenance(
    crosswalk: Crosswalk, rules: Mapping, panel: Panel, repaired: int, rows: int
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
        dropped=panel.absent,
        assumptions=tuple(assumptions),
    )
