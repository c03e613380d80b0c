"""The lanes (SKU × supplier) that are open on a day: every offer in force, or the usual supplier without one."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planning.inputs import PlanInputs, texts_by_sku
from planning.lanes.usual_supplier import usual_supplier

_TERMS = [
    "unit_price", "moq", "order_multiple", "max_quantity", "ordering_cost", "expedite_cost", "payment_days",
    "lead_time_days", "units_per_purchase_unit", "exchange_rate", "dual_share",
]  # fmt: skip
_TEXTS = ["price_breaks", "purchase_unit", "currency", "dual_role", "agreed_lead_note"]
LANE_COLUMNS = [
    "row", "unique_id", "supplier_id", "category", *_TERMS, *_TEXTS, "has_offer", "preferred", "usual",
    "order_days", "rejected_share",
]  # fmt: skip
_LOOKED_UP = ("category", "usual", "order_days", "rejected_share")
_PLACED = ["supplier_id", "unique_id", "ordered_at"]


def find_lanes(unique_ids: NDArray[np.object_], inputs: PlanInputs) -> pd.DataFrame:
    """The lanes of the SKUs `unique_ids` (n,) on `as_of`, one row a SKU and supplier, sorted by both.

    A valid offer opens a lane. A SKU without one has a lane from the supplier it was last ordered from, and where
    it was never ordered, from nobody (`supplier_id` None).

    Returns
    -------
    DataFrame
        `LANE_COLUMNS`: row (of `unique_ids`), unique_id, supplier_id, category, the terms of the offer, has_offer,
        preferred, dual_role and dual_share (of an agreed pair, see `planning.top_ups`), agreed_lead_note (what was
        agreed about its lead time), usual (bought from most recently), order_days (of the supplier), rejected_share (of
        what arrives)
    """
    valid = offers_in_force(inputs.offers, inputs.as_of)
    skus = pd.DataFrame({"row": np.arange(len(unique_ids)), "unique_id": unique_ids})
    placed = [
        orders[_PLACED].assign(status=orders["status"].fillna("") if "status" in orders else "")
        for orders in (inputs.purchase_orders, inputs.open_orders)
        if len(orders)
    ]
    orders = pd.concat(placed, ignore_index=True) if placed else pd.DataFrame(columns=_PLACED)
    usual = usual_supplier(orders, inputs.as_of)
    offered = skus.merge(valid, on="unique_id")
    rest = skus[~skus["unique_id"].isin(offered["unique_id"])].assign(has_offer=False, preferred=False)
    rest["supplier_id"] = rest["unique_id"].map(usual)
    parts = [part for part in (offered.assign(has_offer=True), rest) if len(part)]
    lanes = pd.concat(parts, ignore_index=True) if parts else offered.assign(has_offer=True)
    lanes = lanes.reindex(columns=[name for name in LANE_COLUMNS if name not in _LOOKED_UP])
    lanes["usual"] = (lanes["supplier_id"] == lanes["unique_id"].map(usual)).to_numpy(bool)
    lanes["category"] = texts_by_sku(inputs.items, "category", lanes["unique_id"].to_numpy(object))
    lanes["order_days"] = _of_suppliers(inputs.suppliers, "order_days", lanes["supplier_id"])
    days = pd.Series(_of_suppliers(inputs.suppliers, "payment_days", lanes["supplier_id"]), dtype=float)
    lanes["payment_days"] = lanes["payment_days"].astype(float).fillna(days)
    lanes["rejected_share"] = inputs.defect_rates.of_lanes(lanes["supplier_id"], lanes["unique_id"])
    for column in ("supplier_id", *_TEXTS):
        lanes[column] = lanes[column].astype(object).where(lanes[column].notna(), None)
    return lanes[LANE_COLUMNS].sort_values(["row", "supplier_id"], kind="stable", ignore_index=True)


def _of_suppliers(suppliers: pd.DataFrame, column: str, supplier_ids: pd.Series) -> NDArray[np.object_]:
    """What the suppliers table says in `column` of the supplier of each lane (n,); None where it says nothing."""
    if column not in suppliers:
        return np.full(len(supplier_ids), None, dtype=object)
    known = suppliers.drop_duplicates("supplier_id").set_index("supplier_id")[column].astype(object)
    found = known.reindex(supplier_ids)
    return np.asarray(found.where(found.notna(), None), dtype=object)


def offers_in_force(offers: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Offers in force on `as_of`; of several of one supplier for a SKU the one that came into force last."""
    valid = offers
    if "valid_from" in valid:
        valid = valid[valid["valid_from"].isna() | (valid["valid_from"] <= as_of)]
        valid = valid.sort_values("valid_from", kind="stable", na_position="first")
    if "valid_to" in valid:
        valid = valid[valid["valid_to"].isna() | (valid["valid_to"] >= as_of)]
    valid = valid.drop_duplicates(["supplier_id", "unique_id"], keep="last").copy()
    flag = valid["preferred"].astype("boolean").fillna(value=False) if "preferred" in valid else False
    valid["preferred"] = np.asarray(flag, dtype=bool)
    for column in _TERMS:
        valid[column] = valid[column].astype(float) if column in valid else np.nan
    return valid.assign(**{column: None for column in _TEXTS if column not in valid})


def lead_time_rows(lanes: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Order lines placed on each of the lanes on `as_of`, one a lane, as the lead-time model is asked about them."""
    return lanes[["supplier_id", "unique_id", "category"]].assign(
        ordered_at=as_of, contract_days=lanes["lead_time_days"].to_numpy(float)
    )
