"""Resources in other money: valued, in constant prices, as flows between reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from ._resource_rows import KEYS, Labels, Rows, labels_of, money, named_money
from ._resource_sums import difference
from .errors import NrdKeyError, NrdValueError

# Square metres in a unit of land.
_AREAS = {"m2": 1, "ha": 10_000}
_MILLION = 6


def valued(
    rows: Rows, prices: Mapping[str, float], currency: str
) -> tuple[Rows, list[str]]:
    """Land and labour at the caller's prices, and what was assumed."""
    measure = rows.labels["measure"]
    scales = [held[1] for held in map(money, measure.names) if held]
    power = scales[0] if scales else _MILLION
    names = list(dict.fromkeys([*measure.names, named_money(currency, power)]))
    amount, codes, notes = rows.amount.copy(), measure.codes.copy(), []
    for place, name in enumerate(measure.names):
        if money(name) is not None:
            continue
        base = "m2" if name in _AREAS else name
        if base not in prices:
            raise NrdKeyError(f"valued: there is no price of {base!r}")
        price = float(prices[base])
        if not price >= 0:
            raise NrdValueError(
                f"valued: the price of {base} is {price}, expected 0 or more"
            )
        here = measure.codes == place
        amount[here] = amount[here] * (price * _AREAS.get(name, 1)) / 10.0**power
        codes[here] = names.index(named_money(currency, power))
        notes.append(f"Each {base} is valued at {price:,.12g} {currency}.")
    labels = {**rows.labels, "measure": Labels(names, codes)}
    return replace(rows, labels=labels, amount=amount, decimals=-1), notes


def constant_prices(rows: Rows, deflator: Mapping[int, float], base: int) -> Rows:
    """Flows of single years in the prices of one."""
    where = "constant_prices"
    levels = {int(year): float(level) for year, level in deflator.items()}
    for year, level in levels.items():
        if not level > 0:
            raise NrdValueError(
                f"{where}: the level of {year} is {level}, expected more than 0"
            )
    wrong = np.flatnonzero(rows.is_cumulative() | (rows.first != rows.last))
    if len(wrong):
        raise NrdValueError(
            f"{where}: {rows.where(wrong[0])} is of several years, expected the flow of "
            "one; see flows()"
        )
    years, place = np.unique(rows.first, return_inverse=True)
    for year in (base, *years.tolist()):
        if year not in levels:
            raise NrdKeyError(f"{where}: there is no price level of {year}")
    factor = np.array([levels[base] / levels[year] for year in years.tolist()])[place]
    one = np.zeros(len(rows), np.int64)
    return replace(
        rows,
        labels={**rows.labels, "prices": Labels([str(base)], one)},
        amount=rows.amount * factor,
        half=rows.half * factor,
        decimals=-1,
    )


def flows(rows: Rows) -> tuple[Rows, list[dict[str, Any]]]:
    """What was added between two cumulative reports, and where that is below 0."""
    keys = [name for name in KEYS if name != "period"] + ["measure", "prices"]
    series = rows.code(keys)[1]
    some = np.flatnonzero(rows.is_cumulative())
    order = some[np.lexsort((rows.last[some], series[some]))]
    after, before = order[1:], order[:-1]
    follows = series[after] == series[before]
    after, before = after[follows], before[follows]
    amount, first = rows.amount.copy(), rows.first.copy()
    amount[after] = difference(rows.amount[after], rows.amount[before], rows.decimals)
    first[after] = rows.last[before] + 1
    wrong = (amount[after] < 0) | (rows.last[after] == rows.last[before])
    kept = np.ones(len(rows), bool)
    kept[after[wrong]] = False
    problems = [
        _fall(rows, *pair) for pair in zip(before[wrong], after[wrong], strict=True)
    ]
    spans = zip(first.tolist(), rows.last.tolist(), strict=True)
    labels = {
        **rows.labels,
        "period": labels_of([str(a) if a == b else f"{a}-{b}" for a, b in spans]),
        "kind": Labels(["flow"], np.zeros(len(rows), np.int64)),
    }
    made = replace(rows, labels=labels, amount=amount, first=first)
    return made.take(np.flatnonzero(kept)), problems


def _fall(rows: Rows, before: int, after: int) -> dict[str, Any]:
    said = (
        f"row {rows.row[after]}: {rows.amount[after]:g} after {rows.amount[before]:g} in "
        f"row {rows.row[before]}, expected more and later, as amounts are cumulative"
    )
    held = {name: rows.labels[name].of(after) for name in ("unit", "source", "period")}
    return {**held, "problem": said}
