"""The titled table of rates by group, in English or Vietnamese."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._display import Section, between, number
from ._labels import label

if TYPE_CHECKING:
    from .rates import CriteriaRates


def rates(result: CriteriaRates, language: str) -> list[Section]:
    """Cells met and means per group."""
    found = result.groups
    has_means = any(mean is not None for mean in found["mean_low"])
    header = [*result.by, label("met", language), label("unmet", language)]
    header += [label("unknown", language), f"{label('share', language)} (%)"]
    header += [label("mean", language)] * has_means
    rows = []
    for i in range(len(found["met"])):
        row = [found[name][i] for name in result.by]
        row += [number(found[name][i]) for name in ("met", "unmet", "unknown")]
        row.append(between(100 * found["share_low"][i], 100 * found["share_high"][i]))
        if has_means:
            row.append(between(found["mean_low"][i], found["mean_high"][i]))
        rows.append(tuple(row))
    return [Section(label("areas_title", language), tuple(header), rows)]
