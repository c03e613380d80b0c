"""Lower the MOQ: what ordering more than is best costs a year, both ways played, and the best lot found by play."""

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array
from planning.actions.played_worth import most_promising, played_on_terms, played_years
from planning.assessment import Assessment, as_played
from planning.cost.lane_costs import cycle_days
from planning.inputs import numbers_by_sku
from planning.lanes.lane_order_size import lane_lot_limits, lane_order_size
from planning.lanes.lane_terms import LaneTerms, make_terms
from planning.levers.bundles import talks
from planning.levers.lever_lines import LeverResult, lever_lines
from planning.levers.lever_plays import LeverPlays
from planning.levers.terms.moq_talks import MoqLines, moq_talk

_LOTS = 6
"""Lots that are played, from a review's demand up to today's MOQ in equal ratios."""

_HOPE = 0.5
"""Share of the effort that the closed form's lot is worth in play, for other lots to be played too."""

_MOST_LOTS = 100
"""SKUs of which other lots are played, those whose closed-form lot is worth most: nobody negotiates about more."""

_TIE = 0.01
"""Share of what the best lot saves that a larger one may save less: it is the easier one to agree on."""


def lower_moq(plays: LeverPlays) -> LeverResult:
    """Propose to lower the MOQ: a year of the SKU's lane as it is against one with an MOQ of the lot that costs least.

    A closed form says which talks may pay, and the lot is found in play, with the reorder point that each lot needs for
    the target. Worth: the difference of what the same years cost, where it is more than the effort. Ageing of goods
    without a shelf life is not counted.
    """
    assessment = plays.assessment
    chosen = assessment.chosen_terms
    best = _best_order_size(assessment)
    too_large = (chosen.order_size > best) & chosen.lanes["has_offer"].to_numpy(bool)
    asked = np.flatnonzero(too_large & chosen.bought & ~np.isnan(chosen.total_cost.total))
    asked = asked[most_promising((chosen.costs.holding * (chosen.order_size - best))[asked])]
    if not len(asked):
        return LeverResult()
    terms, best = chosen.select(asked), best[asked]
    effort = assessment.setting.policy.effort.negotiation
    before, after_best = played_on_terms(assessment, [terms, _with_moq(assessment, asked, best)])
    best, after = _cheapest_lots(assessment, asked, best, (before.total, after_best.total))
    saved = before.total - after
    least = assessment.setting.policy.minimum_action_value
    groups = [
        rows
        for rows in talks(terms.lanes["supplier_id"].fillna("").to_numpy(object), saved, effort)
        if saved[rows].mean(axis=1).sum() >= least
    ]
    if not groups:
        return LeverResult()
    found = MoqLines(assessment, terms, asked, best, saved, before.slope)
    actions = pd.concat([moq_talk(found, rows) for rows in groups], ignore_index=True)
    rows = np.concatenate(groups)
    lines = lever_lines(
        terms.lanes["unique_id"].to_numpy(object)[rows].tolist(),
        assessment.chosen_lane[asked[rows]].tolist(),
        moq=best[rows],
        worth=saved[rows].mean(axis=1),
    )
    return LeverResult.of(
        actions, lines, np.repeat(np.arange(len(groups)), [len(some) for some in groups]).tolist()
    )


def _best_order_size(assessment: Assessment) -> Array:
    """Best order size (n,) by closed form, units, without the MOQ."""
    terms, forecast = assessment.chosen_terms, assessment.forecast
    setting, rows = assessment.setting, np.arange(len(forecast))
    a_cycle = forecast.mean_until(cycle_days(setting.policy), elapsed=setting.elapsed)
    without_moq = replace(terms.limits, moq=np.zeros(len(rows)))
    shelf_life = numbers_by_sku(assessment.inputs.items, "shelf_life_days", forecast.unique_ids)
    limits = lane_lot_limits(without_moq, forecast, shelf_life, elapsed=setting.elapsed, rows=rows)
    return lane_order_size(terms.demand.yearly, a_cycle, terms.costs, limits)


def _cheapest_lots(
    assessment: Assessment, skus: NDArray[np.intp], lot: Array, costs: tuple[Array, Array]
) -> tuple[Array, Array]:
    """The lots of least cost in play of some SKUs (k,), and what a year with an MOQ of them costs, (k, M).

    Parameters
    ----------
    lot : array (k,), best by closed form
    costs : arrays (k, M), what the year costs with the MOQ as it is, and with one of `lot`
    """
    effort, (before, after) = assessment.setting.policy.effort.negotiation, costs
    saved = (before - after).mean(axis=1)
    tried = np.flatnonzero((saved > _HOPE * effort) & most_promising(saved, _MOST_LOTS))
    if not len(tried):
        return lot, after
    grid = _lot_grid(assessment, skus[tried])
    flat = played_years(assessment, _with_moq(assessment, np.repeat(skus[tried], _LOTS), grid.ravel())).total
    lots = np.concatenate([lot[tried, None], grid], axis=1)
    each = np.concatenate([after[tried, None], flat.reshape(len(tried), _LOTS, -1)], axis=1)
    saves = (before[tried, None] - each).mean(axis=2)
    as_good = saves >= (1 - _TIE) * saves.max(axis=1, keepdims=True)
    chosen = np.where(as_good, lots, -np.inf).argmax(axis=1)
    at = np.arange(len(tried))
    lot, after = lot.copy(), after.copy()
    lot[tried], after[tried] = lots[at, chosen], each[at, chosen]
    return lot, after


def _lot_grid(assessment: Assessment, skus: NDArray[np.intp]) -> Array:
    """Lots (k, _LOTS) that the offers of some SKUs (k,) would allow without their MOQ, units."""
    terms, moq = assessment.chosen_terms.select(skus), assessment.chosen_terms.limits.moq[skus]
    free = replace(terms.limits, moq=np.zeros(len(skus)))
    least = np.clip(terms.demand.a_cycle, 1e-3 * moq, moq)  # out of season nothing may sell in a review
    shares = np.arange(_LOTS) / _LOTS
    return np.stack([free.allowed(least * (moq / least) ** share) for share in shares], axis=1)


def _with_moq(assessment: Assessment, skus: NDArray[np.intp], moq: Array) -> LaneTerms:
    """Terms of the chosen lanes of some SKUs (k,) as they would be with another `moq` (k,)."""
    chosen, items = assessment.chosen_terms, assessment.inputs.items
    lanes = chosen.lanes.iloc[skus].reset_index(drop=True).assign(moq=moq)
    terms = make_terms(lanes, assessment.forecast, chosen.lead_time[skus], items, assessment.setting)
    return as_played(terms, assessment.forecast, items, assessment.setting)
