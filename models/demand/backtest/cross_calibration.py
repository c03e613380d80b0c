"""Cross-calibration: distributions of backtest forecasts, each window's calibrated on the errors of the others."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from distributions.levels import DEMAND_LEVELS
from features.demand.panel import Array
from models.demand.backtest.origin_forecasts import OriginForecasts
from models.demand.backtest.rolling_origins import known_periods
from models.demand.distributions.calibration import Calibration, CalibrationPair, DemandQuantiles
from models.demand.distributions.own_errors import (
    DEFAULT_SHARE,
    OwnErrorBlend,
    OwnErrorFactors,
    own_error_quantiles,
)
from models.demand.distributions.own_spread import ErrorsBySku
from models.demand.distributions.quantile_blend import BlendedSkus, best_blend_shares, blend_by_class
from models.demand.distributions.quantile_boosting import Float32Array
from models.demand.members.trend import OwnErrors

OWN_ERROR_FORECASTS = 60_000
"""Forecasts that the share of own errors is chosen on; beyond, every second, third, … is enough."""

LEAST_SHARE = 0.03
"""Share of own errors below which they are left out."""


def calibrate_on_origins(
    forecasts: OriginForecasts, mean: Array, origins: NDArray[np.bool_]
) -> CalibrationPair:
    """Fit the calibrations of periods and of sums to the errors of `mean` (O, n, h) at the chosen origins (O,).

    A SKU's own errors of sums, of which few do not overlap, count beyond what those of its periods say.
    """
    total, (_, n, h) = np.cumsum(mean, axis=2), mean.shape
    sku = np.tile(np.arange(n), int(origins.sum()))
    periods = known_periods(forecasts.uncensored[origins], forecasts.periods_seen[origins])
    inputs = forecasts.spread_inputs(mean, origins)
    period = Calibration.fit(
        inputs, forecasts.counted(forecasts.uncensored, origins), ErrorsBySku(sku, periods)
    )
    sums = forecasts.spread_inputs(total, origins, sums=True).with_own(period.own[sku])
    cumulative = Calibration.fit(
        sums,
        forecasts.counted(forecasts.cumulative_demand(mean), origins),
        ErrorsBySku(sku, 2 * periods / (h + 1)),
    )
    return CalibrationPair(period, replace(cumulative, own=period.own * cumulative.own))


def cross_calibrated_quantiles(forecasts: OriginForecasts, mean: Array) -> DemandQuantiles:
    """Quantiles around `mean` (O, n, h) at all origins, (O, n, h, Q), each window's calibrated on the other windows."""
    total = np.cumsum(mean, axis=2)
    shape = (*mean.shape, len(DEMAND_LEVELS))
    period, cumulative = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    for w in np.unique(forecasts.window):
        here = forecasts.window == w
        calibrations = calibrate_on_origins(forecasts, mean, ~here)
        of_window = (int(here.sum()), *shape[1:])
        quantiles = calibrations.quantiles(
            forecasts.spread_inputs(mean, here),
            forecasts.spread_inputs(total, here, sums=True),
            sku=np.tile(np.arange(mean.shape[1]), int(here.sum())),
        )
        unit = forecasts.unit[here][:, :, None, None]
        period[here] = quantiles.period.reshape(of_window) * unit
        cumulative[here] = quantiles.cumulative.reshape(of_window) * unit
    return DemandQuantiles(period, cumulative)


def blend_own_errors(forecasts: OriginForecasts, mean: Array, quantiles: DemandQuantiles) -> OwnErrorBlend:
    """Learn how far the quantiles (O, n, h, Q) of all origins move toward those of own errors, and move them, in place.

    Losses count in units in which all SKUs are alike: where a few are wild, they must not decide for the smooth ones.
    """
    h, trend = mean.shape[2], forecasts.members.get("trend")
    if trend is None:
        return OwnErrorBlend.nothing(h)
    actual, total = forecasts.uncensored, np.cumsum(trend, axis=2)
    sums = forecasts.cumulative_demand(mean)
    missed = OwnErrors(actual - trend, sums - total)
    factors = OwnErrorFactors.learn(forecasts.own_errors, missed)
    skus = BlendedSkus(forecasts.demand_class.ravel(), forecasts.step.ravel(), forecasts.noise.ravel())
    shares = {}
    for name, values, y, center, errors, factor in (
        ("period", quantiles.period, actual, trend, forecasts.own_errors.period, factors.period),
        ("sum", quantiles.cumulative, sums, total, forecasts.own_errors.sums, factors.sums),
    ):
        stride = max(1, -(-y.size // OWN_ERROR_FORECASTS))
        flat = [x.reshape(-1, *x.shape[2:])[::stride] for x in (values, y, center, errors)]
        own = own_error_quantiles(flat[2], flat[3], factor)
        best = best_blend_shares(flat[0], own, y=flat[1], skus=skus.every(stride), default=DEFAULT_SHARE)
        shares[name] = {kind: share if share >= LEAST_SHARE else 0.0 for kind, share in best.items()}
    result = OwnErrorBlend(shares, factors)
    for o in range(len(actual)):
        errors_here = OwnErrors(forecasts.own_errors.period[o], forecasts.own_errors.sums[o])
        here = DemandQuantiles(quantiles.period[o], quantiles.cumulative[o])
        blend = partial(result.blend, demand_class=forecasts.demand_class[o], step=forecasts.step[o])
        blend(here, trend[o], errors_here)
    return result


def backtest_blend_shares(
    forecasts: OriginForecasts, mean: Array, quantiles: DemandQuantiles
) -> dict[str, dict[str, float]]:
    """Blend shares of the boosted quantiles with the least backtest loss: "period" or "sum" → demand class → share."""
    sums = forecasts.cumulative_demand(mean)
    return {
        "period": _blend_shares(forecasts, quantiles.period, forecasts.uncensored, forecasts.boosted),
        "sum": _blend_shares(forecasts, quantiles.cumulative, sums, forecasts.boosted_sums),
    }


def _blend_shares(
    forecasts: OriginForecasts, quantiles: Array, actual: Array, boosted: Array | Float32Array
) -> dict[str, float]:
    """Best share of boosted beside cross-calibrated quantiles by demand class, over all origins, of periods or sums."""
    everything = np.ones(len(forecasts.periods_seen), bool)
    return best_blend_shares(
        quantiles.reshape(-1, *quantiles.shape[2:]),
        boosted.reshape(-1, *boosted.shape[2:]),
        y=forecasts.rows(actual, everything),
        skus=BlendedSkus(forecasts.demand_class.ravel(), forecasts.step.ravel(), forecasts.scale.ravel()),
    )


def blend_cross_calibrated(
    forecasts: OriginForecasts, quantiles: DemandQuantiles, shares: Mapping[str, Mapping[str, float]]
) -> None:
    """Blend the cross-calibrated quantiles (O, n, h, Q) of all origins with boosted ones by the backtest's shares.

    In place, because they are the largest arrays of a training.
    """
    period, cumulative = quantiles.period, quantiles.cumulative
    for o in range(len(forecasts.periods_seen)):
        blend = partial(blend_by_class, demand_class=forecasts.demand_class[o], step=forecasts.step[o])
        period[o] = blend(period[o], forecasts.boosted[o], shares["period"], sums=False)
        cumulative[o] = blend(cumulative[o], forecasts.boosted_sums[o], shares["sum"], sums=True)
