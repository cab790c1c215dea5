"""Pictures of regressions; drawn through what `nrd.plot` shares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from . import _draw
from ._terms import INTERCEPT
from .errors import NrdKeyError, NrdValueError

if TYPE_CHECKING:
    from ._prediction import Prediction
    from ._regression import LinearFit

_ROW, _MOST = 0.25, 60


def coefficients(
    fit: LinearFit,
    ax: Any = None,
    language: str = "en",
    *,
    term: str | None = None,
    title: str | None = None,
) -> Any:
    """Draw coefficients with their intervals; see `LinearFit.plot`."""
    say = _draw.words(language)
    names, low, middle, high = _rows(fit, term)
    held = np.flatnonzero(~np.isnan(middle))
    if not held.size:
        raise NrdValueError("plot: there is no coefficient, nothing can be drawn")
    ax = _draw.axes(ax, _ROW * min(len(held), _MOST) + 1.2)
    at = np.arange(len(held))
    ax.axvline(0, color=_draw.GREY, linewidth=0.8)
    ax.hlines(at, low[held], high[held], color=_draw.DARK, linewidth=1.2)
    ax.plot(middle[held], at, "o", color=_draw.DARK, markersize=3.5)
    ax.set(ylim=(len(held) - 0.5, -0.5))
    shown = len(held) <= _MOST
    ax.set_yticks(at if shown else [], [names[i] for i in held] if shown else [])
    if title is None:
        title = f"{say('regression')}: {fit.y}" + (f", {term}" if term else "")
    ax.set_title(title, fontsize=_draw.TITLE, loc="left")
    return ax


def predictions(
    result: Prediction, ax: Any = None, language: str = "en", *, title: str | None = None
) -> Any:
    """Draw predicted values with their intervals; see `Prediction.plot`."""
    say = _draw.words(language)
    columns = {name: np.array(v, np.float64) for name, v in result.columns.items()}
    held = np.flatnonzero(~np.isnan(columns["fitted"]))
    if not held.size:
        raise NrdValueError("plot: there is no predicted value, nothing can be drawn")
    ax = _draw.axes(ax, 3.0)
    if "low" in columns:
        low, high = columns["low"][held], columns["high"][held]
        ax.vlines(held, low, high, color=_draw.DARK, linewidth=1.2)
    ax.plot(held, columns["fitted"][held], "o", color=_draw.DARK, markersize=3.5)
    y = result.provenance.options["y"]
    title = f"{say('prediction')}: {y}" if title is None else title
    ax.set_title(title, fontsize=_draw.TITLE, loc="left")
    _draw.below(ax, say("rows_in_order"), "", say)
    return ax


def _rows(fit: LinearFit, term: str | None) -> tuple:
    """Names, lower ends, coefficients and upper ends of what is drawn."""
    if fit.keys is None and term is None:
        places = [i for i, name in enumerate(fit.terms) if name != INTERCEPT]
        rows = (values[0, places] for values in (fit.low, fit.estimate, fit.high))
        return [fit.terms[i] for i in places], *rows
    if term not in fit.terms:
        raise NrdKeyError(
            f"plot: term is {term!r}, expected one of {', '.join(map(repr, fit.terms))}"
        )
    place = fit.terms.index(term)
    names = [" ".join(map(str, key)) for key in fit.keys or [(term,)]]
    rows = (values[:, place] for values in (fit.low, fit.estimate, fit.high))
    return names, *rows
