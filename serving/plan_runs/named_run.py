"""The plan run that a request names: by its number, or as the last one of a day or before it."""

from datetime import date

from starlette.requests import Request

from database.plan_runs import PlanRun
from serving.changes.compared_plans import kept_runs
from serving.http.problems import Problem
from serving.state.follower import Follower
from serving.state.lookup import NO_PLAN

NAMING = ("plan_run", "as_of")
"""Query parameters that name a plan run."""


def named_run(follower: Follower, plan_run: int | None, as_of: date | None) -> PlanRun | None:
    """Return the earlier plan run that is named, none where that is the one served or nothing is named.

    Raises
    ------
    Problem
        422 when both name one, 404 when it is not kept, with those that are.
    """
    if plan_run is None and as_of is None:
        return None
    if plan_run is not None and as_of is not None:
        raise Problem(
            422, "invalid_request", "as_of: plan_run names the run already; leave one of the two out"
        )
    served = follower.current().run
    if served is None:
        raise Problem(404, "no_plan", NO_PLAN)
    runs = [served, *kept_runs(follower, served)]
    for run in runs:
        if run.id == plan_run or (as_of is not None and run.as_of <= as_of):
            return None if run is served else run
    known = ", ".join(f"{run.id} of {run.as_of}" for run in runs)
    asked = (
        f"plan_run: no plan run {plan_run}" if as_of is None else f"as_of: no plan run of {as_of} or before"
    )
    raise Problem(
        404,
        "plan_not_kept",
        f"{asked} is kept; there are: {known}",
        kept=[{"plan_run": run.id, "as_of": run.as_of} for run in runs],
    )


def run_in_query(follower: Follower, request: Request) -> PlanRun | None:
    """Return the earlier plan run that the query's `plan_run` or `as_of` names; raises as `named_run`."""
    number, day = (request.query_params.get(name) for name in NAMING)
    if number is not None and not (number.isascii() and number.isdecimal() and len(number) <= 9):
        raise Problem(422, "invalid_request", f"plan_run: {number!r:.60} is not the number of a plan run")
    try:
        as_of = None if day is None else date.fromisoformat(day)
    except ValueError:
        as_of = None
    if day is not None and (as_of is None or as_of.isoformat() != day):
        raise Problem(422, "invalid_request", f"as_of: {day!r:.60} is no day like 2026-03-09")
    return named_run(follower, None if number is None else int(number), as_of)
