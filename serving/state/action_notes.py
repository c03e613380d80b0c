"""A note on a recommended action, read from a form's or a JSON body's fields: comment, whose it is, carried out."""

from typing import Any

from database.access.secrets import NAME_LENGTH
from database.action_notes import ABOUT, NoteRequest
from database.decisions import DecisionError
from serving.state.decisions import REASON_LENGTH, bounded_text


def parse_note(fields: dict[str, Any]) -> NoteRequest:
    """Read a note from the fields of a form or a JSON body: action_id, kind, who, text, assignee.

    Raises
    ------
    DecisionError
        When there is no such kind, or a text is too long to be kept whole.
    """
    kind: Any = str(fields.get("kind", ""))
    if kind not in ABOUT:
        raise DecisionError(f"kind: {kind!r} is none of {', '.join(ABOUT)}")
    return NoteRequest(
        action_id=str(fields["action_id"]),
        kind=kind,
        who=bounded_text(fields, "who", NAME_LENGTH),
        text=bounded_text(fields, "text", REASON_LENGTH),
        assignee=bounded_text(fields, "assignee", NAME_LENGTH),
    )
