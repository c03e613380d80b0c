"""The id of the request that is answered now: in every line of the log, every problem, every answer's header."""

import re
import uuid
from contextvars import ContextVar

_SANE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}")

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""Id of the request that is answered now, empty outside of one."""


def sane_or_new(sent: str) -> str:
    """Return the request id that a caller sent, where it is one that a log can hold, else a new one."""
    return sent if _SANE.fullmatch(sent) else uuid.uuid4().hex
