"""Forecasts of all members from each rolling origin, beside the demand that followed."""

from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from features.demand.panel import Array, Panel
from models.demand.backtest.ensemble_weights import error_scale
from models.demand.backtest.rolling_origins import Origins
from models.demand.distributions.quantile_boosting import BOOSTED_LEVELS, Float32Array
from models.demand.distributions.spread_inputs import LEAST_MEAN, DemandSpread, SpreadInputs
from models.demand.member_forecasts import FittedMembers, MemberForecasts, forecast_members
from models.demand.members.trend import OwnErrors

LEAST_OBSERVED = 0.8
"""Share of the expected demand that must have been observable for a sum with censored periods to count."""


@dataclass(frozen=True)
class OriginForecasts:
    """O origins, n SKUs, h steps: what members forecast and what demand was.

    Attributes
    ----------
    periods_seen : array (O,), periods of the panel that each origin saw
    window : array (O,), origins of one window share their fitted global members
    y : array (O, n, h), demand; NaN where censored, missing or not yet known
    uncensored : array (O, n, h), the same with censored periods imputed (`features.demand.censoring`): the demands that
        emptied the shelf were high, and distributions learned without them would be too low; NaN of SKUs without a past
    sold, in_stock : arrays (O, n, h), what was recorded, also where censored
    reached : bool array (O, h), the period lies inside the panel
    members : name → expected demand (O, n, h)
    demand_class, volatility, level_uncertainty, step, unit, steady : arrays (O, n), as of each origin
    boosted, boosted_sums : arrays (O, n, h, A), boosted quantiles of periods and of running sums
    own_errors : (O, n, h), what SKUs' own trends had missed of their past
    """

    periods_seen: NDArray[np.int64]
    window: NDArray[np.int64]
    y: Array
    uncensored: Array
    sold: Array
    in_stock: NDArray[np.bool_]
    reached: NDArray[np.bool_]
    members: dict[str, Array]
    demand_class: NDArray[np.object_]
    volatility: Array
    level_uncertainty: Array
    step: Array
    unit: Array
    steady: NDArray[np.bool_]
    boosted: Float32Array
    boosted_sums: Float32Array
    own_errors: OwnErrors

    @property
    def noise(self) -> Array:
        """Unit of errors in which all SKUs count alike, (O, n): the volatility of √demand at the `scale` of demand."""
        root = np.sqrt(self.unit)
        volatility = np.maximum(self.volatility, LEAST_MEAN * root)
        return np.asarray(2 * np.sqrt(np.maximum(self.scale, self.unit / 4)) * volatility)

    @property
    def scale(self) -> Array:
        """Unit of a SKU's errors at each origin, (O, n): its mean forecast over members and steps, at least a bit."""
        stacked = np.stack([m.mean(axis=2) for m in self.members.values()])
        known = np.isfinite(stacked)
        level = np.where(known, stacked, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
        count = np.where(self.step > 0, self.step, self.unit)
        return count * error_scale(level / count)

    def rows(self, values: Array, origins: NDArray[np.bool_]) -> Array:
        """The chosen origins of (O, n, h) as rows of SKUs, shape (origins · n, h)."""
        return values[origins].reshape(-1, values.shape[2])

    def spread_inputs(self, mean: Array, origins: NDArray[np.bool_], *, sums: bool = False) -> SpreadInputs:
        """Inputs of the distributions around `mean` (O, n, h), of periods or of sums, at the chosen origins."""
        return SpreadInputs.of_demand(self._sku_rows(origins), self.rows(mean, origins), sums=sums)

    def counted(self, values: Array, origins: NDArray[np.bool_]) -> Array:
        """`rows` of the chosen origins in the SKUs' demand units, as distributions are learned: (origins · n, h).

        Nothing is learned from SKUs that are steady: NaN.
        """
        counted = self.rows(values, origins) / self.unit[origins].reshape(-1, 1)
        return np.where(self.steady[origins].reshape(-1, 1), np.nan, counted)

    def _sku_rows(self, origins: NDArray[np.bool_]) -> DemandSpread:
        """What spreads depend on, one row a SKU at each of the chosen origins."""
        names = ("demand_class", "volatility", "level_uncertainty", "step", "unit")
        return SimpleNamespace(**{name: getattr(self, name)[origins].ravel() for name in names})

    def cumulative_demand(self, mean: Array) -> Array:
        """Demand of the first k periods after each origin, (O, n, h).

        A sum with censored periods is scaled up by the forecast's share of them while at least 80 % of the
        expected demand was observed; below that, and beyond the panel's end, it is NaN.
        """
        observed = np.cumsum(np.nan_to_num(self.uncensored), axis=2)
        expected = np.cumsum(mean, axis=2)
        seen = np.cumsum(np.where(np.isnan(self.uncensored), 0.0, mean), axis=2)
        complete = np.cumsum(np.isnan(self.uncensored), axis=2) == 0
        share = np.where(complete, 1.0, seen / np.maximum(expected, 1e-12))
        usable = (share >= LEAST_OBSERVED) & self.reached[:, None, :]
        return np.where(usable, observed / np.maximum(share, LEAST_OBSERVED), np.nan)


def forecast_from_origins(
    panel: Panel,
    origins: Origins,
    fitted: Sequence[FittedMembers],
    *,
    names: Sequence[str],
    h: int,
    season: int,
) -> OriginForecasts:
    """Forecast from every origin with the members fitted for its window.

    Parameters
    ----------
    fitted : what was learned at the first origin of each window
    names : of the members
    """
    forecasts = [
        forecast_members(panel.until(int(t)), members, h, season)
        for w, members in zip(np.unique(origins.window), fitted, strict=True)
        for t in origins.periods_seen[origins.window == w]
    ]
    known, uncensored, sold, in_stock = (
        origins.after(values, h)
        for values in (panel.known_demand, panel.uncensored, panel.y, panel.in_stock.astype(float))
    )
    return OriginForecasts(
        periods_seen=origins.periods_seen,
        window=origins.window,
        y=known,
        uncensored=np.where(without_past(panel, origins)[:, :, None], np.nan, uncensored),
        sold=sold,
        in_stock=in_stock != 0,
        reached=origins.periods_seen[:, None] + np.arange(h) < panel.periods,
        **_stacked(forecasts, names, (len(panel), h)),
    )


def without_past(panel: Panel, origins: Origins) -> NDArray[np.bool_]:
    """Whether a SKU had no past at an origin, (O, n), so that its forecast was borrowed from others.

    Distributions are not learned from such forecasts: how wrong they may be follows from how different the SKUs' levels
    are, and in a company of unlike SKUs, or of one, they would be errors without end.
    """
    begun = np.cumsum(~np.isnan(panel.known_demand), axis=1)[:, origins.periods_seen - 1].T > 0
    return np.asarray(~begun)


def _stacked(
    forecasts: list[MemberForecasts], names: Sequence[str], shape: tuple[int, int]
) -> dict[str, Any]:
    """Member forecasts stacked over origins: field of `OriginForecasts` → array (O, n, …)."""
    n, h = shape
    quantiles = (n, h, len(BOOSTED_LEVELS))
    return {
        "members": {name: _stack([f.members[name] for f in forecasts], (n, h)) for name in names},
        "demand_class": _stack([f.demand_class for f in forecasts], (n,)),
        "volatility": _stack([f.volatility for f in forecasts], (n,)),
        "level_uncertainty": _stack([f.level_uncertainty for f in forecasts], (n,)),
        "step": _stack([f.step for f in forecasts], (n,)),
        "steady": _stack([f.steady for f in forecasts], (n,)).astype(bool),
        "unit": _stack([f.unit for f in forecasts], (n,)),
        "boosted": _stack([f.boosted for f in forecasts], quantiles),
        "boosted_sums": _stack([f.boosted_sums for f in forecasts], quantiles),
        "own_errors": OwnErrors(
            _stack([f.own_errors.period for f in forecasts], (n, h)),
            _stack([f.own_errors.sums for f in forecasts], (n, h)),
        ),
    }


def _stack(parts: list[Any], shape: tuple[int, ...]) -> Any:
    """The arrays of all origins stacked, (O, …); no origins: an empty array (0, …)."""
    return np.stack(parts) if parts else np.zeros((0, *shape))
