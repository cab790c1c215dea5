"""nrd: evaluations of Viet Nam's New Rural Development programme, recomputed and checked.

Four questions, four functions: `criteria_averages` (how far has each commune come),
`attainment_gaps` (what is missing, and where), `reconcile` (do stated totals add up) and
`reproduce` (a whole published study). `load_study` gives the studies that ship with nrd,
`load_dataset` the statistics beside them; `Attainment` is what studies and your own tables
become.
"""

from typing import Any as _Any

from ._bootstrap import Bootstrap
from ._core import versions as _versions
from ._regression import LinearFit
from ._statistics import Anova, Covariance, Statistics
from ._terms import poly
from .attainment import Attainment
from .averages import CriteriaAverages, criteria_averages
from .bootstrap import bootstrap
from .bootstrap_stream import PoissonBootstrap
from .covariances import cluster, hac, wild_cluster
from .criteria import CriteriaSet, criteria_set, read_criteria_set
from .dataset import Dataset, list_datasets, load_dataset
from .errors import (
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
from .regression import Regression, regress
from .reproduce import Reproduction, reproduce
from .resources import Reconciliation, reconcile
from .statistics import anova, covariance, mean
from .study import Study, list_studies, load_study

__version__ = _versions()["libnrd"]

# Loaded when they are first asked for, so that `import nrd` stays quick.
_LATER = {
    "AdjustedPvalues": "adjust",
    "adjust_pvalues": "adjust",
    "PermutationTest": "permutation",
    "permutation_test": "permutation",
}

__all__ = [
    "AdjustedPvalues",
    "Anova",
    "Attainment",
    "AttainmentGaps",
    "Bootstrap",
    "Covariance",
    "CriteriaAverages",
    "CriteriaSet",
    "Dataset",
    "LinearFit",
    "Moments",
    "NrdError",
    "NrdFileError",
    "NrdKeyError",
    "NrdMemoryError",
    "NrdTypeError",
    "NrdValueError",
    "PermutationTest",
    "PoissonBootstrap",
    "Reconciliation",
    "Regression",
    "Reproduction",
    "Statistics",
    "Study",
    "adjust_pvalues",
    "anova",
    "attainment_gaps",
    "bootstrap",
    "cluster",
    "covariance",
    "criteria_averages",
    "criteria_set",
    "describe",
    "hac",
    "list_datasets",
    "list_studies",
    "load_dataset",
    "load_study",
    "mean",
    "mean_interval",
    "permutation_test",
    "poly",
    "proportion_difference",
    "proportion_interval",
    "quantile",
    "read_criteria_set",
    "reconcile",
    "regress",
    "reproduce",
    "wild_cluster",
]


def __getattr__(name: str) -> _Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{_LATER[name]}", __name__), name)
