"""Peers of the demand benchmark that need no model: the quantiles of a SKU's own past."""

import numpy as np

from benchmarks.demand.peers import LEVELS, QuantileForecast, empirical_quantiles, fill_gaps
from distributions.distribution import Array
from features.contract.frequency import season_length
from features.demand.panel import Panel

LEAST_OF_SEASON = 3
"""Past periods of a season's place (this month of other years) from which they are forecast by themselves."""


def own_quantiles(panel: Panel, h: int) -> QuantileForecast:
    """Quantiles of all that is known of a SKU; of running sums, those of its past sums."""
    return _of_past(fill_gaps(panel), h)


def own_last_season(panel: Panel, h: int) -> QuantileForecast:
    """Quantiles of a SKU's last season: of the year where periods are weeks or months."""
    return _of_past(fill_gaps(panel)[:, -season_length(panel.freq) :], h)


def own_seasonal(panel: Panel, h: int) -> QuantileForecast:
    """Quantiles of the same place in the season of past years and its neighbours; where those are few, of all."""
    y, season = fill_gaps(panel), season_length(panel.freq)
    mean, period = (array.copy() for array in empirical_quantiles(y, h))
    for k in range(h):
        at = np.arange(y.shape[1])
        apart = (at - (y.shape[1] + k)) % season
        near = np.minimum(apart, season - apart) <= (1 if season >= 12 else 0)
        same = y[:, near]
        rows = (~np.isnan(same)).sum(axis=1) >= LEAST_OF_SEASON
        if rows.any():
            mean[rows, k] = np.nanmean(same[rows], axis=1)
            period[rows, k] = np.nanquantile(same[rows], LEVELS, axis=1).T
    return QuantileForecast.of_periods(mean, period)


def _of_past(y: Array, h: int) -> QuantileForecast:
    """Quantiles of past periods (n, T) and of past sums of as many; where these are few, by those of periods."""
    mean, period = empirical_quantiles(y, h)
    result = QuantileForecast.of_periods(mean, period)
    cumulative = result.cumulative.copy()
    for k in range(1, min(h, y.shape[1])):
        sums = np.lib.stride_tricks.sliding_window_view(y, k + 1, axis=1).sum(axis=2)
        rows = (~np.isnan(sums)).sum(axis=1) >= 2 * (k + 1)
        if rows.any():
            cumulative[rows, k] = np.nanquantile(sums[rows], LEVELS, axis=1).T
    return QuantileForecast(mean, period, np.maximum.accumulate(cumulative, axis=1))
