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
from planning.simulation.engine.opening_state import OpeningState

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
    "first_day",
    "left",
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
        np.inf,
        lane.interval,
    ]
    counts, _, lows, spent_at = play_lanes(
        np.zeros(1, np.intp),
        np.array(lane.demand, np.float32)[None, None, :],
        lead[None, :, None].astype(np.int16),
        np.stack([lane.reorder_point, lane.order_up_to, [lane.a_day] * len(lead)], axis=1)[None],
        np.array([facts], float),
        np.array([[[0.0, lane.price]]]),
        opening(lane).arrays(np.array([0]), len(lead)),
        np.array([lane.review, len(lane.demand) - lane.warm_up, 20, len(lead) + 1, len(lead)], np.int64),
    )
    played = dict(zip(NAMES, counts[0, 0].tolist(), strict=True))
    del played["first_day"]
    counted = np.arange(len(lead)) * lane.review >= lane.warm_up
    assert spent_at[0, 0][counted].sum() == pytest.approx(played["spent"], rel=1e-5)
    lowest = lows[0, 0][~np.isnan(lows[0, 0])]
    assert len(lowest) == min(played["cycles"], len(lead) + 1)
    if len(lowest) == played["cycles"] and not lane.owed:
        assert (lowest < 0).sum() == played["short_cycles"]
    return played


def opening(lane: ReferenceLane) -> OpeningState:
    """What the lane begins with."""
    keeps = np.inf if lane.shelf_life is None else lane.shelf_life
    lines = lane.open_orders
    return OpeningState(
        batches=np.array([[(lane.opening, keeps), *lane.batches]], float),
        owed=np.array([float(lane.owed)]),
        first_order=np.array([np.nan if lane.first_order is None else float(lane.first_order)]),
        line_lane=np.zeros(len(lines), np.intp),
        line_units=np.array([units for units, _, _ in lines], float),
        line_days=np.array([[day] for _, day, _ in lines], np.int64).reshape(len(lines), 1),
        line_counts=np.array([counted for _, _, counted in lines], float).reshape(
            len(lines), len(lane.lead_days)
        ),
    )


@pytest.mark.parametrize("seed", range(200))
def test_the_kernel_agrees_with_the_reference_on_random_lanes(seed: int) -> None:
    lane = random_lane(np.random.default_rng(seed))
    assert kernel(lane) == pytest.approx(lane.play())


def rejected_by_scenario(share: float, scenarios: int, lot: int = 5) -> np.ndarray:
    """Units rejected (M,) of a year of small lots, one a week, whose demand is the same in all scenarios."""
    weeks, days = 52, 364
    counts, _, _lows, _ = play_lanes(
        np.zeros(1, np.intp),
        np.full((1, scenarios, days), lot / 7, np.float32),
        np.ones((1, weeks, scenarios), np.int16),
        np.full((1, weeks, 3), 1e6),
        np.array([[0, 0, lot, 0, share, 1, 0, 0, 1, 0, np.inf, 14]], float),
        np.array([[[0.0, 1.0]]]),
        opening(ReferenceLane([], {}, [], [], 7, 0.0, 14.0, 0, 0)).arrays(np.array([0]), weeks),
        np.array([7, days, 1, 0, 0], np.int64),
    )
    assert (counts[0, :, NAMES.index("ordered")] == weeks * lot).all()
    return np.asarray(counts[0, :, NAMES.index("rejected")])


@pytest.mark.parametrize("share", [0.002, 0.01, 0.08, 0.5, 1.0])
def test_small_lots_are_rejected_in_whole_units_that_add_up_to_the_share(share: float) -> None:
    rejected = rejected_by_scenario(share, scenarios=64)
    assert (rejected == np.round(rejected)).all()
    assert abs(rejected - share * 260).max() <= 1
    assert rejected.mean() == pytest.approx(share * 260, abs=0.04)


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
        sellable = float(rng.choice([np.inf, 300.0]))
        expected = order_quantity(
            np.array([quantity]), np.array([yearly]), np.array([holding]), breaks, limits, sellable=sellable
        )[0]
        sized = limits.allowed(np.array([quantity]))[0]
        got = raised_to_break(
            sized,
            np.array([0.0, 1.0, limits.maximum[0]]),
            breaks.starts[0],
            breaks.prices[0],
            yearly,
            holding,
            sellable,
        )
        assert got == pytest.approx(expected)
        assert bracket_price(got, breaks.starts[0], breaks.prices[0]) == breaks.price(np.array([got]))[0]
        raised += got > sized
    assert raised > 20
