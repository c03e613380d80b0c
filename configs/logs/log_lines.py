"""Lines of the log, as text or as JSON (`PURVEY_LOG=json`), each with the request it belongs to."""

import json
import logging
import sys
from collections.abc import Mapping
from datetime import UTC, datetime

from configs.errors import DomainError
from configs.logs.request_id import request_id

VARIABLE = "PURVEY_LOG"
FORMS = ("text", "json")

_OTHERS = ("", "bentoml", "uvicorn.error", "circus")
"""Loggers of others, the root first, whose handlers write our lines."""


class LogError(DomainError):
    """The log cannot be set up as asked: says which value is allowed."""


class TextLines(logging.Formatter):
    """Lines for people: time, level, where, the request, what."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 -- of logging.Formatter
        """Return the record as a line."""
        asked = request_id.get()
        where = f"{record.name} [{asked}]" if asked else record.name
        return f"{_at(record)} {record.levelname} {where} {record.message}"


class JsonLines(logging.Formatter):
    """Lines for machines: one JSON object each, a traceback in it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as a line of JSON."""
        asked = request_id.get()
        line = {
            "at": _at(record),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **({"request_id": asked} if asked else {}),
            **({"error": self.formatException(record.exc_info)} if record.exc_info else {}),
        }
        return json.dumps(line, ensure_ascii=False, default=str)


def _at(record: logging.LogRecord) -> str:
    """When a record was made, in UTC to the millisecond."""
    return (
        datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    )


def set_up_logs(environ: Mapping[str, str]) -> None:
    """Have this process log in the form that the environment asks for; our own lines from INFO on.

    Raises
    ------
    LogError
        When `PURVEY_LOG` is neither text nor json.
    """
    form = environ.get(VARIABLE, "") or FORMS[0]
    if form not in FORMS:
        raise LogError(f"{VARIABLE} is {form!r}, expected {' or '.join(FORMS)}")
    root = logging.getLogger()
    if not root.handlers:
        root.addHandler(logging.StreamHandler(sys.stderr))
    lines = JsonLines() if form == "json" else TextLines()
    for name in _OTHERS:
        for handler in logging.getLogger(name).handlers:
            handler.setFormatter(lines)
    logging.getLogger("purvey").setLevel(logging.INFO)
