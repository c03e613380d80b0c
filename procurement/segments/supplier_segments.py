"""Segments of suppliers by what is bought from them and how hard they are to replace (Kraljic 1983)."""

import numpy as np
import pandas as pd

from distributions.distribution import Array
from features.contract.in_force import in_force
from procurement.segments.sku_segments import ERRATIC, share_classes
from procurement.segments.treatments import BOTTLENECK, LEVERAGE, ROUTINE, STRATEGIC, TREATMENTS

SUPPLIER_SEGMENTS = {
    "supplier_id": "object", "segment": "object", "treatment": "object", "spend": "float64", "spend_share": "float64",
    "skus": "float64", "single_share": "float64", "supplier": "object", "sourcing": "object", "origin": "object",
    "risk": "float64",
}  # fmt: skip
"""Column of the table of supplier segments → dtype."""

SINGLE, DUAL, SEVERAL = "single", "dual", "several"
HIGH_IMPACT = 0.8
"""Those that have so much of the spend together weigh heavily."""
HIGH_RISK = 0.5
"""Supply risk from which a supplier is hard to replace."""

_ERRATIC_RISK = 0.25


def supplier_segments(
    lines: pd.DataFrame,
    offers: pd.DataFrame,
    suppliers: pd.DataFrame,
    dependable: "pd.Series[str]",
    as_of: pd.Timestamp,
) -> pd.DataFrame:
    """Segment of every supplier that was bought from in the last year, the most spend first.

    It weighs heavily where it is among those that have 80 % of the spend, and is hard to replace where its supply risk
    is at least one half: the share of its spend on SKUs that nobody else offers now or sold in the year, and a quarter
    more where it is erratic.

    Parameters
    ----------
    lines : spend lines of the last year
    offers, suppliers : tables of the data contract
    dependable : of `dependable_suppliers`

    Returns
    -------
    DataFrame
        `SUPPLIER_SEGMENTS`: single_share (of its spend, on SKUs from it alone), sourcing (single, dual, several: of how
        many most of its spend could be had), origin (local, elsewhere, not known)
    """
    if lines.empty:
        return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in SUPPLIER_SEGMENTS.items()})
    offers = offers[in_force(offers, as_of)]
    lanes = pd.concat(
        [lines[["supplier_id", "unique_id"]], offers[["supplier_id", "unique_id"]]]
    ).drop_duplicates()
    sources = lines["unique_id"].map(lanes.groupby("unique_id")["supplier_id"].nunique()).to_numpy(float)
    amount = lines["amount"].to_numpy(float)
    by = lines["supplier_id"]
    spend = lines.groupby(by)["amount"].sum()
    table = pd.DataFrame({"supplier_id": spend.index.to_numpy(object), "spend": spend.to_numpy(float)})
    table["skus"] = lines.groupby(by)["unique_id"].nunique().to_numpy(float)
    table["single_share"] = _share_of(amount * (sources == 1), by, spend)
    dual = _share_of(amount * (sources == 2), by, spend)
    table["sourcing"] = np.where(
        table["single_share"] >= 0.5, SINGLE, np.where(table["single_share"] + dual >= 0.5, DUAL, SEVERAL)
    )
    table["supplier"] = table["supplier_id"].map(dependable).fillna("not known")
    table["risk"] = np.minimum(table["single_share"] + _ERRATIC_RISK * (table["supplier"] == ERRATIC), 1.0)
    heavy = share_classes(spend.to_numpy(float), table["supplier_id"].to_numpy(object), HIGH_IMPACT) == "A"
    risky = (table["risk"] >= HIGH_RISK).to_numpy()
    table["segment"] = np.select(
        [heavy & risky, heavy, risky], [STRATEGIC, LEVERAGE, BOTTLENECK], default=ROUTINE
    )
    table["treatment"] = [TREATMENTS[segment].text for segment in table["segment"]]
    total = table["spend"].sum()
    table["spend_share"] = table["spend"] / total if total > 0 else 0.0
    local = (
        suppliers.drop_duplicates("supplier_id")
        .set_index("supplier_id")["is_local"]
        .reindex(table["supplier_id"])
    )
    table["origin"] = ["not known" if pd.isna(each) else "local" if each else "elsewhere" for each in local]
    table = table.sort_values(["spend", "supplier_id"], ascending=[False, True], ignore_index=True)
    return table[list(SUPPLIER_SEGMENTS)]


def _share_of(amount: Array, by: pd.Series, spend: "pd.Series[float]") -> Array:
    """Share of each supplier's spend, (s,), that the money (n,) of its lines is."""
    part = pd.Series(amount).groupby(by.to_numpy()).sum().reindex(spend.index).to_numpy(float)
    whole = spend.to_numpy(float)
    return np.asarray(np.divide(part, whole, out=np.zeros_like(whole), where=whole > 0))
