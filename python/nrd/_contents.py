"""What a study or a data set holds, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._display import Section
from ._labels import label, phrase

if TYPE_CHECKING:
    from .dataset import Dataset
    from .study import Study


def study_sections(study: Study, language: str) -> list[Section]:
    """What a study holds: its tables and figures as printed."""
    return [*_head(study, language), _figures(study, language)]


def dataset_sections(dataset: Dataset, language: str) -> list[Section]:
    """What a data set holds: its tables, what their columns mean, and whom to cite."""
    heads = [label(word, language) for word in ("column", "meaning", "filled")]
    sections = _head(dataset, language)
    for table in dataset.tables.values():
        rows = [
            (name, field.get("description", ""), len(table) - values.count(None))
            for (name, field), values in zip(
                table.fields.items(), table.columns.values(), strict=True
            )
        ]
        sections.append(Section(table.file, heads, rows))
    terms = "; ".join(str(licence.get("title", "")) for licence in dataset.licences)
    return [*sections, Section(label("licence", language), note=terms)]


def _head(dataset: Dataset, language: str) -> list[Section]:
    title = dataset.title_vi if language == "vi" else dataset.title
    files = [(name, table.file, len(table)) for name, table in dataset.tables.items()]
    heads = (label("title", language), "CSV", label("number", language))
    note = " ".join(text for text in (dataset.description, dataset.citation) if text)
    return [Section(title, note=note), Section(dataset.id, heads, files)]


def _figures(study: Study, language: str) -> Section:
    table = study.tables.get("figures")
    rows = [
        (
            row["label_vi" if language == "vi" else "label_en"],
            f"{row['qualifier']} {row['value']}" if row["qualifier"] else row["value"],
            phrase(row["unit"], language),
            row["source"],
        )
        for row in (table.rows() if table else ())
    ]
    heads = [label(word, language) for word in ("statement", "stated", "unit", "source")]
    return Section(label("statement", language), heads, rows)
