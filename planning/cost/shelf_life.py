"""Shelf life: units that pass it before they sell, because orders come in lots, and units that sell within it."""

import numpy as np
from numpy.typing import NDArray

from distributions.demand_forecast import DemandForecast
from distributions.distribution import Array

_SURE = 0.9


def yearly_spoilage(
    forecast: DemandForecast,
    shelf_life: Array,
    quantity: Array,
    *,
    yearly: Array,
    elapsed: float,
    rows: NDArray[np.intp],
) -> Array:
    """Units a year (n,) that pass their shelf life in orders of Q units: E[(Q − D(shelf life))⁺] · D/Q.

    An order is taken to be sold after what came before it, from the day it arrives.

    Parameters
    ----------
    shelf_life : array (n,), days; NaN: does not spoil
    quantity, yearly : arrays (n,), Q in units and D in units a year
    elapsed : days since the start of the forecast
    rows : array (n,), the forecast's row of each
    """
    result = np.zeros(len(rows))
    aging = np.flatnonzero(~np.isnan(shelf_life) & (quantity > 0) & (yearly > 0))
    if len(aging):
        days, lot = np.maximum(shelf_life[aging], 1.0), quantity[aging]
        sold = forecast.demand_until(days, elapsed=elapsed, rows=rows[aging])
        unsold = np.maximum(lot - sold.mean() + sold.expected_excess(lot), 0.0)
        result[aging] = unsold * yearly[aging] / lot
    return result


def sellable_units(
    forecast: DemandForecast,
    shelf_life: Array,
    lead_time: Array,
    *,
    elapsed: float,
    rows: NDArray[np.intp],
) -> Array:
    """Units (n,) expected to sell until an order arrives and through its shelf life after; infinite without one.

    Parameters
    ----------
    shelf_life, lead_time : arrays (n,), days; NaN in `shelf_life`: does not spoil
    """
    sold = forecast.mean_until(lead_time + np.nan_to_num(shelf_life), elapsed=elapsed, rows=rows)
    return np.where(np.isnan(shelf_life), np.inf, sold)


def surely_sold(
    forecast: DemandForecast, shelf_life: Array, *, elapsed: float, rows: NDArray[np.intp]
) -> Array:
    """Units (n,) that sell within the shelf life in nine of ten cases; infinite where nothing spoils.

    What is bought beyond them for a discount costs its whole price when it is thrown away, and saves a few per cent.

    Parameters
    ----------
    shelf_life : array (n,), days; NaN: does not spoil
    """
    result = np.full(len(rows), np.inf)
    aging = np.flatnonzero(~np.isnan(shelf_life))
    if len(aging):
        days = np.maximum(shelf_life[aging], 1.0)
        sold = forecast.demand_until(days, elapsed=elapsed, rows=rows[aging])
        result[aging] = sold.quantile(1 - _SURE)
    return result


def units_until(forecast: DemandForecast, days: Array, *, elapsed: float, rows: NDArray[np.intp]) -> Array:
    """Units (n,) that sell in the `days` (n,) until a SKU ends, as a shelf life does; infinite without an end."""
    ending = np.flatnonzero(np.isfinite(days))
    units = np.full(len(rows), np.inf)
    units[ending] = forecast.mean_until(days[ending], elapsed=elapsed, rows=rows[ending])
    return units
