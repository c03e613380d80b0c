"""The state table `action_notes`: comments on actions, whose each is, which are carried out; rows are only added."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Engine, RowMapping, select

from database.audit.recorded_rows import record_row
from database.decisions import DecisionError, UnknownActionError
from database.engine import write_transaction
from database.schema import action_notes, recommendations, utc_now

NoteKind = Literal["comment", "assign", "done", "not_done"]

ABOUT: dict[NoteKind, str] = {"comment": "talk", "assign": "assignee", "done": "done", "not_done": "done"}
"""Kind of a note → what it is about; the last note about something stands."""


@dataclass(frozen=True)
class NoteRequest:
    """What somebody wants to note about an action, not yet written. `assignee` is empty to assign it to nobody."""

    action_id: str
    kind: NoteKind
    who: str
    text: str = ""
    assignee: str = ""

    def check(self) -> None:
        """Refuse what is no row of `action_notes`: without name, a comment without text."""
        if not self.who.strip():
            raise DecisionError("who: your name is needed, so that others see who wrote it")
        if self.kind == "comment" and not self.text.strip():
            raise DecisionError("text: a comment needs one")
        if self.kind != "assign" and self.assignee:
            raise DecisionError("assignee: only a note that assigns the action has one")


@dataclass(frozen=True)
class ActionNote:
    """One row of the table `action_notes`. `assignee` is whom the action was assigned to, empty for nobody."""

    id: int
    at: datetime
    action_id: str
    kind: str
    who: str
    text: str
    assignee: str | None


def add_note(engine: Engine, request: NoteRequest) -> tuple[ActionNote, bool]:
    """Add a row to `action_notes` and set what it says of the action; returns the row and whether it is new.

    The same again (a double click, a retried request) is the note that stands.

    Raises
    ------
    DecisionError
        When the request lacks something, or an action is to be done that is not approved.
    UnknownActionError
        When there is no such action.
    """
    request.check()
    with write_transaction(engine) as connection:
        query = select(recommendations).where(recommendations.c.action_id == request.action_id)
        action = connection.execute(query.with_for_update()).mappings().one_or_none()
        if action is None:
            raise UnknownActionError(request.action_id)
        last = _last_about(connection, request)
        if last is not None and _repeats(last, request, action):
            return last, False
        _check_possible(request, action)
        facts = asdict(request) | {"at": utc_now(), "assignee": request.assignee.strip()}
        added = connection.execute(action_notes.insert().values(facts).returning(action_notes))
        note = ActionNote(**added.mappings().one())
        set_now = _says_of_action(note)
        if set_now:
            same = recommendations.c.action_id == note.action_id
            connection.execute(recommendations.update().where(same).values(set_now))
        said = {"action_id": note.action_id, "text": note.text, "assignee": note.assignee}
        record_row(connection, action_notes, note.id, who=note.who, what=f"note.{note.kind}", detail=said)
    return note, True


def _last_about(connection: Connection, request: NoteRequest) -> ActionNote | None:
    """Last of the `action_notes` of the action about the same thing, none where there is none."""
    kinds = [kind for kind, about in ABOUT.items() if about == ABOUT[request.kind]]
    query = select(action_notes).where(
        action_notes.c.action_id == request.action_id, action_notes.c.kind.in_(kinds)
    )
    row = connection.execute(query.order_by(action_notes.c.id.desc()).limit(1)).mappings().one_or_none()
    return None if row is None else ActionNote(**row)


def _repeats(last: ActionNote, request: NoteRequest, action: RowMapping) -> bool:
    """Whether a request only says again what the `last` of the `action_notes` about the same thing says."""
    if request.kind in {"done", "not_done"}:  # a decision since may have set it back
        stands = (action["done_at"] is not None) == (request.kind == "done")
        return stands and last.kind == request.kind
    if request.kind == "assign":
        return (last.assignee or "") == request.assignee.strip()
    return (last.who, last.text) == (request.who, request.text)


def _check_possible(request: NoteRequest, action: RowMapping) -> None:
    """Refuse one of the `action_notes` that cannot be so: done what is not approved, taken back what was not done."""
    if request.kind == "done" and action["status"] != "approved":
        raise DecisionError(
            f"done: the action is {action['status']}; only an approved one can be carried out"
        )
    if request.kind == "not_done" and action["done_at"] is None:
        raise DecisionError("not_done: nobody has said that the action was carried out")
    if request.kind == "assign" and not request.assignee.strip() and action["assignee"] is None:
        raise DecisionError("assignee: the action is nobody's; name whom to assign it to")


def _says_of_action(note: ActionNote) -> dict[str, Any]:
    """What one of the `action_notes` sets in the row of its action."""
    if note.kind == "assign":
        return {"assignee": note.assignee or None}
    if note.kind == "done":
        return {"done_by": note.who, "done_at": note.at}
    return {"done_by": None, "done_at": None} if note.kind == "not_done" else {}


def list_notes(engine: Engine, action_id: str) -> list[ActionNote]:
    """Return the `action_notes` of an action, the newest first."""
    query = select(action_notes).where(action_notes.c.action_id == action_id)
    with engine.connect() as connection:
        rows = connection.execute(query.order_by(action_notes.c.id.desc())).mappings()
        return [ActionNote(**row) for row in rows]
