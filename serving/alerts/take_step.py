"""A step with an exception, read from the fields of a form or of JSON, and taken."""

from collections.abc import Mapping
from typing import Any

from database.access.secrets import NAME_LENGTH
from database.alerts.exception_list import ExceptionRow
from database.alerts.exception_steps import (
    STEPS,
    StepConflictError,
    StepError,
    StepRequest,
    UnknownExceptionError,
    take_step,
)
from serving.http.problems import Problem
from serving.state.follower import Follower

FIELDS = ("step", "reason", "owner", "seen", "who")
TEXT_LENGTH = 2_000


def step_taken(
    follower: Follower, exception_id: str, fields: Mapping[str, Any], who: str
) -> tuple[ExceptionRow, bool]:
    """Take a step; returns the exception and whether anything changed: the same again does not.

    Raises
    ------
    Problem
        404 when there is no such exception, 409 when it closed or changed, 422 when something lacks, 503 when the
        database is not usable.
    """
    request = _request(exception_id, fields, who)
    try:
        return take_step(follower.engine, request)
    except UnknownExceptionError:
        raise _unknown(exception_id) from None
    except StepConflictError as error:
        raise Problem(409, "changed_meanwhile", str(error)) from None
    except StepError as error:
        raise Problem(422, "incomplete_step", str(error)) from None


def _request(exception_id: str, fields: Mapping[str, Any], who: str) -> StepRequest:
    """What is asked, of fields that may be anything."""
    if not exception_id.isascii() or not exception_id.isdecimal() or len(exception_id) > 9:
        raise _unknown(exception_id)
    unknown = next((name for name in fields if name not in FIELDS), None)
    if unknown is not None:
        raise _wrong(f"{unknown:.60}: no such field; there are {', '.join(FIELDS)}")
    step = next((known for known in STEPS if known == fields.get("step")), None)
    if step is None:
        raise _wrong(f"step: {fields.get('step')!r:.60} is none of {', '.join(STEPS)}")
    reason, owner = _text(fields, "reason", TEXT_LENGTH), _text(fields, "owner", NAME_LENGTH)
    return StepRequest(int(exception_id), step, who, reason, owner, _seen(fields.get("seen")))


def _text(fields: Mapping[str, Any], name: str, most: int) -> str:
    value = fields.get(name) or ""
    if not isinstance(value, str) or len(value) > most or "\x00" in value:
        raise _wrong(f"{name}: {most:,} plain characters are the most")
    return value


def _seen(value: Any) -> int | None:
    """The version that is known to whoever asks; a form sends it as text."""
    if value is None or value == "":
        return None
    text = str(value)
    if isinstance(value, bool) or not (text.isascii() and text.isdecimal()) or len(text) > 9:
        raise _wrong(f"seen: {value!r:.60} is no version")
    return int(text)


def _wrong(detail: str) -> Problem:
    return Problem(422, "invalid_request", detail)


def _unknown(exception_id: str) -> Problem:
    detail = f"no exception {exception_id!r:.60}; /v1/exceptions lists those that stand"
    return Problem(404, "unknown_exception", detail)
