"""The policy of each class of SKUs, purchases that deviate from it, and the effort that goes into each class."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from features.contract.in_force import in_force
from procurement.segments.sku_segments import DEPENDABLE, ERRATIC
from procurement.spend.agreements import contract_of_lines

DEVIATIONS = {
    "unique_id": "object", "abc": "object", "supplier_id": "object", "department": "object", "what": "object",
    "amount": "float64", "lines": "float64", "reason": "object",
}  # fmt: skip
"""Column of the table of deviations → dtype."""
WHATS = {
    "no_contract": "No contract",
    "no_sla": "Contract without an agreed service level",
    "ending": "Contract ends soon",
    "off_contract": "Bought past the contract",
    "erratic": "Supplier is not dependable",
    "many_suppliers": "More suppliers than the class asks for",
}
"""Kind of deviation → what people call it."""

_ENDS_WITHIN = pd.Timedelta(days=60)


@dataclass(frozen=True)
class ClassPolicy:
    """What a class of SKUs asks for.

    Attributes
    ----------
    contract, sla, dependable : it is bought under a contract, with an agreed service level, from dependable suppliers
    most_suppliers : suppliers that a SKU of it is bought from at most; None: any number
    """

    contract: bool = False
    sla: bool = False
    dependable: bool = False
    most_suppliers: int | None = None


def no_deviations() -> pd.DataFrame:
    """The table of deviations without any."""
    return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in DEVIATIONS.items()})


def policy_deviations(
    segments: pd.DataFrame,
    lines: pd.DataFrame,
    contracts: pd.DataFrame,
    policy: Mapping[str, ClassPolicy],
    as_of: pd.Timestamp,
) -> pd.DataFrame:
    """Where the purchases of the last year deviate from the policy of their class, the most money first.

    Parameters
    ----------
    segments : as `procurement.segments.sku_segments.sku_segments`
    lines : spend lines of the last year

    Returns
    -------
    DataFrame
        `DEVIATIONS`, a row for each SKU, supplier, department and what: amount and lines of the year
    """
    if lines.empty or segments.empty:
        return no_deviations()
    known = segments.set_index("unique_id")
    lines = lines[lines["unique_id"].isin(known.index)]
    lines = lines.assign(abc=lines["unique_id"].map(known["abc"]))
    keys = ["unique_id", "abc", "supplier_id", "department"]
    bought = (
        lines.assign(
            lines=1.0,
            off_amount=lines["amount"].where(lines["off_contract"], 0.0),
            off=lines["off_contract"].astype(float),
        )
        .groupby(keys, dropna=False)
        .agg(
            amount=("amount", "sum"),
            lines=("lines", "sum"),
            category=("category", "first"),
            off=("off", "sum"),
            off_amount=("off_amount", "sum"),
        )
        .reset_index()
    )
    now = contract_of_lines(bought.assign(ordered_at=as_of), contracts)
    contracted = now >= 0
    agreed = np.append(contracts["sla"].to_numpy(float), np.nan)[now]
    then = contract_of_lines(bought.assign(ordered_at=as_of + _ENDS_WITHIN), contracts)
    rules = {
        name: bought["abc"].map(lambda each, name=name: getattr(policy[each], name))
        for name in ("contract", "sla", "dependable")
    }
    dependable = bought["unique_id"].map(known["supplier"])
    main = bought["supplier_id"] == bought["unique_id"].map(known["supplier_id"])
    suppliers = bought.groupby("unique_id")["supplier_id"].transform("nunique")
    most = bought["abc"].map(lambda each: policy[each].most_suppliers).astype(float)
    off = bought["off"] > 0
    found = {
        "no_contract": rules["contract"] & ~contracted & ~off,
        "off_contract": rules["contract"] & off,
        "no_sla": rules["sla"] & contracted & np.isnan(agreed),
        "ending": rules["contract"] & contracted & (then < 0),
        "erratic": rules["dependable"] & main & (dependable == ERRATIC),
        "many_suppliers": suppliers > most,
    }
    past = bought.assign(amount=bought["off_amount"], lines=bought["off"])  # only what went past the contract
    parts = [
        _rows((past if what == "off_contract" else bought)[mask.to_numpy(bool)], what, policy)
        for what, mask in found.items()
        if mask.any()
    ]
    if not parts:
        return no_deviations()
    table = pd.concat(parts, ignore_index=True)
    order = ["amount", "unique_id", "supplier_id", "what"]
    return table.sort_values(order, ascending=[False, True, True, True], kind="stable", ignore_index=True)


def class_effort(
    segments: pd.DataFrame, lines: pd.DataFrame, contracts: pd.DataFrame, as_of: pd.Timestamp
) -> pd.DataFrame:
    """How much of the company's effort each class takes, beside what it is worth; a row a class.

    Returns
    -------
    DataFrame
        abc, skus, sku_share, value_share, orders and lines of the year (an order counts in each class that it has),
        order_share, spend, contracted_share (of spend, bought under a contract), contracts (in force for a SKU of it),
        suppliers, approved_share (of orders, approved by somebody), dependable_share (of value)
    """
    known = segments.set_index("unique_id")
    own = lines[lines["unique_id"].isin(known.index)]
    own = own.assign(abc=own["unique_id"].map(known["abc"]))
    orders = own.drop_duplicates(["abc", "order_id"])
    held = contracts[in_force(contracts, as_of)]
    rows = []
    for abc in "ABC":
        some, bought, placed = (
            segments[segments["abc"] == abc],
            own[own["abc"] == abc],
            orders[orders["abc"] == abc],
        )
        spend, value = float(bought["amount"].sum()), float(some["value_year"].sum())
        rows.append(
            {
                "abc": abc,
                "skus": len(some),
                "sku_share": len(some) / max(len(segments), 1),
                "value_share": float(some["value_share"].sum()),
                "orders": len(placed),
                "order_share": len(placed) / max(own["order_id"].nunique(), 1),
                "lines": len(bought),
                "spend": spend,
                "contracted_share": _share(bought.loc[bought["contracted"], "amount"].sum(), spend),
                "contracts": int(held["unique_id"].isin(some["unique_id"]).sum()),
                "suppliers": int(bought["supplier_id"].nunique()),
                "approved_share": _share(placed["approved_by"].notna().sum(), len(placed)),
                "dependable_share": _share(
                    some.loc[some["supplier"] == DEPENDABLE, "value_year"].sum(), value
                ),
            }
        )
    return pd.DataFrame(rows)


def _rows(bought: pd.DataFrame, what: str, policy: Mapping[str, ClassPolicy]) -> pd.DataFrame:
    """Rows of one kind of deviation, with its reason."""
    most = {abc: policy[abc].most_suppliers for abc in policy}
    reasons = [
        f"{abc} item: at most {most[abc]} suppliers"
        if what == "many_suppliers"
        else f"{abc} item: {WHATS[what].lower()}"
        for abc in bought["abc"]
    ]
    return bought.assign(what=what, reason=reasons)[list(DEVIATIONS)]


def _share(part: float, whole: float) -> float:
    return float(part) / float(whole) if whole > 0 else float("nan")
