"""The best split of a SKU between two suppliers, found in play.

A split is a pair of reorder points: the quick supplier's is a share of what it would be alone, so is the slow one's.
What share of the units either then delivers comes out of the play.
"""

from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from distributions.distribution import Array
from distributions.parallel import row_chunks
from planning.actions.played_worth import SCENARIOS
from planning.lanes.lane_terms import LaneTerms
from planning.levers.lever_plays import LeverPlays
from planning.played_year.dual_year import NEVER, DualYear
from planning.played_year.year_play import YearCost, YearPlay
from planning.policy.targets import COST
from planning.simulation.engine.dual_play import DualResult

_BASE, _SURGE = (1.0, 0.85, 0.7), (0.25, 0.4, 0.55, 0.7, 0.85)
"""Shares of either lane's own reorder point that are tried."""

_MORE_STOCK = (1.1, 1.25)
"""Shares of the reorder point of today's lane alone that are tried: what more stock does needs no second supplier."""

_CHUNK = 50
_MISSED = 0.02
"""Share by which more units may be missed than today, by the play's noise."""

PARTS = ("price", "ordering", "stock", "pipeline", "shortage", "spoilage")
"""Parts of a year's cost."""


@dataclass(frozen=True)
class Splits:
    """The best split of k pairs of lanes.

    Attributes
    ----------
    base, surge : lanes (k,) in the assessment's
    base_point, surge_point : reorder points (k,), units
    surge_share : share (k,) of the units that the surge supplier delivers
    now, then, other : cost (k, M) of the year as it is, split (as it is where no split serves as well), and with all
        bought from the other of the two
    stocked : mean cost (k,) of the year with all from today's supplier and as much stock as is cheapest
    change : part of the cost → by what it changes (k,), money a year
    missed_now, missed : units missed a year (k,), as it is and split
    """

    base: NDArray[np.intp]
    surge: NDArray[np.intp]
    base_point: Array
    surge_point: Array
    surge_share: Array
    now: Array
    then: Array
    other: Array
    stocked: Array
    change: dict[str, Array]
    missed_now: Array
    missed: Array

    def select(self, rows: NDArray[np.intp]) -> Self:
        """Some of the splits."""
        change = {name: values[rows] for name, values in self.change.items()}
        rest = {name: value[rows] for name, value in vars(self).items() if name != "change"}
        return replace(self, **rest, change=change)


def best_splits(plays: LeverPlays, base: NDArray[np.intp], surge: NDArray[np.intp]) -> Splits:
    """The cheapest split in play of pairs of lanes (k,), one of which is the chosen one; of at least one pair."""
    parts = [_best(plays, base[rows], surge[rows]) for rows in row_chunks(np.arange(len(base)), _CHUNK)]

    def joined(values: list[Any]) -> Any:
        if isinstance(values[0], dict):
            return {name: np.concatenate([each[name] for each in values]) for name in values[0]}
        return np.concatenate(values)

    return Splits(**{name: joined([getattr(part, name) for part in parts]) for name in vars(parts[0])})


def _best(plays: LeverPlays, base: NDArray[np.intp], surge: NDArray[np.intp]) -> Splits:
    """As `best_splits`, of a few pairs, whose demand fits in memory at once."""
    assessment = plays.assessment
    terms = assessment.lane_terms.select(np.concatenate([base, surge]))
    year = YearPlay.of(
        terms,
        assessment.forecast,
        assessment.inputs.items,
        assessment.setting,
        scenarios=SCENARIOS,
        shared=assessment.pipeline.shared_delay,
    )
    dual = DualYear.of(year, terms)
    alone = {name: dual.alone(name) for name in ("base", "surge")}
    costs = {name: dual.cost(result) for name, result in alone.items()}
    sku = assessment.lane_terms.lanes["row"].to_numpy(np.intp)[base]
    from_base = assessment.chosen_lane[sku] == base
    now = _chosen(costs["base"], costs["surge"], from_base)
    missed_now = np.where(from_base, alone["base"].missed.mean(axis=1), alone["surge"].missed.mean(axis=1))
    other = np.where(from_base[:, None], costs["surge"].total, costs["base"].total)
    stocked = _with_more_stock(dual, from_base)
    free = terms.targets.kind[: len(base)] == COST
    best = _Best.none(len(base))
    for base_share in _BASE:
        for surge_share in _SURGE:
            points = (
                _share_of(dual.base_terms.reorder_point, base_share, terms, len(base)),
                _share_of(dual.surge_terms.reorder_point, surge_share, terms, len(base)),
            )
            result = dual.play(*points)
            cost = dual.cost(result)
            serves = free | (result.missed.mean(axis=1) <= (1 + _MISSED) * missed_now + 1e-9)
            best.take(serves, points, result, cost)
    return Splits(
        base=base,
        surge=surge,
        base_point=best.points[0],
        surge_point=best.points[1],
        surge_share=best.surge_share,
        now=now.total,
        then=np.where(np.isfinite(best.total), best.total, now.total),
        other=other,
        stocked=np.minimum(stocked, now.total.mean(axis=1)),
        change={name: best.parts[name] - getattr(now, name).mean(axis=1) for name in PARTS},
        missed_now=missed_now,
        missed=best.missed,
    )


@dataclass
class _Best:
    """The cheapest of the splits seen so far, of k pairs."""

    mean: Array
    total: Array
    points: tuple[Array, Array]
    surge_share: Array
    missed: Array
    parts: dict[str, Array]

    @classmethod
    def none(cls, k: int) -> "_Best":
        """No split yet: infinitely dear."""
        empty = (np.full(k, NEVER), np.full(k, NEVER))
        parts = {name: np.full(k, np.nan) for name in PARTS}
        return cls(
            np.full(k, np.inf),
            np.full((k, SCENARIOS), np.inf),
            empty,
            np.full(k, np.nan),
            np.full(k, np.nan),
            parts,
        )

    def take(
        self, serves: NDArray[np.bool_], points: tuple[Array, Array], result: DualResult, cost: YearCost
    ) -> None:
        """Take the split of those pairs that it serves, and for which it is cheaper than what was seen."""
        total = cost.total
        better = serves & (total.mean(axis=1) < self.mean)
        self.mean[better], self.total[better] = total.mean(axis=1)[better], total[better]
        for mine, new in zip(self.points, points, strict=True):
            mine[better] = new[better]
        self.surge_share[better] = result.surge_share[better]
        self.missed[better] = result.missed.mean(axis=1)[better]
        for name in PARTS:
            self.parts[name][better] = getattr(cost, name).mean(axis=1)[better]


def _with_more_stock(dual: DualYear, from_base: NDArray[np.bool_]) -> Array:
    """Mean cost (k,) of a year from today's supplier alone at the cheapest of some higher reorder points."""
    costs = []
    for part in _MORE_STOCK:
        points = [
            np.where(own, part * terms.reorder_point, NEVER)
            for own, terms in ((from_base, dual.base_terms), (~from_base, dual.surge_terms))
        ]
        costs.append(dual.cost(dual.play(points[0], points[1])).total.mean(axis=1))
    return np.asarray(np.min(costs, axis=0))


def _chosen(base: YearCost, surge: YearCost, from_base: NDArray[np.bool_]) -> YearCost:
    """Cost of the year as it is (k, M): of the base supplier alone, or of the surge supplier alone."""
    return YearCost(
        **{name: np.where(from_base[:, None], getattr(base, name), getattr(surge, name)) for name in PARTS}
    )


def _share_of(point: Array, part: float, terms: LaneTerms, k: int) -> Array:
    """A share of reorder points (k,), in whole units where the SKU is counted so."""
    whole = terms.lanes["whole"].to_numpy(bool)[:k]
    return np.where(whole, np.round(part * point), part * point)
