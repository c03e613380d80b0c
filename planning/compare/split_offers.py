"""Two of several offers taken at once: base with the slower and cheaper one, surge with the quicker one, in play."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from distributions.distribution import Array
from planning.actions.played_worth import HIGH, LOW
from planning.lanes.lane_terms import LaneTerms
from planning.played_year.dual_year import DualYear
from planning.played_year.year_play import YearPlay

YEARS = 128
"""Years that a split is played in."""

_MOST_PAIRS = 2
"""Pairs that are tried: of those where the slower offer is the cheaper one, those whose offers cost least."""

_MOST_OPEN = 100.0
"""Orders on their way at once up to which an offer is tried: of more, a split takes too long to play."""

_BASE, _SURGE = (1.0, 0.85, 0.7), (0.25, 0.4, 0.55, 0.7, 0.85)
"""Shares of either offer's own reorder point that are tried."""

_MISSED = 0.02
"""Share by which more units may be missed than with the better offer alone, by the play's noise."""


@dataclass(frozen=True)
class SplitOffer:
    """The best split between two offers.

    Attributes
    ----------
    base, surge : their rows
    surge_share : share of the units that the quicker one delivers
    base_point, surge_point : reorder points, units: the base by all that is on order, the surge by what comes as soon
    total, low, high : cost of the year, money, and the range that holds 80 of 100 years
    saves, saves_low, saves_high : money a year against the cheaper of the two alone; negative: it costs more
    chance : share of the years in which it costs less
    """

    base: int
    surge: int
    surge_share: float
    base_point: float
    surge_point: float
    total: float
    low: float
    high: float
    saves: float
    saves_low: float
    saves_high: float
    chance: float


def best_split(terms: LaneTerms, year: YearPlay, total: Array) -> SplitOffer | None:
    """The cheapest split of any two of n offers that misses no more than the better one alone; none where none can be.

    Parameters
    ----------
    terms : of the offers (n), with their targets met
    year : their year in play, of any number of scenarios up to `YEARS`
    total : array (n,), mean cost of each alone, money a year
    """
    base, surge = _pairs(terms, total, float(year.world.review))
    if not len(base):
        return None
    rows = np.concatenate([base, surge])
    dual = DualYear.of(year.select(rows), terms.select(rows))
    alone = [dual.alone("base"), dual.alone("surge")]
    costs = np.stack([dual.cost(each).total for each in alone])
    better = costs.mean(axis=2).argmin(axis=0)
    at = np.arange(len(base))
    single = costs[better, at]
    missed = np.stack([each.missed.mean(axis=1) for each in alone])[better, at]
    best: SplitOffer | None = None
    whole = terms.lanes["whole"].to_numpy(bool)[base]
    for base_share in _BASE:
        for surge_share in _SURGE:
            points = [
                np.where(whole, np.round(share * own), share * own)
                for share, own in (
                    (base_share, dual.base_terms.reorder_point),
                    (surge_share, dual.surge_terms.reorder_point),
                )
            ]
            played = dual.play(points[0], points[1])
            cost = dual.cost(played).total
            serves = played.missed.mean(axis=1) <= (1 + _MISSED) * missed + 1e-9
            split = (played.surge_share > 0) & (played.surge_share < 1) & serves
            for i in np.flatnonzero(split).tolist():
                saved = single[i] - cost[i]
                if best is not None and saved.mean() <= best.saves:
                    continue
                low, high = np.quantile(cost[i], [LOW, HIGH])
                saved_low, saved_high = np.quantile(saved, [LOW, HIGH])
                best = SplitOffer(
                    int(base[i]),
                    int(surge[i]),
                    float(played.surge_share[i]),
                    float(points[0][i]),
                    float(points[1][i]),
                    float(cost[i].mean()),
                    float(low),
                    float(high),
                    float(saved.mean()),
                    float(saved_low),
                    float(saved_high),
                    float((saved > 0).mean()),
                )
    return best


def _pairs(terms: LaneTerms, total: Array, review: float) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows of the slower and cheaper offer, and of the quicker one, of each pair that is tried."""
    days, price = terms.lead_time.mean(), terms.costs.prices.price(terms.order_size)
    slower = (days[:, None] > days[None]) & (price[:, None] < price[None])
    base, surge = np.nonzero(slower & (days <= _MOST_OPEN * review)[:, None])
    order = np.argsort(total[base] + total[surge], kind="stable")[:_MOST_PAIRS]
    return base[order], surge[order]
