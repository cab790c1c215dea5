"""What a `datapackage.json` must hold before its files are read."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from .errors import NrdValueError

DESCRIPTOR = "datapackage.json"

_TEXT, _NOTHING = str, type(None)
_FIELD = {
    "name": _TEXT,
    "type?": _TEXT,
    "title?": _TEXT,
    "description?": _TEXT,
    "decimalChar?": _TEXT,
    "groupChar?": _TEXT,
    "constraints?": {"required?": bool, "unique?": bool, "enum?": [object]},
}
_REFERENCE = {"resource": _TEXT, "fields": (_TEXT, list)}
_SCHEMA = {
    "fields": [_FIELD],
    "primaryKey?": (_TEXT, list),
    "foreignKeys?": [{"fields": (_TEXT, list), "reference": _REFERENCE}],
}
_STUDY = {
    "format?": int,
    "title_vi?": _TEXT,
    "citation?": _TEXT,
    "citation_short?": _TEXT,
    "area_code?": _TEXT,
    "unit_level?": _TEXT,
    "criteria_set?": _TEXT,
    "standard_set?": _TEXT,
    "units_figure?": (_TEXT, _NOTHING),
    "population_figure?": (_TEXT, _NOTHING),
    "as_of?": {"now?": (_TEXT, _NOTHING), "planned?": (_TEXT, _NOTHING)},
}
_CITED = {"name?": _TEXT, "title?": _TEXT, "path?": _TEXT}
_PACKAGE = {
    "name?": _TEXT,
    "title?": _TEXT,
    "description?": _TEXT,
    "version?": _TEXT,
    "licenses?": [_CITED],
    "sources?": [_CITED],
    # A resource without a schema is no table: a file that others read, such as boundaries.
    "resources": [{"name": _TEXT, "path": _TEXT, "schema?": _SCHEMA}],
    "nrd?": _STUDY,
}
_FORMAT = 1
_NAMES = {
    dict: "an object",
    list: "a list",
    str: "text",
    bool: "true or false",
    int: "a number",
}

# Columns that nrd reads; a table may have more.
COLUMNS = {
    "units": "code name_vi name_ascii level parent_code",
    "criteria_counts": "as_of set criterion met of share_pct source",
    "attainment": "as_of set criterion unit_code name_printed status source",
    "capital": "table content fund amount unit source",
    "figures": "id label_en label_vi value qualifier unit source",
    "relations": "id rule stated parts source",
    "targets": "id set criterion value unit by source",
    "labels": "kind id label_en label_vi",
}


def check_descriptor(descriptor: Any) -> None:
    """Check the shape of a descriptor, and that its names refer to something.

    Raises
    ------
    NrdValueError
        One sentence with the place in the descriptor.
    """
    _fits(descriptor, _PACKAGE, "$")
    found = descriptor.get("nrd", {}).get("format", _FORMAT)
    if found != _FORMAT:
        raise _wrong("$.nrd.format", f"found {found}, expected {_FORMAT}")
    resources = {}
    for place, resource in enumerate(descriptor["resources"]):
        where = f"$.resources[{place}]"
        if resource["name"] in resources:
            raise _wrong(f"{where}.name", f"{resource['name']!r} occurs twice")
        resources[resource["name"]] = resource
        path = Path(resource["path"])
        if path.is_absolute() or ".." in path.parts:
            raise _wrong(f"{where}.path", f"{resource['path']!r} leaves the package")
    for place, resource in enumerate(descriptor["resources"]):
        _check_columns(resources, resource, f"$.resources[{place}]")


def tables_of(descriptor: dict[str, Any]) -> list[dict[str, Any]]:
    """Resources that are tables."""
    return [resource for resource in descriptor["resources"] if "schema" in resource]


def _check_columns(resources: dict, resource: dict, where: str) -> None:
    if "schema" not in resource:
        if resource["path"].endswith(".csv"):
            raise _wrong(where, "there is no key 'schema'")
        return
    schema = resource["schema"]
    known = _columns(resource)
    wanted = COLUMNS.get(resource["name"], "").split()
    _known(wanted, known, f"{where}.schema.fields")
    _known(as_list(schema.get("primaryKey", [])), known, f"{where}.schema.primaryKey")
    for key in schema.get("foreignKeys", []):
        at = f"{where}.schema.foreignKeys"
        target = key["reference"]["resource"] or resource["name"]
        _known([target], resources, at)
        _known(as_list(key["fields"]), known, at)
        _known(as_list(key["reference"]["fields"]), _columns(resources[target]), at)


def _columns(resource: dict) -> list[str]:
    return [field["name"] for field in resource.get("schema", {"fields": []})["fields"]]


def as_list(value: str | list) -> list:
    """Return one name, or a list of names, as a list."""
    return [value] if isinstance(value, str) else value


def _known(names: Iterable[str], known: Iterable[str], where: str) -> None:
    for name in names:
        if name not in known:
            raise _wrong(
                where, f"{name!r} is not there, expected one of {', '.join(known)}"
            )


def _fits(value: Any, shape: Any, where: str) -> None:
    """Hold a value against a shape: a type or several, a list of one shape, or keys."""
    kinds = shape if isinstance(shape, tuple) else (_kind(shape),)
    if not isinstance(value, kinds):
        names = " or ".join(_NAMES.get(kind, "null") for kind in kinds)
        raise _wrong(where, f"found {value!r:.40}, expected {names}")
    if isinstance(shape, list):
        for place, item in enumerate(value):
            _fits(item, shape[0], f"{where}[{place}]")
    if isinstance(shape, dict):
        for key, inner in shape.items():
            name = key.rstrip("?")
            if name in value:
                _fits(value[name], inner, f"{where}.{name}")
            elif key == name:
                raise _wrong(where, f"there is no key {name!r}")


def _kind(shape: Any) -> type:
    return shape if isinstance(shape, type) else type(shape)


def _wrong(where: str, what: str) -> NrdValueError:
    return NrdValueError(f"{DESCRIPTOR}, {where}: {what}")
