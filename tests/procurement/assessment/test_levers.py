"""Levers: what each brings by hand, ranked, and their sum."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtri

from procurement.assessment.levers import levers, lowered_minimums, ranked_levers, share_won
from procurement.assessment.safety_stock_held import safety_stock_by_sku
from procurement.assessment.stockouts import stockouts

ITEMS = pd.DataFrame({"unique_id": ["a"], "unit_cost": 2.0, "unit_price": 5.0})


def stock(on_hand: float) -> pd.DataFrame:
    return pd.DataFrame({"unique_id": ["a"], "as_of": "2024-01-01", "on_hand": on_hand})


def offers(**terms: float) -> pd.DataFrame:
    return pd.DataFrame({"unique_id": ["a"], "supplier_id": "S", "unit_price": 2.0} | terms)


def test_excess_brings_its_carrying_cost_and_its_capital(facts_of, weekly) -> None:
    facts = facts_of(demand=weekly(a=7), items=ITEMS, stock=stock(300))
    (lever,) = ranked_levers(facts)
    assert lever.name == "excess"
    assert lever.a_year.middle == pytest.approx(0.25 * 120 * 2)
    assert lever.once.middle == pytest.approx(240)


def test_minimums_go_down_to_periods_of_demand(facts_of, weekly) -> None:
    facts = facts_of(demand=weekly(a=10), items=ITEMS, offers=offers(moq=100.0))
    # half of 100 less 40, 20 and 10, at 2 each
    assert [lowered_minimums(facts, reviews)[0] for reviews in (4.0, 2.0, 1.0)] == pytest.approx([60, 80, 90])
    (lever,) = ranked_levers(facts)
    assert (lever.a_year.low, lever.a_year.middle, lever.a_year.high) == pytest.approx((15, 20, 22.5))


def test_no_minimum_goes_below_the_economic_quantity(facts_of, weekly) -> None:
    facts = facts_of(demand=weekly(a=10), items=ITEMS, offers=offers(moq=100.0, ordering_cost=1.0))
    economic = np.sqrt(2 * 10 / 7 * 365 * 1 / 0.5)
    assert lowered_minimums(facts, 1.0)[0] == pytest.approx((100 - economic) / 2 * 2)
    assert lowered_minimums(facts_of(demand=weekly(a=70), items=ITEMS, offers=offers(moq=100.0)), 2.0)[0] == 0


def test_the_minimum_that_counts_is_that_of_the_skus_own_supplier_in_force(facts_of, weekly, lines) -> None:
    table = pd.concat([offers(moq=100.0), offers(moq=500.0).assign(supplier_id="T")], ignore_index=True)
    facts = facts_of(
        demand=weekly(a=10), items=ITEMS, offers=table, purchase_orders=lines([5.0], supplier_id="S")
    )
    assert lowered_minimums(facts, 2.0)[0] == pytest.approx(80)
    over = table.assign(valid_to="2023-06-30")
    facts = facts_of(demand=weekly(a=10), items=ITEMS, offers=over, purchase_orders=lines([5.0]))
    assert lowered_minimums(facts, 2.0)[0] == 0


def test_steadier_suppliers_bring_the_need_down_to_the_best_quarter(facts_of, weekly, lines) -> None:
    orders = pd.concat(
        [lines([4.0, 8.0] * 4), lines([6.0] * 8, unique_id="b", supplier_id="T")], ignore_index=True
    )
    items = pd.DataFrame({"unique_id": ["a", "b"], "unit_cost": 2.0})
    facts = facts_of(
        {"policy": {"review_period_days": 0}}, demand=weekly(a=7, b=7), items=items, purchase_orders=orders
    )
    lever = next(lever for lever in ranked_levers(facts) if lever.name == "steadier")
    # demand has no spread: the need of a is z σ_L d; variations are 1/3 and 0, their quantiles 1/6, 1/12 and 1/30
    z = ndtri(0.95)
    assert [lever.once.low, lever.once.middle, lever.once.high] == pytest.approx(
        [2 * z * (2 - 6 * each) for each in (1 / 6, 1 / 12, 1 / 30)]
    )
    assert lever.a_year.middle == pytest.approx(0.25 * lever.once.middle)


def test_safety_stock_wins_what_the_normal_loss_function_says() -> None:
    won = share_won(np.array([0.0, 5.0, 10.0, 20.0, np.nan]), np.full(5, 10.0))
    assert won[0] == pytest.approx(1 - 0.020893 / 0.398942, abs=1e-4)
    assert 0 < won[1] < won[0]
    assert won[2:4].tolist() == [0, 0]
    assert won[4] == 1


def test_fewer_stockouts_bring_what_was_lost_without_stock_to_judge_by(facts_of, weekly) -> None:
    demand = weekly(a=10).assign(in_stock=True)
    demand.loc[[20, 21], ["y", "in_stock"]] = [0, False]
    facts = facts_of(demand=demand, items=ITEMS)
    (lever,) = ranked_levers(facts)
    assert lever.name == "stockouts"
    assert lever.a_year.middle == pytest.approx(stockouts(facts).value("lost_money").middle)


def test_what_is_won_is_less_the_carrying_cost_of_the_safety_stock_that_wins_it(
    facts_of, weekly, lines
) -> None:
    demand = weekly(a=70).assign(in_stock=True)
    demand.loc[[20, 21], ["y", "in_stock"]] = [0, False]
    orders = lines([4.0, 8.0] * 4)
    facts = facts_of(demand=demand, items=ITEMS, stock=stock(10), purchase_orders=orders)
    lever = next(lever for lever in ranked_levers(facts) if lever.name == "stockouts")
    held = safety_stock_by_sku(facts).iloc[0]
    assert held["held"] < held["need_95"]
    won = share_won(held[["held"]].to_numpy(float), held[["need_95"]].to_numpy(float))[0]
    lost = 2 * 70 * 3 * 365 / 364
    carried = 0.25 * (held["need_95"] - held["held"])
    assert lever.a_year.middle == pytest.approx(lost * won - carried)
    assert lever.a_year.high == pytest.approx(lost - carried)


def test_contract_prices_bring_what_was_paid_above_them_and_the_levers_are_ranked(
    facts_of, weekly, lines
) -> None:
    orders = lines([6.0] * 8).assign(unit_price=5.0)
    contracts = pd.DataFrame({"supplier_id": ["S"], "unique_id": "a", "price": 4.0})
    facts = facts_of(
        demand=weekly(a=7), items=ITEMS, stock=stock(50), purchase_orders=orders, contracts=contracts
    )
    found = ranked_levers(facts)
    assert [lever.name for lever in found] == ["contract", "excess"]
    assert found[0].a_year.middle == 80
    finding = levers(facts)
    assert finding.value("a_year").middle == pytest.approx(sum(lever.a_year.middle for lever in found))
    assert finding.value("once").middle == pytest.approx(found[1].once.middle)
    assert finding.tables["levers"]["middle"].is_monotonic_decreasing
    assert "Nothing counts twice" in finding.notes[0]


def test_without_any_money_it_says_what_to_give(facts_of, weekly) -> None:
    assert "unit_cost" in levers(facts_of(demand=weekly(a=7))).missing
