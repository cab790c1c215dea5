"""nrd: evaluations of Viet Nam's New Rural Development programme, recomputed and checked.

Four questions, four functions: `criteria_averages` (how far has each commune come),
`attainment_gaps` (what is missing, and where), `reconcile` (do stated totals add up) and
`reproduce` (a whole published study). `load_study` gives the studies that ship with nrd;
`Attainment` is what they and your own tables become.
"""

from ._bootstrap import Bootstrap
from ._core import versions as _versions
from ._statistics import Anova, Covariance, Statistics
from .attainment import Attainment
from .averages import CriteriaAverages, criteria_averages
from .bootstrap import bootstrap
from .bootstrap_stream import PoissonBootstrap
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
from .reproduce import Reproduction, reproduce
from .resources import Reconciliation, reconcile
from .statistics import anova, covariance, mean
from .study import Study, list_studies, load_study

__version__ = _versions()["libnrd"]

__all__ = [
    "Anova",
    "Attainment",
    "AttainmentGaps",
    "Bootstrap",
    "Covariance",
    "CriteriaAverages",
    "CriteriaSet",
    "Moments",
    "NrdError",
    "NrdFileError",
    "NrdKeyError",
    "NrdMemoryError",
    "NrdTypeError",
    "NrdValueError",
    "PoissonBootstrap",
    "Reconciliation",
    "Reproduction",
    "Statistics",
    "Study",
    "anova",
    "attainment_gaps",
    "bootstrap",
    "covariance",
    "criteria_averages",
    "criteria_set",
    "describe",
    "list_studies",
    "load_study",
    "mean",
    "mean_interval",
    "proportion_difference",
    "proportion_interval",
    "quantile",
    "read_criteria_set",
    "reconcile",
    "reproduce",
]
