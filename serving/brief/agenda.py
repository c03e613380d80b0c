"""What was agreed with a supplier last time, and the agenda of the next review."""

from collections.abc import Sequence
from typing import Any

from database.recommendations import Recommendation

_MOST = 8


def agreed(actions: Sequence[Recommendation]) -> list[dict[str, Any]]:
    """Actions with a supplier that were approved, the last decided first, and whether they were carried out."""
    approved = [action for action in actions if action.status == "approved" and action.decided_at is not None]
    approved.sort(key=lambda action: action.decided_at.isoformat() if action.decided_at else "", reverse=True)
    return [
        {
            "action_id": action.action_id,
            "what": action.title,
            "who": action.who,
            "decided_on": None if action.decided_at is None else action.decided_at.date().isoformat(),
            "worth": action.worth,
            "period": action.worth_period,
            "carried_out_on": None if action.done_at is None else action.done_at.date().isoformat(),
            "carried_out_by": action.done_by,
        }
        for action in approved[:_MOST]
    ]


def agenda(brief: dict[str, Any]) -> list[str]:
    """The points of a monthly or quarterly review, from what the brief holds."""
    done = sum(row["carried_out_on"] is not None for row in brief["agreed"])
    points = [
        f"What was agreed before: {len(brief['agreed'])}, of them {done} carried out"
        if brief["agreed"]
        else "What was agreed before: nothing so far",
        "Performance since the last review: on time, complete, defects, and the worst orders",
    ]
    risk = brief["open_orders"]["at_risk"]
    if risk:
        points.append(f"Open orders at risk: {risk}, a new date for each")
    points += [f"Ask {place}: {ask['ask']}" for place, ask in enumerate(brief["asks"], start=1)]
    if brief["needs"] is not None:
        points.append("Our forecast by month: what it needs of capacity and lead time")
    return [*points, "What is agreed today, who does it until when, and the day of the next review"]
