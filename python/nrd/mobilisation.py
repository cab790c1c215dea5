"""Resources mobilised: what was given, by whom, for what, and in which money."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from . import _resource_money, _resource_ratios
from ._frames import Frame
from ._mobilised import Mobilised
from ._resource_rows import KEYS, WHERE, Rows, read_rows
from ._resource_sums import require
from ._result import Columns, Provenance
from .errors import NrdKeyError

if TYPE_CHECKING:
    from .inequalities import Inequality

__all__ = ["Mobilised", "Resources"]

_HEADS = ("unit", "source", "period", "problem")


class Resources:
    """Amounts by unit, period, source and content, with what is needed to add them rightly.

    Never changed after it is made. Amounts are added exactly, as printed decimals. What
    differs in measure, price basis, kind or definition is never added: the error names the
    rows.

    Parameters
    ----------
    data : data frame or mapping of columns
        Anything narwhals reads, one row an amount. A row without an amount is left out:
        a blank is not printed, and not zero.
    unit, period, source, amount : str, optional
        Columns. A period is a year, or two such as ``2011-2018``.
    content : str, optional
        Column of what the money is for.
    measure : str, optional
        Measure of the amounts, or the column that holds it: money, such as "billion VND",
        "million VND" or "tỷ đồng"; or "m2", "ha" (land given) and "days" (labour given).
        Money of one currency is brought to the finest scale among the rows, exactly.
    prices : str, optional
        Price basis: "current", or a word such as "2010", or a column.
    kind : {"flow", "cumulative"} or column, optional
        Whether an amount is of its period, or of all years up to its end.
    basis : str, optional
        "actual", "plan" or another word, or a column.
    definition : str, optional
        Column of how a source is defined where pages differ (credit as a flow or as the
        loans held). Rows of one source with different definitions are never added.
    decimal, thousands : str, optional
        Marks of amounts that are text.

    Attributes
    ----------
    units, sources : list of str
        As they occur.
    used, dropped : int
        Rows with an amount, and without.

    Raises
    ------
    NrdKeyError
        If a column does not exist.
    NrdTypeError, NrdValueError
        If an amount is no number or negative, a period or measure is not understood, or an
        amount is given twice; the message names the row, counted from 0.

    Examples
    --------
    >>> import nrd
    >>> rows = {
    ...     "unit": ["A", "A", "B", "B"],
    ...     "period": [2023] * 4,
    ...     "source": ["state", "people"] * 2,
    ...     "amount": ["10.5", "4.2", "8", "6.4"],
    ... }
    >>> given = nrd.Resources(rows, measure="billion VND")
    >>> given.total("source").columns["amount"]
    [18.5, 10.6]
    >>> given.leverage().columns["ratio"]
    [0.4, 0.8]
    """

    def __init__(
        self,
        data: Any,
        *,
        unit: str = "unit",
        period: str = "period",
        source: str = "source",
        content: str = "",
        amount: str = "amount",
        measure: str = "measure",
        prices: str = "current",
        kind: str = "flow",
        basis: str = "actual",
        definition: str = "",
        decimal: str = ".",
        thousands: str | None = None,
    ):
        columns = {"unit": unit, "period": period, "source": source, "content": content}
        traits = {"measure": measure, "prices": prices, "kind": kind, "basis": basis}
        self._rows, self._kind, self.dropped = read_rows(
            data,
            {**columns, "amount": amount},
            {**traits, "definition": definition},
            (decimal, thousands),
        )
        self._options = {**columns, **traits, "definition": definition}
        self._assumptions: tuple[str, ...] = ()
        self._problems: list[dict[str, Any]] = []

    @classmethod
    def from_wide(
        cls,
        data: Any,
        sources: Mapping[str, str | tuple[str, str]],
        *,
        measure: str = "billion VND",
        **options: Any,
    ) -> Resources:
        """Read a table with a column for each source.

        Parameters
        ----------
        data : data frame or mapping of columns
            One row a unit and period.
        sources : mapping of str to str, or to (source, measure)
            What each column holds, by its name.
        measure : str, optional
            Measure of the columns that name none.
        **options
            As for `Resources`; columns of traits go with each source.

        Examples
        --------
        >>> import nrd
        >>> wide = {"unit": ["A"], "period": [2018], "state_bn": [2.5], "land_m2": [800]}
        >>> columns = {"state_bn": "state", "land_m2": ("land", "m2")}
        >>> nrd.Resources.from_wide(wide, columns).sources
        ['state', 'land']
        """
        frame = Frame(data, WHERE)
        frame.require(*sources)
        kept = [name for name in frame.columns if name not in sources]
        long: dict[str, list] = {name: frame.values(name) * len(sources) for name in kept}
        held = [
            (given, measure) if isinstance(given, str) else tuple(given)
            for given in sources.values()
        ]
        long["source"] = [name for name, _ in held for _ in range(frame.rows)]
        long["measure"] = [of for _, of in held for _ in range(frame.rows)]
        long["amount"] = [value for name in sources for value in frame.values(name)]
        made = cls(long, **options)
        made._kind = frame.kind
        return made

    @property
    def units(self) -> list:
        """Units that have an amount, as they occur."""
        return self._rows.labels["unit"].present()

    @property
    def sources(self) -> list:
        """Sources that have an amount, as they occur."""
        return self._rows.labels["source"].present()

    @property
    def used(self) -> int:
        """Rows with an amount."""
        return len(self._rows)

    def __repr__(self) -> str:
        return (
            f"<Resources: {self.used} amounts of {len(self.units)} units from "
            f"{len(self.sources)} sources>"
        )

    def table(self) -> Any:
        """All amounts, one row each, in the caller's kind of frame."""
        names = [name for name in KEYS if self._rows.labels[name].names != [""]]
        columns = {name: self._rows.labels[name].listed() for name in names}
        columns["amount"] = self._rows.amount.tolist()
        for name in ("measure", "prices", "kind"):
            columns[name] = self._rows.labels[name].listed()
        return self._kind.build(columns)

    def where(self, **labels: Any) -> Resources:
        """Keep the rows with a label, or one of several: ``where(source="credit")``.

        Raises
        ------
        NrdKeyError
            If there is no such column or label.
        """
        kept = np.ones(len(self._rows), bool)
        for name, wanted in labels.items():
            require([name], "where")
            held = self._rows.labels[name]
            listed = [wanted] if isinstance(wanted, str | int) else list(wanted)
            texts = [str(value) for value in listed]
            for text in texts:
                if text not in held.names:
                    raise NrdKeyError(
                        f"where: there is no {name} {text!r}, expected one of "
                        f"{', '.join(map(repr, held.names))}"
                    )
            kept &= np.isin(held.codes, [held.names.index(text) for text in texts])
        return self._with(self._rows.take(np.flatnonzero(kept)))

    def total(self, *by: str) -> Mobilised:
        """Exact sums by "unit", "period", "source", "content", "basis": one or several.

        The table has the ``amount``, its ``measure``, the number of amounts ``n``, and
        ``rounding``: how far the sum can be off because each amount was printed rounded.

        Raises
        ------
        NrdValueError
            If amounts of a group differ in measure, prices, kind, basis or definition, are
            cumulative in several periods, or of periods that overlap.
        """
        by = by or ("unit",)
        columns = _resource_ratios.total(self._rows, by)
        return self._result("exact sums of printed amounts", columns, {"by": by})

    def shares(self, within: str | Sequence[str] = ("unit",)) -> Mobilised:
        """Share of each source in the sum of a unit, or within other labels."""
        names = (within,) if isinstance(within, str) else tuple(within)
        columns = _resource_ratios.shares(self._rows, names)
        return self._result("share of each source in the sum", columns, {"within": names})

    def per(
        self, denominator: Mapping[str, float], name: str, *, by: Sequence[str] = ("unit",)
    ) -> Mobilised:
        """Amounts per person, household, commune, or criterion gained.

        Parameters
        ----------
        denominator : mapping of str to float
            The number of each unit; a unit that is not in it has no quotient, and the
            column ``reason`` says so.
        name : str
            What is divided by, for the table: "person".
        by : sequence of str, optional
            As in `total`; "unit" among them.
        """
        columns = _resource_ratios.per(self._rows, denominator, name, by)
        return self._result(f"amounts per {name}", columns, {"by": tuple(by)})

    def leverage(
        self,
        of: str = "community",
        on: str = "state",
        *,
        classes: Mapping[str, str] | None = None,
        by: Sequence[str] = ("unit",),
    ) -> Mobilised:
        """How much one class of sources gave for each unit of money of another.

        Parameters
        ----------
        of, on : str, optional
            The classes: "state", "credit", "enterprise", "community", or your own.
        classes : mapping of str to str, optional
            Class of each source beyond the usual names (state, central, local, province,
            district, commune, integrated; credit; enterprise; people, land, labour).
        by : sequence of str, optional
            As in `total`.

        Raises
        ------
        NrdKeyError
            If a source has no class.
        """
        columns = _resource_ratios.leverage(self._rows, of, on, classes or {}, by)
        return self._result(f"{of} per unit of {on}", columns, {"by": tuple(by)})

    def valued(self, prices: Mapping[str, float], *, currency: str = "VND") -> Resources:
        """Value land and labour at prices of yours, so that they can be added to money.

        Parameters
        ----------
        prices : mapping of str to float
            Price of a square metre ("m2") and of a day of work ("days"), in `currency`.
        currency : str, optional
            Currency of the prices; the amounts come in the scale of the money there is.
        """
        return self._with(*_resource_money.valued(self._rows, prices, currency))

    def constant_prices(self, deflator: Mapping[int, float], base: int) -> Resources:
        """Flows in the prices of one year, by a series of prices.

        Parameters
        ----------
        deflator : mapping of int to float
            Price level of each year, in any unit; 0 and below are refused.
        base : int
            Year whose prices the amounts come in.

        Raises
        ------
        NrdKeyError
            If a year has no price level.
        NrdValueError
            If an amount is cumulative or of several years: no one price level fits it.
        """
        made = _resource_money.constant_prices(self._rows, deflator, base)
        return self._with(
            made, [f"Amounts are in prices of {base}, by the caller's series."]
        )

    def flows(self) -> Resources:
        """Turn cumulative amounts into what was added between two reports.

        A first amount keeps its period. An amount less than that before it, or of the same
        year, is left out and listed in the ``problems`` of each result made of what is
        returned.
        """
        rows, problems = _resource_money.flows(self._rows)
        made = self._with(rows)
        made._problems = [*self._problems, *problems]
        return made

    def against_plan(
        self, *by: str, plan: str = "plan", actual: str = "actual"
    ) -> Mobilised:
        """Planned beside reached amounts: their difference, and what share was reached.

        Parameters
        ----------
        *by : str
            As in `total`; by default "unit".
        plan, actual : str, optional
            Words of the two in the column `basis`.
        """
        by = by or ("unit",)
        columns = _resource_ratios.against_plan(self._rows, by, plan, actual)
        return self._result("planned and reached amounts", columns, {"by": by})

    def concentration(self, *within: str) -> Mobilised:
        """How unequally the units share an amount: Gini, Herfindahl, the largest share.

        Parameters
        ----------
        *within : str
            Labels within which the units are compared, such as "period" and "source"; by
            default all amounts together.
        """
        columns = _resource_ratios.concentration(self._rows, within)
        return self._result("inequality between units", columns, {"within": within})

    def lorenz(self, **labels: Any) -> Inequality:
        """How the units share the sum, with the Lorenz curve to draw; `nrd.inequality`.

        Parameters
        ----------
        **labels
            Rows that count, as in `where`.
        """
        from .inequalities import inequality

        given = self.where(**labels)
        total = _resource_ratios.total(given._rows, ("unit",))
        found = inequality({"amount": total["amount"]}, "amount")
        made = replace(found.provenance, assumptions=given._assumptions)
        return replace(found, provenance=made, kind=self._kind)

    def _with(self, rows: Rows, notes: Sequence[str] = ()) -> Resources:
        made = object.__new__(Resources)
        made.__dict__.update(self.__dict__)
        made._rows = rows
        made._assumptions = (*self._assumptions, *notes)
        return made

    def _result(self, method: str, columns: Columns, options: dict) -> Mobilised:
        return Mobilised(
            provenance=Provenance(
                method=method,
                options={**self._options, **options},
                used=self.used,
                dropped=self.dropped,
                assumptions=self._assumptions,
            ),
            kind=self._kind,
            columns=columns,
            problems={name: [held[name] for held in self._problems] for name in _HEADS},
        )
