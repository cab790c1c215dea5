"""Pictures of results beside resources; drawn through what `nrd.plot` shares."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from . import _draw
from ._display import chance, number
from ._labels import phrase
from ._labels_correlation import word
from ._plot_correlation import head
from ._plot_names import Names, plain_ticks, signed, write_names
from ._resource_rows import KEYS
from .errors import NrdValueError

if TYPE_CHECKING:
    from ._mobilised import Mobilised
    from ._resource_dose import Dose, Material, ResourceFit

# Up to so many rows are all named, of more only the most influential.
_ALL, _SOME = 20, 5
# Rows that are drawn with their names.
_ROW, _MOST = 0.26, 60
# Columns of numbers of a table of resources; amounts where there is none of these.
_RATIOS = {"share": 100, "ratio": 1, "percent": 1, "gini": 1}


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


def coefficients(
    fit: ResourceFit,
    ax: Any = None,
    language: str = "en",
    *,
    labels: Any = None,
    title: str | None = None,
    source: str = "",
) -> Any:
    """Draw the coefficients of all terms; see `ResourceFit.plot`."""
    from ._plot_fit import coefficients as drawn

    say, called, of = _draw.words(language), Names(labels, language), fit._made_of
    title = f"{say('regression')}: {called.name(of.outcome)}" if title is None else title
    ax = drawn(fit, ax, language, title=title)
    names = [_term(text.get_text(), of, called, language) for text in ax.get_yticklabels()]
    ax.set_yticks(ax.get_yticks(), names)
    _draw.below(ax, called.axis(of.outcome), source, say)
    return ax


def _term(name: str, of: Material, called: Names, language: str) -> str:
    """What a term is called: a resource, a control, or a period."""
    periods = len(of.others) - len(of.controls)
    controls = dict(zip(of.others[periods:], of.controls, strict=True))
    resources = {column: resource for resource, column in of.resources.items()}
    if name in of.others[:periods]:
        column, _, period = name.rpartition(" ")
        return f"{called.name(column)} {period}"
    said = called.name(resources.get(name, controls.get(name, name)))
    said = word("log", language, said) if of.log and name in resources else said
    return word("change", language, said) if of.change else said


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


def mobilised(
    found: Mobilised,
    ax: Any = None,
    language: str = "en",
    *,
    labels: Any = None,
    title: str | None = None,
    source: str = "",
) -> Any:
    """Draw a table of resources; see `Mobilised.plot`."""
    say, called = _draw.words(language), Names(labels, language)
    columns, (name, times) = found.columns, _value(found)
    values = np.array([np.nan if v is None else times * v for v in columns[name]])
    if not np.any(values > 0):
        raise NrdValueError("plot: there is no number above 0, nothing can be drawn")
    keys = [k for k in KEYS if k in columns and len(set(columns[k])) > 1]
    stacked = "source" in keys and len(keys) > 1 and name in ("share", "amount")
    keys = [k for k in keys if not (stacked and k == "source")] or keys[:1]
    rows = list(zip(*(columns[k] for k in keys), strict=True)) or [("",)] * len(values)
    bars = list(dict.fromkeys(rows)) if stacked else rows
    ax = _draw.axes(ax, _ROW * min(len(bars), _MOST) + 1.5)
    title = say("resources_title") if title is None else title
    if stacked:
        _stack(ax, [bars.index(row) for row in rows], values, columns["source"])
        _key(ax, columns["source"], called, title)
    else:
        ax.barh(range(len(bars)), np.nan_to_num(values), height=0.7, color=_draw.DARK)
        for place, value in enumerate(values.tolist()):
            text = "–" if np.isnan(value) else number(value, 2 if value >= 1 else 4)
            _draw.beside(
                ax, text, (np.nan_to_num(value), place), "data", (3, 0), va="center"
            )
        ax.set_title(title, loc="left", fontsize=_draw.TITLE, fontweight="bold")
    shown = [", ".join(called.name(str(part)) for part in row) for row in bars]
    shown = [_draw.wrapped(text) for text in shown] if len(bars) <= _MOST else []
    ax.set_yticks(range(len(shown)), shown)
    ax.set_ylim(len(bars) - 0.4, -0.6)
    ax.margins(x=0.08)
    plain_ticks(ax.xaxis)
    _draw.below(ax, _measured(found, name, say, called, language), source, say)
    return ax


def _value(found: Mobilised) -> tuple[str, int]:
    """The column that is drawn, and what 1 of it counts for."""
    for name in found.columns:
        if name in _RATIOS or name.startswith("per_"):
            return name, _RATIOS.get(name, 1)
    return "amount", 1


def _measured(
    found: Mobilised, name: str, say: Any, called: Names, language: str
) -> str:  # fmt: skip
    """The axis of the numbers, with their unit of measure."""
    of = found.columns.get("measure", [""])
    measure = phrase(of[0], language) if len(set(of)) == 1 else ""
    said = {
        "share": f"{say('share')}, %",
        "percent": f"{word('reached', language)}, %",
        "gini": "Gini",
    }.get(name)
    if name == "ratio":
        of, on = list(found.columns)[-4:-2]
        named = (word(called.name(part), language) for part in (of, on))
        said = word("ratio", language, *named)
    if said is None:
        per = f" / {called.name(name[4:])}" if name.startswith("per_") else ""
        said = f"{say('amount')}, {measure}{per}" if measure or per else say("amount")
    return said


def _stack(ax: Any, places: list[int], values: np.ndarray, sources: Sequence[str]) -> None:
    ends = np.zeros(max(places) + 1)
    known = list(dict.fromkeys(sources))
    for place, value, name in zip(places, np.nan_to_num(values), sources, strict=True):
        style = _draw.source_style(known.index(name))
        ax.barh(place, value, left=ends[place], height=0.7, linewidth=0.6, **style)
        ends[place] += value


def _key(ax: Any, sources: Sequence[str], called: Names, title: str) -> None:
    known = list(dict.fromkeys(sources))
    entries = [(called.name(name), _draw.source_style(k)) for k, name in enumerate(known)]
    _draw.key(ax, entries, title)
