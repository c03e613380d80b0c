"""A decision about a recommended action: read from a form's or a JSON body's fields, and stored."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from database import decisions
from database.access.approval import Approver
from database.access.secrets import NAME_LENGTH
from database.decisions import Asked, DecisionError, DecisionRequest
from serving.http.problems import Problem
from serving.state.business_day import business_day
from serving.state.follower import Follower
from serving.state.lookup import NO_PLAN

REASON_LENGTH = 2_000
_AGREED = "agreed."
MOST_TOGETHER = 1_000
"""Decisions that are stored all or none at a time."""


def parse_decision(fields: dict[str, Any]) -> DecisionRequest:
    """Read a decision request from the fields of a form or a JSON body.

    `action_id`, `verdict`, `who`, `reason`, `snooze_until`, `category` of a rejection, and own numbers of an approval:
    as the object `agreed`, or each as a field `agreed.moq` and so on.

    Raises
    ------
    DecisionError
        When the verdict or the date cannot be read, or a text is too long to be kept whole.
    """
    verdict: Any = str(fields.get("verdict", ""))
    until = str(fields.get("snooze_until") or "")
    if verdict not in decisions.STATUS:
        raise DecisionError(f"verdict: {verdict!r} is none of {', '.join(decisions.STATUS)}")
    try:
        snooze_until = date.fromisoformat(until) if until else None
    except ValueError:
        raise DecisionError(f"snooze_until: {until!r} is no date like 2026-03-09") from None
    return DecisionRequest(
        action_id=str(fields["action_id"]),
        verdict=verdict,
        who=bounded_text(fields, "who", NAME_LENGTH),
        reason=bounded_text(fields, "reason", REASON_LENGTH),
        snooze_until=snooze_until,
        category=str(fields.get("category") or "") or None if verdict == "reject" else None,
        agreed=_agreed(fields) or None,
    )


def _agreed(fields: dict[str, Any]) -> dict[str, float]:
    """Own numbers of an approval: of the object `agreed`, and of fields `agreed.…` that are not empty."""
    each = fields.get("agreed") or {}
    if not isinstance(each, dict):
        raise DecisionError(f"agreed: {each!r:.60} is no object of numbers by name")
    named = {
        name.removeprefix(_AGREED): value
        for name, value in fields.items()
        if name.startswith(_AGREED) and value
    }
    numbers = {}
    for name, value in (each | named).items():
        try:
            numbers[str(name)] = float(value)
        except (TypeError, ValueError):
            raise DecisionError(f"agreed.{name}: {value!r:.60} is no number") from None
    return numbers


def bounded_text(fields: dict[str, Any], name: str, most: int) -> str:
    """Return the text of a decision's or a note's field, refused where it is too long to be kept or holds NUL."""
    text = str(fields.get(name) or "")
    if len(text) > most:
        raise DecisionError(f"{name}: has {len(text):,} characters, {most:,} is the most; shorten it")
    if "\x00" in text:  # PostgreSQL stores none
        raise DecisionError(f"{name}: holds a NUL character; leave it out")
    return text


def store_decision(
    follower: Follower, decision_request: DecisionRequest, seen: int | None, approver: Approver
) -> tuple[decisions.Decision, bool]:
    """Store a decision as of the business day; returns it and whether it is new.

    `seen` is the id of the last decision known to whoever decides, 0 for none; `approver` how much they may approve.

    Raises
    ------
    ApprovalError, DecisionError, DecisionConflictError, UnknownActionError, Problem
        As `database.decisions.decide`; 503 when the database is not usable.
    """
    return store_decisions(follower, [Asked(decision_request, seen)], approver)[0]


def store_decisions(
    follower: Follower, asked: Sequence[Asked], approver: Approver
) -> list[tuple[decisions.Decision, bool]]:
    """Store several decisions as of the business day, or none of them; each as `store_decision` does.

    Raises
    ------
    ApprovalError, DecisionError, DecisionConflictError, UnknownActionError, Problem
        As `database.decisions.decide_together`; 503 when the database is not usable.
    """
    run = None if follower.served is None else follower.served.run
    if run is None:
        raise Problem(503, "no_plan", NO_PLAN)
    if not 1 <= len(asked) <= MOST_TOGETHER:
        raise DecisionError(f"decisions: there are {len(asked):,}, expected 1 to {MOST_TOGETHER:,} at a time")
    within = [replace(each, approver=approver) for each in asked]
    return decisions.decide_together(follower.engine, within, today=business_day(run))
