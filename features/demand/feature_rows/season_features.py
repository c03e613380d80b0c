"""Season features: demand of the SKU, its group and all SKUs in the same periods of past seasons."""

import numpy as np
from numpy.typing import NDArray

from features.demand.feature_rows.prefix_sums import PrefixSums
from features.demand.feature_rows.prepared_panel import PreparedPanel
from features.demand.panel import Array

Codes = NDArray[np.int64]


def season_features(
    p: PreparedPanel, i: Codes, t: Codes, k: Codes, *, season: int, reach: int
) -> dict[str, Array]:
    """Seasonal features of SKU i's period k steps after an origin that saw t periods: name → array (R,).

    Parameters
    ----------
    season : periods in a season; seasons of less than 26 periods add the day of the year and the mean of four seasons
    reach : periods before last season's counterpart of the origin that its growth since then is measured from
    """
    then = t + k - 1
    same = then - season * -(-k // season)  # the same period of the last season that the origin has seen
    out = {"k": k.astype(float), "position": p.position[then].astype(float)}
    if season < 26:
        out["day_of_year"] = p.day_of_year[then].astype(float)
        out["day_of_month"] = p.day_of_month[then].astype(float)
    y, scale = p.prefix_sums["y"], p.level[i, t]
    out |= _own_season(y, scale, i, same, season)
    before = y.mean(i, same - k - reach + 1, same - k + 1)
    out["growth_1"] = _ratio(y.mean(i, same - 1, same + 2), before, scale)
    for name, rows in (("group", p.groups[i]), ("all", np.zeros_like(i))):
        pooled = p.prefix_sums[name]
        before = pooled.mean(rows, same - k - reach + 1, same - k + 1)
        out |= _pooled_season(name, pooled, rows, same, before, season)
    if season < 26:
        out["same_place"] = _mean_of_seasons(y, i, same, season) / scale
    return out


def _own_season(y: PrefixSums, scale: Array, i: Codes, same: Codes, season: int) -> dict[str, Array]:
    """Season features of SKU i's own demand, per level `scale` (R,): in period `same`, around it, a season earlier."""
    out = {}
    for years in (1, 2):
        at = same - (years - 1) * season
        out[f"season_{years}"] = y.mean(i, at, at + 1) / scale
        out[f"around_{years}"] = y.mean(i, at - 1, at + 2) / scale
    out["wide_1"] = y.mean(i, same - 3, same + 4) / scale
    return out


def _pooled_season(
    name: str, pooled: PrefixSums, rows: Codes, same: Codes, before: Array, season: int
) -> dict[str, Array]:
    """Season features of pooled demand (R,): in period `same`, around it, a season earlier, and against `before`."""
    around = pooled.mean(rows, same - 1, same + 2)
    return {
        f"{name}_season": around,
        f"{name}_then": pooled.mean(rows, same, same + 1),
        f"{name}_then_2": pooled.mean(rows, same - season, same - season + 1),
        f"{name}_growth": around / np.maximum(before, 0.05),
    }


def _mean_of_seasons(y: PrefixSums, i: Codes, same: Codes, season: int) -> Array:
    """Season feature: mean demand in the same period of the last four seasons, (R,); NaN where none is known."""
    steps = np.stack([y.mean(i, same - j * season, same - j * season + 1) for j in range(4)])
    known = ~np.isnan(steps)
    return np.where(known.any(0), np.nan_to_num(steps).sum(0) / np.maximum(known.sum(0), 1), np.nan)


def _ratio(top: Array, bottom: Array, scale: Array) -> Array:
    """Growth since last season, the ratio of two demands, damped by a tenth of the level `scale`; all (R,)."""
    return np.asarray((top + 0.1 * scale) / (bottom + 0.1 * scale))
