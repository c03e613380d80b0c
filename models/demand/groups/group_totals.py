"""Group totals: the backtest's forecasts and demand summed over the SKUs of each group."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from features.demand.panel import Array, Panel
from models.demand.backtest.demand_backtest import DemandBacktest
from models.demand.backtest.origin_forecasts import LEAST_OBSERVED
from models.demand.groups.grouping import Grouping


@dataclass(frozen=True)
class GroupTotals:
    """Summed forecasts of G groups at O origins and the demand that followed, of periods and of running sums.

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
    def of(cls, backtest: DemandBacktest, panel: Panel, grouping: Grouping) -> Self:
        """Sum the backtest's forecasts and demand by group, stockouts completed as models learn from them.

        Sums with missing parts are scaled up by the forecast's share of them while at least 80 % of the expected
        demand was observed. SKUs that had not started by an origin do not count at it.
        """
        h = backtest.mean.shape[2]
        at = np.searchsorted(panel.ds, backtest.cutoffs) + 1
        ahead = at[:, None] + np.arange(h)[None, :]
        started = np.isfinite(panel.y).cumsum(axis=1)[:, np.maximum(at - 1, 0)].T > 0
        padded = np.pad(panel.uncensored, ((0, 0), (0, h)), constant_values=np.nan)
        uncensored = np.moveaxis(padded[:, ahead], 0, 1)
        mean = np.where(started[..., None], backtest.mean, 0.0)
        known = ~np.isnan(uncensored) & started[..., None]
        expected = grouping.sums(mean)
        seen = grouping.sums(np.where(known, mean, 0.0))
        observed = grouping.sums(np.where(known, uncensored, 0.0))
        reached = (ahead < panel.periods)[:, None, :]
        total = np.cumsum(expected, axis=2)
        return cls(
            window=backtest.window,
            mean=expected,
            cumulative_mean=total,
            y=_scaled_up(observed, seen, expected, reached),
            y_cumulative=_scaled_up(np.cumsum(observed, axis=2), np.cumsum(seen, axis=2), total, reached),
        )


def _scaled_up(observed: Array, seen: Array, expected: Array, reached: NDArray[np.bool_]) -> Array:
    """Group demand scaled up by the share of the forecast that was observed, (O, G, h); NaN where that is too small."""
    share = np.divide(seen, expected, out=np.zeros_like(seen), where=expected > 0)
    usable = (share >= LEAST_OBSERVED) & reached
    return np.where(usable, observed / np.maximum(share, LEAST_OBSERVED), np.nan)
