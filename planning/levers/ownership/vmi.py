"""VMI: a predictable supplier with many lines keeps the stock between bounds, and writes no orders."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from configs.formats import money, number, share
from planning.levers.lever_lines import LeverResult, lever_lines
from planning.levers.lever_plays import LeverPlays
from planning.levers.orders_a_year import lines_a_year
from planning.levers.ownership.steady import predictable_lanes
from planning.levers.ownership.who_bears import in_words, who_bears
from planning.levers.supplier_talk import Talk, by_supplier, counted, of_most_at_stake, talk_result

_ITS_WORK = 0.5
"""Part of what an order line costs that is left for the supplier's work where nobody writes, checks and sends it."""
_LINES, _SKUS = 200.0, 8
"""Order lines a year, and SKUs, from which it is worth setting up."""
_PREDICTABLE = 0.5
"""Share of a supplier's SKUs whose lead time is predictable, for it to be trusted with the stock."""


def vmi(plays: LeverPlays) -> LeverResult:
    """Propose that a supplier replenishes: it sees the stock, keeps it within bounds, and no order is written.

    Of an order line half of the cost is counted as the supplier's work, which a fair price pays for, the other half
    as gone. Worth: the year as it is against one at half the ordering cost, with the lots that are then economic. What
    the supplier does with what it learns about demand is not counted.
    """
    assessment = plays.assessment
    chosen = assessment.chosen_terms
    lines, predictable = lines_a_year(chosen), predictable_lanes(assessment)
    skus = np.flatnonzero(trusted_with_stock(plays))
    if not len(skus):
        return LeverResult()
    cost = _ITS_WORK * chosen.costs.ordering[skus]
    ids, lanes = assessment.forecast.unique_ids[skus].tolist(), assessment.chosen_lane[skus].tolist()
    now, then = plays.now(skus), plays.then(lever_lines(ids, lanes, ordering_cost=cost))
    saved = now.total - then.total
    talks = []
    for at in by_supplier(assessment, skus):
        parts_now, parts_then = ({name: of.parts[name][at] for name in of.parts} for of in (now, then))
        theirs = float(parts_then["ordering"].sum())
        parts_then["ordering"] = 0.0 * parts_then["ordering"]
        facts = {
            "lines_a_year": float(lines[skus[at]].sum()),
            "line_cost": float(chosen.costs.ordering[skus[at]].mean()),
            "predictable_share": float(predictable[skus[at]].mean()),
            "theirs": theirs,
            "bears": who_bears(parts_now, parts_then, {"ordering": theirs}),
        }
        says = [f"{number(lines[i])} lines a year" for i in skus[at]]
        talks.append(Talk(skus[at], saved[at], says, facts, {"ordering_cost": cost[at]}, assumed=True))
    return talk_result(plays, "vmi", talks, _describe)


def trusted_with_stock(plays: LeverPlays) -> NDArray[np.bool_]:
    """SKUs (n,) of suppliers with enough order lines a year for VMI to be worth it, and predictable enough."""
    assessment = plays.assessment
    lines, predictable = lines_a_year(assessment.chosen_terms), predictable_lanes(assessment)
    stake = _ITS_WORK * lines * assessment.chosen_terms.costs.ordering
    asked = of_most_at_stake(assessment, stake, plays.effort("vmi"))
    result = np.zeros(len(lines), bool)
    for at in by_supplier(assessment, asked) if len(asked) else []:
        some = asked[at]
        many = len(some) >= _SKUS and lines[some].sum() >= _LINES
        result[some] = many and predictable[some].mean() >= _PREDICTABLE
    return result


def _describe(currency: str, a: Any) -> tuple[str, str]:
    """Title and evidence of VMI, from the action's row."""
    evidence = (
        f"{number(a.lines_a_year)} order lines of {counted(a.lines)} go out a year at {money(a.line_cost, currency)} "
        f"each, and for {share(a.predictable_share)} of the SKUs the supplier's lead time is predictable. If it "
        "replenishes between bounds, nobody writes orders: half of their cost is counted as gone, half as its work, "
        f"{money(a.theirs, currency)} a year. Both together bear {money(a.worth, currency)} a year less, in 80 of 100 "
        f"years between {money(a.worth_low, currency)} and {money(a.worth_high, currency)}. By part: "
        f"{in_words(a.bears, currency)}."
    )
    return f"Have {a.supplier} replenish {counted(a.lines)} by itself (VMI)", evidence
