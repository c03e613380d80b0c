"""Demand of each day from that of each period, compiled."""

from typing import Any

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def spread_over_days(units: Any, calendar: Any, bridges: Any, dispersion: Any, whole: Any) -> Any:
    """Demand of each day (m, M, T), float32, from the units of each period (m, K, M).

    A period's units come evenly over its days, but for a Brownian bridge with the variance that independent days have:
    half a week has √½ of the week's spread, as in `DemandForecast.window`. Whole units come on one day.

    Parameters
    ----------
    calendar : int array (T, 3), of each day its period, its number in it from 0 on, and the days of the period
    bridges : array (C, G + 1), Brownian bridges on a grid from 0 to 1; one of them holds in each period and scenario
    dispersion : array (m,), variance of a period's demand over its mean
    whole : flags (m,), counted in whole units
    """
    n, scenarios, days = units.shape[0], units.shape[2], len(calendar)
    kinds, grid = bridges.shape[0], bridges.shape[1] - 1
    shares = (calendar[:, 1] + 1) / calendar[:, 2]
    at = (shares * grid + 0.5).astype(np.int64)
    result = np.zeros((n, scenarios, days), np.float32)
    for i in range(n):
        for j in range(scenarios):
            asked, total, spread, phase, bridge = 0.0, 0.0, 0.0, 0.0, bridges[0]
            for t in range(days):
                k, d, length = calendar[t, 0], calendar[t, 1], calendar[t, 2]
                if d == 0 or t == 0:
                    total = float(units[i, k, j])
                    asked, spread = total * d / length, np.sqrt(dispersion[i] * total)
                    bridge, phase = bridges[(k * 7 + j * 13) % kinds], ((k * 5 + j * 3) % 16 + 0.5) / 16
                if total == 0.0:
                    continue
                until = total * shares[t] + spread * bridge[at[t]]
                until = max(asked, min(max(until, 0.0), total))
                if whole[i]:
                    result[i, j, t] = np.floor(until + phase) - np.floor(asked + phase)
                else:
                    result[i, j, t] = until - asked
                asked = until
    return result
