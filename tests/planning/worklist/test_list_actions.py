import pytest
from plan_rows import offer_row, order_line

from configs.schema import EffortConfig, PolicyConfig
from planning.actions.action_table import COLUMNS
from planning.worklist.list_actions import list_actions
from planning.worklist.one_plan import in_plan

PLAN_COLUMNS = ["effort", "worth_in_horizon", "alternative_to", "basis"]


def test_the_same_action_keeps_its_id_and_different_ones_have_their_own(assess):
    orders = [order_line(order_id="a"), order_line(order_id="b", age=1)]
    first, again = (list_actions(assess(on_hand=[stock], orders=orders)) for stock in (3000, 3100))
    assert first["action_id"].is_unique
    kinds = ["push_back", "cancel"]
    about = [set(frame.loc[frame["kind"].isin(kinds), "action_id"]) for frame in (first, again)]
    assert len(about[0]) == 2
    assert about[0] == about[1]


def test_actions_are_ranked_by_worth_for_their_effort_and_small_ones_left_out(assess):
    tables = {
        "offers": [offer_row(moq=2000, ordering_cost=30)],
        "on_hand": [4000],
        "orders": [order_line(quantity_open=500)],
    }
    all_ = list_actions(assess(**tables))
    assert list(all_) == [*COLUMNS, *PLAN_COLUMNS]
    assert len(all_) >= 2
    assert all_["worth_in_horizon"].is_monotonic_decreasing
    assert (all_["worth"] > 0).all()
    bar = float(all_["worth"].max())
    few = list_actions(assess(**tables, policy=PolicyConfig(minimum_action_value=bar - 0.01)))
    assert few["kind"].iloc[0] == "lower_moq"
    assert set(few["kind"]) < set(all_["kind"])


def test_no_action_means_an_empty_list_with_the_same_columns(assess):
    dear = PolicyConfig(effort=EffortConfig(call=1000, negotiation=1000, vendor_switch=1000))
    nothing = list_actions(assess(on_hand=[500], policy=dear))
    assert list(nothing) == [*COLUMNS, *PLAN_COLUMNS]
    assert len(nothing) == 0


def test_what_excludes_each_other_is_one_plan_with_alternatives(assess):
    offers = [
        offer_row(moq=3000, ordering_cost=20, preferred=True),
        offer_row(supplier_id="near", unit_price=7.0, preferred=False),
    ]
    actions = list_actions(assess(on_hand=[300], offers=offers)).set_index("kind")
    switch, talk = actions.loc["switch_vendor"], actions.loc["lower_moq"]
    assert switch["worth"] > talk["worth"]
    assert talk["alternative_to"] == switch["action_id"]
    assert switch["alternative_to"] == ""
    # what would be agreed on with a supplier that is left has no place beside it either
    left = actions.index[~in_plan(actions)]
    assert "lower_moq" in left
    assert "switch_vendor" not in left
    assert (actions.loc[left, "supplier_id"] == "far").all()


def test_of_what_excludes_each_other_the_one_stands_that_is_worth_more_beyond_its_effort(assess):
    offers = [
        offer_row(moq=3000, ordering_cost=20, preferred=True),
        offer_row(supplier_id="near", unit_price=7.0, preferred=False),
    ]
    plain = list_actions(assess(on_hand=[300], offers=offers)).set_index("kind")
    switch, talk = plain.loc["switch_vendor"], plain.loc["lower_moq"]
    more = switch["worth_in_horizon"] - talk["worth_in_horizon"] + talk["effort"]
    policy = PolicyConfig(effort=EffortConfig(vendor_switch=more + 10, negotiation=talk["effort"]))
    dear = list_actions(assess(on_hand=[300], offers=offers, policy=policy)).set_index("kind")
    left = dear.index[~in_plan(dear)]
    assert "switch_vendor" in left
    assert "lower_moq" not in left
    assert dear.loc["switch_vendor", "worth"] > dear.loc["lower_moq", "worth"]


def test_what_pays_every_year_counts_as_far_as_the_budget_horizon_goes(assess):
    offers = [offer_row(moq=3000, ordering_cost=20)]
    effort = EffortConfig(negotiation=25)
    policies = [PolicyConfig(budget_horizon_days=days, effort=effort) for days in (365, 73)]
    year, fifth = (list_actions(assess(on_hand=[300], offers=offers, policy=policy)) for policy in policies)
    talk = year[year["kind"] == "lower_moq"].iloc[0]
    assert talk["worth"] > 100
    assert talk["effort"] == 25
    # 300 units last 30 days at 10 a day: only then it begins to pay
    assert talk["worth_in_horizon"] == pytest.approx(talk["worth"] * (365 - 30) / 365, rel=1e-3)
    fifth = fifth[fifth["kind"] == "lower_moq"].iloc[0]
    assert fifth["worth_in_horizon"] == pytest.approx(talk["worth"] * (73 - 30) / 365, rel=1e-3)
    # what is on order lasts ten days more
    coming = list_actions(
        assess(on_hand=[300], offers=offers, policy=policies[0], orders=[order_line(quantity_open=100)])
    )
    talk = coming[coming["kind"] == "lower_moq"].iloc[0]
    assert talk["worth_in_horizon"] == pytest.approx(talk["worth"] * (365 - 40) / 365, rel=5e-3)
