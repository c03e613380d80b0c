"""Movements of stock from the contract's tables as of a day: receipts, sales, write-offs, and what was there before."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array
from features.contract.period_calendar import PeriodCalendar
from features.contract.tables import Tables
from features.orders.order_history import KEY
from planning.inputs import numbers_by_sku
from procurement.stock_value.write_offs import dated_write_offs

PRICE = "price"
"""Covariate of `demand` that holds the price at which a period's units were sold."""

_DAY = pd.Timedelta(days=1)
_COLUMNS = ["unique_id", "at", "quantity", "unit_cost", "kind", "unit_price"]


@dataclass(frozen=True)
class StockMovements:
    """Movements of stock and what was there before them.

    Attributes
    ----------
    movements : unique_id, at, quantity (> 0 in, < 0 out), unit_cost (of receipts, NaN: not known), kind
        (`receipt`, `sale`, `write_off`) and unit_price (of sales, NaN: not known)
    opening : unique_id, quantity, unit_cost, received_at: a layer of each SKU; received on the day before all is known,
        or earlier
    unit_cost : `items.unit_cost` by unique_id
    balance : unique_id, opening, received, sold, on_hand (NaN: never counted), unexplained (units that came and were
        neither sold nor are there: written off as `write_offs` dates them) and undated (units received on an unknown
        day, which are no movement); opening + received − sold − unexplained = on_hand
    """

    movements: pd.DataFrame
    opening: pd.DataFrame
    unit_cost: "pd.Series[float]"
    balance: pd.DataFrame


def stock_movements(tables: Tables, as_of: pd.Timestamp, calendar: PeriodCalendar) -> StockMovements:
    """Movements of stock up to and with the day `as_of`, from tables as `features.quality.check` reads them.

    A period's demand is sold on its last day, at the covariate `price` of `demand`, else `items.unit_price`; of a
    period that is not over or not known nothing is. The opening stock is what makes movements end at the last `on_hand`
    of `stock`, which is rolled forward to the as-of day, or for a SKU without a count at the sum of its lots. A SKU
    without either opens with what it sold beyond its receipts. Opening stock costs what the first receipt with a price
    does, else `items.unit_cost`. For lots as what is left, see `procurement.stock_value.lots.with_lots`.
    """
    receipts, undated = _receipts(tables, as_of)
    moved = pd.concat([receipts, _sales(tables, as_of, calendar)], ignore_index=True)[_COLUMNS]
    on_hand = _on_hand(tables, as_of)
    ids = np.array(sorted({*moved["unique_id"].unique(), *on_hand.index}), object)
    balance = _balance(moved, on_hand, undated, ids)
    known = pd.concat([moved["at"], tables.stock.loc[tables.stock["as_of"] <= as_of, "as_of"]])
    since = (as_of if known.empty else known.min()).normalize() - _DAY
    cost = tables.items.drop_duplicates("unique_id").set_index("unique_id")["unit_cost"].astype(float)
    opening = pd.DataFrame(
        {
            "unique_id": ids,
            "quantity": balance["opening"],
            "unit_cost": _opening_cost(receipts, cost, ids),
            "received_at": since,
        }
    )
    unexplained = balance.set_index("unique_id")["unexplained"]
    written_off = dated_write_offs(moved, unexplained, as_of).assign(
        unit_cost=np.nan, kind="write_off", unit_price=np.nan
    )
    parts = [part for part in (moved, written_off) if len(part)]
    return StockMovements(
        movements=pd.concat(parts, ignore_index=True) if parts else moved,
        opening=opening,
        unit_cost=cost,
        balance=balance,
    )


def _receipts(tables: Tables, as_of: pd.Timestamp) -> tuple[pd.DataFrame, "pd.Series[float]"]:
    """Deliveries by `as_of` less what was rejected, as movements, and units received on an unknown day by SKU.

    A line with rows in `receipts` is read from there, any other from its own columns, as `features.stock.deliveries`
    does; what was rejected is taken off a line's last deliveries.
    """
    lines, end = tables.purchase_orders, as_of.normalize() + _DAY
    own = lines[~_listed(lines, tables.receipts)]
    booked = own[own["received_at"] < end]
    booked = booked.assign(quantity=booked["quantity_received"].fillna(booked["quantity_ordered"]))
    parts = tables.receipts.loc[tables.receipts["received_at"] < end, [*KEY, "received_at", "quantity"]]
    columns = ["unique_id", "received_at", "quantity", "quantity_rejected", "unit_price"]
    parts = parts.merge(lines[[*KEY, "unique_id", "quantity_rejected", "unit_price"]], on=KEY)
    both = pd.concat([booked[[*KEY, *columns]], parts[[*KEY, *columns]]], ignore_index=True)
    units = _less_rejected(both)
    kept = units > 0
    deliveries = pd.DataFrame(
        {
            "unique_id": both["unique_id"],
            "at": both["received_at"].dt.normalize(),
            "quantity": units,
            "unit_cost": both["unit_price"],
            "kind": "receipt",
            "unit_price": np.nan,
        }
    )
    unknown = own[own["received_at"].isna() & (own["quantity_received"] > 0) & (own["ordered_at"] < end)]
    undated = unknown.groupby("unique_id")["quantity_received"].sum()
    return deliveries[kept].reset_index(drop=True), undated


def _listed(lines: pd.DataFrame, receipts: pd.DataFrame) -> NDArray[np.bool_]:
    """Which order lines have rows in `receipts` (rows,)."""
    if not len(receipts):
        return np.zeros(len(lines), bool)
    listed = pd.MultiIndex.from_frame(receipts[KEY])
    return np.asarray(pd.MultiIndex.from_frame(lines[KEY]).isin(listed))


def _less_rejected(deliveries: pd.DataFrame) -> Array:
    """Good units (k,) of deliveries: what was rejected of a line is taken off its last ones."""
    units: Array = deliveries["quantity"].to_numpy(float).copy()
    some = deliveries[(deliveries["quantity_rejected"] > 0).to_numpy()]
    some = some.sort_values([*KEY, "received_at", "quantity"], ascending=False, kind="stable")
    seen = some.groupby(KEY)["quantity"].cumsum() - some["quantity"]
    left = (some["quantity_rejected"] - seen).clip(lower=0.0)
    units[some.index] = (some["quantity"] - left).clip(lower=0.0)
    return units


def _sales(tables: Tables, as_of: pd.Timestamp, calendar: PeriodCalendar) -> pd.DataFrame:
    """Demand of periods that are over on `as_of` as movements on their last day."""
    demand = tables.demand
    starts = pd.DatetimeIndex(demand.loc[demand["ds"] < as_of, "ds"].unique())
    ends = pd.DatetimeIndex([calendar.end(start) for start in starts])
    last = pd.Series(ends - _DAY, index=starts)[ends <= as_of.normalize()].astype("datetime64[ns]")
    rows = demand[demand["ds"].isin(last.index) & (demand["y"] != 0.0) & demand["y"].notna()]
    price = rows["unique_id"].map(
        tables.items.drop_duplicates("unique_id").set_index("unique_id")["unit_price"]
    )
    if PRICE in rows:
        price = rows[PRICE].fillna(price)
    return pd.DataFrame(
        {
            "unique_id": rows["unique_id"],
            "at": rows["ds"].map(last),
            "quantity": -rows["y"],
            "unit_cost": np.nan,
            "kind": "sale",
            "unit_price": price.astype(float),
        }
    )


def _on_hand(tables: Tables, as_of: pd.Timestamp) -> "pd.Series[float]":
    """Units on hand by unique_id: of the last count up to `as_of`, of SKUs without one the sum of their lots."""
    counted = tables.stock[tables.stock["as_of"] <= as_of].sort_values(["unique_id", "as_of"], kind="stable")
    last = counted.drop_duplicates("unique_id", keep="last").set_index("unique_id")["on_hand"]
    lots = tables.inventory_lots
    lots = lots[lots["received_at"] < as_of.normalize() + _DAY].groupby("unique_id")["quantity"].sum()
    return last.astype(float).combine_first(lots.astype(float))


def _balance(
    moved: pd.DataFrame,
    on_hand: "pd.Series[float]",
    undated: "pd.Series[float]",
    ids: NDArray[np.object_],
) -> pd.DataFrame:
    """The balance of each SKU of `ids` (n,), as `StockMovements` has it."""
    inward = moved["quantity"] > 0
    received = moved[inward].groupby("unique_id")["quantity"].sum().reindex(ids).fillna(0.0).to_numpy(float)
    sold = -moved[~inward].groupby("unique_id")["quantity"].sum().reindex(ids).fillna(0.0).to_numpy(float)
    counted = on_hand.reindex(ids).to_numpy(float)
    there = np.where(np.isnan(counted), np.maximum(received - sold, 0.0), counted)
    missing = there - received + sold
    missing = np.where(np.abs(missing) <= 1e-9 * (received + sold + there), 0.0, missing)
    return pd.DataFrame(
        {
            "unique_id": ids,
            "opening": np.maximum(missing, 0.0),
            "received": received,
            "sold": sold + 0.0,  # never −0
            "on_hand": counted,
            "unexplained": np.maximum(-missing, 0.0),
            "undated": undated.reindex(ids).fillna(0.0).to_numpy(float),
        }
    )


def _opening_cost(receipts: pd.DataFrame, unit_cost: "pd.Series[float]", ids: NDArray[np.object_]) -> Array:
    """Unit cost (n,) of opening stock: that of the first receipt with a price, else `items.unit_cost`."""
    priced = receipts[receipts["unit_cost"].notna()].sort_values(
        ["unique_id", "at", "unit_cost"], kind="stable"
    )
    first = numbers_by_sku(priced.drop_duplicates("unique_id"), "unit_cost", ids)
    return np.where(np.isnan(first), unit_cost.reindex(ids).to_numpy(float), first)
