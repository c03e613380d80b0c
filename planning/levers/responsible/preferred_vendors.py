"""What was bought outside the preferred vendors in a year, and what it cost more than their offers."""

import numpy as np
import pandas as pd

from planning.assessment import Assessment
from planning.cost.price_breaks import PriceBreaks
from planning.inputs import texts_by_sku

OFF_PREFERRED = {
    "category": "object", "supplier_id": "object", "preferred_supplier_id": "object", "skus": "int64", "lines": "int64",
    "spend": "float64", "category_spend": "float64", "extra_cost": "float64",
}  # fmt: skip
"""Column of the table of what was bought outside the preferred vendors → dtype."""

_YEAR = pd.Timedelta(days=365)


def nothing_off_preferred() -> pd.DataFrame:
    """The table of what was bought outside the preferred vendors, without rows."""
    return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in OFF_PREFERRED.items()})


def off_preferred_frame(assessment: Assessment) -> pd.DataFrame:
    """Order lines of the last 365 days that went elsewhere than the preferred offer of today, the most spend first.

    A SKU without a preferred offer counts nowhere, nor does what tops it up as was agreed. The data name no buyer: a
    line is told by whom it was bought from.

    Returns
    -------
    DataFrame
        `OFF_PREFERRED`, a row for each category, supplier bought from and supplier preferred: spend (at the prices
        paid, money), category_spend (all orders of the category's SKUs with a preferred offer), extra_cost (spend less
        what the preferred offer asks for those quantities today; negative: it was cheaper)
    """
    orders, as_of = assessment.inputs.purchase_orders, assessment.setting.as_of
    lanes = assessment.lane_terms.lanes
    lists = lanes[lanes["preferred"].to_numpy(bool)].drop_duplicates("unique_id")
    if lists.empty or not {"unit_price", "quantity_ordered"} <= set(orders.columns):
        return nothing_off_preferred()
    recent = orders[(orders["ordered_at"] > as_of - _YEAR) & (orders["ordered_at"] <= as_of)]
    if "status" in recent:
        recent = recent[recent["status"].fillna("") != "cancelled"]
    recent = recent[recent["unit_price"].notna()]
    offers = lists[["unique_id", "supplier_id", "unit_price", "price_breaks"]]
    lines = recent.merge(offers, on="unique_id", suffixes=("", "_preferred"))
    units = lines["quantity_ordered"].to_numpy(float)
    breaks = PriceBreaks.read(lines["unit_price_preferred"].to_numpy(float), lines["price_breaks"].tolist())
    lines["spend"] = units * lines["unit_price"].to_numpy(float)
    lines["extra_cost"] = lines["spend"] - units * breaks.price(units)
    category = texts_by_sku(assessment.inputs.items, "category", lines["unique_id"].to_numpy(object))
    lines["category"] = np.where(pd.isna(category), "", category)
    spent = lines.groupby("category")["spend"].sum()
    agreed = pd.MultiIndex.from_frame(lanes.loc[lanes["dual_role"].notna(), ["unique_id", "supplier_id"]])
    in_pair = pd.MultiIndex.from_frame(lines[["unique_id", "supplier_id"]]).isin(agreed)
    outside = lines[(lines["supplier_id"] != lines["supplier_id_preferred"]) & ~in_pair]
    table = outside.groupby(["category", "supplier_id", "supplier_id_preferred"], as_index=False).agg(
        skus=("unique_id", "nunique"),
        lines=("unique_id", "size"),
        spend=("spend", "sum"),
        extra_cost=("extra_cost", "sum"),
    )
    table = table.rename(columns={"supplier_id_preferred": "preferred_supplier_id"})
    table["category_spend"] = table["category"].map(spent)
    table = table[list(OFF_PREFERRED)].astype(OFF_PREFERRED)
    return table.sort_values(["spend", "category"], ascending=[False, True], ignore_index=True)
