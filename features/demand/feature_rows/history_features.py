"""History features: lags, trailing means and spreads, stockouts and age of a SKU's demand up to an origin."""

import numpy as np
from numpy.typing import NDArray

from features.demand.feature_rows.prepared_panel import PreparedPanel
from features.demand.panel import Array

Codes = NDArray[np.int64]

LAGS = 8
"""Last periods given one by one."""


def history_features(
    p: PreparedPanel, i: Codes, t: Codes, *, windows: tuple[int, ...], season: int
) -> dict[str, Array]:
    """History features of SKU i at an origin that saw t periods: name → array (R,), demand in units of its level."""
    y, scale = p.prefix_sums["y"], p.level[i, t]
    out = {f"lag_{lag}": y.mean(i, t - lag, t - lag + 1) / scale for lag in range(1, LAGS + 1)}
    for w in windows:
        out[f"mean_{w}"] = y.mean(i, t - w, t) / scale
    for w in (windows[2], windows[4]):
        out |= _window_features(p, i, t, w)
    out["out_now"] = p.prefix_sums["out"].mean(i, t - 1, t)
    out["ever"] = y.mean(i, np.zeros_like(t), t) / scale
    out["level"] = np.log(scale / p.unit[i])
    out["since_sale"] = p.since_sale[i, t]
    out["age"] = np.minimum(y.count[i, t], 2.0 * season + 52)
    return out


def _window_features(p: PreparedPanel, i: Codes, t: Codes, w: int) -> dict[str, Array]:
    """History features of the last `w` periods: spread, shares with a sale and out of stock, pooled demand."""
    scale, sums = p.level[i, t], p.prefix_sums
    mean, square = sums["y"].mean(i, t - w, t), sums["square"].mean(i, t - w, t)
    return {
        f"sd_{w}": np.sqrt(np.maximum(square - mean**2, 0)) / scale,
        f"sold_{w}": sums["sold"].mean(i, t - w, t),
        f"out_{w}": sums["out"].mean(i, t - w, t),
        f"group_{w}": sums["group"].mean(p.groups[i], t - w, t),
        f"all_{w}": sums["all"].mean(np.zeros_like(i), t - w, t),
    }
