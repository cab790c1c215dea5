"""What regressions predict for the rows of a table."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ._columns import Numbers, read_numbers
from ._core.regression import infer
from ._core.regression import predict as fitted_values
from ._labels import label
from ._late import or_none
from ._regression import LinearFit
from ._result import Columns, Result, plain, records
from .errors import NrdKeyError, NrdValueError

_INTERVALS = (None, "mean", "prediction")


@dataclass(frozen=True, eq=False, repr=False)
class Prediction(Result):
    """Predicted values, one for each row that was asked for.

    Attributes
    ----------
    columns : dict of columns
        ``fitted``, and with an interval ``se`` (of the mean or of a new value), ``low`` and
        ``high``; None where a value was missing.
    """

    columns: Columns

    @property
    def table(self) -> Any:
        """One row each, in the kind of frame of the rows."""
        return self.kind.build(self.columns)

    def plot(
        self, ax: Any = None, language: str = "en", *, title: str | None = None
    ) -> Any:
        """Draw the predicted values of the rows in their order, with their intervals.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Where to draw; by default a new figure.
        language : {"en", "vi"}, optional
            Language of the words.
        title : str, optional
            Another title; "" for none.

        Returns
        -------
        matplotlib.axes.Axes

        Raises
        ------
        NrdError
            If matplotlib is not installed, or the language is none of those there.
        """
        from ._plot_fit import predictions

        return predictions(self, ax, language, title=title)

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain Python values; the table as a list of rows."""
        return {"provenance": plain(self.provenance), "table": records(self.columns)}

    def report(self, language: str = "en") -> list:
        """Return the titled table that `summary` shows."""
        from ._display import Section

        rows = list(zip(*self.columns.values(), strict=True))
        title = label("prediction", language)
        return [Section(title, list(self.columns), rows, self.provenance.method)]


def predict(fit: LinearFit, frame: Any, interval: str | None, level: float) -> Prediction:
    """Predict y at the rows of a table; see `LinearFit.predict`."""
    if interval not in _INTERVALS:
        raise NrdValueError(
            f"predict: interval is {interval!r}, expected 'mean' or 'prediction'"
        )
    if fit.provenance.options["effects"] is not None:
        raise NrdValueError("predict: effects of units are not estimated, expected none")
    names = fit._terms.columns[1:]
    found = read_numbers(frame, "predict", columns=names, by=fit.by)
    group = _groups(fit, found)
    values, leverage = fitted_values(
        fit._solved,
        fit._terms.model,
        found.columns,
        group,
        fit.provenance.options["decimals"],
        leverages=interval is not None,
    )
    columns = {"fitted": or_none(values)}
    if interval is not None:
        variance = _variance(fit, found, group, leverage, interval)
        se, df = np.sqrt(variance), fit.test_df[group].min(axis=1)
        _, _, low, high = infer(values, np.where(df > 0, se, np.nan), df, level, p=False)
        columns |= {"se": or_none(se), "low": or_none(low), "high": or_none(high)}
    used = int(np.count_nonzero(~np.isnan(values)))
    options = {**fit.provenance.options, "interval": interval, "level": level}
    made = replace(fit.provenance, options=options, used=used, dropped=found.rows - used)
    return Prediction(made, found.kind, columns)


def _groups(fit: LinearFit, found: Numbers) -> np.ndarray:
    """Place of the regression of each row; -1 where its group is missing."""
    if found.keys is None:
        return np.zeros(found.rows, np.int64)
    places = {key: place for place, key in enumerate(fit.keys)}
    codes = found.group.astype(np.int64) - found.first_group
    keys = list(found.keys)
    for code in np.unique(codes[codes >= 0]).tolist():
        if keys[code] not in places:
            row = int(np.argmax(codes == code))
            raise NrdKeyError(
                f"predict, row {row}: the group {', '.join(map(str, keys[code]))} was not "
                "in the fit",
                row=row,
            )
    lookup = np.array([places.get(key, -1) for key in keys] + [-1], np.int64)
    return lookup[np.where(codes < 0, len(keys), codes)]


def _variance(
    fit: LinearFit, found: Numbers, group: np.ndarray, leverage: np.ndarray, interval: str
) -> np.ndarray:
    """Variance of the mean at each row, or of a new value there."""
    noise = fit.sigma[group] ** 2
    if fit.provenance.options["cov"] == "classical":
        mean = noise * leverage
    else:
        rows = np.column_stack(_design(fit, found))
        mean = np.einsum("ri,rij,rj->r", rows, fit.covariance[group], rows)
        mean[np.isnan(leverage)] = np.nan
    return mean + noise if interval == "prediction" else mean


def _design(fit: LinearFit, found: Numbers) -> list[np.ndarray]:
    """Columns of the design, in doubles."""
    model = fit._terms.model
    ones = [np.ones(found.rows)] if model.intercept else []
    return ones + [found.columns[column - 1] ** power for column, power in model.terms]
