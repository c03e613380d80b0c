import pandas as pd
import pytest

from configs.schema import CovariateConfig, DataConfig
from features.contract.tables import DataError, RawTable
from features.quality.check import check_tables

WEEKS = pd.date_range("2024-01-01", periods=20, freq="W-MON")
END = WEEKS[-1] + pd.Timedelta(days=7)


def raw(*, stock=None, orders=(), receipts=(), demand=None) -> dict[str, RawTable]:
    frames = {
        "demand": pd.DataFrame({"unique_id": "a", "ds": WEEKS, "y": 3.0}) if demand is None else demand,
        "purchase_orders": pd.DataFrame(
            [(f"po{i}", "1", "s", "a", o, 10.0, r) for i, (o, r) in enumerate(orders)],
            columns=[
                "order_id",
                "line",
                "supplier_id",
                "unique_id",
                "ordered_at",
                "quantity_ordered",
                "received_at",
            ],
        ),
        "receipts": pd.DataFrame(
            [(f"po{i}", "1", day, 2.0) for i, day in receipts],
            columns=["order_id", "line", "received_at", "quantity"],
        ),
    }
    if stock is not None:
        frames["stock"] = pd.DataFrame({"unique_id": ["a"], "as_of": [stock], "on_hand": [1.0]})
    return {name: RawTable(frame, name) for name, frame in frames.items() if len(frame)}


CONFIG = DataConfig(max_bad_share=1.0)


def test_the_day_is_the_end_of_the_last_period():
    assert check_tables(raw(), CONFIG).as_of == END


def test_a_later_stock_count_moves_the_day():
    assert check_tables(raw(stock="2024-05-24"), CONFIG).as_of == pd.Timestamp("2024-05-24")
    assert check_tables(raw(stock="2024-05-01"), CONFIG).as_of == END


def test_an_order_booked_within_a_period_after_the_last_demand_is_known():
    checked = check_tables(raw(orders=[("2024-05-23", None)]), CONFIG)
    assert checked.as_of == pd.Timestamp("2024-05-23")
    assert not checked.quarantine


def test_an_order_far_after_the_last_demand_is_an_error_of_the_row():
    checked = check_tables(raw(orders=[("2024-08-23", None)]), CONFIG)
    assert checked.as_of == END
    assert (
        "ordered_at is 2024-08-23, more than a period after demand and stock counts end (2024-05-20)"
        in checked.quarantine["purchase_orders"]["reason"][0]
    )


def test_from_an_earlier_day_later_rows_are_not_seen_and_not_quarantined():
    day = pd.Timestamp("2024-03-04")
    orders = [("2024-02-01", "2024-02-20"), ("2024-02-02", "2024-03-20"), ("2024-04-01", None)]
    receipts = [(0, "2024-02-20"), (1, "2024-03-01"), (1, "2024-03-20")]
    checked = check_tables(raw(stock="2024-05-20", orders=orders, receipts=receipts), CONFIG, as_of=day)
    assert not checked.quarantine
    assert checked.as_of == day
    assert checked.tables.demand["ds"].max() == pd.Timestamp("2024-02-26")
    assert checked.tables.purchase_orders["received_at"].notna().tolist() == [True, False]
    assert checked.tables.receipts["received_at"].max() == pd.Timestamp("2024-03-01")
    assert checked.unseen == {"demand": 11, "purchase_orders": 1, "receipts": 1, "stock": 1}


def test_from_an_earlier_day_only_covariates_known_in_advance_are_seen_ahead():
    demand = pd.DataFrame({"unique_id": "a", "ds": WEEKS, "y": 3.0, "price": 2.0, "visits": 5.0})
    config = DataConfig(
        covariates={"price": CovariateConfig(known_in_advance=True), "visits": CovariateConfig()}
    )
    seen = check_tables(raw(demand=demand), config, as_of=pd.Timestamp("2024-03-04")).tables.demand
    assert seen["price"].notna().all()
    assert seen["y"].notna().sum() == seen["visits"].notna().sum() == 9


def test_no_day_before_all_demand():
    with pytest.raises(DataError, match="no demand period ended by the as-of date 2023-05-01"):
        check_tables(raw(), CONFIG, as_of=pd.Timestamp("2023-05-01"))


def test_demand_after_today_is_an_error_and_a_running_period_is_not_seen():
    checked = check_tables(raw(), CONFIG, today=pd.Timestamp("2024-05-08"))
    assert checked.quarantine["demand"]["reason"].tolist() == [
        "ds is 2024-05-13, after today (2024-05-08); correct it, or give the as-of date the data were taken on"
    ]
    assert checked.unseen == {"demand": 1}
    assert checked.tables.demand["ds"].max() == pd.Timestamp("2024-04-29")
    assert checked.as_of == pd.Timestamp("2024-05-06")
