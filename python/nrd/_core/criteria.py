"""Criteria sets, read and checked by libnrd."""

from __future__ import annotations

from typing import Any, NamedTuple

from . import call, ffi, lib

RULES = {
    lib.NRD_RULE_GE: "ge",
    lib.NRD_RULE_LE: "le",
    lib.NRD_RULE_MET: "met",
    lib.NRD_RULE_PROVINCIAL: "provincial",
}
STATUSES = {
    lib.NRD_LEVEL_VERIFIED: "verified",
    lib.NRD_LEVEL_PARTIAL: "partial",
    lib.NRD_LEVEL_NAME_ONLY: "name_only",
    lib.NRD_LEVEL_MISSING: "missing",
}
KINDS = {
    lib.NRD_LEVEL_KIND_UNKNOWN: "unknown",
    lib.NRD_LEVEL_KIND_NUMBER: "number",
    lib.NRD_LEVEL_KIND_MET: "met",
    lib.NRD_LEVEL_KIND_PROVINCIAL: "provincial",
    lib.NRD_LEVEL_KIND_NOT_ASKED: "not asked",
}
REFERS = {
    lib.NRD_REFERS_NOT: None,
    lib.NRD_REFERS_UNIT: "unit",
    lib.NRD_REFERS_SHARE: "share",
    lib.NRD_REFERS_CRITERIA: "criteria",
}


class Criterion(NamedTuple):
    """One criterion of a set."""

    code: str
    name_en: str
    name_vi: str | None
    group: str | None
    complete: bool


class Item(NamedTuple):
    """What one value is measured for: an indicator, or a part of one.

    ``code`` is ``"15.3"``, or ``"17.1/clean"`` for a part; ``criterion`` is the code of the
    criterion, None for a condition of the whole set.
    """

    code: str
    indicator: str
    part: str | None
    criterion: str | None
    unit: str
    rule: str
    status: str
    optional: bool
    strict: bool
    refers: str | None
    refers_set: str | None


class Level(NamedTuple):
    """What is asked of an item at a place on a day, and the decision that says so."""

    kind: str
    value: float | None
    decision: str


class Document:
    """A criteria set in the C library."""

    def __init__(self, text: bytes, where: str):
        self._made_of = text, where
        out = ffi.new("nrd_criteria **")
        call("nrd_criteria_read", lambda row: where, text, len(text), out)
        self.handle = ffi.gc(out[0], lib.nrd_criteria_free)
        self.about = {
            field: _text(getattr(lib, f"nrd_criteria_{field}")(self.handle))
            for field in ("id", "decision", "date", "level", "tier", "period")
        }
        self.criteria = [
            self._criterion(i) for i in range(lib.nrd_criteria_count(self.handle))
        ]
        self.items = tuple(
            self._item(i) for i in range(lib.nrd_criteria_item_count(self.handle))
        )
        self.places = tuple(
            _text(lib.nrd_criteria_place(self.handle, i))
            for i in range(lib.nrd_criteria_place_count(self.handle))
        )
        self.has_groups = bool(lib.nrd_criteria_has_groups(self.handle))
        self.complete = bool(lib.nrd_criteria_is_complete(self.handle))
        self.years = (
            lib.nrd_criteria_first_year(self.handle),
            lib.nrd_criteria_last_year(self.handle),
        )

    def __reduce__(self) -> tuple:
        return Document, self._made_of

    def _criterion(self, i: int) -> Criterion:
        name = _text(lib.nrd_criteria_name_en(self.handle, i))
        return Criterion(
            # A set that was not read in full names criteria without their numbers.
            str(lib.nrd_criteria_number(self.handle, i) or name),
            name,
            _text(lib.nrd_criteria_name_vi(self.handle, i)),
            _text(lib.nrd_criteria_group(self.handle, i)),
            bool(lib.nrd_criteria_lists_all(self.handle, i)),
        )

    def _item(self, i: int) -> Item:
        out = ffi.new("nrd_item *")
        call("nrd_criteria_item", "item", self.handle, i, out)
        indicator, part = _text(out.indicator), _text(out.part)
        inside = out.criterion < len(self.criteria)
        return Item(
            code=f"{indicator}/{part}" if part is not None else indicator,
            indicator=indicator,
            part=part,
            criterion=self.criteria[out.criterion].code if inside else None,
            unit=_text(out.unit),
            rule=RULES[out.rule],
            status=STATUSES[out.status],
            optional=bool(out.is_optional),
            strict=bool(out.is_strict),
            refers=REFERS[out.refers],
            refers_set=_text(out.refers_set),
        )

    def level(self, item: int, place: int, day: int) -> Level:
        """Level of an item at a place (-1: the general one) on a day, yyyymmdd."""
        out = ffi.new("nrd_level *")
        call("nrd_criteria_level_on", "level", self.handle, item, place, day, out)
        kind = KINDS[out.kind]
        return Level(kind, out.value if kind == "number" else None, _text(out.decision))


def _text(value: Any) -> str | None:
    return None if value == ffi.NULL else ffi.string(value).decode()
