"""A member's forecast as a product: level and trend × season × the effects of covariates and events."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from features.demand import Prepared, smoothed_level
from features.families import family
from features.groups import category_codes
from features.panel import Array, Panel
from features.season import positions, seasonal_profile
from models.demand.boosting import CHUNK, Boosting, _matrix
from models.demand.tree_parts import TreeParts
from models.demand.usual import EVENTS, as_usual, causes, effects
from models.explanation import EVENT, OTHER, SEASON, covariate_part

FLOOR = 1e-9
"""Forecasts below are zero: they have no logarithm, and no parts worth a word."""


@dataclass(frozen=True)
class Profile:
    """The pooled season: factors of the past periods (n, T) and of those ahead (n, h)."""

    past: Array
    ahead: Array

    @classmethod
    def of(cls, panel: Panel, h: int, season: int) -> "Profile":
        """The season that the local members take out and put back."""
        place = positions(panel.ds, panel.freq, season)
        factors = seasonal_profile(panel.learned, place, season, category_codes(panel))
        ahead = positions(panel.future(h)[:h], panel.freq, season)
        return cls(factors[:, place], factors[:, ahead])


def local_logs(profile: Profile) -> dict[str, Array]:
    """Log parts of a member that forecasts demand without its season: name → (n, h)."""
    return {SEASON: np.log(np.maximum(profile.ahead, 0.01))}


def boosting_logs(member: Boosting, panel: Panel, h: int, profile: Profile) -> dict[str, Array]:
    """Log parts of the boosting: name → (n, h); what is left of the log forecast is level and trend.

    Covariates and events count by what the forecast would be with them as usual. On that usual forecast the season
    is what splits on seasonal features do, plus the season that is still in the level it is scaled by.
    """
    import lightgbm

    if member.text_ is None:
        return {}
    booster = lightgbm.Booster(model_str=member.text_)
    prepared = member.features.prepare(panel)
    usual = as_usual(panel, causes(panel))
    wanted = (SEASON, OTHER)
    codes = _codes(member.names_, tuple(panel.covariates), wanted)
    trees = TreeParts(booster, codes, len(wanted) + 1)
    chunks = _chunks(member, replace(prepared, panel=usual), np.arange(len(panel)), h)
    parts = np.concatenate([trees.of(X, threads=member.threads) for X in chunks]).reshape(len(panel), h, -1)
    touched = _touched(panel, usual)

    def log_forecast(seen: Panel) -> Array:
        chunks = _chunks(member, replace(prepared, panel=seen), touched, h)
        raw = [booster.predict(X, raw_score=True, num_threads=member.threads) for X in chunks]
        return np.concatenate(raw).reshape(-1, h)

    logs = {name: parts[:, :, code] for code, name in enumerate(wanted)}
    logs[SEASON] = logs[SEASON] + _season_in_level(member, profile, prepared)[:, None]
    if len(touched):
        for cause, effect in effects(log_forecast, panel).items():
            logs[cause_part(cause)] = np.zeros((len(panel), h))
            logs[cause_part(cause)][touched] = effect
    return logs


def cause_part(cause: str) -> str:
    """Name of the part that holds the effect of a cause."""
    return EVENT if cause == EVENTS else covariate_part(cause)


def _chunks(
    member: Boosting, prepared: Prepared, skus: NDArray[np.int64], h: int
) -> Iterator[NDArray[np.float32]]:
    """Feature rows of the SKUs and all steps ahead, some at a time."""
    for part in np.array_split(skus, max(1, -(-len(skus) * h // CHUNK))):
        i, k = np.repeat(part, h), np.tile(np.arange(1, h + 1), len(part))
        t = np.full(len(i), prepared.panel.periods)
        yield _matrix(member.features.rows(prepared, i, t, k), member.names_)


def _codes(names: Sequence[str], covariates: Sequence[str], wanted: Sequence[str]) -> list[int]:
    """Code of each feature's family in `wanted`; one more for all others, which are level."""
    families = [family(name, covariates) for name in names]
    return [wanted.index(found) if found in wanted else len(wanted) for found in families]


def _touched(panel: Panel, usual: Panel) -> NDArray[np.int64]:
    """SKUs with anything unusual ahead."""
    result = np.zeros(len(panel), bool)
    for name, values in panel.covariates.items():
        result |= ((values != usual.covariates[name]) & ~np.isnan(values)).any(axis=1)
    for name, values in panel.events.items():
        result |= (values != usual.events[name]).any(axis=1)
    return np.flatnonzero(result)


def _season_in_level(member: Boosting, profile: Profile, prepared: Prepared) -> Array:
    """Log of the level that demand is scaled by, over the same level of demand without its season, shape (n,)."""
    plain = smoothed_level(prepared.y / profile.past, prepared.groups, member.features.alpha)
    return np.asarray(np.log(prepared.level[:, -1] / plain[:, -1]))
