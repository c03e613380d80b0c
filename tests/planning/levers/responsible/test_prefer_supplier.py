import json

import numpy as np
import pytest

from planning.levers.lever_plays import LeverPlays
from planning.levers.responsible.prefer_supplier import prefer_supplier
from planning.levers.responsible.responsible_table import responsible_frame
from planning.worklist.list_actions import list_actions


def moves(assessment):
    actions = prefer_supplier(LeverPlays(assessment)).actions
    return actions.assign(facts=[json.loads(text) for text in actions["facts"]])


def test_without_a_goal_nobody_is_preferred(company):
    assert moves(company()).empty


def test_a_goal_is_met_by_the_sku_that_costs_least_for_the_spend_it_moves(company):
    # a quarter of the cakes: the first SKU, at 0.40 more a unit, is enough; the third would move half at 0.50
    found = moves(company({"cake": {"local": 0.25}}))
    assert found["unique_id"].tolist() == ["sku00000"]
    action = found.iloc[0]
    assert (action["kind"], action["supplier_id"], action["alternative_supplier_id"]) == (
        "prefer_supplier",
        "far",
        "near",
    )
    assert action["facts"]["share_now"] == 0
    assert action["facts"]["moves_share"] == pytest.approx(0.25, abs=0.001)
    assert action["facts"]["price_of_preferring"] == pytest.approx(-action["worth"], abs=0.01)


def test_the_price_of_a_goal_is_the_difference_of_the_years_and_its_worth_may_be_negative(company):
    assessment = company({"cake": {"local": 0.75}})
    found = moves(assessment).set_index("unique_id")
    assert sorted(found.index) == ["sku00000", "sku00002"]
    plays = LeverPlays(assessment)
    result = prefer_supplier(plays)
    assert -plays.saved(result.lines).mean(axis=1) == pytest.approx(
        [facts["price_of_preferring"] for facts in moves(assessment)["facts"]], abs=0.01
    )
    # 0.50 more on 7,300 units, less what the quicker supplier saves in stock on the way
    price = found.loc["sku00002", "facts"]["price_of_preferring"]
    assert 0 < price < 0.5 * 7300
    assert found.loc["sku00002", "worth"] == pytest.approx(-price, abs=0.01)
    assert "costs" in found.loc["sku00002", "evidence"]


def test_a_goal_that_is_met_costs_nothing(company):
    assert moves(company({"cake": {"diverse": 0.9}, "tea": {"local": 0.0}})).empty


def test_of_a_supplier_nobody_says_is_certified_it_is_not(company):
    found = moves(company({"tea": {"certified": 0.5}}))
    assert found["unique_id"].tolist() == ["sku00003"]


def test_no_goal_is_met_at_the_cost_of_another(company):
    # near is local and not diverse: with a goal for diverse suppliers, no SKU leaves far
    assert moves(company({"cake": {"local": 0.5, "diverse": 0.9}})).empty


def test_too_much_from_one_supplier_is_moved_to_others(company):
    found = moves(company({"cake": {"most_from_one": 0.75}}))
    assert found["kind"].tolist() == ["reduce_reliance"]
    assert found["unique_id"].tolist() == ["sku00000"]
    assert found["title"][0] == "Rely less on far for cake: buy sku00000 from near"
    assert moves(company({"cake": {"most_from_one": 1.0}})).empty


def test_emissions_saved_count_at_their_price(company):
    plain = moves(company({"tea": {"local": 1.0}})).iloc[0]
    priced = moves(company({"tea": {"local": 1.0}}, emission_price=0.1)).iloc[0]
    # 3,640 units of 2 in weight, 1 a unit of weight less
    assert priced["facts"]["emissions_saved"] == pytest.approx(7300, rel=0.01)
    assert priced["worth"] - plain["worth"] == pytest.approx(730, rel=0.01)
    assert priced["facts"]["price_of_preferring"] == plain["facts"]["price_of_preferring"]


def test_the_table_says_shares_goals_and_their_price(company):
    assessment = company({"cake": {"local": 0.25, "most_from_one": 0.9}, "tea": {"local": 0.5}})
    result = prefer_supplier(LeverPlays(assessment))
    table = responsible_frame(assessment, result.actions).set_index(["category", "goal"])
    cake = table.loc[("cake", "local")]
    assert (cake["share_now"], cake["goal_share"], cake["skus"], cake["met"]) == (0, 0.25, 1, True)
    assert cake["share_then"] == pytest.approx(0.25, abs=0.001)
    assert cake["price"] == pytest.approx(-result.actions["worth"].iloc[0], abs=0.01)
    moved = json.loads(cake["moves"])
    assert [(move["unique_id"], move["alternative_supplier_id"]) for move in moved] == [("sku00000", "near")]
    assert moved[0]["price"] == pytest.approx(cake["price"])
    assert table.loc[("cake", "diverse"), "share_now"] == 1
    assert np.isnan(table.loc[("cake", "diverse"), "goal_share"])
    assert table.loc[("cake", "most_from_one"), "supplier_id"] == "far"
    assert table.loc[("tea", "local"), "share_then"] == 1
    everything = table.loc[("all", "local")]
    assert everything["spend"] == pytest.approx(5 * 3650 * 9, rel=0.01)
    assert everything["emissions"] == pytest.approx(5 * 3650 * 2 * 1.5, rel=0.01)


def test_a_goal_that_nothing_can_meet_is_not_met(company):
    assessment = company({"cake": {"diverse": 0.1}, "tea": {"local": 0.5}}, known=False)
    result = prefer_supplier(LeverPlays(assessment))
    assert result.actions.empty
    table = responsible_frame(assessment, result.actions).set_index(["category", "goal"])
    assert not table.loc[("tea", "local"), "met"]
    assert table["emissions"].sum() == 0


def test_a_sku_without_a_weight_counts_one_a_unit(company):
    heavy, light = (
        moves(company({"tea": {"local": 1.0}}, weight=weight)).iloc[0]["facts"]["emissions_saved"]
        for weight in (2.0, None)
    )
    assert heavy == pytest.approx(2 * light)


def test_where_emissions_have_a_price_a_move_may_pay_by_them_alone(company):
    dear = moves(company({}, emission_price=0.3, vendor_switch=500.0)).set_index("unique_id")
    assert {facts["goal"] for facts in dear["facts"]} == {"emissions"}
    assert set(dear["kind"]) == {"lower_emissions"}
    for action in dear.itertuples():
        assert action.facts["emissions_value"] == pytest.approx(
            0.3 * action.facts["emissions_saved"], abs=0.01
        )
        assert action.worth == pytest.approx(
            action.facts["emissions_value"] - action.facts["price_of_preferring"], abs=0.01
        )
        assert action.worth > 500 >= -action.facts["price_of_preferring"]
    assert dear.loc["sku00003", "title"] == ("Buy sku00003 from near, with fewer emissions, instead of far")
    assert moves(company({}, emission_price=0.0, vendor_switch=500.0)).empty
    # diverse suppliers have a goal: nobody leaves one for a local one
    assert moves(company({"all": {"diverse": 0.5}}, emission_price=0.3, vendor_switch=500.0)).empty


def test_what_the_company_wants_goes_before_what_only_pays(company):
    # each SKU could be bought with an MOQ that is lower, or stay: the goal is met all the same, at its price
    listed = list_actions(company({"cake": {"local": 0.75}}))
    wanted = listed[listed["kind"] == "prefer_supplier"]
    assert (wanted["alternative_to"] == "").all()
    assert wanted["worth"].min() < 0
    others = listed[listed["unique_id"].isin(wanted["unique_id"]) & (listed["kind"] == "switch_vendor")]
    assert (others["alternative_to"] != "").all()
