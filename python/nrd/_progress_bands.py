"""Bands of the data set of the programme, and the mean printed beside them."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import NamedTuple

from .bands import BandAverages, band_averages
from .dataset import Dataset
from .errors import NrdValueError
from .statements import Statement

CRITERIA = 19
# Columns of progress.csv, and the numbers of criteria that they count.
BANDS = (
    ("communes_met", 19, 19),
    ("communes_15_18", 15, 18),
    ("communes_10_14", 10, 14),
    ("communes_5_9", 5, 9),
    ("communes_below5", 0, 4),
)


class BandRow(NamedTuple):
    """A row of progress.csv with bands: what it prints, and the mean they allow.

    `fits` says whether the printed mean, as it is rounded, lies within the bounds; None
    where none is printed, or the bands do not add up (then `averages` is None).
    """

    row: int
    unit: str
    as_of: str
    printed: str | None
    averages: BandAverages | None
    fits: bool | None
    problem: str


def band_rows(dataset: Dataset, unit: str | None = None) -> list[BandRow]:
    """Rows with a band below the standard, or with a total beside those that met it.

    The communes at the standard are taken to meet all 19 criteria. The number of communes
    is as printed; else what the printed share allows, rounded or cut; else any.

    Raises
    ------
    NrdKeyError
        If the data set has no such table.
    """
    table = dataset.require("progress")
    found = []
    for place, row in enumerate(table.rows()):
        bands = [
            Statement.band(int(row[column]), least, most)
            for column, least, most in BANDS
            if row[column] is not None
        ]
        below = any(row[column] is not None for column, *_ in BANDS[1:])
        counted = row["communes_met"] is not None and row["communes_total"] is not None
        if (unit is not None and row["unit_code"] != unit) or not (below or counted):
            continue
        found.append(_checked(place, row, bands))
    return found


def _checked(place: int, row: dict[str, str | None], bands: list[Statement]) -> BandRow:
    printed = row["avg_criteria"]
    about = (place, row["unit_code"], row["as_of"], printed)
    try:
        averages = band_averages(bands, units=_communes(row), criteria=CRITERIA)
    except NrdValueError as error:
        return BandRow(*about, None, None, str(error))
    if printed is None:
        return BandRow(*about, averages, None, "")
    least, most = _rounded(printed)
    fits = bool(averages.mean_low <= most and least <= averages.mean_high)
    return BandRow(*about, averages, fits, "")


def _communes(row: dict[str, str | None]) -> int | tuple[int, int | None]:
    """Number of communes as printed, or those that the share at the standard allows."""
    if row["communes_total"] is not None:
        return int(row["communes_total"])
    met, share = row["communes_met"], row["share_met_pct"]
    if met is None or share is None or int(met) == 0:
        return (1, None)
    low, high = _rounded(share)
    high += high - Fraction(share)  # a share may be cut, not rounded: 68.996 as 68.99
    least, most = math.ceil(100 * int(met) / high), math.floor(100 * int(met) / low)
    if least > most:
        raise NrdValueError(f"no number of communes makes {met} of them {share} percent")
    return least, most


def _rounded(printed: str) -> tuple[Fraction, Fraction]:
    """Numbers that a printed one stands for: half a unit of its last digit either way."""
    value = Fraction(printed)
    digits = len(printed.partition(".")[2])
    half = Fraction(1, 2 * 10**digits)
    return value - half, value + half
