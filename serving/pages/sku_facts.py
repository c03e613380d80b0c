"""What the page of one SKU shows, from the same assess that planned it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from distributions.distribution import Distribution
from planning.assessment import Assessment
from planning.projection.stock_paths import StockPaths
from planning.tables.projection import open_orders_frame
from serving.api.forecast import known_rows
from serving.state.served import Served

_SHORT = {
    "arrival_q05": "low",
    "arrival_q50": "expected",
    "arrival_q95": "high",
    "late_probability": "late_chance",
}
"""Columns of `open_orders_frame` as the page and its chart call them."""


@dataclass(frozen=True)
class SkuFacts:
    """One SKU.

    Attributes
    ----------
    plan : its row of the plan's frame, None where it could not be planned
    past : `ds, y, in_stock`
    future : `ds, end, mean, q0.05, q0.25, q0.50, q0.75, q0.95`, units per period
    projection : `ds, demand, arrivals, expected, low, high, short`: units if nothing more is ordered, and `stockout`,
        the chance of having run out by then; empty without stock
    offers : one row a lane, the chosen one first: terms, lead time and the parts of the total cost a year
    open_orders : the order's columns, the days `low, expected, high` by which it has arrived with 5, 50 and 95 %,
        `late_chance` of coming after its promise, `overdue`, and `expedite_value`, money saved if it came tomorrow
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
    """Gather the facts of one SKU.

    Raises
    ------
    Problem
        404 when there is no forecast for it.
    """
    rows, _ = known_rows(served, [unique_id])
    forecast = served.forecast.select(rows)
    assessment = served.assess(forecast, served.inputs_of([unique_id]))
    seen = served.snapshot
    plan = None if seen is None else seen.plan[seen.plan["unique_id"] == unique_id]
    past = (
        pd.DataFrame({"ds": [], "y": []})
        if seen is None
        else seen.demand[seen.demand["unique_id"] == unique_id]
    )
    planned = len(assessment.forecast) > 0
    return SkuFacts(
        unique_id=unique_id,
        demand_class=str(forecast.demand_class[0]),
        reason=str(forecast.reason[0]),
        plan=plan.iloc[0] if plan is not None and len(plan) else None,
        past=past,
        future=_future(served, int(rows[0])),
        projection=_projection(assessment) if planned and assessment.decision.known[0] else pd.DataFrame(),
        offers=_offers(assessment) if planned else pd.DataFrame(),
        open_orders=_open_orders(assessment) if planned else pd.DataFrame(),
    )


def _future(served: Served, row: int) -> pd.DataFrame:
    forecast = served.forecast
    law = Distribution(forecast.levels, forecast.quantiles[row])
    columns = {f"q{p:.2f}": law.quantile(p) for p in (0.05, 0.25, 0.5, 0.75, 0.95)}
    days = {"ds": forecast.starts[:-1], "end": forecast.starts[1:]}
    return pd.DataFrame({**days, "mean": forecast.mean[row], **columns})


def _offers(assessment: Assessment) -> pd.DataFrame:
    """Every way to buy the SKU with all it costs a year, the chosen one first."""
    terms = assessment.lanes
    lanes = terms.lanes[
        [
            "supplier_id",
            "unit_price",
            "moq",
            "order_multiple",
            "max_quantity",
            "price_breaks",
            "lead_time_days",
        ]
    ].assign(
        chosen=np.isin(np.arange(len(terms.lanes)), assessment.chosen),
        lead_time=terms.lead_time.mean(),
        lead_time_sd=terms.lead_time.std(),
        source=assessment.lane_sources["source"].to_numpy(object),
        n_orders=assessment.lane_sources["n_orders"].to_numpy(),
        safety_stock_units=terms.safety_stock,
        reorder_point=terms.reorder_point,
        order_size=terms.economic,
    )
    both = pd.concat([lanes.reset_index(drop=True), terms.total.frame()], axis=1)
    return both.sort_values(["chosen", "total"], ascending=[False, True], ignore_index=True)


def _open_orders(assessment: Assessment) -> pd.DataFrame:
    """Open orders with the days between which they arrive with 90 %, and the chance of breaking their promise."""
    frame = open_orders_frame(assessment).assign(
        ordered_at=assessment.pipeline.orders["ordered_at"].to_numpy()
    )
    frame = frame.rename(columns=_SHORT)
    return frame.sort_values(["expected", "order_id", "line"], ignore_index=True)


def _projection(assessment: Assessment) -> pd.DataFrame:
    """Stock by day over the forecast's horizon if nothing more is ordered, in the scenarios the plan is made with."""
    setting, decision = assessment.setting, assessment.decision
    reach = np.array([max(float(assessment.forecast.ends_days[-1]) - setting.elapsed, 1.0)])
    net = np.nan_to_num(decision.on_hand - np.nan_to_num(decision.backorders))
    stock_paths = StockPaths(
        assessment.forecast, assessment.pipeline, net, reach, setting.elapsed, setting.policy.lost_sales
    )
    only, facts = np.array([0]), []
    days = stock_paths.days(only)[0]
    used = assessment.forecast.select(np.zeros(len(days), int)).mean_until(days, elapsed=setting.elapsed)
    for now in stock_paths.walk(only, stock_paths.arrivals(only)):
        low, high = np.quantile(now.stock[0], [0.05, 0.95])
        arrived = float(now.supply.mean()) - float(net[0])
        means = (float(values.mean()) for values in (now.stock, now.out, now.short))
        facts.append((arrived, *means, float(low), float(high)))
    frame = pd.DataFrame(facts, columns=["arrivals", "expected", "stockout", "short", "low", "high"])
    frame.insert(0, "demand", used)
    frame.insert(0, "ds", setting.as_of.normalize() + pd.to_timedelta(np.ceil(days - 1e-6), unit="D"))
    return frame.drop_duplicates("ds", keep="last", ignore_index=True)
