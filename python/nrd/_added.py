"""What covariates and units leave of columns: the points of pictures.

In doubles, and for pictures alone: coefficients come from exact sums.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


class Held:
    """Columns that are held, beside the mean of all rows or those of units.

    Parameters
    ----------
    columns : sequence of ndarray, shape (n,)
        The columns.
    code : ndarray of int or None
        Number of the unit of each row, where the means are those of units.
    n : int
        Number of rows.

    Attributes
    ----------
    basis : ndarray, shape (n, columns)
        Unit vectors that span what they add to the means.
    code : ndarray or None
        As given.
    """

    def __init__(self, columns: Sequence[np.ndarray], code: np.ndarray | None, n: int):
        self.code = code
        left = np.empty((n, len(columns)))
        for k, values in enumerate(columns):
            own = self._centred(values)
            left[:, k] = own / (np.linalg.norm(own) or 1.0)
        self.basis = np.linalg.qr(left)[0] if columns else left

    def _centred(self, values: np.ndarray) -> np.ndarray:
        return values - (np.mean(values) if self.code is None else self.means(values))

    def means(self, values: np.ndarray) -> np.ndarray:
        """The mean of the unit of each row."""
        rows = np.bincount(self.code)
        return (np.bincount(self.code, values) / np.maximum(rows, 1))[self.code]

    def left(self, values: np.ndarray) -> np.ndarray:
        """Residuals of a column on what is held."""
        own = self._centred(values)
        return own - self.basis @ (self.basis.T @ own)
