"""What a supplier's orders were: money by month, the worst ones by name, and the open ones that are at risk."""

from typing import Any

import numpy as np
import pandas as pd

from features.orders.order_history import arrived_at
from serving.http.json_encoding import json_records
from serving.state.served import Served
from serving.state.supplier_orders import arrivals_of_open_orders

WORST, AT_RISK = 5, 8
"""Order lines that are named."""

_YEAR = pd.Timedelta(days=365)
_LATE = 0.5
"""Chance of coming after its promise from which an open line is at risk."""


def spend(served: Served, supplier_id: str) -> dict[str, Any]:
    """Money of the order lines placed in the last twelve months, by month, and of the twelve before.

    `before` is None where the order history does not reach back that far.
    """
    assert served.snapshot is not None
    orders, as_of = served.orders_of(supplier_id), served.as_of.normalize()
    money = _money(orders)
    age = as_of - orders["ordered_at"]
    last, before = money[age <= _YEAR].sum(), money[(age > _YEAR) & (age <= 2 * _YEAR)].sum()
    recent = orders["ordered_at"] > as_of - _YEAR
    months = money[recent].groupby(orders.loc[recent, "ordered_at"].dt.to_period("M")).sum()
    reaches = served.snapshot.orders["ordered_at"].min() <= as_of - 2 * _YEAR
    return {
        "last_12_months": float(last),
        "before": float(before) if reaches else None,
        "orders": int(orders.loc[recent, "order_id"].nunique()),
        "lines": int(recent.sum()),
        "months": [{"month": str(month), "money": float(value)} for month, value in months.items()],
    }


def worst_orders(served: Served, supplier_id: str) -> list[dict[str, Any]]:
    """Order lines of the last twelve months that came latest for their promise, worst by days × money first."""
    orders = served.orders_of(supplier_id)
    arrived = arrived_at(orders)
    late = (arrived - orders["promised_at"]) / pd.Timedelta(days=1)
    table = orders.assign(received_at=arrived, days_late=late, money=_money(orders))
    table = table[(table["days_late"] > 0) & (table["ordered_at"] > served.as_of - _YEAR)]
    weight = table["days_late"] * table["money"].where(table["money"] > 0, 1e-6)
    worst = table.loc[weight.sort_values(ascending=False, kind="stable").index[:WORST]]
    columns = [
        "order_id",
        "line",
        "unique_id",
        "quantity_ordered",
        "money",
        "ordered_at",
        "promised_at",
        "received_at",
    ]
    return _named(served, worst[[*columns, "days_late"]])


def orders_at_risk(served: Served, supplier_id: str) -> dict[str, Any]:
    """Open order lines that are late already, likely to be, or unlikely to come: those of the most money by name."""
    orders = served.orders_of(supplier_id)
    rows = arrivals_of_open_orders(served, orders)
    if rows.empty:
        return {"open_lines": 0, "at_risk": 0, "money": 0.0, "lines": []}
    prices = orders.drop_duplicates(["order_id", "line"]).set_index(["order_id", "line"])["unit_price"]
    price = prices.reindex(pd.MultiIndex.from_frame(rows[["order_id", "line"]])).to_numpy(float)
    rows = rows.assign(money=np.nan_to_num(rows["quantity_open"].to_numpy(float) * price))
    risky = rows[(rows["late_probability"] > _LATE) | (rows["never_probability"] > _LATE)]
    columns = ["order_id", "line", "unique_id", "quantity_open", "money", "promised_at", "expected", "high"]
    worst = risky.sort_values("money", ascending=False, kind="stable")[:AT_RISK]
    return {
        "open_lines": len(rows),
        "at_risk": len(risky),
        "money": float(risky["money"].sum()),
        "lines": _named(served, worst[[*columns, "late_probability", "never_probability"]]),
    }


def _money(orders: pd.DataFrame) -> "pd.Series[float]":
    """Money of order lines, without those that never came."""
    came = 1 - orders["never_came"].fillna(0.0) if "never_came" in orders else 1.0
    return (orders["quantity_ordered"] * orders["unit_price"] * came).fillna(0.0).astype(float)


def _named(served: Served, rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Order lines as records, with what their SKU is called."""
    names = [served.descriptions.get(sku, sku) for sku in rows["unique_id"]]
    return json_records(rows.assign(description=names).reset_index(drop=True))
