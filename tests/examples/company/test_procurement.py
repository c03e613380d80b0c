import numpy as np
import pandas as pd

from examples.company.procurement.department_budgets import make_department_budgets
from examples.company.procurement.inventory_lots import make_inventory_lots
from examples.company.procurement.invoices import make_invoices
from examples.company.procurement.requesters import (
    APPROVAL_LIMIT,
    make_approvals,
    make_staff,
    with_requesters,
)
from examples.company.procurement.supplies import SUPPLIES, make_bins, make_usage
from examples.company.procurement.tables import PLANTED

Demo = tuple[dict[str, pd.DataFrame], dict[str, pd.DataFrame]]
AS_OF = pd.Timestamp("2018-01-01")
DAY = pd.Timestamp("2017-03-01")
LINES = pd.DataFrame(
    {
        "order_id": ["p1", "p1", "p2"], "line": ["1", "2", "1"], "supplier_id": ["s", "s", "t"],
        "unique_id": ["a", "b", "a"], "ordered_at": DAY, "quantity_ordered": [10.0, 10.0, 400.0],
        "received_at": [DAY + pd.Timedelta(days=5), DAY + pd.Timedelta(days=5), pd.NaT],
        "quantity_received": [10.0, 9.0, 100.0], "quantity_rejected": [1.0, 0.0, 0.0], "unit_price": [1.0, 2.0, 3.0],
    }
)  # fmt: skip
ITEMS = pd.DataFrame(
    {
        "unique_id": ["a", "b"],
        "department": ["tea", "oil"],
        "unit_cost": [0.5, 2.0],
        "shelf_life_days": [30.0, np.nan],
    }
)


def test_an_order_is_asked_for_by_the_department_of_its_largest_line():
    orders = with_requesters(LINES, ITEMS, np.random.default_rng(1))
    assert orders["department"].tolist() == ["oil", "oil", "tea"]
    assert (orders.groupby("order_id")["site"].nunique() == 1).all()
    pd.testing.assert_frame_equal(orders[LINES.columns], LINES)


def test_the_head_approves_what_is_large_and_nobody_their_own():
    rng = np.random.default_rng(1)
    orders = with_requesters(LINES, ITEMS, rng)
    head = (
        make_staff(orders["department"], np.random.default_rng(2))
        .query("rank == 0")
        .set_index("department")["person"]
    )
    approvals = make_approvals(orders, np.random.default_rng(2)).set_index("order_id")
    assert approvals.loc["p2", "approved_by"] == head["tea"], f"1,200 is more than {APPROVAL_LIMIT}"
    assert approvals.loc["p1", "approved_by"] != head["oil"]
    assert (approvals["requested_by"] != approvals["approved_by"]).all()
    assert (DAY - approvals["at"]).dt.days.between(0, 1).all()


def test_what_was_received_is_invoiced_at_the_orders_price():
    invoices = make_invoices(LINES, np.random.default_rng(1))
    assert invoices[["order_id", "line"]].to_numpy().tolist() in (
        [["p1", "1"], ["p1", "2"]],
        [["p1", "2"], ["p1", "1"]],
    )
    assert invoices.set_index("line")["amount"].to_dict() == {"1": 10.0, "2": 18.0}
    assert (invoices["at"] - DAY).dt.days.between(7, 25).all()
    assert make_invoices(LINES, np.random.default_rng(1), as_of=DAY).empty


def test_lots_are_the_newest_receipts_less_what_was_rejected_and_sum_to_the_stock():
    """Of a 9 came, in two parts on the 6th and 4th, and 100 of p2 on the 8th; of b 9."""
    receipts = pd.DataFrame(
        {
            "order_id": ["p1", "p1", "p1", "p2"], "line": ["1", "1", "2", "1"], "quantity": [4.0, 6.0, 9.0, 100.0],
            "received_at": [DAY + pd.Timedelta(days=day) for day in (3, 5, 5, 7)],
        }
    )  # fmt: skip
    orders = LINES.assign(site=["north", "north", "airport"])
    stock = pd.DataFrame({"unique_id": ["a", "b"], "on_hand": [107.0, 12.0]})
    lots = make_inventory_lots(stock, orders, receipts, ITEMS).set_index(["unique_id", "received_at"])
    assert lots["quantity"].to_dict() == {
        ("a", DAY + pd.Timedelta(days=7)): 100.0,
        ("a", DAY + pd.Timedelta(days=5)): 5.0,
        ("a", DAY + pd.Timedelta(days=3)): 2.0,
        ("b", DAY + pd.Timedelta(days=5)): 9.0,
        ("b", DAY - pd.Timedelta(days=14)): 3.0,
    }
    assert lots.loc["a", "unit_cost"].tolist() == [1.0, 1.0, 3.0]
    assert lots.loc["b", "unit_cost"].tolist() == [2.0, 2.0]
    assert lots.loc["a", "expires_at"].tolist() == [DAY + pd.Timedelta(days=30 + day) for day in (3, 5, 7)]
    assert lots.loc["b", "expires_at"].isna().all()
    less = make_inventory_lots(stock.assign(on_hand=[50.0, 0.0]), orders, receipts, ITEMS)
    assert less[["unique_id", "quantity"]].to_numpy().tolist() == [["a", 50.0]]


def test_supplies_are_used_up_weekly_and_bins_hold_about_three_weeks_of_it():
    weeks = pd.date_range("2017-01-02", periods=52, freq="7D")
    usage = make_usage(pd.Series(["tea", "oil", "tea", None]), weeks, np.random.default_rng(1))
    assert set(usage["unique_id"]) == set(SUPPLIES)
    assert len(SUPPLIES) == len(set(SUPPLIES)) == 40
    assert (usage["quantity"] > 0).all()
    assert not usage.duplicated(["unique_id", "ds", "department", "site"]).any()
    assert set(usage["department"]) == {"tea", "oil"}
    bins = make_bins(usage, AS_OF, np.random.default_rng(1))
    weekly = usage.groupby(["site", "unique_id"])["quantity"].sum() / 52
    cover = bins.set_index(["site", "unique_id"])["capacity"] - 3 * weekly
    assert cover.between(0, 5).all()
    assert (bins["count"] <= bins["capacity"]).all()
    assert (AS_OF - bins["counted_at"]).dt.days.between(1, 6).all()
    assert bins["bin"].is_unique


def test_budgets_are_about_what_was_spent_with_two_months_overshot():
    days = pd.date_range("2017-01-15", periods=12, freq="30D")
    orders = pd.DataFrame(
        [(name, day, 10.0, price) for day in days for name, price in (("tea", 30.0), ("oil", 50.0))],
        columns=["department", "ordered_at", "quantity_ordered", "unit_price"],
    )
    items = pd.DataFrame({"department": ["tea", "oil", "new", None]})
    budgets = make_department_budgets(orders, items, np.random.default_rng(1))
    past = budgets[~budgets["period"].str.contains("Q")]
    spent = past["department"].map({"tea": 300.0, "oil": 500.0})
    share = past["amount"] / spent
    assert len(past) == 24
    assert (share < 1).sum() == 2
    assert ((share > 1.01) & (share < 1.41))[share > 1].all()
    ahead = budgets[budgets["period"] == "2018-Q1"].set_index("department")["amount"]
    assert ahead.to_dict() == {"new": 10_000.0, "oil": 15_000.0, "tea": 10_000.0}


def test_the_demos_lots_sum_to_its_stock_and_none_has_expired(demo: Demo) -> None:
    company, _ = demo
    lots, stock = company["inventory_lots"], company["stock"].set_index("unique_id")["on_hand"]
    summed = lots.groupby("unique_id")["quantity"].sum().reindex(stock.index, fill_value=0.0)
    np.testing.assert_allclose(summed, stock)
    assert (lots["quantity"] > 0).all()
    assert (lots["expires_at"].dropna() >= AS_OF).all()
    assert lots["expires_at"].notna().any()


def test_every_order_of_the_demo_has_a_requester_and_what_was_planted_is_all_that_is_wrong(
    demo: Demo,
) -> None:
    company, truth = demo
    orders, approvals = company["purchase_orders"], company["approvals"]
    assert sorted(approvals["order_id"]) == sorted(orders["order_id"].unique())
    assert 8 <= approvals["department"].nunique() <= 9
    assert orders["site"].nunique() == 4
    anomalies = truth["anomalies"]
    assert anomalies.groupby("kind").size().to_dict() == PLANTED
    assert anomalies["order_id"].is_unique
    by_kind = anomalies.groupby("kind")["order_id"].agg(set)
    assert set(approvals.loc[approvals["approved_by"].isna(), "order_id"]) == by_kind["no_approval"]
    own = approvals["approved_by"] == approvals["requested_by"]
    assert set(approvals.loc[own, "order_id"]) == by_kind["self_approved"]
    lines = company["invoices"].merge(orders, on=["order_id", "line"])
    wrong = lines["amount"] > lines["quantity_received"] * lines["unit_price"] * 1.05 + 0.05
    assert set(lines.loc[wrong, "order_id"]) == by_kind["over_invoiced"]
    assert set(lines.loc[lines.duplicated(["order_id", "line"]), "order_id"]) == by_kind["double_invoice"]
    offers = company["offers"].set_index(["supplier_id", "unique_id"])["unit_price"]
    dear = (
        orders["unit_price"]
        / offers.loc[pd.MultiIndex.from_frame(orders[["supplier_id", "unique_id"]])].to_numpy()
    )
    assert set(orders.loc[dear.to_numpy() > 1.001, "order_id"]) == by_kind["price"]
    assert dear[dear > 1.001].between(1.33, 2.0).all()


def test_the_demos_contracts_are_a_bit_below_the_offers_and_some_end(demo: Demo) -> None:
    company, _ = demo
    contracts, offers = company["contracts"], company["offers"]
    single = contracts.dropna(subset=["unique_id"])
    assert 0.4 < len(single) / offers["preferred"].sum() < 0.6
    lanes = single.merge(offers[offers["preferred"]], on=["supplier_id", "unique_id"], validate="1:1")
    assert len(lanes) == len(single)
    assert (lanes["price"] / lanes["unit_price"]).between(0.93, 1.0).all()
    assert (lanes["lead_time_days_x"] == lanes["lead_time_days_y"]).all()
    of_category = contracts[contracts["unique_id"].isna()]
    assert of_category["category"].isin(company["items"]["category"]).all()
    assert 3 <= len(of_category) <= 10
    assert of_category["price"].isna().all()
    left = (contracts["valid_to"] - AS_OF).dt.days
    assert (left < 0).sum() > 10
    assert left.between(0, 60).sum() > 20
    assert contracts["sla"].between(0.8, 0.99).all()


def test_the_demos_supplies_are_in_no_other_table(demo: Demo) -> None:
    company, _ = demo
    for name in ("usage", "bins"):
        assert set(company[name]["unique_id"]) == set(SUPPLIES)
        assert company[name]["site"].nunique() == 4
    for name in ("items", "demand", "offers", "purchase_orders", "stock", "inventory_lots"):
        assert not company[name]["unique_id"].str.startswith("supply_").any()


def test_the_demos_budgets_of_today_are_far_from_binding(demo: Demo) -> None:
    company, _ = demo
    budgets = company["budgets"]
    ahead = budgets[budgets["period"] == "2018-Q1"].set_index("department")["amount"]
    assert set(ahead.index) == set(company["items"]["department"])
    orders = company["purchase_orders"]
    value = orders["quantity_ordered"] * orders["unit_price"]
    year = value.groupby(orders["department"]).sum()
    assert (ahead.reindex(year.index) > 1.5 * year).all(), "more than in all of 2017"
