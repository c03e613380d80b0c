"""Demand panels for tests: one series a SKU, always in stock, all of one category."""

import numpy as np
import pandas as pd

from features.demand.panel import Panel


def panel_of(y, freq: str, first: str = "2015-01-01") -> Panel:
    """A panel of demand y (n, T) or (T,), NaN where unknown, whose first period is the first one from `first` on."""
    y = np.atleast_2d(np.asarray(y, float))
    return Panel(
        unique_ids=np.array([f"s{i:02}" for i in range(len(y))], object),
        ds=pd.date_range(first, periods=y.shape[1], freq=freq).to_numpy(),
        freq=freq,
        y=y,
        in_stock=np.ones(y.shape, bool),
        static=pd.DataFrame({"category": ["x"] * len(y)}),
    )
