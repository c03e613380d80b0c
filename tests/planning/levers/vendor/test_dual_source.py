import json

import numpy as np
import pytest
from plan_rows import offer_row

from configs.schema import PolicyConfig
from planning.actions.played_worth import played_years
from planning.levers.lever_plays import LeverPlays
from planning.levers.vendor.best_splits import best_splits

ITEMS = {"unit_cost": 9.0, "unit_price": 30.0}
POLICY = {"lost_sales": True}


def offers(**quick):
    """Near is quick, dear and bought from today; far takes 35 ± 7 days."""
    return [
        offer_row(preferred=False, unit_price=9.0),
        offer_row(supplier_id="near", preferred=True, **{"unit_price": 10.0} | quick),
    ]


@pytest.fixture(scope="module")
def assessment(assess):
    return assess(offers=offers(), items=ITEMS, spreads=(40.0,), policy=PolicyConfig(**POLICY))


def test_the_slow_and_cheap_supplier_takes_the_base_and_the_quick_one_tops_up(assessment, only_action):
    action = only_action(assessment, "dual_source")
    assert (action["supplier_id"], action["alternative_supplier_id"]) == ("near", "far")
    assert action["title"] == "Buy sku00000 from far and top up from near: 91 to 9"
    facts = json.loads(action["facts"])
    assert (facts["base_supplier_id"], facts["surge_supplier_id"]) == ("far", "near")
    assert facts["surge_share"] == pytest.approx(0.09, abs=0.02)
    assert facts["base_share"] == pytest.approx(1 - facts["surge_share"], abs=1e-4)
    # 91 % of 3,650 units at 1 less
    assert facts["change_price"] == pytest.approx(-facts["base_share"] * 3650, rel=0.02)
    assert facts["missed_then"] < facts["missed_now"]
    parts = sum(value for name, value in facts.items() if name.startswith("change_"))
    assert action["worth"] == pytest.approx(-parts, abs=0.1)
    assert facts["worth_low"] < action["worth"] < facts["worth_high"]
    assert action["worth"] > max(facts["all_from_other"], facts["more_stock"])


def test_it_is_compared_with_the_year_as_it_is_and_with_each_supplier_alone(assessment):
    plays, base, surge = LeverPlays(assessment), np.array([0]), np.array([1])
    found = best_splits(plays, base, surge)
    assert found.now == pytest.approx(plays.now(np.array([0])).total)
    assert found.other == pytest.approx(played_years(assessment, assessment.lane_terms.select(base)).total)
    assert found.then.mean() < found.other.mean() < found.stocked[0] < found.now.mean()


@pytest.mark.parametrize("price", [9.0, 9.05])
def test_where_the_quick_supplier_is_as_cheap_all_is_bought_there(assess, only_action, price):
    cheap = assess(
        offers=offers(unit_price=price), items=ITEMS, spreads=(40.0,), policy=PolicyConfig(**POLICY)
    )
    assert only_action(cheap, "dual_source") is None


def test_a_split_that_is_worth_less_than_its_effort_is_not_listed(assess, assessment, only_action):
    action = only_action(assessment, "dual_source")
    beyond = action["worth"] - json.loads(action["facts"])["more_stock"]
    for effort, listed in ((0.99 * beyond, True), (1.01 * beyond, False)):
        dear = assess(
            offers=offers(),
            items=ITEMS,
            spreads=(40.0,),
            policy=PolicyConfig(**POLICY, effort={"vendor_switch": effort}),
        )
        assert (only_action(dear, "dual_source") is not None) == listed


def test_one_supplier_alone_cannot_be_split(assess, only_action):
    alone = assess(offers=offers()[:1], items=ITEMS, spreads=(40.0,), policy=PolicyConfig(**POLICY))
    assert only_action(alone, "dual_source") is None
