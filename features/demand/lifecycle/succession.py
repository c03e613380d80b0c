"""Successions: pairs of a replaced SKU and its successor, with share and start, as `items.replaces` gives them.

`items.replaces` names the SKU (or several, joined by `;`) that an item supersedes. Chains are followed to their end,
several old ones may end in one new one, and one old one in several: by `items.replaces_share`, or evenly.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
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
    """L pairs of a replaced SKU and its successor.

    Attributes
    ----------
    old, new : int arrays (L,), rows of the panel: replaced SKU and successor
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
        """The successions known at the start `now` of a period: those begun by then, or planned."""
        return self._select(np.flatnonzero((self.start <= now) | self.planned))

    def final(self) -> Self:
        """Successions from each replaced SKU to the ends of its chain; a chain changes when its first pair does."""
        after: dict[int, list[int]] = {}
        for pair, old in enumerate(self.old.tolist()):
            after.setdefault(old, []).append(pair)
        ends = [(pair, *end) for pair in range(len(self)) for end in self._ends(pair, after)]
        return replace(
            self._select(np.array([pair for pair, _, _ in ends], np.int64)),
            new=np.array([new for _, new, _ in ends], np.int64),
            share=np.array([share for _, _, share in ends], float),
        )

    def _select(self, pairs: Rows) -> Self:
        return type(self)(
            self.old[pairs], self.new[pairs], self.share[pairs], self.start[pairs], self.planned[pairs]
        )

    def _ends(self, pair: int, after: dict[int, list[int]]) -> Iterator[tuple[int, float]]:
        """Last successors of the chains that begin with `pair`, and the share of the demand that reaches each.

        `after` holds the pairs that go on from each replaced SKU.
        """
        new, share = int(self.new[pair]), float(self.share[pair])
        if new not in after:
            yield new, share
        for following in after.get(new, ()):
            for end, part in self._ends(following, after):
                yield end, share * part


def replaced_ids(replaces: pd.Series, known: set[str]) -> list[list[str]]:
    """Ids of the SKUs that each item is the successor of, as `items.replaces` says; a known id with a `;` is one id."""
    texts = [text if isinstance(text, str) else "" for text in replaces]
    return [[t] if t in known else [p.strip() for p in t.split(";") if p.strip()] for t in texts]


def find_successions(
    items: pd.DataFrame, unique_ids: NDArray[np.object_], y: Array, calendar: NDArray[np.datetime64]
) -> Succession | None:
    """Read the successions of `items.replaces`; None where nothing is replaced.

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
    cycle = in_cycle(old, new)
    if cycle.any():
        raise DataError(
            f"items: {unique_ids[new[cycle][0]]} replaces itself through replaces; cut the circle"
        )
    sold = np.nan_to_num(y) > 0
    first = np.where(sold.any(axis=1), sold.argmax(axis=1), y.shape[1])[new]
    both = (sold[old] & (np.arange(y.shape[1]) >= first[:, None])).sum(axis=1)
    seen = calendar[np.where(both > OVERLAP, y.shape[1], first)]
    given = pairs["start"].to_numpy("datetime64[ns]")
    planned = ~np.isnat(given)
    return Succession(old, new, _shares(pairs), np.where(planned, given, seen), planned)


def in_cycle(old: Rows, new: Rows) -> NDArray[np.bool_]:
    """Whether each pair of replaced SKU and successor is part of a cycle, shape (L,).

    Pairs at either end of a chain are taken away until none is left but those of cycles.
    """
    left = np.ones(len(old), bool)
    for side, other in ((new, old), (old, new)):
        while True:
            ends = left & ~np.isin(side, other[left])
            if not ends.any():
                break
            left &= ~ends
    return left


def _pairs(items: pd.DataFrame, unique_ids: NDArray[np.object_]) -> pd.DataFrame:
    """One row a succession: old, new, share, start; ids that are not in the panel are left out."""
    replacing = items[items["replaces"].notna()]
    frame = pd.DataFrame(
        {
            "new": pd.Index(unique_ids).get_indexer(pd.Index(replacing["unique_id"])),
            "old": replaced_ids(replacing["replaces"], set(unique_ids)),
            "share": replacing["replaces_share"].to_numpy(float),
            "start": replacing["replaces_from"].to_numpy("datetime64[ns]"),
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
    return np.asarray((filled / total).where(total > 0, even), float)
