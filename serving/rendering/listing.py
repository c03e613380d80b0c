"""Lists as every page shows them: sorted by a header, in pages, their state in the address, and as CSV or Excel."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pandas as pd
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from serving.rendering.layout import ROWS_PER_PAGE, paginate
from serving.rendering.spreadsheets import download, to_csv_bytes, to_xlsx_bytes

_PASSING = {"page", "done", "failed", "sort"}
"""Query parameters that a header's link does not keep."""


@dataclass(frozen=True)
class Column:
    """A column of a list: its name in the table, its header, and how it is sorted at the first click.

    Attributes
    ----------
    label : header; empty for a column that the page shows in its own way, still sortable in the address
    numeric : numbers stand to the right
    rising : the first click on the header puts the smallest first
    hint : what the header says on hovering
    """

    name: str
    label: str
    numeric: bool = False
    rising: bool = True
    hint: str = ""


@dataclass(frozen=True)
class Header:
    """A header as the page writes it: a link that sorts by it, or back."""

    label: str
    link: str
    order: str
    numeric: bool
    hint: str


def sorted_table(
    table: pd.DataFrame, columns: Sequence[Column], query: QueryParams, default: str
) -> pd.DataFrame:
    """Return a list's table in the order that the query's `sort` asks for: a column, with a minus the largest first.

    `default` is the order where nothing, or nothing that there is, is asked for. Ties keep the table's own order.
    """
    name, falling = sort_of(columns, query, default)
    if name not in table:
        return table
    return table.sort_values(name, ascending=not falling, na_position="last", kind="stable")


def list_part(
    request: Request,
    table: pd.DataFrame,
    columns: Sequence[Column],
    default: str,
    per_page: int = ROWS_PER_PAGE,
) -> dict[str, Any]:
    """Return what a page needs to show a list: `rows` of the asked page, `headers`, `part` of all, `downloads`."""
    query = request.query_params
    ordered = sorted_table(table, columns, query, default)
    part = paginate(request, len(ordered), per_page)
    return {
        "rows": ordered.iloc[part["start"] : part["stop"]].to_dict("records"),
        "headers": headers(columns, query, default),
        "part": part,
        "query": dict(query),
        "downloads": file_links(query, request.url.path),
    }


def file_links(query: QueryParams, path: str) -> dict[str, str]:
    """Return the addresses of a list's files by kind, filtered and sorted as the list is."""
    return {kind: _link(query, f"{path}.{kind}") for kind in ("csv", "xlsx")}


def sort_of(columns: Sequence[Column], query: QueryParams, default: str) -> tuple[str, bool]:
    """Return the column that a list is sorted by, and whether the largest comes first."""
    asked = query.get("sort", "")
    known = {column.name for column in columns}
    sort = asked if asked.removeprefix("-") in known else default
    return sort.removeprefix("-"), sort.startswith("-")


def headers(columns: Sequence[Column], query: QueryParams, default: str) -> dict[str, Header]:
    """Return the headers of a list by column name, each a link that keeps the rest of the query."""
    name, falling = sort_of(columns, query, default)
    made = {}
    for column in columns:
        now = column.name == name
        down = not falling if now else not column.rising
        link = _link(query, "", sort=f"-{column.name}" if down else column.name)
        order = ("descending" if falling else "ascending") if now else ""
        made[column.name] = Header(column.label, link, order, column.numeric, column.hint)
    return made


def searched(table: pd.DataFrame, words: str, columns: Sequence[str]) -> pd.DataFrame:
    """Return the rows of a list that have the `words` in one of the text `columns`; all of them without words."""
    needle = words.strip().lower()
    if not needle or table.empty:
        return table
    texts = [table[name].fillna("").astype(str) for name in columns]
    return table[texts[0].str.cat(texts[1:], sep=" ").str.lower().str.contains(needle, regex=False)]


def list_file(table: pd.DataFrame, kind: str, name: str) -> Response:
    """Return a whole list as a file, `kind` csv or xlsx, under `name` with that ending."""
    return download(to_csv_bytes(table) if kind == "csv" else to_xlsx_bytes({name[:31]: table}), name, kind)


def _link(query: QueryParams, path: str, **more: str) -> str:
    """Address with the query of a list, another sort or another path."""
    rest = {name: value for name, value in query.items() if name not in _PASSING and value}
    kept = {"sort": query["sort"]} if path and query.get("sort") else {}
    return f"{path}?{urlencode(rest | kept | more)}"
