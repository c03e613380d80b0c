"""What could be done otherwise today, as closed forms see it: the candidates that are then played."""

import numpy as np
from numpy.typing import NDArray

from distributions.distribution import Array
from distributions.take_rows import take_rows
from planning.actions.expedite_proposals import ExpediteProposals
from planning.actions.open_order_needs import OpenOrderNeeds
from planning.assessment import Assessment
from planning.cost.lane_costs import DAYS_A_YEAR
from planning.played_ahead.ahead_play import SPLIT
from planning.played_ahead.best_changes import ChosenChanges, best_changes
from planning.played_ahead.changes import Changes
from planning.projection.order_numbering import number_within

_DELAYS = (0.3, 0.6, 0.8, 1.0, 1.3)  # of the possible delay by closed form and a review, that are tried
_SHORTEST_DELAY = 7.0  # days: less is not worth a call to the supplier
_PARTS = (0.25, 0.5, 0.75)  # of an open order that may be left
_SOONEST = 2.0  # days: what arrives sooner is on its way already
_LONGER_DAYS = 1.0  # than a review period: with less, the next review is early enough
_LITTLE = 0.05  # of an open order without use: less is no reason to look at it
_HALF = 0.5  # of a call, that an open order has to be worth by closed form to be played
_MOST_LINES = 3  # open orders of a SKU that are looked at
_MOST_SKUS = 500  # whose candidates are played, those with the most at stake: nobody calls about more


def chosen_today(
    assessment: Assessment, needs: OpenOrderNeeds, proposals: ExpediteProposals
) -> ChosenChanges | None:
    """What is worth doing otherwise today, the best set for each SKU; None where there is nothing.

    Parameters
    ----------
    needs, proposals : when open orders are needed, and which to expedite, by closed form
    """
    expedited = _expedite_candidates(assessment, proposals)
    parts = [*_open_order_candidates(assessment, needs), expedited, _order_ahead(assessment)]
    parts = [part for part in parts if len(part)]
    if not parts:
        return None
    candidates = Changes.concat(parts)
    stake = _stake(assessment)
    most = np.argsort(-stake[np.unique(candidates.lane)], kind="stable")[:_MOST_SKUS]
    kept = np.isin(candidates.lane, np.unique(candidates.lane)[most])
    candidates = candidates.select(np.flatnonzero(kept))
    return best_changes(assessment, candidates, _effort(assessment))


def _stake(assessment: Assessment) -> Array:
    """Money (n,) that is at stake in each SKU's near future: on order, and short before an order could come."""
    pipeline, decision = assessment.pipeline, assessment.decision
    price = pipeline.unit_price(assessment.chosen_terms.costs.unit)
    value = np.nan_to_num(pipeline.expected * price)
    on_order = np.bincount(pipeline.sku, weights=value, minlength=len(assessment.forecast))
    return np.asarray(on_order + np.nan_to_num(decision.short * assessment.chosen_terms.costs.shortage))


def _open_order_candidates(assessment: Assessment, need: OpenOrderNeeds) -> list[Changes]:
    """Open orders pushed back, reduced or cancelled, as far as closed forms see that they may not be needed."""
    pipeline = assessment.pipeline
    review = max(assessment.setting.policy.review_period_days, 1.0)
    looked_at = _promising(assessment, need)
    result = []
    for share in _DELAYS:
        reviews = np.maximum(np.round(share * (need.possible_delay + review) / review), 1.0)
        rows = looked_at[reviews[looked_at] * review >= _SHORTEST_DELAY]
        result.append(Changes.of("push_back", pipeline.sku[rows], line=rows, later=review * reviews[rows]))
    little_used = need.unused > _LITTLE * pipeline.expected
    rows = looked_at[(little_used | (need.possible_delay >= 2 * review))[looked_at]]
    result.append(Changes.of("cancel", pipeline.sku[rows], line=rows, left=np.zeros(len(rows))))
    result.extend(_reduced(assessment, rows, part) for part in _PARTS)
    reviews = np.maximum(np.round((need.possible_delay + review) / review), 2.0)
    result.extend(_split(assessment, looked_at, part, review * reviews[looked_at]) for part in _PARTS)
    return result


def _promising(assessment: Assessment, need: OpenOrderNeeds) -> NDArray[np.intp]:
    """Open orders (k,) that can be changed and may be worth half a call: of each SKU those worth most.

    Closed form: the holding cost of the days they come too early, and the price of what finds no use.
    """
    pipeline, policy, costs = assessment.pipeline, assessment.setting.policy, assessment.chosen_terms.costs
    holding = np.nan_to_num(costs.holding)[pipeline.sku] / DAYS_A_YEAR
    days = need.possible_delay + 2 * policy.review_period_days
    worth = holding * pipeline.expected * days + np.nan_to_num(pipeline.unit_price(costs.unit)) * need.unused
    movable = (pipeline.remaining.quantile(0.5) >= _SOONEST) & assessment.decision.known[pipeline.sku]
    movable &= ~pipeline.doubtful & costs.known[pipeline.sku]  # doubtful ones are to be chased first
    needed = (need.possible_delay <= 0) & (need.unused <= _LITTLE * pipeline.expected)
    rows = np.flatnonzero(movable & ~needed & (worth > _HALF * _effort(assessment)))
    order = np.lexsort((-worth[rows], pipeline.sku[rows]))
    return np.sort(rows[order[number_within(pipeline.sku[rows][order]) < _MOST_LINES]])


def _effort(assessment: Assessment) -> float:
    """Money that a call has to be worth."""
    policy = assessment.setting.policy
    return max(policy.effort.call, policy.minimum_action_value)


def _reduced(assessment: Assessment, rows: NDArray[np.intp], part: float) -> Changes:
    """Open orders `rows` (k,) reduced to about a `part` of them, in a quantity that the offer allows."""
    pipeline = assessment.pipeline
    sku, units = pipeline.sku[rows], pipeline.orders["quantity_open"].to_numpy(float)[rows]
    left = take_rows(assessment.chosen_terms.limits, sku).allowed(part * units)
    fits = (left < units) & (left > 0)
    share = (left / units)[fits]
    return Changes.of("reduce", sku[fits], line=rows[fits], left=share)


def _split(assessment: Assessment, rows: NDArray[np.intp], part: float, later: Array) -> Changes:
    """Open orders `rows` (k,) of which about a `part` comes as agreed, and the rest so many days (k,) `later`."""
    pipeline = assessment.pipeline
    units = pipeline.orders["quantity_open"].to_numpy(float)[rows]
    multiple = np.maximum(assessment.chosen_terms.limits.multiple[pipeline.sku[rows]], 1.0)
    first = np.round(part * units / multiple) * multiple
    fits = (first > 0) & (first < units)
    share = (first / units)[fits]
    return Changes.of(SPLIT, pipeline.sku[rows][fits], line=rows[fits], left=share, later=later[fits])


def _expedite_candidates(assessment: Assessment, proposals: ExpediteProposals) -> Changes:
    """Open orders expedited whose supplier's price and speed for that are known."""
    known = np.flatnonzero(~proposals.question)
    line = proposals.calls.line[known]
    return Changes.of(
        "expedite",
        assessment.pipeline.sku[line],
        line=line,
        share=proposals.calls.share[known],
        cost=proposals.cost[known],
    )


def _order_ahead(assessment: Assessment) -> Changes:
    """Orders placed today that the plan would place at a later review, where they then come too late too often.

    The plan orders when stock is expected to have fallen to the reorder point; with demand that rises steeply, a
    supplier of long lead times cannot deliver by then.
    """
    decision, terms, review = (
        assessment.decision, assessment.chosen_terms, assessment.setting.policy.review_period_days,
    )  # fmt: skip
    above = np.maximum(np.nan_to_num(decision.counted_position) - terms.reorder_point, 0.0)
    reached = assessment.forecast.days_to_use(above, elapsed=assessment.setting.elapsed)
    period = max(review, 1.0)
    planned = (np.floor(np.where(np.isfinite(reached), reached, 0.0) / period) + 1) * period
    late = decision.projection.risk_before(terms.lead_time, planned) > decision.accepted_risk
    long = terms.lead_time.mean() > review + _LONGER_DAYS
    waits = decision.known & terms.bought & (decision.quantity == 0) & ~terms.limits.impossible
    rows = np.flatnonzero(late & long & waits & np.isfinite(reached) & terms.costs.known)
    used = assessment.forecast.mean_until(planned, elapsed=assessment.setting.elapsed)
    due = terms.limits.allowed(np.nan_to_num(terms.order_up_to - decision.counted_position + used))
    rows = rows[due[rows] > 0]
    return Changes.of("engage_early", rows, ordered=due[rows])
