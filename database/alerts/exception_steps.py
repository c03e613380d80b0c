"""What people do with one of the `exceptions`: acknowledge, dismiss, reopen, assign."""

from dataclasses import dataclass
from typing import Any, Literal, get_args

from sqlalchemy import Engine, select

from configs.errors import DomainError
from database.alerts.alert_tables import exceptions
from database.alerts.exception_list import ExceptionRow, row_of
from database.audit.access_rows import states
from database.audit.record import record
from database.engine import write_transaction
from database.schema import utc_now

Step = Literal["acknowledge", "dismiss", "reopen", "assign"]
STEPS: tuple[Step, ...] = get_args(Step)
_STATE = {"acknowledge": "acknowledged", "dismiss": "dismissed", "reopen": "open"}


class StepError(DomainError):
    """A step that lacks something: says which field and what it needs."""


class StepConflictError(DomainError):
    """A step that cannot be taken any more: says who or what was quicker."""


class UnknownExceptionError(DomainError):
    """No plan run ever opened this exception."""


@dataclass(frozen=True)
class StepRequest:
    """What somebody wants to do with an exception. `seen` is the version that they know, none: whatever stands."""

    exception_id: int
    step: Step
    who: str
    reason: str = ""
    owner: str = ""
    seen: int | None = None

    def check(self) -> None:
        """Refuse what cannot be: a dismissal without reason, an assignment to nobody."""
        if not self.who.strip():
            raise StepError("who: your name is needed, so that others see who did it")
        if self.step == "dismiss" and not self.reason.strip():
            raise StepError("reason: a dismissal needs one, so that the rule can be made better")
        if self.step == "assign" and not self.owner.strip():
            raise StepError("owner: name the person or role whose it is to be")
        if self.step != "assign" and self.owner.strip():
            raise StepError("owner: only the step assign has one")


def take_step(engine: Engine, request: StepRequest) -> tuple[ExceptionRow, bool]:
    """Take a step with an exception; returns its row and whether that changed anything: the same again does not.

    Raises
    ------
    StepError
        When the request lacks what its step needs.
    UnknownExceptionError
        When there is no such exception.
    StepConflictError
        When it has closed, or changed since the version `seen`.
    """
    request.check()
    of_it = exceptions.c.id == request.exception_id
    with write_transaction(engine) as connection:
        found = connection.execute(select(exceptions).where(of_it).with_for_update()).mappings().one_or_none()
        if found is None:
            raise UnknownExceptionError(str(request.exception_id))
        row = row_of(found)
        if _repeats(row, request):
            return row, False
        _check_possible(row, request)
        values: dict[str, Any] = {"who": request.who, "changed_at": utc_now(), "version": row.version + 1}
        if request.step == "assign":
            values["owner"] = request.owner.strip()
        else:
            values |= {"state": _STATE[request.step], "reason": request.reason.strip()}
        changed = connection.execute(exceptions.update().where(of_it).values(values).returning(exceptions))
        after = row_of(changed.mappings().one())
        said = {
            "rule": row.rule,
            "about": row.subject,
            "reason": request.reason.strip(),
            "owner": after.owner,
        }
        record(
            connection,
            who=request.who,
            what=f"exception.{request.step}",
            subject=f"{exceptions.name}/{row.id}",
            detail=said | states(connection, exceptions, [row.id]),
        )
    return after, True


def _repeats(row: ExceptionRow, request: StepRequest) -> bool:
    """Whether a request asks for what stands already."""
    if request.step == "assign":
        return row.owner == request.owner.strip()
    return row.state == _STATE[request.step] and request.reason.strip() in {"", row.reason}


def _check_possible(row: ExceptionRow, request: StepRequest) -> None:
    """Refuse a step with an exception that has closed, or that changed unseen."""
    if row.closed_at is not None:
        raise StepConflictError(f"it has closed itself: {row.closed_because}")
    if request.seen is not None and request.seen != row.version:
        raise StepConflictError(f"{row.who or 'a plan run'} has changed it in the meantime; look again")
