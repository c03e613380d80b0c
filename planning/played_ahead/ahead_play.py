"""SKUs played from today's state on: open orders, today's order, and the plan's own later reviews.

Where something is done otherwise today, the plan is made again with it, today and at every review: an order that is
cancelled and needed is ordered again, one that is pushed back too far is ordered beside. What the change is worth is
the difference of the two plays, in the same demand and with the same delays.
"""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from distributions.distribution import Array
from planning.assessment import Assessment
from planning.cost.lane_costs import DAYS_A_YEAR
from planning.decision import quantity_for_position
from planning.inputs import numbers_by_sku
from planning.lanes.lane_terms import LaneTerms
from planning.played_ahead.changes import Changes
from planning.played_ahead.open_lines import OpenLines
from planning.played_year.year_play import YearPlay
from planning.simulation.engine.lane_play import PlayResult, play
from planning.simulation.engine.opening_state import OpeningState

_LONGEST_DAYS = 364

SPLIT = "split"
"""Kind of a change that has a part of an open order come as agreed, and the rest later."""

_AGREED = ("units", "later", "share", "rest", "rest_later")
"""What may be agreed about an open order."""


@dataclass(frozen=True)
class AheadCost:
    """What n lanes cost in M scenarios over the days played, money.

    Attributes
    ----------
    total : array (n, M)
    result : what was counted
    """

    total: Array
    result: PlayResult


@dataclass(frozen=True)
class AheadPlay:
    """n SKUs, each on its chosen lane, from today's state on.

    Attributes
    ----------
    year : lanes and the world that they meet
    terms : terms of the lanes
    lines : open orders
    batches : array (n, A, 2), today's stock by age
    owed : array (n,), units owed to customers
    elsewhere : array (n,), units of the counted position that are not on order
    ordered : array (n,), units ordered today; NaN: what the plan orders
    interval : array (n,), days within which an open order counts as cover
    sells_later : array (n,), units expected to find use after the days played
    unit_value : array (n,), money lost on a unit that is left then and finds none: what it costs on order, else anew
    """

    year: YearPlay
    terms: LaneTerms
    lines: OpenLines
    batches: Array
    owed: Array
    elsewhere: Array
    ordered: Array
    interval: Array
    sells_later: Array
    unit_value: Array

    @classmethod
    def of(
        cls, assessment: Assessment, skus: NDArray[np.intp], *, scenarios: int, days: int | None = None
    ) -> Self:
        """The play of the SKUs `skus` (n,) of an assessment, for its budget horizon, a year at most, or for `days`."""
        setting, decision, items = assessment.setting, assessment.decision, assessment.inputs.items
        terms = assessment.chosen_terms.select(skus)
        year = YearPlay.of(
            terms,
            assessment.forecast,
            items,
            setting,
            scenarios=scenarios,
            shared=assessment.pipeline.shared_delay,
        )
        days = days or int(min(setting.policy.budget_horizon_days, _LONGEST_DAYS))
        ahead = replace(year.world, warm_up=np.zeros(len(skus), np.int64), days=days)
        names = assessment.forecast.unique_ids[skus]
        shelf_life = numbers_by_sku(items, "shelf_life_days", names)
        lasts = np.where(np.isnan(shelf_life), 2 * DAYS_A_YEAR - days, shelf_life)
        after = np.full(len(skus), float(days))
        use = assessment.forecast.mean_until(after + lasts, elapsed=setting.elapsed, rows=skus)
        use -= assessment.forecast.mean_until(after, elapsed=setting.elapsed, rows=skus)
        level, review = terms.targets.level, setting.policy.review_period_days
        price = assessment.pipeline.unit_price(assessment.chosen_terms.costs.unit)
        lines = OpenLines.of(assessment.pipeline, skus, price, scenarios)
        units, value = lines.of_lanes(len(skus))
        interval = terms.lead_time.quantile(level) + review
        cover = _cover(lines, interval)
        return cls(
            year=replace(year, world=ahead),
            terms=terms,
            lines=lines,
            batches=decision.stock.batches[skus],
            owed=np.nan_to_num(decision.stock.backorders[skus]),
            elsewhere=np.nan_to_num(decision.counted_position[skus] - cover),
            ordered=np.where(decision.answered[skus], 0.0, np.nan),
            interval=interval,
            sells_later=use,
            unit_value=np.divide(value, units, out=np.nan_to_num(terms.costs.unit), where=units > 0),
        )

    def __len__(self) -> int:
        return len(self.owed)

    def changed(self, changes: Changes) -> Self:
        """The same SKUs with one thing done otherwise each: lane i of the result is that of change i."""
        lanes = changes.lane
        lines, shift = self.lines.select(lanes, len(self))
        touched = np.flatnonzero(changes.line >= 0)
        place = np.searchsorted(self.lines.row, changes.line[touched])
        at = place + shift[touched]
        new = {name: getattr(lines, name).copy() for name in _AGREED}
        split = changes.kind[touched] == SPLIT
        new["units"][at] *= np.where(split, 1.0, changes.left[touched])
        new["later"][at] += np.where(split, 0.0, changes.later[touched])
        new["share"][at] *= changes.share[touched]
        new["rest"][at[split]] = (1 - changes.left[touched])[split]
        new["rest_later"][at[split]] = changes.later[touched][split]
        given = np.isnan(changes.ordered)
        return replace(
            self,
            year=self.year.select(lanes),
            terms=self.terms.select(lanes),
            lines=replace(lines, **new),
            batches=self.batches[lanes],
            owed=self.owed[lanes],
            elsewhere=self.elsewhere[lanes],
            ordered=np.where(given, self.ordered[lanes], changes.ordered),
            interval=self.interval[lanes],
            sells_later=self.sells_later[lanes],
            unit_value=self.unit_value[lanes],
        )

    def merged(self, lanes: NDArray[np.intp], changed: "AheadPlay") -> Self:
        """The same SKUs with the lanes `lanes` (k,) as they are in `changed` (k,)."""
        lines, own = changed.lines, self.lines
        new, at = {name: getattr(own, name).copy() for name in _AGREED}, np.searchsorted(own.row, lines.row)
        for name in _AGREED:
            new[name][at] = getattr(lines, name)
        ordered = self.ordered.copy()
        ordered[lanes] = changed.ordered
        return replace(self, lines=replace(own, **new), ordered=ordered)

    def order_today(self) -> Array:
        """Units (n,) ordered today: what is set, else what the plan orders with the open orders as they are."""
        position = self.elsewhere + _cover(self.lines, self.interval)
        return np.where(np.isnan(self.ordered), quantity_for_position(self.terms, position), self.ordered)

    def play(self, *, money: bool = False) -> PlayResult:
        """Play all lanes; with `money` what is spent at each review in each scenario is kept."""
        world, lines = self.year.world, self.lines.apart()
        policy = self.year.policy(self.terms.reorder_point, self.terms.order_up_to)
        reviews = np.asarray(np.arange(policy.reorder_point.shape[1]) * world.review, float)
        played = -(-world.days // world.review)
        counts = np.zeros((len(lines.lane), len(reviews)))
        counts[:, :played] = lines.counted(reviews[:played], self.interval[lines.lane])
        opening = OpeningState(
            batches=self.batches,
            owed=self.owed,
            first_order=self.order_today(),
            line_lane=lines.lane,
            line_units=lines.units,
            line_days=lines.arrival_days(),
            line_counts=counts,
        )
        result = play(self.year.lanes, policy, world, opening, money=money)
        spent_at = result.spent_at[:, :, :played]
        return replace(result, ordered_at=result.ordered_at[:, :played], spent_at=spent_at)

    def cost(self) -> AheadCost:
        """Play all lanes and price what happens: open orders at their own price, and what finds no use at the end."""
        result = self.play()
        units, value = self.lines.of_lanes(len(self))
        bought = replace(result, spent=result.spent + value[:, None], ordered=result.ordered + units[:, None])
        year = self.year.cost(bought).total * (result.days / DAYS_A_YEAR)
        useless = self.unit_value[:, None] * np.maximum(result.left - self.sells_later[:, None], 0.0)
        return AheadCost(total=year + useless, result=result)


def _cover(lines: OpenLines, interval: Array) -> Array:
    """Units of open order lines that count at today's review of each played lane, (n,); `interval` (n,) in days."""
    lines = lines.apart()
    counted = lines.counted(np.zeros(1), interval[lines.lane])[:, 0]
    return np.bincount(lines.lane, weights=counted, minlength=len(interval)).astype(float)
