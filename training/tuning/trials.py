"""Trials of boosting parameters: what their forecasts from past origins would have lost."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.schema import BoostingConfig, Config
from features.contract.calendar import season_length
from features.demand.panel import Array, Panel
from models.demand.backtest.rolling_origins import Origins
from models.demand.backtest.weights import error_unit, losses
from models.demand.members.boosting import Boosting
from training.evaluation.interval import Interval, by_window, paired_interval


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

    def applied(self, config: Config) -> Config:
        """`config` with the parameters that were found."""
        demand = config.demand.model_copy(update={"boosting": self.boosting})
        return config.model_copy(update={"demand": demand})

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
    """Past origins that trials are run over: of a panel, for h steps, by a config whose parameters are to be beaten."""

    panel: Panel
    config: Config
    h: int
    origins: Origins

    @cached_property
    def y(self) -> Array:
        """Demand after each origin as models learn from it, (O, n, h); NaN where unknown."""
        return self.origins.after(self.panel.learned, self.h)

    @cached_property
    def before(self) -> Array:
        """Forecasts by the parameters to beat, (O, n, h)."""
        return self.forecast(self.config.demand.boosting)

    @cached_property
    def scale(self) -> Array:
        """Unit of each SKU's errors, (O, n): its mean forecast by the parameters to beat, at least a bit."""
        return error_unit(np.nan_to_num(self.before).mean(axis=2))

    @cached_property
    def loss(self) -> float:
        """Mean loss of the parameters to beat; NaN where nothing could be scored."""
        lost, scored = losses(self.y, self.before, self.scale)
        return float(lost.sum() / scored.sum()) if scored.any() else float("nan")

    def run(self, parameters: BoostingConfig) -> Interval:
        """Mean loss of `parameters` less that of the ones to beat; below zero: better."""
        ours, scored = losses(self.y, self.forecast(parameters), self.scale)
        theirs, others = losses(self.y, self.before, self.scale)
        both = (scored > 0) & (others > 0)
        # origins of one window share their fit and most of the periods they look at: together they are one draw
        window = self.origins.window
        return paired_interval(
            by_window(np.where(both, ours - theirs, 0.0), window),
            by_window(np.where(both, others, 0.0), window),
        )

    def forecast(self, parameters: BoostingConfig) -> Array:
        """Forecasts (O, n, h) by models fitted at the first origin of each window."""
        season = self.config.demand.season_length or season_length(self.panel.freq)
        seed, threads = self.config.seed, self.config.threads
        parts = []
        for window in np.unique(self.origins.window):
            at = self.origins.at[self.origins.window == window]
            model = Boosting(season, self.h, parameters, seed=seed, threads=threads)
            model.fit(self.panel.until(int(at[0])))
            parts += [model.mean(self.panel.until(int(t)), self.h) for t in at]
        return np.stack(parts)


def split(origins: Origins) -> tuple[Origins, Origins]:
    """The older half of the windows and the newer half, which has the one more where their number is odd."""
    names = np.unique(origins.window)
    newer: NDArray[np.bool_] = origins.window >= names[len(names) // 2]
    return _of(origins, ~newer), _of(origins, newer)


def _of(origins: Origins, which: NDArray[np.bool_]) -> Origins:
    return Origins(origins.at[which], origins.window[which])
