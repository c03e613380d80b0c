"""Member factors: a member's forecast as a product of level and trend × season × effects of covariates and events."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from features.demand.feature_rows.demand_level import smoothed_level
from features.demand.feature_rows.feature_families import feature_family
from features.demand.feature_rows.prepared_panel import PreparedPanel
from features.demand.panel import Array, Panel
from features.demand.seasonality.profile import season_factors
from models.demand.attribution.counterfactual import (
    all_at_baseline,
    causes,
    counterfactual_effects,
    own_at_baseline,
)
from models.demand.attribution.explanation import NEIGHBOURS, OTHER, SEASON, cause_parts
from models.demand.attribution.tree_paths import TreePathAttribution
from models.demand.members.boosting import Boosting
from models.demand.members.seasonal_level import SeasonalLevel
from models.demand.members.statistical import Statistical
from models.demand.members.training_rows import CHUNK, Indices, feature_matrix
from models.demand.members.trend import Trend
from models.protocols import DemandMember

LEAST_FORECAST = 1e-9
"""Forecasts below are zero: they have no logarithm, and no parts worth a word."""

TREE_PARTS = (SEASON, OTHER)
"""Families of features whose moves in the trees are parts; those of all others are level and trend."""

LOG_LINKS = ("tweedie", "poisson", "gamma")
"""Objectives whose raw scores are logs of the forecast."""


@dataclass(frozen=True)
class SeasonFactors:
    """The season as a factor of a member's forecast: pooled, of the past periods (n, T) and of those ahead (n, h)."""

    past: Array
    ahead: Array

    @classmethod
    def of(cls, panel: Panel, h: int, season: int) -> Self:
        """The season as a member factor: what local members divide demand by and multiply their forecasts with."""
        factors = season_factors(panel, h, season)
        return cls(factors[:, : panel.periods], factors[:, panel.periods :])


@dataclass(frozen=True)
class FactoredMember:
    """A fitted member and its forecast, from which the forecast's factors follow.

    Attributes
    ----------
    member : the fitted member
    mean : array (n, h), its own forecast, before cold start and phase-out change it
    prepared : what the boosting's features were looked up from; none for other members and a boosting without trees
    """

    member: DemandMember
    mean: Array
    prepared: PreparedPanel | None

    @classmethod
    def of(cls, member: DemandMember, history: Panel, h: int) -> Self:
        """Forecast h periods with the member; a boosting's features are prepared once, for forecast and factors."""
        if isinstance(member, Boosting) and member.text_ is not None:
            prepared = member.prepare(history)
            return cls(member, member.mean_of_prepared(prepared, h), prepared)
        return cls(member, member.mean(history, h), None)

    def log_factors(self, season: SeasonFactors) -> dict[str, Array]:
        """Logs of the factors beside level and trend, part → (n, h); none for a member not known to have any."""
        if isinstance(self.member, Boosting):
            if self.prepared is None:
                return {}
            relative = self.mean / self.prepared.level[:, -1:]
            return boosting_log_factors(self.member, self.prepared, season, relative)
        local = isinstance(self.member, SeasonalLevel | Trend | Statistical)
        return local_log_factors(season) if local else {}


def local_log_factors(season: SeasonFactors) -> dict[str, Array]:
    """Log factors of a local member, which forecasts demand without its season: part → (n, h)."""
    return {SEASON: np.log(np.maximum(season.ahead, 0.01))}


def boosting_log_factors(
    member: Boosting, prepared: PreparedPanel, season: SeasonFactors, relative: Array
) -> dict[str, Array]:
    """Log factors of the boosting: part → (n, h); what is left of the log forecast is level and trend.

    A SKU's covariates and events count by what the forecast would be with them at their baseline, those of its
    neighbours together by what it would be with theirs at baseline too. Of the forecast with everything at baseline,
    the season is what splits on seasonal features do, plus the season that is still in the level it is scaled by.

    Parameters
    ----------
    prepared : what the member's features were looked up from
    relative : array (n, h), its forecast in units of each SKU's level
    """
    import lightgbm

    booster = lightgbm.Booster(model_str=member.text_)
    if not booster.dump_model(num_iteration=1)["objective"].startswith(LOG_LINKS):
        return {}
    full = np.log(np.maximum(relative, LEAST_FORECAST))

    def forecast(baseline: frozenset[str], i: Indices, s: Indices) -> Array:
        rows = _feature_chunks(member, own_at_baseline(prepared, baseline), i, s)
        scores = [booster.predict(X, raw_score=True, num_threads=member.threads) for X in rows]
        return np.concatenate([np.asarray(score) for score in scores])

    effects = counterfactual_effects(forecast, prepared.panel, full)
    parts = cause_parts(causes(prepared.panel))
    logs = {parts[cause]: effect for cause, effect in effects.items()}
    base, moves = _baseline_log_factors(member, booster, prepared, full.shape)
    neighbours = full - sum(logs.values()) - (base + moves.sum(axis=2))
    logs[NEIGHBOURS] = np.where(np.abs(neighbours) < LEAST_FORECAST, 0.0, neighbours)
    logs |= {name: moves[:, :, code] for code, name in enumerate(TREE_PARTS)}
    logs[SEASON] = logs[SEASON] + _season_in_level(member, season, prepared)[:, None]
    return logs


def _baseline_log_factors(
    member: Boosting, booster: Any, prepared: PreparedPanel, shape: tuple[int, ...]
) -> tuple[float, Array]:
    """Log factors of the boosting member with all causes at baseline: a constant, and by family (n, h, families).

    The constant is the trees' mean raw score, the rest the moves along their paths.
    """
    n, h = shape
    plain = tuple(prepared.covariates) if member.features.plain_names_ else ()
    families = _family_codes(member.names_, plain)
    trees = TreePathAttribution(booster, families, len(TREE_PARTS) + 1)
    i, s = np.repeat(np.arange(n), h), np.tile(np.arange(h), n)
    rows = _feature_chunks(member, all_at_baseline(prepared), i, s)
    moves = np.concatenate([trees.family_moves(X, threads=member.threads) for X in rows])
    return trees.base, moves.reshape(n, h, -1)


def _feature_chunks(member: Boosting, prepared: PreparedPanel, i: Indices, s: Indices) -> Iterator[Any]:
    """Feature matrices of the boosting for SKU i, s + 1 periods ahead, some rows at a time."""
    t = np.full(len(i), prepared.panel.periods)
    for part in np.array_split(np.arange(len(i)), max(1, -(-len(i) // CHUNK))):
        yield feature_matrix(member.features.rows(prepared, i[part], t[part], s[part] + 1), member.names_)


def _family_codes(names: Sequence[str], plain_covariates: Sequence[str]) -> list[int]:
    """Member factor that each boosting feature's family moves: its place in `TREE_PARTS`; one more for all others."""
    families = [feature_family(name, plain_covariates) for name in names]
    return [TREE_PARTS.index(f) if f in TREE_PARTS else len(TREE_PARTS) for f in families]


def _season_in_level(member: Boosting, season: SeasonFactors, prepared: PreparedPanel) -> Array:
    """Log of the level that demand is scaled by, over the same level of demand without its season, shape (n,)."""
    if (season.past == 1).all():
        return np.zeros(len(season.past))
    plain = smoothed_level(prepared.y / season.past, prepared.groups, member.features.alpha)
    return np.asarray(np.log(prepared.level[:, -1] / plain[:, -1]))
