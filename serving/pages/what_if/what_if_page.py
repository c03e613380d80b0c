"""The what-if pages of a SKU and of a supplier: a form, and today's numbers beside those of the change."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from starlette.requests import Request
from starlette.responses import Response

from serving.http.problems import Problem
from serving.pages.what_if.compared_rows import compared_rows
from serving.rendering.layout import page_context
from serving.rendering.templates import render_page
from serving.state.follower import follower_of
from serving.state.served import Served
from serving.what_if.asked import Asked, ask_of_sku, ask_of_supplier
from serving.what_if.change_fields import FIELDS
from serving.what_if.read_change import entered, shared_query

MOVED = 10
"""SKUs of a supplier that the page names."""


def sku_what_if_page(request: Request) -> Response:
    """Show what a plan would say of a SKU if something were otherwise."""
    unique_id = request.path_params["unique_id"]
    served = follower_of(request).current()
    offers = served.sku_rows.inputs_of([unique_id]).offers["supplier_id"].dropna().unique().tolist()
    used = served.planned_supplier.get(unique_id)
    sellers = sorted({*offers, *([used] if used else [])})
    about: dict[str, Any] = {
        "unique_id": unique_id,
        "title": unique_id,
        "back": "skus",
        "sellers": sellers,
        "used": used,
    }
    planned = served.snapshot.plan if served.snapshot is not None else None
    own = [] if planned is None else planned.loc[planned["unique_id"] == unique_id, "order_quantity"].tolist()
    about["planned_order"] = own[0] if own else None
    return _page(request, about, lambda query: ask_of_sku(served, unique_id, query))


def supplier_what_if_page(request: Request) -> Response:
    """Show what a plan would say of all SKUs of a supplier if something were otherwise."""
    supplier_id = request.path_params["supplier_id"]
    served = follower_of(request).current()
    about: dict[str, Any] = {"title": supplier_id, "back": "suppliers", "sellers": [], "used": supplier_id}
    about |= {"unique_id": None, "planned_order": None}
    return _page(request, about, lambda query: ask_of_supplier(served, supplier_id, query))


def form_variables(served: Served) -> dict[str, Any]:
    """Return what the form of a change needs where nothing has been entered."""
    return {"fields": FIELDS, "entered_change": entered({}), "first_day": served.as_of.date()}


def _page(request: Request, about: Mapping[str, Any], ask: Callable[[Mapping[str, str]], Asked]) -> Response:
    """A what-if page: the form as it was entered, and what it comes to or what is wrong with it."""
    base, query = page_context(request), request.query_params
    refused, asked = None, None
    try:
        asked = ask(query)
    except Problem as problem:
        if problem.status != 422:
            raise
        refused = problem.detail
    more = {
        **about,
        "fields": FIELDS,
        "entered_change": entered(query),
        "first_day": base["served"].as_of.date(),
        "chosen": query.get("supplier_id") or about["used"],
        "refused": refused,
        "asked": asked,
        "shared": f"{request.url.path}?{shared_query(query)}",
        **(_compared(asked, base["currency"]) if asked else {}),
    }
    return render_page(request, "what_if.html", base | more, 422 if refused else 200)


def _compared(asked: Asked, currency: str) -> dict[str, Any]:
    """What a what-if page shows of a change: rows of numbers, the SKUs that move most, suppliers that change."""
    found = asked.what_if
    switched = found.before["supplier_id"] != found.after["supplier_id"]
    return {
        "compared": compared_rows(found, currency),
        "unplanned": int(np.isnan(found.after["reorder_point"].to_numpy(float)).sum()),
        "switched": int(switched.sum()),
        "new_supplier": found.after["supplier_id"].iloc[0] if switched.iloc[0] else None,
        "moved": found.moved_most(MOVED).to_dict("records") if len(found.before) > 1 else [],
    }
