"""Shrinkage strength: how many orders of all suppliers count against a supplier's own, chosen by backtest."""

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd

from models.lead_time.evaluation.backtest import run_backtest
from models.lead_time.members.empirical_average import EmpiricalAverage
from models.protocols import LeadTimeMember

_STRENGTHS = (3.0, 10.0, 30.0)
_DEFAULT = 10.0


def best_shrinkage_strength(orders: pd.DataFrame, half_life_days: float) -> float:
    """Shrinkage strength κ, in orders, with the least backtest loss relative to the others, mean over the windows."""
    members: list[Callable[[], LeadTimeMember]] = [
        partial(EmpiricalAverage, (("supplier_id",),), strength, half_life_days) for strength in _STRENGTHS
    ]
    windows = run_backtest(orders, members).windows
    if not windows:
        return _DEFAULT
    losses = np.array([[window.loss(alone) for alone in np.eye(len(members))] for window in windows])
    relative = losses / np.maximum(losses.mean(axis=1, keepdims=True), 1e-12)
    return _STRENGTHS[int(relative.mean(axis=0).argmin())]
