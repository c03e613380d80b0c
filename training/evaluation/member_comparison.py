"""Comparison of the demand ensemble with each of its members, by demand class: whether mixing them pays."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from features.demand.demand_class import CLASSES
from features.demand.panel import Array
from models.demand.backtest.demand_backtest import DemandBacktest
from models.demand.backtest.ensemble_weights import (
    apply_ensemble_weights,
    error_scale,
    member_weights,
    summed_losses,
)
from training.evaluation.paired_interval import paired_interval, sum_by_window

COLUMNS = ("demand_class", "member", "errors", "loss", "ensemble_loss", "difference", "low", "high", "best")


def compare_members(backtest: DemandBacktest) -> pd.DataFrame:
    """Compare the ensemble with each of its members on the same forecast errors, by demand class.

    The ensemble of each window has the weights learned from the other windows. The loss is what members are weighed
    by: squared errors of periods and of cumulative demand, in units of the SKU's level. `difference` is the ensemble's
    loss less the member's as a share of the member's, `low` … `high` its 90 % interval over windows and SKUs, `best`
    the member with the least loss of its class, which is known only afterwards. No rows from fewer than two windows.
    """
    windows = np.unique(backtest.window)
    if len(windows) < 2 or len(backtest.members) < 2:
        return pd.DataFrame(columns=list(COLUMNS))
    scale = error_scale(np.nan_to_num(backtest.mean).mean(axis=2))
    ensemble = _cross_validated_mean(backtest, scale, windows)
    rows = []
    for c in CLASSES:
        inside = backtest.demand_class == c
        table = [_compare_one(backtest, name, ensemble, scale, inside) for name in backtest.members]
        rows += [{"demand_class": c, **row} for row in table if row["errors"]]
    result = pd.DataFrame(rows, columns=list(COLUMNS[:-1]))
    least = result.groupby("demand_class")["loss"].transform("min")
    return result.assign(best=result["loss"] == least)


def _cross_validated_mean(backtest: DemandBacktest, scale: Array, windows: NDArray[np.int64]) -> Array:
    """Ensemble forecasts (O, n, h) to compare with its members: each window's by weights learned from the others."""
    mean = np.full(backtest.y.shape, np.nan)
    for w in windows:
        inside = backtest.window == w
        others = {name: m[~inside] for name, m in backtest.members.items()}
        weights = member_weights(backtest.y[~inside], others, backtest.demand_class[~inside], scale[~inside])
        mean[inside] = apply_ensemble_weights(
            {name: m[inside] for name, m in backtest.members.items()}, weights, backtest.demand_class[inside]
        )
    return mean


def _compare_one(
    backtest: DemandBacktest, name: str, ensemble: Array, scale: Array, inside: NDArray[np.bool_]
) -> dict[str, object]:
    """Compare the ensemble with one member: losses on the SKUs and origins `inside` (O, n), where both forecast."""
    member = backtest.members[name]
    both = inside[:, :, None] & ~np.isnan(member) & ~np.isnan(ensemble)
    y = np.where(both, backtest.y, np.nan)
    (ensemble_loss, count), (member_loss, _) = (summed_losses(y, mean, scale) for mean in (ensemble, member))
    # origins of one window share their fit: together they are one draw
    interval = paired_interval(
        sum_by_window(ensemble_loss - member_loss, backtest.window),
        sum_by_window(member_loss, backtest.window),
    )
    errors = int(count.sum())
    return {
        "member": name, "errors": errors, "loss": float(member_loss.sum()) / max(errors, 1),
        "ensemble_loss": float(ensemble_loss.sum()) / max(errors, 1), "difference": interval.mean, "low": interval.low,
        "high": interval.high,
    }  # fmt: skip
