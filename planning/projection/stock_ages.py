"""Ages of today's stock: first in, first out, so what lies there came with the last receipts."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.demand_forecast import DemandForecast
from distributions.distribution import Array

_RECEIPTS = 12
"""Receipts that are looked at, the last ones; stock beyond them is as old as the oldest of these."""

_UNKNOWN_LEFT = 0.5
"""Share of its shelf life that stock has left which no receipt explains."""


def stock_batches(
    unique_ids: NDArray[np.object_],
    on_hand: Array,
    shelf_life: Array,
    receipts: pd.DataFrame,
    as_of: pd.Timestamp,
) -> Array:
    """Today's stock of n SKUs by age, oldest first: array (n, A, 2) of units and of days until they perish.

    Stock is first in, first out: the last receipts, as many as it takes, are what is left. What the count has beyond
    their shelf life is taken to perish tomorrow: somebody saw it today.

    Parameters
    ----------
    on_hand : array (n,), units; NaN counts as none
    shelf_life : array (n,), days; NaN: keeps
    receipts : purchase orders with unique_id, received_at, quantity_received and perhaps quantity_rejected
    """
    units, age = stock_by_age(unique_ids, on_hand, receipts, as_of, wanted=~np.isnan(shelf_life))
    age = np.where(np.isnan(age), (1 - _UNKNOWN_LEFT) * np.nan_to_num(shelf_life)[:, None], age)
    days_left = np.maximum(np.where(np.isnan(shelf_life), np.inf, shelf_life)[:, None] - age, 1.0)
    order = np.argsort(days_left, axis=1, kind="stable")
    result = np.stack([np.take_along_axis(units, order, 1), np.take_along_axis(days_left, order, 1)], axis=2)
    return np.asarray(result if len(unique_ids) else np.zeros((0, 1, 2)))


def stock_by_age(
    unique_ids: NDArray[np.object_],
    on_hand: Array,
    receipts: pd.DataFrame,
    as_of: pd.Timestamp,
    *,
    wanted: NDArray[np.bool_],
) -> tuple[Array, Array]:
    """Units of today's stock of n SKUs and their ages in days, (n, A) each, the newest first; first in, first out.

    The last of the A is what the looked-at receipts do not explain: as old as the oldest of them, and of age NaN where
    there is none. That is all of the stock of SKUs not `wanted` (n,).
    """
    units, age = _last_receipts(unique_ids, wanted, receipts, as_of)
    stock = np.nan_to_num(on_hand)
    newer = np.cumsum(units, axis=1) - units
    left = np.clip(stock[:, None] - newer, 0.0, units)
    rest = stock - left.sum(axis=1)
    oldest = np.where((units > 0).any(axis=1), age.max(axis=1, initial=0.0), np.nan)
    return np.concatenate([left, rest[:, None]], axis=1), np.concatenate([age, oldest[:, None]], axis=1)


def expected_outdating(batches: Array, forecast: DemandForecast, interval: Array, *, elapsed: float) -> Array:
    """Units of today's stock (n,) that are expected to perish within the next `interval` days (n,), unsold.

    First in, first out: of a batch and those before it, what is not expected to sell by its end perishes. An inventory
    position without these orders in time (Broekmeulen and van Donselaar 2009).

    Parameters
    ----------
    batches : array (n, A, 2), as `stock_batches` has it
    elapsed : days between the start of the forecast's first period and now
    """
    units, days = batches[..., 0], batches[..., 1]
    soon = days <= interval[:, None]
    ends = np.where(soon, days, 1.0)
    sold = forecast.mean_until(ends, elapsed=elapsed)
    unsold = np.where(soon, np.cumsum(units, axis=1) - sold, 0.0)
    return np.asarray(np.maximum(unsold.max(axis=1, initial=0.0), 0.0))


def _last_receipts(
    unique_ids: NDArray[np.object_], wanted: NDArray[np.bool_], receipts: pd.DataFrame, as_of: pd.Timestamp
) -> tuple[Array, Array]:
    """Units and age in days of the last receipts of SKUs `wanted` (n,), the newest first, (n, `_RECEIPTS`) each."""
    n = len(unique_ids)
    units, age = np.zeros((n, _RECEIPTS)), np.zeros((n, _RECEIPTS))
    if not {"received_at", "quantity_received"} <= set(receipts.columns):
        return units, age
    row = pd.Index(unique_ids[wanted]).get_indexer(receipts["unique_id"])
    came = receipts["received_at"].notna() & (receipts["received_at"] <= as_of) & (row >= 0)
    some = receipts[came.to_numpy(bool)]
    if some.empty:
        return units, age
    rejected = some["quantity_rejected"].fillna(0.0) if "quantity_rejected" in some else 0.0
    good = (some["quantity_received"].fillna(0.0) - rejected).clip(lower=0.0)
    sku = pd.Index(unique_ids).get_indexer(some["unique_id"])
    days = ((as_of - some["received_at"]) / pd.Timedelta(days=1)).to_numpy(float)
    order = np.lexsort((days, sku))
    number = np.arange(len(sku)) - np.searchsorted(sku[order], sku[order])
    kept = number < _RECEIPTS
    place = sku[order][kept], number[kept]
    units[place], age[place] = good.to_numpy(float)[order][kept], np.floor(days[order][kept])
    return units, age
