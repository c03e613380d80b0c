"""Shipment delays: days by which shipments differ from their supplier's level at that time, and shutdowns they met.

A shutdown ahead is measured by what it would cost were nothing done in it, averaged over the supplier's typical lead
times from that day on, and not by how much of it the order went through: slow orders go through more.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array
from features.orders.supplier_calendar import SupplierCalendar
from models.lead_time.calendar.shutdowns_ahead import LARGEST_LOST_SHARE, ShutdownsAhead, days_since_1970
from models.lead_time.snapshots import as_of

_POINTS = 9  # of a supplier's typical lead times
_OLD_ENOUGH = 1.5
"""Times the slowest typical lead time: as old must an order be to count, or the quick ones alone would."""
_AROUND = 7  # shipments on either side, whose mean is the supplier's level at that time
_PLAIN = 0.1  # of the typical lead time: with more of shutdowns ahead a shipment says nothing of the level
_LEAST_SHIPMENTS = 8
_SPREAD_SHIPMENTS = 8.0  # that the relative spread of all suppliers counts for


@dataclass(frozen=True)
class ShipmentDelays:
    """n shipments by supplier and day, and their delays beyond the supplier's level.

    Attributes
    ----------
    supplier : (n,), 0 … S − 1
    weekday : (n,), 0 Monday
    delay : (n,), days beyond the supplier's level at that time
    shutdown_days : (n, E), days that each kind of shutdown would cost, beyond what it costs on average at that time
    precision : (n,), one over the variance of `delay`
    names : (E,), kinds of shutdown
    """

    supplier: NDArray[np.int64]
    weekday: NDArray[np.int64]
    delay: Array
    shutdown_days: Array
    precision: Array
    names: tuple[str, ...]


def shipment_delays(
    orders: pd.DataFrame, supplier: NDArray[np.int64], names: NDArray[np.object_], calendar: SupplierCalendar
) -> ShipmentDelays | None:
    """Delays of the closed shipments of `orders` beyond their supplier's level; none where no supplier has enough.

    Parameters
    ----------
    supplier : (c,), number of the supplier of each closed order in `names` (S,)
    """
    daily = _daily(supplier, orders[~orders["is_open"].astype(bool)])
    daily = daily[daily["shipments"] >= _LEAST_SHIPMENTS].reset_index(drop=True)
    if daily.empty:
        return None
    code, days = daily["code"].to_numpy(np.int64), daily["days"].to_numpy(float)
    present, own = np.unique(code, return_inverse=True)
    typical = _typical_days(own, days)
    start, today = days_since_1970(daily["ordered_at"]), float(days_since_1970(pd.Series([as_of(orders)]))[0])
    kinds, ahead = _shutdown_days(calendar, names[present], own, start, typical)
    plain = ahead.sum(axis=1) <= _PLAIN * typical[own].mean(axis=1)
    level = _level(np.column_stack([days, ahead]), own, plain)
    delay = days - level[:, 0]
    settled = np.isfinite(delay) & (start + _OLD_ENOUGH * typical[own, -1] <= today)
    variance = _variance(delay, own, plain & settled, typical.mean(axis=1))[own]
    used = settled & (variance > 0)
    return ShipmentDelays(
        supplier=code[used],
        weekday=daily["ordered_at"].dt.dayofweek.to_numpy(np.int64)[used],
        delay=delay[used],
        shutdown_days=(ahead - level[:, 1:])[used],
        precision=1 / variance[used],
        names=kinds,
    )


def _daily(code: NDArray[np.int64], closed: pd.DataFrame) -> pd.DataFrame:
    """Mean lead time by supplier and day of ordering, for lines of one day travel together; shipments of each."""
    lines = pd.DataFrame(
        {"code": code, "ordered_at": closed["ordered_at"].dt.normalize(), "days": closed["duration"]}
    )
    daily = lines.groupby(["code", "ordered_at"], sort=True)["days"].mean().reset_index()
    return daily.assign(shipments=daily.groupby("code")["days"].transform("size"))


def _shutdown_days(
    calendar: SupplierCalendar,
    names: NDArray[np.object_],
    own: NDArray[np.int64],
    start: Array,
    typical: Array,
) -> tuple[tuple[str, ...], Array]:
    """Kinds of shutdown (E,), and days (n, E) that each would cost shipments from `start` (n,) on."""
    shutdowns = calendar.shutdowns_of(list(names))
    lost = np.broadcast_to(LARGEST_LOST_SHARE, (len(own), len(shutdowns.names)))
    ahead = np.zeros(lost.shape)
    for kind in range(len(shutdowns.names)):
        spans = ShutdownsAhead.of(shutdowns.of_kind(kind), own, lost)
        extra = (spans.elapsed_days(start, typical[own]) - typical[own]).mean(axis=1)
        ahead[:, kind] = extra / LARGEST_LOST_SHARE
    return shutdowns.names, ahead


def _typical_days(own: NDArray[np.int64], days: Array) -> Array:
    """Typical lead times of each supplier's shipments, days: nine quantiles, (S, 9), rising."""
    ranked = days[np.lexsort((days, own))]
    count = np.bincount(own)
    first = np.cumsum(count) - count
    place = (np.arange(_POINTS) + 0.5) / _POINTS
    return np.asarray(ranked[first[:, None] + (place * count[:, None]).astype(int)])


def _level(values: Array, own: NDArray[np.int64], plain: NDArray[np.bool_]) -> Array:
    """Mean of `values` (n, m) over the plain ones among 15 shipments around each, else over its supplier's plain ones.

    Rows are sorted by supplier and day. NaN where a supplier has no plain one.
    """
    count = np.bincount(own)
    last = np.cumsum(count)[own]
    first = last - count[own]
    at = np.arange(len(own))
    counted = np.column_stack([np.ones(len(values)), values]) * plain[:, None]
    sums = np.concatenate([np.zeros((1, values.shape[1] + 1)), np.cumsum(counted, axis=0)])
    near = sums[np.minimum(at + _AROUND + 1, last)] - sums[np.maximum(at - _AROUND, first)]
    whole = sums[last] - sums[first]
    chosen = np.where(near[:, :1] > 0, near, whole)
    mean = np.full(values.shape, np.nan)
    np.divide(chosen[:, 1:], chosen[:, :1], out=mean, where=chosen[:, :1] > 0)
    return mean


def _variance(delay: Array, own: NDArray[np.int64], used: NDArray[np.bool_], typical: Array) -> Array:
    """Variance (S,) of each supplier's delays, shrunk to how all suppliers' vary in proportion to `typical` (S,)."""
    count = np.bincount(own[used], minlength=len(typical))
    square = np.bincount(own[used], delay[used] ** 2, len(typical))
    relative = square.sum() / max(float((count * typical**2).sum()), 1e-12)
    return np.asarray((square + _SPREAD_SHIPMENTS * relative * typical**2) / (count + _SPREAD_SHIPMENTS))
