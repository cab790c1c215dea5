"""Pictures of replicates and arrangements; drawn through what `nrd.plot` shares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from . import _draw
from ._display import number
from .errors import NrdValueError
from .plot import _BAND, _MET

if TYPE_CHECKING:
    from ._bootstrap import Bootstrap
    from ._permutation import PermutationTest

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
    say = _draw.words(language)
    words = f"{say('interval')} {number(100 * result.provenance.options['level'])} %"
    key = [(say("replicates"), _MET), (words, _BAND)]
    ax = _histogram(result.distribution, result.estimate, [(result.low, result.high)], ax)
    _draw.key(ax, key, say("bootstrap") if title is None else title)
    _draw.below(ax, ", ".join(result.columns["column"]), source, say)
    return ax


def arrangements(
    result: PermutationTest,
    ax: Any = None,
    language: str = "en",
    *,
    title: str | None = None,
    source: str = "",
) -> Any:
    """Draw how often each value came, that of the data, and what is as extreme.

    Parameters
    ----------
    result : PermutationTest
        With one outcome.
    ax, language, title, source
        As in `nrd.plot.heat_map`, like what is returned and raised.
    """
    say = _draw.words(language)
    estimate, values = result.estimate, result.distribution
    if values is None:
        raise NrdValueError("arrangements: the distribution was not kept")
    key = [(say("arrangements"), _MET), (say("extreme"), _BAND)]
    ax = _histogram(values, estimate, _extreme(result), ax)
    _draw.key(ax, key, say("permutation") if title is None else title)
    _draw.below(ax, ", ".join(result.columns["column"]), source, say)
    return ax


def _extreme(result: PermutationTest) -> list[tuple[float, float]]:
    """Where values are as extreme as the data, on the side that decides."""
    estimate, values = result.estimate, result.distribution
    above, below = (estimate, np.inf), (-np.inf, estimate)
    alternative = result.provenance.options["alternative"]
    if alternative == "two-sided":
        greater = np.count_nonzero(values >= estimate) <= np.count_nonzero(
            values <= estimate
        )
        return [above if greater else below]
    if alternative == "absolute":
        other = 2 * float(np.mean(values)) - estimate
        return [(max(estimate, other), np.inf), (-np.inf, min(estimate, other))]
    return [above if alternative == "greater" else below]


def _histogram(
    values: np.ndarray, estimate: float, bands: list[tuple[float, float]], ax: Any
) -> Any:
    """Bars of the values, a line at the estimate, and bands."""
    values = values[np.isfinite(values)]
    if not len(values):
        raise NrdValueError("distribution: no replicate is a number, nothing can be drawn")
    ax = _draw.axes(ax, 2.6)
    ax.hist(values, bins=min(_BINS, max(1, len(np.unique(values)))), lw=0.4, **_MET)
    ax.axvline(estimate, color="white", lw=3)
    ax.axvline(estimate, color=_draw.DARK, lw=1, ls="--")
    left, right = ax.get_xlim()
    for low, high in bands:
        ax.axvspan(max(low, left), min(high, right), zorder=2, **_BAND)
    ax.set_xlim(left, right)
    return ax
