"""What changed open orders brought, beside a company that lived on twice: with the line as it was, and as it became."""

from dataclasses import replace

import numpy as np
import pytest
from lived_company import live, order_lines, what_came
from promises import TERMS, promise

from planning.realised.book_actions import book_actions
from planning.realised.lane_basis import LEAD_LEVELS

DAYS, DECIDED = 280, 2
NEAR = replace(
    TERMS,
    lead_days=tuple(np.linspace(6, 8, len(LEAD_LEVELS)).tolist()),
    reorder_point=170.0,
    order_up_to=240.0,
    expected=140.0,
    interval=14.0,
    moq=10.0,
)
LINE = {
    "order_id": "PO1",
    "line": "1",
    "units": 900.0,
    "price": 9.0,
    "never": 0.0,
    "days": [12.0] * len(LEAD_LEVELS),
}


def booked(kind, becomes, *, stock, facts=None, offers=None, **more):
    """The booking and the truth of changing a line of 900 units, due in 12 days, to what it `becomes`."""
    changed = promise(
        kind, line=LINE, facts={"due": "2024-01-13"} | (facts or {}), worth_period="once", **more
    )
    changed.basis["skus"][0] |= {"before": NEAR.facts(), "on_hand": stock + 10.0 * DECIDED}
    rng = np.random.default_rng(4)
    demand = rng.poisson(10.0, DAYS).astype(float)
    demand[:DECIDED] = 10.0
    begin = changed.planned_on + (np.timedelta64(DECIDED, "D"))
    lives = [
        live(
            "sku",
            lambda _: NEAR,
            demand[DECIDED:],
            stock=stock,
            luck=np.random.default_rng(8),
            begin=begin,
            coming=coming,
            old_unit=9.0,
        )
        for coming in ([{"units": 900.0, "day": 10, "price": 9.0}], becomes)
    ]
    rows = [line | {"order_id": f"N{line['order_id']}"} for line in lives[1].lines]
    for each in becomes:
        ordered = changed.planned_on - np.timedelta64(8, "D")
        came_on = begin + np.timedelta64(each["day"], "D")
        rows.append(
            rows[0]
            | {
                "order_id": "PO1",
                "ordered_at": ordered,
                "arrived_at": came_on,
                "quantity_ordered": each["units"],
                "quantity_received": each["units"],
                "quantity_open": 0.0,
                "is_open": False,
                "lead_time": float((came_on - ordered).days),
                "age": np.nan,
            }
        )
    came = what_came(changed.planned_on, {"sku": demand}, rows, order_lines([])[["unique_id", "supplier_id"]])
    (booking,) = book_actions([changed], came)
    return booking, lives[0].cost - lives[1].cost


def test_a_cancelled_line_saves_the_holding_of_what_was_not_needed():
    booking, truth = booked("cancel", [], stock=300.0)
    assert booking.state.state == "in_effect"
    assert truth > 50
    assert booking.realised == pytest.approx(truth, rel=0.2)
    assert booking.parts["stock"] > 0 > booking.parts["ordering"]


def test_a_reduced_line_saves_less_than_one_that_is_cancelled():
    whole, _ = booked("cancel", [], stock=300.0)
    booking, truth = booked(
        "reduce", [{"units": 400.0, "day": 10, "price": 9.0}], stock=300.0, facts={"reduced_to": 400}
    )
    assert booking.realised == pytest.approx(truth, rel=0.2)
    assert 0 < booking.realised < whole.realised


def test_a_line_that_was_pushed_back_too_far_is_booked_as_a_loss():
    late = [{"units": 900.0, "day": 40, "price": 9.0}]
    booking, truth = booked("push_back", late, stock=80.0, facts={"delay_days": 30.0})
    assert booking.state.state == "in_effect"
    assert truth < 0
    assert booking.realised == pytest.approx(truth, rel=0.25)
    assert booking.parts["shortage"] < 0


def test_an_expedited_line_saves_the_shortage_less_its_price():
    soon = [{"units": 900.0, "day": 2, "price": 9.0}]
    facts = {"share_of_time": 0.3, "expedite_cost": 40.0}
    booking, truth = booked("expedite", soon, stock=30.0, facts=facts)
    assert truth > 100
    assert booking.realised == pytest.approx(truth - 40, rel=0.25)
    assert booking.parts["fee"] == -40
