import numpy as np
import orjson
import pytest
from plan_rows import offer_row

from configs.schema import PolicyConfig
from planning.levers.lever_plays import LeverPlays
from planning.levers.terms.book_capacity import book_capacity


@pytest.fixture
def booked(assess):
    """The levers' result for 70 ± 20 a week from `far`, whose orders may be so large at most."""

    def run(largest: float, **policy):
        offers = [offer_row(max_quantity=largest)]
        return book_capacity(LeverPlays(assess(offers=offers, policy=PolicyConfig(**policy))))

    return run


def test_a_supplier_whose_largest_order_binds_is_asked_for_more(booked):
    result = booked(72.0)
    action = result.actions.iloc[0]
    assert (action["kind"], action["unique_id"], action["supplier_id"]) == ("book_capacity", "", "far")
    # half as much again as a week's 70
    assert result.lines["max_quantity"].to_numpy(float) == pytest.approx([105], abs=2)
    line = orjson.loads(action["facts"])["lines"][0]
    assert line["says"].endswith("from 72 to 105 an order")
    assert action["worth"] > 0
    # the tighter it is, the more it is worth
    assert booked(70.0).actions["worth"].iloc[0] > action["worth"]


def test_where_it_does_not_bind_or_there_is_none_nothing_is_booked(booked):
    assert booked(200.0).actions.empty
    assert booked(np.nan).actions.empty
    assert booked(72.0, effort={"negotiation": 1e6}).actions.empty
