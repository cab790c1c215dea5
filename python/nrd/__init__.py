"""nrd: evaluations of Viet Nam's New Rural Development programme, recomputed and checked.

Four questions, four functions: `criteria_averages` (how far has each commune come),
`attainment_gaps` (what is missing, and where), `reconcile` (do stated totals add up) and
`reproduce` (a whole published study). `load_study` gives the studies that ship with nrd;
`Attainment` is what they and your own tables become.
"""

from ._core import versions as _versions
from ._regression import LinearFit
from ._statistics import Anova, Covariance, Statistics
from ._terms import poly
from .attainment import Attainment
from .averages import CriteriaAverages, criteria_averages
from .covariances import cluster, hac, wild_cluster
from .criteria import CriteriaSet, criteria_set, read_criteria_set
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

__all__ = [
    "Anova",
    "Attainment",
    "AttainmentGaps",
    "Covariance",
    "CriteriaAverages",
    "CriteriaSet",
    "LinearFit",
    "Moments",
    "NrdError",
    "NrdFileError",
    "NrdKeyError",
    "NrdMemoryError",
    "NrdTypeError",
    "NrdValueError",
    "Reconciliation",
    "Regression",
    "Reproduction",
    "Statistics",
    "Study",
    "anova",
    "attainment_gaps",
    "cluster",
    "covariance",
    "criteria_averages",
    "criteria_set",
    "describe",
    "hac",
    "list_studies",
    "load_study",
    "mean",
    "mean_interval",
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
