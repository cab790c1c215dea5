"""States as bytes: a line of JSON that says what they are, their sums, and a checksum."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from typing import Any, TypeVar

from .errors import NrdTypeError, NrdValueError

_CHECKSUM = 4

T = TypeVar("T")


def packed(kind: str, version: int, about: dict[str, Any], sums: bytes) -> bytes:
    """Return the bytes of a state."""
    head = {"nrd": kind, "version": version, **about}
    whole = json.dumps(head, separators=(",", ":")).encode() + b"\n" + sums
    return whole + _checksum(whole)


def unpacked(
    data: bytes,
    kind: str,
    version: int,
    name: str,
    build: Callable[[dict[str, Any], bytes], T],
) -> T:
    """Return what `build` makes of the bytes of a state: of its head and its sums.

    Raises
    ------
    NrdValueError
        If the bytes are damaged, or of another kind or version.
    NrdTypeError
        If they are no bytes.
    """
    if not isinstance(data, bytes | bytearray | memoryview):
        raise NrdTypeError(f"from_bytes: found {type(data).__name__}, expected bytes")
    whole, check = bytes(data)[:-_CHECKSUM], bytes(data)[-_CHECKSUM:]
    head, _, sums = whole.partition(b"\n")
    try:
        about = json.loads(head)
        if (about.pop("nrd"), about.pop("version")) != (kind, version):
            raise ValueError
        if _checksum(whole) != check:
            raise ValueError
        return build(about, sums)
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError):
        raise NrdValueError(
            f"from_bytes: the bytes are damaged, or no state of {name} of version {version}"
        ) from None


def _checksum(data: bytes) -> bytes:
    return zlib.crc32(data).to_bytes(_CHECKSUM, "little")
