"""The picture of replicates; it draws through what `nrd.plot` shares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ._display import number
from .errors import NrdValueError
from .plot import _BAND, _DARK, _MET, _axes, _below, _key, _words

if TYPE_CHECKING:
    from ._bootstrap import Bootstrap

_BINS = 50


def distribution(
    result: Bootstrap,
    ax: Any = None,
    language: str = "en",
    *,
    title: str | None = None,
    source: str = "",
) -> Any:
    """Draw how often each value came, the estimate and its interval.

    Parameters
    ----------
    result : Bootstrap
        With one statistic.
    ax, language, title, source
        As in `nrd.plot.heat_map`, like what is returned and raised.
    """
    say = _words(language)
    estimate, ends = result.estimate, (result.low, result.high)
    values = result.distribution[np.isfinite(result.distribution)]
    if not len(values):
        raise NrdValueError("distribution: no replicate is a number, nothing can be drawn")
    ax = _axes(ax, 2.6)
    ax.hist(values, bins=min(_BINS, max(1, len(np.unique(values)))), lw=0.4, **_MET)
    left, right = ax.get_xlim()
    low, high = max(ends[0], left), min(ends[1], right)
    ax.axvspan(low, high, zorder=2, **_BAND)
    ax.axvline(estimate, color="white", lw=3)
    ax.axvline(estimate, color=_DARK, lw=1, ls="--")
    ax.set_xlim(left, right)
    words = f"{say('interval')} {number(100 * result.provenance.options['level'])} %"
    key = [(say("replicates"), _MET), (words, _BAND)]
    _key(ax, key, say("bootstrap") if title is None else title)
    _below(ax, ", ".join(result.columns["column"]), source, say)
    return ax
