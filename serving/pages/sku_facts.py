"""Data of the page of one SKU: plan, past, forecast, projected stock, offers, open orders, from the planner itself."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from configs.formats import missing, packs
from distributions.distribution import Distribution
from planning.assessment import Assessment
from planning.tables.open_orders_table import open_orders_frame
from serving.pages.sku.offers_table import offers_table
from serving.pages.sku.seasons import season_profile, variability_class, year_before
from serving.pages.sku.stock_ahead import stock_ahead
from serving.precomputed.precomputed import Precomputed
from serving.state.lookup import known_skus
from serving.state.served import Served

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
    year_before : `ds, y` of the same season a year before
    season : the year month by month, as `serving.pages.sku.seasons.season_profile`
    classes : `abc` by the money its use comes to, `xyz` by how much demand varies, `variation` its coefficient
    ordered : units ordered today
    projection : as `serving.pages.sku.stock_ahead.stock_ahead`; empty without stock
    offers : as `serving.pages.sku.offers_table.offers_table`
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
    year_before: pd.DataFrame
    season: pd.DataFrame
    classes: dict[str, Any]
    ordered: float
    projection: pd.DataFrame
    offers: pd.DataFrame
    open_orders: pd.DataFrame


def kept_facts(known: Precomputed, unique_id: str) -> SkuFacts:
    """The data of one SKU's page, gathered once for the page and its charts; raises as `sku_facts`."""
    facts: SkuFacts = known.skus.get(unique_id, lambda: sku_facts(known.served, unique_id))
    return facts


def sku_facts(served: Served, unique_id: str) -> SkuFacts:
    """Gather the data of one SKU's page, assessed as a plan run does.

    Raises
    ------
    Problem
        404 when there is no forecast for it.
    """
    rows, _ = known_skus(served, [unique_id])
    forecast = served.forecast.select(rows)
    assessment = served.planner(forecast).assess(served.sku_rows.inputs_of([unique_id]))
    snapshot = served.snapshot
    plan = None if snapshot is None else snapshot.plan[snapshot.plan["unique_id"] == unique_id]
    past = served.sku_rows.demand_of(unique_id)
    planned = len(assessment.forecast) > 0
    row = plan.iloc[0] if plan is not None and len(plan) else None
    ordered = _ordered(row, assessment)
    return SkuFacts(
        unique_id=unique_id,
        demand_class=str(forecast.demand_class[0]),
        reason=str(forecast.reason[0]),
        plan=row,
        past=past,
        future=_forecast_table(served, int(rows[0])),
        year_before=year_before(past, pd.DatetimeIndex(forecast.starts[:-1])),
        season=season_profile(forecast),
        classes=_classes(served, unique_id, past),
        ordered=ordered,
        projection=stock_ahead(assessment, ordered)
        if planned and assessment.decision.known[0]
        else pd.DataFrame(),
        offers=offers_table(assessment) if planned else pd.DataFrame(),
        open_orders=_open_orders(assessment) if planned else pd.DataFrame(),
    )


def _ordered(plan: pd.Series | None, assessment: Assessment) -> float:
    """Units ordered today as the SKU's facts have it: the plan's, with its supplier's order; else its own alone."""
    if plan is None and not len(assessment.forecast):
        return 0.0
    quantity = assessment.decision.quantity[0] if plan is None else plan["order_quantity"]
    return 0.0 if missing(quantity) else float(quantity)


def _classes(served: Served, unique_id: str, past: pd.DataFrame) -> dict[str, Any]:
    """Facts of a SKU's classes: ABC as the supplier report has it (empty for what is not bought), and XYZ."""
    risk = None if served.suppliers is None else served.suppliers.sku_risk
    own: list[str] = (
        [] if risk is None else risk.loc[risk["unique_id"] == unique_id, "consumption_class"].tolist()
    )
    xyz, variation = variability_class(past)
    return {"abc": own[0] if len(own) else "", "xyz": xyz, "variation": variation}


def _forecast_table(served: Served, row: int) -> pd.DataFrame:
    """Facts of a SKU's forecast by period: start, end, mean and quantiles in units."""
    forecast = served.forecast
    distribution = Distribution(forecast.levels, forecast.quantiles[row])
    columns = {f"q{p:.2f}": distribution.quantile(p) for p in (0.05, 0.25, 0.5, 0.75, 0.95)}
    days = {"ds": forecast.starts[:-1], "end": forecast.starts[1:]}
    return pd.DataFrame({**days, "mean": forecast.mean[row], **columns})


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


def extra_columns(item: pd.DataFrame) -> list[tuple[str, Any]]:
    """Facts about a SKU that its page has no other place for: what else the items table says, (column, value)."""
    if item.empty:
        return []
    row = item.iloc[0]
    return [
        (str(name), row[name]) for name in item.columns if name not in SHOWN_ELSEWHERE and pd.notna(row[name])
    ]
