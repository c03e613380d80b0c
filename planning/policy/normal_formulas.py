"""The textbook's normal formulas, to compare the exact mixture with: safety stock and newsvendor."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from distributions.distribution import Array


def lead_time_demand_std(
    demand_mean: ArrayLike, demand_std: ArrayLike, lead_time_mean: ArrayLike, lead_time_std: ArrayLike
) -> Array:
    """Standard deviation of lead-time demand σ = √(L·σ_d² + d²·σ_L²), units: d and σ_d a day, L and σ_L in days."""
    d, sd, mean, spread = (
        np.asarray(x, float) for x in (demand_mean, demand_std, lead_time_mean, lead_time_std)
    )
    return np.asarray(np.sqrt(mean * sd**2 + d**2 * spread**2))


def normal_safety_stock(level: ArrayLike, std: ArrayLike) -> Array:
    """Normal safety stock z_α·σ, units: right only where lead-time demand is normal."""
    return np.asarray(ndtri(np.asarray(level, float)) * np.asarray(std, float))


def newsvendor(mean: float, std: float, *, holding: float, shortage: float) -> tuple[float, float]:
    """Newsvendor: best stock for one period of normal demand, and its expected cost (Arrow, Harris and Marschak 1951).

    S = μ + z·σ with Φ(z) = b/(b+h); cost (h+b)·φ(z)·σ, in money.
    """
    z = ndtri(shortage / (shortage + holding))
    density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return float(mean + z * std), float((holding + shortage) * density * std)
