"""Groups of SKUs, and what their summed forecasts were worth in the rolling origins."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from features.demand.covariates import groupings
from features.demand.panel import Array, Panel
from models.demand.backtest.backtest import DemandBacktest
from models.demand.backtest.rolling_origins import OBSERVED

ALL = "all"
"""The level, and its one group, of all SKUs together; a column of that name makes no level."""

MOST = 500
"""Groups a level may have at most: more is a list of SKUs rather than a level."""


@dataclass(frozen=True)
class Grouping:
    """G groups of n SKUs, level by level.

    Attributes
    ----------
    level, group : arrays (G,) of str
    codes : one array (n,) per level: each SKU's group, counted from the level's first
    whole : bool array (G,), all demand of all its SKUs came in whole units
    """

    level: NDArray[np.object_]
    group: NDArray[np.object_]
    codes: tuple[NDArray[np.int64], ...]
    whole: NDArray[np.bool_]

    @classmethod
    def of(cls, panel: Panel) -> Self:
        """All SKUs together, then those that share a value in a column of `items` with few values."""
        columns = {
            name: codes
            for name, codes in groupings(panel).items()
            if name != ALL and codes.max(initial=0) < MOST
        }
        codes = (np.zeros(len(panel), np.int64), *columns.values())
        names = [
            [ALL],
            *(sorted(panel.static[name].astype("string").fillna("").unique()) for name in columns),
        ]
        whole = np.all(np.isnan(panel.y) | (panel.y == np.round(panel.y)), axis=1)
        broken = _summed(~whole[:, None] * 1.0, codes)[:, 0]
        return cls(
            level=np.repeat(np.array([ALL, *columns], object), [len(found) for found in names]),
            group=np.concatenate([np.array(found, object) for found in names]),
            codes=codes,
            whole=broken == 0,
        )

    def sums(self, values: Array) -> Array:
        """Sums (…, G, h) over the SKUs of (…, n, h)."""
        return _summed(values, self.codes)


def _summed(values: Array, codes: tuple[NDArray[np.int64], ...]) -> Array:
    """In the order of the SKUs, so that the same SKUs give the same bits."""
    parts = []
    for level in codes:
        order = np.argsort(level, kind="stable")
        first = np.searchsorted(level[order], np.arange(level.max(initial=0) + 1))
        parts.append(np.add.reduceat(values[..., order, :], first, axis=-2))
    return np.concatenate(parts, axis=-2)


@dataclass(frozen=True)
class GroupTotals:
    """Summed forecasts of G groups at O origins and what came, for periods and for running sums.

    Attributes
    ----------
    window : array (O,), as in `DemandBacktest`
    mean, cumulative_mean : arrays (O, G, h), of the SKUs that had a past at the origin
    y, y_cumulative : arrays (O, G, h); NaN where too little of it was observed, or it is not known yet
    """

    window: NDArray[np.int64]
    mean: Array
    cumulative_mean: Array
    y: Array
    y_cumulative: Array

    @classmethod
    def of(cls, past: DemandBacktest, panel: Panel, grouping: Grouping) -> Self:
        """Sum the backtest's forecasts and the demand that came, stockouts completed as models learn from them.

        Sums with missing parts are scaled up by the forecast's share of them while at least 80 % of the expected
        demand was observed. SKUs that had not started by an origin do not count at it.
        """
        h = past.mean.shape[2]
        at = np.searchsorted(panel.ds, past.cutoffs) + 1
        ahead = at[:, None] + np.arange(h)[None, :]
        started = np.isfinite(panel.y).cumsum(axis=1)[:, np.maximum(at - 1, 0)].T > 0
        padded = np.pad(panel.learned, ((0, 0), (0, h)), constant_values=np.nan)
        learned = np.moveaxis(padded[:, ahead], 0, 1)
        mean = np.where(started[..., None], past.mean, 0.0)
        known = ~np.isnan(learned) & started[..., None]
        expected = grouping.sums(mean)
        seen = grouping.sums(np.where(known, mean, 0.0))
        observed = grouping.sums(np.where(known, learned, 0.0))
        reached = (ahead < panel.periods)[:, None, :]
        total = np.cumsum(expected, axis=2)
        return cls(
            window=past.window,
            mean=expected,
            cumulative_mean=total,
            y=_scaled_up(observed, seen, expected, reached),
            y_cumulative=_scaled_up(np.cumsum(observed, axis=2), np.cumsum(seen, axis=2), total, reached),
        )


def _scaled_up(observed: Array, seen: Array, expected: Array, reached: NDArray[np.bool_]) -> Array:
    share = np.divide(seen, expected, out=np.zeros_like(seen), where=expected > 0)
    usable = (share >= OBSERVED) & reached
    return np.where(usable, observed / np.maximum(share, OBSERVED), np.nan)
