"""Order days: a supplier that takes orders on other weekdays than they are decided on, and the days lost by it."""

from typing import Any

import numpy as np

from configs.formats import days, money, quantity
from planning.lanes.order_days import order_waits
from planning.levers.lever_lines import LeverResult, lever_lines
from planning.levers.lever_plays import LeverPlays
from planning.levers.supplier_talk import Talk, by_supplier, counted, of_most_at_stake, talk_result

_WEEKDAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
_WEEK = 7


def order_days(plays: LeverPlays) -> LeverResult:
    """Propose to decide on a supplier's orders on its order day, or to have it take them when they are decided on.

    Only where reviews fall on one weekday: an order decided on then waits as many days each time. Worth: the year as it
    is against one in which orders leave on the day they are decided on.
    """
    assessment = plays.assessment
    chosen, review = assessment.chosen_terms, assessment.setting.policy.review_period_days
    weekday = assessment.setting.as_of.weekday()
    texts = chosen.lanes["order_days"].tolist()
    wait = order_waits(texts, np.array([weekday]))[:, 0].astype(float)
    if round(review) % _WEEK or not wait.any():
        return LeverResult()
    cost = chosen.total_cost
    at_risk = np.maximum(cost.safety_stock, 0.0) + cost.shortage + cost.spoilage
    interval = chosen.lead_time.mean() + review
    skus = of_most_at_stake(assessment, np.nan_to_num(at_risk * wait / interval), plays.effort("order_days"))
    skus = skus[wait[skus] > 0]
    if not len(skus):
        return LeverResult()
    ids, lanes = assessment.forecast.unique_ids[skus].tolist(), assessment.chosen_lane[skus].tolist()
    saved = plays.saved(lever_lines(ids, lanes, order_days="", earlier_days=wait[skus]))
    talks = []
    for at in by_supplier(assessment, skus):
        waits = float(wait[skus[at[0]]])
        facts = {
            "order_days": str(texts[skus[at[0]]]),
            "decided_on": _WEEKDAYS[weekday],
            "taken_on": _WEEKDAYS[(weekday + int(waits)) % _WEEK],
            "waits": waits,
            "units_a_year": float(chosen.demand.yearly[skus[at]].sum()),
        }
        terms = {"order_days": "", "earlier_days": waits}
        talks.append(Talk(skus[at], saved[at], [f"{days(waits)} sooner"] * len(at), facts, terms))
    return talk_result(plays, "order_days", talks, _describe)


def _describe(currency: str, a: Any) -> tuple[str, str]:
    """Title and evidence of fitting the order days, from the action's row."""
    evidence = (
        f"Orders are decided on {a.decided_on}, and {a.supplier} takes them on {a.order_days}: each waits "
        f"{days(a.waits)}, in which demand goes on, {quantity(a.units_a_year)} units a year of {counted(a.lines)}. "
        f"Decided on as they leave, they need less stock for the same service: {money(a.worth, currency)} a year, in "
        f"80 of 100 years between {money(a.worth_low, currency)} and {money(a.worth_high, currency)}."
    )
    title = f"Decide on orders from {a.supplier} on {a.taken_on}, or have it take them on {a.decided_on}"
    return title, evidence
