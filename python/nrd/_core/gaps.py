"""Distances to levels, sums of them, and criteria that are missing together, by libnrd."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from . import array, call, ffi, pointer
from .assess import Rows, measurements
from .attainment import Matrix
from .criteria import Document

# As `nrd_gap_sum`; numbers of several words have the least word first.
SUM = np.dtype(
    [
        ("asked", np.uint64),
        ("known", np.uint64),
        ("unmet", np.uint64),
        ("depth", np.uint64, 3),
        ("severity", np.uint64, 4),
        ("level", np.uint64, 2),
    ]
)


class Cells(NamedTuple):
    """Cell and weight of each row; without weights each counts 1."""

    cell: np.ndarray
    n: int
    weight: np.ndarray | None
    capped: bool


def distances(
    document: Document, rows: Rows, decisions: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Distance of each item and row in its unit, and divided by the level.

    Float64, shape (items, rows); NaN where nobody knows. See ``nrd/gap_distance.h``.
    """
    given, decisions = measurements(rows), array(decisions, np.int8)
    distance, relative = np.empty((2, *decisions.shape))
    call(
        "nrd_gap_distances",
        "attainment_gaps",
        document.handle,
        given.struct,
        pointer(decisions),
        pointer(distance),
        pointer(relative),
    )
    return distance, relative


def sums(document: Document, rows: Rows, decisions: np.ndarray, cells: Cells) -> np.ndarray:
    """One `nrd_gap_sum` an item and cell, shape (items, cells); see ``nrd/gap_index.h``."""
    given, decisions = measurements(rows), array(decisions, np.int8)
    cell = array(cells.cell, np.int32)
    weight = None if cells.weight is None else array(cells.weight, np.uint64)
    by = ffi.new("nrd_gap_cells *")
    by.cell, by.n_cells, by.is_capped = pointer(cell), cells.n, cells.capped
    by.weight = ffi.NULL if weight is None else pointer(weight)
    out = np.empty((len(document.items), cells.n), SUM)
    call(
        "nrd_gap_sums",
        "gap_index",
        document.handle,
        given.struct,
        pointer(decisions),
        by,
        ffi.from_buffer("nrd_gap_sum *", out),
    )
    return out


def together(matrix: Matrix, sets: Sequence[Sequence[int]]) -> tuple[np.ndarray, ...]:
    """Units that surely, and that possibly, miss all criteria of each set."""
    members = array(sets, np.int32)
    low, high = np.empty((2, len(members)), np.uint64)
    call(
        "nrd_gap_together",
        "binding_criteria",
        matrix._handle,
        pointer(members),
        members.shape[1],
        len(members),
        pointer(low),
        pointer(high),
    )
    return low, high


def alone(matrix: Matrix) -> tuple[np.ndarray, np.ndarray]:
    """Units that surely, and that possibly, miss one criterion and no other."""
    return matrix._bounds("nrd_gap_alone", matrix.criteria)
