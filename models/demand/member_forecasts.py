"""Forecasts of all members at a panel's end, beside the demand class and uncertainty of each SKU there."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from features.demand.demand_class import demand_classes, steady_skus
from features.demand.demand_unit import DemandUnits
from features.demand.lifecycle.adjusted_history import apply_lifecycle
from features.demand.lifecycle.phase_out import PhaseOutSplit, phase_out_split
from features.demand.panel import Array, Panel
from models.demand.cold_start import level_prior, shrink_to_prior
from models.demand.distributions.quantile_boosting import Float32Array, QuantileBoosting
from models.demand.distributions.spread_inputs import SpreadInputs, drift_uncertainty, own_volatility
from models.demand.members.seasonal_level import SeasonalLevel
from models.demand.members.trend import OwnErrors, Trend
from models.protocols import DemandMember


@dataclass(frozen=True)
class FittedMembers:
    """Members by name and the boosted quantiles, all fitted on one panel."""

    members: Mapping[str, DemandMember]
    quantiles: QuantileBoosting


@dataclass(frozen=True)
class MemberForecasts:
    """Forecasts of n SKUs for the h periods after a panel's end, and what their distributions depend on.

    Attributes
    ----------
    members : name → expected demand (n, h)
    demand_class : array (n,)
    volatility, level_uncertainty : arrays (n,), as in `SpreadInputs`, but of √demand as it is
    step, unit : arrays (n,), the step in which the SKU's demand comes (0: continuous), and its demand unit
    steady : bool array (n,), demand never varied: all forecasts are what it was
    boosted, boosted_sums : boosted quantiles of periods and of running sums, (n, h, A) at `BOOSTED_LEVELS`; NaN where
        there are none
    own_errors : (n, h), what SKUs' own trends have missed of their past; NaN where they have none
    """

    members: dict[str, Array]
    demand_class: NDArray[np.object_]
    volatility: Array
    level_uncertainty: Array
    step: Array
    unit: Array
    steady: NDArray[np.bool_]
    boosted: Float32Array
    boosted_sums: Float32Array
    own_errors: OwnErrors

    def spread_inputs(self, mean: Array, *, sums: bool = False) -> SpreadInputs:
        """Inputs of the distributions around `mean` (n, h), of periods or of the sums of the first k."""
        return SpreadInputs.of_demand(self, mean, sums=sums)

    def phased_out(self, split: PhaseOutSplit) -> Self:
        """The forecasts with replaced SKUs selling what they still sell; in all else they are as their successors."""
        classes, step, unit = self.demand_class.copy(), self.step.copy(), self.unit.copy()
        volatility, uncertainty = self.volatility.copy(), self.level_uncertainty.copy()
        for values in (classes, volatility, uncertainty):
            values[split.old] = values[split.new]
        for values in (step, unit):
            np.minimum.at(values, split.new, values[split.old])
            values[split.old] = values[split.new]
        steady = self.steady.copy()
        steady[split.old] = steady[split.new] = False
        return replace(
            self,
            members={name: split.apply(forecast) for name, forecast in self.members.items()},
            demand_class=classes,
            volatility=volatility,
            level_uncertainty=uncertainty,
            step=step,
            unit=unit,
            steady=steady,
        )


def forecast_members(
    panel: Panel, fitted: FittedMembers, h: int, season: int, *, means: Mapping[str, Array] | None = None
) -> MemberForecasts:
    """Forecast the h periods after the panel's end with every member, cold starts and replaced SKUs included.

    Parameters
    ----------
    means : member → forecast (n, h) of the `apply_lifecycle` panel, where these are known already
    """
    history, split = apply_lifecycle(panel), phase_out_split(panel, h)
    known, own_errors = dict(means or {}), OwnErrors.none(len(history), h)
    if "trend" in fitted.members:
        trend, own_errors = Trend(season).with_own_errors(history, h)
        known.setdefault("trend", trend)
    means = {
        name: known[name] if name in known else member.mean(history, h)
        for name, member in fitted.members.items()
    }
    prior = level_prior(panel, history)
    own_weight = prior.own_weight(history)
    classes = demand_classes(history)
    unlike = _unlike_training_rows(history, classes, split)
    units, steady = DemandUnits.of(panel.y), steady_skus(history)
    means = _with_fallbacks(means, history, steady, season)
    boosted, boosted_sums = (
        np.where(unlike[:, None, None], np.float32(np.nan), quantiles)
        for quantiles in fitted.quantiles.quantiles(history, h)
    )
    volatility = own_volatility(history, season, units.size)
    result = MemberForecasts(
        members={name: shrink_to_prior(mean, own_weight, prior) for name, mean in means.items()},
        demand_class=classes,
        volatility=volatility,
        level_uncertainty=np.hypot(
            prior.level_uncertainty(own_weight), drift_uncertainty(volatility, history.unknown_since)
        ),
        step=units.step,
        unit=units.size,
        steady=steady,
        boosted=boosted,
        boosted_sums=boosted_sums,
        own_errors=own_errors.without(unlike),
    )
    return result if split is None else result.phased_out(split)


def _with_fallbacks(
    means: Mapping[str, Array], history: Panel, steady: NDArray[np.bool_], season: int
) -> dict[str, Array]:
    """Member forecasts (n, h) with those of `steady` SKUs, always what demand was, and of SKUs that no member serves.

    The latter, which the config's choice of members can leave, have the seasonal level.
    """
    missing = np.full(len(steady), bool(means))
    for mean in means.values():
        missing &= np.isnan(mean).any(axis=1)
    result = dict(means)
    if missing.any():
        level = SeasonalLevel(season).mean(history, next(iter(means.values())).shape[1])
        result = {name: np.where(missing[:, None], level, mean) for name, mean in result.items()}
    if steady.any():
        always = np.nan_to_num(history.known_demand).max(axis=1, initial=0.0)[:, None]
        result = {name: np.where(steady[:, None], always, mean) for name, mean in result.items()}
    return result


def _unlike_training_rows(
    history: Panel, demand_class: NDArray[np.object_], split: PhaseOutSplit | None
) -> NDArray[np.bool_]:
    """SKUs, (n,), whose member forecasts come without boosted quantiles, which learned from none alike.

    They are dead, without any past, or in a phase-out, or their last periods are not known.
    """
    result = np.isnan(history.known_demand).all(axis=1) | (history.unknown_since > 0)
    result |= demand_class == "dead"
    if split is not None:
        result[split.old] = result[split.new] = True
    return np.asarray(result)
