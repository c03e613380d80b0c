"""The engine: n lanes played in M scenarios, their policy met by the same demand and delays whatever it does."""

from dataclasses import dataclass, fields, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from distributions.distribution import Array
from distributions.parallel import map_in_threads, row_chunks
from distributions.take_rows import take_rows
from planning.cost.price_breaks import PriceBreaks
from planning.policy.order_size import OrderLimits
from planning.simulation.engine.demand_paths import DemandPaths
from planning.simulation.engine.inventory_kernel import COUNTED, play_lanes
from planning.simulation.engine.opening_state import OpeningState

_APART = ("days", "ordered_at", "cycle_lows", "spent_at")
_CHUNK = 64  # lanes that a thread plays at a time


@dataclass(frozen=True)
class PlayedLanes:
    """Lanes to be played, array (n,) or n rows each.

    Attributes
    ----------
    sku : row of the lane's SKU in the demand paths
    limits, prices : what the offer allows, and its price brackets
    shelf_life : days on the shelf from receipt on; NaN: keeps
    rejected : share of what arrives that is rejected, and credited; whole units, what is left over carried forward
    whole : counted in whole units
    yearly, holding : units a year, and money a unit and year: an order is raised to a price break by them
    sellable : units that sell before they perish, beyond which it is not raised; may be infinite
    interval : days of the protection interval: stock expected to perish within them counts for nothing
    """

    sku: NDArray[np.intp]
    limits: OrderLimits
    prices: PriceBreaks
    shelf_life: Array
    rejected: Array
    whole: NDArray[np.bool_]
    yearly: Array
    holding: Array
    sellable: Array
    interval: Array

    def select(self, rows: NDArray[np.intp]) -> Self:
        """The lanes `rows` (k,)."""
        picked: Self = take_rows(self, rows)
        return picked


@dataclass(frozen=True)
class PlayedPolicy:
    """What is ordered: at a review with the inventory position below s up to S, within the offer's limits.

    Attributes
    ----------
    reorder_point, order_up_to : arrays (n, V) of s and S at each of V reviews, units
    a_day : array (n, V), units expected a day in the protection interval of each
    """

    reorder_point: Array
    order_up_to: Array
    a_day: Array


@dataclass(frozen=True)
class World:
    """What happens to n lanes whatever is ordered.

    Attributes
    ----------
    demand : paths of the SKUs
    lead_days : int array (n, V, M), days that an order placed at a review takes, in each scenario; negative: it never
        comes, and is given up after so many days
    review : days between reviews
    warm_up : array (n,), days of each lane before anything is counted
    days : days that are counted; at most what is left of the demand's after the longest `warm_up`
    lost_sales : unmet demand is lost; false: it is backordered
    """

    demand: DemandPaths
    lead_days: NDArray[np.int16]
    review: int
    warm_up: NDArray[np.int64]
    days: int
    lost_sales: bool

    def select(self, rows: NDArray[np.intp]) -> Self:
        """What happens to the lanes `rows` (k,)."""
        return replace(self, lead_days=self.lead_days[rows], warm_up=self.warm_up[rows])


@dataclass(frozen=True)
class PlayResult:
    """What n lanes came to in M scenarios over the `days` that count, arrays (n, M).

    Attributes
    ----------
    demand, missed : units asked for, and of them not served on their day
    stock_days, backorder_days, pipeline_days : units on hand, owed and on their way at the end of each day, summed
    orders, ordered, spent : orders placed, their units, and the money for them
    wasted, rejected : units that passed their shelf life, and that were rejected on receipt
    cycles, short_cycles : deliveries, and those before which something had been missed since the last one
    first_day : day on which the first order is placed, warm-up included; −1: none is
    left : units on hand and on their way at the end, less what is owed
    ordered_at : array (n, V), units ordered at each review, mean over the scenarios
    cycle_lows : array (n, M·K), lowest net stock of each cycle, NaN where there are fewer; K is 0 but for `play` with
        `lows`
    spent_at : array (n, M, P), money spent at each review; P is 0 but for `play` with `money`
    """

    days: int
    demand: Array
    missed: Array
    stock_days: Array
    backorder_days: Array
    orders: Array
    ordered: Array
    spent: Array
    pipeline_days: Array
    wasted: Array
    rejected: Array
    cycles: Array
    short_cycles: Array
    first_day: Array
    left: Array
    ordered_at: Array
    cycle_lows: Array
    spent_at: Array

    @classmethod
    def of(cls, counts: Array, ordered_at: Array, lows: Array, spent_at: Array, days: int) -> Self:
        """The result from what the kernel counted (n, M, COUNTED), and had and spent at each review or cycle."""
        names = [part.name for part in fields(cls) if part.name not in _APART]
        counted = dict(zip(names, np.moveaxis(counts, 2, 0), strict=True))
        lows = lows.reshape(len(lows), -1)
        return cls(days=days, ordered_at=ordered_at, cycle_lows=lows, spent_at=spent_at, **counted)

    def select(self, rows: NDArray[np.intp]) -> Self:
        """The lanes `rows` (k,)."""
        picked: Self = take_rows(self, rows)
        return picked

    def with_lanes(self, rows: NDArray[np.intp], played: Self) -> Self:
        """The result with the lanes `rows` (k,) as they were `played` (k,)."""
        if len(rows) == len(self.left):
            return played
        changed: dict[str, Any] = {}
        for part in fields(self):
            value = getattr(self, part.name)
            if isinstance(value, np.ndarray):
                changed[part.name] = value.copy()
                changed[part.name][rows] = getattr(played, part.name)
        return replace(self, **changed)

    @property
    def fill_rate(self) -> Array:
        """Share of demand met on its day, (n,); NaN without demand."""
        demand = self.demand.sum(axis=1)
        return _share(demand - self.missed.sum(axis=1), demand)

    @property
    def cycle_service(self) -> Array:
        """Share of replenishment cycles, from delivery to delivery, without a stockout, (n,); NaN without any."""
        cycles = self.cycles.sum(axis=1)
        return _share(cycles - self.short_cycles.sum(axis=1), cycles)


def play(
    lanes: PlayedLanes,
    policy: PlayedPolicy,
    world: World,
    opening: OpeningState | None = None,
    *,
    lows: bool = False,
    money: bool = False,
) -> PlayResult:
    """Play n lanes under a policy from their `opening` state, or else with nothing but their order-up-to level.

    With `lows` the lowest net stock of each cycle is kept, with `money` what is spent at each review in each scenario.
    """
    begin = opening
    if begin is None:
        begin = OpeningState.of_stock(policy.order_up_to[:, 0], lanes.shelf_life)
    longest = max(int(np.abs(world.lead_days).max(initial=0)), int(begin.line_days.max(initial=0)))
    cycles = -(-world.days // world.review) + 1 if lows else 0
    reviews = policy.reorder_point.shape[1]
    settings = np.array([world.review, world.days, longest, cycles, reviews if money else 0], np.int64)
    facts = _facts(lanes, world)
    brackets = np.stack([lanes.prices.starts, np.nan_to_num(lanes.prices.prices)], axis=2)
    levels = np.stack([policy.reorder_point, policy.order_up_to, policy.a_day], axis=2)

    def chunk(rows: NDArray[np.intp]) -> tuple[Array, ...]:
        counted: tuple[Array, ...] = play_lanes(
            lanes.sku[rows],
            world.demand.by_day,
            world.lead_days[rows],
            levels[rows],
            facts[rows],
            brackets[rows],
            begin.arrays(rows, reviews),
            settings,
        )
        return counted

    n, m = len(lanes.sku), world.demand.by_day.shape[1]
    played = list(map_in_threads(chunk, row_chunks(np.arange(n), _CHUNK)))
    shapes = ((0, m, COUNTED), (0, reviews), (0, m, cycles), (0, m, settings[4]))
    nothing = [tuple(np.zeros(shape) for shape in shapes)]
    counts, ordered_at, lowest, spent_at = (
        np.concatenate(part) for part in zip(*(played or nothing), strict=True)
    )
    return PlayResult.of(counts, ordered_at, lowest, spent_at, world.days)


def _facts(lanes: PlayedLanes, world: World) -> Array:
    """What the kernel needs of each lane, (n, 12), in its order."""
    backordered = np.full(len(lanes.sku), 0.0 if world.lost_sales else 1.0)
    return np.stack(
        [
            lanes.limits.moq,
            lanes.limits.multiple,
            lanes.limits.maximum,
            np.nan_to_num(lanes.shelf_life),
            lanes.rejected,
            lanes.whole.astype(float),
            lanes.yearly,
            np.nan_to_num(lanes.holding),
            backordered,
            world.warm_up.astype(float),
            lanes.sellable,
            lanes.interval,
        ],
        axis=1,
    )


def _share(part: Array, whole: Array) -> Array:
    """Part of the whole, NaN where that is 0."""
    return np.asarray(np.divide(part, whole, out=np.full_like(whole, np.nan, dtype=float), where=whole > 0))
