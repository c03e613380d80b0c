"""Past forecasts of a SKU against what came: from the champion's backtest, forecasts that had not seen the outcome."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from serving.state.served import Served


@dataclass(frozen=True)
class PastForecasts:
    """How good a SKU's past forecasts were.

    Attributes
    ----------
    overall : n scored periods, their mean `demand`, `mae` and `bias` in units a period, `coverage_90`; none where the
        backtest has nothing of the SKU
    steps : the same by step ahead `k`; no rows where the model was trained before that was kept
    one_ahead : forecasts of the next period beside what came: ds, mean, q0.05, q0.95, y; likewise
    """

    overall: dict[str, float] | None
    steps: list[dict[str, Any]]
    one_ahead: pd.DataFrame


def past_forecasts(served: Served, unique_id: str) -> PastForecasts:
    """Look up a SKU's past forecasts in the champion's backtest."""
    steps, one_ahead = served.bundle.sku_backtest(unique_id)
    by_step = [_scores(row) for row in steps.to_dict("records")] if len(steps) else []
    series = served.bundle.per_series
    own = series[series["unique_id"] == unique_id]
    known = len(own) > 0 and {"n", "demand", "bias", "backtest_mae", "coverage_90"} <= set(own)
    overall = _scores(own.rename(columns={"backtest_mae": "mae"}).iloc[0].to_dict()) if known else None
    return PastForecasts(overall if overall and overall["n"] > 0 else None, by_step, one_ahead)


def _scores(row: dict[str, Any]) -> dict[str, float]:
    """Scores of past forecasts with demand a period, and errors as shares of it (NaN where nothing sold)."""
    n = float(row["n"])
    demand = float(row["demand"]) / n if n > 0 else np.nan
    share = 1 / demand if demand > 0 else np.nan
    mae, bias = float(row["mae"]), float(row["bias"])
    return {
        "k": float(row.get("k", 0)),
        "n": n,
        "demand": demand,
        "mae": mae,
        "bias": bias,
        "mae_share": mae * share,
        "bias_share": bias * share,
        "coverage_90": float(row["coverage_90"]),
    }
