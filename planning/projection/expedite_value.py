"""What it is worth to hurry an open order: the shortage it saves until a new order could arrive."""

from functools import partial

import numpy as np
from numpy.typing import NDArray

from distributions.distribution import Array, Distribution
from distributions.parallel import chunks_of, side_by_side
from planning.projection.arrival_scenarios import STEPS
from planning.projection.projection import CHUNK, Projection, at_arrival
from planning.projection.stock_paths import ExpediteCalls, StockPaths

MOST_SKUS = 1_000
"""SKUs whose orders are looked at: those with the most shortage at stake. Nobody calls about more."""


def expedite_values(
    stock_paths: StockPaths,
    projection: Projection,
    lead_time: Distribution,
    shortage: Array,
    *,
    where: NDArray[np.bool_],
) -> Array:
    """Money saved by each open order of the stock_paths, on its own, if it came tomorrow, (m,).

    b · (units short before a new order arrives − those with the order here tomorrow), both in the same scenarios:
    the difference is what hurrying does, not luck.

    Parameters
    ----------
    projection : of the same stock_paths
    lead_time : of an order placed now, n rows; what falls short after it can be helped by ordering
    shortage : b, array (n,), money per unit short
    where : array (n,), SKUs whose orders are looked at, `MOST_SKUS` at most; NaN for the orders of others
    """
    values = np.full(len(stock_paths.pipeline), np.nan)
    lines = np.flatnonzero(
        _matters(projection.short_before(lead_time) * shortage, where)[stock_paths.pipeline.sku]
    )
    tomorrow = ExpediteCalls(lines, np.zeros(len(lines)), np.zeros(len(lines)))
    values[lines] = shortage[stock_paths.pipeline.sku[lines]] * units_saved(
        stock_paths, projection, lead_time, tomorrow
    )
    return values


def units_saved(
    stock_paths: StockPaths, projection: Projection, lead_time: Distribution, hurry: ExpediteCalls
) -> Array:
    """Units (m,) that no longer fall short before a new order arrives, thanks to each call of `hurry` (m) alone."""
    saved = np.empty(len(hurry.line))
    chunks = chunks_of(np.arange(len(saved)), CHUNK)
    play = partial(_saved, stock_paths, projection, lead_time, hurry)
    for some, units in zip(chunks, side_by_side(play, chunks), strict=True):
        saved[some] = units
    return saved


def _matters(money: Array, where: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The `MOST_SKUS` of `where` with the most `money` (n,) at stake."""
    at_stake = np.where(where, money, np.nan)
    if (~np.isnan(at_stake)).sum() <= MOST_SKUS:
        return where
    order = np.argsort(-at_stake, kind="stable")  # NaN goes last
    return np.asarray(np.isin(np.arange(len(money)), order[:MOST_SKUS]))


def _saved(
    stock_paths: StockPaths,
    projection: Projection,
    lead_time: Distribution,
    hurry: ExpediteCalls,
    some: NDArray[np.intp],
) -> Array:
    """Units (k,) that no longer fall short thanks to each of `some` calls (k,)."""
    calls = hurry[some]
    rows = stock_paths.pipeline.sku[calls.line]
    short = np.empty((len(rows), STEPS + 1))
    for k, now in enumerate(stock_paths.walk(rows, stock_paths.arrivals(rows, calls))):
        short[:, k] = now.short.mean(axis=1)
    fewer = projection.short[rows] - short
    return np.maximum(at_arrival(fewer, stock_paths.reach[rows], lead_time[rows]), 0.0)
