"""The result of a search for boosting parameters: what was tried, what was confirmed, and the config it leads to."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from configs.schema import BoostingConfig, Config
from training.evaluation.paired_interval import PairedInterval


@dataclass(frozen=True)
class TuningResult:
    """Result of a search for boosting parameters.

    Attributes
    ----------
    boosting : the best parameters where they beat the config's beyond chance, else the config's
    changed : the best ones were taken
    trials : trial, loss, seconds and the parameters, one row a trial; the first is the config's
    confirmed : mean loss of the best less that of the config's on newer windows, which the search never saw
    why : one sentence
    """

    boosting: BoostingConfig
    changed: bool
    trials: pd.DataFrame
    confirmed: PairedInterval
    why: str

    def apply_to(self, config: Config) -> Config:
        """`config` with the boosting parameters that were found."""
        demand = config.demand.model_copy(update={"boosting": self.boosting})
        return config.model_copy(update={"demand": demand})

    def metrics(self) -> dict[str, float]:
        """Metrics of the search: number of trials, losses, and the confirmed difference with its bounds, if any."""
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
