"""The served plan compared with an earlier one: the one before it, as its run found, or another that is still kept."""

from functools import lru_cache
from pathlib import Path

import pandas as pd

from artifacts.plan_comparison import PlanComparison, compare_plans, kept_forecast, read_plan_record
from artifacts.plan_manifest import SnapshotError
from artifacts.plan_snapshot import PlanSnapshot
from database import plan_runs
from database.plan_runs import PlanRun
from database.recommendations import action_statuses
from serving.http.problems import Problem
from serving.state.follower import Follower
from serving.state.lookup import NO_PLAN

_LOOKED_AT = 50
"""Plan runs, the newest first, among which those that are kept are looked for."""


def comparison_with_last(snapshot: PlanSnapshot) -> PlanComparison:
    """The comparison of the served plan with the one before it, as it was worked out when it was made."""
    facts = snapshot.facts.get("changes", {})
    since = facts.get("since")
    return PlanComparison(
        since=None if since is None else pd.Timestamp(since),
        split=bool(facts.get("split", False)),
        skus=snapshot.changes,
        actions=snapshot.action_changes,
        problem=facts.get("problem", ""),
    )


def comparison_since(follower: Follower, since: str | None) -> PlanComparison:
    """The comparison of the served plan with the one that `since` names; none: with the one before it.

    Parameters
    ----------
    since : a day, whose last plan until then is meant, or the number of a plan run

    Raises
    ------
    Problem
        404 when there is no plan, or the one named is not kept; 422 when `since` names none.
    """
    served = follower.current()
    if served.snapshot is None or served.run is None:
        raise Problem(404, "no_plan", NO_PLAN)
    if not since:
        return comparison_with_last(served.snapshot)
    kept = kept_runs(follower, served.run)
    run = _named(since, kept)
    if run is None:
        known = ", ".join(f"{run.id} of {run.as_of}" for run in kept) or "none"
        raise Problem(
            404, "plan_not_kept", f"since: no plan {since} before the served one is kept; there are: {known}"
        )
    statuses = action_statuses(follower.engine)
    approved = frozenset(statuses.loc[statuses["status"] == "approved", "action_id"])
    plans = follower.settings.plans
    try:
        return _compared(plans / run.folder, plans / served.run.folder, approved)
    except SnapshotError as error:
        raise Problem(404, "plan_not_kept", f"since: plan {since} cannot be read: {error}") from None


def kept_runs(follower: Follower, served: PlanRun) -> list[PlanRun]:
    """Plan runs before the `served` one whose files are still kept, the newest first."""
    return [
        run
        for run in plan_runs.last_runs(follower.engine, _LOOKED_AT)
        if run.id < served.id and (follower.settings.plans / run.folder).is_dir()
    ]


def _named(since: str, kept: list[PlanRun]) -> PlanRun | None:
    """The kept plan run that `since` names, by its number or as the last one of a day or before it."""
    if since.isdecimal() and len(since) <= 9:
        return next((run for run in kept if run.id == int(since)), None)
    try:
        day = pd.Timestamp(since).date()
    except ValueError:
        raise Problem(
            422,
            "invalid_request",
            f"since: {since!r:.40} is no day such as 2026-03-02, nor the number of a plan run",
        ) from None
    return next((run for run in kept if run.as_of <= day), None)


@lru_cache(maxsize=2)
def _compared(old: Path, new: Path, approved: frozenset[str]) -> PlanComparison:
    """The comparison of two plan runs that are kept in folders: their files never change."""
    decided = pd.DataFrame({"action_id": sorted(approved), "status": "approved"}, dtype=object)
    forecasts = kept_forecast(old), kept_forecast(new)
    return compare_plans(read_plan_record(old), read_plan_record(new), forecasts, decided)
