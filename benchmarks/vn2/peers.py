"""Peers of the VN2 game, what others would order: the organisers' rule and the textbook's safety stock.

Both see demand (n, t) up to the week of ordering, NaN where out of stock, and the ISO week numbers of the
calendar, which runs on beyond t.
"""

import warnings

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from benchmarks.vn2.game import GameHistory, GameStock, OrderRule
from features.demand.panel import Array

WINDOW = 13
COVER = 4
PROTECTION = 3
"""Weeks from ordering to the next order's arrival: two of lead time, one of review."""
CRITICAL_RATIO = 1.0 / 1.2
_LEAST_FACTOR = 0.05


def seasonal_factors(demand: Array, week_of_year: NDArray[np.int64]) -> Array:
    """Seasonal factor in the peers' forecast of each ISO week 0 … 53, (54,), shared by all series, on average one.

    A week's demand over what the same (in-stock) series sell on average, averaged over the years seen. A week not
    seen yet has factor one. Factors per product or department were tried: they make the rule 3 to 10 % dearer.
    """
    mean = _mean(demand, axis=1)
    expected = np.where(np.isnan(demand), 0.0, mean[:, None])
    ratio = np.nansum(demand, axis=0) / np.maximum(expected.sum(axis=0), 1e-9)
    seen = week_of_year[: demand.shape[1]]
    count = np.bincount(seen, minlength=54)
    factor = np.bincount(seen, ratio, minlength=54) / np.maximum(count, 1)
    factor = np.where(count > 0, factor, 1.0)
    if not count[53]:
        factor[53] = factor[52]
    return np.asarray(np.maximum(factor / factor[1:53].mean(), _LEAST_FACTOR))


def seasonal_moving_average(demand: Array, week_of_year: NDArray[np.int64], weeks: int) -> Array:
    """Forecast of both peers (n, weeks): 13-week moving average of de-seasonalised demand, the season put back."""
    t = demand.shape[1]
    factor = seasonal_factors(demand, week_of_year)
    level = _mean(demand[:, -WINDOW:] / factor[week_of_year[t - WINDOW : t]], axis=1)
    level = np.where(np.isnan(level), np.nan_to_num(_mean(demand, axis=1)), level)
    return np.asarray(level[:, None] * factor[week_of_year[t : t + weeks]])


def organisers_order_up_to(demand: Array, week_of_year: NDArray[np.int64]) -> Array:
    """Order-up-to level of the organisers' peer, its forecast of the next four weeks together, shape (n,)."""
    return np.asarray(seasonal_moving_average(demand, week_of_year, COVER).sum(axis=1))


def textbook_order_up_to(demand: Array, week_of_year: NDArray[np.int64]) -> Array:
    """Order-up-to level of the textbook peer: the same forecast over the protection interval plus z·σ·√(L+R), (n,).

    z belongs to the critical ratio 1/(1 + 0.2); σ is the standard deviation of a year of weekly demand.
    """
    forecast = seasonal_moving_average(demand, week_of_year, PROTECTION).sum(axis=1)
    spread = np.sqrt(np.nan_to_num(_mean((demand[:, -52:] - _mean(demand[:, -52:], 1)[:, None]) ** 2, 1)))
    return np.asarray(forecast + ndtri(CRITICAL_RATIO) * spread * np.sqrt(PROTECTION))


def organisers_rule(history: GameHistory) -> OrderRule:
    """Order rule of the peer that the VN2 game's organisers gave: up to four weeks of forecast."""
    return lambda seen, stock: (
        organisers_order_up_to(history.demand[:, :seen], history.week_of_year) - stock.position
    )


def textbook_rule(history: GameHistory) -> OrderRule:
    """Order rule of the textbook peer in the VN2 game: up to forecast + z·σ·√(L+R)."""
    return lambda seen, stock: (
        textbook_order_up_to(history.demand[:, :seen], history.week_of_year) - stock.position
    )


def no_orders(_seen: int, stock: GameStock) -> Array:
    """Order rule of a peer that orders nothing in the VN2 game, for scale."""
    return np.zeros_like(stock.on_hand)


def _mean(values: Array, axis: int) -> Array:
    with warnings.catch_warnings():  # a series without any known week: NaN, dealt with by the caller
        warnings.simplefilter("ignore", RuntimeWarning)
        return np.asarray(np.nanmean(values, axis=axis))
