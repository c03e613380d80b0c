"""What an outage of a supplier would cost, SKU by SKU, and what is left of that with another source."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from distributions.distribution import Array
from distributions.parallel import row_chunks
from planning.actions.played_worth import SCENARIOS, most_promising
from planning.assessment import Assessment
from planning.played_year.outage_year import outage_cost
from planning.played_year.year_play import YearPlay

_CHUNK = 500
_MOST_PLAYED = 1_000
"""SKUs that are played, those whose month of demand is worth most in shortages."""


@dataclass(frozen=True)
class Sources:
    """Lanes that each of n SKUs has.

    Attributes
    ----------
    single : bool array (n,), nobody else offers the SKU or delivered it
    untried : array (n,), the quickest other lane with an offer that never delivered; −1 where there is none, or where
        another one delivered
    """

    single: NDArray[np.bool_]
    untried: NDArray[np.intp]

    @classmethod
    def of(cls, assessment: Assessment, received: NDArray[np.bool_]) -> Self:
        """The sources of the assessment's SKUs; `received` (lanes,): the lane delivered once."""
        terms, n = assessment.lane_terms, len(assessment.forecast)
        sku = terms.lanes["row"].to_numpy(np.intp)
        usable = terms.lanes["has_offer"].to_numpy(bool) & ~terms.limits.impossible
        other = usable & (assessment.chosen_lane[sku] != np.arange(len(sku)))
        single, tried = np.ones(n, bool), np.zeros(n, bool)
        single[sku[other]] = False
        tried[sku[other & received]] = True
        lanes = np.flatnonzero(other & ~received & ~tried[sku])
        lanes = lanes[np.argsort(-terms.lead_time.mean()[lanes], kind="stable")]
        untried = np.full(n, -1, np.intp)
        untried[sku[lanes]] = lanes  # the last one written is the quickest
        return cls(single, untried)


@dataclass(frozen=True)
class Outages:
    """What an outage costs k SKUs, (k, M) over the scenarios, money.

    Attributes
    ----------
    skus : rows of the forecast
    cost : nothing arrives for all its days
    left : nothing arrives until the other source delivers
    """

    skus: NDArray[np.intp]
    cost: Array
    left: Array

    @property
    def averted(self) -> Array:
        """What another source saves of it, (k, M)."""
        return self.cost - self.left


def play_outages(assessment: Assessment, skus: NDArray[np.intp], replaced: Array) -> Outages:
    """Play outages of the chosen lanes of SKUs (k,), whose other source delivers after `replaced` days (k,)."""
    chosen = assessment.chosen_terms
    days = assessment.setting.policy.outage.days
    played = (chosen.bought & chosen.costs.known)[skus]
    at_stake = np.nan_to_num(chosen.costs.shortage * chosen.demand.yearly)[skus]
    played &= most_promising(at_stake, _MOST_PLAYED)
    skus, replaced = skus[played], np.minimum(replaced[played], days)
    parts = [
        _played(assessment, skus[rows], replaced[rows]) for rows in row_chunks(np.arange(len(skus)), _CHUNK)
    ]
    empty = np.zeros((0, SCENARIOS))
    cost, left = (
        np.concatenate([empty, *part]) for part in (zip(*parts, strict=True) if parts else ((), ()))
    )
    return Outages(skus, cost, left)


def _played(assessment: Assessment, skus: NDArray[np.intp], replaced: Array) -> tuple[Array, Array]:
    """As `play_outages`, of a few SKUs, whose demand fits in memory at once: cost, and what is left of it."""
    terms = assessment.chosen_terms.select(skus)
    year = YearPlay.of(
        terms,
        assessment.forecast,
        assessment.inputs.items,
        assessment.setting,
        scenarios=SCENARIOS,
        shared=assessment.pipeline.shared_delay,
    )
    points = terms.reorder_point, terms.order_up_to
    days = np.full(len(skus), assessment.setting.policy.outage.days)
    return outage_cost(year, points, days), outage_cost(year, points, replaced)
