"""nrd: evaluations of Viet Nam's New Rural Development programme, recomputed and checked.

Four questions, four functions: `criteria_averages` (how far has each commune come),
`attainment_gaps` (what is missing, and where), `reconcile` (do stated totals add up) and
`reproduce` (a whole published study). `assess` holds measured values against a
`criteria_set`; `gap_index`, `binding_criteria`, `target_pace` and `cheapest_plan` turn what
is missing into measures and a plan. `load_study` gives the studies that ship with nrd,
`load_dataset` the statistics beside them; `Attainment` is what studies and your own tables
become.
"""

from typing import Any as _Any

from ._core import versions as _versions
from ._statistics import Anova, Covariance, Statistics
from .attainment import Attainment
from .averages import CriteriaAverages, criteria_averages
from .criteria import CriteriaSet, criteria_set, criteria_sets, read_criteria_set
from .dataset import Dataset, list_datasets, load_dataset
from .errors import (
    NrdContradictionError,
    NrdError,
    NrdFileError,
    NrdKeyError,
    NrdMemoryError,
    NrdTypeError,
    NrdValueError,
)
from .gaps import AttainmentGaps, attainment_gaps
from .intervals import mean_interval, proportion_difference, proportion_interval
from .moments import Moments
from .quantiles import describe, quantile
from .reproduce import Reproduction, reproduce
from .resources import Reconciliation, reconcile
from .statements import Statement
from .statistics import anova, covariance, mean
from .study import Study, list_studies, load_study

__version__ = _versions()["libnrd"]

# Loaded when they are first asked for, so that `import nrd` stays quick.
_LATER = {
    "AdjustedPvalues": "adjust",
    "Assessment": "assessment",
    "BandAverages": "bands",
    "BindingCriteria": "binding",
    "Bootstrap": "bootstraps",
    "ClosurePlan": "plans",
    "Convergence": "converging",
    "Correlations": "correlation",
    "CriteriaChange": "change",
    "CriteriaRates": "rates",
    "Crosswalk": "crosswalks",
    "CrosswalkCheck": "crosswalk_checks",
    "Decision": "assessment",
    "Elasticity": "pooled",
    "GapIndex": "gap_indices",
    "Harmonised": "harmonised",
    "Inequality": "inequalities",
    "InequalityByYear": "inequality_years",
    "Joints": "joinpoints",
    "LinearFit": "regression",
    "MergerEffect": "mergers",
    "Mobilised": "mobilisation",
    "PermutationTest": "permutation",
    "PoissonBootstrap": "bootstrap_stream",
    "PooledSlope": "pooled",
    "PovertyTrends": "trends",
    "Projection": "projections",
    "Regression": "regression",
    "Resources": "mobilisation",
    "ShrunkenSlopes": "shrunken",
    "TargetPace": "targets",
    "UnitMatches": "unit_names",
    "adjust_pvalues": "adjust",
    "assess": "assessment",
    "band_averages": "bands",
    "binding_criteria": "binding",
    "bootstrap": "bootstraps",
    "cheapest_plan": "plans",
    "check_crosswalk": "crosswalk_checks",
    "cluster": "covariances",
    "convergence": "converging",
    "correlate": "correlation",
    "correlation_matrix": "correlation",
    "criteria_change": "change",
    "criteria_rates": "rates",
    "crosswalk": "crosswalks",
    "gap_index": "gap_indices",
    "hac": "covariances",
    "harmonise": "harmonised",
    "inequality": "inequalities",
    "inequality_by_year": "inequality_years",
    "match_units": "unit_names",
    "merger_effect": "mergers",
    "permutation_test": "permutation",
    "poly": "regression",
    "pooled_slope": "pooled",
    "poverty_elasticity": "pooled",
    "poverty_joints": "joinpoints",
    "poverty_trends": "trends",
    "project_poverty": "projections",
    "province_neighbours": "resource_results",
    "regress": "regression",
    "resource_correlations": "resource_results",
    "resource_regression": "resource_fits",
    "shrunken_slopes": "shrunken",
    "target_pace": "targets",
    "units": "unit_names",
    "wild_cluster": "covariances",
}

__all__ = [
    "AdjustedPvalues",
    "Anova",
    "Assessment",
    "Attainment",
    "AttainmentGaps",
    "BandAverages",
    "BindingCriteria",
    "Bootstrap",
    "ClosurePlan",
    "Convergence",
    "Correlations",
    "Covariance",
    "CriteriaAverages",
    "CriteriaChange",
    "CriteriaRates",
    "CriteriaSet",
    "Crosswalk",
    "CrosswalkCheck",
    "Dataset",
    "Decision",
    "Elasticity",
    "GapIndex",
    "Harmonised",
    "Inequality",
    "InequalityByYear",
    "Joints",
    "LinearFit",
    "MergerEffect",
    "Mobilised",
    "Moments",
    "NrdContradictionError",
    "NrdError",
    "NrdFileError",
    "NrdKeyError",
    "NrdMemoryError",
    "NrdTypeError",
    "NrdValueError",
    "PermutationTest",
    "PoissonBootstrap",
    "PooledSlope",
    "PovertyTrends",
    "Projection",
    "Reconciliation",
    "Regression",
    "Reproduction",
    "Resources",
    "ShrunkenSlopes",
    "Statement",
    "Statistics",
    "Study",
    "TargetPace",
    "UnitMatches",
    "adjust_pvalues",
    "anova",
    "assess",
    "attainment_gaps",
    "band_averages",
    "binding_criteria",
    "bootstrap",
    "cheapest_plan",
    "check_crosswalk",
    "cluster",
    "convergence",
    "correlate",
    "correlation_matrix",
    "covariance",
    "criteria_averages",
    "criteria_change",
    "criteria_rates",
    "criteria_set",
    "criteria_sets",
    "crosswalk",
    "describe",
    "gap_index",
    "hac",
    "harmonise",
    "inequality",
    "inequality_by_year",
    "list_datasets",
    "list_studies",
    "load_dataset",
    "load_study",
    "match_units",
    "mean",
    "mean_interval",
    "merger_effect",
    "permutation_test",
    "poly",
    "pooled_slope",
    "poverty_elasticity",
    "poverty_joints",
    "poverty_trends",
    "project_poverty",
    "proportion_difference",
    "proportion_interval",
    "province_neighbours",
    "quantile",
    "read_criteria_set",
    "reconcile",
    "regress",
    "reproduce",
    "resource_correlations",
    "resource_regression",
    "shrunken_slopes",
    "target_pace",
    "units",
    "wild_cluster",
]


def __getattr__(name: str) -> _Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found = getattr(import_module(f".{_LATER[name]}", __name__), name)
    globals()[name] = found  # from now on as quick as any other name
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
