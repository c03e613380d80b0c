"""Dual source: base with the slow and cheap supplier, surge with the quick one, split as costs least in play."""

from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planning.actions.action_table import act_by_next_order, action_rows, confidence, worthwhile
from planning.actions.played_worth import PlayedWorth, most_promising
from planning.levers.lever_lines import LeverResult, lever_lines
from planning.levers.lever_plays import LeverPlays
from planning.levers.vendor.best_splits import best_splits
from planning.levers.vendor.split_evidence import best_of_each, describe_split, split_facts

_SLOWER_DAYS = 3.0
"""Days that the base supplier takes longer at least."""

_MOST_PAIRS = 150
"""Pairs that are played, those with most to gain."""

_LEAST_SHARE = 0.05
"""Share of the units that either supplier has at least: below it is a switch, or an expedited order now and then."""


def dual_source(plays: LeverPlays) -> LeverResult:
    """Propose to buy a SKU from two suppliers: today's and one that is cheaper and slower, or dearer and quicker.

    The split is the cheapest of a grid that misses no more demand than today. Worth: the difference of the same years,
    where it is more than the effort, also beyond what more stock from today's supplier would save, and by the effort of
    a negotiation more than buying all from the other one saves.
    """
    assessment = plays.assessment
    base, surge = _pairs(plays)
    if not len(base):
        return LeverResult()
    found = best_splits(plays, base, surge)
    effort = assessment.setting.policy.effort.vendor_switch
    worth = PlayedWorth.of(found.now, found.then, effort)
    split = (found.surge_share >= _LEAST_SHARE) & (found.surge_share <= 1 - _LEAST_SHARE)
    then = found.then.mean(axis=1)
    two = assessment.setting.policy.effort.negotiation  # of having two suppliers instead of one
    better = (found.other.mean(axis=1) - then > two) & (found.stocked - then > effort)
    rows = worthwhile(assessment, worth.mean, split & better & (worth.mean > effort))
    lanes = assessment.lane_terms.lanes
    sku = lanes["row"].to_numpy(np.intp)
    rows = best_of_each(sku[base], worth, rows)
    base, surge, worth = base[rows], surge[rows], worth.select(rows)
    stays = assessment.chosen_lane[sku[base]]
    added = np.where(stays == base, surge, base)
    supplier_id = lanes["supplier_id"].to_numpy(object)
    head = pd.DataFrame(
        {
            "kind": "dual_source",
            "unique_id": lanes["unique_id"].to_numpy(object)[base],
            "supplier_id": supplier_id[stays],
            "alternative_supplier_id": supplier_id[added],
            "subject": "",
            "quantity": np.nan,
            "worth": worth.mean,
            "worth_period": "year",
            "act_by": act_by_next_order(assessment)[sku[base]],
            "confidence": worth.confidence(confidence(assessment, added, uses_shortage=True)),
        }
    )
    facts = split_facts(assessment, found.select(rows), worth)
    actions = action_rows(assessment, head, facts, partial(describe_split, assessment.inputs.currency))
    lines = lever_lines(head["unique_id"].tolist(), added.tolist(), worth=worth.mean)
    return LeverResult.of(actions, lines)


def _pairs(plays: LeverPlays) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Base and surge lanes (k,) of SKUs whose chosen lane and another differ in cost and in lead time.

    Only where there is something to gain: the price's difference on a year's goods where the quick one is bought from
    today, else what shortages, safety stock and spoilage cost.
    """
    assessment, effort = plays.assessment, plays.effort("dual_source")
    terms = assessment.lane_terms
    sku = terms.lanes["row"].to_numpy(np.intp)
    chosen = assessment.chosen_lane[sku]
    usable = terms.lanes["has_offer"].to_numpy(bool) & ~terms.limits.impossible & terms.bought
    usable &= terms.costs.known
    another = usable & usable[chosen] & (chosen != np.arange(len(sku))) & ~assessment.from_two[sku]
    slower, unit = terms.lead_time.mean(), terms.costs.unit
    cheaper_base = another & (slower > slower[chosen] + _SLOWER_DAYS) & (unit < unit[chosen])
    dearer_surge = another & (slower < slower[chosen] - _SLOWER_DAYS) & (unit > unit[chosen])
    cost = terms.total_cost
    saved = terms.demand.yearly * (unit[chosen] - unit)
    uncertain = (cost.shortage + cost.spoilage + np.maximum(cost.safety_stock, 0.0))[chosen]
    hope = np.where(cheaper_base, saved, np.where(dearer_surge, uncertain, -np.inf))
    other = np.flatnonzero(np.nan_to_num(hope, nan=-np.inf) > effort)
    other = np.sort(other[most_promising(hope[other], _MOST_PAIRS)])
    is_base = cheaper_base[other]
    return np.where(is_base, other, chosen[other]), np.where(is_base, chosen[other], other)
