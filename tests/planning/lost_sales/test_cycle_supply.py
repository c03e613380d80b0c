"""Supply within a cycle: what is on hand and what open orders bring by each time, also those that come in parts."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from distributions.distribution import Distribution
from planning.lost_sales.cycle_shortfall import cycle_supply
from planning.lost_sales.cycle_times import CycleTimes
from planning.projection.open_orders import make_pipeline
from planning.projection.stock_status import StockStatus
from planning.protocols import FirstParts


def stock(parts: FirstParts | None) -> StockStatus:
    """A SKU with 7 on hand and an order of 100 that comes on day 20, and one with 3 and nothing on order."""
    orders = pd.DataFrame({"quantity_open": [100.0], "age": [0.0]})
    pipeline = make_pipeline(orders, np.zeros(1, int), lambda rows: Distribution.certain([20.0]))
    return StockStatus(np.array([7.0, 3.0]), np.zeros(2), replace(pipeline, parts=parts), np.zeros((2, 0, 2)))


@pytest.mark.parametrize(
    ("parts", "units"),
    [
        (None, [7, 7, 107, 107]),
        (FirstParts(np.array([0.5]), np.array([0.8]), np.array([0.5])), [7, 47, 107, 107]),
    ],
)
def test_a_first_part_is_there_by_its_own_time_and_the_rest_by_the_last(
    parts: FirstParts | None, units: list[float]
) -> None:
    days = np.tile([5.0, 15.0, 25.0, 40.0], (2, 1))
    times = CycleTimes(days, np.zeros((2, 1), np.int64), np.full((2, 1), 3))
    supply = cycle_supply(stock(parts), np.arange(2), times)
    assert supply[0].mean(axis=1) == pytest.approx(units)
    assert supply[1].mean(axis=1) == pytest.approx([3] * 4)
