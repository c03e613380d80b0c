"""Kanban: a fixed number of bins in place of a policy, where demand is steady enough for it to cost little."""

from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from configs.formats import days, money, number, quantity, share
from planning.actions.action_table import act_by_next_order, action_rows, confidence, worthwhile
from planning.actions.played_worth import PlayedWorth, most_promising
from planning.cost.lane_costs import DAYS_A_YEAR
from planning.levers.lever_lines import LeverResult, lever_lines
from planning.levers.lever_plays import LeverPlays
from planning.levers.orders_a_year import lines_a_year
from planning.levers.ownership.kanban_plays import cheapest_bins
from planning.levers.ownership.steady import predictable_lanes, steady_skus
from planning.levers.ownership.vmi import trusted_with_stock
from planning.levers.supplier_talk import LIKELY

_CARD = 0.5
"""Part of what an order line costs that refilling bins by card does."""
_MOST = 100


def kanban(plays: LeverPlays) -> LeverResult:
    """Propose bins for SKUs of steady demand with a predictable supplier, their number and size by play.

    Each bin is reordered when it is empty: a policy (R, s, nQ) with s all bins but one, the same all year. An order
    line by card costs half. Worth: the year under the policy as it is against the year in bins, with the same target
    kept; bins that hold more, or follow demand less, cost what they do in play. Not where VMI would do.
    """
    assessment, effort = plays.assessment, plays.effort("kanban")
    chosen = assessment.chosen_terms
    hope = _CARD * lines_a_year(chosen) * chosen.costs.ordering
    asked = steady_skus(assessment) & predictable_lanes(assessment) & (hope > effort)
    asked &= ~trusted_with_stock(plays)
    skus = np.flatnonzero(asked & most_promising(np.where(asked, hope, -np.inf), _MOST))
    if not len(skus):
        return LeverResult()
    bins = cheapest_bins(assessment, skus, _CARD * chosen.costs.ordering[skus])
    found = np.flatnonzero(bins.size > 0)
    if not len(found):
        return LeverResult()
    saved = plays.now(skus[found]).total - bins.total[found]
    worth = PlayedWorth.of_saved(saved, effort)
    rows = worthwhile(assessment, worth.mean, (worth.mean > effort) & (worth.chance >= LIKELY))
    if not len(rows):
        return LeverResult()
    at, worth = found[rows], worth.select(rows)
    some = skus[at]
    lanes, seen = chosen.lanes.iloc[some], confidence(assessment, assessment.chosen_lane[some])
    head = pd.DataFrame(
        {
            "kind": "kanban",
            "unique_id": lanes["unique_id"].to_numpy(object),
            "supplier_id": lanes["supplier_id"].to_numpy(object),
            "alternative_supplier_id": None,
            "subject": "",
            "quantity": bins.size[at],
            "worth": worth.mean,
            "worth_period": "year",
            "act_by": act_by_next_order(assessment)[some],
            "confidence": worth.confidence(
                np.where(seen == "high", "medium", seen)
            ),  # what cards cost is assumed
        }
    )
    demand = chosen.demand.yearly[some]
    facts = pd.DataFrame(
        {
            "bins": bins.count[at],
            "bin_size": bins.size[at],
            "bin_lasts_days": DAYS_A_YEAR * bins.size[at] / demand,
            "service": bins.service[at],
            "service_now": chosen.played_service[some],
            "lines_a_year": lines_a_year(chosen)[some],
            "ordering_now": chosen.total_cost.ordering[some],
            "ordering_in_bins": bins.ordering[at],
            "total_now": plays.now(some).parts["total"],
            "total_in_bins": bins.total[at].mean(axis=1),
            **worth.facts(),
        }
    )
    actions = action_rows(assessment, head, facts, partial(_describe, assessment.inputs.currency))
    lines = lever_lines(
        head["unique_id"].tolist(),
        assessment.chosen_lane[some].tolist(),
        worth=worth.mean,
        moq=bins.size[at],
        order_multiple=bins.size[at],
        ordering_cost=_CARD * chosen.costs.ordering[some],
    )
    return LeverResult.of(actions, lines)


def _describe(currency: str, a: Any) -> tuple[str, str]:
    """Title and evidence of Kanban bins, from the action's row."""
    others = a.total_in_bins - a.ordering_in_bins - (a.total_now - a.ordering_now)
    rest = f"{money(abs(others), currency)} {'more' if others > 0 else 'less'} for stock, shortages and waste"
    evidence = (
        f"Demand is steady and the supplier predictable. {number(a.bins)} bins of {quantity(a.bin_size)}, each of "
        f"which lasts {days(a.bin_lasts_days)} and is reordered when it is empty, keep {share(a.service, 1)} service. "
        f"With orders by card at half the cost of a line, ordering costs {money(a.ordering_in_bins, currency)} a year "
        f"instead of {money(a.ordering_now, currency)}, and {rest}: {money(a.worth, currency)} a year less, in 80 of "
        f"100 years between {money(a.worth_low, currency)} and {money(a.worth_high, currency)}."
    )
    return (
        f"Run {a.sku} from {a.supplier} in {number(a.bins)} bins of {quantity(a.bin_size)} (Kanban)",
        evidence,
    )
