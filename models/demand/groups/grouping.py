"""Grouping: which SKUs make up a group (a category, a store, all), and sums over the SKUs of each group."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from features.demand.panel import Array, Panel
from features.demand.sku_groups import group_names, groupings

ALL = "all"
"""The level, and its one group, of all SKUs together; a column of that name makes no level."""

MOST_GROUPS = 500
"""Groups a level may have at most: more is a list of SKUs rather than a level."""


@dataclass(frozen=True)
class Grouping:
    """The G groups that n SKUs make up, level by level.

    Attributes
    ----------
    level, group : arrays (G,) of str
    codes : one array (n,) per level: each SKU's group, counted from the level's first
    whole_units : bool array (G,), all demand of all its SKUs came in whole units
    """

    level: NDArray[np.object_]
    group: NDArray[np.object_]
    codes: tuple[NDArray[np.int64], ...]
    whole_units: NDArray[np.bool_]

    @classmethod
    def of(cls, panel: Panel) -> Self:
        """Group a panel's SKUs: all together, then those that share a value in a column of `items` with few values."""
        columns = {
            name: codes
            for name, codes in groupings(panel).items()
            if name != ALL and codes.max(initial=0) < MOST_GROUPS
        }
        codes = (np.zeros(len(panel), np.int64), *columns.values())
        names = [
            [ALL],
            *(sorted(group_names(panel.static[name]).unique()) for name in columns),
        ]
        whole = np.all(np.isnan(panel.y) | (panel.y == np.round(panel.y)), axis=1)
        fractional = _summed(~whole[:, None] * 1.0, codes)[:, 0]
        return cls(
            level=np.repeat(np.array([ALL, *columns], object), [len(found) for found in names]),
            group=np.concatenate([np.array(found, object) for found in names]),
            codes=codes,
            whole_units=fractional == 0,
        )

    def sums(self, values: Array) -> Array:
        """Sums (…, G, h) of `values` (…, n, h) over the SKUs of each group."""
        return _summed(values, self.codes)


def _summed(values: Array, codes: tuple[NDArray[np.int64], ...]) -> Array:
    """Sums (…, G, h) over the SKUs that a grouping's codes put together, in their order: same SKUs, same bits."""
    parts = []
    for level in codes:
        order = np.argsort(level, kind="stable")
        first = np.searchsorted(level[order], np.arange(level.max(initial=0) + 1))
        parts.append(np.add.reduceat(values[..., order, :], first, axis=-2))
    return np.concatenate(parts, axis=-2)
