"""Crosswalks: which units went into which, with shares, chains and checks."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from ._core.crosswalk import Links
from ._crosswalk_table import read_links
from .dataset import load_dataset
from .errors import NrdKeyError, NrdValueError

__all__ = ["Crosswalk", "crosswalk"]

# Shares that people wrote down with nine decimals add up to 1.
_NEAR = 1e-9


@dataclass(frozen=True, eq=False)
class Crosswalk:
    """Units before (old) and after (new) a reform, and who went where.

    Made by `nrd.crosswalk` or `from_table`; never changed afterwards.

    Attributes
    ----------
    old, new : tuple of str
        Codes of all units before and after.
    links : tuple of (int, int)
        Places of an old and a new unit, one pair a part.
    shares : tuple of float
        Share of the old unit that each part is; NaN where nobody has published it.
    date : str or None
        Day of the reform.
    estimated : bool
        Whether the shares are assumptions: turned round, or made equal.
    cut : bool
        Whether parts of divided units were left out, by `into`.
    """

    old: tuple[str, ...]
    new: tuple[str, ...]
    links: tuple[tuple[int, int], ...]
    shares: tuple[float, ...]
    date: str | None = None
    estimated: bool = False
    cut: bool = False

    @classmethod
    def from_table(
        cls,
        data: Any,
        *,
        old: str = "old_code",
        new: str = "new_code",
        share: str | None = None,
        date: str | None = None,
    ) -> Crosswalk:
        """Read a table with one row a part.

        Parameters
        ----------
        data : data frame or mapping of columns
            Anything narwhals reads.
        old, new : str, optional
            Columns of codes.
        share : str, optional
            Column of the share of the old unit, in (0, 1]; missing where it is not known.
            Without it, a unit that is not divided has the share 1, and the others none.
        date : str, optional
            Day of the reform.

        Raises
        ------
        NrdKeyError, NrdTypeError
            If a column is not there, or shares are no numbers.
        NrdValueError
            If a code is missing, a pair occurs twice, or a share is outside (0, 1]; the
            message names the row.

        Examples
        --------
        >>> import nrd
        >>> rows = {"old_code": ["A", "B", "B"], "new_code": ["X", "X", "Y"]}
        >>> nrd.Crosswalk.from_table(rows)
        <Crosswalk: 2 units before, 2 after, 1 divided, 2 shares unknown>
        """
        return cls(*read_links(data, old, new, share), date)

    def with_shares(self, shares: str | Mapping[tuple[str, str], float]) -> Crosswalk:
        """Give the parts of divided units a share.

        Parameters
        ----------
        shares : "equal", or mapping of (old, new) to float
            Equal shares are an assumption, which results repeat. A mapping gives the parts
            it holds a share; others keep theirs.

        Raises
        ------
        NrdKeyError
            If a pair is no part.
        NrdValueError
            If a share is outside (0, 1], or those of a unit do not add up to 1.
        """
        counts = self._parts_of_old
        found = np.array(self.shares)
        if isinstance(shares, str):
            if shares != "equal":
                raise NrdValueError(f"shares is {shares!r}, expected 'equal' or a mapping")
            for part, (old, _) in enumerate(self.links):
                if counts[old] > 1:
                    found[part] = 1.0 / counts[old]
            return self._with(found, estimated=True)
        place = {
            (self.old[old], self.new[new]): part
            for part, (old, new) in enumerate(self.links)
        }
        for pair, value in shares.items():
            if pair not in place:
                raise NrdKeyError(f"shares: {pair} is no part of the crosswalk")
            if not 0 < value <= 1:
                raise NrdValueError(
                    f"shares: {pair} is {value}, expected a share in (0, 1]"
                )
            found[place[pair]] = value
        made = self._with(found)
        for code, total in made.wrong_totals().items():
            raise NrdValueError(
                f"shares: those of {code} add up to {total:.12g}, expected 1"
            )
        return made

    def part(self, old: Iterable[str]) -> Crosswalk:
        """Keep some units before, and what they went into.

        Parameters
        ----------
        old : iterable of str
            Codes of the units before.

        Raises
        ------
        NrdKeyError
            If a code is no unit before.

        Examples
        --------
        >>> import nrd
        >>> units = nrd.units("commune", within="Dien Bien", backend="pandas")
        >>> nrd.crosswalk().part(units["code"])
        <Crosswalk: 129 units before, 45 after, 0 divided, 0 shares unknown>
        """
        kept = self._places(old, self.old, "part")
        return self._keep([i for i, (before, _) in enumerate(self.links) if before in kept])

    def into(self, new: Iterable[str]) -> Crosswalk:
        """Keep some units after, with all parts of them.

        Parameters
        ----------
        new : iterable of str
            Codes of the units after. Of a unit before that was divided only the parts that
            went into these are kept.

        Raises
        ------
        NrdKeyError
            If a code is no unit after.
        """
        kept = self._places(new, self.new, "into")
        parts = [i for i, (_, after) in enumerate(self.links) if after in kept]
        return replace(self._keep(parts), cut=True)

    @staticmethod
    def _places(codes: Iterable[str], known: tuple[str, ...], where: str) -> set[int]:
        place = {code: i for i, code in enumerate(known)}
        codes = list(codes)
        for code in codes:
            if code not in place:
                raise NrdKeyError(f"{where}: unit {code!r} is not in the crosswalk")
        return {place[code] for code in codes}

    def _keep(self, parts: list[int]) -> Crosswalk:
        """Some of the links, and the units that they have."""
        olds = list(dict.fromkeys(self.links[i][0] for i in parts))
        news = list(dict.fromkeys(self.links[i][1] for i in parts))
        place = [{code: i for i, code in enumerate(codes)} for codes in (olds, news)]
        return Crosswalk(
            tuple(self.old[i] for i in olds),
            tuple(self.new[i] for i in news),
            tuple((place[0][self.links[i][0]], place[1][self.links[i][1]]) for i in parts),
            tuple(self.shares[i] for i in parts),
            self.date,
            self.estimated,
            self.cut,
        )

    def compose(self, later: Crosswalk) -> Crosswalk:
        """Put a later reform behind this one: shares multiply, unknown ones stay unknown.

        Raises
        ------
        NrdKeyError
            If a unit after this reform is not one before the later one.
        NrdValueError
            If the later reform has an earlier day.
        """
        if self.date and later.date and later.date < self.date:
            raise NrdValueError(
                f"compose: the later crosswalk is of {later.date}, expected a day after "
                f"{self.date}"
            )
        for code in self.new:
            if code not in later._place_of_old:
                raise NrdKeyError(f"compose: unit {code!r} is not in the later crosswalk")
        onward: dict[int, list[int]] = {}
        for part, (old, _) in enumerate(later.links):
            onward.setdefault(old, []).append(part)
        found: dict[tuple[int, int], list[float]] = {}
        for (old, middle), share in zip(self.links, self.shares, strict=True):
            for part in onward[later._place_of_old[self.new[middle]]]:
                link = (old, later.links[part][1])
                found.setdefault(link, []).append(share * later.shares[part])
        return Crosswalk(
            self.old,
            later.new,
            tuple(found),
            tuple(_certain(math.fsum(parts)) for parts in found.values()),
            later.date,
            self.estimated or later.estimated,
            self.cut or later.cut,
        )

    def reverse(self, weights: Mapping[str, float]) -> Crosswalk:
        """Turn it round, by the weight that each old unit had: new units into old ones.

        Parameters
        ----------
        weights : mapping of str to float
            Weight of each old unit, such as its population. A new unit is divided among
            its old ones in proportion: an estimate, which results say.

        Raises
        ------
        NrdKeyError
            If an old unit has no weight.
        NrdValueError
            If a weight is not above 0, or a share of this crosswalk is unknown.
        """
        if any(map(math.isnan, self.shares)):
            raise NrdValueError(
                "reverse: shares of divided units are unknown, expected with_shares first"
            )
        for code in self.old:
            if code not in weights:
                raise NrdKeyError(f"reverse: unit {code!r} has no weight")
            if not weights[code] > 0:
                raise NrdValueError(
                    f"reverse: the weight of {code!r} is {weights[code]}, expected more "
                    "than 0"
                )
        held = [
            weights[self.old[old]] * share
            for (old, _), share in zip(self.links, self.shares, strict=True)
        ]
        totals: dict[int, list[float]] = {}
        for (_, new), weight in zip(self.links, held, strict=True):
            totals.setdefault(new, []).append(weight)
        whole = {new: math.fsum(parts) for new, parts in totals.items()}
        shares = [
            weight / whole[new] for (_, new), weight in zip(self.links, held, strict=True)
        ]
        turned = tuple((new, old) for old, new in self.links)
        return Crosswalk(self.new, self.old, turned, tuple(shares), self.date, True)

    def plot(self, ax: Any = None, **options: Any) -> Any:
        """Draw which unit went where; dashed where a share is unknown.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Where to draw; by default a new figure.
        names : mapping of str to str, or pair of them, optional
            Names of the units before and after by code.
        language, title, source : str, optional
            As in `nrd.plot.heat_map`.

        Returns
        -------
        matplotlib.axes.Axes

        Raises
        ------
        NrdValueError
            If there are more units than can be read; see `part`.
        """
        from ._plot_mergers import flows

        return flows(self, ax=ax, **options)

    @cached_property
    def parts(self) -> Links:
        """Parts by new unit, as libnrd takes them."""
        old, new = np.array(self.links, np.int64).reshape(-1, 2).T
        order = np.argsort(new, kind="stable")
        counts = np.bincount(new, minlength=len(self.new))
        return Links(
            len(self.old),
            np.append(0, np.cumsum(counts)).astype(np.uint64),
            old[order].astype(np.uint64),
            np.array(self.shares)[order],
        )

    @cached_property
    def _place_of_old(self) -> dict[str, int]:
        return {code: place for place, code in enumerate(self.old)}

    @cached_property
    def _parts_of_old(self) -> np.ndarray:
        return np.bincount([old for old, _ in self.links], minlength=len(self.old))

    def wrong_totals(self) -> dict[str, float]:
        """Old units whose shares do not add up to 1, with their sum.

        Of units with an unknown share, or with parts left out, only a sum above 1 is wrong.
        """
        known = ~np.isnan(self.parts.share)
        old = self.parts.source.astype(np.int64)
        sums = np.bincount(old[known], self.parts.share[known], len(self.old))
        unknown = np.bincount(old[~known], minlength=len(self.old)) > 0
        least = np.where(unknown | self.cut, 0.0, 1 - _NEAR)
        wrong = np.flatnonzero((sums < least) | (sums > 1 + _NEAR))
        return {self.old[place]: float(sums[place]) for place in wrong.tolist()}

    def _with(self, shares: np.ndarray, estimated: bool = False) -> Crosswalk:
        return replace(
            self, shares=tuple(shares.tolist()), estimated=self.estimated or estimated
        )

    def __repr__(self) -> str:
        divided = int(np.count_nonzero(self._parts_of_old > 1))
        unknown = sum(map(math.isnan, self.shares))
        return (
            f"<Crosswalk: {len(self.old)} units before, {len(self.new)} after, {divided} "
            f"divided, {unknown} shares unknown>"
        )


def crosswalk(level: str = "commune") -> Crosswalk:
    """The crosswalk of the mergers of 1 July 2025, of communes or provinces.

    Parameters
    ----------
    level : {"commune", "province"}, optional
        Communes: 10,035 units into 3,316, of which 471 were divided; no share of their
        parts is published. (Five of the 3,321 units after are islands that had no commune
        before.) Provinces: 63 into 34, none divided.

    Returns
    -------
    Crosswalk

    Raises
    ------
    NrdValueError
        If there is no such level.

    Examples
    --------
    >>> import nrd
    >>> nrd.crosswalk("province")
    <Crosswalk: 63 units before, 34 after, 0 divided, 0 shares unknown>
    """
    data = load_dataset("admin-2025")
    if level == "province":
        columns = data.require("provinces").columns
        rows = {"old_code": columns["code"], "new_code": columns["code_2025"]}
    elif level == "commune":
        held = [row for row in data.require("crosswalk").rows() if row["old_code"]]
        rows = {name: [row[name] for row in held] for name in ("old_code", "new_code")}
    else:
        raise NrdValueError(f"level is {level!r}, expected 'commune' or 'province'")
    return Crosswalk.from_table(rows, date="2025-07-01")


def _certain(share: float) -> float:
    """A sum of shares of one unit; rounding does not make it more than the whole."""
    return min(share, 1.0) if share == share else share
