"""The business day: the plan's own calendar, which goes on from the day that was planned for."""

from datetime import UTC, date, datetime, timedelta

from database.plan_runs import PlanRun


def business_day(run: PlanRun | None) -> date:
    """Return the business day: the plan run's day plus the days since it was made; without a run the UTC date.

    With data of today this is today. Data of another year keep their own calendar, so that "act by" makes sense.
    """
    now = datetime.now(UTC)
    return now.date() if run is None else run.as_of + timedelta(days=max((now - run.at).days, 0))
