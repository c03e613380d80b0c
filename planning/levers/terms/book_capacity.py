"""Book capacity: where a supplier delivers only so much at a time, more of it for the weeks that need more."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.formats import money, number
from distributions.distribution import Array
from planning.assessment import Assessment
from planning.cost.lane_costs import DAYS_A_YEAR, cycle_days
from planning.levers.lever_lines import LeverResult, lever_lines
from planning.levers.lever_plays import LeverPlays
from planning.levers.supplier_talk import Talk, by_supplier, counted, of_most_at_stake, talk_result

KIND = "book_capacity"

_CLOSE = 0.8
"""Share of the largest order that the busiest review's expected demand comes to, from which it may bind."""
_ROOM = 1.5
"""Capacity asked for, over the busiest review's expected demand: room for what is not expected."""


def book_capacity(plays: LeverPlays) -> LeverResult:
    """Propose to book capacity where the largest order that an offer allows binds in the year's busiest reviews.

    Worth: the year as it is against one in which an order may be half as large again as the busiest review's expected
    demand, both played. What the supplier asks for keeping it is not known and not counted.
    """
    assessment = plays.assessment
    terms = assessment.chosen_terms
    busiest, day = _busiest_review(assessment)
    largest = terms.limits.maximum
    binds = np.isfinite(largest) & (busiest > _CLOSE * largest)
    cost = terms.total_cost
    stake = np.where(binds, np.maximum(cost.safety_stock, 0.0) + cost.shortage, 0.0)
    skus = of_most_at_stake(assessment, stake, plays.effort(KIND))
    skus = skus[binds[skus]]
    if not len(skus):
        return LeverResult()
    asked = np.ceil(np.maximum(_ROOM * busiest[skus], largest[skus]))
    ids, lanes = assessment.forecast.unique_ids[skus].tolist(), assessment.chosen_lane[skus].tolist()
    saved = plays.saved(lever_lines(ids, lanes, max_quantity=asked))
    first = pd.Series(assessment.setting.as_of + pd.to_timedelta(day[skus], unit="D")).dt.strftime("%Y-%m")
    talks = [
        Talk(
            skus[at],
            saved[at],
            [f"from {number(largest[skus[i]])} to {number(asked[i])} an order" for i in at],
            {"month": first.iloc[at[int(np.argmax(saved[at].mean(axis=1)))]], "skus": len(at)},
            {"max_quantity": asked[at]},
        )
        for at in by_supplier(assessment, skus)
    ]
    return talk_result(plays, KIND, talks, _describe)


def _busiest_review(assessment: Assessment) -> tuple[Array, NDArray[np.float64]]:
    """Expected demand (n,) of each SKU's busiest review within a year, units, and the day on which it begins, (n,)."""
    review, forecast = cycle_days(assessment.setting.policy), assessment.forecast
    ends = np.arange(0.0, DAYS_A_YEAR + review, review)
    elapsed, n = assessment.setting.elapsed, len(forecast)
    until = [np.zeros(n)] + [forecast.mean_until(float(end), elapsed=elapsed) for end in ends[1:]]
    each = np.diff(np.stack(until, axis=1), axis=1)
    best = each.argmax(axis=1)
    return each[np.arange(n), best], ends[best]


def _describe(currency: str, a: Any) -> tuple[str, str]:
    """Title and evidence of booking capacity, from the action's row."""
    evidence = (
        f"{a.supplier} delivers only so much at a time, and the busiest weeks of {counted(a.lines)} need more, those "
        f"of {a.lines[0]['description']} in {a.month}. With capacity booked for half as much again as is expected "
        f"then ({a.lines[0]['says']}), stock need not be built up and less runs out: {money(a.worth, currency)} a "
        f"year, in 80 of 100 years between {money(a.worth_low, currency)} and {money(a.worth_high, currency)}. What "
        "the supplier asks for it is not known: pay less than that."
    )
    return f"Book capacity with {a.supplier}: {a.lines[0]['says']}", evidence
