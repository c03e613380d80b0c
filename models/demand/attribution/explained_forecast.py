"""Explained forecast: a demand forecast split into level, trend, season and effects, in units that add up to its mean.

A factor F of a forecast f with level l counts L(f, l) · ln F units, L being the logarithmic mean (LMDI; Ang, 2004).
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from distributions.demand_forecast import DemandForecast
from features.demand.lifecycle.adjusted_history import apply_lifecycle
from features.demand.lifecycle.phase_out import phase_out_split
from features.demand.panel import Array, Panel
from models.demand.attribution.counterfactual import causes
from models.demand.attribution.explanation import (
    LEVEL,
    NEIGHBOURS,
    OTHER,
    SEASON,
    TREND,
    Explanation,
    cause_parts,
)
from models.demand.attribution.member_factors import LEAST_FORECAST, FactoredMember, SeasonFactors
from models.demand.cold_start import level_prior, shrink_to_prior
from models.demand.forecaster import DemandForecaster
from models.protocols import Forecaster


def explained_forecast(model: Forecaster, panel: Panel, h: int) -> tuple[DemandForecast, Explanation | None]:
    """Forecast as `model.predict` does, with the parts its means are made of; none for another kind of model.

    Each member's forecast is a product: level × trend × season × effects. The level is the first period's product
    without season and effects, the trend how that moves until the period in question. A factor F of a forecast f
    with level l counts L(f, l) · ln F units, L(a, b) = (a − b) / (ln a − ln b) being the logarithmic mean (LMDI;
    Ang, 2004): the parts add up exactly, in whatever order they are taken. The members' parts are averaged with the
    weights of their forecasts.

    Raises
    ------
    ValueError
        When h is longer than the horizon the model was trained for.
    """
    if not isinstance(model, DemandForecaster):
        return model.predict(panel, h), None
    model.require_horizon(h)
    history = apply_lifecycle(panel)
    factored = {name: FactoredMember.of(member, history, h) for name, member in model.members_.items()}
    means = {name: member.mean for name, member in factored.items()}
    forecast = model.forecast_from_members(panel, model.forecast_members(panel, h, means))
    shares = _forecast_shares(model.weights_, means, forecast.demand_class)
    names = (LEVEL, TREND, SEASON, *cause_parts(causes(panel)).values(), NEIGHBOURS, OTHER)
    units = np.zeros((len(panel), h, len(names)))
    season = SeasonFactors.of(history, h, model.season_)
    for name, member in factored.items():
        if shares[name].any():
            parts = _split_forecast(np.nan_to_num(member.mean), member.log_factors(season))
            for part, values in parts.items():
                units[:, :, names.index(part)] += shares[name] * values
    return forecast, _scaled_to_mean(forecast, names, _with_life_cycle(units, panel, history))


def _with_life_cycle(units: Array, panel: Panel, history: Panel) -> Array:
    """Units (n, h, P) changed as forecasts are: SKUs with little past borrow a level, replaced ones are phased out.

    As `models.demand.member_forecasts.forecast_members` changes the members' means.
    """
    prior = level_prior(panel, history)
    own_weight = prior.own_weight(history)
    total, own = units.sum(axis=2), (own_weight**2)[:, None]
    units = units * own[:, :, None]
    units[:, :, 0] += shrink_to_prior(total, own_weight, prior) - own * total  # what is borrowed is a level
    split = phase_out_split(panel, units.shape[1])
    if split is not None:
        joint = units[split.new]
        units[split.old] = 0.0
        np.add.at(units, split.old, split.part[:, :, None] * joint)
    return units


def _forecast_shares(
    weights: Mapping[str, Mapping[str, float]],
    means: Mapping[str, Array],
    demand_class: NDArray[np.object_],
) -> dict[str, Array]:
    """Share of each member in each explained forecast, by which its parts count, member → (n, h); 0 without a mean."""
    raw = {
        name: np.array([weights[c][name] for c in demand_class])[:, None] * ~np.isnan(mean)
        for name, mean in means.items()
    }
    total = np.maximum(np.sum(list(raw.values()), axis=0), 1e-12)
    return {name: share / total for name, share in raw.items()}


def _split_forecast(mean: Array, logs: Mapping[str, Array]) -> dict[str, Array]:
    """Explained forecast of one member: its `mean` (n, h) split into level, trend and the factors `logs`, in units."""
    total = np.log(np.maximum(mean, LEAST_FORECAST))
    path = total - np.sum(list(logs.values()), axis=0) if logs else total
    parts = {TREND: path - path[:, :1], **logs}
    level = np.where(mean > LEAST_FORECAST, np.exp(path[:, :1]), 0.0)
    width = _logarithmic_mean(mean, level)
    return {LEVEL: level, **{name: width * log for name, log in parts.items()}}


def _logarithmic_mean(a: Array, b: Array) -> Array:
    """Logarithmic mean (a − b) / (ln a − ln b) of forecast and level, a where they are equal, 0 where one is 0."""
    positive = (a > LEAST_FORECAST) & (b > LEAST_FORECAST)
    ratio = np.log(np.where(positive, a, 1.0) / np.where(positive, b, 1.0))
    close = np.abs(ratio) < 1e-6
    return np.where(positive, np.where(close, (a + b) / 2, (a - b) / np.where(close, 1.0, ratio)), 0.0)


def _scaled_to_mean(forecast: DemandForecast, names: tuple[str, ...], units: Array) -> Explanation:
    """Scale the parts to the forecast's mean, leave rounding to the level, drop `neighbours` and `other` if empty."""
    total = units.sum(axis=2)
    floor = np.maximum(total, LEAST_FORECAST)
    units = units * np.where(total > LEAST_FORECAST, forecast.mean / floor, 0.0)[:, :, None]
    units[:, :, 0] += forecast.mean - units.sum(axis=2)
    filled = [p for p, name in enumerate(names) if name not in (NEIGHBOURS, OTHER) or units[:, :, p].any()]
    parts = tuple(names[p] for p in filled)
    return Explanation(forecast.unique_ids, forecast.starts, parts, units[:, :, filled])
