"""What calls over many rows share: codes of groups, and Ctrl-C."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numpy as np

from . import call, column, ffi, pointer

# Fewer rows than this are done before anyone could press Ctrl-C.
QUICK = 1_000_000


def ends(values: np.ndarray, threads: int = 0) -> tuple[int, int]:
    """Least and greatest of whole numbers of 32 or 64 bits."""
    low, high = ffi.new("int64_t *"), ffi.new("int64_t *")
    call("nrd_column_range", "range", column(values), threads, low, high)
    return low[0], high[0]


def encode(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Distinct values of an int64 array in the order of their first rows, and codes."""
    codes, keys = np.empty(len(values), np.int32), np.empty(len(values), np.int64)
    count = ffi.new("size_t *")
    given = column(values)
    call("nrd_column_encode", "keys", given, pointer(codes), pointer(keys), count)
    return keys[: count[0]].copy(), codes


class Groups:
    """A column of codes for C and what it points into; one below the first is missing."""

    def __init__(self, group: np.ndarray | None, first_group: int):
        self.column = ffi.NULL
        if group is None:
            return
        self._kept = [group]
        self.column = column(group)
        if group.size and ends(group)[0] < first_group:
            self._kept.append(np.packbits(group >= first_group, bitorder="little"))
            self.column.validity = pointer(self._kept[1])


def stoppable(
    rows: int,
    stop: object,
    kept: Any,
    function: str,
    where: Any,
    *arguments: object,
    look: Callable[[], None] | None = None,
) -> None:
    """Call C; for many rows in a thread beside this one, which stays free to hear Ctrl-C.

    The arrays that the arguments point into are `kept` as long as the thread runs, and C
    looks at `stop` now and then. Meanwhile `look` is called again and again.
    """
    if rows <= QUICK:
        call(function, where, *arguments)
        return
    failures: list[BaseException] = []
    begun, ended = threading.Event(), threading.Event()

    def work(kept: Any = kept) -> None:
        begun.set()
        try:
            call(function, where, *arguments)
        except BaseException as error:  # raised again below
            failures.append(error)
        finally:
            ended.set()

    # Nothing waits in join: before Python 3.13 an interrupt there lets a running thread
    # pass for ended.
    try:
        threading.Thread(target=work).start()
        while not ended.wait(0.05):
            if look is not None:
                look()
    except BaseException:
        stop[0] = 1
        _wait_for_end(begun, ended)
        raise
    if failures:
        raise failures[0]


def _wait_for_end(begun: threading.Event, ended: threading.Event) -> None:
    """Wait for a call that was told to stop; another Ctrl-C changes nothing."""
    while True:
        try:
            if begun.wait(1.0):
                ended.wait()
            return
        except KeyboardInterrupt:
            continue
