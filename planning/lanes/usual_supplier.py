"""The usual supplier of a SKU: the one rule that plans, actions and scores by supplier go by."""

import pandas as pd

CANCELLED = "cancelled"
"""Status of an order line that came to nothing."""


def usual_supplier(
    orders: pd.DataFrame, as_of: pd.Timestamp, offers: pd.DataFrame | None = None
) -> pd.Series:
    """Usual supplier of each SKU, by unique_id: of its last order placed by `as_of`, of one day the last by name.

    Parameters
    ----------
    orders : supplier_id, unique_id, ordered_at, and status where it is known
    offers : supplier_id, unique_id, preferred: who supplies what was never ordered, the preferred offer first, then by
        name; none: nobody
    """
    ordered = _last_supplier(orders, as_of)
    if offers is None or offers.empty:
        return ordered
    ranked = offers.assign(preferred=offers["preferred"].fillna(value=False).astype(bool)).sort_values(
        ["unique_id", "preferred", "supplier_id"], ascending=[True, False, True]
    )
    offered = ranked.drop_duplicates("unique_id").set_index("unique_id")["supplier_id"]
    return pd.concat([ordered, offered[~offered.index.isin(ordered.index)]])


def _last_supplier(orders: pd.DataFrame, as_of: pd.Timestamp) -> pd.Series:
    """Supplier of the last order of each SKU placed by `as_of`, by unique_id; cancelled ones count where all are."""
    if orders.empty:
        return pd.Series(dtype=object)
    placed = orders[orders["ordered_at"] <= as_of]
    if "status" in placed:
        placed = placed.assign(kept=placed["status"] != CANCELLED)
    order = [name for name in ("kept", "ordered_at", "supplier_id") if name in placed]
    last = placed.sort_values(order, kind="stable").drop_duplicates("unique_id", keep="last")
    return last.set_index("unique_id")["supplier_id"]
