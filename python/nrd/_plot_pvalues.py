"""A picture of adjusted p-values; drawn through what `nrd.plot` shares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from . import _draw
from .errors import NrdValueError

if TYPE_CHECKING:
    from .adjust import AdjustedPvalues


def pvalues(
    result: AdjustedPvalues,
    ax: Any = None,
    language: str = "en",
    *,
    title: str | None = None,
) -> Any:
    """Draw p-values and adjusted ones in their order; see `AdjustedPvalues.plot`."""
    say = _draw.words(language)
    adjusted = result.adjusted
    held = np.flatnonzero(~np.isnan(adjusted))
    if not held.size:
        raise NrdValueError("plot: there is no adjusted p-value, nothing can be drawn")
    p = np.array(result.columns["p"], np.float64)
    order = held[np.lexsort((adjusted[held], p[held]))]
    at = np.arange(1, len(order) + 1)
    ax = _draw.axes(ax, 3.0)
    ax.axhline(result.alpha, color=_draw.GREY, linewidth=0.8)
    ax.plot(at, p[order], "o", color=_draw.LIGHT, markersize=3)
    ax.plot(at, adjusted[order], "o", color=_draw.DARK, markersize=3)
    ax.set(ylim=(0, None))
    key = [("p", {"color": _draw.LIGHT}), (say("adjusted"), {"color": _draw.DARK})]
    method = result.provenance.options["method"]
    _draw.key(ax, key, f"{say('adjusted')}: {method}" if title is None else title)
    _draw.below(ax, say("tests_in_order"), "", say)
    return ax
