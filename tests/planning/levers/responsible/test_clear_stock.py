import json

import numpy as np
import pytest
from plan_rows import offer_row

from configs.schema import PolicyConfig
from planning.levers.responsible.clear_stock import clear_stock
from planning.stock_review.excess_stock import excess_stock

ITEMS = {"unit_cost": 9.0, "unit_price": 15.0}


def came(days_ago, units, supplier_id="near"):
    day = np.datetime64("2024-01-01") - days_ago
    return {
        "supplier_id": supplier_id, "unique_id": "sku00000", "ordered_at": str(day - 10), "received_at": str(day),
        "quantity_received": float(units),
    }  # fmt: skip


@pytest.fixture(scope="module")
def clear(assess):
    def make(*, on_hand, mean=70.0, received=(), items=ITEMS, policy=None):
        found = assess(
            means=(mean,),
            spreads=(0.3 * mean,),
            offers=[offer_row(supplier_id="near")],
            on_hand=[on_hand],
            items=items,
            purchase_orders=list(received),
            policy=policy or PolicyConfig(),
        )
        actions = clear_stock(found)
        return found, {row.kind: (row, json.loads(row.facts)) for row in actions.itertuples()}

    return make


def test_a_late_delivery_too_many_goes_back_where_holding_it_costs_more_than_the_credit_is_short(clear):
    # some four years of demand, all of which came last month
    found, actions = clear(on_hand=15_000, received=[came(30, 15_000)])
    assert set(actions) == {"return_stock"}
    action, facts = actions["return_stock"]
    assert facts["units"] == pytest.approx(15_000 - facts["most_needed"], abs=1)
    assert facts["value"] == pytest.approx(9 * facts["units"])
    # 85 % of the cost comes back at once; kept, it would lie two years and more at 25 % a year
    assert facts["lost"] == pytest.approx(0.15 * facts["value"], rel=1e-3)
    assert facts["holding_saved"] == pytest.approx(
        0.25 * facts["value"] * facts["waits_days"] / 365, rel=1e-3
    )
    assert 2 * 365 < facts["waits_days"] < 3 * 365
    assert action.worth == pytest.approx(facts["holding_saved"] - facts["lost"], abs=0.1)
    assert (action.worth_period, action.confidence) == ("once", "low")
    assert "to near" in action.title
    assert excess_stock(found, clear_stock(found))["action_id"].tolist() == [action.action_id]


def test_what_is_soon_sold_anyway_stays(clear):
    # three months of demand: held for a month on average, that is cheaper than 15 % less
    assert clear(on_hand=900, received=[came(30, 900)])[1] == {}


def test_what_came_too_long_ago_to_go_back_is_sold_down_where_it_lies_long_enough(clear):
    actions = clear(on_hand=18_000, received=[came(300, 18_000)])[1]
    assert set(actions) == {"sell_down"}
    facts = actions["sell_down"][1]
    assert facts["brings"] == pytest.approx(0.5 * facts["value"])
    strict = PolicyConfig(clearance={"sold_down": 0.2})
    assert clear(on_hand=18_000, received=[came(300, 18_000)], policy=strict)[1] == {}


def test_dead_stock_brings_what_is_paid_for_it_and_a_year_of_holding(clear):
    action, facts = clear(on_hand=100, mean=0.0, received=[came(300, 100)])[1]["sell_down"]
    assert facts["status"] == "dead"
    assert action.worth == pytest.approx(100 * 9 * (0.5 + 0.25), abs=0.1)
    assert action.evidence.startswith("100 of 100 units on hand")


def test_what_perishes_unsold_is_sold_down_before(clear):
    items = ITEMS | {"shelf_life_days": 21.0}
    action, facts = clear(on_hand=500, received=[came(11, 500)], items=items)[1]["sell_down"]
    assert facts["status"] == "near_expiry"
    # ten days of demand are sold, the rest is worth nothing then
    assert facts["units"] == pytest.approx(500 - 100, rel=0.1)
    assert facts["waits_days"] == 10
    assert str(action.act_by.date()) == "2024-01-11"
    assert action.worth == pytest.approx(facts["units"] * 9 * (0.5 + 0.25 * 10 / 365), rel=1e-3)
    assert "before they perish" in action.title


def test_the_waste_that_the_policy_reckons_with_is_nobodys_action(clear):
    items = ITEMS | {"shelf_life_days": 21.0}
    found, actions = clear(on_hand=500, received=[came(11, 500)], items=items)
    usual = actions["sell_down"][1]["usually_perishing"]
    state = found.chosen_terms.steady_state.spoiled[0]
    assert usual == pytest.approx(state * 21 / 365, abs=1e-3)
    assert usual < 20


def test_less_than_its_effort_is_not_listed(clear):
    worth = clear(on_hand=100, mean=0.0, received=[came(300, 100)])[1]["sell_down"][0].worth
    for effort, listed in ((0.99 * worth, True), (1.01 * worth, False)):
        policy = PolicyConfig(effort={"negotiation": effort})
        actions = clear(on_hand=100, mean=0.0, received=[came(300, 100)], policy=policy)[1]
        assert ("sell_down" in actions) == listed
