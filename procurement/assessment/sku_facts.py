"""One row a SKU of what the findings rest on: costs, raw demand of the last year, lead time, supplier and stock."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.schema import Config
from distributions.distribution import Array
from features.contract.in_force import in_force
from features.contract.tables import Tables
from features.demand.panel import Panel
from features.orders.beyond_experience import beyond_experience
from planning.inputs import numbers_by_sku, texts_by_sku
from procurement.assessment.kaplan_meier import censored_moments
from procurement.stock_value.carrying_cost import CarryingRates, carrying_cost
from procurement.stock_value.tied_up import typical_order_quantity

FEWEST_PERIODS = 8
"""Periods of known demand of a SKU from which its spread is taken for known."""
FEWEST_LINES = 8
"""Received lines of a lane from which its own lead times are taken, not its supplier's."""
_SEP = "\x1f"
_YEAR = pd.Timedelta(days=365)


def lane_of(frame: pd.DataFrame) -> "pd.Series[str]":
    """Lane (supplier, SKU) of each row as one text."""
    return frame["supplier_id"].astype(str) + _SEP + frame["unique_id"].astype(str)


def experienced(orders: pd.DataFrame) -> pd.DataFrame:
    """Order lines whose lead time or age counts: those cancelled and those open beyond all experience left out."""
    known = orders[orders["duration"].notna()]
    return known[~beyond_experience(known)] if len(known) else known


def company_ids(tables: Tables) -> NDArray[np.object_]:
    """All SKUs of demand, items, stock, lots and purchase orders (n,), sorted."""
    held = (tables.demand, tables.items, tables.stock, tables.inventory_lots, tables.purchase_orders)
    return np.array(sorted(set().union(*(frame["unique_id"] for frame in held))), object)


def demand_facts(
    panel: Panel, ids: NDArray[np.object_], periods: int, period_days: float
) -> dict[str, Array]:
    """Raw demand of each SKU (n,) in the panel's last `periods`, periods out of stock left out.

    daily_demand and daily_std (units; σ of a period / √days), variation (σ / mean of a period), known_periods,
    years_known (since its first row) and sold (whether any was), NaN or 0 without demand.
    """
    y = panel.known_demand[:, -periods:]
    known = ~np.isnan(y)
    count = known.sum(axis=1)
    mean = np.where(count > 0, np.nansum(y, axis=1) / np.maximum(count, 1), np.nan)
    square = np.nansum((y - mean[:, None]) ** 2, axis=1)
    std = np.where(count > 1, np.sqrt(square / np.maximum(count - 1, 1)), np.nan)
    began = ~np.isnan(panel.y) | ~panel.in_stock
    since = np.where(began.any(axis=1), panel.periods - began.argmax(axis=1), 0)
    by_panel = {
        "daily_demand": mean / period_days,
        "daily_std": std / np.sqrt(period_days),
        "variation": np.divide(std, mean, out=np.full(len(mean), np.nan), where=mean > 0),
        "known_periods": count.astype(float),
        "years_known": since * period_days / 365.0,
        "sold": (np.nan_to_num(panel.y[:, -periods:]) > 0).any(axis=1).astype(float),
    }
    at = pd.Index(panel.unique_ids).get_indexer(ids)
    return {name: np.where(at >= 0, values[at], np.nan) for name, values in by_panel.items()}


def cost_facts(tables: Tables, ids: NDArray[np.object_], as_of: pd.Timestamp, config: Config) -> pd.DataFrame:
    """Costs of each SKU (n rows): unit_cost and cost_from, shortage_cost, carrying_rate a year, holding (money a unit).

    unit_cost is that of items, else the lowest offer in force, else the median price of its orders. shortage_cost is
    that of items, else the margin; NaN where neither is known or there is none.
    """
    items = tables.items
    offers, orders = tables.offers, tables.purchase_orders
    sources = {
        "items": numbers_by_sku(items, "unit_cost", ids),
        "offers": _by_sku(offers[in_force(offers, as_of)].groupby("unique_id")["unit_price"].min(), ids),
        "orders": _by_sku(orders.groupby("unique_id")["unit_price"].median(), ids),
    }
    cost, source = np.full(len(ids), np.nan), np.full(len(ids), "", object)
    for name, values in sources.items():
        taken = np.isnan(cost) & ~np.isnan(values)
        cost, source = np.where(taken, values, cost), np.where(taken, name, source)
    margin = numbers_by_sku(items, "unit_price", ids) - cost
    shortage = numbers_by_sku(items, "shortage_cost", ids)
    shortage = np.where(np.isnan(shortage), np.where(margin > 0, margin, np.nan), shortage)
    rates = CarryingRates(**config.policy.procurement.carrying.model_dump())
    own = pd.Series(numbers_by_sku(items, "holding_cost_rate", ids), index=ids)
    rate = carrying_cost(pd.Series(cost, index=ids), rates, own)["rate"].to_numpy(float)
    return pd.DataFrame(
        {
            "unit_cost": cost,
            "cost_from": source,
            "shortage_cost": shortage,
            "carrying_rate": rate,
            "holding": rate * cost,
        }
    )


def supply_facts(
    tables: Tables, orders: pd.DataFrame, ids: NDArray[np.object_], as_of: pd.Timestamp
) -> pd.DataFrame:
    """Supply of each SKU (n rows): supplier_id, lead_time, lead_time_std (days), lead_time_from, order_quantity.

    The supplier is the one who was ordered most from in the last year, else ever, else the preferred offer's. The lead
    time is the Kaplan–Meier mean and spread of the lane with at least eight received lines, else of all of the
    supplier's lines, else the contract's days, of which no spread is known.
    """
    supplier = _supplier(tables, ids, as_of)
    lines = experienced(orders)
    days, is_open = lines["duration"].to_numpy(float), lines["is_open"].to_numpy(bool)
    lanes = censored_moments(lane_of(lines), days, is_open)
    suppliers = censored_moments(lines["supplier_id"].astype(str), days, is_open)
    own = lanes[lanes["closed"] >= FEWEST_LINES].reindex(
        [f"{name}{_SEP}{sku}" for name, sku in zip(supplier, ids, strict=True)]
    )
    whole = suppliers[suppliers["closed"] >= 2].reindex(supplier)
    offers = tables.offers[tables.offers["lead_time_days"].notna()]
    contract = _by_sku(offers.groupby("unique_id")["lead_time_days"].median(), ids)
    mean, std, source = np.full(len(ids), np.nan), np.full(len(ids), np.nan), np.full(len(ids), "", object)
    for name, found in (("lane", own), ("supplier", whole)):
        taken = np.isnan(mean) & found["mean"].notna().to_numpy()
        mean = np.where(taken, found["mean"].to_numpy(float), mean)
        std = np.where(taken, found["std"].to_numpy(float), std)
        source = np.where(taken, name, source)
    taken = np.isnan(mean) & ~np.isnan(contract)
    return pd.DataFrame(
        {
            "supplier_id": supplier,
            "lead_time": np.where(taken, contract, mean),
            "lead_time_std": std,
            "lead_time_from": np.where(taken, "contract", source),
            "order_quantity": _by_sku(typical_order_quantity(tables.purchase_orders, as_of), ids),
        }
    )


def stock_facts(tables: Tables, ids: NDArray[np.object_], as_of: pd.Timestamp) -> pd.DataFrame:
    """Stock of each SKU (n rows): on_hand (units, NaN: never counted) and days_since_order (NaN: never ordered)."""
    counted = tables.stock.sort_values(["unique_id", "as_of"], kind="stable")
    last = tables.purchase_orders.groupby("unique_id")["ordered_at"].max()
    days = (as_of - last).dt.days
    return pd.DataFrame(
        {"on_hand": numbers_by_sku(counted, "on_hand", ids), "days_since_order": _by_sku(days, ids)}
    )


def category_of(tables: Tables, ids: NDArray[np.object_]) -> NDArray[np.object_]:
    """Category of each SKU (n,), None without."""
    return texts_by_sku(tables.items, "category", ids)


def _supplier(tables: Tables, ids: NDArray[np.object_], as_of: pd.Timestamp) -> NDArray[np.object_]:
    """Supplier of each SKU (n,), None without: of the last year's orders, else of all, else of the offers."""
    orders = tables.purchase_orders
    recent = orders[orders["ordered_at"] > as_of - _YEAR]
    offers = tables.offers.assign(rank=~tables.offers["preferred"].fillna(value=False).astype(bool))
    offers = offers.sort_values(["rank", "supplier_id"], kind="stable").drop_duplicates("unique_id")
    found = _most_bought(recent).reindex(ids).astype(object)
    for supplier in (_most_bought(orders), offers.set_index("unique_id")["supplier_id"]):
        found = found.where(found.notna(), supplier.reindex(ids))
    return np.asarray(found.where(found.notna(), None), dtype=object)


def _most_bought(orders: pd.DataFrame) -> "pd.Series[str]":
    """Supplier by unique_id who was ordered most units from; of ties the first by name."""
    units = orders.groupby(["unique_id", "supplier_id"])["quantity_ordered"].sum().reset_index()
    units = units.sort_values(["quantity_ordered", "supplier_id"], ascending=[False, True], kind="stable")
    return units.drop_duplicates("unique_id").set_index("unique_id")["supplier_id"]


def _by_sku(values: "pd.Series[float]", ids: NDArray[np.object_]) -> Array:
    return np.asarray(values.reindex(ids).to_numpy(float, na_value=np.nan))
