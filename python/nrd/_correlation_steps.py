"""How far a call of correlations is."""

from __future__ import annotations

from collections.abc import Callable

Look = Callable[[int, int], None] | None


class Steps:
    """Arrangements and resamples done, of those of all pairs.

    A stage that takes fewer than were asked for, as exact tests do, counts as all of its
    own.

    Parameters
    ----------
    look : callable or None
        Called with the steps done and with all.
    total : int
        All of them.
    """

    def __init__(self, look: Look, total: int):
        self.look, self.total, self.done = look, total, 0

    def at(self, part: int) -> None:
        """So many of the stage are done."""
        if self.look:
            self.look(min(self.done + part, self.total), self.total)

    def end(self, all_of_it: int) -> None:
        """A stage is done."""
        self.done += all_of_it
        self.at(0)
