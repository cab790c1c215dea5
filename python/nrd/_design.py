"""Rows of regressions, one regression after the other, as robust covariances need them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ._columns import Numbers, labels_of, values_of
from ._core.sandwich import Rows
from ._keys import Run, in_order
from ._regression import LinearFit
from .errors import NrdValueError
from .moments import Moments


class Design:
    """The complete rows with a weight, each with the place of its regression.

    Attributes
    ----------
    origin : range or ndarray of int
        Places of these rows among the caller's.
    place : ndarray of int
        Place of the regression of each.
    unit : ndarray of int or None
        Place of the unit of each whose intercept is taken out; None without effects.
    """

    def __init__(self, fit: LinearFit, found: Numbers, sums: Moments, data: Any):
        self.fit, self.found, self._data = fit, found, data
        #: Rows of each regression, where the sums have counted just these.
        self._counts = None
        if found.weight is None and fit.provenance.options["effects"] is None:
            self._counts = fit.n.astype(np.int64)
        self.place, order, used = _places(found, sums.dropped > 0, self._counts)
        self.origin = range(found.rows) if used is None else np.flatnonzero(used)
        self._take = slice(None) if used is None else self.origin
        self.place = self.place[self._take]
        self.unit = self._means = None
        if fit.provenance.options["effects"] is None:
            return
        if max(fit._terms.powers) > 1:
            raise NrdValueError(
                "regress: effects beside nrd.poly have classical covariances alone, "
                "expected columns of powers in place of nrd.poly"
            )
        self.unit = self.place
        regressions: dict[tuple, int] = {}
        keys = [found.keys[code][:-1] for code in order]
        where = [regressions.setdefault(key, len(regressions)) for key in keys]
        self.place = np.array(where, np.int64)[self.unit]
        codes, state = sums._ordered()
        self._means = state.mean()[codes]

    def labels(self, name: str) -> np.ndarray:
        """Places of the labels of a column in their order, one a row."""
        keys, codes = labels_of(self._data, "regress", name)
        lookup = np.full(len(keys) + 1, -1, np.int64)
        lookup[np.asarray(in_order(keys), np.int64)] = np.arange(len(keys))
        label = lookup[codes[self._take]]
        self._check_missing(label < 0, name)
        return label

    def times(self, name: str) -> np.ndarray:
        """Times of the rows: numbers and dates as they are, else places of labels."""
        values = values_of(self._data, "regress", name)
        if values.dtype.kind not in "iufM":
            return self.labels(name)
        values = values[self._take]
        missing = np.isnat(values) if values.dtype.kind == "M" else values != values
        self._check_missing(missing, name)
        return values

    def _check_missing(self, missing: np.ndarray, name: str) -> None:
        if missing.any():
            row = int(self.origin[np.argmax(missing)])
            raise NrdValueError(
                f"regress: column {name!r}, row {row} is missing, expected a value in each "
                "row that is used",
                row=row,
            )

    def nests(self, label: np.ndarray) -> bool:
        """Whether all rows of a unit have one label."""
        first = np.empty(self.unit.max(initial=-1) + 1, label.dtype)
        first[self.unit] = label
        return bool((first[self.unit] == label).all())

    def rows(self, label: np.ndarray | None = None) -> tuple[Rows, np.ndarray | None]:
        """Return the rows by regression, then label; and the labels in that order."""
        order = _order(self.place, label)
        columns, weight = self._columns(order)
        place, origin, counts = self.place, self.origin, self._absorbed(label)
        if order is not None:
            place, origin = place[order], self._among_all(order)
            label = None if label is None else label[order]
        held = self._counts
        if held is None:
            held = np.bincount(place, minlength=len(self.fit.n))
        model = self.fit._terms.model
        design = [_power(columns[column], power) for column, power in model.terms]
        if model.intercept:
            design.insert(0, (None, None))
        rows = Rows(
            self.fit._solved,
            np.append(0, np.cumsum(held)),
            *zip(*design, strict=True),
            columns[model.y],
            weight,
            self.fit.provenance.options["weight_kind"],
            origin,
            counts,
        )
        return rows, label

    def _columns(
        self, order: np.ndarray | None
    ) -> tuple[list[np.ndarray], np.ndarray | None]:
        """Return columns and weights of the rows, around the means of units."""
        take = self._take if order is None else self._among_all(order)
        columns = [values[take] for values in self.found.columns]
        if self.unit is not None:
            unit = self.unit if order is None else self.unit[order]
            columns = [c - self._means[unit, i] for i, c in enumerate(columns)]
        weight = self.found.weight
        return columns, None if weight is None else weight[take]

    def _among_all(self, order: np.ndarray) -> np.ndarray:
        """Places among the caller's rows of rows in an order."""
        return order if isinstance(self.origin, range) else self.origin[order]

    def _absorbed(self, label: np.ndarray | None) -> np.ndarray | None:
        """Intercepts taken out; one, where clusters would have them in any case."""
        if self.unit is None:
            return None
        units = self.fit._solved.fit["units"]
        nested = label is not None and self.nests(label)
        return np.minimum(units, 1) if nested else units


def _power(values: np.ndarray, power: int) -> tuple[np.ndarray, np.ndarray | None]:
    """A power of a column, and what its rounding left."""
    if power == 1:
        return values, None
    half, rest = _halves(values)
    high, low = values, np.zeros(len(values))
    for _ in range(power - 1):
        upper, lower = _halves(high)
        product = high * values
        error = ((upper * half - product) + upper * rest + lower * half) + lower * rest
        error += low * values
        high = product + error
        low = error - (high - product)
    return high, low


def _halves(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Two numbers of 26 bits that make each: their products have no error (Dekker)."""
    scaled = values * (2.0**27 + 1.0)
    upper = scaled - (scaled - values)
    return upper, values - upper


def _places(
    found: Numbers, dropped: bool, counts: np.ndarray | None
) -> tuple[np.ndarray, Sequence[int], np.ndarray | None]:
    """Return places of rows and order of groups by keys, and the rows used; None for all.

    Groups without a complete row have no place.
    """
    complete = _complete(found) if dropped else None
    if found.keys is None:
        place, order = np.zeros(found.rows, np.int64), np.zeros(1, np.int64)
    else:
        place, order = _places_of_groups(found, complete, counts)
    if complete is None and found.weight is None:
        return place, order, None
    used = np.ones(found.rows, bool) if complete is None else complete
    if found.weight is not None:
        used &= found.weight > 0
    return place, order, used & (place >= 0)


def _complete(found: Numbers) -> np.ndarray:
    """Which rows have all values."""
    complete = np.ones(found.rows, bool)
    for values in (*found.columns, found.weight):
        if values is not None:
            complete &= ~np.isnan(values)
    return complete


def _places_of_groups(
    found: Numbers, complete: np.ndarray | None, counts: np.ndarray | None
) -> tuple[np.ndarray, Sequence[int]]:
    """Place of the group of each row, in the order of keys; and the codes in that order."""
    groups = len(found.keys)
    codes = found.group - found.first_group if found.first_group else found.group
    counted = complete is None and counts is not None and len(counts) == groups
    if isinstance(found.keys, Run) and counted and counts.all():
        return codes, range(groups)
    order = np.asarray(in_order(found.keys), np.int64)
    if complete is not None:
        codes = np.where(codes < 0, groups, codes)
    held = codes if complete is None else codes[complete]
    used = np.bincount(held, minlength=groups)[:groups] > 0
    order = order[used[order]]
    lookup = np.full(groups + 1, -1, np.int64)
    lookup[order] = np.arange(len(order))
    return lookup[codes], order


def _order(place: np.ndarray, label: np.ndarray | None) -> np.ndarray | None:
    """Order of rows by place and label; None where they are in it."""
    if label is None:
        if (place[1:] >= place[:-1]).all():
            return None
        return np.argsort(place, kind="stable")
    same = (place[1:] == place[:-1]) & (label[1:] >= label[:-1])
    if (same | (place[1:] > place[:-1])).all():
        return None
    if label.dtype == np.int64 and len(label):
        key = place * (int(label.max()) + 1) + label
        if key.max() <= np.iinfo(np.uint16).max:  # which NumPy sorts by counting
            return np.argsort(key.astype(np.uint16), kind="stable")
    return np.lexsort((label, place))
