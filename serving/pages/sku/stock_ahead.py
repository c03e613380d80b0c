"""Stock ahead of a SKU by day: if nothing more is ordered, and with what is ordered today arriving as it may."""

from dataclasses import replace

import numpy as np
import pandas as pd

from distributions.distribution import Distribution
from planning.assessment import Assessment
from planning.projection.open_orders import ARRIVAL_LEVELS, Pipeline
from planning.projection.stock_paths import StockPaths

_SHOWN = ["expected", "low", "high", "stockout"]


def stock_ahead(assessment: Assessment, ordered: float) -> pd.DataFrame:
    """The SKU's stock ahead in the scenarios that the plan is made with; the assessment is of one SKU.

    Parameters
    ----------
    ordered : units ordered today from the supplier in use; 0: the columns `with_…` are those without an order

    Returns
    -------
    DataFrame
        `ds`; `demand`, `arrivals`, units until then; `expected`, `low`, `high`, units on the shelf (90 % in between);
        `short`, units; `stockout`, the chance of having run out by then; and `with_expected`, `with_low`, `with_high`,
        `with_stockout` with what is ordered today
    """
    setting, decision = assessment.setting, assessment.decision
    reach = np.array([max(float(assessment.forecast.ends_days[-1]) - setting.elapsed, 1.0)])
    stock_paths = StockPaths(
        assessment.forecast,
        assessment.pipeline,
        decision.stock.net_stock,
        reach,
        setting.elapsed,
        setting.policy.lost_sales,
    )
    frame = _played(stock_paths)
    days = stock_paths.days(np.array([0]))[0]
    used = assessment.forecast.select(np.zeros(len(days), int)).mean_until(days, elapsed=setting.elapsed)
    frame.insert(0, "demand", used)
    frame.insert(0, "ds", setting.as_of.normalize() + pd.to_timedelta(np.ceil(days - 1e-6), unit="D"))
    after = frame[_SHOWN]
    if ordered > 0:
        after = _played(replace(stock_paths, pipeline=_with_order(assessment, ordered)))[_SHOWN]
    frame = pd.concat([frame, after.add_prefix("with_")], axis=1)
    return frame.drop_duplicates("ds", keep="last", ignore_index=True)


def _played(stock_paths: StockPaths) -> pd.DataFrame:
    """Stock ahead at each point in time, means and quantiles over the scenarios."""
    only, facts = np.array([0]), []
    for now in stock_paths.play(only, stock_paths.arrivals(only)):
        low, high = np.quantile(now.stock[0], [0.05, 0.95])
        arrived = float(now.supply.mean()) - float(stock_paths.net_stock[0])
        means = (float(values.mean()) for values in (now.stock, now.out, now.short))
        facts.append((arrived, *means, float(low), float(high)))
    return pd.DataFrame(facts, columns=["arrivals", "expected", "stockout", "short", "low", "high"])


def _with_order(assessment: Assessment, ordered: float) -> Pipeline:
    """Open orders that are ahead, and the one placed today with the supplier in use."""
    pipeline, terms = assessment.pipeline, assessment.chosen_terms
    supplier_id = terms.lanes["supplier_id"].to_numpy(object)
    lead_time = terms.lead_time.quantile(ARRIVAL_LEVELS[None, :])
    row = pd.DataFrame({"supplier_id": supplier_id, "quantity_open": [ordered]})
    return replace(
        pipeline,
        orders=row if pipeline.orders.empty else pd.concat([pipeline.orders, row], ignore_index=True),
        sku=np.append(pipeline.sku, 0),
        quantity=np.append(pipeline.quantity, ordered),
        never=np.append(pipeline.never, 0.0),
        remaining=Distribution(ARRIVAL_LEVELS, np.concatenate([pipeline.remaining.values, lead_time])),
        overdue=np.append(pipeline.overdue, False),
        rank_row=np.append(pipeline.rank_row, pipeline.new_order_rank_row(supplier_id)),
        parts=None if pipeline.parts is None else pipeline.parts.with_one_whole(),
    )
