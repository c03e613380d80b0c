"""A member's forecast as a product: level and trend × season × the effects of covariates and events."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from features.demand.families import family
from features.demand.groups import category_codes
from features.demand.panel import Array, Panel
from features.demand.rows import PreparedPanel, smoothed_level
from features.demand.season import positions, seasonal_profile
from models.demand.attribution.counterfactual import EVENTS, Rows, all_as_usual, effects, own_as_usual
from models.demand.attribution.explanation import EVENT, NEIGHBOURS, OTHER, SEASON, covariate_part
from models.demand.attribution.tree_paths import TreeParts
from models.demand.members.boosting import Boosting
from models.demand.members.training_rows import CHUNK, matrix

FLOOR = 1e-9
"""Forecasts below are zero: they have no logarithm, and no parts worth a word."""

WANTED = (SEASON, OTHER)
"""Families of features whose moves in the trees are parts; those of all others are level and trend."""

LOG_LINKS = ("tweedie", "poisson", "gamma")
"""Objectives whose raw scores are logs of the forecast."""


@dataclass(frozen=True)
class Profile:
    """The pooled season: factors of the past periods (n, T) and of those ahead (n, h)."""

    past: Array
    ahead: Array

    @classmethod
    def of(cls, panel: Panel, h: int, season: int) -> Self:
        """The season that the local members take out and put back."""
        place = positions(panel.ds, panel.freq, season)
        factors = seasonal_profile(panel.learned, place, season, category_codes(panel))
        ahead = positions(panel.future(h)[:h], panel.freq, season)
        return cls(factors[:, place], factors[:, ahead])


def cause_part(cause: str) -> str:
    """Name of the part that holds the effect of a cause."""
    return EVENT if cause == EVENTS else covariate_part(cause)


def local_logs(profile: Profile) -> dict[str, Array]:
    """Log parts of a member that forecasts demand without its season: name → (n, h)."""
    return {SEASON: np.log(np.maximum(profile.ahead, 0.01))}


def boosting_logs(
    member: Boosting, prepared: PreparedPanel, profile: Profile, relative: Array
) -> dict[str, Array]:
    """Log parts of the boosting: name → (n, h); what is left of the log forecast is level and trend.

    A SKU's covariates and events count by what the forecast would be with them as usual, those of the SKUs around it
    together by what it would be with theirs as usual too. On the forecast with everything as usual the season is what
    splits on seasonal features do, plus the season that is still in the level it is scaled by.

    Parameters
    ----------
    prepared : what the member's features were looked up from
    relative : array (n, h), what it forecast, in units of each SKU's level
    """
    import lightgbm

    booster = lightgbm.Booster(model_str=member.text_)
    if not booster.dump_model(num_iteration=1)["objective"].startswith(LOG_LINKS):
        return {}
    n, h = relative.shape
    full = np.log(np.maximum(relative, FLOOR))

    def forecast(usual: frozenset[str], i: Rows, s: Rows) -> Array:
        rows = _rows(member, own_as_usual(prepared, usual), i, s)
        return np.concatenate([_raw(booster, X, member.threads) for X in rows])

    logs = {cause_part(c): effect for c, effect in effects(forecast, prepared.panel, full).items()}
    i, s = np.repeat(np.arange(n), h), np.tile(np.arange(h), n)
    trees = TreeParts(booster, _codes(member.names_, tuple(prepared.covariates)), len(WANTED) + 1)
    rows = _rows(member, all_as_usual(prepared), i, s)
    moves = np.concatenate([trees.of(X, threads=member.threads) for X in rows]).reshape(n, h, -1)
    around = full - sum(logs.values()) - (trees.base + moves.sum(axis=2))
    logs[NEIGHBOURS] = np.where(np.abs(around) < FLOOR, 0.0, around)
    logs |= {name: moves[:, :, code] for code, name in enumerate(WANTED)}
    logs[SEASON] = logs[SEASON] + _season_in_level(member, profile, prepared)[:, None]
    return logs


def _raw(booster: Any, X: Any, threads: int) -> Array:
    return np.asarray(booster.predict(X, raw_score=True, num_threads=threads))


def _rows(member: Boosting, prepared: PreparedPanel, i: Rows, s: Rows) -> Iterator[Any]:
    """Features of SKU i, s + 1 periods ahead, some at a time."""
    t = np.full(len(i), prepared.panel.periods)
    for part in np.array_split(np.arange(len(i)), max(1, -(-len(i) // CHUNK))):
        yield matrix(member.features.rows(prepared, i[part], t[part], s[part] + 1), member.names_)


def _codes(names: Sequence[str], covariates: Sequence[str]) -> list[int]:
    """Code of each feature's family in `WANTED`; one more for all others."""
    families = [family(name, covariates) for name in names]
    return [WANTED.index(found) if found in WANTED else len(WANTED) for found in families]


def _season_in_level(member: Boosting, profile: Profile, prepared: PreparedPanel) -> Array:
    """Log of the level that demand is scaled by, over the same level of demand without its season, shape (n,)."""
    if (profile.past == 1).all():
        return np.zeros(len(profile.past))
    plain = smoothed_level(prepared.y / profile.past, prepared.groups, member.features.alpha)
    return np.asarray(np.log(prepared.level[:, -1] / plain[:, -1]))
