"""Pages of a list by cursor: where the next page begins, whatever is added or decided meanwhile.

A cursor is opaque to callers: the plan run, a digest of what was asked, and the key of the last row of the page before.
A list of another plan run is another list: its cursors are answered with 410.
"""

import base64
import binascii
import hashlib
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import orjson
from starlette.requests import Request

from serving.http.problems import Problem
from serving.http.query_parameters import MAX_ROWS_IN_ANSWER, int_parameter

Row = TypeVar("Row")
PAGING = ("cursor", "limit", "offset")
"""Query parameters of every list that comes in pages."""

MOST_CURSOR = 4_000


@dataclass(frozen=True)
class PageAsked:
    """Which page of a list is asked for: the one after the row of the key `after`, or beside it from `offset` on."""

    limit: int
    offset: int
    after: tuple[Any, ...] | None
    run: int
    digest: str

    def after_key(self, kind: type) -> Any:
        """Return the key of one value after which the page begins, none for the first page.

        Raises
        ------
        Problem
            422 where the cursor has another kind of key.
        """
        if self.after is None:
            return None
        if len(self.after) != 1 or type(self.after[0]) is not kind:
            raise self.foreign()
        return self.after[0]

    @staticmethod
    def foreign() -> Problem:
        """The problem of a cursor that is none of ours."""
        return Problem(
            422, "invalid_request", "cursor: it is no cursor of this list; take `next` as it stands"
        )

    def cursor(self, key: Sequence[Any]) -> str:
        """Return the cursor of the page that begins after the row of `key`."""
        raw = orjson.dumps([self.run, self.digest, list(key)])
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Rows of a list, and the cursor of the next page, none on the last one."""

    rows: list[Row]
    next: str | None

    def headers(self, request: Request) -> dict[str, str]:
        """Return the header `Link` to the next page, with the request's own other parameters."""
        if self.next is None:
            return {}
        kept = request.url.remove_query_params(["offset"]).include_query_params(cursor=self.next)
        return {"Link": f'<{kept.path}?{kept.query}>; rel="next"'}


def page_asked(request: Request, run: int, *, default: int = 100) -> PageAsked:
    """Read `cursor, limit, offset` of a request for a list of plan run `run`, 0 for none.

    Raises
    ------
    Problem
        422 where they cannot be meant together, or the cursor is of another list; 410 where the plan has changed.
    """
    query = request.query_params
    limit = int_parameter(request, "limit", default, MAX_ROWS_IN_ANSWER)
    offset = int_parameter(request, "offset", 0, 10**9 - 1)
    digest = _digest(request)
    text = query.get("cursor")
    if text is None:
        return PageAsked(limit, offset, None, run, digest)
    if "offset" in query:
        raise Problem(422, "invalid_request", "offset: a cursor says where the page begins; leave offset out")
    of_run, of_list, key = _read(text)
    if of_list != digest:
        raise Problem(
            422, "invalid_request", "cursor: it is of another list, path and filters have to be the same"
        )
    if of_run != run:
        raise Problem(
            410, "plan_changed", "cursor: there is a newer plan run than the list's; begin again without it"
        )
    return PageAsked(limit, 0, tuple(key), run, digest)


def page_of(rows: Sequence[Row], asked: PageAsked, key: Callable[[Row], tuple[Any, ...]]) -> Page[Row]:
    """Return the page of a list that is sorted by `key`, which no two rows share."""
    first = asked.offset
    if asked.after is not None:
        try:
            first = bisect_right([key(row) for row in rows], asked.after)
        except TypeError:
            raise asked.foreign() from None
    return whole_page(rows[first : first + asked.limit + 1], asked, key)


def whole_page(rows: Sequence[Row], asked: PageAsked, key: Callable[[Row], tuple[Any, ...]]) -> Page[Row]:
    """Return the page of rows that were looked up for it, one beyond the limit where there are more."""
    shown = list(rows[: asked.limit])
    more = len(rows) > asked.limit and bool(shown)
    return Page(shown, asked.cursor(key(shown[-1])) if more else None)


def _digest(request: Request) -> str:
    """What list a request asks for: its path and filters."""
    asked = sorted(pair for pair in request.query_params.multi_items() if pair[0] not in PAGING)
    return hashlib.sha256(orjson.dumps([request.url.path, asked])).hexdigest()[:16]


def _read(text: str) -> tuple[int, str, list[Any]]:
    """Plan run, list and key of a cursor; a problem where it is none of ours."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        run, digest, key = orjson.loads(raw)
        if (
            len(text) <= MOST_CURSOR
            and isinstance(run, int)
            and isinstance(digest, str)
            and isinstance(key, list)
        ):
            return run, digest, key
    except (binascii.Error, ValueError, TypeError):
        pass
    raise Problem(
        422, "invalid_request", f"cursor: {text!r:.60} is no cursor of a page; take `next` as it stands"
    )
