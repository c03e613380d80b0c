"""Days to remember: until when to order what from whom, reviews, contracts that end, decisions that were snoozed."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import quote

import pandas as pd

AHEAD_DAYS = 30
"""Days ahead of which order-by days and reviews are named."""

CONTRACT_DAYS = 365
"""Days ahead of which ends of contracts are named."""

_MOST_NAMED = 20
_DAY = pd.Timedelta(days=1)


@dataclass(frozen=True)
class CalendarEvent:
    """Something on a day. `key` is the same whenever the event is named again; `link` a path of our pages."""

    key: str
    day: date
    summary: str
    description: str
    link: str

    @property
    def uid(self) -> str:
        """Identifier of the event in calendars: the same for the same key, whatever else of it changes."""
        return f"{hashlib.sha256(self.key.encode()).hexdigest()[:32]}@purvey"


def order_events(plan: pd.DataFrame, as_of: pd.Timestamp, names: Mapping[str, str]) -> list[CalendarEvent]:
    """Order-by days of the next `AHEAD_DAYS`, an event a day and supplier, with the SKUs that are due then.

    Parameters
    ----------
    plan : table of the plan run: unique_id, supplier_id, order_by
    names : supplier → its name
    """
    due = plan[plan["supplier_id"].notna() & (plan["order_by"] <= as_of + AHEAD_DAYS * _DAY)]
    due = due.assign(day=due["order_by"].dt.normalize()).sort_values("unique_id", kind="stable")
    grouped = due.groupby(["day", "supplier_id"])["unique_id"]
    counts, first = grouped.size(), grouped.agg(lambda ids: list(ids[:_MOST_NAMED]))
    return [
        CalendarEvent(
            f"order-by {supplier} {day:%Y-%m-%d}",
            day.date(),
            f"Order from {names.get(supplier) or supplier}: {count} SKU{'s' if count > 1 else ''}",
            f"Last safe day to order {_named(first[(day, supplier)], count)}.",
            f"/suppliers/{quote(str(supplier), safe='')}",
        )
        for (day, supplier), count in counts.items()
    ]


def review_events(as_of: pd.Timestamp, review_days: float) -> list[CalendarEvent]:
    """The next reviews of orders within `AHEAD_DAYS`, `review_days` apart; a review less than a day away is none."""
    apart = max(round(review_days), 1)
    days = [as_of.date() + timedelta(days=ahead) for ahead in range(apart, AHEAD_DAYS + 1, apart)]
    return [
        CalendarEvent(
            f"review {day}", day, "Review of orders", "The next plan decides about orders.", "/orders"
        )
        for day in (days if review_days > 1 else [])
    ]


def contract_events(ends: pd.DataFrame, names: Mapping[str, str]) -> list[CalendarEvent]:
    """Contracts that end within `CONTRACT_DAYS`, of `procurement.alerts.supplier_measures.ends_of_contracts`."""
    soon = ends[(ends["value"] >= 0) & (ends["value"] <= CONTRACT_DAYS)]
    return [
        CalendarEvent(
            f"contract {row.subject} {row.ends:%Y-%m-%d}",
            row.ends.date(),
            f"Contract with {names.get(row.supplier_id) or row.supplier_id} ends",
            f"{row.subject}: the contract ends, and nothing follows it.",
            f"/suppliers/{quote(str(row.supplier_id), safe='')}",
        )
        for row in soon.sort_values(["ends", "subject"], kind="stable").itertuples(index=False)
    ]


def snooze_events(snoozed: Iterable[tuple[str, str, date]]) -> list[CalendarEvent]:
    """Actions that come back on a day: `(action_id, title, snooze_until)`."""
    return [
        CalendarEvent(
            f"snoozed {action_id}", until, f"Decide again: {title}", "It was snoozed until today.",
            f"/actions/{quote(action_id, safe='')}",
        )
        for action_id, title, until in snoozed
    ]  # fmt: skip


def _named(ids: list[str], count: int) -> str:
    more = f" and {count - len(ids)} more" if count > len(ids) else ""
    return ", ".join(ids) + more
