"""The demand forecast as the planning side takes it: distributions of periods and of their running sum."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from planning.distributions import Array, Distribution


@dataclass(frozen=True)
class DemandForecast:
    """Forecasts of n SKUs for h periods after `cutoff`.

    Attributes
    ----------
    unique_ids : array (n,) of str, sorted
    cutoff : start of the last period seen
    starts : array (h + 1,) of datetime64[ns]: the starts of the h periods, then the end of the last
    levels : array (Q,)
    mean : array (n, h), units per period
    quantiles : array (n, h, Q), units per period
    cumulative_mean : array (n, h), units over the first k periods
    cumulative : array (n, h, Q), quantiles of the demand of the first k periods together
    demand_class : array (n,): smooth, erratic, intermittent, lumpy, short, dead
    reason : array (n,): how the forecast came about where it needs saying ("" otherwise), for example
        new_from_category, short_history, dead, unknown_category
    """

    unique_ids: NDArray[np.object_]
    cutoff: pd.Timestamp
    starts: NDArray[np.datetime64]
    levels: Array
    mean: Array
    quantiles: Array
    cumulative_mean: Array
    cumulative: Array
    demand_class: NDArray[np.object_]
    reason: NDArray[np.object_]

    def __len__(self) -> int:
        return len(self.unique_ids)

    @property
    def horizon(self) -> int:
        """Number of periods h."""
        return int(self.mean.shape[1])

    @property
    def ends_days(self) -> Array:
        """Days from the start of the first period to the end of each, shape (h,)."""
        return np.asarray((self.starts[1:] - self.starts[0]) / np.timedelta64(1, "D"), float)

    def rows(self, unique_ids: ArrayLike) -> NDArray[np.int64]:
        """Row of each id, −1 where there is no forecast."""
        return np.asarray(pd.Index(self.unique_ids).get_indexer(pd.Index(np.asarray(unique_ids, object))))

    def select(self, rows: ArrayLike) -> Self:
        """The forecast of some rows (repeats allowed), in the order given."""
        r = np.asarray(rows)
        return type(self)(
            self.unique_ids[r], self.cutoff, self.starts, self.levels, self.mean[r], self.quantiles[r],
            self.cumulative_mean[r], self.cumulative[r], self.demand_class[r], self.reason[r],
        )  # fmt: skip

    def demand_until(self, days: ArrayLike) -> Distribution:
        """D(t): demand of the first `days` days after the cutoff's period, `days` a number or (n,).

        Between period ends the quantiles are interpolated in time (interpolating probabilities instead would
        make one and a half weeks of certain demand a gamble between one and two weeks). Beyond the horizon the
        last distribution is stretched in proportion to time, which keeps its relative spread.
        """
        ends = np.concatenate([[0.0], self.ends_days])
        t = np.broadcast_to(np.asarray(days, float), (len(self),))
        upper = np.clip(np.searchsorted(ends, t, side="left"), 1, len(ends) - 1)
        share = np.clip((t - ends[upper - 1]) / (ends[upper] - ends[upper - 1]), 0, 1)[:, None]
        at = np.arange(len(self))
        high = self.cumulative[at, upper - 1]
        low = np.where((upper > 1)[:, None], self.cumulative[at, np.maximum(upper - 2, 0)], 0.0)
        stretch = np.maximum(t / ends[-1], 1.0)[:, None]
        return Distribution(self.levels, (low + share * (high - low)) * stretch)

    def mean_until(self, days: ArrayLike) -> Array:
        """E[D(t)], shape (n,), by the same rules."""
        ends = np.concatenate([[0.0], self.ends_days])
        t = np.broadcast_to(np.asarray(days, float), (len(self),))
        means = np.column_stack([np.zeros(len(self)), self.cumulative_mean])
        upper = np.clip(np.searchsorted(ends, t, side="left"), 1, len(ends) - 1)
        share = np.clip((t - ends[upper - 1]) / (ends[upper] - ends[upper - 1]), 0, 1)
        at = np.arange(len(self))
        inside = means[at, upper - 1] + share * (means[at, upper] - means[at, upper - 1])
        return np.asarray(inside * np.maximum(t / ends[-1], 1.0))
