"""The page of all SKUs with their proposed orders, and the page of one SKU."""

from typing import Any

import numpy as np
import pandas as pd
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from artifacts.plan_snapshot import PlanSnapshot
from database.recommendations import Recommendation, RecommendationFilter, list_recommendations
from planning.tables.stock_counts import COUNT_COLUMNS, count_note
from serving.pages.action import snooze_choices
from serving.pages.sku_facts import SkuFacts, extra_columns, in_packs, sku_facts
from serving.rendering.layout import page_context, paginate
from serving.rendering.templates import render_page
from serving.state.explanation_text import LEVEL_NOTES, NO_EXPLANATION, highlights, present_parts
from serving.state.follower import follower_of
from serving.state.lookup import sku_explanation
from serving.state.served import Served

ROWS_PER_PAGE = 100

COST_PARTS = ("price", "ordering", "cycle_stock", "safety_stock", "pipeline", "shortage", "spoilage")
SORTS = {
    "risk": ("stockout_probability", False),
    "order_by": ("order_by", True),
    "quantity": ("order_quantity", False),
    "sku": ("unique_id", True),
}


def sku_list_page(request: Request) -> Response:
    """Show the list of SKUs with stock, reorder point, proposed order and stockout risk."""
    base = page_context(request)
    served = base["served"]
    if served is None or served.snapshot is None:
        return render_page(request, "welcome.html", base)
    table = _filter_and_sort(_planned_skus(served.snapshot), request.query_params)
    part = paginate(request, len(table), ROWS_PER_PAGE)
    more = {
        "rows": table.iloc[part["start"] : part["stop"]].to_dict("records"),
        "part": part,
        "query": dict(request.query_params),
        "unanswered": len(served.snapshot.unanswered),
    }
    return render_page(request, "skus.html", base | more)


def _planned_skus(snapshot: PlanSnapshot) -> pd.DataFrame:
    """Rows of the page of all SKUs: the plan's, with each one's description and category."""
    items = snapshot.items[["unique_id", "description", "category"]].drop_duplicates("unique_id")
    return snapshot.plan.merge(items, on="unique_id", how="left")


def _filter_and_sort(table: pd.DataFrame, query: QueryParams) -> pd.DataFrame:
    """Planned SKUs that match the query's text and `show`, in the order of its `sort`."""
    needle = query.get("q", "").strip().lower()
    if needle:
        text = (
            table["unique_id"] + " " + table["description"].fillna("") + " " + table["supplier_id"].fillna("")
        )
        table = table[text.str.lower().str.contains(needle, regex=False)]
    if query.get("show") == "to_order":
        table = table[table["order_quantity"] > 0]
    column, rising = SORTS.get(query.get("sort", ""), SORTS["risk"])
    return table.sort_values([column, "unique_id"], ascending=[rising, True], na_position="last")


def sku_page(request: Request) -> Response:
    """Show one SKU: plan, demand and its explanation, projected stock, offers, open orders, actions."""
    base = page_context(request)
    served = follower_of(request).current()
    unique_id = request.path_params["unique_id"]
    facts = sku_facts(served, unique_id)
    item = served.inputs.of_skus([unique_id]).items
    actions: list[Recommendation] = []
    if base["run"] is not None:
        actions = list_recommendations(
            follower_of(request).engine,
            RecommendationFilter(unique_id=unique_id),
            today=base["today"],
            proposed=False,
        )
    more = _explanation(served, facts) | {
        "facts": facts,
        "item": item.iloc[0].to_dict() if len(item) else {},
        "plan": None if facts.plan is None else facts.plan.to_dict(),
        "in_packs": in_packs(facts.plan),
        "counted": "" if facts.plan is None else count_note(*map(facts.plan.get, COUNT_COLUMNS)),
        "future": facts.future.to_dict("records"),
        "past_mean": float(facts.past["y"].tail(8).mean()) if len(facts.past) else None,
        "projection": _evenly_spread(facts.projection, 10),
        "offers": facts.offers.to_dict("records"),
        "cost_parts": COST_PARTS,
        "open_orders": facts.open_orders.to_dict("records"),
        "actions": actions,
        "extra": extra_columns(item),
        "here": request.url.path,
        "snoozes": snooze_choices(base["today"]),
    }
    return render_page(request, "sku.html", base | more)


def _explanation(served: Served, facts: SkuFacts) -> dict[str, Any]:
    """The parts of a SKU's forecast as a table, the sentences about them, and a note on where its level is from."""
    parts = sku_explanation(served, facts.unique_id)
    return {
        "explained": parts.to_dict("records"),
        "parts": present_parts(parts) if len(parts) else [],
        "highlights": highlights(parts),
        "level_note": LEVEL_NOTES.get(facts.reason, "") if len(parts) else NO_EXPLANATION,
    }


def _evenly_spread(table: pd.DataFrame, rows: int) -> list[dict[str, Any]]:
    """At most about `rows` rows of the projection, evenly spread, the last one among them."""
    if table.empty:
        return []
    at = np.unique(np.linspace(0, len(table) - 1, rows).round().astype(int))
    found: list[dict[str, Any]] = table.iloc[at].to_dict("records")
    return found
