"""A year of suppliers' orders played week by week: each line alone, or the lines of a supplier as one order.

Slow and obvious, and nothing of the engine but its draws: stock, orders on their way and what is sold are counted day
by day, first in, first out; the weekly decision is the product's own.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.orders.counted import Counted
from distributions.distribution import Array
from distributions.take_rows import take_rows
from planning.assessment import Assessment
from planning.cost.lane_costs import cycle_days
from planning.decision import quantity_for_position
from planning.lanes.lane_terms import LaneTerms
from planning.orders.joint_orders import decide_orders
from planning.orders.order_state import TOLERATED, OrderState
from planning.orders.supplier_terms import SupplierTerms, unit_loads
from planning.played_year.year_play import YearPlay

Decide = Callable[[OrderState], Array]
"""Units (n·M,) to order in an order state."""


def alone(state: OrderState) -> Array:
    """Orders of each line alone."""
    return state.alone


def together(state: OrderState) -> Array:
    """Orders of the lines of a supplier as one order."""
    return decide_orders(state, [], []).quantity


@dataclass(frozen=True)
class PlayedCompany:
    """n SKUs in M scenarios, as n·M rows: those of the first scenario first, each scenario with suppliers of its own.

    Attributes
    ----------
    assessment : of the day on which the year begins
    skus : array (n,), SKUs of it that are bought and whose costs are known
    scenarios : M
    """

    assessment: Assessment
    skus: NDArray[np.intp]
    scenarios: int

    @classmethod
    def of(cls, assessment: Assessment, scenarios: int) -> "PlayedCompany":
        """The company of an assessment."""
        terms = assessment.chosen_terms
        supplied = terms.lanes["supplier_id"].notna().to_numpy(bool)
        return cls(assessment, np.flatnonzero(terms.bought & terms.costs.known & supplied), scenarios)

    @cached_property
    def year(self) -> YearPlay:
        """Demand, lead times and the policy of each review."""
        return YearPlay.of(
            self.assessment.chosen_terms.select(self.skus),
            self.assessment.forecast,
            self.assessment.inputs.items,
            self.assessment.setting,
            scenarios=self.scenarios,
            shared=self.assessment.pipeline.shared_delay,
        )

    @cached_property
    def every(self) -> NDArray[np.intp]:
        """Place (n·M,) of each row's SKU among the `skus`."""
        return np.tile(np.arange(len(self.skus)), self.scenarios)

    @cached_property
    def state(self) -> OrderState:
        """The order state of all rows before anything is known of their stock."""
        terms = self.assessment.chosen_terms.select(self.skus[self.every])
        supplier, names = pd.factorize(terms.lanes["supplier_id"].to_numpy(object), sort=True)
        one = SupplierTerms.of(self.assessment.inputs.suppliers, np.asarray(names, object))
        every_one = np.tile(np.arange(len(one)), self.scenarios)
        row, nothing = self.skus[self.every], np.zeros(len(self.every))
        return OrderState(
            terms=terms,
            forecast=self.assessment.forecast,
            row=row,
            position=nothing,
            alone=nothing,
            settled=nothing > 0,
            safe=nothing > 0,
            supplier=supplier + np.repeat(np.arange(self.scenarios) * len(one), len(self.skus)),
            suppliers=take_rows(one, every_one),
            loads=unit_loads(self.assessment.inputs.items, self.assessment.forecast.unique_ids[row]),
            review=cycle_days(self.assessment.setting.policy),
            elapsed=self.assessment.setting.elapsed,
        )


@dataclass
class Shelf:
    """Stock of all rows through the year, array (rows,) or (rows, days).

    Attributes
    ----------
    arriving, ordered : units that arrive good each day, and what was ordered of them
    came, gone : units that arrived, and that were sold or perished, since the start
    came_by : `came` at each day, by which what perishes is known, first in, first out
    owed, on_way : units that customers wait for, and that are on order
    """

    arriving: Array
    ordered: Array
    came_by: Array
    life: NDArray[np.int64]
    came: Array = field(init=False)
    gone: Array = field(init=False)
    owed: Array = field(init=False)
    on_way: Array = field(init=False)

    def __post_init__(self) -> None:
        self.came, self.gone, self.owed, self.on_way = np.zeros((4, len(self.arriving)))

    @property
    def left(self) -> Array:
        """Units on the shelf."""
        return self.came - self.gone

    @property
    def position(self) -> Array:
        """Inventory position, units."""
        return self.left - self.owed + self.on_way

    def morning(self, day: int) -> None:
        """What arrives is put on the shelf, and goes to those who wait."""
        self.came = self.came + self.arriving[:, day]
        self.on_way = self.on_way - self.ordered[:, day]
        served = np.minimum(self.owed, self.left)
        self.gone, self.owed = self.gone + served, self.owed - served

    def order(self, quantity: Array, day: NDArray[np.int64], kept: Array) -> None:
        """Order `quantity` (rows,), which arrives on `day` (rows,) and of which a share is `kept` (rows,)."""
        rows = np.flatnonzero(quantity > 0)
        at = np.minimum(day[rows], self.arriving.shape[1] - 1)
        np.add.at(self.arriving, (rows, at), quantity[rows] * kept[rows])
        np.add.at(self.ordered, (rows, at), quantity[rows])
        self.on_way = self.on_way + quantity

    def perish(self, day: int) -> Array:
        """Throw away what is older than its shelf life, and return it."""
        self.came_by[:, day] = self.came
        old = day - self.life
        aged = self.came_by[np.arange(len(old)), np.maximum(old, 0)]
        spoiled = np.where(old >= 0, np.maximum(aged - self.gone, 0.0), 0.0)
        self.gone = self.gone + spoiled
        return spoiled

    def sell(self, wanted: Array, *, lost_sales: bool) -> Array:
        """Sell what is wanted and there, and return it."""
        met = np.minimum(wanted, self.left)
        self.gone = self.gone + met
        if not lost_sales:
            self.owed = self.owed + wanted - met
        return met


def play_year(company: PlayedCompany, decide: Decide) -> Counted:
    """Play a year of the company's orders as `decide` orders each week."""
    year, every, state = company.year, company.every, company.state
    world, review = year.world, year.world.review
    warm_up = int(world.warm_up.max())
    rows, last = len(every), int(world.warm_up.max()) + world.days
    demand = world.demand.by_day[year.lanes.sku].transpose(1, 0, 2).reshape(rows, -1).astype(float)
    lead = world.lead_days.transpose(2, 0, 1).reshape(rows, -1).astype(np.int64)
    policy = year.policy(*(getattr(state.terms, name)[: len(company.skus)] for name in _LEVELS))
    life = np.nan_to_num(year.lanes.shelf_life, nan=10 * last).astype(np.int64)[every]
    days = last + int(lead.max()) + 2
    shelf = Shelf(np.zeros((rows, days)), np.zeros((rows, days)), np.zeros((rows, last)), life)
    shelf.arriving[:, 0] = policy.order_up_to[every, 0]
    counted, now = Counted(company.scenarios), state.terms
    for day in range(last):
        shelf.morning(day)
        if day % review == 0:
            at = day // review
            now = replace(now, **{name: getattr(policy, name)[every, at] for name in _LEVELS})
            quantity = decide(_on_day(state, now, shelf.position, day))
            shelf.order(quantity, day + np.maximum(lead[:, at], 1), 1 - year.lanes.rejected[every])
            if day >= warm_up:
                counted.orders(quantity, now, state)
        spoiled = shelf.perish(day)
        met = shelf.sell(demand[:, day], lost_sales=world.lost_sales)
        if day >= warm_up:
            counted.day(now, wanted=demand[:, day], met=met, left=shelf.left, spoiled=spoiled)
    return counted


_LEVELS = ("reorder_point", "order_up_to")


def _on_day(state: OrderState, terms: LaneTerms, position: Array, day: int) -> OrderState:
    """The order state of a review: its policy, the positions, and what each SKU alone orders."""
    demand, own = state.terms.demand.lead_time_demand, state.terms.reorder_point
    skipped = 1 - demand.cdf(position + own - terms.reorder_point)
    return replace(
        state,
        terms=terms,
        position=position,
        alone=quantity_for_position(terms, position),
        safe=skipped <= TOLERATED * (1 - demand.cdf(own)),
        elapsed=state.elapsed + day,
    )
