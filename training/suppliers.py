"""Who usually delivers a SKU."""

import pandas as pd

from features.contract.tables import Tables


def usual_suppliers(tables: Tables) -> "pd.Series[str]":
    """Supplier of each SKU, indexed by unique_id: who had most of its orders, else its preferred or only offer's.

    Among equals the one ordered from last, then the first by name. A SKU without orders and offers is not there.
    """
    orders = tables.purchase_orders
    history = orders.groupby(["unique_id", "supplier_id"]).agg(
        orders=("order_id", "size"), last=("ordered_at", "max")
    ).reset_index()  # fmt: skip
    ranked = history.sort_values(
        ["unique_id", "orders", "last", "supplier_id"], ascending=[True, False, False, True]
    )
    offers = tables.offers.assign(chosen=tables.offers["preferred"].fillna(False).astype(bool))
    offered = offers.sort_values(["unique_id", "chosen", "supplier_id"], ascending=[True, False, True])
    both = pd.concat([frame[["unique_id", "supplier_id"]] for frame in (ranked, offered)])
    return both.drop_duplicates("unique_id").set_index("unique_id")["supplier_id"]
