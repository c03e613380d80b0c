"""Open orders as cover: only as far as they are likely to arrive within the protection interval."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from distributions.distribution import Array, Distribution
from distributions.parallel import chunks_of, side_by_side
from planning.projection.arrival_scenarios import INDEPENDENT, SharedDelay, places

ARRIVAL_LEVELS: Array = np.round(
    np.concatenate([[0.005, 0.025], np.arange(1, 20) / 20, [0.975, 0.99, 0.995]]), 3
)
"""Levels at which arrivals are kept: there can be many more open orders than lanes."""

_BEYOND_LAW = (
    1.25  # an order older than this many times its law's last quantile is outside what the law knows
)
_GRACE_DAYS = 3.0
_ASKED, _CHUNK = 25_000, 2_000  # orders whose laws are asked for, and worked on, at a time
_NOTHING = np.empty((0, len(ARRIVAL_LEVELS))), np.empty(0, np.bool_)


@dataclass(frozen=True)
class Pipeline:
    """m open orders of forecast SKUs, sorted by SKU.

    Attributes
    ----------
    orders : frame (m,) of open orders
    sku : array (m,), row of the SKU
    quantity : array (m,), units expected still to come: what is open times the share of it that comes
    remaining : days until arrival, given each order's age
    overdue : array (m,), so late that its lead-time law says nothing about it any more; counts as a fresh order
    place : array (m,), row of `planning.projection.arrival_scenarios.arrival_places`: lines of one SKU with the same one arrive together
    shared : how far orders of one supplier are late together
    """

    orders: pd.DataFrame
    sku: NDArray[np.int64]
    quantity: Array
    remaining: Distribution
    overdue: NDArray[np.bool_]
    place: NDArray[np.int64]
    shared: SharedDelay = INDEPENDENT

    def __len__(self) -> int:
        return len(self.sku)

    def on_order(self, n: int) -> Array:
        """Units on order of each of `n` SKUs, whether they will come or not."""
        units = self.orders["quantity_open"].to_numpy(float)
        return np.bincount(self.sku, weights=units, minlength=n).astype(float)

    def cover(self, n: int, within: ArrayLike) -> Array:
        """Expected units of each of `n` SKUs that arrive within `within` days, (n,): Σ q·P(remaining ≤ t)."""
        days = np.broadcast_to(np.asarray(within, float), (n,))
        share = self.remaining.cdf(days[self.sku])
        return np.bincount(self.sku, weights=self.quantity * share, minlength=n).astype(float)

    def of(self, rows: NDArray[np.intp]) -> "Pipeline":
        """The open orders of the SKUs `rows` (k,), rising, which are then numbered from 0."""
        place = np.clip(np.searchsorted(rows, self.sku), 0, max(len(rows) - 1, 0))
        mine = np.flatnonzero(rows[place] == self.sku) if len(rows) else np.empty(0, np.intp)
        return Pipeline(
            self.orders.iloc[mine], place[mine], self.quantity[mine], self.remaining[mine], self.overdue[mine],
            self.place[mine], self.shared,
        )  # fmt: skip


def make_pipeline(
    orders: pd.DataFrame,
    sku: NDArray[np.int64],
    lead_time: Callable[[pd.DataFrame], Distribution],
    *,
    share: ArrayLike = 1.0,
    together: bool = False,
    shared: SharedDelay = INDEPENDENT,
) -> Pipeline:
    """Open orders with the arrival law that their age leaves them.

    Parameters
    ----------
    orders : frame (m,) with quantity_open and age
    sku : array (m,), row of each order's SKU, ≥ 0
    lead_time : rows of `orders` → law of the whole lead time of each; asked for `_ASKED` orders at a time, since
        all laws of half a million orders together take more memory than anything else in a plan
    share : of what is open, expected to come (a number or (m,)); the rest of a part delivery may not
    together : lines of one order for the same SKU arrive together
    shared : how far orders of one supplier are late together; then `orders` need supplier_id
    """
    by_sku = np.argsort(sku, kind="stable")
    asked = chunks_of(by_sku, _ASKED)
    parts = list(side_by_side(lambda rows: _remaining(orders.iloc[rows], lead_time), asked))
    known = orders.iloc[by_sku].reset_index(drop=True)
    values, overdue = (np.concatenate(part) for part in zip(*parts, strict=True)) if parts else _NOTHING
    return Pipeline(
        orders=known,
        sku=sku[by_sku],
        quantity=(orders["quantity_open"].to_numpy(float) * np.asarray(share, float))[by_sku],
        remaining=Distribution(ARRIVAL_LEVELS, values),
        overdue=overdue,
        place=_places(known, sku[by_sku], together, shared),
        shared=shared,
    )


def _remaining(
    orders: pd.DataFrame, lead_time: Callable[[pd.DataFrame], Distribution]
) -> tuple[Array, NDArray[np.bool_]]:
    """Days until arrival (m, Q) at `ARRIVAL_LEVELS`, and which orders are overdue (m,)."""
    law, age = lead_time(orders), orders["age"].to_numpy(float)
    overdue = age > law.values[:, -1] * _BEYOND_LAW + _GRACE_DAYS
    considered = np.where(overdue, 0.0, age)
    later = np.empty((len(orders), len(ARRIVAL_LEVELS)))
    for rows in chunks_of(np.arange(len(orders)), _CHUNK):
        until = law[rows].above(considered[rows], levels=ARRIVAL_LEVELS).values
        later[rows] = until - considered[rows, None]
    return np.maximum(later, 0.0), overdue


def arrive_together(purchase_orders: pd.DataFrame) -> bool:
    """Whether lines of one order for the same SKU mostly came on one day; without such lines they do not."""
    known = {"order_id", "unique_id", "received_at"} <= set(purchase_orders.columns)
    lines = purchase_orders[purchase_orders["received_at"].notna()] if known else purchase_orders.iloc[:0]
    lines = lines[lines.duplicated(["order_id", "unique_id"], keep=False)] if len(lines) else lines
    if lines.empty:
        return False
    days = lines.groupby(["order_id", "unique_id"])["received_at"].nunique()
    return bool((days == 1).mean() > 0.5)


def _places(
    orders: pd.DataFrame, sku: NDArray[np.int64], together: bool, shared: SharedDelay
) -> NDArray[np.int64]:
    """Row (m,) of `arrival_places` for each line; `sku` is sorted."""
    turn = _turns(orders["order_id"].to_numpy(object) if together else None, sku)
    if not shared.strength:
        return places(turn, turn, np.zeros(len(sku)), shared)
    code, names = pd.factorize(orders["supplier_id"])
    lanes, lane = np.unique(sku * (len(names) + 1) + code, return_inverse=True)
    of_sku = lanes // (len(names) + 1)
    return places(turn, number_within(of_sku)[lane], orders["age"].to_numpy(float), shared)


def _turns(order_id: NDArray[np.object_] | None, sku: NDArray[np.int64]) -> NDArray[np.int64]:
    """Number of each line (m,), or of its order, among those of its SKU; `sku` is sorted."""
    number = number_within(sku)
    if order_id is None:
        return number
    # the first line of the same order and SKU gives its number to all of them
    return np.asarray(pd.Series(number).groupby([pd.Series(sku), pd.Series(order_id)]).transform("min"))


def number_within(group: NDArray[np.int64]) -> NDArray[np.int64]:
    """Number (m,) of each row among those of its group, from 0; `group` (m,) is sorted, ≥ 0."""
    first = np.flatnonzero(np.diff(group, prepend=-1))
    return np.arange(len(group)) - np.repeat(first, np.diff(np.append(first, len(group))))
