"""The probability levels at which distributions are kept, and what their columns are called in files."""

import numpy as np
from numpy.typing import NDArray

Levels = NDArray[np.float64]

DEMAND_LEVELS: Levels = np.round(
    np.concatenate([[0.005, 0.01, 0.025], np.arange(1, 20) / 20, [0.975, 0.99, 0.995]]), 3
)
"""Levels at which demand forecasts are kept: 25, with the 19 of the backtest files inside."""

LEAD_TIME_LEVELS: Levels = np.round(np.concatenate([[0.005], np.arange(1, 100) / 100, [0.995]]), 3)
"""Levels at which lead times are kept: 101, fine enough for two modes."""

BACKTEST_LEVELS: Levels = np.round(np.arange(1, 20) / 20, 2)
"""q0.05 … q0.95, the columns of the backtest files."""


def level_column(level: float, prefix: str = "q") -> str:
    """`q0.05`, `q0.995`: two decimals, three only where the level has them."""
    return f"{prefix}{level:.3f}".removesuffix("0")


def quantile_columns(prefix: str = "q") -> list[str]:
    """Return `q0.05` … `q0.95`, with `prefix` in the place of `q`."""
    return [level_column(level, prefix) for level in BACKTEST_LEVELS]
