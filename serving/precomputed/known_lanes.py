"""Known lanes: lead times of every pair of supplier and SKU that was bought or is offered, and the demand over them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from distributions.distribution import Array, Distribution
from planning.policy.lead_time_demand import expected_lead_time_demand, lead_time_demand
from serving.state.lead_times import lead_time_distributions, lead_time_rows
from serving.state.served import Served

Lane = tuple[str, str | None]
"""Supplier and SKU; without a SKU all that is bought there."""


@dataclass(frozen=True)
class LaneDemand:
    """Demand over lead time and review period of the lanes that have a forecast, m of them.

    Attributes
    ----------
    place : array (n,), row of each known lane here, −1 where its SKU has no forecast
    review : review period, days
    mean, sd : array (m,), units
    demand : its distribution
    """

    place: NDArray[np.intp]
    review: float
    mean: Array
    sd: Array
    demand: Distribution


@dataclass(frozen=True)
class KnownLanes:
    """Lead times of n known lanes, as ordered on the day of the answer.

    Attributes
    ----------
    row_of : lane → its row
    source, n_orders : where the lead time of each lane is from, as the lead-time model describes it
    mean, sd : array (n,), days
    lead_time : its distribution
    demand : the demand over it
    """

    row_of: dict[Lane, int]
    source: list[str]
    n_orders: list[int]
    mean: Array
    sd: Array
    lead_time: Distribution
    demand: LaneDemand

    @classmethod
    def of(cls, served: Served) -> "KnownLanes":
        """The known lanes of what is served: bought or offered, and each supplier as a whole."""
        bought = served.lanes_bought
        suppliers = bought["supplier_id"].drop_duplicates().tolist()
        lanes: list[Lane] = list(zip(bought["supplier_id"], bought["unique_id"], strict=True))
        lanes += [(supplier, None) for supplier in suppliers]
        rows = lead_time_rows(served, [lane[0] for lane in lanes], [lane[1] for lane in lanes])
        described = served.lead_times.describe(rows)
        lead_time = lead_time_distributions(served, rows)
        return cls(
            row_of={lane: at for at, lane in enumerate(lanes)},
            source=described["source"].tolist(),
            n_orders=described["n_orders"].tolist(),
            mean=lead_time.mean(),
            sd=lead_time.std(),
            lead_time=lead_time,
            demand=_lane_demand(served, lanes, lead_time),
        )


def _lane_demand(served: Served, lanes: Sequence[Lane], lead_time: Distribution) -> LaneDemand:
    """Demand over the lead time of known lanes and the policy's review period, where their SKU has a forecast."""
    sku = np.array([-1 if lane[1] is None else served.row_of.get(lane[1], -1) for lane in lanes], np.intp)
    rows = np.flatnonzero(sku >= 0)
    place = np.full(len(lanes), -1)
    place[rows] = np.arange(len(rows))
    review, elapsed = float(served.policy.review_period_days), served.elapsed
    forecast, over = served.forecast.select(sku[rows]), lead_time[rows]
    demand = lead_time_demand(forecast, over, review=review, elapsed=elapsed)
    mean = expected_lead_time_demand(forecast, over, review=review, elapsed=elapsed)
    return LaneDemand(place, review, mean, demand.std(), demand)
