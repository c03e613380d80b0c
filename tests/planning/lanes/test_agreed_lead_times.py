"""A longest lead time that was agreed counts once orders show it, or at once, and no more when they contradict it."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from lived_company import what_came
from plan_rows import offer_row, order_line
from promises import TERMS, promise

from configs.schema import PolicyConfig
from planning.approved_actions import with_agreed_lead_times
from planning.lanes.agreed_lead_times import with_agreed
from planning.planner import Planner
from planning.realised.book_actions import book_actions
from planning.realised.lane_basis import LEAD_LEVELS

MONDAY = pd.Timestamp("2024-01-01")
BEFORE = tuple(np.interp(LEAD_LEVELS, [0, 1], [20.0, 50.0]))
AFTER = tuple(np.interp(LEAD_LEVELS, [0, 1], [24.0, 30.0]))


def agreement(**agreed):
    found = promise("lead_time_sla", after=replace(TERMS, lead_days=AFTER), agreed=agreed)
    found.basis["skus"][0]["before"] = replace(TERMS, lead_days=BEFORE).facts()
    found.facts.update(lines=[{"unique_id": "sku"}], longest_days={"sku": 30.0, "another": 30.0})
    return found


def orders(took):
    """Ten orders placed since the decision that took so many days each."""
    return [
        {
            "order_id": f"PO{n}", "line": "1", "supplier_id": "far", "unique_id": "sku",
            "ordered_at": MONDAY + pd.Timedelta(days=5 + n), "arrived_at": MONDAY + pd.Timedelta(days=5 + n + days),
            "lead_time": days, "quantity_ordered": 10.0, "quantity_received": 10.0, "expedited": False,
            "is_open": False, "unit_price": 9.0,
        }
        for n, days in enumerate(took)
    ]  # fmt: skip


def offers_with(*, took=(), at_once=False, **agreed):
    table = pd.DataFrame([offer_row(unique_id="sku", moq=100), offer_row(unique_id="another", moq=100)])
    came = what_came(MONDAY, {"sku": np.full(70, 10.0)}, orders(took), table)
    return with_agreed_lead_times(table, book_actions([agreement(**agreed)], came), at_once=at_once)


def counted(offers):
    return dict(zip(offers["unique_id"], offers["agreed_lead_counts"], strict=True))


QUICK, SLOW = np.tile([24.0, 30.0], 5), np.tile([22.0, 48.0], 5)


@pytest.mark.parametrize(
    ("how", "counts", "says"),
    [
        ({}, False, "pending, plans go by what is learned until 8 orders placed since show it"),
        ({"took": QUICK[:7]}, False, "pending"),
        ({"took": QUICK}, True, "orders show it (10 orders since took"),
        ({"took": SLOW}, False, "orders do not show it (10 orders since took"),
        ({"at_once": True}, True, "plans count on it until 8 orders placed since say otherwise"),
        ({"count_on": 1.0}, True, "plans count on it until 8"),
        ({"at_once": True, "count_on": 0.0}, False, "pending"),
        ({"at_once": True, "took": SLOW}, False, "plans go by what they show"),
    ],
)
def test_it_counts_once_orders_show_it_or_at_once_until_they_contradict_it(how, counts, says):
    offers = offers_with(**how)
    assert counted(offers) == {"sku": counts, "another": False}
    note = offers["agreed_lead_note"].iloc[0]
    assert note.startswith("Agreed on 2024-01-03 that orders take at most 30 days: ")
    assert says in note
    assert offers["agreed_lead_note"].iloc[1] is None  # a SKU that the talk was not about in the end


def test_the_days_that_were_agreed_go_before_those_proposed():
    assert offers_with(lead_time_days=26.0)["agreed_lead_days"].iloc[0] == 26.0


def test_without_an_agreement_offers_and_lead_times_are_as_they_were(lead_times):
    table, model = pd.DataFrame([offer_row()]), lead_times()
    assert with_agreed_lead_times(table, [], at_once=True) is table
    assert with_agreed(model, table) is model


def test_orders_placed_since_take_no_longer_than_agreed(lead_times):
    offers = pd.DataFrame([offer_row()]).assign(
        agreed_lead_days=38.0, agreed_lead_from=MONDAY, agreed_lead_counts=True
    )
    learned, model = lead_times(), with_agreed(lead_times(), offers)
    rows = pd.DataFrame(
        [
            {
                "supplier_id": name,
                "unique_id": "sku00000",
                "ordered_at": MONDAY + pd.Timedelta(days=days),
                "age": age,
            }
            for name, days, age in (("far", 0, 5.0), ("far", -1, 6.0), ("near", 3, 2.0), ("far", 0, 39.0))
        ]
    )
    found, before = model.predict(rows).values, learned.predict(rows).values
    assert found[0].max() == 38.0
    assert found[0] == pytest.approx(np.minimum(before[0], 38.0))
    assert found[1:] == pytest.approx(
        before[1:]
    )  # placed before, at another supplier, already later than agreed
    assert model.describe(rows)["source"].tolist() == ["learned"] * 4


def test_safety_stock_and_open_orders_follow_what_is_counted_on(make_forecast, make_inputs, lead_times):
    forecast = make_forecast((70.0,), (20.0,), periods=52)
    orders = [order_line(age=10.0), order_line(order_id="2", age=1.0)]
    inputs = make_inputs(forecast.unique_ids, on_hand=[200.0], offers=[offer_row()], orders=orders)
    since = inputs.as_of - pd.Timedelta(days=3)
    agreed = inputs.offers.assign(agreed_lead_days=36.0, agreed_lead_from=since)
    planner = Planner(forecast, lead_times(), PolicyConfig())

    def planned(offers):
        assessment = planner.assess(replace(inputs, offers=offers))
        return assessment.chosen_terms, assessment.pipeline

    learned, open_learned = planned(inputs.offers)
    pending, _ = planned(agreed.assign(agreed_lead_counts=False))
    counts, open_counted = planned(agreed.assign(agreed_lead_counts=True))
    assert pending.safety_stock == learned.safety_stock
    assert counts.lead_time.values.max() == 36
    assert counts.safety_stock[0] < 0.8 * learned.safety_stock[0]
    before, since_then = (
        dict(zip(each.orders["age"], each.remaining.values.max(axis=1), strict=True))
        for each in (open_learned, open_counted)
    )
    assert since_then == {1.0: pytest.approx(35.0), 10.0: pytest.approx(before[10.0])}
