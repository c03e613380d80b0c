"""The page of one recommended action: its evidence, the numbers behind it, what was decided and noted, and forms."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from configs.formats import plain
from database import decisions
from database.action_ledger.bookings import ledger_entry
from database.action_notes import ActionNote, list_notes
from database.decisions import CATEGORIES, Decision, UnknownActionError
from database.recommendations import find_recommendation
from database.worklist import assignees
from planning.realised.agreed_terms import UNITS, numbers_of
from serving.pages.actions.snooze_choices import snooze_choices
from serving.rendering.layout import page_context
from serving.rendering.templates import render_page
from serving.state.follower import follower_of

_SAID = {"comment": "comment", "done": "carried out", "not_done": "not carried out after all"}


def action_page(request: Request) -> Response:
    """Show the page of one recommended action."""
    return show_action(request, "")


def show_action(request: Request, error: str, status: int = 200) -> Response:
    """Render an action's page, with the error of what could not be stored, if any."""
    base, engine = page_context(request), follower_of(request).engine
    action_id = request.path_params["action_id"]
    action = find_recommendation(engine, action_id, today=base["today"])
    if action is None:
        raise UnknownActionError(action_id)
    decided = decisions.decision_history(engine, action_id=action_id)
    lines = _lines(action.facts)
    more = {
        "action": action,
        "lines": lines,
        "line_columns": (columns := _line_columns(lines)),
        "line_numbers": [name for name in columns if isinstance(lines[0].get(name), int | float)],
        "own_numbers": [(name, UNITS[name]) for name in numbers_of(action.kind)],
        "booked": ledger_entry(engine, action_id),
        "history": _history(decided, list_notes(engine, action_id)),
        "people": assignees(engine),
        "error": error,
        "here": request.url.path,
        "snoozes": snooze_choices(base["today"]),
    }
    return render_page(request, "action.html", base | more, status)


def _lines(facts: dict[str, Any]) -> list[dict[str, Any]]:
    """What an action about several SKUs changes, SKU by SKU; nothing for one about a single SKU."""
    lines = facts.get("lines")
    return [line for line in lines if isinstance(line, dict)] if isinstance(lines, list) else []


def _line_columns(lines: list[dict[str, Any]]) -> list[str]:
    """What lines say besides the SKU and its worth."""
    said = dict.fromkeys(name for line in lines for name in line)
    return [name for name in said if name not in {"unique_id", "description", "worth"}]


def _history(decided: list[Decision], notes: list[ActionNote]) -> list[dict[str, Any]]:
    """What happened to an action, the newest first: its decisions and the notes on it."""
    told = [
        {
            "at": note.at,
            "who": note.who,
            "what": _note_words(note),
            "text": note.text,
            "until": None,
            "worth": None,
        }
        for note in notes
    ]
    ruled = [
        {
            "at": decision.at,
            "who": decision.who,
            "what": _decision_words(decision),
            "text": decision.reason,
            "until": decision.snooze_until,
            "worth": decision.worth,
        }
        for decision in decided
    ]
    # Within a second a note on a decision comes after it.
    return sorted([*told, *ruled], key=lambda row: row["at"], reverse=True)


def _decision_words(decision: Decision) -> str:
    """What somebody decided about an action: with own numbers, or the category of the reason."""
    if decision.agreed:
        said = ", ".join(
            f"{name.replace('_', ' ')} {plain(value)}" for name, value in decision.agreed.items()
        )
        return f"{decision.verdict} at {said}"
    if decision.category:
        return f"{decision.verdict}: {CATEGORIES.get(decision.category, decision.category)}"
    return decision.verdict


def _note_words(note: ActionNote) -> str:
    """What a note did to an action, in words."""
    if note.kind == "assign":
        return f"assigned to {note.assignee}" if note.assignee else "assigned to nobody"
    return _SAID[note.kind]
