"""Why no completion exists: the smallest set of statements that contradicts itself.

A minimal set is found by leaving out what is not needed, halves first. That no smaller one
exists is shown by sets whose removal makes the rest possible: each contradicting set holds
a member of every one of them, so a smallest set of such members bounds its size from below.

References
----------
A. Ignatiev, A. Previti, M. Liffiton, J. Marques-Silva, "Smallest MUS extraction with
minimal hitting set dualization", CP 2015, 173-182.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from ._completions import WHO, Cells, Completions, Placed
from ._solver import FREE, Program, Rows
from .attainment import Attainment
from .errors import NrdContradictionError
from .statements import Statement

CALLS = 200  # of `possible` before "smallest" is given up
SHORT = 8  # a set of more is not compared with smaller ones: there are too many


def contradiction(
    attainment: Attainment, statements: Sequence[Statement], found: Sequence[Placed]
) -> NrdContradictionError:
    """Explain statements and cells that no completion satisfies.

    Known cells of one unit count as one statement, and are then cut to those needed.
    """
    cells = Cells.of(attainment)
    n = len(statements)

    def possible(kept: set[int]) -> bool:
        """Whether statements and, numbered from n, units' cells can hold together."""
        some = np.zeros(len(cells.known), bool)
        some[[i - n for i in kept if i >= n]] = True
        masked = Cells(cells.known & some[:, None], cells.met & some[:, None])
        return Completions(masked, [found[i] for i in sorted(kept) if i < n]).possible()

    pieces = [*range(n), *(n + np.flatnonzero(cells.known.any(axis=1))).tolist()]
    chosen = minimal(pieces if possible(set(range(n))) else range(n), possible)
    chosen, smallest = _smallest(pieces, chosen, possible)
    words = [str(statements[i]) for i in chosen if i < n]
    units = [i - n for i in chosen if i >= n]
    words += _cell_words(attainment, cells, [found[i] for i in chosen if i < n], units)
    kind = "smallest set" if smallest else "set that none can be left out of"
    listed = "; ".join(f"({i}) {text}" for i, text in enumerate(words, 1))
    return NrdContradictionError(
        f"{WHO}: the statements contradict each other; the {kind}: {listed}",
        statements=tuple(words),
        smallest=smallest,
    )


def minimal(pieces: Sequence[int], possible: Callable[[set[int]], bool]) -> list[int]:
    """Leave out what the contradiction does not need; the last pass goes one by one."""
    kept = list(pieces)
    size = max(len(kept) // 2, 1)
    while True:
        place = 0
        while place < len(kept):
            rest = kept[:place] + kept[place + size :]
            if possible(set(rest)):
                place += size
            else:
                kept = rest
        if size == 1:
            return kept
        size = size // 2


def _smallest(
    pieces: Sequence[int], chosen: list[int], possible: Callable[[set[int]], bool]
) -> tuple[list[int], bool]:
    """A smallest contradicting set, and whether it was shown to be one."""
    removals: list[list[int]] = []
    calls = 0

    def counted(kept: set[int]) -> bool:
        nonlocal calls
        calls += 1
        return possible(kept)

    while calls < CALLS and len(chosen) <= SHORT:
        members = _hitting(pieces, removals)
        if len(members) >= len(chosen):
            return chosen, True
        if not counted(set(members)):
            return members, True
        kept = _grown(pieces, members, counted)
        removals.append([piece for piece in pieces if piece not in kept])
    return chosen, False


def _hitting(pieces: Sequence[int], removals: Sequence[Sequence[int]]) -> list[int]:
    """Fewest pieces with one of every removal."""
    place = {piece: i for i, piece in enumerate(pieces)}
    n = len(pieces)
    rows = Rows.of(([place[p] for p in removal], 1, 1, FREE) for removal in removals)
    found = Program(np.zeros(n, np.int64), np.ones(n, np.int64), rows, who=WHO).minimise(
        np.ones(n, np.int64)
    )
    return [piece for piece, taken in zip(pieces, found.x, strict=True) if taken]


def _grown(
    pieces: Sequence[int], members: list[int], possible: Callable[[set[int]], bool]
) -> set[int]:
    """Add all that still can hold together, halves first."""
    kept = set(members)
    left = [piece for piece in pieces if piece not in kept]
    size = max(len(left) // 2, 1)
    while left and size:
        refused = []
        for place in range(0, len(left), size):
            more = left[place : place + size]
            if possible(kept | set(more)):
                kept |= set(more)
            else:
                refused += more
        left, size = refused, size // 2
    return kept


def _cell_words(
    attainment: Attainment, cells: Cells, found: Sequence[Placed], units: Sequence[int]
) -> list[str]:
    """Cells of the units that the contradiction needs, one sentence a unit."""
    known = np.argwhere(cells.known)
    known = known[np.isin(known[:, 0], units)]

    def possible(kept: set[int]) -> bool:
        mask = np.zeros(cells.known.shape, bool)
        mask[tuple(known[sorted(kept)].T)] = True
        return Completions(Cells(mask, cells.met & mask), found).possible()

    needed = known[minimal(range(len(known)), possible)] if len(known) else known
    words = []
    for unit in units:
        for state, word in ((True, "meets"), (False, "does not meet")):
            codes = [
                attainment.criteria[c]
                for u, c in needed.tolist()
                if u == unit and cells.met[u, c] == state
            ]
            if codes:
                plural = "criterion" if len(codes) == 1 else "criteria"
                words.append(f"{attainment.units[unit]} {word} {plural} {', '.join(codes)}")
    return words
