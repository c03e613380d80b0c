"""Offers of one SKU compared before any is taken: the article's question, and what each term does to a year."""

import doctest
from dataclasses import replace

import numpy as np
import pytest

from configs.errors import PlanningError
from configs.schema import PolicyConfig
from planning.compare import compare_offers as module
from planning.compare.compare_offers import PARTS, compare_offers
from planning.compare.compared_demand import ComparedDemand
from planning.played_year.compare_suppliers import SupplierOffer

A = SupplierOffer("A", 10.10, 10, 2)
B = SupplierOffer("B", 10.00, 15, 5)
DEMAND = ComparedDemand.normal(20, 8, shortage_cost=5)


def compared(*offers, demand=DEMAND, **policy):
    return compare_offers(offers, demand, PolicyConfig(**({"level": 0.95, "review_period_days": 7} | policy)))


def cost(found, part, name):
    rows = found.costs.set_index(["name", "part"])
    return float(rows.loc[(name, part), "mean"])


def pair(found, name, against):
    return found.pairs.set_index(["name", "against"]).loc[(name, against)]


@pytest.fixture(scope="module")
def article():
    return compared(A, B, review_period_days=0)


def test_the_documented_example_prints_what_it_says():
    outcome = doctest.testmod(module)
    assert outcome.attempted > 2
    assert outcome.failed == 0


def test_the_articles_safety_stocks_stand_beside_what_a_plan_would_hold(article):
    offers = article.offers.set_index("name")
    assert offers["normal_safety_stock"].tolist() == pytest.approx([77.85, 172.20], abs=0.01)
    assert offers["formula_safety_stock"].tolist() == pytest.approx([82.5, 189.5], abs=2)
    # an order a day of 15 ± 5 days overtakes others: far less is missing than the formulas say
    assert offers.loc["B", "safety_stock"] < 0.7 * offers.loc["B", "normal_safety_stock"]
    assert offers["service"].tolist() == pytest.approx([0.95, 0.95], abs=0.01)


def test_parts_add_up_to_the_total_and_ranges_hold_the_means(article):
    for name in ("A", "B"):
        assert sum(cost(article, part, name) for part in PARTS) == pytest.approx(cost(article, "total", name))
    assert (article.costs["low"] <= article.costs["mean"] + 1e-9).all()
    assert (article.costs["mean"] <= article.costs["high"] + 1e-9).all()


def test_at_its_break_even_price_an_offer_costs_what_the_other_does(article):
    found = pair(article, "A", "B")
    even = compared(replace(A, unit_price=float(found["break_even_price"])), B, review_period_days=0)
    assert cost(even, "total", "A") == pytest.approx(cost(article, "total", "B"), rel=1e-6)
    assert found["premium"] == pytest.approx(found["break_even_price"] / 10.0 - 1)
    assert found["premium_low"] < found["premium"] < found["premium_high"]


def test_what_one_offer_saves_the_other_costs(article):
    one, other = pair(article, "A", "B"), pair(article, "B", "A")
    assert one["saves"] == pytest.approx(cost(article, "total", "B") - cost(article, "total", "A"))
    assert other["saves"] == pytest.approx(-one["saves"])
    assert one["chance"] + other["chance"] == pytest.approx(1)
    assert article.cheapest == ("A" if one["saves"] > 0 else "B")


def test_of_three_offers_each_stands_against_the_cheapest_of_the_others():
    found = compared(A, B, replace(B, name="C", unit_price=9.0))
    best = found.against_best_other().set_index("name")["against"]
    assert found.cheapest == "C"
    assert best.to_dict() == {"A": "C", "B": "C", "C": "B"}


@pytest.mark.parametrize(
    ("part", "better"),
    [
        ("pipeline", {"payment_days": 30.0}),
        ("pipeline", {"lead_time_mean": 5.0}),
        ("price", {"unit_price": 9.9}),
        ("price", {"price_breaks": "100:9.5"}),
    ],
)
def test_a_better_term_costs_less_in_its_own_part(part, better):
    found = compared(B, replace(B, name="other", **better))
    assert cost(found, part, "other") < cost(found, part, "B") - 1


def test_large_lots_are_ordered_seldom_and_lie_longer():
    found = compared(
        replace(B, ordering_cost=50.0), replace(B, name="lots", ordering_cost=50.0, moq=2000.0), level=0.95
    )
    offers = found.offers.set_index("name")
    assert offers.loc["lots", "orders"] < 5
    assert cost(found, "ordering", "lots") < cost(found, "ordering", "B")
    assert cost(found, "stock", "lots") > cost(found, "stock", "B")


def test_rejected_units_are_bought_again_and_asked_for_at_the_same_service():
    found = compared(B, replace(B, name="bad", rejected_share=0.2))
    offers = found.offers.set_index("name")
    assert offers.loc["bad", "reorder_point"] > offers.loc["B", "reorder_point"]
    assert offers.loc["bad", "service"] == pytest.approx(0.95, abs=0.02)


def test_a_higher_promise_holds_more():
    low, high = (compared(A, B, level=level).offers["safety_stock"] for level in (0.9, 0.99))
    assert (high > low).all()


def test_lead_time_demand_is_said_by_chance():
    offers = compared(A, B).offers
    assert np.all(np.diff(offers[["q0.50", "q0.75", "q0.90", "q0.95", "q0.99"]], axis=1) > 0)
    assert offers["lead_time_demand"].tolist() == pytest.approx([340, 440], rel=0.01)


def test_a_sku_of_the_plan_is_compared_on_its_own_forecast(make_forecast, make_inputs):
    forecast = make_forecast([140.0], [20.0], periods=52)
    inputs = make_inputs(forecast.unique_ids, on_hand=[100.0], offers=[])
    demand = ComparedDemand.of_sku(forecast, inputs)
    found = compared(A, B, demand=demand)
    assert found.offers["lead_time_demand"].tolist() == pytest.approx([340, 440], rel=0.02)
    assert found.offers["shortage_source"].tolist() == ["margin", "margin"]
    assert (found.offers["reorder_point"] % 1 == 0).all()
    given = compared(A, B, demand=ComparedDemand.of_sku(forecast, inputs, shortage_cost=50.0))
    assert given.offers["shortage_cost"].tolist() == [50.0, 50.0]


def test_a_base_from_the_slow_and_a_surge_from_the_quick_cost_less_than_either_alone(article):
    split = article.split
    assert (split.base, split.surge) == (1, 0)
    assert 0.05 < split.surge_share < 0.5
    assert split.saves == pytest.approx(cost(article, "total", "B") - split.total, abs=150)  # fewer years
    assert 300 < split.saves < 1000
    assert split.saves_low < split.saves < split.saves_high
    assert split.chance > 0.6
    assert split.surge_point < split.base_point


def test_what_is_slower_and_dearer_is_split_with_nobody():
    assert compared(A, replace(B, unit_price=11.0)).split is None


def test_a_quick_offer_far_too_dear_is_hardly_used():
    dear = compared(replace(A, unit_price=20.0), B).split
    assert dear is None or dear.surge_share < 0.05


def test_an_offer_that_cannot_be_is_refused():
    with pytest.raises(PlanningError, match="lead time is 0"):
        compared(A, replace(B, lead_time_mean=0.0))
    with pytest.raises(PlanningError, match="price_breaks is 'cheap'"):
        compared(A, replace(B, price_breaks="cheap"))
