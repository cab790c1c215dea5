"""Criteria sets, read and checked by libnrd."""

from __future__ import annotations

from typing import NamedTuple

from . import call, ffi, lib


class Criterion(NamedTuple):
    """One criterion of a set."""

    code: str
    name_en: str
    name_vi: str | None
    group: str | None


def read(text: bytes, where: str) -> tuple[dict[str, str], list[Criterion]]:
    """Read a criteria set from JSON text: what it is, and its criteria in order."""
    out = ffi.new("nrd_criteria **")
    call("nrd_criteria_read", lambda row: where, text, len(text), out)
    handle = ffi.gc(out[0], lib.nrd_criteria_free)
    about = {
        field: _text(getattr(lib, f"nrd_criteria_{field}")(handle))
        for field in ("id", "decision", "date", "level", "tier", "period")
    }
    return about, [
        Criterion(
            # A set that was not read in full names criteria without their numbers.
            str(
                lib.nrd_criteria_number(handle, i)
                or _text(lib.nrd_criteria_name_en(handle, i))
            ),
            _text(lib.nrd_criteria_name_en(handle, i)),
            _text(lib.nrd_criteria_name_vi(handle, i)),
            _text(lib.nrd_criteria_group(handle, i)),
        )
        for i in range(lib.nrd_criteria_count(handle))
    ]


def _text(value: object) -> str | None:
    return None if value == ffi.NULL else ffi.string(value).decode()
