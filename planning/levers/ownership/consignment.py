"""Consignment: stock that lies because of a supplier's lots stays the supplier's until it is used."""

from typing import Any

import numpy as np

from configs.formats import money, number, share
from planning.actions.played_worth import most_promising
from planning.cost.lane_costs import DAYS_A_YEAR
from planning.levers.lever_lines import LeverResult, lever_lines
from planning.levers.lever_plays import LeverPlays
from planning.levers.ownership.who_bears import in_words, who_bears
from planning.levers.supplier_talk import MOST_PLAYED, Talk, by_supplier, counted, playable_skus, talk_result

_LARGER = 1.25
"""Times the lot we would choose that the supplier makes an order."""
_DAYS = 60.0
"""Days of demand that such an order lasts at least: for less nobody keeps two owners' stock apart."""


def consignment(plays: LeverPlays) -> LeverResult:
    """Propose consignment of the SKUs whose lots the supplier makes larger than we would, and that last long.

    The supplier owns them until they are used and is paid as long after their use as today after their receipt: the
    part of the holding cost that is the cost of money (`policy.capital_cost_rate`; where it is not set, nothing is
    proposed) is its own; shelf, waste and shortage stay ours. Worth: the year as it is against one with that part
    gone, both played.
    """
    assessment = plays.assessment
    chosen = assessment.chosen_terms
    costs = chosen.costs
    capital = np.divide(costs.capital, costs.holding, out=np.ones(len(costs.unit)), where=costs.holding > 0)
    lasts = DAYS_A_YEAR * chosen.order_size / np.maximum(chosen.demand.yearly, 1e-9)
    forced = (chosen.order_size > _LARGER * chosen.economic_lot) & (lasts >= _DAYS)
    asked = playable_skus(assessment) & forced & (capital < 1)
    hope = np.where(asked, costs.capital * chosen.order_size / 2, -np.inf)
    skus = np.flatnonzero(asked & most_promising(hope, MOST_PLAYED))
    if not len(skus):
        return LeverResult()
    factor = 1 - capital[skus]
    payment = np.maximum(np.nan_to_num(costs.payment_days[skus]), 0.0)
    ids, lanes = assessment.forecast.unique_ids[skus].tolist(), assessment.chosen_lane[skus].tolist()
    lines = lever_lines(ids, lanes, holding_factor=factor, payment_days=payment)
    now, then = plays.now(skus), plays.then(lines)
    saved = now.total - then.total
    talks = []
    for at in by_supplier(assessment, skus):
        parts_now, parts_then = ({name: of.parts[name][at] for name in of.parts} for of in (now, then))
        stock = float((parts_then["stock"] * capital[skus[at]] / factor[at]).sum())
        sooner = np.maximum(parts_now["pipeline"] - parts_then["pipeline"], 0.0)
        theirs = {"stock": stock, "pipeline": float(sooner.sum())}
        facts = {
            "lasts_days": float(lasts[skus[at]].mean()),
            "stock_now": float(parts_now["stock"].sum()),
            "theirs": sum(theirs.values()),
            "capital_cost_rate": assessment.setting.policy.capital_cost_rate,
            "bears": who_bears(parts_now, parts_then, theirs),
        }
        terms = {"holding_factor": factor[at], "payment_days": payment[at]}
        says = [f"an order lasts {number(lasts[i])} days" for i in skus[at]]
        talks.append(Talk(skus[at], saved[at], says, facts, terms))
    return talk_result(plays, "consignment", talks, _describe)


def _describe(currency: str, a: Any) -> tuple[str, str]:
    """Title and evidence of consignment, from the action's row."""
    evidence = (
        f"Orders of {counted(a.lines)} are larger than we would choose: one lasts {number(a.lasts_days)} days on "
        f"average, and holding them costs {money(a.stock_now, currency)} a year. Owned by the supplier until they are "
        f"used, the money in them, at {share(a.capital_cost_rate)}, is not ours: {money(a.worth, currency)} a year "
        f"less, in 80 of 100 years between {money(a.worth_low, currency)} and {money(a.worth_high, currency)}. The "
        f"supplier then bears {money(a.theirs, currency)}, if money costs it as much: a fair ask where it insists on "
        f"its lots. By part: {in_words(a.bears, currency)}."
    )
    return f"Ask {a.supplier} to own its large lots until they are used ({counted(a.lines)})", evidence
