"""A year of SKUs bought from two suppliers at once: base with the slow and cheap one, surge with the quick one."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from distributions.distribution import Array
from planning.cost.lane_costs import DAYS_A_YEAR
from planning.cost.payment_terms import prepaid_unit_days
from planning.lanes.lane_terms import LaneTerms
from planning.played_year.year_play import YearCost, YearPlay
from planning.policy.dual_index import counts_from
from planning.simulation.engine.dual_play import DualResult, play_dual
from planning.simulation.engine.lane_play import PlayedPolicy

NEVER = -np.inf
"""Reorder point of a supplier that is not bought from."""


@dataclass(frozen=True)
class DualYear:
    """A year of n SKUs with two lanes each, in one world.

    Attributes
    ----------
    base, surge : the year of the lanes of either supplier, n each, in the same order of SKUs
    base_terms, surge_terms : their terms (n)
    """

    base: YearPlay
    surge: YearPlay
    base_terms: LaneTerms
    surge_terms: LaneTerms

    @classmethod
    def of(cls, year: YearPlay, terms: LaneTerms) -> Self:
        """The year of 2·n lanes on their `terms` as that of n SKUs: first all base lanes, then all surge lanes."""
        rows = np.arange(len(terms.reorder_point)).reshape(2, -1)
        base, surge = (year.select(some) for some in rows)
        base_terms, surge_terms = (terms.select(some) for some in rows)
        return cls(base, surge, base_terms, surge_terms)

    def alone(self, supplier: str) -> DualResult:
        """All bought from the `base` or the `surge` supplier, by its own reorder point: as a lane of its own."""
        never = np.full(len(self.base_terms.reorder_point), NEVER)
        point = self.base_terms.reorder_point, self.surge_terms.reorder_point
        return self.play(*((point[0], never) if supplier == "base" else (never, point[1])))

    def play(self, base_point: Array, surge_point: Array) -> DualResult:
        """Play the year with reorder points (n,) of either supplier, `NEVER` where one is not bought from.

        The surge supplier goes by what will be here within its lead time, the base supplier by all that is on order;
        each orders up to its lane's usual lot above its point.
        """
        policies = [
            _policy(year, terms, point)
            for year, terms, point in (
                (self.base, self.base_terms, base_point),
                (self.surge, self.surge_terms, surge_point),
            )
        ]
        return play_dual(
            (self.base.lanes, policies[0], self.base.world),
            (self.surge.lanes, policies[1], self.surge.world),
            counts_from(self.base_terms.lead_time, self.surge_terms.lead_time),
        )

    def cost(self, result: DualResult) -> YearCost:
        """What the year that was played costs, by its parts, (n, M): `YearPlay.cost` of what each supplier's share is.

        Holding and shortage cost of a unit are those of either lane by the units ordered there, payment by what came.
        """
        costs, year = (self.base.costs, self.surge.costs), DAYS_A_YEAR / result.days
        share = _shares(result.ordered)
        holding, capital = (
            np.stack([getattr(each, name) for each in costs], axis=1)[:, None] * year / DAYS_A_YEAR
            for name in ("holding", "capital")
        )
        shortage = np.stack([each.shortage for each in costs], axis=1)[:, None]
        ordering = np.stack([each.ordering for each in costs], axis=1)[:, None]
        usual = np.stack([_usual_price(each) for each in (self.base, self.surge)], axis=1)[:, None]
        units = result.ordered.sum(axis=2)
        nothing = (share * usual).sum(axis=2)
        paid = np.divide(result.spent.sum(axis=2), units, out=nothing, where=units > 0)
        sold = result.demand - (result.missed if self.base.world.lost_sales else 0.0)
        kept = _shares(result.received - result.rejected) * (sold + result.wasted)[:, :, None]
        payment = np.stack([each.payment_days for each in costs], axis=1)[:, None]
        prepaid = prepaid_unit_days(payment, result.pipeline_days, kept)
        return YearCost(
            price=paid * result.demand * year,
            ordering=(ordering * result.orders).sum(axis=2) * year,
            stock=(share * holding).sum(axis=2) * result.stock_days,
            pipeline=(capital * prepaid).sum(axis=2),
            shortage=(share * shortage).sum(axis=2) * result.missed * year,
            spoilage=paid * result.wasted * year,
        )


def _policy(year: YearPlay, terms: LaneTerms, point: Array) -> PlayedPolicy:
    """The policy through the year of reorder points (n,), with the lanes' usual lots above them."""
    bought = np.isfinite(point)
    some = np.where(bought, point, terms.reorder_point)
    policy = year.policy(some, some + (terms.order_up_to - terms.reorder_point))
    return replace(
        policy,
        reorder_point=np.where(bought[:, None], policy.reorder_point, NEVER),
        order_up_to=np.where(bought[:, None], policy.order_up_to, NEVER),
    )


def _shares(units: Array) -> Array:
    """Either supplier's share (n, M, 2) of its units; all of it the base supplier's where there are none."""
    total = units.sum(axis=2, keepdims=True)
    alone = np.zeros_like(units)
    alone[:, :, 0] = 1.0
    return np.asarray(np.divide(units, total, out=alone, where=total > 0))


def _usual_price(year: YearPlay) -> Array:
    """Unit price (n,) of the least order of each lane."""
    return year.costs.prices.price(year.lanes.limits.allowed(np.ones(len(year.costs.unit))))
