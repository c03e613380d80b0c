"""Query parameters of the JSON resources, read strictly: one that is unknown or cannot be meant is a problem."""

from collections.abc import Collection

from starlette.requests import Request

from serving.http.problems import Problem

MAX_ROWS_IN_ANSWER = 1_000
"""Most rows in one answer; `cursor` gets the next."""

_MOST_NAMED = 20
"""Known values named in a problem at most."""


def check_parameters(request: Request, *names: str) -> None:
    """Refuse a query with an unknown parameter, or one twice: ignored, it would answer another question."""
    given = [name for name, _ in request.query_params.multi_items()]
    for name in given:
        if name not in names:
            known = f"there are {', '.join(names)}" if names else "this address takes none"
            raise Problem(422, "invalid_request", f"{name:.60}: no such parameter; {known}")
        if given.count(name) > 1:
            raise Problem(
                422, "invalid_request", f"{name}: stands there {given.count(name)} times, expected once"
            )


def int_parameter(request: Request, name: str, default: int, most: int) -> int:
    """Read a query parameter that is a whole number from 0 to `most`."""
    text = request.query_params.get(name, str(default))
    if not (text.isascii() and text.isdecimal()) or len(text) > 9 or int(text) > most:
        raise Problem(422, "invalid_request", f"{name}: {text!r:.60} is no whole number from 0 to {most:,}")
    return int(text)


def known_parameter(
    request: Request, name: str, known: Collection[str], *, listed_at: str = ""
) -> str | None:
    """Read a query parameter that is one of the `known` values, none where it is not given.

    Parameters
    ----------
    listed_at : address that lists the known values, where there may be many

    Raises
    ------
    Problem
        422 for any other value: an empty answer would not say that it is misspelt.
    """
    text = request.query_params.get(name)
    if text is None or text in known:
        return text
    shown = sorted(known)[:_MOST_NAMED]
    more = ", …" if len(known) > len(shown) else ""
    there = (
        f"{listed_at} lists those there are" if listed_at else f"there are {', '.join(shown) or 'none'}{more}"
    )
    raise Problem(422, "invalid_request", f"{name}: {text!r:.60} is not known; {there}")
