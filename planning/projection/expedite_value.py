"""Value of expediting an open order: the shortage it saves until a new order could arrive."""

from functools import partial

import numpy as np
from numpy.typing import NDArray

from distributions.distribution import Array, Distribution
from distributions.parallel import map_in_threads, row_chunks
from planning.projection.expedite_calls import ExpediteCalls
from planning.projection.scenario_levels import STEPS
from planning.projection.stock_paths import StockPaths
from planning.projection.stock_projection import CHUNK, StockProjection, at_arrival

MOST_SKUS = 1_000
"""SKUs whose orders are valued: those with the most shortage at stake. Nobody calls about more."""


def expedite_values(
    stock_paths: StockPaths,
    projection: StockProjection,
    lead_time: Distribution,
    shortage: Array,
    *,
    where: NDArray[np.bool_],
) -> Array:
    """Money saved by each open order of the stock paths, on its own, if it came tomorrow, (m,).

    b · (units short before a new order arrives − those with the order here tomorrow), both in the same scenarios:
    the difference is what expediting does, not luck.

    Parameters
    ----------
    projection : of the same stock paths
    lead_time : of an order placed now, n rows; what falls short after it can be helped by ordering
    shortage : b, array (n,), money per unit short
    where : array (n,), SKUs whose orders are valued, `MOST_SKUS` at most; NaN for the orders of others
    """
    sku = stock_paths.pipeline.sku
    values = np.full(len(sku), np.nan)
    lines = np.flatnonzero(_skus_to_value(projection.short_before(lead_time) * shortage, where)[sku])
    tomorrow = ExpediteCalls(line=lines, share=np.zeros(len(lines)), wait=np.zeros(len(lines)))
    values[lines] = shortage[sku[lines]] * units_saved(stock_paths, projection, lead_time, tomorrow)
    return values


def units_saved(
    stock_paths: StockPaths, projection: StockProjection, lead_time: Distribution, calls: ExpediteCalls
) -> Array:
    """Units (m,) that no longer fall short before a new order arrives, thanks to each expedite call (m) alone."""
    saved = np.empty(len(calls.line))
    chunks = row_chunks(np.arange(len(saved)), CHUNK)
    play = partial(_units_saved, stock_paths, projection, lead_time, calls)
    for some, units in zip(chunks, map_in_threads(play, chunks), strict=True):
        saved[some] = units
    return saved


def _skus_to_value(money: Array, where: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """SKUs (n,) whose orders get an expedite value: the `MOST_SKUS` of `where` (n,) with the most `money` at stake."""
    at_stake = np.where(where, money, np.nan)
    if (~np.isnan(at_stake)).sum() <= MOST_SKUS:
        return where
    order = np.argsort(-at_stake, kind="stable")  # NaN goes last
    return np.asarray(np.isin(np.arange(len(money)), order[:MOST_SKUS]))


def _units_saved(
    stock_paths: StockPaths,
    projection: StockProjection,
    lead_time: Distribution,
    calls: ExpediteCalls,
    some: NDArray[np.intp],
) -> Array:
    """Units (k,) that no longer fall short thanks to each of `some` expedite calls (k,)."""
    called = calls[some]
    rows = stock_paths.pipeline.sku[called.line]
    short = np.empty((len(rows), STEPS + 1))
    for k, state in enumerate(stock_paths.play(rows, stock_paths.arrivals(rows, called))):
        short[:, k] = state.short.mean(axis=1)
    fewer = projection.short[rows] - short
    return np.maximum(at_arrival(fewer, stock_paths.horizon_days[rows], lead_time[rows]), 0.0)
