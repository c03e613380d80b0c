import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from plan_rows import offer_row
from scipy.stats import betabinom

from configs.schema import PolicyConfig
from planning.levers.lever_plays import LeverPlays
from planning.levers.vendor.shift_spend import shift_spend

EFFORT = 1100.0
"""A little more than the largest of the three moves saves."""

SKUS = ["sku00000", "sku00001", "sku00002"]
GOOD = {"score": 80.0, "on_time_shrunk": 0.9, "on_time_low": 0.85, "on_time_high": 0.95, "state": "stable"}
BAD = {"score": 50.0, "on_time_shrunk": 0.6, "on_time_low": 0.5, "on_time_high": 0.7, "state": "stable"}


@pytest.fixture(scope="module")
def shift(assess):
    """Three SKUs that near sells for as much as far does: each move saves stock on the way and safety stock."""
    cache = {}

    def make(*, effort=0.0, far=BAD, near=GOOD, received=("far", "near"), cards=True):
        if (effort, received) not in cache:
            offers = []
            for sku in SKUS:
                offers.append(offer_row(unique_id=sku, preferred=True))
                offers.append(offer_row(supplier_id="near", unique_id=sku, preferred=False))
            orders = [
                {
                    "supplier_id": name,
                    "unique_id": sku,
                    "ordered_at": "2023-06-01",
                    "received_at": "2023-07-01",
                }
                for name in received
                for sku in SKUS
            ]
            cache[effort, received] = assess(
                means=(70.0, 35.0, 7.0),
                spreads=(20.0, 10.0, 4.0),
                offers=offers,
                on_hand=[200.0] * 3,
                purchase_orders=orders,
                policy=PolicyConfig(effort={"vendor_switch": effort}),
            )
        found = cache[effort, received]
        table = pd.DataFrame([{"supplier_id": "far", **far}, {"supplier_id": "near", **near}])
        inputs = replace(found.inputs, scorecard=table if cards else pd.DataFrame())
        return shift_spend(LeverPlays(replace(found, inputs=inputs)))

    return make


@pytest.fixture(scope="module")
def each(shift):
    """What the move of each SKU saves."""
    result = shift(effort=EFFORT)
    return {line["unique_id"]: line["worth"] for line in json.loads(result.actions["facts"][0])["lines"]}


def test_moves_too_small_for_a_switch_of_their_own_go_together_to_the_better_supplier(shift, each):
    result = shift(effort=EFFORT)
    action = result.actions.iloc[0]
    assert (action["kind"], action["supplier_id"], action["alternative_supplier_id"]) == (
        "shift_spend",
        "far",
        "near",
    )
    assert action["unique_id"] == ""
    assert action["title"].startswith("Shift spend from far to near: sku00000")
    assert action["worth"] == pytest.approx(sum(each.values()), abs=0.02)
    assert max(each.values()) < EFFORT < action["worth"]
    facts = json.loads(action["facts"])
    assert (facts["score_now"], facts["score_there"]) == (50, 80)
    assert facts["spend_share"] == pytest.approx(1.0)
    assert sorted(result.lines["unique_id"]) == sorted(each)
    assert (result.lines["action_id"] == action["action_id"]).all()


def test_a_move_that_pays_alone_is_left_to_the_switch_of_vendor(shift, each):
    largest = max(each.values())
    rest = sum(each.values()) - largest
    assert shift(effort=0.9 * rest).lines["unique_id"].tolist() == [
        sku for sku in each if each[sku] <= 0.9 * rest
    ]


@pytest.mark.parametrize(
    "terms",
    [
        {"near": GOOD | {"score": 59.0}},
        {"near": GOOD | {"score": np.nan}},
        {"cards": False},
        {"received": ("far",)},
    ],
    ids=["hardly better", "not known", "no scorecard", "never delivered"],
)
def test_spend_is_shifted_only_to_a_supplier_known_to_be_better(shift, terms):
    assert shift(effort=EFFORT, **terms).actions.empty


def test_from_a_supplier_that_has_got_worse_they_are_moved_if_it_stays_late(shift, each):
    worse = BAD | {"state": "eroding", "on_time_before": 0.8, "on_time_now": 0.55}
    worse |= {"on_time_now_low": 0.45, "on_time_now_high": 0.65}
    result = shift(effort=EFFORT, far=worse)
    assert result.lines.empty  # nothing changes until it has stayed late
    action = result.actions.iloc[0]
    facts = json.loads(action["facts"])
    assert action["kind"] == "conditional_sourcing"
    assert action["title"].startswith("If fewer than 8 of far's next 10 lines are on time, move to near: ")
    trials = 0.55 * 0.45 / (0.1 / 1.645) ** 2 - 1
    assert facts["chance_of_staying"] == pytest.approx(
        betabinom.cdf(7, 10, 0.55 * trials, 0.45 * trials), abs=1e-4
    )
    assert facts["chance_of_staying"] > 0.85
    assert action["worth"] == pytest.approx(facts["chance_of_staying"] * sum(each.values()), rel=1e-3)
    assert f"{facts['chance_of_staying']:.0%}" in action["evidence"]


def test_the_surer_it_is_to_recover_the_less_the_condition_is_worth(shift):
    chances = []
    for rate in (0.5, 0.75):
        card = BAD | {"state": "erratic", "on_time_shrunk": rate, "on_time_before": 0.8}
        card |= {"on_time_low": rate - 0.05, "on_time_high": rate + 0.05}
        found = shift(effort=EFFORT, far=card).actions
        chances.append(json.loads(found["facts"][0])["chance_of_staying"] if len(found) else 0.0)
    assert chances[0] > chances[1]
