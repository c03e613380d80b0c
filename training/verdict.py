"""Should the challenger become champion? Decided by what acting on their forecasts costs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from features.panel import Panel
from models.protocols import Forecaster
from training.decision import DecisionTerms, decision_cost
from training.frames import QUANTILES, actual_demand, demand_frames

MOST_CUTOFFS = 4
"""Cutoffs the champion is replayed at; each costs one prediction over all SKUs."""


@dataclass(frozen=True)
class Challenge:
    """What the challenger brings.

    Attributes
    ----------
    bundle_hash, config, info : of its bundle
    cumulative : its own out-of-sample forecasts of running sums
    panel : all demand known now
    """

    bundle_hash: str
    config: Mapping[str, Any]
    info: Mapping[str, Any]
    cumulative: pd.DataFrame
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
    """The judgement and the costs it rests on (money per SKU and cutoff; NaN: none were compared)."""

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
    cutoffs = np.sort(challenge.cumulative["cutoff"].unique())
    fresh = cutoffs[cutoffs >= np.datetime64(pd.Timestamp(champion.info["cutoff"]))]
    if not len(fresh) and _recipe(champion.config, champion.info) == _recipe(
        challenge.config, challenge.info
    ):
        return Verdict(promote=True, why=f"the same recipe, with data as of {challenge.info['as_of']}")
    contested = _spread(fresh if len(fresh) else cutoffs)
    own = challenge.cumulative[challenge.cumulative["cutoff"].isin(contested)]
    theirs = replay(champion.demand, challenge.panel, own, int(champion.info["horizon"]))
    rows = own.merge(theirs[["unique_id", "cutoff", "k"]], on=["unique_id", "cutoff", "k"])
    ours, champions = decision_cost(rows, terms), decision_cost(theirs, terms)
    where = f"on {len(contested)} cutoffs" + ("" if len(fresh) else " the champion had learned from")
    sentence = f"decision cost {ours:,.4g} against the champion's {champions:,.4g} {where}"
    if not np.isfinite([ours, champions]).all():
        return Verdict(promote=False, why="no period to compare the two on; promote by hand if you trust it")
    return Verdict(ours < champions, sentence, ours, champions)


def replay(model: Forecaster, panel: Panel, rows: pd.DataFrame, horizon: int) -> pd.DataFrame:
    """`rows` with the model's forecasts in place of theirs: same SKUs, cutoffs, steps and outcomes.

    Steps beyond `horizon` are left out.
    """
    parts = []
    for cutoff in np.sort(rows["cutoff"].unique()):
        seen = panel.until(int(np.searchsorted(panel.ds, cutoff, side="right")))
        forecast = model.predict(seen, min(horizon, int(rows["k"].max())))
        parts.append(demand_frames(forecast, actual_demand(panel, forecast)).cumulative)
    theirs = pd.concat(parts, ignore_index=True)[["unique_id", "cutoff", "k", "mean", *QUANTILES]]
    return rows.drop(columns=["mean", *QUANTILES]).merge(theirs, on=["unique_id", "cutoff", "k"])


def _recipe(config: Mapping[str, Any], info: Mapping[str, Any]) -> tuple[Any, ...]:
    return {**config, "notice": ""}, info["versions"]


def _spread(cutoffs: np.ndarray) -> np.ndarray:
    """At most four of them, evenly spread, the last one among them."""
    return np.unique(cutoffs[np.linspace(len(cutoffs) - 1, 0, MOST_CUTOFFS).round().astype(int)])
