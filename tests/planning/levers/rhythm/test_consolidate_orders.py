import numpy as np
import pytest
from plan_rows import offer_row

from configs.schema import PolicyConfig
from planning.levers.lever_plays import LeverPlays
from planning.levers.rhythm.consolidate_orders import consolidate_orders, weighted_quantile


def company(assess, *, far: float, effort: float = 10.0):
    """Plays of two SKUs, one from `near` at 2 a line, the other from `far`."""
    offers = [
        offer_row(supplier_id="near", ordering_cost=2),
        offer_row(supplier_id="far", unique_id="sku00001", ordering_cost=far),
    ]
    policy = PolicyConfig(effort={"negotiation": effort})
    return LeverPlays(assess((70.0, 70.0), (20.0, 20.0), offers=offers, policy=policy))


def test_dear_lines_are_to_cost_what_the_cheaper_supplier_s_do(assess):
    found = consolidate_orders(company(assess, far=40.0))
    action = found.actions.iloc[0]
    assert action["supplier_id"] == "far"
    assert found.lines["ordering_cost"].tolist() == [2]
    # √(2·3650·40·2.25) at its best lot, against 2 a line at every review and half a week's stock
    assert action["worth"] == pytest.approx((2 * 3650 * 40 * 2.25) ** 0.5 - (52 * 2 + 2.25 * 35), rel=0.25)
    assert action["confidence"] != "high"


def test_lines_that_cost_as_much_elsewhere_are_left_alone(assess):
    assert consolidate_orders(company(assess, far=2.0)).actions.empty
    assert consolidate_orders(company(assess, far=40.0, effort=2000.0)).actions.empty


def test_what_a_quarter_of_the_lines_cost_at_most_goes_by_their_number():
    cost, lines = np.array([5.0, 1.0, 2.0]), np.array([70.0, 10.0, 20.0])
    assert weighted_quantile(cost, lines, 0.1) == 1
    assert weighted_quantile(cost, lines, 0.25) == 2
    assert weighted_quantile(cost, lines, 0.31) == 5
