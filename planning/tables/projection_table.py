"""The table of projected stock that other programs read: one row a SKU and day."""

import numpy as np
import pandas as pd

from planning.assessment import Assessment
from planning.projection.stock_projection import curve_at
from planning.tables.dates import dates_after

SHOWN_DAYS = np.concatenate([np.arange(15), np.arange(21, 92, 7)]).astype(float)
"""Days from now that the table of projected stock has: two weeks day by day, then week by week up to a quarter."""


def projection_frame(assessment: Assessment) -> pd.DataFrame:
    """Projected stock: one row a SKU with known stock and day of `SHOWN_DAYS`, as far as the SKU is looked ahead.

    Returns
    -------
    DataFrame
        unique_id, ds, stockout_probability (of having run out by then), expected_stock, expected_shortage (units of
        demand until then that find no stock) and expected_arrivals (units), all if nothing more is ordered
    """
    projection, known = assessment.decision.projection, np.flatnonzero(assessment.decision.known)
    horizon_days = projection.horizon_days[known]
    days = np.broadcast_to(SHOWN_DAYS, (len(known), len(SHOWN_DAYS)))
    row, column = np.nonzero(days <= np.maximum(horizon_days, 1.0)[:, None])
    curves = {
        "stockout_probability": projection.risk,
        "expected_stock": projection.stock,
        "expected_shortage": projection.short,
        "expected_arrivals": projection.arrived,
    }
    shown = {name: curve_at(curve[known], horizon_days, days)[row, column] for name, curve in curves.items()}
    return pd.DataFrame(
        {
            "unique_id": assessment.forecast.unique_ids[known][row],
            "ds": dates_after(assessment.setting.as_of, SHOWN_DAYS)[column],
            **shown,
        }
    )
