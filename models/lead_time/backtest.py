"""The inner backtest: what the members would have said on earlier days of the same history."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from models.lead_time.blend import Window
from models.lead_time.score import cdf_on, reached, time_grid
from models.lead_time.snapshots import Fold, folds
from models.protocols import LeadTimeModel

WINDOWS = 5
_MOST_ORDERS = 20_000


def sample_suppliers(orders: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Whole suppliers, drawn at random, up to 20,000 orders: what the members are compared on.

    Whole ones, because thinning a supplier's orders would make it look smaller than it is. When one supplier alone
    has more, its latest orders count.
    """
    if len(orders) <= _MOST_ORDERS:
        return orders
    counts = orders["supplier_id"].value_counts().sort_index()
    drawn = counts.sample(frac=1, random_state=seed)
    kept = drawn[(drawn.cumsum() - drawn) < _MOST_ORDERS].index
    chosen = orders[orders["supplier_id"].isin(kept)]
    return chosen.sort_values("ordered_at", kind="stable").tail(_MOST_ORDERS).reset_index(drop=True)


def backtest_windows(
    orders: pd.DataFrame, members: Sequence[Callable[[], LeadTimeModel]]
) -> tuple[list[Window], list[Fold]]:
    """Fit every member on each earlier snapshot and say what it gave to the orders that followed."""
    cut = folds(orders, WINDOWS)
    if not cut:
        return [], []
    grid, days = time_grid(orders)
    windows = []
    for fold in cut:
        cdf = np.stack([cdf_on(make().fit(fold.past).predict(fold.later).values, grid) for make in members])
        windows.append(Window(cdf, *reached(fold.later, grid), days))
    return windows, cut
