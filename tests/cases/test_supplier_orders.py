"""Cases: the lines of a supplier as one order. Six SKUs at 20 a week from S1 in 14 days, the plan's day is a Monday."""

import json

import pandas as pd
import pytest
from small_company import SmallCompany

from artifacts.manifest import MANIFEST
from artifacts.plan_snapshot import read_snapshot


def with_terms(company: SmallCompany, *, on_hand: list[float], **terms: object) -> None:
    """Give S1 terms, and the SKUs a price and stock."""
    tables = company.tables
    tables["suppliers"] = pd.DataFrame([{"supplier_id": "S1"} | terms])
    tables["stock"] = tables["stock"].assign(on_hand=on_hand)
    tables["items"] = tables["items"].assign(unit_cost=2.0, weight=1.5, units_per_pallet=100.0)
    tables["offers"] = tables["offers"].assign(unit_price=2.0, ordering_cost=0.5)


def totals_agree(company: SmallCompany) -> None:
    """Σ quantity × price of the plan is the sum of the lines and of the orders, and landed money adds up."""
    plan, lines, orders = company.table(), company.table("order_lines"), company.table("orders")
    ordered = plan[plan["order_quantity"] > 0]
    assert lines["quantity"].sum() == ordered["order_quantity"].sum()
    assert lines["goods"].sum() == pytest.approx(
        (ordered["order_quantity"] * ordered["unit_price"]).sum(), abs=1e-9
    )
    assert orders["goods"].sum() == pytest.approx(lines["goods"].sum(), abs=1e-9)
    assert orders["landed"].sum() == pytest.approx(lines["landed"].sum())
    assert (orders["landed"] - orders[["goods", "freight", "ordering_cost"]].sum(axis=1)).abs().max() < 1e-9
    assert orders["lines"].sum() == len(lines)


def test_a_supplier_without_terms_has_its_lines_as_each_sku_orders_them(small_company: SmallCompany) -> None:
    with_terms(small_company, on_hand=[30, 40, 70, 90, 150, 400])
    assert small_company.plan().status == 0
    lines, orders = small_company.table("order_lines"), small_company.table("orders").iloc[0]
    assert set(lines["origin"]) == {"needed"}
    assert (lines["alone"] == lines["quantity"]).all()
    assert (lines["risk_if_ordered"] <= lines["risk_if_skipped"]).all()
    assert (lines["stock_days_after"] > lines["stock_days_now"]).all()
    assert (lines["weight"] == 1.5 * lines["quantity"]).all()
    assert pd.isna(orders["minimum_met"])
    assert pd.isna(orders["capacity_share"])
    assert not orders["waits"]
    assert (orders["freight"], orders["ordering_cost"]) == (0, 0.5 * len(lines))
    totals_agree(small_company)


def test_who_is_nearly_due_joins_and_the_plan_says_so(small_company: SmallCompany) -> None:
    with_terms(small_company, on_hand=[30, 40, 70, 90, 150, 400], ordering_cost=40.0, freight_cost=20.0)
    assert small_company.plan().status == 0
    lines, plan = small_company.table("order_lines"), small_company.table()
    joins = lines[lines["origin"] == "joins"]
    assert len(joins)
    assert (joins["alone"] == 0).all()
    said = plan.loc[joins["unique_id"].iloc[0], "reason"]
    assert "joins because an order of its supplier goes anyway" in said
    why = json.loads(joins["why"].iloc[0])
    assert why["codes"] == ["joins_order"]
    assert why["sentence"].startswith("Due in about ")
    assert why["facts"]["due_in_days"] > 0
    order = small_company.table("orders").iloc[0]
    assert order["ordering_cost"] == pytest.approx(40 + 0.5 * len(lines))
    assert order["freight"] == 20
    totals_agree(small_company)


def test_a_minimum_is_filled_or_waits_until_enough_is_due(small_company: SmallCompany) -> None:
    with_terms(small_company, on_hand=[30, 40, 70, 90, 150, 400], minimum_order_value=700.0)
    assert small_company.plan().status == 0
    order = small_company.table("orders").iloc[0]
    assert order["goods"] >= 700
    assert order["minimum_met"]
    totals_agree(small_company)
    with_terms(small_company, on_hand=[30, 40, 70, 90, 150, 400], minimum_order_value=1e7)
    assert small_company.plan().status == 0
    waiting, plan = small_company.table("orders").iloc[0], small_company.table()
    assert waiting["waits"]
    assert waiting["lines"] == 0
    assert not waiting["minimum_met"]
    assert waiting["order_on"] > plan["as_of"].iloc[0]
    assert json.loads(waiting["why"])["codes"] == ["minimum_out_of_reach"]
    assert (plan["order_quantity"] == 0).all()
    assert plan["reason"].str.startswith("No order today from S1").any()
    assert small_company.table("order_lines").empty


def test_orders_leave_on_the_suppliers_days(small_company: SmallCompany) -> None:
    with_terms(small_company, on_hand=[30, 40, 70, 90, 150, 400], order_days="Wed", ordering_cost=40.0)
    assert small_company.plan().status == 0
    lines = small_company.table("order_lines")
    assert set(lines["order_on"].dt.weekday) == {2}
    assert set(lines["order_by"].dt.weekday) == {2}
    assert (lines["order_by"] >= lines["order_on"]).all()


def test_a_budget_binds_and_says_what_more_of_it_would_save(small_company: SmallCompany) -> None:
    with_terms(small_company, on_hand=[30, 40, 70, 90, 150, 400])
    assert small_company.plan().status == 0
    wanted = small_company.table("order_lines")["goods"].sum()
    day = small_company.table()["as_of"].iloc[0]
    small_company.tables["budgets"] = pd.DataFrame(
        {"period": [f"{day:%Y-%m}", "1999"], "amount": [0.6 * wanted, 0.0]}
    )
    assert small_company.plan().status == 0
    use = small_company.table("budget_use").iloc[0]
    ordered = small_company.table("order_lines")["goods"].sum()
    assert len(small_company.table("budget_use")) == 1
    assert use["binds"]
    assert use["wanted"] == pytest.approx(wanted)
    assert use["ordered"] == pytest.approx(ordered)
    assert ordered <= use["amount"] - use["spent"]
    assert use["saves"] > 0
    assert small_company.table("orders")["budget"].iloc[0] == f"{day:%Y-%m}"
    assert small_company.table()["reason"].str.contains("a budget is spent on what is worth more").any()
    totals_agree(small_company)


def test_terms_in_another_currency_are_the_companys(small_company: SmallCompany) -> None:
    with_terms(
        small_company,
        on_hand=[30, 40, 70, 90, 150, 400],
        minimum_order_value=700.0,
        currency="USD",
        freight_cost=10.0,
    )
    day = small_company.tables["stock"]["as_of"].max()
    small_company.tables["rates"] = pd.DataFrame({"currency": ["USD"], "ds": [day], "rate": [0.5]})
    assert small_company.plan().status == 0
    order = small_company.table("orders").iloc[0]
    assert (order["minimum_value"], order["freight"]) == (350, 5)


def test_wrong_terms_are_refused_with_how_to_write_them(small_company: SmallCompany) -> None:
    suppliers = pd.DataFrame({"supplier_id": [f"S{i}" for i in range(1, 60)]})
    wrong = suppliers.assign(ordering_cost=[-5.0, *[1.0] * 58], capacity_weight=[9.0, 0.0, *[9.0] * 57])
    small_company.tables["suppliers"] = wrong
    small_company.tables["budgets"] = pd.DataFrame({"period": ["2025-02", "soon"], "amount": [5.0, 5.0]})
    text = small_company.check().text
    assert "ordering_cost is -5.0, expected a number ≥ 0" in text
    assert "capacity_weight is 0.0, expected a number > 0 (empty where nothing binds)" in text
    assert (
        "period is soon, expected a year, quarter, month or week such as 2024, 2024-Q2, 2024-06 or 2024-W23"
        in text
    )


def test_terms_with_nothing_to_work_on_are_named(small_company: SmallCompany) -> None:
    small_company.tables["suppliers"] = pd.DataFrame(
        {"supplier_id": ["S1"], "free_freight_from": [500.0], "capacity_weight": [100.0]}
    )
    small_company.tables["budgets"] = pd.DataFrame(
        {"period": ["2025"], "amount": [9.0], "supplier_id": ["S7"], "category": ["none"]}
    )
    text = small_company.check().text
    assert "1 suppliers (S1) have free_freight_from and no freight_cost" in text
    assert "6 SKUs of suppliers with a capacity_weight have no weight" in text
    assert "suppliers of budgets are in no other table: their budgets bind nothing" in text
    assert "categories of budgets are those of no item: their budgets bind nothing" in text


def test_a_snapshot_made_before_there_were_orders_is_read_without_any(small_company: SmallCompany) -> None:
    assert small_company.plan().status == 0
    folder = max((small_company.home / "plans").iterdir(), key=lambda path: path.stat().st_mtime)
    assert len(read_snapshot(folder).supplier_orders) == 1
    facts = json.loads((folder / "facts.json").read_text())
    (folder / "facts.json").write_text(json.dumps({k: v for k, v in facts.items() if k != "manifest"}))
    (folder / MANIFEST).unlink()
    for name in ("order_lines", "supplier_orders", "budget_use"):
        (folder / f"{name}.parquet").unlink()
    old = read_snapshot(folder)
    assert old.order_lines.empty
    assert "goods" in old.supplier_orders
    assert "saves" in old.budget_use


def test_an_order_waits_until_its_supplier_opens_again(small_company: SmallCompany) -> None:
    with_terms(small_company, on_hand=[30, 40, 70, 90, 150, 400], region="Asia")
    day = small_company.tables["stock"]["as_of"].max()
    small_company.tables["events"] = pd.DataFrame(
        {"ds": [day], "until": [day + pd.Timedelta(days=2)], "name": ["new year"], "region": ["Asia"]}
    )
    assert small_company.plan().status == 0
    lines = small_company.table("order_lines")
    assert len(lines)
    assert set(lines["order_on"] - day) == {pd.Timedelta(days=3)}
    assert (lines["order_by"] >= lines["order_on"]).all()
