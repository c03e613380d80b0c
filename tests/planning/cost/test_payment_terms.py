"""Unit-days that are paid for ahead, in the closed form and in the played year."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from configs.schema import PolicyConfig
from distributions.parametric import normal_daily_demand
from planning.cost.payment_terms import prepaid_unit_days
from planning.cost.total_cost import total_cost
from planning.lanes.lane_terms import PlanSetting
from planning.played_year.compare_suppliers import SupplierOffer, lanes_of_offers
from planning.played_year.year_play import YearPlay
from planning.policy.order_rules import OrderRules


def test_goods_paid_with_the_order_tie_up_money_on_their_way_and_others_until_they_are_paid() -> None:
    payment_days = np.array([np.nan, 0.0, 30.0, -10.0])
    prepaid = prepaid_unit_days(payment_days, np.full(4, 700.0), np.full(4, 100.0))
    assert prepaid.tolist() == [700.0, 0.0, -3000.0, 1000.0]


def year(payment_days: float, *, lost_sales: bool = False, waste: bool = False):
    """A year of one offer paid after `payment_days`: closed form, play, its result and costs."""
    config = PolicyConfig(lost_sales=lost_sales, capital_cost_rate=0.1)
    forecast = normal_daily_demand(20.0, 8.0)
    terms = lanes_of_offers([SupplierOffer("A", 10.0, 14, 3)], forecast, 5.0, config)
    terms = replace(terms, costs=replace(terms.costs, payment_days=np.array([payment_days])))
    items = pd.DataFrame({"unique_id": forecast.unique_ids})
    if waste:
        items["shelf_life_days"] = 16.0
    setting = PlanSetting(config, OrderRules(), pd.Timestamp(forecast.starts[0]), elapsed=0.0)
    played = YearPlay.of(terms, forecast, items, setting, scenarios=64)
    result = played.play(terms.reorder_point, terms.order_up_to)
    return total_cost(terms.costs, terms.steady_state), played, result, played.cost(result)


def test_the_formula_and_the_played_year_give_the_same_credit() -> None:
    formula, _, _, played = year(60.0)
    credit = -0.1 * 10 * 7300 * 60 / 365
    assert formula.pipeline == pytest.approx([credit], rel=1e-3)
    assert played.pipeline.mean() == pytest.approx(credit, rel=0.01)


def test_to_pay_as_long_before_the_receipt_as_goods_take_is_to_pay_with_the_order() -> None:
    (ahead, _, _, ahead_played), (ordered, _, _, ordered_played) = year(-14.0), year(np.nan)
    assert ahead.pipeline == pytest.approx(ordered.pipeline, rel=0.01)
    assert ahead_played.pipeline.mean() == pytest.approx(ordered_played.pipeline.mean(), rel=0.02)


def test_nothing_else_changes_and_goods_paid_on_receipt_tie_up_nothing_on_their_way() -> None:
    formula, _, _, cost = year(0.0)
    other_formula, _, _, other = year(np.nan)
    assert formula.pipeline == 0
    assert (cost.pipeline == 0).all()
    assert formula.total + other_formula.pipeline == pytest.approx(other_formula.total)
    assert cost.total + other.pipeline == pytest.approx(other.total)


def test_what_is_lost_is_not_paid_for_and_what_perishes_is() -> None:
    _, _, result, cost = year(36.5, lost_sales=True, waste=True)
    kept = result.demand - result.missed + result.wasted
    assert result.missed.mean() > 50
    assert result.wasted.mean() > 50
    assert cost.pipeline == pytest.approx(-0.1 * 10 * 0.1 * kept)


@pytest.mark.parametrize("lost_sales", [False, True])
@pytest.mark.parametrize("payment_days", [np.nan, 0.0, 90.0])
def test_the_slope_of_the_cost_over_the_price_is_what_a_higher_price_costs(payment_days, lost_sales) -> None:
    _, played, result, cost = year(payment_days, lost_sales=lost_sales)
    dearer = replace(
        played.costs,
        unit=played.costs.unit + 1,
        holding=played.costs.holding + played.costs.rate,
        capital=played.costs.capital + played.costs.capital_rate,
        prices=replace(played.costs.prices, prices=played.costs.prices.prices + 1),
    )
    paid = replace(result, spent=result.spent + result.ordered)
    rise = replace(played, costs=dearer).cost(paid).total - cost.total
    assert played.price_slope(result) == pytest.approx(rise.mean(axis=1))
