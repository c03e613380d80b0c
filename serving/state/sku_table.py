"""The table of all planned SKUs, as lists show and search them: built once for what is served, not for each request."""

import pandas as pd

from artifacts.plan_snapshot import PlanSnapshot

SKU_COLUMNS = [
    "unique_id", "description", "category", "supplier_id", "on_hand", "on_order", "reorder_point", "target",
    "target_level", "order_quantity", "order_quantity_purchase_units", "purchase_unit", "unit_price", "order_money",
    "order_by", "stockout_probability",
]  # fmt: skip

TEXT = "text"
"""Column that a search of the SKUs looks in: SKU, description and supplier in small letters."""


def sku_table(snapshot: PlanSnapshot) -> pd.DataFrame:
    """Return a row a planned SKU, `SKU_COLUMNS` and `TEXT`, by SKU.

    `order_money` is the order at the price that it is bought at, price breaks included.
    """
    items = snapshot.items[["unique_id", "description", "category"]].drop_duplicates("unique_id")
    table = snapshot.plan.merge(items, on="unique_id", how="left")
    table["order_money"] = (table["order_quantity"] * table["unit_price"]).where(
        table["order_quantity"] != 0, 0.0
    )
    text = table["unique_id"] + " " + table["description"].fillna("") + " " + table["supplier_id"].fillna("")
    table = table.reindex(columns=SKU_COLUMNS).assign(**{TEXT: text.str.lower()})
    return table.sort_values("unique_id", ignore_index=True)
