"""Pay later: a supplier that is paid sooner than the company usually pays, asked for the usual days."""

from typing import Any

import numpy as np

from configs.formats import days, money, share
from planning.actions.played_worth import played_on_terms
from planning.levers.lever_lines import LeverResult
from planning.levers.lever_plays import LeverPlays
from planning.levers.payments import with_payment
from planning.levers.supplier_talk import Talk, by_supplier, of_most_at_stake, talk_result


def payment_days(plays: LeverPlays) -> LeverResult:
    """Propose to pay a supplier after `policy.usual_payment_days`: the same orders, paid sooner and paid then.

    Worth: what the money costs (`policy.capital_cost_rate`) that is with the supplier for as much shorter. Where it is
    not known when goods are paid for today, they are taken to be paid on receipt, and what the talk brings cannot be
    measured later.
    """
    assessment = plays.assessment
    usual, chosen = assessment.setting.policy.usual_payment_days, assessment.chosen_terms
    now = chosen.costs.payment_days
    later = np.maximum(usual - np.nan_to_num(now), 0.0)
    goods = chosen.demand.yearly * chosen.costs.unit
    stake = later / 365 * chosen.costs.capital * chosen.demand.yearly
    skus = of_most_at_stake(assessment, stake, plays.effort("payment_days"))
    if not len(skus):
        return LeverResult()
    terms, after = chosen.select(skus), np.fmax(now[skus], usual)
    variants = [with_payment(terms, np.nan_to_num(now[skus])), with_payment(terms, after)]
    before, then = played_on_terms(assessment, variants)
    saved = before.total - then.total
    talks = []
    for at in by_supplier(assessment, skus):
        goods_here = goods[skus[at]]
        weight = goods_here / goods_here.sum()
        known = bool(not np.isnan(now[skus[at]]).any())
        lines = {"payment_days": after[at]} if known else None
        facts = {
            "days_now": float(weight @ np.nan_to_num(now[skus[at]])),
            "payment_known": known,
            "days_asked": usual,
            "goods": float(goods_here.sum()),
            "capital_cost_rate": float(weight @ (chosen.costs.capital / chosen.costs.unit)[skus[at]]),
            "rise_to_break_even": float(saved[at].mean(axis=1).sum() / goods_here.sum()),
        }
        talks.append(Talk(skus[at], saved[at], ["paid later"] * len(at), facts, lines))
    return talk_result(plays, "payment_days", talks, _describe)


def _describe(currency: str, a: Any) -> tuple[str, str]:
    """Title and evidence of paying a supplier later, from the action's row."""
    evidence = (
        f"{a.supplier} is paid {paid(a.days_now)}{'' if a.payment_known else ', as far as is known'}, for "
        f"{money(a.goods, currency)} of goods a year. {days(a.days_asked).capitalize()} after receipt, as usual here, "
        f"save {money(a.worth, currency)} a year at {share(a.capital_cost_rate)} for money, in 80 of 100 years between "
        f"{money(a.worth_low, currency)} and {money(a.worth_high, currency)}: prices "
        f"{share(a.rise_to_break_even, 2)} higher would still be worth it."
    )
    return f"Ask {a.supplier} to be paid {days(a.days_asked)} after receipt", evidence


def paid(payment_days: float) -> str:
    """When goods are paid for, in words."""
    if round(payment_days) == 0:
        return "on receipt"
    return f"{days(abs(payment_days))} {'after' if payment_days > 0 else 'before'} receipt"
