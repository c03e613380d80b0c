"""Deliveries since the stock was counted: goods received, each once, whether receipts or order lines book them."""

import pandas as pd

from features.contract.tables import Tables
from features.orders.order_history import KEY


def deliveries_since(tables: Tables, counted_at: pd.Series) -> pd.DataFrame:
    """Deliveries of counted SKUs from the day of their count on, each once.

    A line with rows in `receipts` is read from there, any other from its own `received_at`: its `quantity_received`,
    and where that is empty all that was ordered. Rejected goods do not count.

    Parameters
    ----------
    counted_at : day of the last count, by unique_id

    Returns
    -------
    DataFrame
        order_id, line, supplier_id, unique_id, units, assumed (the line says no quantity) and on_count_day (received
        on the very day of the count, and so taken to be in it)
    """
    lines = tables.purchase_orders
    first = counted_at.min()
    booked = lines[lines["received_at"] >= first]
    if len(tables.receipts):
        listed = pd.MultiIndex.from_frame(tables.receipts[KEY])
        booked = booked[~pd.MultiIndex.from_frame(booked[KEY]).isin(listed)]
    parts = _received_in_parts(tables, first)
    both = pd.concat([parts, booked.assign(quantity=booked["quantity_received"])], ignore_index=True)
    day = both["unique_id"].map(counted_at)
    both = both[both["received_at"] >= day]
    assumed = both["quantity"].isna()
    quantity = both["quantity"].fillna(both["quantity_ordered"])
    last_of_line = ~both.duplicated(KEY, keep="last")
    rejected = both["quantity_rejected"].fillna(0.0).where(last_of_line, 0.0)
    found = both[[*KEY, "supplier_id", "unique_id"]].assign(
        units=(quantity - rejected).clip(lower=0.0),
        assumed=assumed,
        on_count_day=both["received_at"] < day[both.index] + pd.Timedelta(days=1),
    )
    return found.reset_index(drop=True)


def _received_in_parts(tables: Tables, first: pd.Timestamp) -> pd.DataFrame:
    """Deliveries that `receipts` lists from the day `first` on, with what their order lines say."""
    parts = tables.receipts
    parts = parts.loc[parts["received_at"] >= first, [*KEY, "received_at", "quantity"]]
    of_line = ["supplier_id", "unique_id", "quantity_ordered", "quantity_rejected"]
    joined = parts.merge(tables.purchase_orders[[*KEY, *of_line]], on=KEY)
    return joined.sort_values([*KEY, "received_at"], kind="stable")
