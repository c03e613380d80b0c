"""A year of every lane played: its policy, re-read at each review, against a seasonal year of demand and delays."""

from dataclasses import dataclass, fields, replace
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.schema import PolicyConfig
from distributions.demand_forecast import DemandForecast
from distributions.distribution import Array, Distribution
from distributions.take_rows import take_rows
from planning.cost.lane_costs import DAYS_A_YEAR, LaneCosts, cycle_days
from planning.cost.payment_terms import prepaid_unit_days
from planning.inputs import numbers_by_sku
from planning.lanes.lane_terms import LaneTerms, PlanSetting
from planning.lanes.order_days import order_waits
from planning.protocols import INDEPENDENT_DELAYS, SharedDelay
from planning.simulation.engine.demand_paths import demand_paths, level_scores
from planning.simulation.engine.lane_play import PlayedLanes, PlayedPolicy, PlayResult, World, play
from planning.simulation.engine.lead_time_draws import lead_time_draws

_LONGEST_DAYS = 365
_SURELY = 0.99
_CYCLES = 4  # reviews beyond a long lead time before the year begins, in which the opening stock is forgotten


@dataclass(frozen=True)
class YearCost:
    """What a year of n lanes costs in M scenarios by its parts, money, arrays (n, M); NaN where a price is missing.

    Attributes
    ----------
    price : the goods that were asked for, at the average price paid; of those missed for good, the shortage cost is the
        margin above it
    ordering : orders placed
    stock : holding what lies on the shelf
    pipeline : what the money costs that is paid for goods on their way; a credit where they are paid for after their
        receipt
    shortage : units missed, each at its shortage cost
    spoilage : goods that passed their shelf life, at the average price paid
    """

    price: Array
    ordering: Array
    stock: Array
    pipeline: Array
    shortage: Array
    spoilage: Array

    @property
    def total(self) -> Array:
        """Sum of all parts, money a year, shape (n, M)."""
        return np.asarray(sum(getattr(self, part.name) for part in fields(self)))

    def frame(self) -> pd.DataFrame:
        """Means over the scenarios: one row a lane, one column a part, and `total`."""
        parts = {part.name: getattr(self, part.name).mean(axis=1) for part in fields(self)}
        return pd.DataFrame(parts | {"total": self.total.mean(axis=1)})


@dataclass(frozen=True)
class YearPlay:
    """Lanes in a world of one year and something before it.

    Attributes
    ----------
    lanes, world : what is played, and in what
    costs : unit costs of the lanes
    expected : array (n, V), units expected over the protection interval from each review on
    """

    lanes: PlayedLanes
    world: World
    costs: LaneCosts
    expected: Array

    @classmethod
    def of(
        cls,
        terms: LaneTerms,
        forecast: DemandForecast,
        items: pd.DataFrame,
        setting: PlanSetting,
        *,
        scenarios: int,
        shared: SharedDelay = INDEPENDENT_DELAYS,
    ) -> Self:
        """A year of lanes on their terms, whose SKUs are rows of the forecast; of no other is demand drawn."""
        review = round(cycle_days(setting.policy))
        skus, sku = np.unique(terms.lanes["row"].to_numpy(np.intp), return_inverse=True)
        names = terms.lanes["unique_id"].to_numpy(object)
        warm_up = _warm_up(terms, setting.policy)
        paths = demand_paths(
            forecast.select(skus),
            days=int(warm_up.max(initial=0) + DAYS_A_YEAR),
            elapsed=setting.elapsed,
            scenarios=scenarios,
        )
        reviews = np.arange(0.0, len(paths.calendar), review)
        suppliers = terms.lanes["supplier_id"].fillna("").to_numpy(object)
        level = None
        if setting.delays_with_demand:
            level = _levels(forecast, skus, paths.calendar[reviews.astype(np.intp), 0], scenarios)[sku]
        days = lead_time_draws(
            terms.lead_time,
            (names, suppliers),
            reviews=reviews,
            scenarios=scenarios,
            shared=replace(shared, with_demand=setting.delays_with_demand),
            level=level,
        )
        # the lead times have today's wait for an order day in them
        weekdays = setting.as_of.weekday() + np.append(reviews, reviews[-1] + review).astype(np.int64)
        waits = order_waits(terms.lanes["order_days"].tolist(), weekdays)
        waits = waits - waits[:, :1]
        if waits.any():
            days = np.maximum(days + waits[:, :-1, None], 0)
        interval = terms.lead_time.mean()[:, None] + review + waits[:, 1:]
        lanes = PlayedLanes(
            sku=sku,
            limits=terms.limits,
            prices=terms.costs.prices,
            shelf_life=numbers_by_sku(items, "shelf_life_days", names),
            rejected=terms.lanes["rejected_share"].to_numpy(float),
            whole=terms.lanes["whole"].to_numpy(bool),
            yearly=terms.demand.yearly,
            holding=terms.costs.holding,
            sellable=terms.sellable,
            interval=terms.lead_time.mean() + review,
        )
        world = World(
            demand=paths,
            lead_days=np.minimum(days, _LONGEST_DAYS).astype(np.int16),
            review=review,
            warm_up=warm_up,
            days=int(DAYS_A_YEAR),
            lost_sales=setting.policy.lost_sales,
        )
        start = np.broadcast_to(reviews, (len(sku), len(reviews)))
        return cls(lanes, world, terms.costs, paths.mean_between(start, start + interval, rows=sku))

    def policy(self, reorder_point: Array, order_up_to: Array) -> PlayedPolicy:
        """The policy of today's s and S (n,) through the year.

        As it will be re-read at each review: the expected demand of that time, the safety stock as much greater or
        smaller as the root of it is, and the same lot above. What is counted in whole units moves by whole units, up
        or down at the half: rounded up, a reorder point of none would become one as soon as demand stirs.
        """
        ratio = np.divide(
            self.expected,
            self.expected[:, :1],
            out=np.ones_like(self.expected),
            where=self.expected[:, :1] > 0,
        )
        safety = (reorder_point - self.expected[:, 0])[:, None] * np.sqrt(ratio)
        moved = self.expected + safety - reorder_point[:, None]
        moved = np.where(self.lanes.whole[:, None], np.round(moved), moved)
        point = np.maximum(reorder_point[:, None] + moved, 0.0)
        lot = np.where(
            self.lanes.whole, np.ceil(order_up_to - reorder_point - 1e-6), order_up_to - reorder_point
        )
        return PlayedPolicy(
            reorder_point=point,
            order_up_to=point + lot[:, None],
            a_day=self.expected / self.lanes.interval[:, None],
        )

    def play(
        self,
        reorder_point: Array,
        order_up_to: Array,
        rows: NDArray[np.intp] | None = None,
        *,
        lows: bool = False,
    ) -> PlayResult:
        """Play the year of each lane, or of the lanes `rows` (k,), under the policy of s and S (k,).

        With `lows` the lowest net stock of each cycle is kept.
        """
        year = self if rows is None else self.select(rows)
        return play(year.lanes, year.policy(reorder_point, order_up_to), year.world, lows=lows)

    def select(self, rows: NDArray[np.intp]) -> Self:
        """The year of the lanes `rows` (k,), in the same world."""
        if np.array_equal(rows, np.arange(len(self.expected))):
            return self
        return replace(
            self,
            lanes=self.lanes.select(rows),
            world=self.world.select(rows),
            costs=take_rows(self.costs, rows),
            expected=self.expected[rows],
        )

    def on_terms(self, terms: LaneTerms) -> Self:
        """The same lanes, with the same lead times and in the same world, on other `terms` of their offers."""
        lanes = replace(
            self.lanes,
            limits=terms.limits,
            prices=terms.costs.prices,
            yearly=terms.demand.yearly,
            holding=terms.costs.holding,
            sellable=terms.sellable,
        )
        return replace(self, lanes=lanes, costs=terms.costs)

    def cost(self, result: PlayResult) -> YearCost:
        """What the year that was played costs, by its parts."""
        costs, year = self.costs, DAYS_A_YEAR / result.days
        holding = costs.holding[:, None] * year / DAYS_A_YEAR
        usual = costs.prices.price(self.lanes.limits.allowed(np.ones(len(costs.unit))))[:, None]
        paid = np.divide(
            result.spent,
            result.ordered,
            out=np.broadcast_to(usual, result.spent.shape).copy(),
            where=result.ordered > 0,
        )
        sold = self._sold(result)
        prepaid = prepaid_unit_days(costs.payment_days[:, None], result.pipeline_days, sold + result.wasted)
        return YearCost(
            price=paid * result.demand * year,
            ordering=costs.ordering[:, None] * result.orders * year,
            stock=holding * result.stock_days,
            pipeline=costs.capital[:, None] / DAYS_A_YEAR * year * prepaid,
            shortage=costs.shortage[:, None] * result.missed * year,
            spoilage=paid * result.wasted * year,
        )

    def price_slope(self, result: PlayResult) -> Array:
        """Money a year (n,) that one more unit of money on the price costs: on goods bought and on stock held."""
        return np.asarray(self.price_slopes(result).mean(axis=1))

    def price_slopes(self, result: PlayResult) -> Array:
        """As `price_slope`, in each scenario, (n, M)."""
        kept = self._sold(result) + result.wasted
        prepaid = prepaid_unit_days(self.costs.payment_days[:, None], result.pipeline_days, kept)
        held = self.costs.rate[:, None] * result.stock_days + self.costs.capital_rate[:, None] * prepaid
        bought = (result.demand + result.wasted) * DAYS_A_YEAR
        return np.asarray((bought + held) / result.days)

    def _sold(self, result: PlayResult) -> Array:
        """Units sold (n, M), sooner or later."""
        return result.demand - (result.missed if self.world.lost_sales else 0.0)


def warm_up_days(lanes: pd.DataFrame, lead_time: Distribution, policy: PolicyConfig) -> NDArray[np.int64]:
    """Days (n,) that lanes are played before the year that counts: time to forget the opening stock.

    That is, in 99 of 100 cases, the lead time of the slowest lane of their SKU, and some reviews. With these as
    `warm_up` of the lanes the year begins on the same day for all lanes of a SKU, and for each of them when its terms
    are changed: else two plays would count the demand of different weeks.
    """
    longest = pd.Series(lead_time.quantile(_SURELY)).groupby(lanes["row"].to_numpy(np.intp)).transform("max")
    review = round(cycle_days(policy))
    whole: Array = (
        np.ceil((np.minimum(longest.to_numpy(), _LONGEST_DAYS) + _CYCLES * review) / review) * review
    )
    return np.asarray(whole, np.int64)


def _warm_up(terms: LaneTerms, policy: PolicyConfig) -> NDArray[np.int64]:
    """Days of lanes (n,) before the year that counts, as they are known or else by themselves."""
    if "warm_up" in terms.lanes:
        return np.asarray(terms.lanes["warm_up"], np.int64)
    alone = pd.DataFrame({"row": np.arange(len(terms.lanes))})
    return warm_up_days(alone, terms.lead_time, policy)


def _levels(
    forecast: DemandForecast, skus: NDArray[np.intp], periods: NDArray[np.int64], scenarios: int
) -> NDArray[np.float32]:
    """Normal scores (k, V, M) of the level of demand of the SKUs `skus` (k,) in the `periods` (V,) of a played year."""
    names, until = forecast.unique_ids[skus], int(periods.max(initial=0)) + 1
    return level_scores(names, horizon=forecast.horizon, periods=until, scenarios=scenarios)[:, periods]
