"""Share the forecast: with a supplier whose deliveries are late when demand is high, being told ahead."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.formats import money, number, quantity
from planning.assessment import Assessment
from planning.levers.lever_lines import LeverResult, lever_lines
from planning.levers.lever_plays import LeverPlays
from planning.levers.supplier_talk import Talk, by_supplier, counted, of_most_at_stake, talk_result

_NONE = 0.01
_MONTHS = 6
_TOLD = {"delays_with_demand": 0.0}
"""Terms of its lines: delays that have nothing to do with demand any more."""


def share_forecast(plays: LeverPlays) -> LeverResult:
    """Propose to share the forecast where delays go with demand: the year as it is against one in which they do not.

    When demand is high, a supplier who is not told of it is late just then. Worth: what the learned correlation of
    delays with demand costs, if knowing the forecast, and booking capacity by it, takes it away.
    """
    assessment = plays.assessment
    correlation, chosen = assessment.setting.delays_with_demand, assessment.chosen_terms
    if correlation <= _NONE:
        return LeverResult()
    cost = chosen.total_cost
    stake = correlation * (np.maximum(cost.safety_stock, 0.0) + cost.shortage)
    skus = of_most_at_stake(assessment, stake, plays.effort("share_forecast"))
    if not len(skus):
        return LeverResult()
    ids, lanes = assessment.forecast.unique_ids[skus].tolist(), assessment.chosen_lane[skus].tolist()
    saved = plays.saved(lever_lines(ids, lanes, **_TOLD))
    yearly = chosen.demand.yearly
    talks = [
        Talk(
            skus[at],
            saved[at],
            [f"{number(yearly[i])} a year" for i in skus[at]],
            {
                "correlation": correlation,
                "units_a_year": float(yearly[skus[at]].sum()),
                "units_by_month": _by_month(assessment, skus[at]),
            },
            _TOLD,
        )
        for at in by_supplier(assessment, skus)
    ]
    return talk_result(plays, "share_forecast", talks, _describe)


def _by_month(assessment: Assessment, skus: NDArray[np.intp]) -> dict[str, float]:
    """Units of some SKUs (k,) expected to sell in this month and the next ones, to tell the supplier."""
    as_of, forecast, elapsed = assessment.setting.as_of, assessment.forecast, assessment.setting.elapsed
    ends = [as_of + pd.offsets.MonthBegin(month + 1) for month in range(_MONTHS)]
    until = [forecast.mean_until(float((end - as_of).days), elapsed=elapsed, rows=skus).sum() for end in ends]
    units = np.diff(np.array(until), prepend=0.0)
    months = [f"{end - pd.Timedelta(days=1):%Y-%m}" for end in ends]
    return {month: round(float(each), 1) for month, each in zip(months, units, strict=True)}


def _describe(currency: str, a: Any) -> tuple[str, str]:
    """Title and evidence of sharing the forecast, from the action's row."""
    by_month = ", ".join(f"{month} {quantity(units)}" for month, units in a.units_by_month.items())
    evidence = (
        f"Orders tend to be late when demand is high (correlation {number(a.correlation, 2)}): the supplier learns of "
        f"it with the order. Told ahead of the {number(a.units_a_year)} units that the year is expected to need of "
        f"{counted(a.lines)}, and keeping capacity for them, it need not be: that is worth "
        f"{money(a.worth, currency)} a year, in 80 of 100 years between {money(a.worth_low, currency)} and "
        f"{money(a.worth_high, currency)}. To tell it, units by month: {by_month}."
    )
    return f"Share the forecast with {a.supplier}, and book capacity by it", evidence
