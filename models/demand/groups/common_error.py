"""The common error: by how much the forecasts of all SKUs are too high or too low together."""

import numpy as np
from scipy.special import ndtri

from distributions.demand_forecast import DemandForecast
from distributions.distribution import Array
from distributions.levels import BACKTEST_LEVELS
from models.demand.groups.group_forecast import GroupForecast
from models.demand.groups.grouping import ALL

_LOW, _HIGH = 0.1, 0.9
_WIDTH = 2 * float(ndtri(_HIGH))
"""Standard deviations between the two levels, of a normal distribution."""


def common_error(groups: GroupForecast, forecast: DemandForecast) -> float:
    """Standard deviation, as a share of the mean, of what the forecasts of all SKUs miss alike over the horizon.

    The distribution of all demand is learned on past totals. What of its variance the SKUs would not have if each had
    luck of its own is common to them.

    Parameters
    ----------
    groups : forecast of groups of SKUs, with that of all together
    forecast : of the SKUs
    """
    total = np.flatnonzero(groups.level == ALL)
    if not len(total) or groups.cumulative_mean[total[0], -1] <= 0:
        return 0.0
    own = _spread(forecast.cumulative[:, -1], forecast.levels)
    all_together = _spread(groups.cumulative[total, -1], BACKTEST_LEVELS)
    common = float(all_together[0] ** 2 - (own**2).sum())
    return float(np.sqrt(max(common, 0.0)) / groups.cumulative_mean[total[0], -1])


def _spread(quantiles: Array, levels: Array) -> Array:
    """Standard deviations (n,) of distributions by their quantiles (n, Q), those between which 80 % lie."""
    low, high = (quantiles[:, np.searchsorted(levels, level - 1e-9)] for level in (_LOW, _HIGH))
    return np.asarray((high - low) / _WIDTH)
