"""Whether the ensemble is worth its members: each class's mixture against the best single member."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from features.demand.demand_class import CLASSES
from features.demand.panel import Array
from models.demand.backtest.backtest import DemandBacktest
from models.demand.backtest.weights import combined, error_unit, losses, member_weights
from training.evaluation.interval import by_window, paired_interval

COLUMNS = ("demand_class", "member", "errors", "loss", "ensemble_loss", "difference", "low", "high", "best")


def compare_members(past: DemandBacktest) -> pd.DataFrame:
    """Loss of each member and of the ensemble on the same errors, by demand class.

    Each window is judged with weights from the other windows. The loss is what members are weighed by: squared
    errors of periods and of running sums, in units of the SKU's level. `difference` is the ensemble's loss less the
    member's as a share of the member's, `low` … `high` its 90 % interval over windows and SKUs, `best` the member
    with the least loss of its class, which is known only afterwards. No rows from fewer than two windows.
    """
    windows = np.unique(past.window)
    if len(windows) < 2 or len(past.members) < 2:
        return pd.DataFrame(columns=list(COLUMNS))
    scale = error_unit(np.nan_to_num(past.mean).mean(axis=2))
    ensemble = _crossed(past, scale, windows)
    rows = []
    for c in CLASSES:
        inside = past.demand_class == c
        table = [_against(past, name, ensemble, scale, inside) for name in past.members]
        rows += [{"demand_class": c, **row} for row in table if row["errors"]]
    result = pd.DataFrame(rows, columns=list(COLUMNS[:-1]))
    least = result.groupby("demand_class")["loss"].transform("min")
    return result.assign(best=result["loss"] == least)


def _crossed(past: DemandBacktest, scale: Array, windows: NDArray[np.int64]) -> Array:
    """Means of the ensemble, (O, n, h), each window's weighed by the others."""
    mean = np.full(past.y.shape, np.nan)
    for w in windows:
        here = past.window == w
        others = {name: m[~here] for name, m in past.members.items()}
        weights = member_weights(past.y[~here], others, past.demand_class[~here], scale[~here])
        mean[here] = combined(
            {name: m[here] for name, m in past.members.items()}, weights, past.demand_class[here]
        )
    return mean


def _against(
    past: DemandBacktest, name: str, ensemble: Array, scale: Array, inside: NDArray[np.bool_]
) -> dict[str, object]:
    """The ensemble against one member on the SKUs and origins `inside` (O, n), where both forecast."""
    member = past.members[name]
    both = inside[:, :, None] & ~np.isnan(member) & ~np.isnan(ensemble)
    y = np.where(both, past.y, np.nan)
    (ours, count), (theirs, _) = (losses(y, mean, scale) for mean in (ensemble, member))
    # origins of one window share their fit: together they are one draw
    interval = paired_interval(by_window(ours - theirs, past.window), by_window(theirs, past.window))
    errors = int(count.sum())
    return {
        "member": name, "errors": errors, "loss": float(theirs.sum()) / max(errors, 1),
        "ensemble_loss": float(ours.sum()) / max(errors, 1), "difference": interval.mean, "low": interval.low,
        "high": interval.high,
    }  # fmt: skip
