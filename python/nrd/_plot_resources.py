"""Pictures of results beside resources; drawn through what `nrd.plot` shares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from . import _draw
from ._display import chance, number
from ._labels import phrase
from ._labels_correlation import word
from ._plot_correlation import head
from ._plot_names import Names, plain_ticks, signed, write_names

if TYPE_CHECKING:
    from ._resource_dose import Dose, Material, ResourceFit

# Up to so many rows are all named, of more only the most influential.
_ALL, _SOME = 20, 5


def dose(
    fit: ResourceFit,
    found: Dose,
    ax: Any = None,
    language: str = "en",
    *,
    labels: Any = None,
    title: str | None = None,
    source: str = "",
) -> Any:
    """Draw an outcome beside one resource; see `ResourceFit.plot`."""
    say, called, of = _draw.words(language), Names(labels, language), fit._made_of
    line = {name: np.array(values) for name, values in found.line.items()}
    at = np.column_stack([found.points["amount"], found.points["outcome"]])
    ax = _draw.axes(ax, 3.8, 5.2)
    ax.fill_between(
        line["amount"], line["low"], line["high"], color=_draw.DARK, alpha=0.15, lw=0
    )
    ax.plot(line["amount"], line["outcome"], color=_draw.DARK, linewidth=1.4)
    ax.scatter(*at.T, s=16, color=_draw.LIGHT, edgecolor=_draw.DARK, linewidth=0.5)
    if of.log:
        ax.set_xscale("log")
    ax.margins(0.06)
    plain_ticks(ax.xaxis, of.log)
    plain_ticks(ax.yaxis)
    names = called.name(found.outcome), called.name(found.resource)
    title = ", ".join(names) if title is None else title
    head(ax, title, _lines(fit, found, called, language))
    ax.set_ylabel(_outcome(found, of, called, language), fontsize=_draw.TEXT)
    _draw.below(ax, _amount(found, of, called, language), source, say)
    order = np.argsort(-np.nan_to_num(np.abs(found.points["influence"])), kind="stable")
    named = order if len(order) <= _ALL else order[:_SOME]
    write_names(ax, at[order], [found.points["unit"][i] for i in named.tolist()])
    return ax


def _amount(found: Dose, of: Material, called: Names, language: str) -> str:
    """The axis of the resource, with its unit of measure."""
    if of.change and of.log:
        return f"{called.name(found.resource)}, {word('times_before', language)}"
    measure = phrase(of.measures.get(found.resource, ""), language)
    if of.per is not None:
        measure = f"{measure} / {called.name(of.per)}" if measure else called.name(of.per)
    said = called.axis(found.resource, measure)
    return word("change", language, said) if of.change else said


def _outcome(found: Dose, of: Material, called: Names, language: str) -> str:
    said = called.axis(found.outcome)
    return word("change", language, said) if of.change else said


def _lines(fit: ResourceFit, found: Dose, called: Names, language: str) -> list[str]:
    """What the line says, what is held, and of how many rows."""
    of, level = fit._made_of, number(100 * fit.level)
    value, low, high = map(signed, found.effect)
    effect = word("twice" if of.log else "one_more", language, f"{value} ({low} … {high})")
    rows = f"n {int(fit.n[0])} {word('rows', language)}"
    if fit.provenance.dropped:
        rows += f", {word('dropped', language, fit.provenance.dropped)}"
    lines = [f"{effect}, p {chance(found.p)}, {rows}", word(found.band, language, level)]
    held = [called.name(name) for name in found.held]
    held += [word(f"effect_{name}", language) for name in of.effects]
    return [*lines, word("held", language, ", ".join(held))] if held else lines
