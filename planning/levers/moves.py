"""Moves: SKUs that could be bought from another supplier, and what a year of each would cost more or less."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from distributions.distribution import Array
from planning.actions.played_worth import SCENARIOS, most_promising, played_years
from planning.assessment import Assessment
from planning.levers.lever_plays import LeverPlays


@dataclass(frozen=True)
class Moves:
    """Moves of k SKUs, one each.

    Attributes
    ----------
    skus : rows of the forecast
    now, there : lanes that it is bought through, and would be
    saved : array (k, M), what the year costs less, money in each scenario; negative: more
    spend : array (k,), what is bought of it today, money a year
    """

    skus: NDArray[np.intp]
    now: NDArray[np.intp]
    there: NDArray[np.intp]
    saved: Array
    spend: Array

    @property
    def price(self) -> Array:
        """What a move costs a year, money (k,); negative: it saves."""
        return np.asarray(-self.saved.mean(axis=1))

    def select(self, rows: NDArray[np.intp]) -> Self:
        """Some of the moves."""
        return type(self)(
            self.skus[rows], self.now[rows], self.there[rows], self.saved[rows], self.spend[rows]
        )

    def cheapest_first(self) -> Self:
        """The moves, those first that cost least for the spend that they move."""
        return self.select(np.argsort(self.price / np.maximum(self.spend, 1e-9), kind="stable"))

    def until(self, spend: float) -> Self:
        """The moves that shift so much `spend` at the least price, or all of them where they shift less.

        The cheapest for their spend, finished by the one that costs least among those which shift the rest: the next in
        turn may be far more than is needed.
        """
        each = self.cheapest_first()
        before = np.concatenate([[0.0], np.cumsum(each.spend)])
        paid = np.concatenate([[0.0], np.cumsum(each.price)])
        best, chosen = np.inf, np.arange(len(each.skus))
        for count in np.flatnonzero(before[:-1] < spend).tolist():
            rest = np.arange(count, len(each.skus))
            enough = rest[each.spend[rest] >= spend - before[count]]
            if not len(enough):
                continue
            last = enough[each.price[enough].argmin()]
            total = paid[count] + each.price[last]
            if total < best:
                best, chosen = total, np.append(np.arange(count), last)
        return each.select(chosen)


def yearly_spend(assessment: Assessment) -> Array:
    """What is bought of each SKU (n,) through its chosen lane, money a year; 0 where no price is known."""
    terms = assessment.chosen_terms
    return np.where(terms.bought, np.nan_to_num(terms.demand.yearly * terms.costs.unit), 0.0)


def cheapest_moves(plays: LeverPlays, skus: NDArray[np.bool_], lanes: NDArray[np.bool_]) -> Moves:
    """For each of some `skus` (n,) the move to the cheapest of some `lanes` (all,) by closed form, its year played.

    Only usable offers whose costs are known, and not more than can be played: those that promise most. A SKU that is
    bought from two suppliers, as was agreed, stays with them.
    """
    assessment, terms = plays.assessment, plays.assessment.lane_terms
    sku = terms.lanes["row"].to_numpy(np.intp)
    chosen = assessment.chosen_lane[sku]
    skus = skus & ~assessment.from_two
    usable = (
        terms.lanes["has_offer"].to_numpy(bool) & ~terms.limits.impossible & terms.bought & terms.costs.known
    )
    total = terms.total_cost.total
    another = lanes & usable & usable[chosen] & skus[sku] & (chosen != np.arange(len(sku))) & ~np.isnan(total)
    there = np.flatnonzero(another)
    there = there[np.lexsort((total[there], sku[there]))]
    there = there[np.flatnonzero(np.diff(sku[there], prepend=-1))]
    there = there[most_promising((total[chosen] - total)[there])]
    there = np.sort(there)
    moved = sku[there]
    if not len(there):
        none = np.zeros(0, np.intp)
        return Moves(none, none, none, np.zeros((0, SCENARIOS)), np.zeros(0))
    saved = plays.now(moved).total - played_years(assessment, terms.select(there)).total
    return Moves(moved, assessment.chosen_lane[moved], there, saved, yearly_spend(assessment)[moved])
