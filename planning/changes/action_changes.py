"""Changes of sourcing actions between two plans: which appeared, which went and why, and which are worth otherwise."""

import numpy as np
import pandas as pd

from planning.changes.plan_record import PlanRecord
from planning.worklist.one_plan import in_plan

APPEARED, GONE, WORTH = "appeared", "gone", "worth"
APPROVED, PASSED, REPLACED, NOT_WORTH = "approved", "deadline_passed", "replaced", "not_worth_it"

COLUMNS = [
    "action_id", "kind", "unique_id", "supplier_id", "title", "change", "why", "worth_before", "worth", "worth_period",
    "act_by",
]  # fmt: skip

_TRIFLE = 0.005
"""Money below which a worth is the same."""


def action_changes(old: PlanRecord, new: PlanRecord, decided: pd.DataFrame) -> pd.DataFrame:
    """Actions of the plans that appeared, went or are worth otherwise, the most money moved first.

    Only actions that are part of a plan count: not alternatives to better ones.

    Parameters
    ----------
    decided : action_id and status (approved, rejected, snoozed) of what people decided

    Returns
    -------
    DataFrame
        `COLUMNS`: change is `appeared`, `gone` or `worth`; why an action is gone is `approved`, `deadline_passed`,
        `replaced` (by another of its SKU, perhaps as its alternative) or `not_worth_it`; worths are money once or a
        year, as `worth_period` says, 0 where there is none
    """
    before, after = (_in_plan(record.actions) for record in (old, new))
    both = before.merge(after, on="action_id", how="outer", suffixes=("_before", ""), indicator=True)
    gone, appeared = (both["_merge"] == side for side in ("left_only", "right_only"))
    for name in ("kind", "unique_id", "supplier_id", "title", "worth_period", "act_by"):
        both[name] = both[name].where(~gone, both[f"{name}_before"])
    for name in ("worth", "worth_before"):
        both[name] = both[name].astype(float).fillna(0.0)
    both["change"] = np.select([gone, appeared], [GONE, APPEARED], WORTH)
    approved = decided.loc[decided["status"] == "approved", "action_id"]
    act_by = pd.to_datetime(both["act_by"])
    reasons = [
        (both["action_id"].isin(approved), APPROVED),
        (act_by < new.as_of, PASSED),
        (both["unique_id"].isin(both.loc[appeared, "unique_id"]), REPLACED),
        (both["action_id"].isin(new.actions["action_id"]), REPLACED),
    ]
    why = np.select(
        [np.asarray(holds, bool) for holds, _ in reasons], [name for _, name in reasons], NOT_WORTH
    )
    both["why"] = np.where(gone, why, "")
    moved = (both["worth"] - both["worth_before"]).abs()
    both = both.assign(moved=moved)[gone | appeared | (moved > _TRIFLE)]
    return both.sort_values(["moved", "action_id"], ascending=[False, True], ignore_index=True)[COLUMNS]


def no_action_changes() -> pd.DataFrame:
    """The table of actions that moved before there is a plan to compare with: without rows."""
    numbers = ("worth_before", "worth")
    return pd.DataFrame({name: pd.Series(dtype=float if name in numbers else object) for name in COLUMNS})


def _in_plan(actions: pd.DataFrame) -> pd.DataFrame:
    """Actions that are part of a plan."""
    return actions.loc[in_plan(actions), [name for name in COLUMNS if name in actions]]
