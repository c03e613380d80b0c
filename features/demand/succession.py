"""Substitution: a SKU that replaces another takes over its history, and its demand from when the change begins.

`items.replaces` names the SKU (or several, joined by `;`) that an item supersedes. Chains are followed to their end,
several old ones may end in one new one, and one old one in several: by `items.replaces_share`, or evenly.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from features.contract.tables import DataError

Array = NDArray[np.float64]
Rows = NDArray[np.int64]

OVERLAP = 13
"""Periods in which both sold after which the change has not really begun: it is taken to begin now."""


@dataclass(frozen=True)
class Succession:
    """L pairs of SKUs: rows of the panel.

    Attributes
    ----------
    old, new : int arrays (L,)
    share : array (L,), part of the old one's demand that goes to the new one; sums to 1 per old one
    start : datetime64 array (L,), start of the first period of the change
    planned : bool array (L,): the start was given, and so is known in advance
    """

    old: Rows
    new: Rows
    share: Array
    start: NDArray[np.datetime64]
    planned: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.old)

    def until(self, now: np.datetime64) -> Self:
        """The pairs known to whoever stands at the start `now` of a period: those begun, or planned."""
        kept = (self.start <= now) | self.planned
        return type(self)(
            self.old[kept], self.new[kept], self.share[kept], self.start[kept], self.planned[kept]
        )

    def final(self) -> Self:
        """Pairs of each replaced SKU and the last ones of its chain; a chain changes when its first pair does."""
        after: dict[int, list[int]] = {}
        for pair, old in enumerate(self.old.tolist()):
            after.setdefault(old, []).append(pair)
        ends = [(pair, *end) for pair in range(len(self)) for end in self._ends(pair, after)]
        first = np.array([end[0] for end in ends], np.int64)
        return type(self)(
            self.old[first],
            np.array([end[1] for end in ends], np.int64),
            np.array([end[2] for end in ends], float),
            self.start[first],
            self.planned[first],
        )

    def _ends(self, pair: int, after: dict[int, list[int]]) -> Iterator[tuple[int, float]]:
        new, share = int(self.new[pair]), float(self.share[pair])
        if new not in after:
            yield new, share
        for following in after.get(new, ()):
            for end, part in self._ends(following, after):
                yield end, share * part


def named(replaces: pd.Series, known: set[str]) -> list[list[str]]:
    """Ids that each value of `items.replaces` names; an id that holds a `;` is one id."""
    texts = [text if isinstance(text, str) else "" for text in replaces]
    return [[t] if t in known else [p.strip() for p in t.split(";") if p.strip()] for t in texts]


def succession(
    items: pd.DataFrame, unique_ids: NDArray[np.object_], y: Array, calendar: NDArray[np.datetime64]
) -> Succession | None:
    """Read the pairs of `items`; None where nothing is replaced.

    A change begins on `items.replaces_from`; without it, with the first sale of the new SKU; and if that has not
    sold yet, or if both have long been selling, with the period after the last.

    Parameters
    ----------
    y : array (n, T), demand of `unique_ids`
    calendar : array (T + 1,), starts of the periods and of the one after the last

    Raises
    ------
    DataError
        When a SKU replaces itself, directly or through others; the check of the data has quarantined such rows.
    """
    if not items["replaces"].notna().any():
        return None
    pairs = _pairs(items, unique_ids)
    if not len(pairs):
        return None
    old, new = pairs["old"].to_numpy(np.int64), pairs["new"].to_numpy(np.int64)
    circle = in_circle(old, new)
    if circle.any():
        raise DataError(
            f"items: {unique_ids[new[circle][0]]} replaces itself through replaces; cut the circle"
        )
    sold = np.nan_to_num(y) > 0
    first = np.where(sold.any(axis=1), sold.argmax(axis=1), y.shape[1])[new]
    both = (sold[old] & (np.arange(y.shape[1]) >= first[:, None])).sum(axis=1)
    seen = calendar[np.where(both > OVERLAP, y.shape[1], first)]
    given = pairs["start"].to_numpy("datetime64[ns]")
    planned = ~np.isnat(given)
    return Succession(old, new, _shares(pairs), np.where(planned, given, seen), planned)


def in_circle(old: Rows, new: Rows) -> NDArray[np.bool_]:
    """Whether each pair is part of a circle, shape (L,): pairs whose new SKU is nobody's old one go first."""
    left = np.ones(len(old), bool)
    for side, other in ((new, old), (old, new)):
        while True:
            ends = left & ~np.isin(side, other[left])
            if not ends.any():
                break
            left &= ~ends
    return left


def _pairs(items: pd.DataFrame, unique_ids: NDArray[np.object_]) -> pd.DataFrame:
    """One row a pair: old, new, share, start; ids that are not in the panel are left out."""
    some = items[items["replaces"].notna()]
    frame = pd.DataFrame(
        {
            "new": pd.Index(unique_ids).get_indexer(pd.Index(some["unique_id"])),
            "old": named(some["replaces"], set(unique_ids)),
            "share": some["replaces_share"].to_numpy(float),
            "start": some["replaces_from"].to_numpy("datetime64[ns]"),
        }
    ).explode("old", ignore_index=True)
    frame["old"] = pd.Index(unique_ids).get_indexer(pd.Index(frame["old"]))
    return (
        frame[(frame["old"] >= 0) & (frame["new"] >= 0)]
        .drop_duplicates(["old", "new"])
        .reset_index(drop=True)
    )


def _shares(pairs: pd.DataFrame) -> Array:
    """Shares as given, what is left of 1 evenly among the others, and all scaled to sum to 1 per old SKU."""
    given, old = pairs["share"], pairs["old"]
    missing = given.isna()
    rest = (1 - given.fillna(0).groupby(old).transform("sum")).clip(lower=0)
    filled = given.where(~missing, rest / missing.groupby(old).transform("sum").clip(lower=1))
    total = filled.groupby(old).transform("sum")
    even = 1 / old.groupby(old).transform("size")
    return np.asarray((filled / total.where(total > 0, 1)).where(total > 0, even), float)
