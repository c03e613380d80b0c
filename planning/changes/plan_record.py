"""The plan record: what of a plan is needed to say how a later one differs from it."""

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class PlanRecord:
    """Record of a plan run.

    Attributes
    ----------
    as_of : day of the plan
    plan : a row a SKU, as `planning.tables.plan_table` has it
    actions : its sourcing actions, as `planning.worklist.list_actions` lists them
    lead_time : its lanes, as `planning.tables.lead_time_table` has them
    basis : `planning.changes.decision_basis.DecisionBasis.frame`, without rows where the plan kept none
    """

    as_of: pd.Timestamp
    plan: pd.DataFrame
    actions: pd.DataFrame
    lead_time: pd.DataFrame
    basis: pd.DataFrame


def no_basis() -> pd.DataFrame:
    """The basis in the record of a plan that kept none: without rows."""
    return pd.DataFrame({"unique_id": pd.Series(dtype=object)})
