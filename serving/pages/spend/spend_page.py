"""The page of spend: what was bought, by whom and at what price, what is to come, and what is unusual in it."""

from typing import Any

import pandas as pd
from starlette.requests import Request
from starlette.responses import Response

from procurement.spend.spend_cube import concentration
from procurement.spend.unusual_spend import KINDS
from serving.pages.spend.spend_columns import BUDGETS, LINES, MONTHS, SUMS, UNUSUAL
from serving.pages.spend.spend_query import (
    FLAG_LABELS,
    LABELS,
    VIEWS,
    address,
    narrowed,
    spend_query,
    unfiltered,
    without,
)
from serving.rendering.layout import ROWS_PER_PAGE, page_context, paginate
from serving.rendering.listing import file_links, headers, list_part, searched
from serving.rendering.templates import render_page
from serving.state.served import Served
from serving.state.spend_view import SpendQuery, SpendView

LISTS = {
    "by": (SUMS, "-amount"),
    "months": (MONTHS, "-month"),
    "budgets": (BUDGETS, ""),
    "unusual": (UNUSUAL, "-at"),
    "lines": (LINES, "-ordered_at"),
}
"""View → its columns and the order it begins with."""
_SELECTS = ("category", "department", "site")
_WHOLE = ("months", "budgets")
"""Views of the whole company, which no filter holds for."""


def spend_page(request: Request) -> Response:
    """Show spend in one of its views."""
    base = page_context(request)
    served = base["served"]
    if served is None or served.snapshot is None:
        return render_page(request, "welcome.html", base)
    if served.spend is None:
        return render_page(request, "spend.html", base | {"view": "", "views": VIEWS})
    spend: SpendView = served.spend
    params = request.query_params
    query, view = spend_query(params, spend), view_of(request)
    if view in _WHOLE:
        query = unfiltered(query)
    columns, first = LISTS[view]
    if view == "lines":
        part = _lines_part(request, spend, query)
    else:
        table = spend_table(served, query, view, params.get("q", ""), params.get("kind", ""))
        part = list_part(request, table, columns, first)
    found = spend.procurement.table("unusual_spend")
    more: dict[str, Any] = {
        "view": view,
        "views": {name: (label, address(query, name)) for name, label in VIEWS.items()},
        "asked": query,
        "total": spend.total(query),
        "chips": _chips(query, served),
        "tabs": [
            (name, label, address(_by(query, name)))
            for name, label in LABELS.items()
            if name in spend.dimensions
        ],
        "label": LABELS[query.by],
        "selects": {name: spend.values(name) for name in _SELECTS if name in spend.dimensions},
        "where": dict(query.where),
        "months": spend.values("month"),
        "flags": FLAG_LABELS,
        "descriptions": served.descriptions,
        "supplier_names": served.supplier_names,
        "kinds": KINDS,
        "kind_counts": {} if found.empty else found["kind"].value_counts().to_dict(),
        "kind": params.get("kind", ""),
        "concentration": concentration(spend.by(_by(query, "supplier_id"))["amount"].to_numpy(float)),
        "address": address,
        "narrowed": narrowed,
        "money_unusual": 0.0 if found.empty else float(found["amount"].sum()),
        "unusual_count": len(found),
    }
    return render_page(request, "spend.html", base | more | part)


def view_of(request: Request) -> str:
    """The view that is asked for."""
    asked = request.query_params.get("view", "by")
    return asked if asked in VIEWS else "by"


def spend_table(served: Served, query: SpendQuery, view: str, words: str, kind: str = "") -> pd.DataFrame:
    """The list of a view, with the names of suppliers and SKUs, searched for `words`; unusual spend of one `kind`."""
    spend = served.spend
    assert spend is not None
    if view == "by":
        table = spend.by(query)
        titles = {"supplier_id": served.supplier_names, "unique_id": served.descriptions}.get(query.by, {})
        return searched(table.assign(title=table["name"].map(titles).fillna("")), words, ("name", "title"))
    if view == "months":
        return spend.procurement.table("spend_months")
    if view == "budgets":
        return searched(spend.procurement.table("budget_outlook"), words, ("budget",))
    table = spend.procurement.table("unusual_spend")
    table = _filtered(table, query)
    if kind:
        table = table[table["kind"] == kind]
    return searched(table, words, ("order_id", "unique_id", "supplier_id", "reason"))


def _filtered(table: pd.DataFrame, query: SpendQuery) -> pd.DataFrame:
    """Unusual spend with the values and within the months that are asked for; flags say nothing of it."""
    if table.empty:
        return table
    month = table["at"].dt.strftime("%Y-%m")
    kept = (month >= query.since) & ((month <= query.until) if query.until else True)
    for name, value in query.where:
        kept &= month.eq(value) if name == "month" else table[name].fillna("").eq(value)
    return table[kept]


def _lines_part(request: Request, spend: SpendView, query: SpendQuery) -> dict[str, Any]:
    """What the page needs to show the order lines: those of one page only are read from the file."""
    rows = spend.newest_first(query)
    part = paginate(request, len(rows), ROWS_PER_PAGE)
    lines = spend.cube.lines(rows[part["start"] : part["stop"]])
    params = request.query_params
    return {
        "rows": lines.to_dict("records"),
        "headers": headers(LINES, params, "-ordered_at"),
        "part": part,
        "query": dict(params),
        "downloads": file_links(params, request.url.path),
    }


def _by(query: SpendQuery, name: str) -> SpendQuery:
    return SpendQuery(name, query.where, query.flag, query.since, query.until)


def _chips(query: SpendQuery, served: Served) -> list[tuple[str, str, str]]:
    """The filters that are set: what it is, its value, and the address without it."""
    titles = {"supplier_id": served.supplier_names, "unique_id": served.descriptions}
    chips = [
        (LABELS[name], titles.get(name, {}).get(value) or value or "not known", address(without(query, name)))
        for name, value in query.where
    ]
    if query.flag:
        plain = SpendQuery(query.by, query.where, "", query.since, query.until)
        chips.append(("only", FLAG_LABELS[query.flag], address(plain)))
    if query.since or query.until:
        plain = SpendQuery(query.by, query.where, query.flag)
        chips.append(
            ("months", f"{query.since or 'the first'} to {query.until or 'the last'}", address(plain))
        )
    return chips
