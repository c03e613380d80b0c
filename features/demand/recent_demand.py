"""Recent demand: the past that charts show, and the mean demand a day of late."""

import numpy as np
import pandas as pd

from features.contract.frequency import days_per_period, periods_per_year
from features.demand.panel import Panel

CHART_PERIODS = 78
"""Past periods kept for the charts: one and a half years of weeks."""


def recent_demand(panel: Panel) -> pd.DataFrame:
    """Demand of the last 78 periods of every SKU, long: unique_id, ds, y, in_stock; unknown periods are left out."""
    y, in_stock = panel.y[:, -CHART_PERIODS:], panel.in_stock[:, -CHART_PERIODS:]
    frame = pd.DataFrame(
        {
            "unique_id": np.repeat(panel.unique_ids, y.shape[1]),
            "ds": np.tile(panel.ds[-CHART_PERIODS:], len(panel)),
            "y": y.ravel(),
            "in_stock": in_stock.ravel(),
        }
    )
    return frame[frame["y"].notna()].reset_index(drop=True)


def daily_rate(demand: pd.DataFrame, freq: str) -> pd.DataFrame:
    """Mean demand a day of each SKU over its last quarter of a year in stock: unique_id, per_day."""
    available = demand[demand["in_stock"]]
    codes, names = pd.factorize(available["unique_id"], sort=True)
    last = available.groupby(codes).cumcount(ascending=False) < max(1, round(periods_per_year(freq) / 4))
    recent = available["y"][last].groupby(codes[last]).mean().set_axis(pd.Index(names, name="unique_id"))
    return (recent / days_per_period(freq)).rename("per_day").reset_index()
