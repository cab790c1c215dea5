"""Do resources go with results? Correlations of the ones with the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ._correlation import Correlations
from ._frames import Frame
from ._resource_join import Key, check_names, join, spoken
from .correlation import correlation_matrix
from .errors import NrdKeyError, NrdValueError

__all__ = ["province_neighbours", "resource_correlations"]

WHERE = "resource_correlations"


def resource_correlations(
    resources: Any,
    results: Any,
    *,
    unit: str = "unit",
    period: str | None = None,
    sources: Sequence[str] | None = None,
    outcomes: Sequence[str] | None = None,
    per: str | None = None,
    covariates: Sequence[str] = (),
    weights: str | None = None,
    cluster: str | None = None,
    strata: str | None = None,
    names: str | None = None,
    **options: Any,
) -> Correlations:
    """Correlate what was mobilised with what was reached, each source with each result.

    Parameters
    ----------
    resources : Resources, data frame or mapping of columns
        Amounts, which are added by unit and source (and period); or a table with a column
        for each source. A source that a unit prints no amount of is missing, not zero.
    results : data frame or mapping of columns
        Anything narwhals reads, one row a unit, or one a unit and period.
    unit : str, optional
        Column of the units, in `results` and in a table of resources.
    period : str, optional
        Column of the periods there: then amounts go with results of their own period, or
        with ``lag`` of a later year. By default amounts of all periods are added.
    sources, outcomes : sequence of str, optional
        Sources, and columns of `results`; by default all that have no other role.
    per : str, optional
        Column of `results` by which amounts are divided, such as the persons of each unit.
    covariates : sequence of str, optional
        Columns of `results` that are taken out of both.
    weights, cluster, strata, names : str, optional
        Columns of `results`, as in `nrd.correlation_matrix`. By default rows are called by
        their unit; neighbours are those of rows as they are called.
    **options
        As in `nrd.correlation_matrix`: ``method``, ``adjust``, ``test``, ``interval``,
        ``neighbours``, ``influence``, ``relation``, ``lag``, ``seed``, ``progress`` and the
        others.

    Returns
    -------
    Correlations
        One row a source and result. A unit that is in one table only counts as
        ``dropped``; the assumptions name it, and ``provenance.options`` has all of them
        as ``only_resources`` and ``only_results``.

    Raises
    ------
    NrdKeyError
        If a column or source does not exist.
    NrdTypeError
        If an option is no name, or a column is not numeric.
    NrdValueError
        If amounts of a source differ in measure, prices, kind, basis or definition, in one
        unit or between units; if a unit is missing or there twice; if no unit is in both
        tables; if a source and a result have one name; if a number in `per` is not
        positive; and as in `nrd.correlation_matrix`.

    Notes
    -----
    A correlation is an association. Money is sent where little was reached as well as
    little is reached where no money comes: neither follows from the coefficient.

    Examples
    --------
    >>> import nrd
    >>> given = nrd.Resources(
    ...     {
    ...         "unit": ["A", "B", "C", "D", "E"],
    ...         "period": [2023] * 5,
    ...         "source": ["state"] * 5,
    ...         "amount": ["10.5", "8", "14.2", "6.1", "9"],
    ...     },
    ...     measure="billion VND",
    ... )
    >>> reached = {"unit": ["A", "B", "C", "D", "F"], "criteria": [15, 13, 19, 11, 12]}
    >>> found = nrd.resource_correlations(given, reached, method="kendall")
    >>> found.coefficient, found.columns["n"], found.columns["dropped"]
    (1.0, [4], [2])
    >>> found.provenance.assumptions[-1]
    'Units with results only: 1, F.'
    """
    roles = {"weights": weights, "cluster": cluster, "strata": strata, "names": names}
    check_names(WHERE, unit=unit, period=period, per=per, **roles)
    taken = [covariates] if isinstance(covariates, str) else list(covariates)
    frame = Frame(results, f"{WHERE}: results")
    both = join(
        resources,
        frame,
        (unit,) if period is None else (unit, period),
        WHERE,
        sources=sources,
        outcomes=outcomes,
        numbers=[*taken, *filter(None, [weights])],
        labels=list(filter(None, (cluster, strata, names))),
        per=per,
    )
    if names is None:
        apart = period is not None and options.get("neighbours") is None
        roles["names"] = [spoken(key) if apart else key[0] for key in both.rows]
    if options.get("lag", 0) != 0:
        options["time"] = _years(both.rows, period)
    found = correlation_matrix(
        both.table,
        x=both.sources,
        y=both.outcomes,
        covariates=taken,
        unit=unit,
        **roles,
        **options,
    )
    made = found.provenance
    settings = {**made.options, "period": period, "per": per, **both.options}
    made = replace(made, options=settings, assumptions=(*made.assumptions, *both.notes))
    return replace(found, provenance=made, kind=frame.kind)


def _years(rows: Sequence[Key], period: str | None) -> list[int]:
    """The year of each row, for a lag."""
    if period is None:
        raise NrdValueError(f"{WHERE}: there is a lag, expected the column of the period")
    for key in rows:
        if not key[1].isdigit():
            raise NrdValueError(
                f"{WHERE}: there is a lag, and a period is {key[1]!r}, expected a year"
            )
    return [int(key[1]) for key in rows]


def province_neighbours(units: Sequence[str] | None = None) -> list[tuple[str, str]]:
    """Pairs of provinces that share a border, of the 63 before July 2025.

    Parameters
    ----------
    units : sequence of str, optional
        Codes of the provinces that are kept, "01" to "96"; by default all.

    Returns
    -------
    list of (str, str)
        Each pair once, for ``neighbours`` of `nrd.correlate`, `nrd.correlation_matrix` and
        `nrd.resource_correlations`. An island has no neighbour.

    Raises
    ------
    NrdKeyError
        If there is no such province.

    Examples
    --------
    >>> import nrd
    >>> nrd.province_neighbours(["01", "17", "19", "96"])
    [('01', '17'), ('01', '19')]
    """
    from .dataset import load_dataset

    tables = load_dataset("boundaries-provinces").tables
    links, places = tables["neighbours"].columns, tables["units"].columns
    known = [
        code
        for code, level in zip(places["code"], places["level"], strict=True)
        if level == "province"
    ]
    kept = set(known if units is None else units)
    for code in sorted(kept - set(known), key=str):
        raise NrdKeyError(
            f"province_neighbours: there is no province {code!r}, expected a code such as "
            f"{known[0]!r}"
        )
    pairs = zip(links["unit_code"], links["neighbour_code"], strict=True)
    return [pair for pair in pairs if kept.issuperset(pair)]
