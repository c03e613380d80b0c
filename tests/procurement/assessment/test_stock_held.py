"""Stock value, cover, excess, dead stock and carrying cost of small companies, by hand."""

import numpy as np
import pandas as pd
import pytest

from procurement.assessment.stock_held import by_cover, is_dead, most_needed, stock_by_sku, stock_held

END = pd.Timestamp("2024-01-01")
STEADY = {"policy": {"review_period_days": 7}}


def stock(**on_hand: float) -> pd.DataFrame:
    return pd.DataFrame({"unique_id": list(on_hand), "as_of": END, "on_hand": list(on_hand.values())})


def items(*ids: str) -> pd.DataFrame:
    return pd.DataFrame({"unique_id": ids, "unit_cost": 2.0, "unit_price": 5.0})


def test_without_lead_times_excess_is_beyond_180_days_and_dead_stock_is_not_excess(facts_of, weekly) -> None:
    facts = facts_of(demand=weekly(a=7, b=0), items=items("a", "b"), stock=stock(a=300, b=50))
    finding = stock_held(facts)
    assert finding.value("value").middle == pytest.approx(700)
    assert finding.value("days_of_cover").middle == pytest.approx(300)
    assert finding.value("excess").middle == pytest.approx((300 - 180) * 2)
    assert finding.value("dead").middle == pytest.approx(100)
    assert finding.value("carrying_cost").middle == pytest.approx(700 * 0.25)
    assert finding.value("turnover").middle == pytest.approx(52 * 7 * 2 / 700)
    assert finding.tables["excess_by_sku"]["unique_id"].tolist() == ["a"]
    assert finding.tables["dead_by_sku"]["unique_id"].tolist() == ["b"]


def test_with_a_lead_time_excess_is_above_the_most_that_the_policy_holds(facts_of, weekly, lines) -> None:
    orders = lines([14.0] * 10)
    facts = facts_of(STEADY, demand=weekly(a=7), items=items("a"), stock=stock(a=100), purchase_orders=orders)
    # 14 days of lead time and 7 of review at 1 a day, no spread at all, and the typical order of 10
    assert most_needed(facts, 0.95).tolist() == pytest.approx([31])
    finding = stock_held(facts)
    assert [getattr(finding.value("excess"), end) for end in ("low", "middle", "high")] == pytest.approx(
        [138, 138, 138]
    )


def test_the_higher_the_service_the_less_is_excess(facts_of, weekly, lines) -> None:
    orders = lines([7.0, 21.0] * 5)
    facts = facts_of(STEADY, demand=weekly(a=7), items=items("a"), stock=stock(a=100), purchase_orders=orders)
    found = stock_held(facts).value("excess")
    # σ_L = 7, d = 1: safety stock is 7 z
    z = np.array([2.0537489, 1.6448536, 1.2815516])
    assert [found.low, found.middle, found.high] == pytest.approx(2 * (100 - 31 - 7 * z))


def test_a_new_sku_and_one_just_ordered_are_not_dead(facts_of, weekly, lines) -> None:
    demand = weekly(old=0, new=[0] * 10, bought=0, sells=3)
    orders = lines([5.0], first="2023-11-06", unique_id="bought")
    facts = facts_of(demand=demand, purchase_orders=orders, stock=stock(old=1, new=1, bought=1, sells=1))
    assert dict(zip(facts.skus["unique_id"], is_dead(facts), strict=True)) == {
        "bought": False, "new": False, "old": True, "sells": False,
    }  # fmt: skip


def test_stock_that_never_had_demand_is_dead(facts_of, weekly) -> None:
    facts = facts_of(demand=weekly(a=7), items=items("a", "x"), stock=stock(x=10))
    assert stock_held(facts).value("dead").middle == pytest.approx(20)


def test_the_average_stock_of_a_sku_that_receives_is_that_of_its_movements(facts_of, weekly, lines) -> None:
    orders = lines([7.0] * 40).assign(quantity_ordered=7.0, quantity_received=7.0)
    facts = facts_of(demand=weekly(a=7), items=items("a"), stock=stock(a=35), purchase_orders=orders)
    row = stock_by_sku(facts).iloc[0]
    assert row["value"] == pytest.approx(70)
    assert row["average_value"] > 70  # it opened with all that was sold before and beyond the receipts
    alone = facts_of(demand=weekly(a=7), items=items("a"), stock=stock(a=35))
    assert stock_by_sku(alone)["average_value"].iloc[0] == pytest.approx(70)


def test_the_range_of_the_value_is_that_of_the_costing_methods(facts_of, weekly, lines) -> None:
    prices = np.linspace(1, 3, 40)
    orders = lines([7.0] * 40).assign(quantity_ordered=7.0, quantity_received=7.0, unit_price=prices)
    facts = facts_of(demand=weekly(a=7), items=items("a"), stock=stock(a=35), purchase_orders=orders)
    value = stock_held(facts).value("value")
    assert value.low < value.middle == value.high  # prices rise: last in, first out is worth least


def test_the_price_of_an_offer_and_then_of_orders_stands_in_for_a_unit_cost(facts_of, weekly, lines) -> None:
    offers = pd.DataFrame({"unique_id": ["a", "a"], "supplier_id": ["S", "T"], "unit_price": [4.0, 3.0]})
    orders = lines([5.0] * 3, unique_id="b").assign(unit_price=[6.0, 7.0, 9.0])
    facts = facts_of(demand=weekly(a=7, b=7, c=7), offers=offers, purchase_orders=orders)
    costs = facts.skus.set_index("unique_id")
    assert costs["unit_cost"].tolist() == pytest.approx([3.0, 7.0, np.nan], nan_ok=True)
    assert costs["cost_from"].tolist() == ["offers", "orders", ""]


def test_stock_falls_into_bands_of_cover_and_none_is_lost() -> None:
    frame = pd.DataFrame(
        {
            "units": [1.0, 1, 1, 1, 0],
            "value": [10.0, 20, 30, np.nan, 99],
            "days_of_cover": [29.9, 30.0, 400.0, np.nan, 0.0],
        }
    )
    table = by_cover(frame).set_index("cover")
    assert table["skus"].to_dict() == {
        "0 to 30 days": 1, "30 to 90 days": 1, "90 to 180 days": 0, "180 to 365 days": 0, "over 365 days": 1,
        "no demand": 1,
    }  # fmt: skip
    assert table["value"].tolist() == [10, 20, 0, 0, 30, 0]


def test_without_stock_or_any_price_it_says_what_to_give(facts_of, weekly) -> None:
    assert "no stock" in stock_held(facts_of(demand=weekly(a=7))).missing
    assert "unit_cost" in stock_held(facts_of(demand=weekly(a=7), stock=stock(a=10))).missing
