"""The page of one SKU: its plan and why, demand, stock, offers, open orders, actions, what if, overrides."""

from typing import Any

import numpy as np
import pandas as pd
from starlette.requests import Request
from starlette.responses import Response

from database.recommendations import Recommendation, RecommendationFilter, list_recommendations
from planning.tables.stock_counts import COUNT_COLUMNS, count_note
from serving.changes.change_rows import sku_sentence
from serving.overrides.override_view import override_rows
from serving.pages.actions.snooze_choices import snooze_choices
from serving.pages.overrides.override_list import form_variables
from serving.pages.sku.offers_table import COST_LABELS
from serving.pages.sku.past_forecasts import past_forecasts
from serving.pages.sku_facts import SkuFacts, extra_columns, in_packs, kept_facts
from serving.pages.what_if.what_if_page import form_variables as change_form_variables
from serving.rendering.layout import page_context
from serving.rendering.templates import render_page
from serving.state.business_day import business_day
from serving.state.explanation_text import LEVEL_NOTES, NO_EXPLANATION, highlights, present_parts
from serving.state.follower import follower_of
from serving.state.lookup import sku_explanation
from serving.state.served import Served


def sku_page(request: Request) -> Response:
    """Show one SKU: plan, demand and its explanation, projected stock, offers, open orders, actions."""
    base = page_context(request)
    known, unique_id = follower_of(request).precomputed(), request.path_params["unique_id"]
    served, facts = known.served, kept_facts(known, unique_id)
    item = served.sku_rows.inputs_of([unique_id]).items
    actions: list[Recommendation] = []
    if base["run"] is not None:
        actions = list_recommendations(
            follower_of(request).engine,
            RecommendationFilter(unique_id=unique_id),
            today=base["today"],
            proposed=False,
        )
        actions += _talks(request, served, unique_id)
    accuracy = past_forecasts(served, unique_id)
    more = _explanation(served, facts) | {
        "facts": facts,
        "item": item.iloc[0].to_dict() if len(item) else {},
        "plan": None if facts.plan is None else facts.plan.to_dict(),
        "in_packs": in_packs(facts.plan),
        "changed": "" if served.snapshot is None else sku_sentence(served.snapshot, unique_id),
        "counted": "" if facts.plan is None else count_note(*map(facts.plan.get, COUNT_COLUMNS)),
        "future": facts.future.to_dict("records"),
        "past_mean": float(facts.past["y"].tail(8).mean()) if len(facts.past) else None,
        "projection": _evenly_spread(facts.projection, 10),
        "offers": facts.offers.to_dict("records"),
        "cost_labels": COST_LABELS,
        "ordered": facts.ordered,
        "season": facts.season.to_dict("records"),
        "classes": facts.classes,
        "accuracy": accuracy,
        "ahead": accuracy.one_ahead.to_dict("records"),
        "sellers": facts.offers["supplier_id"].tolist() if len(facts.offers) else [],
        **change_form_variables(served),
        "open_orders": facts.open_orders.to_dict("records"),
        "actions": actions,
        "overrides": override_rows(follower_of(request).engine, served, unique_id),
        **form_variables(base["today"]),
        "extra": extra_columns(item),
        "here": request.url.path,
        "snoozes": snooze_choices(base["today"]),
    }
    return render_page(request, "sku.html", base | more)


def _talks(request: Request, served: Served, unique_id: str) -> list[Recommendation]:
    """Actions about the supplier that a SKU is bought from which it is a line of, those still proposed."""
    where = RecommendationFilter(unique_id="", supplier_id=served.planned_supplier.get(unique_id, ""))
    found = list_recommendations(follower_of(request).engine, where, today=business_day(served.run))
    return [
        action
        for action in found
        if any(line.get("unique_id") == unique_id for line in action.facts.get("lines") or [])
    ]


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
