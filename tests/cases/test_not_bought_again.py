"""What never sold, has stopped selling or is replaced is not bought again; nothing is short that nobody asks for."""

import numpy as np
import pandas as pd
import pytest
from small_company import COUNTED, SmallCompany


def replaced(company: SmallCompany, day: pd.Timestamp | None, **columns: object) -> pd.DataFrame:
    """Plan with A1 as the successor of A0 from `day` on, and further columns of A0's item."""
    items = company.tables["items"].assign(replaces=None, replaces_from=pd.NaT)
    items.loc[1, "replaces"] = "A0"
    items.loc[1, "replaces_from"] = day
    for name, value in columns.items():
        items[name] = None
        items.loc[0, name] = value
    company.tables["items"] = items
    done = company.plan()
    assert done.status == 0, done.text
    return company.table()


def test_a_sku_that_never_sold_is_not_ordered(small_company: SmallCompany) -> None:
    demand, stock = small_company.tables["demand"], small_company.tables["stock"]
    demand.loc[demand["unique_id"] == "A3", "y"] = 0
    stock["on_hand"] = 0
    small_company.plan()
    row = small_company.table().loc["A3"]
    assert (row["reorder_point"], row["order_up_to"], row["order_quantity"]) == (0, 0, 0)
    assert pd.isna(row["order_by"])
    assert row["reason"].startswith("No order: position 0")
    assert "no sale for so long that it is not bought again" in row["reason"]


def test_what_is_owed_of_a_dead_sku_is_bought_all_the_same(small_company: SmallCompany) -> None:
    demand, stock = small_company.tables["demand"], small_company.tables["stock"]
    demand.loc[demand["unique_id"] == "A3", "y"] = 0
    small_company.tables["stock"] = stock.assign(on_hand=0, backorders=[0, 0, 0, 7, 0, 0])
    small_company.plan()
    assert small_company.table().loc["A3", "order_quantity"] == 7


def without_demand(
    company: SmallCompany, first: pd.Timestamp | None, *, open_line: bool = False
) -> pd.Series:
    """The plan of A3 without any demand and on hand, its two orders received from `first` on; or both still open."""
    tables = company.tables
    tables["demand"] = tables["demand"][tables["demand"]["unique_id"] != "A3"]
    tables["stock"]["on_hand"] = 0
    orders = tables["purchase_orders"]
    own = orders[orders["unique_id"] == "A3"].iloc[: 0 if first is None else 2].copy()
    for n, column in enumerate(["ordered_at", "promised_at", "received_at"] if first is not None else []):
        own[column] = [first + pd.Timedelta(days=14 * (min(n, 1) - 1 + late)) for late in (0, 1)]
    tables["purchase_orders"] = pd.concat([orders[orders["unique_id"] != "A3"], own])
    if open_line:
        tables["purchase_orders"].loc[own.index, ["received_at", "quantity_received"]] = None
    done = company.plan()
    assert done.status == 0, done.text
    return company.table().loc["A3"]


HALF_A_YEAR = pd.Timedelta(days=182)


@pytest.mark.parametrize(
    "first", [None, COUNTED - pd.Timedelta(days=365), COUNTED - HALF_A_YEAR - pd.Timedelta(days=1)]
)
def test_an_item_without_any_demand_is_not_ordered_where_no_order_says_that_it_is_new(
    first: pd.Timestamp | None, small_company: SmallCompany
) -> None:
    row = without_demand(small_company, first)
    assert (row["reorder_point"], row["order_up_to"], row["order_quantity"]) == (0, 0, 0)
    assert row["reason"].startswith("No order: position 0")
    assert "no demand of it is known, and no order of the last half-year says it is new" in row["reason"]
    assert "planned as new" not in row["reason"]
    assert row["codes"] == "no_demand;never_sold"
    assert (row["stockout_probability"], row["expected_shortage"], row["expected_lead_time_demand"]) == (
        0,
        0,
        0,
    )


@pytest.mark.parametrize("first", [COUNTED - HALF_A_YEAR, COUNTED - pd.Timedelta(days=21)])
def test_an_item_that_came_first_of_late_is_planned_as_new(
    first: pd.Timestamp, small_company: SmallCompany
) -> None:
    row = without_demand(small_company, first)
    assert row["expected_lead_time_demand"] == pytest.approx(60, rel=0.1)  # all others sell 20 a week
    assert row["order_quantity"] >= 60
    assert (
        "no demand of it is known: planned as new, by what SKUs of its category typically sell"
        in row["reason"]
    )


@pytest.mark.parametrize(("days", "new"), [(7, True), (400, False)])
def test_an_item_whose_first_order_is_to_come_is_new_while_that_order_is_young(
    days: int, new: bool, small_company: SmallCompany
) -> None:
    first = COUNTED - pd.Timedelta(days=days) + pd.Timedelta(days=14)  # ordered `days` before the plan
    row = without_demand(small_company, first, open_line=True)
    assert ("planned as new" in row["reason"]) == new
    assert (row["reorder_point"] > 0) == new


def test_what_is_owed_of_an_item_without_any_demand_is_bought(small_company: SmallCompany) -> None:
    small_company.tables["stock"]["backorders"] = [0, 0, 0, 7, 0, 0]
    assert without_demand(small_company, None)["order_quantity"] == 7


def test_no_more_is_short_than_is_asked_for(small_company: SmallCompany) -> None:
    demand = small_company.tables["demand"]
    rare = demand["unique_id"].isin(["A1", "A2"])
    demand.loc[rare, "y"] = np.tile([0] * 39 + [1] + [0] * 20, 2)
    small_company.tables["stock"]["on_hand"] = 0
    small_company.plan()
    plan, ahead = small_company.table(), small_company.table("projection")
    assert (plan["expected_shortage"] <= plan["expected_lead_time_demand"] * (1 + 1e-6)).all()
    last = ahead.groupby("unique_id")["expected_shortage"].max()
    assert (ahead.groupby("unique_id")["expected_shortage"].diff().fillna(0) >= -1e-9).all()
    assert last["A1"] < 10


def test_a_replaced_sku_is_run_down_and_its_successor_takes_over(small_company: SmallCompany) -> None:
    small_company.plan()
    usual = small_company.table()["order_quantity"]
    plan = replaced(small_company, COUNTED - pd.Timedelta(days=7))
    assert (plan.loc["A0", "reorder_point"], plan.loc["A0", "order_quantity"]) == (0, 0)
    assert pd.isna(plan.loc["A0", "order_by"])
    assert "it is run down, not bought again" in plan.loc["A0", "reason"]
    assert plan.loc["A1", "order_quantity"] > 1.5 * usual["A1"]
    assert (plan["order_quantity"][2:] == usual[2:]).all()


def test_a_successor_that_has_not_sold_yet_ends_the_old_sku_too(small_company: SmallCompany) -> None:
    demand = small_company.tables["demand"]
    small_company.tables["demand"] = demand[demand["unique_id"] != "A1"]
    plan = replaced(small_company, None)
    assert plan.loc["A0", "order_quantity"] == 0
    assert plan.loc["A0", "stockout_probability"] == 0
    assert plan.loc["A1", "expected_lead_time_demand"] > 50


def test_a_last_buy_orders_what_remains_of_the_demand(small_company: SmallCompany) -> None:
    small_company.tables["stock"]["on_hand"] = 0
    plan = replaced(small_company, COUNTED - pd.Timedelta(days=7), last_buy=True)
    assert 10 < plan.loc["A0", "order_quantity"] < 40
    assert "another SKU takes over its demand" in plan.loc["A0", "reason"]


def test_before_a_planned_change_no_more_is_bought_than_sells_until_then(small_company: SmallCompany) -> None:
    offers = small_company.tables["offers"]
    offers["ordering_cost"] = 50.0
    small_company.plan()
    usual = small_company.table()
    plan = replaced(small_company, COUNTED + pd.Timedelta(days=42))
    assert usual.loc["A0", "order_up_to"] > 300
    assert plan.loc["A0", "reorder_point"] > 50
    assert plan.loc["A0", "order_up_to"] < 140  # six weeks at 20 a week
    offers["moq"] = 400
    forced = replaced(small_company, COUNTED + pd.Timedelta(days=42)).loc["A0"]
    assert forced["order_quantity"] == 400
    assert "more than sells before another SKU takes over" in forced["reason"]
