"""What was approved holds in the next plan: another vendor, and open orders as they were agreed."""

import json

import numpy as np
import pandas as pd
import pytest
from plan_rows import offer_row, order_line

from configs.schema import PolicyConfig
from planning.approved_actions import with_approved_offers, with_approved_orders
from planning.planner import Planner
from planning.worklist.list_actions import list_actions

COLUMNS = [
    "kind", "unique_id", "supplier_id", "alternative_supplier_id", "order_id", "line", "delay_days", "reduced_to",
    "share_of_time",
]  # fmt: skip


def approved(*rows):
    return pd.DataFrame([{"unique_id": "sku00000"} | row for row in rows], columns=COLUMNS)


@pytest.fixture
def plan(make_forecast, make_inputs, lead_times):
    """The assessment of 70 a week with an MOQ of 3,000 at `far`, a cheaper offer of `near`, and two open orders."""

    def run(decided=None):
        forecast = make_forecast([70.0], [20.0], periods=60)
        offers = [
            offer_row(moq=3000, ordering_cost=20, preferred=True),
            offer_row(supplier_id="near", unit_price=7.0, preferred=False),
        ]
        orders = [order_line(order_id="1", quantity_open=300), order_line(order_id="2", age=1.0)]
        inputs = make_inputs(forecast.unique_ids, on_hand=[2500.0], offers=offers, orders=orders)
        if decided is not None:
            inputs = type(inputs)(
                **vars(inputs)
                | {
                    "offers": with_approved_offers(inputs.offers, decided),
                    "open_orders": with_approved_orders(inputs.open_orders, decided),
                }
            )
        return Planner(forecast, lead_times(), PolicyConfig()).assess(inputs)

    return run


def test_an_approved_switch_ends_the_talks_with_the_supplier_that_is_left(plan):
    before = list_actions(plan())
    assert {"switch_vendor", "lower_moq"} <= set(before["kind"])
    decided = approved({"kind": "switch_vendor", "alternative_supplier_id": "near"})
    after = plan(decided)
    assert after.chosen_terms.lanes["supplier_id"].tolist() == ["near"]
    assert not {"switch_vendor", "lower_moq"} & set(list_actions(after)["kind"])


def test_a_switch_to_an_offer_that_is_gone_changes_nothing(plan):
    decided = approved({"kind": "switch_vendor", "alternative_supplier_id": "gone"})
    assert plan(decided).chosen_terms.lanes["supplier_id"].tolist() == ["far"]


def test_without_offers_or_open_orders_there_is_nothing_to_change(plan):
    inputs = plan().inputs
    switched = approved({"kind": "switch_vendor", "alternative_supplier_id": "near"})
    cancelled = approved({"kind": "cancel", "order_id": "1", "line": "1"})
    assert with_approved_offers(inputs.offers.iloc[:0], switched).empty
    assert with_approved_orders(inputs.open_orders.iloc[:0], cancelled).empty
    assert with_approved_offers(inputs.offers, cancelled) is inputs.offers
    assert with_approved_orders(inputs.open_orders, switched) is inputs.open_orders


def test_open_orders_count_as_they_were_agreed(plan):
    base = plan().pipeline
    line = {"order_id": "1", "line": "1"}
    cancelled = plan(approved({"kind": "cancel"} | line)).pipeline
    assert cancelled.orders["order_id"].tolist() == ["2"]
    reduced = plan(approved({"kind": "reduce", "reduced_to": 120} | line)).pipeline
    assert dict(zip(reduced.orders["order_id"], reduced.quantity, strict=True)) == {"1": 120, "2": 100}
    later = plan(approved({"kind": "push_back", "delay_days": 60} | line)).pipeline
    assert later.remaining.mean() - base.remaining.mean() == pytest.approx(
        np.where(later.orders["order_id"] == "1", 60, 0), abs=1.5
    )
    sooner = plan(approved({"kind": "expedite", "share_of_time": 0.5} | line)).pipeline
    assert sooner.remaining.mean() / base.remaining.mean() == pytest.approx(
        np.where(sooner.orders["order_id"] == "1", 0.5, 1), abs=0.02
    )


def test_of_a_split_order_the_rest_comes_later_and_nothing_more_is_proposed_about_it(plan):
    base, line = plan().pipeline, {"order_id": "1", "line": "1"}
    apart = plan(approved({"kind": "split", "reduced_to": 120, "delay_days": 28} | line)).pipeline
    of_order = apart.orders["order_id"] == "1"
    units = base.quantity[base.orders["order_id"] == "1"][0]
    assert sorted(apart.quantity[of_order]) == sorted([120, units - 120])
    days = base.remaining.mean()[base.orders["order_id"] == "1"][0]
    assert sorted(apart.remaining.mean()[of_order]) == pytest.approx([days, days + 28], abs=1.5)
    closed = plan(approved({"kind": "close_short"} | line)).pipeline
    assert closed.orders["order_id"].tolist() == ["2"]


def test_the_last_decision_about_a_line_counts(plan):
    line = {"order_id": "1", "line": "1"}
    decided = approved({"kind": "cancel"} | line, {"kind": "reduce", "reduced_to": 120} | line)
    assert plan(decided).pipeline.quantity.tolist().count(120) == 1


def test_an_order_that_was_reduced_in_the_table_since_is_not_reduced_again(plan):
    line = {"order_id": "2", "line": "1"}  # 100 units are left of it
    assert 100 in plan(approved({"kind": "reduce", "reduced_to": 250} | line)).pipeline.quantity


def test_what_was_pushed_back_is_not_proposed_again(plan):
    about = ["push_back", "cancel", "reduce"]
    actions = list_actions(plan())
    first = actions[actions["kind"].isin(about)]
    assert len(first)
    decided = approved(
        *(
            {"kind": row.kind, "order_id": row.title.split()[2].split("/")[0], "line": "1"}
            | {name: json.loads(row.facts)[name] for name in ("delay_days", "reduced_to")}
            for row in first.itertuples()
        )
    )
    again = list_actions(plan(decided))
    gain = again.loc[again["kind"].isin(about), "worth"].sum()
    assert gain < 0.15 * first["worth"].sum()


def test_a_shift_of_spend_prefers_the_other_supplier_for_each_of_its_skus(plan):
    offers = plan().inputs.offers
    offers = pd.concat([offers, offers.assign(unique_id="other")], ignore_index=True)
    decided = approved({"kind": "shift_spend", "unique_id": "", "alternative_supplier_id": "near"})
    of_one = decided.assign(agreed=[{}], basis=[{"skus": [{"unique_id": "sku00000"}]}])
    preferred = with_approved_offers(offers, of_one).set_index(["unique_id", "supplier_id"])["preferred"]
    assert preferred["sku00000"].to_dict() == {"far": False, "near": True}
    assert preferred["other"].to_dict() == {"far": True, "near": False}
