"""Backtest of trial boosting parameters: the loss of their forecasts from past origins, against the config's."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from configs.schema import BoostingConfig, Config
from features.contract.frequency import season_length
from features.demand.panel import Array, Panel
from models.demand.backtest.ensemble_weights import error_scale, summed_losses
from models.demand.backtest.rolling_origins import Origins
from models.demand.members.boosting import Boosting
from training.evaluation.paired_interval import PairedInterval, paired_interval, sum_by_window


@dataclass(frozen=True)
class TrialBacktest:
    """Rolling origins that trial boosting parameters are backtested on, against those of a config.

    Attributes
    ----------
    h : steps ahead that are forecast from each origin
    config : its boosting parameters are the ones to beat
    origins : O of them, several a window
    """

    panel: Panel
    config: Config
    h: int
    origins: Origins

    @cached_property
    def y(self) -> Array:
        """Demand (O, n, h) after each origin, as models learn from it; NaN where unknown."""
        return self.origins.after(self.panel.uncensored, self.h)

    @cached_property
    def baseline(self) -> Array:
        """Forecasts (O, n, h) by the boosting parameters to beat."""
        return self.forecast(self.config.demand.boosting)

    @cached_property
    def scale(self) -> Array:
        """Unit (O, n) of each SKU's errors: its mean forecast by the boosting parameters to beat, at least a bit."""
        return error_scale(np.nan_to_num(self.baseline).mean(axis=2))

    @cached_property
    def loss(self) -> float:
        """Mean loss of the boosting parameters to beat; NaN where nothing could be scored."""
        loss, scored = summed_losses(self.y, self.baseline, self.scale)
        return float(loss.sum() / scored.sum()) if scored.any() else float("nan")

    def compare(self, parameters: BoostingConfig) -> PairedInterval:
        """Mean loss of trial `parameters` less that of the ones to beat, with its interval; below zero: better."""
        trial_loss, scored = summed_losses(self.y, self.forecast(parameters), self.scale)
        baseline_loss, others = summed_losses(self.y, self.baseline, self.scale)
        both = (scored > 0) & (others > 0)
        # origins of one window share their fit and most of the periods they look at: together they are one draw
        window = self.origins.window
        return paired_interval(
            sum_by_window(np.where(both, trial_loss - baseline_loss, 0.0), window),
            sum_by_window(np.where(both, others, 0.0), window),
        )

    def forecast(self, parameters: BoostingConfig) -> Array:
        """Demand forecasts (O, n, h) by boosting with `parameters`, fitted at the first origin of each window."""
        season = self.config.demand.season_length or season_length(self.panel.freq)
        seed, threads = self.config.seed, self.config.threads
        parts = []
        for window in np.unique(self.origins.window):
            at = self.origins.periods_seen[self.origins.window == window]
            model = Boosting(season, self.h, parameters, seed=seed, threads=threads)
            model.fit(self.panel.until(int(at[0])))
            parts += [model.mean(self.panel.until(int(t)), self.h) for t in at]
        return np.stack(parts)


def split_windows(origins: Origins) -> tuple[Origins, Origins]:
    """Split origins for backtests of trials: the older half of the windows to search on, the newer to confirm on."""
    names = np.unique(origins.window)  # an odd number of windows: the newer half has one more
    newer: NDArray[np.bool_] = origins.window >= names[len(names) // 2]
    return _select(origins, ~newer), _select(origins, newer)


def _select(origins: Origins, which: NDArray[np.bool_]) -> Origins:
    """Some of the origins that trials are backtested from."""
    return Origins(origins.periods_seen[which], origins.window[which])
