"""Open orders in a play: when each arrives in each scenario, and how far the plan counts on it at each review."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from distributions.distribution import Array, Distribution
from planning.projection.open_orders import Pipeline
from planning.projection.scenario_levels import ORDERS_A_SKU
from planning.protocols import FirstParts
from planning.simulation.engine.common_random_numbers import Luck, level_in_dimension, name_keys
from planning.simulation.engine.lead_time_draws import supplier_scores

_LONGEST_DAYS = 730
_DAYS_APART = 64
"""Days of a supplier's orders whose luck is drawn independently; round and round."""


_OF_LINES = (
    "row", "units", "price", "remaining", "never", "days", "later", "share", "rest", "rest_later", "ahead", "sooner",
)  # fmt: skip


@dataclass(frozen=True)
class OpenLines:
    """m open orders of the lanes of a play, sorted by lane.

    Attributes
    ----------
    lane : int array (m,), lane of each
    row : int array (m,), row of each in the assessment's pipeline
    units : array (m,), units that come of it
    price : array (m,), money a unit
    remaining, never : days until it arrives if it does, and the chance that it does not
    days : array (m, M), days until it arrives in each scenario; infinite: it never does
    later, share : arrays (m,): as it is agreed today, it comes so many days later, or in that share of its days
    rest, rest_later : arrays (m,): share of it that is split off, and comes so many days after the other part
    ahead, sooner : arrays (m,): share of it that is expected ahead, as it may come in parts, and after what share of
        the days until the rest; a line that is such a first part itself (`apart`) has 0 and that share
    """

    lane: NDArray[np.intp]
    row: NDArray[np.intp]
    units: Array
    price: Array
    remaining: Distribution
    never: Array
    days: Array
    later: Array
    share: Array
    rest: Array
    rest_later: Array
    ahead: Array
    sooner: Array

    @classmethod
    def of(cls, pipeline: Pipeline, skus: NDArray[np.intp], price: Array, scenarios: int) -> Self:
        """The open orders of the SKUs `skus` (n,), each a lane, in their order; `price` is the pipeline's (m,)."""
        ends = np.searchsorted(pipeline.sku, np.column_stack([skus, skus + 1]))
        count = ends[:, 1] - ends[:, 0]
        row = (
            np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + np.repeat(ends[:, 0], count)
        )
        remaining = pipeline.remaining[row]
        parts = FirstParts.whole(len(row)) if pipeline.parts is None else pipeline.parts[row]
        return cls(
            lane=np.repeat(np.arange(len(skus)), count),
            row=row,
            units=pipeline.quantity[row],
            price=np.nan_to_num(price[row]),
            remaining=remaining,
            never=pipeline.never[row],
            days=_arrival_days(pipeline, row, scenarios),
            later=np.zeros(len(row)),
            share=np.ones(len(row)),
            rest=np.zeros(len(row)),
            rest_later=np.zeros(len(row)),
            ahead=parts.ahead,
            sooner=parts.sooner,
        )

    def select(self, lanes: NDArray[np.intp], n: int) -> tuple[Self, NDArray[np.intp]]:
        """The open orders of the lanes `lanes` (k,) of `n`, repeats allowed, and where those of each begin (k,)."""
        ends = np.searchsorted(self.lane, np.arange(n + 1))
        count = np.diff(ends)[lanes]
        begins = np.cumsum(count) - count
        rows = np.arange(count.sum()) - np.repeat(begins - ends[lanes], count)
        picked = replace(
            self,
            lane=np.repeat(np.arange(len(lanes)), count),
            **{name: getattr(self, name)[rows] for name in _OF_LINES},
        )
        return picked, begins - ends[lanes]

    def apart(self) -> Self:
        """The same with what is split off an order, and what comes ahead of it, as lines of their own beside it."""
        whole, second = self.with_repeats(self.rest > 0)
        none = np.zeros(len(second))
        whole = replace(
            whole,
            units=whole.units * np.where(second, whole.rest, 1 - whole.rest),
            later=whole.later + np.where(second, whole.rest_later, 0.0),
            rest=none,
            rest_later=none,
        )
        whole, first = whole.with_repeats(whole.ahead > 0)
        return replace(
            whole,
            units=whole.units * np.where(first, whole.ahead, 1 - whole.ahead),
            sooner=np.where(first, whole.sooner, 1.0),
            ahead=np.zeros(len(first)),
        )

    def with_repeats(self, some: NDArray[np.bool_]) -> tuple[Self, NDArray[np.bool_]]:
        """The open orders with each of `some` (m,) twice, and which are the second of two (m + k,)."""
        rows = np.sort(np.concatenate([np.arange(len(self.row)), np.flatnonzero(some)]), kind="stable")
        second = np.concatenate([np.zeros(min(len(rows), 1), bool), rows[1:] == rows[:-1]])
        if not second.any():
            return self, second
        of_lines = {name: getattr(self, name)[rows] for name in _OF_LINES}
        return replace(self, lane=self.lane[rows], **of_lines), second

    def of_lanes(self, n: int) -> tuple[Array, Array]:
        """Units that are to come for each of `n` lanes, and their value in money, (n,) each."""
        units, value = np.zeros((2, n))
        np.add.at(units, self.lane, self.units)
        np.add.at(value, self.lane, self.units * self.price)
        return units, value

    def arrival_days(self) -> NDArray[np.int64]:
        """Whole days until each arrives in each scenario, (m, M), as it is agreed today; −1: never."""
        share, own = self.share[:, None], self.days * self._pace
        days = np.where(share < 1, np.minimum(own, np.maximum(share * own, 1.0)), own)
        days = days + self.later[:, None]
        comes = np.isfinite(days) & (self.units > 0)[:, None]
        whole = np.round(np.minimum(np.where(comes, days, 0.0), _LONGEST_DAYS))
        return np.where(comes, whole, -1).astype(np.int64)

    @property
    def _pace(self) -> Array:
        """Days until each line comes by those until all of its order has, (m, 1): below 1 of first parts alone."""
        return np.where(self.ahead > 0, 1.0, self.sooner)[:, None]

    def counted(self, reviews: Array, interval: Array) -> Array:
        """Units of each order (m, V) that the plan counts on at the `reviews` (V,), if it has not arrived by then.

        As in today's plan, those likely to arrive within the protection interval, given how long it has been open:
        q·(1 − π)·P(t < T ≤ t + I) / (π + (1 − π)·P(T > t)), T days until it arrives, π the chance that it never does.

        Parameters
        ----------
        interval : array (m,), days of the protection interval of the order's lane
        """
        share = np.where(self.share < 1, self.share, 1.0)[:, None] * self._pace

        def until(days: Array) -> Array:
            agreed = (days - self.later[:, None]) / share
            return np.where(agreed >= 0, self.remaining.cdf(np.maximum(agreed, 0.0)), 0.0)

        comes, never = 1 - self.never[:, None], self.never[:, None]
        begins = np.broadcast_to(reviews, (len(self.lane), len(reviews)))
        passed = until(begins - 0.5)
        still_open = never + comes * (1 - passed)
        soon = comes * np.maximum(until(begins + interval[:, None]) - passed, 0.0)
        chance = np.divide(soon, still_open, out=np.zeros_like(soon), where=still_open > 1e-9)
        return np.asarray(self.units[:, None] * chance)


def _arrival_days(pipeline: Pipeline, rows: NDArray[np.intp], scenarios: int) -> Array:
    """Days until the open orders `rows` (m,) arrive in each scenario, (m, M); infinite: never.

    The luck of an order is keyed by SKU, supplier and its number among its SKU's orders, so that lines that come
    together have the same, and its supplier's by the day on which it was placed; orders of one SKU, and days of one
    supplier, each have a dimension of their own.
    """
    orders, shared = pipeline.orders.iloc[rows], pipeline.shared_delay
    supplier = orders["supplier_id"].fillna("").astype(str).to_numpy(object)
    number = pipeline.rank_row[rows].astype(str).astype(object)
    keys = name_keys(orders["unique_id"].to_numpy(object), supplier, number)
    own = pipeline.rank_row[rows] % ORDERS_A_SKU
    score = ndtri(level_in_dimension(keys, own, scenarios, Luck.OPEN_ORDER)).astype(float)
    if shared.strength and len(rows):
        names, at = np.unique(supplier.astype(str), return_inverse=True)
        today = supplier_scores(names.astype(object), np.zeros(1), scenarios, shared)[at, 0]
        age = orders["age"].to_numpy(float)
        day = np.floor(age).astype(np.int64)
        own_day = name_keys(supplier, day.astype(str).astype(object))
        before = ndtri(level_in_dimension(own_day, day % _DAYS_APART, scenarios, Luck.SUPPLIER_BEFORE))
        kept = np.exp(-age / shared.days)[:, None]
        common = kept * today + np.sqrt(1 - kept**2) * before
        score = np.sqrt(shared.strength) * common + np.sqrt(1 - shared.strength) * score
    level, comes = ndtr(score), np.maximum(1 - pipeline.never[rows], 1e-9)[:, None]
    days = pipeline.remaining[rows].quantile(np.minimum(level / comes, 1.0))
    return np.where(level > comes, np.inf, days)
