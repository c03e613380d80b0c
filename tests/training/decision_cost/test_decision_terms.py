from typing import Any

import numpy as np
import pandas as pd
import pytest

from configs.schema import PolicyConfig
from features.contract.tables import Tables, empty_table
from planning.inputs import PlanInputs
from training.decision_cost.decision_terms import DecisionTerms, decision_terms

START = pd.Timestamp("2024-01-01")


def table(name: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Contract table `name` with these rows."""
    empty = empty_table(name)
    return pd.DataFrame(rows).reindex(columns=empty.columns).astype(empty.dtypes) if rows else empty


def terms_of(
    policy: PolicyConfig,
    item: dict[str, Any] | None = None,
    offers: list[dict[str, Any]] | None = None,
    orders: list[dict[str, Any]] | None = None,
) -> DecisionTerms:
    """Terms of sku0, of which `item` is known, and of sku1, of which nothing is."""
    purchase_orders = table("purchase_orders", orders or [])
    tables = Tables(
        items=table("items", [{"unique_id": "sku0", **(item or {})}]),
        offers=table("offers", offers or []),
        purchase_orders=purchase_orders,
    )
    nothing_open = purchase_orders.assign(is_open=False, quantity_open=0.0, age=0.0)
    inputs = PlanInputs.of(tables, nothing_open, as_of=START + pd.Timedelta(days=100))
    return decision_terms(np.array(["sku0", "sku1"], object), inputs, policy, "W-MON")


def test_own_costs_of_an_item_hold() -> None:
    policy = PolicyConfig(target="cost", review_period_days=7)
    terms = terms_of(policy, {"holding_cost": 0.2, "shortage_cost": 1.0})
    assert terms.items.loc[0, ["holding", "shortage"]].tolist() == pytest.approx([0.2, 1.0])


def test_holding_comes_from_the_rate_and_the_unit_cost() -> None:
    terms = terms_of(PolicyConfig(holding_cost_rate=0.25), {"unit_cost": 100.0})
    assert terms.items.loc[0, "holding"] == pytest.approx(0.25 * 100 * 7 / 365)


def test_holding_comes_from_the_price_of_the_offer_that_is_bought_at() -> None:
    offers = [
        {"supplier_id": "a", "unique_id": "sku0", "unit_price": 80.0, "preferred": False},
        {"supplier_id": "b", "unique_id": "sku0", "unit_price": 120.0, "preferred": True},
    ]
    terms = terms_of(PolicyConfig(holding_cost_rate=0.25), {"unit_cost": 100.0}, offers)
    assert terms.items.loc[0, "holding"] == pytest.approx(0.25 * 120 * 7 / 365)


def test_a_margin_is_what_a_unit_short_costs() -> None:
    terms = terms_of(PolicyConfig(), {"unit_cost": 100.0, "unit_price": 130.0})
    assert terms.items.loc[0, "shortage"] == pytest.approx(30.0)


def test_a_service_level_implies_the_shortage_cost_that_makes_it_best() -> None:
    terms = terms_of(PolicyConfig(level=0.9, review_period_days=14))
    row = terms.items.loc[0]
    assert terms.review == 2
    assert row["shortage"] / (row["shortage"] + 2 * row["holding"]) == pytest.approx(0.9)


def test_a_sku_that_items_does_not_know_is_judged_all_the_same() -> None:
    terms = terms_of(PolicyConfig(), {"holding_cost": 0.2})
    assert terms.items["unique_id"].tolist() == ["sku0", "sku1"]
    assert terms.items.loc[1, "holding"] == 1.0


def test_the_usual_lead_time_is_that_of_past_orders_else_of_offers_else_of_the_others() -> None:
    orders = [
        {
            "order_id": f"PO{days}",
            "line": "1",
            "supplier_id": "a",
            "unique_id": "sku0",
            "ordered_at": START,
            "received_at": START + pd.Timedelta(days=days),
        }
        for days in (20, 22, 90)
    ]
    offers = [{"supplier_id": "a", "unique_id": "sku0", "lead_time_days": 7.0, "preferred": False}]
    for more, expected in (((offers, orders), [3, 3]), ((offers, None), [1, 1]), ((None, None), [0, 0])):
        assert terms_of(PolicyConfig(), None, *more).items["lead_time"].tolist() == expected
