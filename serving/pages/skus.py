"""The list of SKUs, and the page of one."""

from typing import Any

import numpy as np
import pandas as pd
from starlette.requests import Request
from starlette.responses import Response

from database.recommendations import Wanted
from database.recommendations import listing as actions
from serving.api.explanation import BORROWED, NO_EXPLANATION, present_parts, sku_explanation, telling
from serving.http.web import page
from serving.pages.frame import context, follower_of, pages
from serving.pages.sku_facts import sku_facts
from serving.pages.worklist import snooze_choices

ROWS = 100

COST_PARTS = ("price", "ordering", "cycle_stock", "safety_stock", "pipeline", "shortage", "spoilage")
SORTS = {
    "risk": ("stockout_probability", False),
    "order_by": ("order_by", True),
    "quantity": ("order_quantity", False),
    "sku": ("unique_id", True),
}


def listing(request: Request) -> Response:
    """Show all SKUs with what is proposed for each."""
    frame = context(request)
    served = frame["served"]
    if served is None or served.snapshot is None:
        return page(request, "welcome.html", frame)
    query = request.query_params
    items = served.snapshot.items[["unique_id", "description", "category"]].drop_duplicates("unique_id")
    table = served.snapshot.plan.merge(items, on="unique_id", how="left")
    needle = query.get("q", "").strip().lower()
    if needle:
        text = (
            table["unique_id"] + " " + table["description"].fillna("") + " " + table["supplier_id"].fillna("")
        )
        table = table[text.str.lower().str.contains(needle, regex=False)]
    if query.get("show") == "to_order":
        table = table[table["order_quantity"] > 0]
    column, rising = SORTS.get(query.get("sort", ""), SORTS["risk"])
    table = table.sort_values([column, "unique_id"], ascending=[rising, True], na_position="last")
    part = pages(request, len(table), ROWS)
    more = {
        "rows": table.iloc[part["start"] : part["stop"]].to_dict("records"),
        "part": part,
        "query": dict(query),
        "unanswered": len(served.snapshot.unanswered),
    }
    return page(request, "skus.html", frame | more)


def show(request: Request) -> Response:
    """Show one SKU."""
    frame = context(request)
    served = follower_of(request).current()
    unique_id = request.path_params["unique_id"]
    facts = sku_facts(served, unique_id)
    item = served.inputs_of([unique_id]).items
    proposed: list[Any] = []
    if frame["run"] is not None:
        proposed = actions(
            follower_of(request).engine, Wanted(unique_id=unique_id), today=frame["today"], proposed=False
        )
    parts = sku_explanation(served, unique_id)
    more = {
        "facts": facts,
        "explained": parts.to_dict("records"),
        "parts": present_parts(parts) if len(parts) else [],
        "told": telling(parts),
        "borrowed": BORROWED.get(facts.reason, "") if len(parts) else NO_EXPLANATION,
        "item": item.iloc[0].to_dict() if len(item) else {},
        "plan": None if facts.plan is None else facts.plan.to_dict(),
        "future": facts.future.to_dict("records"),
        "past_mean": float(facts.past["y"].tail(8).mean()) if len(facts.past) else None,
        "projection": _every(facts.projection, 10),
        "offers": facts.offers.to_dict("records"),
        "cost_parts": COST_PARTS,
        "open_orders": facts.open_orders.to_dict("records"),
        "actions": proposed,
        "extra": extra_columns(item),
        "here": request.url.path,
        "snoozes": snooze_choices(frame["today"]),
    }
    return page(request, "sku.html", frame | more)


def _every(table: pd.DataFrame, rows: int) -> list[dict[str, Any]]:
    """At most about `rows` rows, evenly spread, the last one among them."""
    if table.empty:
        return []
    at = np.unique(np.linspace(0, len(table) - 1, rows).round().astype(int))
    found: list[dict[str, Any]] = table.iloc[at].to_dict("records")
    return found


SHOWN_ELSEWHERE = {"unique_id", "description"}


def extra_columns(item: pd.DataFrame) -> list[tuple[str, Any]]:
    """What else the items table says about the SKU, as (name, value)."""
    if item.empty:
        return []
    row = item.iloc[0]
    return [
        (str(name), row[name]) for name in item.columns if name not in SHOWN_ELSEWHERE and pd.notna(row[name])
    ]
