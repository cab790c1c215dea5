"""Maps of the provinces; drawn by geopandas from the boundaries that ship with nrd."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import _draw
from .errors import NrdError, NrdKeyError, NrdValueError

__all__ = ["provinces"]

_HEIGHT, _WIDTH = 6.4, 6.0  # inches: with the islands far from the coast


def provinces(
    values: Mapping[str, float | None],
    ax: Any = None,
    language: str = "en",
    *,
    label: str = "",
    title: str = "",
    source: str = "",
    diverging: bool | None = None,
) -> Any:
    """Draw a number of each of the 63 provinces before July 2025.

    Needs geopandas: ``pip install nrd[map]``.

    Parameters
    ----------
    values : mapping of str to float
        By code of the province, such as "14"; a province without a number is hatched.
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default a new figure.
    language : {"en", "vi"}, optional
        Language of the words.
    label : str, optional
        What the numbers are, with their unit, beside the scale.
    title, source : str, optional
        Above, and below with that of the boundaries.
    diverging : bool, optional
        Two colours around 0; by default where there are numbers on both sides of it.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    NrdKeyError
        If a code is no province.
    NrdValueError
        If there is no number, or the language is neither.
    NrdError
        If geopandas or matplotlib is not installed.
    """
    say = _draw.words(language)
    frame, short = _boundaries()
    codes = {str(code): value for code, value in values.items()}
    for code in codes:
        if code not in set(frame["code"]):
            raise NrdKeyError(f"provinces: there is no province {code!r} before July 2025")
    frame["value"] = [_number(codes.get(code)) for code in frame["code"]]
    held = frame["value"].dropna()
    if held.empty:
        raise NrdValueError("provinces: there is no number, nothing can be drawn")
    if diverging is None:
        diverging = bool(held.min() < 0 < held.max())
    most = float(held.abs().max()) or 1.0
    scale = {"vmin": -most, "vmax": most} if diverging else {}
    ax = _draw.axes(ax, _HEIGHT, _WIDTH)
    frame.plot(
        column="value",
        ax=ax,
        cmap="RdBu_r" if diverging else "viridis",
        edgecolor="white",
        linewidth=0.3,
        legend=True,
        legend_kwds={"shrink": 0.5, "label": label},
        missing_kwds={"facecolor": "white", "edgecolor": _draw.GREY, "hatch": "////"},
        **scale,
    )
    ax.set(xticks=[], yticks=[], ylabel="")
    ax.spines[["left", "bottom"]].set_visible(False)
    ax.set_title(title, loc="left", fontsize=_draw.TITLE, fontweight="bold")
    cited = "; ".join(text for text in (source, short) if text)
    _draw.below(ax, "", cited, say)
    return ax


def _boundaries() -> tuple[Any, str]:
    """The provinces as a frame of geopandas, and whom to cite."""
    from .dataset import load_dataset

    try:
        import geopandas
    except ImportError:
        raise NrdError("a map needs geopandas: pip install nrd[map]") from None
    data = load_dataset("boundaries-provinces")
    return geopandas.read_file(data.files["provinces"]), data.short_citation


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)
