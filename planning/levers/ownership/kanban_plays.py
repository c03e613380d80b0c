"""Plays of Kanban: a fixed number of bins of one size, each reordered when it is empty, through a year."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from distributions.distribution import Array
from planning.actions.played_worth import SCENARIOS
from planning.assessment import Assessment
from planning.cost.lane_costs import DAYS_A_YEAR
from planning.lanes.lane_terms import LaneTerms
from planning.played_year.played_terms import service_kept
from planning.played_year.year_play import YearPlay
from planning.policy.order_size import OrderLimits
from planning.policy.targets import COST
from planning.simulation.engine.lane_play import PlayedPolicy, play

_BIN_DAYS = (7.0, 14.0, 21.0, 28.0, 42.0)
"""Days of demand that the bins that are tried hold."""
_BINS = range(2, 8)
_SLIGHT = 1e-3
"""Units above a bin's edge: at the edge itself, a bin is empty."""
_NEARLY = 0.005
"""Share of service that bins may fall short of the target."""


@dataclass(frozen=True)
class Bins:
    """The bins of least cost of k SKUs, arrays (k,); size 0 where none keeps the target.

    Attributes
    ----------
    count, size : bins, and units in each
    total : array (k, M), cost of the year
    ordering : its ordering cost, mean
    service : share of cycles, or of demand, without a stockout, as the target counts it
    """

    count: Array
    size: Array
    total: Array
    ordering: Array
    service: Array


def cheapest_bins(assessment: Assessment, skus: NDArray[np.intp], line_cost: Array) -> Bins:
    """Play bins of some sizes and numbers for SKUs (k,), and take the cheapest that keeps each target.

    Parameters
    ----------
    line_cost : array (k,), money that refilling bins costs an order line
    """
    terms = assessment.chosen_terms.select(skus)
    terms = replace(terms, costs=replace(terms.costs, ordering=line_cost))
    year = YearPlay.of(
        terms,
        assessment.forecast,
        assessment.inputs.items,
        assessment.setting,
        scenarios=SCENARIOS,
        shared=assessment.pipeline.shared_delay,
    )
    k = len(skus)
    best = Bins(np.zeros(k), np.zeros(k), np.full((k, SCENARIOS), np.inf), np.zeros(k), np.zeros(k))
    for days in _BIN_DAYS:
        size = terms.limits.allowed(terms.demand.yearly / DAYS_A_YEAR * days)
        for count in _BINS:
            best = _better(best, year, terms, (np.full(k, float(count)), size))
    return best


def _better(best: Bins, year: YearPlay, terms: LaneTerms, bins: tuple[Array, Array]) -> Bins:
    """The better of the best bins so far and of some number and size (k,), by SKU."""
    count, size = bins
    limits = OrderLimits(size, size, np.full(len(size), np.inf))
    in_bins = year.on_terms(replace(terms, limits=limits))
    played = play(in_bins.lanes, _policy(year, count, size), in_bins.world)
    cost, service = in_bins.cost(played), service_kept(terms.targets, played)
    kept = (terms.targets.kind == COST) | (service >= terms.targets.level - _NEARLY)
    total = cost.total
    better = kept & (size > 0) & (total.mean(axis=1) < best.total.mean(axis=1))
    return Bins(
        count=np.where(better, count, best.count),
        size=np.where(better, size, best.size),
        total=np.where(better[:, None], total, best.total),
        ordering=np.where(better, cost.ordering.mean(axis=1), best.ordering),
        service=np.where(better, service, best.service),
    )


def _policy(year: YearPlay, count: Array, size: Array) -> PlayedPolicy:
    """The policy of bins (k,): at a review as many are ordered as are empty, all year the same."""
    edge = np.broadcast_to(((count - 1) * size + _SLIGHT)[:, None], year.expected.shape)
    return PlayedPolicy(edge, edge, year.expected / year.lanes.interval[:, None])
