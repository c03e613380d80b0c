"""Should the challenger become champion? Decided by what acting on their forecasts costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from features.panel import Panel
from models.protocols import Forecaster
from planning.forecast import DemandForecast
from training.decision import DecisionTerms
from training.order_rules import past_cycles, replayed_cost

MOST_CUTOFFS = 4
"""Cutoffs the champion is replayed at; each costs one prediction over all SKUs."""


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
class Verdict:
    """The judgement and the costs it rests on (money per SKU and period; NaN: none were compared)."""

    promote: bool
    why: str
    challenger_cost: float = float("nan")
    champion_cost: float = float("nan")


def judge(challenge: Challenge, champion: Champion | None, terms: DecisionTerms) -> Verdict:
    """Compare both on the challenger's cutoffs.

    The champion forecasts at cutoffs after its own training, where neither has seen what came. Where there are no
    such cutoffs yet, the same recipe on other data wins without a contest: the champion has learned from the very
    periods it would be tested on. Another recipe has to beat it even so.
    """
    if champion is None:
        return Verdict(promote=True, why="the first model")
    if champion.bundle_hash == challenge.bundle_hash:
        return Verdict(promote=False, why="the same bundle as the champion's")
    seen = pd.Timestamp(champion.info["cutoff"])
    fresh = [forecast for forecast in challenge.forecasts if forecast.cutoff >= seen]
    if not fresh and _recipe(champion.config, champion.info) == _recipe(challenge.config, challenge.info):
        return Verdict(promote=True, why=f"the same recipe, with data as of {challenge.info['as_of']}")
    ours = _spread(fresh or challenge.forecasts)
    theirs = [_predicted(champion, challenge.panel, forecast) for forecast in ours]
    own, other = (replayed_cost(past_cycles(f, challenge.panel, terms), terms) for f in (ours, theirs))
    if not np.isfinite([own, other]).all():
        return Verdict(promote=False, why="no cycle to compare the two on; promote by hand if you trust it")
    where = f"at {len(ours)} cutoffs" + ("" if fresh else " the champion had learned from")
    sentence = f"decision cost {own:,.4g} per SKU and period against the champion's {other:,.4g} {where}"
    return Verdict(own < other, sentence, own, other)


def _predicted(champion: Champion, panel: Panel, forecast: DemandForecast) -> DemandForecast:
    """What the champion would have forecast at the cutoff of `forecast`."""
    periods = int(np.searchsorted(panel.ds, forecast.starts[0]))
    return champion.demand.predict(panel.until(periods), min(int(champion.info["horizon"]), forecast.horizon))


def _recipe(config: Mapping[str, Any], info: Mapping[str, Any]) -> tuple[Any, ...]:
    return {**config, "notice": ""}, info["versions"]


def _spread(forecasts: Sequence[DemandForecast]) -> list[DemandForecast]:
    """At most four of them, evenly spread, the last one among them."""
    if not forecasts:
        return []
    chosen = np.unique(np.linspace(len(forecasts) - 1, 0, MOST_CUTOFFS).round().astype(int))
    return [forecasts[i] for i in chosen]
