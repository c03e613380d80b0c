"""The table of open orders that other programs read: when each line is expected, how late, and its expedite value."""

import numpy as np
import pandas as pd

from planning.assessment import Assessment
from planning.protocols import FirstParts
from planning.tables.dates import dates_after

_ORDER_COLUMNS = ["order_id", "line", "supplier_id", "unique_id", "quantity_open", "age", "promised_at"]


def open_orders_frame(assessment: Assessment) -> pd.DataFrame:
    """One row an open order line of the planned SKUs, with the dates by which it may arrive.

    Returns
    -------
    DataFrame
        order_id, line, supplier_id, unique_id, quantity_open, age (days), promised_at, arrival_q05, arrival_q50 and
        arrival_q95 (the day by which it has come with that chance), expected_arrival (day), late_probability (of
        coming after its promise, or never), expected_days_late (after it; 0 where it comes in time), overdue,
        expedite_value (money saved if it came tomorrow; empty where it was not worked out), never_probability,
        part_probability (of coming in parts, 0 where next to nothing is expected ahead), and of one that does
        first_part_share (of what is open) and first_part_q50 (day). The days are those of an order that comes
    """
    pipeline, as_of = assessment.pipeline, assessment.setting.as_of
    remaining, frame = pipeline.remaining, pipeline.orders.reindex(columns=_ORDER_COLUMNS)
    left = ((pd.to_datetime(frame["promised_at"]) - as_of) / pd.Timedelta(days=1)).to_numpy(float)
    due = np.maximum(np.nan_to_num(left), 0.0)
    late = np.where(left < 0, 1.0, 1 - (1 - pipeline.never) * remaining.cdf(due))
    days_late = remaining.expected_excess(due) + np.maximum(-left, 0.0)
    arrival = {
        f"arrival_q{100 * p:02.0f}": dates_after(as_of, np.ceil(remaining.quantile(p)))
        for p in (0.05, 0.5, 0.95)
    }
    parts = pipeline.parts or FirstParts.whole(len(pipeline))
    in_parts = parts.chance > 0
    first_day = dates_after(as_of, np.ceil(remaining.quantile(0.5) * parts.sooner))
    return frame.assign(
        **arrival,
        expected_arrival=dates_after(as_of, np.ceil(remaining.mean())),
        late_probability=np.where(np.isnan(left), np.nan, late),
        expected_days_late=days_late,
        overdue=pipeline.overdue,
        expedite_value=assessment.decision.expedite_value,
        never_probability=pipeline.never,
        part_probability=parts.chance,
        first_part_share=np.where(in_parts, parts.share, np.nan),
        first_part_q50=pd.Series(first_day, frame.index).where(in_parts),
    )
