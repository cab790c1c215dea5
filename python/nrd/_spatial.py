"""Neighbours as callers give them, and what they make of correlations."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any

import numpy as np

from ._core.spatial import Neighbours
from ._correlation_run import Run
from .errors import NrdKeyError, NrdTypeError, NrdValueError


def links_of(given: Any, where: str) -> list[tuple[Hashable, Hashable, float]]:
    """Links from a libpysal W, a mapping of lists, or pairs with weights or without."""
    neighbours = getattr(given, "neighbors", None)
    if neighbours is not None:
        weights = given.weights
        return [
            (a, b, float(w))
            for a, others in neighbours.items()
            for b, w in zip(others, weights[a], strict=True)
        ]
    if hasattr(given, "items"):
        return [(a, b, 1.0) for a, others in given.items() for b in others]
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise NrdTypeError(
            f"{where}: neighbours are {given!r}, expected a libpysal W, a mapping of lists "
            "or pairs"
        )
    out = []
    for k, link in enumerate(given):
        held = tuple(link) if isinstance(link, Iterable) else ()
        if len(held) not in (2, 3) or isinstance(link, str):
            raise NrdTypeError(
                f"{where}: neighbours, link {k}: found {link!r}, expected two rows and "
                "perhaps a weight"
            )
        out.append((held[0], held[1], float(held[2]) if len(held) == 3 else 1.0))
    if out and not hasattr(given, "neighbors"):
        out = _both_ways(out)
    return out


def _both_ways(links: list) -> list[tuple[Hashable, Hashable, float]]:
    """Pairs count both ways, unless the other way is there, too."""
    known = {(a, b) for a, b, _ in links}
    return links + [(b, a, w) for a, b, w in links if (b, a) not in known]


def neighbours_of(given: Any, names: list[Hashable], where: str) -> Neighbours:
    """Links between rows that are called so.

    Raises
    ------
    NrdKeyError
        If a link is of a row that is not there.
    NrdValueError
        If two rows have one name, or a link is there twice.
    """
    place: dict[Hashable, int] = {}
    for row, name in enumerate(names):
        if name is not None and name in place:
            raise NrdValueError(
                f"{where}: rows {place[name]} and {row} are both called {name!r}, expected "
                "one row for each of the neighbours"
            )
        place[name] = row
    links = links_of(given, where)
    for a, b, _ in links:
        for end in (a, b):
            if end not in place:
                raise NrdKeyError(
                    f"{where}: neighbours: there is no row {end!r}, expected one of "
                    f"{', '.join(map(repr, names[:5]))} ..."
                )
    return Neighbours(
        len(names),
        np.array([place[a] for a, _, _ in links], np.uint32),
        np.array([place[b] for _, b, _ in links], np.uint32),
        np.array([w for _, _, w in links], np.float64),
        f"{where}: neighbours",
    )


def shrink_neighbours(run: Run, given: Any) -> dict[str, np.ndarray]:
    """Let as many rows count as are worth independent ones; Moran's I of both columns."""
    of = neighbours_of(given, run.table.row_names(), run.where)
    columns = run.table.columns
    morans = {c: of.moran(columns[c]).i for c in np.unique(run.pairs)}
    effective = run.effective.copy()
    for k in np.flatnonzero(run.found["status"] == 0):
        x, y = (columns[c] for c in run.pairs[k])
        if run.method != "pearson":
            held = ~np.isnan(x + y)
            x, y = _ranks(x, held), _ranks(y, held)
        # Neighbours that differ are not taken for more rows than there are.
        effective[k] = min(of.effective(x, y), effective[k])
    run.shrink(effective)
    return {
        "moran_x": np.array([morans[c] for c in run.pairs[:, 0]]),
        "moran_y": np.array([morans[c] for c in run.pairs[:, 1]]),
    }


def _ranks(values: np.ndarray, held: np.ndarray) -> np.ndarray:
    """Average ranks of the rows that are held, NaN for the others."""
    _, place, count = np.unique(values[held], return_inverse=True, return_counts=True)
    out = np.full(len(values), np.nan)
    out[held] = (np.cumsum(count) - (count - 1) / 2)[place]
    return out
