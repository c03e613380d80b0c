"""Rows of what changed between two plans: filtered, summed up by cause, and told in words."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from artifacts.plan_snapshot import PlanSnapshot
from planning.changes.causes import CAUSES
from planning.changes.change_sentences import WORDS, change_sentence
from planning.changes.plan_changes import NUMBERS

_TOLERANCE = 1e-9


@dataclass(frozen=True)
class ChangeFilter:
    """Which changes to show; empty: all of them."""

    cause: str = ""
    supplier_id: str = ""
    text: str = ""


def filtered(skus: pd.DataFrame, where: ChangeFilter) -> pd.DataFrame:
    """Rows of the table of changed SKUs that match: with a part of the cause, of the supplier now or before."""
    if where.cause:
        parts = skus[[f"{number}_{where.cause}" for number in NUMBERS]].to_numpy(float)
        skus = skus[(np.abs(parts) > _TOLERANCE).any(axis=1)]
    if where.supplier_id:
        suppliers = skus[["supplier_id", "supplier_before"]]
        skus = skus[(suppliers == where.supplier_id).any(axis=1)]
    if where.text:
        skus = skus[skus["unique_id"].str.lower().str.contains(where.text.lower(), regex=False)]
    return skus


def totals(skus: pd.DataFrame) -> dict[str, float]:
    """Sums over changed SKUs: how many, reorder points and orders that moved, money that orders rose and fell by."""
    moved = {number: (skus[number] - skus[f"{number}_before"]).abs() > _TOLERANCE for number in NUMBERS}
    money = skus["order_money"]
    return {
        "skus": len(skus),
        "reorder_points": int(moved["reorder_point"].sum()),
        "order_quantities": int(moved["order_quantity"].sum()),
        "orders_up": float(money[money > 0].sum()),
        "orders_down": float(-money[money < 0].sum()),
    }


def by_cause(skus: pd.DataFrame) -> list[dict[str, Any]]:
    """What each cause did to the changed SKUs: how many it moved, and money of orders and of reorder points.

    Money is units × unit price; over all causes it sums to the change of all orders, and of all reorder points.
    """
    price, rows = skus["unit_price"].to_numpy(float), []
    for cause in CAUSES:
        points, orders = (skus[f"{number}_{cause}"].to_numpy(float) for number in NUMBERS)
        moved = int(((np.abs(points) > _TOLERANCE) | (np.abs(orders) > _TOLERANCE)).sum())
        if moved:
            rows.append(
                {
                    "cause": cause,
                    "words": WORDS[cause],
                    "skus": moved,
                    "order_money": float(orders @ price),
                    "reorder_point_money": float(points @ price),
                }
            )
    return sorted(rows, key=lambda row: -abs(row["order_money"]))


def sku_sentence(snapshot: PlanSnapshot, unique_id: str) -> str:
    """What changed of a SKU since the plan before, in a sentence; empty where there is none to compare with."""
    since = snapshot.facts.get("changes", {}).get("since")
    if since is None:
        return ""
    rows = snapshot.changes[snapshot.changes["unique_id"] == unique_id].to_dict("records")
    said = change_sentence(rows[0]) if rows else "reorder point and order as they were"
    return f"Since {since}: {said}."
