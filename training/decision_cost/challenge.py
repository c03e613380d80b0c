"""Should the challenger become champion? Decided by what acting on their forecasts costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from distributions.demand_forecast import DemandForecast
from features.demand.panel import Panel
from models.protocols import Forecaster
from training.decision_cost.cycles import CostComparison, compare_cycles, played_cycles
from training.decision_cost.order_rules import past_cycles
from training.decision_cost.terms import DecisionTerms

MOST_CUTOFFS = 4
"""Cutoffs the champion is replayed at; each costs one prediction over all SKUs."""

_NOT_LEARNED = ("name", "notice", "currency", "policy")


@dataclass(frozen=True)
class Challenge:
    """What the challenger brings.

    Attributes
    ----------
    bundle_hash, config, info : of its bundle
    forecasts : its own out-of-sample forecasts, by rising cutoff
    panel : all demand known now
    """

    bundle_hash: str
    config: Mapping[str, Any]
    info: Mapping[str, Any]
    forecasts: Sequence[DemandForecast]
    panel: Panel


@dataclass(frozen=True)
class Champion:
    """What the champion has to set against it: hash, config and info of its bundle, and its demand model."""

    bundle_hash: str
    config: Mapping[str, Any]
    info: Mapping[str, Any]
    demand: Forecaster


@dataclass(frozen=True)
class Judgement:
    """The judgement, and the costs it rests on where some were compared: challenger first, champion second."""

    promote: bool
    why: str
    costs: CostComparison | None = None

    def metrics(self) -> dict[str, float]:
        """Figures for the run: costs, difference and its bounds, as far as they are known."""
        if self.costs is None:
            return {}
        difference = self.costs.difference
        figures = {
            "challenger_cost": self.costs.first, "champion_cost": self.costs.second,
            "difference": difference.mean, "difference_low": difference.low, "difference_high": difference.high,
        }  # fmt: skip
        return {f"versus_champion.{name}": value for name, value in figures.items() if np.isfinite(value)}


def judge(challenge: Challenge, champion: Champion | None, terms: DecisionTerms) -> Judgement:
    """Compare both on the challenger's cutoffs.

    The champion forecasts at cutoffs after its own training, where neither has seen what came. The same recipe with
    newer data is expected to be better, so it is promoted unless it is dearer beyond chance. Another recipe is
    promoted only when it is cheaper beyond chance: whoever tries twenty finds one that is cheaper by luck. Where
    there are no cutoffs after the champion's training, the same recipe on other data wins without a contest: the
    champion has learned from the very periods it would be tested on. Another recipe has to beat it even so.
    """
    if champion is None:
        return Judgement(promote=True, why="the first model")
    if champion.bundle_hash == challenge.bundle_hash:
        return Judgement(promote=False, why="the same bundle as the champion's")
    seen = pd.Timestamp(champion.info["cutoff"])
    fresh = [forecast for forecast in challenge.forecasts if forecast.cutoff >= seen]
    same = _recipe(champion.config, champion.info) == _recipe(challenge.config, challenge.info)
    if not fresh and same:
        return Judgement(promote=True, why=f"the same recipe, with data as of {challenge.info['as_of']}")
    ours = _spread(fresh or challenge.forecasts)
    theirs = [_predicted(champion, challenge.panel, forecast) for forecast in ours]
    own, other = (
        played_cycles(past_cycles(f, challenge.panel, terms), challenge.panel, terms) for f in (ours, theirs)
    )
    costs = compare_cycles(own, other)
    if not costs.known:
        return Judgement(promote=False, why="no cycle to compare the two on; promote by hand if you trust it")
    promote, finding = _finding(costs, same=same)
    where = f"at {len(ours)} cutoffs" + ("" if fresh else " the champion had learned from")
    sentence = (
        f"{finding}: decision cost {costs.first:,.4g} per SKU and period against the champion's "
        f"{costs.second:,.4g} ({costs.words}) {where}"
    )
    return Judgement(promote, sentence, costs)


def _finding(costs: CostComparison, *, same: bool) -> tuple[bool, str]:
    """Whether to promote, and in words why."""
    if costs.difference.below:
        return True, "cheaper beyond chance"
    if costs.difference.above:
        return False, "dearer beyond chance"
    if same:
        return True, "the same recipe with newer data, not dearer beyond chance"
    return False, "another recipe, not cheaper beyond chance"


def _predicted(champion: Champion, panel: Panel, forecast: DemandForecast) -> DemandForecast:
    """What the champion would have forecast at the cutoff of `forecast`."""
    periods = int(np.searchsorted(panel.ds, forecast.starts[0]))
    return champion.demand.predict(panel.until(periods), min(int(champion.info["horizon"]), forecast.horizon))


def _recipe(config: Mapping[str, Any], info: Mapping[str, Any]) -> tuple[Any, ...]:
    """What models are learned by; the policy and the labels are not learned, so they are free to change."""
    learned = {name: value for name, value in config.items() if name not in _NOT_LEARNED}
    return learned, info["versions"]


def _spread(forecasts: Sequence[DemandForecast]) -> list[DemandForecast]:
    """At most four of them, evenly spread, the last one among them."""
    if not forecasts:
        return []
    chosen = np.unique(np.linspace(len(forecasts) - 1, 0, MOST_CUTOFFS).round().astype(int))
    return [forecasts[i] for i in chosen]
