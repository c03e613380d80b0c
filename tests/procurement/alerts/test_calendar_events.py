from datetime import date

import pandas as pd

from procurement.alerts.calendar_events import contract_events, order_events, review_events, snooze_events
from procurement.alerts.supplier_measures import ends_of_contracts

DAY = pd.Timestamp("2026-03-02")


def plan(*rows):
    frame = pd.DataFrame(rows, columns=["unique_id", "supplier_id", "ahead"])
    return frame.assign(order_by=DAY + pd.to_timedelta(frame["ahead"], unit="D"))


def test_orders_are_one_event_a_day_and_supplier():
    events = order_events(
        plan(("b", "n", 1), ("a", "n", 1), ("c", "s", 1), ("d", "n", 30), ("e", "n", 31), ("f", None, 1)),
        DAY, {"n": "North"},
    )  # fmt: skip
    assert [(event.day.day, event.summary) for event in events] == [
        (3, "Order from North: 2 SKUs"),
        (3, "Order from s: 1 SKU"),
        (1, "Order from North: 1 SKU"),
    ]
    assert events[0].description == "Last safe day to order a, b."


def test_many_skus_of_a_day_are_counted():
    events = order_events(plan(*((f"{n:03d}", "n", 2) for n in range(25))), DAY, {})
    assert events[0].description.endswith("018, 019 and 5 more.")


def test_identifiers_stay_whatever_else_changes():
    one, other = (
        order_events(plan(*rows), DAY, {})[0] for rows in ([("a", "n", 1)], [("b", "n", 1), ("c", "n", 1)])
    )
    assert one.uid == other.uid
    assert order_events(plan(("a", "n", 2)), DAY, {})[0].uid != one.uid
    assert order_events(plan(("a", "s", 1)), DAY, {})[0].uid != one.uid


def test_reviews_are_a_review_period_apart_and_daily_ones_are_none():
    assert [event.day for event in review_events(DAY, 14.0)] == [date(2026, 3, 16), date(2026, 3, 30)]
    assert review_events(DAY, 1.0) == []
    assert review_events(DAY, 365.0) == []


def test_contracts_that_end_within_a_year_and_have_not_ended_are_events():
    contracts = pd.DataFrame(
        {
            "contract_id": list("abc"), "supplier_id": ["n", "s", "e"], "unique_id": None, "category": None,
            "valid_to": [DAY + pd.Timedelta(days=days) for days in (365, 366, -1)],
        }
    )  # fmt: skip
    events = contract_events(ends_of_contracts(contracts, DAY), {})
    assert [(event.day, event.summary) for event in events] == [(date(2027, 3, 2), "Contract with n ends")]


def test_snoozed_actions_come_back_on_their_day():
    event = snooze_events([("x/1", "Call North", date(2026, 4, 1))])[0]
    assert (event.day, event.summary, event.link) == (
        date(2026, 4, 1),
        "Decide again: Call North",
        "/actions/x%2F1",
    )


def test_nothing_is_no_event():
    assert order_events(plan()[:0].astype({"order_by": "datetime64[ns]"}), DAY, {}) == []
    assert snooze_events([]) == []
