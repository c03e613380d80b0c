"""Own errors: a normal around a SKU's own trend, as wide as that has missed the SKU's past, beside what all SKUs say.

Where series are long and smooth, that is as good as what is learned from the errors of all, and wrong elsewhere: the
two averaged are better than either. How far is learned as it is of boosted quantiles (`quantile_blend`).
"""

from dataclasses import dataclass
from functools import partial
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from features.demand.demand_class import CLASSES
from features.demand.panel import Array
from models.demand.distributions.calibration import DemandQuantiles
from models.demand.distributions.quantile_blend import blend_by_class
from models.demand.distributions.quantile_boosting import BOOSTED_LEVELS, Float32Array
from models.demand.members.trend import OwnErrors

DEFAULT_SHARE = 0.2
"""How far distributions move toward those of own errors where no backtest says more."""

DEFAULT_FACTOR, LEAST_ERRORS = 1.3, 60.0
"""Factor of a SKU's past errors where none is learned, and how many out-of-sample errors it weighs as much as."""

FACTOR_BOUNDS = (1.0, 3.0)

_MEDIAN_ERROR = float(ndtri(0.75))
"""Median |error| of a standard normal."""


@dataclass(frozen=True)
class OwnErrorFactors:
    """How much further a trend misses the future than its SKU's past, by steps ahead, (h,) each.

    Constants and seasons were fitted to the past, and the further ahead, the more that flatters.
    """

    period: Array
    sums: Array

    @classmethod
    def learn(cls, errors: OwnErrors, missed: OwnErrors) -> Self:
        """From what trends have `missed` out of sample, (…, h), demand less forecast, and what `errors` they expected.

        The median of the ratio, which one SKU that was relaunched does not set.
        """
        return cls(_factors(missed.period, errors.period), _factors(missed.sums, errors.sums))

    @classmethod
    def default(cls, h: int) -> Self:
        """Without a backtest."""
        return cls(*np.full((2, h), DEFAULT_FACTOR))

    def to_json(self) -> dict[str, Any]:
        """The factors as plain lists."""
        return {"period": self.period.tolist(), "sums": self.sums.tolist()}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """Read factors as `to_json` wrote them."""
        return cls(np.array(values["period"]), np.array(values["sums"]))


def _factors(missed: Array, expected: Array) -> Array:
    """Median |missed| / expected by step (h,), in units of a normal's, shrunk to the default."""
    h = missed.shape[-1]
    usable = ~np.isnan(missed) & (np.nan_to_num(expected) > 0)
    ratio = np.where(usable, np.abs(missed) / np.where(usable, expected, 1.0), np.nan).reshape(-1, h)
    count = usable.reshape(-1, h).sum(axis=0)
    known = count > 0
    factors = np.full(h, DEFAULT_FACTOR)
    if known.any():
        factors[known] = np.nanmedian(ratio[:, known], axis=0) / _MEDIAN_ERROR
    shrunk = (count * factors + LEAST_ERRORS * DEFAULT_FACTOR) / (count + LEAST_ERRORS)
    return np.asarray(np.clip(shrunk, *FACTOR_BOUNDS))


@dataclass(frozen=True)
class OwnErrorBlend:
    """How far distributions move toward those of SKUs' own errors: "period" or "sum" → class → share, and factors."""

    shares: dict[str, dict[str, float]]
    factors: OwnErrorFactors

    @classmethod
    def nothing(cls, h: int) -> Self:
        """Not at all, as in models from before own errors were learned."""
        none = dict.fromkeys(CLASSES, 0.0)
        return cls({"period": none, "sum": none}, OwnErrorFactors.default(h))

    def to_json(self) -> dict[str, Any]:
        """The blend as plain lists and numbers."""
        return {"shares": self.shares, "factors": self.factors.to_json()}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """Read the blend as `to_json` wrote it."""
        return cls(values["shares"], OwnErrorFactors.from_json(values["factors"]))

    def blend(
        self,
        quantiles: DemandQuantiles,
        trend: Array,
        errors: OwnErrors,
        *,
        demand_class: NDArray[np.object_],
        step: Array,
    ) -> None:
        """Move quantiles (n, h, Q) toward those of own errors around `trend` (n, h), in place.

        `demand_class` and `step` (n,) of the SKUs, as in `blend_by_class`.
        """
        blend = partial(blend_by_class, demand_class=demand_class, step=step)
        if any(self.shares["period"].values()):
            own = own_error_quantiles(trend, errors.period, self.factors.period)
            quantiles.period[:] = blend(quantiles.period, own, self.shares["period"], sums=False)
        if any(self.shares["sum"].values()):
            own = own_error_quantiles(np.cumsum(trend, axis=1), errors.sums, self.factors.sums)
            quantiles.cumulative[:] = blend(quantiles.cumulative, own, self.shares["sum"], sums=True)


def own_error_quantiles(center: Array, errors: Array, factors: Array) -> Float32Array:
    """Quantiles (…, h, A) at `BOOSTED_LEVELS` of a normal around trends `center` (…, h); NaN where there are none.

    Parameters
    ----------
    errors : array (…, h), root mean squared errors of the past
    factors : array (h,) or longer, how much further the future is missed
    """
    wide = (errors * factors[: errors.shape[-1]])[..., None] * ndtri(BOOSTED_LEVELS)
    return np.asarray(np.maximum(center[..., None] + wide, 0.0), np.float32)
