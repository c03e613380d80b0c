"""Order size of each lane: the economic lot within what the offer allows and what sells within its shelf life."""

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.demand_forecast import DemandForecast
from distributions.distribution import Array
from planning.cost.lane_costs import LaneCosts
from planning.cost.shelf_life import surely_sold
from planning.policy.order_size import OrderLimits, economic_order_size


def offer_limits(lanes: pd.DataFrame, whole: NDArray[np.bool_]) -> OrderLimits:
    """Limits of the lanes' order sizes, (n,): MOQ, multiple and maximum of the offers; multiple 1 in `whole` units."""
    multiple = lanes["order_multiple"].fillna(0.0).to_numpy(float)
    return OrderLimits(
        moq=lanes["moq"].fillna(0.0).to_numpy(float),
        multiple=np.where(multiple > 0, multiple, np.where(whole, 1.0, 0.0)),
        maximum=lanes["max_quantity"].fillna(np.inf).to_numpy(float),
    )


def lane_lot_limits(
    limits: OrderLimits,
    forecast: DemandForecast,
    shelf_life: Array,
    *,
    elapsed: float,
    rows: NDArray[np.intp],
) -> OrderLimits:
    """Order limits (n,) that the order size of each lane keeps to: what surely sells in the shelf life, if MOQ allows.

    A price break must not tempt anyone to buy what will spoil. NaN in `shelf_life` (days) does not bind.
    """
    sold = surely_sold(forecast, shelf_life, elapsed=elapsed, rows=rows)
    largest = np.maximum(limits.smallest, sold)
    return replace(
        limits, maximum=np.where(np.isnan(shelf_life), limits.maximum, np.minimum(limits.maximum, largest))
    )


def lane_order_size(yearly: Array, a_cycle: Array, costs: LaneCosts, limits: OrderLimits) -> Array:
    """Economic order size Q (n,) of the lanes, not below a cycle's demand; without a known holding cost just that.

    Parameters
    ----------
    yearly, a_cycle : units (n,) expected a year and in a review cycle
    limits : (n), `without_lots` for the size that would be best if the supplier had no MOQ and no multiple
    """
    known = ~np.isnan(costs.holding)
    ordering, holding = np.where(known, costs.ordering, 0.0), np.where(known, costs.holding, 1.0)
    return economic_order_size(yearly, ordering, holding, costs.prices, limits, least=a_cycle)
