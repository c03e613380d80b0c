"""Group forecast: demand of a category, a store or all SKUs, with its quantiles, as arrays and as a table."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array
from distributions.levels import BACKTEST_LEVELS, quantile_columns


@dataclass(frozen=True)
class GroupForecast:
    """Forecasts of G groups for h periods, at the Q levels 0.05 … 0.95.

    Attributes
    ----------
    level : array (G,) of str, what the groups are made by: `all`, or the column of `items`
    group : array (G,) of str, the value that its SKUs share, "" for those without one
    skus : array (G,), number of SKUs
    starts : array (h + 1,) of datetime64[ns]: the starts of the h periods, then the end of the last
    mean, cumulative_mean : arrays (G, h), the sums of the SKUs' means
    quantiles, cumulative : arrays (G, h, Q), of periods and of the demand of the first k periods together
    """

    level: NDArray[np.object_]
    group: NDArray[np.object_]
    skus: NDArray[np.int64]
    starts: NDArray[np.datetime64]
    mean: Array
    quantiles: Array
    cumulative_mean: Array
    cumulative: Array

    @property
    def levels(self) -> list[str]:
        """The levels that groups are made by, in the order of the rows."""
        return list(dict.fromkeys(self.level.tolist()))

    def select(self, rows: NDArray[np.int64]) -> Self:
        """The group forecast of some rows."""
        return type(self)(
            level=self.level[rows],
            group=self.group[rows],
            skus=self.skus[rows],
            starts=self.starts,
            mean=self.mean[rows],
            quantiles=self.quantiles[rows],
            cumulative_mean=self.cumulative_mean[rows],
            cumulative=self.cumulative[rows],
        )

    def frame(self) -> pd.DataFrame:
        """The group forecast as a table: one row per group and period.

        Columns: level, group, skus, k (1 … h), ds and end of the period, mean, q0.05 … q0.95 and, for the sum over
        the first k periods, cumulative_mean, cumulative_q0.05 … cumulative_q0.95.
        """
        count, h = self.mean.shape
        columns = {
            "level": np.repeat(self.level, h),
            "group": np.repeat(self.group, h),
            "skus": np.repeat(self.skus, h),
            "k": np.tile(np.arange(1, h + 1), count),
            "ds": np.tile(self.starts[:-1].astype("datetime64[ns]"), count),
            "end": np.tile(self.starts[1:].astype("datetime64[ns]"), count),
        }
        for prefix, mean, quantiles in (
            ("", self.mean, self.quantiles),
            ("cumulative_", self.cumulative_mean, self.cumulative),
        ):
            columns[f"{prefix}mean"] = mean.ravel()
            columns |= {
                name: quantiles[:, :, q].ravel() for q, name in enumerate(quantile_columns(f"{prefix}q"))
            }
        return pd.DataFrame(columns)


def no_groups(starts: NDArray[np.datetime64]) -> GroupForecast:
    """Make the group forecast of no groups, for the periods that start at `starts`."""
    name, count = np.zeros(0, object), np.zeros(0, np.int64)
    mean = np.zeros((0, len(starts) - 1))
    quantiles = np.zeros((*mean.shape, len(BACKTEST_LEVELS)))
    return GroupForecast(name, name, count, starts, mean, quantiles, mean, quantiles)
