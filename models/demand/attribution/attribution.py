"""Explain a demand forecast: what each part adds to the expected demand, in units."""

import copy
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from distributions.demand_forecast import DemandForecast
from features.demand.lifecycle import handover, living
from features.demand.panel import Array, Panel
from features.demand.rows import DemandFeatures, PreparedPanel
from models.demand.attribution.counterfactual import causes
from models.demand.attribution.explanation import LEVEL, NEIGHBOURS, OTHER, SEASON, TREND, Explanation
from models.demand.attribution.member_parts import FLOOR, Profile, boosting_logs, cause_part, local_logs
from models.demand.cold_start import blended, priors
from models.demand.forecaster import DemandEnsemble
from models.demand.members.boosting import Boosting
from models.demand.members.local import Local
from models.demand.members.registry import Member
from models.demand.members.seasonal_level import SeasonalLevel
from models.demand.members.statistical import Statistical
from models.protocols import Forecaster


class _Kept(DemandFeatures):
    """Features that keep what they were looked up from."""

    prepared: PreparedPanel

    def __init__(self, features: DemandFeatures) -> None:
        vars(self).update(vars(features))

    def prepare(self, panel: Panel) -> PreparedPanel:
        """Everything that depends on the panel only."""
        self.prepared = super().prepare(panel)
        return self.prepared


class _Heard(Local):
    """A member that remembers what it said and from what, so that nothing is computed twice."""

    def __init__(self, member: Member) -> None:
        self.member = copy.copy(member)
        if isinstance(self.member, Boosting):
            self.member.features = _Kept(self.member.features)
        self.said = np.empty((0, 0))

    def mean(self, panel: Panel, h: int) -> Array:
        """What the member says, (n, h)."""
        self.said = self.member.mean(panel, h)
        return self.said

    def logs(self, profile: Profile) -> dict[str, Array]:
        """Log parts beside level and trend, name → (n, h); none for a member that is not known to have any."""
        if isinstance(self.member, Boosting) and isinstance(self.member.features, _Kept):
            if self.member.text_ is None:
                return {}
            prepared = self.member.features.prepared
            return boosting_logs(self.member, prepared, profile, self.said / prepared.level[:, -1:])
        return local_logs(profile) if isinstance(self.member, SeasonalLevel | Statistical) else {}


def explained_forecast(model: Forecaster, panel: Panel, h: int) -> tuple[DemandForecast, Explanation | None]:
    """What `model.predict` says, and the parts its means are made of; none for another kind of model.

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
    if not isinstance(model, DemandEnsemble):
        return model.predict(panel, h), None
    heard = {name: _Heard(member) for name, member in model.members_.items()}
    listening = copy.copy(model)
    listening.members_ = dict(heard)
    forecast = listening.predict(panel, h)
    shares = _shares(model.weights_, heard, forecast.demand_class)
    names = (LEVEL, TREND, SEASON, *map(cause_part, causes(panel)), NEIGHBOURS, OTHER)
    units = np.zeros((len(panel), h, len(names)))
    profile = Profile.of(living(panel), h, model.season_)
    for name, member in heard.items():
        if shares[name].any():
            for part, values in _units(np.nan_to_num(member.said), member.logs(profile)).items():
                units[:, :, names.index(part)] += shares[name] * values
    return forecast, _settled(forecast, names, _with_life_cycle(units, panel))


def _with_life_cycle(units: Array, panel: Panel) -> Array:
    """Units (n, h, P) as `models.demand.backtest.panel_state.look` changes forecasts: short SKUs borrow, replaced ones hand over."""
    seen = living(panel)
    prior = priors(panel, seen)
    share = prior.own_share(seen)
    total = units.sum(axis=2)
    units = units * (share**2)[:, None, None]
    units[:, :, 0] += (
        blended(total, share, prior) - (share**2)[:, None] * total
    )  # what is borrowed is a level
    change = handover(panel, units.shape[1])
    if change is not None:
        joint = units[change.new]
        units[change.old] = 0.0
        np.add.at(units, change.old, change.part[:, :, None] * joint)
    return units


def _shares(
    weights: Mapping[str, Mapping[str, float]],
    heard: Mapping[str, _Heard],
    demand_class: NDArray[np.object_],
) -> dict[str, Array]:
    """Weight of each member in each forecast, name → (n, h): members without a value have none."""
    raw = {
        name: np.array([weights[c][name] for c in demand_class])[:, None] * ~np.isnan(member.said)
        for name, member in heard.items()
    }
    total = np.maximum(np.sum(list(raw.values()), axis=0), 1e-12)
    return {name: share / total for name, share in raw.items()}


def _units(mean: Array, logs: Mapping[str, Array]) -> dict[str, Array]:
    """Units of each part of `mean` (n, h), from the logs of the factors beside level and trend."""
    total = np.log(np.maximum(mean, FLOOR))
    path = total - np.sum(list(logs.values()), axis=0) if logs else total
    parts = {TREND: path - path[:, :1], **logs}
    level = np.where(mean > FLOOR, np.exp(path[:, :1]), 0.0)
    width = _logarithmic_mean(mean, level)
    return {LEVEL: level, **{name: width * log for name, log in parts.items()}}


def _logarithmic_mean(a: Array, b: Array) -> Array:
    """(a − b) / (ln a − ln b), a where they are equal, 0 where one is 0."""
    positive = (a > FLOOR) & (b > FLOOR)
    ratio = np.log(np.where(positive, a, 1.0) / np.where(positive, b, 1.0))
    close = np.abs(ratio) < 1e-6
    return np.where(positive, np.where(close, (a + b) / 2, (a - b) / np.where(close, 1.0, ratio)), 0.0)


def _settled(forecast: DemandForecast, names: tuple[str, ...], units: Array) -> Explanation:
    """Scale to the served mean, leave rounding to the level, and drop `neighbours` and `other` where they are empty."""
    total = units.sum(axis=2)
    units = units * np.where(total > FLOOR, forecast.mean / np.maximum(total, FLOOR), 0.0)[:, :, None]
    units[:, :, 0] += forecast.mean - units.sum(axis=2)
    kept = [p for p, name in enumerate(names) if name not in (NEIGHBOURS, OTHER) or units[:, :, p].any()]
    parts = tuple(names[p] for p in kept)
    return Explanation(forecast.unique_ids, forecast.starts, parts, units[:, :, kept])
