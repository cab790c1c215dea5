"""Printed numbers that follow from other printed ones, each with the rows it rests on."""

from __future__ import annotations

import numpy as np

from ._core import decimal as dec
from ._core.decimal import Judgement
from ._counts import AS_OF, Count
from ._labels import label
from ._package import CsvTable
from ._result import Columns
from ._rows import criterion_name, set_name
from .errors import NrdKeyError, NrdValueError
from .study import Study

_CHECK = (
    "id",
    "label",
    "stated",
    "computed",
    "difference",
    "verdict",
    "qualifier",
    "note",
    "source",
    "rows",
)
_RULES = ("sum", "share", "same")


class _Checks:
    """Checks as they are found, one list a column."""

    def __init__(self) -> None:
        self.columns: dict[str, list] = {name: [] for name in _CHECK}

    def add(
        self,
        id: str,
        words: str,
        judgement: Judgement,
        source: str,
        rows: list[str],
        *,
        qualifier: str | None = None,
        note: str | None = None,
    ) -> None:
        row = (id, words, *judgement[1:], judgement.verdict, qualifier, note, source, rows)
        for name, value in zip(_CHECK, row, strict=True):
            self.columns[name].append(value)


def all_checks(study: Study, language: str = "en") -> Columns:
    """Every printed number of a study that follows from other printed ones."""
    checks = _Checks()
    for find in (_money, _shares, _bases, _restated, _lists, _relations):
        find(study, checks, language)
    return checks.columns


def _money(study: Study, checks: _Checks, language: str) -> None:
    """Stated totals of money against their parts."""
    table = study.tables.get("capital")
    for name, result in study.resources().items():
        places = [i for i, value in enumerate(table.columns["table"]) if value == name]
        found = result.checks
        for i, id in enumerate(found["id"]):
            rows = [places[row] for row in found["rows"][i]]
            judgement = Judgement(
                *(found[key][i] for key in ("verdict", "stated", "computed", "difference"))
            )
            checks.add(
                f"capital:{name}:{id}",
                f"{study.label('table', name, language)}, "
                f"{_money_label(study, id, language)}",
                judgement,
                table.columns["source"][rows[0]],
                [table.locator(row) for row in rows],
            )


def _money_label(study: Study, id: str, language: str) -> str:
    kind, of = id.split(":", 1)
    if kind == "total":
        return label(f"all_{of}", language)
    return study.label("content" if kind == "content" else "fund", of, language)


def _shares(study: Study, checks: _Checks, language: str) -> None:
    """Printed percentages against the counts they were made from."""
    table = study.tables.get("criteria_counts")
    for count in _all_counts(study):
        if count.share_pct is None or not count.of:
            continue
        judgement = dec.judge_ratio(
            table.decimals("share_pct", [count.row])[0],
            dec.whole(count.met),
            dec.whole(count.of),
            100,
            table.where(count.row),
        )
        words = (
            f"{count.met} {label('of', language)} {count.of}, {label('percent', language)}"
        )
        checks.add(
            _id("share", study, count),
            f"{_criterion_label(study, count, language)}, {words}",
            judgement,
            count.source,
            [count.locator],
        )


def _bases(study: Study, checks: _Checks, language: str) -> None:
    """The base of a printed count against the number of communes."""
    for count in _all_counts(study):
        if count.set != study.criteria_set.id or None in (count.of, study.n_units):
            continue
        checks.add(
            f"{_id('base', study, count)}@{count.source}",
            f"{_criterion_label(study, count, language)}, {label('base', language)}",
            dec.judge_sum(dec.whole(count.of), np.array([dec.whole(study.n_units)])),
            count.source,
            [count.locator, *study.figure_rows()["units"]["rows"]],
        )


def _restated(study: Study, checks: _Checks, language: str) -> None:
    """The same count printed in two places."""
    first: dict[tuple, Count] = {}
    for count in _all_counts(study):
        key = (count.as_of, count.set, count.criterion)
        before = first.setdefault(key, count)
        if before is not count:
            judgement = dec.judge_sum(
                dec.whole(count.met), np.array([dec.whole(before.met)])
            )
            checks.add(
                f"{_id('restated', study, count)}@{count.source}",
                f"{_criterion_label(study, count, language)}, {label('again', language)}",
                judgement,
                f"{before.source}; {count.source}",
                [count.locator, before.locator],
            )


def _lists(study: Study, checks: _Checks, language: str) -> None:
    """The number of names in a list against the count printed with it."""
    table = study.tables.get("attainment")
    counts = {(c.as_of, c.set, c.criterion, c.source): c for c in _all_counts(study)}
    lists: dict[tuple, list[int]] = {}
    for i, row in enumerate(table.rows() if table else ()):
        if row["status"] == "met":
            lists.setdefault(
                (row["as_of"], row["set"], row["criterion"], row["source"]), []
            ).append(i)
    for key, rows in lists.items():
        count = counts.get(key)
        if count is None or (len(rows) == 1 and count.met != 1):
            continue
        names = [
            table.columns["name_printed"][i]
            for i in rows
            if table.columns["unit_code"][i] is None
        ]
        found = len({table.columns["unit_code"][i] for i in rows} - {None})
        note = f"{label('no_such_unit', language)} {', '.join(names)}" if names else None
        checks.add(
            _id("list", study, count),
            f"{_criterion_label(study, count, language)}, "
            f"{label('names_listed', language)}",
            dec.judge_sum(dec.whole(count.met), np.array([dec.whole(found)])),
            count.source,
            [count.locator, *(table.locator(i) for i in rows)],
            note=note,
        )


def _relations(study: Study, checks: _Checks, language: str) -> None:
    """Printed figures that follow from other printed figures."""
    table = study.tables.get("relations")
    figures = study.tables.get("figures")
    for i, row in enumerate(table.rows() if table else ()):
        names = [row["stated"], *row["parts"].split()]
        places = [_figure(figures, name, table.where(i)) for name in names]
        stated, *parts = (figures.decimals("value", [place])[0] for place in places)
        place = places[0]
        checks.add(
            f"figures:{row['id']}",
            figures.columns[f"label_{language}"][place],
            _judge(row["rule"], stated, parts, table.where(i)),
            row["source"],
            [figures.locator(place), *(figures.locator(p) for p in places[1:])],
            qualifier=figures.columns["qualifier"][place],
        )


def _judge(rule: str, stated: np.void, parts: list[np.void], where: str) -> Judgement:
    if rule not in _RULES:
        raise NrdValueError(f"{where}: the rule is {rule!r}, expected {', '.join(_RULES)}")
    expected = {"share": 2, "same": 1}.get(rule)
    if expected is not None and len(parts) != expected:
        raise NrdValueError(
            f"{where}: rule {rule!r} has {len(parts)} parts, expected {expected}"
        )
    if rule == "share":
        return dec.judge_ratio(stated, parts[0], parts[1], 100, where)
    return dec.judge_sum(stated, np.array(parts), where)


def _figure(figures: CsvTable | None, id: str, where: str) -> int:
    if figures is None or id not in figures.columns["id"]:
        raise NrdKeyError(f"{where}: there is no figure {id!r}")
    return figures.columns["id"].index(id)


def _all_counts(study: Study) -> list[Count]:
    return [count for date in AS_OF for count in study.counts(date)]


def _id(kind: str, study: Study, count: Count) -> str:
    set = "" if count.set == study.criteria_set.id else f"{count.set}:"
    return f"{kind}:{count.as_of}:{set}{count.criterion}"


def _criterion_label(study: Study, count: Count, language: str) -> str:
    name = criterion_name(study, count.set, count.criterion, language)
    where = (
        ""
        if count.set == study.criteria_set.id
        else f"{set_name(study, count.set, language)}: "
    )
    return f"{where}{name} ({label(count.as_of, language)})"
