"""The chart images of all pages, as SVG: they follow light and dark and need no inline style."""

from collections.abc import Callable
from typing import Any

import pandas as pd
from matplotlib.figure import Figure
from starlette.requests import Request
from starlette.responses import Response

from charts.calibration import calibration_chart
from charts.canvas import to_svg
from charts.demand import fan_chart, stock_projection
from charts.forecast_explanation import explanation_chart
from charts.lead_time import arrivals_chart, lead_time_histogram
from charts.live_loss import live_loss_chart
from charts.offer_costs import offer_costs_chart
from charts.season import season_chart
from configs.formats import quantity
from distributions.levels import BACKTEST_LEVELS
from serving.http.problems import Problem
from serving.pages.calibration import SUMS, quantile_column, scores_by_class
from serving.pages.monitor import monitor_report_of
from serving.pages.sku.offers_table import COST_LABELS
from serving.pages.sku.past_forecasts import past_forecasts
from serving.pages.sku_facts import SkuFacts, kept_facts
from serving.precomputed.precomputed import Precomputed
from serving.state.explanation_text import present_parts
from serving.state.follower import follower_of
from serving.state.lookup import sku_explanation
from serving.state.served import Served
from serving.state.supplier_orders import arrivals_of_open_orders, supplier_lead_time

MAX_ORDERS = 20
_WITHOUT_ORDER = ["ds", "expected", "low", "high"]

_SVG_HEADERS = {
    # An image's own colours are styles inside it; nothing of it is run or loaded.
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
    "cache-control": "private, max-age=86400",  # its address names model and plan
}


def sku_chart_image(request: Request) -> Response:
    """Draw a chart image of one SKU: fan, parts, stock, season, offers or arrivals."""
    unique_id, chart = request.path_params["unique_id"], request.path_params["chart"]
    charts = {
        "fan": _demand_fan,
        "parts": _explanation_parts,
        "stock": _projected_stock,
        "season": _season,
        "offers": _offer_costs,
        "arrivals": _sku_arrivals,
    }
    draw = charts.get(chart)
    known = follower_of(request).precomputed()
    return kept_svg(
        known,
        ("sku", chart, unique_id),
        lambda: None if draw is None else draw(known.served, kept_facts(known, unique_id)),
    )


def kept_svg(known: Precomputed, name: tuple[str, ...], draw: Callable[[], Figure | None]) -> Response:
    """Return an image response of a chart that is drawn once for a plan run; 404 where there is none."""
    drawn = known.charts.get(name)
    if drawn is None:
        drawn = _drawn(draw())
        known.charts.keep(name, drawn)
    return Response(drawn, headers=_SVG_HEADERS, media_type="image/svg+xml")


def svg_response(figure: Figure | None) -> Response:
    """Return a figure as an SVG image response; 404 where there is none."""
    return Response(_drawn(figure), headers=_SVG_HEADERS, media_type="image/svg+xml")


def _drawn(figure: Figure | None) -> bytes:
    """The chart as the bytes of an SVG image; 404 where there is none."""
    if figure is None:
        raise Problem(404, "no_such_chart", "there is no such chart, or nothing to draw in it")
    return to_svg(figure).encode()


def _day(plan: pd.Series | None, column: str) -> pd.Timestamp | None:
    """A day in a SKU's plan row, None where it has none."""
    value: Any = None if plan is None else plan[column]
    return None if value is None or pd.isna(value) else pd.Timestamp(value)


def _demand_fan(served: Served, facts: SkuFacts) -> Figure:
    """Fan chart of a SKU's past demand, what was expected of it, and its forecast."""
    # The forecast, not the past, is what readers look for: it gets at least a fifth of the width.
    past = facts.past.tail(max(4 * len(facts.future), 26))
    ahead = past_forecasts(served, facts.unique_id).one_ahead
    if len(ahead):
        past = past.merge(ahead[["ds", "mean"]].rename(columns={"mean": "forecast"}), on="ds", how="left")
    return fan_chart(
        past,
        facts.future,
        title="Demand",
        order_by=_day(facts.plan, "order_by"),
        year_before=facts.year_before,
    )


def _explanation_parts(served: Served, facts: SkuFacts) -> Figure | None:
    """Chart of the parts of a SKU's expected demand, None without an explanation."""
    table = sku_explanation(served, facts.unique_id)
    if table.empty:
        return None
    return explanation_chart(table, present_parts(table), title="What the forecast is made of")


def _projected_stock(_: Served, facts: SkuFacts) -> Figure | None:
    """Chart of a SKU's projected stock with order and stockout days, None where its stock is not known."""
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
        facts.projection if facts.ordered > 0 else facts.projection[_WITHOUT_ORDER],
        title="Stock without and with today's order"
        if facts.ordered > 0
        else "Stock if nothing more is ordered",
        reorder_point=point,
        **inside,
    )


def _season(_: Served, facts: SkuFacts) -> Figure | None:
    """Chart of a SKU's season by month, None where the model knows no year ahead."""
    return season_chart(facts.season, title="Season") if len(facts.season) else None


def _offer_costs(served: Served, facts: SkuFacts) -> Figure | None:
    """Chart of the yearly cost of each offer of a SKU, None with fewer than two priced ones."""
    priced = facts.offers.dropna(subset=["total"]) if len(facts.offers) else facts.offers
    if len(priced) < 2:
        return None
    return offer_costs_chart(
        priced, tuple(COST_LABELS)[1:], title="Offers compared", currency=served.currency, names=COST_LABELS
    )


def _sku_arrivals(served: Served, facts: SkuFacts) -> Figure | None:
    """Chart of the days on which a SKU's open orders are likely to arrive, None without any."""
    if facts.open_orders.empty:
        return None
    rows = facts.open_orders.head(MAX_ORDERS)
    labels = rows["order_id"] + " · " + rows["quantity_open"].map(quantity)
    return arrivals_chart(rows.assign(label=labels), as_of=served.as_of, title="When open orders arrive")


def supplier_chart_image(request: Request) -> Response:
    """Draw a chart image of one supplier: lead_time or arrivals."""
    known, chart = follower_of(request).precomputed(), request.path_params["chart"]
    if known.served.snapshot is None:
        raise Problem(404, "no_such_chart", "nothing has been planned yet; run `purvey plan`")
    supplier_id = request.path_params["supplier_id"]
    draw = {"lead_time": _lead_time_histogram, "arrivals": _supplier_arrivals}.get(chart)
    return kept_svg(
        known,
        ("supplier", chart, supplier_id),
        lambda: None if draw is None else draw(known.served, supplier_id),
    )


def _lead_time_histogram(served: Served, supplier_id: str) -> Figure:
    """Histogram of a supplier's lead times beside its promise and the learned distribution."""
    days, distribution, _ = supplier_lead_time(served, supplier_id)
    card = served.scorecard[served.scorecard["supplier_id"] == supplier_id]
    promised = card["promised_days"].dropna()
    promise = float(promised.iloc[0]) if len(promised) else None
    return lead_time_histogram(
        days,
        title="Lead time against promise",
        promise=promise,
        levels=distribution.levels,
        quantiles=distribution.values[0],
    )


def _supplier_arrivals(served: Served, supplier_id: str) -> Figure | None:
    """Chart of the days on which a supplier's open orders are likely to arrive, None without any."""
    rows = arrivals_of_open_orders(served, served.orders_of(supplier_id)).head(MAX_ORDERS)
    if rows.empty:
        return None
    return arrivals_chart(
        rows.assign(label=rows["order_id"] + " · " + rows["unique_id"]),
        as_of=served.as_of,
        title="Open orders",
    )


def calibration_chart_image(request: Request) -> Response:
    """Draw the chart image of calibration: of periods or of running sums, overall and by demand class."""
    name, scores = request.path_params["chart"], follower_of(request).current().bundle.scores
    if name not in SUMS or scores is None:
        return svg_response(None)
    rows = scores_by_class(scores, sums=SUMS[name])
    columns = [quantile_column(level) for level in BACKTEST_LEVELS]
    observed = {row["demand_class"] or "all": [row[c] for c in columns] for row in rows}
    titles = {"periods": "Demand of a period", "sums": "Demand of running sums"}
    return svg_response(calibration_chart(BACKTEST_LEVELS, observed, title=titles[name]) if rows else None)


def live_loss_chart_image(request: Request) -> Response:
    """Draw the chart image of live loss: that of each period since training against the backtest's band."""
    report = monitor_report_of(request)
    if report is None or not report["periods"]:
        return svg_response(None)
    periods = pd.DataFrame(report["periods"])
    losses = ["scaled_pinball", "usual", "low", "high"]
    periods[losses] = periods[losses].astype(float)
    return svg_response(
        live_loss_chart(periods.assign(ds=pd.to_datetime(periods["ds"])), title="Forecast errors")
    )
