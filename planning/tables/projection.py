"""What lies ahead as the tables that other programs read: stock by day, and the open orders."""

import numpy as np
import pandas as pd

from planning.assessment import Assessment
from planning.projection.projection import within
from planning.tables.plan import dates

SHOWN_DAYS = np.concatenate([np.arange(15), np.arange(21, 92, 7)]).astype(float)
"""Days from now that the table of projected stock has: two weeks day by day, then week by week up to a quarter."""


def projection_frame(assessment: Assessment) -> pd.DataFrame:
    """One row a SKU with known stock and day of `SHOWN_DAYS`, as far as the SKU is looked ahead.

    Returns
    -------
    DataFrame
        unique_id, ds, stockout_probability (of having run out by then), expected_stock, expected_shortage (units of
        demand until then that find no stock) and expected_arrivals (units), all if nothing more is ordered
    """
    ahead, known = assessment.decision.projection, np.flatnonzero(assessment.decision.known)
    reach = ahead.reach[known]
    days = np.broadcast_to(SHOWN_DAYS, (len(known), len(SHOWN_DAYS)))
    row, column = np.nonzero(days <= np.maximum(reach, 1.0)[:, None])
    curves = {
        "stockout_probability": ahead.risk,
        "expected_stock": ahead.stock,
        "expected_shortage": ahead.short,
        "expected_arrivals": ahead.arrived,
    }
    return pd.DataFrame(
        {
            "unique_id": assessment.forecast.unique_ids[known][row],
            "ds": dates(assessment.setting.as_of, SHOWN_DAYS)[column],
            **{name: within(curve[known], reach, days)[row, column] for name, curve in curves.items()},
        }
    )


def open_orders_frame(assessment: Assessment) -> pd.DataFrame:
    """One row a line still to come of the planned SKUs.

    Returns
    -------
    DataFrame
        order_id, line, supplier_id, unique_id, quantity_open, age (days), promised_at, arrival_q05, arrival_q50 and
        arrival_q95 (the day by which it has come with that chance), expected_arrival (day), late_probability (of
        coming after its promise), expected_days_late (after it; 0 where it comes in time), overdue, expedite_value
        (money saved if it came tomorrow; empty where it was not worked out)
    """
    pipeline, as_of = assessment.pipeline, assessment.setting.as_of
    wanted = ["order_id", "line", "supplier_id", "unique_id", "quantity_open", "age", "promised_at"]
    frame = pipeline.orders.reindex(columns=wanted)
    left = ((pd.to_datetime(frame["promised_at"]) - as_of) / pd.Timedelta(days=1)).to_numpy(float)
    due = np.maximum(np.nan_to_num(left), 0.0)
    late = np.where(left < 0, 1.0, 1 - pipeline.remaining.cdf(due))
    days_late = pipeline.remaining.expected_excess(due) + np.maximum(-left, 0.0)
    arrival = {
        f"arrival_q{100 * p:02.0f}": dates(as_of, np.ceil(pipeline.remaining.quantile(p)))
        for p in (0.05, 0.5, 0.95)
    }
    return frame.assign(
        **arrival,
        expected_arrival=dates(as_of, np.ceil(pipeline.remaining.mean())),
        late_probability=np.where(np.isnan(left), np.nan, late),
        expected_days_late=days_late,
        overdue=pipeline.overdue,
        expedite_value=assessment.decision.expedite,
    )
