"""An improvement plan with a supplier whose scorecard has fallen: measures, targets, a date, and what it is worth."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.formats import money, number, share
from distributions.distribution import Array
from planning.levers.improvement.fallen_measures import (
    DEFECTS,
    LEAD_TIME,
    ON_TIME,
    SPREAD,
    Fallen,
    fallen_measures,
)
from planning.levers.lever_lines import LeverResult, lever_lines
from planning.levers.lever_plays import LeverPlays
from planning.levers.supplier_talk import MOST_PLAYED, Talk, by_supplier, playable_skus, talk_result

KIND = "improve_supplier"

_SOONEST = 0.5
"""Share of its lead time that a supplier can be expected to keep at the least."""


def improve_supplier(plays: LeverPlays) -> LeverResult:
    """Propose an improvement plan where measures of a supplier's scorecard have fallen.

    Worth: a year of the SKUs bought there as it is against one with the measures back at their targets. On time is
    played as lead times shorter by what lies between the quantiles of today's and the target's share.
    """
    assessment = plays.assessment
    cards = assessment.inputs.scorecard
    if cards.empty:
        return LeverResult()
    goals = assessment.setting.policy.improvement
    asked = np.flatnonzero(playable_skus(assessment))
    by_id = cards.drop_duplicates("supplier_id").set_index("supplier_id")
    lanes = assessment.chosen_terms.lanes
    talks = []
    for rows in by_supplier(assessment, asked):
        skus = asked[rows][:MOST_PLAYED]
        supplier = lanes["supplier_id"].iloc[skus[0]]
        fallen = fallen_measures(by_id.loc[supplier], goals) if supplier in by_id.index else []
        if fallen:
            talks.append(_talk(plays, skus, fallen))
    return talk_result(plays, KIND, talks, _describe)


def _talk(plays: LeverPlays, skus: NDArray[np.intp], fallen: list[Fallen]) -> Talk:
    """The plan with one supplier about the SKUs (k,) bought there."""
    assessment = plays.assessment
    terms = _terms(plays, skus, fallen)
    ids = assessment.forecast.unique_ids[skus].tolist()
    lines = lever_lines(ids, assessment.chosen_lane[skus].tolist(), **terms)
    until = assessment.setting.as_of + pd.Timedelta(days=assessment.setting.policy.improvement.days)
    goals = [
        {
            "measure": each.measure,
            "now": round(each.now, 4),
            "low": each.low,
            "high": each.high,
            "target": each.target,
        }
        for each in fallen
    ]
    facts = {
        "goals": goals,
        "measures": ",".join(f"{each.measure}:{each.target:.4f}" for each in fallen),
        "target_date": f"{until:%Y-%m-%d}",
    }
    return Talk(skus, plays.saved(lines), [""] * len(skus), facts, terms)


def _terms(plays: LeverPlays, skus: NDArray[np.intp], fallen: list[Fallen]) -> dict[str, Array]:
    """What lines of the SKUs (k,) set anew when the measures are back at their targets."""
    terms = plays.assessment.chosen_terms
    lead_time = terms.lead_time[skus]
    mean, by_name = lead_time.mean(), {each.measure: each for each in fallen}
    earlier, result = np.zeros(len(skus)), {}
    if (late := by_name.get(ON_TIME)) is not None:
        earlier += np.maximum(lead_time.quantile(late.target) - lead_time.quantile(late.now), 0.0)
    if (slower := by_name.get(LEAD_TIME)) is not None:
        earlier = np.maximum(earlier, mean * (1 - 1 / slower.now))
    if earlier.any():
        result["earlier_days"] = np.minimum(earlier, _SOONEST * mean)
    if (erratic := by_name.get(SPREAD)) is not None:
        result["spread_factor"] = np.full(len(skus), 1 / erratic.now)
    if (defects := by_name.get(DEFECTS)) is not None:
        rejected = terms.lanes["rejected_share"].to_numpy(float)[skus]
        result["rejected_share"] = np.minimum(rejected, defects.target)
    return result


_SAID = {
    ON_TIME: "on time {now} → {target}",
    DEFECTS: "rejected {now} → {target}",
    LEAD_TIME: "lead time back from {ratio} of what it was",
    SPREAD: "spread of lead times back from {ratio} of what it was",
}


def _describe(currency: str, a: Any) -> tuple[str, str]:
    """Title and evidence of an improvement plan, from the action's row."""
    said = [
        _SAID[goal["measure"]].format(
            now=share(goal["now"]), target=share(goal["target"]), ratio=share(goal["now"])
        )
        for goal in a.goals
    ]
    sure = [
        f"{share(goal['now'])} (90 % between {share(goal['low'])} and {share(goal['high'])})"
        for goal in a.goals
        if np.isfinite(goal["low"])
    ]
    seen = f" Seen: {', '.join(sure)}." if sure else ""
    evidence = (
        f"In the last three months {a.supplier} has become worse: {'; '.join(said)}.{seen} Back at the targets, a "
        f"year of the {number(len(a.lines))} SKUs bought there costs {money(a.worth, currency)} less, in 80 of 100 "
        f"years between {money(a.worth_low, currency)} and {money(a.worth_high, currency)}. Agree on who does what by "
        f"{a.target_date}; the plan closes when the measure is back, and buffers follow what is measured both ways."
    )
    return f"Improvement plan with {a.supplier}: {', '.join(said)} by {a.target_date}", evidence
