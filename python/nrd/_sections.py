"""The titled tables of each result, in English or Vietnamese."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._checks import all_checks
from ._display import Section, between, number
from ._labels import label, phrase
from ._rows import GAP, TARGETS, criterion_name, set_name
from ._sections_gaps import indicator_gaps
from .averages import class_names

if TYPE_CHECKING:
    from .averages import CriteriaAverages
    from .gaps import AttainmentGaps
    from .reproduce import Reproduction
    from .resources import Reconciliation
    from .study import Study


def averages(result: CriteriaAverages, language: str) -> list[Section]:
    """Sections of criteria averages."""
    out = [
        Section(label("mean", language), note=mean_line(result, language)),
        classes(result, language),
    ]
    if result.by_group["group"]:
        out.append(groups(result, language))
    if result.communes["unit"]:
        out.append(communes(result, language))
    return out


def mean_line(result: CriteriaAverages, language: str) -> str:
    """The mean in a line: the number from counts, and its bounds."""
    bounds = f"{number(result.mean_low)}–{number(result.mean_high)}"
    of = f"/ {result.criteria} {label('criteria', language)}"
    if result.mean_low == result.mean_high:
        return f"{number(result.mean_low)} {of}"
    if result.mean is None:
        why = f"{label('bounds', language)}; {label('mean_unknown', language)}"
        return f"{bounds} {of} ({why})"
    return f"{number(result.mean)} {of} ({label('bounds', language)} {bounds})"


def classes(result: CriteriaAverages, language: str) -> Section:
    """Communes by class."""
    names = class_names(result.cuts, result.criteria, language)
    rows = [
        (name, "" if high is None else between(low, high))
        for name, low, high in zip(
            names, result.classes["low"], result.classes["high"], strict=True
        )
    ]
    return Section(
        label("classes", language),
        (label("class", language), label("communes", language)),
        rows,
    )


def groups(result: CriteriaAverages, language: str) -> Section:
    """Mean criteria met by group."""
    found = result.by_group
    rows = [
        (_in_language(name, language), n, between(low, high))
        for name, n, low, high in zip(
            *(found[key] for key in ("group", "criteria", "mean_low", "mean_high")),
            strict=True,
        )
    ]
    header = (
        label("group", language),
        label("criteria_count", language),
        label("mean", language),
    )
    return Section(label("groups_title", language), header, rows)


def _in_language(name: str, language: str) -> str:
    """Official groups are printed as "English (Tiếng Việt)"."""
    if not name.endswith(")") or " (" not in name:
        return name
    english, vietnamese = name[:-1].split(" (", 1)
    return vietnamese if language == "vi" else english


def communes(result: CriteriaAverages, language: str, missing: Any = None) -> Section:
    """Criteria met per commune, and those missing where given."""
    found = result.communes
    header = [label("code", language), label("commune", language), label("met", language)]
    columns = [
        found["unit"],
        found["name"],
        [between(a, b) for a, b in zip(found["low"], found["high"], strict=True)],
    ]
    if missing is not None:
        header += [label("surely", language), label("possibly", language)]
        columns += [[" ".join(v) for v in missing[key]] for key in ("surely", "possibly")]
    return Section(
        label("communes_title", language), header, list(zip(*columns, strict=True))
    )


def gaps(result: AttainmentGaps, language: str) -> list[Section]:
    """Sections of gaps."""
    found = result.by_criterion
    rows = [
        (code, name, between(a, b), between(c, d), between(e, f))
        for code, name, a, b, c, d, e, f in zip(
            *(
                found[key]
                for key in (
                    "criterion",
                    "name",
                    "short_low",
                    "short_high",
                    "need_low",
                    "need_high",
                    "points_low",
                    "points_high",
                )
            ),
            strict=True,
        )
    ]
    heads = [
        label(word, language) for word in ("number", "criterion", "short", "need", "points")
    ]
    out = [Section(label("gap_title", language), heads, rows), ranking(result, language)]
    return [*out, *indicator_gaps(result, language)]


def ranking(
    result: AttainmentGaps, language: str, names: Any = None, most: int = 8
) -> Section:
    """Criteria that most often stand in the way."""
    found = result.ranking
    rows = [
        (code, names(code) if names else name, between(low, high))
        for code, name, low, high in zip(
            *(found[k] for k in ("criterion", "name", "short_low", "short_high")),
            strict=True,
        )
    ][:most]
    heads = [label(word, language) for word in ("number", "criterion", "short")]
    return Section(label("ranking_title", language), heads, rows)


def resources(
    result: Reconciliation, language: str, labels: Any = None, title: str = ""
) -> list[Section]:
    """Sections of a table of money; `labels` turns (kind, id) into words."""
    labels = labels or (lambda kind, id: id)
    per = [key for key in ("per_unit", "per_person") if getattr(result, key) is not None]
    header = [
        label("content", language),
        *(labels("fund", s) for s in result.sources),
        label("total", language),
        label("share", language),
        *(label(key, language) for key in per),
    ]
    rows = [
        [
            labels("content", content),
            *result.amounts[i],
            result.by_content["amount"][i],
            _percent(result.by_content["share"][i]),
            *(number(result.by_content[key][i], 3) for key in per),
        ]
        for i, content in enumerate(result.contents)
    ]
    rows.append(
        [
            label("total", language),
            *result.by_source["amount"],
            result.total,
            _percent(1.0),
            *(number(getattr(result, key), 3) for key in per),
        ]
    )
    rows.append(
        [
            label("share", language),
            *map(_percent, result.by_source["share"]),
            _percent(1.0),
            "",
            *("" for _ in per),
        ]
    )
    return [Section(title or label("resources", language), header, rows)]


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.2f}%"


_SEVERITY = ("different", "truncated", "rounded", "equal")


def checks(columns: Any, language: str, *, only_unequal: bool = False) -> Section:
    """Stated numbers beside the computed ones."""
    rows = []
    keys = (
        "label",
        "stated",
        "computed",
        "difference",
        "verdict",
        "qualifier",
        "note",
        "source",
    )
    found = sorted(
        zip(*(columns[key] for key in keys), strict=True),
        key=lambda row: _SEVERITY.index(row[4]),
    )
    for name, stated, computed, difference, verdict, qualifier, note, source in found:
        if only_unequal and verdict == "equal" and not note:
            continue
        name = f"{name}: {note}" if note else name
        said = f"{qualifier} {number(stated)}" if qualifier else number(stated)
        by = f" ({number(difference, 4)})" if verdict == "different" else ""
        rows.append(
            (name, said, number(computed, 4), f"{label(verdict, language)}{by}", source)
        )
    heads = [
        label(word, language)
        for word in ("statement", "stated", "computed", "verdict", "source")
    ]
    return Section(label("checks", language), heads, rows)


def reproduction(result: Reproduction, language: str) -> list[Section]:
    """Sections of a reproduction, in the order of the four questions."""
    study = result.study
    title = study.title_vi if language == "vi" else study.title
    out = [
        Section(f"{title}: {label('as_of_' + result.as_of, language)}", note=study.citation)
    ]
    if result.averages is not None:
        out.append(
            Section(label("mean", language), note=mean_line(result.averages, language))
        )
        if any(high is not None for high in result.averages.classes["high"]):
            out.append(classes(result.averages, language))
        if result.averages.by_group["group"]:
            out.append(groups(result.averages, language))
        if study.named:
            out.append(communes(result.averages, language, result.gaps.by_unit))
    out.append(gap_table(result, language))
    if result.gaps is not None and study.named:
        names = lambda code: study.criteria_set.name(code, language)  # noqa: E731
        out.append(ranking(result.gaps, language, names))
    if result.targets["id"]:
        out.append(target_table(result, language))
    for name, money in result.resources.items():
        unit = study.tables["capital"].columns["unit"][
            study.tables["capital"].columns["table"].index(name)
        ]
        labels = lambda kind, id: study.label(kind, id, language)  # noqa: E731
        title = f"{label('resources', language)}: {labels('table', name)}"
        heading = f"{title} ({phrase(unit, language)}; {_sources(study, name)})"
        out += resources(money, language, labels, heading)
    out.append(_check_section(result, language))
    assumptions = "\n".join(f"- {label(name, language)}" for name in result.assumptions)
    return [*out, Section(label("assumptions", language), note=assumptions)]


def _sources(study: Study, table: str) -> str:
    """Sections that a table of money was printed in."""
    capital = study.tables["capital"].columns
    found = zip(capital["table"], capital["source"], strict=True)
    return ", ".join(dict.fromkeys(s.split(",")[0] for name, s in found if name == table))


def _check_section(result: Reproduction, language: str) -> Section:
    columns = result.checks if language == "en" else all_checks(result.study, language)
    verdicts = columns["verdict"]
    section = checks(columns, language, only_unequal=True)
    tally = ", ".join(
        f"{verdicts.count(v)} {label(v, language)}"
        for v in reversed(_SEVERITY)
        if v in verdicts
    )
    return Section(
        section.title, section.header if section.rows else (), section.rows, tally
    )


def gap_table(result: Reproduction, language: str) -> Section:
    """Units met and short per printed count."""
    found = result.gap_rows
    study = result.study
    keys = [key for key in GAP if key not in ("name", "rows")]
    rows = []
    for set, code, units, met_low, met_high, low, high, p_low, p_high, source in zip(
        *(found[k] for k in keys), strict=True
    ):
        name = criterion_name(study, set, code, language)
        where = (
            "" if set == study.criteria_set.id else f"{set_name(study, set, language)}: "
        )
        met = between(met_low, met_high) + (f" / {units}" if units else "")
        rows.append(
            (f"{where}{name}", met, between(low, high), between(p_low, p_high), source)
        )
    heads = [
        label(word, language) for word in ("criterion", "met", "short", "points", "source")
    ]
    return Section(label("gap_title", language), heads, rows)


def target_table(result: Reproduction, language: str) -> Section:
    """Printed targets beside what is reached."""
    found = result.targets
    keys = [key for key in TARGETS if key not in ("id", "of", "rows")]
    rows = [
        (
            f"{set_name(result.study, set, language)}: "
            f"{criterion_name(result.study, set, code, language)}",
            number(target),
            phrase(unit, language),
            by,
            number(reached),
            number(short),
            source,
        )
        for set, code, target, unit, by, reached, short, source in zip(
            *(found[k] for k in keys), strict=True
        )
    ]
    heads = [
        label(w, language)
        for w in ("statement", "target", "unit", "by", "status", "short", "source")
    ]
    return Section(label("targets_title", language), heads, rows)
