import numpy as np
import pandas as pd
import pytest

from benchmarks.decisions.demo_day import DemoCompany, known_on, stock_on

DAY = pd.Timestamp("2017-03-06")


def day(text):
    """A day of 2017."""
    return pd.Timestamp(f"2017-{text}")


@pytest.fixture
def company():
    """One SKU with an order received, one received in part, one received later, and one placed later."""
    weeks = pd.date_range("2017-02-20", periods=5, freq="7D")
    demand = pd.DataFrame(
        {"unique_id": "a", "ds": weeks, "y": [5.0, 6, 7, 8, np.nan], "price": 2.0, "promotion": 0.1}
    )
    demand["in_stock"] = pd.Series(True, index=demand.index, dtype="boolean").where(demand["y"].notna())
    orders = pd.DataFrame(
        {
            "order_id": ["1", "2", "3", "4"],
            "line": "1",
            "unique_id": "a",
            "ordered_at": [day("02-20"), day("02-27"), day("02-27"), day("03-06")],
            "quantity_ordered": [10.0, 20, 30, 40],
            "received_at": [day("03-01"), day("03-08"), day("03-06"), pd.NaT],
            "repromised_at": [pd.NaT, day("03-09"), pd.NaT, pd.NaT],
            "quantity_received": [10.0, 20, 30, 0],
            "quantity_rejected": [1.0, 2, 0, 0],
        }
    )
    receipts = pd.DataFrame(
        {
            "order_id": ["1", "2", "2", "3"],
            "line": "1",
            "received_at": [day("03-01"), day("03-04"), day("03-08"), day("03-06")],
            "quantity": [10.0, 12, 8, 30],
        }
    )
    stock = pd.DataFrame({"unique_id": ["a"], "as_of": [day("03-20")], "on_hand": [3.0]})
    tables = {"demand": demand, "purchase_orders": orders, "receipts": receipts, "stock": stock}
    truth = {
        "stock": pd.DataFrame({"unique_id": ["a"], "start": [4.0]}),
        "waste": pd.DataFrame({"unique_id": ["a", "a"], "ds": [day("03-05"), DAY], "units": [1.0, 2.0]}),
    }
    return DemoCompany(tables, truth, pd.DataFrame())


def test_nothing_later_is_known(company):
    known = known_on(company, DAY)
    demand, orders = known["demand"], known["purchase_orders"]
    assert demand.loc[demand["ds"] >= DAY, ["y", "price", "in_stock"]].isna().all(axis=None)
    assert demand["promotion"].notna().all()  # the plan is known ahead
    assert orders["order_id"].tolist() == ["1", "2", "3"]
    assert orders["received_at"].tolist()[0] == day("03-01")
    assert orders["received_at"].isna().tolist() == [False, True, True]
    assert orders["repromised_at"].isna().all()
    assert orders["quantity_received"].tolist() == [10, 12, 0]
    assert orders["quantity_rejected"].tolist() == [1, 0, 0]
    assert (known["receipts"]["received_at"] < DAY).all()


def test_stock_is_what_came_less_what_was_rejected_sold_and_thrown_away(company):
    assert stock_on(company, DAY)["a"] == 4 + 10 + 12 - 1 - 5 - 6 - 1
    stock = known_on(company, DAY)["stock"].iloc[0]
    assert (stock["as_of"], stock["on_hand"], stock["backorders"]) == (DAY, 13, 0)


def test_a_sku_that_has_not_sold_yet_is_not_planned_ahead(company):
    assert known_on(company, day("02-20"))["demand"].empty
