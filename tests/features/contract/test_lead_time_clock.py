"""Which dates start and end a lead time."""

import pandas as pd
import pytest

from configs.schema import ClockConfig, DataConfig
from features.contract.tables import DataError, RawTable
from features.orders.order_history import order_history
from features.quality.check import check_tables

ORDERS = pd.DataFrame(
    {
        "order_id": ["1", "2", "3"],
        "line": "1",
        "supplier_id": "s",
        "unique_id": "a",
        "quantity_ordered": 5,
        "created_at": ["2023-12-28", "2024-01-01", "2024-01-02"],
        "ordered_at": ["2024-01-01", "2024-01-03", "2024-01-05"],
        "sent_at": ["2024-01-03", "2024-01-04", ""],
        "shipped_at": ["2024-01-06", "", ""],
        "received_at": ["2024-01-10", "2024-01-11", ""],
        "put_away_at": ["2024-01-12", "", ""],
    }
)
DEMAND = pd.DataFrame(
    {"unique_id": "a", "ds": pd.date_range("2023-12-01", periods=60).strftime("%Y-%m-%d"), "y": 1}
)


def lead_times(orders: pd.DataFrame = ORDERS, **clock: str) -> list[float | None]:
    config = DataConfig(clock=ClockConfig.model_validate(clock))
    raw = {
        "demand": RawTable(DEMAND, "demand.csv"),
        "purchase_orders": RawTable(orders, "purchase_orders.csv"),
    }
    checked = check_tables(raw, config)
    history = order_history(checked.tables, checked.as_of).sort_values("order_id")
    return history["lead_time"].astype(object).where(history["lead_time"].notna(), None).tolist()


def test_without_a_clock_it_runs_from_ordered_to_received() -> None:
    assert lead_times() == [9, 8, None]


def test_it_starts_when_the_order_was_created_or_sent() -> None:
    assert lead_times(start="created") == [13, 10, None]
    assert lead_times(start="sent") == [7, 7, None]


def test_goods_received_without_a_shipping_date_count_from_their_receipt() -> None:
    assert lead_times(end="shipped") == [5, 8, None]


def test_goods_not_put_away_are_open() -> None:
    assert lead_times(end="put_away") == [11, None, None]


def test_a_receipt_not_put_away_is_not_seen_yet() -> None:
    receipts = pd.DataFrame(
        {
            "order_id": ["1", "2"],
            "line": "1",
            "received_at": ["2024-01-10", "2024-01-11"],
            "quantity": 5,
            "put_away_at": ["2024-01-12", ""],
        }
    )
    frames = {"demand": DEMAND, "purchase_orders": ORDERS, "receipts": receipts}
    raw = {name: RawTable(frame, f"{name}.csv") for name, frame in frames.items()}
    checked = check_tables(raw, DataConfig(clock=ClockConfig(end="put_away")))
    assert checked.tables.receipts["received_at"].tolist() == [pd.Timestamp("2024-01-12")]
    assert checked.quarantine == {}


def test_a_missing_column_names_the_place_the_value_and_the_fix() -> None:
    with pytest.raises(
        DataError, match=r"purchase_orders\.csv: no column sent_at, .*data\.clock\.start is sent: add"
    ):
        lead_times(ORDERS.drop(columns="sent_at"), start="sent")
