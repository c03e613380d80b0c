"""The inner backtest of lead-time members: what each would have forecast on earlier snapshots of the same history."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import pandas as pd

from distributions.distribution import Array
from models.lead_time.evaluation.crps import cdf_on_grid, outcomes_on_grid, time_grid
from models.lead_time.evaluation.mixture import MemberWindow, mixture_quantiles
from models.lead_time.evaluation.spread_calibration import BacktestForecasts
from models.lead_time.snapshots import Fold, folds
from models.protocols import LeadTimeMember

WINDOWS = 5
_MOST_ORDERS = 20_000


def sample_suppliers(orders: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Orders of suppliers drawn at random, up to 20,000, on which the backtest compares the members.

    Whole suppliers, because thinning a supplier's orders would make it look smaller than it is. When one supplier
    alone has more, its latest orders count.
    """
    if len(orders) <= _MOST_ORDERS:
        return orders
    counts = orders["supplier_id"].value_counts().sort_index()
    drawn = counts.sample(frac=1, random_state=seed)
    chosen = drawn[(drawn.cumsum() - drawn) < _MOST_ORDERS].index
    rows = orders[orders["supplier_id"].isin(chosen)]
    return rows.sort_values("ordered_at", kind="stable").tail(_MOST_ORDERS).reset_index(drop=True)


@dataclass(frozen=True)
class LeadTimeBacktest:
    """What the members forecast on earlier snapshots.

    Attributes
    ----------
    windows : per snapshot, distribution functions and outcomes
    forecasts : per snapshot, quantiles of each member (M, n, Q)
    folds : the snapshots
    """

    windows: list[MemberWindow]
    forecasts: list[Array]
    folds: list[Fold]

    def part(self, members: Sequence[int], column: str | None = None) -> Self:
        """The backtest of some members, and of the order lines alone whose `column` is known."""
        rows = [
            np.ones(len(f.later), bool) if column is None else f.later[column].notna().to_numpy(bool)
            for f in self.folds
        ]
        kept = [k for k, some in enumerate(rows) if some.any()]
        return replace(
            self,
            windows=[self.windows[k].part(members, rows[k]) for k in kept],
            forecasts=[self.forecasts[k][members][:, rows[k]] for k in kept],
            folds=[replace(self.folds[k], later=self.folds[k].later[rows[k]]) for k in kept],
        )

    def mixture(self, weights: Array) -> list[BacktestForecasts]:
        """Backtest forecasts of the mixture with `weights` (M,), one a window, beside the orders to forecast."""
        parts = []
        for fold, members in zip(self.folds, self.forecasts, strict=True):
            closed = fold.past[~fold.past["is_open"].astype(bool)].groupby("supplier_id").size()
            count = fold.later["supplier_id"].map(closed).fillna(0).to_numpy(np.int64)
            parts.append(BacktestForecasts(mixture_quantiles(list(members), weights), fold.later, count))
        return parts


def run_backtest(orders: pd.DataFrame, members: Sequence[Callable[[], LeadTimeMember]]) -> LeadTimeBacktest:
    """Backtest: fit every member on each earlier snapshot and keep its forecasts of the orders that followed."""
    cut = folds(orders, WINDOWS)
    if not cut:
        return LeadTimeBacktest([], [], [])
    grid, days = time_grid(orders)
    windows, forecasts = [], []
    for fold in cut:
        values = np.stack([make().fit(fold.past).predict(fold.later).values for make in members])
        cdf = np.stack([cdf_on_grid(of_member, grid) for of_member in values])
        windows.append(MemberWindow(cdf, *outcomes_on_grid(fold.later, grid), days))
        forecasts.append(values)
    return LeadTimeBacktest(windows, forecasts, cut)
