"""Long calls into C that Ctrl-C can stop."""

from __future__ import annotations

import threading
from typing import Any

from . import call


def interruptible(stop: object, kept: Any, function: str, where: Any, *arguments: object):
    """Call C in a thread beside this one, which stays free to hear Ctrl-C.

    The arrays that the arguments point into are `kept` as long as the thread runs.
    """
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
            pass
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
