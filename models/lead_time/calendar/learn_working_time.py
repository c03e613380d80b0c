"""Learns working time: what weekdays and shutdowns cost, by regressing shipment delays on both.

The days by which a shipment differs from its supplier's level at that time (`shipment_delays`) are regressed on the
shutdowns ahead of it and on its weekday. Slopes are shrunk to those of all suppliers, and these to nothing, by how
far they differ beyond chance.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array
from features.orders.supplier_calendar import SupplierCalendar
from models.lead_time.calendar.shipment_delays import ShipmentDelays, shipment_delays
from models.lead_time.calendar.shutdowns_ahead import LARGEST_LOST_SHARE
from models.lead_time.calendar.working_time import WorkingTime
from models.lead_time.evidence import gain_lower_bound

_STANDARD_ERRORS = 2.0
"""Two, for the variance is tested once for many suppliers together, and what passes is shrunk besides."""
_NOTHING = 1e-12


def learn_working_time(orders: pd.DataFrame, supplier_calendar: SupplierCalendar) -> WorkingTime:
    """Working time learned from the closed `orders`, zeros where nothing differs beyond chance."""
    closed = orders[~orders["is_open"].astype(bool)]
    code, suppliers = pd.factorize(closed["supplier_id"].astype(str), sort=True)
    delays = shipment_delays(orders, code, np.asarray(suppliers), supplier_calendar)
    if delays is None:
        return WorkingTime.all_days()
    groups = len(suppliers)
    slopes = [_slopes(delays, delays.delay, x[:, None], groups) for x in delays.shutdown_days.T]
    lost_share = np.clip(np.column_stack([np.zeros((groups + 1, 0)), *slopes]), 0.0, LARGEST_LOST_SHARE)
    lost = (lost_share[delays.supplier] * delays.shutdown_days).sum(axis=1)
    is_day = (delays.weekday[:, None] == np.arange(7)).astype(float)
    wait = _slopes(delays, delays.delay - lost, is_day, groups)
    wait -= wait.min(axis=1, keepdims=True)
    return WorkingTime(pd.Index(suppliers, dtype=object), wait, delays.names, lost_share)


def _slopes(delays: ShipmentDelays, delay: Array, x: Array, groups: int) -> Array:
    """Slopes of `delay` (n,) on each of x (n, K) by supplier, (G + 1, K); the last row is that of all suppliers.

    b_sk ~ N(μ_k, τ²) and μ_k ~ N(0, ν²), with the τ² and ν² of DerSimonian and Laird (1986), less two standard
    errors of what they would be by chance: where nothing differs beyond chance, nothing is learned.
    """
    cells = delays.supplier[:, None] * x.shape[1] + np.arange(x.shape[1])
    shape = (groups, x.shape[1])
    precision = _sums(cells, delays.precision[:, None] * x**2, shape)
    sums = _sums(cells, (delays.precision * delay)[:, None] * x, shape)
    slope = np.divide(sums, precision, out=np.zeros(shape), where=precision > 0)
    between = _variance_between(slope, precision)
    weight = precision / (1 + precision * between)
    evidence = np.maximum(weight.sum(axis=0), _NOTHING)
    middle = (weight * slope).sum(axis=0) / evidence
    common_variance = _variance_around_zero(middle, weight.sum(axis=0))
    common = middle * common_variance * evidence / (1 + common_variance * evidence)
    own = common + (slope - common) * between * precision / (1 + between * precision)
    return np.vstack([own, common])


def _sums(cells: NDArray[np.int64], values: Array, shape: tuple[int, int]) -> Array:
    """Sums of `values` over shipments by supplier and weekday or shutdown: by flat cell of a table of that shape."""
    counts = np.bincount(cells.ravel(), values.ravel(), shape[0] * shape[1])
    return np.asarray(counts, float).reshape(shape)


def _variance_between(slope: Array, precision: Array) -> float:
    """τ²: variance between suppliers of the working time each weekday or shutdown costs, beyond chance.

    That of slopes (S, K) around their column's mean, less that of their errors, 1 / precision (S, K).
    """
    total = np.maximum(precision.sum(axis=0), _NOTHING)
    middle = (precision * slope).sum(axis=0) / total
    free = float(((precision > 0).sum(axis=0) - 1).clip(min=0).sum())
    surplus = _surplus(float((precision * (slope - middle) ** 2).sum()), free)
    scale = float((total - (precision**2).sum(axis=0) / total).sum())
    return float(max(surplus, 0.0) / max(scale, _NOTHING))


def _variance_around_zero(slope: Array, precision: Array) -> float:
    """ν²: variance around zero of the working time weekdays or shutdowns cost all suppliers, beyond chance.

    That of slopes (K,), less that of their errors, 1 / precision (K,).
    """
    surplus = _surplus(float((precision * slope**2).sum()), float((precision > 0).sum()))
    return float(max(surplus, 0.0) / max(float(precision.sum()), _NOTHING))


def _surplus(chi_square: float, free: float) -> float:
    """How far a χ² of working-time slopes, `free` degrees of freedom, exceeds chance: standard deviation √(2·free)."""
    return gain_lower_bound(chi_square - free, float(np.sqrt(2 * free)), k=_STANDARD_ERRORS)
