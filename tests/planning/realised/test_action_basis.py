"""What plans keep of every action, so that what it brought can be played later."""

import json

import numpy as np
import pandas as pd
import pytest
from plan_rows import offer_row, order_line

from configs.schema import PolicyConfig
from planning.levers.lever_lines import lever_lines
from planning.levers.lever_plays import LeverPlays
from planning.realised.action_basis import action_bases
from planning.realised.lane_basis import LaneBasis
from planning.worklist.list_actions import list_actions


@pytest.fixture(scope="module")
def assessment(assess):
    """70 a week at `far` with an MOQ of 3,000 and far too much on order; `near` is cheaper."""
    return assess(
        [70.0],
        [20.0],
        on_hand=[2500.0],
        offers=[
            offer_row(moq=3000, ordering_cost=20, preferred=True),
            offer_row(supplier_id="near", unit_price=7.0, preferred=False),
        ],
        orders=[order_line(order_id="1", quantity_open=900)],
        policy=PolicyConfig(),
    )


def bases(assessment):
    actions = list_actions(assessment)
    return {row.kind: json.loads(row.basis) for row in actions.itertuples()}


def test_a_lever_keeps_the_terms_of_today_and_those_after_it(assessment):
    found = bases(assessment)
    (sku,) = found["lower_moq"]["skus"]
    before, after = (LaneBasis.of_facts(sku[part]) for part in ("before", "after"))
    chosen = assessment.chosen_terms
    assert (before.supplier_id, before.moq, before.unit) == ("far", 3000.0, 9.0)
    assert before.reorder_point == pytest.approx(chosen.reorder_point[0], abs=0.01)
    assert after.moq < 3000
    assert after.lead_days == before.lead_days
    assert abs(after.reorder_point - before.reorder_point) < 0.1 * before.reorder_point
    (moved,) = found["switch_vendor"]["skus"]
    assert (moved["after"]["supplier_id"], moved["after"]["unit"]) == ("near", 7.0)
    assert (sku["on_hand"], found["lower_moq"]["horizon_days"]) == (2500.0, 365.0)


def test_an_open_order_is_kept_with_the_days_until_it_arrives(assessment):
    found = bases(assessment)
    about = next(found[kind] for kind in ("cancel", "push_back", "reduce", "split") if kind in found)
    line = about["skus"][0]["line"]
    assert (line["order_id"], line["units"]) == ("1", 900.0)
    assert np.all(np.diff(line["days"]) >= 0)
    assert line["days"][10] == pytest.approx(assessment.pipeline.remaining.quantile(0.5)[0], abs=0.1)


def test_terms_survive_being_kept_as_json(assessment):
    (sku,) = bases(assessment)["lower_moq"]["skus"]
    basis = LaneBasis.of_facts(sku["before"])
    assert basis.facts() == sku["before"]
    assert (basis.maximum, np.isnan(basis.shelf_life)) == (np.inf, True)


def test_a_talk_about_payment_or_price_keeps_what_it_changes(assessment):
    plays = LeverPlays(assessment)
    skus = assessment.forecast.unique_ids.tolist(), assessment.chosen_lane.tolist()
    lines = [
        lever_lines(*skus, payment_days=30.0).assign(action_id="a1"),
        lever_lines(*skus, price_factor=0.9).assign(action_id="a2"),
    ]
    talks = pd.DataFrame(
        {
            "action_id": ["a1", "a2", "a3"],
            "kind": ["payment_days", "price_on_volume", "share_forecast"],
            "unique_id": "",
            "quantity": np.nan,
            "facts": json.dumps({"lines": [{"unique_id": "sku00000", "worth": 9.0}]}),
        }
    )
    later, cheaper, nothing = (json.loads(text) for text in action_bases(plays, talks, lines))
    assert [later["skus"][0][part]["payment_days"] for part in ("before", "after")] == [None, 30.0]
    before, after = (cheaper["skus"][0][part] for part in ("before", "after"))
    for part in ("unit", "holding", "capital"):
        assert after[part] == pytest.approx(0.9 * before[part])
    assert after["prices"] == pytest.approx([0.9 * price for price in before["prices"]])
    assert nothing["skus"] == []
