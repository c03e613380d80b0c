from typing import Any

import pandas as pd
import pytest

from configs.schema import PolicyConfig
from features.contract.tables import Tables, empty_table
from training.decision_cost.terms import decision_terms


def _tables(offers: pd.DataFrame | None = None, orders: pd.DataFrame | None = None, **columns: Any) -> Tables:
    demand = pd.DataFrame({"unique_id": ["sku0", "sku1"], "ds": pd.Timestamp("2024-01-01"), "y": 1.0})
    items = empty_table("items").reindex([0]).assign(unique_id="sku0", **columns)
    more = {"offers": offers, "purchase_orders": orders}
    return Tables(demand=demand, items=items, **{name: t for name, t in more.items() if t is not None})


def test_own_costs_of_an_item_hold() -> None:
    policy = PolicyConfig(target="cost", review_period_days=7)
    terms = decision_terms(_tables(holding_cost=0.2, shortage_cost=1.0), policy, "W-MON")
    assert terms.items.loc[0, ["holding", "shortage"]].tolist() == [0.2, 1.0]


def test_holding_comes_from_the_rate_and_the_unit_cost() -> None:
    terms = decision_terms(_tables(unit_cost=100.0), PolicyConfig(holding_cost_rate=0.25), "W-MON")
    assert terms.items.loc[0, "holding"] == pytest.approx(0.25 * 100 * 7 / 365.25)


def test_a_service_level_implies_the_shortage_cost_that_makes_it_best() -> None:
    terms = decision_terms(_tables(), PolicyConfig(level=0.9, review_period_days=14), "W-MON")
    row = terms.items.loc[0]
    assert terms.review == 2
    assert row["shortage"] / (row["shortage"] + 2 * row["holding"]) == pytest.approx(0.9)


def test_a_sku_that_items_does_not_know_is_judged_all_the_same() -> None:
    terms = decision_terms(_tables(holding_cost=0.2), PolicyConfig(), "W-MON")
    assert terms.items["unique_id"].tolist() == ["sku0", "sku1"]
    assert terms.items.loc[1, "holding"] == 1.0


def test_the_usual_lead_time_is_that_of_past_orders_else_of_offers_else_of_the_others() -> None:
    start = pd.Timestamp("2024-01-01")
    orders = pd.DataFrame(
        {
            "unique_id": "sku0",
            "ordered_at": start,
            "received_at": [start + pd.Timedelta(days=d) for d in (20, 22, 90)],
        }
    )
    offers = pd.DataFrame({"unique_id": ["sku0"], "lead_time_days": [7.0]})
    assert decision_terms(_tables(offers, orders), PolicyConfig(), "W-MON").items["lead_time"].tolist() == [
        3,
        3,
    ]
    assert decision_terms(_tables(offers), PolicyConfig(), "W-MON").items["lead_time"].tolist() == [1, 1]
    assert decision_terms(_tables(), PolicyConfig(), "W-MON").items["lead_time"].tolist() == [0, 0]
