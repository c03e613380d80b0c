"""Calibration of order rules: candidate shifts of the level replayed over past cycles, the cheapest kept."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from planning.policy.order_rules import OrderRules
from planning.simulation.fractile_shifts import CANDIDATE_SHIFTS, cheapest_shifts, replay_shifts
from planning.simulation.replay_past_cycles import PastCycles, ReplayResult, target_levels
from training.decision_cost.decision_terms import DecisionTerms

CANDIDATE_COLUMNS = ["demand_class", "shift", "cost", "fill_rate", "cycle_service", "skus", "in_use"]
"""Columns of the table of candidate shifts.

demand_class: "" for all; cost: money per SKU and period; in_use: the calibrated shift of the class. One row per class
and candidate.
"""


@dataclass(frozen=True)
class RuleCalibration:
    """Calibrated order rules, and what each candidate shift would have cost.

    Attributes
    ----------
    rules : the shifts in use
    candidates : columns `CANDIDATE_COLUMNS`
    """

    rules: OrderRules
    candidates: pd.DataFrame


def calibrate_order_rules(past: PastCycles | None, terms: DecisionTerms) -> RuleCalibration:
    """Replay the candidate shifts over past cycles and calibrate the order rules by them.

    Only a cost target calibrates; with a service target no level is shifted.
    """
    if past is None:
        return RuleCalibration(
            OrderRules(), pd.DataFrame({name: pd.Series(dtype=float) for name in CANDIDATE_COLUMNS})
        )
    target, level = terms.policy.target, target_levels(past, terms.policy)
    outcome = replay_shifts(past, target, level)
    rules = cheapest_shifts(outcome, past) if target == "cost" else OrderRules()
    classes = ("", *np.unique(past.demand_class.astype(str)))
    tables = [_candidates_of_class(name, past, outcome, rules) for name in classes]
    return RuleCalibration(rules, pd.concat(tables, ignore_index=True))


def _candidates_of_class(
    name: str, past: PastCycles, outcome: ReplayResult, rules: OrderRules
) -> pd.DataFrame:
    """Cost and service of every candidate shift over the SKUs of a demand class, "" for all: `CANDIDATE_COLUMNS`."""
    rows = past.demand_class == name if name else np.ones(len(past.holding), bool)
    cycles = np.maximum(outcome.cycles[:, rows].sum(axis=1), 1.0)
    facts = {
        "demand_class": name, "shift": CANDIDATE_SHIFTS, "cost": outcome.cost[:, rows].sum(axis=1) / cycles,
        "fill_rate": outcome.fill_rate(rows), "cycle_service": outcome.cycle_service(rows),
        "skus": int(rows.sum()), "in_use": rules.shift.get(name, 0.0) if name else np.nan,
    }  # fmt: skip
    return pd.DataFrame(facts)[CANDIDATE_COLUMNS]
