"""The ledger page: approved actions, in which state each is, what it promised and what it brought, added up."""

from typing import Any
from urllib.parse import urlencode

import pandas as pd
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from serving.rendering.layout import page_context
from serving.rendering.listing import Column, list_part, searched
from serving.rendering.templates import render_page
from serving.state.follower import follower_of
from serving.state.ledger_view import (
    BY,
    FILTERS,
    STATES,
    filtered_ledger,
    ledger_table,
    ledger_total,
    ledger_totals,
)

COLUMNS = (
    Column("title", "action"),
    Column("state", "state"),
    Column("agreed_on", "approved", rising=False),
    Column("in_effect_on", "in effect", rising=False),
    Column("ended_on", "ended", rising=False, hint="realised, or lapsed"),
    Column("promised", "promised", numeric=True, rising=False, hint="for the days that are measured"),
    Column("realised", "realised", numeric=True, rising=False, hint="beside what would have been without it"),
    Column("person", "whose"),
)
FIRST = "-agreed_on"
_TEXTS = ("title", "unique_id", "supplier_id", "alternative_supplier_id", "person")


def ledger_page(request: Request) -> Response:
    """Show the ledger of actions, filtered and sorted as the query says."""
    base = page_context(request)
    if base["served"] is None or base["run"] is None:
        return render_page(request, "welcome.html", base)
    whole, query = ledger_table(follower_of(request)), request.query_params
    table, by = asked_ledger(whole, query), query.get("by", "lever")
    more: dict[str, Any] = {
        "whole": len(whole),
        "total": ledger_total(table),
        "by": by,
        "ways": list(BY),
        "totals": ledger_totals(table, by).to_dict("records"),
        "states": STATES,
        "choices": {
            name: sorted(set(whole[name].dropna())) for name in ("kind", "supplier_id", "person", "month")
        },
        "factors": base["run"].facts.get("lever_factors") or [],
        "chart_query": urlencode(
            {**{name: query[name] for name in ("q", *FILTERS) if query.get(name)}, "plan": base["run"].id}
        ),
        "chart": bool(table["realised"].notna().any()),
        "filtered": len(table) < len(whole),
    }
    return render_page(request, "ledger.html", base | more | list_part(request, table, COLUMNS, FIRST))


def asked_ledger(whole: pd.DataFrame, query: QueryParams) -> pd.DataFrame:
    """Rows of the ledger page that a query asks for."""
    return searched(filtered_ledger(whole, query), query.get("q", ""), _TEXTS)
