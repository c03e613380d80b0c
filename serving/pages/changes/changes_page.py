"""The page of what changed since an earlier plan: totals, causes, SKUs with the parts of their changes, actions."""

from typing import Any

import pandas as pd
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from artifacts.plan_comparison import PlanComparison
from planning.changes.causes import CAUSES, MEANINGS
from planning.changes.change_sentences import WORDS, change_sentence
from planning.changes.plan_changes import NUMBERS, sku_parts
from serving.changes.change_rows import ChangeFilter, by_cause, filtered, totals
from serving.changes.compared_plans import comparison_since, kept_runs
from serving.http.problems import Problem
from serving.pages.changes.change_bars import HALF, change_bar
from serving.rendering.layout import page_context
from serving.rendering.listing import Column, list_part, sorted_table
from serving.rendering.templates import render_page
from serving.state.follower import follower_of

SHOWN_ACTIONS = 50
"""Actions on the page; all of them are in the Excel file."""

COLUMNS = (
    Column("unique_id", "SKU"),
    Column("supplier_id", "supplier"),
    Column("reorder_point", "reorder point", numeric=True, rising=False, hint="units"),
    Column("order_quantity", "order", numeric=True, rising=False, hint="units"),
    Column("order_money", "order, money", numeric=True, rising=False, hint="by how much the order rose"),
    Column("money", "money moved", numeric=True, rising=False, hint="of reorder point and order together"),
)
_FIRST = "-money"

WHY_GONE = {
    "approved": "approved",
    "deadline_passed": "its deadline has passed",
    "replaced": "another action of the SKU is better",
    "not_worth_it": "no longer worth it",
}
"""Why an action is gone → what the page says."""


def changes_page(request: Request) -> Response:
    """Show what changed since the plan before, or since the one that the query names."""
    base = page_context(request)
    served = base["served"]
    if served is None or served.snapshot is None:
        return render_page(request, "welcome.html", base)
    query = request.query_params
    compared = comparison_since(follower_of(request), query.get("since"))
    shown = shown_skus(compared, query)
    part = list_part(request, shown, COLUMNS, _FIRST)
    kept = kept_runs(follower_of(request), base["run"])
    more = {
        "compared": compared,
        "totals": totals(shown),
        "causes": by_cause(shown),
        "rows": [_row(row) for row in part["rows"]],
        "actions": compared.actions.head(SHOWN_ACTIONS).to_dict("records"),
        "moved_actions": compared.actions["change"].value_counts().to_dict(),
        "more_actions": max(len(compared.actions) - SHOWN_ACTIONS, 0),
        "why_gone": WHY_GONE,
        "suppliers": sorted(_suppliers(compared.skus)),
        "kept": kept,
        "all_causes": CAUSES,
        "words": WORDS,
        "meanings": MEANINGS,
        "bar_width": 2 * HALF,
    }
    return render_page(request, "changes.html", base | part | more)


def shown_skus(compared: PlanComparison, query: QueryParams) -> pd.DataFrame:
    """Changed SKUs that match the query's cause, supplier and text, in the order of its `sort`."""
    cause = query.get("cause", "")
    if cause and cause not in CAUSES:
        raise Problem(422, "invalid_request", f"cause is {cause!r}; the causes are {', '.join(CAUSES)}")
    where = ChangeFilter(cause, query.get("supplier_id", ""), query.get("q", "").strip())
    found = filtered(compared.skus, where)
    return sorted_table(found.sort_values("unique_id", kind="stable"), COLUMNS, query, _FIRST)


def _row(row: dict[str, Any]) -> dict[str, Any]:
    """A row of the page: a changed SKU with the bars of its changes and what they say."""
    bars = {number: change_bar(sku_parts(row, number)) for number in NUMBERS}
    return row | {"bars": bars, "sentence": change_sentence(row)}


def _suppliers(skus: pd.DataFrame) -> set[str]:
    """Suppliers of changed SKUs, now or before."""
    return set(skus["supplier_id"].dropna()) | set(skus["supplier_before"].dropna())
