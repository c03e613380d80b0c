"""Forecasts of all members at a panel's end, beside the demand class and uncertainty of each SKU there."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from features.demand.demand_class import demand_classes
from features.demand.lifecycle.adjusted_history import apply_lifecycle
from features.demand.lifecycle.phase_out import PhaseOutSplit, phase_out_split
from features.demand.panel import Array, Panel
from models.demand.cold_start import level_prior, shrink_to_prior
from models.demand.distributions.quantile_boosting import Float32Array, QuantileBoosting
from models.demand.distributions.spread_inputs import SpreadInputs, own_volatility, spread_uncertainty
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
    demand_class, volatility, level_uncertainty, whole_units : arrays (n,), as in `SpreadInputs`
    boosted, boosted_sums : boosted quantiles of periods and of running sums, (n, h, A) at `BOOSTED_LEVELS`; NaN where
        there are none
    """

    members: dict[str, Array]
    demand_class: NDArray[np.object_]
    volatility: Array
    level_uncertainty: Array
    whole_units: NDArray[np.bool_]
    boosted: Float32Array
    boosted_sums: Float32Array

    def spread_inputs(self, mean: Array, *, sums: bool = False) -> SpreadInputs:
        """Inputs of the distributions around `mean` (n, h), of periods or of the sums of the first k."""
        steps = np.arange(1, mean.shape[1] + 1, dtype=float)
        uncertainty = spread_uncertainty(self.level_uncertainty, steps, sums=sums)
        return SpreadInputs(mean, steps, self.volatility, self.demand_class, self.whole_units, uncertainty)

    def phased_out(self, split: PhaseOutSplit) -> Self:
        """The forecasts with replaced SKUs selling what they still sell; in all else they are as their successors."""
        classes, whole_units = self.demand_class.copy(), self.whole_units.copy()
        volatility, uncertainty = self.volatility.copy(), self.level_uncertainty.copy()
        for values in (classes, volatility, uncertainty):
            values[split.old] = values[split.new]
        np.logical_and.at(whole_units, split.new, whole_units[split.old])
        return replace(
            self,
            members={name: split.apply(forecast) for name, forecast in self.members.items()},
            demand_class=classes,
            volatility=volatility,
            level_uncertainty=uncertainty,
            whole_units=whole_units,
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
    if means is None:
        means = {name: member.mean(history, h) for name, member in fitted.members.items()}
    prior = level_prior(panel, history)
    own_weight = prior.own_weight(history)
    classes = demand_classes(history)
    unlike = _unlike_training_rows(history, classes, split)
    boosted, boosted_sums = (
        np.where(unlike[:, None, None], np.float32(np.nan), quantiles)
        for quantiles in fitted.quantiles.quantiles(history, h)
    )
    result = MemberForecasts(
        members={name: shrink_to_prior(mean, own_weight, prior) for name, mean in means.items()},
        demand_class=classes,
        volatility=own_volatility(history, season),
        level_uncertainty=prior.level_uncertainty(own_weight),
        whole_units=np.all(np.isnan(panel.y) | (panel.y == np.round(panel.y)), axis=1),
        boosted=boosted,
        boosted_sums=boosted_sums,
    )
    return result if split is None else result.phased_out(split)


def _unlike_training_rows(
    history: Panel, demand_class: NDArray[np.object_], split: PhaseOutSplit | None
) -> NDArray[np.bool_]:
    """SKUs, (n,), whose member forecasts come without boosted quantiles, which learned from none alike.

    They are dead, without any past, or in a phase-out.
    """
    result = (demand_class == "dead") | np.isnan(history.known_demand).all(axis=1)
    if split is not None:
        result[split.old] = result[split.new] = True
    return np.asarray(result)
