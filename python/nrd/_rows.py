"""Gaps, targets and money of a study, each row with the rows of the data it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ._core import decimal as dec
from ._counts import AS_OF, Count
from ._labels import label
from ._package import CsvTable
from ._result import Columns
from .attainment import Attainment
from .gaps import AttainmentGaps, attainment_gaps
from .study import Study

GAP = (
    "set",
    "criterion",
    "name",
    "units",
    "met_low",
    "met_high",
    "short_low",
    "short_high",
    "points_low",
    "points_high",
    "source",
    "rows",
)
TARGETS = (
    "id",
    "set",
    "criterion",
    "target",
    "unit",
    "by",
    "reached",
    "of",
    "short",
    "source",
    "rows",
)


def set_name(study: Study, set: str, language: str = "en") -> str:
    """Name of a set of criteria: of an official one its tier, else its label."""
    if set.startswith("vn-"):
        return label(set.rsplit("-", 1)[1], language)
    return study.label("set", set, language)


def criterion_name(study: Study, set: str, code: str, language: str = "en") -> str:
    """Name of a criterion of any set of the study, with its number where it has one."""
    if set == study.criteria_set.id:
        name = study.criteria_set.name(code, language)
        return f"{code} {name}" if code.isdigit() else name
    if code.isdigit():
        return f"{label('criterion_no', language)} {code}"
    return study.label("criterion", code, language)


def gap_rows(study: Study, as_of: str, gaps: AttainmentGaps | None) -> Columns:
    """Units that meet each criterion and units short of it.

    First the main set with its bounds, then every other printed count.
    """
    rows: list[tuple] = []
    if gaps is not None:
        found = gaps.by_criterion
        for i, code in enumerate(found["criterion"]):
            counts = _used_counts(study, as_of, code)
            n, low, high = study.n_units, found["short_low"][i], found["short_high"][i]
            head = (study.criteria_set.id, code, found["name"][i], n, n - high, n - low)
            points = (found["points_low"][i], found["points_high"][i])
            rows.append((*head, low, high, *points, *_origin(counts)))
    others: dict[tuple, list[Count]] = {}
    for count in study.counts(as_of):
        if gaps is None or count.set != study.criteria_set.id:
            key = (count.set, count.criterion, count.met, count.of)
            others.setdefault(key, []).append(count)
    rows += [_single_gap(study, counts) for counts in others.values()]
    return {name: [row[i] for row in rows] for i, name in enumerate(GAP)}


def _single_gap(study: Study, counts: list[Count]) -> tuple:
    """Gap of one count, printed once or more often."""
    count = counts[0]
    name = criterion_name(study, count.set, count.criterion)
    tail = _origin(counts)
    head = (count.set, count.criterion, name, count.of, count.met, count.met)
    if not count.of:
        # None of an unknown number is still a share of 0.
        points = 100.0 if count.met == 0 else None
        return *head, None, None, points, points, *tail
    one = attainment_gaps(
        Attainment.from_totals({count.criterion: count.met}, units=count.of)
    )
    keys = ("short_low", "short_high", "points_low", "points_high")
    return *head, *(one.by_criterion[key][0] for key in keys), *tail


def _origin(counts: list[Count]) -> tuple[str, list[str]]:
    """Where counts were printed, and their rows."""
    sources = "; ".join(dict.fromkeys(count.source for count in counts))
    return sources, [count.locator for count in counts]


def _used_counts(study: Study, as_of: str, code: str) -> list[Count]:
    """Counts that the gap of a criterion rests on: of the date, else those carried over."""
    for date in (as_of, *(d for d in AS_OF if d != as_of)):
        found = [
            c for c in study.counts(date, study.criteria_set.id) if c.criterion == code
        ]
        if found:
            return found
    return []


def commune_rows(study: Study, as_of: str) -> dict[str, list[str]]:
    """Rows that each commune's count rests on: its own cells, then the counts for all."""
    cells = study.tables.get("attainment")
    out: dict[str, list[str]] = {unit: [] for unit in study.units}
    for date in AS_OF:
        for (unit, _), (_, rows) in study.cells(date).items():
            out[unit] += [cells.locator(row) for row in rows]
    shared = [
        count.locator
        for code in study.criteria_set.codes
        for count in _used_counts(study, as_of, code)
    ]
    return {unit: rows + shared for unit, rows in out.items()}


def target_rows(study: Study) -> Columns:
    """Printed targets beside what is reached now, where the study says both."""
    table = study.tables.get("targets")
    now = {(c.set, c.criterion): c for c in study.counts("now")}
    rows = [
        _target(table, i, row, now.get((row["set"], row["criterion"])))
        for i, row in enumerate(table.rows() if table else ())
    ]
    return {name: [row[i] for row in rows] for i, name in enumerate(TARGETS)}


def _target(table: CsvTable, i: int, row: dict[str, Any], count: Count | None) -> tuple:
    target = float(dec.to_float(table.decimals("value", [i]))[0])
    head = (row["id"], row["set"], row["criterion"], target, row["unit"], row["by"])
    rows = [table.locator(i), *([count.locator] if count else [])]
    if count is None:
        return *head, None, None, None, row["source"], rows
    reached: float | None = float(count.met)
    if row["unit"] == "percent":
        # None of an unknown number is still 0 percent.
        reached = (
            0.0 if count.met == 0 else 100 * count.met / count.of if count.of else None
        )
    short = None if reached is None else max(target - reached, 0.0)
    return *head, reached, count.of, short, row["source"], rows


def money_rows(study: Study) -> Columns:
    """All tables of money as one: parts as printed, exact margins, each with its rows."""
    names = ("table", "content", "source", "amount", "unit", "rows")
    table = study.tables.get("capital")
    rows = []
    for name, result in study.resources().items():
        columns = table.columns
        places = [i for i, value in enumerate(columns["table"]) if value == name]
        parts = {
            (columns["content"][i], columns["fund"][i]): table.locator(i)
            for i in places
            if "total" not in (columns["content"][i], columns["fund"][i])
        }
        unit = columns["unit"][places[0]]
        for content, amounts in zip(result.contents, result.amounts, strict=True):
            for source, amount in zip(result.sources, amounts, strict=True):
                if amount is not None:
                    row = parts[content, source]
                    rows.append((name, content, source, amount, unit, [row]))
        for content, amount in _margin(result.by_content, "content"):
            of = [row for (c, _), row in parts.items() if c == content]
            rows.append((name, content, "total", amount, unit, of))
        for source, amount in _margin(result.by_source, "source"):
            of = [row for (_, s), row in parts.items() if s == source]
            rows.append((name, "total", source, amount, unit, of))
        rows.append((name, "total", "total", result.total, unit, list(parts.values())))
    return {name: [row[i] for row in rows] for i, name in enumerate(names)}


def _margin(columns: Columns, name: str) -> Iterable[tuple[str, float]]:
    return zip(columns[name], columns["amount"], strict=True)
