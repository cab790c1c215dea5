"""The titled tables of rates, bands and changes, in English or Vietnamese."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._display import Section, between, number
from ._labels import label

if TYPE_CHECKING:
    from .bands import BandAverages
    from .change import CriteriaChange
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


def bands(result: BandAverages, language: str) -> list[Section]:
    """Bounds of the mean, and units per band."""
    found = result.classes
    low, high = result.units
    rows = [
        (name, between(*ends) if ends[1] is not None else f"≥ {ends[0]}")
        for name, *ends in zip(found["class"], found["low"], found["high"], strict=True)
    ]
    rows.append(
        (label("total", language), f"≥ {low}" if high is None else between(low, high))
    )
    mean = between(result.mean_low, result.mean_high)
    note = f"{mean} / {result.criteria} {label('criteria', language)}"
    header = (label("class", language), label("communes", language))
    return [
        Section(label("mean", language), note=note),
        Section(label("classes", language), header, rows),
    ]


def change(result: CriteriaChange, language: str) -> list[Section]:
    """Change of the mean, of the areas, and of the communes that gained or lost."""
    note = between(result.mean_low, result.mean_high)
    out = [Section(label("change_mean", language), note=note)]
    found = result.by_area
    if found["area"]:
        header = (label("area", language), label("communes", language))
        rows = [
            (area, n, between(low, high))
            for area, n, low, high in zip(
                *(found[key] for key in ("area", "units", "mean_low", "mean_high")),
                strict=True,
            )
        ]
        header += (label("change", language),)
        out.append(Section(label("areas_title", language), header, rows))
    found = result.communes
    words = ("commune", "change", "gained", "possibly_gained", "lost", "possibly_lost")
    rows = [
        (name, between(low, high), *(" ".join(codes) for codes in moves))
        for name, low, high, *moves in zip(
            *(found[key] for key in ("name", "low", "high", *words[2:])), strict=True
        )
        if any(moves)
    ]
    header = tuple(label(word, language) for word in words)
    out.append(Section(label("change_title", language), header, rows))
    return out
