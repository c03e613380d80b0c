"""The actions that an earlier plan run recommended, as its files have them: what was decided since is not in them."""

from collections.abc import Mapping

import pandas as pd

from artifacts.plan_manifest import SnapshotError
from artifacts.plan_snapshot import read_frame
from database.plan_runs import PlanRun
from database.recommendations import PROPOSED_COLUMNS
from serving.http.problems import Problem
from serving.state.follower import Follower

FILTERS = ("kind", "group", "supplier_id", "unique_id")
"""What earlier actions can be filtered by."""


def earlier_actions(follower: Follower, run: PlanRun) -> pd.DataFrame:
    """Return the actions that a plan run put on its list, what brings most for its effort first.

    Raises
    ------
    Problem
        404 when its files are no longer there.
    """
    try:
        table = read_frame(follower.settings.plans / run.folder / "actions.parquet")
    except SnapshotError as error:
        raise Problem(404, "plan_not_kept", f"plan_run: run {run.id} cannot be read: {error}") from None
    if "listed" in table.columns:
        table = table[table["listed"].astype(bool)]
    table = table.reindex(columns=list(PROPOSED_COLUMNS))
    worth = table["worth_in_horizon"].fillna(table["worth"]).astype(float)
    gain = (
        worth
        * table["factor"].astype(float).fillna(1.0)
        / table["effort"].astype(float).clip(lower=1.0).fillna(1.0)
    )
    ranked = table.assign(gain=gain).sort_values(
        ["gain", "act_by", "action_id"], ascending=[False, True, True], kind="stable", na_position="last"
    )
    return ranked.drop(columns="gain").reset_index(drop=True)


def filtered_actions(table: pd.DataFrame, where: Mapping[str, str | None]) -> pd.DataFrame:
    """Return the actions that meet a filter: column → value, none: any."""
    for name, value in where.items():
        if value is not None:
            table = table[table[name] == value]
    return table
