"""A province's own levels beside those of an official criteria set."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from .errors import NrdFileError, NrdKeyError, NrdTypeError, NrdValueError

if TYPE_CHECKING:
    from .criteria import CriteriaSet

_TABLES = ("general", "by_region", "by_group", "by_year")
_NEW = ("criterion", "description_en")
_FIELDS = (*_TABLES, "rule", "unit", "parts", "source", *_NEW)
_FILE = ("decision", "levels", "id", "complete", "note")


class Given(NamedTuple):
    """Levels of a province as they were given."""

    levels: Mapping[str, Any]
    decision: str
    id: str | None
    complete: tuple[str, ...]
    where: str


def read(changes: Any, decision: str | None, id: str | None, complete: Any) -> Given:
    """Read levels from a mapping or a file.

    Raises
    ------
    NrdFileError
        If the file cannot be read.
    NrdTypeError, NrdValueError
        If it is no such file, or no decision is named.
    """
    where = "override"
    if isinstance(changes, str | Path):
        path = Path(changes)
        where, held = path.name, _held(path)
        decision = decision or held.get("decision")
        id = id or held.get("id")
        complete = complete or held.get("complete") or ()
        changes = held["levels"]
    if not isinstance(changes, Mapping):
        raise NrdTypeError(
            f"{where}: found {type(changes).__name__}, expected levels by indicator"
        )
    if not isinstance(decision, str) or not decision.strip():
        raise NrdValueError(
            f"{where}: the decision is {decision!r}, expected the number of the decision "
            "that sets these levels, such as '12/2022/QD-UBND'"
        )
    if isinstance(complete, str) or not isinstance(complete, Iterable):
        raise NrdTypeError(
            f"{where}: complete is {complete!r}, expected a list of criteria"
        )
    return Given(changes, decision, id, tuple(str(code) for code in complete), where)


def _held(path: Path) -> dict[str, Any]:
    try:
        held = json.loads(path.read_bytes())
    except OSError as error:
        raise NrdFileError(f"{path}: cannot be read, {error.strerror}") from error
    except ValueError as error:
        raise NrdValueError(f"{path.name}: not JSON, {error}") from error
    if not isinstance(held, dict) or not isinstance(held.get("levels"), dict):
        raise NrdValueError(f"{path.name}: found no object levels, expected one")
    for key in held:
        if key not in _FILE:
            raise NrdValueError(
                f"{path.name}: found the key {key!r}, expected {', '.join(_FILE)}"
            )
    return held


def apply(base: CriteriaSet, given: Given) -> bytes:
    """Return the text of the set with the levels that were given.

    Raises
    ------
    NrdKeyError, NrdValueError
        If an indicator or criterion cannot be found, or a rule is not said.
    """
    content = copy.deepcopy(base.content)
    content["based_on"] = {
        "id": base.id,
        "decision": base.about["decision"],
        **({"based_on": content["based_on"]} if "based_on" in content else {}),
    }
    content["id"] = given.id or f"{base.id}+{given.decision}"
    for id, change in given.levels.items():
        _change(content, str(id), _fields(str(id), change, given.where), given)
    for code in given.complete:
        _criterion(content, code, given.where)["complete"] = True
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def _fields(id: str, change: Any, where: str) -> dict[str, Any]:
    """Return a change in full: a bare level is the general one."""
    if not isinstance(change, Mapping) or not set(change) & set(_FIELDS):
        return {"general": change}
    unknown = [key for key in change if key not in _FIELDS]
    if unknown:
        raise NrdValueError(
            f"{where}: indicator {id}: found the key {unknown[0]!r}, expected "
            f"{', '.join(_FIELDS)}"
        )
    return dict(change)


def _change(content: dict, id: str, change: dict[str, Any], given: Given) -> None:
    if all(change.get(key) is None for key in _TABLES):
        return  # a level left open in a template
    indicator = _indicator(content, id)
    if indicator is None:
        indicator = _added(content, id, change, given)
    for key in ("rule", "unit", "parts"):
        if change.get(key) is not None:
            indicator[key] = change[key]
    if indicator["rule"] == "provincial":
        raise NrdValueError(
            f"{given.where}: indicator {id} has no rule yet, expected rule 'ge', 'le' or "
            "'met' beside its level"
        )
    indicator["thresholds"] = {"general": None} | {
        key: change[key] for key in _TABLES if key in change
    }
    indicator["status"] = "verified"
    indicator["decision"] = given.decision
    indicator["source_local"] = change.get("source", [given.decision])
    indicator.pop("strict_as_reported", None)
    for amendment in content.get("amended_by", ()):
        changed = amendment.get("indicator_level_changes") or []
        changed[:] = [entry for entry in changed if entry["id"] != id]


def _indicator(content: dict, id: str) -> dict | None:
    lists = [criterion["indicators"] for criterion in content["criteria"]]
    for indicators in (*lists, content.get("preconditions", [])):
        for indicator in indicators:
            if indicator["id"] == id:
                return indicator
    return None


def _added(content: dict, id: str, change: dict[str, Any], given: Given) -> dict:
    needed = [key for key in (*_NEW, "rule", "unit") if key not in change]
    if needed:
        raise NrdKeyError(
            f"{given.where}: there is no indicator {id!r} in the set; to add it, "
            f"{', '.join(needed)} must be given too"
        )
    out = {
        "id": id,
        "description_en": change["description_en"],
        "unit": change["unit"],
        "rule": change["rule"],
        "thresholds": {"general": None},
        "source": [],
        "status": "verified",
    }
    _criterion(content, str(change["criterion"]), given.where)["indicators"].append(out)
    return out


def _criterion(content: dict, code: str, where: str) -> dict:
    codes = [str(c["number"] or c["name_en"]) for c in content["criteria"]]
    if code not in codes:
        raise NrdKeyError(
            f"{where}: there is no criterion {code!r}, expected one of {', '.join(codes)}"
        )
    return content["criteria"][codes.index(code)]


def template(base: CriteriaSet) -> dict[str, Any]:
    """What a province would fill in: every level that the set does not say."""
    levels = {}
    for item in base.items:
        indicator = _indicator(base.content, item.indicator)
        if item.refers or item.indicator in levels or _is_said(base, item.code):
            continue
        levels[item.indicator] = {
            **({"rule": None} if item.rule == "provincial" else {}),
            "unit": indicator["unit"],
            "general": None,
        }
    return {
        "decision": "",
        "note": f"levels that {base.id} does not say; null is left as it is",
        "levels": levels,
        "complete": [],
    }


def _is_said(base: CriteriaSet, code: str) -> bool:
    """Whether the level of an item is known in every place and year."""
    return not any(
        base.level(code, region=place, year=year).kind in ("unknown", "provincial")
        for place in base.places or ("general",)
        for year in base.years
    )
