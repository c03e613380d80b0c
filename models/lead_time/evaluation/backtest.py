"""The inner backtest: what the members would have said on earlier days of the same history."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from distributions.distribution import Array
from models.lead_time.evaluation.crps import cdf_on, censored_crps, reached, time_grid
from models.lead_time.evaluation.mixture import Window, mixture_quantiles
from models.lead_time.evaluation.spread import Judged
from models.lead_time.members.empirical import ShrunkEmpirical
from models.lead_time.snapshots import Fold, folds
from models.protocols import LeadTimeModel

WINDOWS = 5
_SHORTER = (2, 4, 8)
_STRENGTH = 5.0
_LEAST_JUDGED, _LEAST_WINDOWS = 20, 3
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


def own_half_lives(orders: pd.DataFrame, half_life_days: float) -> pd.Series:
    """Half-life of each supplier that drifts, by supplier: shorter than the usual one where that has paid.

    A supplier's orders in the backtest windows are judged under the usual half-life and shorter ones. A shorter
    one is taken when its mean gain is more than two standard errors above nothing, so that steady suppliers
    keep their long memory.
    """
    cut = folds(orders, WINDOWS)
    if not cut:
        return pd.Series(dtype=float)
    grid, days = time_grid(orders)
    lives = [half_life_days / division for division in (1, *_SHORTER)]
    losses = pd.concat([_losses(fold, lives, grid, days).assign(window=k) for k, fold in enumerate(cut)])
    supplier = losses["supplier_id"]
    gains = losses[lives[1:]].rsub(losses[lives[0]], axis=0)
    mean = gains.groupby(supplier).mean()
    count = supplier.value_counts().reindex(mean.index)
    # orders of one time share their fate, so a window counts as one observation of how far the gain strays
    strays = (gains - mean.reindex(supplier).to_numpy()).groupby([supplier, losses["window"]]).sum()
    spread = np.sqrt((strays**2).groupby(level=0).sum()).div(count, axis=0)
    windows = strays.groupby(level=0).size()
    bound = mean - 2 * spread.mul(np.sqrt(windows / (windows - 1).clip(lower=1)), axis=0)
    judged = (count >= _LEAST_JUDGED) & (windows >= _LEAST_WINDOWS)
    drifting = bound[(bound.max(axis=1) > 0) & judged]
    return drifting.idxmax(axis=1).astype(float)


def _losses(fold: Fold, lives: Sequence[float], grid: Array, days: Array) -> pd.DataFrame:
    """Censored CRPS of each later order under each half-life."""
    columns: dict[str | float, Array] = {"supplier_id": fold.later["supplier_id"].to_numpy()}
    for life in lives:
        model = ShrunkEmpirical(("supplier_id",), (_STRENGTH,), life).fit(fold.past)
        cdf = cdf_on(model.predict(fold.later).values, grid)
        columns[life] = censored_crps(cdf, fold.later, grid, days)
    return pd.DataFrame(columns)


@dataclass(frozen=True)
class LeadTimeBacktest:
    """What the members gave on earlier snapshots.

    Attributes
    ----------
    windows : per snapshot, distribution functions and outcomes
    forecasts : per snapshot, quantiles of each member (M, n, Q)
    folds : the snapshots
    """

    windows: list[Window]
    forecasts: list[Array]
    folds: list[Fold]

    def judged(self, weights: Array) -> list[Judged]:
        """Return the mixture with `weights` (M,) beside the orders that it was to forecast."""
        parts = []
        for fold, members in zip(self.folds, self.forecasts, strict=True):
            closed = fold.past[~fold.past["is_open"].astype(bool)].groupby("supplier_id").size()
            count = fold.later["supplier_id"].map(closed).fillna(0).to_numpy(np.int64)
            parts.append(Judged(mixture_quantiles(list(members), weights), fold.later, count))
        return parts


def run_backtest(orders: pd.DataFrame, members: Sequence[Callable[[], LeadTimeModel]]) -> LeadTimeBacktest:
    """Fit every member on each earlier snapshot and keep what it gave to the orders that followed."""
    cut = folds(orders, WINDOWS)
    if not cut:
        return LeadTimeBacktest([], [], [])
    grid, days = time_grid(orders)
    windows, forecasts = [], []
    for fold in cut:
        values = np.stack([make().fit(fold.past).predict(fold.later).values for make in members])
        cdf = np.stack([cdf_on(one, grid) for one in values])
        windows.append(Window(cdf, *reached(fold.later, grid), days))
        forecasts.append(values)
    return LeadTimeBacktest(windows, forecasts, cut)
