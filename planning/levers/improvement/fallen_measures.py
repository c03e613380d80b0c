"""Measures of a supplier's scorecard that have fallen: opened with certainty, kept open until the target is met."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from configs.sourcing import ImprovementConfig

ON_TIME, DEFECTS, LEAD_TIME, SPREAD = "on_time", "defects", "lead_time", "spread"
_ERODING, _ERRATIC = "eroding", "erratic"
"""States of `models.lead_time.changes.control_charts.STATES`: orders take longer than they did, or scatter more."""


@dataclass(frozen=True)
class Fallen:
    """A measure that has fallen: what it is now with the ends of its interval, and what it is to be again.

    Shares, or for a lead time and its spread the ratio to what they were before.
    """

    measure: str
    now: float
    low: float
    high: float
    target: float


def fallen_measures(card: pd.Series, goals: ImprovementConfig) -> list[Fallen]:
    """Measures of one supplier that have fallen, or have a plan open and are not back at their target.

    A share has fallen when the last months' is worse than the goal and its whole interval is worse than before; it is
    to be again what it was, or the goal where that is easier. A plan that is open stays open until the share itself
    has reached the target agreed on: between the two no new plan begins.

    Parameters
    ----------
    card : what is known of the supplier, with the columns of `suppliers.recent_rates.recent_rates` and of the
        scorecard, and `improving`: measures of an open plan with their targets, as `on_time:0.9,defects:0.02`
    """
    agreed = _agreed(str(card.get("improving") or ""))
    found = []
    for measure, name, goal, sign in (
        (ON_TIME, "on_time", goals.on_time_rate, 1.0),
        (DEFECTS, "defect_rate", goals.defect_rate, -1.0),
    ):
        before, now, low, high = (
            float(card.get(f"{name}_{part}", np.nan)) for part in ("before", "now", "now_low", "now_high")
        )
        if np.isnan(now):
            continue
        best, easier = (high, min(before, goal)) if sign > 0 else (low, max(before, goal))
        fell = sign * now < sign * goal and sign * best < sign * before
        target = agreed.get(measure, easier)
        if fell or (measure in agreed and sign * now < sign * target):
            found.append(Fallen(measure, now, low, high, target))
    state = str(card.get("state") or "")
    for measure, when, name in ((LEAD_TIME, _ERODING, "shift"), (SPREAD, _ERRATIC, "spread")):
        ratio = float(card.get(name, np.nan))
        if state == when and np.isfinite(ratio) and ratio > 1:
            found.append(Fallen(measure, ratio, np.nan, np.nan, 1.0))
    return found


def _agreed(improving: str) -> dict[str, float]:
    """Measures of an open plan and their targets."""
    parts = (part.partition(":") for part in improving.split(",") if ":" in part)
    return {name: float(target) for name, _, target in parts}
