"""Tests for the stock table rolled forward from each SKU's last count."""

import pandas as pd

from features.contract.period_calendar import PeriodCalendar
from features.contract.tables import Tables, empty_table
from features.stock.roll_forward import roll_forward

MONDAYS = pd.date_range("2025-03-03", periods=3, freq="W-MON")


def test_only_the_last_count_of_a_sku_is_rolled_forward() -> None:
    orders = pd.DataFrame(
        {
            "order_id": ["P1", "P2"],
            "line": "1",
            "supplier_id": "S1",
            "unique_id": ["A", "B"],
            "quantity_ordered": [5.0, 7.0],
            "received_at": [MONDAYS[1] + pd.Timedelta(days=2)] * 2,
        }
    )
    counts = pd.DataFrame(
        {
            "unique_id": ["A", "A", "B"],
            "as_of": [MONDAYS[0], MONDAYS[1], MONDAYS[0]],
            "on_hand": [10.0, 20.0, 3.0],
        }
    )
    tables = Tables(
        demand=pd.DataFrame({"unique_id": ["A", "A", "B"], "ds": MONDAYS[[0, 1, 0]], "y": [6.0, 8.0, 4.0]}),
        stock=counts,
        purchase_orders=orders.reindex(columns=empty_table("purchase_orders").columns),
    )
    rolled = roll_forward(tables, MONDAYS[2], PeriodCalendar("W-MON"))
    assert rolled["on_hand"].tolist() == [10.0, 20 + 5 - 8.0, 3 + 7 - 4.0]
    assert rolled["counted"].tolist() == [10.0, 20.0, 3.0]
    assert rolled["received_since"].tolist() == [0.0, 5.0, 7.0]
    assert rolled["sold_since"].tolist() == [0.0, 8.0, 4.0]


def test_counts_of_the_day_itself_are_the_table_as_it_is() -> None:
    stock = pd.DataFrame({"unique_id": ["A"], "as_of": [MONDAYS[2]], "on_hand": [1.0]})
    tables = Tables(demand=empty_table("demand"), stock=stock)
    assert roll_forward(tables, MONDAYS[2], PeriodCalendar("W-MON")) is stock
