"""Data of the page of one SKU: plan, past, forecast, projected stock, offers, open orders, from the planner itself."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from configs.formats import missing, packs, plain, price
from distributions.distribution import Distribution
from planning.assessment import Assessment
from planning.projection.stock_paths import StockPaths
from planning.tables.open_orders_table import open_orders_frame
from serving.state.lookup import known_skus
from serving.state.served import Served

_ASKED = ["unit_price", "units_per_purchase_unit", "purchase_unit", "currency", "exchange_rate"]
SHOWN_ELSEWHERE = {"unique_id", "description"}
_PAGE_NAMES = {
    "arrival_q05": "low",
    "arrival_q50": "expected",
    "arrival_q95": "high",
    "late_probability": "late_chance",
}
"""Columns of `open_orders_frame` as the page and its chart call them."""


@dataclass(frozen=True)
class SkuFacts:
    """Data that the page of one SKU shows.

    Attributes
    ----------
    plan : its row of the plan's frame, None where it could not be planned
    past : `ds, y, in_stock`
    future : `ds, end, mean, q0.05, q0.25, q0.50, q0.75, q0.95`, units per period
    projection : `ds, demand, arrivals, expected, low, high, short`: units if nothing more is ordered, and `stockout`,
        the chance of having run out by then; empty without stock
    offers : one row a lane, the chosen one first: terms, lead time and the parts of the total cost a year; `asked`
        is the price as the supplier names it, where that is in another unit or currency
    open_orders : the order's columns, the days `low, expected, high` by which it has arrived with 5, 50 and 95 %,
        `late_chance` of coming after its promise, `overdue`, `expedite_value`, money saved if it came tomorrow, and
        `never_probability`, the chance that it never comes
    """

    unique_id: str
    demand_class: str
    reason: str
    plan: pd.Series | None
    past: pd.DataFrame
    future: pd.DataFrame
    projection: pd.DataFrame
    offers: pd.DataFrame
    open_orders: pd.DataFrame


def sku_facts(served: Served, unique_id: str) -> SkuFacts:
    """Gather the data of one SKU's page, assessed as a plan run does.

    Raises
    ------
    Problem
        404 when there is no forecast for it.
    """
    rows, _ = known_skus(served, [unique_id])
    forecast = served.forecast.select(rows)
    assessment = served.planner(forecast).assess(served.inputs.of_skus([unique_id]))
    snapshot = served.snapshot
    plan = None if snapshot is None else snapshot.plan[snapshot.plan["unique_id"] == unique_id]
    past = (
        pd.DataFrame({"ds": [], "y": []})
        if snapshot is None
        else snapshot.demand[snapshot.demand["unique_id"] == unique_id]
    )
    planned = len(assessment.forecast) > 0
    return SkuFacts(
        unique_id=unique_id,
        demand_class=str(forecast.demand_class[0]),
        reason=str(forecast.reason[0]),
        plan=plan.iloc[0] if plan is not None and len(plan) else None,
        past=past,
        future=_forecast_table(served, int(rows[0])),
        projection=_projection(assessment) if planned and assessment.decision.known[0] else pd.DataFrame(),
        offers=_offers(assessment) if planned else pd.DataFrame(),
        open_orders=_open_orders(assessment) if planned else pd.DataFrame(),
    )


def _forecast_table(served: Served, row: int) -> pd.DataFrame:
    """Facts of a SKU's forecast by period: start, end, mean and quantiles in units."""
    forecast = served.forecast
    distribution = Distribution(forecast.levels, forecast.quantiles[row])
    columns = {f"q{p:.2f}": distribution.quantile(p) for p in (0.05, 0.25, 0.5, 0.75, 0.95)}
    days = {"ds": forecast.starts[:-1], "end": forecast.starts[1:]}
    return pd.DataFrame({**days, "mean": forecast.mean[row], **columns})


def _offers(assessment: Assessment) -> pd.DataFrame:
    """Facts of every offer of the SKU: its terms, lead time and all it costs a year, the chosen one first."""
    terms = assessment.lane_terms
    lanes = terms.lanes[
        [
            "supplier_id",
            "unit_price",
            "moq",
            "order_multiple",
            "max_quantity",
            "price_breaks",
            "lead_time_days",
            "payment_days",
            "rejected_share",
        ]
    ].assign(
        chosen=np.isin(np.arange(len(terms.lanes)), assessment.chosen_lane),
        lead_time=terms.lead_time.mean(),
        lead_time_sd=terms.lead_time.std(),
        source=assessment.lead_time_sources["source"].to_numpy(object),
        n_orders=assessment.lead_time_sources["n_orders"].to_numpy(),
        safety_stock_units=terms.safety_stock,
        reorder_point=terms.reorder_point,
        order_size=terms.order_size,
        asked=[_asked(*row) for row in terms.lanes[_ASKED].itertuples(index=False)],
    )
    both = pd.concat([lanes.reset_index(drop=True), terms.total_cost.frame()], axis=1)
    return both.sort_values(["chosen", "total"], ascending=[False, True], ignore_index=True)


def _asked(unit_price: float, each: float, unit: str | None, currency: str | None, rate: float) -> str:
    """Facts of an offer's price as the supplier names it: `49.00 USD per pack of 10`; empty where it is the same."""
    if missing(unit_price) or (missing(each) and (missing(rate) or rate == 1)):
        return ""
    own = price(unit_price * (1 if missing(each) else each) / (1 if missing(rate) else rate), currency or "")
    return own if missing(each) else f"{own} per {unit or 'purchase unit'} of {plain(each)}"


def in_packs(plan: pd.Series | None) -> str:
    """Facts of a planned order in the supplier's unit: `4 packs of 10 = 40`; empty where that is the SKU's own."""
    if plan is None or missing(plan.get("order_quantity_purchase_units")) or not plan["order_quantity"] > 0:
        return ""
    count, unit = plan["order_quantity_purchase_units"], plan["purchase_unit"]
    if not unit and count == plan["order_quantity"]:
        return ""
    return packs(count, unit, plan["order_quantity"] / count)


def _open_orders(assessment: Assessment) -> pd.DataFrame:
    """Facts of the SKU's open orders: the days between which they arrive with 90 %, and the chance of being late."""
    frame = open_orders_frame(assessment).assign(
        ordered_at=assessment.pipeline.orders["ordered_at"].to_numpy()
    )
    frame = frame.rename(columns=_PAGE_NAMES)
    return frame.sort_values(["expected", "order_id", "line"], ignore_index=True)


def _projection(assessment: Assessment) -> pd.DataFrame:
    """Facts of the SKU's stock by day ahead if nothing more is ordered, in the scenarios the plan is made with."""
    setting, decision = assessment.setting, assessment.decision
    reach = np.array([max(float(assessment.forecast.ends_days[-1]) - setting.elapsed, 1.0)])
    net = decision.stock.net_stock
    stock_paths = StockPaths(
        assessment.forecast, assessment.pipeline, net, reach, setting.elapsed, setting.policy.lost_sales
    )
    only, facts = np.array([0]), []
    days = stock_paths.days(only)[0]
    used = assessment.forecast.select(np.zeros(len(days), int)).mean_until(days, elapsed=setting.elapsed)
    for now in stock_paths.play(only, stock_paths.arrivals(only)):
        low, high = np.quantile(now.stock[0], [0.05, 0.95])
        arrived = float(now.supply.mean()) - float(net[0])
        means = (float(values.mean()) for values in (now.stock, now.out, now.short))
        facts.append((arrived, *means, float(low), float(high)))
    frame = pd.DataFrame(facts, columns=["arrivals", "expected", "stockout", "short", "low", "high"])
    frame.insert(0, "demand", used)
    frame.insert(0, "ds", setting.as_of.normalize() + pd.to_timedelta(np.ceil(days - 1e-6), unit="D"))
    return frame.drop_duplicates("ds", keep="last", ignore_index=True)


def extra_columns(item: pd.DataFrame) -> list[tuple[str, Any]]:
    """Facts about a SKU that its page has no other place for: what else the items table says, (column, value)."""
    if item.empty:
        return []
    row = item.iloc[0]
    return [
        (str(name), row[name]) for name in item.columns if name not in SHOWN_ELSEWHERE and pd.notna(row[name])
    ]
