"""Stock value and cost of goods sold of each SKU by FIFO, LIFO and moving average, from its movements in time order."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array
from features.contract.tables import DataError
from procurement.stock_value import cost_layer_kernel as kernel
from procurement.stock_value.movement_order import check_movements, ordered_moves

METHODS = ("fifo", "lifo", "average")
"""Costing methods, all perpetual: first in first out, last in first out, moving average."""

LAYER_COLUMNS = ["lot_id", "unique_id", "received_at", "expires_at", "quantity", "unit_cost", "site"]
"""Of layers, those of `inventory_lots`; lot, expiry and site are empty in layers that movements leave."""

_CODES = {method: code for code, method in enumerate(METHODS)}


@dataclass(frozen=True)
class CostedStock:
    """The stock of n SKUs costed by one method, with the P periods between B boundaries.

    opening_value + purchases − returned − cogs − written_off + uncosted_cost + revaluation = value.

    Attributes
    ----------
    method : one of `METHODS`
    unique_ids : array (n,), sorted
    boundaries : array (B,) of days; period p runs from boundary p to the day before boundary p + 1
    units, value : arrays (n,), what is left, units and money; NaN where its cost is not known
    units_sold, cogs : arrays (n,), units sold and cost of goods sold, of all movements
    period_units_sold, period_cogs : arrays (n, P), of these by period
    value_at : array (n, B), stock value on each boundary, before that day's movements
    opening_value, purchases, returned, written_off : arrays (n,), money
    uncosted, uncosted_cost : arrays (n,), units issued for which nothing has come yet, and what they were costed at
    last_cost : array (n,), last known unit cost, NaN without one
    revaluation : array (n,), money by which the lots on hand are worth more than the layers that movements leave
    layers : what is left, `LAYER_COLUMNS`, oldest first within a SKU; of the moving average at the average
    """

    method: str
    unique_ids: NDArray[np.object_]
    boundaries: NDArray[np.datetime64]
    units: Array
    value: Array
    units_sold: Array
    cogs: Array
    period_units_sold: Array
    period_cogs: Array
    value_at: Array
    opening_value: Array
    purchases: Array
    returned: Array
    written_off: Array
    uncosted: Array
    uncosted_cost: Array
    last_cost: Array
    revaluation: Array
    layers: pd.DataFrame = field(compare=False)


def cost_layers(
    movements: pd.DataFrame,
    opening: pd.DataFrame | None = None,
    *,
    unit_cost: "pd.Series[float] | None" = None,
    periods: Literal["month"] | Sequence[pd.Timestamp] | pd.DatetimeIndex = "month",
    methods: Sequence[str] = METHODS,
) -> dict[str, CostedStock]:
    """Cost the stock of each SKU by each method, perpetually: each issue when it happens.

    Of one day receipts go first. An issue beyond what is there is costed at the last known cost, and at the cost of the
    receipts that cover it once they come: the difference is cost of goods sold then. Goods go back to a supplier from
    the newest layers, by every method. Returns of customers are receipts without a unit cost.

    Parameters
    ----------
    movements : unique_id, at, quantity (> 0 in, < 0 out), unit_cost (of what came in; NaN: the last known one), and
        perhaps `kind`, one of `movement_order.KINDS` (empty: `receipt` in, `sale` out)
    opening : unique_id, quantity and unit_cost of layers from before all movements, and perhaps received_at
    unit_cost : by unique_id, the unit cost where none is known from opening or receipts
    periods : `month` for the calendar months of the movements, or the boundaries of periods, rising

    Raises
    ------
    DataError
        When a column is missing, a SKU, day or quantity is empty, a kind does not fit its sign, a unit cost is
        negative, boundaries do not rise or a method is not known.

    Notes
    -----
    FIFO, LIFO and moving average in a perpetual system: Horngren, Financial Accounting, chapter on inventory.
    """
    unknown = [method for method in methods if method not in METHODS]
    if unknown:
        raise DataError(f"methods: {unknown[0]!r} is no costing method; give some of {', '.join(METHODS)}")
    opening = pd.DataFrame(columns=["unique_id", "quantity", "unit_cost"]) if opening is None else opening
    check_movements(movements, opening)
    boundaries = _boundaries(movements["at"], periods)
    both = pd.concat([opening["unique_id"], movements["unique_id"]], ignore_index=True)
    code, ids = pd.factorize(both, sort=True)
    if (code < 0).any():
        raise DataError("movements and opening: a row has no unique_id; give each the SKU that it moves")
    unique_ids = np.asarray(ids, object)
    moves = ordered_moves(movements, opening, code, boundaries, _fallback(unit_cost, unique_ids))
    sold = _units_sold(moves, len(unique_ids), len(boundaries) + 1)
    return {method: _costed(method, moves, unique_ids, boundaries, sold) for method in methods}


def stock_value_table(costed: dict[str, CostedStock]) -> pd.DataFrame:
    """Stock value of each SKU and method: a row for each, the methods of a SKU one after the other.

    Returns
    -------
    DataFrame
        unique_id, method, units, value, opening_value, purchases, returned, units_sold, cogs, written_off, uncosted,
        uncosted_cost, revaluation
    """
    names = ["units", "value", "opening_value", "purchases", "returned", "units_sold", "cogs", "written_off"]
    names += ["uncosted", "uncosted_cost", "revaluation"]
    parts = [
        pd.DataFrame({"unique_id": each.unique_ids, "method": method} | {n: getattr(each, n) for n in names})
        for method, each in costed.items()
    ]
    if not parts:
        return pd.DataFrame(columns=["unique_id", "method", *names])
    return pd.concat(parts).sort_index(kind="stable").reset_index(drop=True)


def _boundaries(
    at: pd.Series, periods: Literal["month"] | Sequence[pd.Timestamp] | pd.DatetimeIndex
) -> NDArray[np.datetime64]:
    """Boundaries (B,) of the periods as days: those given, or the starts of the calendar months of `at` and the end."""
    if isinstance(periods, str):
        if not len(at):
            return np.empty(0, "datetime64[D]")
        month = at.agg(["min", "max"]).to_numpy("datetime64[M]")
        return np.asarray(np.arange(month[0], month[1] + 2).astype("datetime64[D]"))
    days = np.asarray(pd.DatetimeIndex(periods).to_numpy("datetime64[D]"))
    if np.isnat(days).any() or (np.diff(days) <= np.timedelta64(0, "D")).any():
        raise DataError(
            f"periods: boundaries {[str(day) for day in days]} do not rise; give each day once, in order"
        )
    return days


def _fallback(unit_cost: "pd.Series[float] | None", unique_ids: NDArray[np.object_]) -> Array:
    if unit_cost is None:
        return np.full(len(unique_ids), np.nan)
    return np.asarray(unit_cost[~unit_cost.index.duplicated()].reindex(unique_ids).to_numpy(float))


def _units_sold(moves: kernel.Moves, n: int, buckets: int) -> Array:
    """Units sold of each SKU in each bucket, (n, buckets)."""
    sku = np.repeat(np.arange(n), np.diff(moves.first))
    sold = np.where(moves.kind == kernel.SALE, moves.units, 0.0)
    return np.bincount(sku * buckets + moves.bucket, sold, n * buckets).astype(float).reshape(n, buckets)


def _costed(
    method: str,
    moves: kernel.Moves,
    unique_ids: NDArray[np.object_],
    boundaries: NDArray[np.datetime64],
    sold: Array,
) -> CostedStock:
    """The stock costed by one method; `sold` (n, buckets) are the units sold before, between and after boundaries."""
    came = np.concatenate([[0], np.cumsum(moves.kind <= kernel.RECEIPT)])[moves.first]
    room = int(came[-1])
    layers = kernel.Layers(came[:-1], np.zeros(room), np.zeros(room), np.zeros(room, np.int64))
    cogs, value, sums = kernel.play_movements(moves, layers, _CODES[method], len(boundaries) + 1)
    left = layers.units > 0
    sku = np.repeat(np.arange(len(unique_ids)), np.diff(came))[left]
    days = layers.day[left].view("datetime64[D]")  # an unknown day is the least number, which is NaT
    return CostedStock(
        method=method,
        unique_ids=unique_ids,
        boundaries=boundaries.astype("datetime64[ns]"),
        units=np.bincount(sku, layers.units[left], len(unique_ids)).astype(float),
        value=value[:, -1],
        units_sold=sold.sum(axis=1),
        cogs=cogs.sum(axis=1),
        period_units_sold=sold[:, 1:-1],
        period_cogs=cogs[:, 1:-1],
        value_at=value[:, :-1],
        opening_value=sums[:, kernel.OPENED],
        purchases=sums[:, kernel.PURCHASED],
        returned=sums[:, kernel.RETURNED],
        written_off=sums[:, kernel.WRITTEN_OFF],
        uncosted=sums[:, kernel.UNCOSTED],
        uncosted_cost=sums[:, kernel.UNCOSTED_COST],
        last_cost=sums[:, kernel.LAST_COST],
        revaluation=np.zeros(len(unique_ids)),
        layers=pd.DataFrame(
            {
                "lot_id": np.full(len(sku), None, object),
                "unique_id": unique_ids[sku],
                "received_at": days.astype("datetime64[ns]"),
                "expires_at": np.full(len(sku), np.datetime64("NaT", "ns")),
                "quantity": layers.units[left],
                "unit_cost": layers.cost[left],
                "site": np.full(len(sku), None, object),
            }
        ),
    )
