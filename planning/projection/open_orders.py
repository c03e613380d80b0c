"""Open orders as cover: only as far as they are likely to arrive within the protection interval."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from distributions.cancellation import current_token
from distributions.demand_forecast import DemandForecast
from distributions.distribution import Array, Distribution
from distributions.parallel import map_in_threads, row_chunks
from planning.inputs import PlanInputs
from planning.projection.arrival_scenarios import arrival_rank_rows
from planning.projection.first_parts import parts_at_age
from planning.projection.never_arrives import experience_ends, never_arrives
from planning.projection.order_numbering import (
    SupplierNumbers,
    order_numbers,
    sort_order_lines,
)
from planning.protocols import (
    ALL_COME,
    INDEPENDENT_DELAYS,
    Deliveries,
    FirstParts,
    LeadTimes,
    NeverComing,
    SharedDelay,
)

ARRIVAL_LEVELS: Array = np.round(
    np.concatenate([[0.005, 0.025], np.arange(1, 20) / 20, [0.975, 0.99, 0.995]]), 3
)
"""Levels at which arrivals are held: there can be many more open orders than lanes."""

_PREDICT_CHUNK, _CHUNK = 25_000, 2_000  # orders whose lead times are predicted, and worked on, at a time


@dataclass(frozen=True)
class Pipeline:
    """m open orders of forecast SKUs, sorted by SKU.

    Attributes
    ----------
    orders : frame (m,) of open orders; perhaps with `answered_today`, as `planning.placed_orders` says
    sku : array (m,), row of the SKU
    quantity : array (m,), units expected of an order that comes: what is open times the share of it that comes
    never : array (m,), probability that the order never comes, given its age
    remaining : days until arrival of an order that comes, given its age
    overdue : array (m,), so late that its lead-time distribution says nothing about it any more; taken as newly placed
    rank_row : array (m,), row of `arrival_scenarios.arrival_ranks`: lines of one SKU with the same one arrive together
    shared_delay : how far orders of one supplier are late together
    parts : first parts of orders (m,) of which nothing has come yet; none: all come whole
    """

    orders: pd.DataFrame
    sku: NDArray[np.int64]
    quantity: Array
    never: Array
    remaining: Distribution
    overdue: NDArray[np.bool_]
    rank_row: NDArray[np.int64]
    shared_delay: SharedDelay = INDEPENDENT_DELAYS
    parts: FirstParts | None = None

    def __len__(self) -> int:
        return len(self.sku)

    def on_order(self, n: int) -> Array:
        """Units on order of each of `n` SKUs, whether they will come or not."""
        units = self.orders["quantity_open"].to_numpy(float)
        return np.bincount(self.sku, weights=units, minlength=n).astype(float)

    def cover(self, n: int, within: ArrayLike) -> Array:
        """Expected units on order of each of `n` SKUs that arrive within `within` days, (n,).

        Σ q·(1 − P(never))·P(remaining ≤ t), of orders that may come in parts the first of them by its own time.
        """
        days = np.broadcast_to(np.asarray(within, float), (n,))[self.sku]
        share = self.remaining.cdf(days)
        if self.parts is not None:
            share += self.parts.ahead * (self.remaining.cdf(days / self.parts.sooner) - share)
        return np.bincount(self.sku, weights=self.expected * share, minlength=n).astype(float)

    def answered_today(self, n: int) -> NDArray[np.bool_]:
        """Which of `n` SKUs, (n,), people have ordered already on today's plan, by their open orders."""
        if "answered_today" not in self.orders:
            return np.zeros(n, bool)
        return np.bincount(self.sku, self.orders["answered_today"].to_numpy(bool), n) > 0

    @property
    def expected(self) -> Array:
        """Units (m,) expected of each open order, as it may never come."""
        return self.quantity * (1 - self.never)

    @property
    def doubtful(self) -> NDArray[np.bool_]:
        """Open orders (m,) that are likelier never to come than to come."""
        return np.asarray(self.never > 0.5)

    def unit_price(self, usual: Array) -> Array:
        """What a unit of each open order costs (m,), money: its own price, else the `usual` one of its SKU (n,)."""
        if "unit_price" not in self.orders:
            return usual[self.sku]
        own = self.orders["unit_price"].to_numpy(float)
        return np.where(np.isnan(own), usual[self.sku], own)

    def of_skus(self, rows: NDArray[np.intp]) -> "Pipeline":
        """The open orders of the SKUs `rows` (k,), rising, which are then numbered from 0."""
        place = np.clip(np.searchsorted(rows, self.sku), 0, max(len(rows) - 1, 0))
        lines = np.flatnonzero(rows[place] == self.sku) if len(rows) else np.empty(0, np.intp)
        return replace(self._lines(lines), sku=place[lines])

    def before_today(self) -> "Pipeline":
        """The open orders without those of today, which arrive with whatever else is ordered today, not before it."""
        earlier = self.orders["age"].to_numpy(float) >= 1
        return self if earlier.all() else self._lines(np.flatnonzero(earlier))

    def _lines(self, lines: NDArray[np.intp]) -> "Pipeline":
        """Some `lines` (k,) of the open orders."""
        return Pipeline(
            orders=self.orders.iloc[lines],
            sku=self.sku[lines],
            quantity=self.quantity[lines],
            never=self.never[lines],
            remaining=self.remaining[lines],
            overdue=self.overdue[lines],
            rank_row=self.rank_row[lines],
            shared_delay=self.shared_delay,
            parts=None if self.parts is None else self.parts[lines],
        )

    def new_order_rank_row(self, supplier_id: NDArray[np.object_]) -> NDArray[np.int64]:
        """Row of `arrival_ranks` (n,) of an order that each of n SKUs places now with `supplier_id` (n,)."""
        n = len(supplier_id)
        number = np.bincount(self.sku, minlength=n)
        supplier_number = number
        if self.shared_delay.strength:
            numbers = SupplierNumbers.of(self.orders["supplier_id"], self.sku)
            supplier_number = numbers.of_suppliers(supplier_id)
        return arrival_rank_rows(number, supplier_number, np.zeros(n), self.shared_delay)


def make_pipeline(
    orders: pd.DataFrame,
    sku: NDArray[np.int64],
    lead_time: Callable[[pd.DataFrame], Distribution],
    *,
    deliveries: Deliveries = ALL_COME,
    lines_together: bool = False,
    shared_delay: SharedDelay = INDEPENDENT_DELAYS,
) -> Pipeline:
    """Open orders with the distribution of days until arrival that their age leaves them.

    Parameters
    ----------
    orders : frame (m,) with quantity_open and age, and perhaps what was agreed with its supplier: `agreed_later`,
        days that an order was pushed back, and `agreed_share`, of the days it would still take, when it is expedited
    sku : array (m,), row of each order's SKU, ≥ 0
    lead_time : rows of `orders` → distribution of the whole lead time of each; predicted for `_PREDICT_CHUNK` orders at
        a time, since those of half a million orders together take more memory than anything else in a plan
    deliveries : how much of them is expected to come, in how many parts, and the chance that it never does
    lines_together : lines of one order for the same SKU arrive together
    shared_delay : how far orders of one supplier are late together; then `orders` need supplier_id
    """
    by_sku = sort_order_lines(orders, sku)
    chunks = row_chunks(by_sku, _PREDICT_CHUNK)
    chance, in_parts = deliveries.never, deliveries.first_parts or FirstParts.whole(len(orders))
    found = list(
        map_in_threads(
            lambda rows: _left(
                orders.iloc[rows], lead_time, None if chance is None else chance[rows], in_parts[rows]
            ),
            chunks,
        )
    )
    known = orders.iloc[by_sku].reset_index(drop=True)
    left = _joined([_NOTHING_LEFT, *found])
    return Pipeline(
        orders=known,
        sku=sku[by_sku],
        quantity=(orders["quantity_open"].to_numpy(float) * np.asarray(deliveries.share, float))[by_sku],
        never=left.never,
        remaining=Distribution(ARRIVAL_LEVELS, left.remaining),
        overdue=left.overdue,
        rank_row=_rank_rows(known, sku[by_sku], lines_together, shared_delay),
        shared_delay=shared_delay,
        parts=left.parts if left.parts.chance.any() else None,
    )


def forecast_pipeline(forecast: DemandForecast, lead_times: LeadTimes, inputs: PlanInputs) -> Pipeline:
    """Open orders of the forecast's SKUs as a pipeline, each with the distribution of its arrival."""
    orders = inputs.open_orders
    sku = forecast.rows(orders["unique_id"]) if len(orders) else np.empty(0, dtype=np.int64)
    still_open = orders["quantity_open"].to_numpy(float) > 0
    lines = np.flatnonzero((sku >= 0) & still_open)
    known = orders.iloc[lines].reset_index(drop=True)
    split = len(known) > 0 and bool(known.duplicated(["order_id", "unique_id"]).any())
    return make_pipeline(
        known,
        sku[lines],
        lead_times.predict,
        deliveries=expected_deliveries(known, lead_times),
        lines_together=split and inputs.lines_together,
        shared_delay=lead_times.shared_delay,
    )


def expected_deliveries(orders: pd.DataFrame, lead_times: LeadTimes) -> Deliveries:
    """How much of open orders the lead-time model expects to be delivered."""
    if orders.empty:
        return ALL_COME
    return lead_times.deliveries(orders)


@dataclass(frozen=True)
class _Left:
    """What the age of m open orders leaves of them: days until they arrive (m, Q) at `ARRIVAL_LEVELS`, and the rest."""

    remaining: Array
    overdue: NDArray[np.bool_]
    never: Array
    parts: FirstParts


_NOTHING_LEFT = _Left(
    np.empty((0, len(ARRIVAL_LEVELS))), np.empty(0, np.bool_), np.empty(0), FirstParts.whole(0)
)


def _joined(found: list[_Left]) -> _Left:
    """What is left of open orders, one after the other."""
    parts = [one.parts for one in found]
    return _Left(
        np.concatenate([one.remaining for one in found]),
        np.concatenate([one.overdue for one in found]),
        np.concatenate([one.never for one in found]),
        FirstParts(
            np.concatenate([one.chance for one in parts]),
            np.concatenate([one.share for one in parts]),
            np.concatenate([one.sooner for one in parts]),
        ),
    )


def _left(
    orders: pd.DataFrame,
    lead_time: Callable[[pd.DataFrame], Distribution],
    chance: NeverComing | None,
    in_parts: FirstParts,
) -> _Left:
    """What their age leaves of some open orders, `chance` and `in_parts` before it is known."""
    whole = lead_time(orders)
    if "agreed_later" in orders:  # as if it had been placed so many days later
        orders = orders.assign(age=orders["age"] - orders["agreed_later"].fillna(0.0))
    age = orders["age"].to_numpy(float)
    overdue = age > experience_ends(whole)
    never = np.zeros(len(orders)) if chance is None else never_arrives(orders, whole, chance)
    considered = np.where(overdue, 0.0, age)
    remaining = np.empty((len(orders), len(ARRIVAL_LEVELS)))
    token = current_token()
    for rows in row_chunks(np.arange(len(orders)), _CHUNK):
        token.check()
        from_order = whole[rows].above(considered[rows], levels=ARRIVAL_LEVELS).values
        remaining[rows] = from_order - considered[rows, None]
    if "agreed_share" in orders:
        share = orders["agreed_share"].fillna(1.0).to_numpy(float)[:, None]
        remaining = np.where(share < 1, np.minimum(remaining, np.maximum(share * remaining, 1.0)), remaining)
    none = replace(in_parts, chance=np.where(overdue, 0.0, in_parts.chance))
    parts = parts_at_age(none, whole, considered)
    return _Left(np.maximum(remaining, 0.0), overdue, never, parts)


def _rank_rows(
    orders: pd.DataFrame, sku: NDArray[np.int64], lines_together: bool, shared_delay: SharedDelay
) -> NDArray[np.int64]:
    """Row (m,) of `arrival_ranks` for each line of the pipeline's open orders; `sku` is sorted."""
    number = order_numbers(orders["order_id"].to_numpy(object) if lines_together else None, sku)
    if not shared_delay.strength:
        return arrival_rank_rows(number, number, np.zeros(len(sku)), shared_delay)
    suppliers = SupplierNumbers.of(orders["supplier_id"], sku)
    return arrival_rank_rows(number, suppliers.of_lines, orders["age"].to_numpy(float), shared_delay)
