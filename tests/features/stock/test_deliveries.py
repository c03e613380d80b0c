"""Tests for deliveries since the count: each once, less what was rejected of its line."""

import pandas as pd
import pytest

from features.contract.tables import Tables, empty_table
from features.stock.deliveries import deliveries_since

COUNTED = pd.Timestamp("2025-03-03")


def tables(rejected: float, *parts: tuple[int, float]) -> Tables:
    """One line of 40, rejected that much of it, with receipts so many days after the count."""
    line = {
        "order_id": "P1",
        "line": "1",
        "supplier_id": "S1",
        "unique_id": "A",
        "ordered_at": COUNTED - pd.Timedelta(days=14),
        "quantity_ordered": 40.0,
        "received_at": COUNTED + pd.Timedelta(days=max(day for day, _ in parts)),
        "quantity_received": 40.0,
        "quantity_rejected": rejected,
    }
    receipts = [
        {"order_id": "P1", "line": "1", "received_at": COUNTED + pd.Timedelta(days=day), "quantity": quantity}
        for day, quantity in parts
    ]
    return Tables(
        demand=empty_table("demand"),
        purchase_orders=pd.DataFrame([line]).reindex(columns=empty_table("purchase_orders").columns),
        receipts=pd.DataFrame(receipts).reindex(columns=empty_table("receipts").columns),
    )


@pytest.mark.parametrize(
    ("parts", "units"),
    [
        (((5, 25.0), (2, 15.0)), [15.0, 20.0]),
        (((-3, 25.0), (2, 15.0)), [10.0]),
        (((0, 36.0), (2, 4.0)), [36.0, 0.0]),
        (((1, 36.0), (2, 4.0)), [36.0, 0.0]),
    ],
)
def test_what_was_rejected_of_a_line_is_taken_off_its_last_delivery(
    parts: tuple[tuple[int, float], ...], units: list[float]
) -> None:
    found = deliveries_since(tables(5.0, *parts), pd.Series({"A": COUNTED}))
    assert found["units"].tolist() == units
    assert found["on_count_day"].tolist() == [parts[0][0] == 0, *[False] * (len(units) - 1)]
    assert not found["assumed"].any()
