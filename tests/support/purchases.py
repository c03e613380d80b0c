"""A small company's purchases for tests of spend: order lines by day, with whatever else a test says of them."""

import pandas as pd

from features.contract.tables import Tables, empty_table

AS_OF = pd.Timestamp("2024-12-31")


def day(text: str) -> pd.Timestamp:
    """A day of the year 2024 by month and day; other years in full."""
    return pd.Timestamp(text if len(text) > 5 else f"2024-{text}")


def table(name: str, rows: list[dict[str, object]]) -> pd.DataFrame:
    """A table of the contract with these rows, all its columns there in their kinds."""
    empty = empty_table(name)
    frame = pd.DataFrame(rows, columns=list(empty.columns))
    return frame.astype(empty.dtypes.to_dict())


def order(order_id: str, at: str, units: float, price: float | None, **more: object) -> dict[str, object]:
    """An order line of SKU `a` from supplier `s`, line 1, unless said otherwise."""
    row: dict[str, object] = {
        "order_id": order_id,
        "line": "1",
        "supplier_id": "s",
        "unique_id": "a",
        "ordered_at": day(at),
        "quantity_ordered": units,
        "unit_price": price,
    }
    return row | more


def company(orders: list[dict[str, object]], **tables: list[dict[str, object]]) -> Tables:
    """A company with these order lines and tables."""
    named = {name: table(name, rows) for name, rows in tables.items()}
    return Tables(purchase_orders=table("purchase_orders", orders), **named)
