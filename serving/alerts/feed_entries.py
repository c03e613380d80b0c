"""The days of the calendar that is served: order-by days, reviews, contracts that end, snoozed decisions."""

from sqlalchemy import Engine

from database.worklist import snoozed_actions
from procurement.alerts.calendar_events import (
    CalendarEvent,
    contract_events,
    order_events,
    review_events,
    snooze_events,
)
from serving.state.business_day import business_day
from serving.state.served import Served


def calendar_of(served: Served, engine: Engine) -> list[CalendarEvent]:
    """The events of the served plan, by day; before the first plan none but snoozed decisions."""
    events = snooze_events(snoozed_actions(engine, today=business_day(served.run)))
    snapshot = served.snapshot
    if snapshot is not None:
        names, as_of = served.supplier_names, snapshot.as_of
        events += order_events(snapshot.plan, as_of, names)
        events += review_events(as_of, served.policy.review_period_days)
        ends = None if snapshot.procurement is None else snapshot.procurement.table("contract_ends")
        if ends is not None and len(ends):
            events += contract_events(ends, names)
    return sorted(events, key=lambda event: (event.day, event.key))
