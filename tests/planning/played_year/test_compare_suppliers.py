import doctest

import pytest

from configs.errors import PlanningError
from configs.schema import PolicyConfig
from distributions.parametric import gamma_lead_time, normal_daily_demand
from planning.played_year import compare_suppliers as module
from planning.played_year.compare_suppliers import SupplierOffer, compare_suppliers


def article(price_of_a=10.10, review=0.0):
    pair = [SupplierOffer("A", price_of_a, 10, 2), SupplierOffer("B", 10.0, 15, 5)]
    policy = PolicyConfig(review_period_days=review)
    return compare_suppliers(pair, demand_mean=20, demand_std=8, shortage_cost=5, policy=policy).set_index(
        "name"
    )


def test_the_normal_formula_gives_the_articles_safety_stocks():
    assert article()["normal_safety_stock"].tolist() == pytest.approx([77.85, 172.20], abs=0.01)


def test_the_exact_safety_stocks_are_larger_for_lead_times_with_a_long_tail():
    table = article()
    assert (table["safety_stock"] > table["normal_safety_stock"]).all()
    assert table["safety_stock"].tolist() == pytest.approx([82.5, 189.5], abs=2)


def test_at_its_break_even_price_the_quicker_supplier_costs_what_the_cheaper_one_does():
    even = article(review=7.0).loc["A", "break_even_price"]
    total = article(price_of_a=even, review=7.0)["total_cost"]
    assert total["A"] == pytest.approx(total["B"], rel=1e-6)
    assert article(review=7.0).loc["A", "premium"] == pytest.approx(even / 10 - 1)


def test_the_documented_example_prints_what_it_says():
    outcome = doctest.testmod(module)
    assert outcome.attempted > 3
    assert outcome.failed == 0


@pytest.mark.parametrize(("mean", "std"), [(0, 1), (-3, 1), (5, -1), (float("nan"), 1)])
def test_a_lead_time_that_cannot_be_is_refused(mean, std):
    with pytest.raises(PlanningError, match="lead time is"):
        gamma_lead_time(mean, std)


def test_a_demand_that_cannot_be_is_refused():
    with pytest.raises(PlanningError, match="demand is -1"):
        normal_daily_demand(-1, 2)
