"""What a user would pick instead: classical models with conformal intervals, and a plain quantile boosting."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from features.demand_class import known_demand
from features.panel import Array, Panel

LEVELS: Array = np.array([0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95])
Codes = NDArray[np.int64]
Peer = Callable[[Panel, int], Array]
"""Panel and horizon → quantiles (n, h, 7) of the periods ahead."""


def classical(name: str) -> Peer:
    """A statsforecast model with conformal intervals from five windows; missing periods are zeros, as sold."""

    def forecast(panel: Panel, h: int) -> Array:
        from statsforecast import StatsForecast
        from statsforecast import models as sf

        makers: dict[str, Callable[[], Any]] = {
            "SeasonalNaive": lambda: sf.SeasonalNaive(season_length=52),
            "AutoETS": lambda: sf.AutoETS(season_length=1),
            "CrostonSBA": sf.CrostonSBA,
            "TSB": lambda: sf.TSB(alpha_d=0.1, alpha_p=0.1),
        }
        engine = StatsForecast(models=[makers[name]()], freq=1, fallback_model=sf.Naive())
        frame = _long(panel, 5 * h + 2)
        intervals = _conformal(h)
        out = engine.forecast(df=frame, h=h, level=[50, 80, 90], prediction_intervals=intervals)
        sides = [f"-lo-{w}" for w in (90, 80, 50)] + [""] + [f"-hi-{w}" for w in (50, 80, 90)]
        kept = out.sort_values(["unique_id", "ds"])[[name + side for side in sides]].to_numpy(float)
        values = np.maximum(np.nan_to_num(kept), 0.0).reshape(-1, h, len(LEVELS))
        result = np.zeros((len(panel), h, len(LEVELS)))
        result[frame["unique_id"].unique()] = values
        return np.sort(result, axis=2)

    return forecast


def _conformal(h: int) -> Any:
    from statsforecast.utils import ConformalIntervals

    return ConformalIntervals(n_windows=5, h=h)


def _long(panel: Panel, shortest: int) -> pd.DataFrame:
    """SKUs with at least `shortest` periods since their first one, gaps as zeros."""
    first = np.argmax(~np.isnan(panel.y), axis=1)
    usable = (panel.periods - first > shortest) & (~np.isnan(panel.y)).any(axis=1)
    i, t = np.nonzero((np.arange(panel.periods)[None, :] >= first[:, None]) & usable[:, None])
    return pd.DataFrame({"unique_id": i, "ds": t, "y": np.nan_to_num(panel.y[i, t])})


def quantile_boosting(panel: Panel, h: int) -> Array:
    """LightGBM, one model a level, on lags, last year's week and trailing means in the SKU's own units."""
    import lightgbm

    y = known_demand(panel)
    rng = np.random.default_rng(0)
    seen, step = np.meshgrid(np.arange(min(52, panel.periods // 2), panel.periods), np.arange(1, h + 1))
    inside = seen + step <= panel.periods
    at = rng.integers(int(inside.sum()), size=60_000)
    t, k, i = seen[inside][at], step[inside][at], rng.integers(len(panel), size=len(at))
    target = y[i, t + k - 1]
    usable = ~np.isnan(target)
    X = _plain_features(y, i[usable], t[usable], k[usable])
    rows, steps = np.repeat(np.arange(len(panel)), h), np.tile(np.arange(1, h + 1), len(panel))
    ahead = _plain_features(y, rows, np.full(len(rows), panel.periods), steps)
    result = np.empty((len(panel) * h, len(LEVELS)))
    for q, level in enumerate(LEVELS):
        params = {"objective": "quantile", "alpha": level, "num_leaves": 31, "verbose": -1, "num_threads": 1}
        model = lightgbm.train(params, lightgbm.Dataset(X, target[usable]), 100)
        result[:, q] = np.maximum(model.predict(ahead), 0.0)
    return np.sort(result, axis=1).reshape(len(panel), h, len(LEVELS))


def _plain_features(y: Array, i: Codes, t: Codes, k: Codes) -> Array:
    padded = np.pad(y, ((0, 0), (60, 0)), constant_values=np.nan)
    lags = [padded[i, t + 60 - lag] for lag in range(1, 9)]
    year = [padded[i, np.clip(t + 60 + k - 1 - 52 + d, 0, padded.shape[1] - 1)] for d in (-1, 0, 1)]
    filled, known = np.nan_to_num(padded).cumsum(axis=1), (~np.isnan(padded)).cumsum(axis=1)
    means = [
        (filled[i, t + 59] - filled[i, t + 59 - w]) / np.maximum(known[i, t + 59] - known[i, t + 59 - w], 1)
        for w in (4, 13, 52)
    ]
    return np.column_stack([*lags, *year, *means, k])
