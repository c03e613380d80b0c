"""The state table `decisions`: what people decided about recommended actions; rows are only ever added."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import Connection, Engine, RowMapping, func, select

from configs.errors import DomainError
from database.access.approval import Approver, check_amount
from database.audit.recorded_rows import record_row
from database.engine import write_transaction
from database.schema import decisions, plan_runs, recommendations, utc_now
from planning.realised.agreed_terms import agreed_problem

Verdict = Literal["approve", "reject", "snooze", "reopen"]

STATUS: dict[Verdict, str] = {
    "approve": "approved",
    "reject": "rejected",
    "snooze": "snoozed",
    "reopen": "open",
}

CATEGORIES = {
    "supplier": "the supplier refuses",
    "data": "the data are wrong",
    "effort": "not worth the effort",
    "quality": "quality or certification",
    "strategic": "strategic",
    "other": "another reason",
}
"""Categories of reasons to reject an action, in words; one that is not named is `other`."""


class DecisionError(DomainError):
    """A decision request that lacks something: says which field and what it needs."""


class DecisionConflictError(DomainError):
    """Somebody else has decided about the action in the meantime: says who and what."""


class UnknownActionError(DomainError):
    """No plan run ever proposed this action."""


@dataclass(frozen=True)
class DecisionRequest:
    """What somebody wants to decide about a recommended action, not yet written.

    `category` of `CATEGORIES` is of a rejection, `agreed` of an approval: own numbers by name, which hold in the place
    of those proposed (`planning.realised.agreed_terms.numbers_of` the action's kind).
    """

    action_id: str
    verdict: Verdict
    who: str
    reason: str = ""
    snooze_until: date | None = None
    category: str | None = None
    agreed: dict[str, float] | None = None

    def check(self, today: date) -> None:
        """Refuse what is no row of `decisions`: without name, a rejection without reason, a snooze not past `today`."""
        if not self.who.strip():
            raise DecisionError("who: your name is needed, so that others see who decided")
        if self.verdict == "reject" and not self.reason.strip():
            raise DecisionError("reason: a rejection needs one, so that the next planner can learn from it")
        if self.verdict == "snooze" and (self.snooze_until is None or self.snooze_until <= today):
            raise DecisionError(f"snooze_until: a snooze needs a day after {today}")
        if self.verdict != "snooze" and self.snooze_until is not None:
            raise DecisionError("snooze_until: only a snooze has one")
        if self.category and self.verdict != "reject":
            raise DecisionError("category: only a rejection has one")
        if self.category and self.category not in CATEGORIES:
            raise DecisionError(f"category: {self.category!r} is none of {', '.join(CATEGORIES)}")
        if self.agreed and self.verdict != "approve":
            raise DecisionError("agreed: only an approval has own numbers")


@dataclass(frozen=True)
class Decision:
    """One row of the table `decisions`. `worth` is what the action was worth at that time, in money."""

    id: int
    at: datetime
    action_id: str
    verdict: str
    who: str
    reason: str
    snooze_until: date | None
    worth: float
    run_id: int
    category: str | None = None
    agreed: dict[str, float] | None = None

    def is_repeated_by(self, request: DecisionRequest, status: str) -> bool:
        """Whether `request` only repeats this decision, which gave the action its `status`."""
        return (
            status == STATUS[request.verdict]
            and self.snooze_until == request.snooze_until
            and request.reason.strip() in {"", self.reason.strip()}
            and request.category in {None, self.category}
            and (request.agreed or None) in (None, self.agreed)
        )


_COLUMNS = [decisions.c[field.name] for field in fields(Decision)]
"""All that a `Decision` has: what was promised then is as large as all the rest, and few ask for it."""


@dataclass(frozen=True)
class Asked:
    """One of several decisions as somebody asks for it; `seen` as in `decide`; `approver` has limits, none: none."""

    request: DecisionRequest
    seen: int | None = None
    approver: Approver | None = None


def decide(
    engine: Engine, request: DecisionRequest, *, today: date, seen: int | None = None
) -> tuple[Decision, bool]:
    """Add a row to the table `decisions` and set the action's status; returns the row and whether it is new.

    Sending the same again (a double click, a retried request) returns the decision that stands; another reason is
    not the same, and is stored.

    Parameters
    ----------
    engine : the state database
    request : what is decided
    today : the business day
    seen : number of the last decision that was known to whoever decides, 0 for none; none: whatever stands

    Raises
    ------
    DecisionError
        When the request lacks what its verdict needs.
    UnknownActionError
        When there is no such action.
    DecisionConflictError
        When a later decision than `seen` says otherwise.
    """
    return decide_together(engine, [Asked(request, seen)], today=today)[0]


def decide_together(engine: Engine, asked: Sequence[Asked], *, today: date) -> list[tuple[Decision, bool]]:
    """Add a row to `decisions` for each of several actions, or for none of them; each as `decide` says it.

    Raises
    ------
    DecisionError, UnknownActionError, DecisionConflictError, ApprovalError
        As `decide`, for the first that cannot be decided; then none is.
    """
    names = Counter(each.request.action_id for each in asked)
    twice = [name for name, times in names.items() if times > 1]
    if twice:
        raise DecisionError(f"action_id: {twice[0]} stands there twice; decide about each action once")
    for each in asked:
        each.request.check(today)
    found = {}
    with write_transaction(engine) as connection:
        for each in sorted(asked, key=lambda each: each.request.action_id):  # all lock rows in the same order
            found[each.request.action_id] = _decide(connection, each, today, alone=len(asked) == 1)
        for row, new in found.values():
            if new:
                said = {
                    "action_id": row.action_id,
                    "reason": row.reason,
                    "worth": row.worth,
                    "agreed": row.agreed,
                }
                what = f"decision.{row.verdict}"
                record_row(connection, decisions, row.id, who=row.who, what=what, detail=said)
    return [found[each.request.action_id] for each in asked]


def _decide(connection: Connection, asked: Asked, today: date, *, alone: bool) -> tuple[Decision, bool]:
    """Add one row to the table `decisions` within a transaction, unless it stands there already.

    `alone`: it is the only one that is asked for, so that an error need not say which action it is about.
    """
    request = asked.request
    query = select(recommendations).where(recommendations.c.action_id == request.action_id)
    action = connection.execute(query.with_for_update()).mappings().one_or_none()
    if action is None:
        raise UnknownActionError(request.action_id)
    last = _last_decision(connection, request.action_id)
    if last is not None:
        if last.is_repeated_by(request, str(action["status"])):
            return last, False
        _check_seen(last, asked, "this" if alone else f"“{action['title']}”")
    if asked.approver is not None and request.verdict == "approve":
        check_amount(asked.approver, abs(action["worth"]), f"“{action['title']}”")
    problem = agreed_problem(str(action["kind"]), request.agreed or {})
    if problem:
        raise DecisionError(problem)
    facts: dict[str, Any] = {"at": utc_now(), "worth": action["worth"], "run_id": action["last_run"]}
    facts |= {"agreed": request.agreed or None, "promised": _promised(connection, action, today)}
    if request.verdict == "reject":
        facts["category"] = request.category or "other"
    added = connection.execute(decisions.insert().values(asdict(request) | facts).returning(*_COLUMNS))
    row = added.mappings().one()
    status = {"status": STATUS[request.verdict], "snooze_until": request.snooze_until}
    undone = {} if request.verdict == "approve" else {"done_by": None, "done_at": None}
    connection.execute(
        recommendations.update()
        .where(recommendations.c.action_id == request.action_id)
        .values(status | undone)
    )
    return Decision(**row), True


def _promised(connection: Connection, action: RowMapping, today: date) -> dict[str, Any]:
    """What an action promises when it is decided about, with its assumptions, on the business day `today`."""
    names = (
        "kind", "unique_id", "supplier_id", "alternative_supplier_id", "quantity", "worth", "worth_period",
        "worth_in_horizon", "effort", "confidence", "factor", "title", "facts", "basis",
    )  # fmt: skip
    query = select(plan_runs.c.as_of).where(plan_runs.c.id == action["last_run"])
    as_of, act_by = connection.execute(query).scalar_one(), action["act_by"]
    days = {"planned_on": as_of, "decided_on": today, "act_by": act_by}
    said = {name: None if day is None else day.isoformat() for name, day in days.items()}
    return {name: action[name] for name in names} | said


def _last_decision(connection: Connection, action_id: str) -> Decision | None:
    """Last row of the table `decisions` about an action, none where nobody has decided."""
    query = select(*_COLUMNS).where(decisions.c.action_id == action_id).order_by(decisions.c.id.desc())
    row = connection.execute(query.limit(1)).mappings().one_or_none()
    return None if row is None else Decision(**row)


def _check_seen(last: Decision, asked: Asked, what: str) -> None:
    """Refuse a new row of `decisions` about `what` that overturns the `last` one unseen."""
    if asked.seen is not None and asked.seen != last.id and asked.request.verdict != last.verdict:
        raise DecisionConflictError(
            f"{last.who} has decided to {last.verdict} {what} in the meantime; look again, then decide"
        )


def decision_history(
    engine: Engine, *, action_id: str | None = None, before: int | None = None, limit: int = 200
) -> list[Decision]:
    """Return the last `limit` rows of the table `decisions` `before` an id, of one action or of all, newest first."""
    query = select(*_COLUMNS).order_by(decisions.c.id.desc()).limit(limit)
    if action_id is not None:
        query = query.where(decisions.c.action_id == action_id)
    if before is not None:
        query = query.where(decisions.c.id < before)
    with engine.connect() as connection:
        return [Decision(**row) for row in connection.execute(query).mappings()]


def last_decisions(engine: Engine, action_ids: Sequence[str]) -> list[Decision]:
    """Return the last of the `decisions` about each of these actions that anybody decided about, by action_id."""
    newest = select(func.max(decisions.c.id)).where(decisions.c.action_id.in_(action_ids))
    query = select(*_COLUMNS).where(decisions.c.id.in_(newest.group_by(decisions.c.action_id)))
    with engine.connect() as connection:
        rows = connection.execute(query.order_by(decisions.c.action_id)).mappings()
        return [Decision(**row) for row in rows]
