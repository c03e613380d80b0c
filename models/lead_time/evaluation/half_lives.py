"""Half-lives: suppliers whose lead times drift get a shorter memory where a backtest shows that it pays."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from distributions.distribution import Array
from models.lead_time.evaluation.backtest import WINDOWS
from models.lead_time.evaluation.crps import cdf_on_grid, censored_crps, time_grid
from models.lead_time.evidence import gain_lower_bound
from models.lead_time.members.empirical import ShrunkEmpirical
from models.lead_time.snapshots import Fold, folds

_DIVISORS = (2, 4, 8)
_STRENGTH = 5.0
_LEAST_ORDERS, _LEAST_WINDOWS = 20, 3
_STANDARD_ERRORS = 2.0
"""Two, for each of many suppliers is tried with three half-lives: one would shorten the memory of too many."""


def supplier_half_lives(orders: pd.DataFrame, half_life_days: float) -> pd.Series:
    """Half-life, days, of each supplier whose lead times drift, by supplier: shorter than the default where that pays.

    A supplier's orders in the backtest windows are judged under the default half-life and shorter ones. A shorter
    one is taken when its mean gain is more than two standard errors above nothing, so that steady suppliers
    keep their long memory.
    """
    cut = folds(orders, WINDOWS)
    if not cut:
        return pd.Series(dtype=float)
    grid, days = time_grid(orders)
    half_lives = [half_life_days / divisor for divisor in (1, *_DIVISORS)]
    losses = [_losses(fold, half_lives, grid, days).assign(window=k) for k, fold in enumerate(cut)]
    return _best_half_life(pd.concat(losses), half_lives)


def _best_half_life(losses: pd.DataFrame, half_lives: Sequence[float]) -> pd.Series:
    """Half-life by supplier where its gain is beyond chance, from the losses of orders (columns: half-lives)."""
    supplier = losses["supplier_id"]
    gains = losses[half_lives[1:]].rsub(losses[half_lives[0]], axis=0)
    mean = gains.groupby(supplier).mean()
    count = supplier.value_counts().reindex(mean.index)
    # orders of one time are not independent, so a window counts as one observation of how far the gain strays
    strays = (gains - mean.reindex(supplier).to_numpy()).groupby([supplier, losses["window"]]).sum()
    spread = np.sqrt((strays**2).groupby(level=0).sum()).div(count, axis=0)
    windows = strays.groupby(level=0).size()
    standard_error = spread.mul(np.sqrt(windows / (windows - 1).clip(lower=1)), axis=0)
    bound = gain_lower_bound(mean, standard_error, k=_STANDARD_ERRORS)
    enough = (count >= _LEAST_ORDERS) & (windows >= _LEAST_WINDOWS)
    drifting = bound[(bound.max(axis=1) > 0) & enough]
    return drifting.idxmax(axis=1).astype(float)


def _losses(fold: Fold, half_lives: Sequence[float], grid: Array, days: Array) -> pd.DataFrame:
    """Censored CRPS of each later order of the fold under each half-life, with its supplier."""
    columns: dict[str | float, Array] = {"supplier_id": fold.later["supplier_id"].to_numpy()}
    for half_life in half_lives:
        model = ShrunkEmpirical(("supplier_id",), (_STRENGTH,), half_life).fit(fold.past)
        cdf = cdf_on_grid(model.predict(fold.later).values, grid)
        columns[half_life] = censored_crps(cdf, fold.later, grid, days)
    return pd.DataFrame(columns)
