"""One lane played on what really came: its policy and terms, the real demand, and what each part of it cost."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array
from planning.cost.lane_costs import DAYS_A_YEAR
from planning.cost.payment_terms import prepaid_unit_days
from planning.cost.price_breaks import PriceBreaks
from planning.policy.order_size import OrderLimits
from planning.realised.lane_basis import LEAD_LEVELS, LaneBasis
from planning.realised.opening import Arrivals, opening_state
from planning.simulation.engine.common_random_numbers import Luck, name_keys, stratified_levels
from planning.simulation.engine.demand_paths import DemandPaths
from planning.simulation.engine.lane_play import PlayedLanes, PlayedPolicy, PlayResult, World, play

SCENARIOS = 64

_LONGEST = 365
_NEAR_DAYS = 45.0
"""Days that a real order may lie off a played one and still say how long that takes."""
_USEFUL_DAYS = 2 * DAYS_A_YEAR
"""Days from the beginning within which goods that keep find a use; what is left beyond is lost."""

PARTS = ("goods", "ordering", "stock", "shortage", "useless")


@dataclass(frozen=True)
class RealWorld:
    """What really came to one SKU from the first day of a replay on.

    Attributes
    ----------
    unique_id : the SKU
    demand : array (1, M, T), units wanted each day
    a_day : array (T,), units a day around each day, which stand for the forecasts of the time
    lost_sales : unmet demand is lost
    ordered : array (k,), day of each real order of the SKU from the supplier; may lie before the first
    lead_days : array (k,), days that it took; of one that is open the days so far
    is_open : flags (k,)
    agreed_days : lead time at `LEAD_LEVELS` that real orders have by agreement, of a replay without it: an order then
        takes as long as the lane's own lead time does with the same luck; empty: as long as the real one
    """

    unique_id: str
    demand: NDArray[np.float32]
    a_day: Array
    lost_sales: bool
    ordered: Array
    lead_days: Array
    is_open: NDArray[np.bool_]
    agreed_days: tuple[float, ...] = ()

    @property
    def days(self) -> int:
        """Days of the replay."""
        return int(self.demand.shape[2])

    def without_orders(self) -> "RealWorld":
        """The same, in which nobody knows how long orders take."""
        none = np.zeros(0)
        return replace(self, ordered=none, lead_days=none, is_open=np.zeros(0, bool))


def lane_cost(
    basis: LaneBasis, world: RealWorld, start: tuple[float, Arrivals], *, old: LaneBasis, first_order: float
) -> dict[str, Array]:
    """Cost of the lane over the replay by `PARTS`, arrays (M,), money.

    Goods count as they are used, those there or on their way at the beginning at what they cost then; units missed
    count at their shortage cost. What is left at the end and finds no use is lost.

    Parameters
    ----------
    start : net stock of the first morning, and the lines then on their way
    old : terms on which what is there or on its way at the beginning was bought
    first_order : units ordered on the first day; NaN: what the policy says
    """
    stock, arrivals = start
    review = max(round(basis.review), 1)
    reviews = np.arange(0, world.days, review)
    result = play(
        _lanes(basis),
        _policy(basis, world, reviews),
        World(
            demand=_paths(world),
            lead_days=_lead_days(basis, world, reviews)[None].astype(np.int16),
            review=review,
            warm_up=np.zeros(1, np.int64),
            days=world.days,
            lost_sales=world.lost_sales,
        ),
        opening_state(
            stock,
            arrivals,
            shelf_life=basis.shelf_life,
            first_order=first_order,
            reviews=len(reviews),
            lost_sales=world.lost_sales,
        ),
    )
    return _cost(basis, world, result, start, old)


def _lanes(basis: LaneBasis) -> PlayedLanes:
    """The lane as the engine has it."""
    each = {
        name: np.array([getattr(basis, name)]) for name in ("shelf_life", "rejected", "yearly", "holding")
    }
    return PlayedLanes(
        sku=np.zeros(1, np.intp),
        limits=OrderLimits(np.array([basis.moq]), np.array([basis.multiple]), np.array([basis.maximum])),
        prices=PriceBreaks(np.array([basis.starts]), np.array([basis.prices])),
        whole=np.array([basis.whole]),
        sellable=np.array([basis.sellable]),
        interval=np.array([basis.interval]),
        **each,
    )


def _policy(basis: LaneBasis, world: RealWorld, reviews: NDArray[np.int64]) -> PlayedPolicy:
    """The policy of s and S, which moves with demand as `YearPlay.policy` says."""
    ahead = np.minimum(reviews + int(basis.interval / 2), world.days - 1)
    expected = world.a_day[ahead] * basis.interval
    ratio = expected / basis.expected if basis.expected > 0 else np.ones(len(expected))
    point = np.maximum(expected + (basis.reorder_point - basis.expected) * np.sqrt(ratio), 0.0)
    lot = max(basis.order_up_to - basis.reorder_point, 0.0)
    if basis.whole:
        point, lot = np.round(point), float(np.ceil(lot - 1e-6))
    return PlayedPolicy(point[None], point[None] + lot, (expected / basis.interval)[None])


def _paths(world: RealWorld) -> DemandPaths:
    """The real demand as the engine has it."""
    none = np.zeros((0, 3), np.int64)
    return DemandPaths(np.zeros((1, 0, 0), np.float32), world.demand, np.zeros((1, 0)), none)


def _lead_days(basis: LaneBasis, world: RealWorld, reviews: NDArray[np.int64]) -> Array:
    """Days (V, M) that an order of each review takes: as the real one nearest to it did, else drawn."""
    key = name_keys(np.array([world.unique_id], object), np.array([basis.supplier_id], object))
    levels = stratified_levels(key, len(reviews), world.demand.shape[1], Luck.ORDER)[0]
    days = np.round(np.interp(levels, LEAD_LEVELS, basis.lead_days))
    if len(world.ordered):
        apart = np.abs(reviews[:, None] - world.ordered[None, :])
        nearest = apart.argmin(axis=1)
        near = apart[np.arange(len(reviews)), nearest] <= _NEAR_DAYS
        took, still = world.lead_days[nearest][:, None], world.is_open[nearest][:, None]
        real = np.where(still, np.maximum(days, took + 1), took)
        if world.agreed_days:
            real = _same_luck(real, levels, world.agreed_days, basis.lead_days)
        days = np.where(near[:, None], real, days)
    return np.asarray(np.clip(days, 0, _LONGEST))


def _same_luck(took: Array, levels: Array, agreed: tuple[float, ...], before: tuple[float, ...]) -> Array:
    """Days (V, M) by the lead time of `before` at the levels at which orders that `took` so long stand in the agreed.

    A whole day is a range of levels, of which each play has one.
    """
    ends = [np.interp(took + half, agreed, LEAD_LEVELS, left=0.0, right=1.0) for half in (-0.5, 0.5)]
    return np.asarray(np.round(np.interp(ends[0] + levels * (ends[1] - ends[0]), LEAD_LEVELS, before)))


def _cost(
    basis: LaneBasis, world: RealWorld, result: PlayResult, start: tuple[float, Arrivals], old: LaneBasis
) -> dict[str, Array]:
    """What the replay that was played cost, by its parts."""
    stock, arrivals = start
    there = arrivals.within(world.days)
    first = max(stock, 0.0) + there.sum(axis=0)
    old_price = _mean_price(stock, (there.mean(axis=1), arrivals.price), old.unit)
    each = {
        name: getattr(result, name)[0]
        for name in (
            "demand",
            "missed",
            "wasted",
            "stock_days",
            "pipeline_days",
            "spent",
            "ordered",
            "orders",
            "left",
        )
    }
    usual = PriceBreaks(np.array([basis.starts]), np.array([basis.prices])).price(np.array([basis.smallest]))[
        0
    ]
    ordered = each["ordered"]
    paid = np.divide(each["spent"], ordered, out=np.full(len(ordered), usual), where=ordered > 0)
    used = each["demand"] + each["wasted"]
    from_before = np.minimum(used, first)
    kept = used - (each["missed"] if world.lost_sales else 0.0)
    on_way = arrivals.unit_days(world.days)
    own_way = each["pipeline_days"] - on_way
    prepaid = prepaid_unit_days(np.array(basis.payment_days), own_way, np.maximum(kept - first, 0.0))
    prepaid = prepaid + prepaid_unit_days(np.array(old.payment_days), on_way, there.sum(axis=0))
    rate = float(world.demand.sum(axis=2).mean()) / world.days
    keeps = max(_USEFUL_DAYS - world.days, 0.0) if np.isnan(basis.shelf_life) else basis.shelf_life
    return {
        "goods": from_before * old_price + (used - from_before) * paid,
        "ordering": basis.ordering * each["orders"],
        "stock": (basis.holding * each["stock_days"] + basis.capital * prepaid) / DAYS_A_YEAR,
        "shortage": basis.shortage * each["missed"],
        "useless": np.maximum(each["left"] - rate * keeps, 0.0) * paid,
    }


def _mean_price(stock: float, there: tuple[Array, Array], old_unit: float) -> float:
    """What a unit of the stock or of the lines that were `there` (units and price of each, (k,)) cost, money."""
    units = np.append(max(stock, 0.0), there[0])
    prices = np.append(old_unit, np.where(np.isnan(there[1]), old_unit, there[1]))
    return float((units * prices).sum() / units.sum()) if units.sum() > 0 else old_unit


def real_orders(lines: pd.DataFrame, begin: pd.Timestamp) -> tuple[Array, Array, NDArray[np.bool_]]:
    """Day, days taken so far or in all, and whether it is open, of each order line that was not expedited (k,)."""
    known = lines[~lines["expedited"].astype(bool) & (lines["lead_time"].notna() | lines["is_open"])]
    is_open = known["is_open"].to_numpy(bool)
    took = np.where(is_open, known["age"], known["lead_time"]).astype(float)
    day = ((known["ordered_at"] - begin) / pd.Timedelta(days=1)).to_numpy(float)
    return day, took, is_open
