"""A study recomputed from its own data: averages, gaps, money, and what does not add up."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import _rows
from ._checks import all_checks
from ._counts import AS_OF
from ._labels import label
from ._result import Columns, Provenance, Result, plain, records
from .attainment import Attainment
from .averages import CLASSES, CriteriaAverages, class_names, criteria_averages
from .criteria import criteria_set
from .errors import NrdValueError
from .gaps import AttainmentGaps, attainment_gaps
from .resources import Reconciliation
from .study import Study, load_study


@dataclass(frozen=True, eq=False, repr=False)
class Reproduction(Result):
    """Everything a study's own data allow to compute.

    Attributes
    ----------
    study : Study
        The study.
    as_of : {"now", "planned"}
        The date it speaks of.
    attainment : Attainment or None
        Communes x criteria; None where the study states no number of communes.
    averages : CriteriaAverages or None
        Criteria met per commune.
    gaps : AttainmentGaps or None
        What is missing.
    assumptions : tuple of {"carried", "recognised"}
        What was taken as given; in words in `provenance`.
    gap_rows : dict of columns
        Per printed count, of whatever set: units that meet the criterion, units short.
    targets : dict of columns
        Printed targets beside what is reached.
    resources : dict of str to Reconciliation
        Each table of money.
    money : dict of columns
        All tables of money as one: parts and margins, each with its rows.
    checks : dict of columns
        Each printed number that follows from others: stated, computed, verdict, source and
        rows.
    """

    study: Study
    as_of: str
    attainment: Attainment | None
    averages: CriteriaAverages | None
    gaps: AttainmentGaps | None
    assumptions: tuple[str, ...]
    gap_rows: Columns
    targets: Columns
    resources: dict[str, Reconciliation]
    money: Columns
    checks: Columns

    @property
    def table(self) -> Any:
        """The checks, one row each, as a data frame; rows joined by blanks."""
        joined = {**self.checks, "rows": [" ".join(rows) for rows in self.checks["rows"]]}
        return self.kind.build(joined)

    def plot(self, ax: Any = None, **options: Any) -> Any:
        """Draw communes x criteria with unknown cells visible.

        Options as in `nrd.plot.heat_map`; the source is the study's own document.
        """
        from . import plot

        options = {"source": self.study.short_citation, **options}
        return plot.heat_map(self.attainment, ax=ax, **options)

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain Python values: the layout of the JSON output."""
        return plain(
            {
                "study": self.study.id,
                "as_of": self.as_of,
                "criteria_averages": self._averages(),
                "communes": self._communes(),
                "gaps": records(self.gap_rows),
                "targets": records(self.targets),
                "resources": {
                    name: _money_dict(name, money, self.money)
                    for name, money in self.resources.items()
                },
                "figures": self.study.figure_rows(),
                "checks": records(self.checks),
                "provenance": self.provenance,
            }
        )

    def tables(self) -> dict[str, Columns]:
        """Every table by name, as plain columns: the layout of the CSV output."""
        averages = self.averages
        communes = {
            name: [_joined(row[name]) for row in self._communes()]
            for name in (self._communes() or [{}])[0]
        }
        out = {
            "averages": {
                "mean": [averages.mean],
                "mean_low": [averages.mean_low],
                "mean_high": [averages.mean_high],
                "units": [averages.units],
                "criteria": [averages.criteria],
            }
            if averages
            else {},
            "classes": averages.classes if averages else {},
            "groups": averages.by_group if averages else {},
            "communes": communes,
            "gaps": self.gap_rows,
            "targets": self.targets,
            "resources": self.money,
            "checks": self.checks,
        }
        return {
            name: {key: [_joined(v) for v in values] for key, values in columns.items()}
            for name, columns in out.items()
            if columns and len(next(iter(columns.values())))
        }

    def report(self, language: str = "en") -> list:
        """Return the titled tables that `summary` shows."""
        from . import _sections

        return _sections.reproduction(self, language)

    def _averages(self) -> dict[str, Any] | None:
        averages = self.averages
        if averages is None:
            return None
        fields = ("mean", "mean_low", "mean_high", "units", "criteria", "without_count")
        main = self.study.criteria_set.id
        rows = zip(self.gap_rows["set"], self.gap_rows["rows"], strict=True)
        return {
            **{name: getattr(averages, name) for name in fields},
            "classes": records(averages.classes),
            "criteria_shares": records(averages.by_criterion),
            "groups": records(averages.by_group),
            "rows": [row for set, found in rows if set == main for row in found],
        }

    def _communes(self) -> list[dict[str, Any]]:
        if self.averages is None or not self.study.named:
            return []
        rows = _rows.commune_rows(self.study, self.as_of)
        missing = self.gaps.by_unit
        return [
            {
                **unit,
                "name_ascii": self.study.units[unit["unit"]]["name_ascii"],
                "missing": missing["surely"][i],
                "possibly_missing": missing["possibly"][i],
                "rows": rows.get(unit["unit"], []),
            }
            for i, unit in enumerate(records(self.averages.communes))
        ]


def reproduce(study: Study | str | Path, *, as_of: str | None = None) -> Reproduction:
    """Recompute a study from its own data.

    Parameters
    ----------
    study : Study, str or Path
        A study, or what `load_study` takes.
    as_of : {"now", "planned"}, optional
        Reached now, or expected for the planned date. By default planned where the study
        says anything about it, else now.

    Returns
    -------
    Reproduction

    Raises
    ------
    NrdError
        As `load_study`; and if `as_of` is neither.

    Examples
    --------
    >>> import nrd
    >>> result = nrd.reproduce("binh-gia-2024")
    >>> round(result.averages.mean, 2)
    13.89
    """
    study = study if isinstance(study, Study) else load_study(study)
    if as_of is not None and as_of not in AS_OF:
        raise NrdValueError(f"as_of is {as_of!r}, expected 'now' or 'planned'")
    if as_of is None:
        as_of = "planned" if study.counts("planned", study.criteria_set.id) else "now"
    attainment, averages, gaps, assumptions = _attainment(study, as_of)
    rows = sum(len(table) for table in study.tables.values())
    return Reproduction(
        provenance=Provenance(
            method=f"{study.title}: recomputed from its own data",
            options={"as_of": as_of, "date": study.about.get("as_of", {}).get(as_of)},
            used=rows,
            assumptions=tuple(label(name) for name in assumptions),
            references=(study.citation,),
            versions={**Provenance("").versions, "data": study.version, **study.digests},
        ),
        kind=study._kind,
        study=study,
        as_of=as_of,
        attainment=attainment,
        averages=averages,
        gaps=gaps,
        assumptions=assumptions,
        gap_rows=_rows.gap_rows(study, as_of, gaps),
        targets=_rows.target_rows(study),
        resources=study.resources(),
        money=_rows.money_rows(study),
        checks=all_checks(study),
    )


def _attainment(study: Study, as_of: str):
    """What the study allows to say of its communes."""
    official = study.criteria_set.id.startswith("vn-")
    if study.n_units is None:
        return None, _unknown_units(study, as_of), None, ("recognised",)
    attainment = study.attainment(as_of)
    gaps = attainment_gaps(attainment)
    if official:
        return attainment, criteria_averages(attainment), gaps, ("carried",)
    return attainment, _recognised(study, attainment), gaps, ("carried", "recognised")


def _standard_size(study: Study) -> int:
    return len(criteria_set(study.about["standard_set"]).codes)


def _recognised(study: Study, attainment: Attainment) -> CriteriaAverages | None:
    """Averages that follow from the number of recognised communes alone."""
    if "standard_set" not in study.about or "standard" not in attainment.criteria:
        return None
    low, high = attainment._matrix.criterion_counts()
    place = attainment.criteria.index("standard")
    return _recognition_averages(
        study, int(low[place]), int(high[place]), len(attainment.units), attainment
    )


def _unknown_units(study: Study, as_of: str) -> CriteriaAverages | None:
    """No commune at the standard says something even where their number is not printed."""
    counts = [
        c for c in study.counts(as_of, study.criteria_set.id) if c.criterion == "standard"
    ]
    if "standard_set" not in study.about or not counts or any(c.met for c in counts):
        return None
    return _recognition_averages(study, 0, 0, None, None)


def _recognition_averages(
    study: Study,
    met_low: int,
    met_high: int,
    units: int | None,
    attainment: Attainment | None,
) -> CriteriaAverages:
    n = _standard_size(study)
    low = met_low * n / units if units else 0.0
    high = (met_high * n + (units - met_high) * (n - 1)) / units if units else float(n - 1)
    others = None if units is None else units - met_low
    return CriteriaAverages(
        provenance=Provenance(method="bounds from the number of recognised communes"),
        kind=study._kind,
        mean=low if low == high else None,
        mean_low=low,
        mean_high=high,
        units=units,
        criteria=n,
        without_count=(),
        communes={name: [] for name in ("unit", "name", "met", "low", "high")},
        cuts=CLASSES,
        classes={
            "class": class_names(CLASSES, n),
            "low": [met_low, *(0 for _ in CLASSES)],
            "high": [met_high, *(others for _ in CLASSES)],
        },
        by_criterion={name: [] for name in ("criterion", "name", "low", "high")},
        by_group={name: [] for name in ("group", "criteria", "mean_low", "mean_high")},
    )


def _money_dict(name: str, result: Reconciliation, money: Columns) -> dict[str, Any]:
    """One table of money: parts and margins with their rows, then shares and per unit."""
    rows = [row for row in records(money) if row.pop("table") == name]
    return {
        "amounts": rows,
        "by_content": records(result.by_content),
        "by_source": records(result.by_source),
        "total": result.total,
        "per_unit": result.per_unit,
        "per_person": result.per_person,
    }


def _joined(value: Any) -> Any:
    return " ".join(map(str, value)) if isinstance(value, list | tuple) else value
