"""The statistical ensemble as a peer of the demand benchmark: quantiles of four models, averaged."""

from collections.abc import Mapping

import numpy as np

from benchmarks.demand.peers import QuantileForecast, classical
from features.demand.panel import Panel

MEMBERS = ("AutoETS", "AutoTheta", "AutoCES", "SeasonalNaive")


def statistical_ensemble(
    panel: Panel, h: int, known: Mapping[str, QuantileForecast] | None = None
) -> QuantileForecast:
    """The mean of the members' quantiles and means, each with conformal intervals (Vincentization).

    `known`: what members have forecast of the same panel and horizon already, by name.
    """
    known = known or {}
    parts = [known[name] if name in known else classical(name)(panel, h) for name in MEMBERS]
    return QuantileForecast(
        np.mean([part.mean for part in parts], axis=0),
        np.mean([part.period for part in parts], axis=0),
        np.mean([part.cumulative for part in parts], axis=0),
    )
