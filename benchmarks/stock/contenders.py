"""Contenders of the stock benchmark: their order-up-to levels in every past week, for a range of safety factors."""

import sys
import time
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.demand.data_sets import H, load_config_of
from benchmarks.demand.peers import fill_gaps
from benchmarks.stock.simulate import OrderWeeks
from configs.schema import DemandConfig
from distributions.distribution import Array, Distribution
from models.demand.forecaster import DemandForecaster
from planning.policy.reorder_points import fill_rate_reorder_point

REFIT = 8
"""Periods between trainings; forecasts are made anew in each."""

SINGLE = ("AutoETS", "TSB")
"""Single models of statsforecast."""

LEVELS: Array = np.concatenate([np.arange(0.3, 0.9, 0.05), np.arange(0.9, 0.99, 0.01), [0.99, 0.995]])
FACTORS: Array = np.concatenate([np.arange(-0.5, 4.0, 0.25), np.arange(4.0, 16.1, 0.5)])


def contender_levels(name: str, weeks: OrderWeeks) -> Mapping[str, Array]:
    """Order-up-to levels (C, n, W) of every contender on data set `name`: Purvey's and the statsforecast models'."""
    single = {f"{model}, z·σ·√(L+R)": statsforecast_levels(weeks, model) for model in SINGLE}
    return {**purvey_levels(weeks, load_config_of(name).demand), **single}


def normal_levels(total: Array, sigma: Array, weeks: OrderWeeks) -> Array:
    """Order-up-to levels E[D(L+R)] + z·σ·√(L+R), (C, n), for each z of `FACTORS`; σ (n,) is that of a period."""
    return np.asarray(np.maximum(total + FACTORS[:, None] * sigma * np.sqrt(weeks.protection), 0.0))


def purvey_levels(weeks: OrderWeeks, config: DemandConfig) -> Mapping[str, Array]:
    """Order-up-to levels (C, n, W) by Purvey's distributions, and by the same means with normal safety stock.

    σ of the latter is the root mean square of the out-of-sample errors one step ahead at the last training.
    """
    p = weeks.protection
    fractile, fill_rate, normal, boosted = [], [], [], []
    model, started = None, time.perf_counter()
    for t, before in weeks.weeks():
        if model is None or (t - weeks.first) % REFIT == 0:
            model = DemandForecaster(config, H).fit(before)
            past = model.backtest_
            sigma = _rmse(past.mean[:, :, 0], past.y[:, :, 0])
            boosting_sigma = _rmse(past.members["boosting"][:, :, 0], past.y[:, :, 0])
        forecast = model.predict(before, p)
        until = Distribution(forecast.levels, forecast.cumulative[:, p - 1])
        arrival = Distribution(forecast.levels, forecast.cumulative[:, weeks.lead_time - 1])
        fractile.append(np.stack([until.quantile(level) for level in LEVELS]))
        fill_rate.append(np.stack([fill_rate_reorder_point(until, arrival, level) for level in LEVELS]))
        normal.append(normal_levels(forecast.cumulative_mean[:, p - 1], sigma, weeks))
        alone = model.members_["boosting"].mean(before, p).sum(axis=1)
        boosted.append(normal_levels(np.nan_to_num(alone), boosting_sigma, weeks))
    print(f"Purvey: {time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True)
    return {
        "Purvey, fractile of D(L+R)": np.stack(fractile, axis=2),
        "Purvey, fill-rate rule": np.stack(fill_rate, axis=2),
        "same mean, z·σ·√(L+R)": np.stack(normal, axis=2),
        "its LightGBM alone, z·σ·√(L+R)": np.stack(boosted, axis=2),
    }


def _rmse(mean: Array, y: Array) -> Array:
    """σ of a contender's normal levels (n,): root mean square error of each SKU over (O, n), else of all, relative."""
    error = np.where(np.isnan(y), np.nan, mean - y) ** 2
    count = (~np.isnan(error)).sum(axis=0)
    own = np.sqrt(np.nansum(error, axis=0) / np.maximum(count, 1))
    level = np.nan_to_num(mean).mean(axis=0)
    relative = np.median(own[count > 0] / np.maximum(level[count > 0], 1e-9)) if (count > 0).any() else 1.0
    return np.asarray(np.where(count > 0, own, relative * level))


def statsforecast_levels(weeks: OrderWeeks, name: str) -> Array:
    """Order-up-to levels (C, n, W) of a statsforecast model with σ from its residuals, fitted anew every week."""
    from statsforecast import models as sf

    makers: dict[str, Any] = {
        "AutoETS": lambda: sf.AutoETS(season_length=1),
        "TSB": lambda: sf.TSB(alpha_d=0.1, alpha_p=0.1),
    }
    started = time.perf_counter()
    totals, sigmas = zip(
        *(
            _with_residuals(makers[name](), fill_gaps(before), weeks.protection)
            for _, before in weeks.weeks()
        ),
        strict=True,
    )
    print(f"{name}: {time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True)
    return np.stack([normal_levels(t, s, weeks) for t, s in zip(totals, sigmas, strict=True)], axis=2)


def _with_residuals(model: Any, y: Array, h: int) -> tuple[Array, Array]:
    """For a single model's levels: mean demand of h periods, σ of one-step residuals, (n,) each; zeros without past."""
    from statsforecast import StatsForecast
    from statsforecast.models import HistoricAverage

    i, t = np.nonzero(~np.isnan(y))
    frame = pd.DataFrame({"unique_id": i, "ds": t, "y": y[i, t]})
    engine = StatsForecast(models=[model], freq=1, fallback_model=HistoricAverage())
    ahead = engine.forecast(df=frame, h=h, fitted=True)
    fitted = engine.forecast_fitted_values()
    name = str(model)
    error = (fitted["y"] - fitted[name]) ** 2
    total, sigma = np.zeros(len(y)), np.zeros(len(y))
    sums = ahead.assign(total=ahead[name].clip(lower=0)).groupby("unique_id")["total"].sum()
    total[sums.index] = sums
    means = error.groupby(fitted["unique_id"]).mean()
    sigma[means.index] = np.sqrt(means.fillna(0.0))
    return total, sigma
