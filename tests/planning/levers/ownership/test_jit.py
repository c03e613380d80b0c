import orjson
import pytest

from planning.levers.ownership.jit import jit


def test_call_offs_at_a_quarter_of_a_lines_cost_halve_ordering_and_lots(plays):
    found = jit(plays(ordering_cost=30, moq=100, order_multiple=50))
    action, facts = found.actions.iloc[0], orjson.loads(found.actions["facts"][0])
    # √(2·D·S·H) = 702 a year; at a quarter of S it is half of that
    assert action["worth"] == pytest.approx(351, rel=0.35)
    assert facts["lasts_days_then"] < facts["lasts_days_now"]
    assert facts["outage_costs_more"] >= 0
    assert found.lines["moq"].tolist() == [1]


def test_a_supplier_that_is_far_or_unpredictable_or_demand_that_is_not_steady_is_none_for_it(plays):
    assert jit(plays(ordering_cost=30, days=35.0, late=8.0)).actions.empty
    assert jit(plays(ordering_cost=30, late=5.0)).actions.empty
    assert jit(plays(ordering_cost=30, spread=60.0)).actions.empty


def test_lots_of_a_review_s_need_are_just_in_time_already(plays):
    assert jit(plays(ordering_cost=0.5)).actions.empty


def test_where_the_supplier_may_replenish_by_itself_nothing_is_called_off(plays):
    assert len(jit(plays(2, ordering_cost=15)).actions) == 1
    assert jit(plays(16, ordering_cost=15)).actions.empty
