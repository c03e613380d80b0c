"""What people decided about the proposed actions: only ever added to."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import Connection, Engine, select

from configs.errors import DomainError
from database.engine import writing
from database.schema import decisions, now, recommendations

Verdict = Literal["approve", "reject", "snooze", "reopen"]

STATUS: dict[Verdict, str] = {
    "approve": "approved",
    "reject": "rejected",
    "snooze": "snoozed",
    "reopen": "open",
}


class DecisionError(DomainError):
    """A decision that cannot be taken: says which field and what it needs."""


class ChangedError(DomainError):
    """Somebody else has decided in the meantime: says who and what."""


class UnknownActionError(DomainError):
    """No planning run ever proposed this action."""


@dataclass(frozen=True)
class DecisionRequest:
    """What somebody says about an action."""

    action_id: str
    verdict: Verdict
    who: str
    reason: str = ""
    snooze_until: date | None = None

    def check(self, today: date) -> None:
        """Refuse a decision without a name, a rejection without its reason, a snooze without a coming day."""
        if not self.who.strip():
            raise DecisionError("who: your name is needed, so that others see who decided")
        if self.verdict == "reject" and not self.reason.strip():
            raise DecisionError("reason: a rejection needs one, so that the next planner can learn from it")
        if self.verdict == "snooze" and (self.snooze_until is None or self.snooze_until <= today):
            raise DecisionError(f"snooze_until: a snooze needs a day after {today}")
        if self.verdict != "snooze" and self.snooze_until is not None:
            raise DecisionError("snooze_until: only a snooze has one")


@dataclass(frozen=True)
class Decision:
    """One decision as it was written. `worth` is what the action was worth then."""

    id: int
    at: datetime
    action_id: str
    verdict: str
    who: str
    reason: str
    snooze_until: date | None
    worth: float
    run_id: int

    def same(self, ruling: DecisionRequest, status: str) -> bool:
        """Whether `ruling` only repeats this decision, with which the action has its `status`."""
        return (
            status == STATUS[ruling.verdict]
            and self.snooze_until == ruling.snooze_until
            and ruling.reason.strip() in {"", self.reason.strip()}
        )


def decide(
    engine: Engine, ruling: DecisionRequest, *, today: date, seen: int | None = None
) -> tuple[Decision, bool]:
    """Write a decision and set the action's status; returns it and whether it is new.

    Saying the same again (a double click, a retried request) returns the decision that stands; another reason is
    not the same, and is kept.

    Parameters
    ----------
    engine : the state database
    ruling : what is decided
    today : the business' day
    seen : number of the last decision that was known to whoever decides, 0 for none; none: whatever stands

    Raises
    ------
    DecisionError
        When the ruling lacks what its verdict needs.
    UnknownActionError
        When there is no such action.
    ChangedError
        When a later decision than `seen` says otherwise.
    """
    ruling.check(today)
    with writing(engine) as connection:
        query = select(recommendations).where(recommendations.c.action_id == ruling.action_id)
        action = connection.execute(query.with_for_update()).mappings().one_or_none()
        if action is None:
            raise UnknownActionError(ruling.action_id)
        last = _last(connection, ruling.action_id)
        if last is not None:
            if last.same(ruling, str(action["status"])):
                return last, False
            _check_seen(last, ruling, seen)
        facts = {"at": now(), "worth": action["worth"], "run_id": action["last_run"]}
        added = connection.execute(decisions.insert().values(asdict(ruling) | facts).returning(decisions))
        row = added.mappings().one()
        connection.execute(
            recommendations.update()
            .where(recommendations.c.action_id == ruling.action_id)
            .values(status=STATUS[ruling.verdict], snooze_until=ruling.snooze_until)
        )
    return Decision(**row), True


def _last(connection: Connection, action_id: str) -> Decision | None:
    query = select(decisions).where(decisions.c.action_id == action_id).order_by(decisions.c.id.desc())
    row = connection.execute(query.limit(1)).mappings().one_or_none()
    return None if row is None else Decision(**row)


def _check_seen(last: Decision, ruling: DecisionRequest, seen: int | None) -> None:
    if seen is not None and seen != last.id and ruling.verdict != last.verdict:
        raise ChangedError(
            f"{last.who} has decided to {last.verdict} this in the meantime; look again, then decide"
        )


def history(engine: Engine, *, action_id: str | None = None, limit: int = 200) -> list[Decision]:
    """Return the last `limit` decisions, the newest first."""
    query = select(decisions).order_by(decisions.c.id.desc()).limit(limit)
    if action_id is not None:
        query = query.where(decisions.c.action_id == action_id)
    with engine.connect() as connection:
        return [Decision(**row) for row in connection.execute(query).mappings()]
