"""Query parameters of the JSON resources, read strictly: one that is unknown or cannot be meant is a problem."""

from starlette.requests import Request

from serving.http.problems import Problem

MAX_ROWS_IN_ANSWER = 1_000
"""Most rows in one answer; `offset` gets the next."""


def check_parameters(request: Request, *names: str) -> None:
    """Refuse a query with an unknown parameter: ignored, it would answer another question."""
    for name in request.query_params:
        if name not in names:
            raise Problem(422, "invalid_request", f"{name}: no such parameter; there are {', '.join(names)}")


def int_parameter(request: Request, name: str, default: int, most: int) -> int:
    """Read a query parameter that is a whole number from 0 to `most`."""
    text = request.query_params.get(name, str(default))
    if not text.isdecimal() or len(text) > 9 or int(text) > most:
        raise Problem(422, "invalid_request", f"{name}: {text!r} is no whole number from 0 to {most:,}")
    return int(text)
