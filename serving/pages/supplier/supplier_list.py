"""The list of all suppliers: scorecards sorted by a header, those that have changed lately, and the risk heat map."""

from dataclasses import replace

import pandas as pd
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from serving.pages.supplier.lead_time_changes import change_words, changed_lately
from serving.pages.supplier_risk import heat_map
from serving.rendering.layout import page_context
from serving.rendering.listing import Column, list_part, searched, sorted_table
from serving.rendering.templates import render_page
from serving.state.lookup import supplier_report_of

PER_PAGE = 200

COLUMNS = (
    Column("rank", "rank", numeric=True, hint="by score; 1 is the best"),
    Column("score", "score, of 100", numeric=True, rising=False, hint="perfect order rate"),
    Column("supplier_id", "supplier"),
    Column("name", "name"),
    Column("region", "region"),
    Column("state", "lead time is"),
    Column("orders", "order lines", numeric=True, rising=False),
    Column("late_open_orders", "lines late now", numeric=True, rising=False),
    Column("on_time_rate", "on time", numeric=True),
    Column("contract_rate", "within contract", numeric=True),
    Column("lead_time_mean", "lead time, days", numeric=True, hint="mean ± standard deviation"),
    Column("lead_time_p90", "90% within, days", numeric=True, rising=False),
    Column("lead_time_trend", "trend a year", numeric=True, rising=False),
    Column("fill_rate", "fill rate", numeric=True),
    Column("defect_rate", "defects", numeric=True, rising=False),
    Column("single_source_skus", "single source, SKUs", numeric=True, rising=False),
    Column("spend", "spend", numeric=True, rising=False),
)


def supplier_list_page(request: Request) -> Response:
    """Show the list of suppliers: scorecards, changes of lead time, and the risk heat map."""
    base = page_context(request)
    served = base["served"]
    if served is None or served.snapshot is None:
        return render_page(request, "welcome.html", base)
    report = supplier_report_of(served)
    lately, earlier = (
        table.assign(says=[change_words(row) for row in table.to_dict("records")]).to_dict("records")
        for table in changed_lately(report.table, served.as_of)
    )
    more = {
        "lately": lately,
        "earlier": earlier,
        "heat": heat_map(report),
        "not_measured": report.scorecard.not_measured,
    }
    part = list_part(request, _matching(report.table, request.query_params), COLUMNS, "rank", PER_PAGE)
    part["headers"]["spend"] = replace(part["headers"]["spend"], label=f"spend, {base['currency']}")
    return render_page(request, "suppliers.html", base | more | part)


def shown_suppliers(table: pd.DataFrame, query: QueryParams) -> pd.DataFrame:
    """Return the suppliers that the list shows, in its order, all pages of it."""
    return sorted_table(_matching(table, query), COLUMNS, query, "rank")


def _matching(table: pd.DataFrame, query: QueryParams) -> pd.DataFrame:
    """Suppliers of the list with the searched words in id, name or region."""
    return searched(table, query.get("q", ""), ("supplier_id", "name", "region"))
