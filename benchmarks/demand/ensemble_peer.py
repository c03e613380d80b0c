"""The statistical ensemble as a peer of the demand benchmark: quantiles of four models, averaged."""

import numpy as np

from benchmarks.demand.peers import QuantileForecast, classical
from features.demand.panel import Panel

MEMBERS = ("AutoETS", "AutoTheta", "AutoCES", "SeasonalNaive")


def statistical_ensemble(panel: Panel, h: int) -> QuantileForecast:
    """The mean of the members' quantiles and means, each with conformal intervals (Vincentization)."""
    parts = [classical(name)(panel, h) for name in MEMBERS]
    return QuantileForecast(
        np.mean([part.mean for part in parts], axis=0),
        np.mean([part.period for part in parts], axis=0),
        np.mean([part.cumulative for part in parts], axis=0),
    )
