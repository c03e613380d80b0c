"""Champion against challenger: which is to be champion, decided by what acting on their forecasts costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from configs.formats import significant, with_plus
from distributions.demand_forecast import DemandForecast
from features.demand.panel import Panel
from models.protocols import Forecaster
from training.decision_cost.cycle_costs import CostComparison, compare_costs, replay_cycle_costs
from training.decision_cost.decision_terms import DecisionTerms
from training.decision_cost.replay_inputs import cycles_to_replay
from training.evaluation.paired_interval import PairedInterval

MOST_CUTOFFS = 4
"""Cutoffs at which champion and challenger are compared; each costs one prediction over all SKUs."""

_NOT_LEARNED = ("name", "notice", "currency", "policy", "retention")


@dataclass(frozen=True)
class Challenger:
    """The new model with its out-of-sample forecasts.

    Attributes
    ----------
    bundle_hash, config, info : of its bundle
    forecasts : of its backtest, by rising cutoff
    panel : all demand known now
    """

    bundle_hash: str
    config: Mapping[str, Any]
    info: Mapping[str, Any]
    forecasts: Sequence[DemandForecast]
    panel: Panel


@dataclass(frozen=True)
class Champion:
    """The model in use: hash, config and info of its bundle, and its demand model."""

    bundle_hash: str
    config: Mapping[str, Any]
    info: Mapping[str, Any]
    demand: Forecaster


@dataclass(frozen=True)
class Judgement:
    """Whether to promote the challenger and why, with the costs compared where some were: challenger first."""

    promote: bool
    why: str
    costs: CostComparison | None = None

    def metrics(self) -> dict[str, float]:
        """Metrics of the comparison with the champion: costs, difference and its bounds, as far as they are known."""
        if self.costs is None:
            return {}
        difference = self.costs.difference
        figures = {
            "challenger_cost": self.costs.first, "champion_cost": self.costs.second,
            "difference": difference.mean, "difference_low": difference.low, "difference_high": difference.high,
        }  # fmt: skip
        return {f"versus_champion.{name}": value for name, value in figures.items() if np.isfinite(value)}


def judge_challenger(challenger: Challenger, champion: Champion | None, terms: DecisionTerms) -> Judgement:
    """Judge whether the challenger becomes champion, by decision cost at the challenger's cutoffs.

    The champion forecasts at cutoffs after its own training, where neither has seen what came. The same recipe with
    newer data is expected to be better, so it is promoted unless it is dearer beyond chance. Another recipe is
    promoted only when it is cheaper beyond chance: whoever tries twenty finds one that is cheaper by luck. Where
    there are no cutoffs after the champion's training, the same recipe on other data wins without a contest: the
    champion has learned from the very periods it would be tested on. Another recipe has to beat it even so.
    """
    if champion is None:
        return Judgement(promote=True, why="the first model")
    if champion.bundle_hash == challenger.bundle_hash:
        return Judgement(promote=False, why="the same bundle as the champion's")
    trained = pd.Timestamp(champion.info["cutoff"])
    unseen = [forecast for forecast in challenger.forecasts if forecast.cutoff >= trained]
    same_recipe = _recipe(champion.config, champion.info) == _recipe(challenger.config, challenger.info)
    if not unseen and same_recipe:
        return Judgement(promote=True, why=f"the same recipe, with data as of {challenger.info['as_of']}")
    forecasts = _evenly_spread(unseen or challenger.forecasts)
    costs = _compare(champion, forecasts, challenger.panel, terms)
    if not costs.known:
        return Judgement(promote=False, why="no cycle to compare the two on; promote by hand if you trust it")
    promote, finding = _finding(costs, same_recipe=same_recipe)
    where = f"at {len(forecasts)} cutoffs" + ("" if unseen else " the champion had learned from")
    sentence = (
        f"{finding}: decision cost {significant(costs.first, 4)} per SKU and period against the champion's "
        f"{significant(costs.second, 4)} ({_in_words(costs.difference)}) {where}"
    )
    return Judgement(promote, sentence, costs)


def _compare(
    champion: Champion, forecasts: Sequence[DemandForecast], panel: Panel, terms: DecisionTerms
) -> CostComparison:
    """Decision cost of the challenger's `forecasts` against that of the champion's at the same cutoffs."""
    champions = [_champion_forecast(champion, panel, forecast) for forecast in forecasts]
    first, second = (
        replay_cycle_costs(cycles_to_replay(each, panel, terms), panel, terms)
        for each in (forecasts, champions)
    )
    return compare_costs(first, second)


def _finding(costs: CostComparison, *, same_recipe: bool) -> tuple[bool, str]:
    """Whether the challenger becomes champion by the costs of the two, and in words why."""
    if costs.difference.below:
        return True, "cheaper beyond chance"
    if costs.difference.above:
        return False, "dearer beyond chance"
    if same_recipe:
        return True, "the same recipe with newer data, not dearer beyond chance"
    return False, "another recipe, not cheaper beyond chance"


def _in_words(difference: PairedInterval) -> str:
    """Difference of the challenger's cost from the champion's and its bounds, in words."""
    if not np.isfinite(difference.low):
        return f"{with_plus(significant(difference.mean))}, too few cycles for an interval"
    mean, low, high = (
        with_plus(significant(value)) for value in (difference.mean, difference.low, difference.high)
    )
    return f"{mean}, 90 % interval {low} … {high}"


def _champion_forecast(champion: Champion, panel: Panel, forecast: DemandForecast) -> DemandForecast:
    """Demand forecast the champion would have made at the cutoff of the challenger's `forecast`."""
    periods = int(np.searchsorted(panel.ds, forecast.starts[0]))
    return champion.demand.predict(panel.until(periods), min(int(champion.info["horizon"]), forecast.horizon))


def _recipe(config: Mapping[str, Any], info: Mapping[str, Any]) -> tuple[Any, ...]:
    """Recipe that challenger and champion may share: config and versions, without policy and labels, not learned."""
    learned = {name: value for name, value in config.items() if name not in _NOT_LEARNED}
    return learned, info["versions"]


def _evenly_spread(forecasts: Sequence[DemandForecast]) -> list[DemandForecast]:
    """Forecasts at which to compare champion and challenger: `MOST_CUTOFFS` at most, evenly spread, with the last."""
    if not forecasts:
        return []
    chosen = np.unique(np.linspace(len(forecasts) - 1, 0, MOST_CUTOFFS).round().astype(int))
    return [forecasts[i] for i in chosen]
