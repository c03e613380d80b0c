"""Just in time: call-offs of little more than a review's need from a blanket order, where both ends are steady."""

from typing import Any

import numpy as np

from configs.formats import money, number
from planning.actions.played_worth import most_promising
from planning.cost.lane_costs import DAYS_A_YEAR
from planning.levers.lever_lines import LeverResult, lever_lines
from planning.levers.lever_plays import LeverPlays
from planning.levers.ownership.steady import predictable_lanes, steady_skus
from planning.levers.ownership.vmi import trusted_with_stock
from planning.levers.ownership.who_bears import in_words, who_bears
from planning.levers.supplier_talk import MOST_PLAYED, Talk, by_supplier, counted, talk_result

_CALL_OFF = 0.25
"""Part of what an order line costs that a call-off from a blanket order does."""
_LARGER = 2.0
"""Times a review's need that an order is today."""
_NEAR_DAYS = 14.0
"""Lead time up to which a call-off is in time for what it is called off for."""
_OUTAGE_DAYS = 14.0


def jit(plays: LeverPlays) -> LeverResult:
    """Propose call-offs from a blanket order: SKUs of steady demand with a predictable supplier, in no lots at all.

    An order line then costs a quarter, and none is larger than needed for its MOQ or multiple. Worth: the year as it is
    against that one, played with the reorder points that the target then needs, so that an unsteady lead time is in it.
    What it risks is said: the stock that then is not there when the supplier fails for two weeks. Not where VMI would
    do.
    """
    assessment = plays.assessment
    chosen = assessment.chosen_terms
    large = chosen.order_size >= _LARGER * np.maximum(chosen.demand.a_cycle, 1e-9)
    near = chosen.lead_time.mean() <= _NEAR_DAYS
    asked = (
        steady_skus(assessment) & predictable_lanes(assessment) & large & near & ~trusted_with_stock(plays)
    )
    hope = np.where(asked, chosen.total_cost.ordering, -np.inf)
    skus = np.flatnonzero(asked & most_promising(hope, MOST_PLAYED))
    if not len(skus):
        return LeverResult()
    whole = chosen.lanes["whole"].to_numpy(bool)[skus]
    least = np.where(whole, 1.0, 0.0)
    terms = {"moq": least, "order_multiple": least, "ordering_cost": _CALL_OFF * chosen.costs.ordering[skus]}
    ids, lanes = assessment.forecast.unique_ids[skus].tolist(), assessment.chosen_lane[skus].tolist()
    now, then = plays.now(skus), plays.then(lever_lines(ids, lanes, **terms))
    saved = now.total - then.total
    talks = []
    for at in by_supplier(assessment, skus):
        some = skus[at]
        parts_now, parts_then = ({name: of.parts[name][at] for name in of.parts} for of in (now, then))
        holding = chosen.costs.holding[some]
        stock_now, stock_then = parts_now["stock"] / holding, parts_then["stock"] / holding
        a_day = chosen.demand.yearly[some] / DAYS_A_YEAR
        covered = [np.minimum(units, _OUTAGE_DAYS * a_day) for units in (stock_now, stock_then)]
        at_risk = float(((covered[0] - covered[1]) * chosen.costs.shortage[some]).sum())
        facts = {
            "lasts_days_now": float(stock_now.sum() / a_day.sum()),
            "lasts_days_then": float(stock_then.sum() / a_day.sum()),
            "outage_days": _OUTAGE_DAYS,
            "outage_costs_more": at_risk,
            "bears": who_bears(parts_now, parts_then, {}),
        }
        says = [f"in lots of {number(chosen.order_size[i])} today" for i in some]
        changed = {name: value[at] for name, value in terms.items()}
        talks.append(Talk(some, saved[at], says, facts, changed, assumed=True))
    return talk_result(plays, "jit", talks, _describe)


def _describe(currency: str, a: Any) -> tuple[str, str]:
    """Title and evidence of just in time, from the action's row."""
    evidence = (
        f"Demand of {counted(a.lines)} is steady and the supplier predictable. Called off from a blanket order as "
        f"needed, at a quarter of an order line's cost, the year costs {money(a.worth, currency)} less, in 80 of 100 "
        f"years between {money(a.worth_low, currency)} and {money(a.worth_high, currency)}; stock lasts "
        f"{number(a.lasts_days_then)} days instead of {number(a.lasts_days_now)}. By part: "
        f"{in_words(a.bears, currency)}. What it risks: should the supplier fail for {number(a.outage_days)} days, "
        f"{money(a.outage_costs_more, currency)} more would be missed than with today's stock."
    )
    return f"Call off {counted(a.lines)} just in time from a blanket order with {a.supplier}", evidence
