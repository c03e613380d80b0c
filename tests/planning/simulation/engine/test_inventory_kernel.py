"""The engine's compiled days against the slow and obvious simulator, and against exact answers."""

import numpy as np
import pytest
from reference_simulator import ReferenceLane, random_lane

from planning.cost.price_breaks import PriceBreaks
from planning.policy.order_size import OrderLimits, order_quantity
from planning.simulation.engine.inventory_kernel import (
    allowed_quantity,
    bracket_price,
    play_lanes,
    raised_to_break,
)

NAMES = [
    "demand",
    "missed",
    "stock_days",
    "backorder_days",
    "orders",
    "ordered",
    "spent",
    "pipeline_days",
    "wasted",
    "rejected",
    "cycles",
    "short_cycles",
]


def kernel(lane: ReferenceLane) -> dict[str, float]:
    """The lane played by the kernel."""
    lead = np.array([lane.lead_days[v * lane.review] for v in range(len(lane.lead_days))])
    facts = [
        lane.moq,
        lane.multiple,
        lane.maximum,
        lane.shelf_life or 0,
        lane.reject_share,
        1,
        0,
        0,
        not lane.lost_sales,
        lane.warm_up,
    ]
    counts = play_lanes(
        np.zeros(1, np.intp),
        np.array(lane.demand, np.float32)[None, None, :],
        lead[None, :, None].astype(np.int64),
        np.stack([lane.reorder_point, lane.order_up_to], axis=1)[None],
        np.array([facts], float),
        np.array([[[0.0, lane.price]]]),
        np.array([float(lane.opening)]),
        np.array([lane.review, len(lane.demand) - lane.warm_up, 20], np.int64),
    )
    return dict(zip(NAMES, counts[0, 0].tolist(), strict=True))


@pytest.mark.parametrize("seed", range(200))
def test_the_kernel_agrees_with_the_reference_on_random_lanes(seed: int) -> None:
    lane = random_lane(np.random.default_rng(seed))
    assert kernel(lane) == pytest.approx(lane.play())


def test_allowed_quantities_are_those_of_the_order_limits() -> None:
    rng = np.random.default_rng(1)
    for _ in range(300):
        moq, multiple, maximum = (
            rng.choice([0.0, 5.0, 100.0]),
            rng.choice([0.0, 1.0, 0.1, 30.0]),
            rng.choice([np.inf, 20.0, 150.0]),
        )
        need = float(rng.choice([0.0, 0.3, 4.0, 47.0, 149.0, 500.0]))
        limits = OrderLimits(np.array([moq]), np.array([multiple]), np.array([maximum]))
        assert allowed_quantity(need, moq, multiple, maximum) == pytest.approx(
            limits.allowed(np.array([need]))[0]
        )


def test_orders_are_raised_to_a_price_break_as_the_plan_raises_them() -> None:
    rng = np.random.default_rng(2)
    breaks = PriceBreaks.read(np.array([10.0]), ["100:9.5;500:9.1;800:9.9"])
    raised = 0
    for _ in range(200):
        quantity, yearly, holding = (
            float(rng.integers(0, 700)),
            float(rng.integers(1, 4000)),
            float(rng.uniform(0.1, 4)),
        )
        limits = OrderLimits(np.zeros(1), np.ones(1), np.array([rng.choice([np.inf, 400.0])]))
        expected = order_quantity(
            np.array([quantity]), np.array([yearly]), np.array([holding]), breaks, limits
        )[0]
        sized = limits.allowed(np.array([quantity]))[0]
        got = raised_to_break(
            sized,
            np.array([0.0, 1.0, limits.maximum[0]]),
            breaks.starts[0],
            breaks.prices[0],
            yearly,
            holding,
        )
        assert got == pytest.approx(expected)
        assert bracket_price(got, breaks.starts[0], breaks.prices[0]) == breaks.price(np.array([got]))[0]
        raised += got > sized
    assert raised > 20
