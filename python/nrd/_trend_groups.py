"""Groups of areas as wholes: whether the areas of a province have a common trend."""

from __future__ import annotations

import numpy as np

from ._core.trend import Segments
from ._late import or_none
from ._series import Series

# Names of what is said of a group, beside its keys and the standard.
COLUMNS = ("areas", "years", "slope_points", "slope", "p_regional", "p_joint", "exact")


def of_groups(series: Series, n_resamples: int, seed: int, threads: int) -> dict[str, list]:
    """Columns with one row a group and standard.

    ``areas`` with two years or more, ``years`` (different ones), ``slope_points`` (or
    ``slope`` of numbers: the median over all pairs of years of one area), ``s`` and its
    variance summed over the areas, ``p_regional``, ``p_joint``, and ``exact``: whether the
    latter looked at all orders of the years.
    """
    codes = series.group[series.area] * len(series.standards) + series.standard
    distinct, group = np.unique(codes, return_inverse=True)
    segments = Segments(series.offset, series.time, series.value)
    found = segments.regional(
        group, len(distinct), n_resamples, seed, threads, "poverty_trends"
    )
    first = {int(series.group[i]): key for i, key in reversed(list(enumerate(series.keys)))}
    keys = [first[code // len(series.standards)] for code in distinct.tolist()]
    out = {name: [key[i] for key in keys] for i, name in enumerate(series.by)}
    if series.standards != [None]:
        places = (distinct % len(series.standards)).tolist()
        out["standard"] = [series.standards[place] for place in places]
    told = found["times"] > 2
    slope = "slope" if series.rate == "number" else "slope_points"
    return {
        **out,
        "areas": found["series"].tolist(),
        "years": found["times"].tolist(),
        slope: or_none(np.where(told, found["slope"], np.nan)),
        "s": found["s"].tolist(),
        "variance": found["variance"].tolist(),
        "p_regional": or_none(np.where(told, found["p"], np.nan)),
        "p_joint": or_none(np.where(told, found["p_joint"], np.nan)),
        "exact": (found["exact"] == 1).tolist(),
    }
