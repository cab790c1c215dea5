"""The titled tables of correlations, in English or Vietnamese."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ._correlation import Correlations
from ._display import Section, chance, number
from ._labels import label
from ._labels_correlation import word

# Rows of units that are named as influential.
_MOST = 5
_DIGITS = 3


def correlations(result: Correlations, language: str) -> list[Section]:
    """Sections of correlations: pairs, what one unit makes of them, how to read them."""
    out = [_pairs(result, language)]
    if result.influence is not None and len(result) == 1:
        out.append(_influence(result, language))
    missing = [reason for reason in result.columns["reason"] if reason]
    if missing:
        out.append(_reasons(result, language))
    return [*out, Section(label("assumptions", language), note=_note(result, language))]


def _pairs(result: Correlations, language: str) -> Section:
    columns = result.columns
    level = number(100 * result.provenance.options["level"])
    shown: dict[str, Sequence[Any]] = {"x": columns["x"], "y": columns["y"]}
    if "lag" in columns:
        shown[label("lag", language)] = columns["lag"]
    if len(result.methods()) > 1:
        shown[label("method", language)] = [word(m, language) for m in columns["method"]]
    shown[label("coefficient", language)] = [
        number(v, _DIGITS) for v in columns["coefficient"]
    ]
    shown[f"{label('interval', language)} {level} %"] = [
        "" if low is None else f"{number(low, 2)}…{number(high, 2)}"
        for low, high in zip(columns["low"], columns["high"], strict=True)
    ]
    shown["p"] = [chance(v) for v in columns["p"]]
    if result.provenance.options["adjust"]:
        shown[label("adjusted_p", language)] = [chance(v) for v in columns["adjusted"]]
    shown[label("test", language)] = [word(v or "", language) for v in columns["test"]]
    shown["n"] = columns["n"]
    if any(a != b for a, b in zip(columns["n"], columns["effective_n"], strict=True)):
        shown[label("effective_n", language)] = [
            number(v, 1) for v in columns["effective_n"]
        ]
    shown[label("dropped", language)] = columns["dropped"]
    shown[label("detectable", language)] = [number(v, 2) for v in columns["detectable"]]
    rows = list(zip(*shown.values(), strict=True))
    title = label("correlation", language)
    return Section(title, list(shown), rows, _method(result, language))


def _method(result: Correlations, language: str) -> str:
    """The computation in a sentence."""
    if language == "en":
        return result.provenance.method
    options = result.provenance.options
    parts = [", ".join(word(name, language) for name in options["method"])]
    if options["relation"] != "rows":
        parts.append(word(f"relation_{options['relation']}", language))
    if options["covariates"]:
        names = ", ".join(options["covariates"])
        parts.append(word(f"part_{options['part']}", language, names))
    parts.append(word(f"missing_{options['missing']}", language))
    if options["adjust"]:
        parts.append(word("adjusted_by", language, options["adjust"]))
    return "; ".join(parts)


def _influence(result: Correlations, language: str) -> Section:
    found = result.influence
    order = sorted(range(len(found["unit"])), key=lambda i: -abs(found["change"][i]))
    rows = [
        (
            str(found["unit"][i]),
            number(found["without"][i], _DIGITS),
            number(found["change"][i], _DIGITS),
        )
        for i in order[:_MOST]
    ]
    heads = [label(word, language) for word in ("unit_left", "coefficient", "change")]
    return Section(label("influence", language), heads, rows)


def _reasons(result: Correlations, language: str) -> Section:
    columns = result.columns
    rows = [
        (x, y, reason)
        for x, y, reason in zip(columns["x"], columns["y"], columns["reason"], strict=True)
        if reason
    ]
    return Section(
        label("not_found", language), ("x", "y", label("reason", language)), rows
    )


def _note(result: Correlations, language: str) -> str:
    power = number(100 * result.provenance.options["power"])
    taken = list(result.provenance.assumptions)
    if language == "vi":
        taken = [label("not_cause", language)]
    taken.append(f"{label('detectable_note', language)} {power} %.")
    smallest = [v for v in result.columns["smallest_p"] if v is not None]
    if smallest:
        taken.append(f"{label('smallest_note', language)}: {chance(max(smallest))}.")
    return "\n".join(f"- {line}" for line in taken)
