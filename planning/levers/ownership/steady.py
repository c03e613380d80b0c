"""Steady demand and predictable lead times: where simple rules do nearly as well as a plan."""

import numpy as np
from numpy.typing import NDArray

from planning.assessment import Assessment
from planning.cost.lane_costs import DAYS_A_YEAR
from planning.levers.supplier_talk import playable_skus

_WEEK = 7.0
_STEADY = 0.5
"""Coefficient of variation of a week's demand up to which it is steady."""
_SEASON = 1.5
"""Times the year's average that any quarter's demand may be, or its inverse, of a SKU without a season."""
_PREDICTABLE = 0.35
"""Coefficient of variation of a lead time up to which it is predictable."""
_QUARTERS = np.array([91.0, 182.0, 273.0, 364.0])


def steady_skus(assessment: Assessment) -> NDArray[np.bool_]:
    """SKUs (n,) that can be priced, whose demand varies little from week to week and has no season."""
    forecast, elapsed = assessment.forecast, assessment.setting.elapsed
    rows = np.arange(len(forecast))
    week = forecast.demand_until(np.full(len(rows), _WEEK), elapsed=elapsed, rows=rows)
    mean = week.mean()
    varies = np.divide(week.std(), mean, out=np.full(len(rows), np.inf), where=mean > 0)
    until = np.stack([forecast.mean_until(days, elapsed=elapsed, rows=rows) for days in _QUARTERS], axis=1)
    quarters = np.diff(until, axis=1, prepend=0.0)
    usual = np.maximum(until[:, -1:] / len(_QUARTERS), 1e-12)
    even = ((quarters <= _SEASON * usual) & (quarters >= usual / _SEASON)).all(axis=1)
    selling = assessment.chosen_terms.lanes["buying_days_left"].to_numpy(float) >= DAYS_A_YEAR
    return np.asarray(playable_skus(assessment) & (varies <= _STEADY) & even & selling)


def predictable_lanes(assessment: Assessment) -> NDArray[np.bool_]:
    """SKUs (n,) whose chosen supplier delivers in a predictable time."""
    lead_time = assessment.chosen_terms.lead_time
    return np.asarray(lead_time.std() <= _PREDICTABLE * np.maximum(lead_time.mean(), 1.0))
