"""Forecast value added: the error of overridden forecasts and of the model alone on the periods that are over."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

GROUPS: dict[str, tuple[str, ...]] = {
    "person": ("author",),
    "reason": ("author", "reason", "what"),
    "period": ("ds",),
    "override": ("override_id", "author", "reason", "what"),
}
"""What value added is asked by → the columns of kept forecasts that make the groups."""


def value_added(kept: pd.DataFrame, by: Sequence[str] = ()) -> pd.DataFrame:
    """Value that overrides added to forecasts, a row a group of `by`, in their order, or one in all without any.

    e = forecast − demand, of n SKUs and periods: MAE = Σ|e| / n, bias = Σe / n, and the scaled error
    √(Σ(e / m)² / n), where m is the SKU's usual demand (SKUs without any are left out of it). Value added is
    1 − MAE / MAE of the model: 0.2 where overrides took away a fifth of the error, below 0 where they added to it.

    Parameters
    ----------
    kept : `planning.overrides.override_tables.no_kept_forecasts`; rows whose demand is not known are not judged

    Returns
    -------
    DataFrame
        the columns of `by`, n, mae, model_mae, bias, model_bias, scaled_error, model_scaled_error, value_added
    """
    judged = kept[kept["actual"].notna()]
    error, model = judged["mean"] - judged["actual"], judged["model_mean"] - judged["actual"]
    scale = judged["scale"].where(judged["scale"] > 0)
    terms = pd.DataFrame(
        {
            "n": 1.0,
            "mae": error.abs(),
            "model_mae": model.abs(),
            "bias": error,
            "model_bias": model,
            "scaled_error": (error / scale) ** 2,
            "model_scaled_error": (model / scale) ** 2,
        },
        index=judged.index,
    )
    keys = [judged[name] for name in by] or [pd.Series(0, judged.index, name="all")]
    groups = terms.groupby(keys, sort=True)
    table = groups.mean().assign(n=groups["n"].sum().astype(np.int64))
    for name in ("scaled_error", "model_scaled_error"):
        table[name] = np.sqrt(table[name])
    table["value_added"] = 1 - table["mae"] / table["model_mae"].where(table["model_mae"] > 0)
    return table.reset_index().reindex(columns=[*by, *table.columns])
