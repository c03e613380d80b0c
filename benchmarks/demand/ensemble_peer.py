"""The statistical ensemble as a peer of the demand benchmark: quantiles of four models, averaged."""

from collections.abc import Mapping

import numpy as np

from benchmarks.demand.peers import QuantileForecast, classical, with_own_intervals
from features.demand.panel import Panel

MEMBERS = ("AutoETS", "AutoTheta", "AutoCES", "SeasonalNaive")

OWN_ETS = "AutoETS, own intervals"
"""Name of AutoETS with its own intervals among the contenders."""


def statistical_ensemble(
    panel: Panel, h: int, known: Mapping[str, QuantileForecast] | None = None
) -> QuantileForecast:
    """The mean of the members' quantiles and means, each with conformal intervals (Vincentization).

    `known`: what members have forecast of the same panel and horizon already, by name.
    """
    known = known or {}
    return _averaged([known[name] if name in known else classical(name)(panel, h) for name in MEMBERS])


def ensemble_with_own_intervals(
    panel: Panel, h: int, known: Mapping[str, QuantileForecast]
) -> QuantileForecast:
    """The same of the members but the naive one with their own intervals; AutoETS as `known`, by `OWN_ETS`."""
    first = known[OWN_ETS] if OWN_ETS in known else with_own_intervals(MEMBERS[0])(panel, h)
    return _averaged([first, *(with_own_intervals(name)(panel, h) for name in MEMBERS[1:3])])


def _averaged(parts: list[QuantileForecast]) -> QuantileForecast:
    """The mean of the parts' quantiles and means."""
    return QuantileForecast(
        np.mean([part.mean for part in parts], axis=0),
        np.mean([part.period for part in parts], axis=0),
        np.mean([part.cumulative for part in parts], axis=0),
    )
