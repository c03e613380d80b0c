"""Trials of boosting parameters: what their forecasts from past origins would have lost."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from features.panel import Array, Panel
from models.config import BoostingConfig
from models.demand.boosting import Boosting
from models.demand.replay import Origins, Replay, play
from training.config import Config
from training.interval import Interval, paired_interval

CLIP = 20.0
"""Scaled errors beyond this count as this, as they do when members are weighed."""


@dataclass(frozen=True)
class Tuning:
    """What a search found.

    Attributes
    ----------
    boosting : the best parameters where they beat the config's beyond chance, else the config's
    changed : the best ones were taken
    trials : trial, loss, seconds and the parameters, one row a trial; the first is the config's
    confirmed : mean loss of the best less that of the config's on the windows kept aside
    why : one sentence
    """

    boosting: BoostingConfig
    changed: bool
    trials: pd.DataFrame
    confirmed: Interval
    why: str

    def metrics(self) -> dict[str, float]:
        """Number of trials, losses, and the confirmed difference with its bounds, as far as there are any."""
        if not len(self.trials):
            return {}
        figures = {
            "tuning.trials": float(len(self.trials)),
            "tuning.loss_before": float(self.trials["loss"].iloc[0]),
            "tuning.loss_best": float(self.trials["loss"].min()),
            "tuning.confirmed_difference": self.confirmed.mean,
            "tuning.confirmed_low": self.confirmed.low,
            "tuning.confirmed_high": self.confirmed.high,
        }
        return {name: value for name, value in figures.items() if np.isfinite(value)}


@dataclass(frozen=True)
class Course:
    """Past origins that trials are run over, and what the parameters they have to beat lose there.

    Attributes
    ----------
    scale : array (O, n), unit of each SKU's errors: its mean forecast by the parameters to beat
    lost, scored : arrays (O, n), their summed loss and how many errors it is the sum of
    """

    panel: Panel
    config: Config
    h: int
    season: int
    origins: Origins
    scale: Array
    lost: Array
    scored: Array

    @classmethod
    def laid(cls, panel: Panel, config: Config, h: int, season: int, origins: Origins) -> Self:
        """Run the config's own parameters over `origins`."""
        course = cls(panel, config, h, season, origins, *(np.zeros((0, 0)),) * 3)
        replay = course._play(config.demand.boosting)
        lost, scored = losses(replay, replay.scale)
        return cls(panel, config, h, season, origins, replay.scale, lost, scored)

    @property
    def loss(self) -> float:
        """Mean loss of the parameters to beat."""
        return float(self.lost.sum() / max(self.scored.sum(), 1.0))

    def run(self, parameters: BoostingConfig) -> Interval:
        """Mean loss of `parameters` less that of the ones to beat; below zero: better."""
        lost, scored = losses(self._play(parameters), self.scale)
        both = (scored > 0) & (self.scored > 0)
        return paired_interval(np.where(both, lost - self.lost, 0.0), np.where(both, self.scored, 0.0))

    def _play(self, parameters: BoostingConfig) -> Replay:
        def members() -> dict[str, Boosting]:
            seed, threads = self.config.seed, self.config.threads
            return {"boosting": Boosting(self.season, self.h, parameters, seed=seed, threads=threads)}

        return play(self.panel, self.origins, members, self.h, self.season)


def split(origins: Origins) -> tuple[Origins, Origins]:
    """The older half of the windows and the newer half."""
    names = np.unique(origins.window)
    newer: NDArray[np.bool_] = origins.window >= names[len(names) // 2]
    return _of(origins, ~newer), _of(origins, newer)


def _of(origins: Origins, which: NDArray[np.bool_]) -> Origins:
    return Origins(origins.at[which], origins.window[which])


def losses(replay: Replay, scale: Array) -> tuple[Array, Array]:
    """Summed loss and number of errors of each origin and SKU, (O, n) each.

    e_k² + (Σ_{j≤k} e_j / √k)² of errors e in units of `scale` (O, n): what members are weighed by.
    """
    mean = replay.members["boosting"]
    known = ~np.isnan(replay.y) & ~np.isnan(mean)
    error = np.clip(np.where(known, mean - replay.y, 0.0) / scale[:, :, None], -CLIP, CLIP)
    summed = np.cumsum(error, axis=2) / np.sqrt(np.maximum(known.cumsum(axis=2), 1))
    return ((error**2 + summed**2) * known).sum(axis=2), known.sum(axis=2).astype(float)
