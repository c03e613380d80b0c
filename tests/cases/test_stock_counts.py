"""Stock counted before the day of the plan: what came and went since is added up, and what cannot be is said."""

import pandas as pd
import pytest
from small_company import COUNTED, IDS, SmallCompany

from configs.schema import DataConfig
from database.sources.load_tables import check_source

DAY, WEEK = pd.Timedelta(days=1), pd.Timedelta(weeks=1)


def receive(company: SmallCompany, unique_id: str, received_at: pd.Timestamp, **columns: object) -> None:
    """Add an order line of 40 that was received on a day."""
    orders = company.tables["purchase_orders"]
    line = {
        "order_id": f"new-{len(orders)}",
        "line": "1",
        "supplier_id": "S1",
        "unique_id": unique_id,
        "ordered_at": received_at - 14 * DAY,
        "quantity_ordered": 40,
        "received_at": received_at,
        "quantity_received": 40,
    }
    company.tables["purchase_orders"] = pd.concat([orders, pd.DataFrame([line | columns])], ignore_index=True)


def recount(company: SmallCompany, unique_id: str, as_of: pd.Timestamp, on_hand: float) -> None:
    """Put the count of one SKU on another day."""
    stock = company.tables["stock"]
    of_sku = stock["unique_id"] == unique_id
    company.tables["stock"] = stock.assign(
        as_of=stock["as_of"].mask(of_sku, as_of), on_hand=stock["on_hand"].mask(of_sku, on_hand)
    )


def sold(company: SmallCompany, unique_id: str, first: pd.Timestamp) -> float:
    """Demand of a SKU in the periods that start on a day or later."""
    demand = company.tables["demand"]
    return float(demand.loc[(demand["unique_id"] == unique_id) & (demand["ds"] >= first), "y"].sum())


def test_goods_received_after_the_count_are_in_the_position(small_company: SmallCompany) -> None:
    receive(small_company, "A1", COUNTED + 4 * DAY)
    done = small_company.plan()
    assert done.status == 0, done.text
    plan = small_company.table()
    assert plan.loc["A1", "as_of"] == COUNTED + 4 * DAY
    assert plan.loc["A1", ["on_hand", "on_order", "inventory_position"]].tolist() == [70, 0, 70]
    assert plan.loc["A1", ["counted", "received_since", "sold_since"]].tolist() == [30, 40, 0]
    assert plan.loc["A1", "counted_at"] == COUNTED
    assert "counted 2025-02-24: 30; 40 received and 0 sold since" in plan.loc["A1", "reason"]
    assert plan.loc["A0", "on_hand"] == 30
    assert "counted" not in plan.loc["A0", "reason"]
    # what a plan cannot know is said: the days since the count lie in a week that is not over
    assert "4 days since the count lie in a demand period that is not over" in done.text


def test_demand_of_whole_periods_after_the_count_is_taken_off(small_company: SmallCompany) -> None:
    recount(small_company, "A2", COUNTED - 3 * WEEK, 100)
    receive(small_company, "A2", COUNTED - 2 * WEEK)
    gone = sold(small_company, "A2", COUNTED - 3 * WEEK)
    assert small_company.plan().status == 0
    plan = small_company.table()
    assert plan.loc["A2", "on_hand"] == 100 + 40 - gone
    assert plan.loc["A2", ["received_since", "sold_since"]].tolist() == [40, gone]
    checked = small_company.check().text
    assert "1 of 6 SKUs were last counted before 2025-02-24" in checked


def test_a_count_within_a_period_takes_off_only_whole_periods_and_says_so(
    small_company: SmallCompany,
) -> None:
    counted = COUNTED - 2 * WEEK + 2 * DAY
    recount(small_company, "A3", counted, 100)
    last = sold(small_company, "A3", COUNTED - WEEK)
    split = sold(small_company, "A3", COUNTED - 2 * WEEK) - last
    assert small_company.plan().status == 0
    assert small_company.table().loc["A3", "on_hand"] == 100 - last
    text = small_company.check().text
    assert (
        f"counted within a demand period, whose sales cannot be divided; none of its {split:.0f} units"
        in text
    )


def test_a_count_on_the_evening_of_the_last_day_of_a_period_has_its_sales_in_it(
    small_company: SmallCompany,
) -> None:
    recount(small_company, "A3", COUNTED - DAY, 50)
    assert small_company.plan().status == 0
    assert small_company.table().loc["A3", ["on_hand", "sold_since"]].tolist() == [50, 0]
    assert "counted within" not in small_company.check().text


def test_goods_received_on_the_day_of_the_count_are_in_it(small_company: SmallCompany) -> None:
    receive(small_company, "A1", COUNTED)
    assert small_company.plan().status == 0
    assert small_company.table().loc["A1", "on_hand"] == 30
    text = small_company.check().text
    assert "40 units were received on the day of the count and are taken to be in it: of A1" in text


def test_a_received_line_without_a_quantity_adds_what_was_ordered_and_is_said(
    small_company: SmallCompany,
) -> None:
    receive(small_company, "A1", COUNTED + 2 * DAY, quantity_received=None)
    done = small_company.plan()
    assert small_company.table().loc["A1", "on_hand"] == 70
    assert "all that was ordered is added, 40 units of A1" in done.text


def test_rejected_goods_are_not_added(small_company: SmallCompany) -> None:
    receive(small_company, "A1", COUNTED + 2 * DAY, quantity_received=40, quantity_rejected=15)
    small_company.plan()
    assert small_company.table().loc["A1", "on_hand"] == 55


def test_receipts_of_a_line_are_added_once_whether_the_line_books_them_or_not(
    small_company: SmallCompany,
) -> None:
    receive(small_company, "A1", COUNTED + 4 * DAY, order_id="po", quantity_ordered=10, quantity_received=10)
    small_company.tables["receipts"] = pd.DataFrame(
        {
            "order_id": "po",
            "line": "1",
            "received_at": [COUNTED - DAY, COUNTED + 4 * DAY],
            "quantity": [6, 4],
        }
    )
    small_company.plan()
    plan = small_company.table()
    assert plan.loc["A1", ["on_hand", "on_order"]].tolist() == [34, 0]  # the 6 were counted


def test_a_plan_as_of_a_day_before_a_receipt_has_it_on_order(small_company: SmallCompany) -> None:
    receive(small_company, "A1", COUNTED + 4 * DAY)
    small_company.plan("--as-of", f"{COUNTED:%Y-%m-%d}")
    assert small_company.table().loc["A1", ["on_hand", "on_order"]].tolist() == [30, 40]


def test_of_several_counts_the_last_one_before_the_day_is_rolled_forward(small_company: SmallCompany) -> None:
    earlier = pd.DataFrame({"unique_id": IDS, "as_of": COUNTED - 4 * WEEK, "on_hand": 200})
    small_company.tables["stock"] = pd.concat([earlier, small_company.tables["stock"]])
    small_company.plan()
    assert (small_company.table()["on_hand"] == 30).all()
    demand = small_company.tables["demand"]
    until = demand[(demand["ds"] >= COUNTED - 4 * WEEK) & (demand["ds"] < COUNTED - 2 * WEEK)]
    small_company.tables["demand"] = demand[demand["ds"] < COUNTED - 2 * WEEK]
    small_company.tables["stock"] = earlier
    small_company.plan()
    expected = 200 - until.groupby("unique_id")["y"].sum()
    assert (small_company.table()["on_hand"] == expected).all()


def test_demand_beyond_all_that_was_there_is_owed_and_said(small_company: SmallCompany) -> None:
    recount(small_company, "A4", COUNTED - 3 * WEEK, 10)
    gone = sold(small_company, "A4", COUNTED - 3 * WEEK)
    done = small_company.plan()
    plan = small_company.table()
    assert plan.loc["A4", ["on_hand", "inventory_position"]].tolist() == [0, 10 - gone]
    assert (
        f"more was demanded since the count than was counted and received, by {gone - 10:.0f} units"
        in done.text
    )


def test_demand_beyond_all_that_was_there_is_gone_where_sales_are_lost(small_company: SmallCompany) -> None:
    small_company.config.write_text(
        small_company.config.read_text().replace("policy: {", "policy: {lost_sales: true, ")
    )
    recount(small_company, "A4", COUNTED - 3 * WEEK, 10)
    small_company.plan()
    assert small_company.table().loc["A4", "inventory_position"] == 0


def test_a_count_on_the_day_of_the_plan_is_what_it_says(small_company: SmallCompany) -> None:
    assert small_company.plan().status == 0
    plan = small_company.table()
    assert (plan["on_hand"] == 30).all()
    assert (plan[["received_since", "sold_since"]] == 0).all(axis=None)
    assert plan["as_of"].eq(COUNTED).all()


@pytest.mark.parametrize("evening", [True, False])
def test_a_daily_count_has_the_sales_of_its_day_in_it(untrained_company: SmallCompany, evening: bool) -> None:
    days = pd.date_range("2024-01-01", periods=60)
    counted = days[-1] if evening else days[-3]
    untrained_company.tables = {
        "demand": pd.DataFrame({"unique_id": "A", "ds": days, "y": 5}),
        "stock": pd.DataFrame({"unique_id": ["A"], "as_of": counted, "on_hand": 40}),
    }
    untrained_company.write()
    checked = check_source(str(untrained_company.data), DataConfig())
    assert checked.tables.stock["on_hand"].tolist() == [40 if evening else 30]
