import numpy as np
import pandas as pd
import pytest

from features.contract.tables import Tables, empty_table

WEEKS = 20


def _monday(week: int) -> pd.Timestamp:
    return pd.Timestamp("2023-01-02") + pd.Timedelta(weeks=week)


@pytest.fixture
def tables() -> Tables:
    """One SKU that sells as many units as weeks have passed, out of stock in week 16; an order a week."""
    demand = pd.DataFrame(
        {
            "unique_id": "a",
            "ds": [_monday(w) for w in range(WEEKS)],
            "y": np.arange(float(WEEKS)),
            "in_stock": True,
        }
    )
    demand.loc[16, "in_stock"] = False
    orders = empty_table("purchase_orders").reindex(range(WEEKS)).assign(
        order_id=[f"PO{w:02d}" for w in range(WEEKS)], line="1", supplier_id="s", unique_id="a",
        ordered_at=[_monday(w) for w in range(WEEKS)], quantity_ordered=5.0,
        received_at=[_monday(w) + pd.Timedelta(days=10 + w) if w < 17 else pd.NaT for w in range(WEEKS)],
    )  # fmt: skip
    return Tables(demand=demand.astype({"in_stock": "boolean"}), purchase_orders=orders)
