"""The charts of the pages, as SVG pictures of their own: they follow light and dark and need no inline style."""

from typing import Any

import pandas as pd
from matplotlib.figure import Figure
from starlette.requests import Request
from starlette.responses import Response

from charts.canvas import to_svg
from charts.demand import fan_chart, stock_projection
from charts.explanation import parts_chart
from charts.lead_time import arrivals_chart, lead_time_histogram
from charts.offers import offers_chart
from serving.api.explanation import present_parts, sku_explanation
from serving.http.problems import Problem
from serving.pages.frame import follower_of
from serving.pages.sku_facts import SkuFacts, sku_facts
from serving.pages.skus import COST_PARTS
from serving.pages.suppliers import open_lines, supplier_lead_time, supplier_orders
from serving.state.served import Served

MOST_ORDERS = 20

_SVG_HEADERS = {
    # A picture's own colours are styles inside it; nothing of it is run or loaded.
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
    "cache-control": "private, max-age=86400",  # its address names model and plan
}


def of_sku(request: Request) -> Response:
    """Draw a chart of one SKU: fan, parts, stock, offers or arrivals."""
    served = follower_of(request).current()
    facts = sku_facts(served, request.path_params["unique_id"])
    charts = {"fan": _fan, "parts": _parts, "stock": _stock, "offers": _offers, "arrivals": _arrivals}
    draw = charts.get(request.path_params["chart"])
    return picture(None if draw is None else draw(served, facts))


def picture(figure: Figure | None) -> Response:
    """Answer with the figure as SVG; 404 where there is none."""
    if figure is None:
        raise Problem(404, "no_such_chart", "there is no such chart, or nothing to draw in it")
    return Response(to_svg(figure), headers=_SVG_HEADERS, media_type="image/svg+xml")


def _day(plan: pd.Series | None, column: str) -> pd.Timestamp | None:
    value: Any = None if plan is None else plan[column]
    return None if value is None or pd.isna(value) else pd.Timestamp(value)


def _fan(_: Served, facts: SkuFacts) -> Figure:
    # The fan, not the past, is what is asked about: it gets at least a fifth of the width.
    past = facts.past.tail(max(4 * len(facts.future), 26))
    return fan_chart(past, facts.future, title="Demand", order_by=_day(facts.plan, "order_by"))


def _parts(served: Served, facts: SkuFacts) -> Figure | None:
    table = sku_explanation(served, facts.unique_id)
    if table.empty:
        return None
    return parts_chart(table, present_parts(table), title="What the forecast is made of")


def _stock(_: Served, facts: SkuFacts) -> Figure | None:
    if facts.projection.empty:
        return None
    last = facts.projection["ds"].iloc[-1]
    days = {
        name: _day(facts.plan, column)
        for name, column in (("order_by", "order_by"), ("stockout", "stockout_date"))
    }
    inside = {name: day if day is not None and day <= last else None for name, day in days.items()}
    point = None if facts.plan is None else float(facts.plan["reorder_point"])
    return stock_projection(
        facts.projection, title="Stock if nothing more is ordered", reorder_point=point, **inside
    )


def _offers(served: Served, facts: SkuFacts) -> Figure | None:
    priced = facts.offers.dropna(subset=["total"]) if len(facts.offers) else facts.offers
    if len(priced) < 2:
        return None
    return offers_chart(priced, COST_PARTS[1:], title="Offers compared", currency=served.currency)


def _arrivals(served: Served, facts: SkuFacts) -> Figure | None:
    if facts.open_orders.empty:
        return None
    rows = facts.open_orders.head(MOST_ORDERS)
    labels = rows["order_id"] + " · " + rows["quantity_open"].map("{:,.0f}".format)
    return arrivals_chart(rows.assign(label=labels), as_of=served.as_of, title="When open orders arrive")


def of_supplier(request: Request) -> Response:
    """Draw a chart of one supplier: lead_time or arrivals."""
    served = follower_of(request).current()
    if served.snapshot is None:
        raise Problem(404, "no_such_chart", "nothing has been planned yet; run `purvey plan`")
    draw = {"lead_time": _lead_time, "arrivals": _supplier_arrivals}.get(request.path_params["chart"])
    return picture(None if draw is None else draw(served, request.path_params["supplier_id"]))


def _lead_time(served: Served, supplier_id: str) -> Figure:
    days, law, _ = supplier_lead_time(served, supplier_id)
    card = served.scorecard[served.scorecard["supplier_id"] == supplier_id]
    promised = card["promised_days"].dropna()
    promise = float(promised.iloc[0]) if len(promised) else None
    return lead_time_histogram(
        days, title="Lead time against promise", promise=promise, levels=law.levels, quantiles=law.values[0]
    )


def _supplier_arrivals(served: Served, supplier_id: str) -> Figure | None:
    rows = open_lines(served, supplier_orders(served, supplier_id)).head(MOST_ORDERS)
    if rows.empty:
        return None
    return arrivals_chart(
        rows.assign(label=rows["order_id"] + " · " + rows["unique_id"]),
        as_of=served.as_of,
        title="Open orders",
    )
