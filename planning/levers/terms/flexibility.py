"""A window in which orders can be cancelled: what it saves to decide so much later whether all of them is needed."""

from typing import Any

import numpy as np

from configs.formats import days, money, number
from distributions.distribution import Array
from planning.lanes.lane_terms import LaneTerms
from planning.levers.lever_lines import LeverResult, lever_lines
from planning.levers.lever_plays import LeverPlays
from planning.levers.supplier_talk import Talk, by_supplier, of_most_at_stake, talk_result

_PART = 0.5
"""Part of a lead time shorter by the window that a window is worth: orders can be cut in it, but not raised."""
_SHORTEST, _LONGEST = 3.0, 7.0
"""Days of a window that is worth agreeing on, and of the longest that is asked for."""
_OF_LEAD_TIME = 1 / 3


def flexibility(plays: LeverPlays) -> LeverResult:
    """Propose a window of some days in which orders can be reduced or cancelled: half of a lead time so much shorter.

    A buyer who may cancel freely decides on what is ordered when the window ends. With free rein he would order too
    much and cut it then, and the window would be worth a lead time shorter by all of it; what suppliers put up with is
    to cut orders whose demand did not come, and half is counted. The window is a third of the lead time, a week at
    most, and goods are paid for as before.
    """
    assessment = plays.assessment
    chosen, review = assessment.chosen_terms, assessment.setting.policy.review_period_days
    window = np.floor(np.minimum(_LONGEST, _OF_LEAD_TIME * chosen.lead_time.mean()))
    stake = np.where(window >= _SHORTEST, _stake(chosen, _PART * window, review), 0.0)
    skus = of_most_at_stake(assessment, stake, plays.effort("flexibility"))
    skus = skus[window[skus] >= _SHORTEST]
    if not len(skus):
        return LeverResult()
    earlier = _PART * window[skus]
    ids, lanes = assessment.forecast.unique_ids[skus].tolist(), assessment.chosen_lane[skus].tolist()
    now, then = plays.now(skus), plays.then(lever_lines(ids, lanes, earlier_days=earlier))
    saved = now.total - then.total - (now.parts["pipeline"] - then.parts["pipeline"])[:, None]
    talks = []
    for at in by_supplier(assessment, skus):
        facts = {
            "window_from": float(window[skus[at]].min()),
            "window_to": float(window[skus[at]].max()),
            "lead_time": float(chosen.lead_time.mean()[skus[at]].mean()),
            "counted_part": _PART,
        }
        says = [f"within {days(window[i])}" for i in skus[at]]
        talks.append(Talk(skus[at], saved[at], says, facts, {"earlier_days": earlier[at]}, assumed=True))
    return talk_result(plays, "flexibility", talks, _describe)


def _stake(terms: LaneTerms, earlier: Array, review: float) -> Array:
    """Money a year (n,) that deciding some days later may save by closed form: the share of the protection interval."""
    cost = terms.total_cost
    at_risk = np.maximum(cost.safety_stock, 0.0) + cost.shortage + cost.spoilage
    return np.asarray(at_risk * earlier / (terms.lead_time.mean() + review))


def _describe(currency: str, a: Any) -> tuple[str, str]:
    """Title and evidence of a window to cancel orders, from the action's row."""
    same = a.window_from == a.window_to
    window = days(a.window_to) if same else f"{number(a.window_from)} to {days(a.window_to)}, by SKU"
    evidence = (
        f"Orders take {days(a.lead_time)}, and are placed for demand that may not come. If they can be reduced or "
        f"cancelled within {window}, what is ordered follows demand so much later: counted as half of a lead time as "
        f"much shorter, since orders can only be cut in it, that saves {money(a.worth, currency)} a year, in 80 of 100 "
        f"years between {money(a.worth_low, currency)} and {money(a.worth_high, currency)}."
    )
    return f"Agree with {a.supplier} that orders can be cancelled within {window}", evidence
