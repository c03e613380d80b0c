"""The page of one supplier: scorecard, lead times, open orders, SKUs bought, actions."""

from typing import Any

import pandas as pd
from starlette.requests import Request
from starlette.responses import Response

from charts.lead_time_bins import lead_time_bins
from database.recommendations import RecommendationFilter, list_recommendations
from serving.http.problems import Problem
from serving.pages.actions.snooze_choices import snooze_choices
from serving.pages.supplier.lead_time_changes import CHANGED, change_words
from serving.pages.what_if.what_if_page import form_variables
from serving.rendering.layout import page_context
from serving.rendering.templates import render_page
from serving.state.follower import follower_of
from serving.state.lookup import supplier_report_of
from serving.state.served import Served
from serving.state.supplier_orders import order_tables, supplier_lead_time

MAX_SKUS = 50


def supplier_page(request: Request) -> Response:
    """Show one supplier: scorecard, lead times, open orders, SKUs bought, and actions."""
    base, supplier_id = page_context(request), request.path_params["supplier_id"]
    served = follower_of(request).current()
    card = served.scorecard[served.scorecard["supplier_id"] == supplier_id]
    if card.empty or served.snapshot is None:
        raise Problem(404, "unknown_supplier", f"no supplier {supplier_id}; /suppliers lists those there are")
    actions = list_recommendations(
        follower_of(request).engine,
        RecommendationFilter(supplier_id=supplier_id),
        today=base["today"],
        proposed=False,
    )
    more = (
        _report_tables(served, supplier_id)
        | _lead_time(served, supplier_id)
        | order_tables(served, supplier_id)
        | {
            "card": card.iloc[0].to_dict(),
            "changed_now": card.iloc[0]["state"] in CHANGED,
            "change_words": change_words(card.iloc[0].to_dict()),
            **form_variables(served),
            "about": _other_columns(served, supplier_id),
            "actions": actions,
            "here": request.url.path,
            "snoozes": snooze_choices(base["today"]),
        }
    )
    return render_page(request, "supplier.html", base | more)


def _report_tables(served: Served, supplier_id: str) -> dict[str, Any]:
    """The supplier report's tables of one supplier: changes, internal delay, SKUs bought."""
    report = supplier_report_of(served)
    tables = {
        name: table[table["supplier_id"] == supplier_id].to_dict("records")
        for name, table in (
            ("changes", report.scorecard.flags),
            ("delays", report.internal_delay),
            ("bought", report.sku_risk),
        )
    }
    return tables | {
        "bought": tables["bought"][:MAX_SKUS],
        "not_measured": report.scorecard.not_measured,
        "ranked": int(report.table["rank"].notna().sum()),
    }


def _lead_time(served: Served, supplier_id: str) -> dict[str, Any]:
    """Histogram of a supplier's lead times, and the distribution of its next order's, in days."""
    days, distribution, source = supplier_lead_time(served, supplier_id)
    edges, counts = lead_time_bins(days)
    return {
        "bins": [
            {"from": low, "to": high, "orders": count}
            for low, high, count in zip(edges[:-1], edges[1:], counts, strict=True)
            if count
        ],
        "lead_time_quantiles": {
            p: float(distribution.quantile(p)[0]) for p in (0.05, 0.25, 0.5, 0.75, 0.9, 0.95)
        },
        "lead_time_mean": float(distribution.mean()[0]),
        "lead_time_sd": float(distribution.std()[0]),
        "source": source,
        "agreed": _agreed(served, supplier_id),
    }


def _agreed(served: Served, supplier_id: str) -> dict[str, int]:
    """What was agreed about the lead times of one supplier, as its page says it, and for how many SKUs."""
    offers = served.inputs.offers
    if "agreed_lead_note" not in offers:
        return {}
    notes = offers.loc[offers["supplier_id"] == supplier_id, "agreed_lead_note"].dropna()
    return {str(note): int(count) for note, count in notes.value_counts().items()}


def _other_columns(served: Served, supplier_id: str) -> dict[str, Any]:
    """What else the suppliers table says on the page of one supplier, column → value."""
    assert served.snapshot is not None
    suppliers = served.snapshot.suppliers
    rows = suppliers[suppliers["supplier_id"] == supplier_id]
    if rows.empty:
        return {}
    return {
        name: value
        for name, value in rows.iloc[0].items()
        if name not in {"supplier_id", "name"} and pd.notna(value)
    }
